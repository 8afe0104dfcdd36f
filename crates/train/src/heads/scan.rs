//! A scan of a thing: field of view, slices, and what goes wrong in scanners.

use std::f64::consts::TAU;

use cordon_deface::{Grid, Kind, Label, normalise};

use super::contrast::{Contrast, Modality};
use super::defaced::Defaced;
use super::person::Age;
use super::shape::{Point, Turn, sub};
use super::thing::Thing;
use super::tissue::{Spot, Tissue};
use crate::random::Random;

/// What part of the thing is in the picture. Half edges in the field's own directions, in mm.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) centre: Point,
    pub(crate) half: Point,
    pub(crate) turn: Turn,
}

impl Field {
    pub(crate) fn new(r: &mut Random) -> Self {
        let small = |r: &mut Random| r.range(-0.16, 0.16);
        let turn = Turn::new(small(r) * 1.5, small(r), small(r));
        let (name, low, high) = match r.below(24) {
            20..=23 => Self::slab(r),
            0..=5 => (
                "whole",
                [
                    r.range(-125.0, -95.0),
                    r.range(-150.0, -118.0),
                    r.range(-215.0, -150.0),
                ],
                [
                    r.range(95.0, 125.0),
                    r.range(115.0, 140.0),
                    r.range(92.0, 130.0),
                ],
            ),
            6..=11 => (
                "brain",
                [
                    r.range(-125.0, -88.0),
                    r.range(-140.0, -105.0),
                    r.range(-120.0, -20.0),
                ],
                [
                    r.range(88.0, 125.0),
                    r.range(100.0, 130.0),
                    r.range(60.0, 120.0),
                ],
            ),
            12..=14 => (
                "sagittal",
                [
                    r.range(-100.0, -55.0),
                    r.range(-150.0, -105.0),
                    r.range(-190.0, -120.0),
                ],
                [
                    r.range(55.0, 100.0),
                    r.range(100.0, 140.0),
                    r.range(88.0, 120.0),
                ],
            ),
            15..=16 => (
                "face",
                [
                    r.range(-110.0, -60.0),
                    r.range(-140.0, -112.0),
                    r.range(-190.0, -120.0),
                ],
                [
                    r.range(60.0, 110.0),
                    r.range(10.0, 90.0),
                    r.range(-15.0, 60.0),
                ],
            ),
            17 => (
                "neck",
                [
                    r.range(-125.0, -80.0),
                    r.range(-140.0, -90.0),
                    r.range(-300.0, -240.0),
                ],
                [
                    r.range(80.0, 125.0),
                    r.range(80.0, 130.0),
                    r.range(-80.0, 20.0),
                ],
            ),
            _ => (
                "cut",
                [
                    r.range(-95.0, -40.0),
                    r.range(-120.0, -70.0),
                    r.range(-140.0, -30.0),
                ],
                [
                    r.range(40.0, 95.0),
                    r.range(60.0, 120.0),
                    r.range(30.0, 100.0),
                ],
            ),
        };
        Self {
            name,
            centre: std::array::from_fn(|a| f64::midpoint(low[a], high[a])),
            half: std::array::from_fn(|a| (high[a] - low[a]) / 2.0),
            turn,
        }
    }

    /// A piece of a head that ends inside of it along one axis or all: slabs for perfusion or
    /// function, blocks around the pituitary gland or an ear, the upper half alone.
    fn slab(r: &mut Random) -> (&'static str, Point, Point) {
        let mut low = [-100.0, -125.0, -150.0].map(|v| v + r.range(-20.0, 20.0));
        let mut high = [100.0, 115.0, 105.0].map(|v| v + r.range(-20.0, 20.0));
        let main = [2, 2, 2, 0, 1][r.below(5)];
        let all = r.chance(0.15);
        for a in 0..3 {
            if a == main || all {
                let long = r.range(25.0, 125.0);
                let from = r.range(low[a], high[a] - long);
                (low[a], high[a]) = (from, from + long);
            }
        }
        ("slab", low, high)
    }

    /// Where a point lies in the field's own directions, from its centre.
    pub(crate) fn own(&self, p: Point) -> Point {
        self.turn.back(sub(p, self.centre))
    }

