//! The way of a contribution: inventory, clean, check, approve, seal.
//!
//! Plain Rust without browser types, file system, clock or network: a tab, the
//! command and the server drive the same code. What must never happen is made
//! impossible by type: an uploader takes [`Sealed`], only [`Checked`] becomes
//! that, and only the last check makes a `Checked`.

mod cleaner;
mod compare;
mod contribution;
mod entry;
mod excerpt;
mod explain;
mod gate;
mod pixels;
mod questions;
mod sealed;
mod tree;
mod triage;

pub use cleaner::{Cleaned, Cleaner, Placement};
pub use compare::{ComparedRow, Comparison, Fate, compare};
pub use contribution::{
    CleanSummary, Contribution, FileId, FileState, JournalEntry, Phase, Progress, StepError, Task,
};
pub use cordon_deid::{HeldWord, Policy, PolicyError, SiteKey, WordDecisions};
pub use entry::{Entry, Inventory, attribute_name, inventory};
pub use excerpt::{Excerpt, excerpts};
pub use explain::{AttributeRow, explain};
pub use gate::{Gate, gate, gate_under};
pub use pixels::{FaceEvidence, LookedBy, PixelWork, TextEvidence, cut_seed};
pub use questions::{Questions, is_derived, open_questions, questions, traced_frame};
pub use sealed::{CheckRecord, Checked, SealError, Sealed, Unhashed, Unsigned};
pub use tree::{PatientNode, SeriesNode, StudyNode, Sums};

/// The version of Cordon, as it stands in stamps and receipts.
pub const VERSION: &str = concat!("cordon ", env!("CARGO_PKG_VERSION"));
