//! Cleaning a table: one row at a time, one rule for each column, and then the check of
//! the finished bytes as a stranger would read them.

use std::collections::BTreeSet;

use cordon_deid::SiteKey;
use cordon_protocol::{Code, Protocol, Verdict};

use crate::dates::Date;
use crate::findings::{Findings, TableFinding, verdict};
use crate::mapping::{Action, Identity, Mapping, MappingError, RareRows};
use crate::needles::Needles;
use crate::plan::{self, Plan};
use crate::risk::{Class, Crowd, RiskReport};
use crate::row::RowCleaner;
use crate::sealed::{CheckedTable, TableRecord};
use crate::table::Table;
use crate::text::CleanText;
use crate::verify;

/// Cells whose doubts a person has looked at and accepted: row and column as in the input,
/// counted from 1.
pub type Accepted = BTreeSet<(u64, u32)>;

/// Cleans tables by one mapping, under one protocol and key.
pub struct TableCleaner<'a> {
    pub(crate) protocol: &'a Protocol,
    pub(crate) key: &'a SiteKey,
    pub(crate) mapping: &'a Mapping,
    pub(crate) words: Option<&'a dyn CleanText>,
}

impl std::fmt::Debug for TableCleaner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableCleaner")
            .field("protocol", &self.protocol.id)
            .finish_non_exhaustive()
    }
}

/// A cell that a person may look at: what was taken out of it could be chance.
#[derive(Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The row in the input, counted from 1.
    pub row: u64,
    /// The column in the input, counted from 1.
    pub column: u32,
    /// Why.
    pub code: Code,
    /// The words, or the whole cell: for the screen and nowhere else.
    pub words: Vec<String>,
}

impl std::fmt::Debug for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Doubt({}, {}, {})", self.row, self.column, self.code)
    }
}

/// A cleaned table with everything that a screen shows about it.
#[derive(Debug)]
pub struct CleanedTable {
    /// The verdict.
    pub verdict: Verdict,
    /// What was noticed, while reading and cleaning.
    pub findings: Vec<TableFinding>,
    /// The risk of re-identification, where the mapping asks for one.
    pub risk: Option<RiskReport>,
    /// Classes smaller than the mapping's k, with their values: for the screen.
    pub rare: Vec<Class>,
    /// Cells that a person may accept; cleaning again with them accepted lets them through.
    pub doubts: Vec<Doubt>,
    /// The rows of the input that stand in the output, in its order.
    pub rows: Vec<u64>,
    /// The columns of the input that stand in the output, counted from 1.
    pub columns: Vec<u32>,
    /// The table itself; none exactly when refused.
    pub output: Option<CheckedTable>,
}

impl<'a> TableCleaner<'a> {
    /// A cleaner for this protocol, key and mapping.
    ///
    /// # Errors
    /// When the mapping contradicts itself.
    pub fn new(
        protocol: &'a Protocol,
        key: &'a SiteKey,
        mapping: &'a Mapping,
    ) -> Result<Self, MappingError> {
        mapping.check()?;
        Ok(Self {
            protocol,
            key,
            mapping,
            words: None,
        })
    }

    /// The same cleaner with something that cleans free text; without it, free text stays behind.
    #[must_use]
    pub fn with_text(self, words: &'a dyn CleanText) -> Self {
        Self {
            words: Some(words),
            ..self
        }
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.protocol.deid.pseudonym_prefix
    }

