//! How well people hide in the crowd: k-anonymity and l-diversity.
//!
//! People who share a combination of quasi-identifiers form a class. The smallest class
//! is k; how many different sensitive values a class has is l. People are counted, not
//! rows: five visits of one person are no crowd.
//!
//! The report holds counts and row numbers. Values stay in [`Class`], which is made for
//! the screen on request and is not serialisable.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::fold::number;
use crate::mapping::RiskRule;

/// The risk of re-identification of a table. No values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskReport {
    /// What was asked for.
    pub k: u32,
    /// What was asked for.
    pub l: u32,
    /// The columns of the output that were looked at together, counted from 1.
    pub quasi: Vec<u32>,
    /// People in the table.
    pub people: u64,
    /// Classes.
    pub classes: u64,
    /// People in the smallest class: the k that the table has. 0 for an empty table.
    pub smallest: u64,
    /// How many classes there are of each size.
    pub sizes: BTreeMap<u64, u64>,
    /// Rows in classes smaller than `k`, by their number in the input.
    pub rows_below: Vec<u64>,
    /// Rows of people who are alone in their class.
    pub unique_rows: Vec<u64>,
    /// Diversity of the sensitive column, where one was marked.
    pub diversity: Option<Diversity>,
    /// What would make the crowd larger, the most helpful first.
    pub suggestions: Vec<Suggestion>,
}

/// l-diversity: what the members of a class have in common beyond their class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diversity {
    /// The sensitive column of the output, counted from 1.
    pub column: u32,
    /// The fewest different values in a class.
    pub distinct: u64,
    /// The smallest entropy l in thousandths: the exponential of the entropy of a class's values.
    pub entropy_thousandths: u64,
    /// Classes with fewer different values than `l`.
    pub classes_below: u64,
    /// Their rows.
    pub rows_below: Vec<u64>,
}

/// One change and how many rows below `k` it would leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suggestion {
    /// Rows in small classes after the change.
    pub rows_below: u64,
    /// How much the change costs, for the order among equals.
    pub change: Change,
    /// The column of the output, counted from 1.
    pub column: u32,
}

/// A change of one column. Ordered by what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Numbers or years in bands of five.
    BandsOfFive,
    /// Numbers or years in bands of ten.
    BandsOfTen,
    /// Dates as years.
    YearOnly,
    /// Values that fewer than k people have leave the allow-list.
    DropRareValues,
    /// The column stays behind.
    DropColumn,
}

impl Suggestion {
    /// The suggestion in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what = match self.change {
            Change::BandsOfFive => "write the values in bands of 5",
            Change::BandsOfTen => "write the values in bands of 10",
            Change::YearOnly => "let only the year leave",
            Change::DropRareValues => "take rare values off the allow-list",
            Change::DropColumn => "drop the column",
        };
        format!(
            "column {}: {what}; {} rows would then be in too small a class",
            self.column, self.rows_below
        )
    }
}

/// What is looked at.
pub(crate) struct Crowd<'t> {
    /// The rows that leave.
    pub(crate) rows: &'t [Vec<String>],
    /// Their numbers in the input.
    pub(crate) numbers: &'t [u64],
    /// The column with the pseudonym.
    pub(crate) subject: Option<usize>,
    /// The quasi-identifiers.
    pub(crate) quasi: Vec<usize>,
    /// The sensitive column.
    pub(crate) sensitive: Option<usize>,
}

/// A class with its values, for the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Class {
    /// The values of the quasi-identifiers.
    pub values: Vec<String>,
    /// How many people.
    pub people: u64,
    /// Their rows in the input.
    pub rows: Vec<u64>,
}

impl std::fmt::Debug for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Class")
            .field("people", &self.people)
            .finish_non_exhaustive()
    }
}

type Members = HashMap<Vec<String>, Vec<usize>>;

