//! Structure sets (PS3.3 section A.19): contours that follow the skin of a face are cut with it.
//!
//! A contour is a list of points in patient coordinates. Points that lie inside of what is taken
//! off go; what is left of a closed contour closes along the cut, which is rough on purpose. An
//! open contour that loses a point, and one of which too little is left, goes whole. What cannot be
//! read is not cut.

use cordon_deface::Cut;
use cordon_dicom::{DataSet, Element, File, Value, tag, tags};
use cordon_protocol::Tag;

/// ROI Contour Sequence.
const ROI_CONTOURS: Tag = Tag(0x3006_0039);
/// Contour Sequence.
const CONTOURS: Tag = Tag(0x3006_0040);
/// Contour Geometric Type.
const SHAPE: Tag = Tag(0x3006_0042);
/// Number of Contour Points.
const COUNT: Tag = Tag(0x3006_0046);
/// Contour Data.
const POINTS: Tag = Tag(0x3006_0050);

/// What becomes of a contour.
#[derive(Debug)]
enum Fate {
    /// It stays as it came.
    Same,
    /// These points are left of it, and so many.
    Less(Vec<u8>, Vec<u8>),
    /// It goes.
    Gone,
}

/// The contours of a structure set after a cut.
#[derive(Debug)]
pub(crate) struct Contours {
    /// In the order in which they stand in the object.
    fates: Vec<Fate>,
}

impl Contours {
    /// Cuts the contours of an object; `None` when it has none, or some that cannot be read.
    pub(crate) fn cut(file: &File<'_>, cut: &Cut) -> Option<Self> {
        if file.data.has_value(tag(tags::ROWS)) {
            return None;
        }
        let rois = file.data.get(ROI_CONTOURS)?.items()?;
        let mut fates = Vec::new();
        for contour in rois.iter().flat_map(contours) {
            fates.push(fate(contour, cut)?);
        }
        Some(Self { fates })
    }

    /// The object with its contours cut.
    pub(crate) fn file<'a>(&'a self, file: &File<'a>) -> File<'a> {
        let mut file = file.clone();
        let mut fates = self.fates.iter();
        for roi in items_mut(&mut file.data, ROI_CONTOURS) {
            let Some(all) = roi.elements.iter_mut().find(|e| e.tag == CONTOURS) else {
                continue;
            };
            if let Value::Items(items) = &mut all.value {
                items.retain_mut(|contour| match fates.next() {
                    Some(Fate::Less(points, count)) => {
                        put(contour, POINTS, points);
                        put(contour, COUNT, count);
                        true
                    }
                    Some(Fate::Gone) => false,
                    Some(Fate::Same) | None => true,
                });
            }
            roi.elements.retain(|e| e.tag != CONTOURS || !e.is_empty());
        }
        file
    }
}

fn contours<'d, 'a>(roi: &'d DataSet<'a>) -> &'d [DataSet<'a>] {
    let items = roi.get(CONTOURS).and_then(Element::items);
    items.unwrap_or_default()
}

fn items_mut<'d, 'a>(data: &'d mut DataSet<'a>, tag: Tag) -> &'d mut [DataSet<'a>] {
    let found = data.elements.iter_mut().find(|e| e.tag == tag);
    match found.map(|e| &mut e.value) {
        Some(Value::Items(items)) => items,
        _ => &mut [],
    }
}

fn put<'a>(data: &mut DataSet<'a>, tag: Tag, bytes: &'a [u8]) {
    if let Some(element) = data.elements.iter_mut().find(|e| e.tag == tag) {
        element.value = Value::Bytes(bytes);
    }
}

/// What becomes of one contour; `None` when it cannot be read.
fn fate(contour: &DataSet<'_>, cut: &Cut) -> Option<Fate> {
    let Some(points) = contour.get(POINTS).filter(|e| !e.is_empty()) else {
        return Some(Fate::Same);
    };
    let text = str::from_utf8(points.bytes()?).ok()?;
    let numbers: Vec<&str> = text
        .split('\\')
        .map(|n| n.trim_matches([' ', '\0']))
        .collect();
    let (points, rest) = numbers.as_chunks::<3>();
    if !rest.is_empty() {
        return None;
    }
    let mut left = Vec::with_capacity(points.len());
    for point in points {
        let [Ok(x), Ok(y), Ok(z)] = point.map(str::parse::<f64>) else {
            return None;
        };
        if ![x, y, z].iter().all(|v| v.is_finite()) {
            return None;
        }
        if !cut.inside([x, y, z]) {
            left.push(point.join("\\"));
        }
    }
    if left.len() == points.len() {
        return Some(Fate::Same);
    }
    let closed = contour
        .ascii(SHAPE)
        .is_some_and(|s| s.starts_with("CLOSED"));
    // What is left of an open line would be joined over the gap.
    if left.len() < 3 || !closed {
        return Some(Fate::Gone);
    }
    Some(Fate::Less(
        even(left.join("\\")),
        even(left.len().to_string()),
    ))
}

/// Padded to an even length, as PS3.5 section 6.2 asks of text.
fn even(mut text: String) -> Vec<u8> {
    if text.len() % 2 == 1 {
        text.push(' ');
    }
    text.into_bytes()
}