    /// Cleans a table. Never fails: what cannot be cleaned is `Refused`, with the reason.
    #[must_use]
    pub fn clean(&self, table: &Table, accepted: &Accepted) -> CleanedTable {
        let mut findings = Findings::default();
        findings.extend(&table.notes);
        let plans = plan::plans(table, self.mapping, &mut findings);
        let needles = self.needles(table, &plans);
        findings.many(Code::TableShortId, needles.too_short);
        let names = plan::names(table, &plans, &needles, &mut findings);

        let mut worker = RowCleaner {
            cleaner: self,
            plans: &plans,
            needles: &needles,
            accepted,
            findings: &mut findings,
            doubts: Vec::new(),
            accepted_cells: 0,
        };
        let mut rows: Vec<Vec<String>> = table.rows.iter().map(|row| worker.row(row)).collect();
        let mut numbers: Vec<u64> = table.rows.iter().map(|row| row.number).collect();
        let accepted_cells = worker.accepted_cells;
        let doubts = std::mem::take(&mut worker.doubts);

        let leaving: Vec<&Plan<'_>> = plans.iter().filter(|p| p.leaves()).collect();
        let place = |is: &dyn Fn(&Plan<'_>) -> bool| leaving.iter().position(|p| is(p));
        let subject = place(&|p| matches!(p.action, Action::Identifier { .. }));
        let quasi: Vec<usize> = leaving
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_quasi())
            .map(|(i, _)| i)
            .collect();
        let sensitive = place(&|p| p.is_sensitive());
        let (mut risk, mut rare) = (None, Vec::new());
        if let Some(rule) = self.mapping.risk {
            if rule.rare_rows == RareRows::LeaveOut {
                let crowd = Crowd {
                    rows: &rows,
                    numbers: &numbers,
                    subject,
                    quasi: quasi.clone(),
                    sensitive,
                };
                let out = crowd.rare(rule.k);
                let mut index = 0;
                let mut stays = |_: &Vec<String>| {
                    index += 1;
                    !out.contains(&(index - 1))
                };
                rows.retain(&mut stays);
                for row in &out {
                    let number = numbers.get(*row).copied().unwrap_or_default();
                    findings.row(Code::TableLeftOut, number);
                }
                let mut index = 0;
                numbers.retain(|_| {
                    index += 1;
                    !out.contains(&(index - 1))
                });
            }
            let crowd = Crowd {
                rows: &rows,
                numbers: &numbers,
                subject,
                quasi,
                sensitive,
            };
            let report = crowd.assess(rule);
            rare = crowd.classes_below(rule.k);
            for row in &report.rows_below {
                findings.row(Code::TableSmallClass, *row);
            }
            for row in report.diversity.iter().flat_map(|d| &d.rows_below) {
                findings.row(Code::TableDiversity, *row);
            }
            risk = Some(report);
        } else {
            findings.table(Code::TableNoQuasi);
        }

        let bytes = verify::write(&names, &rows);
        let expected = verify::Expected {
            cleaner: self,
            plans: &leaving,
            needles: &needles,
            names: &names,
            rows: rows.len(),
        };
        for (code, column) in expected.look(&bytes) {
            match column {
                Some(column) => findings.column(code, column),
                None => findings.table(code),
            }
        }
        let findings = findings.list();
        let verdict = verdict(&findings);
        let record = TableRecord {
            bytes: 0,
            sha256: String::new(),
            rows: rows.len() as u64,
            columns: u32::try_from(names.len()).unwrap_or(u32::MAX),
            people: people(&rows, subject),
            verdict,
            findings: findings.clone(),
            risk: risk.clone(),
            accepted_cells,
            protocol_sha256: self.protocol.digest(),
            mapping_sha256: self.mapping.digest(),
            mac: String::new(),
        };
        CleanedTable {
            verdict,
            findings,
            risk,
            rare,
            doubts,
            rows: numbers,
            columns: leaving
                .iter()
                .filter_map(|p| u32::try_from(p.column + 1).ok())
                .collect(),
            output: (verdict != Verdict::Refused)
                .then(|| CheckedTable::new(bytes, record, self.key)),
        }
    }

    /// Everything in the table that tells who somebody is.
    fn needles(&self, table: &Table, plans: &[Plan<'_>]) -> Needles {
        let mut needles = Needles::default();
        for plan in plans {
            let Some(identity) = plan.tells() else {
                continue;
            };
            for cell in table.cells(plan.column) {
                let own = match plan.action {
                    // What this key made is nobody's identifier.
                    Action::Identifier { .. } => self.key.made_pseudonym(self.prefix(), cell),
                    Action::Uid => self.key.made_uid(cell),
                    _ => false,
                };
                if own {
                    continue;
                }
                needles.add(cell, identity);
                if let Action::Identifier { digits: Some(n) } = plan.action {
                    needles.add(&padded(cell, *n), identity);
                }
            }
        }
        needles
    }
}

/// How many people the rows are about.
fn people(rows: &[Vec<String>], subject: Option<usize>) -> u64 {
    let names = || {
        rows.iter()
            .filter_map(|r| r.get(subject?))
            .filter(|c| !c.is_empty())
    };
    let unnamed = rows.len() - names().count();
    (names().collect::<BTreeSet<_>>().len() + unnamed) as u64
}

/// An identifier with the zeros that a spreadsheet took from its front.
pub(crate) fn padded(cell: &str, digits: u8) -> String {
    let cell = cell.trim();
    if !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit()) {
        format!("{cell:0>width$}", width = usize::from(digits))
    } else {
        cell.to_owned()
    }
}

/// What is known about the person of one row.
pub(crate) struct Subject<'r> {
    pub(crate) identity: Option<String>,
    pub(crate) shift: Option<i64>,
    pub(crate) dates: Vec<Date>,
    pub(crate) tells: Vec<(Identity, &'r str)>,
}
