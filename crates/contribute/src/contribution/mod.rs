//! A contribution as a state machine.
//!
//! Files go in, tasks come out: [`Contribution::next_task`] says what to do next,
//! whoever drives it (a pool of workers in a tab, threads in a test) does it and
//! reports back through the `on_…` methods. The machine does no work, reads no
//! clock and touches no storage, so pausing, cancelling and going on after a
//! closed tab are properties of data: what must outlive the tab comes out of
//! [`Contribution::drain_journal`] and goes back in through [`Contribution::replay`].
//!
//! The journal holds no identifier: what has not been cleaned when the tab closes
//! is dropped again by the person, and cleaning it again gives the same bytes.

mod journal;
mod reclean;
mod sending;
mod summary;
#[cfg(test)]
mod tests;
mod types;
mod wholes;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use cordon_protocol::{Approval, Code, Counts, DecisionKind, Finding, Require, Verdict};

pub use types::{CleanSummary, FileId, FileState, JournalEntry, Phase, Progress, StepError, Task};

use crate::{CheckRecord, Inventory};

/// A contribution, from the first dropped file to the receipt.
#[derive(Debug, Clone)]
pub struct Contribution {
    id: String,
    files: Vec<FileState>,
    by_instance: HashMap<String, FileId>,
    to_read: VecDeque<FileId>,
    to_clean: VecDeque<FileId>,
    to_send: VecDeque<FileId>,
    in_flight: HashSet<FileId>,
    /// Files that are cleaned anew, and what a person had decided about them.
    again: HashMap<FileId, reclean::Before>,
    approval: Option<Approval>,
    /// What the protocol requires of series and studies.
    require: Require,
    undo: Vec<Vec<(FileId, Option<DecisionKind>)>>,
    journal: Vec<JournalEntry>,
    stayed_before: BTreeMap<String, u64>,
    paused: bool,
    closing: bool,
    closed: bool,
    revision: u64,
}

impl Contribution {
    /// A new, empty contribution. `id` is 32 random hexadecimal digits.
    #[must_use]
    pub fn new(id: String, project: &str, protocol_sha256: &str) -> Self {
        let begun = JournalEntry::Begun {
            id: id.clone(),
            project: project.to_owned(),
            protocol_sha256: protocol_sha256.to_owned(),
        };
        let mut new = Self::empty(id);
        new.journal.push(begun);
        new
    }

    fn empty(id: String) -> Self {
        Self {
            id,
            files: Vec::new(),
            by_instance: HashMap::new(),
            to_read: VecDeque::new(),
            to_clean: VecDeque::new(),
            to_send: VecDeque::new(),
            in_flight: HashSet::new(),
            again: HashMap::new(),
            approval: None,
            require: Require::default(),
            undo: Vec::new(),
            journal: Vec::new(),
            stayed_before: BTreeMap::new(),
            paused: false,
            closing: false,
            closed: false,
            revision: 0,
        }
    }

    fn of_instance(&mut self, instance: &str) -> Option<&mut FileState> {
        let id = *self.by_instance.get(instance)?;
        self.files.get_mut(id as usize)
    }

    fn push(&mut self, name: String, size: u64) -> FileId {
        let id = FileId::try_from(self.files.len()).unwrap_or(FileId::MAX);
        self.files.push(FileState {
            id,
            name,
            size,
            phase: Phase::Found,
            entry: None,
            verdict: None,
            findings: Vec::new(),
            counts: Counts::default(),
            record: None,
            decision: None,
            tries: 0,
            failure: None,
        });
        id
    }

