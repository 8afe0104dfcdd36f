//! Where the slices lie. Patient coordinates, LPS, millimetres.

use cordon_protocol::Code;
use cordon_volumes::Stack;

use super::{Seen, mixed};
use crate::facts::SliceFacts;
use crate::report::Noticed;

/// A stack leans above this angle, in degrees: less is how positions are rounded.
const TILT: f64 = 0.5;
/// Header and positions may differ in the tilt by this, in degrees.
const TILT_AGREES: f64 = 1.0;
/// Slices thicker than this are noticed when the protocol does not say otherwise (mm).
const THICK: f64 = 5.0;
/// Thickness and spacing are alike up to this, in millimetres.
const LENGTH_AGREES: f64 = 0.05;

pub(super) fn look(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    if !seen.stacked() {
        return;
    }
    known(seen, out);
    alike(seen, out);
    stacks(seen, out);
    thickness(seen, out);
    tilt(seen, out);
    order(seen, out);
    orientation(seen, out);
}

fn known(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let n = seen
        .slices
        .iter()
        .filter(|s| {
            let g = &s.geometry;
            g.position.is_none() || g.orientation.is_none() || g.spacing.is_none()
        })
        .count();
    if n > 0 {
        out.push(Noticed::slices(Code::SeriesNoGeometry, n));
    }
}

fn alike(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let all = || seen.slices.iter().map(|s| &s.geometry);
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    if let Some(first) = all().find_map(|g| g.orientation)
        && all()
            .filter_map(|g| g.orientation)
            .any(|o| dot(o[0], first[0]) < 0.999_96 || dot(o[1], first[1]) < 0.999_96)
    {
        out.push(Noticed::new(Code::SeriesMixedOrientation));
    }
    if let Some(first) = all().find_map(|g| g.spacing)
        && all()
            .filter_map(|g| g.spacing)
            .any(|s| s.iter().zip(first).any(|(a, b)| (a - b).abs() > 1e-3 * b))
    {
        out.push(Noticed::new(Code::SeriesMixedSpacing));
    }
    if mixed(all().map(|g| (g.rows, g.columns))) {
        out.push(Noticed::new(Code::SeriesMixedMatrix));
    }
    let thickness: Vec<f64> = all().filter_map(|g| g.thickness).collect();
    if let Some(first) = thickness.first()
        && thickness.iter().any(|t| (t - first).abs() > LENGTH_AGREES)
    {
        out.push(Noticed::new(Code::SeriesMixedThickness));
    }
}

fn stacks(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let missing: u64 = seen
        .stacks
        .iter()
        .flat_map(|s| &s.gaps)
        .map(|g| u64::from(g.missing))
        .sum();
    if missing > 0 {
        let missing = usize::try_from(missing).unwrap_or(usize::MAX);
        out.push(Noticed::slices(Code::SeriesMissing, missing));
    }
    // A time series of one place is one stack with many slices there.
    let duplicates: usize = seen
        .stacks
        .iter()
        .filter(|s| s.step.is_some())
        .map(|s| s.duplicates.len())
        .sum();
    let again: usize = seen
        .stacks
        .iter()
        .filter(|s| s.step.is_none() && s.slices.len() > 1)
        .filter(|s| !s.steps.is_empty())
        .map(|s| s.duplicates.len())
        .sum();
    // Only where nothing says that this is a series in time.
    let timed = seen
        .slices
        .iter()
        .any(|s| s.temporal_positions.is_some_and(|n| n > 1) || s.geometry.temporal.is_some());
    let duplicates = duplicates + if timed { 0 } else { again };
    if duplicates > 0 {
        out.push(Noticed::slices(Code::SeriesDuplicates, duplicates));
    }
    if seen.stacks.iter().any(irregular) {
        out.push(Noticed::new(Code::SeriesIrregular));
    }
}

/// Steps that differ although nothing is missing and nothing is twice there.
fn irregular(stack: &Stack) -> bool {
    let Some(usual) = stack.step else {
        return false;
    };
    let slack = (usual * 0.02).max(0.02);
    stack.steps.iter().enumerate().any(|(i, step)| {
        let gap = stack.gaps.iter().any(|g| g.after == i);
        !gap && *step >= 0.01 && (step - usual).abs() > slack
    })
}

