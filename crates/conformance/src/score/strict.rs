//! What MIDI-B does not ask: leaks anywhere in the bytes, needless deletion, intervals between
//! dates, references between objects, one number for one patient.

use std::collections::{BTreeMap, BTreeSet};

use cordon_dicom::File;
use serde::Serialize;

use super::check::overmasked;
use super::leak::{Scanner, needles, uids};
use super::read::find;
use super::{Map, Tally};
use crate::answer::{Answer, Kind, Path, Step};
use crate::date::Day;
use crate::suite::Suite;

/// How much a leak weighs against a lost value.
const LEAK: f64 = 10.0;
/// How much a broken reference or interval weighs.
const BROKEN: f64 = 5.0;

/// The parts of the strict score.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Strict {
    /// Identities planted in a file, and those that are nowhere in what came out of it.
    pub leaks: Tally,
    /// Values that should be there.
    pub values: Tally,
    /// Words of clinical vocabulary that should be there, and that are: in parts of a check.
    pub vocabulary: f64,
    /// Checks of vocabulary.
    pub vocabulary_all: u64,
    /// Dates that keep their distance to the patient's others.
    pub intervals: Tally,
    /// UIDs that still mean the same thing everywhere.
    pub references: Tally,
    /// Patient IDs: new, one for each patient, none for two.
    pub patients: Tally,
    /// Pictures whose pixels stayed where nothing identified.
    pub masks: Tally,
}

impl Strict {
    pub(super) fn answer(&mut self, answer: &Answer, share: f64) {
        let passed = share >= 1.0;
        match answer.kind {
            Kind::TextRetained if answer.vocabulary => {
                self.vocabulary += share;
                self.vocabulary_all += 1;
            }
            Kind::TagRetained | Kind::TextNotnull | Kind::TextRetained | Kind::PixelsRetained => {
                self.values.add(passed);
            }
            Kind::UidConsistent => self.references.add(passed),
            Kind::PatidConsistent => self.patients.add(passed),
            _ => {}
        }
    }

    /// What spans files.
    pub(super) fn across(
        &mut self,
        suite: &Suite,
        all: &[Vec<Answer>],
        files: &[Option<File<'_>>],
        maps: &Maps,
    ) {
        for ((item, file), answers) in suite.items.iter().zip(files).zip(all) {
            let Some(file) = file else {
                continue;
            };
            let person = item.study.person.index;
            for (old, new) in moved(answers, file) {
                let expected = maps.shifts.get(&person);
                let holds = new.is_some_and(|new| expected == Some(&(new.0 - old.0)));
                self.intervals.add(holds && expected != Some(&0));
            }
            // A reference may be gone where the profile lets it go; if it is there, it must fit.
            for answer in answers.iter().filter(|a| a.kind == Kind::UidChanged) {
                let asked = answers
                    .iter()
                    .any(|a| a.kind == Kind::UidConsistent && a.path == answer.path);
                if !asked
                    && let Some(found) = find(file, &answer.path)
                    && found.has_value()
                    && let Some(new) = maps.uids.get(&answer.text)
                {
                    self.references.add(*new == found.text("UI"));
                }
            }
            if let Some(share) = overmasked(item, file) {
                self.masks.add(share <= 0.0);
            }
        }
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for (old, new) in &maps.patients {
            *seen.entry(new.as_str()).or_default() += 1;
            self.patients.add(new != old && !new.is_empty());
        }
        for count in seen.values() {
            self.patients.add(*count == 1);
        }
        // One shift for everybody gives everybody away with the first known date.
        let shifts: BTreeSet<i64> = maps.shifts.values().copied().collect();
        if maps.shifts.len() > 2 {
            self.patients.add(shifts.len() > 1);
        }
    }

    /// Per cent of the weight that holds.
    #[must_use]
    pub fn percent(&self) -> f64 {
        let weighted = [
            (self.leaks, LEAK),
            (self.values, 1.0),
            (self.masks, 1.0),
            (self.intervals, BROKEN),
            (self.references, BROKEN),
            (self.patients, BROKEN),
        ];
        let mut passed = self.vocabulary;
        let mut all = self.vocabulary_all as f64;
        for (tally, weight) in weighted {
            passed += tally.passed as f64 * weight;
            all += tally.all as f64 * weight;
        }
        if all > 0.0 {
            passed * 100.0 / all
        } else {
            100.0
        }
    }
}

/// The dates that must have moved, with the day that stands in their place.
fn moved(answers: &[Answer], file: &File<'_>) -> Vec<(Day, Option<Day>)> {
    answers
        .iter()
        // Only where the protocol keeps the date.
        .filter(|a| a.kind == Kind::DateShifted && a.interval)
        .filter_map(|a| {
            let new = find(file, &a.path).and_then(|f| Day::parse(&f.text(a.vr)));
            Some((Day::parse(&a.text)?, new))
        })
        .collect()
}

/// What stands for what in a tool's output, by majority.
#[derive(Debug, Default)]
pub(super) struct Maps {
    pub(super) uids: Map,
    pub(super) patients: Map,
    /// Days by which each patient's dates moved.
    pub(super) shifts: BTreeMap<u32, i64>,
}

type Votes<K, V> = BTreeMap<K, BTreeMap<V, u64>>;

fn elected<K: Ord, V: Ord + Clone>(votes: Votes<K, V>) -> BTreeMap<K, V> {
    votes
        .into_iter()
        .filter_map(|(key, counts)| {
            let best = counts.iter().max_by_key(|(_, n)| **n)?.0.clone();
            Some((key, best))
        })
        .collect()
}

impl Maps {
    pub(super) fn new(suite: &Suite, all: &[Vec<Answer>], files: &[Option<File<'_>>]) -> Self {
        let mut uids: Votes<String, String> = BTreeMap::new();
        let mut patients: Votes<String, String> = BTreeMap::new();
        let mut shifts: Votes<u32, i64> = BTreeMap::new();
        for ((item, file), answers) in suite.items.iter().zip(files).zip(all) {
            let Some(file) = file else {
                continue;
            };
            for answer in answers.iter().filter(|a| a.kind == Kind::UidChanged) {
                let Some(new) = find(file, &answer.path).map(|f| f.text("UI")) else {
                    continue;
                };
                // An object's own numbers settle what references to it must say.
                let own = matches!(
                    answer.path.0.as_slice(),
                    [Step {
                        tag: 0x0008_0018,
                        ..
                    }]
                );
                let weight = if own { 1_000_000 } else { 1 };
                if !new.is_empty() {
                    *uids
                        .entry(answer.text.clone())
                        .or_default()
                        .entry(new)
                        .or_default() += weight;
                }
            }
            let id = Path(vec![Step {
                tag: 0x0010_0020,
                creator: None,
                item: None,
            }]);
            if let Some(new) = find(file, &id).map(|f| f.text("LO")) {
                *patients
                    .entry(item.study.person.id.clone())
                    .or_default()
                    .entry(new)
                    .or_default() += 1;
            }
            for (old, new) in moved(answers, file) {
                if let Some(new) = new {
                    *shifts
                        .entry(item.study.person.index)
                        .or_default()
                        .entry(new.0 - old.0)
                        .or_default() += 1;
                }
            }
        }
        Self {
            uids: elected(uids),
            patients: elected(patients),
            shifts: elected(shifts),
        }
    }
}

/// What was found where it must not be.
#[derive(Debug, Default)]
pub(super) struct Leaks {
    pub(super) tally: Tally,
    pub(super) released: u64,
    pub(super) held: u64,
    pub(super) by_category: BTreeMap<String, u64>,
}

/// Where the pixel bytes of a file are, when they have the planted shape: shades, in which two
/// letters of a wide script occur by chance, and which the pixel checks look at.
fn shades<'a>(planted: &[u8], file: Option<&File<'a>>) -> Option<&'a [u8]> {
    let before = cordon_dicom::read(planted).ok()?;
    let before = super::check::pixels(&before)?;
    let after = super::check::pixels(file?)?;
    (before.len() == after.len()).then_some(after)
}

