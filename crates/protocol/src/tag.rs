//! Attribute tags and the paths that lead to them through nested sequences.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A DICOM attribute tag, group in the upper and element in the lower 16 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u32);

impl Tag {
    /// The tag with this group and element.
    #[must_use]
    pub const fn new(group: u16, element: u16) -> Self {
        Self(((group as u32) << 16) | element as u32)
    }
    /// The group number.
    #[must_use]
    pub const fn group(self) -> u16 {
        (self.0 >> 16) as u16
    }
    /// The element number.
    #[must_use]
    pub const fn element(self) -> u16 {
        (self.0 & 0xFFFF) as u16
    }
    /// Whether the group is odd: a private attribute (PS3.5 section 7.8).
    #[must_use]
    pub const fn is_private(self) -> bool {
        self.group() & 1 == 1
    }
    /// Whether this is a Private Creator element, (gggg,0010-00FF) in an odd group.
    #[must_use]
    pub const fn is_private_creator(self) -> bool {
        self.is_private() && self.element() >= 0x10 && self.element() <= 0xFF
    }
    /// Whether this is a (retired) Group Length element.
    #[must_use]
    pub const fn is_group_length(self) -> bool {
        self.element() == 0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:04X},{:04X})", self.group(), self.element())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is not a tag: expected `(gggg,eeee)` or `ggggeeee` in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a tag: expected (gggg,eeee) or ggggeeee in hexadecimal")]
pub struct TagParseError;

impl FromStr for Tag {
    type Err = TagParseError;
    fn from_str(s: &str) -> Result<Self, TagParseError> {
        let digits: String = s
            .chars()
            .filter(|c| !matches!(c, '(' | ')' | ',' | ' '))
            .collect();
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(TagParseError);
        }
        u32::from_str_radix(&digits, 16)
            .map(Tag)
            .map_err(|_| TagParseError)
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Tag {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Tag".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An attribute's tag, group and element in hexadecimal: (gggg,eeee).",
            "type": "string",
            "pattern": "^\\(?[0-9A-Fa-f]{4},?[0-9A-Fa-f]{4}\\)?$"
        })
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One step into a sequence: its tag and the zero-based number of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathStep {
    /// The sequence attribute.
    pub sequence: Tag,
    /// Zero-based item number inside it.
    pub item: u32,
}

/// Where an attribute stands: the sequences and items that lead to it, and its tag.
///
/// Written `(0008,1110)[0].(0008,1155)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagPath {
    /// The way down from the root data set; empty at the root.
    pub steps: Vec<PathStep>,
    /// The attribute itself.
    pub tag: Tag,
}

impl TagPath {
    /// A path to an attribute of the root data set.
    #[must_use]
    pub const fn root(tag: Tag) -> Self {
        Self {
            steps: Vec::new(),
            tag,
        }
    }
    /// How many sequences lie above the attribute.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.steps.len()
    }
}

impl From<Tag> for TagPath {
    fn from(tag: Tag) -> Self {
        Self::root(tag)
    }
}

impl fmt::Display for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            write!(f, "{}[{}].", step.sequence, step.item)?;
        }
        write!(f, "{}", self.tag)
    }
}

impl FromStr for TagPath {
    type Err = TagParseError;
    fn from_str(s: &str) -> Result<Self, TagParseError> {
        let mut parts: Vec<&str> = s.split('.').collect();
        let tag = parts.pop().ok_or(TagParseError)?.parse()?;
        let mut steps = Vec::with_capacity(parts.len());
        for part in parts {
            let (sequence, item) = part.split_once('[').ok_or(TagParseError)?;
            let item = item.strip_suffix(']').ok_or(TagParseError)?;
            steps.push(PathStep {
                sequence: sequence.parse()?,
                item: item.parse().map_err(|_| TagParseError)?,
            });
        }
        Ok(Self { steps, tag })
    }
}

impl Serialize for TagPath {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TagPath {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_as_it_was_written() {
        let path = TagPath {
            steps: vec![
                PathStep {
                    sequence: Tag(0x0008_1110),
                    item: 0,
                },
                PathStep {
                    sequence: Tag(0x0008_1199),
                    item: 12,
                },
            ],
            tag: Tag(0x0008_1155),
        };
        assert_eq!(
            path.to_string(),
            "(0008,1110)[0].(0008,1199)[12].(0008,1155)"
        );
        assert_eq!(path.to_string().parse(), Ok(path));
        assert_eq!("0008103e".parse(), Ok(Tag(0x0008_103E)));
        assert_eq!("(0008,103E".parse::<Tag>(), Ok(Tag(0x0008_103E)));
        assert!("0008,10é".parse::<Tag>().is_err());
        assert!("(0008,1110)[x].(0008,1155)".parse::<TagPath>().is_err());
    }
}
