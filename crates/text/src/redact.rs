//! Black over boxes, in decoded samples; and the rule for what is found again afterwards.

use cordon_pixels::{Frame, Photometric, Presentation, Samples};

use crate::TextBox;

/// Blacks out the boxes that lie on frame `n`. Every sample outside of them stays as it is. What
/// black is, the photometric interpretation says: the least stored value, the greatest where
/// least is white, no colour, the darkest of a palette. Of signed values and of floats it is the
/// least (or greatest) that the frame has, so that the window of the rest stays as it was.
pub fn redact(frame: &mut Frame, presentation: &Presentation, n: u32, boxes: &[TextBox]) {
    let (columns, rows) = (frame.columns as usize, frame.rows as usize);
    let step = frame.samples_per_pixel as usize;
    let black = Black::of(frame, presentation);
    for b in boxes.iter().filter(|b| b.frame == n) {
        let x1 = (b.x.saturating_add(b.width) as usize).min(columns);
        let y1 = (b.y.saturating_add(b.height) as usize).min(rows);
        for y in b.y as usize..y1 {
            for x in b.x as usize..x1 {
                let at = (y * columns + x) * step;
                for c in 0..step {
                    black.put(&mut frame.samples, at + c, c);
                }
            }
        }
    }
}

/// The stored value of black, by channel: the first, the others.
struct Black {
    first: f64,
    others: f64,
}

impl Black {
    fn of(frame: &Frame, presentation: &Presentation) -> Self {
        let top = ((1_u64 << frame.bits_stored.clamp(1, 32)) - 1) as f64;
        let both = |v| Self {
            first: v,
            others: v,
        };
        match frame.photometric {
            Photometric::Rgb => both(0.0),
            Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrJpeg2000 => Self {
                first: 0.0,
                others: ((top + 1.0) / 2.0).floor(),
            },
            Photometric::Palette => both(darkest(frame, presentation)),
            Photometric::Monochrome1 | Photometric::Monochrome2 | Photometric::Other => {
                let falls = matches!(
                    presentation.modality,
                    cordon_pixels::Modality::Rescale { slope, .. } if slope < 0.0
                );
                let inverse =
                    (frame.photometric == Photometric::Monochrome1) != presentation.inverse;
                both(extreme(&frame.samples, inverse != falls, top))
            }
        }
    }

    fn put(&self, samples: &mut Samples, i: usize, channel: usize) {
        let value = if channel == 0 {
            self.first
        } else {
            self.others
        };
        macro_rules! set {
            ($values:expr, $kind:ty) => {
                if let Some(at) = $values.get_mut(i) {
                    *at = value as $kind;
                }
            };
        }
        #[expect(
            clippy::cast_sign_loss,
            reason = "black is within the samples' own range"
        )]
        match samples {
            Samples::U8(v) => set!(v, u8),
            Samples::U16(v) => set!(v, u16),
            Samples::I16(v) => set!(v, i16),
            Samples::U32(v) => set!(v, u32),
            Samples::I32(v) => set!(v, i32),
            Samples::F32(v) => set!(v, f32),
            Samples::F64(v) => set!(v, f64),
        }
    }
}

/// The greatest or least value: of what can be stored where that is unsigned, otherwise of what
/// the frame has.
fn extreme(samples: &Samples, greatest: bool, top: f64) -> f64 {
    if let Samples::U8(_) | Samples::U16(_) | Samples::U32(_) = samples {
        return if greatest { top } else { 0.0 };
    }
    let values = (0..samples.len())
        .map(|i| samples.value(i))
        .filter(|v| v.is_finite());
    let found = if greatest {
        values.fold(f64::NEG_INFINITY, f64::max)
    } else {
        values.fold(f64::INFINITY, f64::min)
    };
    if found.is_finite() { found } else { 0.0 }
}

/// The index of the darkest colour of the palette, among those that the samples can name.
fn darkest(frame: &Frame, presentation: &Presentation) -> f64 {
    let Some(palette) = &presentation.palette else {
        return 0.0;
    };
    let first = palette.tables[0].first.max(0);
    let long = palette
        .tables
        .iter()
        .map(|t| t.entries.len())
        .max()
        .unwrap_or(1);
    let most = i32::try_from((1_u64 << frame.bits_stored.clamp(1, 16)) - 1).unwrap_or(255);
    let last = first
        .saturating_add(i32::try_from(long).unwrap_or(1))
        .saturating_sub(1)
        .min(most);
    let light = |i: i32| {
        let [r, g, b] = palette.colour(i).map(u32::from);
        299 * r + 587 * g + 114 * b
    };
    (first.min(last)..=last)
        .min_by_key(|&i| light(i))
        .map_or(0.0, f64::from)
}

/// What is found again after blacking out and is not just the edge of a black box: text that is
/// still there. A box counts when more than a fifth of it lies outside of what was blacked out.
#[must_use]
pub fn still_there(blacked: &[TextBox], found_again: &[TextBox]) -> Vec<TextBox> {
    found_again
        .iter()
        .filter(|b| {
            let area = u64::from(b.width) * u64::from(b.height);
            area > 0 && outside(b, blacked) * 5 > area
        })
        .copied()
        .collect()
}

