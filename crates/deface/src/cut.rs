//! What is taken off a head, as data: made once for a study, applied to every slice of it.
//!
//! The cut is a field of distances in patient coordinates, so that it fits any series of the same
//! frame of reference, whatever its grid. What lies inside is replaced by the noise of the air
//! around the head; samples outside keep their value, bit for bit.

use cordon_pixels::{Frame, Samples};
use cordon_volumes::SliceGeometry;
use serde::{Deserialize, Serialize};

use crate::Grid;

/// How air looks in a series, in the units that the modality LUT gives (HU in CT).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Air {
    /// The usual value.
    pub level: f64,
    /// Half the distance between the 16th and the 84th percentile.
    pub noise: f64,
}

impl Air {
    /// Where there is no tissue but what follows it: no dose, no label.
    pub const NOTHING: Self = Self {
        level: 0.0,
        noise: 0.0,
    };
}

/// Longest side of a joined grid: two heads in one frame of reference do not lie farther apart.
const LONGEST: usize = 400;

/// What is taken off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// Where [`Cut::depth`] lies.
    pub grid: Grid,
    /// How deep a voxel lies inside the cut, in quarters of a millimetre; below zero is outside.
    pub depth: Vec<i8>,
    /// Where no sample may change, in the same unit: above zero is brain or too near to it.
    pub keep: Vec<i8>,
}

impl Cut {
    /// Replaces what lies inside the cut by air. Returns how many samples changed their place
    /// from tissue to air: all samples inside the cut, whether or not the number changed.
    ///
    /// `stored` turns a value in the modality's units into a stored one for this slice; `seed`
    /// makes the noise. A slice whose place is unknown is not touched: the caller holds it.
    pub fn apply(
        &self,
        geometry: &SliceGeometry,
        frame: &mut Frame,
        air: Air,
        stored: &dyn Fn(f64) -> f64,
        seed: u64,
    ) -> usize {
        let Some(plane) = Plane::of(geometry) else {
            return 0;
        };
        let channels = frame.samples_per_pixel as usize;
        let mut random = Noise(seed ^ 0x9E37_79B9_7F4A_7C15);
        let mut changed = 0;
        for row in 0..frame.rows {
            for column in 0..frame.columns {
                let point = plane.point(column, row);
                if !self.inside(point) {
                    continue;
                }
                changed += 1;
                let value = stored(air.level + air.noise * random.normal());
                let at = (row as usize * frame.columns as usize + column as usize) * channels;
                for c in 0..channels {
                    set(&mut frame.samples, at + c, value, frame.bits_stored);
                }
            }
        }
        changed
    }

    /// Both cuts in one: what either takes goes, what either keeps stays.
    ///
    /// What one series of a frame of reference shows badly another shows well.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let step = self.grid.step.min(other.grid.step);
        let end = |grid: &Grid, a: usize| {
            grid.origin[a] + grid.size[a].saturating_sub(1) as f64 * grid.step
        };
        let origin: [f64; 3] =
            std::array::from_fn(|a| self.grid.origin[a].min(other.grid.origin[a]));
        #[expect(clippy::cast_sign_loss, reason = "the end lies behind the beginning")]
        let size = std::array::from_fn(|a| {
            let long = end(&self.grid, a).max(end(&other.grid, a)) - origin[a];
            ((long / step).ceil().max(0.0) as usize).min(LONGEST) + 1
        });
        let grid = Grid { origin, step, size };
        let most = |of: fn(&Self) -> &Vec<i8>, point: [f64; 3]| {
            let mut most = i8::MIN;
            for cut in [self, other] {
                if let Some(value) = cut.grid.sample(of(cut), point) {
                    most = most.max(value.round().clamp(-128.0, 127.0) as i8);
                }
            }
            most
        };
        let points = || (0..grid.len()).map(|i| grid.centre(grid.voxel(i)));
        Self {
            grid,
            depth: points().map(|p| most(|c| &c.depth, p)).collect(),
            keep: points().map(|p| most(|c| &c.keep, p)).collect(),
        }
    }

    /// Whether a point (LPS, mm) is taken off.
    #[must_use]
    pub fn inside(&self, point: [f64; 3]) -> bool {
        let place = self.grid.place(point);
        self.grid
            .sample_at(&self.depth, place)
            .is_some_and(|depth| depth > 0.0)
            && self
                .grid
                .sample_at(&self.keep, place)
                .is_none_or(|keep| keep <= 0.0)
    }
}

