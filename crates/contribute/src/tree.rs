//! Patients, studies and series as a tree for the screen.
//!
//! Built from the files' entries in the order in which they arrived, so that rows
//! do not jump while a folder is read. After a restart, files without an entry
//! stand under their pseudonym.

use std::collections::{BTreeSet, HashMap};

use cordon_protocol::{Code, Severity, Verdict};

use crate::contribution::{Contribution, FileId, FileState, Phase};

/// A patient as found in the files.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientNode {
    /// Patient ID, or the pseudonym after a restart.
    pub id: String,
    /// Patient's Name, of the first file.
    pub name: String,
    /// Patient's Birth Date, as written.
    pub birth_date: String,
    /// Patient's Sex.
    pub sex: String,
    /// The pseudonym, once a file was cleaned.
    pub pseudonym: String,
    /// Whether files with this ID carry different names.
    pub names_differ: bool,
    /// The studies.
    pub studies: Vec<StudyNode>,
}

/// A study.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyNode {
    /// Study Instance UID as it came, or as it leaves after a restart.
    pub uid: String,
    /// Study Date, as written.
    pub date: String,
    /// Study Description.
    pub description: String,
    /// Accession Number.
    pub accession_number: String,
    /// The series.
    pub series: Vec<SeriesNode>,
}

/// A series with its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesNode {
    /// Series Instance UID as it came, or as it leaves after a restart.
    pub uid: String,
    /// Series Number.
    pub number: Option<i32>,
    /// Series Description.
    pub description: String,
    /// Modality.
    pub modality: String,
    /// Body Part Examined.
    pub body_part: String,
    /// SOP Class UID of the first file.
    pub sop_class: String,
    /// The files, in the order of Instance Number where known.
    pub files: Vec<FileId>,
    /// Bytes of the files.
    pub bytes: u64,
    /// Frames in all files.
    pub frames: u64,
    /// The worst verdict so far.
    pub verdict: Option<Verdict>,
    /// How many files have no verdict yet.
    pub pending: u64,
    /// How many of `Clean`, `Held` and `Refused`.
    pub by_verdict: [u64; 3],
    /// How many held files have no decision.
    pub undecided: u64,
    /// How many leave as things stand.
    pub leaving: u64,
    /// How many the server has taken in.
    pub sent: u64,
    /// How many failed to be sent.
    pub failed: u64,
    /// Codes of what was noticed, notes included.
    pub findings: BTreeSet<Code>,
}

/// Sums over a branch of the tree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Files.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
    /// The worst verdict so far.
    pub verdict: Option<Verdict>,
    /// Held and not decided.
    pub undecided: u64,
    /// Leaving as things stand.
    pub leaving: u64,
    /// Taken in by the server.
    pub sent: u64,
    /// Failed to be sent.
    pub failed: u64,
    /// Without a verdict yet.
    pub pending: u64,
}

impl StudyNode {
    /// Sums over the study's series.
    #[must_use]
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for series in &self.series {
            sums.files += series.files.len() as u64;
            sums.bytes += series.bytes;
            sums.verdict = sums.verdict.max(series.verdict);
            sums.undecided += series.undecided;
            sums.leaving += series.leaving;
            sums.sent += series.sent;
            sums.failed += series.failed;
            sums.pending += series.pending;
        }
        sums
    }
}

impl PatientNode {
    /// Sums over the patient's studies.
    #[must_use]
    pub fn sums(&self) -> Sums {
        self.studies
            .iter()
            .map(StudyNode::sums)
            .fold(Sums::default(), |a, b| Sums {
                files: a.files + b.files,
                bytes: a.bytes + b.bytes,
                verdict: a.verdict.max(b.verdict),
                undecided: a.undecided + b.undecided,
                leaving: a.leaving + b.leaving,
                sent: a.sent + b.sent,
                failed: a.failed + b.failed,
                pending: a.pending + b.pending,
            })
    }
}

/// What says whose series a file belongs to. Borrowed: the tree is made anew whenever a screen is
/// drawn while files arrive.
struct Keys<'a> {
    patient: Patient<'a>,
    study: &'a str,
    series: &'a str,
}

#[derive(PartialEq, Eq, Hash)]
enum Patient<'a> {
    Id(&'a str),
    /// Without an ID: name and birth date.
    Person(&'a str, &'a str),
}

fn keys(file: &FileState) -> Option<Keys<'_>> {
    if file.phase == Phase::Stays && file.verdict.is_none() {
        return None;
    }
    match (&file.entry, &file.record) {
        (Some(e), _) => {
            let patient = if e.patient_id.is_empty() {
                Patient::Person(&e.patient_name, &e.birth_date)
            } else {
                Patient::Id(&e.patient_id)
            };
            Some(Keys {
                patient,
                study: &e.study_uid,
                series: &e.series_uid,
            })
        }
        (None, Some(r)) => Some(Keys {
            patient: Patient::Id(&r.pseudonym),
            study: &r.study,
            series: &r.series,
        }),
        (None, None) => None,
    }
}

