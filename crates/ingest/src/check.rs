//! The check of an object that came in: the same as in the browser, run again.

use cordon_protocol::{Finding, Verdict};

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

/// Checks an object as a stranger would. Blocks; a panic in it is the caller's to catch.
pub(crate) fn check(bytes: &[u8]) -> Result<Passed, Refused> {
    let gate = cordon_contribute::gate(bytes);
    if gate.verdict == Verdict::Refused {
        let (sop_class, instance) = uids(bytes);
        return Err(Refused {
            sop_class,
            instance,
            failure: Failure::refused(gate.findings),
        });
    }
    let refused = |failure| Refused {
        sop_class: None,
        instance: None,
        failure,
    };
    let plain = cordon_dicom::read_inflating(bytes)
        .map_err(|e| refused(Failure::Unreadable(vec![e.finding()])))?;
    let mut file =
        cordon_dicom::read(&plain).map_err(|e| refused(Failure::Unreadable(vec![e.finding()])))?;
    if let std::borrow::Cow::Owned(_) = plain {
        // What is kept is deflated, whatever it was unpacked to here.
        file.syntax.uid = deflated_syntax(bytes);
    }
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

/// The transfer syntax that the File Meta Information of deflated bytes names.
fn deflated_syntax(bytes: &[u8]) -> String {
    // Group 0002 is always Explicit VR Little Endian and never deflated (PS3.10 section 7.1).
    let tag_and_vr = [0x02, 0x00, 0x10, 0x00, b'U', b'I'];
    let start = memchr::memmem::find(bytes, &tag_and_vr).map(|at| at + tag_and_vr.len());
    start
        .and_then(|at| {
            let length: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
            let end = at + 2 + usize::from(u16::from_le_bytes(length));
            std::str::from_utf8(bytes.get(at + 2..end)?).ok()
        })
        .map(|uid| uid.trim_matches(['\0', ' ']).to_owned())
        .unwrap_or_default()
}
