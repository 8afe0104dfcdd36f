//! The check of an object that came in: the same as in the browser, run again.

use cordon_contribute::Policy;
use cordon_protocol::{Code, Finding, Verdict};

use crate::failures::Failure;
use crate::index::{Index, is_uid};

/// An object that is not refused.
#[derive(Debug, Clone)]
pub(crate) struct Passed {
    /// `Clean` or `Held`; never `Refused`.
    pub(crate) verdict: Verdict,
    /// What was noticed.
    pub(crate) findings: Vec<Finding>,
    /// What the server remembers of it.
    pub(crate) index: Index,
}

/// Why an object is refused, with the UIDs that could be read.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) sop_class: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) failure: Failure,
}

/// Checks an object as a stranger would, against the options of the project's protocol.
/// Blocks; a panic in it is the caller's to catch.
pub(crate) fn check(bytes: &[u8], policy: Policy) -> Result<Passed, Refused> {
    let gate = cordon_contribute::gate_under(bytes, policy);
    // Sealing sets Patient Identity Removed to YES. What still says NO was never sealed,
    // and would say so for ever, because nothing changes it here.
    let unsealed = gate.findings.iter().any(|f| f.code == Code::NotReleased);
    if gate.verdict == Verdict::Refused || unsealed {
        let (sop_class, instance) = uids(bytes);
        return Err(Refused {
            sop_class,
            instance,
            failure: if gate.verdict == Verdict::Refused {
                Failure::refused(gate.findings)
            } else {
                Failure::NotReleased
            },
        });
    }
    let refused = |failure| Refused {
        sop_class: None,
        instance: None,
        failure,
    };
    let file =
        cordon_dicom::read(bytes).map_err(|e| refused(Failure::Unreadable(vec![e.finding()])))?;
    let index = Index::of(&file).map_err(refused)?;
    Ok(Passed {
        verdict: gate.verdict,
        findings: gate.findings,
        index,
    })
}

/// Class and instance UID of something refused, so that its sender knows which one it was.
/// They go back to the sender only, never into a log: they may be the original's.
fn uids(bytes: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(head) = cordon_dicom::read_head(bytes, bytes.len() as u64) else {
        return (None, None);
    };
    let uid = |t| {
        head.data
            .ascii(cordon_dicom::tag(t))
            .filter(|u| is_uid(u))
            .map(str::to_owned)
    };
    (
        uid(cordon_dicom::tags::SOP_CLASS_UID),
        uid(cordon_dicom::tags::SOP_INSTANCE_UID),
    )
}
