//! What a protocol asks for single attributes, compiled for a quick look at every attribute.
//!
//! An override stands above the table and the options and below what the object is
//! made of: pseudonym, stamps, groups that never leave. Whatever it lets stay still
//! meets the search for the person's own identifiers. What cannot be carried out on
//! a value takes the value out.
//!
//! A set of overrides lives as long as the process, so that a [`Policy`] stays a
//! small value that is copied everywhere; the same set is compiled once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cordon_dicom::{Element, Value, Vr};
use cordon_protocol::{
    Action, Attribute, AttributeAction, Deid, DeidOption, Rule, Tag, canonical_json,
};
use regex_lite::Regex;

use crate::policy::{Policy, Said};
use crate::rewrite::Job;
use crate::rules::{Decision, Enter, How, Place, keep_as_swept, leaf, taken_away, taken_out};
use crate::{SiteKey, dates, dummy, table};

/// The overrides of one protocol.
#[derive(Debug)]
pub(crate) struct Overrides {
    /// Sorted by tag.
    standard: Vec<(Tag, Asked)>,
    private: Vec<Private>,
    /// Whether something stays that profile and options take out.
    pub(crate) loosens: bool,
    /// Whether dates move by an override.
    pub(crate) shifts: bool,
    name: String,
}

impl PartialEq for Overrides {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Overrides {}

#[derive(Debug)]
struct Private {
    creator: String,
    group: u16,
    low: u8,
    asked: Asked,
}

/// What is asked for one attribute.
#[derive(Debug)]
pub(crate) struct Asked {
    what: What,
}

/// Each lives once, so its place is its identity.
impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
impl Eq for Asked {}

#[derive(Debug)]
enum What {
    Keep,
    Remove,
    Empty,
    Constant(String),
    Hash,
    Shift,
    Map(BTreeMap<String, String>),
    Clean { regex: Regex, replacement: String },
}

impl What {
    /// What cannot be understood takes the attribute out.
    fn of(attribute: &Attribute) -> Self {
        match attribute.action {
            AttributeAction::Keep => Self::Keep,
            AttributeAction::Remove => Self::Remove,
            AttributeAction::Empty => Self::Empty,
            AttributeAction::Hash => Self::Hash,
            AttributeAction::Shift => Self::Shift,
            AttributeAction::Map => Self::Map(attribute.table.clone()),
            AttributeAction::Constant => match &attribute.value {
                Some(value) => Self::Constant(value.clone()),
                None => Self::Remove,
            },
            AttributeAction::CleanRegex => {
                let regex = attribute.pattern.as_deref().map(Regex::new);
                match regex {
                    Some(Ok(regex)) => Self::Clean {
                        regex,
                        replacement: attribute.replacement.clone().unwrap_or_default(),
                    },
                    _ => Self::Remove,
                }
            }
        }
    }

    const fn lets_stay(&self) -> bool {
        matches!(
            self,
            Self::Keep | Self::Shift | Self::Map(_) | Self::Clean { .. }
        )
    }
}

/// All sets that this process has met, by their canonical form.
static KNOWN: Mutex<BTreeMap<String, &'static Overrides>> = Mutex::new(BTreeMap::new());

/// The overrides of a protocol; `None` when it has none.
pub(crate) fn of(deid: &Deid, options: Policy) -> Option<&'static Overrides> {
    if deid.attributes.is_empty() {
        return None;
    }
    let chosen: Vec<DeidOption> = options.options();
    let name = canonical_json(&(&chosen, &deid.attributes));
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(there) = known.get(&name) {
        return Some(there);
    }
    let made: &'static Overrides = Box::leak(Box::new(compile(deid, options, name.clone())));
    known.insert(name, made);
    Some(made)
}

fn compile(deid: &Deid, options: Policy, name: String) -> Overrides {
    let mut overrides = Overrides {
        standard: Vec::new(),
        private: Vec::new(),
        loosens: false,
        shifts: false,
        name,
    };
    for attribute in &deid.attributes {
        // A protocol is checked when it is read; in one that was not, a wrong row takes out.
        let what = match attribute.check(&deid.options) {
            Ok(()) => What::of(attribute),
            Err(_) => What::Remove,
        };
        let stays = what.lets_stay();
        overrides.shifts |= matches!(what, What::Shift);
        match (attribute.tag, &attribute.private) {
            (Some(tag), _) => {
                let listed = table::row(tag).is_some_and(|r| options.says(r) == Said::Nothing);
                overrides.loosens |= stays && listed;
                overrides.standard.push((tag, Asked { what }));
            }
            (None, Some(private)) => {
                let Some((group, low)) = private.numbers() else {
                    continue; // private attributes go when nothing is asked for them
                };
                overrides.loosens |= stays && !options.has(DeidOption::RetainSafePrivate);
                overrides.private.push(Private {
                    creator: private.creator.clone(),
                    group,
                    low,
                    asked: Asked { what },
                });
            }
            (None, None) => {}
        }
    }
    overrides.standard.sort_by_key(|(tag, _)| *tag);
    overrides
}

