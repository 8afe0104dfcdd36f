//! What the pixels of single slices say, without any judgement of the image.

use std::collections::BTreeMap;

use cordon_pixels::{Frame, Presentation, Samples};
use cordon_protocol::Code;
use sha2::{Digest as _, Sha256};

use crate::report::Noticed;

/// Pixels of padding above this share of a slice are noticed. The corners outside a round field
/// of view take 0.215.
const PADDING: f64 = 0.6;
/// Pixels at the largest value above this share of those that are not at the smallest.
const CLIPPED: f64 = 0.02;
/// Fewer pixels than this at the largest value are a tip and not a plateau.
const FEW: usize = 8;

/// What one decoded slice is like.
#[derive(Debug, Clone, PartialEq)]
pub struct SlicePixels {
    /// SHA-256 over rows, columns and stored values: an identifier, for comparing only.
    pub digest: [u8; 32],
    /// All pixels that are not padding have one value.
    pub constant: bool,
    /// Smallest and largest stored value that is not padding and finite; NaN without any.
    pub range: [f64; 2],
    /// The range that the header's bits allow, for integers.
    pub allowed: Option<[f64; 2]>,
    /// Pixels at the largest value.
    pub at_top: usize,
    /// Pixels above the smallest value.
    pub above_bottom: usize,
    /// Pixels of padding.
    pub padding: usize,
    /// Pixels that are no number or infinite.
    pub not_finite: usize,
    /// All pixels.
    pub pixels: usize,
}

impl SlicePixels {
    /// Looks at one frame of grey values; `signed` and the bits are the header's.
    #[must_use]
    pub fn of(frame: &Frame, presentation: &Presentation, signed: bool) -> Self {
        let n = frame.samples.len();
        let mut hash = Sha256::new();
        hash.update(frame.rows.to_le_bytes());
        hash.update(frame.columns.to_le_bytes());
        let mut block = Vec::with_capacity(8 * 1024);
        let mut out = Self {
            digest: [0; 32],
            constant: true,
            range: [f64::NAN; 2],
            allowed: None,
            at_top: 0,
            above_bottom: 0,
            padding: 0,
            not_finite: 0,
            pixels: n,
        };
        let [mut low, mut high] = [f64::INFINITY, f64::NEG_INFINITY];
        for i in 0..n {
            let value = frame.samples.value(i);
            block.extend_from_slice(&value.to_le_bytes());
            if block.len() >= 8 * 1024 {
                hash.update(&block);
                block.clear();
            }
            if !value.is_finite() {
                out.not_finite += 1;
            } else if presentation.is_padding(value) {
                out.padding += 1;
            } else {
                low = low.min(value);
                high = high.max(value);
            }
        }
        hash.update(&block);
        out.digest = hash.finalize().into();
        if low <= high {
            out.range = [low, high];
            for i in 0..n {
                let value = frame.samples.value(i);
                if value.is_finite() && !presentation.is_padding(value) {
                    out.at_top += usize::from(value >= high);
                    out.above_bottom += usize::from(value > low);
                }
            }
        }
        out.constant = high <= low;
        if !matches!(frame.samples, Samples::F32(_) | Samples::F64(_))
            && (1..=32).contains(&frame.bits_stored)
        {
            let span = f64::from(frame.bits_stored).exp2();
            out.allowed = Some(if signed {
                [-span / 2.0, span / 2.0 - 1.0]
            } else {
                [0.0, span - 1.0]
            });
        }
        out
    }
}

/// Holds the pixels of a series against each other. `slices` are those that could be decoded,
/// one for each picture at a place; `frames` is how many the series has.
#[must_use]
pub fn series(slices: &[SlicePixels], frames: usize) -> Vec<Noticed> {
    let mut out = Vec::new();
    if slices.is_empty() {
        return out;
    }
    let blank = slices.iter().filter(|s| s.constant).count();
    let mut values = slices.iter().map(|s| s.range.map(f64::to_bits));
    let first = values.next();
    let one_value = blank == slices.len() && values.all(|v| Some(v) == first);
    if one_value && slices.len() == frames {
        out.push(Noticed::new(Code::ImageEmpty));
    } else if blank > 0 {
        out.push(Noticed::slices(Code::ImageBlank, blank));
    }
    let not_finite = slices.iter().filter(|s| s.not_finite > 0).count();
    if not_finite > 0 {
        out.push(Noticed::slices(Code::ImageNotFinite, not_finite));
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let padded = slices
        .iter()
        .filter(|s| share(s.padding, s.pixels) > PADDING)
        .count();
    if padded > 0 {
        out.push(Noticed::slices(Code::ImagePadding, padded));
    }
    let clipped = clipped(slices);
    if clipped > 0 {
        out.push(Noticed::slices(Code::ImageClipped, clipped));
    }
    let mut seen: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    for slice in slices.iter().filter(|s| !s.constant) {
        *seen.entry(slice.digest).or_default() += 1;
    }
    let repeated: usize = seen.values().map(|n| n - 1).sum();
    if repeated > 0 {
        out.push(Noticed::slices(Code::SeriesRepeatedPixels, repeated));
    }
    out
}

/// Slices of which a part sits at the top of the series' values.
fn clipped(slices: &[SlicePixels]) -> usize {
    let top = slices.iter().map(|s| s.range[1]).fold(f64::NAN, f64::max);
    slices
        .iter()
        .filter(|s| !s.constant && s.range[1] >= top)
        // Masks and label maps have few values and half of their pixels at the top.
        .filter(|s| s.range[1] - s.range[0] > 16.0)
        .filter(|s| s.at_top >= FEW && s.at_top as f64 > CLIPPED * s.above_bottom.max(1) as f64)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_pixels::{Modality, Photometric, Samples};

    fn look(values: Vec<u16>) -> SlicePixels {
        let frame = Frame {
            rows: 1,
            columns: u32::try_from(values.len()).expect("small"),
            samples_per_pixel: 1,
            bits_stored: 12,
            photometric: Photometric::Monochrome2,
            samples: Samples::U16(values),
        };
        let presentation = Presentation {
            modality: Modality::Rescale {
                slope: 1.0,
                intercept: 0.0,
            },
            windows: Vec::new(),
            tables: Vec::new(),
            padding: Some((9.0, 9.0)),
            inverse: false,
            palette: None,
        };
        SlicePixels::of(&frame, &presentation, false)
    }

    fn codes(slices: &[SlicePixels]) -> Vec<Code> {
        series(slices, slices.len())
            .iter()
            .map(|n| n.code)
            .collect()
    }

    #[test]
    fn values_are_counted_without_padding() {
        let one = look(vec![9, 9, 1, 2, 4095, 4095]);
        assert_eq!((one.padding, one.at_top, one.above_bottom), (2, 2, 3));
        assert_eq!(one.allowed, Some([0.0, 4095.0]));
        assert!(!one.constant);
    }

    #[test]
    fn empty_blank_repeated_and_clipped_are_told_apart() {
        let blank = look(vec![3; 50]);
        let ramp = look((100..150).collect());
        let other = look((101..151).collect());
        assert_eq!(codes(&[blank.clone(), blank.clone()]), [Code::ImageEmpty]);
        assert_eq!(
            codes(&[ramp.clone(), blank, other.clone()]),
            [Code::ImageBlank]
        );
        assert_eq!(
            codes(&[ramp.clone(), ramp, other]),
            [Code::SeriesRepeatedPixels]
        );
        let mut values: Vec<u16> = (100..140).collect();
        values.extend([4095; 10]);
        assert_eq!(codes(&[look(values)]), [Code::ImageClipped]);
    }
}
