//! What was noticed about a table: codes with column and row numbers, never a value.

use std::collections::BTreeMap;

use cordon_protocol::{Code, Finding, Severity, Verdict};
use serde::{Deserialize, Serialize};

/// One thing that a check noticed, at one column or in the table as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFinding {
    /// What.
    pub code: Code,
    /// The column in the input, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// How many cells, rows or other things it was noticed at.
    pub count: u64,
    /// The first rows at which it was noticed, counted as in the input from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<u64>,
}

/// Most rows that one finding lists.
const LISTED: usize = 100;

impl TableFinding {
    /// How much it weighs.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// A readable sentence with column, count and first rows, without any value of the table.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = String::new();
        if let Some(column) = self.column {
            text.push_str(&format!("column {column}: "));
        }
        text.push_str(self.code.sentence());
        match self.rows.as_slice() {
            [] if self.count > 1 => text.push_str(&format!(" ({} times)", self.count)),
            [] => {}
            [first] if self.count == 1 => text.push_str(&format!(" (row {first})")),
            [first, ..] => text.push_str(&format!(" ({} times, first in row {first})", self.count)),
        }
        text
    }
}

/// Gathers findings: one for each code and column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings(BTreeMap<(Code, Option<u32>), (u64, Vec<u64>)>);

impl Findings {
    /// Something about the whole table.
    pub(crate) fn table(&mut self, code: Code) {
        self.many(code, 1);
    }
    /// Something that was noticed `count` times.
    pub(crate) fn many(&mut self, code: Code, count: u64) {
        if count > 0 {
            self.0.entry((code, None)).or_default().0 += count;
        }
    }
    /// Something about a column, counted from 0.
    pub(crate) fn column(&mut self, code: Code, column: usize) {
        self.0.entry((code, nth(column))).or_default().0 += 1;
    }
    /// Something about a row.
    pub(crate) fn row(&mut self, code: Code, row: u64) {
        self.add(code, None, row);
    }
    /// Something about a cell; the column is counted from 0.
    pub(crate) fn cell(&mut self, code: Code, column: usize, row: u64) {
        self.add(code, nth(column), row);
    }
    fn add(&mut self, code: Code, column: Option<u32>, row: u64) {
        let (count, rows) = self.0.entry((code, column)).or_default();
        *count += 1;
        if rows.len() < LISTED && rows.last() != Some(&row) {
            rows.push(row);
        }
    }
    /// What an earlier step noticed.
    pub(crate) fn extend(&mut self, others: &[TableFinding]) {
        for other in others {
            let (count, rows) = self.0.entry((other.code, other.column)).or_default();
            *count += other.count;
            rows.extend(other.rows.iter().copied());
            rows.truncate(LISTED);
        }
    }
    /// The findings, in a fixed order.
    pub(crate) fn list(&self) -> Vec<TableFinding> {
        self.0
            .iter()
            .map(|((code, column), (count, rows))| TableFinding {
                code: *code,
                column: *column,
                count: *count,
                rows: rows.clone(),
            })
            .collect()
    }
}

fn nth(column: usize) -> Option<u32> {
    u32::try_from(column + 1).ok()
}

/// The verdict that findings lead to, as for images.
pub(crate) fn verdict(findings: &[TableFinding]) -> Verdict {
    let plain: Vec<Finding> = findings.iter().map(|f| Finding::new(f.code)).collect();
    Verdict::of(&plain)
}
