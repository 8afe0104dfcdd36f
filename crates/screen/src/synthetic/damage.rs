//! Damage of ten kinds, graded from 0 (none) to 1 (severe); 0.5 is moderate.

use crate::synthetic::Random;
use crate::volume::Volume;

/// A kind of damage, by its name in [`cordon_protocol::DAMAGE_KINDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The patient moved between lines of k-space: ghosts and blur along the phase axis.
    Motion,
    /// More noise.
    Noise,
    /// A wider point spread.
    Blur,
    /// Even and odd lines differ: a ghost at half the field of view.
    Ghosting,
    /// Anatomy outside the field of view comes in at the other side.
    Wrap,
    /// Uneven brightness.
    Bias,
    /// Metal with streaks and dark bands.
    Metal,
    /// Bright values cut off.
    Clipping,
    /// Neighbouring slices taken out.
    SlicesLost,
    /// Slices in the wrong order.
    SlicesSwapped,
}

impl Kind {
    /// Every kind, in the order of [`cordon_protocol::DAMAGE_KINDS`].
    pub const ALL: [Self; 10] = [
        Self::Motion,
        Self::Noise,
        Self::Blur,
        Self::Ghosting,
        Self::Wrap,
        Self::Bias,
        Self::Metal,
        Self::Clipping,
        Self::SlicesLost,
        Self::SlicesSwapped,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Motion => "motion",
            Self::Noise => "noise",
            Self::Blur => "blur",
            Self::Ghosting => "ghosting",
            Self::Wrap => "wrap",
            Self::Bias => "bias",
            Self::Metal => "metal",
            Self::Clipping => "clipping",
            Self::SlicesLost => "slices-lost",
            Self::SlicesSwapped => "slices-swapped",
        }
    }

    /// Whether this kind is made for images of this modality.
    #[must_use]
    pub fn is_of(self, modality: &str) -> bool {
        match self {
            Self::Motion | Self::Ghosting | Self::Wrap | Self::Bias => modality == "MR",
            Self::Metal => modality == "CT",
            _ => matches!(modality, "MR" | "CT"),
        }
    }
}

/// Does damage of a kind to a volume in place; grade 0 to 1.
pub fn damage(volume: &mut Volume, kind: Kind, grade: f64, random: &mut Random) {
    let grade = grade.clamp(0.0, 1.0);
    if grade <= 0.0 || volume.values.is_empty() {
        return;
    }
    let ct = volume.is_ct();
    let bright = bright(volume);
    match kind {
        Kind::Motion => motion(volume, grade, random),
        Kind::Noise if ct => noise(volume, 25.0 + 60.0 * grade, random),
        Kind::Noise => noise(volume, bright * (0.04 + 0.14 * grade), random),
        Kind::Blur => blur(volume, 0.7 + 2.2 * grade),
        Kind::Ghosting => ghost(volume, 0.04 + 0.3 * grade, random),
        Kind::Wrap => wrap(volume, 0.1 + 0.25 * grade, random),
        Kind::Bias => bias(volume, 0.3 + 0.6 * grade, random),
        Kind::Metal => metal(volume, grade, random),
        Kind::Clipping => clip(volume, 0.05 + 0.4 * grade),
        Kind::SlicesLost => lose(volume, grade, random),
        Kind::SlicesSwapped => swap(volume, grade, random),
    }
}

fn bright(volume: &Volume) -> f64 {
    let mut values: Vec<f32> = volume
        .values
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .collect();
    crate::metrics::percentile(&mut values, 0.98).unwrap_or(1.0)
}

/// Rician noise for magnitude images, Gaussian for CT.
pub(super) fn noise(volume: &mut Volume, sigma: f64, random: &mut Random) {
    let ct = volume.is_ct();
    for v in &mut volume.values {
        let real = f64::from(*v) + sigma * random.normal();
        *v = if ct {
            real as f32
        } else {
            real.hypot(sigma * random.normal()) as f32
        };
    }
}

/// Gaussian blur inside slices.
pub(super) fn blur(volume: &mut Volume, sigma: f64) {
    let reach = (3.0 * sigma).ceil() as i64;
    let mut kernel: Vec<f64> = (-reach..=reach)
        .map(|i| (-0.5 * (i as f64 / sigma).powi(2)).exp())
        .collect();
    let sum: f64 = kernel.iter().sum();
    kernel.iter_mut().for_each(|k| *k /= sum);
    let [columns, rows, _] = volume.size;
    along(volume, columns, 1, reach, &kernel);
    along(volume, rows, columns, reach, &kernel);
}

