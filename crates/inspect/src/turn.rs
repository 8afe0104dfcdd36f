//! Pictures of a head from all around, for a person's own screen.
//!
//! The surface between air and body of a coarse grid, shaded by its slope toward the viewer.
//! Parallel rays, one turn around the long axis of the body; nothing finer than the grid shows.

use cordon_deface::Grid;

/// How many directions one turn has.
pub const DIRECTIONS: usize = 24;
/// Columns and rows of a picture.
pub const SIDE: usize = 160;

/// The look of a surface from all around: [`DIRECTIONS`] pictures of [`SIDE`] × [`SIDE`] grey
/// values, one after the other, beginning with the face and turning to the person's left.
/// Zero is where no ray meets anything.
#[must_use]
pub fn turned(grid: &Grid, values: &[f32], threshold: f32) -> Vec<u8> {
    let mut pictures = Vec::with_capacity(DIRECTIONS * SIDE * SIDE);
    if grid.is_empty() || values.len() < grid.len() {
        pictures.resize(DIRECTIONS * SIDE * SIDE, 0);
        return pictures;
    }
    let solid = Solid::of(grid, values, threshold);
    for n in 0..DIRECTIONS {
        let angle = n as f64 / DIRECTIONS as f64 * std::f64::consts::TAU;
        solid.picture(angle, &mut pictures);
    }
    pictures
}

/// The grid around its own middle.
struct Solid<'a> {
    size: [usize; 3],
    values: &'a [f32],
    threshold: f32,
    /// Half the length of a ray and of the picture's edge, in voxels.
    reach: f64,
}

impl<'a> Solid<'a> {
    fn of(grid: &Grid, values: &'a [f32], threshold: f32) -> Self {
        let [x, y, z] = grid.size.map(|n| n as f64);
        Self {
            size: grid.size,
            values,
            threshold,
            reach: (x.hypot(y)).max(z) / 2.0,
        }
    }

    fn at(&self, [x, y, z]: [usize; 3]) -> f64 {
        let i = (z * self.size[1] + y) * self.size[0] + x;
        self.values.get(i).copied().map_or(f64::MIN, f64::from)
    }

    /// The value between the voxels; far below everything outside of the grid.
    fn value(&self, place: [f64; 3]) -> f64 {
        let mut low = [0_usize; 3];
        let mut part = [0.0; 3];
        for a in 0..3 {
            let last = self.size[a].saturating_sub(1);
            if !(place[a] >= 0.0 && place[a] <= last as f64) {
                return f64::from(self.threshold) - 1.0;
            }
            #[expect(clippy::cast_sign_loss, reason = "at least zero")]
            let floor = place[a] as usize;
            low[a] = floor.min(last.saturating_sub(1));
            part[a] = place[a] - low[a] as f64;
        }
        let mut sum = 0.0;
        for corner in 0..8_usize {
            let mut weight = 1.0;
            let mut voxel = low;
            for a in 0..3 {
                if corner >> a & 1 == 1 {
                    weight *= part[a];
                    voxel[a] = (voxel[a] + 1).min(self.size[a].saturating_sub(1));
                } else {
                    weight *= 1.0 - part[a];
                }
            }
            if weight > 0.0 {
                sum += weight * self.at(voxel);
            }
        }
        sum
    }

    /// How deep the ray through a point of the picture goes before it meets the surface.
    fn depth(&self, right: f64, up: f64, [sin, cos]: [f64; 2]) -> Option<f64> {
        let middle = self.size.map(|n| (n as f64 - 1.0) / 2.0);
        let place = |t: f64| {
            // At angle zero the viewer stands in front of the face and looks toward the back; the
            // person's left is on the viewer's right.
            let (across, along) = (right, t);
            [
                middle[0] + across * cos - along * sin,
                middle[1] + across * sin + along * cos,
                middle[2] + up,
            ]
        };
        let threshold = f64::from(self.threshold);
        let mut before = None;
        let mut t = -self.reach;
        while t <= self.reach {
            let value = self.value(place(t));
            if value > threshold {
                // Between the two samples, where the line through them crosses.
                let back = before.map_or(0.0, |old: f64| {
                    let rise = value - old;
                    if rise > 0.0 { (value - threshold) / rise } else { 0.0 }
                });
                return Some(t - back.clamp(0.0, 1.0));
            }
            before = Some(value);
            t += 1.0;
        }
        None
    }

