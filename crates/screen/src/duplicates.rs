//! Series with the same, or nearly the same, content across a contribution.
//!
//! Exact: SHA-256 over the decoded stored values of each slice, so that the same picture is found
//! under other UIDs, names and transfer syntaxes. Near: a perceptual hash of the volume, so that
//! it is found after a second export with other scaling, lossy compression or a changed noise
//! floor. Both are identifiers of the original: they stay in memory and go into no report.
//!
//! Limits: the hash sees a grid of 8 × 8 × 8 blocks in the order of the scanner's axes. A turned,
//! mirrored, cropped or resliced copy is not found; two scans of one person without movement in
//! between may be.

use std::collections::BTreeMap;

use cordon_protocol::{Code, Quality};

use crate::report::{Noticed, SeriesReport};
use crate::volume::Volume;

/// Blocks along each axis.
const GRID: usize = 8;
/// Neighbouring blocks that differ by less than this part of the contrast are alike.
const ALIKE: f64 = 0.02;
/// The hash says something when at least this many neighbours differ.
const ENOUGH: usize = 64;
/// The largest share of differing places for nearly the same content, where a protocol does not
/// say otherwise. Measured on 24 synthetic bodies: copies with other scaling and more noise differ
/// in at most 0.047, 23 pairs of different bodies in at least 0.127. Real bodies were not measured.
pub const NEAR: f64 = 0.06;

/// For each pair of neighbouring blocks, along columns, rows and slices: does it rise, fall or
/// stay?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeHash(Vec<i8>);

impl VolumeHash {
    /// The hash of a volume; `None` where it is too small or too plain.
    #[must_use]
    pub fn of(volume: &Volume) -> Option<Self> {
        let [columns, rows, slices] = volume.size;
        if columns < GRID || rows < GRID || slices < 2 {
            return None;
        }
        let mut sums = vec![(0.0, 0_usize); GRID * GRID * GRID];
        for (i, v) in volume
            .values
            .iter()
            .enumerate()
            .filter(|(_, v)| v.is_finite())
        {
            let (x, y, z) = (i % columns, i / columns % rows, i / (columns * rows));
            // Fewer slices than blocks fill several blocks each.
            let block = (z * GRID / slices * GRID + y * GRID / rows) * GRID + x * GRID / columns;
            if let Some(sum) = sums.get_mut(block) {
                // Metal and padding would take all of the contrast.
                sum.0 += if volume.is_ct() {
                    f64::from(v.clamp(-1000.0, 1000.0))
                } else {
                    f64::from(*v)
                };
                sum.1 += 1;
            }
        }
        let means: Vec<Option<f64>> = sums
            .iter()
            .map(|(sum, n)| (*n > 0).then(|| sum / *n as f64))
            .collect();
        let reach = |f: fn(f64, f64) -> f64, from| means.iter().flatten().copied().fold(from, f);
        let contrast = reach(f64::max, f64::NEG_INFINITY) - reach(f64::min, f64::INFINITY);
        if !(contrast > 0.0 && contrast.is_finite()) {
            return None;
        }
        let mut out = Vec::with_capacity(3 * means.len());
        for (i, from) in means.iter().enumerate() {
            for (axis, stride) in [1, GRID, GRID * GRID].into_iter().enumerate() {
                let last = i / [1, GRID, GRID * GRID][axis] % GRID + 1 == GRID;
                let to = means.get(i + stride).copied().flatten().filter(|_| !last);
                let step = match (from, to) {
                    (Some(from), Some(to)) if (to - from).abs() > ALIKE * contrast => {
                        if to > *from { 1 } else { -1 }
                    }
                    _ => 0,
                };
                out.push(step);
            }
        }
        (out.iter().filter(|s| **s != 0).count() >= ENOUGH).then_some(Self(out))
    }

    /// The share of places that differ, of those where either says something: 0 to 1. A step
    /// against none counts half.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        let (mut n, mut differ) = (0.0, 0.0);
        for (a, b) in self.0.iter().zip(&other.0) {
            if *a != 0 || *b != 0 {
                n += 1.0;
                differ += f64::from((a - b).abs()) / 2.0;
            }
        }
        if n > 0.0 { differ / n } else { 1.0 }
    }
}

