//! The yardstick: synthetic patients whose identities are planted and written down, and the
//! scores of de-identifiers over them.
//!
//! Nobody can say how good a de-identifier is from real data, because nobody may publish
//! real identities with their answers. So the suite is made up from a seed, openly
//! licensed like the rest, with the ten kinds of answers of the MIDI-B challenge. Two
//! scores are given: MIDI-B's own, which counts passed checks, and a strict one, in which a
//! leak weighs more than a loss, needless deletion costs, and the intervals between dates
//! and the references between objects must hold.

pub mod answer;
pub mod ask;
pub mod date;
pub mod make;
pub mod note;
pub mod object;
pub mod people;
pub mod random;
pub mod report;
pub mod rules;
pub mod run;
pub mod score;
pub mod suite;
pub mod tools;
