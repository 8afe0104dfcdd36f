//! The tree as rows, and the way from row to row.
//!
//! The model gives nested nodes; a virtual list needs a flat one. Rows hold places
//! in the model and nothing else, so that a hundred thousand of them are cheap.

use std::collections::HashSet;

use cordon_contribute::{Contribution, FileId, PatientNode, SeriesNode, StudyNode};
use cordon_protocol::Verdict;

/// One row: a place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Row {
    /// A patient.
    Patient(usize),
    /// A study of a patient.
    Study(usize, usize),
    /// A series of a study.
    Series(usize, usize, usize),
    /// The heading of what is no DICOM object or cannot be read.
    Others,
    /// One of these files.
    Other(FileId),
}

/// The key of the heading of what stays outside the tree.
pub(crate) const OTHERS: &str = "others";

/// The model's tree with what lies outside it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tree {
    /// Patients, studies, series.
    pub(crate) patients: Vec<PatientNode>,
    /// Files that are no DICOM object or cannot be read.
    pub(crate) others: Vec<FileId>,
}

impl Tree {
    /// The tree of a contribution as it stands.
    pub(crate) fn of(contribution: &Contribution) -> Self {
        Self {
            patients: contribution.tree(),
            others: contribution
                .files()
                .iter()
                .filter(|f| f.verdict == Some(Verdict::Refused))
                .filter(|f| f.entry.is_none() && f.record.is_none())
                .map(|f| f.id)
                .collect(),
        }
    }
    /// A patient.
    pub(crate) fn patient(&self, p: usize) -> Option<&PatientNode> {
        self.patients.get(p)
    }
    /// A study.
    pub(crate) fn study(&self, p: usize, s: usize) -> Option<&StudyNode> {
        self.patient(p)?.studies.get(s)
    }
    /// A series.
    pub(crate) fn series(&self, p: usize, s: usize, e: usize) -> Option<&SeriesNode> {
        self.study(p, s)?.series.get(e)
    }
    /// Every series with its place, in the order of the screen.
    pub(crate) fn all_series(&self) -> impl Iterator<Item = (Row, &SeriesNode)> {
        self.patients.iter().enumerate().flat_map(|(p, patient)| {
            patient
                .studies
                .iter()
                .enumerate()
                .flat_map(move |(s, study)| {
                    study
                        .series
                        .iter()
                        .enumerate()
                        .map(move |(e, series)| (Row::Series(p, s, e), series))
                })
        })
    }
    /// The name of a row that stays the same while the tree grows.
    pub(crate) fn key(&self, row: Row) -> Option<String> {
        let patient = |p: usize| {
            self.patient(p).map(|n| {
                if n.id.is_empty() {
                    format!("p/{}/{}/{}", n.name, n.birth_date, n.pseudonym)
                } else {
                    format!("p/{}", n.id)
                }
            })
        };
        match row {
            Row::Patient(p) => patient(p),
            Row::Study(p, s) => Some(format!("{}/{}", patient(p)?, self.study(p, s)?.uid)),
            Row::Series(p, s, e) => Some(format!(
                "{}/{}/{}",
                patient(p)?,
                self.study(p, s)?.uid,
                self.series(p, s, e)?.uid
            )),
            Row::Others => Some(OTHERS.to_owned()),
            Row::Other(id) => Some(format!("{OTHERS}/{id}")),
        }
    }
    /// The files below a row, in the order of the screen.
    pub(crate) fn files(&self, row: Row) -> Vec<FileId> {
        let of_study = |study: &StudyNode| {
            study
                .series
                .iter()
                .flat_map(|s| s.files.iter().copied())
                .collect::<Vec<_>>()
        };
        match row {
            Row::Patient(p) => self
                .patient(p)
                .map(|n| n.studies.iter().flat_map(of_study).collect())
                .unwrap_or_default(),
            Row::Study(p, s) => self.study(p, s).map(of_study).unwrap_or_default(),
            Row::Series(p, s, e) => self
                .series(p, s, e)
                .map(|n| n.files.clone())
                .unwrap_or_default(),
            Row::Others => self.others.clone(),
            Row::Other(id) => vec![id],
        }
    }
    /// The first series at or below a row.
    pub(crate) fn first_series(&self, row: Row) -> Option<Row> {
        match row {
            Row::Patient(p) => {
                let study = self
                    .patient(p)?
                    .studies
                    .iter()
                    .position(|s| !s.series.is_empty())?;
                Some(Row::Series(p, study, 0))
            }
            Row::Study(p, s) => self.series(p, s, 0).map(|_| Row::Series(p, s, 0)),
            Row::Series(..) => Some(row),
            Row::Others | Row::Other(_) => None,
        }
    }
    /// The rows on the screen. `folded` holds the keys of what was folded up;
    /// the others are folded unless [`OTHERS`] stands in it: usually they are noise.
    pub(crate) fn rows(&self, folded: &HashSet<String>) -> Vec<Row> {
        let open = |row| folded.is_empty() || self.key(row).is_none_or(|k| !folded.contains(&k));
        let mut rows = Vec::new();
        for (p, patient) in self.patients.iter().enumerate() {
            rows.push(Row::Patient(p));
            if !open(Row::Patient(p)) {
                continue;
            }
            for (s, study) in patient.studies.iter().enumerate() {
                rows.push(Row::Study(p, s));
                if open(Row::Study(p, s)) {
                    rows.extend((0..study.series.len()).map(|e| Row::Series(p, s, e)));
                }
            }
        }
        if !self.others.is_empty() {
            rows.push(Row::Others);
            if folded.contains(OTHERS) {
                rows.extend(self.others.iter().copied().map(Row::Other));
            }
        }
        rows
    }
    /// The series after (`by` = 1) or before (`by` = -1) a row; with `undecided`, the next one
    /// that waits for a person, round the end if need be.
    pub(crate) fn next_series(&self, from: Option<Row>, by: isize, undecided: bool) -> Option<Row> {
        let all: Vec<(Row, bool)> = self
            .all_series()
            .map(|(row, s)| (row, s.undecided > 0))
            .collect();
        let start = from.and_then(|row| self.first_series(row));
        let at = start.and_then(|row| all.iter().position(|(r, _)| *r == row));
        let n = isize::try_from(all.len()).ok()?;
        let mut i = match (at, by > 0) {
            (Some(i), _) => isize::try_from(i).ok()?,
            (None, true) => -1,
            (None, false) => n,
        };
        for _ in 0..n {
            i += by.signum();
            if undecided {
                i = i.rem_euclid(n);
            }
            let (row, waits) = *usize::try_from(i).ok().and_then(|i| all.get(i))?;
            if waits || !undecided {
                return Some(row);
            }
        }
        None
    }
}

