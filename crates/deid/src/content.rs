//! Content items of structured reports, by concept and value type (PS3.15 Table E.3.4-1).
//!
//! With the Clean Structured Content Option a content tree stays and each item is judged
//! by what it is about. Below it the profile and the other options judge the attributes of
//! the item, as everywhere. What the table says depends on the options of a date, a device
//! or a description, as in Table E.1-1.

mod data;

use cordon_dicom::{DataSet, Element, tag, tags};
use cordon_protocol::{DeidOption, Tag};

use crate::Policy;

/// The Basic Profile's action on the content item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basic {
    /// X: the item goes with all below it.
    X,
    /// D, and X/D: the item stays without its value.
    D,
}

/// Code value, coding scheme, value type, Basic Profile, and a letter for each of [`COLUMNS`].
struct Row(
    &'static str,
    &'static str,
    &'static str,
    Basic,
    &'static [u8; 7],
);

/// The options that have a column.
const COLUMNS: [DeidOption; 7] = [
    DeidOption::RetainUids,
    DeidOption::RetainDeviceIdentity,
    DeidOption::RetainInstitutionIdentity,
    DeidOption::RetainPatientCharacteristics,
    DeidOption::RetainFullDates,
    DeidOption::RetainModifiedDates,
    DeidOption::CleanDescriptors,
];

const CONTENT: Tag = Tag(0x0040_A730);
const VALUE_TYPE: Tag = Tag(0x0040_A040);
const CONCEPT: Tag = Tag(0x0040_A043);
const BY_REFERENCE: Tag = Tag(0x0040_DB73);
const MEASURED: Tag = Tag(0x0040_A300);
const NUMBER: Tag = Tag(0x0040_A30A);
const UNITS: Tag = Tag(0x0040_08EA);

/// What happens to a content item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its attributes meet the profile; its text is cleaned.
    Profile,
    /// The same, but its text stays as it is.
    Keep,
    /// It stays, without its value.
    Dummy,
    /// It goes with all below it.
    Remove,
}

/// What holds the value of a content item, by value type.
pub(crate) const fn is_value(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0040_A120 | 0x0040_A121 | 0x0040_A122 | 0x0040_A123 | 0x0040_A160
    )
}

/// What happens to an item of a sequence; `None` when it is no content item, or the option is off.
pub(crate) fn fate(item: &DataSet<'_>, policy: Policy) -> Option<Fate> {
    if !policy.has(DeidOption::CleanStructuredContent) {
        return None;
    }
    let kind = item.ascii(VALUE_TYPE)?;
    let concept = item
        .get(CONCEPT)
        .and_then(Element::items)
        .and_then(<[DataSet<'_>]>::first);
    let listed = concept.and_then(|c| {
        let code = [
            tags::CODE_VALUE,
            tags::LONG_CODE_VALUE,
            tags::URN_CODE_VALUE,
        ]
        .into_iter()
        .find_map(|t| c.ascii(tag(t)))?;
        row(code, c.ascii(tag(tags::CODING_SCHEME_DESIGNATOR))?, kind)
    });
    Some(match listed {
        Some(row) => by_row(row, item, policy),
        None => unlisted(kind, policy),
    })
}

fn row(code: &str, scheme: &str, kind: &str) -> Option<&'static Row> {
    data::ROWS
        .binary_search_by(|r| (r.0, r.1, r.2).cmp(&(code, scheme, kind)))
        .ok()
        .and_then(|i| data::ROWS.get(i))
}

fn by_row(row: &Row, item: &DataSet<'_>, policy: Policy) -> Fate {
    let chosen = |letter: u8| {
        COLUMNS
            .iter()
            .zip(row.4)
            .find(|(option, cell)| **cell == letter && policy.has(**option))
            .map(|(option, _)| *option)
    };
    match (chosen(b'K'), chosen(b'C'), row.3) {
        (Some(_), _, _) if is_above_89(item) => Fate::Remove,
        (Some(DeidOption::RetainDeviceIdentity | DeidOption::RetainInstitutionIdentity), _, _) => {
            Fate::Keep
        }
        (Some(_), _, _) | (None, Some(_), _) => Fate::Profile,
        (None, None, Basic::X) => Fate::Remove,
        // What refers has a dummy already: the new UID.
        (None, None, Basic::D)
            if matches!(row.2, "IMAGE" | "COMPOSITE" | "WAVEFORM" | "UIDREF") =>
        {
            Fate::Profile
        }
        (None, None, Basic::D) => Fate::Dummy,
    }
}

/// A concept that the table does not list: its codes, numbers and coordinates stay.
fn unlisted(kind: &str, policy: Policy) -> Fate {
    match kind {
        "TEXT" if !policy.has(DeidOption::CleanDescriptors) => Fate::Dummy,
        "TEXT" | "NUM" | "CODE" | "CONTAINER" | "DATE" | "TIME" | "DATETIME" | "PNAME"
        | "UIDREF" | "COMPOSITE" | "IMAGE" | "WAVEFORM" | "SCOORD" | "SCOORD3D" | "TCOORD"
        | "TABLE" => Fate::Profile,
        _ => Fate::Dummy,
    }
}

/// Whether this is an age over 89 years (45 CFR 164.514(b)(2)(i)(C)).
fn is_above_89(item: &DataSet<'_>) -> bool {
    let first = |data: &DataSet<'_>, t| -> Option<Vec<u8>> {
        let unit = data.get(t)?.items()?.first()?;
        unit.ascii(tag(tags::CODE_VALUE))
            .map(|s| s.as_bytes().to_vec())
    };
    let Some(measured) = item.get(MEASURED).and_then(Element::items) else {
        return false;
    };
    measured.iter().any(|value| {
        let in_a_year = match first(value, UNITS).as_deref() {
            Some(b"mo") => 12.0,
            Some(b"wk") => 52.0,
            Some(b"d") => 365.0,
            _ => 1.0,
        };
        value.f64s(NUMBER).iter().any(|n| n / in_a_year >= 90.0)
    })
}

