//! Looks for a patient's planted identities anywhere in a file's bytes, in any encoding.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use cordon_dicom::encodings_of;

use crate::date::Day;
use crate::note::{folded, unmarked};
use crate::object::{Category, Object, Value};
use crate::people::{Name, Person};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Needle {
    /// The words.
    pub(super) text: String,
    /// What they are.
    pub(super) category: Category,
}

/// Looks for one person's identities.
#[derive(Debug)]
pub(super) struct Scanner {
    automaton: Option<AhoCorasick>,
    /// For each pattern its needle, and whether it is one byte a character.
    patterns: Vec<(usize, bool)>,
    needles: Vec<Needle>,
}

/// The shortest word that is searched for by itself: shorter ones occur by chance.
const SHORTEST: usize = 4;

fn of_name(name: &Name, category: Category, eponym: bool, out: &mut Vec<Needle>) {
    let mut add = |text: String| {
        if text.chars().count() >= SHORTEST || (!text.is_ascii() && text.chars().count() > 1) {
            out.push(Needle { text, category });
        }
    };
    if eponym {
        // The bare name is a word of medicine too.
        if !name.family.is_ascii() {
            add(name.family.clone());
        }
        add(format!("{}^{}", name.family, name.given));
        add(name.plain());
        add(format!("{}, {}", name.family, name.given));
        return;
    }
    for part in [&name.family, &name.given] {
        add(part.clone());
        if folded(part) != *part {
            add(folded(part));
        }
    }
    for part in &name.scripts {
        add(part.clone());
    }
}

/// All identities of a person and the studies on these days with these accession numbers.
#[must_use]
pub(super) fn needles(person: &Person, studies: &[(Day, String)]) -> Vec<Needle> {
    let mut out = Vec::new();
    of_name(&person.name, Category::Name, person.eponym, &mut out);
    for staff in [&person.physician, &person.reader, &person.operator] {
        of_name(staff, Category::Physician, staff.is_eponym(), &mut out);
    }
    let mut add = |category, text: String| {
        if text.chars().count() >= SHORTEST {
            out.push(Needle { text, category });
        }
    };
    let between = |text: &str| text.split('*').nth(1).unwrap_or_default().to_owned();
    add(Category::Name, person.other_name.clone());
    add(Category::Relative, person.relative.clone());
    for id in [&person.id, &person.other_id, &person.national] {
        add(Category::Id, id.clone());
    }
    add(Category::Phone, person.phone.chars().take(16).collect());
    add(Category::Email, person.email.clone());
    add(Category::Email, person.url.clone());
    add(Category::Address, unmarked(&person.street));
    add(Category::Address, person.town.clone());
    add(Category::Address, person.postal.clone());
    add(Category::Institution, between(&person.hospital));
    add(Category::Device, person.station.clone());
    add(Category::Device, person.serial.clone());
    let mut date = |day: Day, all: bool| {
        let mut forms = vec![day.dotted(), day.iso(), day.american(), day.words()];
        if all {
            forms.push(day.da());
        }
        for form in forms {
            add(Category::Date, form);
        }
    };
    date(person.birth, true);
    for (day, _) in studies {
        // A moved date of one study may be the true date of another: DA values are
        // checked where they stand instead.
        date(*day, false);
    }
    for (_, accession) in studies {
        add(Category::Accession, accession.clone());
    }
    let mut seen = BTreeSet::new();
    out.retain(|n| seen.insert(n.text.to_lowercase()));
    out
}

impl Scanner {
    /// A scanner for these needles.
    #[must_use]
    pub(super) fn new(needles: Vec<Needle>) -> Self {
        let mut bytes: BTreeMap<Vec<u8>, (usize, bool)> = BTreeMap::new();
        for (n, needle) in needles.iter().enumerate() {
            let count = needle.text.chars().count();
            let forms = [
                needle.text.clone(),
                needle.text.to_uppercase(),
                needle.text.to_lowercase(),
            ];
            // A letter that becomes two is another spelling, which is a needle of its own.
            for text in forms.into_iter().filter(|t| t.chars().count() == count) {
                for encoded in encodings_of(&text) {
                    // In ISO 2022 the bytes are letters too: their neighbours say nothing.
                    let narrow = text.is_ascii() || !encoded.is_ascii();
                    bytes.entry(encoded).or_insert((n, narrow));
                }
                let wide: Vec<u16> = text.encode_utf16().collect();
                let little = wide.iter().flat_map(|w| w.to_le_bytes()).collect();
                let big = wide.iter().flat_map(|w| w.to_be_bytes()).collect();
                bytes.entry(little).or_insert((n, false));
                bytes.entry(big).or_insert((n, false));
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(bytes.keys())
            .ok();
        Self {
            automaton,
            patterns: bytes.values().copied().collect(),
            needles,
        }
    }

    /// The needle of this number.
    #[must_use]
    pub(super) fn needle(&self, n: usize) -> Option<&Needle> {
        self.needles.get(n)
    }

    /// Which needles stand in these bytes as words of their own. `None`: the search could not
    /// be made, which must never pass for "nothing found".
    #[must_use]
    pub(super) fn scan(&self, bytes: &[u8]) -> Option<BTreeSet<usize>> {
        let automaton = self.automaton.as_ref()?;
        let mut out = BTreeSet::new();
        for hit in automaton.find_overlapping_iter(bytes) {
            let (needle, narrow) = self.patterns.get(hit.pattern().as_usize()).copied()?;
            let alone = |at: Option<usize>| {
                at.and_then(|at| bytes.get(at))
                    .is_none_or(|b| !b.is_ascii_alphanumeric())
            };
            if !narrow || (alone(hit.start().checked_sub(1)) && alone(Some(hit.end()))) {
                out.insert(needle);
            }
        }
        Some(out)
    }
}

/// The UIDs of this suite that a file names.
#[must_use]
pub(super) fn uids(object: &Object) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for node in object.0.values() {
        match &node.value {
            Value::Uid(uid) => {
                out.insert(uid.clone());
            }
            Value::Items(items) => items.iter().for_each(|item| out.extend(uids(item))),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_found_in_any_encoding_and_words_in_words_are_not() {
        let needle = |text: &str| Needle {
            text: text.to_owned(),
            category: Category::Name,
        };
        let scanner = Scanner::new(vec![needle("Müller"), needle("山田"), needle("Hale")]);
        let found = |bytes: &[u8]| scanner.scan(bytes).expect("scan");
        assert!(found(b"x M\xFCLLER y").contains(&0));
        assert!(found("müller".as_bytes()).contains(&0));
        assert!(found(b"\x1B$B;3ED\x1B(B^").contains(&1));
        let wide: Vec<u8> = "Müller".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(found(&wide).contains(&0));
        assert!(found(b"inhaled whale").is_empty());
        assert!(found(b"HALE^JO").contains(&2));
    }
}
