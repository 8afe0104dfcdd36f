//! Body and air, robust to what scanners do to the background.
//!
//! Scanners fill what they did not image with one value, or set noise to zero. Such voxels are
//! no air: a value that takes a large part of the outside is left out when there is anything else.

use crate::metrics::statistics::Sample;
use crate::volume::Volume;

/// Below this a voxel of CT is no body, in HU.
const CT_BODY: f32 = -500.0;
/// One value on more than this share of the outside was written by the scanner and not measured.
const FILLED: f64 = 0.25;
/// Pixels around the body that are neither body nor air: blur and chemical shift.
const RIM: usize = 2;

/// What a voxel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Neither for sure.
    Other,
    /// Patient, table, coil: whatever gives signal, with what it encloses.
    Body,
    /// Outside, measured by the scanner.
    Air,
}

/// The region of every voxel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    labels: Vec<Region>,
    /// How many voxels are body.
    pub body: usize,
    /// How many voxels are air.
    pub air: usize,
}

impl Regions {
    /// Parts a volume into body and air, slice by slice.
    #[must_use]
    pub fn of(volume: &Volume) -> Self {
        let mut labels = vec![Region::Other; volume.values.len()];
        if let Some(limit) = threshold(volume) {
            let n = volume.area().max(1);
            for (z, labels) in labels.chunks_mut(n).enumerate() {
                part(volume, z, limit, labels);
            }
            unfill(volume, &mut labels);
        }
        let count = |r| labels.iter().filter(|l| **l == r).count();
        let (body, air) = (count(Region::Body), count(Region::Air));
        Self { labels, body, air }
    }

    /// Whether the voxel at `i` is of this region.
    #[must_use]
    pub fn is(&self, i: usize, region: Region) -> bool {
        self.labels.get(i) == Some(&region)
    }
}

/// Above it, a voxel gives signal.
fn threshold(volume: &Volume) -> Option<f32> {
    if volume.is_ct() {
        return Some(CT_BODY);
    }
    let all = Sample::of(volume, |_| true);
    let otsu = all.otsu()?;
    // Otsu parts dark from bright; dark tissue belongs to the body too.
    let below = all.filter(|v| v <= otsu).median()?;
    let above = all.filter(|v| v > otsu).median()?;
    // Half way from the background, but clear of its noise.
    let noise = all.filter(|v| v <= below).spread().unwrap_or(0.0);
    let low = (below + 0.12 * (above - below)).max(below + 5.0 * noise);
    Some(low.min(otsu) as f32)
}

fn part(volume: &Volume, z: usize, limit: f32, labels: &mut [Region]) {
    let [columns, rows, _] = volume.size;
    let slice = volume.slice(z);
    let signal: Vec<bool> = slice.iter().map(|v| *v > limit).collect();
    // Single pixels of noise above the limit are no body: two of the four neighbours agree.
    let firm = |i: usize| {
        let x = i % columns;
        let near = [
            (x > 0).then(|| i - 1),
            (x + 1 < columns).then_some(i + 1),
            i.checked_sub(columns),
            Some(i + columns),
        ];
        let near = near.into_iter().flatten();
        near.filter(|&j| signal.get(j) == Some(&true)).count() >= 2
    };
    let solid: Vec<bool> = (0..slice.len())
        .map(|i| signal.get(i) == Some(&true) && firm(i))
        .collect();
    let grown = grow(&solid, columns, rows);
    // From the edges, through everything that the grown body leaves open.
    let mut outside = vec![false; slice.len()];
    let mut open: Vec<usize> = (0..slice.len())
        .filter(|i| {
            let (x, y) = (i % columns, i / columns);
            x == 0 || y == 0 || x + 1 == columns || y + 1 == rows
        })
        .collect();
    while let Some(i) = open.pop() {
        if outside.get(i) != Some(&false) || grown.get(i) == Some(&true) {
            continue;
        }
        if let Some(o) = outside.get_mut(i) {
            *o = true;
        }
        let x = i % columns;
        open.extend((x > 0).then(|| i - 1));
        open.extend((x + 1 < columns).then_some(i + 1));
        open.extend(i.checked_sub(columns));
        open.push(i + columns);
    }
    for (i, label) in labels.iter_mut().enumerate() {
        let finite = slice.get(i).is_some_and(|v| v.is_finite());
        *label = if !finite {
            Region::Other
        } else if solid.get(i) == Some(&true) {
            Region::Body
        } else if outside.get(i) == Some(&true) {
            Region::Air
        } else {
            Region::Other
        };
    }
}

/// Grows a mask by [`RIM`] pixels along rows and columns.
fn grow(mask: &[bool], columns: usize, rows: usize) -> Vec<bool> {
    let mut wide = mask.to_vec();
    for (y, row) in mask.chunks(columns.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, m)| **m) {
            let from = y * columns + x.saturating_sub(RIM);
            let to = y * columns + (x + RIM).min(columns - 1);
            if let Some(part) = wide.get_mut(from..=to) {
                part.fill(true);
            }
        }
    }
    let mut out = wide.clone();
    for y in 0..rows {
        for x in 0..columns {
            let near = y.saturating_sub(RIM)..=(y + RIM).min(rows - 1);
            if near
                .into_iter()
                .any(|y| wide.get(y * columns + x) == Some(&true))
                && let Some(o) = out.get_mut(y * columns + x)
            {
                *o = true;
            }
        }
    }
    out
}

/// Takes out of the air what the scanner filled with one value.
fn unfill(volume: &Volume, labels: &mut [Region]) {
    for _ in 0..3 {
        let air = Sample::of(volume, |i| labels.get(i) == Some(&Region::Air));
        let Some(middle) = air.most_common() else {
            return;
        };
        let (value, share) = middle;
        // Everything has one value: then that is the air there is.
        if !(FILLED..=0.995).contains(&share) {
            return;
        }
        for (label, v) in labels.iter_mut().zip(&volume.values) {
            if *label == Region::Air && v.to_bits() == value.to_bits() {
                *label = Region::Other;
            }
        }
    }
}