impl Contribution {
    /// The tree of everything that is a DICOM object.
    #[must_use]
    pub fn tree(&self) -> Vec<PatientNode> {
        let mut patients: Vec<PatientNode> = Vec::new();
        let mut patient_at: HashMap<Patient<'_>, usize> = HashMap::new();
        let mut study_at: HashMap<(usize, &str), usize> = HashMap::new();
        let mut series_at: HashMap<(usize, usize, &str), usize> = HashMap::new();
        for file in self.files() {
            let Some(keys) = keys(file) else { continue };
            let p = *patient_at.entry(keys.patient).or_insert_with(|| {
                patients.push(new_patient(file));
                patients.len() - 1
            });
            let Some(patient) = patients.get_mut(p) else {
                continue;
            };
            note_patient(patient, file);
            let s = *study_at.entry((p, keys.study)).or_insert_with(|| {
                patient.studies.push(new_study(file, keys.study.to_owned()));
                patient.studies.len() - 1
            });
            let Some(study) = patient.studies.get_mut(s) else {
                continue;
            };
            let e = *series_at.entry((p, s, keys.series)).or_insert_with(|| {
                study.series.push(new_series(file, keys.series.to_owned()));
                study.series.len() - 1
            });
            if let Some(series) = study.series.get_mut(e) {
                count(series, file);
            }
        }
        for series in patients
            .iter_mut()
            .flat_map(|p| &mut p.studies)
            .flat_map(|s| &mut s.series)
        {
            series.files.sort_by_cached_key(|id| {
                let number = self
                    .file(*id)
                    .and_then(|f| f.entry.as_ref())
                    .and_then(|e| e.instance_number);
                (number.unwrap_or(i32::MAX), *id)
            });
        }
        patients
    }
}

fn new_patient(file: &FileState) -> PatientNode {
    let entry = file.entry.as_deref().cloned().unwrap_or_default();
    PatientNode {
        id: entry.patient_id,
        name: entry.patient_name,
        birth_date: entry.birth_date,
        sex: entry.sex,
        pseudonym: String::new(),
        names_differ: false,
        studies: Vec::new(),
    }
}

fn note_patient(patient: &mut PatientNode, file: &FileState) {
    if let Some(record) = &file.record
        && patient.pseudonym.is_empty()
    {
        patient.pseudonym.clone_from(&record.pseudonym);
    }
    if let Some(entry) = &file.entry
        && entry.patient_name != patient.name
    {
        patient.names_differ = true;
    }
}

fn new_study(file: &FileState, uid: String) -> StudyNode {
    let entry = file.entry.as_deref().cloned().unwrap_or_default();
    StudyNode {
        uid,
        date: entry.study_date,
        description: entry.study_description,
        accession_number: entry.accession_number,
        series: Vec::new(),
    }
}

fn new_series(file: &FileState, uid: String) -> SeriesNode {
    let entry = file.entry.as_deref().cloned().unwrap_or_default();
    let record = file.record.as_ref();
    let or_record = |own: String, of: fn(&crate::CheckRecord) -> &String| {
        if own.is_empty() {
            record.map(of).cloned().unwrap_or_default()
        } else {
            own
        }
    };
    SeriesNode {
        uid,
        number: entry.series_number,
        description: entry.series_description,
        modality: or_record(entry.modality, |r| &r.modality),
        body_part: entry.body_part,
        sop_class: or_record(entry.sop_class, |r| &r.sop_class),
        files: Vec::new(),
        bytes: 0,
        frames: 0,
        verdict: None,
        pending: 0,
        by_verdict: [0; 3],
        undecided: 0,
        leaving: 0,
        sent: 0,
        failed: 0,
        findings: BTreeSet::new(),
    }
}

fn count(series: &mut SeriesNode, file: &FileState) {
    series.files.push(file.id);
    series.bytes += file.size;
    series.frames += u64::from(file.entry.as_ref().map_or(1, |e| e.frames));
    series.verdict = series.verdict.max(file.verdict);
    match file.verdict {
        None => series.pending += 1,
        Some(Verdict::Clean) => series.by_verdict[0] += 1,
        Some(Verdict::Held) => series.by_verdict[1] += 1,
        Some(Verdict::Refused) => series.by_verdict[2] += 1,
    }
    series.undecided += u64::from(file.verdict == Some(Verdict::Held) && file.decision.is_none());
    series.leaving += u64::from(file.leaves());
    series.sent += u64::from(file.phase == Phase::Sent);
    series.failed += u64::from(file.phase == Phase::Failed);
    series.findings.extend(
        file.findings
            .iter()
            .filter(|f| f.severity() > Severity::Note)
            .map(|f| f.code),
    );
}
