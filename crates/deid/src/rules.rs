//! Which action an attribute meets: the table, the type in the IOD, and the sweeps.

use cordon_dicom::{DictionaryEntry, Element, Value, Vr, entry};
use cordon_protocol::{Action, DeidOption, Rule, Tag};

use crate::codes;
use crate::content::{Fate, is_value};
use crate::dates;
use crate::iod::{IodType, Known, Node};
use crate::overrides::{self, Asked};
use crate::policy::{Policy, Said};
use crate::private::{Basis, Blocks};
use crate::table::{self, Basic, Row};
use crate::text::{self, Around};
use cordon_words::Kind;

/// What to do with one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) action: Action,
    pub(crate) rule: Rule,
    /// A kept or dummied sequence: its items are entered.
    pub(crate) enter: Enter,
    /// For [`Action::Clean`]: how.
    pub(crate) how: How,
}

/// How a value is cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It is not.
    Not,
    /// A date or date-time moves by the patient's days.
    Shift,
    /// An age over 89 years is capped.
    CapAge,
    /// As the protocol asks for this attribute.
    Asked(&'static Asked),
    /// Text: what points to somebody is taken out.
    Text(Kind),
    /// Codes: those that hold a date or a number of somebody are taken out.
    Codes,
}

/// Where an element stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The place in the object's definition.
    pub(crate) node: Node,
    /// Sequences above.
    pub(crate) depth: usize,
    /// Profile and options.
    pub(crate) policy: Policy,
    /// The private blocks of the data set, where private attributes may stay.
    pub(crate) blocks: Option<&'a Blocks>,
    /// What the data set is among content items.
    pub(crate) fate: Fate,
    /// Whether the data set is a code of a public scheme.
    pub(crate) public_code: bool,
}

impl Place<'_> {
    /// What says who wrote the texts here.
    pub(crate) fn around(&self, private: Option<Rule>) -> Around {
        Around {
            public_code: self.public_code,
            private,
            kept: self.fate == Fate::Keep,
        }
    }
}

/// How the items of a sequence are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enter {
    /// Not a sequence that stays.
    No,
    /// Each item meets the profile.
    Profile,
    /// Each item meets the profile, and what stays of it becomes a dummy.
    Dummy,
}

pub(crate) const fn leaf(action: Action, rule: Rule) -> Decision {
    Decision {
        action,
        rule,
        enter: Enter::No,
        how: How::Not,
    }
}

/// What the type in the IOD asks of an attribute that the profile takes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// May be absent.
    Nothing,
    /// Must be there, may be empty.
    Presence,
    /// Must have a value.
    Content,
    /// Nobody knows.
    Unknown,
}

fn need(node: Node, tag: Tag) -> Need {
    match node.type_of(tag) {
        Known::UnknownClass => Need::Unknown,
        Known::NotInIod | Known::Type(IodType::Three) => Need::Nothing,
        Known::Type(IodType::Two | IodType::TwoC) => Need::Presence,
        // A conditional attribute that is there is there because its condition holds.
        Known::Type(IodType::One | IodType::OneC) => Need::Content,
    }
}

/// One action of Table E.1-1a, compounds resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolved {
    X,
    Z,
    D,
    U,
    /// Keep the items of a sequence and replace the UIDs in them.
    UidsInside,
}

/// Resolves the Basic Profile column by the type of the attribute in the object's IOD
/// (Table E.1-1a); where nobody knows, by the strictest reading that leaves a valid object.
fn resolve(basic: Basic, need: Need) -> Resolved {
    use Need::{Content, Nothing, Presence, Unknown};
    use Resolved::{D, U, UidsInside, X, Z};
    match (basic, need) {
        (Basic::U, _) => U,
        (Basic::Xzu, Presence | Content | Unknown) => UidsInside,
        // Never removed where the object would become invalid: emptied or filled instead,
        // which takes out the same value.
        (Basic::X | Basic::Xz | Basic::Xd | Basic::Xzd, Nothing)
        | (Basic::X, Unknown)
        | (Basic::Xzu, Nothing) => X,
        (Basic::X | Basic::Xz | Basic::Xzd | Basic::Z | Basic::Zd, Presence)
        | (Basic::Z, Nothing | Unknown)
        | (Basic::Zd, Nothing)
        | (Basic::Xz, Unknown) => Z,
        (Basic::X | Basic::Xz | Basic::Xd | Basic::Xzd | Basic::Z | Basic::Zd, Content)
        | (Basic::Xd, Presence | Unknown)
        | (Basic::Xzd | Basic::Zd, Unknown)
        | (Basic::D, _) => D,
    }
}

