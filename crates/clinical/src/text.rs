//! The door to the text cleaner: free text goes through the same one as the images' text.

use crate::mapping::Identity;

/// What is known about the person of a row, for cleaning that row's texts.
#[derive(Clone, Copy)]
pub struct Person<'r> {
    /// The cells of the row that tell who the person is, and how.
    pub identities: &'r [(Identity, &'r str)],
    /// By how many days the person's dates move; `None` when the row names nobody, so that
    /// no date may stay.
    pub shift_days: Option<i64>,
}

impl std::fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({} identities)", self.identities.len())
    }
}

/// The answer of a text cleaner.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CleanedText {
    /// The text as it may leave once a person has accepted what is uncertain.
    pub text: String,
    /// The text with everything uncertain taken out.
    pub strict: String,
    /// The uncertain words, for the screen and nowhere else.
    pub doubts: Vec<String>,
}

impl std::fmt::Debug for CleanedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CleanedText({} doubts)", self.doubts.len())
    }
}

/// Something that takes identities out of free text.
pub trait CleanText {
    /// Cleans the texts of one row.
    fn clean(&self, texts: &[&str], person: &Person<'_>) -> Vec<CleanedText>;
}
