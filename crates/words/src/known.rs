//! The study's own identity as needles: every form in which a part of it may stand in a text.

use std::collections::HashSet;

use crate::dates::Day;
use crate::fold;
use crate::lexicon::{self, Lex};
use crate::outcome::Why;

/// What the header knows about the person and the people and places around.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownIdentity {
    /// The patient's own names: PN values, all of them, other names too.
    pub patient_name: Vec<String>,
    /// Names of others: physicians, operators, relatives; PN values.
    pub person_names: Vec<String>,
    /// Record numbers, accession numbers, order numbers.
    pub ids: Vec<String>,
    /// DICOM DA and DT values; they tell which way round an ambiguous date is.
    pub dates: Vec<String>,
    /// Institutions, addresses, departments, stations.
    pub places: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
}

/// How a needle may lie in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fit {
    /// A part of a name.
    Part,
    /// Two parts written as one, or a whole place.
    Joined,
    /// Only as a whole token: an initial with a family name, written as one.
    Token,
    /// A number.
    Id,
}

#[derive(Debug, Clone)]
pub(crate) struct Needle {
    pub(crate) text: Box<[u8]>,
    pub(crate) fit: Fit,
    pub(crate) why: Why,
    /// The part is also a word of the vocabulary, so that it may stand for that.
    pub(crate) common: bool,
}

const HEADS: usize = 1024;

/// All needles of a patient, indexed by their first three bytes.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) needles: Vec<Needle>,
    /// Where the needles of a head start; they are sorted by head.
    heads: Vec<u32>,
    /// Parts of two letters.
    pub(crate) short: Vec<Needle>,
    /// The longer parts of names, for spelling mistakes.
    pub(crate) fuzzy: Vec<u32>,
    /// First letters of all parts, one bit per letter.
    pub(crate) initials: u32,
    /// Small words in the names.
    pub(crate) particles: Vec<String>,
    pub(crate) days: Vec<Day>,
}

fn head(a: u8, b: u8, c: u8) -> usize {
    let mix = u32::from(a).wrapping_mul(0x9e37)
        ^ u32::from(b).wrapping_mul(0x85eb).rotate_left(5)
        ^ u32::from(c).wrapping_mul(0xc2b2).rotate_left(9);
    ((mix ^ (mix >> 11)) as usize) % HEADS
}

impl Known {
    pub(crate) fn new(identity: &KnownIdentity) -> Self {
        let mut build = Build::default();
        for name in &identity.patient_name {
            build.name(name, Why::PatientName);
        }
        for name in &identity.person_names {
            build.name(name, Why::PersonName);
        }
        for id in &identity.ids {
            build.id(id, Why::Identifier, 4);
        }
        for phone in &identity.phones {
            build.phone(phone);
        }
        for place in &identity.places {
            build.place(place);
        }
        let days = identity
            .dates
            .iter()
            .filter_map(|d| Day::from_dicom(d))
            .collect();
        build.finish(days)
    }

    /// The needles that may start with these three bytes.
    pub(crate) fn starting(&self, a: u8, b: u8, c: u8) -> &[Needle] {
        let at = head(a, b, c);
        &self.needles[self.heads[at] as usize..self.heads[at + 1] as usize]
    }
}

#[derive(Default)]
struct Build {
    needles: Vec<Needle>,
    short: Vec<Needle>,
    initials: u32,
    particles: Vec<String>,
    seen: HashSet<(Box<[u8]>, Fit)>,
}

/// What software writes where nobody is named.
const NOBODY: [&str; 24] = [
    "anon",
    "anonym",
    "anonymous",
    "anonymized",
    "anonymised",
    "unknown",
    "none",
    "null",
    "nil",
    "na",
    "name",
    "noname",
    "notavailable",
    "patient",
    "removed",
    "deidentified",
    "unspecified",
    "undefined",
    "test",
    "empty",
    "hidden",
    "withheld",
    "person",
    "ident",
];

const TITLES: [&str; 24] = [
    "dr", "prof", "med", "mr", "mrs", "ms", "miss", "herr", "frau", "mme", "mlle", "sr", "sra",
    "sig", "dott", "dhr", "mevr", "md", "phd", "jr", "dipl", "ing", "priv", "doz",
];

impl Build {
    fn push(&mut self, text: &str, fit: Fit, why: Why) {
        if text.len() < 2 || NOBODY.contains(&text) {
            return;
        }
        let lex = lexicon::look_up(text.as_bytes());
        let needle = Needle {
            text: text.as_bytes().into(),
            fit,
            why,
            common: fit == Fit::Part && lex.any(Lex::KEEP),
        };
        let list = if text.len() < 3 {
            &mut self.short
        } else {
            &mut self.needles
        };
        if self.seen.insert((needle.text.clone(), fit)) {
            list.push(needle);
        }
    }

    fn name(&mut self, name: &str, why: Why) {
        for group in name.split(['=', '\\']) {
            let mut parts: Vec<Vec<String>> = Vec::new();
            for word in group.split(|c: char| c.is_whitespace() || "^,;/.()\"_".contains(c)) {
                self.name_word(word, why, &mut parts);
            }
            self.joined(&parts, why);
        }
    }

