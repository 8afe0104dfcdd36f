//! What the pixel stages did to an object, as far as its header must say so.
//!
//! (PS3.15 sections E.3.1 and E.3.2; PS3.3 section C.7.6.1.1.2 for the derived image.)

use cordon_dicom::{DataSet, Element, Syntax, Value, Vr};
use cordon_protocol::{Action, DeidOption, Rule, Tag};

use super::Rewriter;

/// Burned In Annotation.
pub(crate) const BURNED_IN: Tag = Tag(0x0028_0301);
/// Recognizable Visual Features.
pub(crate) const FEATURES: Tag = Tag(0x0028_0302);
const IMAGE_TYPE: Tag = Tag(0x0008_0008);
const ICON: Tag = Tag(0x0088_0200);
const FRAME_TYPE: Tag = Tag(0x0008_9007);

/// What the pixel stages did. The default: they did not run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stages<'a> {
    /// The transfer syntax that the object takes; its own where there is none.
    pub syntax: Option<&'a Syntax>,
    /// Attributes of the root data set with new values, in ascending order and in the object's
    /// order of bytes; the pixel data among them. Empty: no pixel was changed.
    pub replaced: &'a [Element<'a>],
    /// Attributes that no longer hold.
    pub dropped: &'a [Tag],
    /// Whether it was proven that no text that matters stands in the picture.
    pub text: bool,
    /// What is known about a face.
    pub face: FaceStamp,
}

/// What is known about a face in the object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FaceStamp {
    /// Nobody asked: what earlier tools wrote stays.
    #[default]
    NotAsked,
    /// There may be one, and nobody has proven anything: NO is not said.
    NotProven,
    /// It was looked for, and there is none.
    Absent,
    /// It was taken off, and that was verified.
    Removed,
}

impl Stages<'_> {
    /// Whether pixels were changed.
    #[must_use]
    pub const fn changed(&self) -> bool {
        !self.replaced.is_empty()
    }

    /// Options that were carried out on the pixels.
    pub(super) fn options(&self) -> impl Iterator<Item = DeidOption> {
        let text = self.text.then_some(DeidOption::CleanPixelData);
        let face = (self.face == FaceStamp::Removed)
            .then_some(DeidOption::CleanRecognizableVisualFeatures);
        text.into_iter().chain(face)
    }

    /// The attributes that the rewriter writes for these stages, whatever stood there.
    pub(super) fn written(&self) -> Vec<Tag> {
        let mut tags: Vec<Tag> = self.replaced.iter().map(|e| e.tag).collect();
        if self.text {
            tags.push(BURNED_IN);
        }
        if matches!(self.face, FaceStamp::Absent | FaceStamp::Removed) {
            tags.push(FEATURES);
        }
        tags
    }
}

/// Whether an earlier tool's claim, a code of CID 7050, is contradicted by the object itself.
pub(crate) fn contradicted(code: &str, data: &DataSet<'_>) -> bool {
    let says_other = |tag| data.ascii(tag).is_some_and(|v| v != "NO");
    if code == DeidOption::CleanPixelData.code() {
        says_other(BURNED_IN)
    } else if code == DeidOption::CleanRecognizableVisualFeatures.code() {
        says_other(FEATURES)
    } else {
        false
    }
}

impl Rewriter<'_> {
    /// Writes an attribute that the stages ask for; `false` when they ask for none.
    pub(super) fn add_of_stages(&mut self, tag: Tag) -> bool {
        let stages = self.job.stages;
        if let Some(new) = stages.replaced.iter().find(|e| e.tag == tag) {
            if let Value::Bytes(bytes) = new.value {
                self.writer.bytes(tag, new.vr, bytes);
            }
            self.note(tag, Action::Clean, Rule::Pixels);
            return true;
        }
        if matches!(tag, BURNED_IN | FEATURES) {
            self.writer.bytes(tag, Vr::CS, b"NO");
            self.note(tag, Action::Stamp, Rule::Stamp);
            return true;
        }
        false
    }

    /// Whether an attribute of the root data set goes because of what the stages did or did not.
    pub(super) fn goes_by_stages(&self, element: &Element<'_>) -> bool {
        let stages = self.job.stages;
        let unproven = || {
            stages.face == FaceStamp::NotProven
                && element.tag == FEATURES
                && element.bytes().is_some_and(|b| b.trim_ascii() == b"NO")
        };
        (stages.changed() && stages.dropped.contains(&element.tag)) || unproven()
    }

    /// The value of an attribute that says whether the image is an original, where it no longer
    /// is one; and an icon goes, because it shows what was there.
    pub(super) fn by_changed_pixels(&self, tag: Tag, value: Option<&[u8]>, root: bool) -> Changed {
        if !self.job.stages.changed() {
            return Changed::Not;
        }
        match tag {
            ICON => Changed::Gone,
            IMAGE_TYPE if root => derived(value),
            FRAME_TYPE => derived(value),
            _ => Changed::Not,
        }
    }

    /// Whether the item of an earlier tool in (0012,0064) stays.
    pub(super) fn claim_stands(&self, code: Option<&str>, data: &DataSet<'_>) -> bool {
        let Some(code) = code else { return true };
        let done = self.job.stages.options().any(|o| o.code() == code);
        done || !contradicted(code, data)
    }
}

/// What changed pixels ask of an attribute.
pub(super) enum Changed {
    /// Nothing.
    Not,
    /// It goes.
    Gone,
    /// It takes this value.
    To(Vec<u8>),
}

/// Image Type or Frame Type with DERIVED as its first value.
fn derived(value: Option<&[u8]>) -> Changed {
    let Some(bytes) = value.filter(|v| !v.trim_ascii().is_empty()) else {
        return Changed::Not;
    };
    let mut values = bytes.splitn(2, |b| *b == b'\\');
    let first = values.next().unwrap_or_default();
    if first.trim_ascii() == b"DERIVED" {
        return Changed::Not;
    }
    let mut value = b"DERIVED".to_vec();
    if let Some(rest) = values.next() {
        value.push(b'\\');
        value.extend_from_slice(rest);
    }
    Changed::To(value)
}
