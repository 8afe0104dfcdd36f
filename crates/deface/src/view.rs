//! The outer surface of a scan as a person with a renderer would see it.
//!
//! Depth pictures, without perspective, from the front, half from the sides and from the sides.
//! They are made from the scan alone: nothing of the search or of the cut goes in.

use serde::{Deserialize, Serialize};

use crate::Grid;
use crate::around::tissue;
use crate::normal::Kind;
use crate::search::resample;
use crate::stack::Stack;

/// Width and height of a picture, in pixels.
pub const PIXELS: usize = 80;
/// The edge of a pixel, in millimetres.
pub const PIXEL: f64 = 3.0;
/// From where pictures are taken: degrees about the axis toward the head, 0 in front, positive
/// from the patient's left.
pub const ANGLES: [f64; 5] = [0.0, 40.0, -40.0, 90.0, -90.0];
/// Rows of 150 mm: what a frame is found by.
const UPPER: usize = 50;
/// The depth that stands for "nothing there", in hundreds of millimetres.
const NOTHING: f32 = 1.5;
/// The edge of the surface's voxels, in millimetres.
const STEP: f64 = 2.0;
/// How far from the middle a ray runs, in millimetres.
pub const REACH: f64 = 150.0;

/// One depth picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// From where it was taken, in degrees; see [`ANGLES`].
    pub angle: f64,
    /// For each pixel, row by row from the top: how far the surface lies behind the plane through
    /// the middle, in millimetres (before it: negative); `None` where there is no surface.
    pub depth: Vec<Option<f32>>,
    /// Whether the scan itself begins at a pixel: what is seen there is a section, and no surface.
    #[serde(default)]
    pub ends: Vec<bool>,
}

/// How pictures are taken: where the rays start and where they go.
#[derive(Debug, Clone, Copy)]
pub struct Camera {
    /// The middle of the pictures, in patient coordinates.
    pub centre: [f64; 3],
    /// See [`ANGLES`].
    pub angle: f64,
}

impl Camera {
    /// The direction of all rays.
    #[must_use]
    pub fn forward(&self) -> [f64; 3] {
        let (s, c) = self.angle.to_radians().sin_cos();
        [-s, c, 0.0]
    }

    /// The point in the middle plane that pixel (`column`, `row`) looks at.
    #[must_use]
    pub fn pixel(&self, column: usize, row: usize) -> [f64; 3] {
        let (s, c) = self.angle.to_radians().sin_cos();
        let half = (PIXELS as f64 - 1.0) / 2.0;
        let u = (column as f64 - half) * PIXEL;
        let v = (half - row as f64) * PIXEL;
        // Seen from the front, the patient's left is on the right.
        [
            self.centre[0] + c * u,
            self.centre[1] + s * u,
            self.centre[2] + v,
        ]
    }
}

impl View {
    /// The picture as the network takes it: depth in hundreds of millimetres, whether there is a
    /// surface, its shade under a light from the camera, and how far right of the middle of what
    /// is seen and how far under its top each pixel lies, in hundreds of millimetres.
    #[must_use]
    pub fn channels(&self) -> Vec<f32> {
        let n = PIXELS * PIXELS;
        let mut out = vec![0.0; 5 * n];
        let (middle, top) = self.frame();
        for i in 0..n {
            let depth = self.depth.get(i).copied().flatten();
            out[i] = depth.map_or(NOTHING, |d| d / 100.0);
            out[n + i] = f32::from(u8::from(depth.is_some()));
            out[2 * n + i] = self.shade(i % PIXELS, i / PIXELS);
            out[3 * n + i] = ((i % PIXELS) as f32 - middle) * (PIXEL as f32 / 100.0);
            out[4 * n + i] = ((i / PIXELS) as f32 - top) * (PIXEL as f32 / 100.0);
        }
        out
    }

    /// The mean column of the surface in the upper 150 mm of what is seen, and its first row.
    fn frame(&self) -> (f32, f32) {
        let row = |i: usize| i / PIXELS;
        let seen = || {
            let there = |i: &usize| self.depth.get(*i).copied().flatten().is_some();
            (0..PIXELS * PIXELS).filter(there)
        };
        let mut rows = [0usize; PIXELS];
        for i in seen() {
            rows[row(i)] += 1;
        }
        let top = rows.iter().position(|&n| n >= 4).unwrap_or(0);
        let low = top + UPPER;
        let (mut sum, mut n) = (0.0f32, 0.0f32);
        for i in seen().filter(|&i| row(i) >= top && row(i) < low) {
            sum += (i % PIXELS) as f32;
            n += 1.0;
        }
        let middle = if n > 0.0 {
            sum / n
        } else {
            PIXELS as f32 / 2.0
        };
        (middle, top as f32)
    }

