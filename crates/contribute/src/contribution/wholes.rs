//! What the protocol requires of a series and of a study, once everything has a verdict.
//!
//! Judged by what leaves: an image that is left out does not count, and one that is held
//! counts when a person accepted it. What is not met holds the images of that series or
//! study like any other finding, until a person accepts them. The record of the object's own
//! check stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use cordon_protocol::{Code, DecisionKind, Finding, Require, Verdict};

use super::{Contribution, FileState};

/// Findings that only come from here.
const OURS: [Code; 2] = [Code::SeriesTooShort, Code::StudyLacksModality];

/// Whether the object would leave if its series and study had everything.
fn counts(file: &FileState) -> bool {
    let Some(record) = &file.record else {
        return false;
    };
    match file.decision {
        Some(DecisionKind::Exclude) => false,
        Some(DecisionKind::Accept) => record.verdict != Verdict::Refused,
        None => record.verdict == Verdict::Clean,
    }
}

impl Contribution {
    /// Sets what the protocol requires.
    pub fn set_require(&mut self, require: Require) {
        self.require = require;
        self.judge_wholes();
    }

    /// Judges series and studies when nothing is being read or cleaned. After the approval
    /// nothing changes any more.
    pub(super) fn judge_wholes(&mut self) {
        let busy =
            !(self.to_read.is_empty() && self.to_clean.is_empty() && self.in_flight.is_empty());
        if busy || self.approval.is_some() || !self.require.asks_for_wholes() {
            return;
        }
        let mut slices: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
        let mut studies: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for file in self.files.iter().filter(|f| counts(f)) {
            let Some(record) = &file.record else { continue };
            // Without an entry, as after a restart, nobody knows the frames: at least one.
            let frames = file.entry.as_ref().map_or(1, |e| e.frames);
            let series = slices
                .entry(&record.series)
                .or_insert((&record.modality, 0));
            series.1 = series.1.saturating_add(frames);
            studies
                .entry(&record.study)
                .or_default()
                .insert(record.modality.clone());
        }
        let short: BTreeSet<String> = slices
            .iter()
            .filter(|(_, (modality, n))| self.require.series(modality, *n).is_some())
            .map(|(series, _)| (*series).to_owned())
            .collect();
        let lacking: BTreeSet<String> = studies
            .iter()
            .filter(|(_, modalities)| !self.require.study(modalities).is_empty())
            .map(|(study, _)| (*study).to_owned())
            .collect();
        let mut changed = false;
        for file in &mut self.files {
            let Some(record) = &file.record else { continue };
            let counted = counts(file);
            let wanted = [
                counted && short.contains(&record.series),
                counted && lacking.contains(&record.study),
            ];
            let has = OURS.map(|code| file.findings.iter().any(|f| f.code == code));
            if wanted == has {
                continue;
            }
            changed = true;
            file.findings.retain(|f| !OURS.contains(&f.code));
            for (code, wanted) in OURS.into_iter().zip(wanted) {
                if wanted {
                    file.findings.push(Finding::new(code));
                }
            }
            let held = wanted.contains(&true);
            file.verdict = Some(if held {
                record.verdict.max(Verdict::Held)
            } else {
                record.verdict
            });
        }
        if changed {
            self.revision += 1;
        }
    }
}
