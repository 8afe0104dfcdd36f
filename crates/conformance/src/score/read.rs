//! Reading a cleaned file: an attribute by its path, a value as text.

use cordon_dicom::{CharacterSet, DataSet, Element, File, Value};
use cordon_protocol::Tag;

use crate::answer::{Path, Step};

/// An attribute that was found.
#[derive(Debug)]
pub(super) struct Found<'a, 'b> {
    /// The element.
    pub(super) element: &'b Element<'a>,
    charset: CharacterSet,
    big_endian: bool,
}

fn place(data: &DataSet<'_>, step: &Step, charset: &CharacterSet) -> Option<Tag> {
    let Some(creator) = &step.creator else {
        return Some(Tag(step.tag));
    };
    let group = step.tag & 0xFFFF_0000;
    data.elements
        .iter()
        .filter(|e| e.tag.0 & 0xFFFF_0000 == group && (0x10..0x100).contains(&(e.tag.0 & 0xFFFF)))
        .find(|e| {
            e.bytes().is_some_and(|bytes| {
                charset
                    .decode(bytes)
                    .trim_matches([' ', '\0'])
                    .to_uppercase()
                    == *creator
            })
        })
        .map(|e| Tag(group | (e.tag.0 & 0xFF) << 8 | (step.tag & 0xFF)))
}

/// The attribute at a path, or nothing.
#[must_use]
pub(super) fn find<'a, 'b>(file: &'b File<'a>, path: &Path) -> Option<Found<'a, 'b>> {
    let is_meta = path.0.first().is_some_and(|s| s.tag >> 16 == 2);
    let mut data = if is_meta { &file.meta } else { &file.data };
    let mut charset = data.character_set(&CharacterSet::default());
    for step in &path.0 {
        let element = data.get(place(data, step, &charset)?)?;
        match step.item {
            None => {
                return Some(Found {
                    element,
                    charset,
                    big_endian: data.big_endian,
                });
            }
            Some(item) => {
                data = element.items()?.get(item)?;
                charset = data.character_set(&charset);
            }
        }
    }
    None
}

impl Found<'_, '_> {
    /// Whether there is a value or an item.
    #[must_use]
    pub(super) fn has_value(&self) -> bool {
        match &self.element.value {
            Value::Bytes(bytes) => bytes.iter().any(|b| !matches!(b, 0 | b' ')),
            Value::Items(items) => !items.is_empty(),
            Value::Fragments { raw, .. } => !raw.is_empty(),
        }
    }

    /// The value as text, read as the VR that the attribute was planted with.
    #[must_use]
    pub(super) fn text(&self, vr: &str) -> String {
        let Some(bytes) = self.element.bytes() else {
            return String::new();
        };
        let big = self.big_endian;
        let join = |values: Vec<String>| values.join("\\");
        match vr {
            "US" => join(numbers(bytes, |b| {
                u16::from_le_bytes(order(b, big)).to_string()
            })),
            "SS" => join(numbers(bytes, |b| {
                i16::from_le_bytes(order(b, big)).to_string()
            })),
            "UL" => join(numbers(bytes, |b| {
                u32::from_le_bytes(order(b, big)).to_string()
            })),
            "SL" => join(numbers(bytes, |b| {
                i32::from_le_bytes(order(b, big)).to_string()
            })),
            "FL" => join(numbers(bytes, |b| {
                f32::from_le_bytes(order(b, big)).to_string()
            })),
            "FD" => join(numbers(bytes, |b| {
                f64::from_le_bytes(order(b, big)).to_string()
            })),
            "LO" | "SH" | "PN" | "ST" | "LT" | "UT" | "UC" => self
                .charset
                .decode(bytes)
                .trim_end_matches([' ', '\0'])
                .to_owned(),
            _ => String::from_utf8_lossy(bytes)
                .trim_matches([' ', '\0'])
                .to_owned(),
        }
    }
}

fn order<const N: usize>(mut bytes: [u8; N], big: bool) -> [u8; N] {
    if big {
        bytes.reverse();
    }
    bytes
}

fn numbers<const N: usize>(bytes: &[u8], spell: impl Fn([u8; N]) -> String) -> Vec<String> {
    bytes
        .chunks_exact(N)
        .filter_map(|c| c.try_into().ok())
        .map(spell)
        .collect()
}
