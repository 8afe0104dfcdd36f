//! What leaves, what stays and what was decided: the numbers of the page that is signed.
//!
//! One pass over the files, so that the page says the same as what is sent.

use std::collections::{BTreeMap, BTreeSet};

use cordon_contribute::{Contribution, FileState};
use cordon_protocol::{Code, Counts, DecisionKind, Severity, Verdict};

/// The numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Patients of which something leaves.
    pub(crate) patients: u64,
    /// Studies of which something leaves.
    pub(crate) studies: u64,
    /// Series of which something leaves.
    pub(crate) series: u64,
    /// Objects that leave.
    pub(crate) images: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// How many of them are clean by every check.
    pub(crate) clean: u64,
    /// How many of each modality leave.
    pub(crate) modalities: BTreeMap<String, u64>,
    /// What happened to the attributes of what leaves.
    pub(crate) counts: Counts,
    /// Held for this reason: accepted, left out, not decided.
    pub(crate) decisions: BTreeMap<Code, [u64; 3]>,
    /// Clean, and left out by a person.
    pub(crate) clean_excluded: u64,
    /// Held and not decided: stays.
    pub(crate) undecided: u64,
    /// What stays, by the reason's code.
    pub(crate) stays: BTreeMap<&'static str, u64>,
    /// Without a verdict yet.
    pub(crate) pending: u64,
}

impl Summary {
    /// Counts a contribution as it stands.
    pub(crate) fn of(contribution: &Contribution) -> Self {
        let mut this = Self::default();
        let mut patients = BTreeSet::new();
        let mut studies = BTreeSet::new();
        let mut series = BTreeSet::new();
        for file in contribution.files() {
            if file.phase == cordon_contribute::Phase::Stays && file.verdict.is_none() {
                continue;
            }
            this.decided(file);
            if let Some(code) = file.stays_because() {
                *this.stays.entry(code).or_insert(0) += 1;
            }
            this.pending += u64::from(file.verdict.is_none());
            let Some(record) = file.record.as_ref().filter(|_| file.leaves()) else {
                continue;
            };
            this.images += 1;
            this.bytes += record.bytes;
            this.clean += u64::from(file.verdict == Some(Verdict::Clean));
            patients.insert(record.pseudonym.as_str());
            studies.insert(record.study.as_str());
            series.insert(record.series.as_str());
            *this.modalities.entry(record.modality.clone()).or_insert(0) += 1;
            this.counts.merge(&file.counts);
        }
        this.patients = patients.len() as u64;
        this.studies = studies.len() as u64;
        this.series = series.len() as u64;
        this
    }

    fn decided(&mut self, file: &FileState) {
        match (file.verdict, file.decision) {
            (Some(Verdict::Clean), Some(DecisionKind::Exclude)) => self.clean_excluded += 1,
            (Some(Verdict::Held), decision) => {
                let column = match decision {
                    Some(DecisionKind::Accept) => 0,
                    Some(DecisionKind::Exclude) => 1,
                    None => 2,
                };
                self.undecided += u64::from(decision.is_none());
                let codes: BTreeSet<Code> = file
                    .findings
                    .iter()
                    .filter(|f| f.severity() == Severity::Held)
                    .map(|f| f.code)
                    .collect();
                for code in codes {
                    if let Some(n) = self.decisions.entry(code).or_default().get_mut(column) {
                        *n += 1;
                    }
                }
            }
            _ => {}
        }
    }
}

/// The code behind its stable name, as reports and receipts write it.
pub(crate) fn code_of(name: &str) -> Option<Code> {
    Code::ALL.iter().copied().find(|c| c.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_contribute::{CheckRecord, CleanSummary, Entry, Inventory};
    use cordon_protocol::{Action, Finding};

    #[test]
    fn what_leaves_and_what_stays_add_up() {
        let mut c = Contribution::new("0".repeat(32), "p", "d");
        let cases = [
            Some(Code::Head),
            None,
            Some(Code::Head),
            Some(Code::Truncated),
        ];
        for (i, code) in cases.into_iter().enumerate() {
            let id = c.add_file(format!("{i}"), 10);
            c.on_inventory(id, Inventory::Object(Box::<Entry>::default()));
            let findings: Vec<Finding> = code.into_iter().map(Finding::new).collect();
            let verdict = Verdict::of(&findings);
            let mut counts = Counts::default();
            counts.add(Action::Remove);
            let record = (verdict != Verdict::Refused).then(|| CheckRecord {
                pseudonym: "X".into(),
                study: "2.25.1".into(),
                series: "2.25.2".into(),
                instance: format!("2.25.3.{i}"),
                sop_class: String::new(),
                modality: "CT".into(),
                bytes: 9,
                sha256: String::new(),
                sealed_sha256: String::new(),
                identity_removed_at: 0,
                verdict,
                findings: findings.clone(),
                protocol_sha256: String::new(),
                mac: String::new(),
            });
            c.on_cleaned(
                id,
                CleanSummary {
                    verdict,
                    findings,
                    counts,
                    record,
                },
            );
        }
        c.decide(&[0], Some(DecisionKind::Accept)).expect("open");
        let s = Summary::of(&c);
        assert_eq!(
            (s.patients, s.studies, s.series, s.images, s.bytes),
            (1, 1, 1, 2, 18)
        );
        assert_eq!(s.clean, 1);
        assert_eq!(s.counts.of(Action::Remove), 2);
        assert_eq!(s.decisions.get(&Code::Head), Some(&[1, 0, 1]));
        assert_eq!(s.stays.get("not-decided"), Some(&1));
        assert_eq!(s.stays.get("truncated"), Some(&1));
        assert_eq!(s.stays.values().sum::<u64>() + s.images, 4);
        assert_eq!(s.undecided, 1);
        assert_eq!(code_of("truncated"), Some(Code::Truncated));
    }
}
