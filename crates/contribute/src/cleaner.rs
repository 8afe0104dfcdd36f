//! One file through all steps: read, look, rewrite, read again, check.

use std::sync::Arc;

use cordon_deid::{
    Finished, HeldWord, Identifiers, Job, Knows, Policy, Rewritten, Searchers, SiteKey,
    TextCleaners, WordDecisions, check, known_identity, rewrite,
};
use cordon_dicom::{CharacterSet, File, read, read_inflating, tag, tags};
use cordon_protocol::{Change, Code, Counts, Finding, Protocol, Severity, Tag, Verdict};

use crate::entry::DIRECTORY_CLASS;
use crate::pixels::{Contours, PixelWork, answer};
use crate::sealed::{CheckRecord, Checked, Unhashed};
use crate::{VERSION, triage};

/// Cleans files under one protocol and one site key. Cheap to clone; clones share caches.
#[derive(Debug, Clone)]
pub struct Cleaner {
    protocol: Arc<Protocol>,
    protocol_sha256: Arc<str>,
    /// What is written into (0012,0063).
    method: Arc<str>,
    policy: Policy,
    key: SiteKey,
    searchers: Arc<Searchers>,
    texts: Arc<TextCleaners>,
    decisions: Arc<WordDecisions>,
}

/// Where an object belongs after cleaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The patient's pseudonym.
    pub pseudonym: String,
    /// Study Instance UID that leaves.
    pub study: String,
    /// Series Instance UID that leaves.
    pub series: String,
    /// SOP Instance UID that leaves.
    pub instance: String,
}

/// What cleaning one file gave: a [`Checked`] object, or an [`Unhashed`] one.
#[derive(Debug, Clone)]
pub struct Cleaned<T = Checked> {
    /// The verdict.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// What happened to each attribute; empty when refused before the rewrite.
    pub changes: Vec<Change>,
    /// The same, counted.
    pub counts: Counts,
    /// Words that stand in the cleaned object and may point to somebody; the findings
    /// `uncertain-words` name their places. For the person's own screen: they go into no
    /// record, receipt or log. What the person decides about them goes into
    /// [`Cleaner::with_decisions`], and a second cleaning asks no more about it.
    pub uncertain: Vec<HeldWord>,
    /// Where the object belongs; `None` exactly when refused.
    pub placement: Option<Placement>,
    /// The object; `None` exactly when refused.
    pub output: Option<T>,
}

impl Cleaned<Unhashed> {
    fn hashed(self) -> Cleaned {
        Cleaned {
            verdict: self.verdict,
            findings: self.findings,
            changes: self.changes,
            counts: self.counts,
            placement: self.placement,
            output: self.output.map(Checked::new),
            uncertain: self.uncertain,
        }
    }

    fn refused(findings: Vec<Finding>) -> Self {
        Self {
            verdict: Verdict::Refused,
            findings,
            changes: Vec::new(),
            counts: Counts::default(),
            uncertain: Vec::new(),
            placement: None,
            output: None,
        }
    }
}

impl Cleaner {
    /// A cleaner for this protocol and key.
    #[must_use]
    pub fn new(protocol: Protocol, key: SiteKey) -> Self {
        let method = format!(
            "{VERSION}; PS3.15 {}; {} v{}",
            protocol.edition, protocol.id, protocol.version
        );
        let method: String = method.chars().take(64).collect();
        let policy = Policy::of(&protocol);
        Self {
            protocol_sha256: protocol.digest().into(),
            protocol: Arc::new(protocol),
            method: method.into(),
            policy,
            key,
            searchers: Arc::default(),
            texts: Arc::default(),
            decisions: Arc::default(),
        }
    }

    /// The same cleaner after a person has decided about doubtful words: what was accepted
    /// stays and is asked about no more, what was rejected goes.
    #[must_use]
    pub fn with_decisions(self, decisions: WordDecisions) -> Self {
        Self {
            decisions: Arc::new(decisions),
            ..self
        }
    }

