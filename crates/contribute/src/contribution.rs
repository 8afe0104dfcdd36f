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

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use cordon_protocol::{
    Approval, Code, Counts, Decision, DecisionKind, Finding, ReceiptInstance, Severity, Verdict,
    wire::CloseRequest,
};
use serde::{Deserialize, Serialize};

use crate::{CheckRecord, Entry, Inventory};

/// A file's number in the order of arrival.
pub type FileId = u32;

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Waiting for its head to be read.
    Found,
    /// Its head is being read.
    Reading,
    /// In the tree, waiting to be cleaned.
    Listed,
    /// Being cleaned.
    Cleaning,
    /// Cleaned, checked and staged.
    Checked,
    /// Stays where it is: `Refused`, not DICOM, a DICOMDIR, a copy.
    Stays,
    /// On its way.
    Sending,
    /// Taken in by the server.
    Sent,
    /// The server or the line refused it; can be tried again.
    Failed,
}

/// What a driver reports when a file was cleaned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CleanSummary {
    /// The verdict.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Actions, counted.
    pub counts: Counts,
    /// The record of the staged object; `None` exactly when refused.
    pub record: Option<CheckRecord>,
}

/// One file of a contribution.
#[derive(Debug, Clone, PartialEq)]
pub struct FileState {
    /// Its number.
    pub id: FileId,
    /// Its path inside what was dropped; local, never stored or sent. Empty after a restart.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How far it has come.
    pub phase: Phase,
    /// What it is; local, never stored or sent. `None` until read, and after a restart.
    pub entry: Option<Box<Entry>>,
    /// The verdict, once there is one.
    pub verdict: Option<Verdict>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Actions, counted, once cleaned.
    pub counts: Counts,
    /// The record of the staged object, once checked.
    pub record: Option<CheckRecord>,
    /// What a person decided.
    pub decision: Option<DecisionKind>,
    /// How often sending was tried.
    pub tries: u32,
    /// Why the server said no, in its words (no identifier in them).
    pub failure: Option<String>,
}

impl FileState {
    /// Whether it leaves if the contribution is approved as it stands.
    #[must_use]
    pub fn leaves(&self) -> bool {
        match (self.verdict, self.decision) {
            (_, Some(DecisionKind::Exclude)) | (None | Some(Verdict::Refused), _) => false,
            (Some(Verdict::Clean), _) => self.record.is_some(),
            (Some(Verdict::Held), d) => d == Some(DecisionKind::Accept) && self.record.is_some(),
        }
    }

    /// Why it stays, as a stable code; `None` when it leaves or is not judged yet.
    #[must_use]
    pub fn stays_because(&self) -> Option<&'static str> {
        match (self.verdict, self.decision) {
            (None, _) => None,
            (Some(Verdict::Refused), _) => Some(
                self.findings
                    .iter()
                    .find(|f| f.severity() == Severity::Refused)
                    .map_or("refused", |f| f.code.as_str()),
            ),
            (_, Some(DecisionKind::Exclude)) => Some("excluded"),
            (Some(Verdict::Held), None) => Some("not-decided"),
            _ => None,
        }
    }
}

/// What a driver should do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Read the head and report with [`Contribution::on_inventory`].
    Read(FileId),
    /// Clean, stage and report with [`Contribution::on_cleaned`].
    Clean(FileId),
    /// Reopen, seal and send these in one request; report each with [`Contribution::on_sent`].
    Send(Vec<FileId>),
    /// Everything has arrived: ask the server to close; report with [`Contribution::on_closed`].
    Close,
}

/// What must outlive the tab. No identifier in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum JournalEntry {
    /// A contribution began.
    Begun {
        /// Its identifier.
        id: String,
        /// The project at the server.
        project: String,
        /// The protocol it runs under.
        protocol_sha256: String,
    },
    /// An object was cleaned, checked and staged.
    Staged {
        /// The record.
        record: Box<CheckRecord>,
        /// Actions, counted.
        counts: Counts,
    },
    /// A file stays behind, for this reason.
    Stayed(String),
    /// A person decided; `None` takes a decision back.
    Decided {
        /// The SOP Instance UID that leaves.
        instance: String,
        /// What was decided.
        kind: Option<DecisionKind>,
    },
    /// A person approved the whole.
    Approved(Approval),
    /// The approval was taken back before anything was sent.
    Reopened,
    /// The server took an object in.
    Sent(String),
    /// The server closed the contribution and signed the receipt.
    Closed,
}

/// Numbers for the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files found.
    pub found: u64,
    /// Files whose head was read.
    pub read: u64,
    /// DICOM objects.
    pub objects: u64,
    /// Objects with a verdict.
    pub judged: u64,
    /// Verdict `Clean`.
    pub clean: u64,
    /// Verdict `Held`.
    pub held: u64,
    /// `Held` without a decision.
    pub undecided: u64,
    /// Verdict `Refused`.
    pub refused: u64,
    /// Not DICOM, or a DICOMDIR.
    pub other: u64,
    /// Objects that leave as things stand.
    pub leaving: u64,
    /// Bytes that leave as things stand.
    pub leaving_bytes: u64,
    /// Objects taken in by the server.
    pub sent: u64,
    /// Bytes taken in by the server.
    pub sent_bytes: u64,
    /// Objects that failed to be sent.
    pub failed: u64,
    /// Bytes of all files found.
    pub found_bytes: u64,
    /// Bytes of the files with a verdict.
    pub judged_bytes: u64,
}

