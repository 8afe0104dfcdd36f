//! The search: everything in the table that says who somebody is, looked for in every
//! cell that leaves, of its own row and of all others.
//!
//! Cells are folded and cut into words and numbers; every run of up to eight of them is
//! put together and looked up. So `47-11/23` finds `471123` and `MRN4711 23`, and
//! `Müller, Anna` finds `ANNA MUELLER`, without a search for each of a hundred thousand
//! needles.

use std::collections::HashMap;

use crate::fold::{fold, fold_wide, number, tokens};
use crate::mapping::Identity;

/// What a needle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needle {
    /// One word of a name or place, or a short number: it may be chance.
    Word,
    /// A whole identifying value.
    Value,
}

/// Most parts that are put together.
const PARTS: usize = 8;
/// Words of addresses and names that name nobody.
const COMMON: &[&str] = &[
    "von",
    "van",
    "der",
    "den",
    "des",
    "del",
    "della",
    "das",
    "dos",
    "med",
    "prof",
    "herr",
    "frau",
    "mrs",
    "miss",
    "und",
    "and",
    "the",
    "strasse",
    "str",
    "street",
    "road",
    "avenue",
    "ave",
    "rue",
    "calle",
    "via",
    "weg",
    "platz",
    "allee",
    "gasse",
    "lane",
    "drive",
    "house",
    "haus",
    "unknown",
    "unbekannt",
    "none",
    "null",
    "nan",
    "yes",
    "nein",
    "non",
    "keine",
    "hospital",
    "klinik",
    "krankenhaus",
    "clinic",
    "hopital",
    "ospedale",
    "clinique",
    "universitat",
    "university",
    "center",
    "centre",
    "zentrum",
    "north",
    "south",
    "east",
    "west",
    "test",
    "left",
    "right",
    "male",
    "female",
    "mann",
];

/// All needles of a table. It holds identities, so it shows nothing.
#[derive(Default)]
pub(crate) struct Needles {
    known: HashMap<String, Needle>,
    longest: usize,
    /// Identifiers that are too short to be searched for.
    pub(crate) too_short: u64,
}

impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Needles({})", self.known.len())
    }
}

impl Needles {
    /// Takes a cell of a column that tells who somebody is. Dates of birth are compared as
    /// dates, elsewhere.
    pub(crate) fn add(&mut self, cell: &str, identity: Identity) {
        let cell = cell.trim();
        if cell.is_empty() || identity == Identity::Birth {
            return;
        }
        let spellings = [fold(cell), fold_wide(cell)];
        for folded in &spellings {
            let parts = tokens(folded);
            let number = matches!(identity, Identity::Number | Identity::Contact);
            // A single word can be anybody's: "Fischer" is a trade as well.
            let most = if parts.len() == 1 && !number {
                Needle::Word
            } else {
                Needle::Value
            };
            self.put(&parts.concat(), most);
            if number {
                continue;
            }
            if let (2..=4, Identity::Name) = (parts.len(), identity) {
                let mut turned = parts.clone();
                turned.rotate_left(1);
                self.put(&turned.concat(), Needle::Value);
                turned.rotate_left(1);
                self.put(&turned.concat(), Needle::Value);
            }
            for part in parts {
                let long = part.chars().count() >= 3 || !part.is_ascii();
                let digits = part.bytes().all(|b| b.is_ascii_digit());
                if long && !(digits && part.len() < 5) && !COMMON.contains(&part) {
                    self.put(part, Needle::Word);
                }
            }
        }
        let plain = tokens(&spellings[0]).concat();
        if identity == Identity::Number && self.strength(&plain).is_none() {
            self.too_short += 1;
        }
    }

    /// How a value that belongs to somebody is searched for; `None` when chance would find it.
    fn strength(&self, squeezed: &str) -> Option<Needle> {
        let letters = squeezed.chars().count();
        let digits = squeezed.bytes().filter(u8::is_ascii_digit).count();
        let all_digits = digits == letters;
        match letters {
            0..=2 if squeezed.is_ascii() => None,
            _ if COMMON.contains(&squeezed) => None,
            3..=4 if all_digits => None,
            // Five to seven digits can be a measurement; four letters can be a word.
            _ if all_digits && letters < 8 => Some(Needle::Word),
            _ if digits == 0 && letters < 6 => Some(Needle::Word),
            3..=4 => Some(Needle::Word),
            _ => Some(Needle::Value),
        }
    }

    fn put(&mut self, squeezed: &str, most: Needle) {
        if let Some(needle) = self.strength(squeezed) {
            let needle = needle.min(most);
            let entry = self.known.entry(squeezed.to_owned()).or_insert(needle);
            *entry = (*entry).max(needle);
            self.longest = self.longest.max(squeezed.len());
        }
    }

    /// The weightiest needle in a cell.
    pub(crate) fn find(&self, cell: &str) -> Option<Needle> {
        if cell.is_empty() || self.known.is_empty() {
            return None;
        }
        // The digits of a decimal number are no words.
        if number(cell).is_some() && cell.contains(['.', ',']) {
            let whole = cell
                .trim()
                .trim_end_matches('0')
                .trim_end_matches(['.', ',']);
            let plain = whole.bytes().all(|b| b.is_ascii_digit());
            return plain.then(|| self.known.get(whole).copied()).flatten();
        }
        let narrow = fold(cell);
        let wide = fold_wide(cell);
        let first = self.find_folded(&narrow);
        if wide == narrow {
            return first;
        }
        first.max(self.find_folded(&wide))
    }

    fn find_folded(&self, folded: &str) -> Option<Needle> {
        let parts = tokens(folded);
        let mut best = None;
        let mut joined = String::new();
        for start in 0..parts.len() {
            joined.clear();
            for part in parts.iter().skip(start).take(PARTS) {
                joined.push_str(part);
                if joined.len() > self.longest {
                    break;
                }
                best = best.max(self.known.get(&joined).copied());
                if best == Some(Needle::Value) {
                    return best;
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needles() -> Needles {
        let mut n = Needles::default();
        n.add("47-11/2345", Identity::Number);
        n.add("Müller, Anna", Identity::Name);
        n.add("12", Identity::Number);
        n.add("54321", Identity::Number);
        n
    }

    #[test]
    fn spellings_are_found() {
        let n = needles();
        for text in [
            "47112345",
            "see 4711 2345.",
            "MRN47112345x",
            "ANNA MUELLER",
            "muller anna",
        ] {
            assert_eq!(n.find(text), Some(Needle::Value), "{text}");
        }
        assert_eq!(n.find("asked Anna"), Some(Needle::Word));
        assert_eq!(n.find("54321"), Some(Needle::Word));
        assert_eq!(n.find("54321.0"), Some(Needle::Word));
        for text in ["147112345", "Annabel", "12", "0.54321", "54,321"] {
            assert_eq!(n.find(text), None, "{text}");
        }
        assert_eq!(n.too_short, 1);
    }
}
