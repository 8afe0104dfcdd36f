//! The mapping: what happens to each column, saved as data so that it is made once.
//!
//! A mapping holds names of columns and lists of allowed categories, no cells, so that a
//! project can hand it to all its sites. What it does not speak of is dropped.

use cordon_protocol::{canonical_json, sha256_hex};
use serde::{Deserialize, Serialize};

use crate::DateOrder;

/// What happens to the columns of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Version of this form; 1.
    #[serde(default = "one")]
    pub format: u32,
    /// How large a crowd everybody must stand in. Without it the table is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskRule>,
    /// The columns.
    pub columns: Vec<ColumnRule>,
}

fn one() -> u32 {
    1
}

/// What is asked of the risk of re-identification, which is measured over the columns that are
/// marked as quasi-identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRule {
    /// How many people must share each combination of quasi-identifiers.
    pub k: u32,
    /// How many different sensitive values such people must have among them.
    #[serde(default = "one")]
    pub l: u32,
    /// What happens to rows below `k`.
    #[serde(default)]
    pub rare_rows: RareRows,
}

/// What happens to rows whose combination of values is too rare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RareRows {
    /// The table is held, with the rows shown.
    #[default]
    Hold,
    /// They stay behind.
    LeaveOut,
}

/// What happens to one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRule {
    /// The column's name in the header. Of columns with the same name, the first rule with it
    /// speaks of the first.
    pub name: String,
    /// What happens to its cells.
    pub action: Action,
    /// Its name in the output, where that should be another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// What its cells say about who a person is: all other cells are searched for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Together with others it could point to a person.
    #[serde(default, skip_serializing_if = "is_false")]
    pub quasi: bool,
    /// What nobody should learn about a person.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sensitive: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
fn is_false(value: &bool) -> bool {
    !*value
}

/// What happens to the cells of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// The Patient ID: becomes the pseudonym that the patient's images have.
    Identifier {
        /// How many digits the Patient ID has, where a spreadsheet ate the zeros in front.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digits: Option<u8>,
    },
    /// A DICOM UID of a study, series or instance: becomes the one that the images have.
    Uid,
    /// A date: moves by the same days as the dates of the patient's images.
    Date {
        /// Which of day and month comes first, where the cells do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<DateOrder>,
    },
    /// A date or a year: only the year leaves, unmoved.
    Year {
        /// Years are rounded down to a multiple of this.
        #[serde(default = "one")]
        step: u32,
        /// Earlier years are written as this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earliest: Option<u16>,
    },
    /// An age: over 89 years it is written as 90.
    Age {
        /// Ages in whole years are written as bands of this width.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        band: Option<u32>,
    },
    /// A number: written as a band of this width.
    Band {
        /// The width.
        width: u32,
    },
    /// The cell leaves as it is, once no identifier was found in it.
    Keep,
    /// The cell leaves if it is one of these, whatever its capitals.
    Category {
        /// The allowed values.
        allow: Vec<String>,
    },
    /// Text: leaves as the text cleaner leaves it.
    FreeText,
    /// The column stays behind.
    Drop,
}

/// What a column says about who a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// A name, or a part of one.
    Name,
    /// A record number, an insurance number, an accession number.
    Number,
    /// The date of birth.
    Birth,
    /// A telephone number, an e-mail address, a web address.
    Contact,
    /// A street, or a whole address.
    Address,
    /// A town, a postal code, an institution, an employer.
    Place,
}

/// What is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It does not read.
    #[error("the mapping cannot be read: {0}")]
    Syntax(String),
    /// Made for another version.
    #[error("this version of Cordon reads mappings of format 1 only")]
    Format,
    /// Whose row is it?
    #[error(
        "the mapping names more than one patient identifier; exactly one can say whose row it is"
    )]
    TwoIdentifiers,
    /// Columns of the output must have names that can be told apart.
    #[error("two columns of the output would have the same name, or one that looks like data")]
    Rename,
    /// A number that makes no sense.
    #[error("the mapping's {0} is out of range")]
    Range(&'static str),
    /// Diversity is measured over one column.
    #[error("the mapping marks more than one column as sensitive")]
    TwoSensitive,
    /// Diversity is measured over one column.
    #[error("the mapping asks for diversity and marks no column as sensitive")]
    NoSensitive,
}

impl Mapping {
    /// Reads a mapping from TOML and checks it.
    ///
    /// # Errors
    /// When the text is no mapping, or contradicts itself.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let mapping: Self =
            toml::from_str(text).map_err(|e| MappingError::Syntax(e.message().to_owned()))?;
        mapping.check()?;
        Ok(mapping)
    }

    /// The mapping as TOML.
    ///
    /// # Errors
    /// When a name cannot be written in TOML.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        toml::to_string_pretty(self).map_err(|e| MappingError::Syntax(e.to_string()))
    }

    /// Whether the mapping can be carried out.
    ///
    /// # Errors
    /// Says what contradicts what.
    pub fn check(&self) -> Result<(), MappingError> {
        if self.format != 1 {
            return Err(MappingError::Format);
        }
        let count = |is: fn(&ColumnRule) -> bool| self.columns.iter().filter(|c| is(c)).count();
        if count(|c| matches!(c.action, Action::Identifier { .. })) > 1 {
            return Err(MappingError::TwoIdentifiers);
        }
        if count(|c| c.sensitive) > 1 {
            return Err(MappingError::TwoSensitive);
        }
        if self.risk.is_some_and(|r| !(2..=1000).contains(&r.k)) {
            return Err(MappingError::Range("k"));
        }
        if self.risk.is_some_and(|r| !(1..=1000).contains(&r.l)) {
            return Err(MappingError::Range("l"));
        }
        // Diversity of what?
        if self.risk.is_some_and(|r| r.l > 1) && count(|c| c.sensitive) == 0 {
            return Err(MappingError::NoSensitive);
        }
        let mut names = std::collections::HashSet::new();
        for column in &self.columns {
            match &column.action {
                Action::Year { step, .. } if !(1..=100).contains(step) => {
                    return Err(MappingError::Range("step of years"));
                }
                Action::Age { band: Some(n) } | Action::Band { width: n }
                    if !(1..=1_000_000).contains(n) =>
                {
                    return Err(MappingError::Range("width of a band"));
                }
                Action::Identifier { digits: Some(n) } if !(1..=64).contains(n) => {
                    return Err(MappingError::Range("number of digits"));
                }
                _ => {}
            }
            if let Some(name) = &column.rename
                && (crate::table::looks_like_data(name) || !names.insert(name))
            {
                return Err(MappingError::Rename);
            }
        }
        Ok(())
    }

    /// The digest by which records name the mapping.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(canonical_json(self).as_bytes())
    }

    /// The rule for a column: the `nth` of those with this name, counted from 0.
    pub(crate) fn rule(&self, name: &str, nth: usize) -> Option<&ColumnRule> {
        self.columns
            .iter()
            .filter(|c| c.name.trim() == name)
            .nth(nth)
    }
}
