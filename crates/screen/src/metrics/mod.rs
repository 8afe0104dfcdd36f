//! Image metrics, each with definition, unit and source.
//!
//! Names are MRIQC's (Esteban et al., PLoS ONE 2017, doi:10.1371/journal.pone.0184661) where the
//! metric is the same thing. `snr_local`, `cnr_classes` and `cjv_classes` have names of their
//! own because there is no tissue segmentation here: they use two intensity classes.
//!
//! | name | unit | definition |
//! |---|---|---|
//! | `snr_local` | | median of the body ÷ noise inside the body (Immerkær 1996, made robust). Not for CT |
//! | `snrd` | | median of the body ÷ σ of the noise in air (Dietrich et al. 2007). Not for CT |
//! | `noise_air` | HU or the image's | σ of the Gaussian noise from air: median ÷ 1.1774 of magnitude values (Rayleigh), 1.4826 MAD of signed ones |
//! | `noise_hu` | HU | global noise level: the most common standard deviation of windows of about 6 mm that lie in soft tissue, −100 to 200 HU (Christianson et al., AJR 2015); CT only |
//! | `cnr_classes` | | \|μ₁−μ₂\| ÷ √(σ₁²+σ₂²+σ_air²) of two classes (Magnotta & Friedman 2006) |
//! | `cjv_classes` | | (σ₁+σ₂) ÷ \|μ₁−μ₂\| of two classes (Ganzetti et al. 2016) |
//! | `efc` | | entropy focus criterion, 0 (one bright voxel) to 1 (even) (Atkinson et al. 1997); not for CT |
//! | `fber` | | median of squared body values ÷ median of squared air values (Shehzad et al. 2015); not for CT |
//! | `sharpness` | 1/pixel | 99.5th percentile of the in-plane gradient magnitude ÷ contrast (99th − 1st percentile): 0.5 at a step, 1/w at a ramp of w pixels |
//! | `gsr_x`, `gsr_y` | | ghost-to-signal ratio at half the field of view along a row or column (Giannelli et al. 2010); not for CT |
//! | `clipped_share` | | share of body voxels at the largest value |
//! | `metal_share` | | share of body voxels above 3000 HU; CT only |
//! | `streak_index` | | robust spread of soft tissue in slices with metal ÷ in slices without; CT only |
//! | `air_hu` | HU | median in air, about −1000; CT only |
//! | `slice_jump` | | largest mean difference of neighbouring slices ÷ the median one |
//! | `edge_share` | | share of the outermost pixels of each slice that are body |
//!
//! Immerkær's operator sees only noise that differs from pixel to pixel: smooth kernels and
//! interpolation lower it.

mod regions;
mod statistics;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use regions::{Region, Regions};
pub use statistics::{Sample, immerkaer, percentile};

use crate::report::Metric;
use crate::volume::Volume;

/// Above this a voxel of CT is metal, in HU.
pub const METAL: f32 = 3000.0;
/// Voxels of a region below this number measure nothing.
const ENOUGH: usize = 64;