/// Searches every output for the patient's identities and the file's own UIDs.
pub(super) fn leaks(
    suite: &Suite,
    outputs: &[Option<&[u8]>],
    files: &[Option<File<'_>>],
    held: &[Option<bool>],
) -> Leaks {
    let mut scanners: BTreeMap<u32, Scanner> = BTreeMap::new();
    let mut out = Leaks::default();
    for (n, item) in suite.items.iter().enumerate() {
        let person = &item.study.person;
        let scanner = scanners.entry(person.index).or_insert_with(|| {
            let mut studies: Vec<(Day, String)> = suite
                .items
                .iter()
                .filter(|i| i.study.person.index == person.index)
                .flat_map(|i| {
                    [
                        (i.study.day, i.study.accession.clone()),
                        (i.study.before, String::new()),
                    ]
                })
                .collect();
            studies.sort();
            studies.dedup();
            Scanner::new(needles(person, &studies))
        });
        let planted = scanner.scan(&item.bytes).unwrap_or_default();
        let own = uids(&item.made.object);
        let all = planted.len() + own.len();
        let bytes = outputs.get(n).copied().flatten();
        let mut leaked = Vec::new();
        if let Some(bytes) = bytes {
            let skipped = shades(&item.bytes, files.get(n).and_then(Option::as_ref));
            let pieces = skipped.map_or_else(|| vec![bytes], |s| around(bytes, s));
            for piece in pieces {
                for hit in scanner.scan(piece).unwrap_or_else(|| planted.clone()) {
                    if let Some(needle) = scanner.needle(hit) {
                        leaked.push((hit, format!("{:?}", needle.category).to_lowercase()));
                    }
                }
                for uid in &own {
                    if contains(piece, uid.as_bytes()) {
                        leaked.push((usize::MAX, "uid".to_owned()));
                    }
                }
            }
            let mut seen = BTreeSet::new();
            leaked.retain(|(hit, _)| *hit == usize::MAX || seen.insert(*hit));
        }
        let count = leaked.len() as u64;
        out.tally.all += (all as u64).max(count);
        out.tally.passed += (all as u64).saturating_sub(count);
        for (_, category) in leaked {
            *out.by_category.entry(category).or_default() += 1;
        }
        if held.get(n).copied().flatten() == Some(true) {
            out.held += count;
        } else {
            out.released += count;
        }
    }
    out
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// The bytes before and behind a slice of them.
fn around<'a>(bytes: &'a [u8], inner: &[u8]) -> Vec<&'a [u8]> {
    let start = inner.as_ptr() as usize;
    let Some(at) = start.checked_sub(bytes.as_ptr() as usize) else {
        return vec![bytes];
    };
    match (bytes.get(..at), bytes.get(at + inner.len()..)) {
        (Some(before), Some(behind)) => vec![before, behind],
        _ => vec![bytes],
    }
}
