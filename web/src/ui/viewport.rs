//! Where a picture lies on its canvas, and which grey a value gets.
//!
//! Plain arithmetic, so that it can be tested without a screen. Only the part of
//! the picture that is seen is turned into pixels, in steps no finer than the
//! screen, so that a 3000 × 3000 radiograph costs no more than a slice.

/// A length without its fraction; nothing below zero.
#[expect(
    clippy::cast_sign_loss,
    reason = "negative lengths and NaN are nothing"
)]
pub(crate) fn pixels(length: f64) -> u32 {
    if length > 0.0 {
        length.min(f64::from(u32::MAX)) as u32
    } else {
        0
    }
}

/// Zoom and shift, shared by the two pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct View {
    /// 1 fits the picture to the canvas.
    pub(crate) zoom: f64,
    /// Shift to the right, as a part of the picture's width.
    pub(crate) x: f64,
    /// Shift down, as a part of the picture's height.
    pub(crate) y: f64,
}

impl Default for View {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            x: 0.0,
            y: 0.0,
        }
    }
}

/// How far in and out.
const ZOOM: std::ops::RangeInclusive<f64> = 0.5..=32.0;

impl View {
    /// Zooms by a factor around the middle of the canvas.
    pub(crate) fn zoomed(self, by: f64) -> Self {
        Self {
            zoom: (self.zoom * by).clamp(*ZOOM.start(), *ZOOM.end()),
            ..self
        }
        .tamed()
    }
    /// Moves by canvas pixels.
    pub(crate) fn moved(self, dx: f64, dy: f64, drawn: &Drawn) -> Self {
        Self {
            x: self.x + dx / drawn.width.max(1.0),
            y: self.y + dy / drawn.height.max(1.0),
            ..self
        }
        .tamed()
    }
    /// The picture never leaves the canvas for good.
    fn tamed(self) -> Self {
        Self {
            x: self.x.clamp(-0.5, 0.5),
            y: self.y.clamp(-0.5, 0.5),
            ..self
        }
    }
}

/// Where the whole picture would lie on the canvas, in canvas pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drawn {
    /// Left edge.
    pub(crate) left: f64,
    /// Upper edge.
    pub(crate) top: f64,
    /// Width.
    pub(crate) width: f64,
    /// Height.
    pub(crate) height: f64,
}

/// Fits a picture of `size` pixels, each `aspect` times as high as wide, into a canvas.
pub(crate) fn place(size: (u32, u32), aspect: f64, canvas: (u32, u32), view: View) -> Drawn {
    let aspect = if aspect.is_finite() && aspect > 0.0 {
        aspect
    } else {
        1.0
    };
    let (w, h) = (f64::from(size.0.max(1)), f64::from(size.1.max(1)) * aspect);
    let (cw, ch) = (f64::from(canvas.0), f64::from(canvas.1));
    let scale = (cw / w).min(ch / h) * view.zoom;
    let (width, height) = (w * scale, h * scale);
    Drawn {
        left: (cw - width) / 2.0 + view.x * width,
        top: (ch - height) / 2.0 + view.y * height,
        width,
        height,
    }
}

/// The part of a picture that is seen, in its own pixels, and the step between sampled ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// First column.
    pub(crate) x: u32,
    /// First row.
    pub(crate) y: u32,
    /// Columns sampled.
    pub(crate) columns: u32,
    /// Rows sampled.
    pub(crate) rows: u32,
    /// Every how many pixels one is sampled.
    pub(crate) step: u32,
}

/// What is seen of a picture drawn like this; `None` when nothing is.
pub(crate) fn seen(size: (u32, u32), drawn: &Drawn, canvas: (u32, u32)) -> Option<Seen> {
    let span = |n: u32, at: f64, length: f64, room: u32| {
        let per = f64::from(n) / length.max(1e-9);
        let first = (-at * per).floor().clamp(0.0, f64::from(n));
        let last = ((f64::from(room) - at) * per)
            .ceil()
            .clamp(0.0, f64::from(n));
        (pixels(first), pixels(last), per)
    };
    let (x, right, per_x) = span(size.0, drawn.left, drawn.width, canvas.0);
    let (y, bottom, per_y) = span(size.1, drawn.top, drawn.height, canvas.1);
    if right <= x || bottom <= y {
        return None;
    }
    let step = pixels(per_x.min(per_y)).max(1);
    let (x, y) = (x / step * step, y / step * step);
    Some(Seen {
        x,
        y,
        columns: (right - x).div_ceil(step),
        rows: (bottom - y).div_ceil(step),
        step,
    })
}

/// Window centre and width (PS3.3 C.11.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    /// Centre.
    pub(crate) center: f64,
    /// Width.
    pub(crate) width: f64,
}

