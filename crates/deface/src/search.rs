//! Looks for a head in a stack: cuts the scan into cubes for the network, and puts its answers
//! together.
//!
//! The cubes are 256 mm wide, 64 voxels of 4 mm. A scan of a head fits into one; a long scan is
//! looked at from the top down with half a cube of overlap. Where a header says nothing true about
//! left, back and up, the same cube can be turned in 24 ways. Where there is a head the same cube is
//! shown in several ways ([`crate::looks`]), and the mean of the answers holds.

use crate::looks::{CUBE_LOOKS, CubeLook};
use crate::normal::{Kind, normalise};
use crate::parts::Parts;
use crate::stack::{Sampler, Stack};
use crate::{Grid, Label, NET_STEP};

/// Voxels along the edge of a cube.
pub const EDGE: usize = 64;
/// Longest side of a scan that is looked at, in voxels: 2.5 m.
const LONGEST: usize = 640;

/// A search under way.
#[derive(Debug)]
pub struct Search {
    grid: Grid,
    values: Vec<f32>,
    seen: Vec<bool>,
    tiles: Vec<[i64; 3]>,
    turn: usize,
    sums: Vec<f32>,
    weights: Vec<f32>,
    /// The greatest share of brain that any look gave.
    brain: Vec<f32>,
}

/// In how many ways a cube can be shown; the first is as it is.
pub const LOOKS: usize = CUBE_LOOKS.len();
/// What the network says of the outermost voxels of a cube makes nothing brain.
const RIM: usize = 2;

impl Search {
    /// Prepares a search; `None` when the stack has no place in space.
    #[must_use]
    pub fn new(stack: &Stack, kind: Kind) -> Option<Self> {
        let [low, high] = stack.bounds()?;
        #[expect(clippy::cast_sign_loss, reason = "positive")]
        let size: [usize; 3] = std::array::from_fn(|a| {
            (((high[a] - low[a]) / NET_STEP).ceil().max(1.0) as usize).min(LONGEST)
        });
        let grid = Grid {
            origin: std::array::from_fn(|a| {
                f64::midpoint(low[a], high[a]) - (size[a] as f64 - 1.0) / 2.0 * NET_STEP
            }),
            step: NET_STEP,
            size,
        };
        let sampler = stack.sampler()?;
        let (values, seen) = resample(&sampler, &grid);
        let values = normalise(&values, &seen, kind);
        let tiles = tiles(&grid, &values);
        let n = grid.len();
        Some(Self {
            grid,
            values,
            seen,
            tiles,
            turn: 0,
            sums: vec![0.0; n * Label::ALL.len()],
            weights: vec![0.0; n],
            brain: vec![0.0; n],
        })
    }

    /// How many cubes there are to look at.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Starts again with the cubes turned in the way `turn`, of [`TURNS`].
    pub fn again(&mut self, turn: usize) {
        self.turn = turn % TURNS;
        self.sums.fill(0.0);
        self.weights.fill(0.0);
        self.brain.fill(0.0);
    }

    /// Cube `i` in the way `look`, of [`LOOKS`], on the network's scale, slowest axis toward the head.
    #[must_use]
    pub fn cube(&self, i: usize, look: usize) -> Vec<f32> {
        let mut cube = vec![0.0; EDGE.pow(3)];
        let (Some(&tile), Some(&look)) = (self.tiles.get(i), CUBE_LOOKS.get(look)) else {
            return cube;
        };
        for (j, value) in cube.iter_mut().enumerate() {
            if let Some(at) = self.place(tile, look, j) {
                *value = self.values[at];
            }
        }
        cube
    }

    /// Takes the network's answer for cube `i` in the way `look`: probabilities, label by label.
    pub fn absorb(&mut self, i: usize, look: usize, answer: &[f32]) {
        let cube = EDGE.pow(3);
        let (Some(&tile), Some(&look)) = (self.tiles.get(i), CUBE_LOOKS.get(look)) else {
            return;
        };
        if answer.len() != cube * Label::ALL.len() {
            return;
        }
        let n = self.grid.len();
        for j in 0..cube {
            let Some(at) = self.place(tile, look, j) else {
                continue;
            };
            // The middle of a cube knows more than its rim.
            let rim = [j % EDGE, j / EDGE % EDGE, j / EDGE / EDGE]
                .map(|v| v.min(EDGE - 1 - v))
                .into_iter()
                .min()
                .unwrap_or(0);
            let weight = (rim as f32 + 0.5).min(8.0);
            self.weights[at] += weight;
            if rim >= RIM {
                let share = answer[Label::Brain as usize * cube + j];
                self.brain[at] = self.brain[at].max(share);
            }
            for l in 0..Label::ALL.len() {
                let p = answer[l * cube + j];
                self.sums[l * n + at] += weight * if p.is_finite() { p } else { 0.0 };
            }
        }
    }