    /// The protocol that is obeyed.
    #[must_use]
    pub fn protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// The clinic's key.
    #[must_use]
    pub fn key(&self) -> &SiteKey {
        &self.key
    }

    /// Cleans one file. Never fails: what cannot be cleaned is `Refused`, with the reason.
    #[must_use]
    pub fn clean(&self, input: &[u8]) -> Cleaned {
        self.clean_with(input, &PixelWork::default())
    }

    /// Cleans one file and leaves its digests to the caller.
    #[must_use]
    pub fn clean_unhashed(&self, input: &[u8]) -> Cleaned<Unhashed> {
        self.clean_unhashed_with(input, &PixelWork::default())
    }

    /// Cleans one file and does what is to be done to its pixels. What is known about them answers
    /// what the header leaves open.
    #[must_use]
    pub fn clean_with(&self, input: &[u8], work: &PixelWork) -> Cleaned {
        self.clean_unhashed_with(input, work).hashed()
    }

    /// As [`Cleaner::clean_with`], and leaves the digests to the caller.
    #[must_use]
    pub fn clean_unhashed_with(&self, input: &[u8], work: &PixelWork) -> Cleaned<Unhashed> {
        let bytes = match read_inflating(input) {
            Ok(bytes) => bytes,
            Err(e) => return Cleaned::refused(vec![e.finding()]),
        };
        match read(&bytes) {
            Ok(file) => self.clean_file(&file, bytes.len(), work),
            Err(e) => Cleaned::refused(vec![e.finding()]),
        }
    }

    fn clean_file(&self, file: &File<'_>, size: usize, work: &PixelWork) -> Cleaned<Unhashed> {
        let contours = work.cut.as_ref().and_then(|cut| Contours::cut(file, cut));
        let edited = contours.as_ref().map(|contours| contours.file(file));
        let file = edited.as_ref().unwrap_or(file);
        let (mut findings, identity) = self.look(file);
        // What the screening noticed weighs what the protocol says, and later.
        let refused = |findings: &[Finding]| {
            findings
                .iter()
                .any(|f| f.severity() == Severity::Refused && !f.code.is_quality())
        };
        if refused(&findings) {
            return Cleaned::refused(findings);
        }
        let done = answer(
            file,
            work,
            contours.is_some(),
            &self.protocol,
            &self.key,
            &mut findings,
        );
        let new = done.elements();
        if refused(&findings) {
            return Cleaned::refused(findings);
        }
        let class = file
            .data
            .ascii(tag(tags::SOP_CLASS_UID))
            .unwrap_or_default();
        let prefix = &self.protocol.deid.pseudonym_prefix;
        let form = self.protocol.deid.pseudonym_form;
        let pseudonym = self.key.pseudonym_as(prefix, form, &identity);
        let ids = Identifiers::of(&file.data, &self.key, prefix, self.policy);
        let searcher = self.searchers.get(&ids);
        let shift_days = self.shift_days(file, &identity);
        let texts = self.texts.get(
            known_identity(&file.data, &self.key, prefix, self.policy),
            self.policy,
            shift_days,
            &self.decisions,
        );
        let job = Job {
            sop_class: class,
            pseudonym: &pseudonym,
            key: &self.key,
            policy: self.policy,
            shift_days,
            method: &self.method,
            searcher: &searcher,
            texts: &texts,
            stages: done.stages(&new),
            size_hint: size,
        };
        let rewritten = rewrite(file, &job);

        // From here on the output is judged by its bytes alone.
        let Ok(again) = read(&rewritten.bytes) else {
            findings.push(Finding::new(Code::ResidueParse));
            return Cleaned::refused(findings);
        };
        let mut finished = check(
            &rewritten.bytes,
            &again,
            self.policy,
            Some(Knows {
                identifiers: &ids,
                searcher: &searcher,
                texts: &texts,
            }),
        );
        let uncertain = uncertain(&rewritten, &mut finished, &mut findings);
        findings.append(&mut finished.findings);
        if done.new.is_some() {
            findings.extend(cordon_pixels::sanity(&again));
        }
        findings.extend(cordon_deid::spare_bytes(&again));
        if rewritten.pixels_trimmed {
            findings.push(Finding::at(Code::PixelsTrimmed, PIXEL_DATA));
        }
        // An image must bring what the project asks for; documents about images need not.
        if again.data.has_value(tag(tags::ROWS)) {
            let require = &self.protocol.require;
            findings.extend(require.instance(|t| again.data.text(t)));
        }
        drop(again);
        let verdict = self.verdict(&findings, &finished.modality);
        if verdict == Verdict::Refused {
            let mut refused = Cleaned::refused(findings);
            refused.changes = rewritten.changes;
            refused.counts = rewritten.counts;
            return refused;
        }
        let record = CheckRecord {
            pseudonym: finished.pseudonym.clone(),
            study: finished.study.clone(),
            series: finished.series.clone(),
            instance: finished.instance.clone(),
            sop_class: finished.sop_class,
            modality: finished.modality,
            bytes: 0,
            sha256: String::new(),
            sealed_sha256: String::new(),
            identity_removed_at: rewritten.identity_removed_at as u64,
            verdict,
            findings: findings.clone(),
            protocol_sha256: self.protocol_sha256.to_string(),
            mac: String::new(),
        };
        Cleaned {
            verdict,
            findings,
            changes: rewritten.changes,
            counts: rewritten.counts,
            uncertain,
            placement: Some(Placement {
                pseudonym: finished.pseudonym,
                study: finished.study,
                series: finished.series,
                instance: finished.instance,
            }),
            output: Some(Unhashed::new(rewritten.bytes, record, &self.key)),
        }
    }

