//! Puts a canary in every row of Table E.1-1 and wherever else identity hides.

use std::sync::OnceLock;

use cordon_deid::table::{self, Pattern};
use cordon_protocol::Tag;
use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntry as _, VirtualVr};
use dicom_dictionary_std::StandardDataDictionary;

use crate::mint::Mint;
use crate::write::{Element, Length, Value, text};

/// The VR of a standard attribute, or `None` when the dictionary has none.
fn vr(tag: Tag) -> Option<[u8; 2]> {
    let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()))?;
    if entry.alias() == "GenericGroupLength" {
        return None;
    }
    match entry.vr() {
        VirtualVr::Exact(vr) => <[u8; 2]>::try_from(vr.to_string().as_bytes()).ok(),
        VirtualVr::Xs => Some(*b"US"),
        _ => Some(*b"OW"),
    }
}

/// The VR of a row that is newer than the dictionary, by its name.
fn vr_of_name(name: &str) -> [u8; 2] {
    match name.rsplit(' ').next() {
        Some("Sequence") => *b"SQ",
        Some("UID") => *b"UI",
        Some("DateTime") => *b"DT",
        Some("Date") => *b"DA",
        Some("Time") => *b"TM",
        Some("Description" | "Comment") => *b"ST",
        _ => *b"LO",
    }
}

/// The attributes that must not survive: every row for one tag, then what the sweep by VR finds.
#[must_use]
pub fn targets() -> &'static [(Tag, [u8; 2])] {
    static TARGETS: OnceLock<Vec<(Tag, [u8; 2])>> = OnceLock::new();
    TARGETS.get_or_init(|| {
        let mut list: Vec<(Tag, [u8; 2])> = table::rows()
            .filter_map(|row| match row.pattern {
                Pattern::Tag(tag) => Some((tag, vr(tag).unwrap_or_else(|| vr_of_name(row.name)))),
                _ => None,
            })
            .collect();
        list.extend(swept());
        list
    })
}

/// Names, dates and UIDs of PS3.6 that the table does not list.
fn swept() -> Vec<(Tag, [u8; 2])> {
    let mut list = Vec::new();
    let groups = (0x0008..=0x0100_u16)
        .step_by(2)
        .chain([
            0x0400, 0x2010, 0x2050, 0x2100, 0x2200, 0x3002, 0x3004, 0x3006, 0x3008,
        ])
        .chain([
            0x300A, 0x300C, 0x300E, 0x3010, 0x4008, 0x4010, 0x5200, 0x5400,
        ]);
    for group in groups {
        for element in 1..=0xFFFF_u16 {
            let tag = Tag::new(group, element);
            if table::row(tag).is_some() || reserved(tag) {
                continue;
            }
            if let Some(vr) = vr(tag)
                && matches!(&vr, b"PN" | b"DA" | b"DT" | b"UI")
            {
                list.push((tag, vr));
            }
        }
    }
    list
}

/// UIDs that name a class or a syntax, and SOP Instance identity that the body sets.
fn reserved(tag: Tag) -> bool {
    let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()));
    entry.is_some_and(|e| {
        let keyword = e.alias();
        keyword.contains("ClassUID")
            || keyword.contains("ClassesUID")
            || keyword.contains("ClassesInStudy")
            || keyword.contains("ClassesSupported")
            || keyword.contains("TransferSyntax")
    })
}

/// Sequences that the table does not list, as boxes for rows: depth 1, and the way to depth 3.
const BOX: u32 = 0x0008_1250;
const BOXES: [u32; 3] = [0x5200_9229, 0x0020_9111, 0x0040_A043];

/// The elements of one data set with a canary in every target.
pub fn rows(mint: &mut Mint, place: &str, length: Length, with_group_0: bool) -> Vec<Element> {
    let mut out = Vec::new();
    for (tag, vr) in targets() {
        if tag.group() == 0 && !with_group_0 {
            continue;
        }
        let place = format!("{place} {tag} {}", String::from_utf8_lossy(vr));
        let value = if vr == b"SQ" {
            Value::Items(vec![person(mint, &place)], length)
        } else {
            mint.value(*vr, &place)
        };
        out.push(Element {
            tag: tag.0,
            vr: *vr,
            value,
        });
    }
    out
}

/// What stands in the items of the table's sequences: attributes that no action leaves as they are.
fn person(mint: &mut Mint, place: &str) -> Vec<Element> {
    let mut put = |tag: u32, vr: &[u8; 2]| Element {
        tag,
        vr: *vr,
        value: mint.value(*vr, &format!("{place} > {}", Tag(tag))),
    };
    vec![
        put(0x0008_0080, b"LO"),
        put(0x0008_1155, b"UI"),
        put(0x0010_0010, b"PN"),
        put(0x0010_0020, b"LO"),
        put(0x0010_0030, b"DA"),
    ]
}