impl Overrides {
    /// What is asked for a standard attribute.
    pub(crate) fn standard(&self, tag: Tag) -> Option<&Asked> {
        let at = self.standard.binary_search_by_key(&tag, |(t, _)| *t).ok()?;
        self.standard.get(at).map(|(_, asked)| asked)
    }

    /// What is asked for a private attribute.
    pub(crate) fn private(&self, creator: &str, group: u16, low: u8) -> Option<&Asked> {
        self.private
            .iter()
            .find(|p| p.group == group && p.low == low && p.creator.eq_ignore_ascii_case(creator))
            .map(|p| &p.asked)
    }

    /// Whether private attributes are spoken of.
    pub(crate) fn has_private(&self) -> bool {
        !self.private.is_empty()
    }
}

/// What the override makes of an element; `None` when profile and options decide after all.
pub(crate) fn decide(
    asked: &'static Asked,
    element: &Element<'_>,
    vr: Vr,
    place: &Place<'_>,
) -> Option<Decision> {
    let rule = Rule::Override;
    let tag = element.tag;
    let by_value = Some(Decision {
        how: How::Asked(asked),
        ..leaf(Action::Clean, rule)
    });
    Some(match (&asked.what, &element.value) {
        (What::Remove, _) => taken_away(tag, place.node, rule),
        (What::Empty, _) => taken_out(tag, place.node, rule),
        (What::Keep, Value::Items(_)) if vr == Vr::SQ || tag.is_private() => Decision {
            enter: Enter::Profile,
            ..leaf(Action::Keep, rule)
        },
        (What::Keep, Value::Bytes(bytes)) => match vr {
            Vr::PN | Vr::DA | Vr::DT | Vr::UI => return None,
            Vr::TM if !tag.is_private() => return None,
            Vr::SQ if !bytes.is_empty() => leaf(Action::Remove, Rule::BadValue),
            Vr::AS => Decision {
                how: How::CapAge,
                ..leaf(Action::Clean, rule)
            },
            _ => keep_as_swept(element, place, vr, bytes),
        },
        (What::Hash, Value::Bytes(_)) if vr == Vr::UI => leaf(Action::Uid, rule),
        // Bytes of unknown meaning are no text to work on.
        (_, Value::Bytes(_)) if vr == Vr::UN => taken_away(tag, place.node, rule),
        (_, Value::Bytes(_)) => return by_value,
        _ => taken_away(tag, place.node, Rule::BadValue),
    })
}

/// Characters of a hashed value that carry it, and of its check code.
const BODY: usize = 10;
const CHECK: usize = 6;
/// How often a pattern is looked for again in what it left.
const ROUNDS: usize = 8;

impl Asked {
    /// Whether the value stays as it is.
    pub(crate) const fn keeps(&self) -> bool {
        matches!(self.what, What::Keep)
    }

    /// Whether the attribute is there afterwards at all.
    pub(crate) const fn stays(&self) -> bool {
        !matches!(self.what, What::Remove)
    }

    /// The value that is written; `None` when none can be made, and the old one has to go.
    pub(crate) fn value(&self, bytes: &[u8], vr: Vr, job: &Job<'_>) -> Option<Vec<u8>> {
        let text = || {
            let plain = !bytes.contains(&0x1B);
            plain.then(|| std::str::from_utf8(bytes).ok()).flatten()
        };
        let each = |make: &dyn Fn(&str) -> Option<String>| -> Option<Vec<u8>> {
            let made: Option<Vec<String>> = text()?
                .split('\\')
                .map(|v| v.trim_matches(['\0', ' ']))
                .map(|v| {
                    if v.is_empty() {
                        Some(String::new())
                    } else {
                        make(v)
                    }
                })
                .collect();
            Some(made?.join("\\").into_bytes())
        };
        match &self.what {
            What::Keep | What::Remove | What::Empty => None,
            What::Constant(value) => Some(value.clone().into_bytes()),
            What::Hash => each(&|v| Some(hash(job.key, v))),
            What::Shift => dates::shift(bytes, vr == Vr::DT, job.shift_days),
            What::Map(table) => each(&|v| match table.get(v) {
                Some(to) => Some(to.clone()),
                // Cleaned before: what the table gives is left alone.
                None => table.values().find(|to| *to == v).cloned(),
            }),
            What::Clean { regex, replacement } => {
                let mut text = text()?.trim_end_matches(['\0', ' ']).to_owned();
                for _ in 0..ROUNDS {
                    if !regex.is_match(&text) {
                        let again = job.searcher.is_repeated_in(text.as_bytes(), vr);
                        return (!again).then(|| text.into_bytes());
                    }
                    text = regex
                        .replace_all(&text, regex_lite::NoExpand(replacement))
                        .into_owned();
                }
                None
            }
        }
    }

