//! The check of a finished file by whoever receives it: no key, no original, no trust.

use cordon_deid::Policy;
use cordon_dicom::{read, tag, tags};
use cordon_protocol::{Code, Finding, Verdict};

use crate::triage;

/// What the gate says about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// `Clean`, `Held` (a person must have released it) or `Refused`.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Study Instance UID; empty when the file could not be read.
    pub study: String,
    /// Series Instance UID.
    pub series: String,
    /// SOP Instance UID.
    pub instance: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// Modality.
    pub modality: String,
    /// Patient ID: the pseudonym.
    pub pseudonym: String,
}

/// Judges a finished file by its bytes alone.
///
/// The one thing that only the sender can know is left to the sender: whether a
/// volume without any body part is a head, because the descriptions that said so
/// have been taken out. Such an object says NO in Patient Identity Removed until a
/// person at the clinic has released it, and that is `Held` here.
#[must_use]
pub fn gate(bytes: &[u8]) -> Gate {
    gate_under(bytes, Policy::basic())
}

/// As [`gate`], for objects that were cleaned with the options of a protocol.
#[must_use]
pub fn gate_under(bytes: &[u8], policy: Policy) -> Gate {
    let mut gate = Gate {
        verdict: Verdict::Refused,
        findings: Vec::new(),
        study: String::new(),
        series: String::new(),
        instance: String::new(),
        sop_class: String::new(),
        modality: String::new(),
        pseudonym: String::new(),
    };
    let file = match read(bytes) {
        Ok(file) => file,
        Err(e) => {
            gate.findings.push(e.finding());
            return gate;
        }
    };
    let finished = cordon_deid::check(bytes, &file, policy, None);
    gate.findings = finished.findings;
    gate.findings.extend(
        triage::triage(&file.data)
            .into_iter()
            .filter(|f| f.code != Code::HeadUnknown),
    );
    gate.findings.extend(cordon_pixels::sanity(&file));
    let removed = tag(tags::PATIENT_IDENTITY_REMOVED);
    if file.data.ascii(removed) == Some("NO") {
        gate.findings.push(Finding::at(Code::NotReleased, removed));
    }
    gate.verdict = Verdict::of(&gate.findings);
    gate.study = finished.study;
    gate.series = finished.series;
    gate.instance = finished.instance;
    gate.sop_class = finished.sop_class;
    gate.modality = finished.modality;
    gate.pseudonym = finished.pseudonym;
    gate
}