/// The plane of a slice.
struct Plane {
    position: [f64; 3],
    along: [f64; 3],
    down: [f64; 3],
}

impl Plane {
    fn of(geometry: &SliceGeometry) -> Option<Self> {
        let [along, down] = geometry.orientation?;
        let [between_rows, between_columns] = geometry.spacing?;
        Some(Self {
            position: geometry.position?,
            along: along.map(|v| v * between_columns),
            down: down.map(|v| v * between_rows),
        })
    }

    fn point(&self, column: u32, row: u32) -> [f64; 3] {
        std::array::from_fn(|a| {
            self.position[a] + self.along[a] * f64::from(column) + self.down[a] * f64::from(row)
        })
    }
}

/// Writes a sample within what its bits can hold.
fn set(samples: &mut Samples, at: usize, value: f64, bits: u32) {
    let top = 2f64.powi(i32::try_from(bits.min(32)).unwrap_or(32));
    let unsigned = value.round().clamp(0.0, top - 1.0);
    let signed = value.round().clamp(-top / 2.0, top / 2.0 - 1.0);
    #[expect(clippy::cast_sign_loss, reason = "clamped above zero")]
    match samples {
        Samples::U8(v) => put(v, at, unsigned as u8),
        Samples::U16(v) => put(v, at, unsigned as u16),
        Samples::I16(v) => put(v, at, signed as i16),
        Samples::U32(v) => put(v, at, unsigned as u32),
        Samples::I32(v) => put(v, at, signed as i32),
        Samples::F32(v) => put(v, at, value as f32),
        Samples::F64(v) => put(v, at, value),
    }
}

fn put<T>(values: &mut [T], at: usize, value: T) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}

/// A small generator for noise; nothing secret hangs on it.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Nearly normal: the sum of three uniform numbers, with deviation one.
    fn normal(&mut self) -> f64 {
        (self.next() + self.next() + self.next() - 1.5) * 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ball of radius 10 mm that is taken, around a ball of radius 4 that is kept.
    fn ball(centre: [f64; 3]) -> Cut {
        let grid = Grid {
            origin: centre.map(|c| c - 16.0),
            step: 2.0,
            size: [17; 3],
        };
        let deep = |radius: f64| {
            (0..grid.len())
                .map(|i| {
                    let p = grid.centre(grid.voxel(i));
                    let far = (0..3)
                        .map(|a| (p[a] - centre[a]).powi(2))
                        .sum::<f64>()
                        .sqrt();
                    ((radius - far) * 4.0).clamp(-128.0, 127.0) as i8
                })
                .collect()
        };
        Cut {
            grid,
            depth: deep(10.0),
            keep: deep(4.0),
        }
    }

    #[test]
    fn joined_takes_what_either_takes_and_keeps_what_either_keeps() {
        let (a, b) = (ball([0.0; 3]), ball([13.0, 1.0, -2.0]));
        let both = a.joined(&b);
        for (point, taken) in [
            ([-7.0, 0.0, 0.0], true),
            ([20.0, 1.0, -2.0], true),
            ([0.0, 0.0, 0.0], false),
            // Inside of what the other one keeps.
            ([11.0, 1.0, -2.0], false),
            ([0.0, 14.0, 0.0], false),
            ([60.0, 0.0, 0.0], false),
        ] {
            assert_eq!(both.inside(point), taken, "{point:?}");
        }
        assert!(a.joined(&a).inside([0.0, 8.0, 0.0]));
    }
}
