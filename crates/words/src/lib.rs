//! Free text: take out who, keep what.
//!
//! What is left over after the best header tools are names and addresses that
//! somebody typed into a description, a comment or a report. Deleting all free
//! text loses what the image shows; keeping it leaks. So this crate reads the
//! text with three things in hand: the study's own identity (names, numbers,
//! places, dates), the shapes that identities take (telephone numbers, dates,
//! addresses, words after "Dr."), and the clinical vocabulary, which is to stay.
//! What it can not decide it reports, so that a person decides.
//!
//! A [`TextCleaner`] is built once for a patient and then used for every text of
//! that patient. It holds no state between texts, so that the same text always
//! gives the same answer, in any order and in any worker.

mod ages;
mod cleaner;
mod contact;
mod dates;
mod find;
mod fold;
mod known;
mod lexicon;
mod numbers;
mod outcome;
mod people;
mod places;
mod romanise;
mod street;
mod token;

pub use cleaner::TextCleaner;
pub use dates::is_month;
pub use fold::other_spellings;
pub use known::KnownIdentity;
pub use lexicon::{is_vocabulary, vocabulary_size};
pub use outcome::{Answer, Kind, Outcome, Span, Why};
