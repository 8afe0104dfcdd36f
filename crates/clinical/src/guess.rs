//! A first mapping, guessed from names and cells: when in doubt, the column stays behind.

use std::collections::HashMap;

use crate::dates::{self, Spelling};
use crate::fold::{fold, number};
use crate::headers::{Meaning, meaning};
use crate::mapping::{Action, ColumnRule, Identity, Mapping};
use crate::table::{Table, looks_like_data};

/// A guessed mapping with a reason for each of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The mapping, to be looked over by a person.
    pub mapping: Mapping,
    /// Why each column is treated as it is, in the order of the mapping.
    pub reasons: Vec<Reason>,
}

/// Why a column is treated as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its name says that it tells who somebody is.
    IdentityByName,
    /// Its cells look like addresses, numbers or mail of people.
    IdentityByCells,
    /// Its name and cells are those of a date.
    Date,
    /// Its name is known and its cells fit.
    Known,
    /// It holds text.
    Text,
    /// It is hidden in the workbook.
    Hidden,
    /// Nobody here knows what it holds.
    Unknown,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::IdentityByName => "the name of the column says that it tells who somebody is",
            Self::IdentityByCells => "the cells look like numbers, addresses or names of people",
            Self::Date => "the cells are dates, which move together with those of the images",
            Self::Known => "the name of the column is known and the cells fit it",
            Self::Text => "the cells are free text",
            Self::Hidden => "the column is hidden in the workbook",
            Self::Unknown => {
                "what the column holds is not known here, so it stays behind until somebody says"
            }
        }
    }
}

/// What kind of cells a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Nothing at all.
    Empty,
    /// Numbers.
    Number,
    /// Dates.
    Date,
    /// A few values, often repeated.
    Category,
    /// Sentences.
    Text,
    /// Anything else.
    Mixed,
}

/// How many rows are looked at.
const SAMPLE: usize = 2_000;
/// A category has at most this many values.
const CATEGORIES: usize = 30;

impl Table {
    /// What kind of cells a column has, counted from 0.
    #[must_use]
    pub fn kind(&self, column: usize) -> CellKind {
        let cells: Vec<&str> = self.cells(column).take(SAMPLE).collect();
        if cells.is_empty() {
            return CellKind::Empty;
        }
        let spelling = Spelling::of(cells.iter().copied(), None);
        // Nearly all: a stray "unknown" does not make another kind of column.
        let most = |is: &dyn Fn(&str) -> bool| {
            cells.iter().filter(|c| is(c)).count() * 10 >= cells.len() * 9
        };
        let is_date = |c: &str| !matches!(dates::read(c, &spelling), Err(dates::Unread::NoDate));
        if most(&is_date) {
            return CellKind::Date;
        }
        if most(&|c| number(c).is_some()) {
            return CellKind::Number;
        }
        let mut values: HashMap<&str, usize> = HashMap::new();
        for cell in &cells {
            *values.entry(cell).or_default() += 1;
        }
        let words: usize = cells.iter().map(|c| c.split_whitespace().count()).sum();
        if values.len() <= CATEGORIES && (values.len() * 3 <= cells.len() || values.len() <= 3) {
            CellKind::Category
        } else if words > 3 * cells.len() {
            CellKind::Text
        } else {
            CellKind::Mixed
        }
    }

    /// Guesses a mapping. Unknown columns are dropped; one column at most is the identifier.
    #[must_use]
    pub fn guess(&self) -> Guess {
        let mut identifier = false;
        let (columns, reasons) = (0..self.columns.len())
            .filter_map(|i| {
                let name = &self.columns.get(i)?.name;
                let (action, identity, quasi, reason) = self.guess_column(i, &mut identifier);
                let rule = ColumnRule {
                    name: name.clone(),
                    action,
                    rename: None,
                    identity,
                    quasi,
                    sensitive: false,
                };
                Some((rule, reason))
            })
            .unzip();
        Guess {
            mapping: Mapping {
                format: 1,
                risk: None,
                columns,
            },
            reasons,
        }
    }