/// Whether an item may go without breaking another: in a tree with references by position
/// (PS3.3 section C.17.3.2.5) every item must keep its place.
pub(crate) fn may_remove(root: &DataSet<'_>) -> bool {
    root.get(BY_REFERENCE).is_none()
        && root
            .get(CONTENT)
            .and_then(Element::items)
            .unwrap_or_default()
            .iter()
            .all(may_remove)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_dicom::{Value, Vr};

    fn text(tag: u32, vr: Vr, value: &'static str) -> Element<'static> {
        Element {
            tag: Tag(tag),
            vr,
            value: Value::Bytes(value.as_bytes()),
            offset: 0,
        }
    }

    fn data(elements: Vec<Element<'static>>) -> DataSet<'static> {
        DataSet {
            elements,
            big_endian: false,
        }
    }

    fn item(code: &'static str, scheme: &'static str, kind: &'static str) -> DataSet<'static> {
        let concept = data(vec![
            text(0x0008_0100, Vr::SH, code),
            text(0x0008_0102, Vr::SH, scheme),
        ]);
        data(vec![
            text(VALUE_TYPE.0, Vr::CS, kind),
            Element {
                tag: CONCEPT,
                vr: Vr::SQ,
                value: Value::Items(vec![concept]),
                offset: 0,
            },
        ])
    }

    #[test]
    fn the_table_is_whole_and_in_order() {
        assert_eq!(data::ROWS.len(), 214);
        assert!(data::ROWS.is_sorted_by_key(|r| (r.0, r.1, r.2)));
    }

    #[test]
    fn an_item_is_judged_by_concept_value_type_and_options() {
        use DeidOption::{CleanDescriptors, CleanStructuredContent, RetainDeviceIdentity};
        let judge = |item: &DataSet<'_>, options: &[DeidOption]| {
            fate(item, Policy::new(options).expect("policy"))
        };
        let finding = item("121071", "DCM", "TEXT");
        assert_eq!(judge(&finding, &[]), None);
        let alone = [CleanStructuredContent];
        let both = [CleanStructuredContent, CleanDescriptors];
        assert_eq!(judge(&finding, &alone), Some(Fate::Dummy));
        assert_eq!(judge(&finding, &both), Some(Fate::Profile));
        let number = item("121022", "DCM", "TEXT");
        assert_eq!(judge(&number, &both), Some(Fate::Remove));
        let device = item("121013", "DCM", "TEXT");
        assert_eq!(judge(&device, &alone), Some(Fate::Remove));
        let kept = [CleanStructuredContent, RetainDeviceIdentity];
        assert_eq!(judge(&device, &kept), Some(Fate::Keep));
        assert_eq!(
            judge(&item("X1", "99ME", "TEXT"), &alone),
            Some(Fate::Dummy)
        );
        assert_eq!(
            judge(&item("X1", "99ME", "NUM"), &alone),
            Some(Fate::Profile)
        );
        assert_eq!(
            judge(&item("X1", "99ME", "NEW"), &both),
            Some(Fate::Dummy),
            "what nobody knows"
        );
    }
}
