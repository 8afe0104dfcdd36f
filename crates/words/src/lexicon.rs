//! The words that Cordon knows: clinical vocabulary to keep, and names and places to doubt.
//!
//! The lists under `data/` were written for Cordon from general knowledge of radiology
//! and of languages; nothing was copied from a terminology or a census. They hold folded
//! words (lower case, no accents), a section per class.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use crate::{contact, fold, numbers, people, places, street};

/// The classes of a word; one word may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lex(u16);

impl Lex {
    pub(crate) const NONE: Self = Self(0);
    /// Function words and everyday words.
    pub(crate) const COMMON: Self = Self(1);
    /// Clinical vocabulary.
    pub(crate) const CLINICAL: Self = Self(2);
    /// Names that stand for a disease, a sign, a structure or a method.
    pub(crate) const EPONYM: Self = Self(4);
    /// Units of measurement.
    pub(crate) const UNIT: Self = Self(8);
    /// Given names.
    pub(crate) const GIVEN: Self = Self(16);
    /// Family names.
    pub(crate) const FAMILY: Self = Self(32);
    /// Towns.
    pub(crate) const TOWN: Self = Self(64);
    /// Small words inside names: "van der".
    pub(crate) const PARTICLE: Self = Self(128);
    /// Words for a hospital or a practice.
    pub(crate) const HOUSE: Self = Self(256);
    /// Words for a street.
    pub(crate) const STREET: Self = Self(512);
    /// The neutral words that stand for something taken out.
    pub(crate) const NEUTRAL: Self = Self(1024);
    /// Words that the scanners look for in their own lists.
    pub(crate) const CUE: Self = Self(2048);
    /// What is to be kept unless it is part of somebody's name.
    pub(crate) const KEEP: Self = Self(1 | 2 | 4 | 8 | 256 | 512 | 1024);
    /// What is on a list of names.
    pub(crate) const NAME: Self = Self(16 | 32);

    pub(crate) const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

const LISTS: [&str; 8] = [
    include_str!("data/common.txt"),
    include_str!("data/common-more.txt"),
    include_str!("data/anatomy.txt"),
    include_str!("data/imaging.txt"),
    include_str!("data/findings.txt"),
    include_str!("data/clinic.txt"),
    include_str!("data/names.txt"),
    include_str!("data/places.txt"),
];

/// A small hash for short words; nothing here comes from an adversary in numbers.
#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut hash = self.0 ^ 0xcbf2_9ce4_8422_2325;
        for b in bytes {
            hash = (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
        self.0 = hash ^ (hash >> 29);
    }

    fn write_usize(&mut self, _: usize) {}
}

type Words = HashMap<Box<[u8]>, Lex, BuildHasherDefault<Fnv>>;

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut all = Words::with_capacity_and_hasher(12_000, BuildHasherDefault::default());
        for list in LISTS {
            let mut lex = Lex::NONE;
            for line in list.lines() {
                if line.starts_with('#') {
                    continue;
                }
                if let Some(section) = line.strip_prefix('[') {
                    lex = section_class(section.trim_end_matches(']'));
                    continue;
                }
                for word in line.split_ascii_whitespace() {
                    for spelling in list_spellings(word) {
                        let known = all
                            .entry(spelling.into_bytes().into_boxed_slice())
                            .or_insert(Lex::NONE);
                        known.0 |= lex.0;
                    }
                }
            }
        }
        for list in [
            people::LISTS,
            numbers::LISTS,
            places::LISTS,
            street::LISTS,
            contact::LISTS,
        ] {
            for word in list.iter().copied().flatten() {
                let known = all.entry(word.as_bytes().into()).or_insert(Lex::NONE);
                known.0 |= Lex::CUE.0;
            }
        }
        all
    })
}

/// The folded word, and the one with two letters for an umlaut.
fn list_spellings(word: &str) -> Vec<String> {
    let mut all = vec![fold::squeeze(word)];
    if word.chars().any(|c| matches!(c, 'ä' | 'ö' | 'ü')) {
        let wide = word
            .replace('ä', "ae")
            .replace('ö', "oe")
            .replace('ü', "ue");
        all.push(fold::squeeze(&wide));
    }
    all
}

