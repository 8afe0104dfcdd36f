//! A stack of slices that can be asked for its value at any point of the patient.
//!
//! Slices come one by one and are reduced at once to about 1.5 mm, so that a thousand of them fit
//! into a tab. Each slice keeps its own place: a tilted gantry, an uneven step or a gap needs no
//! special case.

use cordon_pixels::{Frame, Photometric, Samples};
use cordon_volumes::SliceGeometry;

use crate::Grid;
use crate::cut::{Air, Cut};

/// Pixels are averaged up to this edge, in millimetres.
const FINE: f64 = 1.5;
/// Slices farther apart than this, in millimetres, have nothing between them.
const REACH: f64 = 16.0;
/// Slices nearer than this lie in the same place, in millimetres.
const SAME: f64 = 0.02;

/// Why a slice cannot take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlace {
    /// Position, orientation or spacing are missing or senseless.
    Geometry,
    /// It is not parallel to the slices before.
    NotParallel,
    /// It has several samples for a pixel.
    Colour,
}

#[derive(Debug, Clone)]
struct Slice {
    /// Along the normal, in millimetres.
    level: f64,
    position: [f64; 3],
    spacing: [f64; 2],
    size: [usize; 2],
    values: Vec<f32>,
}

impl Slice {
    /// Where a pixel lies (LPS, mm).
    fn point(&self, [along, down]: [[f64; 3]; 2], x: usize, y: usize) -> [f64; 3] {
        std::array::from_fn(|a| {
            self.position[a]
                + along[a] * x as f64 * self.spacing[0]
                + down[a] * y as f64 * self.spacing[1]
        })
    }
}

/// Parallel slices of one volume. Values are those of the modality (HU in CT).
#[derive(Debug, Clone, Default)]
pub struct Stack {
    slices: Vec<Slice>,
    axes: Option<[[f64; 3]; 3]>,
    thickness: f64,
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

impl Stack {
    /// A stack without slices.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The values at the voxels of a grid, plane by plane.
    ///
    /// # Errors
    /// When the grid lies nowhere, or has voxels of no size.
    pub fn on_grid(grid: &Grid, values: &[f32]) -> Result<Self, NoPlace> {
        let [columns, rows, _] = grid.size;
        let mut stack = Self::new();
        for (k, plane) in values.chunks_exact((columns * rows).max(1)).enumerate() {
            let geometry = SliceGeometry {
                position: Some(grid.centre([0, 0, k])),
                orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
                spacing: Some([grid.step; 2]),
                thickness: Some(grid.step),
                ..SliceGeometry::default()
            };
            let size = |edge| u32::try_from(edge).map_err(|_| NoPlace::Geometry);
            let frame = Frame {
                rows: size(rows)?,
                columns: size(columns)?,
                samples_per_pixel: 1,
                bits_stored: 32,
                photometric: Photometric::Monochrome2,
                samples: Samples::F32(plane.to_vec()),
            };
            stack.add(&geometry, &frame, &|v| v)?;
        }
        Ok(stack)
    }

    /// How many slices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slices.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Adds a slice; `value` turns stored values into those of the modality.
    ///
    /// # Errors
    /// When nobody can say where it lies.
    pub fn add(
        &mut self,
        geometry: &SliceGeometry,
        frame: &Frame,
        value: &dyn Fn(f64) -> f64,
    ) -> Result<(), NoPlace> {
        if frame.samples_per_pixel != 1 {
            return Err(NoPlace::Colour);
        }
        let (Some(position), Some([along, down]), Some([rows, columns])) =
            (geometry.position, geometry.orientation, geometry.spacing)
        else {
            return Err(NoPlace::Geometry);
        };
        let sane = |v: f64| v.is_finite() && v > 1e-3 && v < 100.0;
        let near = position.iter().all(|v| v.is_finite() && v.abs() < 1e5);
        if !sane(rows) || !sane(columns) || !near || frame.rows == 0 || frame.columns == 0 {
            return Err(NoPlace::Geometry);
        }
        let normal = [
            along[1] * down[2] - along[2] * down[1],
            along[2] * down[0] - along[0] * down[2],
            along[0] * down[1] - along[1] * down[0],
        ];
        match self.axes {
            None => self.axes = Some([along, down, normal]),
            Some([first_along, first_down, first_normal]) => {
                let same = dot(first_normal, normal) > 0.999
                    && dot(first_along, along) > 0.999
                    && dot(first_down, down) > 0.999;
                if !same {
                    return Err(NoPlace::NotParallel);
                }
            }
        }
        let [_, _, normal] = self.axes.unwrap_or([along, down, normal]);
        if let Some(thickness) = geometry.thickness.filter(|t| sane(*t)) {
            self.thickness = thickness;
        }
        let level = dot(position, normal);
        let at = self.slices.partition_point(|s| s.level <= level);
        // Another echo or another moment of the same place has the same shape.
        let near = |i: usize| {
            let slice = self.slices.get(i)?;
            Some((slice.level - level).abs() < SAME)
        };
        if at.checked_sub(1).and_then(near) == Some(true) || near(at) == Some(true) {
            return Ok(());
        }
        let slice = reduce(frame, position, [along, down], [columns, rows], value);
        self.slices.insert(at, Slice { level, ..slice });
        Ok(())
    }

