//! Doubtful words, and what a person said about them. Both stay at the clinic.

use std::collections::BTreeSet;
use std::fmt;

use cordon_protocol::TagPath;
use cordon_words::Answer;
use serde::{Deserialize, Serialize};

/// A word that may point to somebody: for the person's own screen and nowhere else. It stands
/// beside the finding of the same place, which names the attribute and not the word.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldWord {
    /// Where it stands.
    pub path: TagPath,
    /// The word, as it stands there.
    pub word: String,
}

/// Without the word: it must not get into a log.
impl fmt::Debug for HeldWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeldWord({})", self.path)
    }
}

/// What a person decided about doubtful words: kept on the person's own machine, and given
/// to the next cleaning, which then asks no more about them. Upper and lower case are one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordDecisions {
    /// Words that point to nobody and stay.
    #[serde(default)]
    accepted: BTreeSet<String>,
    /// Words that go.
    #[serde(default)]
    rejected: BTreeSet<String>,
}

/// Without the words: they must not get into a log.
impl fmt::Debug for WordDecisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kept, gone) = (self.accepted.len(), self.rejected.len());
        write!(f, "WordDecisions({kept} accepted, {gone} rejected)")
    }
}

fn key(word: &str) -> String {
    word.trim().to_lowercase()
}

impl WordDecisions {
    /// The word points to nobody: it stays, wherever it is doubted.
    pub fn accept(&mut self, word: &str) {
        self.rejected.remove(&key(word));
        self.accepted.insert(key(word));
    }

    /// The word goes, wherever it is doubted.
    pub fn reject(&mut self, word: &str) {
        self.accepted.remove(&key(word));
        self.rejected.insert(key(word));
    }

    /// The word is open again: it is asked about wherever it is doubted.
    pub fn forget(&mut self, word: &str) {
        self.accepted.remove(&key(word));
        self.rejected.remove(&key(word));
    }

    /// Words that stay, in lower case.
    pub fn accepted(&self) -> impl Iterator<Item = &str> {
        self.accepted.iter().map(String::as_str)
    }

    /// Words that go, in lower case.
    pub fn rejected(&self) -> impl Iterator<Item = &str> {
        self.rejected.iter().map(String::as_str)
    }

    /// What was said about a word: `Some(true)` when it stays, `Some(false)` when it goes.
    #[must_use]
    pub fn said(&self, word: &str) -> Option<bool> {
        match self.answer(word) {
            Answer::Keep => Some(true),
            Answer::Remove => Some(false),
            Answer::Open => None,
        }
    }

    /// Whether nothing was decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty() && self.rejected.is_empty()
    }

    /// Whether the word may stay.
    #[must_use]
    pub fn accepts(&self, word: &str) -> bool {
        self.answer(word) == Answer::Keep
    }

    /// What was said about a word; when both, it goes.
    pub(crate) fn answer(&self, word: &str) -> Answer {
        if self.is_empty() {
            return Answer::Open;
        }
        let key = key(word);
        if self.rejected.contains(&key) {
            Answer::Remove
        } else if self.accepted.contains(&key) {
            Answer::Keep
        } else {
            Answer::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts_and_none_is_shown() {
        let mut decisions = WordDecisions::default();
        decisions.accept("Parkinson");
        assert!(decisions.accepts("PARKINSON"));
        decisions.reject("parkinson ");
        assert_eq!(decisions.answer("Parkinson"), Answer::Remove);
        assert_eq!(decisions.answer("Hodgkin"), Answer::Open);
        assert_eq!(decisions.said("PARKINSON"), Some(false));
        decisions.forget("Parkinson");
        assert_eq!(decisions.said("Parkinson"), None);
        decisions.reject("Parkinson");
        assert!(!format!("{decisions:?}").contains("arkinson"));
        let held = HeldWord {
            path: cordon_protocol::Tag(0x0008_1030).into(),
            word: "Meyer".to_owned(),
        };
        assert!(!format!("{held:?}").contains("Meyer"));
    }
}