/// Private blocks: creators, values, private sequences with all rows inside.
fn private(mint: &mut Mint, place: &str, length: Length) -> Vec<Element> {
    let inner = rows(mint, &format!("{place} private sequence"), length, false);
    let creator = mint.ascii(&format!("{place} (0009,0010) creator"));
    let mut out = vec![text(0x0009_0010, *b"LO", &creator)];
    for (i, vr) in [
        *b"LO", *b"PN", *b"UI", *b"DA", *b"OB", *b"UN", *b"DS", *b"UT",
    ]
    .iter()
    .enumerate()
    {
        let tag = 0x0009_1001 + u32::try_from(i).unwrap_or(0);
        let value = mint.value(*vr, &format!("{place} private {}", Tag(tag)));
        out.push(Element {
            tag,
            vr: *vr,
            value,
        });
    }
    out.push(Element {
        tag: 0x0009_1020,
        vr: *b"SQ",
        value: Value::Items(vec![inner], length),
    });
    // A private block without its creator, and a private element in a creator's place.
    for tag in [0x0019_1001, 0x0029_0001, 0x7FE1_1010] {
        let value = mint.value(*b"OB", &format!("{place} orphan {}", Tag(tag)));
        out.push(Element {
            tag,
            vr: *b"OB",
            value,
        });
    }
    let unknown = person(mint, &format!("{place} private UN sequence"));
    out.push(Element {
        tag: 0x0009_1021,
        vr: *b"UN",
        value: Value::UnItems(vec![unknown], length),
    });
    out
}

/// Overlays and curves.
fn graphics(mint: &mut Mint) -> Vec<Element> {
    let mut out = Vec::new();
    for group in [0x6000_u32, 0x6002] {
        let at = |e: u32| (group << 16) | e;
        for (e, words) in [
            (0x10, vec![4]),
            (0x11, vec![4]),
            (0x50, vec![1, 1]),
            (0x100, vec![1]),
            (0x102, vec![0]),
        ] {
            out.push(Element {
                tag: at(e),
                vr: if e == 0x50 { *b"SS" } else { *b"US" },
                value: Value::Words(words),
            });
        }
        out.push(text(at(0x40), *b"CS", "G"));
        for (e, vr) in [
            (0x22, b"LO"),
            (0x1500, b"LO"),
            (0x3000, b"OB"),
            (0x4000, b"LT"),
        ] {
            let value = mint.value(*vr, &format!("overlay {}", Tag(at(e))));
            out.push(Element {
                tag: at(e),
                vr: *vr,
                value,
            });
        }
    }
    for (tag, vr) in [
        (0x5000_0022, b"LO"),
        (0x5000_2500, b"LO"),
        (0x5002_0030, b"SH"),
        (0x5002_3000, b"OB"),
    ] {
        let value = mint.value(*vr, &format!("curve {}", Tag(tag)));
        out.push(Element {
            tag,
            vr: *vr,
            value,
        });
    }
    out
}

/// A box at depth 1 whose items hold `inside`; `un` writes it as UN.
fn boxed(tag: u32, inside: Vec<Element>, length: Length, un: bool) -> Element {
    let items = vec![inside];
    Element {
        tag,
        vr: *b"SQ",
        value: if un {
            Value::UnItems(items, length)
        } else {
            Value::Items(items, length)
        },
    }
}

/// Everything that is planted in the data set of a file.
pub fn everything(mint: &mut Mint, length: Length) -> Vec<Element> {
    let mut out = rows(mint, "depth 0", length, true);
    let one = rows(mint, "depth 1", length, false);
    let mut nested_private = private(mint, "depth 1", length);
    nested_private.extend(one);
    out.push(boxed(BOX, nested_private, length, false));
    let mut inner = rows(mint, "depth 3", length, false);
    for tag in BOXES.iter().rev() {
        inner = vec![boxed(*tag, inner, length, false)];
    }
    out.extend(inner);
    for (tag, length) in [
        (0x0008_9092_u32, Length::Defined),
        (0x0054_0220, Length::Undefined),
    ] {
        // Sequences of PS3.6 that the table does not list, encoded as UN (CP-246).
        let inside = rows(
            mint,
            &format!("in UN sequence {}, {length:?}", Tag(tag)),
            length,
            false,
        );
        out.push(boxed(tag, inside, length, true));
    }
    out.push(boxed(
        0x0018_9346,
        as_un(rows(mint, "every row as UN", length, false)),
        length,
        false,
    ));
    out.extend(private(mint, "depth 0", length));
    out.extend(graphics(mint));
    out.extend(loose(mint));
    out
}

/// The same elements with VR UN, as a system writes that does not know them.
fn as_un(elements: Vec<Element>) -> Vec<Element> {
    let plain = |value: &Value| matches!(value, Value::Bytes(_));
    elements
        .into_iter()
        .map(|e| {
            if plain(&e.value) {
                Element { vr: *b"UN", ..e }
            } else {
                e
            }
        })
        .collect()
}

