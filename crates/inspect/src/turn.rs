//! Pictures of a head from all around, for a person's own screen.
//!
//! Shaded surfaces of the coarse copy that the verifier looks at, one turn about the axis toward
//! the head. Nothing finer than that copy shows, and nobody keeps them.

use cordon_deface::{Air, Cut, Kind, PIXEL, PIXELS, Stack, Surface, View};

use crate::face::FaceJob;

/// How many directions one turn has.
pub const DIRECTIONS: usize = 24;
/// Columns and rows of a picture.
pub const SIDE: usize = PIXELS;

/// [`DIRECTIONS`] pictures of [`SIDE`] × [`SIDE`] grey values, one after the other, beginning with
/// the face; zero is where there is nothing. `None` where there is no surface at all.
#[must_use]
pub fn turned(stack: &Stack, kind: Kind, hint: Option<[f64; 3]>) -> Option<Vec<u8>> {
    let surface = Surface::of(stack, kind, hint)?;
    let mut pictures = Vec::with_capacity(DIRECTIONS * SIDE * SIDE);
    for n in 0..DIRECTIONS {
        let angle = n as f64 * 360.0 / DIRECTIONS as f64;
        picture(&surface.view(angle), &mut pictures);
    }
    Some(pictures)
}

impl FaceJob {
    /// What the slices show from all around, as they came or without what a cut takes off.
    /// `hint` is the middle of the head, so that both are seen from the same place.
    #[must_use]
    pub fn turned(&self, hint: Option<[f64; 3]>, cut: Option<(&Cut, Air)>) -> Option<Vec<u8>> {
        let stack = self.main()?;
        match cut {
            Some((cut, air)) => turned(&stack.after(cut, air), self.kind, hint),
            None => turned(stack, self.kind, hint),
        }
    }
}

fn picture(view: &View, out: &mut Vec<u8>) {
    let at = |x: usize, y: usize| view.depth.get(y * SIDE + x).copied().flatten();
    for y in 0..SIDE {
        for x in 0..SIDE {
            let Some(here) = at(x, y) else {
                out.push(0);
                continue;
            };
            let slope = |a: Option<f32>, b: Option<f32>| {
                let step = PIXEL as f32;
                match (a, b) {
                    (Some(a), Some(b)) => (b - a) / (2.0 * step),
                    (Some(a), None) => (here - a) / step,
                    (None, Some(b)) => (b - here) / step,
                    (None, None) => 0.0,
                }
            };
            let next = |v: usize| (v + 1 < SIDE).then_some(v + 1);
            let dx = slope(
                x.checked_sub(1).and_then(|x| at(x, y)),
                next(x).and_then(|x| at(x, y)),
            );
            let dy = slope(
                y.checked_sub(1).and_then(|y| at(x, y)),
                next(y).and_then(|y| at(x, y)),
            );
            out.push(shade(dx, dy));
        }
    }
}

/// Light from above and a little from the left, so that a nose throws a shape. `dx` and `dy` say
/// how fast the surface falls back to the right and downward.
fn shade(dx: f32, dy: f32) -> u8 {
    let length = (dx * dx + dy * dy + 1.0).sqrt();
    // The surface's normal toward the viewer: right, down, out.
    let normal = [dx / length, dy / length, 1.0 / length];
    let light = [-0.35, -0.45, 0.82];
    let lit: f32 = normal.iter().zip(light).map(|(n, l)| n * l).sum();
    #[expect(clippy::cast_sign_loss, reason = "clamped")]
    let grey = (40.0 + 200.0 * lit.max(0.0)).clamp(1.0, 255.0) as u8;
    grey
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_faces_the_light_is_bright_and_nothing_is_black() {
        assert!(shade(-0.5, -0.5) > shade(0.0, 0.0));
        assert!(shade(0.0, 0.0) > shade(1.0, 1.0));
        assert!(shade(50.0, 50.0) > 0, "a surface is never nothing");
        let mut depth = vec![None; SIDE * SIDE];
        depth[SIDE * 40 + 40] = Some(10.0);
        let mut out = Vec::new();
        picture(
            &View {
                angle: 0.0,
                depth,
                ends: Vec::new(),
            },
            &mut out,
        );
        assert_eq!(out.len(), SIDE * SIDE);
        assert_eq!(out.iter().filter(|v| **v > 0).count(), 1);
    }

    #[test]
    fn an_empty_stack_has_no_pictures() {
        assert_eq!(turned(&Stack::new(), Kind::Relative, None), None);
    }
}
