//! Data sets as trees whose leaves are slices of the input.

use cordon_protocol::Tag;

use crate::charset::CharacterSet;
use crate::{Vr, tags};

/// The value of an element.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// The value field, byte for byte, padding included.
    Bytes(&'a [u8]),
    /// The items of a sequence.
    Items(Vec<DataSet<'a>>),
    /// Encapsulated pixel data (PS3.5 annex A.4): the offset table first, then the fragments.
    Fragments {
        /// Each item's value, the Basic Offset Table (may be empty) first.
        items: Vec<&'a [u8]>,
        /// The value field from the first item tag to the sequence delimiter, byte for byte.
        raw: &'a [u8],
    },
}

/// One data element.
#[derive(Debug, Clone, PartialEq)]
pub struct Element<'a> {
    /// Its tag.
    pub tag: Tag,
    /// Its VR: as written, or from the dictionary where nothing or UN was written.
    pub vr: Vr,
    /// Its value.
    pub value: Value<'a>,
    /// Byte offset of the element in what was read.
    pub offset: usize,
}

impl<'a> Element<'a> {
    /// The value field, where it is not a sequence and not encapsulated.
    #[must_use]
    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self.value {
            Value::Bytes(b) => Some(b),
            _ => None,
        }
    }

    /// The items, where this is a sequence.
    #[must_use]
    pub fn items(&self) -> Option<&[DataSet<'a>]> {
        match &self.value {
            Value::Items(items) => Some(items),
            _ => None,
        }
    }

    /// Whether the value has zero length or no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Bytes(b) => b.is_empty(),
            Value::Items(items) => items.is_empty(),
            Value::Fragments { items, .. } => items.len() < 2,
        }
    }
}

/// A data set, or one item of a sequence. Elements are in ascending order of tag.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DataSet<'a> {
    /// The elements.
    pub elements: Vec<Element<'a>>,
    /// Whether binary values are big endian.
    pub big_endian: bool,
}

/// Cuts the padding that PS3.5 section 6.2 allows: spaces and NULs at the end, spaces in front.
pub(crate) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., 0 | b' '] = bytes {
        bytes = rest;
    }
    while let [b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

impl<'a> DataSet<'a> {
    /// The first element with this tag.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&Element<'a>> {
        let at = self.elements.partition_point(|e| e.tag < tag);
        self.elements.get(at).filter(|e| e.tag == tag)
    }

    /// Whether the tag is there with a value.
    #[must_use]
    pub fn has_value(&self, tag: Tag) -> bool {
        self.get(tag)
            .is_some_and(|e| !e.is_empty() && e.bytes().is_none_or(|b| !trim(b).is_empty()))
    }

    /// The value of a text attribute without padding, undecoded: for UIDs, codes and numbers.
    #[must_use]
    pub fn ascii(&self, tag: Tag) -> Option<&'a str> {
        let bytes = self.get(tag)?.bytes()?;
        std::str::from_utf8(trim(bytes))
            .ok()
            .filter(|s| !s.is_empty())
    }

    /// The character set that this data set declares; its parent's when it declares none.
    #[must_use]
    pub fn character_set(&self, inherited: &CharacterSet) -> CharacterSet {
        match self.get(crate::tag(tags::SPECIFIC_CHARACTER_SET)) {
            Some(e) => CharacterSet::parse(e.bytes().unwrap_or_default()),
            None => inherited.clone(),
        }
    }

    /// All values of a text attribute, decoded with the data set's own character set.
    #[must_use]
    pub fn strings(&self, tag: Tag) -> Vec<String> {
        self.strings_in(tag, &self.character_set(&CharacterSet::default()))
    }

    /// All values of a text attribute, decoded with this character set: for items, which inherit.
    #[must_use]
    pub fn strings_in(&self, tag: Tag, set: &CharacterSet) -> Vec<String> {
        let Some((element, bytes)) = self.get(tag).and_then(|e| Some((e, e.bytes()?))) else {
            return Vec::new();
        };
        let text = if element.vr.uses_character_set() {
            set.decode(bytes)
        } else {
            bytes.iter().map(|b| char::from(*b)).collect()
        };
        let one = matches!(element.vr, Vr::LT | Vr::ST | Vr::UT | Vr::UR);
        let clean = |s: &str| s.trim_matches(['\0', ' ']).to_owned();
        if one {
            vec![clean(&text)]
        } else {
            text.split('\\').map(clean).collect()
        }
    }

    /// The first value of a text attribute, decoded; `None` when absent or empty.
    #[must_use]
    pub fn text(&self, tag: Tag) -> Option<String> {
        self.strings(tag).into_iter().find(|s| !s.is_empty())
    }

    /// The first unsigned 16-bit value.
    #[must_use]
    pub fn u16(&self, tag: Tag) -> Option<u16> {
        let b: [u8; 2] = self.get(tag)?.bytes()?.get(..2)?.try_into().ok()?;
        Some(if self.big_endian {
            u16::from_be_bytes(b)
        } else {
            u16::from_le_bytes(b)
        })
    }

    /// The first value of an integer string or of a binary integer of two or four bytes.
    #[must_use]
    pub fn i32(&self, tag: Tag) -> Option<i32> {
        let element = self.get(tag)?;
        let bytes = element.bytes()?;
        let four = |b: &[u8]| -> Option<[u8; 4]> { b.get(..4)?.try_into().ok() };
        let order = |b: [u8; 4]| {
            if self.big_endian {
                i32::from_be_bytes(b)
            } else {
                i32::from_le_bytes(b)
            }
        };
        match element.vr {
            Vr::US => self.u16(tag).map(i32::from),
            Vr::SS => self.u16(tag).map(|v| i32::from(v.cast_signed())),
            Vr::UL | Vr::SL => four(bytes).map(order),
            _ => self.ascii(tag)?.split('\\').next()?.trim().parse().ok(),
        }
    }

    /// All values of a decimal string or of a binary float, in order; what is no number is left out.
    #[must_use]
    pub fn f64s(&self, tag: Tag) -> Vec<f64> {
        let Some((element, bytes)) = self.get(tag).and_then(|e| Some((e, e.bytes()?))) else {
            return Vec::new();
        };
        match element.vr {
            Vr::FD | Vr::OD => bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|b| {
                    if self.big_endian {
                        f64::from_be_bytes(*b)
                    } else {
                        f64::from_le_bytes(*b)
                    }
                })
                .collect(),
            Vr::FL | Vr::OF => bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|b| {
                    f64::from(if self.big_endian {
                        f32::from_be_bytes(*b)
                    } else {
                        f32::from_le_bytes(*b)
                    })
                })
                .collect(),
            Vr::US | Vr::SS | Vr::UL | Vr::SL => self.i32(tag).map(f64::from).into_iter().collect(),
            _ => std::str::from_utf8(bytes)
                .unwrap_or_default()
                .split('\\')
                .filter_map(|s| s.trim_matches(['\0', ' ']).parse().ok())
                .collect(),
        }
    }
}