/// Measures everything that applies to the volume. What cannot be measured is absent.
#[must_use]
pub fn measure(volume: &Volume, regions: &Regions) -> BTreeMap<&'static str, Metric> {
    let mut out = BTreeMap::new();
    let mut put = |name: &'static str, unit: &'static str, value: Option<f64>| {
        if let Some(value) = value.filter(|v| v.is_finite()) {
            out.insert(name, Metric { value, unit });
        }
    };
    let ct = volume.is_ct();
    let unit = if ct { "HU" } else { "" };
    let body = Sample::of(volume, |i| regions.is(i, Region::Body));
    let air = Sample::of(volume, |i| regions.is(i, Region::Air));
    let noise = noise_air(&air);
    put("noise_air", unit, noise);
    put("sharpness", "1/pixel", sharpness(volume));
    put("clipped_share", "", clipped(volume, regions));
    put("slice_jump", "", jumps(volume).map(|j| j.worst));
    put("edge_share", "", edge(volume, regions));
    let classes = Classes::of(&body);
    if let Some(c) = &classes {
        let apart = (c.mean[0] - c.mean[1]).abs();
        put("cjv_classes", "", Some((c.spread[0] + c.spread[1]) / apart));
        let all = c.spread[0].hypot(c.spread[1]).hypot(noise.unwrap_or(0.0));
        put("cnr_classes", "", Some(apart / all));
    }
    if ct {
        put("noise_hu", "HU", noise_level(volume));
        put("air_hu", "HU", air.median());
        put("metal_share", "", metal(volume, regions));
        put("streak_index", "", streaks(volume));
    } else {
        let inside = immerkaer(volume, |i, _| regions.is(i, Region::Body));
        let level = body.median();
        put(
            "snr_local",
            "",
            level.zip(inside).and_then(|(l, n)| ratio(l, n)),
        );
        put("snrd", "", level.zip(noise).and_then(|(l, n)| ratio(l, n)));
        put("efc", "", efc(volume));
        let energy = |s: &Sample| s.map(|v| v * v).median();
        put(
            "fber",
            "",
            energy(&body)
                .zip(energy(&air))
                .and_then(|(b, a)| ratio(b, a)),
        );
        put("gsr_x", "", ghost(volume, regions, 0));
        put("gsr_y", "", ghost(volume, regions, 1));
    }
    out
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b.abs() > 1e-12).then(|| a / b)
}

/// σ of the Gaussian noise under the values in air.
fn noise_air(air: &Sample) -> Option<f64> {
    let median = air.median()?;
    let sigma = if air.least()? >= 0.0 {
        // Rayleigh: the median is σ √(2 ln 2).
        median / (2.0 * std::f64::consts::LN_2).sqrt()
    } else {
        air.spread()?
    };
    // Air without any noise was written by somebody and measures nothing.
    (sigma > 0.0).then_some(sigma)
}

/// The most common standard deviation of small windows in soft tissue, in HU: the mode, over 100
/// bins up to twice the median, each with its two neighbours.
fn noise_level(volume: &Volume) -> Option<f64> {
    let [columns, rows, slices] = volume.size;
    let pixels = |mm: f64| (6.0 / mm).round().clamp(5.0, 15.0);
    #[expect(clippy::cast_sign_loss, reason = "5 to 15")]
    let [wide, high] = [volume.spacing[0], volume.spacing[1]].map(|mm| pixels(mm) as usize);
    let step = (volume.values.len() / (8 * statistics::MOST)).max(1);
    let mut spreads: Vec<f32> = Vec::new();
    for z in (0..slices).step_by(step) {
        let slice = volume.slice(z);
        for y in (0..rows.saturating_sub(high)).step_by(high.div_ceil(2)) {
            'window: for x in (0..columns.saturating_sub(wide)).step_by(wide.div_ceil(2)) {
                let (mut sum, mut squares) = (0.0, 0.0);
                for line in y..y + high {
                    let from = line * columns + x;
                    for v in slice.get(from..from + wide).unwrap_or_default() {
                        if !(-100.0..=200.0).contains(v) {
                            continue 'window;
                        }
                        sum += f64::from(*v);
                        squares += f64::from(*v) * f64::from(*v);
                    }
                }
                let n = (wide * high) as f64;
                let variance = (squares - sum * sum / n) / (n - 1.0);
                spreads.push(variance.max(0.0).sqrt() as f32);
            }
        }
    }
    const BINS: usize = 100;
    let width = 2.0 * percentile(&mut spreads, 0.5)? / BINS as f64;
    if width <= 0.0 {
        return None;
    }
    let mut bins = [0_usize; BINS + 2];
    for s in &spreads {
        #[expect(clippy::cast_sign_loss, reason = "not negative")]
        if let Some(bin) = bins.get_mut((f64::from(*s) / width) as usize + 1) {
            *bin += 1;
        }
    }
    let most = bins
        .windows(3)
        .enumerate()
        .max_by_key(|(_, three)| three.iter().sum::<usize>())?;
    Some((most.0 as f64 + 0.5) * width)
}

/// Two intensity classes of the body, split where Otsu's criterion is best.
struct Classes {
    mean: [f64; 2],
    spread: [f64; 2],
}

