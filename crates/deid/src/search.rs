//! The raw search: the person's identifiers anywhere in the finished bytes.
//!
//! The tree walk of [`crate::check`](mod@crate::check) sees attributes; this sees bytes, at any offset
//! and in every encoding that DICOM's character sets allow, so that an identifier
//! in padding, in a binary value or in the pixel data is found too. Long needles
//! are searched for everywhere; short ones, which chance would find in any picture,
//! outside the pixel data and as whole words.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use cordon_dicom::{Vr, encodings_of};
use cordon_words::other_spellings;

use crate::Identifiers;
use crate::scanner::Scanner;

/// What kind of needle was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A whole identifying value or a UID.
    Value,
    /// One word of a name or address.
    Word,
}

/// One place at which a needle stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) kind: Kind,
    pub(crate) at: usize,
    pub(crate) length: usize,
    /// The needle is a number, which other numbers may contain by chance.
    pub(crate) numeric: bool,
    pub(crate) in_pixels: bool,
}

/// Needles of at least this many characters are searched for everywhere.
const LONG: usize = Scanner::SHORTEST;
/// Most hits that are looked at: well-known UIDs and words of the standard are found among them, and
/// must not hide the one behind them.
const MAX_HITS: usize = 4096;
/// Numbers in pixel data must have this many digits: shorter ones are chance.
const LONG_NUMBER: usize = 8;

#[derive(Debug)]
struct Needle {
    kind: Kind,
    numeric: bool,
    wide: bool,
    length: usize,
}

/// Needles with what is known about each.
#[derive(Debug)]
struct Set<E> {
    engine: E,
    needles: Vec<Needle>,
}

impl<E> Set<E> {
    fn new(list: Vec<(Vec<u8>, Kind)>, engine: impl FnOnce(&[Vec<u8>]) -> E) -> Self {
        let mut patterns = Vec::with_capacity(list.len());
        let mut needles = Vec::with_capacity(list.len());
        for (bytes, kind) in list {
            let numeric = bytes
                .iter()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | 0));
            needles.push(Needle {
                kind,
                numeric,
                wide: is_wide(&bytes),
                length: bytes.len(),
            });
            patterns.push(bytes);
        }
        Self {
            engine: engine(&patterns),
            needles,
        }
    }

    /// Judges one match; says whether there is room for more.
    fn note(
        &self,
        number: usize,
        bytes: &[u8],
        at: usize,
        (base, in_pixels, words): (usize, bool, bool),
        out: &mut Vec<Hit>,
    ) -> bool {
        let Some(needle) = self.needles.get(number) else {
            return true;
        };
        let least = if needle.wide {
            2 * LONG_NUMBER
        } else if needle.numeric {
            LONG_NUMBER
        } else {
            LONG
        };
        let too_short = in_pixels && needle.length < least;
        let range = at..at + needle.length;
        let glued = (words || needle.numeric) && !is_alone(bytes, range, needle.numeric);
        if !too_short && !glued {
            out.push(Hit {
                kind: needle.kind,
                at: base + at,
                length: needle.length,
                numeric: needle.numeric,
                in_pixels,
            });
        }
        out.len() < MAX_HITS
    }
}

impl Set<Scanner> {
    fn find(&self, bytes: &[u8], base: usize, in_pixels: bool, out: &mut Vec<Hit>) {
        self.engine.each(bytes, |number, at| {
            self.note(number, bytes, at, (base, in_pixels, false), out)
        });
    }
}

impl Set<Option<AhoCorasick>> {
    fn find(&self, bytes: &[u8], base: usize, out: &mut Vec<Hit>) {
        let Some(automaton) = &self.engine else {
            return;
        };
        for m in automaton.find_overlapping_iter(bytes) {
            let number = m.pattern().as_usize();
            if !self.note(number, bytes, m.start(), (base, false, true), out) {
                return;
            }
        }
    }
}

fn automaton(patterns: &[Vec<u8>]) -> Option<AhoCorasick> {
    (!patterns.is_empty())
        .then(|| {
            AhoCorasickBuilder::new()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .build(patterns)
                .ok()
        })
        .flatten()
}

