//! What of a face was gone before the scan came here.
//!
//! Depth is counted from the skin. Where another tool has taken the forehead off, what lies outermost
//! is bone or what is under it, and seven millimetres from there are brain. Anatomy says where there
//! must be tissue in any head, well under any skin; where a scan shows air instead, somebody was here
//! before.

use crate::Grid;
use crate::frame::HeadFrame;

/// Rows of the places that are looked at, toward the head in the model's millimetres: at the brow, and
/// from there to the tip of the nose.
const BROW: [f64; 2] = [-15.0, -25.0];
const MIDDLE: [f64; 2] = [-35.0, -45.0];
/// Their places toward the left and toward the back: 10 to 25 mm under the skin of a forehead.
const LEFT: [f64; 5] = [-30.0, -15.0, 0.0, 15.0, 30.0];
const BACK: [f64; 3] = [-64.0, -56.0, -48.0];
/// The share of air from which the brow is missing: whole heads have up to 0.27 where the model does not
/// fit, as infants; heads that lost much of it from 0.4 on. Between them nobody can tell, and it counts as there.
const BROW_MISSING: f64 = 0.3;
/// The share of air at brow and eyes from which there is no face to cut.
const FACE_MISSING: f64 = 0.5;
/// Of fewer places that the scan shows nobody can tell.
const LEAST_PLACES: usize = 12;

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing, as far as the scan shows it.
    Nothing,
    /// Something over the brow: nobody knows how deep anything lies there.
    Brow,
    /// Brow and eyes.
    Face,
}

/// Looks for what is missing. `seen` is what the scan shows, `air` the air around the head.
pub(crate) fn missing(grid: &Grid, seen: &[bool], air: &[bool], frame: &HeadFrame) -> Missing {
    let count = |rows: [f64; 2]| {
        let (mut all, mut empty) = (0, 0);
        for z in rows {
            for x in LEFT {
                for y in BACK {
                    let Some(i) = grid.nearest(frame.patient([x, y, z])) else {
                        continue;
                    };
                    if seen[i] {
                        all += 1;
                        empty += usize::from(air[i]);
                    }
                }
            }
        }
        (all, empty)
    };
    let (brow, middle) = (count(BROW), count(MIDDLE));
    let over = |(all, empty): (usize, usize), share: f64| {
        all >= LEAST_PLACES && empty as f64 > share * all as f64
    };
    if over((brow.0 + middle.0, brow.1 + middle.1), FACE_MISSING) {
        Missing::Face
    } else if over(brow, BROW_MISSING) {
        Missing::Brow
    } else {
        Missing::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is missing of a head of which nothing lies before a plane, so many millimetres behind the
    /// middle of its eyes, above a height.
    fn cut(before: f64, above: f64, shown: impl Fn([f64; 3]) -> bool) -> Missing {
        let frame = HeadFrame::upright();
        let grid = Grid {
            origin: [-119.0; 3],
            step: 2.0,
            size: [120; 3],
        };
        let at = |of: &dyn Fn([f64; 3]) -> bool| -> Vec<bool> {
            (0..grid.len())
                .map(|i| of(frame.model(grid.centre(grid.voxel(i)))))
                .collect()
        };
        let seen = at(&shown);
        let air = at(&|p| shown(p) && (p[1] < -75.0 || p[2] > above && p[1] < before));
        missing(&grid, &seen, &air, &frame)
    }

    #[test]
    fn a_whole_head_misses_nothing() {
        assert_eq!(cut(-200.0, -200.0, |_| true), Missing::Nothing);
    }

    #[test]
    fn a_forehead_that_was_taken_off_is_missed() {
        assert_eq!(cut(-50.0, -30.0, |_| true), Missing::Brow);
    }

    #[test]
    fn a_face_that_was_taken_off_is_missed() {
        assert_eq!(cut(-50.0, -200.0, |_| true), Missing::Face);
    }

    #[test]
    fn where_the_scan_ends_nothing_is_missed() {
        assert_eq!(cut(-50.0, -200.0, |p| p[2] > 10.0), Missing::Nothing);
    }

    #[test]
    fn places_of_the_model_are_found_again() {
        let frame = HeadFrame::upright();
        let there = frame.model(frame.patient([-30.0, -64.0, -15.0]));
        for (a, b) in there.iter().zip([-30.0, -64.0, -15.0]) {
            assert!((a - b).abs() < 1e-9);
        }
    }
}
