//! Where one slice lies, as the header says.

use cordon_dicom::DataSet;
use cordon_protocol::Tag;
use serde::{Deserialize, Serialize};

use crate::vector::{Vector, cross, dot, unit};

const IMAGE_TYPE: Tag = Tag(0x0008_0008);
const SLICE_THICKNESS: Tag = Tag(0x0018_0050);
const ECHO_TIME: Tag = Tag(0x0018_0081);
const ECHO_NUMBERS: Tag = Tag(0x0018_0086);
const TRIGGER_TIME: Tag = Tag(0x0018_1060);
const B_VALUE: Tag = Tag(0x0018_9087);
const DIFFUSION_SEQUENCE: Tag = Tag(0x0018_9117);
const ECHO_SEQUENCE: Tag = Tag(0x0018_9114);
const EFFECTIVE_ECHO_TIME: Tag = Tag(0x0018_9082);
const CARDIAC_SEQUENCE: Tag = Tag(0x0018_9118);
const NOMINAL_PHASE: Tag = Tag(0x0020_9241);
const CARDIAC_DELAY: Tag = Tag(0x0020_9153);
const INSTANCE_NUMBER: Tag = Tag(0x0020_0013);
const POSITION: Tag = Tag(0x0020_0032);
const ORIENTATION: Tag = Tag(0x0020_0037);
const FRAME_OF_REFERENCE: Tag = Tag(0x0020_0052);
const TEMPORAL_IDENTIFIER: Tag = Tag(0x0020_0100);
const TEMPORAL_INDEX: Tag = Tag(0x0020_9128);
const FRAME_CONTENT: Tag = Tag(0x0020_9111);
const POSITION_SEQUENCE: Tag = Tag(0x0020_9113);
const ORIENTATION_SEQUENCE: Tag = Tag(0x0020_9116);
const FRAMES: Tag = Tag(0x0028_0008);
const ROWS: Tag = Tag(0x0028_0010);
const COLUMNS: Tag = Tag(0x0028_0011);
const PIXEL_SPACING: Tag = Tag(0x0028_0030);
const PIXEL_MEASURES: Tag = Tag(0x0028_9110);
const SEGMENT_IDENTIFICATION: Tag = Tag(0x0062_000A);
const SEGMENT_NUMBER: Tag = Tag(0x0062_000B);
const SHARED_GROUPS: Tag = Tag(0x5200_9229);
const FRAME_GROUPS: Tag = Tag(0x5200_9230);

/// Frames of one object that are looked at; no real object has more.
const MAX_FRAMES: usize = 200_000;

/// What the header says about where one slice lies and what tells it from others at the same
/// place. Everything that may be absent is an option: absent is not zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SliceGeometry {
    /// Zero-based frame inside its object.
    pub frame: u32,
    /// Instance Number.
    pub instance_number: Option<i32>,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Image Position (Patient): the centre of the first pixel, in millimetres.
    pub position: Option<[f64; 3]>,
    /// Image Orientation (Patient): the directions along a row and down a column, of length one
    /// and at right angles.
    pub orientation: Option<[[f64; 3]; 2]>,
    /// Pixel Spacing: between rows, between columns, in millimetres.
    pub spacing: Option<[f64; 2]>,
    /// Slice Thickness in millimetres.
    pub thickness: Option<f64>,
    /// Frame of Reference UID. An identifier: for comparing, not for showing or logging.
    pub frame_of_reference: Option<String>,
    /// Echo Number, or the echo time in microseconds where there is no number.
    pub echo: Option<i64>,
    /// Temporal Position.
    pub temporal: Option<i64>,
    /// Diffusion b-value, in thousandths of s/mm².
    pub b_value: Option<i64>,
    /// Cardiac phase: Trigger Time or its like, in microseconds.
    pub phase: Option<i64>,
    /// Segment Number of a segmentation.
    pub segment: Option<i64>,
    /// The third and later values of Image Type: localiser, magnitude, phase; `AXIAL` alone in CT.
    pub kind: String,
}

impl SliceGeometry {
    /// The geometry of an object with one frame, or of the first of several.
    #[must_use]
    pub fn of(data: &DataSet<'_>) -> Self {
        Self::frame_of(data, 0)
    }