/// How many pixels of a box lie in none of the others.
fn outside(b: &TextBox, others: &[TextBox]) -> u64 {
    let near: Vec<&TextBox> = others.iter().filter(|o| o.meets(b)).collect();
    let mut count = 0;
    for y in b.y..b.y.saturating_add(b.height) {
        let mut x = b.x;
        let end = b.x.saturating_add(b.width);
        while x < end {
            let inside = near
                .iter()
                .filter(|o| y >= o.y && y < o.y.saturating_add(o.height) && x >= o.x)
                .map(|o| o.x.saturating_add(o.width))
                .filter(|&right| right > x)
                .max();
            match inside {
                Some(right) => x = right,
                None => {
                    count += 1;
                    x += 1;
                }
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_pixels::{Lut, Modality, Palette};
    use proptest::prelude::*;

    fn plain() -> Presentation {
        Presentation {
            modality: Modality::Rescale {
                slope: 1.0,
                intercept: 0.0,
            },
            windows: Vec::new(),
            tables: Vec::new(),
            padding: None,
            inverse: false,
            palette: None,
        }
    }

    fn frame(
        columns: u32,
        rows: u32,
        channels: u32,
        photometric: Photometric,
        samples: Samples,
    ) -> Frame {
        Frame {
            rows,
            columns,
            samples_per_pixel: channels,
            bits_stored: 8,
            photometric,
            samples,
        }
    }

    const MIDDLE: TextBox = TextBox {
        frame: 0,
        x: 1,
        y: 0,
        width: 1,
        height: 1,
    };

    fn second_pixel(
        photometric: Photometric,
        channels: u32,
        samples: Samples,
        presentation: &Presentation,
    ) -> Vec<f64> {
        let mut frame = frame(3, 1, channels, photometric, samples);
        redact(&mut frame, presentation, 0, &[MIDDLE]);
        let c = channels as usize;
        (c..2 * c).map(|i| frame.samples.value(i)).collect()
    }

    #[test]
    fn black_is_what_the_photometric_interpretation_says() {
        let grey = || Samples::U8(vec![9; 3]);
        let rgb = || Samples::U8(vec![9; 9]);
        let p = plain();
        assert_eq!(second_pixel(Photometric::Monochrome2, 1, grey(), &p), [0.0]);
        assert_eq!(
            second_pixel(Photometric::Monochrome1, 1, grey(), &p),
            [255.0]
        );
        assert_eq!(second_pixel(Photometric::Rgb, 3, rgb(), &p), [0.0; 3]);
        assert_eq!(
            second_pixel(Photometric::YbrFull, 3, rgb(), &p),
            [0.0, 128.0, 128.0]
        );
        let signed = Samples::I16(vec![-7, 40, 90]);
        assert_eq!(
            second_pixel(Photometric::Monochrome2, 1, signed.clone(), &p),
            [-7.0]
        );
        assert_eq!(
            second_pixel(Photometric::Monochrome1, 1, signed, &p),
            [90.0]
        );
        let inverse = Presentation {
            inverse: true,
            ..plain()
        };
        assert_eq!(
            second_pixel(Photometric::Monochrome2, 1, grey(), &inverse),
            [255.0]
        );
        let lut = Lut {
            first: 0,
            bits: 8,
            entries: vec![200, 90, 10, 250],
        };
        let palette = Presentation {
            palette: Some(Palette {
                tables: [lut.clone(), lut.clone(), lut],
            }),
            ..plain()
        };
        assert_eq!(
            second_pixel(Photometric::Palette, 1, grey(), &palette),
            [2.0]
        );
    }

    proptest! {
        #[test]
        fn samples_outside_stay_as_they_are(
            columns in 1_u32..40, rows in 1_u32..40,
            x in 0_u32..50, y in 0_u32..50, width in 0_u32..60, height in 0_u32..60,
            colour: bool, far: bool,
        ) {
            let channels = if colour { 3 } else { 1 };
            let photometric = if colour { Photometric::YbrFull } else { Photometric::Monochrome2 };
            let n = (columns * rows * channels) as usize;
            let before = frame(columns, rows, channels, photometric, Samples::U8((0..n).map(|i| (i % 250 + 1) as u8).collect()));
            let mut after = before.clone();
            let b = TextBox { frame: 0, x, y, width: if far { u32::MAX } else { width }, height };
            let elsewhere = TextBox { frame: 1, x: 0, y: 0, width: 99, height: 99 };
            redact(&mut after, &plain(), 0, &[b, elsewhere]);
            for v in 0..rows {
                for u in 0..columns {
                    let inside = u >= x && v >= y && (far || u < x + width) && v < y + height;
                    for c in 0..channels {
                        let i = ((v * columns + u) * channels + c) as usize;
                        let kept = before.samples.value(i).to_bits() == after.samples.value(i).to_bits();
                        if !inside {
                            prop_assert!(kept);
                        } else if c == 0 {
                            prop_assert!(after.samples.value(i) < 0.5);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_edge_of_a_black_box_is_no_text_and_what_lies_beside_is() {
        let black = TextBox {
            frame: 0,
            x: 10,
            y: 10,
            width: 100,
            height: 20,
        };
        let edge = TextBox { x: 8, ..black };
        let beside = TextBox { y: 40, ..black };
        let later = TextBox { frame: 1, ..black };
        assert_eq!(
            still_there(&[black], &[edge, beside, later]),
            [beside, later]
        );
        assert_eq!(still_there(&[], &[black]), [black]);
    }
}
