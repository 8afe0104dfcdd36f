//! Which files a decision is about.
//!
//! A person decides on an image, a series, a study, a patient, or everything that
//! was held for the very same reasons. Accepting is for what is `Held`; leaving out
//! is for whatever would leave or wait.

use std::collections::BTreeSet;

use cordon_contribute::{Contribution, FileId, FileState, PatientNode};
use cordon_protocol::{Code, DecisionKind, Severity, Verdict};

use super::rows::{Row, Tree};

/// How far a decision reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The image on the screen.
    Image,
    /// Its series.
    Series,
    /// Its study.
    Study,
    /// Its patient.
    Patient,
    /// Everything held for the same reasons.
    Alike,
}

impl Scope {
    /// In the order of the screen.
    pub(crate) const ALL: [Self; 5] = [
        Self::Image,
        Self::Series,
        Self::Study,
        Self::Patient,
        Self::Alike,
    ];
}

/// The reasons for which a file is held.
pub(crate) fn reasons(file: &FileState) -> BTreeSet<Code> {
    file.findings
        .iter()
        .filter(|f| f.severity() == Severity::Held)
        .map(|f| f.code)
        .collect()
}

/// The files in reach of a decision, whatever their verdict.
pub(crate) fn in_scope(
    contribution: &Contribution,
    tree: &Tree,
    series: Row,
    image: Option<FileId>,
    scope: Scope,
) -> Vec<FileId> {
    let Row::Series(p, s, _) = series else {
        return Vec::new();
    };
    match scope {
        Scope::Image => image.into_iter().collect(),
        Scope::Series => tree.files(series),
        Scope::Study => tree.files(Row::Study(p, s)),
        Scope::Patient => tree.files(Row::Patient(p)),
        Scope::Alike => {
            let Some(like) = image.and_then(|id| contribution.file(id)).map(reasons) else {
                return Vec::new();
            };
            if like.is_empty() {
                return Vec::new();
            }
            contribution
                .files()
                .iter()
                .filter(|f| f.verdict == Some(Verdict::Held) && reasons(f) == like)
                .map(|f| f.id)
                .collect()
        }
    }
}

/// Of these files, the ones that a decision would change.
pub(crate) fn changes(
    contribution: &Contribution,
    ids: &[FileId],
    kind: Option<DecisionKind>,
) -> Vec<FileId> {
    ids.iter()
        .filter_map(|id| contribution.file(*id))
        .filter(|f| f.record.is_some() && f.decision != kind)
        .filter(|f| kind != Some(DecisionKind::Accept) || f.verdict == Some(Verdict::Held))
        .map(|f| f.id)
        .collect()
}

/// Whether one patient carries two names, or two patients one number: worth a look, because
/// a pseudonym follows the Patient ID.
pub(crate) fn mixed_up(patients: &[PatientNode]) -> usize {
    patients.iter().filter(|p| p.names_differ).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_contribute::{CheckRecord, CleanSummary, Entry, Inventory};
    use cordon_protocol::{Counts, Finding};

    fn contribution(files: &[(&str, &[Code])]) -> Contribution {
        let mut c = Contribution::new("0".repeat(32), "p", "d");
        for (i, (series, codes)) in files.iter().enumerate() {
            let id = c.add_file(format!("{i}"), 10);
            let entry = Entry {
                patient_id: "A".into(),
                study_uid: "1".into(),
                series_uid: (*series).into(),
                ..Entry::default()
            };
            c.on_inventory(id, Inventory::Object(Box::new(entry)));
            let findings: Vec<Finding> = codes.iter().map(|c| Finding::new(*c)).collect();
            let verdict = Verdict::of(&findings);
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
            let counts = Counts::default();
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
        c
    }

    #[test]
    fn alike_means_the_very_same_reasons() {
        let c = contribution(&[
            ("s1", &[Code::Head]),
            ("s2", &[Code::Head, Code::NoPreamble]),
            ("s3", &[Code::Head, Code::Overlay]),
            ("s4", &[]),
            ("s5", &[Code::Truncated]),
        ]);
        let tree = Tree::of(&c);
        let first = Row::Series(0, 0, 0);
        assert_eq!(in_scope(&c, &tree, first, Some(0), Scope::Alike), [0, 1]);
        assert_eq!(in_scope(&c, &tree, first, Some(2), Scope::Alike), [2]);
        assert!(in_scope(&c, &tree, first, Some(3), Scope::Alike).is_empty());
        assert_eq!(in_scope(&c, &tree, first, Some(0), Scope::Study).len(), 5);
    }

    #[test]
    fn only_what_is_held_is_accepted_and_nothing_refused_is_touched() {
        let c = contribution(&[("s", &[Code::Head]), ("s", &[]), ("s", &[Code::Truncated])]);
        let all = [0, 1, 2];
        assert_eq!(changes(&c, &all, Some(DecisionKind::Accept)), [0]);
        assert_eq!(changes(&c, &all, Some(DecisionKind::Exclude)), [0, 1]);
        assert!(changes(&c, &all, None).is_empty());
    }
}
