//! Whether a surface that was cut still shows the shape that was there.
//!
//! Taking a few millimetres off a face evenly moves all of it and hides nothing: nose and brow are
//! still where they were, only deeper. What counts as left is therefore not only skin that stands
//! where it stood, but any place whose relief, the depth without its slow part, goes up and down as
//! it did before. The floor of a real cut does not know the face above it.

use crate::verify::MOVED;
use crate::view::{PIXELS, View};

/// What is slower than a square of so many pixels to each side is no relief: 39 mm, wider than a nose.
const SLOW: usize = 6;
/// Relief is compared within squares of so many pixels to each side: 27 mm, an eye with its lids.
const NEAR: usize = 4;
/// From this correlation on it is the same.
const SAME: f64 = 0.6;
/// The one is at most so much rougher than the other, as a share of the rougher one's variance.
const ROUGHER: f64 = 0.75;
/// The product of variances that noise has, in mm⁴: a smooth place looks like any other.
const NOISE: f64 = 0.25;

/// Where the picture afterwards still shows what the one before showed: the surface itself, or its
/// relief. Both are taken from the same place.
#[must_use]
pub(crate) fn remains(before: &View, after: &View) -> Vec<bool> {
    let n = PIXELS * PIXELS;
    let depth = |view: &View, i: usize| view.depth.get(i).copied().flatten().map(f64::from);
    let pairs: Vec<Option<[f64; 2]>> = (0..n)
        .map(|i| Some([depth(before, i)?, depth(after, i)?]))
        .collect();
    let both: Vec<f64> = pairs
        .iter()
        .map(|p| f64::from(u8::from(p.is_some())))
        .collect();
    let counted = sums(&both, SLOW);
    let relief = |k: usize| -> Vec<f64> {
        let depths: Vec<f64> = pairs.iter().map(|p| p.map_or(0.0, |p| p[k])).collect();
        let slow = sums(&depths, SLOW);
        let part = |i: usize| depths[i] - slow[i] / counted[i].max(1.0);
        (0..n).map(|i| pairs[i].map_or(0.0, |_| part(i))).collect()
    };
    let [was, is] = [relief(0), relief(1)];
    let products = |a: &[f64], b: &[f64]| {
        let product: Vec<f64> = a.iter().zip(b).map(|(a, b)| a * b).collect();
        sums(&product, NEAR)
    };
    let near = sums(&both, NEAR);
    let (was_was, is_is, was_is) = (
        products(&was, &was),
        products(&is, &is),
        products(&was, &is),
    );
    (0..n)
        .map(|i| {
            let Some([b, a]) = pairs[i] else {
                return false;
            };
            let mean = |of: &[f64]| of[i] / near[i].max(1.0);
            let (v, w) = (mean(&was_was), mean(&is_is));
            let same = mean(&was_is) > SAME * (v * w + NOISE).sqrt();
            let as_rough = (v - w).abs() < ROUGHER * v.max(w);
            (a - b).abs() <= f64::from(MOVED) || same && as_rough
        })
        .collect()
}

/// The sum over a square of `reach` pixels to each side, around each pixel.
fn sums(values: &[f64], reach: usize) -> Vec<f64> {
    // Sums of all that lies above and left of each corner.
    let wide = PIXELS + 1;
    let mut corner = vec![0.0; wide * wide];
    for y in 0..PIXELS {
        let mut row = 0.0;
        for x in 0..PIXELS {
            row += values[y * PIXELS + x];
            corner[(y + 1) * wide + x + 1] = corner[y * wide + x + 1] + row;
        }
    }
    let span = |at: usize| (at.saturating_sub(reach), (at + reach + 1).min(PIXELS));
    (0..PIXELS * PIXELS)
        .map(|i| {
            let ((left, right), (top, low)) = (span(i % PIXELS), span(i / PIXELS));
            let at = |x: usize, y: usize| corner[y * wide + x];
            at(right, low) - at(left, low) - at(right, top) + at(left, top)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A round head with a nose, `deeper` by so many millimetres, with a floor instead of the face
    /// where `cut`.
    fn face(deeper: f32, cut: bool) -> View {
        let depth = (0..PIXELS * PIXELS)
            .map(|i| {
                let half = PIXELS as f32 / 2.0;
                let (x, y) = ((i % PIXELS) as f32 - half, (i / PIXELS) as f32 - half);
                let far = x.hypot(y);
                let nose = 22.0 * (-(x * x) / 9.0 - (y - 4.0).powi(2) / 30.0).exp();
                let floor = 18.0 + (x / 7.0).sin() * (y / 9.0).cos();
                let shape = if cut { floor } else { deeper - nose };
                (far < 30.0).then_some(far * far / 25.0 - 80.0 + shape)
            })
            .collect();
        View {
            angle: 0.0,
            depth,
            ends: Vec::new(),
        }
    }

    fn at_the_nose(before: &View, after: &View) -> usize {
        let remains = remains(before, after);
        let near = |i: &usize| {
            let (x, y) = (i % PIXELS, i / PIXELS);
            x.abs_diff(PIXELS / 2) < 4 && y.abs_diff(PIXELS / 2 + 4) < 5
        };
        (0..PIXELS * PIXELS)
            .filter(near)
            .filter(|&i| remains[i])
            .count()
    }

    #[test]
    fn what_stands_and_what_was_only_shaved_remains() {
        let before = face(0.0, false);
        assert_eq!(at_the_nose(&before, &before), 63);
        assert!(at_the_nose(&before, &face(4.0, false)) > 40);
        assert!(at_the_nose(&before, &face(9.0, false)) > 40);
    }

    #[test]
    fn the_floor_of_a_cut_is_nothing_that_was_there() {
        assert_eq!(at_the_nose(&face(0.0, false), &face(0.0, true)), 0);
    }

    #[test]
    fn nothing_remains_where_nothing_is() {
        let nothing = View {
            angle: 0.0,
            depth: vec![None; PIXELS * PIXELS],
            ends: Vec::new(),
        };
        assert_eq!(at_the_nose(&face(0.0, false), &nothing), 0);
        assert_eq!(at_the_nose(&nothing, &nothing), 0);
    }
}
