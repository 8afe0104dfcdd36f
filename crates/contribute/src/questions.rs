//! What has to be looked at in an object's pixels before it is cleaned.

use cordon_dicom::{DataSet, tag, tags};
use cordon_protocol::{Code, Protocol, TextLook};

use crate::triage::{self, Kind};

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
    let codes: Vec<Code> = triage::triage(data).iter().map(|f| f.code).collect();
    let may_have_text = codes
        .iter()
        .any(|c| triage::usually_has_text(*c) || matches!(c, Code::BurnedInUnstated));
    let may_be_head = codes
        .iter()
        .any(|c| matches!(c, Code::Head | Code::HeadUnknown));
    Questions {
        text: match protocol.text.look {
            TextLook::Never => false,
            TextLook::Risky => may_have_text,
            TextLook::All => true,
        },
        face: protocol.face.remove && may_be_head && Kind::of_object(data) == Kind::Volume,
    }
}
