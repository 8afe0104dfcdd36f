//! What the model sees: numbers that do not depend on the scale of grey values.

use crate::metrics::{Region, Regions, Sample, ghost, gradient, immerkaer, jumps};
use crate::volume::Volume;

/// Bins of one gradient histogram.
const BINS: usize = 12;
/// Fewest columns, rows and slices.
const SMALLEST: [usize; 3] = [24, 24, 3];
/// How many numbers there are.
pub const FEATURES: usize = 2 * BINS + 29;

/// The numbers of a volume; `None` where there is too little body to judge.
///
/// First the histograms of in-plane gradient magnitude ÷ contrast over the body and its rim, at
/// full and at half resolution, in logarithmic bins from 0.002 to 1; then what the metrics
/// measure, squeezed by logarithms.
#[must_use]
pub fn features(volume: &Volume, regions: &Regions) -> Option<[f64; FEATURES]> {
    if volume
        .size
        .iter()
        .zip(SMALLEST)
        .any(|(s, least)| *s < least)
        || regions.body < 500
    {
        return None;
    }
    let body = Sample::of(volume, |i| regions.is(i, Region::Body));
    let air = Sample::of(volume, |i| regions.is(i, Region::Air));
    let all = Sample::of(volume, |_| true);
    let (low, high) = (all.percentile(0.02)?, body.percentile(0.98)?);
    let contrast = high - low;
    if contrast <= 1e-9 || !contrast.is_finite() {
        return None;
    }
    let mut out = Vec::with_capacity(FEATURES);
    let (full, [full_x, full_y]) = histogram(volume, regions, contrast, 1);
    let (half, [half_x, half_y]) = histogram(volume, regions, contrast, 2);
    out.extend(full);
    out.extend(half);
    let log = |v: f64| v.max(1e-4).ln();
    out.push(log(full_x / full_y.max(1e-9)));
    out.push(log(half_x / half_y.max(1e-9)));
    out.push(log(full_x.hypot(full_y) / half_x.hypot(half_y).max(1e-9)));
    let inside = immerkaer(volume, |i, _| regions.is(i, Region::Body)).unwrap_or(0.0) / contrast;
    let level = air.median().unwrap_or(low) - low;
    let spread = air.spread().unwrap_or(0.0) / contrast;
    let tail = air.percentile(0.99).unwrap_or(low) - low;
    let wide = air.percentile(0.9).unwrap_or(low) - low;
    out.extend([log(inside), log(level / contrast), log(spread)]);
    out.extend([log(tail / contrast), log(wide / contrast)]);
    out.push(log(tail / level.max(contrast * 1e-3)));
    let ghosts = [ghost(volume, regions, 0), ghost(volume, regions, 1)].map(|g| g.unwrap_or(0.0));
    out.extend(ghosts.map(|g| log(g.max(1e-3))));
    out.push(log(bands(volume, regions, true, contrast)));
    out.push(log(bands(volume, regions, false, contrast)));
    let [sides, ends] = edges(volume, low, contrast);
    out.extend([sides, ends, log(sides), log(ends)]);
    out.push((regions.body as f64 / volume.values.len().max(1) as f64).ln());
    // Cut-off brightness: the share at the top, and near it.
    let top = body.percentile(0.9999)?;
    let share = |from: f64| body.filter(|v| v >= from).len() as f64 / body.len().max(1) as f64;
    out.push(log(share(top - 1e-4 * contrast)));
    out.push(log(share(top - 0.03 * contrast)));
    out.push(log(share(f64::from(crate::metrics::METAL))));
    out.push(((top - low) / contrast).min(10.0).ln());
    let uneven = unevenness(volume, regions);
    out.extend(uneven);
    let jumps = jumps(volume);
    out.push(jumps.map_or(0.0, |j| j.worst.min(20.0).ln()));
    out.push(jumps.map_or(0.0, |j| (j.worst / j.second.max(1e-9)).min(20.0).ln()));
    out.push(jumps.map_or(0.0, |j| j.crossed.clamp(-5.0, 5.0)));
    out.push(worst_streak(volume));
    let out: [f64; FEATURES] = out.try_into().ok()?;
    out.iter().all(|v| v.is_finite()).then_some(out)
}

