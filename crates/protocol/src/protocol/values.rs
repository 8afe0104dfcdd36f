//! What attributes are and what their values may be, as far as a protocol needs to know.

use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntry as _, VirtualVr};
use dicom_dictionary_std::StandardDataDictionary;

use crate::Tag;

/// The VR that PS3.6 gives a standard attribute.
pub(super) fn vr(tag: Tag) -> Option<&'static str> {
    let found = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()))?;
    if found.alias() == "GenericGroupLength" {
        return None;
    }
    Some(match found.vr() {
        VirtualVr::Exact(vr) => vr.to_string(),
        VirtualVr::Xs => "US",
        _ => "OW",
    })
}

/// Why no protocol may speak of an attribute: what the object is made of, and what Cordon
/// writes itself.
pub(super) fn is_structure(tag: Tag) -> Option<&'static str> {
    match tag.0 {
        0x0010_0010 | 0x0010_0020 => Some("it always takes the pseudonym"),
        0x0012_0062..=0x0012_0064 => Some("Cordon writes it from what was done"),
        0x0008_0005 | 0x0008_0016 | 0x0008_0018 | 0x0008_0060 | 0x0008_0300 | 0x0008_1150
        | 0x0008_1155 | 0x0020_000D | 0x0020_000E | 0x0020_0052 => {
            Some("the object is made of it and its references depend on it")
        }
        _ => match tag.group() {
            0x0000 | 0x0002 | 0x0004 | 0xFFFC | 0xFFFE => {
                Some("the group is no part of the object")
            }
            0x0028 | 0x7FE0 => Some("it describes or holds the pixels"),
            0x5000..=0x50FF | 0x6000..=0x60FF => Some("curves and overlays are always removed"),
            _ => None,
        },
    }
}

/// Attributes that name, number or locate a person, or hold a document about one.
pub(super) fn is_direct_identifier(tag: Tag, vr: &str) -> bool {
    vr == "PN"
        || matches!(
            tag.0,
            0x0008_0050 // Accession Number
            | 0x0008_0092 | 0x0008_0094 | 0x0008_0096 | 0x0008_009D
            | 0x0008_1049 | 0x0008_1052 | 0x0008_1062 | 0x0008_1072
            | 0x0010_0021..=0x0010_0024 // issuers and qualifiers of Patient ID
            | 0x0010_0026..=0x0010_0028
            | 0x0010_0030..=0x0010_0035 // birth date and time
            | 0x0010_0050 | 0x0010_0101 | 0x0010_0102
            | 0x0010_1000..=0x0010_1005 // other patient IDs and names
            | 0x0010_1040..=0x0010_1100 // address, plans, military, record locators
            | 0x0010_2150..=0x0010_2155 // country, region, telephones
            | 0x0010_2297..=0x0010_2299 | 0x0010_4000
            | 0x0020_0010 // Study ID
            | 0x0032_1031 | 0x0032_1033
            | 0x0038_0010..=0x0038_0014 | 0x0038_0060..=0x0038_0064
            | 0x0038_0300 | 0x0038_0400 | 0x0038_0500 | 0x0038_4000
            | 0x0040_0009 | 0x0040_0253 | 0x0040_1001 | 0x0040_1101..=0x0040_1104
            | 0x0040_2008..=0x0040_2017 | 0x0040_A730
            | 0x0042_0011 // Encapsulated Document
            | 0x0400_0561
        )
}

/// VRs whose values are texts.
pub(super) fn is_text(vr: &str) -> bool {
    matches!(
        vr,
        "AE" | "AS" | "CS" | "DS" | "IS" | "LO" | "LT" | "SH" | "ST" | "UC" | "UT"
    )
}

/// Whether a constant is a value of a VR (PS3.5 table 6.2-1).
pub(super) fn fits(vr: &str, value: &str) -> bool {
    let each = |f: &dyn Fn(&str) -> bool| value.split('\\').all(f);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let longest = |n: usize| each(&|v: &str| v.len() <= n);
    match vr {
        "AE" | "SH" => longest(16),
        "CS" => {
            longest(16)
                && each(&|v: &str| {
                    v.bytes().all(|b| {
                        b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ' || b == b'_'
                    })
                })
        }
        "LO" | "PN" => longest(64),
        "UC" | "ST" | "LT" | "UT" => true,
        "AS" => each(&|v: &str| {
            v.len() == 4
                && v.split_at_checked(3)
                    .is_some_and(|(n, unit)| digits(n) && matches!(unit, "D" | "W" | "M" | "Y"))
        }),
        "DA" => each(&|v: &str| v.len() == 8 && digits(v) && is_day(v)),
        "DT" => each(&|v: &str| v.len() == 14 && digits(v) && is_day(v)),
        "TM" => each(&|v: &str| matches!(v.len(), 2 | 4 | 6) && digits(v)),
        "DS" => each(&|v: &str| v.len() <= 16 && v.parse::<f64>().is_ok_and(f64::is_finite)),
        "IS" => each(&|v: &str| v.len() <= 12 && v.parse::<i32>().is_ok()),
        _ => false,
    }
}

fn is_day(v: &str) -> bool {
    let part = |a, b| v.get(a..b).and_then(|s| s.parse::<u8>().ok());
    matches!((part(4, 6), part(6, 8)), (Some(1..=12), Some(1..=28))) && !v.starts_with("0000")
}
