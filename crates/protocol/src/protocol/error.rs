//! Why a protocol was not taken, with the line and the field to look at.

use std::fmt;

/// Why a protocol was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// The text is not a protocol.
    #[error("{at}the protocol file cannot be read: {why}")]
    Syntax {
        /// Where.
        at: Line,
        /// What the reader stumbled over.
        why: String,
    },
    /// An option that this build does not carry out: better no contribution than a false stamp.
    #[error("the protocol asks for \"{0}\", which this version of Cordon cannot do yet")]
    OptionNotSupported(&'static str),
    /// The edition is not the one that this build holds.
    #[error("the protocol asks for edition {0} of PS3.15; this version of Cordon holds 2026d")]
    Edition(String),
    /// A field holds something it must not hold.
    #[error("{at}the protocol's {field} is not allowed: {why}")]
    Field {
        /// Where, when the text is at hand.
        at: Line,
        /// The field, as `deid.attribute[2].action`; items are counted from 1.
        field: String,
        /// What is wrong with it, or what it may hold.
        why: String,
    },
}

/// A line of the protocol file, counted from 1; nothing where there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line(pub Option<usize>);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(line) => write!(f, "line {line}: "),
            None => Ok(()),
        }
    }
}

impl Line {
    /// The line in which the byte at `offset` stands.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
        Self(Some(1 + before.iter().filter(|b| **b == b'\n').count()))
    }

    /// The line of a field in a TOML text, or of the nearest table that is there.
    pub(super) fn of_field(text: &str, field: &str) -> Self {
        let Ok(root) = toml::de::DeTable::parse(text) else {
            return Self(None);
        };
        let mut line = Self(None);
        let mut table = root.get_ref();
        for step in field.split('.') {
            let (name, item) = match step.split_once('[') {
                Some((name, n)) => (name, n.trim_end_matches(']').parse::<usize>().ok()),
                None => (step, None),
            };
            let Some((key, value)) = table.iter().find(|(k, _)| k.get_ref() == name) else {
                return line;
            };
            line = Self::of(text, key.span().start);
            let mut value = value;
            if let Some(item) = item {
                let found = value
                    .get_ref()
                    .as_array()
                    .and_then(|list| list.get(item.wrapping_sub(1)));
                let Some(found) = found else { return line };
                line = Self::of(text, found.span().start);
                value = found;
            }
            match value.get_ref().as_table() {
                Some(inner) => table = inner,
                None => return line,
            }
        }
        line
    }
}

/// What a rule about a field says when it is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    pub(super) field: String,
    pub(super) why: String,
}

impl Bad {
    pub(super) fn new(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            why: why.into(),
        }
    }

    /// The same below another field.
    pub(super) fn under(mut self, parent: &str) -> Self {
        self.field = if self.field.is_empty() {
            parent.to_owned()
        } else {
            format!("{parent}.{}", self.field)
        };
        self
    }
}

impl From<Bad> for ProtocolError {
    fn from(bad: Bad) -> Self {
        Self::Field {
            at: Line(None),
            field: bad.field,
            why: bad.why,
        }
    }
}