/// Shares of the bins, in logarithms, and the mean absolute gradient along both axes ÷ contrast.
fn histogram(
    volume: &Volume,
    regions: &Regions,
    contrast: f64,
    scale: usize,
) -> ([f64; BINS], [f64; 2]) {
    let mut bins = [0_usize; BINS];
    let mut sums = [0.0; 2];
    let mut n = 0_usize;
    let area = volume.area();
    for z in 0..volume.size[2] {
        let (slice, columns) = shrunk(volume, z, scale);
        for i in 0..slice.len() {
            let full = if scale == 1 {
                i
            } else {
                (i / columns * scale) * volume.size[0] + i % columns * scale
            };
            // Air is noise and nothing else; everything beside it counts.
            if regions.is(z * area + full, Region::Air) {
                continue;
            }
            let Some([x, y]) = gradient(&slice, columns, i) else {
                continue;
            };
            n += 1;
            sums[0] += x.abs() / contrast;
            sums[1] += y.abs() / contrast;
            let steep = (x.hypot(y) / contrast).max(1e-9);
            // From 0.002 to 1 in even steps of the logarithm.
            let bin = (steep / 0.002).ln() / 500_f64.ln() * BINS as f64;
            #[expect(clippy::cast_sign_loss, reason = "clamped")]
            if let Some(b) = bins.get_mut(bin.clamp(0.0, BINS as f64 - 1.0) as usize) {
                *b += 1;
            }
        }
    }
    let n = n.max(1) as f64;
    (
        bins.map(|b| (b as f64 / n + 1e-3).ln()),
        sums.map(|s| s / n),
    )
}

