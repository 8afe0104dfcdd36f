//! What has to be looked at in an object's pixels before it is cleaned.

use cordon_dicom::{DataSet, Element, tag, tags};
use cordon_protocol::{Code, Finding, Protocol, Tag, TextLook};

use crate::triage::{self, Kind};

/// Whether the silence of the network that finds text is enough to let an image go that nobody has
/// looked at. It is not (`docs/models/text.md`), unless a protocol says so (`text.trust_detector`):
/// what the header does not exclude waits for a person, with boxes over what was found.
pub(crate) const TEXT_TRUSTED: bool = false;

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

/// The frame of reference (0020,0052) of an object that may follow the skin of a head without
/// being a volume of it: structures, dose, maps. What is taken off a volume of the same frame of
/// reference goes there too. `None` for everything else, for what the protocol does not ask for,
/// and for structures that lie in several frames.
#[must_use]
pub fn traced_frame(data: &DataSet<'_>, protocol: &Protocol) -> Option<String> {
    if Kind::of_object(data) != Kind::Derived
        || !open_questions(&triage::triage(data), protocol).face
    {
        return None;
    }
    frame_of_reference(data)
}

/// The one frame of reference (0020,0052) of an object: its own, and those that a structure set
/// refers to (3006,0010) and says of its structures (3006,0024). `None` where nothing says it, or
/// where it is not the same everywhere.
#[must_use]
pub(crate) fn frame_of_reference(data: &DataSet<'_>) -> Option<String> {
    const OWN: Tag = Tag(0x0020_0052);
    const FRAMES: Tag = Tag(0x3006_0010);
    const ROIS: Tag = Tag(0x3006_0020);
    const ROI_FRAME: Tag = Tag(0x3006_0024);
    let mut frames: Vec<&str> = data.ascii(OWN).into_iter().collect();
    for (sequence, uid) in [(FRAMES, OWN), (ROIS, ROI_FRAME)] {
        let items = data.get(sequence).and_then(Element::items);
        let items = items.unwrap_or_default().iter();
        frames.extend(items.filter_map(|item| item.ascii(uid)));
    }
    let (first, rest) = frames.split_first()?;
    rest.iter()
        .all(|frame| frame == first)
        .then(|| (*first).to_owned())
}

/// Whether objects of a class follow what a volume shows without being one; see [`traced_frame`].
#[must_use]
pub fn is_derived(sop_class: &str) -> bool {
    Kind::of_class(sop_class) == Kind::Derived
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