/// Patient's Name and Patient ID take the pseudonym.
pub(crate) const PATIENT_NAME: Tag = Tag(0x0010_0010);
pub(crate) const PATIENT_ID: Tag = Tag(0x0010_0020);
const RESPONSIBLE_PERSON: Tag = Tag(0x0010_2297);
/// Type 1C: only beside Responsible Person, which the table removes (PS3.3 section C.7.1.1).
const RESPONSIBLE_PERSON_ROLE: Tag = Tag(0x0010_2298);

/// Encrypted Attributes Sequence: what an earlier tool took out, for who has its key.
pub(crate) const ENCRYPTED: Tag = Tag(0x0400_0500);

/// Attributes that Table E.1-1 does not name although they say who somebody is: birthdays in other
/// calendars, numbers of orders, the source of a clock, people who wrote something.
const FORGOTTEN: [Tag; 11] = [
    Tag(0x0010_0033), // Patient's Birth Date in Alternative Calendar
    Tag(0x0010_0034), // Patient's Death Date in Alternative Calendar
    Tag(0x0010_0035), // Patient's Alternative Calendar
    Tag(0x0010_2295), // Breed Registration Number
    Tag(0x0018_1803), // NTP Source Address
    Tag(0x0040_1006), // Placer Order Number / Procedure
    Tag(0x0040_1007), // Filler Order Number / Procedure
    Tag(0x0040_2006), // Placer Order Number / Imaging Service Request
    Tag(0x0040_2007), // Filler Order Number / Imaging Service Request
    Tag(0x0072_0008), // Hanging Protocol Creator
    Tag(0x0074_100C), // Contact Display Name
];

/// Whether an attribute goes although the table does not name it.
pub(crate) fn is_forgotten(tag: Tag) -> bool {
    FORGOTTEN.contains(&tag)
}

/// Dates that everybody knows, or that all patients of a device share: moved with the patient's own
/// they would tell by how much.
const KNOWN_DATES: [Tag; 10] = [
    Tag(0x0008_0106), // Context Group Version
    Tag(0x0008_0107), // Context Group Local Version
    Tag(0x0018_1200), // Date of Last Calibration
    Tag(0x0018_1202), // DateTime of Last Calibration
    Tag(0x0018_1203), // Calibration DateTime
    Tag(0x0018_1204), // Date of Manufacture
    Tag(0x0018_1205), // Date of Installation
    Tag(0x0018_700C), // Date of Last Detector Calibration
    Tag(0x0040_DB06), // Template Version
    Tag(0x0040_DB07), // Template Local Version
];

/// Whether a date would tell by how much the dates of a patient have moved, if they have.
pub(crate) fn tells_the_shift(tag: Tag, policy: Policy) -> bool {
    policy.has(DeidOption::RetainModifiedDates) && KNOWN_DATES.contains(&tag)
}

/// Decides about one element of a data set.
pub(crate) fn decide(element: &Element<'_>, place: &Place<'_>) -> Decision {
    let tag = element.tag;
    if tag.is_private() {
        return match place.blocks.and_then(|b| b.basis(tag)) {
            Some(basis) => by_basis(element, basis, place),
            None => leaf(Action::Remove, Rule::Private),
        };
    }
    if tag.is_group_length() {
        return leaf(Action::Remove, Rule::GroupLength);
    }
    match tag.group() {
        0x0000 => return leaf(Action::Remove, Rule::CommandGroup),
        0x0002 => return leaf(Action::Remove, Rule::FileMeta),
        0x0004 => return leaf(Action::Remove, Rule::DirectoryGroup),
        0xFFFC => return leaf(Action::Remove, Rule::TrailingPadding),
        // With the overlay's data gone, what describes them describes nothing.
        g if g & 0xFF00 == 0x6000 => return leaf(Action::Remove, Rule::RepeatingGroup),
        _ => {}
    }
    if tag == ENCRYPTED {
        return leaf(Action::Remove, Rule::TableE11);
    }
    if place.depth == 0 && (tag == PATIENT_NAME || tag == PATIENT_ID) {
        return leaf(Action::Pseudonym, Rule::TableE11);
    }
    if place.fate == Fate::Dummy && is_value(tag) {
        return leaf(Action::Dummy, Rule::TableE341);
    }
    let known = entry(tag);
    if let Some(asked) = place.policy.asked(tag) {
        let vr = known.map_or(element.vr, |e| e.vr);
        if let Some(decision) = overrides::decide(asked, element, vr, place) {
            return decision;
        }
    }
    if is_forgotten(tag) {
        return taken_out(tag, place.node, Rule::TableE11);
    }
    if tag == RESPONSIBLE_PERSON_ROLE && place.policy.asked(RESPONSIBLE_PERSON).is_none() {
        return leaf(Action::Remove, Rule::TableE11);
    }
    match table::row(tag) {
        Some(row) => by_table(element, row, place, known),
        None => by_sweep(element, place, known),
    }
}

