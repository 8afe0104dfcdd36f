//! De-identification by PS3.15 Annex E, and the check of its result.
//!
//! [`rewrite`] gives a new object from a parsed one; [`check`] reads finished bytes
//! as a stranger would, without trusting anything that the rewriter said. The two
//! share the table and nothing else.

pub mod check;
mod codes;
mod content;
mod dates;
mod dummy;
mod fragments;
mod identifiers;
mod identity;
pub mod iod;
mod keys;
mod overrides;
mod policy;
mod private;
mod rewrite;
mod rules;
mod scanner;
mod search;
pub mod table;
mod text;
mod words;

pub use check::{Finished, Knows, check};
pub use dates::shift as shift_dates;
pub use fragments::spare_bytes;
pub use identifiers::Identifiers;
pub use identity::known_identity;
pub use keys::{SiteKey, looks_derived, looks_like_pseudonym};
pub use policy::{Policy, PolicyError};
pub use rewrite::{FaceStamp, Job, Rewritten, Stages, rewrite};
pub use search::{Searcher, Searchers};
pub use text::{TextCleaners, Texts};
pub use words::{HeldWord, WordDecisions};