    /// The reverse of [`Field::own`].
    pub(crate) fn patient(&self, own: Point) -> Point {
        let p = self.turn.apply(own);
        std::array::from_fn(|a| p[a] + self.centre[a])
    }

    pub(crate) fn holds(&self, p: Point) -> bool {
        let q = self.own(p);
        (0..3).all(|a| q[a].abs() <= self.half[a])
    }
}

/// How the scan is made.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) modality: Modality,
    pub(crate) contrast: Contrast,
    pub(crate) field: Field,
    /// Thickness of slices in mm, and which axis of the field they are stacked along.
    pub(crate) slice: f64,
    pub(crate) axis: usize,
    pub(crate) noise: f64,
    pub(crate) bias: Vec<(Point, f64, f64)>,
    pub(crate) ghost: Option<(usize, f64, f64)>,
    pub(crate) blur: bool,
    pub(crate) holder: Option<(f64, f64)>,
    pub(crate) gamma: f64,
    pub(crate) defaced: Option<Defaced>,
    seed: u64,
}

impl Setting {
    pub(crate) fn new(r: &mut Random) -> Self {
        let modality = Modality::any(r);
        let slice = match r.below(10) {
            0..=3 => r.range(0.7, 1.5),
            4..=6 => r.range(1.5, 4.0),
            _ => r.range(4.0, 7.0),
        };
        Self {
            modality,
            contrast: Contrast::new(modality, r),
            field: Field::new(r),
            slice,
            axis: if modality == Modality::Mr {
                r.below(3)
            } else {
                2
            },
            noise: match modality {
                Modality::Mr => r.range(0.0, 0.08),
                Modality::Ct => r.range(3.0, 60.0),
                Modality::Pet => r.range(0.02, 0.15),
            },
            bias: if modality == Modality::Mr {
                (0..3)
                    .map(|_| {
                        let k = [r.normal(), r.normal(), r.normal()].map(|v| v * 0.012);
                        (k, r.range(0.0, TAU), r.range(0.0, 0.28))
                    })
                    .collect()
            } else {
                Vec::new()
            },
            ghost: (modality == Modality::Mr && r.chance(0.15))
                .then(|| (r.below(3), r.range(20.0, 90.0), r.range(0.03, 0.15))),
            blur: modality == Modality::Pet || r.chance(0.15),
            holder: r
                .chance(if modality == Modality::Ct { 0.7 } else { 0.1 })
                .then(|| (r.range(108.0, 135.0), r.range(60.0, 200.0))),
            gamma: r.range(0.75, 1.35),
            defaced: r.chance(0.18).then(|| Defaced::new(r)),
            seed: r.bits(),
        }
    }

    /// Tissue at a point, holders included.
    pub(crate) fn spot(&self, thing: &Thing, p: Point) -> Spot {
        let mut spot = thing.spot(p);
        if let (Some(defaced), Thing::Head(person)) = (&self.defaced, thing)
            && spot.tissue != Tissue::Outside
            && defaced.takes(person, p, spot)
        {
            spot = Spot::OUTSIDE;
        }
        if spot.tissue == Tissue::Outside
            && let Some((back, bend)) = self.holder
        {
            let d = p[1] - back + p[0] * p[0] / bend / 4.0;
            if d.abs() < 3.0 || (d - 22.0).abs() < 2.5 {
                return Spot {
                    tissue: Tissue::Holder,
                    label: Label::Outside,
                };
            }
        }
        spot
    }

    /// The value of a tissue at a point, before noise.
    pub(crate) fn value(&self, tissue: Tissue, p: Point, r: &mut Random) -> f64 {
        let i = tissue as usize;
        let mut value = self.contrast.mean[i] + self.contrast.texture[i] * r.normal();
        if self.modality == Modality::Mr {
            for (k, phase, strength) in &self.bias {
                value *= 1.0 + strength * (super::shape::dot(*k, p) + phase).sin();
            }
        }
        value
    }

