//! Blacking out, until `cordon-text` brings its own: one function, so that it can be swapped.

use cordon_pixels::{Frame, Photometric, Samples};
use cordon_text::TextBox;

/// Blacks out the boxes, clipped to the frame; samples outside of them stay. Returns `false` when
/// a box lies outside of the picture altogether.
pub(super) fn redact(frame: &mut Frame, boxes: &[&TextBox]) -> bool {
    let black = black(frame);
    let channels = frame.samples_per_pixel as usize;
    let mut all = true;
    for b in boxes {
        let columns = b.x.min(frame.columns)..b.x.saturating_add(b.width).min(frame.columns);
        let rows = b.y.min(frame.rows)..b.y.saturating_add(b.height).min(frame.rows);
        all &= !columns.is_empty() && !rows.is_empty();
        for row in rows {
            for column in columns.clone() {
                let pixel = row as usize * frame.columns as usize + column as usize;
                for (c, value) in (0..channels).zip(black) {
                    set(&mut frame.samples, pixel * channels + c, value);
                }
            }
        }
    }
    all
}

/// Black, as the frame's samples say it: in grey images the darkest value that is there already,
/// so that no window changes.
fn black(frame: &Frame) -> [f64; 4] {
    let all = || (0..frame.samples.len()).map(|i| frame.samples.value(i));
    let darkest = match frame.photometric {
        Photometric::Monochrome1 => all().filter(|v| v.is_finite()).reduce(f64::max),
        Photometric::Monochrome2 => all().filter(|v| v.is_finite()).reduce(f64::min),
        Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrJpeg2000 => {
            let half = 2_f64.powi(frame.bits_stored.clamp(1, 16).cast_signed() - 1);
            return [0.0, half, half, 0.0];
        }
        Photometric::Palette | Photometric::Rgb | Photometric::Other => None,
    };
    [darkest.unwrap_or(0.0); 4]
}

fn set(samples: &mut Samples, at: usize, value: f64) {
    fn put<T>(values: &mut [T], at: usize, value: T) {
        if let Some(place) = values.get_mut(at) {
            *place = value;
        }
    }
    #[expect(clippy::cast_sign_loss, reason = "a value of the same kind of samples")]
    match samples {
        Samples::U8(v) => put(v, at, value as u8),
        Samples::U16(v) => put(v, at, value as u16),
        Samples::I16(v) => put(v, at, value as i16),
        Samples::U32(v) => put(v, at, value as u32),
        Samples::I32(v) => put(v, at, value as i32),
        Samples::F32(v) => put(v, at, value as f32),
        Samples::F64(v) => put(v, at, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(photometric: Photometric, samples: Samples) -> Frame {
        Frame {
            rows: 2,
            columns: 3,
            samples_per_pixel: (samples.len() / 6) as u32,
            bits_stored: 8,
            photometric,
            samples,
        }
    }

    fn at(x: u32, y: u32, width: u32, height: u32) -> TextBox {
        TextBox {
            frame: 0,
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn only_the_box_turns_black() {
        let mut grey = frame(
            Photometric::Monochrome2,
            Samples::I16(vec![1, 2, 3, -9, 5, 6]),
        );
        assert!(redact(&mut grey, &[&at(1, 0, 9, 1)]));
        assert_eq!(grey.samples, Samples::I16(vec![1, -9, -9, -9, 5, 6]));
        let mut inverse = frame(
            Photometric::Monochrome1,
            Samples::U8(vec![1, 2, 3, 4, 5, 6]),
        );
        assert!(redact(&mut inverse, &[&at(0, 0, 1, 2)]));
        assert_eq!(inverse.samples, Samples::U8(vec![6, 2, 3, 6, 5, 6]));
        let mut colour = frame(Photometric::YbrFull, Samples::U8(vec![7; 18]));
        assert!(redact(&mut colour, &[&at(0, 0, 1, 1)]));
        assert_eq!(
            colour.samples,
            Samples::U8([vec![0, 128, 128], vec![7; 15]].concat())
        );
    }

    #[test]
    fn a_box_beside_the_picture_is_noticed() {
        let mut grey = frame(Photometric::Rgb, Samples::U8(vec![7; 18]));
        let before = grey.clone();
        assert!(!redact(&mut grey, &[&at(3, 0, 5, 5)]));
        assert!(!redact(&mut grey, &[&at(u32::MAX, 0, u32::MAX, 5)]));
        assert_eq!(grey, before);
    }
}
