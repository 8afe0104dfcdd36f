//! Where the head ends and the air around it begins.

use crate::Grid;
use crate::distance::distance;
use crate::frame::HeadFrame;
use crate::normal::Kind;

/// What is narrower than this leads nowhere, in millimetres.
const PASSAGE: f32 = 7.0;
/// Of the air around a head the scan shows at least so much in one piece, in millilitres.
const LEAST_AIR: f64 = 4.0;

/// Which voxels are more than air.
pub(crate) fn tissue(values: &[f32], seen: &[bool], kind: Kind) -> Vec<bool> {
    let threshold = match kind {
        Kind::Hounsfield => -300.0,
        Kind::Relative => otsu(values, seen),
    };
    values
        .iter()
        .zip(seen)
        .map(|(&v, &seen)| seen && v > threshold)
        .collect()
}

/// The level that parts air from tissue (Otsu 1979, on square roots, so that dim skin counts),
/// taken a little lower: skin in partial volume is skin.
fn otsu(values: &[f32], seen: &[bool]) -> f32 {
    const BINS: usize = 128;
    let mut known: Vec<f32> = values
        .iter()
        .zip(seen)
        .filter(|&(v, &s)| s && v.is_finite())
        .map(|(&v, _)| v)
        .collect();
    if known.len() < 64 {
        return f32::MAX;
    }
    known.sort_unstable_by(f32::total_cmp);
    let low = known[known.len() / 200];
    let high = known[known.len() - 1 - known.len() / 200];
    if high <= low {
        return f32::MAX;
    }
    let scale = |v: f32| ((v - low) / (high - low)).clamp(0.0, 1.0).sqrt();
    let mut counts = [0f64; BINS];
    for &v in &known {
        #[expect(clippy::cast_sign_loss, reason = "clamped above zero")]
        let bin = (scale(v) * (BINS - 1) as f32) as usize;
        counts[bin.min(BINS - 1)] += 1.0;
    }
    let total: f64 = counts.iter().sum();
    let all: f64 = counts.iter().enumerate().map(|(i, c)| i as f64 * c).sum();
    let (mut below, mut sum, mut best, mut at) = (0.0, 0.0, -1.0, 0);
    for (i, &count) in counts.iter().enumerate() {
        below += count;
        sum += i as f64 * count;
        let above = total - below;
        if below < 1.0 || above < 1.0 {
            continue;
        }
        let gap = sum / below - (all - sum) / above;
        let between = below * above * gap * gap;
        if between > best {
            (best, at) = (between, i);
        }
    }
    let level = (at as f32 + 1.0) / BINS as f32 * 0.8;
    low + (high - low) * level * level
}

/// The air around the head: wide pockets of what is no tissue that reach the end of the scan or of the
/// grid. Bone is as dark as air in MR, and where a scan ends in it there is nothing beyond: so a pocket
/// counts by how much of it the scan shows, and gaps narrower than [`PASSAGE`] lead nowhere.
pub(crate) fn exterior(grid: &Grid, tissue: &[bool], seen: &[bool]) -> Vec<bool> {
    let n = grid.len();
    let to_tissue = distance(grid, tissue);
    let wide: Vec<bool> = (0..n)
        .map(|i| seen[i] && to_tissue[i] > PASSAGE / 2.0)
        .collect();
    let mut known = vec![false; n];
    let mut air = vec![false; n];
    for start in 0..n {
        if known[start] || !wide[start] {
            continue;
        }
        let (mut pocket, mut ends) = (vec![start], false);
        known[start] = true;
        let mut at = 0;
        while let Some(&i) = pocket.get(at) {
            at += 1;
            let mut count = 0;
            for j in grid.neighbours(i) {
                count += 1;
                ends |= !seen[j];
                if wide[j] && !known[j] {
                    known[j] = true;
                    pocket.push(j);
                }
            }
            ends |= count < 6;
        }
        if ends && pocket.len() as f64 * grid.step.powi(3) >= LEAST_AIR * 1000.0 {
            for i in pocket {
                air[i] = true;
            }
        }
    }
    // What lies between such a place and the tissue beside it.
    let to_air = distance(grid, &air);
    (0..n)
        .map(|i| seen[i] && !tissue[i] && to_air[i] <= PASSAGE / 2.0 + grid.step as f32 / 2.0)
        .collect()
}

/// Where a scan ends inside an ear, its middle lies far from any air that can be seen: what lies
/// beside the scan there counts as air.
pub(crate) fn beside_ears(grid: &Grid, seen: &[bool], frame: &HeadFrame, air: &mut [bool]) {
    let wide = grid.size[0];
    for (row, seen) in seen.chunks_exact(wide).enumerate() {
        let (Some(first), Some(last)) =
            (seen.iter().position(|s| *s), seen.iter().rposition(|s| *s))
        else {
            continue;
        };
        for x in (0..first).chain(last + 1..wide) {
            let i = row * wide + x;
            air[i] |= frame.is_beside(grid.centre(grid.voxel(i)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: usize = 60;

    /// A ball of tissue with a dark shell inside of it, in the middle of a grid of 2 mm; the scan shows
    /// what lies below a height.
    fn ball(below: f64) -> (Grid, Vec<bool>, Vec<bool>, Vec<f64>) {
        let grid = Grid {
            origin: [-59.0; 3],
            step: 2.0,
            size: [EDGE; 3],
        };
        let points: Vec<[f64; 3]> = (0..grid.len())
            .map(|i| grid.centre(grid.voxel(i)))
            .collect();
        let far: Vec<f64> = points
            .iter()
            .map(|p| p.iter().map(|v| v * v).sum::<f64>().sqrt())
            .collect();
        let tissue = far
            .iter()
            .map(|r| *r < 46.0 && !(30.0..38.0).contains(r))
            .collect();
        let seen = points.iter().map(|p| p[2] < below).collect();
        (grid, tissue, seen, far)
    }

    #[test]
    fn bone_where_a_scan_ends_is_no_air() {
        for below in [100.0, 20.0, 0.0] {
            let (grid, tissue, seen, far) = ball(below);
            let air = exterior(&grid, &tissue, &seen);
            for (i, is_air) in air.iter().enumerate() {
                assert!(!is_air || seen[i] && !tissue[i]);
                assert!(!is_air || far[i] > 44.0, "{below}: air at {}", far[i]);
                // All around there is air, up to the surface.
                assert!(
                    *is_air || !seen[i] || far[i] < 48.0,
                    "{below}: none at {}",
                    far[i]
                );
            }
        }
    }

    #[test]
    fn a_scan_without_air_has_none() {
        let (grid, _, seen, _) = ball(100.0);
        let air = exterior(&grid, &vec![true; grid.len()], &seen);
        assert!(!air.contains(&true));
    }
}
