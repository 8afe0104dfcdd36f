//! Doubtful words of the whole contribution, and what the person says about them.
//!
//! They live in the memory of this tab: not in the journal, not in a record, not in a
//! request to the server. What is decided goes to the workers, and the files in which
//! the word stands are cleaned anew.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use cordon_contribute::{Excerpt, FileId, HeldWord};
use cordon_protocol::{Code, Tag, TagPath};

use super::core::Inner;
use crate::messages::{Answer, Request, WordRules};

/// Attributes of one word whose texts are shown.
const MOST_TEXTS: usize = 8;

/// A doubtful word, once for the whole contribution.
#[derive(Clone, PartialEq)]
pub struct WordRow {
    /// The word in lower case: words that differ in case only are one.
    pub key: String,
    /// The word, as it was first met.
    pub word: String,
    /// In how many images it stands.
    pub images: usize,
    /// In which attributes.
    pub tags: Vec<Tag>,
    /// What was decided: `true` when it stays, `false` when it goes.
    pub said: Option<bool>,
}

/// Without the word: it must not get into a log.
impl std::fmt::Debug for WordRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WordRow({} images, {:?})", self.images, self.said)
    }
}

#[derive(Default)]
struct Met {
    word: String,
    files: BTreeSet<FileId>,
    /// Attributes, each with one place to read it at.
    places: BTreeMap<Tag, (FileId, TagPath)>,
}

/// All that is known of words.
#[derive(Default)]
pub(crate) struct Words {
    met: BTreeMap<String, Met>,
    rules: WordRules,
    undo: Vec<Vec<(String, Option<bool>)>>,
    view: RefCell<Option<Rc<Vec<WordRow>>>>,
}

fn key(word: &str) -> String {
    word.trim().to_lowercase()
}

impl Words {
    /// What the workers obey.
    pub(crate) fn rules(&self) -> &WordRules {
        &self.rules
    }

    /// Forgets everything; what is still under way counts as cleaned under other rules.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            rules: WordRules {
                round: self.rules.round + 1,
                ..WordRules::default()
            },
            ..Self::default()
        };
    }

    /// Takes the doubtful words of a file in. What was met once stays known: a word that is
    /// decided is doubted no more.
    pub(crate) fn take(&mut self, id: FileId, words: Vec<HeldWord>) {
        if words.is_empty() {
            return;
        }
        self.view.take();
        for held in words {
            let met = self.met.entry(key(&held.word)).or_default();
            if met.files.is_empty() {
                met.word = held.word;
            }
            met.files.insert(id);
            met.places
                .entry(held.path.tag)
                .or_insert_with(|| (id, held.path));
        }
    }

    fn knows(&self, id: FileId) -> bool {
        self.met.values().any(|m| m.files.contains(&id))
    }

    fn say(&mut self, key: &str, said: Option<bool>) {
        match said {
            Some(true) => self.rules.decisions.accept(key),
            Some(false) => self.rules.decisions.reject(key),
            None => self.rules.decisions.forget(key),
        }
    }

    /// Decides; gives the files in which something changes.
    fn decide(&mut self, steps: &[(String, Option<bool>)]) -> BTreeSet<FileId> {
        let mut before = Vec::new();
        let mut files = BTreeSet::new();
        for (key, said) in steps {
            let now = self.rules.decisions.said(key);
            let Some(met) = self.met.get(key).filter(|_| now != *said) else {
                continue;
            };
            files.extend(met.files.iter().copied());
            before.push((key.clone(), now));
            self.say(key, *said);
        }
        if !before.is_empty() {
            self.rules.round = self.rules.round.wrapping_add(1);
            self.undo.push(before);
            self.view.take();
        }
        files
    }

    fn rows(&self) -> Rc<Vec<WordRow>> {
        let mut view = self.view.borrow_mut();
        let rows = view.get_or_insert_with(|| {
            let rows = self.met.iter().map(|(key, met)| WordRow {
                key: key.clone(),
                word: met.word.clone(),
                images: met.files.len(),
                tags: met.places.keys().copied().collect(),
                said: self.rules.decisions.said(key),
            });
            Rc::new(rows.collect())
        });
        rows.clone()
    }
}

impl Inner {
    /// Every doubtful word that was met.
    pub(crate) fn words(&self) -> Rc<Vec<WordRow>> {
        self.state.borrow().words.rows()
    }

    /// Images that are held for words which this tab has not read: they were cleaned before
    /// the page was loaded again.
    pub(crate) fn words_unread(&self) -> usize {
        let contribution = self.contribution.borrow();
        let state = self.state.borrow();
        contribution
            .files()
            .iter()
            .filter(|f| f.entry.is_none() && f.record.is_some())
            .filter(|f| f.findings.iter().any(|f| f.code == Code::UncertainWords))
            .filter(|f| !state.words.knows(f.id))
            .count()
    }