impl Row {
    /// How deep it stands, from 1 as `aria-level` counts.
    pub(crate) const fn level(self) -> usize {
        match self {
            Self::Patient(_) | Self::Others => 1,
            Self::Study(..) | Self::Other(_) => 2,
            Self::Series(..) => 3,
        }
    }
    /// The row above it in the tree.
    pub(crate) const fn parent(self) -> Option<Self> {
        match self {
            Self::Patient(_) | Self::Others => None,
            Self::Study(p, _) => Some(Self::Patient(p)),
            Self::Series(p, s, _) => Some(Self::Study(p, s)),
            Self::Other(_) => Some(Self::Others),
        }
    }
    /// Whether something can be folded under it.
    pub(crate) const fn folds(self) -> bool {
        matches!(self, Self::Patient(_) | Self::Study(..) | Self::Others)
    }
}

/// The part of a long list that is on the screen: first row, rows, and how high the room above
/// and below it is, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Slice {
    /// First row drawn.
    pub(crate) first: usize,
    /// One past the last row drawn.
    pub(crate) end: usize,
    /// Pixels above.
    pub(crate) above: usize,
    /// Pixels below.
    pub(crate) below: usize,
}

/// Rows drawn beyond the edges, so that quick scrolling shows no gap.
const SPARE: usize = 8;

/// What to draw of `rows` rows of `height` pixels in a window `view` high, scrolled to `top`.
pub(crate) fn visible(rows: usize, height: usize, top: i32, view: i32) -> Slice {
    let height = height.max(1);
    let top = usize::try_from(top).unwrap_or(0) / height;
    let shown = usize::try_from(view).unwrap_or(0).div_ceil(height) + 1;
    let first = top.saturating_sub(SPARE).min(rows);
    let end = (top + shown + SPARE).min(rows).max(first);
    Slice {
        first,
        end,
        above: first * height,
        below: (rows - end) * height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_contribute::{Entry, Inventory};

    fn tree() -> Tree {
        let mut c = Contribution::new("0".repeat(32), "p", "d");
        for (patient, study, series) in [("A", "1", "1.1"), ("A", "1", "1.2"), ("B", "2", "2.1")] {
            for n in 0..2 {
                let id = c.add_file(format!("{series}/{n}"), 10);
                let entry = Entry {
                    patient_id: patient.into(),
                    study_uid: study.into(),
                    series_uid: series.into(),
                    ..Entry::default()
                };
                c.on_inventory(id, Inventory::Object(Box::new(entry)));
            }
        }
        let id = c.add_file("notes.txt".into(), 3);
        c.on_inventory(id, Inventory::NotDicom);
        Tree::of(&c)
    }

    #[test]
    fn folding_hides_what_is_below() {
        let tree = tree();
        let all = tree.rows(&HashSet::new());
        assert_eq!(all.len(), 8);
        assert_eq!(all.last(), Some(&Row::Others));
        let folded = HashSet::from([tree.key(Row::Patient(0)).expect("key"), OTHERS.to_owned()]);
        assert_eq!(
            tree.rows(&folded),
            [
                Row::Patient(0),
                Row::Patient(1),
                Row::Study(1, 0),
                Row::Series(1, 0, 0),
                Row::Others,
                Row::Other(6)
            ]
        );
    }

    #[test]
    fn a_row_knows_its_files_and_its_neighbours() {
        let tree = tree();
        assert_eq!(tree.files(Row::Study(0, 0)), [0, 1, 2, 3]);
        assert_eq!(tree.files(Row::Patient(1)), [4, 5]);
        let first = tree.next_series(None, 1, false);
        assert_eq!(first, Some(Row::Series(0, 0, 0)));
        assert_eq!(
            tree.next_series(first, 1, false),
            Some(Row::Series(0, 0, 1))
        );
        assert_eq!(tree.next_series(first, -1, false), None);
        assert_eq!(
            tree.next_series(Some(Row::Patient(1)), -1, false),
            Some(Row::Series(0, 0, 1))
        );
        assert_eq!(tree.next_series(first, 1, true), None, "nothing is held");
    }

    #[test]
    fn only_what_is_seen_is_drawn() {
        let all = 100_000;
        let slice = visible(all, 32, 32 * 50_000, 800);
        assert!(slice.end - slice.first < 60);
        assert!(slice.first <= 50_000 && slice.end >= 50_025);
        assert_eq!(
            slice.above + slice.below + (slice.end - slice.first) * 32,
            all * 32
        );
        assert_eq!(
            visible(3, 32, 0, 800),
            Slice {
                first: 0,
                end: 3,
                above: 0,
                below: 0
            }
        );
        assert_eq!(visible(3, 32, 9_999_999, 800).end, 3);
        assert_eq!(visible(0, 32, 0, 0), Slice::default());
    }
}