/// A private attribute that is known to be safe still meets the sweep by VR.
fn by_basis(element: &Element<'_>, basis: Basis, place: &Place<'_>) -> Decision {
    let vr = match (element.vr, basis.vr) {
        (Vr::UN, Some(vr)) => vr,
        (vr, _) => vr,
    };
    if let Some(asked) = basis.asked
        && let Some(decision) = overrides::decide(asked, element, vr, place)
    {
        return decision;
    }
    let keep = leaf(Action::Keep, basis.rule);
    match &element.value {
        Value::Items(_) => Decision {
            enter: Enter::Profile,
            ..keep
        },
        Value::Fragments { .. } => leaf(Action::Remove, Rule::Private),
        // Items that could not be read cannot be judged one by one.
        Value::Bytes(bytes) if vr == Vr::SQ && !bytes.is_empty() => {
            leaf(Action::Remove, Rule::BadValue)
        }
        Value::Bytes(bytes) => match vr {
            Vr::PN => leaf(Action::Remove, Rule::SweepPersonName),
            Vr::DA | Vr::DT => match date(place.policy) {
                Some(decision) => decision,
                None => leaf(Action::Remove, Rule::SweepDate),
            },
            Vr::UI if stays_as_uid(bytes, place.policy) => keep,
            Vr::UI => leaf(Action::Uid, Rule::SweepUid),
            _ if vr.is_text() && hides_behind_nul(bytes) => leaf(Action::Remove, Rule::BadValue),
            _ => Decision {
                how: text::kind(element.tag, vr, place.around(Some(basis.rule)))
                    .map_or(How::Not, How::Text),
                ..keep
            },
        },
    }
}

/// What the date options say of a date that no row names.
fn date(policy: Policy) -> Option<Decision> {
    if policy.has(DeidOption::RetainFullDates) {
        let rule = Rule::Option(DeidOption::RetainFullDates);
        return Some(leaf(Action::Keep, rule));
    }
    policy
        .has(DeidOption::RetainModifiedDates)
        .then(|| Decision {
            how: How::Shift,
            ..leaf(Action::Clean, Rule::Option(DeidOption::RetainModifiedDates))
        })
}

/// What an option makes of a row of the table; `None` when the profile holds.
fn by_option(element: &Element<'_>, row: &Row, policy: Policy, vr: Vr) -> Option<Decision> {
    let (option, keep) = match policy.says(row) {
        Said::Nothing => return None,
        Said::Keep(option) => (option, true),
        Said::Clean(option) => (option, false),
    };
    let rule = Rule::Option(option);
    if tells_the_shift(element.tag, policy) {
        return None;
    }
    match &element.value {
        // An overlay or a curve may be a picture of text: the profile takes it out.
        Value::Bytes(_) if option == DeidOption::CleanGraphics => None,
        Value::Items(_) if vr == Vr::SQ => Some(Decision {
            enter: Enter::Profile,
            ..leaf(Action::Keep, rule)
        }),
        Value::Bytes(bytes) if vr != Vr::SQ || bytes.is_empty() => {
            if vr == Vr::AS {
                return Some(Decision {
                    how: How::CapAge,
                    ..leaf(Action::Clean, rule)
                });
            }
            // What has not the form of a UID is text, and no UID to be retained.
            if vr == Vr::UI && !stays_as_uid(bytes, policy) {
                return Some(leaf(Action::Uid, Rule::SweepUid));
            }
            // What an option keeps has the form of its values; the rest goes as the profile says.
            let is_date = vr != Vr::DA || dates::shift(bytes, false, 0).is_some();
            let is_value = !entry(element.tag).is_some_and(|e| is_no_value(element, e, bytes));
            if !(is_date && is_value || crate::dummy::is_nothing(vr, bytes)) {
                return None;
            }
            if keep || (vr == Vr::TM && option == DeidOption::RetainModifiedDates) {
                return Some(leaf(Action::Keep, rule));
            }
            let how = if option == DeidOption::RetainModifiedDates {
                How::Shift
            } else if hides_behind_nul(bytes) {
                return None;
            } else {
                How::Text(text::kind_of_row(element.tag, vr)?)
            };
            Some(Decision {
                how,
                ..leaf(Action::Clean, rule)
            })
        }
        _ => None,
    }
}

