//! Private attributes that are known to be safe (PS3.15 section E.3.10).
//!
//! An attribute is known by its creator, its group and the low byte of its element,
//! whatever block it was given; a creator speaks for its own data set or item only
//! (PS3.5 section 7.8.1). Beside the list of the standard the object itself may say
//! which of its private attributes are safe: (0008,0300).

mod data;

use cordon_dicom::{DataSet, Vr, tag, tags};
use cordon_protocol::{DeidOption, Rule, Tag};

use crate::Policy;
use crate::overrides::Asked;

/// One row of Table E.3.10-1 below its creator: group, low byte of the element, VR as written.
type Listed = (u16, u8, &'static str);

/// The reserved blocks of one data set, and what may stay of them.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    group: u16,
    number: u8,
    list: Option<&'static [Listed]>,
    declared: Declared,
    /// Whether any attribute of the block stays: then its creator does.
    stays: bool,
    /// What the protocol asks for attributes of the block, by their low bytes.
    asked: Vec<(u8, &'static Asked)>,
}

/// What (0008,0300) says about a block.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Declared {
    Nothing,
    /// Block Identifying Information Status SAFE.
    Safe,
    /// MIXED: only these low bytes are safe.
    Some(Vec<u8>),
}

/// Why a private attribute stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) rule: Rule,
    /// The VR that the list gives it, where it gives one.
    pub(crate) vr: Option<Vr>,
    /// What the protocol asks for it.
    pub(crate) asked: Option<&'static Asked>,
}

impl Blocks {
    /// The blocks of a data set.
    pub(crate) fn of(data: &DataSet<'_>, policy: Policy) -> Self {
        let safe = policy.has(DeidOption::RetainSafePrivate);
        let mut blocks: Vec<Block> = Vec::new();
        for element in &data.elements {
            if !element.tag.is_private_creator() {
                continue;
            }
            let Some(creator) = data.ascii(element.tag) else {
                continue;
            };
            let group = element.tag.group();
            let number = (element.tag.element() & 0xFF) as u8;
            blocks.push(Block {
                group,
                number,
                list: safe.then(|| list_of(creator)).flatten(),
                declared: if safe {
                    declared(data, group, creator)
                } else {
                    Declared::Nothing
                },
                stays: false,
                asked: asked(data, element.tag, creator, policy),
            });
        }
        let mut this = Self { blocks };
        for element in &data.elements {
            if element.tag.is_private()
                && !element.tag.is_private_creator()
                && this.basis(element.tag).is_some()
                && let Some(block) = this.block_mut(element.tag)
            {
                block.stays = true;
            }
        }
        this
    }

    fn block(&self, tag: Tag) -> Option<&Block> {
        let number = (tag.element() >> 8) as u8;
        self.blocks
            .iter()
            .find(|b| b.group == tag.group() && b.number == number)
    }

    fn block_mut(&mut self, tag: Tag) -> Option<&mut Block> {
        let number = (tag.element() >> 8) as u8;
        self.blocks
            .iter_mut()
            .find(|b| b.group == tag.group() && b.number == number)
    }

    /// On which ground a private attribute stays; `None` when it does not.
    pub(crate) fn basis(&self, tag: Tag) -> Option<Basis> {
        if tag.is_private_creator() {
            let number = (tag.element() & 0xFF) as u8;
            return self
                .blocks
                .iter()
                .any(|b| b.group == tag.group() && b.number == number && b.stays)
                .then_some(Basis {
                    rule: Rule::SafePrivate,
                    vr: Some(Vr::LO),
                    asked: None,
                });
        }
        let block = self.block(tag)?;
        let low = (tag.element() & 0xFF) as u8;
        if let Some((_, asked)) = block.asked.iter().find(|(l, _)| *l == low) {
            return asked.stays().then_some(Basis {
                rule: Rule::Override,
                vr: None,
                asked: Some(asked),
            });
        }
        let listed = block
            .list
            .and_then(|l| l.iter().find(|(g, e, _)| *g == tag.group() && *e == low));
        if let Some((_, _, vr)) = listed {
            let vr = match vr.as_bytes() {
                [a, b, ..] => Vr::from_bytes([*a, *b]),
                _ => None,
            };
            return Some(Basis {
                rule: Rule::SafePrivate,
                vr,
                asked: None,
            });
        }
        let declared = match &block.declared {
            Declared::Nothing => false,
            Declared::Safe => true,
            Declared::Some(elements) => elements.contains(&low),
        };
        declared.then_some(Basis {
            rule: Rule::DeclaredSafe,
            vr: None,
            asked: None,
        })
    }
}