    /// The verdict: quality weighs what the protocol says, everything else what its code says.
    fn verdict(&self, findings: &[Finding], modality: &str) -> Verdict {
        let weight = |f: &Finding| {
            if f.code.is_quality() {
                self.protocol.quality.weight(f.code, modality)
            } else {
                f.severity()
            }
        };
        findings
            .iter()
            .map(|f| match weight(f) {
                Severity::Note => Verdict::Clean,
                Severity::Held => Verdict::Held,
                Severity::Refused => Verdict::Refused,
            })
            .fold(self.protocol.require.limits(findings), Verdict::max)
    }

    /// By how many days the patient's dates move. Dates that this key has moved already stay:
    /// the patient has its pseudonym and the object says MODIFIED.
    fn shift_days(&self, file: &File<'_>, identity: &str) -> i64 {
        let prefix = &self.protocol.deid.pseudonym_prefix;
        let temporal = tag(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED);
        let moved = file.data.ascii(temporal) == Some("MODIFIED");
        if moved && self.key.made_pseudonym(prefix, identity) {
            0
        } else {
            self.key.shift_days(identity)
        }
    }

    /// What the input says before anything is changed, and what makes its patient the same one.
    fn look(&self, file: &File<'_>) -> (Vec<Finding>, String) {
        let data = &file.data;
        let mut findings = file.notes.clone();
        let class = data.ascii(tag(tags::SOP_CLASS_UID));
        let meta = |t| file.meta.ascii(tag(t));
        if class == Some(DIRECTORY_CLASS)
            || meta(tags::MEDIA_STORAGE_SOP_CLASS_UID) == Some(DIRECTORY_CLASS)
            || data.get(tag(tags::DIRECTORY_RECORD_SEQUENCE)).is_some()
        {
            findings.push(Finding::new(Code::Directory));
            return (findings, String::new());
        }
        for (t, code) in [
            (tags::SOP_CLASS_UID, Code::NoSopClass),
            (tags::SOP_INSTANCE_UID, Code::NoInstanceUid),
            (tags::STUDY_INSTANCE_UID, Code::NoStudyUid),
            (tags::SERIES_INSTANCE_UID, Code::NoSeriesUid),
        ] {
            match data.ascii(tag(t)) {
                None => findings.push(Finding::at(code, tag(t))),
                Some(uid) if !is_valid_uid(uid) => {
                    findings.push(Finding::at(Code::BadUid, tag(t)));
                }
                Some(_) => {}
            }
        }
        let differs = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        if differs(meta(tags::MEDIA_STORAGE_SOP_CLASS_UID), class)
            || differs(
                meta(tags::MEDIA_STORAGE_SOP_INSTANCE_UID),
                data.ascii(tag(tags::SOP_INSTANCE_UID)),
            )
        {
            findings.push(Finding::new(Code::MetaMismatch));
        }
        if has_duplicates(file) {
            findings.push(Finding::new(Code::Repeated));
        }
        let set = data.character_set(&CharacterSet::default());
        if !set.is_known() {
            findings.push(Finding::at(
                Code::UnknownCharset,
                tag(tags::SPECIFIC_CHARACTER_SET),
            ));
        }
        if let Some(modality) = data.ascii(tag(tags::MODALITY))
            && !self.protocol.accept.modalities.is_empty()
            && !self
                .protocol
                .accept
                .modalities
                .iter()
                .any(|m| m == modality)
        {
            findings.push(Finding::at(Code::ModalityNotAccepted, tag(tags::MODALITY)));
        }
        findings.extend(triage::triage(data));
        findings.extend(cordon_pixels::sanity(file));
        let identity = identity(file, &mut findings);
        (findings, identity)
    }
}

