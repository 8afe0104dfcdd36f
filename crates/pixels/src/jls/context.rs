//! The parameters of a JPEG-LS scan and the statistics that its contexts keep.

use super::Presets;
use super::bits::Bits;
use crate::error::PixelError;

/// Run lengths by run index (T.87 A.2.1).
pub(super) const J: [u32; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];

/// What the scan's coding depends on (T.87 A.2 and C.2.4).
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pub(super) max: i32,
    pub(super) near: i32,
    pub(super) range: i32,
    pub(super) escape_bits: u32,
    pub(super) limit: i32,
    pub(super) reset: i32,
    t: [i32; 3],
    quantised: Vec<i8>, // gradients from -max to max
}

fn bits_for(values: i32) -> u32 {
    32 - (values - 1).max(0).leading_zeros()
}

impl Parameters {
    pub(super) fn new(precision: u32, near: i32, presets: Presets) -> Result<Self, PixelError> {
        const BAD: PixelError = PixelError::Corrupt("the coding parameters are not valid");
        let most = (1_i32 << precision) - 1;
        let max = if presets.max == 0 { most } else { presets.max };
        if !(1..=most).contains(&max) || near > (max / 2).min(255) {
            return Err(BAD);
        }
        let clamp = |value: i32, low: i32| {
            if value > max || value < low {
                low
            } else {
                value
            }
        };
        let (b1, b2, b3) = (3, 7, 21);
        let defaults = if max >= 128 {
            let factor = (max.min(4095) + 128) / 256;
            let t1 = clamp(factor * (b1 - 2) + 2 + 3 * near, near + 1);
            let t2 = clamp(factor * (b2 - 3) + 3 + 5 * near, t1);
            [t1, t2, clamp(factor * (b3 - 4) + 4 + 7 * near, t2)]
        } else {
            let factor = 256 / (max + 1);
            let t1 = clamp((b1 / factor + 3 * near).max(2), near + 1);
            let t2 = clamp((b2 / factor + 5 * near).max(3), t1);
            [t1, t2, clamp((b3 / factor + 7 * near).max(4), t2)]
        };
        let mut t = presets.t;
        for (value, default) in t.iter_mut().zip(defaults) {
            if *value == 0 {
                *value = default;
            }
        }
        if !(near < t[0] && t[0] <= t[1] && t[1] <= t[2] && t[2] <= max) {
            return Err(BAD);
        }
        let reset = if presets.reset == 0 {
            64
        } else {
            presets.reset
        };
        if !(3..=255.max(max)).contains(&reset) {
            return Err(BAD);
        }
        let range = (max + 2 * near) / (2 * near + 1) + 1;
        let bpp = bits_for(max + 1).max(2) as i32;
        let mut parameters = Self {
            max,
            near,
            range,
            escape_bits: bits_for(range),
            limit: 2 * (bpp + bpp.max(8)),
            reset,
            t,
            quantised: Vec::new(),
        };
        parameters.quantised = (-max..=max).map(|d| parameters.level(d)).collect();
        Ok(parameters)
    }

    fn level(&self, difference: i32) -> i8 {
        let size = difference.abs();
        let level = if size <= self.near {
            0
        } else if size < self.t[0] {
            1
        } else if size < self.t[1] {
            2
        } else if size < self.t[2] {
            3
        } else {
            4
        };
        if difference < 0 { -level } else { level }
    }

    /// One of nine levels for the difference of two samples.
    #[inline]
    pub(super) fn quantise(&self, difference: i32) -> i32 {
        let index = usize::try_from(difference + self.max).unwrap_or(usize::MAX);
        i32::from(self.quantised.get(index).copied().unwrap_or_default())
    }

    /// Adds a decoded error to a prediction, modulo the range.
    #[inline]
    pub(super) fn reconstruct(&self, predicted: i32, error: i32) -> i32 {
        let step = 2 * self.near + 1;
        let mut value = predicted.wrapping_add(error.wrapping_mul(step));
        if value < -self.near {
            value = value.wrapping_add(self.range * step);
        } else if value > self.max + self.near {
            value = value.wrapping_sub(self.range * step);
        }
        value.clamp(0, self.max)
    }
}

/// The statistics of one regular context.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    a: i32,
    b: i32,
    pub(super) c: i32,
    n: i32,
}

/// The statistics of one context for the sample that ends a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunContext {
    a: i32,
    n: i32,
    negative: i32,
}

#[inline]
fn golomb_parameter(n: i32, a: i32) -> Result<u32, PixelError> {
    let mut k = 0;
    while i64::from(n) << k < i64::from(a) {
        k += 1;
        if k > 24 {
            return Err(PixelError::Corrupt("the statistics run away"));
        }
    }
    Ok(k)
}

impl Context {
    pub(super) fn new(range: i32) -> Self {
        Self {
            a: ((range + 32) >> 6).max(2),
            b: 0,
            c: 0,
            n: 1,
        }
    }

    /// Decodes one prediction error and learns from it (T.87 A.5 and A.6).
    #[inline]
    pub(super) fn error(&mut self, bits: &mut Bits<'_>, p: &Parameters) -> Result<i32, PixelError> {
        let k = golomb_parameter(self.n, self.a)?;
        let mapped = bits.golomb(k, p.limit, p.escape_bits)?;
        let mut error = (mapped >> 1) ^ -(mapped & 1);
        if k == 0 && p.near == 0 && 2 * self.b <= -self.n {
            error = !error;
        }
        if error.abs() > 1 << 17 {
            return Err(PixelError::Corrupt("an error is larger than the range"));
        }
        self.b = self.b.saturating_add(error * (2 * p.near + 1));
        self.a = self.a.saturating_add(error.abs());
        if self.n == p.reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        if self.b <= -self.n {
            self.b = (self.b + self.n).max(1 - self.n);
            self.c = (self.c - 1).max(-128);
        } else if self.b > 0 {
            self.b = (self.b - self.n).min(0);
            self.c = (self.c + 1).min(127);
        }
        Ok(error)
    }
}

impl RunContext {
    pub(super) fn new(range: i32) -> Self {
        Self {
            a: ((range + 32) >> 6).max(2),
            n: 1,
            negative: 0,
        }
    }

    /// Decodes the error of the sample that ends a run (T.87 A.7.2). `kind` is 1 where the
    /// samples left and above are alike.
    pub(super) fn error(
        &mut self,
        bits: &mut Bits<'_>,
        p: &Parameters,
        kind: i32,
        run_index: usize,
    ) -> Result<i32, PixelError> {
        let k = golomb_parameter(self.n, self.a.saturating_add((self.n >> 1) * kind))?;
        let limit = p.limit - J[run_index.min(31)] as i32 - 1;
        let mapped = bits.golomb(k, limit, p.escape_bits)?;
        let sum = mapped + kind;
        let odd = sum & 1;
        let size = (sum + odd) / 2;
        let flip = k != 0 || 2 * self.negative >= self.n;
        let error = if flip == (odd == 1) { -size } else { size };
        if size > 1 << 17 {
            return Err(PixelError::Corrupt("an error is larger than the range"));
        }
        if error < 0 {
            self.negative += 1;
        }
        self.a = self.a.saturating_add((mapped + 1 - kind) >> 1);
        if self.n == p.reset {
            self.a >>= 1;
            self.n >>= 1;
            self.negative >>= 1;
        }
        self.n += 1;
        Ok(error)
    }
}