fn section_class(name: &str) -> Lex {
    match name {
        "common" => Lex::COMMON,
        "clinical" => Lex::CLINICAL,
        "eponym" => Lex::EPONYM,
        "unit" => Lex::UNIT,
        "given" => Lex::GIVEN,
        "family" => Lex::FAMILY,
        "town" => Lex::TOWN,
        "particle" => Lex::PARTICLE,
        "house" => Lex::HOUSE,
        "street" => Lex::STREET,
        "neutral" => Lex::NEUTRAL,
        _ => Lex::NONE,
    }
}

/// The classes of a folded word.
pub(crate) fn look_up(folded: &[u8]) -> Lex {
    words().get(folded).copied().unwrap_or(Lex::NONE)
}

/// How many words are in the clinical vocabulary (eponyms, units and clinical terms).
#[must_use]
pub fn vocabulary_size() -> usize {
    let clinical = Lex(Lex::CLINICAL.0 | Lex::EPONYM.0 | Lex::UNIT.0);
    words().values().filter(|lex| lex.any(clinical)).count()
}

/// Whether a word is in the vocabulary that is kept: clinical terms, eponyms, units, everyday words.
#[must_use]
pub fn is_vocabulary(word: &str) -> bool {
    let folded = fold::squeeze(word);
    look_up(folded.as_bytes()).any(Lex::KEEP) || is_built(folded.as_bytes())
}

/// Endings that clinical and everyday words have and names seldom do.
const ENDINGS: [&str; 62] = [
    "itis",
    "osis",
    "ose",
    "iasis",
    "ectomy",
    "ektomie",
    "ectomie",
    "graphy",
    "graphie",
    "grafie",
    "grafia",
    "scopy",
    "skopie",
    "scopie",
    "pathy",
    "pathie",
    "gramm",
    "gram",
    "gramme",
    "plasty",
    "plastik",
    "tomy",
    "tomie",
    "stomy",
    "emia",
    "emie",
    "algia",
    "algie",
    "uria",
    "megaly",
    "megalie",
    "trophy",
    "trophie",
    "plasia",
    "plasie",
    "sclerosis",
    "sklerose",
    "ation",
    "ations",
    "ationen",
    "azione",
    "acion",
    "sion",
    "sions",
    "ical",
    "ically",
    "ities",
    "ität",
    "ible",
    "able",
    "ierung",
    "ierungen",
    "iert",
    "isch",
    "ische",
    "ischen",
    "ischer",
    "isches",
    "ously",
    "ment",
    "lichen",
    "ique",
];

/// Whether a folded word that is in no list is built like a clinical one: by its ending,
/// or of two or three listed words, as German does.
pub(crate) fn is_built(folded: &[u8]) -> bool {
    let ending = folded.len() >= 8 && ENDINGS.iter().any(|e| folded.ends_with(e.as_bytes()));
    ending || inflected(folded) || is_compound(folded, 3)
}

/// A listed clinical or everyday word with the ending of a plural or a case.
fn inflected(folded: &[u8]) -> bool {
    ["s", "n", "e", "en", "es", "er", "em", "ed", "ing", "ly"]
        .iter()
        .filter_map(|e| folded.strip_suffix(e.as_bytes()))
        .any(|stem| stem.len() >= 4 && is_plain(stem))
}

fn is_plain(folded: &[u8]) -> bool {
    look_up(folded).any(Lex(Lex::CLINICAL.0 | Lex::COMMON.0))
}

fn is_compound(folded: &[u8], parts: usize) -> bool {
    if parts == 0 || folded.len() < 8 || !folded.is_ascii() {
        return false;
    }
    (4..=folded.len() - 4).any(|at| {
        let (head, tail) = folded.split_at(at);
        if !is_plain(head) {
            return false;
        }
        ["", "s", "n", "en", "es", "o"]
            .iter()
            .filter_map(|link| tail.strip_prefix(link.as_bytes()))
            .any(|rest| {
                rest.len() >= 4
                    && (is_plain(rest) || inflected(rest) || is_compound(rest, parts - 1))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_hold_what_they_promise() {
        assert!(vocabulary_size() >= 3000, "{}", vocabulary_size());
        for word in [
            "FLAIR",
            "Parkinson",
            "Schädel",
            "schaedel",
            "gadobutrol",
            "kV",
            "Leberlappen",
            "Knochenmetastasen",
        ] {
            assert!(is_vocabulary(word), "{word}");
        }
        for word in ["Kowalczyk", "Featherstone", "Xanthopoulos"] {
            assert!(!is_vocabulary(word), "{word}");
        }
    }
}
