//! Inside sequences that the profile replaces by a dummy, and public codes.

use cordon_dicom::{DataSet, Element, tag, tags};
use cordon_protocol::{Action, Rule, Tag};

use crate::rules::{Decision, Enter, How};

/// What holds a content tree together and says nothing: kept inside dummied sequences.
const STRUCTURE: [u32; 16] = [
    0x0040_A010, // Relationship Type
    0x0040_A040, // Value Type
    0x0040_A050, // Continuity Of Content
    0x0040_A130, // Temporal Range Type
    0x0070_0012, // Bounding Box Text Horizontal Justification
    0x0070_0015, // Anchor Point Visibility
    0x0070_0023, // Graphic Type
    0x0070_0005, // Graphic Annotation Units
    0x0070_0003, // Bounding Box Annotation Units
    0x0070_0004, // Anchor Point Annotation Units
    0x0070_0024, // Graphic Filled
    0x0070_0020, // Graphic Dimensions
    0x0070_0021, // Number of Graphic Points
    0x0040_DB73, // Referenced Content Item Identifier
    0x0008_1150, // Referenced SOP Class UID
    0x0040_A504, // Content Template Sequence
];

/// Inside a sequence that the profile replaces by a dummy, everything that stays becomes one,
/// but for what the structure needs and for concept names of standard coding schemes.
pub(super) fn in_dummy(element: &Element<'_>, decision: Decision) -> Decision {
    match decision.action {
        Action::Clean if matches!(decision.how, How::Text(_)) => {}
        Action::Remove | Action::Empty | Action::Uid | Action::Dummy | Action::Clean => {
            if decision.enter == Enter::Profile {
                return Decision {
                    enter: Enter::Dummy,
                    ..decision
                };
            }
            return decision;
        }
        _ => {}
    }
    if STRUCTURE.contains(&element.tag.0) {
        return decision;
    }
    if let Some(items) = element.items() {
        let standard = element.tag == Tag(0x0040_A043) && items.iter().all(is_standard_code);
        return if standard {
            decision
        } else {
            Decision {
                action: Action::Dummy,
                enter: Enter::Dummy,
                ..decision
            }
        };
    }
    Decision {
        action: Action::Dummy,
        rule: Rule::TableE11,
        enter: Enter::No,
        how: How::Not,
    }
}

/// Whether an item is a code of a public scheme, whose meanings are not a clinic's own words.
fn is_standard_code(item: &DataSet<'_>) -> bool {
    is_public_code(item)
        && item
            .elements
            .iter()
            .all(|e| e.items().is_none_or(<[DataSet<'_>]>::is_empty))
}

/// Whether an item names a public coding scheme (PS3.16 section 8).
pub(crate) fn is_public_code(item: &DataSet<'_>) -> bool {
    item.ascii(tag(tags::CODING_SCHEME_DESIGNATOR))
        .is_some_and(|s| {
            matches!(
                s,
                "DCM"
                    | "SCT"
                    | "SRT"
                    | "SNM3"
                    | "LN"
                    | "UCUM"
                    | "FMA"
                    | "RADLEX"
                    | "NCIt"
                    | "ACR"
                    | "I10"
                    | "I10P"
            )
        })
}