    /// The smallest box around the slices, in patient coordinates: low and high corner.
    #[must_use]
    pub fn bounds(&self) -> Option<[[f64; 3]; 2]> {
        let [along, down, normal] = self.axes?;
        let mut low = [f64::MAX; 3];
        let mut high = [f64::MIN; 3];
        let ends = [self.slices.first()?, self.slices.last()?];
        for slice in ends.into_iter().chain(self.slices.iter()) {
            for corner in 0..4usize {
                let u = (corner & 1) as f64 * slice.size[0] as f64 - 0.5;
                let v = (corner >> 1) as f64 * slice.size[1] as f64 - 0.5;
                for a in 0..3 {
                    let p = slice.position[a]
                        + along[a] * u * slice.spacing[0]
                        + down[a] * v * slice.spacing[1];
                    let margin = (normal[a] * self.half_step()).abs();
                    low[a] = low[a].min(p - margin);
                    high[a] = high[a].max(p + margin);
                }
            }
        }
        Some([low, high])
    }

    /// All values that are numbers, in no order.
    pub(crate) fn values(&self) -> Vec<f32> {
        let all = self.slices.iter().flat_map(|slice| &slice.values);
        all.copied().filter(|v| v.is_finite()).collect()
    }

    /// Whether a cut takes anything that is here.
    #[must_use]
    pub fn meets(&self, cut: &Cut) -> bool {
        let Some([along, down, _]) = self.axes else {
            return false;
        };
        self.slices.iter().any(|slice| {
            let [w, h] = slice.size;
            (0..w * h).any(|i| cut.inside(slice.point([along, down], i % w, i / w)))
        })
    }

    /// How far the first and the last slice reach beyond their own place.
    fn half_step(&self) -> f64 {
        let steps: Vec<f64> = self
            .slices
            .windows(2)
            .map(|pair| pair[1].level - pair[0].level)
            .filter(|s| *s > 0.01)
            .collect();
        let shortest = steps.iter().copied().fold(f64::MAX, f64::min);
        let step = if steps.is_empty() {
            self.thickness.max(1.0)
        } else {
            shortest.max(self.thickness.min(10.0))
        };
        (step / 2.0).min(REACH / 2.0)
    }

    /// The stack as it is after a cut: what lies inside has the value of air.
    #[must_use]
    pub fn after(&self, cut: &Cut, air: Air) -> Self {
        let mut after = self.clone();
        let Some([along, down, _]) = self.axes else {
            return after;
        };
        for slice in &mut after.slices {
            let [w, h] = slice.size;
            for y in 0..h {
                for x in 0..w {
                    if cut.inside(slice.point([along, down], x, y))
                        && let Some(value) = slice.values.get_mut(y * w + x)
                    {
                        *value = air.level as f32;
                    }
                }
            }
        }
        after
    }

    /// A sampler: what is worth computing once for many points.
    #[must_use]
    pub fn sampler(&self) -> Option<Sampler<'_>> {
        Some(Sampler {
            axes: self.axes?,
            margin: self.half_step(),
            slices: &self.slices,
        })
    }
}