fn thickness(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let limit = seen.quality.max_thickness.map_or(THICK, |t| t.0);
    let thick = seen
        .slices
        .iter()
        .filter(|s| s.geometry.thickness.is_some_and(|t| t > limit + 1e-6))
        .count();
    if thick > 0 {
        out.push(Noticed::slices(Code::SeriesThick, thick));
    }
    let pairs = || {
        seen.stacks
            .iter()
            .filter_map(|s| Some((s.thickness?, s.step?)))
    };
    if pairs().any(|(thickness, step)| step > thickness * 1.05 + LENGTH_AGREES) {
        out.push(Noticed::new(Code::SeriesUncovered));
    }
    if pairs().any(|(thickness, step)| step < thickness * 0.5 - LENGTH_AGREES) {
        out.push(Noticed::new(Code::SeriesOverlap));
    }
    // Some makers write it with a sign, some write the gap alone.
    let contradicts = seen.stacks.iter().any(|stack| {
        let written = stack
            .slices
            .first()
            .and_then(|&i| seen.slices.get(i)?.spacing_between);
        written.zip(stack.step).is_some_and(|(written, step)| {
            (written.abs() - step).abs() > LENGTH_AGREES.max(step * 0.02)
        })
    });
    if contradicts {
        out.push(Noticed::new(Code::SeriesSpacingContradiction));
    }
}

fn tilt(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let leaning = seen.stacks.iter().any(|s| s.tilt > TILT);
    if leaning {
        out.push(Noticed::new(Code::SeriesTilt));
    }
    if seen.modality != "CT" {
        return;
    }
    // Header and positions, for stacks long enough to have an angle.
    let contradicts = seen.stacks.iter().filter(|s| s.slices.len() > 2).any(|s| {
        let Some(first) = s.slices.first().and_then(|&i| seen.slices.get(i)) else {
            return false;
        };
        // Reformatted and derived images keep the tilt of what they come from.
        let derived = first.image_type.first().is_some_and(|v| v == "DERIVED");
        let axial = s.normal.is_some_and(|n| n[2].abs() > 0.7);
        !derived
            && axial
            && first
                .tilt
                .is_some_and(|t| (t.abs() - s.tilt).abs() > TILT_AGREES)
    });
    if contradicts {
        out.push(Noticed::new(Code::SeriesTiltContradiction));
    }
}

/// Instance numbers rise or fall along the normal.
fn order(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let broken = seen
        .stacks
        .iter()
        .filter(|s| s.step.is_some() && s.duplicates.is_empty())
        .any(|stack| {
            let numbers: Vec<i32> = stack
                .slices
                .iter()
                .filter_map(|&i| seen.slices.get(i))
                .filter(|s| s.geometry.frame == 0)
                .filter_map(|s| s.geometry.instance_number)
                .collect();
            let rises = |p: &[i32]| p[0] < p[1];
            let falls = |p: &[i32]| p[0] > p[1];
            !numbers.windows(2).all(rises) && !numbers.windows(2).all(falls)
        });
    if broken {
        out.push(Noticed::new(Code::SeriesOrderContradiction));
    }
}

/// Patient Orientation names the directions that Image Orientation has in numbers.
fn orientation(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let n = seen.slices.iter().filter(|s| contradicts(s)).count();
    if n > 0 {
        out.push(Noticed::slices(Code::SeriesOrientationContradiction, n));
    }
}

fn contradicts(slice: &SliceFacts) -> bool {
    let (Some(words), Some(directions)) = (&slice.patient_orientation, slice.geometry.orientation)
    else {
        return false;
    };
    words.iter().zip(directions).any(|(word, direction)| {
        let Some(said) = word.chars().next().and_then(axis) else {
            return false;
        };
        // The first letter is the nearest axis: within 90 degrees at the least.
        let along: f64 = said.iter().zip(direction).map(|(a, b)| a * b).sum();
        along < 0.3
    })
}

fn axis(letter: char) -> Option<[f64; 3]> {
    Some(match letter {
        'L' => [1.0, 0.0, 0.0],
        'R' => [-1.0, 0.0, 0.0],
        'P' => [0.0, 1.0, 0.0],
        'A' => [0.0, -1.0, 0.0],
        'H' => [0.0, 0.0, 1.0],
        'F' => [0.0, 0.0, -1.0],
        _ => return None,
    })
}
