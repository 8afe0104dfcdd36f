//! What a driver, a screen and a journal exchange with the state machine.

use cordon_protocol::{Approval, Counts, DecisionKind, Finding, Severity, Verdict};
use serde::{Deserialize, Serialize};

use crate::{CheckRecord, Entry};

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
    /// Its size in bytes; zero while nobody has asked for it.
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
    /// Leaves the number and nothing else: counted nowhere.
    pub(super) fn shell(&mut self) {
        self.phase = Phase::Stays;
        self.size = 0;
        self.verdict = None;
        self.findings.clear();
        self.counts = Counts::default();
        self.record = None;
        self.decision = None;
    }

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
    /// A staged object is void: its file is cleaned anew, because a person decided on a word.
    /// What comes of that is written as another [`JournalEntry::Staged`].
    Voided(String),
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
    /// Bytes of all files found whose size is known.
    pub found_bytes: u64,
    /// Files whose size is not known yet.
    pub unmeasured: u64,
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