    fn picture(&self, angle: f64, out: &mut Vec<u8>) {
        let turn = [angle.sin(), angle.cos()];
        let step = 2.0 * self.reach / SIDE as f64;
        let depths: Vec<Option<f64>> = (0..SIDE * SIDE)
            .map(|i| {
                let right = ((i % SIDE) as f64 + 0.5) * step - self.reach;
                let up = self.reach - ((i / SIDE) as f64 + 0.5) * step;
                self.depth(right, up, turn)
            })
            .collect();
        let at = |x: usize, y: usize| depths.get(y * SIDE + x).copied().flatten();
        for y in 0..SIDE {
            for x in 0..SIDE {
                let Some(here) = at(x, y) else {
                    out.push(0);
                    continue;
                };
                let slope = |a: Option<f64>, b: Option<f64>| match (a, b) {
                    (Some(a), Some(b)) => (b - a) / (2.0 * step),
                    (Some(a), None) => (here - a) / step,
                    (None, Some(b)) => (b - here) / step,
                    (None, None) => 0.0,
                };
                let dx = slope(x.checked_sub(1).and_then(|x| at(x, y)), at(x + 1, y));
                let dy = slope(y.checked_sub(1).and_then(|y| at(x, y)), at(x, y + 1));
                out.push(shade(dx, dy));
            }
        }
    }
}

/// Light from above and a little from the left, so that a nose throws a shape.
fn shade(dx: f64, dy: f64) -> u8 {
    let length = (dx * dx + dy * dy + 1.0).sqrt();
    // The surface's normal toward the viewer: right, down, out.
    let normal = [dx / length, dy / length, 1.0 / length];
    let light = [-0.35, -0.45, 0.82];
    let lit: f64 = normal.iter().zip(light).map(|(n, l)| n * l).sum();
    let grey = 40.0 + 200.0 * lit.max(0.0);
    #[expect(clippy::cast_sign_loss, reason = "clamped")]
    let grey = grey.clamp(1.0, 255.0) as u8;
    grey
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ball(size: usize, nose: bool) -> (Grid, Vec<f32>) {
        let grid = Grid {
            origin: [0.0; 3],
            step: 4.0,
            size: [size; 3],
        };
        let middle = (size as f64 - 1.0) / 2.0;
        let values = (0..grid.len())
            .map(|i| {
                let [x, y, z] = grid.voxel(i).map(|v| v as f64 - middle);
                let round = (x * x + y * y + z * z).sqrt() < middle * 0.6;
                // Toward the front: the second axis runs toward the back.
                let nose = nose && y < 0.0 && x.hypot(z) < 2.5 && y > -middle * 0.9;
                if round || nose { 1.0 } else { 0.0 }
            })
            .collect();
        (grid, values)
    }

    #[test]
    fn a_nose_is_seen_from_the_side_and_the_background_is_nothing() {
        let (grid, values) = ball(32, true);
        let pictures = turned(&grid, &values, 0.5);
        assert_eq!(pictures.len(), DIRECTIONS * SIDE * SIDE);
        let hit = |n: usize| {
            let one = pictures.iter().skip(n * SIDE * SIDE).take(SIDE * SIDE);
            one.filter(|v| **v > 0).count()
        };
        let (front, side) = (hit(0), hit(DIRECTIONS / 4));
        assert!(front > SIDE && side > front, "{front} {side}");
        assert_eq!(pictures[0], 0, "a corner is empty");
    }

    #[test]
    fn nothing_gives_empty_pictures() {
        let grid = Grid {
            origin: [0.0; 3],
            step: 4.0,
            size: [0, 4, 4],
        };
        let pictures = turned(&grid, &[], 0.5);
        assert!(pictures.iter().all(|v| *v == 0));
        let (grid, _) = ball(4, false);
        let odd = vec![f32::NAN; grid.len()];
        assert!(turned(&grid, &odd, 0.5).iter().all(|v| *v == 0));
    }
}