    fn guess_column(
        &self,
        column: usize,
        identifier: &mut bool,
    ) -> (Action, Option<Identity>, bool, Reason) {
        let Some(head) = self.columns.get(column) else {
            return (Action::Drop, None, false, Reason::Unknown);
        };
        let kind = self.kind(column);
        let meaning = meaning(&head.name);
        let identity = match meaning {
            Some(Meaning::PatientId | Meaning::Number) => Some(Identity::Number),
            Some(Meaning::Name) => Some(Identity::Name),
            Some(Meaning::Birth) => Some(Identity::Birth),
            Some(Meaning::Contact) => Some(Identity::Contact),
            Some(Meaning::Address) => Some(Identity::Address),
            Some(Meaning::Place) => Some(Identity::Place),
            _ => self.identity_by_cells(column),
        };
        if head.hidden {
            return (Action::Drop, identity, false, Reason::Hidden);
        }
        if looks_like_data(&head.name) {
            // No header, so nobody knows; what looks like words of people is searched for.
            return (Action::Drop, identity, false, Reason::Unknown);
        }
        match (meaning, kind) {
            (Some(Meaning::PatientId), _) if !*identifier => {
                *identifier = true;
                let action = Action::Identifier { digits: None };
                (action, identity, false, Reason::IdentityByName)
            }
            (Some(Meaning::Uid), _) => (Action::Uid, None, false, Reason::Known),
            (
                Some(
                    Meaning::PatientId
                    | Meaning::Number
                    | Meaning::Name
                    | Meaning::Birth
                    | Meaning::Contact
                    | Meaning::Address
                    | Meaning::Place,
                ),
                _,
            ) => (Action::Drop, identity, false, Reason::IdentityByName),
            _ if identity.is_some() => (Action::Drop, identity, false, Reason::IdentityByCells),
            (Some(Meaning::FreeText), _) => (Action::FreeText, None, false, Reason::Text),
            (Some(Meaning::Date), _) | (_, CellKind::Date) => {
                (Action::Date { order: None }, None, false, Reason::Date)
            }
            (Some(Meaning::Year), CellKind::Number) => {
                let action = Action::Year {
                    step: 1,
                    earliest: None,
                };
                (action, None, true, Reason::Known)
            }
            (Some(Meaning::Age), _) => (Action::Age { band: None }, None, true, Reason::Known),
            (Some(Meaning::Sex), CellKind::Category | CellKind::Number) => {
                let allow = self.known_sexes(column);
                (Action::Category { allow }, None, true, Reason::Known)
            }
            (Some(Meaning::Measure), CellKind::Number) => {
                (Action::Keep, None, false, Reason::Known)
            }
            (Some(Meaning::Category), CellKind::Number) => {
                (Action::Keep, None, false, Reason::Known)
            }
            (Some(Meaning::Category), CellKind::Category) => {
                let allow = self.common_values(column);
                (Action::Category { allow }, None, false, Reason::Known)
            }
            (_, CellKind::Text) => (Action::FreeText, None, false, Reason::Text),
            _ => (Action::Drop, None, false, Reason::Unknown),
        }
    }

    /// Mail, web addresses and names with titles, whatever the column is called.
    fn identity_by_cells(&self, column: usize) -> Option<Identity> {
        let (mut all, mut contact, mut names) = (0, 0, 0);
        for cell in self.cells(column).take(SAMPLE) {
            all += 1;
            contact += usize::from(crate::contact::is_contact(cell));
            names += usize::from(cell.contains('^') || is_titled(cell));
        }
        if contact * 2 > all {
            Some(Identity::Contact)
        } else if names * 2 > all {
            Some(Identity::Name)
        } else {
            None
        }
    }

    /// The values of a column of sexes that are words for a sex.
    fn known_sexes(&self, column: usize) -> Vec<String> {
        const SEXES: &[&str] = &[
            "m",
            "f",
            "w",
            "d",
            "o",
            "x",
            "h",
            "v",
            "male",
            "female",
            "other",
            "unknown",
            "mann",
            "frau",
            "mannlich",
            "weiblich",
            "divers",
            "homme",
            "femme",
            "masculin",
            "feminin",
            "hombre",
            "mujer",
            "masculino",
            "femenino",
            "maschio",
            "femmina",
            "maschile",
            "femminile",
            "man",
            "woman",
            "0",
            "1",
            "2",
            "9",
        ];
        self.values(column)
            .into_iter()
            .map(|(value, _)| value)
            .filter(|value| SEXES.contains(&fold(value).as_str()))
            .collect()
    }

    /// The values of a column that at least five cells share.
    fn common_values(&self, column: usize) -> Vec<String> {
        self.values(column)
            .into_iter()
            .filter(|(_, n)| *n >= 5)
            .map(|(value, _)| value)
            .collect()
    }

    /// The values of a column and how often each stands there, in alphabetical order: for the
    /// screen on which an allow-list is made.
    #[must_use]
    pub fn values(&self, column: usize) -> Vec<(String, usize)> {
        let mut values: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for cell in self.cells(column) {
            *values.entry(cell).or_default() += 1;
        }
        values
            .into_iter()
            .map(|(value, n)| (value.to_owned(), n))
            .collect()
    }
}

fn is_titled(cell: &str) -> bool {
    let folded = fold(cell);
    [
        "dr. ", "dr ", "prof", "mr ", "mr. ", "mrs", "ms. ", "herr ", "frau ", "mme ", "sr. ",
        "sra",
    ]
    .iter()
    .any(|title| folded.starts_with(title))
}
