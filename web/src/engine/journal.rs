//! What is written down, and how it is read again.
//!
//! One JSON object per line: a [`JournalEntry`], or where a staged object is. A
//! place is written in front of the entry that speaks of the object. There is no
//! identifier in either: UIDs are those that leave, derived under the site key.

use std::collections::HashMap;

use cordon_contribute::JournalEntry;
use serde::{Deserialize, Serialize};

use super::core::Held;

#[derive(Serialize, Deserialize)]
enum Line {
    #[serde(rename = "e")]
    Entry(JournalEntry),
    #[serde(rename = "p")]
    Place {
        instance: String,
        segment: String,
        offset: u64,
    },
}

/// The lines for new entries. Objects that only memory holds are left out.
pub(crate) fn lines(entries: &[JournalEntry], held: &HashMap<String, Held>) -> Vec<String> {
    let mut lines = Vec::with_capacity(entries.len() * 2);
    let mut write = |line: &Line| {
        if let Ok(text) = serde_json::to_string(line) {
            lines.push(text);
        }
    };
    for entry in entries {
        if let JournalEntry::Staged { record, .. } = entry {
            let Some(Held::Segment { name, offset }) = held.get(&record.instance) else {
                continue;
            };
            write(&Line::Place {
                instance: record.instance.clone(),
                segment: name.clone(),
                offset: *offset,
            });
        }
        write(&Line::Entry(entry.clone()));
    }
    lines
}

/// What a journal says.
#[derive(Default)]
pub(crate) struct Left {
    /// The digest of the protocol under which the contribution was begun.
    pub(crate) begun: Option<String>,
    /// The entries to replay.
    pub(crate) entries: Vec<JournalEntry>,
    /// Where the staged objects are.
    pub(crate) held: HashMap<String, Held>,
    /// Whether there is anything to go on with.
    pub(crate) worth_keeping: bool,
    /// Objects whose bytes are not there any more.
    pub(crate) lost: u64,
}

/// Reads a journal. What follows a damaged line is not believed.
pub(crate) fn read(lines: &[String], segments: &[(String, u64)]) -> Left {
    let sizes: HashMap<&str, u64> = segments.iter().map(|(n, s)| (n.as_str(), *s)).collect();
    let mut left = Left::default();
    let closed = lines.last().is_some_and(|l| l.contains("\"Closed\""));
    for line in lines {
        let Ok(line) = serde_json::from_str::<Line>(line) else {
            break;
        };
        let entry = match line {
            Line::Place {
                instance,
                segment,
                offset,
            } => {
                let name = segment;
                left.held.insert(instance, Held::Segment { name, offset });
                continue;
            }
            Line::Entry(entry) => entry,
        };
        match &entry {
            JournalEntry::Begun {
                protocol_sha256, ..
            } => {
                left.begun = Some(protocol_sha256.clone());
            }
            JournalEntry::Staged { record, .. } => {
                let there = match left.held.get(&record.instance) {
                    Some(Held::Segment { name, offset }) => sizes
                        .get(name.as_str())
                        .is_some_and(|size| offset + record.bytes <= *size),
                    _ => false,
                };
                // After the receipt nothing is staged any more, and nothing needs to be.
                if !there && !closed {
                    left.lost += 1;
                    continue;
                }
                left.worth_keeping = true;
            }
            JournalEntry::Voided(instance) => {
                left.held.remove(instance);
            }
            _ => {}
        }
        left.entries.push(entry);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_contribute::{CheckRecord, Contribution};
    use cordon_protocol::{Counts, Verdict};

    fn record(instance: &str, bytes: u64) -> CheckRecord {
        CheckRecord {
            pseudonym: "P".to_owned(),
            study: "2.25.1".to_owned(),
            series: "2.25.2".to_owned(),
            instance: instance.to_owned(),
            sop_class: "1.2.840.10008.5.1.4.1.1.4".to_owned(),
            modality: "MR".to_owned(),
            bytes,
            sha256: "00".repeat(32),
            sealed_sha256: "00".repeat(32),
            identity_removed_at: 0,
            verdict: Verdict::Clean,
            findings: Vec::new(),
            protocol_sha256: "ab".repeat(32),
            mac: String::new(),
        }
    }

    fn staged(instance: &str, bytes: u64) -> JournalEntry {
        JournalEntry::Staged {
            record: Box::new(record(instance, bytes)),
            counts: Counts::default(),
        }
    }

    fn written() -> Vec<String> {
        let begun = JournalEntry::Begun {
            id: "00".repeat(16),
            project: "demo".to_owned(),
            protocol_sha256: "ab".repeat(32),
        };
        let at = |offset| Held::Segment {
            name: "a.seg".to_owned(),
            offset,
        };
        let held = HashMap::from([("2.25.8".to_owned(), at(0)), ("2.25.9".to_owned(), at(100))]);
        // The third is in memory only: it has no place and is not written down.
        let entries = [
            begun,
            staged("2.25.8", 100),
            staged("2.25.9", 50),
            staged("2.25.10", 50),
        ];
        lines(&entries, &held)
    }

    #[test]
    fn what_was_staged_is_found_again() {
        let left = read(&written(), &[("a.seg".to_owned(), 150)]);
        assert_eq!(left.lost, 0);
        let replayed = Contribution::replay(left.entries).expect("a contribution");
        assert_eq!(replayed.files().len(), 2);
        assert_eq!(left.begun, Some("ab".repeat(32)));
    }

    #[test]
    fn an_object_whose_bytes_are_gone_is_not_believed() {
        let left = read(&written(), &[("a.seg".to_owned(), 149)]);
        assert_eq!(left.lost, 1);
        assert_eq!(
            Contribution::replay(left.entries).map(|c| c.files().len()),
            Some(1)
        );
        assert!(!read(&written(), &[]).worth_keeping);
    }

    #[test]
    fn nothing_after_a_damaged_line_is_believed() {
        let mut lines = written();
        lines[2].truncate(20);
        let left = read(&lines, &[("a.seg".to_owned(), 150)]);
        assert_eq!(left.entries.len(), 1);
        assert!(!left.worth_keeping);
    }
}
