//! `words.toml`: the doubtful words of a run, for the clinic to decide on and give back.
//!
//! The file holds words of the clinic's texts, some of which name people. Only its owner
//! may read it; neither the report nor the evidence repeats anything of it, and errors
//! name its lines and not what stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cordon_contribute::{HeldWord, WordDecisions, attribute_name};
use serde::{Deserialize, Serialize};

use crate::failure::{At as _, Failure};

/// The file's name in the output folder.
pub(crate) const NAME: &str = "words.toml";

const HEAD: &str = "\
# Words that may name somebody, and are left in what is under held/. FOR THE CLINIC ONLY.
#
# Move each word of `undecided` into `accept` (it names nobody and stays) or into `reject`
# (it goes), then run again: cordon clean IN... --out DIR --words THIS-FILE
# Upper and lower case are one. What stands in both lists goes. The list `word` says where
# each one was met; it is not read.

";

/// The file as a person gives it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    accept: Vec<String>,
    reject: Vec<String>,
    /// What was left undecided.
    #[serde(rename = "undecided")]
    _undecided: Vec<String>,
    /// Where words were met.
    #[serde(rename = "word")]
    _word: Vec<serde::de::IgnoredAny>,
}

/// The file as it is written.
#[derive(Serialize)]
struct Written<'a> {
    accept: Vec<&'a str>,
    reject: Vec<&'a str>,
    undecided: Vec<&'a str>,
    word: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    word: &'a str,
    images: u64,
    attributes: Vec<&'a str>,
}

/// Reads decisions, TOML or JSON.
pub(crate) fn read(path: &Path) -> Result<WordDecisions, Failure> {
    let text = fs::read_to_string(path).at(path)?;
    // What a parser says quotes the line: only its number is told.
    let bad = |line: usize| Failure::Words {
        path: path.to_owned(),
        line,
    };
    let given: Given = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|e| bad(e.line()))?
    } else {
        toml::from_str(&text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            bad(text.get(..at).unwrap_or_default().matches('\n').count() + 1)
        })?
    };
    let mut decisions = WordDecisions::default();
    let named = |w: &&String| !w.trim().is_empty();
    for word in given.accept.iter().filter(named) {
        decisions.accept(word);
    }
    for word in given.reject.iter().filter(named) {
        decisions.reject(word);
    }
    Ok(decisions)
}

/// Decisions that stand in the output folder and were not given must not be written over.
pub(crate) fn guard(path: &Path, given: Option<&Path>) -> Result<(), Failure> {
    if !path.exists() {
        return Ok(());
    }
    let same = given.is_some_and(|given| {
        fs::canonicalize(given)
            .ok()
            .zip(fs::canonicalize(path).ok())
            .is_some_and(|(a, b)| a == b)
    });
    if same || read(path)?.is_empty() {
        return Ok(());
    }
    Err(Failure::WordsThere(path.to_owned()))
}

/// A word that is still in doubt.
#[derive(Default)]
struct Met {
    word: String,
    images: u64,
    attributes: BTreeSet<String>,
}

/// The words of a run.
#[derive(Default)]
pub(crate) struct Words(BTreeMap<String, Met>);

impl Words {
    /// Takes the doubtful words of one written object in.
    pub(crate) fn add(&mut self, words: Vec<HeldWord>) {
        let mut here = BTreeSet::new();
        for held in words {
            let key = held.word.trim().to_lowercase();
            let met = self.0.entry(key.clone()).or_default();
            met.images += u64::from(here.insert(key));
            let tag = held.path.tag;
            met.attributes
                .insert(format!("{} {tag}", attribute_name(tag)));
            // The same whichever thread comes first.
            if met.word.is_empty() || held.word < met.word {
                met.word = held.word;
            }
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes them beside what was decided; no file when there is neither.
    pub(crate) fn write(&self, path: &Path, decisions: &WordDecisions) -> io::Result<bool> {
        if self.0.is_empty() && decisions.is_empty() {
            return match fs::remove_file(path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
                _ => Ok(false),
            };
        }
        let written = Written {
            accept: decisions.accepted().collect(),
            reject: decisions.rejected().collect(),
            undecided: self.0.values().map(|m| m.word.as_str()).collect(),
            word: self
                .0
                .values()
                .map(|m| Line {
                    word: &m.word,
                    images: m.images,
                    attributes: m.attributes.iter().map(String::as_str).collect(),
                })
                .collect(),
        };
        let text = toml::to_string_pretty(&written)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let temporary: PathBuf = path.with_extension("toml.part");
        match fs::remove_file(&temporary) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let mut file = crate::key::private_file(&temporary)?;
        file.write_all(HEAD.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_protocol::Tag;

    #[test]
    fn what_is_written_can_be_edited_and_given_back() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join(NAME);
        let held = |word: &str| HeldWord {
            path: Tag(0x0008_1030).into(),
            word: word.to_owned(),
        };
        let mut words = Words::default();
        words.add(vec![held("Zork \"x\""), held("Zork \"x\"")]);
        words.add(vec![held("Xyvolant"), held("XYVOLANT")]);
        assert_eq!(words.len(), 2);
        let mut decisions = WordDecisions::default();
        decisions.reject("Meyer");
        assert!(words.write(&path, &decisions).expect("write"));
        let text = fs::read_to_string(&path).expect("read");
        assert!(text.contains("Study Description (0008,1030)"), "{text}");
        assert_eq!(read(&path).expect("decisions"), decisions);
        assert!(guard(&path, Some(&path)).is_ok());
        assert!(
            guard(&path, None).is_err(),
            "decisions are not written over"
        );
        let edited = text.replace("accept = []", "accept = [\"xyvolant\"]");
        fs::write(&path, edited).expect("write");
        assert!(read(&path).expect("decisions").accepts("Xyvolant"));
        fs::write(&path, "accept = []\nrejekt = [\"Meyer\"]\n").expect("write");
        let said = read(&path).expect_err("a slip").to_string();
        assert!(said.contains("line 2") && !said.contains("Meyer"), "{said}");
        fs::write(&path, "{\"reject\": [\"Meyer\"]}").expect("write");
        assert_eq!(read(&path).expect("JSON"), decisions);
    }
}
