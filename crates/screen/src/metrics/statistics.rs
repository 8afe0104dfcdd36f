//! Medians and the like, over millions of values in bounded memory.

use crate::volume::Volume;

/// More values than this are taken at even distances.
pub(super) const MOST: usize = 1 << 20;

/// Finite values of a part of a volume, thinned out evenly.
#[derive(Debug, Clone)]
pub struct Sample(Vec<f32>);

impl Sample {
    /// The finite values whose places `is` accepts.
    pub fn of(volume: &Volume, is: impl Fn(usize) -> bool) -> Self {
        // An odd stride that shares nothing with rows hits every column.
        let mut stride = (volume.values.len() / MOST).max(1) | 1;
        while stride > 1 && volume.size.iter().any(|&s| s > 1 && s % stride == 0) {
            stride += 2;
        }
        Self(
            volume
                .values
                .iter()
                .enumerate()
                .step_by(stride)
                .filter(|(i, v)| v.is_finite() && is(*i))
                .map(|(_, v)| *v)
                .collect(),
        )
    }

    /// Each value changed.
    #[must_use]
    pub fn map(&self, f: impl Fn(f32) -> f32) -> Self {
        Self(self.0.iter().map(|v| f(*v)).collect())
    }

    /// The values that `keep` accepts.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(f64) -> bool) -> Self {
        let kept = self.0.iter().copied().filter(|v| keep(f64::from(*v)));
        Self(kept.collect())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value below which this share lies; `None` for too few values.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Option<f64> {
        percentile(&mut self.0.clone(), share)
    }

    /// The median; `None` for too few values.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        self.percentile(0.5)
    }

    /// The least value.
    #[must_use]
    pub fn least(&self) -> Option<f64> {
        self.0.iter().copied().reduce(f32::min).map(f64::from)
    }

    /// The standard deviation of a normal distribution with the same median absolute deviation.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        let middle = self.median()? as f32;
        Some(1.4826 * self.map(|v| (v - middle).abs()).median()?)
    }

    /// The most common value and its share.
    #[must_use]
    pub fn most_common(&self) -> Option<(f32, f64)> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let runs = sorted.chunk_by(|a, b| a.to_bits() == b.to_bits());
        let longest = runs.max_by_key(|run| run.len())?;
        Some((
            *longest.first()?,
            longest.len() as f64 / self.0.len() as f64,
        ))
    }

    /// Otsu's threshold over 256 bins between the 0.2nd and 99.5th percentile.
    #[must_use]
    pub fn otsu(&self) -> Option<f64> {
        const BINS: usize = 256;
        let (low, high) = (self.percentile(0.002)?, self.percentile(0.995)?);
        let width = (high - low) / BINS as f64;
        if !(width > 0.0 && width.is_finite()) {
            return None;
        }
        let mut bins = [0_u32; BINS];
        for v in &self.0 {
            let bin = ((f64::from(*v) - low) / width).clamp(0.0, BINS as f64 - 1.0);
            #[expect(clippy::cast_sign_loss, reason = "clamped")]
            if let Some(bin) = bins.get_mut(bin as usize) {
                *bin += 1;
            }
        }
        let total: f64 = bins.iter().map(|b| f64::from(*b)).sum();
        let moment: f64 = bins
            .iter()
            .enumerate()
            .map(|(i, b)| i as f64 * f64::from(*b))
            .sum();
        // Between two separate classes every empty bin is as good: the middle of them.
        let (mut best, mut first, mut last) = (0.0, 0, 0);
        let (mut weight, mut sum) = (0.0, 0.0);
        for (i, b) in bins.iter().enumerate() {
            weight += f64::from(*b);
            sum += i as f64 * f64::from(*b);
            if weight <= 0.0 || weight >= total {
                continue;
            }
            let between = (moment * weight / total - sum).powi(2) / (weight * (total - weight));
            if between > best * (1.0 + 1e-12) {
                (best, first, last) = (between, i, i);
            } else if between >= best * (1.0 - 1e-12) {
                last = i;
            }
        }
        (best > 0.0).then(|| low + width * ((first + last) as f64 / 2.0 + 1.0))
    }
}

/// The value below which this share of `values` lies; they are reordered. `None` for fewer
/// than 16, of which nothing can be said.
pub fn percentile(values: &mut [f32], share: f64) -> Option<f64> {
    if values.len() < 16 {
        return None;
    }
    #[expect(clippy::cast_sign_loss, reason = "a share of a length")]
    let at = ((values.len() - 1) as f64 * share.clamp(0.0, 1.0)).round() as usize;
    let (_, value, _) = values.select_nth_unstable_by(at, f32::total_cmp);
    Some(f64::from(*value))
}

/// σ of noise that differs from pixel to pixel, inside slices, where all nine pixels of the
/// operator are accepted: the median of |I ∗ N| ÷ (6 · 0.6745), with N the difference of two
/// Laplacians (Immerkær, Computer Vision and Image Understanding 1996, doi:10.1006/cviu.1996.0060;
/// he takes the mean, which edges spoil).
pub fn immerkaer(volume: &Volume, is: impl Fn(usize, f32) -> bool) -> Option<f64> {
    let [columns, rows, slices] = volume.size;
    if columns < 3 || rows < 3 {
        return None;
    }
    let stride = (volume.values.len() / MOST).max(1);
    let mut out = Vec::new();
    for z in 0..slices {
        let slice = volume.slice(z);
        let start = z * volume.area();
        for y in 1..rows - 1 {
            let from = 1 + (y + z) % stride.min(columns - 2).max(1);
            'pixel: for x in (from..columns - 1).step_by(stride) {
                let mut sum = 0.0;
                for (dy, weights) in [[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]]
                    .iter()
                    .enumerate()
                {
                    for (dx, weight) in weights.iter().enumerate() {
                        let i = (y + dy - 1) * columns + x + dx - 1;
                        let v = slice.get(i).copied().unwrap_or(f32::NAN);
                        if !v.is_finite() || !is(start + i, v) {
                            continue 'pixel;
                        }
                        sum += f64::from(v) * weight;
                    }
                }
                out.push(sum.abs() as f32);
            }
        }
    }
    Some(percentile(&mut out, 0.5)? / (6.0 * 0.6745))
}
