//! What is gathered about a contribution while it is cleaned.

use std::collections::{BTreeMap, BTreeSet};

use cordon_contribute::{CheckRecord, Cleaned};
use cordon_protocol::{
    Action, Approval, Change, Code, CountersignedReceipt, Counts, Decision, Finding, Protocol,
    Rule, Tag, Verdict,
};

/// The defined terms of Modality, PS3.3 section C.7.3.1.1.1, retired ones among them.
const MODALITIES: [&str; 95] = [
    "ANN",
    "AR",
    "AS",
    "ASMT",
    "AU",
    "BDUS",
    "BI",
    "BMD",
    "CD",
    "CF",
    "CFM",
    "CP",
    "CR",
    "CS",
    "CT",
    "CTPROTOCOL",
    "DD",
    "DF",
    "DG",
    "DM",
    "DMS",
    "DOC",
    "DS",
    "DX",
    "EC",
    "ECG",
    "EEG",
    "EMG",
    "EOG",
    "EPS",
    "ES",
    "FA",
    "FID",
    "FS",
    "GM",
    "HC",
    "HD",
    "IO",
    "IOL",
    "IVOCT",
    "IVUS",
    "KER",
    "KO",
    "LEN",
    "LP",
    "LS",
    "M3D",
    "MA",
    "MG",
    "MR",
    "MS",
    "NM",
    "OAM",
    "OCT",
    "OP",
    "OPM",
    "OPR",
    "OPT",
    "OPTBSV",
    "OPTENF",
    "OPV",
    "OSS",
    "OT",
    "PA",
    "PLAN",
    "POS",
    "PR",
    "PT",
    "PX",
    "REG",
    "RESP",
    "RF",
    "RG",
    "RTDOSE",
    "RTIMAGE",
    "RTINTENT",
    "RTPLAN",
    "RTRAD",
    "RTRECORD",
    "RTSEGANN",
    "RTSTRUCT",
    "RWV",
    "SEG",
    "SM",
    "SMR",
    "SR",
    "SRF",
    "STAIN",
    "TEXTUREMAP",
    "TG",
    "US",
    "VA",
    "XA",
    "XAPROTOCOL",
    "XC",
];

/// What the pipeline said about one input.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: &'a [Finding],
    /// How many attributes met each action.
    pub counts: &'a Counts,
    /// What happened to each attribute.
    pub changes: &'a [Change],
    /// What the last check said; `None` when refused.
    pub record: Option<&'a CheckRecord>,
}

impl<'a> From<&'a Cleaned> for Looked<'a> {
    fn from(cleaned: &'a Cleaned) -> Self {
        Self {
            verdict: cleaned.verdict,
            findings: &cleaned.findings,
            counts: &cleaned.counts,
            changes: &cleaned.changes,
            record: cleaned
                .output
                .as_ref()
                .map(cordon_contribute::Checked::record),
        }
    }
}

/// One series that leaves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    pub(crate) modality: String,
    pub(crate) instances: u64,
    pub(crate) bytes: u64,
}

/// One object that leaves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instance {
    pub(crate) uid: String,
    pub(crate) verdict: Verdict,
    pub(crate) sha256: String,
}

/// The evidence of one contribution: sums over its objects, without any identifier.
///
/// Pseudonyms and UIDs in it are those that leave.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub(crate) protocol: Protocol,
    pub(crate) cleaned_by: String,
    pub(crate) made_at: Option<String>,
    pub(crate) verdicts: BTreeMap<Verdict, u64>,
    pub(crate) findings: BTreeMap<Code, u64>,
    pub(crate) counts: Counts,
    pub(crate) rules: BTreeMap<(Rule, Action), u64>,
    /// What stays, by the tags that lead to it.
    pub(crate) kept: BTreeMap<(Rule, Vec<Tag>), u64>,
    pub(crate) pseudonyms: BTreeSet<String>,
    pub(crate) series: BTreeMap<(String, String), Series>,
    /// In any order: many cores clean at once.
    pub(crate) instances: Vec<Instance>,
    pub(crate) approval: Option<Approval>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) receipt: Option<Box<CountersignedReceipt>>,
}

impl Evidence {
    /// Nothing yet, under a protocol; `cleaned_by` is the version of Cordon.
    #[must_use]
    pub fn new(protocol: &Protocol, cleaned_by: &str) -> Self {
        Self {
            protocol: protocol.clone(),
            cleaned_by: cleaned_by.to_owned(),
            made_at: None,
            verdicts: BTreeMap::new(),
            findings: BTreeMap::new(),
            counts: Counts::default(),
            rules: BTreeMap::new(),
            kept: BTreeMap::new(),
            pseudonyms: BTreeSet::new(),
            series: BTreeMap::new(),
            instances: Vec::new(),
            approval: None,
            decisions: Vec::new(),
            receipt: None,
        }
    }

    /// When it was made: RFC 3339, UTC. Cordon itself has no clock.
    pub fn set_time(&mut self, at: &str) {
        self.made_at = Some(at.to_owned());
    }

    /// Adds one input.
    pub fn add(&mut self, looked: Looked<'_>) {
        *self.verdicts.entry(looked.verdict).or_default() += 1;
        let codes: BTreeSet<Code> = looked.findings.iter().map(|f| f.code).collect();
        for code in codes {
            *self.findings.entry(code).or_default() += 1;
        }
        let Some(record) = looked.record else {
            return; // nothing of it leaves, so nothing was done to it
        };
        self.counts.merge(looked.counts);
        for change in looked.changes {
            *self.rules.entry((change.rule, change.action)).or_default() += 1;
            if matches!(change.action, Action::Keep | Action::Clean) {
                let mut path: Vec<Tag> = change.path.steps.iter().map(|s| s.sequence).collect();
                path.push(change.path.tag);
                *self.kept.entry((change.rule, path)).or_default() += 1;
            }
        }
        self.pseudonyms.insert(record.pseudonym.clone());
        let key = (record.study.clone(), record.series.clone());
        let series = self.series.entry(key).or_default();
        // A page without identifiers takes a word of the standard only.
        if MODALITIES.contains(&record.modality.as_str()) {
            series.modality.clone_from(&record.modality);
        } else {
            "OT".clone_into(&mut series.modality);
        }
        series.instances += 1;
        series.bytes += record.bytes;
        self.instances.push(Instance {
            uid: record.instance.clone(),
            verdict: record.verdict,
            sha256: record.sha256.clone(),
        });
    }

    /// Who approved, and what was decided about what was held.
    pub fn approved(&mut self, approval: Approval, decisions: Vec<Decision>) {
        self.approval = Some(approval);
        self.decisions = decisions;
    }

    /// The server's answer.
    pub fn received(&mut self, receipt: CountersignedReceipt) {
        self.receipt = Some(Box::new(receipt));
    }
}
