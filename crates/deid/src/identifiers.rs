//! The person's own identifiers, as found in the input: what must not be found in the output.

use std::collections::BTreeSet;

use cordon_dicom::{CharacterSet, DataSet, Element, Value, Vr, entry};
use cordon_protocol::{DeidOption, Tag};

use crate::overrides::Asked;
use crate::policy::Said;
use crate::rules::uids;
use crate::{Policy, SiteKey, dummy, iod, looks_derived, table};

/// Needles for the search of the finished bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identifiers {
    /// Whole values: names, numbers, dates, addresses.
    pub(crate) values: BTreeSet<String>,
    /// The parts of names and other texts, at least three characters.
    pub(crate) words: BTreeSet<String>,
    /// Names of institutions, stations and devices: not the person, but close to it.
    pub(crate) places: BTreeSet<String>,
    /// UIDs that are replaced.
    pub(crate) uids: BTreeSet<String>,
    /// The instance's own UID, which changes with every file.
    pub(crate) instance: Option<String>,
    /// Raw value fields as they came, for texts that did not decode.
    pub(crate) raw: BTreeSet<Vec<u8>>,
}

/// How many different UIDs of one file are searched for in raw bytes: those of patient,
/// study, series and frame of reference come first. All of them are checked in the tree.
const MAX_UIDS: usize = 64;
/// The same for texts.
const MAX_VALUES: usize = 512;

/// Values that software writes where nobody is named.
pub(crate) fn names_nobody(value: &str) -> bool {
    const WORDS: [&str; 26] = [
        "anon",
        "anonym",
        "anonymous",
        "anonymized",
        "anonymised",
        "unknown",
        "none",
        "null",
        "nil",
        "n/a",
        "na",
        "name",
        "noname",
        "no name",
        "not available",
        "patient",
        "removed",
        "deidentified",
        "de-identified",
        "unspecified",
        "undefined",
        "test",
        "empty",
        "hidden",
        "withheld",
        "last name",
    ];
    let lower = value.to_lowercase();
    WORDS.contains(&lower.as_str())
        || !value.chars().any(char::is_alphanumeric)
        || value.chars().all(|c| c == '0')
}

/// Attributes that name where the person was rather than who it is.
fn is_place(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0008_0080 // Institution Name
        | 0x0008_0081 // Institution Address
        | 0x0008_1010 // Station Name
        | 0x0008_1040 // Institutional Department Name
        | 0x0018_1000 // Device Serial Number
    )
}

/// Attributes that number or name the person.
fn is_personal(tag: Tag, vr: Vr) -> bool {
    if vr == Vr::PN || tag.group() == 0x0010 || tag.group() == 0x0038 {
        return true;
    }
    matches!(
        tag.0,
        0x0008_0050 // Accession Number
        | 0x0008_0092 // Referring Physician's Address
        | 0x0008_0094 // Referring Physician's Telephone Numbers
        | 0x0020_0010 // Study ID
        | 0x0012_0040 // Clinical Trial Subject ID
        | 0x0032_1032 // Requesting Physician
        | 0x0040_2016 // Placer Order Number
        | 0x0040_2017 // Filler Order Number
        | 0x0040_2008 // Order Entered By
        | 0x0040_1001 // Requested Procedure ID
        | 0x0040_0009 // Scheduled Procedure Step ID
        | 0x0040_0253 // Performed Procedure Step ID
    )
}

/// What decides which values are identifiers.
pub(crate) struct Under<'a> {
    pub(crate) key: &'a SiteKey,
    pub(crate) prefix: &'a str,
    pub(crate) policy: Policy,
}

/// Whether the policy takes the attribute out; what an option keeps is no identifier.
pub(crate) fn taken_out(tag: Tag, vr: Vr, policy: Policy) -> bool {
    if policy.asked(tag).is_some_and(Asked::keeps) {
        return false;
    }
    match table::row(tag) {
        Some(row) => policy.says(row) == Said::Nothing,
        None => vr == Vr::PN,
    }
}

impl Identifiers {
    /// Collects the identifiers of a data set, nested ones included.
    ///
    /// Only values that the profile takes out count: what stays by the table is no identifier.
    #[must_use]
    pub fn of(data: &DataSet<'_>, key: &SiteKey, prefix: &str, policy: Policy) -> Self {
        let mut this = Self::default();
        let under = Under {
            key,
            prefix,
            policy,
        };
        this.collect(data, &CharacterSet::default(), &under);
        if policy.has(DeidOption::RetainUids) {
            this.uids.clear();
            return this;
        }
        if let Some(own) = data.ascii(Tag(0x0008_0018))
            && !key.made_uid(own)
        {
            this.uids.remove(own);
            this.instance = Some(own.to_owned());
        }
        // A scanner set up as its maker's: that word says nothing about the place.
        let maker = data
            .text(Tag(0x0008_0070))
            .unwrap_or_default()
            .to_lowercase();
        this.places.retain(|p| !maker.contains(&p.to_lowercase()));
        this
    }