fn by_table(
    element: &Element<'_>,
    row: &Row,
    place: &Place<'_>,
    known: Option<DictionaryEntry>,
) -> Decision {
    let vr = known.map_or(element.vr, |e| e.vr);
    if let Some(decision) = by_option(element, row, place.policy, vr) {
        return decision;
    }
    let rule = match element.tag.group() >> 8 {
        0x50 | 0x60 => Rule::RepeatingGroup,
        _ => Rule::TableE11,
    };
    let sequence = vr == Vr::SQ;
    let need = need(place.node, element.tag);
    match (resolve(row.basic, need), &element.value) {
        (Resolved::X, _) => leaf(Action::Remove, rule),
        (Resolved::Z, _) => leaf(Action::Empty, rule),
        (Resolved::UidsInside, Value::Items(_)) => Decision {
            enter: Enter::Profile,
            ..leaf(Action::Keep, rule)
        },
        (Resolved::D, Value::Items(items)) if sequence && !items.is_empty() => Decision {
            enter: Enter::Dummy,
            ..leaf(Action::Dummy, rule)
        },
        (Resolved::U, Value::Bytes(_)) => leaf(Action::Uid, rule),
        (Resolved::D, Value::Bytes(_)) if !sequence => leaf(Action::Dummy, rule),
        // A value of another shape than the attribute has: nothing of it can stay.
        _ => leaf(Action::Empty, Rule::BadValue),
    }
}

fn by_sweep(element: &Element<'_>, place: &Place<'_>, known: Option<DictionaryEntry>) -> Decision {
    let Some(known) = known else {
        return leaf(Action::Remove, Rule::UnknownAttribute);
    };
    if element.tag.group() >> 8 == 0x7F && !is_own_pixels(element.tag, place.depth) {
        return leaf(Action::Remove, Rule::RepeatingGroup);
    }
    match &element.value {
        Value::Items(_) if known.vr == Vr::SQ => Decision {
            enter: Enter::Profile,
            ..leaf(Action::Keep, Rule::NotListed)
        },
        Value::Items(_) => leaf(Action::Remove, Rule::BadValue),
        Value::Fragments { .. } if element.tag == Tag(0x7FE0_0010) => {
            leaf(Action::Keep, Rule::NotListed)
        }
        Value::Fragments { .. } => leaf(Action::Remove, Rule::BadValue),
        Value::Bytes(bytes) => {
            if known.vr == Vr::SQ {
                // An empty sequence is harmless; bytes where items belong are not.
                return if bytes.is_empty() {
                    leaf(Action::Keep, Rule::NotListed)
                } else {
                    leaf(Action::Remove, Rule::BadValue)
                };
            }
            sweep_value(element, place, known, bytes)
        }
    }
}

/// Whether pixel data are those of the object itself, which its rows and columns describe and the
/// pixel stages look at. Those of an item and those of the retired groups nobody sees.
const fn is_own_pixels(tag: Tag, depth: usize) -> bool {
    depth == 0
        && matches!(
            tag.0,
            0x7FE0_0001..=0x7FE0_0003 | 0x7FE0_0008 | 0x7FE0_0009 | 0x7FE0_0010
        )
}