/// Whether this is UTF-16 of ASCII text: every other byte is zero.
fn is_wide(bytes: &[u8]) -> bool {
    bytes.len() >= 4
        && (bytes.iter().step_by(2).all(|b| *b == 0)
            || bytes.iter().skip(1).step_by(2).all(|b| *b == 0))
}

/// Whether what was found is not part of a longer word or number.
fn is_alone(bytes: &[u8], range: Range<usize>, numeric: bool) -> bool {
    let part = |b: &u8| {
        if numeric {
            b.is_ascii_digit()
        } else {
            b.is_ascii_alphanumeric()
        }
    };
    let before = range.start.checked_sub(1).and_then(|i| bytes.get(i));
    !before.is_some_and(part) && !bytes.get(range.end).is_some_and(part)
}

/// Searches for the identifiers of one patient's object.
#[derive(Debug)]
pub struct Searcher {
    long: Set<Scanner>,
    /// UTF-16 of ASCII and Latin-1. Apart from the others: the zero in every second byte
    /// would keep the skipping search from skipping in 16-bit pixels.
    wide: Set<Scanner>,
    short: Set<Option<AhoCorasick>>,
}

impl Searcher {
    /// A searcher for everything but the instance's own UID.
    #[must_use]
    pub fn new(ids: &Identifiers) -> Self {
        let mut long = Vec::new();
        let mut wide = Vec::new();
        let mut short = Vec::new();
        let mut add = |bytes: Vec<u8>, kind: Kind| {
            // UTF-16 of a short word is long in bytes and still found in any 16-bit picture.
            if is_wide(&bytes) && bytes.len() / 2 >= LONG {
                wide.push((bytes, kind));
            } else if !is_wide(&bytes) && bytes.len() >= LONG {
                long.push((bytes, kind));
            } else if bytes.len() >= 2 {
                short.push((bytes, kind));
            }
        };
        let mut met = BTreeSet::new();
        let mut all = |text: &str, kind: Kind| {
            let others = other_spellings(text);
            for spelling in others.iter().map(String::as_str).chain([text]) {
                for form in encodings_of(spelling) {
                    if met.insert(form.clone()) {
                        add(form, kind);
                    }
                }
            }
        };
        for value in &ids.values {
            all(value, Kind::Value);
        }
        for word in ids.words.difference(&ids.values) {
            all(word, Kind::Word);
        }
        for place in ids.places.difference(&ids.values) {
            all(place, Kind::Word);
        }
        for raw in &ids.raw {
            add(raw.clone(), Kind::Value);
        }
        for uid in &ids.uids {
            add(uid.as_bytes().to_vec(), Kind::Value);
        }
        Self {
            long: Set::new(long, Scanner::new),
            wide: Set::new(wide, Scanner::new),
            short: Set::new(short, automaton),
        }
    }

