//! What follows from what is known about the pixels: findings that are answered, and stamps that
//! may be written.

use cordon_deface::Face;
use cordon_deid::{FaceStamp, SiteKey, Stages};
use cordon_dicom::{Element, File, Value, tag, tags};
use cordon_pixels::NewPixels;
use cordon_protocol::{Code, Finding, Protocol, Tag, TextLook};

use super::apply::{Applied, apply};
use super::work::{FaceEvidence, LookedBy, PixelWork, TextEvidence};
use crate::questions::TEXT_TRUSTED;
use crate::triage::{self, Kind};

/// What came of the pixel stages.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// New pixel data, where pixels changed.
    pub(crate) new: Option<NewPixels>,
    /// Whether it is proven that no text that matters stands in the picture.
    pub(crate) text: bool,
    /// What is proven about a face.
    pub(crate) face: FaceStamp,
}

impl Answer {
    /// The attributes with new values, as the rewriter takes them.
    pub(crate) fn elements(&self) -> Vec<Element<'_>> {
        let values = self.new.as_ref().map_or(&[][..], |n| &n.values);
        let mut elements: Vec<Element<'_>> = values
            .iter()
            .map(|v| Element {
                tag: v.tag,
                vr: v.vr,
                value: Value::Bytes(&v.bytes),
                offset: 0,
            })
            .collect();
        elements.sort_by_key(|e| e.tag);
        elements
    }

    /// What the rewriter has to say of it.
    pub(crate) fn stages<'a>(&'a self, replaced: &'a [Element<'a>]) -> Stages<'a> {
        Stages {
            syntax: self.new.as_ref().and_then(|n| n.syntax.as_ref()),
            replaced,
            dropped: self.new.as_ref().map_or(&[], |n| &n.dropped),
            text: self.text,
            face: self.face,
        }
    }
}

/// Does the work on the pixels and lets its evidence answer `findings`, those of the triage.
/// `contours_cut` says that the contours of a structure set are cut already.
pub(crate) fn answer(
    file: &File<'_>,
    work: &PixelWork,
    contours_cut: bool,
    protocol: &Protocol,
    key: &SiteKey,
    findings: &mut Vec<Finding>,
) -> Answer {
    let image = file.data.has_value(tag(tags::ROWS));
    let kind = Kind::of_object(&file.data);
    let applied = apply(file, work, key);
    findings.extend(applied.failed.iter().cloned());
    if applied.boxes_missed(work) {
        findings.push(Finding::new(Code::TextLeft));
    }
    let mut out = Answer::default();
    match &work.text {
        Some(seen) if seen.looked && image => {
            out.text = text(file, seen, work, &applied, protocol, findings);
        }
        _ if image && protocol.text.look == TextLook::All => {
            findings.push(Finding::new(Code::TextNotLooked));
        }
        _ => {}
    }
    let asked = findings.iter().any(|f| is_head(f.code));
    out.face = match &work.face {
        Some(seen) if image => face(kind, seen, work, &applied, findings),
        Some(seen) if kind == Kind::Derived && asked && seen.before != Face::Absent => {
            // A structure set has no place for a stamp, so nobody behind this gate could know that
            // a person has judged it: it stays held, and its approval is the decision.
            if contours_cut {
                findings.push(Finding::at(Code::ContoursCut, CONTOURS));
            }
            face(kind, seen, work, &Applied::default(), findings)
        }
        _ => FaceStamp::NotAsked,
    };
    if image && work.cut.is_some() && !applied.cut && applied.failed.is_empty() {
        findings.retain(|f| f.code != Code::FaceNotPlaced);
        findings.push(Finding::at(Code::FaceNotPlaced, POSITION));
        out.face = FaceStamp::NotProven;
    }
    if out.face == FaceStamp::NotAsked && asked {
        out.face = FaceStamp::NotProven;
    }
    findings.extend(work.quality.iter().filter(|f| f.code.is_quality()).cloned());
    out.new = applied.new;
    out
}

const CONTOURS: Tag = Tag(0x3006_0039);
const POSITION: Tag = Tag(0x0020_0032);
const PIXELS: Tag = Tag(0x7FE0_0010);

impl Applied {
    fn boxes_missed(&self, work: &PixelWork) -> bool {
        !work.boxes.is_empty() && !self.boxes && self.failed.is_empty()
    }
}