/// The sweep by VR: the VR that was written and the one of PS3.6 both count.
fn sweep_value(
    element: &Element<'_>,
    place: &Place<'_>,
    known: DictionaryEntry,
    bytes: &[u8],
) -> Decision {
    let is = |vr| known.vr == vr || element.vr == vr;
    let out = |rule| taken_out(element.tag, place.node, rule);
    if is(Vr::PN) {
        return out(Rule::SweepPersonName);
    }
    if is(Vr::DA) || is(Vr::DT) {
        return date(place.policy)
            .filter(|_| !tells_the_shift(element.tag, place.policy))
            .unwrap_or_else(|| out(Rule::SweepDate));
    }
    if is(Vr::UI) {
        return if stays_as_uid(bytes, place.policy) {
            leaf(Action::Keep, Rule::Option(DeidOption::RetainUids))
        } else if uids(bytes).all(|uid| crate::iod::is_well_known_uid(&uid)) {
            leaf(Action::Keep, Rule::NotListed)
        } else {
            leaf(Action::Uid, Rule::SweepUid)
        };
    }
    // An address names a server, and often who lies on it; nothing can be cleaned out of it.
    if is(Vr::UR) && !crate::dummy::is_nothing(Vr::UR, bytes) {
        return out(Rule::SweepAddress);
    }
    if is_of_another_vr(element, known) {
        return leaf(Action::Remove, Rule::BadValue);
    }
    if is_no_value(element, known, bytes) {
        return out(Rule::BadValue);
    }
    if known.vr == Vr::CS && codes::holds_number(bytes) {
        return Decision {
            how: How::Codes,
            ..leaf(Action::Clean, Rule::BadValue)
        };
    }
    Decision {
        how: text::kind(element.tag, known.vr, place.around(None)).map_or(How::Not, How::Text),
        ..leaf(Action::Keep, Rule::NotListed)
    }
}

/// A value that the protocol keeps, unless it is no value of its attribute.
pub(crate) fn keep_as_swept(
    element: &Element<'_>,
    place: &Place<'_>,
    vr: Vr,
    bytes: &[u8],
) -> Decision {
    let bad = match entry(element.tag) {
        Some(known) => {
            let decision = sweep_value(element, place, known, bytes);
            (decision.action != Action::Keep).then_some(decision)
        }
        None if vr.is_text() && hides_behind_nul(bytes) => {
            Some(leaf(Action::Remove, Rule::BadValue))
        }
        None => None,
    };
    bad.unwrap_or(leaf(Action::Keep, Rule::Override))
}

/// An attribute that goes: emptied or filled where the object needs it.
pub(crate) fn taken_away(tag: Tag, node: Node, rule: Rule) -> Decision {
    match need(node, tag) {
        Need::Nothing | Need::Unknown => leaf(Action::Remove, rule),
        Need::Presence => leaf(Action::Empty, rule),
        Need::Content => leaf(Action::Dummy, rule),
    }
}

/// A value that goes although no row of the table names it: filled where the object needs one.
pub(crate) fn taken_out(tag: Tag, node: Node, rule: Rule) -> Decision {
    let action = match need(node, tag) {
        Need::Content => Action::Dummy,
        _ => Action::Empty,
    };
    leaf(action, rule)
}

fn is_of_another_vr(element: &Element<'_>, known: DictionaryEntry) -> bool {
    !known.vr_varies && element.vr != known.vr && !compatible(element.vr, known.vr)
}

/// Whether something else is written where a value of an attribute belongs: under another VR, text
/// behind a NUL, or text where a number, a time or an age belongs.
pub(crate) fn is_no_value(element: &Element<'_>, known: DictionaryEntry, bytes: &[u8]) -> bool {
    is_of_another_vr(element, known)
        || known.vr.is_text() && hides_behind_nul(bytes)
        || is_typed_text(known.vr) && !bytes.iter().all(|b| fits(known.vr, *b))
}

/// Whether text goes on after a NUL, where most readers stop.
pub(crate) fn hides_behind_nul(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .position(|b| *b == 0)
        .is_some_and(|at| bytes.iter().skip(at).any(|b| !matches!(b, 0 | b' ')))
}

/// VRs that a writer may take for one another without changing what the value means.
const fn compatible(written: Vr, known: Vr) -> bool {
    matches!(
        (written, known),
        (
            Vr::LO | Vr::SH | Vr::CS | Vr::ST | Vr::LT | Vr::UT | Vr::UC,
            Vr::LO | Vr::SH | Vr::ST | Vr::LT | Vr::UT | Vr::UC | Vr::CS
        ) | (Vr::US | Vr::SS, Vr::US | Vr::SS)
            | (Vr::UL | Vr::SL, Vr::UL | Vr::SL)
            | (Vr::OB | Vr::OW | Vr::UN, Vr::OB | Vr::OW)
            | (Vr::DS | Vr::IS, Vr::DS | Vr::IS)
            | (Vr::UN, _)
    )
}