    /// The geometry of every frame.
    #[must_use]
    pub fn frames(data: &DataSet<'_>) -> Vec<Self> {
        let promised = data.i32(FRAMES).and_then(|n| usize::try_from(n).ok());
        let described = data
            .get(FRAME_GROUPS)
            .and_then(|e| e.items())
            .map(<[DataSet<'_>]>::len);
        // A promise without a description for each frame says nothing about where they lie.
        let n = match (promised, described) {
            (_, Some(n)) => n.clamp(1, MAX_FRAMES),
            (Some(n), None) => n.clamp(1, MAX_FRAMES),
            (None, None) => 1,
        };
        if described.is_none() {
            let first = Self::frame_of(data, 0);
            return (0..n)
                .map(|frame| Self {
                    frame: u32::try_from(frame).unwrap_or(u32::MAX),
                    ..first.clone()
                })
                .collect();
        }
        (0..n).map(|frame| Self::frame_of(data, frame)).collect()
    }

    fn frame_of(data: &DataSet<'_>, frame: usize) -> Self {
        let places = Places::new(data, frame);
        let number = |sequence, tag| places.numbers(sequence, tag).first().copied();
        let thousandths = |value: f64| (value * 1000.0).round() as i64;
        let echo_time = number(Some(ECHO_SEQUENCE), EFFECTIVE_ECHO_TIME)
            .or_else(|| number(None, ECHO_TIME))
            .map(thousandths);
        let echo_number = data.i32(ECHO_NUMBERS).map(i64::from);
        let mut kind: Vec<String> = data.strings(IMAGE_TYPE).into_iter().skip(2).collect();
        // In CT the third value says all; scanners write how they made the slice behind it, and
        // one volume may hold slices made in two ways.
        if kind.first().is_some_and(|k| k == "AXIAL") {
            kind.truncate(1);
        }
        Self {
            frame: u32::try_from(frame).unwrap_or(u32::MAX),
            instance_number: data.i32(INSTANCE_NUMBER),
            rows: data.u16(ROWS).map_or(0, u32::from),
            columns: data.u16(COLUMNS).map_or(0, u32::from),
            position: three(&places.numbers(Some(POSITION_SEQUENCE), POSITION)),
            orientation: directions(&places.numbers(Some(ORIENTATION_SEQUENCE), ORIENTATION)),
            spacing: match *places
                .numbers(Some(PIXEL_MEASURES), PIXEL_SPACING)
                .as_slice()
            {
                [rows, columns, ..] if is_length(rows) && is_length(columns) => {
                    Some([rows, columns])
                }
                _ => None,
            },
            thickness: number(Some(PIXEL_MEASURES), SLICE_THICKNESS).filter(|&t| is_length(t)),
            frame_of_reference: data.ascii(FRAME_OF_REFERENCE).map(str::to_owned),
            echo: echo_number.or(echo_time),
            temporal: number(Some(FRAME_CONTENT), TEMPORAL_INDEX)
                .or_else(|| number(None, TEMPORAL_IDENTIFIER))
                .map(|v| v.round() as i64),
            b_value: number(Some(DIFFUSION_SEQUENCE), B_VALUE).map(thousandths),
            phase: number(Some(CARDIAC_SEQUENCE), NOMINAL_PHASE)
                .or_else(|| number(Some(CARDIAC_SEQUENCE), CARDIAC_DELAY))
                .or_else(|| number(None, TRIGGER_TIME))
                .map(thousandths),
            segment: number(Some(SEGMENT_IDENTIFICATION), SEGMENT_NUMBER).map(|v| v.round() as i64),
            kind: kind.join("\\"),
        }
    }

    /// The direction in which the stack grows: at right angles to the slice.
    #[must_use]
    pub fn normal(&self) -> Option<[f64; 3]> {
        let [row, column] = self.orientation?;
        unit(cross(row, column))
    }

    /// How far along its normal the slice lies.
    #[must_use]
    pub fn depth(&self) -> Option<f64> {
        Some(dot(self.position?, self.normal()?))
    }
}

fn is_length(value: f64) -> bool {
    value.is_finite() && value > 0.0 && value < 10_000.0
}

fn three(values: &[f64]) -> Option<Vector> {
    match *values {
        [x, y, z, ..] if [x, y, z].iter().all(|v| v.abs() < 1e6) => Some([x, y, z]),
        _ => None,
    }
}

/// The two directions, made of length one and refused when they are not at right angles.
fn directions(values: &[f64]) -> Option<[Vector; 2]> {
    let row = unit(three(values)?)?;
    let column = unit(three(values.get(3..)?)?)?;
    (dot(row, column).abs() < 0.01).then_some([row, column])
}

/// Where an attribute of one frame may stand: its functional groups, the shared ones, the root.
struct Places<'d, 'a> {
    groups: [Option<&'d DataSet<'a>>; 2],
    root: &'d DataSet<'a>,
}

impl<'d, 'a> Places<'d, 'a> {
    fn new(root: &'d DataSet<'a>, frame: usize) -> Self {
        let item = |tag, i: usize| root.get(tag).and_then(|e| e.items()?.get(i));
        Self {
            groups: [item(FRAME_GROUPS, frame), item(SHARED_GROUPS, 0)],
            root,
        }
    }

    fn numbers(&self, sequence: Option<Tag>, tag: Tag) -> Vec<f64> {
        if let Some(sequence) = sequence {
            for group in self.groups.into_iter().flatten() {
                let found = group
                    .get(sequence)
                    .and_then(|e| e.items()?.first())
                    .map(|item| numbers(item, tag))
                    .unwrap_or_default();
                if !found.is_empty() {
                    return found;
                }
            }
        }
        numbers(self.root, tag)
    }
}

/// The values, or none at all when one of them is not a number.
fn numbers(data: &DataSet<'_>, tag: Tag) -> Vec<f64> {
    let values = data.f64s(tag);
    if values.is_empty() {
        return data.i32(tag).map(f64::from).into_iter().collect();
    }
    if values.iter().all(|v| v.is_finite()) {
        values
    } else {
        Vec::new()
    }
}
