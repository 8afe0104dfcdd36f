//! Blacking out, with the signature of `cordon_text::redact`, which takes its place once it is here.

use cordon_pixels::{Frame, Photometric, Presentation, Samples};
use cordon_text::TextBox;

/// Blacks out the boxes of frame `n`, clipped to it; samples outside of them stay.
pub(super) fn redact(frame: &mut Frame, _: &Presentation, n: u32, boxes: &[TextBox]) {
    let black = black(frame);
    let channels = frame.samples_per_pixel as usize;
    for b in boxes.iter().filter(|b| b.frame == n) {
        let columns = b.x.min(frame.columns)..b.x.saturating_add(b.width).min(frame.columns);
        let rows = b.y.min(frame.rows)..b.y.saturating_add(b.height).min(frame.rows);
        for row in rows {
            for column in columns.clone() {
                let pixel = row as usize * frame.columns as usize + column as usize;
                for (c, value) in (0..channels).zip(black) {
                    set(&mut frame.samples, pixel * channels + c, value);
                }
            }
        }
    }
}

/// Black, as the frame's samples say it: the end of the range where samples are unsigned,
/// otherwise the darkest value that is there, so that no window changes.
fn black(frame: &Frame) -> [f64; 4] {
    let finite = || {
        (0..frame.samples.len())
            .map(|i| frame.samples.value(i))
            .filter(|v| v.is_finite())
    };
    let bits = frame.bits_stored.clamp(1, 32).cast_signed();
    let unsigned = matches!(
        frame.samples,
        Samples::U8(_) | Samples::U16(_) | Samples::U32(_)
    );
    let darkest = match frame.photometric {
        Photometric::Monochrome1 if unsigned => Some(2_f64.powi(bits) - 1.0),
        Photometric::Monochrome1 => finite().reduce(f64::max),
        Photometric::Monochrome2 if !unsigned => finite().reduce(f64::min),
        Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrJpeg2000 => {
            let half = 2_f64.powi(bits - 1);
            return [0.0, half, half, 0.0];
        }
        _ => None,
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

    fn redacted(mut frame: Frame, b: TextBox) -> Samples {
        let presentation = Presentation {
            modality: cordon_pixels::Modality::Rescale {
                slope: 1.0,
                intercept: 0.0,
            },
            windows: Vec::new(),
            tables: Vec::new(),
            padding: None,
            inverse: false,
            palette: None,
        };
        redact(&mut frame, &presentation, 0, &[b]);
        frame.samples
    }

    #[test]
    fn only_the_box_turns_black() {
        let grey = frame(
            Photometric::Monochrome2,
            Samples::I16(vec![1, 2, 3, -9, 5, 6]),
        );
        let black = Samples::I16(vec![1, -9, -9, -9, 5, 6]);
        assert_eq!(redacted(grey, at(1, 0, 9, 1)), black);
        let inverse = frame(
            Photometric::Monochrome1,
            Samples::U8(vec![1, 2, 3, 4, 5, 6]),
        );
        let black = Samples::U8(vec![255, 2, 3, 255, 5, 6]);
        assert_eq!(redacted(inverse, at(0, 0, 1, 2)), black);
        let colour = frame(Photometric::YbrFull, Samples::U8(vec![7; 18]));
        let black = Samples::U8([vec![0, 128, 128], vec![7; 15]].concat());
        assert_eq!(redacted(colour, at(0, 0, 1, 1)), black);
    }

    #[test]
    fn a_box_beside_the_picture_changes_nothing() {
        let grey = frame(Photometric::Rgb, Samples::U8(vec![7; 18]));
        for b in [at(3, 0, 5, 5), at(u32::MAX, 0, u32::MAX, 5)] {
            assert_eq!(redacted(grey.clone(), b), grey.samples);
        }
        let other = TextBox {
            frame: 1,
            ..at(0, 0, 1, 1)
        };
        assert_eq!(redacted(grey.clone(), other), grey.samples);
    }
}