impl Classes {
    fn of(body: &Sample) -> Option<Self> {
        let cut = body.otsu()?;
        let (low, high) = (body.filter(|v| v <= cut), body.filter(|v| v > cut));
        let both = |f: &dyn Fn(&Sample) -> Option<f64>| Some([f(&low)?, f(&high)?]);
        let mean = both(&Sample::median)?;
        ((mean[0] - mean[1]).abs() > 1e-12).then_some(Self {
            mean,
            spread: both(&Sample::spread)?,
        })
    }
}

/// Entropy focus criterion over all voxels: Σ (x/x_max) ln (x/x_max) over its value for an even
/// image, with x_max = √Σx².
fn efc(volume: &Volume) -> Option<f64> {
    let finite = || {
        volume
            .values
            .iter()
            .map(|v| f64::from(*v))
            .filter(|v| v.is_finite())
    };
    let (n, squares) = finite().fold((0_usize, 0.0), |(n, s), v| (n + 1, s + v * v));
    let top = squares.sqrt();
    if n < 2 || top <= 0.0 {
        return None;
    }
    let even = n as f64 / (n as f64).sqrt() * (1.0 / (n as f64).sqrt()).ln();
    let sum: f64 = finite()
        .map(|v| v.abs() / top)
        .filter(|&x| x > 0.0)
        .map(|x| x * x.ln())
        .sum();
    Some(sum / even)
}

/// In-plane gradient magnitude by central differences; `None` at edges and beside NaN.
pub(crate) fn gradient(slice: &[f32], columns: usize, i: usize) -> Option<[f64; 2]> {
    let at = |i: usize| {
        slice
            .get(i)
            .map(|v| f64::from(*v))
            .filter(|v| v.is_finite())
    };
    let x = i % columns;
    if x == 0 || x + 1 == columns || i < columns {
        return None;
    }
    Some([
        (at(i + 1)? - at(i - 1)?) / 2.0,
        (at(i + columns)? - at(i - columns)?) / 2.0,
    ])
}

fn sharpness(volume: &Volume) -> Option<f64> {
    let all = Sample::of(volume, |_| true);
    let contrast = all.percentile(0.99)? - all.percentile(0.01)?;
    let mut steps = Vec::new();
    let columns = volume.size[0];
    let stride = (volume.values.len() / statistics::MOST).max(1);
    for z in 0..volume.size[2] {
        let slice = volume.slice(z);
        for i in (z % stride..slice.len()).step_by(stride) {
            if let Some([x, y]) = gradient(slice, columns, i) {
                steps.push(x.hypot(y) as f32);
            }
        }
    }
    let steep = percentile(&mut steps, 0.995)?;
    ratio(steep, contrast)
}

fn clipped(volume: &Volume, regions: &Regions) -> Option<f64> {
    let (mut n, mut at_top, mut top) = (0_usize, 0_usize, f32::NEG_INFINITY);
    for (i, v) in volume.values.iter().enumerate() {
        if regions.is(i, Region::Body) && v.is_finite() {
            n += 1;
            if *v > top {
                (top, at_top) = (*v, 0);
            }
            at_top += usize::from(*v >= top);
        }
    }
    (n >= ENOUGH).then(|| at_top as f64 / n as f64)
}

fn metal(volume: &Volume, regions: &Regions) -> Option<f64> {
    let body = (0..volume.values.len()).filter(|&i| regions.is(i, Region::Body));
    let (n, metal) = body.fold((0_usize, 0_usize), |(n, m), i| {
        let is = volume.values.get(i).is_some_and(|v| *v > METAL);
        (n + 1, m + usize::from(is))
    });
    (n >= ENOUGH).then(|| metal as f64 / n as f64)
}

fn streaks(volume: &Volume) -> Option<f64> {
    let n = volume.area().max(1);
    let metal: Vec<bool> = (0..volume.size[2])
        .map(|z| volume.slice(z).iter().filter(|v| **v > METAL).count() >= 4)
        .collect();
    let soft = |with: bool| {
        Sample::of(volume, |i| {
            metal.get(i / n) == Some(&with)
                && volume
                    .values
                    .get(i)
                    .is_some_and(|v| (-250.0..=350.0).contains(v))
        })
        .spread()
    };
    ratio(soft(true)?, soft(false)?)
}