    pub(crate) fn noisy(&self, value: f64, r: &mut Random) -> f64 {
        match self.modality {
            // The magnitude of a complex number with noise in both parts.
            Modality::Mr => ((value + self.noise * r.normal()).powi(2)
                + (self.noise * r.normal()).powi(2))
            .sqrt(),
            Modality::Ct => (value + self.noise * r.normal()).max(-1024.0),
            Modality::Pet => (value + self.noise * r.normal() * value.max(0.05).sqrt()).max(0.0),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self.modality {
            Modality::Ct => Kind::Hounsfield,
            _ => Kind::Relative,
        }
    }
}

/// One example: a cube as the network sees it, and the label of each voxel.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) cube: Vec<f32>,
    pub(crate) labels: Vec<u8>,
}

impl Example {
    /// Another example that is as true: mirrored between left and right, shifted by whole voxels,
    /// a little brighter or darker in the middle, with a little more noise. What is shifted in is
    /// as empty as what lies outside of a scan.
    pub(crate) fn varied(&self, edge: usize, r: &mut Random) -> Self {
        let mirrored = r.chance(0.5);
        let shift = [0; 3].map(|_| r.below(7) as isize - 3);
        let (gamma, noise) = (r.range(0.85, 1.18) as f32, r.range(0.0, 0.03) as f32);
        let mut cube = vec![0.0; self.cube.len()];
        let mut labels = vec![0; self.labels.len()];
        let from = |v: usize, axis: usize| v.checked_add_signed(shift[axis]).filter(|v| *v < edge);
        for (row, (cube, labels)) in cube
            .chunks_exact_mut(edge)
            .zip(labels.chunks_exact_mut(edge))
            .enumerate()
        {
            let (Some(y), Some(z)) = (from(row % edge, 1), from(row / edge, 2)) else {
                continue;
            };
            let start = (z * edge + y) * edge;
            for x in 0..edge {
                let Some(mut i) = from(x, 0) else { continue };
                if mirrored {
                    i = edge - 1 - i;
                }
                let value = self.cube[start + i];
                labels[x] = self.labels[start + i];
                // Outside of a scan there is nothing at all, not even noise.
                if value != 0.0 {
                    cube[x] = value.max(0.0).powf(gamma) + noise * (r.unit() as f32 - 0.5) * 2.0;
                }
            }
        }
        Self { cube, labels }
    }
}

/// A thing for training: mostly heads of all ages.
pub(crate) fn any_thing(r: &mut Random) -> Thing {
    if r.chance(0.2) {
        return Thing::other(r);
    }
    let age = match r.below(10) {
        0 => Age::Infant,
        1..=2 => Age::Child,
        3..=7 => Age::Adult,
        _ => Age::Old,
    };
    let wild = r.range(0.7, 1.3);
    Thing::head(r, age, wild)
}

/// One example from a seed.
pub(crate) fn example(seed: u64, edge: usize, step: f64) -> Example {
    let mut r = Random::new(seed);
    let thing = any_thing(&mut r);
    let setting = Setting::new(&mut r);
    let jitter = [0; 3].map(|_| r.range(-22.0, 22.0));
    let mut centre: Point = std::array::from_fn(|a| setting.field.centre[a] + jitter[a]);
    // A long field is looked at piece by piece.
    let room = (setting.field.half[2] - edge as f64 * step / 2.0).max(0.0);
    centre[2] += r.range(-room, room.max(1e-9));
    let half = edge as f64 / 2.0 - 0.5;
    let grid = Grid {
        origin: std::array::from_fn(|a| centre[a] - half * step),
        step,
        size: [edge; 3],
    };
    let mut r = Random::new(setting.seed);
    let n = grid.len();
    let mut values = vec![0f64; n];
    let mut labels = vec![0u8; n];
    let mut seen = vec![false; n];
    let draws = if r.chance(0.5) { 2 } else { 1 };
    for i in 0..n {
        let p = grid.centre(grid.voxel(i));
        if !setting.field.holds(p) {
            continue;
        }
        seen[i] = true;
        let mut sum = 0.0;
        for draw in 0..draws {
            let q = if draw == 0 {
                p
            } else {
                std::array::from_fn(|a| p[a] + step * r.range(-0.5, 0.5))
            };
            let spot = setting.spot(&thing, q);
            if draw == 0 {
                labels[i] = spot.label as u8;
            }
            sum += setting.value(spot.tissue, q, &mut r);
        }
        values[i] = sum / f64::from(draws);
    }
    if setting.blur {
        for axis in 0..3 {
            smooth(&mut values, &grid, axis);
        }
    }
    if setting.slice > step {
        thick(
            &mut values,
            &grid,
            setting.axis,
            setting.slice / step,
            r.unit(),
        );
    }
    if let Some((axis, shift, strength)) = setting.ghost {
        ghost(&mut values, &grid, axis, (shift / step) as usize, strength);
    }
    streaks(&thing, &setting, &grid, &mut values, &mut r);
    let values: Vec<f32> = values
        .iter()
        .map(|&v| setting.noisy(v, &mut r) as f32)
        .collect();
    let mut cube = normalise(&values, &seen, setting.kind());
    if setting.modality == Modality::Mr {
        for v in &mut cube {
            *v = v.powf(setting.gamma as f32);
        }
    }
    Example { cube, labels }
}

