//! Boxes and cut onto the frames of one object.

use cordon_deface::{Air, Cut};
use cordon_deid::SiteKey;
use cordon_dicom::{File, tag, tags};
use cordon_pixels::{Frame, Modality, NewPixels, PixelError, Presentation, describe};
use cordon_protocol::{Code, Finding, Tag};
use cordon_text::redact;
use cordon_volumes::SliceGeometry;

use super::work::PixelWork;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// New pixel data, where any sample changed.
    pub(super) new: Option<NewPixels>,
    /// Whether every box lay on the picture.
    pub(super) boxes: bool,
    /// Whether the cut was made in every frame.
    pub(super) cut: bool,
    /// Why nothing could be done.
    pub(super) failed: Vec<Finding>,
}

/// Applies boxes and cut. Fails closed: what could not be changed is said.
pub(super) fn apply(file: &File<'_>, work: &PixelWork, key: &SiteKey) -> Applied {
    let mut applied = Applied {
        boxes: true,
        ..Applied::default()
    };
    match changed(file, work, key, &mut applied) {
        Ok(new) => applied.new = new.filter(|n| n.changed > 0),
        Err(error) => {
            applied.boxes = false;
            applied.cut = false;
            applied.failed = vec![Finding::new(Code::PixelsNotChanged), error.finding()];
        }
    }
    applied
}

fn changed(
    file: &File<'_>,
    work: &PixelWork,
    key: &SiteKey,
    applied: &mut Applied,
) -> Result<Option<NewPixels>, PixelError> {
    // Contours have no pixels: their cut is for whoever judges the evidence.
    let has_pixels = file.data.has_value(tag(tags::ROWS)) || !work.boxes.is_empty();
    if !work.changes_pixels() || !has_pixels {
        return Ok(None);
    }
    let info = describe(&file.data)?;
    applied.boxes = work.boxes.iter().all(|b| {
        let empty = b.width == 0 || b.height == 0;
        b.frame < info.frames && b.x < info.columns && b.y < info.rows && !empty
    });
    let cutter = match (&work.cut, work.air) {
        (Some(cut), Some(air)) => Some(Cutter::new(file, cut, air, key)),
        _ => None,
    };
    applied.cut = cutter.is_some();
    let new = cordon_pixels::rewrite(file, |n, frame| {
        // The cut first: what is blacked out stays black.
        if let Some(cutter) = &cutter {
            applied.cut &= cutter.cut(file, n, frame).is_some();
        }
        if work.boxes.iter().any(|b| b.frame == n) {
            let presentation = Presentation::of(&file.data, &info, n);
            redact(frame, &presentation, n, &work.boxes);
        }
    })?;
    Ok(Some(new))
}

/// A number that only this site can make, for `what` of `of`.
fn seed(key: &SiteKey, what: &str, of: &[u8]) -> u64 {
    let mac = key.authenticate(what, of);
    mac.get(..16)
        .and_then(|hex| u64::from_str_radix(hex, 16).ok())
        .unwrap_or_default()
}

/// What makes the rough side of the cut of a study (its UID as it came): nobody else can make it
/// again, and everybody with the key makes the same.
#[must_use]
pub fn cut_seed(key: &SiteKey, study: &str) -> u64 {
    seed(key, "cut", study.as_bytes())
}

/// A cut and where the frames of an object lie.
struct Cutter<'w> {
    cut: &'w Cut,
    air: Air,
    places: Vec<SliceGeometry>,
    seed: u64,
}

impl<'w> Cutter<'w> {
    fn new(file: &File<'_>, cut: &'w Cut, air: Air, key: &SiteKey) -> Self {
        let uid = file
            .data
            .ascii(tag(tags::SOP_INSTANCE_UID))
            .unwrap_or_default();
        // The successor of a successor is itself: the same noise, however often it is cleaned.
        let seed = seed(key, "air", key.uid(uid).as_bytes());
        Self {
            cut,
            air,
            places: places(file),
            seed,
        }
    }

    /// Cuts one frame; `None` when nothing says where it lies or what its values mean.
    fn cut(&self, file: &File<'_>, n: u32, frame: &mut Frame) -> Option<usize> {
        let place = self.places.get(n as usize)?;
        let placed =
            place.position.is_some() && place.orientation.is_some() && place.spacing.is_some();
        if !placed || !frame.photometric.is_gray() {
            return None;
        }
        let info = describe(&file.data).ok()?;
        let Modality::Rescale { slope, intercept } =
            Presentation::of(&file.data, &info, n).modality
        else {
            return None;
        };
        let stored = |value: f64| (value - intercept) / slope;
        let seed = self.seed ^ (u64::from(n) << 32);
        Some(self.cut.apply(place, frame, self.air, &stored, seed))
    }
}

/// Where every frame lies. Frames that nothing tells apart lie nowhere.
fn places(file: &File<'_>) -> Vec<SliceGeometry> {
    const FRAME_GROUPS: Tag = Tag(0x5200_9230);
    const FRAME_OFFSETS: Tag = Tag(0x3004_000C);
    let mut places = SliceGeometry::frames(&file.data);
    if places.len() < 2 || file.data.get(FRAME_GROUPS).is_some() {
        return places;
    }
    let offsets = file.data.f64s(FRAME_OFFSETS);
    // Relative to the first frame (PS3.3 section C.8.8.3.2); what is not understood is not placed.
    let relative = offsets.len() == places.len() && offsets.first().is_some_and(|o| o.abs() < 1e-6);
    for (i, place) in places.iter_mut().enumerate() {
        place.position = match (place.position, place.normal(), offsets.get(i)) {
            (Some(p), Some(normal), Some(offset)) if relative => {
                Some(std::array::from_fn(|a| p[a] + normal[a] * offset))
            }
            _ => None,
        };
    }
    places
}
