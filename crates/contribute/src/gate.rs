//! The check of a finished file by whoever receives it: no key, no original, no trust.

use cordon_deid::Policy;
use cordon_dicom::{DataSet, Element, read, tag, tags};
use cordon_protocol::{Code, DeidOption, Finding, Verdict};

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

/// What the stamps say was proven about the pixels. Cordon writes them from evidence only, and
/// takes an earlier tool's NO about a face back where it has none; the check has refused stamps
/// that contradict each other.
struct Proven {
    no_face: bool,
    no_text: bool,
}

impl Proven {
    fn of(data: &DataSet<'_>, policy: Policy) -> Self {
        let no = |t| data.ascii(tag(t)) == Some("NO");
        let codes = tag(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE);
        let items = data.get(codes).and_then(Element::items).unwrap_or_default();
        let clean_pixels = items.iter().any(|item| {
            item.ascii(tag(tags::CODE_VALUE)) == Some(DeidOption::CleanPixelData.code())
        });
        Self {
            no_face: no(tags::RECOGNIZABLE_VISUAL_FEATURES),
            no_text: policy.trusts_text_detector()
                && clean_pixels
                && no(tags::BURNED_IN_ANNOTATION),
        }
    }

    const fn answers(&self, code: Code) -> bool {
        (self.no_face && matches!(code, Code::Head))
            || (self.no_text && triage::usually_has_text(code))
    }
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
    let proven = Proven::of(&file.data, policy);
    gate.findings.extend(
        triage::triage(&file.data)
            .into_iter()
            .filter(|f| f.code != Code::HeadUnknown && !proven.answers(f.code)),
    );
    gate.findings.extend(cordon_pixels::sanity(&file));
    gate.findings.extend(cordon_deid::spare_bytes(&file));
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