const fn is_typed_text(vr: Vr) -> bool {
    matches!(vr, Vr::DS | Vr::IS | Vr::TM | Vr::AS)
}

/// Whether a byte can stand in a value of a VR with a restricted repertoire (PS3.5 table 6.2-1).
fn fits(vr: Vr, b: u8) -> bool {
    let common = b.is_ascii_digit() || matches!(b, b' ' | 0 | b'\\');
    common
        || match vr {
            Vr::DS => matches!(
                b,
                b'+' | b'-' | b'E' | b'e' | b'.' | b'N' | b'a' | b'n' | b'i' | b'f'
            ),
            Vr::IS => matches!(b, b'+' | b'-' | b'.'),
            Vr::TM => matches!(b, b'.' | b':' | b'-'),
            Vr::AS => matches!(b, b'D' | b'W' | b'M' | b'Y'),
            _ => true,
        }
}

/// Whether UIDs are retained, and these are some.
fn stays_as_uid(bytes: &[u8], policy: Policy) -> bool {
    policy.has(DeidOption::RetainUids) && uids(bytes).all(|uid| crate::iod::is_uid(&uid))
}

/// The UIDs of a value field, padding cut. What is not ASCII becomes U+FFFD and so no known UID.
pub(crate) fn uids(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    bytes
        .split(|b| *b == b'\\')
        .map(|part| {
            String::from_utf8_lossy(part)
                .trim_matches(['\0', ' ', '\t', '\r', '\n'])
                .to_owned()
        })
        .filter(|uid| !uid.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iod;

    const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

    fn of(tag: u32, vr: Vr, bytes: &'static [u8]) -> (Action, Rule) {
        let element = Element {
            tag: Tag(tag),
            vr,
            value: Value::Bytes(bytes),
            offset: 0,
        };
        let place = Place {
            node: iod::root(CT),
            depth: 0,
            policy: Policy::basic(),
            blocks: None,
            fate: Fate::Profile,
            public_code: false,
        };
        let d = decide(&element, &place);
        (d.action, d.rule)
    }

    #[test]
    fn the_table_is_resolved_by_type() {
        // Type 2 in General Study: X/Z/D and plain Z.
        assert_eq!(
            of(0x0008_0020, Vr::DA, b"20200101"),
            (Action::Empty, Rule::TableE11)
        );
        // Type 3 in General Equipment.
        assert_eq!(
            of(0x0008_0080, Vr::LO, b"Clinic"),
            (Action::Remove, Rule::TableE11)
        );
        assert_eq!(
            of(0x0008_0018, Vr::UI, b"1.2.3"),
            (Action::Uid, Rule::TableE11)
        );
        assert_eq!(
            of(0x0010_0010, Vr::PN, b"A^B"),
            (Action::Pseudonym, Rule::TableE11)
        );
    }

    #[test]
    fn what_the_table_forgets_is_swept() {
        // Evaluator Name is a PN outside the table.
        assert_eq!(
            of(0x0008_0016, Vr::UI, CT.as_bytes()),
            (Action::Keep, Rule::NotListed)
        );
        assert_eq!(
            of(0x0028_0010, Vr::US, &[0, 1]),
            (Action::Keep, Rule::NotListed)
        );
        assert_eq!(
            of(0x0028_0010, Vr::PN, b"A^B"),
            (Action::Empty, Rule::SweepPersonName)
        );
        assert_eq!(
            of(0x0018_0050, Vr::DS, b"John"),
            (Action::Empty, Rule::BadValue)
        );
        assert_eq!(
            of(0x0018_0050, Vr::DS, b"1.25 "),
            (Action::Keep, Rule::NotListed)
        );
        assert_eq!(
            of(0x0010_9998, Vr::LO, b"x"),
            (Action::Remove, Rule::UnknownAttribute)
        );
        assert_eq!(
            of(0x0009_0010, Vr::LO, b"x"),
            (Action::Remove, Rule::Private)
        );
        assert_eq!(
            of(0x0008_1110, Vr::UN, b"bytes"),
            (Action::Remove, Rule::TableE11)
        );
    }
}