/// Convolves lines of `n` pixels that are `stride` apart; edges are continued.
fn along(volume: &mut Volume, n: usize, stride: usize, reach: i64, kernel: &[f64]) {
    let old = volume.values.clone();
    for (i, v) in volume.values.iter_mut().enumerate() {
        let at = i / stride % n;
        let start = i - at * stride;
        *v = kernel
            .iter()
            .zip(-reach..)
            .map(|(k, d)| {
                let j = (at as i64 + d).clamp(0, n as i64 - 1).unsigned_abs() as usize;
                k * f64::from(old.get(start + j * stride).copied().unwrap_or(0.0))
            })
            .sum::<f64>() as f32;
    }
}

/// Uneven brightness: a smooth field between 1 − depth and 1.
pub(super) fn bias(volume: &mut Volume, depth: f64, random: &mut Random) {
    let [columns, rows, _] = volume.size;
    let turn = random.between(0.0, std::f64::consts::TAU);
    let bow = random.between(-0.5, 0.5);
    for (i, v) in volume.values.iter_mut().enumerate() {
        let x = 2.0 * (i % columns) as f64 / columns as f64 - 1.0;
        let y = 2.0 * (i / columns % rows) as f64 / rows as f64 - 1.0;
        let slope = x * turn.cos() + y * turn.sin() + bow * (x * x + y * y - 0.5);
        *v *= (1.0 - depth * (0.5 + 0.5 * (1.3 * slope).tanh())) as f32;
    }
}

/// Displacement along the phase axis, line by line of k-space. A line's shift is a factor of
/// that line alone, so the whole is a circular convolution along the axis with a complex kernel.
fn motion(volume: &mut Volume, grade: f64, random: &mut Random) {
    let [columns, rows, _] = volume.size;
    let far = (0.8 + 3.2 * grade) * rows as f64 / 100.0;
    // Breathing for some, a few sudden moves for others.
    let periodic = random.unit() < 0.5;
    let (rate, phase) = (random.between(4.0, 18.0), random.between(0.0, 6.3));
    let mut place = 0.0;
    let shifts: Vec<f64> = (0..rows)
        .map(|line| {
            if periodic {
                place =
                    far * (std::f64::consts::TAU * rate * line as f64 / rows as f64 + phase).sin();
            } else if random.unit() < 5.0 / rows as f64 {
                place = 1.8 * far * random.sign() * random.between(0.3, 1.0);
            }
            place
        })
        .collect();
    let kernel: Vec<[f64; 2]> = (0..rows)
        .map(|y| {
            let sum = shifts
                .iter()
                .enumerate()
                .fold([0.0, 0.0], |sum, (line, d)| {
                    let k = line as f64 - rows as f64 / 2.0;
                    let angle = std::f64::consts::TAU * k * (y as f64 - d) / rows as f64;
                    [sum[0] + angle.cos(), sum[1] + angle.sin()]
                });
            sum.map(|s| s / rows as f64)
        })
        .collect();
    let old = volume.values.clone();
    for (i, v) in volume.values.iter_mut().enumerate() {
        let (x, y, z) = (i % columns, i / columns % rows, i / (columns * rows));
        let sum = kernel.iter().enumerate().fold([0.0, 0.0], |sum, (d, k)| {
            let from = (z * rows + (y + rows - d) % rows) * columns + x;
            let value = f64::from(old.get(from).copied().unwrap_or(0.0));
            [sum[0] + k[0] * value, sum[1] + k[1] * value]
        });
        *v = sum[0].hypot(sum[1]) as f32;
    }
}

fn ghost(volume: &mut Volume, share: f64, random: &mut Random) {
    let [columns, rows, _] = volume.size;
    let phase = random.between(-1.0, 1.0);
    let old = volume.values.clone();
    for (i, v) in volume.values.iter_mut().enumerate() {
        let (x, y, z) = (i % columns, i / columns % rows, i / (columns * rows));
        let from = (z * rows + (y + rows / 2) % rows) * columns + x;
        let other = share * f64::from(old.get(from).copied().unwrap_or(0.0));
        let real = f64::from(*v) * (1.0 - share / 2.0) + other * phase;
        *v = real.hypot(other * (1.0 - phase * phase).sqrt()) as f32;
    }
}

/// A field of view shorter by `share`: what is outside of it comes in at the other side.
fn wrap(volume: &mut Volume, share: f64, random: &mut Random) {
    let [columns, rows, slices] = volume.size;
    let across = random.unit() < 0.5;
    let n = if across { columns } else { rows };
    // At least as much as the body leaves free, or nothing wraps.
    let cut = ((n as f64 * share) as i64)
        .clamp(1, n as i64 / 2)
        .unsigned_abs() as usize;
    let keep = n - cut;
    let from = cut / 2;
    let size = if across {
        [keep, rows, slices]
    } else {
        [columns, keep, slices]
    };
    let mut values = Vec::with_capacity(size.iter().product());
    for z in 0..slices {
        for y in 0..size[1] {
            for x in 0..size[0] {
                let at = |along: usize| {
                    let (x, y) = if across { (along, y) } else { (x, along) };
                    let i = (z * rows + y) * columns + x;
                    volume.values.get(i).copied().unwrap_or(0.0)
                };
                let along = if across { x } else { y };
                let mut sum = at(along + from);
                if along + from >= keep {
                    sum += at(along + from - keep);
                }
                if along + from + keep < n {
                    sum += at(along + from + keep);
                }
                values.push(sum);
            }
        }
    }
    *volume = Volume::new(size, volume.spacing, values, &volume.modality);
}