fn list_of(creator: &str) -> Option<&'static [Listed]> {
    data::ROWS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(creator))
        .map(|(_, rows)| *rows)
}

/// What the protocol asks for the attributes of the block that `reserved` reserves.
fn asked(
    data: &DataSet<'_>,
    reserved: Tag,
    creator: &str,
    policy: Policy,
) -> Vec<(u8, &'static Asked)> {
    data.elements
        .iter()
        .map(|e| e.tag)
        .filter(|t| t.group() == reserved.group() && t.element() >> 8 == reserved.element() & 0xFF)
        .filter_map(|t| {
            let low = (t.element() & 0xFF) as u8;
            Some((low, policy.asked_private(creator, t.group(), low)?))
        })
        .collect()
}

/// Reads (0008,0300) Private Data Element Characteristics Sequence for one block.
fn declared(data: &DataSet<'_>, group: u16, creator: &str) -> Declared {
    let items = data
        .get(tag(tags::PRIVATE_DATA_ELEMENT_CHARACTERISTICS_SEQUENCE))
        .and_then(cordon_dicom::Element::items)
        .unwrap_or_default();
    for item in items {
        let same = item.u16(tag(tags::PRIVATE_GROUP_REFERENCE)) == Some(group)
            && item.ascii(tag(tags::PRIVATE_CREATOR_REFERENCE)) == Some(creator);
        if !same {
            continue;
        }
        return match item.ascii(tag(tags::BLOCK_IDENTIFYING_INFORMATION_STATUS)) {
            Some("SAFE") => Declared::Safe,
            Some("MIXED") => {
                let list = item
                    .get(tag(tags::NONIDENTIFYING_PRIVATE_ELEMENTS))
                    .and_then(cordon_dicom::Element::bytes)
                    .unwrap_or_default();
                let low = usize::from(item.big_endian);
                Declared::Some(
                    list.as_chunks::<2>()
                        .0
                        .iter()
                        .map(|pair| if low == 1 { pair[1] } else { pair[0] })
                        .collect(),
                )
            }
            _ => Declared::Nothing,
        };
    }
    Declared::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_dicom::{Element, Value};

    fn element(tag: u32, vr: Vr, value: &'static [u8]) -> Element<'static> {
        Element {
            tag: Tag(tag),
            vr,
            value: Value::Bytes(value),
            offset: 0,
        }
    }

    #[test]
    fn the_list_counts_by_creator_whatever_the_block() {
        let data = DataSet {
            elements: vec![
                element(0x0019_0010, Vr::LO, b"SIEMENS MR HEADER "),
                element(0x0019_0011, Vr::LO, b"SOMEBODY ELSE"),
                element(0x0019_100C, Vr::IS, b"1000"),
                element(0x0019_110C, Vr::IS, b"1000"),
                element(0x0019_10FF, Vr::LO, b"text"),
            ],
            big_endian: false,
        };
        let blocks = Blocks::of(
            &data,
            Policy::new(&[DeidOption::RetainSafePrivate]).expect("policy"),
        );
        let basis = blocks.basis(Tag(0x0019_100C)).expect("b-value is listed");
        assert_eq!(basis.rule, Rule::SafePrivate);
        assert!(blocks.basis(Tag(0x0019_110C)).is_none(), "another creator");
        assert!(blocks.basis(Tag(0x0019_10FF)).is_none(), "not listed");
        assert!(
            blocks.basis(Tag(0x0019_0010)).is_some(),
            "its creator stays"
        );
        assert!(blocks.basis(Tag(0x0019_0011)).is_none());
        assert!(
            blocks.basis(Tag(0x0021_100C)).is_none(),
            "no creator at all"
        );
    }

    #[test]
    fn the_table_has_all_rows() {
        let rows: usize = data::ROWS.iter().map(|(_, rows)| rows.len()).sum();
        assert_eq!(rows, 479);
    }
}
