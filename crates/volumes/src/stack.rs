//! One stack of parallel slices and what is odd about it.

use serde::{Deserialize, Serialize};

use crate::group::SAME_PLACE;
use crate::slice::SliceGeometry;
use crate::vector::{Vector, dot, length, minus};

/// Steps may differ from their median by this part of it, or by [`SLACK`], and still be even.
const EVEN: f64 = 0.02;
/// Positions are written with few digits: this much, in millimetres, is rounding.
const SLACK: f64 = 0.02;
/// A step that is longer than the median by this factor is a gap.
const GAP: f64 = 1.5;

/// A place where slices are missing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// The slice before the gap: its place in [`Stack::slices`].
    pub after: usize,
    /// The step over the gap, in millimetres.
    pub step: f64,
    /// How many slices of the median spacing would fill it.
    pub missing: u32,
}

/// Parallel slices in the order of their place along the normal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// Which slices, by their place in what was grouped.
    pub slices: Vec<usize>,
    /// Rows of each slice.
    pub rows: u32,
    /// Columns of each slice.
    pub columns: u32,
    /// Between rows and between columns, in millimetres.
    pub spacing: Option<[f64; 2]>,
    /// The directions along a row and down a column.
    pub orientation: Option<[[f64; 3]; 2]>,
    /// The direction in which the stack grows.
    pub normal: Option<[f64; 3]>,
    /// The position of the first slice.
    pub origin: Option<[f64; 3]>,
    /// Each step along the normal from one slice to the next, in millimetres; zero at duplicates.
    pub steps: Vec<f64>,
    /// The median of the steps between different places.
    pub step: Option<f64>,
    /// Slice Thickness of the first slice.
    pub thickness: Option<f64>,
    /// Where slices are missing.
    pub gaps: Vec<Gap>,
    /// Slices at the same place as the one before: places in [`Stack::slices`].
    pub duplicates: Vec<usize>,
    /// The angle between the line of positions and the normal, in degrees: gantry tilt.
    pub tilt: f64,
    /// Whether the slices make a volume as they are: at least two, evenly spaced, without
    /// duplicates, with known spacing. A tilted stack can be uniform and still needs shearing.
    pub uniform: bool,
}

impl Stack {
    /// A stack of `members`, which are in order already.
    pub(crate) fn new(slices: &[SliceGeometry], members: Vec<usize>) -> Self {
        let first = members.first().and_then(|&i| slices.get(i));
        let normal = first.and_then(SliceGeometry::normal);
        let positions: Option<Vec<Vector>> = members
            .iter()
            .map(|&i| slices.get(i).and_then(|s| s.position))
            .collect();
        let steps: Vec<f64> = match (&positions, normal) {
            (Some(positions), Some(normal)) => positions
                .windows(2)
                .map(|pair| dot(minus(pair[1], pair[0]), normal))
                .collect(),
            _ => Vec::new(),
        };
        let mut different: Vec<f64> = steps.iter().copied().filter(|&s| s >= SAME_PLACE).collect();
        different.sort_by(f64::total_cmp);
        let step = different.get(different.len() / 2).copied();
        let duplicates: Vec<usize> = steps
            .iter()
            .enumerate()
            .filter(|&(_, &s)| s < SAME_PLACE)
            .map(|(i, _)| i + 1)
            .collect();
        let gaps = step.map_or_else(Vec::new, |usual| gaps(&steps, usual));
        let even = step.is_some_and(|usual| {
            let slack = (usual * EVEN).max(SLACK);
            steps.iter().all(|s| (s - usual).abs() <= slack)
        });
        let spacing = first.and_then(|s| s.spacing);
        Self {
            rows: first.map_or(0, |s| s.rows),
            columns: first.map_or(0, |s| s.columns),
            orientation: first.and_then(|s| s.orientation),
            origin: first.and_then(|s| s.position),
            thickness: first.and_then(|s| s.thickness),
            tilt: tilt(positions.as_deref(), normal),
            uniform: even && duplicates.is_empty() && spacing.is_some(),
            slices: members,
            spacing,
            normal,
            steps,
            step,
            gaps,
            duplicates,
        }
    }

    /// One line for people: `512 × 512 × 174, 0.7 × 0.7 × 1.0 mm`. Columns first, as on a screen;
    /// the last number is the spacing of slices, or the thickness of a single one.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut line = format!("{} × {} × {}", self.columns, self.rows, self.slices.len());
        if let Some([rows, columns]) = self.spacing {
            line.push_str(&format!(", {} × {}", short(columns), short(rows)));
            if let Some(depth) = self.step.or(self.thickness) {
                line.push_str(&format!(" × {}", short(depth)));
            }
            line.push_str(" mm");
        }
        line
    }
}

/// One digit after the point, two below a quarter of a millimetre, where one would mislead.
fn short(value: f64) -> String {
    if value < 0.25 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    }
}

/// Steps that stand out. Where more than a quarter of them do, the spacing itself is uneven and
/// nothing is missing.
fn gaps(steps: &[f64], usual: f64) -> Vec<Gap> {
    #[expect(clippy::cast_sign_loss, reason = "at least one")]
    let missing = |step: f64| ((step / usual).round() - 1.0).clamp(1.0, 1e6) as u32;
    let found: Vec<Gap> = steps
        .iter()
        .enumerate()
        .filter(|&(_, &step)| step > usual * GAP)
        .map(|(after, &step)| Gap {
            after,
            step,
            missing: missing(step),
        })
        .collect();
    if found.len() * 4 > steps.len() {
        Vec::new()
    } else {
        found
    }
}

/// The angle between the normal and the line from the first position to the last.
fn tilt(positions: Option<&[Vector]>, normal: Option<Vector>) -> f64 {
    let (Some([first, .., last]), Some(normal)) = (positions, normal) else {
        return 0.0;
    };
    let line = minus(*last, *first);
    let reach = length(line);
    // A line that does not leave the place has no angle.
    if reach < SAME_PLACE {
        return 0.0;
    }
    let angle = (dot(line, normal) / reach)
        .clamp(-1.0, 1.0)
        .acos()
        .to_degrees();
    // Positions are written with few digits; below this the angle is their rounding.
    if angle < 0.05 { 0.0 } else { angle }
}