/// A slice, or the means of its 2 × 2 blocks; and its columns.
fn shrunk(volume: &Volume, z: usize, scale: usize) -> (Vec<f32>, usize) {
    let slice = volume.slice(z);
    let columns = volume.size[0];
    if scale == 1 {
        return (slice.to_vec(), columns);
    }
    let small = columns / 2;
    let at = |x: usize, y: usize| slice.get(y * columns + x).copied().unwrap_or(f32::NAN);
    let mut out = Vec::with_capacity(small * volume.size[1] / 2);
    for y in 0..volume.size[1] / 2 {
        for x in 0..small {
            let (x, y) = (2 * x, 2 * y);
            out.push((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4.0);
        }
    }
    (out, small)
}

/// Air beside the body against air above and below it: ghosts lie along one axis.
/// The mean of air in lines that cross the body ÷ contrast.
fn bands(volume: &Volume, regions: &Regions, along_rows: bool, contrast: f64) -> f64 {
    let [columns, rows, slices] = volume.size;
    let (mut beside, mut free) = ((0.0, 0_usize), (0.0, 0_usize));
    for z in 0..slices {
        let lines = if along_rows { rows } else { columns };
        let length = if along_rows { columns } else { rows };
        for line in 0..lines {
            let at = |i: usize| {
                let (x, y) = if along_rows { (i, line) } else { (line, i) };
                (z * rows + y) * columns + x
            };
            let body = (0..length)
                .filter(|&i| regions.is(at(i), Region::Body))
                .count();
            let sum = if body * 10 > length {
                &mut beside
            } else {
                &mut free
            };
            for i in (0..length).map(at).filter(|&i| regions.is(i, Region::Air)) {
                let v = volume.values.get(i).copied().unwrap_or(f32::NAN);
                if v.is_finite() {
                    sum.0 += f64::from(v);
                    sum.1 += 1;
                }
            }
        }
    }
    if beside.1 == 0 || free.1 == 0 {
        return 1e-3;
    }
    (beside.0 / beside.1 as f64 - free.0 / free.1 as f64).max(0.0) / contrast
}

/// The mean level of the outermost pixels ÷ contrast: left and right, first and last rows.
fn edges(volume: &Volume, low: f64, contrast: f64) -> [f64; 2] {
    let [columns, rows, slices] = volume.size;
    let mut sums = [(0.0, 0_usize); 2];
    for z in 0..slices {
        for y in 0..rows {
            for x in 0..columns {
                let near = |v: usize, n: usize| v < 3 || v + 3 >= n;
                let side = match (near(x, columns), near(y, rows)) {
                    (true, false) => 0,
                    (false, true) => 1,
                    _ => continue,
                };
                let v = volume.values.get((z * rows + y) * columns + x);
                if let (Some(v), Some(sum)) = (v.filter(|v| v.is_finite()), sums.get_mut(side)) {
                    sum.0 += ((f64::from(*v) - low) / contrast).clamp(0.0, 2.0);
                    sum.1 += 1;
                }
            }
        }
    }
    sums.map(|(sum, n)| sum / n.max(1) as f64)
}

/// How uneven bright tissue is: the spread of medians of blocks of the body, its part that a
/// plane explains, and the ratio of the brightest to the darkest block (all of logarithms).
fn unevenness(volume: &Volume, regions: &Regions) -> [f64; 3] {
    const GRID: usize = 7;
    let [columns, rows, _] = volume.size;
    let area = volume.area().max(1);
    let mut blocks: Vec<Vec<f32>> = vec![Vec::new(); GRID * GRID];
    let step = (volume.values.len() / 400_000).max(1);
    for (i, v) in volume.values.iter().enumerate().step_by(step) {
        if regions.is(i, Region::Body) && *v > 0.0 {
            let (x, y) = (i % columns, i % area / columns);
            if let Some(block) = blocks.get_mut(y * GRID / rows * GRID + x * GRID / columns) {
                block.push(*v);
            }
        }
    }
    let levels: Vec<[f64; 3]> = blocks
        .iter_mut()
        .enumerate()
        .filter(|(_, block)| block.len() >= 40)
        .filter_map(|(i, block)| {
            let level = crate::metrics::percentile(block, 0.75)?.max(1e-9).ln();
            let at = |n: usize| n as f64 / (GRID - 1) as f64 - 0.5;
            Some([at(i % GRID), at(i / GRID), level])
        })
        .collect();
    let n = levels.len() as f64;
    if levels.len() < 6 {
        return [0.0; 3];
    }
    let mean = |f: &dyn Fn(&[f64; 3]) -> f64| levels.iter().map(f).sum::<f64>() / n;
    let (mx, my, ml) = (mean(&|p| p[0]), mean(&|p| p[1]), mean(&|p| p[2]));
    let spread = mean(&|p| (p[2] - ml).powi(2)).sqrt();
    let slope = |axis: usize, middle: f64| {
        let part = |p: &[f64; 3]| p.get(axis).copied().unwrap_or(0.0) - middle;
        mean(&|p| part(p) * (p[2] - ml)) / mean(&|p| part(p).powi(2)).max(1e-6)
    };
    let plane = slope(0, mx).hypot(slope(1, my));
    let extreme = |f: fn(f64, f64) -> f64, from: f64| levels.iter().map(|p| p[2]).fold(from, f);
    let reach = extreme(f64::max, f64::NEG_INFINITY) - extreme(f64::min, f64::INFINITY);
    [spread.min(3.0), plane.min(5.0), reach.min(5.0)]
}

/// The spread of soft values in the worst slice ÷ in the middle one: streaks are in some slices.
fn worst_streak(volume: &Volume) -> f64 {
    if !volume.is_ct() {
        return 0.0;
    }
    let area = volume.area().max(1);
    let mut spreads: Vec<f64> = (0..volume.size[2])
        .filter_map(|z| {
            let mut soft: Vec<f32> = (0..area)
                .filter_map(|i| volume.slice(z).get(i).copied())
                .filter(|v| (-250.0..=350.0).contains(v))
                .collect();
            if soft.len() < 200 {
                return None;
            }
            Some(
                crate::metrics::percentile(&mut soft, 0.95)?
                    - crate::metrics::percentile(&mut soft, 0.05)?,
            )
        })
        .collect();
    spreads.sort_by(f64::total_cmp);
    match (spreads.last(), spreads.get(spreads.len() / 2)) {
        (Some(worst), Some(usual)) if *usual > 1e-9 => (worst / usual).min(20.0).ln(),
        _ => 0.0,
    }
}