impl Crowd<'_> {
    fn cell(&self, row: usize, column: usize) -> &str {
        self.rows
            .get(row)
            .and_then(|r| r.get(column))
            .map_or("", String::as_str)
    }

    fn number(&self, row: usize) -> u64 {
        self.numbers.get(row).copied().unwrap_or_default()
    }

    /// Groups the rows; `change` may coarsen a column or leave it out.
    fn group(&self, change: &dyn Fn(usize, &str) -> Option<String>) -> Members {
        let mut members = Members::new();
        for row in 0..self.rows.len() {
            let key = self
                .quasi
                .iter()
                .filter_map(|c| change(*c, self.cell(row, *c)))
                .collect();
            members.entry(key).or_default().push(row);
        }
        members
    }

    /// How many people these rows are about. A row without a pseudonym is a person of its own.
    fn people(&self, rows: &[usize]) -> u64 {
        let mut named = BTreeSet::new();
        let mut unnamed = 0;
        for row in rows {
            match self.subject.map(|c| self.cell(*row, c)) {
                Some(name) if !name.is_empty() => {
                    named.insert(name);
                }
                _ => unnamed += 1,
            }
        }
        named.len() as u64 + unnamed
    }

    fn below(&self, members: &Members, k: u64) -> u64 {
        members
            .values()
            .filter(|rows| self.people(rows) < k)
            .map(|rows| rows.len() as u64)
            .sum()
    }

    /// Which rows stand in classes smaller than `k`, counted from 0.
    pub(crate) fn rare(&self, k: u32) -> BTreeSet<usize> {
        self.group(&same)
            .into_values()
            .filter(|rows| self.people(rows) < u64::from(k))
            .flatten()
            .collect()
    }

    /// Measures the risk.
    pub(crate) fn assess(&self, rule: RiskRule) -> RiskReport {
        let members = self.group(&same);
        let k = u64::from(rule.k);
        let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
        let (mut rows_below, mut unique_rows) = (Vec::new(), Vec::new());
        for rows in members.values() {
            let people = self.people(rows);
            *sizes.entry(people).or_default() += 1;
            let numbers = || rows.iter().map(|r| self.number(*r));
            if people < k {
                rows_below.extend(numbers());
            }
            if people == 1 {
                unique_rows.extend(numbers());
            }
        }
        rows_below.sort_unstable();
        unique_rows.sort_unstable();
        let all: Vec<usize> = (0..self.rows.len()).collect();
        RiskReport {
            k: rule.k,
            l: rule.l,
            quasi: self.quasi.iter().map(|c| nth(*c)).collect(),
            people: self.people(&all),
            classes: members.len() as u64,
            smallest: sizes.keys().next().copied().unwrap_or_default(),
            sizes,
            suggestions: if rows_below.is_empty() {
                Vec::new()
            } else {
                self.suggest(k, rows_below.len() as u64)
            },
            rows_below,
            unique_rows,
            diversity: self
                .sensitive
                .map(|column| self.diversity(&members, column, rule.l)),
        }
    }

    fn diversity(&self, members: &Members, column: usize, l: u32) -> Diversity {
        let mut out = Diversity {
            column: nth(column),
            distinct: u64::MAX,
            entropy_thousandths: u64::MAX,
            classes_below: 0,
            rows_below: Vec::new(),
        };
        for rows in members.values() {
            // A person counts once for each value.
            let mut values: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
            for row in rows {
                let person = match self.subject.map(|c| self.cell(*row, c)) {
                    Some(name) if !name.is_empty() => name.to_owned(),
                    _ => format!("\0{row}"),
                };
                values
                    .entry(self.cell(*row, column))
                    .or_default()
                    .insert(person);
            }
            let counts: Vec<usize> = values.values().map(BTreeSet::len).collect();
            let distinct = counts.len() as u64;
            out.distinct = out.distinct.min(distinct);
            out.entropy_thousandths = out.entropy_thousandths.min(entropy_l(&counts));
            if distinct < u64::from(l) {
                out.classes_below += 1;
                out.rows_below.extend(rows.iter().map(|r| self.number(*r)));
            }
        }
        if members.is_empty() {
            (out.distinct, out.entropy_thousandths) = (0, 0);
        }
        out.rows_below.sort_unstable();
        out
    }

    /// What one change of one column would do.
    fn suggest(&self, k: u64, now: u64) -> Vec<Suggestion> {
        let mut out = Vec::new();
        for column in &self.quasi {
            let column = *column;
            let filled = || {
                (0..self.rows.len())
                    .map(move |r| self.cell(r, column))
                    .filter(|c| !c.is_empty())
            };
            let mut tried: Vec<(Change, Members)> = Vec::new();
            if filled().all(|c| number(c).is_some()) {
                for (change, width) in [(Change::BandsOfFive, 5.0), (Change::BandsOfTen, 10.0)] {
                    let members = self.group(&|c, cell| {
                        Some(match number(cell).filter(|_| c == column) {
                            Some(n) => format!("{:.0}", (n / width).floor()),
                            None => cell.to_owned(),
                        })
                    });
                    tried.push((change, members));
                }
            } else if filled().all(|c| !crate::dates::dates_in(c).is_empty()) {
                let members = self.group(&|c, cell| {
                    let dates = crate::dates::dates_in(cell);
                    Some(match dates.first().filter(|_| c == column) {
                        Some(date) => date.year.to_string(),
                        None => cell.to_owned(),
                    })
                });
                tried.push((Change::YearOnly, members));
            } else {
                let mut have: HashMap<&str, Vec<usize>> = HashMap::new();
                for row in 0..self.rows.len() {
                    have.entry(self.cell(row, column)).or_default().push(row);
                }
                // Counted once for each value, not once for each row that has it.
                let common: BTreeSet<&str> = have
                    .iter()
                    .filter(|(_, rows)| self.people(rows) >= k)
                    .map(|(value, _)| *value)
                    .collect();
                let members = self.group(&|c, cell| {
                    let rare = c == column && !common.contains(cell);
                    Some(if rare { String::new() } else { cell.to_owned() })
                });
                tried.push((Change::DropRareValues, members));
            }
            let without = self.group(&|c, cell| (c != column).then(|| cell.to_owned()));
            tried.push((Change::DropColumn, without));
            for (change, members) in tried {
                let rows_below = self.below(&members, k);
                if rows_below < now {
                    out.push(Suggestion {
                        rows_below,
                        change,
                        column: nth(column),
                    });
                }
            }
        }
        out.sort_unstable();
        out
    }

    /// The classes smaller than `k` with their values, the smallest first.
    pub(crate) fn classes_below(&self, k: u32) -> Vec<Class> {
        let mut out: Vec<Class> = self
            .group(&same)
            .into_iter()
            .map(|(values, rows)| Class {
                values,
                people: self.people(&rows),
                rows: rows.iter().map(|r| self.number(*r)).collect(),
            })
            .filter(|class| class.people < u64::from(k))
            .collect();
        out.sort_by(|a, b| (a.people, &a.rows).cmp(&(b.people, &b.rows)));
        out
    }
}

#[allow(clippy::unnecessary_wraps)] // the form that `group` asks for
fn same(_: usize, cell: &str) -> Option<String> {
    Some(cell.to_owned())
}

fn nth(column: usize) -> u32 {
    u32::try_from(column + 1).unwrap_or(u32::MAX)
}

/// The exponential of the entropy of a distribution, in thousandths.
fn entropy_l(counts: &[usize]) -> u64 {
    #[allow(clippy::cast_precision_loss)]
    let counts: Vec<f64> = counts.iter().map(|n| *n as f64).collect();
    let all: f64 = counts.iter().sum();
    let entropy: f64 = counts.iter().map(|n| -(n / all) * (n / all).ln()).sum();
    let thousandths = (entropy.exp() * 1000.0).round();
    // At least 1000 and at most a thousand times the number of rows.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = thousandths.max(0.0) as u64;
    whole
}

#[cfg(test)]
#[path = "risk_tests.rs"]
mod tests;