    /// Whether a text attribute repeats a whole identifying value: as part of a text, or,
    /// in a numeric string, as the whole of one value.
    pub(crate) fn is_repeated_in(&self, text: &[u8], vr: Vr) -> bool {
        if text.len() < 3 {
            return false;
        }
        let mut hits = Vec::new();
        self.long.find(text, 0, false, &mut hits);
        self.wide.find(text, 0, false, &mut hits);
        self.short.find(text, 0, &mut hits);
        let numbers = matches!(vr, Vr::DS | Vr::IS | Vr::TM | Vr::AS);
        hits.iter().any(|hit| {
            hit.kind == Kind::Value
                && (!numbers || {
                    let whole = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b'\\' | b' ' | 0));
                    let before = hit.at.checked_sub(1).and_then(|i| text.get(i));
                    hit.length >= LONG && whole(before) && whole(text.get(hit.at + hit.length))
                })
        })
    }

    /// Looks through `bytes`; `pixels` is the range of the pixel data's value.
    pub(crate) fn find(
        &self,
        bytes: &[u8],
        pixels: &Range<usize>,
        instance: Option<&str>,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        let head = bytes.get(..pixels.start).unwrap_or_default();
        let body = bytes.get(pixels.clone()).unwrap_or_default();
        let tail = bytes.get(pixels.end..).unwrap_or_default();
        for (part, base, in_pixels) in [
            (head, 0, false),
            (body, pixels.start, true),
            (tail, pixels.end, false),
        ] {
            self.long.find(part, base, in_pixels, &mut hits);
            self.wide.find(part, base, in_pixels, &mut hits);
            if !in_pixels {
                self.short.find(part, base, &mut hits);
            }
        }
        if let Some(uid) = instance.filter(|u| u.len() >= 8) {
            for at in memchr::memmem::find_iter(bytes, uid.as_bytes()) {
                if is_alone(bytes, at..at + uid.len(), true) {
                    hits.push(Hit {
                        kind: Kind::Value,
                        at,
                        length: uid.len(),
                        numeric: false,
                        in_pixels: pixels.contains(&at),
                    });
                }
            }
        }
        hits
    }
}

/// Searchers of the last few patients: all slices of a series share one.
#[derive(Debug, Default)]
pub struct Searchers {
    recent: Mutex<VecDeque<(Identifiers, Arc<Searcher>)>>,
}

/// How many are kept.
const KEPT: usize = 16;

impl Searchers {
    /// The searcher for these identifiers, built when it is not there yet.
    #[must_use]
    pub fn get(&self, ids: &Identifiers) -> Arc<Searcher> {
        let mut key = ids.clone();
        key.instance = None;
        let Ok(mut recent) = self.recent.lock() else {
            return Arc::new(Searcher::new(&key));
        };
        if let Some((_, found)) = recent.iter().find(|(k, _)| *k == key) {
            return Arc::clone(found);
        }
        let made = Arc::new(Searcher::new(&key));
        recent.push_front((key, Arc::clone(&made)));
        recent.truncate(KEPT);
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(values: &[&str], words: &[&str]) -> Identifiers {
        Identifiers {
            values: values.iter().map(|s| (*s).to_owned()).collect(),
            words: words.iter().map(|s| (*s).to_owned()).collect(),
            ..Identifiers::default()
        }
    }

    #[test]
    fn finds_in_every_case_and_encoding() {
        let s = Searcher::new(&ids(
            &["Müller^Jörg", "4711ABC"],
            &["Müller", "Jörg", "Lee"],
        ));
        let none = 0..0;
        let hits = |b: &[u8]| s.find(b, &none, None).len();
        assert!(hits(b"xx M\xFCller^J\xF6rg xx") >= 1, "Latin-1");
        assert!(hits("..Müller..".as_bytes()) >= 1, "UTF-8");
        assert!(hits(b"id=4711abc;") >= 1, "other case");
        assert!(hits(b"\x00M\x00\xFC\x00l\x00l\x00e\x00r") >= 1, "UTF-16");
        assert!(hits(b"LEE") == 1, "a word");
        assert_eq!(hits(b"FLEET"), 0, "inside a word");
        assert_eq!(hits(b"nothing here"), 0);
    }

    #[test]
    fn short_needles_do_not_match_pixels_and_numbers_stand_alone() {
        let s = Searcher::new(&ids(&["703125", "12345678"], &["Lee"]));
        let pixels = 4..40;
        let mut bytes = vec![0_u8; 60];
        bytes[10..13].copy_from_slice(b"Lee");
        bytes[20..26].copy_from_slice(b"703125");
        assert!(s.find(&bytes, &pixels, None).is_empty());
        bytes[28..36].copy_from_slice(b"12345678");
        let hits = s.find(&bytes, &pixels, None);
        assert_eq!(hits.len(), 1);
        assert!(hits[0].in_pixels && hits[0].at == 28);
        assert!(s.find(b"2.25.9703125001", &(0..0), None).is_empty());
        assert_eq!(s.find(b"0.703125", &(0..0), None).len(), 1);
    }
}