/// What is compared of one series.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// The digest of every decoded slice that is not constant, in any order.
    pub slices: Vec<[u8; 32]>,
    /// The perceptual hash of the measured stack.
    pub hash: Option<VolumeHash>,
    /// Modality (0008,0060): only series of the same one can be nearly the same.
    pub modality: String,
}

/// The first series with the same content, the same images, or nearly the same content, for
/// every series: findings as (place of the series, finding, place of the other).
#[must_use]
pub fn compare(contents: &[Content], near: f64) -> Vec<(usize, Code, usize)> {
    let mut out = Vec::new();
    let mut first: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    for (i, content) in contents.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for digest in &content.slices {
            match first.get(digest) {
                Some(&other) if other != i => *shared.entry(other).or_default() += 1,
                Some(_) => {}
                None => {
                    first.insert(*digest, i);
                }
            }
        }
        let most = shared
            .iter()
            .max_by_key(|(other, n)| (**n, usize::MAX - **other));
        if let Some((&other, &n)) = most {
            let same = n == content.slices.len()
                && contents.get(other).is_some_and(|o| o.slices.len() == n);
            let code = if same {
                Code::SeriesSameContent
            } else {
                Code::SeriesSharedImages
            };
            out.push((i, code, other));
            continue;
        }
        let Some(hash) = &content.hash else { continue };
        let nearest = contents
            .iter()
            .take(i)
            .enumerate()
            .filter(|(_, o)| o.modality == content.modality)
            .filter_map(|(at, o)| Some((hash.distance(o.hash.as_ref()?), at)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((distance, other)) = nearest
            && distance <= near
        {
            out.push((i, Code::SeriesNearlySame, other));
        }
    }
    out
}

/// Adds what [`compare`] finds to the reports, which are in the order of the contents, and
/// settles their verdicts. Both series of a pair get the finding.
pub fn report(contents: &[Content], quality: &Quality, reports: &mut [SeriesReport]) {
    let near = quality.near.as_ref().map_or(NEAR, |n| n.bits.0);
    for (one, code, other) in compare(contents, near) {
        for (at, with) in [(one, other), (other, one)] {
            let Some(number) = reports.get(with).map(|r| r.series) else {
                continue;
            };
            if let Some(report) = reports.get_mut(at) {
                let mut noticed = Noticed::new(code);
                noticed.weight = quality.weight(code, &report.modality);
                noticed.sentence = format!("{} (series {number})", code.sentence());
                report.findings.push(noticed);
                report.verdict = SeriesReport::verdict_of(&report.findings);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Kind, Random, Settings, body, damage};

    fn content(slices: &[u8], hash: Option<VolumeHash>) -> Content {
        Content {
            slices: slices.iter().map(|b| [*b; 32]).collect(),
            hash,
            modality: "MR".to_owned(),
        }
    }

    #[test]
    fn the_same_and_shared_images_are_told_apart() {
        let contents = [
            content(&[1, 2, 3], None),
            content(&[4, 5], None),
            content(&[3, 1, 2], None),
            content(&[5, 6, 7], None),
        ];
        assert_eq!(
            compare(&contents, NEAR),
            [
                (2, Code::SeriesSameContent, 0),
                (3, Code::SeriesSharedImages, 1)
            ]
        );
    }

    #[test]
    fn copies_are_near_and_other_bodies_are_not() {
        let mut near = 0.0_f64;
        let mut far = 1.0_f64;
        let mut before: Option<VolumeHash> = None;
        for seed in 0..24 {
            let volume = body(&Settings::TRAINING, "MR", &mut Random::new(seed));
            let hash = VolumeHash::of(&volume).expect("hash");
            let mut copy = volume.clone();
            damage(&mut copy, Kind::Noise, 0.2, &mut Random::new(seed + 99));
            for v in &mut copy.values {
                *v = *v * 0.37 + 4.0;
            }
            near = near.max(hash.distance(&VolumeHash::of(&copy).expect("hash")));
            if let Some(before) = &before {
                far = far.min(hash.distance(before));
            }
            before = Some(hash);
        }
        assert!(near < NEAR && far > NEAR, "copies {near}, others {far}");
    }

    #[test]
    fn a_plain_volume_has_no_hash() {
        let plain = Volume::new([16, 16, 4], [1.0; 3], vec![1.0; 1024], "MR");
        assert_eq!(VolumeHash::of(&plain), None);
    }
}