    fn name_word(&mut self, word: &str, why: Why, parts: &mut Vec<Vec<String>>) {
        let folded = fold::squeeze(word);
        if folded.is_empty() || TITLES.contains(&folded.as_str()) {
            return;
        }
        if folded.bytes().any(|b| b.is_ascii_digit()) {
            self.id(word, why, 4);
            return;
        }
        if lexicon::look_up(folded.as_bytes()).any(Lex::PARTICLE) && folded.len() <= 4 {
            self.particles.push(folded);
            return;
        }
        let first = folded.as_bytes()[0];
        if first.is_ascii_lowercase() {
            self.initials |= 1 << (first - b'a');
        }
        let all = fold::spellings(word);
        for spelling in &all {
            self.push(spelling, Fit::Part, why);
        }
        parts.push(all);
        for piece in word.split(['-', '\'', '’', '‐']) {
            if piece.len() < word.len() && piece.chars().count() > 1 {
                self.name_word(piece, why, parts);
            }
        }
    }

    /// Two parts written as one, and an initial with the other part.
    fn joined(&mut self, parts: &[Vec<String>], why: Why) {
        for (i, first) in parts.iter().enumerate().take(8) {
            for (j, second) in parts.iter().enumerate().take(8) {
                if i == j {
                    continue;
                }
                for a in first.iter().take(3) {
                    for b in second.iter().take(3) {
                        let both = format!("{a}{b}");
                        if both.len() >= 5 {
                            self.push(&both, Fit::Joined, why);
                        }
                    }
                    if let (true, Some(c)) = (a.len() >= 4, second[0].chars().next()) {
                        self.push(&format!("{a}{c}"), Fit::Token, why);
                        self.push(&format!("{c}{a}"), Fit::Token, why);
                    }
                }
            }
        }
    }

    fn id(&mut self, id: &str, why: Why, least: usize) {
        let folded = fold::squeeze(id);
        if !folded.bytes().any(|b| b.is_ascii_digit()) {
            if folded.len() >= 4 {
                self.push(&folded, Fit::Part, why);
            }
            return;
        }
        if folded.len() < least || folded.bytes().all(|b| b == b'0') {
            return;
        }
        self.push(&folded, Fit::Id, why);
        let short = folded.trim_start_matches('0');
        if short.len() >= 5 {
            self.push(short, Fit::Id, why);
        }
    }

    fn phone(&mut self, phone: &str) {
        let digits: String = fold::squeeze(phone)
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        self.id(&digits, Why::Phone, 6);
        for prefix in [
            "00", "0", "49", "0049", "1", "33", "34", "39", "31", "44", "41", "43",
        ] {
            if let Some(rest) = digits.strip_prefix(prefix) {
                self.id(rest, Why::Phone, 7);
            }
        }
    }

    fn place(&mut self, place: &str) {
        let mut telling = false;
        for word in place.split(|c: char| c.is_whitespace() || ",;/()\\^=\"-._".contains(c)) {
            let folded = fold::squeeze(word);
            let letters = folded.trim_end_matches(|c: char| c.is_ascii_digit());
            if letters.len() < folded.len() {
                let modality = lexicon::look_up(letters.as_bytes()).any(Lex::KEEP);
                if !(modality && folded.len() - letters.len() <= 2) && folded.len() >= 4 {
                    self.id(word, Why::Institution, 4);
                    telling = true;
                }
            } else if folded.len() >= 3 && !lexicon::is_vocabulary(word) {
                telling = true;
                for spelling in fold::spellings(word) {
                    if spelling.len() >= 3 {
                        self.push(&spelling, Fit::Part, Why::Institution);
                    }
                }
            }
        }
        let whole = fold::squeeze(place);
        let house = place
            .split(|c: char| !c.is_alphabetic())
            .any(|w| lexicon::look_up(fold::squeeze(w).as_bytes()).any(Lex::HOUSE));
        if whole.len() >= 6 && (telling || (house && place.trim().contains(' '))) {
            self.push(&whole, Fit::Joined, Why::Institution);
        }
    }

    fn finish(mut self, days: Vec<Day>) -> Known {
        self.needles
            .sort_by_key(|n| head(n.text[0], n.text[1], n.text[2]));
        let mut heads = vec![0_u32; HEADS + 1];
        for needle in &self.needles {
            heads[head(needle.text[0], needle.text[1], needle.text[2]) + 1] += 1;
        }
        for i in 0..HEADS {
            heads[i + 1] += heads[i];
        }
        let fuzzy = (0_u32..)
            .zip(&self.needles)
            .filter(|(_, n)| {
                let name = matches!(n.why, Why::PatientName | Why::PersonName);
                let fits = matches!(n.fit, Fit::Part | Fit::Joined) && !n.common;
                name && fits && n.text.len() >= 5 && n.text.is_ascii()
            })
            .map(|(i, _)| i)
            .collect();
        Known {
            needles: self.needles,
            heads,
            short: self.short,
            fuzzy,
            initials: self.initials,
            particles: self.particles,
            days,
        }
    }
}