/// The doubtful words of an object, a finding for each of their places. The rewriter saw them
/// among the words that it took out, the check among those that are left: both count.
fn uncertain(
    rewritten: &Rewritten,
    finished: &mut Finished,
    findings: &mut Vec<Finding>,
) -> Vec<HeldWord> {
    let mut words = rewritten.uncertain.clone();
    for held in std::mem::take(&mut finished.uncertain) {
        if !rewritten.uncertain.iter().any(|w| w.word == held.word) {
            words.push(held);
        }
    }
    let mut last = None;
    for held in words.iter().take(MAX_PLACES) {
        if last != Some(&held.path) {
            findings.push(Finding::at(Code::UncertainWords, held.path.clone()));
        }
        last = Some(&held.path);
    }
    words
}

const PIXEL_DATA: Tag = Tag(0x7FE0_0010);

/// Most places with doubtful words that one object reports.
const MAX_PLACES: usize = 100;

/// What makes a patient the same one: the Patient ID; else name and birth date; else the study.
fn identity(file: &File<'_>, findings: &mut Vec<Finding>) -> String {
    let data = &file.data;
    if let Some(id) = data.text(tag(tags::PATIENT_ID)) {
        return id;
    }
    findings.push(Finding::at(Code::NoPatientId, tag(tags::PATIENT_ID)));
    let name = data.text(tag(tags::PATIENT_NAME));
    let birth = data.text(tag(tags::PATIENT_BIRTH_DATE));
    match (name, birth) {
        (Some(name), Some(birth)) => format!("\u{0}name\u{0}{name}\u{0}{birth}"),
        _ => {
            let study = data
                .ascii(tag(tags::STUDY_INSTANCE_UID))
                .unwrap_or_default();
            format!("\u{0}study\u{0}{study}")
        }
    }
}

fn is_valid_uid(uid: &str) -> bool {
    uid.len() <= 64
        && uid.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_digit())
                && (part.len() == 1 || !part.starts_with('0'))
        })
}

fn has_duplicates(file: &File<'_>) -> bool {
    file.data.elements.windows(2).any(|pair| match pair {
        [a, b] => a.tag == b.tag,
        _ => false,
    })
}