fn stride(grid: &Grid, axis: usize) -> usize {
    grid.size[..axis].iter().product()
}

/// A binomial filter along one axis.
fn smooth(values: &mut [f64], grid: &Grid, axis: usize) {
    let s = stride(grid, axis);
    let before = values.to_vec();
    for (i, value) in values.iter_mut().enumerate() {
        let at = grid.voxel(i)[axis];
        let a = if at > 0 { before[i - s] } else { before[i] };
        let b = if at + 1 < grid.size[axis] {
            before[i + s]
        } else {
            before[i]
        };
        *value = (a + 2.0 * before[i] + b) / 4.0;
    }
}

/// Slices of `width` voxels along one axis, and linear interpolation between them.
fn thick(values: &mut [f64], grid: &Grid, axis: usize, width: f64, phase: f64) {
    let s = stride(grid, axis);
    let n = grid.size[axis];
    for i in 0..values.len() {
        if grid.voxel(i)[axis] != 0 {
            continue;
        }
        let line: Vec<f64> = (0..n).map(|k| values[i + k * s]).collect();
        let mean = |centre: f64| {
            let low = (centre - width / 2.0).round().max(0.0) as usize;
            let high = ((centre + width / 2.0).round() as usize).clamp(low + 1, n.max(low + 1));
            let part = &line[low.min(n - 1)..high.min(n)];
            part.iter().sum::<f64>() / part.len().max(1) as f64
        };
        for k in 0..n {
            let place = (k as f64 - phase * width) / width;
            let (a, t) = (place.floor(), place - place.floor());
            let centre = |m: f64| ((m + phase) * width).clamp(0.0, n as f64 - 1.0);
            values[i + k * s] = mean(centre(a)) * (1.0 - t) + mean(centre(a + 1.0)) * t;
        }
    }
}

fn ghost(values: &mut [f64], grid: &Grid, axis: usize, shift: usize, strength: f64) {
    let s = stride(grid, axis);
    let n = grid.size[axis];
    let before = values.to_vec();
    for (i, value) in values.iter_mut().enumerate() {
        let at = grid.voxel(i)[axis];
        let from = (at + shift) % n;
        *value += strength * before[i + from * s - at * s];
    }
}

/// Bright and dark rays from metal in CT, slice by slice.
fn streaks(thing: &Thing, setting: &Setting, grid: &Grid, values: &mut [f64], r: &mut Random) {
    let Thing::Head(person) = thing else { return };
    if setting.modality != Modality::Ct {
        return;
    }
    for (at, radius) in &person.implants {
        let centre = person.global(*at);
        let (spokes, phase) = (3.0 + r.below(6) as f64, r.range(0.0, TAU));
        let strength = r.range(100.0, 700.0) * radius / 4.0;
        for (i, value) in values.iter_mut().enumerate() {
            let p = grid.centre(grid.voxel(i));
            if (p[2] - centre[2]).abs() > radius + 2.0 {
                continue;
            }
            let (dx, dy) = (p[0] - centre[0], p[1] - centre[1]);
            let far = (dx * dx + dy * dy).sqrt() + 6.0;
            *value += strength * 8.0 / far * (dy.atan2(dx) * spokes + phase).sin();
        }
    }
}