/// Why a step was not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Nothing leaves.
    #[error("nothing leaves: no image is clean or was accepted")]
    Nothing,
    /// Work is still going on.
    #[error("some files have no verdict yet")]
    NotDone,
    /// An approval needs a name or role.
    #[error("an approval needs a name or a role")]
    NoName,
    /// Already approved.
    #[error("the contribution is approved already")]
    Approved,
    /// Something has been sent: it cannot be changed any more.
    #[error("something has been sent already")]
    Sent,
}

/// Largest number of objects in one request.
const BATCH_OBJECTS: usize = 64;
/// Most bytes in one request, unless a single object is larger.
const BATCH_BYTES: u64 = 16 << 20;
/// How often an object is tried before a person is asked.
const MAX_TRIES: u32 = 5;

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
    approval: Option<Approval>,
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
            approval: None,
            undo: Vec::new(),
            journal: Vec::new(),
            stayed_before: BTreeMap::new(),
            paused: false,
            closing: false,
            closed: false,
            revision: 0,
        }
    }

    /// Takes a contribution up again from its journal. `None` when the journal does not begin one.
    #[must_use]
    pub fn replay(entries: impl IntoIterator<Item = JournalEntry>) -> Option<Self> {
        let mut entries = entries.into_iter();
        let Some(JournalEntry::Begun { id, .. }) = entries.next() else {
            return None;
        };
        let mut this = Self::empty(id);
        for entry in entries {
            match entry {
                JournalEntry::Begun { .. } => return None,
                JournalEntry::Staged { record, counts } => this.replay_staged(*record, counts),
                JournalEntry::Stayed(code) => *this.stayed_before.entry(code).or_insert(0) += 1,
                JournalEntry::Decided { instance, kind } => {
                    if let Some(file) = this.of_instance(&instance) {
                        file.decision = kind;
                    }
                }
                JournalEntry::Approved(approval) => this.approval = Some(approval),
                JournalEntry::Reopened => this.approval = None,
                JournalEntry::Sent(instance) => {
                    if let Some(file) = this.of_instance(&instance) {
                        file.phase = Phase::Sent;
                    }
                }
                JournalEntry::Closed => this.closed = true,
            }
        }
        if this.approval.is_some() {
            this.queue_sending();
        }
        Some(this)
    }

    fn replay_staged(&mut self, record: CheckRecord, counts: Counts) {
        let id = self.push(String::new(), record.bytes);
        self.by_instance.insert(record.instance.clone(), id);
        if let Some(file) = self.files.get_mut(id as usize) {
            file.phase = Phase::Checked;
            file.verdict = Some(record.verdict);
            file.findings.clone_from(&record.findings);
            file.counts = counts;
            file.record = Some(record);
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

    /// Adds a file. `name` is its path inside what was dropped.
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

    fn next_batch(&mut self) -> Vec<FileId> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(id) = self.to_send.front().copied() {
            let size = self
                .file(id)
                .and_then(|f| f.record.as_ref())
                .map_or(0, |r| r.bytes);
            if !batch.is_empty() && (batch.len() >= BATCH_OBJECTS || bytes + size > BATCH_BYTES) {
                break;
            }
            self.to_send.pop_front();
            bytes += size;
            batch.push(id);
        }
        batch
    }

    fn set_phase(&mut self, id: FileId, phase: Phase) {
        if let Some(file) = self.files.get_mut(id as usize) {
            file.phase = phase;
        }
        self.revision += 1;
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
        self.revision += 1;
    }

    /// The file cannot be read, or its worker failed.
    pub fn on_failed(&mut self, id: FileId, finding: Finding) {
        self.in_flight.remove(&id);
        self.stay(id, vec![finding]);
    }

    fn stay(&mut self, id: FileId, findings: Vec<Finding>) {
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
        self.in_flight.remove(&id);
        let Some(record) = summary.record else {
            self.stay(id, summary.findings);
            return;
        };
        if let Some(first) = self.by_instance.get(&record.instance).copied() {
            self.repeated(id, first, &record, summary.findings);
            return;
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

    fn queue_sending(&mut self) {
        self.to_send = self
            .files
            .iter()
            .filter(|f| f.leaves() && f.phase != Phase::Sent)
            .map(|f| f.id)
            .collect();
    }

    /// The server answered for one object, or the line broke. `retry` says whether it
    /// is worth trying again without asking a person.
    pub fn on_sent(&mut self, id: FileId, outcome: Result<(), (String, bool)>) {
        self.in_flight.remove(&id);
        let Some(file) = self.files.get_mut(id as usize) else {
            return;
        };
        match outcome {
            Ok(()) => {
                file.phase = Phase::Sent;
                file.failure = None;
                if let Some(record) = &file.record {
                    self.journal
                        .push(JournalEntry::Sent(record.instance.clone()));
                }
            }
            Err((reason, retry)) => {
                file.tries += 1;
                file.failure = Some(reason);
                if retry && file.tries < MAX_TRIES {
                    file.phase = Phase::Checked;
                    self.to_send.push_back(id);
                } else {
                    file.phase = Phase::Failed;
                }
            }
        }
        self.revision += 1;
    }

    /// A person tries again what failed.
    pub fn retry_failed(&mut self) {
        for file in &mut self.files {
            if file.phase == Phase::Failed {
                file.phase = Phase::Checked;
                file.tries = 0;
                self.to_send.push_back(file.id);
            }
        }
        self.closing = false;
        self.revision += 1;
    }

    /// Leaves out what failed, so that the rest can be closed.
    pub fn give_up_failed(&mut self) {
        let ids: Vec<FileId> = self
            .files
            .iter()
            .filter(|f| f.phase == Phase::Failed)
            .map(|f| f.id)
            .collect();
        for id in ids {
            self.set_decision(id, Some(DecisionKind::Exclude));
        }
    }

    /// The server closed the contribution, or could not; then [`Task::Close`] comes again.
    pub fn on_closed(&mut self, ok: bool) {
        self.closing = false;
        if ok {
            self.closed = true;
            self.journal.push(JournalEntry::Closed);
        } else {
            self.paused = true;
        }
        self.revision += 1;
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
            if let Some(file) = self.files.get_mut(id as usize) {
                file.phase = Phase::Stays;
                file.verdict = None;
            }
        }
        self.revision += 1;
    }

    /// Stops sending what has not left yet and leaves it out; what has arrived can be closed.
    pub fn cancel_sending(&mut self) {
        let waiting: Vec<FileId> = self.to_send.drain(..).collect();
        for id in waiting {
            self.set_decision(id, Some(DecisionKind::Exclude));
        }
        self.give_up_failed();
    }

    /// What must be written down since the last call.
    pub fn drain_journal(&mut self) -> Vec<JournalEntry> {
        std::mem::take(&mut self.journal)
    }

    /// Numbers for the screen.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut p = Progress::default();
        for file in &self.files {
            if file.phase == Phase::Stays && file.verdict.is_none() {
                continue;
            }
            p.found += 1;
            p.found_bytes += file.size;
            p.read += u64::from(!matches!(file.phase, Phase::Found | Phase::Reading));
            let other = file
                .findings
                .iter()
                .any(|f| matches!(f.code, Code::NotDicom | Code::Directory));
            p.other += u64::from(other);
            p.objects += u64::from((file.entry.is_some() || file.record.is_some()) && !other);
            if let Some(verdict) = file.verdict {
                p.judged += 1;
                p.judged_bytes += file.size;
                match verdict {
                    Verdict::Clean => p.clean += 1,
                    Verdict::Held => {
                        p.held += 1;
                        p.undecided += u64::from(file.decision.is_none());
                    }
                    Verdict::Refused => p.refused += u64::from(!other),
                }
            }
            let bytes = file.record.as_ref().map_or(0, |r| r.bytes);
            if file.leaves() {
                p.leaving += 1;
                p.leaving_bytes += bytes;
            }
            if file.phase == Phase::Sent {
                p.sent += 1;
                p.sent_bytes += bytes;
            }
            p.failed += u64::from(file.phase == Phase::Failed);
        }
        p
    }

    /// The request that closes the contribution at the server.
    #[must_use]
    pub fn close_request(&self, cleaned_by: &str) -> CloseRequest {
        let mut counts = Counts::default();
        let mut stayed = self.stayed_before.clone();
        let mut decisions = Vec::new();
        let mut instances = Vec::new();
        let mut protocol = String::new();
        for file in &self.files {
            if let Some(code) = file.stays_because() {
                *stayed.entry(code.to_owned()).or_insert(0) += 1;
            }
            let Some(record) = &file.record else { continue };
            if let Some(kind) = file.decision {
                decisions.push(Decision {
                    sop_instance_uid: record.instance.clone(),
                    kind,
                    findings: file
                        .findings
                        .iter()
                        .filter(|f| f.severity() == Severity::Held)
                        .map(|f| f.code.as_str().to_owned())
                        .collect(),
                });
            }
            if file.phase != Phase::Sent {
                continue;
            }
            protocol.clone_from(&record.protocol_sha256);
            counts.merge(&file.counts);
            instances.push(ReceiptInstance {
                study: record.study.clone(),
                series: record.series.clone(),
                instance: record.instance.clone(),
                bytes: record.bytes,
                sha256: record.sealed_sha256.clone(),
                verdict: record.verdict,
                approved: file.decision == Some(DecisionKind::Accept),
            });
        }
        instances.sort_by(|a, b| {
            (&a.study, &a.series, &a.instance).cmp(&(&b.study, &b.series, &b.instance))
        });
        CloseRequest {
            protocol_sha256: protocol,
            cleaned_by: cleaned_by.to_owned(),
            counts,
            approval: self.approval.clone().unwrap_or_default(),
            decisions,
            stayed,
            instances,
        }
    }
}