    /// How bright the surface is under a light from the camera: 1 facing it, 0 nothing.
    #[must_use]
    pub fn shade(&self, column: usize, row: usize) -> f32 {
        let at = |x: usize, y: usize| self.depth.get(y * PIXELS + x).copied().flatten();
        let Some(here) = at(column, row) else {
            return 0.0;
        };
        let slope = |a: Option<f32>, b: Option<f32>| match (a, b) {
            (Some(a), Some(b)) => (b - a) / (2.0 * PIXEL as f32),
            (Some(a), None) => (here - a) / PIXEL as f32,
            (None, Some(b)) => (b - here) / PIXEL as f32,
            (None, None) => 0.0,
        };
        let before = |v: usize| v.checked_sub(1);
        let after = |v: usize| (v + 1 < PIXELS).then_some(v + 1);
        let dx = slope(
            before(column).and_then(|x| at(x, row)),
            after(column).and_then(|x| at(x, row)),
        );
        let dy = slope(
            before(row).and_then(|y| at(column, y)),
            after(row).and_then(|y| at(column, y)),
        );
        1.0 / (1.0 + dx * dx + dy * dy).sqrt()
    }
}

/// The surface of a scan.
#[derive(Debug, Clone)]
pub struct Surface {
    grid: Grid,
    solid: Vec<u8>,
    /// Where the scan has values.
    seen: Vec<u8>,
    /// The middle of the pictures.
    pub centre: [f64; 3],
}

impl Surface {
    /// The surface of the largest thing in a scan, around `hint` if there is one, else at the top;
    /// `None` where there is nothing.
    #[must_use]
    pub fn of(stack: &Stack, kind: Kind, hint: Option<[f64; 3]>) -> Option<Self> {
        let [mut low, mut high] = stack.bounds()?;
        let centre = hint.unwrap_or([
            f64::midpoint(low[0], high[0]),
            f64::midpoint(low[1], high[1]),
            high[2] - 120.0,
        ]);
        for a in 0..3 {
            let reach = if hint.is_some() { 160.0 } else { 200.0 };
            low[a] = low[a].max(centre[a] - reach);
            high[a] = high[a].min(centre[a] + reach);
        }
        #[expect(clippy::cast_sign_loss, reason = "positive")]
        let size = std::array::from_fn(|a| {
            (((high[a] - low[a]) / STEP).ceil().max(1.0) as usize).min(256)
        });
        let grid = Grid {
            origin: low,
            step: STEP,
            size,
        };
        let (values, seen) = resample(&stack.sampler()?, &grid);
        let mask = largest(&grid, &tissue(&values, &seen, kind));
        let mut sum = [0.0; 3];
        let (mut n, mut top) = (0.0, f64::MIN);
        for (i, _) in mask.iter().enumerate().filter(|(_, m)| **m) {
            top = top.max(grid.centre(grid.voxel(i))[2]);
        }
        for (i, _) in mask.iter().enumerate().filter(|(_, m)| **m) {
            let p = grid.centre(grid.voxel(i));
            if p[2] > top - 200.0 {
                for a in 0..3 {
                    sum[a] += p[a];
                }
                n += 1.0;
            }
        }
        if n < 500.0 {
            return None;
        }
        let centre = hint.unwrap_or([sum[0] / n, sum[1] / n, top - 100.0]);
        Some(Self {
            grid,
            solid: mask.iter().map(|&m| u8::from(m)).collect(),
            seen: seen.iter().map(|&s| u8::from(s)).collect(),
            centre,
        })
    }

    /// The picture from one side.
    #[must_use]
    pub fn view(&self, angle: f64) -> View {
        let camera = Camera {
            centre: self.centre,
            angle,
        };
        let forward = camera.forward();
        let at = |of: &[u8], t: f64, start: [f64; 3]| {
            let p = std::array::from_fn(|a| start[a] + forward[a] * t);
            self.grid.sample(of, p).unwrap_or(0.0)
        };
        let (depth, ends) = (0..PIXELS * PIXELS)
            .map(|i| {
                let start = camera.pixel(i % PIXELS, i / PIXELS);
                let mut t = -REACH;
                while t < REACH {
                    let here = at(&self.solid, t, start);
                    if here > 0.5 {
                        // Back to where the half lies.
                        let before = at(&self.solid, t - STEP, start);
                        let back = if here > before {
                            (here - 0.5) / (here - before) * STEP
                        } else {
                            0.0
                        };
                        let ends = at(&self.seen, t - 1.5 * STEP, start) < 0.5;
                        return (Some((t - back) as f32), ends);
                    }
                    t += STEP;
                }
                (None, false)
            })
            .unzip();
        View { angle, depth, ends }
    }
}

/// The largest connected piece.
fn largest(grid: &Grid, mask: &[bool]) -> Vec<bool> {
    let n = grid.len();
    let strides = [1, grid.size[0], grid.size[0] * grid.size[1]];
    let mut piece = vec![0u32; n];
    let mut best = (0usize, 0u32);
    let mut id = 0u32;
    let mut queue = Vec::new();
    for start in 0..n {
        if !mask[start] || piece[start] != 0 {
            continue;
        }
        id += 1;
        let mut count = 0;
        piece[start] = id;
        queue.push(start);
        while let Some(i) = queue.pop() {
            count += 1;
            let v = grid.voxel(i);
            for a in 0..3 {
                for next in [
                    (v[a] + 1 < grid.size[a]).then(|| i + strides[a]),
                    (v[a] > 0).then(|| i - strides[a]),
                ] {
                    if let Some(j) = next
                        && mask[j]
                        && piece[j] == 0
                    {
                        piece[j] = id;
                        queue.push(j);
                    }
                }
            }
        }
        if count > best.0 {
            best = (count, id);
        }
    }
    piece.iter().map(|&p| p != 0 && p == best.1).collect()
}
