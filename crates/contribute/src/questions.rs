//! What has to be looked at in an object's pixels before it is cleaned.

use cordon_dicom::{DataSet, tag, tags};
use cordon_protocol::{Code, Finding, Protocol, TextLook};

use crate::triage::{self, Kind};

/// Whether the network that finds text is good enough to be asked. It is not: it boxes most clean
/// pictures (`docs/models/text.md`), and what it boxes would be blacked out. Until then what the
/// header does not exclude is held, as if there were no network.
pub const TEXT_READY: bool = false;

/// What the header leaves open and the protocol wants answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Questions {
    /// Whether text has to be looked for.
    pub text: bool,
    /// Whether the object is a slice of a volume that may hold a face which is to be taken off.
    pub face: bool,
}

/// What whoever runs the networks has to look for in an object, judged from its header.
#[must_use]
pub fn questions(data: &DataSet<'_>, protocol: &Protocol) -> Questions {
    if !data.has_value(tag(tags::ROWS)) {
        return Questions::default();
    }
    let asked = open_questions(&triage::triage(data), protocol);
    Questions {
        face: asked.face && Kind::of_object(data) == Kind::Volume,
        ..asked
    }
}

/// The same, judged from what was noticed in an image before: whether somebody has to look at all.
/// Whoever looks asks [`questions`] again, with the header before him.
#[must_use]
pub fn open_questions<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    protocol: &Protocol,
) -> Questions {
    let (mut text, mut head) = (false, false);
    for finding in findings {
        let code = finding.code;
        text |= triage::usually_has_text(code) || code == Code::BurnedInUnstated;
        head |= matches!(code, Code::Head | Code::HeadUnknown);
    }
    Questions {
        text: match protocol.text.look {
            TextLook::Never => false,
            TextLook::Risky => text,
            TextLook::All => true,
        },
        face: protocol.face.remove && head,
    }
}