    /// Whether a finished element is what the override leaves; `None` when profile and options
    /// have to say.
    pub(crate) fn judge(&self, element: &Element<'_>, vr: Vr) -> Option<bool> {
        let Value::Bytes(bytes) = &element.value else {
            let items = matches!(element.value, Value::Items(_));
            return match &self.what {
                What::Keep => Some(items),
                _ => None,
            };
        };
        if dummy::is_nothing(vr, bytes) || dummy::is_nothing(element.vr, bytes) {
            return Some(true);
        }
        let text = std::str::from_utf8(bytes)
            .ok()
            .map(|t| t.trim_end_matches(['\0', ' ']));
        let each = |fine: &dyn Fn(&str) -> bool| {
            text.is_some_and(|t| {
                t.split('\\')
                    .map(|v| v.trim_matches(['\0', ' ']))
                    .all(|v| v.is_empty() || fine(v))
            })
        };
        let like = |v: Vr| vr == v || element.vr == v;
        Some(match &self.what {
            What::Keep => {
                let swept = [Vr::PN, Vr::DA, Vr::DT, Vr::UI].into_iter().any(like);
                if swept || (like(Vr::TM) && !element.tag.is_private()) {
                    return None;
                }
                !like(Vr::AS)
                    || dates::cap_age(bytes)
                        .is_some_and(|age| text.map(str::as_bytes) == Some(&age))
            }
            What::Remove | What::Empty | What::Hash if like(Vr::UI) => return None,
            What::Remove | What::Empty => false,
            What::Constant(value) => text == Some(value.trim_end()),
            What::Hash => each(&looks_hashed),
            What::Shift => dates::shift(bytes, like(Vr::DT), 0).is_some(),
            What::Map(table) => each(&|v| table.values().any(|to| to == v)),
            What::Clean { regex, .. } => text.is_some_and(|t| !regex.is_match(t)),
        })
    }
}

/// Sixteen characters derived from a value under the site key: the same for the same value in
/// every attribute. What this key made is given back as it is.
fn hash(key: &SiteKey, value: &str) -> String {
    let code = |label: &str, text: &str, n| {
        let mac = key.authenticate(label, text.as_bytes());
        crate::keys::base32_of_hex(&mac, n)
    };
    if looks_hashed(value)
        && let Some((body, check)) = value.split_at_checked(BODY)
        && code("attribute-check", body, CHECK) == check
    {
        return value.to_owned();
    }
    let body = code("attribute", value, BODY);
    let check = code("attribute-check", &body, CHECK);
    format!("{body}{check}")
}

fn looks_hashed(value: &str) -> bool {
    value.len() == BODY + CHECK && value.bytes().all(|b| crate::keys::ALPHABET.contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_keyed_stable_and_recognised() {
        let key = SiteKey::from_bytes([1; 32]);
        let a = hash(&key, "ACC-4711");
        assert_eq!(a.len(), 16);
        assert_eq!(hash(&key, "ACC-4711"), a);
        assert_eq!(hash(&key, &a), a, "cleaning twice");
        assert!(looks_hashed(&a));
        let other = SiteKey::from_bytes([2; 32]);
        assert_ne!(hash(&other, "ACC-4711"), a);
        assert_ne!(hash(&other, &a), a);
    }

    #[test]
    fn the_same_set_is_compiled_once_and_a_wrong_row_takes_out() {
        let row = |action, tag| Attribute {
            tag: Some(tag),
            private: None,
            action,
            value: None,
            table: BTreeMap::new(),
            pattern: None,
            replacement: None,
            reason: "r".to_owned(),
        };
        let mut deid = Deid::default();
        // Nobody checked this one: a person's name cannot stay all the same.
        deid.attributes
            .push(row(AttributeAction::Keep, Tag(0x0008_0090)));
        deid.attributes
            .push(row(AttributeAction::Keep, Tag(0x0008_0080)));
        let a = of(&deid, Policy::basic()).expect("some");
        let b = of(&deid, Policy::basic()).expect("some");
        assert!(std::ptr::eq(a, b));
        let physician = a.standard(Tag(0x0008_0090)).expect("asked");
        assert!(!physician.keeps() && !physician.stays());
        assert!(a.standard(Tag(0x0008_0080)).expect("asked").keeps());
        assert!(a.loosens, "Institution Name is in the table");
        assert!(of(&Deid::default(), Policy::basic()).is_none());
    }
}
