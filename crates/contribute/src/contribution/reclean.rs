//! Cleaning anew what is staged already, because a person decided on a word in it.
//!
//! The staged object is void from the moment of the decision: the journal says so at
//! once, so that a tab that dies in between does not go on with it. The file keeps its
//! number, its place and, where the new result asks for nothing that the person had not
//! seen, what the person decided.

use std::collections::{BTreeSet, HashSet};

use cordon_protocol::{Code, Counts, DecisionKind, Finding, Severity, Verdict};

use super::{Contribution, FileId, JournalEntry, Phase, StepError};
use crate::CheckRecord;

/// What was known of a file before it was cleaned anew.
#[derive(Debug, Clone)]
pub(super) struct Before {
    instance: String,
    decision: Option<DecisionKind>,
    held: BTreeSet<Code>,
}

fn held(findings: &[Finding]) -> BTreeSet<Code> {
    findings
        .iter()
        .filter(|f| f.severity() == Severity::Held)
        .map(|f| f.code)
        .collect()
}

impl Contribution {
    /// Has files cleaned anew; what is staged of them is void. Files that are being cleaned,
    /// stay, or have nothing staged are passed over. Gives those that will be cleaned.
    ///
    /// # Errors
    /// After approval.
    pub fn reclean(&mut self, ids: &[FileId]) -> Result<Vec<FileId>, StepError> {
        if self.approval.is_some() {
            return Err(StepError::Approved);
        }
        let mut taken = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(file) = self.files.get_mut(*id as usize) else {
                continue;
            };
            if file.phase != Phase::Checked {
                continue;
            }
            let Some(record) = file.record.take() else {
                continue;
            };
            let before = Before {
                instance: record.instance.clone(),
                decision: file.decision.take(),
                held: held(&file.findings),
            };
            self.journal.push(JournalEntry::Voided(record.instance));
            file.verdict = None;
            file.counts = Counts::default();
            file.phase = Phase::Listed;
            self.again.insert(*id, before);
            self.to_clean.push_back(*id);
            taken.push(*id);
        }
        if !taken.is_empty() {
            // A step back must not reach behind the cleaning.
            let set: HashSet<FileId> = taken.iter().copied().collect();
            for step in &mut self.undo {
                step.retain(|(id, _)| !set.contains(id));
            }
            self.undo.retain(|step| !step.is_empty());
            self.revision += 1;
        }
        Ok(taken)
    }

    /// What came of cleaning this file is of no use: it is to be cleaned once more.
    pub fn clean_later(&mut self, id: FileId) {
        self.in_flight.remove(&id);
        if let Some(file) = self.files.get_mut(id as usize) {
            file.phase = Phase::Listed;
        }
        if !self.to_clean.contains(&id) {
            self.to_clean.push_back(id);
        }
        self.revision += 1;
    }

    /// A file that was to be cleaned anew stays behind: its SOP instance is free.
    pub(super) fn by_instance_freed(&mut self, id: FileId) {
        if let Some(before) = self.again.remove(&id)
            && self.by_instance.get(&before.instance) == Some(&id)
        {
            self.by_instance.remove(&before.instance);
        }
    }

    /// Whether what an earlier tab staged gives way to the same file dropped again: words that
    /// were decided there are open here, so the bytes differ, and what is here now counts.
    pub(super) fn gives_way(&self, first: FileId, record: &CheckRecord) -> bool {
        self.approval.is_none()
            && self.file(first).is_some_and(|f| {
                f.entry.is_none()
                    && f.phase == Phase::Checked
                    && f.record.as_ref().is_some_and(|r| r.sha256 != record.sha256)
            })
    }

    /// Takes a staged object out of the contribution.
    pub(super) fn void(&mut self, id: FileId) {
        let Some(file) = self.files.get_mut(id as usize) else {
            return;
        };
        if let Some(record) = &file.record {
            self.journal
                .push(JournalEntry::Voided(record.instance.clone()));
        }
        file.shell();
        self.revision += 1;
    }

    /// What a person decided stands when the new result asks for nothing else. Leaving out
    /// always stands.
    pub(super) fn restore(&mut self, id: FileId, before: &Before) {
        let stands = match before.decision {
            None => false,
            Some(DecisionKind::Exclude) => true,
            Some(DecisionKind::Accept) => self.file(id).is_some_and(|f| {
                f.verdict == Some(Verdict::Held) && held(&f.findings).is_subset(&before.held)
            }),
        };
        if stands {
            self.set_decision(id, before.decision);
        }
    }
}