    fn collect(&mut self, data: &DataSet<'_>, inherited: &CharacterSet, under: &Under<'_>) {
        let set = data.character_set(inherited);
        // What the object says of its own patient comes before all that it says of others: there are
        // limits to how much is searched for.
        let patient = |e: &&Element<'_>| {
            e.tag.group() == 0x0010
                || matches!(
                    e.tag.0,
                    0x0008_0018 | 0x0020_000D | 0x0020_000E | 0x0020_0052
                )
        };
        let own = data.elements.iter().filter(patient);
        let others = data.elements.iter().filter(|e| !patient(e));
        for element in own.chain(others) {
            match &element.value {
                Value::Items(_) | Value::Fragments { .. } => {}
                Value::Bytes(bytes) => {
                    let bytes = dummy::trim(bytes);
                    let vr = entry(element.tag).map_or(element.vr, |e| e.vr);
                    if vr == Vr::UI || element.vr == Vr::UI {
                        self.add_uids(bytes, under.key);
                    } else if (is_personal(element.tag, vr) || is_place(element.tag))
                        && taken_out(element.tag, vr, under.policy)
                        && bytes.len() <= 4096
                    {
                        self.add_text(element.tag, vr, bytes, &set, under);
                    }
                }
            }
        }
        for item in data.elements.iter().filter_map(Element::items).flatten() {
            self.collect(item, &set, under);
        }
    }

    fn add_uids(&mut self, bytes: &[u8], key: &SiteKey) {
        for uid in uids(bytes) {
            if self.uids.len() >= MAX_UIDS {
                return;
            }
            if uid.len() >= 8
                && !iod::is_well_known_uid(&uid)
                && !(looks_derived(&uid) && key.made_uid(&uid))
            {
                self.uids.insert(uid);
            }
        }
    }

    fn add_text(&mut self, tag: Tag, vr: Vr, bytes: &[u8], set: &CharacterSet, under: &Under<'_>) {
        if self.values.len() >= MAX_VALUES || dummy::is_nothing(vr, bytes) {
            return;
        }
        // Codes and small numbers are no identifiers: sex, age, weight, "NO".
        if matches!(
            vr,
            Vr::CS | Vr::AS | Vr::DS | Vr::IS | Vr::TM | Vr::US | Vr::SS | Vr::UL
        ) {
            return;
        }
        let text = if vr.uses_character_set() {
            set.decode(bytes)
        } else {
            String::from_utf8_lossy(bytes).into_owned()
        };
        if !bytes.is_ascii() {
            self.raw.insert(dummy::trim(bytes).to_vec());
        }
        for value in text.split('\\') {
            let value = value.trim_matches(['\0', ' ']);
            if value.is_empty()
                || names_nobody(value)
                || under.key.made_pseudonym(under.prefix, value)
            {
                continue;
            }
            if is_place(tag) {
                if value.chars().count() >= 4 {
                    self.places.insert(value.to_owned());
                }
                continue;
            }
            // One word for a person who is not the patient may be any word.
            let single = vr == Vr::PN
                && tag.group() != 0x0010
                && value.is_ascii()
                && !value.contains(['^', ' ', ',']);
            if !single && (value.chars().count() >= 3 || !value.is_ascii()) {
                self.values.insert(value.to_owned());
            }
            if vr == Vr::PN || tag.group() == 0x0010 {
                self.add_words(value, vr);
            }
            if tag.group() == 0x0010 {
                self.add_forms(value, vr);
            }
        }
    }

    /// The patient's name, numbers and dates as others write them: a short name with a space, a
    /// number without its signs or letters, a birthday with dots.
    fn add_forms(&mut self, value: &str, vr: Vr) {
        let letters = |text: &str| text.bytes().any(|b| b.is_ascii_alphabetic());
        match vr {
            Vr::PN => {
                let parts: Vec<&str> = value.split(['^', '=']).filter(|p| !p.is_empty()).collect();
                if let [family, given, ..] = parts.as_slice()
                    && family.len() + given.len() >= 4
                {
                    self.values.insert(format!("{family} {given}"));
                    self.values.insert(format!("{given} {family}"));
                }
            }
            Vr::DA if value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit()) => {
                let (year, rest) = value.split_at(4);
                let (month, day) = rest.split_at(2);
                for sign in [".", "-", "/"] {
                    self.values.insert([day, month, year].join(sign));
                    self.values.insert([year, month, day].join(sign));
                }
                self.values.insert([month, day, year].join("/"));
            }
            Vr::LO | Vr::SH => {
                let bare: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
                if bare != value && bare.len() >= 5 && letters(&bare) && value.len() <= 24 {
                    self.values.insert(bare);
                }
                for run in value.split(|c: char| !c.is_ascii_digit()) {
                    if run.len() >= 6 && run.len() < value.len() {
                        self.words.insert(run.to_owned());
                    }
                }
            }
            _ => {}
        }
    }

    fn add_words(&mut self, value: &str, vr: Vr) {
        let separators = |c: char| {
            if vr == Vr::PN {
                matches!(c, '^' | '=' | ' ' | ',' | '.' | '-' | '_')
            } else {
                matches!(c, ' ' | ',' | '.' | '^' | ';' | '/')
            }
        };
        for word in value.split(separators) {
            let long = word.chars().count() >= 3 || (!word.is_ascii() && !word.is_empty());
            let number = word.bytes().all(|b| b.is_ascii_digit());
            if long && !(number && word.len() < 6) && !names_nobody(word) {
                self.words.insert(word.to_owned());
            }
        }
    }

    /// Whether there is nothing to search for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
            && self.words.is_empty()
            && self.places.is_empty()
            && self.uids.is_empty()
    }
}
