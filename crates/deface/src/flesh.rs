//! Whether what looks like a head is made of what heads are made of.
//!
//! Plastic skulls, dry skulls and water phantoms have the shape of a head. Hounsfield units tell
//! them apart: most of a living head is fat, muscle and brain. And around a brain there is a skull,
//! unless somebody took it off: research shares brains alone, with nothing at all around them.

use crate::Label;
use crate::distance::distance;
use crate::parts::Parts;
use crate::search::resample;
use crate::stack::Stack;

/// Fat, muscle, brain, fluid, blood, in Hounsfield units.
const SOFT: std::ops::Range<f32> = -120.0..90.0;
/// Below this there is air, in Hounsfield units.
const AIR: f32 = -300.0;

/// The share of soft tissue in all of the head that is no air; 1 where nothing can be said. Values
/// are Hounsfield units.
#[must_use]
pub fn soft_share(parts: &Parts, stack: &Stack) -> f64 {
    let Some(sampler) = stack.sampler() else {
        return 1.0;
    };
    let (values, seen) = resample(&sampler, &parts.grid);
    let labels = parts.labels();
    let (mut soft, mut all) = (0.0, 0.0);
    for ((value, seen), label) in values.iter().zip(seen).zip(labels) {
        if seen && label != Label::Outside && *value > AIR {
            all += 1.0;
            soft += f64::from(u8::from(SOFT.contains(value)));
        }
    }
    if all > 0.0 { soft / all } else { 1.0 }
}

/// How far from the brain skull and scalp are, in millimetres: beyond what lies half in a voxel, and
/// nearer than the air around any head.
const AROUND: std::ops::Range<f32> = 4.5..9.0;
/// From this share on, nothing is left around a brain. Measured (`cargo xtask heads`): up to 0.09 around
/// heads; 0.4 to 0.8 around stripped brains, of whose rim the network takes a part for skin. A head
/// whose skull and scalp are thinner than 7 mm in air without any noise would be taken for stripped too:
/// it is not cut, and a person has to look, as at every stripped one.
const EMPTY: f64 = 0.3;
/// Voxels of the network's grid that have to be there to say so.
const LEAST_AROUND: usize = 500;

/// Whether there is a brain and nothing around it: not air, which scanners see as noise, but one
/// and the same darkest value, as tools leave it that strip skulls.
#[must_use]
pub fn is_stripped(parts: &Parts, stack: &Stack) -> bool {
    let Some(sampler) = stack.sampler() else {
        return false;
    };
    let (values, seen) = resample(&sampler, &parts.grid);
    let known = || {
        values
            .iter()
            .zip(&seen)
            .filter(|(v, s)| **s && v.is_finite())
    };
    let low = known().map(|(v, _)| *v).fold(f32::INFINITY, f32::min);
    let high = known().map(|(v, _)| *v).fold(f32::NEG_INFINITY, f32::max);
    if low >= high {
        return false;
    }
    let nothing = low + (high - low) * 1e-3;
    let brain = parts.shares(Label::Brain).iter().map(|v| *v > 0.25);
    let to_brain = distance(&parts.grid, &brain.collect::<Vec<_>>());
    let (mut empty, mut all) = (0usize, 0usize);
    for i in (0..values.len()).filter(|&i| seen[i] && AROUND.contains(&to_brain[i])) {
        all += 1;
        empty += usize::from(values[i] <= nothing);
    }
    all >= LEAST_AROUND && empty as f64 >= EMPTY * all as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;

    const EDGE: usize = 48;

    /// A ball of brain of 60 mm within a shell up to `scalp` mm, in air of `air`.
    fn ball(scalp: f64, air: impl Fn(usize) -> f32) -> (Parts, Stack) {
        let grid = Grid {
            origin: [-94.0; 3],
            step: 4.0,
            size: [EDGE; 3],
        };
        let n = grid.len();
        let mut shares = vec![0f32; n * Label::ALL.len()];
        let mut values = vec![0f32; n];
        for (i, value) in values.iter_mut().enumerate() {
            let p = grid.centre(grid.voxel(i));
            let r = p.iter().map(|v| v * v).sum::<f64>().sqrt();
            let (label, v) = match r {
                r if r < 60.0 => (Label::Brain, 500.0 + (i % 7) as f32 * 20.0),
                r if r < scalp => (Label::Head, 300.0),
                _ => (Label::Outside, air(i)),
            };
            shares[label as usize * n + i] = 1.0;
            *value = v;
        }
        let stack = Stack::on_grid(&grid, &values).expect("slices");
        (Parts::new(grid, shares, vec![true; n]), stack)
    }

    #[test]
    fn a_brain_with_nothing_around_it_is_stripped_and_one_in_a_head_is_not() {
        let (parts, stack) = ball(0.0, |_| 0.0);
        assert!(is_stripped(&parts, &stack));
        // In a skull; in a thin one, as PET and some sequences show it; in a scanner's air.
        for (scalp, noise) in [(74.0, 0.0), (69.0, 0.0), (0.0, 9.0)] {
            let (parts, stack) = ball(scalp, |i| noise * (i % 5) as f32);
            assert!(!is_stripped(&parts, &stack), "{scalp} {noise}");
        }
    }
}