fn edge(volume: &Volume, regions: &Regions) -> Option<f64> {
    let [columns, rows, slices] = volume.size;
    if columns < 4 || rows < 4 || regions.body == 0 {
        return None;
    }
    let (mut n, mut body) = (0_usize, 0_usize);
    for z in 0..slices {
        let start = z * columns * rows;
        let top = (0..columns).map(|x| start + x);
        let bottom = (0..columns).map(|x| start + (rows - 1) * columns + x);
        let left = (1..rows - 1).map(|y| start + y * columns);
        let right = (1..rows - 1).map(|y| start + y * columns + columns - 1);
        for i in top.chain(bottom).chain(left).chain(right) {
            n += 1;
            body += usize::from(regions.is(i, Region::Body));
        }
    }
    Some(body as f64 / n.max(1) as f64)
}

/// MRIQC's `gsr`: the mean where the body, moved by half the field of view, lies outside of the
/// body, less the mean of the other background, over the median of the body.
pub(crate) fn ghost(volume: &Volume, regions: &Regions, axis: usize) -> Option<f64> {
    let [columns, rows, slices] = volume.size;
    let (mut ghost, mut other) = ((0.0, 0_usize), (0.0, 0_usize));
    for z in 0..slices {
        for y in 0..rows {
            for x in 0..columns {
                let i = (z * rows + y) * columns + x;
                let moved = if axis == 0 {
                    (z * rows + y) * columns + (x + columns / 2) % columns
                } else {
                    (z * rows + (y + rows / 2) % rows) * columns + x
                };
                let Some(v) = volume.values.get(i).filter(|v| v.is_finite()) else {
                    continue;
                };
                if !regions.is(i, Region::Air) {
                    continue;
                }
                let sum = if regions.is(moved, Region::Body) {
                    &mut ghost
                } else {
                    &mut other
                };
                sum.0 += f64::from(*v);
                sum.1 += 1;
            }
        }
    }
    if ghost.1 < ENOUGH || other.1 < ENOUGH {
        return None;
    }
    let level = Sample::of(volume, |i| regions.is(i, Region::Body)).median()?;
    ratio(ghost.0 / ghost.1 as f64 - other.0 / other.1 as f64, level)
}

/// How neighbouring slices differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jumps {
    /// The largest mean absolute difference of neighbours ÷ the median one.
    pub worst: f64,
    /// The second largest, in the same way.
    pub second: f64,
    /// How much nearer the next but one is than the next, at the worst place, ÷ the median.
    pub crossed: f64,
}

/// Differences of neighbouring slices; `None` for fewer than six.
#[must_use]
pub fn jumps(volume: &Volume) -> Option<Jumps> {
    let slices = volume.size[2];
    if slices < 6 {
        return None;
    }
    let apart = |a: usize, b: usize| {
        let (mut sum, mut n) = (0.0, 0_usize);
        for (a, b) in volume.slice(a).iter().zip(volume.slice(b)) {
            let d = f64::from((a - b).abs());
            if d.is_finite() {
                sum += d;
                n += 1;
            }
        }
        if n == 0 { 0.0 } else { sum / n as f64 }
    };
    let next: Vec<f64> = (0..slices - 1).map(|z| apart(z, z + 1)).collect();
    let over: Vec<f64> = (0..slices - 2).map(|z| apart(z, z + 2)).collect();
    let mut sorted = next.clone();
    sorted.sort_by(f64::total_cmp);
    let usual = *sorted.get(sorted.len() / 2)?;
    let crossed = over
        .iter()
        .enumerate()
        .map(|(z, o)| {
            let near = next.get(z).copied().unwrap_or(0.0);
            let far = next.get(z + 1).copied().unwrap_or(0.0);
            near.max(far) - o
        })
        .fold(f64::NEG_INFINITY, f64::max);
    if usual <= 1e-12 {
        return None;
    }
    Some(Jumps {
        worst: sorted.last()? / usual,
        second: sorted.get(sorted.len().checked_sub(2)?)? / usual,
        crossed: crossed / usual,
    })
}