/// Pieces of metal in some slices: brighter than anything, with streaks through the slice.
fn metal(volume: &mut Volume, grade: f64, random: &mut Random) {
    let [columns, rows, slices] = volume.size;
    let first = random.below(slices * 2 / 3 + 1);
    let last = (first + 2 + random.below(slices / 3 + 1)).min(slices);
    let pieces: Vec<[f64; 3]> = (0..1 + (3.0 * grade) as i64)
        .map(|_| {
            [
                columns as f64 * random.between(0.3, 0.7),
                rows as f64 * random.between(0.3, 0.7),
                random.between(1.2, 2.0 + 2.0 * grade),
            ]
        })
        .collect();
    let spokes = 8.0 + random.below(10) as f64;
    let phase = random.between(0.0, 6.3);
    let strength = 80.0 + 420.0 * grade;
    for z in first..last {
        for y in 0..rows {
            for x in 0..columns {
                let Some(v) = volume.values.get_mut((z * rows + y) * columns + x) else {
                    continue;
                };
                for piece in &pieces {
                    let (dx, dy) = (x as f64 - piece[0], y as f64 - piece[1]);
                    let d = dx.hypot(dy);
                    if d <= piece[2] {
                        *v = random.between(3050.0, 6000.0) as f32;
                    } else if *v <= 3000.0 {
                        let turn = (spokes * dy.atan2(dx) + phase).sin();
                        let far = (-d / (0.25 * columns as f64)).exp();
                        *v = (f64::from(*v) + strength * turn.powi(3) * far).max(-1024.0) as f32;
                    }
                }
            }
        }
    }
}

/// Cuts off the brightest `share` of what gives signal.
fn clip(volume: &mut Volume, share: f64) {
    let floor = if volume.is_ct() {
        -200.0
    } else {
        0.12 * bright(volume)
    };
    let mut signal: Vec<f32> = volume
        .values
        .iter()
        .copied()
        .filter(|v| f64::from(*v) > floor)
        .collect();
    if let Some(top) = crate::metrics::percentile(&mut signal, 1.0 - share) {
        for v in &mut volume.values {
            *v = v.min(top as f32);
        }
    }
}

fn lose(volume: &mut Volume, grade: f64, random: &mut Random) {
    let slices = volume.size[2];
    let most = slices.saturating_sub(7);
    let n = (1 + (1.0 + 4.0 * grade) as i64).unsigned_abs() as usize;
    let n = n.min(most);
    if n == 0 {
        return;
    }
    let first = 2 + random.below(slices - n - 3);
    let area = volume.area();
    volume.values.drain(first * area..(first + n) * area);
    volume.size[2] -= n;
}

fn swap(volume: &mut Volume, grade: f64, random: &mut Random) {
    let slices = volume.size[2];
    if slices < 6 {
        return;
    }
    let area = volume.area();
    for _ in 0..1 + (2.0 * grade) as i64 {
        let far = 2 + random.below((slices / 3).max(1));
        let first = random.below(slices - far);
        for i in 0..area {
            volume
                .values
                .swap(first * area + i, (first + far) * area + i);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Settings, body};

    #[test]
    fn the_same_seed_makes_the_same_damage_and_grades_grow() {
        for kind in Kind::ALL {
            for modality in ["MR", "CT"] {
                if !kind.is_of(modality) {
                    continue;
                }
                let whole = body(&Settings::TRAINING, modality, &mut Random::new(5));
                let hurt = |grade: f64| {
                    let mut volume = whole.clone();
                    damage(&mut volume, kind, grade, &mut Random::new(9));
                    volume
                };
                assert_eq!(hurt(0.0), whole);
                assert_eq!(hurt(0.5), hurt(0.5));
                assert_ne!(hurt(0.5), whole, "{}", kind.name());
                let size = hurt(1.0);
                assert_eq!(size.values.len(), size.size.iter().product::<usize>());
                assert!(size.values.iter().all(|v| v.is_finite()));
            }
        }
    }

    #[test]
    fn kinds_are_those_of_the_protocol() {
        assert_eq!(Kind::ALL.map(Kind::name), cordon_protocol::DAMAGE_KINDS);
    }
}
