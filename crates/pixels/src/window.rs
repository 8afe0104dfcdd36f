//! Windows: which range of values becomes black to white (PS3.3 section C.11.2.1).

use crate::frame::{Frame, Samples};
use crate::presentation::Presentation;

/// The VOI LUT Function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiFunction {
    /// LINEAR, with its half values.
    Linear,
    /// LINEAR_EXACT.
    LinearExact,
    /// SIGMOID.
    Sigmoid,
}

/// A window over modality values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Window Center.
    pub center: f64,
    /// Window Width.
    pub width: f64,
    /// How values between are mapped.
    pub function: VoiFunction,
}

impl Window {
    /// A window, if center and width are ones that the standard allows for this function.
    #[must_use]
    pub fn new(center: f64, width: f64, function: VoiFunction) -> Option<Self> {
        let least = match function {
            VoiFunction::Linear => 1.0,
            _ => f64::MIN_POSITIVE,
        };
        (center.is_finite() && width.is_finite() && width >= least).then_some(Self {
            center,
            width,
            function,
        })
    }

    /// The shade of a modality value, 0 for black to 1 for white.
    #[must_use]
    pub fn shade(&self, value: f64) -> f64 {
        let (c, w) = (self.center, self.width);
        let shade = match self.function {
            VoiFunction::Linear if w <= 1.0 => f64::from(value > c - 0.5),
            VoiFunction::Linear => (value - (c - 0.5)) / (w - 1.0) + 0.5,
            VoiFunction::LinearExact => (value - c) / w + 0.5,
            VoiFunction::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - c) / w).exp()),
        };
        if shade.is_nan() {
            0.0
        } else {
            shade.clamp(0.0, 1.0)
        }
    }

    /// A window from the data, for images that bring none: from the 0.5th to the 99.5th
    /// percentile of the pixels that are not padding.
    #[must_use]
    pub fn of_data(frame: &Frame, presentation: &Presentation) -> Self {
        let (low, high) = percentiles(frame, presentation).unwrap_or((0.0, 1.0));
        let (low, high) = (presentation.modality(low), presentation.modality(high));
        let (low, high) = (low.min(high), low.max(high));
        let width = high - low;
        Self {
            center: low + width / 2.0,
            width: if width > 0.0 { width } else { 1.0 },
            function: VoiFunction::LinearExact,
        }
    }
}

/// The 0.5th and the 99.5th percentile of stored values without padding.
fn percentiles(frame: &Frame, presentation: &Presentation) -> Option<(f64, f64)> {
    let keep = |v: f64| !presentation.is_padding(v);
    let integers: Box<dyn Iterator<Item = i32> + '_> = match &frame.samples {
        Samples::U8(v) => Box::new(v.iter().map(|&v| i32::from(v))),
        Samples::U16(v) => Box::new(v.iter().map(|&v| i32::from(v))),
        Samples::I16(v) => Box::new(v.iter().map(|&v| i32::from(v))),
        other => return of_sorted(other, keep),
    };
    let mut histogram = vec![0_u32; 1 << 17];
    for value in integers {
        if let Some(count) = histogram.get_mut((value + 65_536).unsigned_abs() as usize) {
            *count += 1;
        }
    }
    let value = |i: usize| i as f64 - 65_536.0;
    for (i, count) in histogram.iter_mut().enumerate() {
        if *count > 0 && !keep(value(i)) {
            *count = 0;
        }
    }
    let total: u64 = histogram.iter().map(|&n| u64::from(n)).sum();
    let cut = total / 200;
    let low = reach(histogram.iter().enumerate(), cut)?;
    let high = reach(histogram.iter().enumerate().rev(), cut)?;
    Some((value(low), value(high)))
}

/// The first place at which more than `cut` values have been counted.
fn reach<'h>(counts: impl Iterator<Item = (usize, &'h u32)>, cut: u64) -> Option<usize> {
    let mut sum = 0;
    for (i, &n) in counts {
        sum += u64::from(n);
        if sum > cut {
            return Some(i);
        }
    }
    None
}

fn of_sorted(samples: &Samples, keep: impl Fn(f64) -> bool) -> Option<(f64, f64)> {
    let step = (samples.len() / 65_536).max(1);
    let mut values: Vec<f64> = (0..samples.len())
        .step_by(step)
        .map(|i| samples.value(i))
        .filter(|&v| v.is_finite() && keep(v))
        .collect();
    values.sort_by(f64::total_cmp);
    let cut = values.len() / 200;
    let low = values.get(cut)?;
    let high = values.get(values.len().saturating_sub(1 + cut))?;
    Some((*low, *high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_three_functions_are_those_of_the_standard() {
        let linear = Window::new(2048.0, 4096.0, VoiFunction::Linear).unwrap();
        assert!(near(linear.shade(0.0), 0.0));
        assert!(near(linear.shade(4095.0), 1.0));
        let exact = Window::new(2048.0, 4096.0, VoiFunction::LinearExact).unwrap();
        assert!(near(exact.shade(0.0), 0.0));
        assert!(near(exact.shade(4096.0), 1.0));
        let sigmoid = Window::new(0.0, 4.0, VoiFunction::Sigmoid).unwrap();
        assert!(near(sigmoid.shade(0.0), 0.5));
        assert!(near(sigmoid.shade(1.0), 1.0 / (1.0 + (-1.0_f64).exp())));
        let step = Window::new(5.0, 1.0, VoiFunction::Linear).unwrap();
        assert!(near(step.shade(4.5), 0.0) && near(step.shade(4.6), 1.0));
    }

    #[test]
    fn windows_that_cannot_be_are_not_made() {
        assert!(Window::new(0.0, 0.5, VoiFunction::Linear).is_none());
        assert!(Window::new(0.0, 0.5, VoiFunction::LinearExact).is_some());
        assert!(Window::new(f64::NAN, 1.0, VoiFunction::Sigmoid).is_none());
        assert!(Window::new(0.0, f64::INFINITY, VoiFunction::Sigmoid).is_none());
    }
}
