//! The same thing shown in several ways: each network is asked more than once, and the mean of what it
//! says holds. A head is a head in the mirror too, and wherever the squares begin into which a network
//! folds what it sees; what it only believes from one place is noise.

use crate::search::EDGE;
use crate::view::{PIXELS, View};

/// A way to show a cube of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CubeLook {
    /// Left and right exchanged.
    mirrored: bool,
    /// By how many voxels the cube is moved.
    pub(crate) moved: [i64; 3],
}

/// The first is the cube as it is.
pub(crate) const CUBE_LOOKS: [CubeLook; 4] = [
    CubeLook::new(false, [0, 0, 0]),
    CubeLook::new(true, [0, 0, 0]),
    CubeLook::new(false, [3, 2, -1]),
    CubeLook::new(true, [1, -3, 2]),
];

impl CubeLook {
    const fn new(mirrored: bool, moved: [i64; 3]) -> Self {
        Self { mirrored, moved }
    }

    /// The column of the cube as it is that stands in column `x`.
    pub(crate) const fn column(self, x: usize) -> usize {
        if self.mirrored { EDGE - 1 - x } else { x }
    }
}

/// A way to show a picture of a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureLook {
    mirrored: bool,
    moved: [usize; 2],
}

/// The first is the picture as it is. Moves are not by whole squares of what the network folds.
pub const PICTURE_LOOKS: [PictureLook; 4] = [
    PictureLook::new(false, [0, 0]),
    PictureLook::new(true, [0, 0]),
    PictureLook::new(false, [2, 1]),
    PictureLook::new(true, [1, 2]),
];

impl PictureLook {
    const fn new(mirrored: bool, moved: [usize; 2]) -> Self {
        Self { mirrored, moved }
    }

    /// The pixel of the picture as it is that stands at pixel `at`; nothing at the rim that it left.
    fn source(self, at: usize) -> Option<usize> {
        let x = (at % PIXELS).checked_sub(self.moved[0])?;
        let y = (at / PIXELS).checked_sub(self.moved[1])?;
        let x = if self.mirrored { PIXELS - 1 - x } else { x };
        Some(y * PIXELS + x)
    }

    /// Pictures as the network takes them, one after another.
    #[must_use]
    pub fn show(self, views: &[View]) -> Vec<f32> {
        let shown = |view: &View| {
            let depth = |at| view.depth.get(self.source(at)?).copied().flatten();
            let view = View {
                angle: if self.mirrored {
                    -view.angle
                } else {
                    view.angle
                },
                depth: (0..PIXELS * PIXELS).map(depth).collect(),
                ends: Vec::new(),
            };
            view.channels()
        };
        views.iter().flat_map(shown).collect()
    }

    /// Adds an answer to `sum`, pixel by pixel where they stand in the picture as it is. Both are any
    /// number of layers of a picture's size.
    pub fn add(self, answer: &[f32], sum: &mut Vec<f32>) {
        let n = PIXELS * PIXELS;
        sum.resize(answer.len(), 0.0);
        for (from, to) in answer.chunks(n).zip(sum.chunks_mut(n)) {
            for (at, value) in from.iter().enumerate() {
                if let Some(to) = self.source(at).and_then(|at| to.get_mut(at)) {
                    *to += value;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_another_way_comes_back_to_its_place() {
        let mut depth = vec![None; PIXELS * PIXELS];
        depth[20 * PIXELS + 31] = Some(-40.0);
        let view = View {
            angle: 40.0,
            depth,
            ends: Vec::new(),
        };
        for look in PICTURE_LOOKS {
            let shown = look.show(std::slice::from_ref(&view));
            let surface = &shown[PIXELS * PIXELS..2 * PIXELS * PIXELS];
            let mut sum = Vec::new();
            look.add(surface, &mut sum);
            let there: Vec<usize> = (0..sum.len()).filter(|&i| sum[i] > 0.0).collect();
            assert_eq!(there, [20 * PIXELS + 31], "{look:?}");
        }
        // As it is, nothing changes.
        assert_eq!(
            PICTURE_LOOKS[0].show(std::slice::from_ref(&view)),
            view.channels()
        );
    }

    #[test]
    fn the_mirror_is_its_own_opposite() {
        for look in CUBE_LOOKS {
            assert!((0..EDGE).all(|x| look.column(look.column(x)) == x));
        }
        assert_eq!(CUBE_LOOKS[0], CubeLook::new(false, [0; 3]));
    }
}
