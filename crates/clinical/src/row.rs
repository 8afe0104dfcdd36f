//! One row: each cell by the rule of its column.

use cordon_protocol::Code;

use crate::clean::{Accepted, Doubt, Subject, TableCleaner, padded};
use crate::dates::{self, Unread};
use crate::findings::Findings;
use crate::mapping::{Action, Identity};
use crate::needles::{Needle, Needles};
use crate::plan::Plan;
use crate::table::Row;
use crate::text::{CleanedText, Person};
use crate::{contact, values};

/// Cleans the rows of one table and gathers what was noticed.
pub(crate) struct RowCleaner<'a> {
    pub(crate) cleaner: &'a TableCleaner<'a>,
    pub(crate) plans: &'a [Plan<'a>],
    pub(crate) needles: &'a Needles,
    pub(crate) accepted: &'a Accepted,
    pub(crate) findings: &'a mut Findings,
    pub(crate) doubts: Vec<Doubt>,
    pub(crate) accepted_cells: u64,
}

impl RowCleaner<'_> {
    /// The cells of the row that leave.
    pub(crate) fn row(&mut self, row: &Row) -> Vec<String> {
        let subject = self.subject(row);
        let mut texts = self.texts(row, &subject).into_iter();
        let mut out = Vec::with_capacity(self.plans.len());
        for plan in self.plans {
            if !plan.leaves() {
                continue;
            }
            let cell = cell(row, plan);
            let text = if *plan.action == Action::FreeText {
                texts.next()
            } else {
                None
            };
            let made = if cell.is_empty() {
                String::new()
            } else {
                self.cell(plan, cell, row.number, &subject, text)
            };
            let derived = matches!(plan.action, Action::Identifier { .. } | Action::Uid);
            if !derived && values::runs(&made) {
                self.findings
                    .cell(Code::TableGuard, plan.column, row.number);
                out.push(format!("'{made}"));
            } else {
                out.push(made);
            }
        }
        out
    }

    /// Who the row is about, and everything in it that tells so.
    fn subject<'r>(&mut self, row: &'r Row) -> Subject<'r> {
        let mut subject = Subject {
            identity: None,
            shift: None,
            dates: Vec::new(),
            tells: Vec::new(),
        };
        let mut asked = false;
        for plan in self.plans {
            let cell = cell(row, plan);
            if let Action::Identifier { digits } = plan.action {
                asked = true;
                if values::is_rounded(cell) {
                    self.findings
                        .cell(Code::TableRounded, plan.column, row.number);
                } else if !cell.is_empty() {
                    let whole = digits.map_or_else(|| cell.to_owned(), |n| padded(cell, n));
                    subject.shift = Some(self.cleaner.key.shift_days(&whole));
                    subject.identity = Some(whole);
                }
            }
            if cell.is_empty() {
                continue;
            }
            if let Some(identity) = plan.tells() {
                subject.tells.push((identity, cell));
            }
            if plan.identity == Some(Identity::Birth) || matches!(plan.action, Action::Date { .. })
            {
                match dates::read(cell, &plan.spelling) {
                    Ok(written) => subject.dates.push(written.date),
                    Err(_) => subject.dates.extend(dates::dates_in(cell)),
                }
            }
        }
        if asked && subject.identity.is_none() {
            self.findings.row(Code::TableNoSubject, row.number);
        }
        subject
    }

    /// The row's free texts, cleaned, one for each column of text; empty without a cleaner.
    fn texts(&self, row: &Row, subject: &Subject<'_>) -> Vec<CleanedText> {
        let texts: Vec<&str> = self
            .plans
            .iter()
            .filter(|p| *p.action == Action::FreeText)
            .map(|p| cell(row, p))
            .collect();
        let Some(words) = self.cleaner.words.filter(|_| !texts.is_empty()) else {
            return Vec::new();
        };
        let person = Person {
            identities: &subject.tells,
            shift_days: subject.shift,
        };
        let cleaned = words.clean(&texts, &person);
        // An answer for another number of texts belongs to nobody can say which.
        if cleaned.len() == texts.len() {
            cleaned
        } else {
            Vec::new()
        }
    }

    fn cell(
        &mut self,
        plan: &Plan<'_>,
        cell: &str,
        row: u64,
        subject: &Subject<'_>,
        text: Option<CleanedText>,
    ) -> String {
        let column = plan.column;
        match plan.action {
            Action::Drop => String::new(),
            Action::Identifier { .. } => match &subject.identity {
                Some(id) => {
                    let form = self.cleaner.protocol.deid.pseudonym_form;
                    let key = self.cleaner.key;
                    key.pseudonym_as(self.cleaner.prefix(), form, id)
                }
                None => String::new(),
            },
            Action::Uid if values::is_uid(cell) => self.cleaner.key.uid(cell),
            Action::Uid => self.unread(Code::TableUnread, column, row),
            Action::Date { .. } => self.date(plan, cell, row, subject),
            Action::Year { step, earliest } => match dates::year_of(cell, &plan.spelling) {
                Some(year) => {
                    let year = year.max(earliest.unwrap_or(0));
                    (u32::from(year) / step.max(&1) * step.max(&1)).to_string()
                }
                None => self.unread(Code::TableUnread, column, row),
            },
            Action::Age { band } => match values::age(cell, *band) {
                Some(aged) => {
                    if aged.capped {
                        self.findings.cell(Code::TableCapped, column, row);
                    }
                    aged.text
                }
                None => self.unread(Code::TableUnread, column, row),
            },
            Action::Band { width } => match values::band(cell, *width) {
                Some(band) => band,
                None => self.unread(Code::TableUnread, column, row),
            },
            Action::Category { .. } if !plan.allows(cell) => {
                self.unread(Code::TableNotListed, column, row)
            }
            Action::Category { .. } => {
                // Somebody put the value on the list: a word of it is no chance find.
                if self.needles.find(cell) == Some(Needle::Value) {
                    self.unread(Code::TableFound, column, row)
                } else {
                    cell.to_owned()
                }
            }
            Action::Keep => self.search(plan, cell.to_owned(), row, subject),
            Action::FreeText => match text {
                None => self.unread(Code::TableFreeText, column, row),
                Some(cleaned) => self.text(plan, cleaned, row, subject),
            },
        }
    }

    fn unread(&mut self, code: Code, column: usize, row: u64) -> String {
        self.findings.cell(code, column, row);
        String::new()
    }

    fn date(&mut self, plan: &Plan<'_>, cell: &str, row: u64, subject: &Subject<'_>) -> String {
        let Some(shift) = subject.shift else {
            // The row's finding says why.
            return String::new();
        };
        let written = match dates::read(cell, &plan.spelling) {
            Ok(written) => written,
            Err(Unread::Ambiguous) => {
                return self.unread(Code::TableDateAmbiguous, plan.column, row);
            }
            Err(Unread::NoDate) => return self.unread(Code::TableDateUnread, plan.column, row),
        };
        match written.date.moved(shift) {
            Some(moved) => written.respell(moved, &plan.spelling),
            None => self.unread(Code::TableDateUnread, plan.column, row),
        }
    }

    fn text(
        &mut self,
        plan: &Plan<'_>,
        cleaned: CleanedText,
        row: u64,
        subject: &Subject<'_>,
    ) -> String {
        let text = if cleaned.doubts.is_empty() {
            cleaned.text
        } else if self.is_accepted(plan, row) {
            self.accepted_cells += 1;
            cleaned.text
        } else {
            self.findings.cell(Code::TableDoubt, plan.column, row);
            self.doubt(plan, row, Code::TableDoubt, cleaned.doubts);
            cleaned.strict
        };
        self.search(plan, text, row, subject)
    }

    /// Lets a cell through in which nothing of anybody was found.
    fn search(&mut self, plan: &Plan<'_>, cell: String, row: u64, subject: &Subject<'_>) -> String {
        let is_text = *plan.action == Action::FreeText;
        let needle = self.needles.find(&cell);
        let dates = dates::dates_in(&cell);
        let own = dates.iter().any(|d| subject.dates.contains(d));
        // In a text whose dates were moved, one may meet another by chance.
        if needle == Some(Needle::Value) || (own && !is_text) {
            return self.unread(Code::TableFound, plan.column, row);
        }
        let code = if needle == Some(Needle::Word) || own {
            Code::TableFound
        } else if !dates.is_empty() && !is_text {
            Code::TableDateKept
        } else if contact::is_contact(&cell) {
            Code::TableContact
        } else {
            return cell;
        };
        if self.is_accepted(plan, row) {
            self.accepted_cells += 1;
            return cell;
        }
        self.findings.cell(code, plan.column, row);
        self.doubt(plan, row, code, vec![cell]);
        String::new()
    }

    fn is_accepted(&self, plan: &Plan<'_>, row: u64) -> bool {
        u32::try_from(plan.column + 1).is_ok_and(|c| self.accepted.contains(&(row, c)))
    }

    fn doubt(&mut self, plan: &Plan<'_>, row: u64, code: Code, words: Vec<String>) {
        if let Ok(column) = u32::try_from(plan.column + 1) {
            self.doubts.push(Doubt {
                row,
                column,
                code,
                words,
            });
        }
    }
}

fn cell<'r>(row: &'r Row, plan: &Plan<'_>) -> &'r str {
    row.cells.get(plan.column).map_or("", |c| c.trim())
}