    /// The contribution's identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
    /// All files in the order of arrival.
    #[must_use]
    pub fn files(&self) -> &[FileState] {
        &self.files
    }
    /// One file.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&FileState> {
        self.files.get(id as usize)
    }
    /// The approval, once given.
    #[must_use]
    pub fn approval(&self) -> Option<&Approval> {
        self.approval.as_ref()
    }
    /// Whether the server has signed the receipt.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }
    /// Whether work is paused.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused
    }
    /// Grows with every change: a screen redraws when it differs.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Adds a file. `name` is its path inside what was dropped, `size` its length in bytes: zero
    /// while it is not known, until [`Self::on_size`].
    pub fn add_file(&mut self, name: String, size: u64) -> FileId {
        let id = self.push(name, size);
        self.to_read.push_back(id);
        self.revision += 1;
        id
    }

    /// What to do next, or `None` when there is nothing to do now.
    pub fn next_task(&mut self) -> Option<Task> {
        if self.paused || self.closed {
            return None;
        }
        if let Some(id) = self.to_read.pop_front() {
            self.set_phase(id, Phase::Reading);
            self.in_flight.insert(id);
            return Some(Task::Read(id));
        }
        if let Some(id) = self.to_clean.pop_front() {
            self.set_phase(id, Phase::Cleaning);
            self.in_flight.insert(id);
            return Some(Task::Clean(id));
        }
        self.approval.as_ref()?;
        let batch = self.next_batch();
        if !batch.is_empty() {
            for id in &batch {
                self.set_phase(*id, Phase::Sending);
                self.in_flight.insert(*id);
            }
            return Some(Task::Send(batch));
        }
        let all_there = self.in_flight.is_empty()
            && self
                .files
                .iter()
                .filter(|f| f.leaves())
                .all(|f| f.phase == Phase::Sent);
        if all_there && !self.closing && self.files.iter().any(|f| f.phase == Phase::Sent) {
            self.closing = true;
            return Some(Task::Close);
        }
        None
    }

    fn set_phase(&mut self, id: FileId, phase: Phase) {
        if let Some(file) = self.files.get_mut(id as usize) {
            file.phase = phase;
        }
        self.revision += 1;
    }

    /// How long a file is, in bytes; those that were added without their size learn it so.
    pub fn on_size(&mut self, id: FileId, size: u64) {
        if let Some(file) = self.files.get_mut(id as usize) {
            file.size = size;
        }
    }

    /// A head was read. [`Inventory::NeedMore`] is for the driver, which reads more.
    pub fn on_inventory(&mut self, id: FileId, inventory: Inventory) {
        self.in_flight.remove(&id);
        match inventory {
            Inventory::Object(entry) => {
                if let Some(file) = self.files.get_mut(id as usize) {
                    file.findings.clone_from(&entry.findings);
                    file.entry = Some(entry);
                    file.phase = Phase::Listed;
                }
                self.to_clean.push_back(id);
            }
            Inventory::NotDicom => self.stay(id, vec![Finding::new(Code::NotDicom)]),
            Inventory::Directory => self.stay(id, vec![Finding::new(Code::Directory)]),
            Inventory::NeedMore(_) => self.stay(id, vec![Finding::new(Code::Truncated)]),
            Inventory::Refused(findings) => self.stay(id, findings),
        }
        self.judge_wholes();
        self.revision += 1;
    }

    /// The file cannot be read, or its worker failed.
    pub fn on_failed(&mut self, id: FileId, finding: Finding) {
        self.in_flight.remove(&id);
        self.stay(id, vec![finding]);
        self.judge_wholes();
    }

    fn stay(&mut self, id: FileId, findings: Vec<Finding>) {
        self.by_instance_freed(id);
        let Some(file) = self.files.get_mut(id as usize) else {
            return;
        };
        file.verdict = Some(Verdict::Refused);
        file.findings = findings;
        file.phase = Phase::Stays;
        file.record = None;
        if let Some(code) = file.stays_because() {
            self.journal.push(JournalEntry::Stayed(code.to_owned()));
        }
        self.revision += 1;
    }

    /// A file was cleaned and, unless refused, staged.
    pub fn on_cleaned(&mut self, id: FileId, summary: CleanSummary) {
        self.take_cleaned(id, summary);
        self.judge_wholes();
    }

    fn take_cleaned(&mut self, id: FileId, summary: CleanSummary) {
        self.in_flight.remove(&id);
        // A driver that had to read all of a small file anyway may clean it at once,
        // right after its inventory, instead of waiting for the task.
        if self.to_clean.back() == Some(&id) {
            self.to_clean.pop_back();
        }
        let Some(record) = summary.record else {
            self.stay(id, summary.findings);
            return;
        };
        let before = self.again.remove(&id);
        match self.by_instance.get(&record.instance).copied() {
            Some(first) if first == id => {}
            // The one that was there first is not judged yet: this one waits for it.
            Some(first) if self.again.contains_key(&first) => {
                self.clean_later(id);
                return;
            }
            Some(first) if !self.gives_way(first, &record) => {
                self.repeated(id, first, &record, summary.findings);
                return;
            }
            Some(first) => self.void(first),
            None => {}
        }
        self.by_instance.insert(record.instance.clone(), id);
        self.journal.push(JournalEntry::Staged {
            record: Box::new(record.clone()),
            counts: summary.counts.clone(),
        });
        if let Some(file) = self.files.get_mut(id as usize) {
            file.phase = Phase::Checked;
            file.verdict = Some(summary.verdict);
            file.findings = summary.findings;
            file.counts = summary.counts;
            file.record = Some(record);
        }
        if let Some(before) = before {
            self.restore(id, &before);
        }
        if self.approval.is_some() && self.file(id).is_some_and(FileState::leaves) {
            self.to_send.push_back(id);
        }
        self.revision += 1;
    }

    /// The same SOP instance again: a copy, a different object, or a file from before a restart.
    fn repeated(
        &mut self,
        id: FileId,
        first: FileId,
        record: &CheckRecord,
        findings: Vec<Finding>,
    ) {
        let same = self
            .file(first)
            .and_then(|f| f.record.as_ref())
            .is_some_and(|r| r.sha256 == record.sha256);
        let after_restart = self.file(first).is_some_and(|f| f.entry.is_none());
        if same && after_restart {
            let (name, entry) = match self.files.get_mut(id as usize) {
                Some(file) => (std::mem::take(&mut file.name), file.entry.take()),
                None => return,
            };
            if let Some(file) = self.files.get_mut(first as usize) {
                file.name = name;
                file.entry = entry;
                file.findings = findings;
            }
            // The new number is an empty shell of the file that is there already.
            if let Some(file) = self.files.get_mut(id as usize) {
                file.phase = Phase::Stays;
                file.size = 0;
            }
            self.revision += 1;
            return;
        }
        let code = if same { Code::Copy } else { Code::Duplicate };
        self.stay(id, vec![Finding::new(code)]);
    }

    /// A person decides on files; `None` takes decisions back. Only before approval.
    ///
    /// # Errors
    /// After approval.
    pub fn decide(&mut self, ids: &[FileId], kind: Option<DecisionKind>) -> Result<(), StepError> {
        if self.approval.is_some() {
            return Err(StepError::Approved);
        }
        let mut before = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(file) = self.files.get(*id as usize) else {
                continue;
            };
            if file.record.is_some() && file.decision != kind {
                before.push((*id, file.decision));
                self.set_decision(*id, kind);
            }
        }
        if !before.is_empty() {
            self.undo.push(before);
            self.judge_wholes();
        }
        Ok(())
    }

    fn set_decision(&mut self, id: FileId, kind: Option<DecisionKind>) {
        let Some(file) = self.files.get_mut(id as usize) else {
            return;
        };
        file.decision = kind;
        if let Some(record) = &file.record {
            self.journal.push(JournalEntry::Decided {
                instance: record.instance.clone(),
                kind,
            });
        }
        self.revision += 1;
    }

    /// Takes the last decision back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        if self.approval.is_some() {
            return false;
        }
        let Some(before) = self.undo.pop() else {
            return false;
        };
        for (id, kind) in before {
            self.set_decision(id, kind);
        }
        self.judge_wholes();
        true
    }

    /// A person approves what leaves.
    ///
    /// # Errors
    /// When nothing leaves, something has no verdict yet, or there is no name.
    pub fn approve(&mut self, approval: Approval) -> Result<(), StepError> {
        if self.approval.is_some() {
            return Err(StepError::Approved);
        }
        if approval.by.trim().is_empty() {
            return Err(StepError::NoName);
        }
        if self
            .files
            .iter()
            .any(|f| f.verdict.is_none() && f.phase != Phase::Stays)
        {
            return Err(StepError::NotDone);
        }
        self.judge_wholes();
        if !self.files.iter().any(FileState::leaves) {
            return Err(StepError::Nothing);
        }
        self.journal.push(JournalEntry::Approved(approval.clone()));
        self.approval = Some(approval);
        self.queue_sending();
        self.revision += 1;
        Ok(())
    }

    /// Takes the approval back, as long as nothing was sent.
    ///
    /// # Errors
    /// When something has been sent.
    pub fn reopen(&mut self) -> Result<(), StepError> {
        if self
            .files
            .iter()
            .any(|f| matches!(f.phase, Phase::Sent | Phase::Sending))
        {
            return Err(StepError::Sent);
        }
        if self.approval.take().is_some() {
            self.journal.push(JournalEntry::Reopened);
            self.to_send.clear();
            for file in &mut self.files {
                if file.phase == Phase::Failed {
                    file.phase = Phase::Checked;
                }
            }
            self.revision += 1;
        }
        Ok(())
    }

    /// Hands out no more tasks until [`Contribution::resume`].
    pub fn pause(&mut self) {
        self.paused = true;
        self.revision += 1;
    }
    /// Goes on after [`Contribution::pause`].
    pub fn resume(&mut self) {
        self.paused = false;
        self.revision += 1;
    }

    /// Forgets what is still to be read or cleaned; what has a verdict stays.
    pub fn cancel_reading(&mut self) {
        let waiting: Vec<FileId> = self
            .to_read
            .drain(..)
            .chain(self.to_clean.drain(..))
            .collect();
        for id in waiting {
            self.by_instance_freed(id);
            if let Some(file) = self.files.get_mut(id as usize) {
                file.phase = Phase::Stays;
                file.verdict = None;
            }
        }
        self.judge_wholes();
        self.revision += 1;
    }

    /// What must be written down since the last call.
    pub fn drain_journal(&mut self) -> Vec<JournalEntry> {
        std::mem::take(&mut self.journal)
    }
}