/// Group 0004, attributes that PS3.6 does not know, padding inside the data set.
fn loose(mint: &mut Mint) -> Vec<Element> {
    let mut out = Vec::new();
    for (tag, vr) in [
        (0x0004_1130, b"CS"),
        (0x0004_1141, b"CS"),
        (0x0008_FF01, b"LO"),
        (0x0010_FF01, b"PN"),
        (0x0038_FF01, b"UN"),
    ] {
        let value = mint.value(*vr, &format!("loose {}", Tag(tag)));
        out.push(Element {
            tag,
            vr: *vr,
            value,
        });
    }
    out
}

/// Values that are not what their VR allows, attributes that stand twice, group lengths.
pub fn malformed(mint: &mut Mint) -> Vec<Element> {
    let mut out = Vec::new();
    // Text in a number, and text behind the end of a UID that itself may stay.
    for (tag, vr) in [(0x0018_0093, *b"DS"), (0x0018_0086, *b"IS")] {
        let value = mint.value(*b"SH", &format!("text in a number {}", Tag(tag)));
        out.push(Element { tag, vr, value });
    }
    for (tag, vr, start) in [
        (0x0008_001A, *b"UI", "1.2.840.10008.5.1.4.1.1.7"),
        (0x0018_0022, *b"CS", "FS"),
    ] {
        let hidden = mint.ascii(&format!("behind a NUL in {}", Tag(tag)));
        out.push(text(tag, vr, &format!("{start}\0{hidden}")));
    }
    for (tag, vr) in [
        (0x0010_0020, *b"LO"),
        (0x0008_0070, *b"LO"),
        (0x0010_0010, *b"PN"),
    ] {
        let value = mint.value(vr, &format!("a second {}", Tag(tag)));
        out.push(Element { tag, vr, value });
    }
    let value = mint.value(*b"UL", "group length (0010,0000)");
    out.push(Element {
        tag: 0x0010_0000,
        vr: *b"UL",
        value,
    });
    out
}

/// File Meta with canaries in all that a sender may write there.
pub fn meta(mint: &mut Mint, sop_class: &str, instance: &str) -> Vec<Element> {
    let mut out = vec![
        Element {
            tag: 0x0002_0001,
            vr: *b"OB",
            value: Value::Bytes(vec![0, 1]),
        },
        text(0x0002_0002, *b"UI", sop_class),
        text(0x0002_0003, *b"UI", instance),
    ];
    for (tag, vr) in [
        (0x0002_0012, b"UI"),
        (0x0002_0013, b"SH"),
        (0x0002_0016, b"AE"),
        (0x0002_0017, b"AE"),
        (0x0002_0018, b"AE"),
        (0x0002_0026, b"UR"),
        (0x0002_0027, b"UR"),
        (0x0002_0028, b"UR"),
        (0x0002_0100, b"UI"),
        (0x0002_0102, b"OB"),
        (0x0002_FF01, b"LO"),
    ] {
        // File Meta is ASCII whatever the data set's character set.
        let place = format!("File Meta {}", Tag(tag));
        let value = match vr {
            b"SH" | b"LO" => Value::Bytes(mint.ascii(&place).into_bytes()),
            _ => mint.value(*vr, &place),
        };
        out.push(Element {
            tag,
            vr: *vr,
            value,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mint::Charset;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_a_target_with_a_vr() {
        let listed = targets()
            .iter()
            .filter(|(t, _)| table::row(*t).is_some())
            .count();
        assert_eq!(listed, 653);
        assert!(targets().len() > 680, "{}", targets().len());
    }

    #[test]
    fn boxes_are_not_rows_themselves() {
        for tag in BOXES
            .iter()
            .chain([&BOX, &0x0008_9092, &0x0054_0220, &0x0018_9346])
        {
            assert!(table::row(Tag(*tag)).is_none(), "{}", Tag(*tag));
            assert_eq!(vr(Tag(*tag)), Some(*b"SQ"), "{}", Tag(*tag));
        }
    }

    #[test]
    fn every_target_has_its_own_canary_at_every_depth() {
        let mut mint = Mint::new(0, Charset::Ascii);
        let _ = everything(&mut mint, Length::Defined);
        let planted: BTreeSet<(&str, &str)> = mint
            .made
            .iter()
            .filter_map(|c| {
                let at = c.place.find('(')?;
                Some((c.place[..at].trim(), c.place.get(at..at + 11)?))
            })
            .collect();
        for depth in ["depth 0", "depth 1", "depth 3", "every row as UN"] {
            for (tag, vr) in targets() {
                // 16-bit values and ages are too short to be searched for.
                if matches!(vr, b"US" | b"SS" | b"AT" | b"AS") || tag.group() == 0 {
                    continue;
                }
                assert!(
                    planted.contains(&(depth, &*tag.to_string())),
                    "{depth} {tag}"
                );
            }
        }
    }
}