const fn is_head(code: Code) -> bool {
    matches!(code, Code::Head | Code::HeadUnknown)
}

/// Whether the picture is free of text; answers what the header left open.
fn text(
    file: &File<'_>,
    seen: &TextEvidence,
    work: &PixelWork,
    applied: &Applied,
    protocol: &Protocol,
    findings: &mut Vec<Finding>,
) -> bool {
    let done = applied.boxes && (seen.blacked_out == 0 || !work.boxes.is_empty());
    // Who keeps what the protocol does not is not believed.
    let kept = seen.kept > 0 && protocol.text.keep.is_empty();
    if seen.still_there || kept || seen.blacked_out < seen.found || !done {
        findings.retain(|f| f.code != Code::TextLeft);
        findings.push(Finding::new(Code::TextLeft));
        return false;
    }
    // What stands in bits that no decoder shows was seen by nobody.
    if applied.new.is_none()
        && let Err(error) = cordon_pixels::nothing_hidden(file)
    {
        // Where it can be seen without decoding it is said already.
        if findings.iter().all(|f| f.code != error.code()) {
            findings.push(error.finding());
        }
        return false;
    }
    let trusts = protocol.text.trust_detector;
    let silent = trusts || TEXT_TRUSTED || seen.by == LookedBy::Person;
    findings.retain(|f| match f.code {
        Code::BurnedInUnstated => !silent,
        code => !(trusts && triage::usually_has_text(code)),
    });
    if !work.boxes.is_empty() {
        findings.push(Finding::at(Code::TextRemoved, PIXELS));
    }
    if seen.kept > 0 {
        findings.push(Finding::at(Code::TextKept, PIXELS));
    } else if work.boxes.is_empty() {
        findings.push(Finding::at(Code::TextNone, PIXELS));
    }
    // What nobody vouches for is not stamped: the next who cleans it asks again.
    silent
}

/// What is proven about a face; answers what the header left open.
fn face(
    kind: Kind,
    seen: &FaceEvidence,
    work: &PixelWork,
    applied: &Applied,
    findings: &mut Vec<Finding>,
) -> FaceStamp {
    let none_to_begin_with = seen.before == Face::Absent;
    let place = findings
        .iter()
        .find(|f| is_head(f.code))
        .and_then(|f| f.place.tag.clone());
    let say = |code| Finding {
        place: cordon_protocol::Place {
            tag: place.clone(),
            ..cordon_protocol::Place::default()
        },
        ..Finding::new(code)
    };
    let open = match (kind, seen.after) {
        // Pictures of a person, drawings and screens are no volumes: nobody proves anything there.
        (Kind::Volume, Face::Absent) => None,
        // What follows the skin is clean where there was no face, or where it was cut with it.
        (Kind::Derived, Face::Absent) if none_to_begin_with || applied.cut => None,
        (Kind::Derived, _) => Some(Code::TracesFace),
        (Kind::Volume, Face::Unsure) => Some(Code::FaceUnsure),
        (Kind::Volume, Face::Present) => Some(Code::FacePresent),
        _ => return FaceStamp::NotAsked,
    };
    let open = match open {
        Some(code) => Some(code),
        None if seen.brain_voxels_changed > 0 => Some(Code::BrainChanged),
        None if work.cut.is_some() && !applied.cut => Some(Code::FaceNotPlaced),
        // A face does not go by itself.
        None if !none_to_begin_with && work.cut.is_none() => Some(Code::FacePresent),
        None => None,
    };
    findings.retain(|f| !is_head(f.code));
    if let Some(code) = open {
        findings.push(say(code));
        return FaceStamp::NotProven;
    }
    if seen.head {
        findings.retain(|f| f.code != Code::VisualFeaturesYes);
    }
    let (code, stamp) = match (none_to_begin_with, seen.arrived_defaced) {
        (false, _) => (Code::FaceRemoved, FaceStamp::Removed),
        (true, true) => (Code::FaceEarlier, FaceStamp::Absent),
        (true, false) => (Code::FaceNone, FaceStamp::Absent),
    };
    let code = match seen.by {
        LookedBy::Detector => code,
        LookedBy::Person => Code::FaceJudged,
    };
    findings.push(say(code));
    stamp
}