    /// What was found. Voxels that no cube covered are outside.
    #[must_use]
    pub fn finish(&self) -> Parts {
        let n = self.grid.len();
        let mut shares = self.sums.clone();
        for i in 0..n {
            let weight = self.weights[i];
            for l in 0..Label::ALL.len() {
                let share = &mut shares[l * n + i];
                *share = if weight > 0.0 {
                    *share / weight
                } else {
                    f32::from(u8::from(l == 0))
                };
            }
        }
        Parts::new(self.grid, shares, self.seen.clone()).with_brain_at_most(&self.brain)
    }

    /// Where voxel `j` of a cube at `tile` lies in the grid, shown in some way, after the turn.
    fn place(&self, tile: [i64; 3], look: CubeLook, j: usize) -> Option<usize> {
        let column = look.column(j % EDGE);
        let voxel = turned([column, j / EDGE % EDGE, j / EDGE / EDGE], self.turn);
        let mut at = [0usize; 3];
        for a in 0..3 {
            let v =
                usize::try_from(tile[a] + look.moved[a] + i64::try_from(voxel[a]).ok()?).ok()?;
            if v >= self.grid.size[a] {
                return None;
            }
            at[a] = v;
        }
        Some(self.grid.index(at))
    }
}

/// In how many ways a cube can be turned.
pub const TURNS: usize = 24;

/// A voxel of a cube after a turn: a permutation of axes with flips, without reflections.
fn turned(voxel: [usize; 3], turn: usize) -> [usize; 3] {
    const ORDERS: [([usize; 3], bool); 6] = [
        ([0, 1, 2], false),
        ([1, 2, 0], false),
        ([2, 0, 1], false),
        ([0, 2, 1], true),
        ([2, 1, 0], true),
        ([1, 0, 2], true),
    ];
    let (order, odd) = ORDERS[turn / 4 % 6];
    // Flips that keep the hand: an even number for even orders, an odd one for odd orders.
    let flips: [[bool; 3]; 4] = if odd {
        [
            [true, false, false],
            [false, true, false],
            [false, false, true],
            [true, true, true],
        ]
    } else {
        [
            [false, false, false],
            [true, true, false],
            [true, false, true],
            [false, true, true],
        ]
    };
    let flip = flips[turn % 4];
    std::array::from_fn(|a| {
        let v = voxel[order[a]];
        if flip[a] { EDGE - 1 - v } else { v }
    })
}

/// The values of a stack on a grid, and which voxels have one.
pub(crate) fn resample(sampler: &Sampler<'_>, grid: &Grid) -> (Vec<f32>, Vec<bool>) {
    let mut values = vec![0.0; grid.len()];
    let mut seen = vec![false; grid.len()];
    for i in 0..grid.len() {
        if let Some(value) = sampler.value(grid.centre(grid.voxel(i))) {
            values[i] = value;
            seen[i] = true;
        }
    }
    (values, seen)
}

/// Where the cubes start, in voxels of the grid.
fn tiles(grid: &Grid, values: &[f32]) -> Vec<[i64; 3]> {
    let edge = EDGE as i64;
    let [nx, ny, nz] = grid.size.map(|n| n as i64);
    let mut starts = Vec::new();
    let mut z = nz - edge;
    loop {
        starts.push(z.max(if nz > edge { 0 } else { (nz - edge) / 2 }));
        if z <= 0 {
            break;
        }
        z -= edge / 2;
    }
    starts.dedup();
    starts
        .into_iter()
        .map(|z| {
            let [cx, cy] = middle(grid, values, z);
            let start = |n: i64, c: i64| {
                if n <= edge {
                    (n - edge) / 2
                } else {
                    (c - edge / 2).clamp(0, n - edge)
                }
            };
            [start(nx, cx), start(ny, cy), z]
        })
        .collect()
}

/// The middle of what is bright between two levels.
fn middle(grid: &Grid, values: &[f32], z: i64) -> [i64; 2] {
    let mut sums = [0.0f64; 3];
    for (i, &value) in values.iter().enumerate() {
        let [x, y, level] = grid.voxel(i);
        let level = level as i64;
        if level >= z && level < z + EDGE as i64 && value > 0.25 {
            sums[0] += x as f64;
            sums[1] += y as f64;
            sums[2] += 1.0;
        }
    }
    let n = sums[2].max(1.0);
    if sums[2] < 1.0 {
        return [grid.size[0] as i64 / 2, grid.size[1] as i64 / 2];
    }
    [(sums[0] / n) as i64, (sums[1] / n) as i64]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_are_all_different_and_keep_the_hand() {
        let mut seen = std::collections::HashSet::new();
        for turn in 0..TURNS {
            let o = turned([0, 0, 0], turn).map(|v| v as i64);
            let axes: Vec<[i64; 3]> = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
                .into_iter()
                .map(|v| {
                    let p = turned(v, turn).map(|v| v as i64);
                    std::array::from_fn(|a| p[a] - o[a])
                })
                .collect();
            let (a, b, c) = (axes[0], axes[1], axes[2]);
            let cross = [
                a[1] * b[2] - a[2] * b[1],
                a[2] * b[0] - a[0] * b[2],
                a[0] * b[1] - a[1] * b[0],
            ];
            assert_eq!(cross, c, "turn {turn}");
            assert!(seen.insert(axes));
        }
        assert_eq!(turned([1, 2, 3], 0), [1, 2, 3]);
    }
}