impl Window {
    /// Changed by a drag of so many pixels: right is wider, down is brighter centre.
    pub(crate) fn dragged(self, dx: f64, dy: f64, at_first: Self) -> Self {
        let grain = (at_first.width / 512.0).max(1e-6);
        Self {
            center: self.center + dy * grain,
            width: (self.width + dx * grain).max(grain),
        }
    }
    /// The grey of a value.
    pub(crate) fn grey(self, value: f32, invert: bool) -> u8 {
        let width = self.width.max(1e-9);
        let part = (f64::from(value) - (self.center - width / 2.0)) / width;
        let grey = u8::try_from(pixels(part * 255.0).min(255)).unwrap_or(u8::MAX);
        if invert { 255 - grey } else { grey }
    }
}

/// Opaque grey pixels of the part that is seen.
pub(crate) fn greys(
    values: &[f32],
    columns: u32,
    seen: &Seen,
    window: Window,
    invert: bool,
) -> Vec<u8> {
    sampled(seen, columns, |i| {
        let grey = window.grey(values.get(i).copied().unwrap_or(0.0), invert);
        [grey, grey, grey, 255]
    })
}

/// Pixels of the part of a colour picture that is seen.
pub(crate) fn colours(rgba: &[u8], columns: u32, seen: &Seen) -> Vec<u8> {
    sampled(seen, columns, |i| {
        let at = i * 4;
        match rgba.get(at..at + 4) {
            Some(&[r, g, b, a]) => [r, g, b, a],
            _ => [0, 0, 0, 255],
        }
    })
}

fn sampled(seen: &Seen, columns: u32, pixel: impl Fn(usize) -> [u8; 4]) -> Vec<u8> {
    let mut out = Vec::with_capacity(seen.columns as usize * seen.rows as usize * 4);
    for row in 0..seen.rows {
        let start = (seen.y + row * seen.step) as usize * columns as usize;
        for column in 0..seen.columns {
            out.extend(pixel(start + (seen.x + column * seen.step) as usize));
        }
    }
    out
}

/// The pixel of the picture under a place on the canvas.
pub(crate) fn pixel_at(size: (u32, u32), drawn: &Drawn, x: f64, y: f64) -> Option<(u32, u32)> {
    let column = ((x - drawn.left) / drawn.width * f64::from(size.0)).floor();
    let row = ((y - drawn.top) / drawn.height * f64::from(size.1)).floor();
    let inside =
        column >= 0.0 && row >= 0.0 && column < f64::from(size.0) && row < f64::from(size.1);
    inside.then_some((pixels(column), pixels(row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fits_and_keeps_its_shape() {
        let d = place((512, 512), 1.0, (800, 600), View::default());
        assert_eq!(
            (d.left, d.top, d.width, d.height),
            (100.0, 0.0, 600.0, 600.0)
        );
        let d = place((256, 64), 4.0, (512, 512), View::default());
        assert_eq!(
            (d.width, d.height),
            (512.0, 512.0),
            "pixels four times as high as wide"
        );
        let d = place((0, 0), f64::NAN, (100, 100), View::default());
        assert!(d.width.is_finite());
    }

    #[test]
    fn work_is_bounded_by_the_screen() {
        let size = (4000, 3000);
        for zoom in [0.5, 1.0, 3.0, 32.0] {
            let d = place(
                size,
                1.0,
                (800, 600),
                View {
                    zoom,
                    x: 0.1,
                    y: -0.2,
                },
            );
            let s = seen(size, &d, (800, 600)).expect("seen");
            assert!(s.columns * s.rows <= 4 * 800 * 600 + 8000, "{zoom}: {s:?}");
            assert!(s.x + (s.columns - 1) * s.step < size.0);
            assert!(s.y + (s.rows - 1) * s.step < size.1);
        }
    }

    #[test]
    fn window_and_level_turn_values_into_greys() {
        let w = Window {
            center: 40.0,
            width: 80.0,
        };
        assert_eq!(w.grey(-1000.0, false), 0);
        assert_eq!(w.grey(40.0, false), 127);
        assert_eq!(w.grey(3000.0, false), 255);
        assert_eq!(w.grey(3000.0, true), 0);
        assert!(w.dragged(-1e9, 0.0, w).width > 0.0);
    }

    #[test]
    fn sampling_takes_the_right_pixels() {
        let values: Vec<f32> = (0..16).map(|v| v as f32).collect();
        let seen = Seen {
            x: 2,
            y: 0,
            columns: 1,
            rows: 2,
            step: 2,
        };
        let w = Window {
            center: 127.5,
            width: 255.0,
        };
        assert_eq!(
            greys(&values, 4, &seen, w, false),
            [2, 2, 2, 255, 10, 10, 10, 255]
        );
        let d = place((4, 4), 1.0, (400, 400), View::default());
        assert_eq!(pixel_at((4, 4), &d, 399.0, 0.0), Some((3, 0)));
        assert_eq!(pixel_at((4, 4), &d, 400.0, 0.0), None);
    }
}
