//! The check of the finished bytes: read again, and nothing believed of what was meant.

use std::collections::BTreeSet;

use cordon_protocol::Code;

use crate::clean::TableCleaner;
use crate::csv;
use crate::mapping::Action;
use crate::needles::{Needle, Needles};
use crate::plan::Plan;
use crate::values;

/// Writes the table.
pub(crate) fn write(names: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    csv::write(std::iter::once(names).chain(rows.iter().map(Vec::as_slice)))
}

/// What the bytes have to be.
pub(crate) struct Expected<'a> {
    pub(crate) cleaner: &'a TableCleaner<'a>,
    pub(crate) plans: &'a [&'a Plan<'a>],
    pub(crate) needles: &'a Needles,
    pub(crate) names: &'a [String],
    pub(crate) rows: usize,
}

impl Expected<'_> {
    /// What is wrong with the bytes, and in which column of the input.
    pub(crate) fn look(&self, bytes: &[u8]) -> BTreeSet<(Code, Option<usize>)> {
        let mut wrong = BTreeSet::new();
        let Ok(text) = std::str::from_utf8(bytes) else {
            wrong.insert((Code::ResidueParse, None));
            return wrong;
        };
        let mut reader = csv::Reader::new(text, ',');
        let mut rows = 0;
        let mut header = true;
        loop {
            let cells = match reader.next_row() {
                Ok(Some((cells, false))) => cells,
                Ok(None) => break,
                Ok(Some(_)) | Err(_) => {
                    wrong.insert((Code::ResidueParse, None));
                    return wrong;
                }
            };
            // A table without columns is written as empty lines.
            if self.names.is_empty() && cells.iter().all(String::is_empty) {
                rows += usize::from(!header);
                header = false;
                continue;
            }
            if cells.len() != self.names.len() {
                wrong.insert((Code::ResidueParse, None));
            }
            if std::mem::take(&mut header) {
                if cells != self.names {
                    wrong.insert((Code::ResidueParse, None));
                }
                for (plan, name) in self.plans.iter().zip(&cells) {
                    if self.needles.find(name).is_some() || values::runs(name) {
                        wrong.insert((Code::ResidueIdentifier, Some(plan.column)));
                    }
                }
                continue;
            }
            rows += 1;
            for (plan, cell) in self.plans.iter().zip(&cells) {
                if !self.is_right(plan, cell) {
                    wrong.insert((Code::ResidueIdentifier, Some(plan.column)));
                }
            }
        }
        if rows != self.rows {
            wrong.insert((Code::ResidueParse, None));
        }
        wrong
    }

    fn is_right(&self, plan: &Plan<'_>, cell: &str) -> bool {
        let key = self.cleaner.key;
        match plan.action {
            _ if cell.is_empty() => true,
            Action::Drop => false,
            Action::Identifier { .. } => key.made_pseudonym(self.cleaner.prefix(), cell),
            Action::Uid => key.made_uid(cell),
            _ if values::runs(cell) => false,
            _ => !plan.is_searched() || self.needles.find(cell) != Some(Needle::Value),
        }
    }
}
