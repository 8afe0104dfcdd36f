//! From the files of a series to what the cleaner believes: the same in a tab and in the command.

use cordon_contribute::{FaceEvidence, LookedBy, TextEvidence, questions, traced_frame};
use cordon_deface::{Face, Kind};
use cordon_dicom::{File, read, read_inflating, tag, tags};
use cordon_pixels::{Presentation, describe, frame};
use cordon_protocol::Protocol;
use cordon_text::{Limits, TextBox, redact, still_there};
use cordon_volumes::SliceGeometry;

use crate::face::{FaceJob, FaceReport};
use crate::text::{Kept, TextError, TextNets, find_text, find_within};

/// What is known about text in an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFound {
    /// What the cleaner believes.
    pub evidence: TextEvidence,
    /// What is to be blacked out.
    pub boxes: Vec<TextBox>,
    /// What stays, because the protocol keeps its kind.
    pub kept: Vec<Kept>,
}

/// Looks for text in an object, blacks out what is found on a copy, and looks again. `None` where
/// the header leaves no question, or where there is no picture that can be looked at: the object
/// is then judged as if nobody had looked.
///
/// # Errors
/// When a frame cannot be decoded, or the network fails.
pub async fn text_of(
    bytes: &[u8],
    protocol: &Protocol,
    nets: TextNets<'_>,
) -> Result<Option<TextFound>, TextError> {
    let Ok(bytes) = read_inflating(bytes) else {
        return Ok(None);
    };
    let Ok(file) = read(&bytes) else {
        return Ok(None);
    };
    if !questions(&file.data, protocol).text {
        return Ok(None);
    }
    let report = find_text(&file, nets, &protocol.text.keep, &mut |_, _| true).await?;
    if report.frames == 0 {
        return Ok(None);
    }
    let mut boxes = report.boxes;
    boxes.extend(report.places);
    let still = again(&file, &boxes, &report.kept, nets).await?;
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let count = number(boxes.len());
    let evidence = TextEvidence {
        looked: true,
        found: count,
        blacked_out: count,
        still_there: still,
        kept: number(report.kept.len()),
        by: LookedBy::Detector,
    };
    Ok(Some(TextFound {
        evidence,
        boxes,
        kept: report.kept,
    }))
}

/// Whether a second look finds text in the frames that were blacked out, other than what stays.
async fn again(
    file: &File<'_>,
    boxes: &[TextBox],
    kept: &[Kept],
    nets: TextNets<'_>,
) -> Result<bool, TextError> {
    let undecoded = |n| move |error| TextError::Pixels { frame: n, error };
    let info = describe(&file.data).map_err(undecoded(0))?;
    for n in 0..info.frames {
        let here: Vec<TextBox> = boxes.iter().filter(|b| b.frame == n).copied().collect();
        if here.is_empty() {
            continue;
        }
        let presentation = Presentation::of(&file.data, &info, n);
        let mut frame = frame(file, n).map_err(undecoded(n))?;
        redact(&mut frame, &presentation, n, &here);
        // It has text, so that what is not sure counts as well.
        let limits = Limits {
            sure: 0.0,
            ..Limits::default()
        };
        let more = find_within(&frame, &presentation, n, nets.find, nets.device, limits).await?;
        let stays = kept.iter().map(|k| k.place).filter(|b| b.frame == n);
        let known: Vec<TextBox> = here.into_iter().chain(stays).collect();
        if !still_there(&known, &more).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the values of an object's slices mean to the network that finds heads.
#[must_use]
pub fn kind_of(file: &File<'_>) -> Kind {
    match file.data.ascii(tag(tags::MODALITY)) {
        Some("CT") => Kind::Hounsfield,
        _ => Kind::Relative,
    }
}

/// Adds the frames of an object to the volume in which a face is looked for; how many of them
/// could not be decoded, or `None` when nothing could be read at all.
#[must_use]
pub fn add(job: &mut FaceJob, file: &File<'_>) -> Option<usize> {
    let info = describe(&file.data).ok()?;
    let places = SliceGeometry::frames(&file.data);
    let mut undecoded = 0;
    for n in 0..info.frames {
        let Ok(frame) = frame(file, n) else {
            undecoded += 1;
            continue;
        };
        let presentation = Presentation::of(&file.data, &info, n);
        let place = places.get(n as usize).cloned().unwrap_or_default();
        job.add(&place, &frame, &|value| presentation.modality(value));
    }
    Some(undecoded)
}

/// Adds an object to the volume of its series if the protocol asks for a face there. Says whether
/// it is a member now: every frame of it was seen.
pub fn gather(volume: &mut Option<FaceJob>, bytes: &[u8], protocol: &Protocol) -> bool {
    let Ok(bytes) = read_inflating(bytes) else {
        return false;
    };
    let Ok(file) = read(&bytes) else {
        return false;
    };
    if !questions(&file.data, protocol).face {
        return false;
    }
    let job = volume.get_or_insert_with(|| FaceJob::new(kind_of(&file)));
    add(job, &file) == Some(0)
}

/// The frame of reference of an object that follows the skin without being a volume (structures,
/// dose, maps): what was taken off there goes here too. `None` for everything else.
#[must_use]
pub fn traced(bytes: &[u8], protocol: &Protocol) -> Option<String> {
    let bytes = read_inflating(bytes).ok()?;
    let file = read(&bytes).ok()?;
    traced_frame(&file.data, protocol)
}

/// What the cleaner is told about a face.
#[must_use]
pub fn evidence(report: &FaceReport) -> FaceEvidence {
    FaceEvidence {
        head: report.head,
        before: report.face,
        after: report.after,
        brain_voxels_changed: report.brain_voxels_changed,
        arrived_defaced: report.head && report.face == Face::Absent,
        by: LookedBy::Detector,
    }
}
