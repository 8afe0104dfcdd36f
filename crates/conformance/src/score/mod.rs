//! The scores of one run: MIDI-B's, and the strict one.

mod check;
mod leak;
mod read;
mod strict;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;

use cordon_dicom::File;
use serde::Serialize;

use crate::answer::{Answer, Kind, Place, answers};
use crate::rules::Rules;
use crate::suite::{Item, Suite};

use check::{Against, Mapping, check};
pub use strict::Strict;

/// A file that a tool wrote.
#[derive(Debug, Clone)]
pub struct Written {
    /// Where it lies.
    pub path: PathBuf,
    /// Whether a person must look at it before it leaves.
    pub held: bool,
}

/// What a tool wrote, by the path of the planted file.
pub type Outputs = BTreeMap<String, Written>;

/// Passed and all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Checks that passed.
    pub passed: u64,
    /// Checks.
    pub all: u64,
}

impl Tally {
    fn add(&mut self, passed: bool) {
        self.all += 1;
        self.passed += u64::from(passed);
    }

    /// Per cent passed; 100 where there was nothing to check.
    #[must_use]
    pub fn percent(self) -> f64 {
        if self.all == 0 {
            100.0
        } else {
            self.passed as f64 * 100.0 / self.all as f64
        }
    }
}

/// Why checks failed, summed up: never a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Failure {
    /// Kind of check.
    pub kind: &'static str,
    /// The attribute.
    pub attribute: String,
    /// In what sort of place.
    pub place: Place,
    /// What was to go, where something was.
    pub category: Option<crate::object::Category>,
    /// Whether the tool gave no file at all.
    pub file_missing: bool,
}

/// The scores of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Score {
    /// MIDI-B: per cent of checks passed.
    pub midi_b: f64,
    /// Strict: per cent of weight kept.
    pub strict: f64,
    /// Identities found in what leaves without a person's look.
    pub leaks: u64,
    /// Identities found in what a person must look at first.
    pub leaks_held: u64,
    /// Failed checks of what should have stayed.
    pub over_deletions: u64,
    /// Those among all such checks, in per cent.
    pub over_deletion_rate: f64,
    /// Checks of MIDI-B.
    pub checks: Tally,
    /// By kind.
    pub by_kind: BTreeMap<&'static str, Tally>,
    /// By place.
    pub by_place: BTreeMap<Place, Tally>,
    /// The parts of the strict score.
    pub strict_parts: Strict,
    /// Files planted.
    pub files: u64,
    /// Files that the tool gave back.
    pub written: u64,
    /// Of these, files that a person must look at.
    pub held: u64,
    /// Files that the tool gave back and that cannot be read.
    pub unreadable: u64,
    /// What failed, the most frequent first.
    pub failures: Vec<(Failure, u64)>,
    /// What leaked, the most frequent first: category and count.
    pub leaked: BTreeMap<String, u64>,
}

/// A cleaned file in memory.
struct Open {
    bytes: Vec<u8>,
    held: bool,
}

fn open(suite: &Suite, outputs: &Outputs) -> Vec<Option<Open>> {
    let of = |item: &Item| {
        let written = outputs.get(&item.made.path)?;
        let bytes = std::fs::read(&written.path).ok()?;
        // Deflated files are read inflated, as any reader sees them.
        let bytes = cordon_dicom::read_inflating(&bytes)
            .map_or_else(|_| bytes.clone(), std::borrow::Cow::into_owned);
        Some(Open {
            bytes,
            held: written.held,
        })
    };
    suite.items.iter().map(of).collect()
}

/// Scores what a tool made of a suite under these rules.
#[must_use]
pub fn score(suite: &Suite, rules: &Rules, outputs: &Outputs) -> Score {
    let opened = open(suite, outputs);
    let files: Vec<Option<File<'_>>> = opened
        .iter()
        .map(|o| cordon_dicom::read(&o.as_ref()?.bytes).ok())
        .collect();
    let all: Vec<Vec<Answer>> = suite.items.iter().map(|i| answers(i, rules)).collect();
    let maps = strict::Maps::new(suite, &all, &files);

    let mut checks = Tally::default();
    let mut by_kind: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let mut by_place: BTreeMap<Place, Tally> = BTreeMap::new();
    let mut failures: BTreeMap<Failure, u64> = BTreeMap::new();
    let mut kept = Tally::default();
    let mut parts = Strict::default();
    for ((item, file), planted) in suite.items.iter().zip(&files).zip(&all) {
        let against = Against {
            output: file.as_ref(),
            item,
            uids: &maps.uids,
            patients: &maps.patients,
        };
        for answer in planted {
            let share = check(answer, &against);
            let passed = share >= 1.0;
            checks.add(passed);
            by_kind.entry(answer.kind.name()).or_default().add(passed);
            by_place.entry(answer.place).or_default().add(passed);
            if matches!(
                answer.kind,
                Kind::TagRetained | Kind::TextNotnull | Kind::TextRetained | Kind::PixelsRetained
            ) {
                kept.add(passed);
            }
            parts.answer(answer, share);
            if !passed {
                let failure = Failure {
                    kind: answer.kind.name(),
                    attribute: answer.path.names(),
                    place: answer.place,
                    category: answer.category,
                    file_missing: file.is_none(),
                };
                *failures.entry(failure).or_default() += 1;
            }
        }
    }
    parts.across(suite, &all, &files, &maps);
    let held: Vec<Option<bool>> = opened.iter().map(|o| o.as_ref().map(|o| o.held)).collect();
    let found = strict::leaks(
        suite,
        &opened
            .iter()
            .map(|o| o.as_ref().map(|o| o.bytes.as_slice()))
            .collect::<Vec<_>>(),
        &files,
        &held,
    );
    parts.leaks = found.tally;
    let mut failures: Vec<(Failure, u64)> = failures.into_iter().collect();
    failures.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let count = |n: usize| n as u64;
    Score {
        midi_b: checks.percent(),
        strict: parts.percent(),
        leaks: found.released,
        leaks_held: found.held,
        over_deletions: kept.all - kept.passed,
        over_deletion_rate: 100.0 - kept.percent(),
        checks,
        by_kind,
        by_place,
        strict_parts: parts,
        files: count(suite.items.len()),
        written: count(opened.iter().flatten().count()),
        held: count(opened.iter().flatten().filter(|o| o.held).count()),
        unreadable: count(
            opened
                .iter()
                .zip(&files)
                .filter(|(o, f)| o.is_some() && f.is_none())
                .count(),
        ),
        failures,
        leaked: found.by_category,
    }
}

/// The mapping type, for the strict part.
type Map = Mapping;
