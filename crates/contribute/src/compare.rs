//! One file under two protocols, attribute by attribute, for the person's own screen.
//!
//! A protocol that is only being tried out cleans nothing that leaves: what it would do
//! is held beside what the project's protocol does.

use std::collections::BTreeMap;

use cordon_dicom::{read, read_inflating};
use cordon_protocol::{Action, Counts, Finding, Rule, Tag, TagPath, Verdict};
use serde::{Deserialize, Serialize};

use crate::explain::{Gone, row};
use crate::{Cleaned, Cleaner};

/// What becomes of one attribute under one protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fate {
    /// What is done.
    pub action: Action,
    /// Why.
    pub rule: Rule,
    /// The value after; `None` when it is gone.
    pub after: Option<String>,
}

/// One attribute under two protocols. Holds real values: for the screen, never for a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedRow {
    /// Where.
    pub path: TagPath,
    /// The attribute's name.
    pub name: String,
    /// Its VR.
    pub vr: String,
    /// The value before; `None` when Cordon added the attribute.
    pub before: Option<String>,
    /// Under the first protocol; `None` when it does not come so far there.
    pub first: Option<Fate>,
    /// Under the second.
    pub second: Option<Fate>,
}

impl ComparedRow {
    /// Whether the two protocols treat the attribute differently.
    #[must_use]
    pub fn differs(&self) -> bool {
        // De-identification Method names the protocol, so it always differs.
        const METHOD: Tag = Tag(0x0012_0063);
        let what = |fate: &Option<Fate>| fate.as_ref().map(|f| (f.action, f.after.clone()));
        self.path.tag != METHOD && what(&self.first) != what(&self.second)
    }
}

/// One file under two protocols.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Every attribute, in the order of the file.
    pub rows: Vec<ComparedRow>,
    /// Both verdicts.
    pub verdicts: [Verdict; 2],
    /// Actions under both, counted.
    pub counts: [Counts; 2],
    /// What was noticed under the second and not under the first.
    pub only_second: Vec<Finding>,
    /// What was noticed under the first and not under the second.
    pub only_first: Vec<Finding>,
}

/// Cleans a file under two protocols and holds the results against each other.
///
/// # Errors
/// When the file cannot be read: the finding that says why.
pub fn compare(first: &Cleaner, second: &Cleaner, input: &[u8]) -> Result<Comparison, Finding> {
    let bytes = read_inflating(input).map_err(|e| e.finding())?;
    let file = read(&bytes).map_err(|e| e.finding())?;
    let cleaned = [first.clean(input), second.clean(input)];
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<ComparedRow> = Vec::new();
    for (side, one) in cleaned.iter().enumerate() {
        let output = one.output.as_ref().map(crate::Checked::bytes);
        let after = output.and_then(|b| read(b).ok());
        let gone = Gone::of(&one.changes);
        for change in &one.changes {
            let made = row(change, &file, after.as_ref(), &gone);
            let fate = Fate {
                action: made.action,
                rule: made.rule,
                after: made.after,
            };
            let key = change.path.to_string();
            let at = match rows.get(&key) {
                Some(at) => *at,
                None => {
                    out.push(ComparedRow {
                        path: made.path,
                        name: made.name,
                        vr: made.vr,
                        before: made.before,
                        first: None,
                        second: None,
                    });
                    rows.insert(key, out.len() - 1);
                    out.len() - 1
                }
            };
            if let Some(found) = out.get_mut(at) {
                match side {
                    0 => found.first = Some(fate),
                    _ => found.second = Some(fate),
                }
            }
        }
    }
    out.sort_by_cached_key(|row| in_file(&row.path));
    let [one, two] = &cleaned;
    Ok(Comparison {
        rows: out,
        verdicts: [one.verdict, two.verdict],
        counts: [one.counts.clone(), two.counts.clone()],
        only_second: beyond(two, one),
        only_first: beyond(one, two),
    })
}

/// The order of the file: a sequence, then what stands in it.
fn in_file(path: &TagPath) -> Vec<(u32, u32)> {
    let steps = path.steps.iter().map(|s| (s.sequence.0, s.item));
    steps.chain([(path.tag.0, 0)]).collect()
}

/// What was noticed in one and not in the other, by code and place.
fn beyond(one: &Cleaned, other: &Cleaned) -> Vec<Finding> {
    let there = |finding: &Finding| other.findings.iter().any(|f| f == finding);
    let mut out: Vec<Finding> = Vec::new();
    for finding in one.findings.iter().filter(|f| !there(f)) {
        if !out.contains(finding) {
            out.push(finding.clone());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use cordon_protocol::{DeidOption, Protocol};

    use super::*;
    use crate::SiteKey;

    fn cleaner(options: &[DeidOption]) -> Cleaner {
        let mut protocol = Protocol::basic();
        protocol.deid.options = options.to_vec();
        Cleaner::new(protocol, SiteKey::from_bytes([7; 32]))
    }

    #[test]
    fn an_option_shows_in_the_attributes_it_lets_stay() {
        let study = cordon_synth::mr_slices(1, 1).next().expect("a slice").bytes;
        let basic = cleaner(&[]);
        let same = compare(&basic, &basic, &study).expect("readable");
        assert!(!same.rows.is_empty());
        assert!(same.rows.iter().all(|r| !r.differs()));
        let other = cleaner(&[DeidOption::RetainModifiedDates]);
        let both = compare(&basic, &other, &study).expect("readable");
        let date = both
            .rows
            .iter()
            .find(|r| r.path.to_string() == "(0008,0020)")
            .expect("a study date");
        assert!(date.differs());
        assert_ne!(
            date.before,
            date.second.as_ref().and_then(|f| f.after.clone())
        );
        assert!(
            both.rows
                .windows(2)
                .all(|w| in_file(&w[0].path) < in_file(&w[1].path))
        );
    }
}