    /// A person decides on words; `None` opens them again.
    pub(crate) fn decide_words(
        self: &Rc<Self>,
        keys: &[String],
        said: Option<bool>,
    ) -> Result<(), String> {
        let steps: Vec<_> = keys.iter().map(|key| (key.clone(), said)).collect();
        self.change_words(&steps)
    }

    /// Takes the last decision on words back. Says whether there was one.
    pub(crate) fn undo_words(self: &Rc<Self>) -> Result<bool, String> {
        let step = self.state.borrow_mut().words.undo.pop();
        let Some(step) = step else { return Ok(false) };
        let undone = self.change_words(&step);
        let mut state = self.state.borrow_mut();
        match undone {
            // Taking back is no step of its own.
            Ok(()) => {
                state.words.undo.pop();
                Ok(true)
            }
            Err(why) => {
                state.words.undo.push(step);
                Err(why)
            }
        }
    }

    fn change_words(self: &Rc<Self>, steps: &[(String, Option<bool>)]) -> Result<(), String> {
        // Nothing is changed before it is sure that something may be.
        self.contribution
            .borrow_mut()
            .reclean(&[])
            .map_err(|e| e.to_string())?;
        let (files, rules) = {
            let mut state = self.state.borrow_mut();
            let round = state.words.rules.round;
            let files = state.words.decide(steps);
            let rules = state.words.rules.clone();
            if rules.round == round {
                return Ok(());
            }
            let open = |id: &FileId| matches!(state.sources.get(*id as usize), Some(Some(_)));
            let files: Vec<FileId> = files.into_iter().filter(open).collect();
            (files, rules)
        };
        // The workers hear it before they are given a file to clean.
        for link in &self.pool {
            link.tell_words(&rules);
        }
        self.reclean(&files)?;
        self.after_change();
        Ok(())
    }

    /// The texts in which a word stands, one for each attribute.
    pub(crate) async fn word_texts(self: &Rc<Self>, key: &str) -> Result<Vec<Excerpt>, String> {
        let asked: BTreeMap<FileId, Vec<HeldWord>> = {
            let state = self.state.borrow();
            let Some(met) = state.words.met.get(key) else {
                return Ok(Vec::new());
            };
            let mut asked: BTreeMap<FileId, Vec<HeldWord>> = BTreeMap::new();
            for (id, path) in met.places.values().take(MOST_TEXTS) {
                asked.entry(*id).or_default().push(HeldWord {
                    path: path.clone(),
                    word: met.word.clone(),
                });
            }
            asked
        };
        let mut found = Vec::new();
        for (id, words) in asked {
            let (inputs, attachments) = self.inputs(&[id]);
            let input = *inputs.first().ok_or(GONE)?;
            let least = self.pool.iter().min_by_key(|l| l.busy.get());
            let link = least.ok_or("there is no worker")?;
            let request = Request::Excerpts { input, words };
            match link.ask(&request, &attachments).await {
                Ok((Answer::Excerpts(some), _)) => found.extend(some),
                Ok((Answer::Sentence(sentence), _)) => return Err(sentence),
                _ => return Err("the text could not be read".to_owned()),
            }
        }
        Ok(found)
    }
}

const GONE: &str = "the original is not open any more: drop the folder again to read the text";

#[cfg(test)]
mod tests {
    use super::*;

    fn held(word: &str) -> HeldWord {
        HeldWord {
            path: Tag(0x0008_1030).into(),
            word: word.to_owned(),
        }
    }

    #[test]
    fn a_word_stands_once_and_a_decision_names_its_files() {
        let mut words = Words::default();
        words.take(1, vec![held("Zork"), held("Xyvolant")]);
        words.take(2, vec![held("ZORK")]);
        let rows = words.rows();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].word.as_str(), rows[1].images), ("Zork", 2));
        let files = words.decide(&[("zork".to_owned(), Some(false))]);
        assert_eq!(files.into_iter().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(words.rows()[1].said, Some(false));
        assert_eq!(words.rules().round, 1);
        let again = words.decide(&[("zork".to_owned(), Some(false))]);
        assert!(again.is_empty() && words.rules().round == 1, "no news");
        assert!(
            !format!("{:?}", words.rows())
                .to_lowercase()
                .contains("zork")
        );
        words.clear();
        assert!(words.rows().is_empty() && words.rules().decisions.is_empty());
        assert_eq!(words.rules().round, 2);
    }
}