/// Asks a [`Stack`] for values at points.
#[derive(Debug)]
pub struct Sampler<'a> {
    axes: [[f64; 3]; 3],
    margin: f64,
    slices: &'a [Slice],
}

impl Sampler<'_> {
    /// The value at a point (LPS, mm), linear between pixels and slices; `None` where the scan has
    /// nothing.
    #[must_use]
    pub fn value(&self, point: [f64; 3]) -> Option<f32> {
        let level = dot(point, self.axes[2]);
        let after = self.slices.partition_point(|s| s.level <= level);
        let below = after.checked_sub(1).and_then(|i| self.slices.get(i));
        let above = self.slices.get(after);
        match (below, above) {
            (Some(a), Some(b)) => {
                let step = b.level - a.level;
                let t = (level - a.level) / step;
                if step > REACH
                    && (level - a.level) > self.margin
                    && (b.level - level) > self.margin
                {
                    return None;
                }
                match (self.inside(a, point), self.inside(b, point)) {
                    (Some(x), Some(y)) => Some(x + (y - x) * t as f32),
                    (x, y) => {
                        if t < 0.5 {
                            x
                        } else {
                            y
                        }
                    }
                }
            }
            (Some(end), None) | (None, Some(end)) => ((level - end.level).abs() <= self.margin)
                .then(|| self.inside(end, point))
                .flatten(),
            (None, None) => None,
        }
    }

    fn inside(&self, slice: &Slice, point: [f64; 3]) -> Option<f32> {
        let d: [f64; 3] = std::array::from_fn(|a| point[a] - slice.position[a]);
        let u = dot(d, self.axes[0]) / slice.spacing[0];
        let v = dot(d, self.axes[1]) / slice.spacing[1];
        let [w, h] = slice.size;
        let (last_u, last_v) = (w as f64 - 1.0, h as f64 - 1.0);
        if !(u >= -0.5 && u <= last_u + 0.5 && v >= -0.5 && v <= last_v + 0.5) {
            return None;
        }
        let (u, v) = (u.clamp(0.0, last_u), v.clamp(0.0, last_v));
        #[expect(clippy::cast_sign_loss, reason = "clamped above zero")]
        let (x, y) = (u as usize, v as usize);
        let (s, t) = ((u - x as f64) as f32, (v - y as f64) as f32);
        let (x1, y1) = ((x + 1).min(w - 1), (y + 1).min(h - 1));
        let at = |x: usize, y: usize| slice.values.get(y * w + x).copied().unwrap_or(0.0);
        let top = at(x, y) + (at(x1, y) - at(x, y)) * s;
        let bottom = at(x, y1) + (at(x1, y1) - at(x, y1)) * s;
        Some(top + (bottom - top) * t)
    }
}

/// The slice with pixels averaged to about [`FINE`].
fn reduce(
    frame: &Frame,
    position: [f64; 3],
    [along, down]: [[f64; 3]; 2],
    spacing: [f64; 2],
    value: &dyn Fn(f64) -> f64,
) -> Slice {
    let (columns, rows) = (frame.columns as usize, frame.rows as usize);
    #[expect(clippy::cast_sign_loss, reason = "positive")]
    let factor = |s: f64, n: usize| ((FINE / s + 0.25) as usize).clamp(1, n);
    let (fx, fy) = (factor(spacing[0], columns), factor(spacing[1], rows));
    let (w, h) = (columns / fx, rows / fy);
    let mut values = Vec::with_capacity(w * h);
    for y in 0..h {
        for x in 0..w {
            let mut sum = 0.0;
            for r in y * fy..(y + 1) * fy {
                for c in x * fx..(x + 1) * fx {
                    let v = value(frame.samples.value(r * columns + c));
                    sum += if v.is_finite() { v } else { 0.0 };
                }
            }
            values.push((sum / (fx * fy) as f64) as f32);
        }
    }
    let shift = [
        (fx as f64 - 1.0) / 2.0 * spacing[0],
        (fy as f64 - 1.0) / 2.0 * spacing[1],
    ];
    Slice {
        level: 0.0,
        position: std::array::from_fn(|a| position[a] + along[a] * shift[0] + down[a] * shift[1]),
        spacing: [spacing[0] * fx as f64, spacing[1] * fy as f64],
        size: [w, h],
        values,
    }
}
