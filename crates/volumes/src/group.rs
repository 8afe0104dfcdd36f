//! Slices into stacks.

use std::collections::BTreeMap;

use crate::slice::SliceGeometry;
use crate::stack::Stack;
use crate::vector::dot;

/// Slices are parallel when their directions differ by less than this angle's cosine: 0.5°.
const PARALLEL: f64 = 0.999_96;
/// Pixel spacings are alike when they differ by less than this part of themselves.
const SAME_SPACING: f64 = 1e-3;
/// Slices nearer than this, in millimetres, lie at the same place.
pub(crate) const SAME_PLACE: f64 = 0.01;

type Discrete<'s> = (u32, u32, Option<&'s str>, [Option<i64>; 5], &'s str);

fn discrete(slice: &SliceGeometry) -> Discrete<'_> {
    (
        slice.rows,
        slice.columns,
        slice.frame_of_reference.as_deref(),
        [
            slice.echo,
            slice.temporal,
            slice.b_value,
            slice.phase,
            slice.segment,
        ],
        &slice.kind,
    )
}

fn alike(a: &SliceGeometry, b: &SliceGeometry) -> bool {
    let directions = match (a.orientation, b.orientation) {
        (Some(a), Some(b)) => dot(a[0], b[0]) >= PARALLEL && dot(a[1], b[1]) >= PARALLEL,
        (None, None) => true,
        _ => false,
    };
    let spacing = match (a.spacing, b.spacing) {
        (Some(a), Some(b)) => a
            .iter()
            .zip(b)
            .all(|(a, b)| (a - b).abs() <= SAME_SPACING * a.max(b)),
        (None, None) => true,
        _ => false,
    };
    directions && spacing && a.position.is_some() == b.position.is_some()
}

/// Sorts slices into stacks: the same matrix, orientation and spacing, and the same echo, time,
/// b-value, phase, segment and kind. The numbers in a stack are places in `slices`.
///
/// Where nothing in the header tells repeats apart but every place is there equally often, each
/// repeat becomes a stack of its own, in the order of Instance Number. Every slice is in exactly
/// one stack; stacks come in the order of their first slice.
#[must_use]
pub fn group(slices: &[SliceGeometry]) -> Vec<Stack> {
    let mut by_key: BTreeMap<Discrete<'_>, Vec<Vec<usize>>> = BTreeMap::new();
    for (i, slice) in slices.iter().enumerate() {
        let groups = by_key.entry(discrete(slice)).or_default();
        let found = groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|&f| alike(&slices[f], slice)));
        match found {
            Some(group) => group.push(i),
            None => groups.push(vec![i]),
        }
    }
    let mut stacks: Vec<Stack> = by_key
        .into_values()
        .flatten()
        .flat_map(|members| repeats(slices, members))
        .map(|members| Stack::new(slices, members))
        .collect();
    stacks.sort_by_key(|stack| stack.slices.iter().min().copied());
    stacks
}

/// In order along the normal, then as they were made.
fn sorted(slices: &[SliceGeometry], mut members: Vec<usize>) -> Vec<usize> {
    let made = |i: usize| (slices[i].instance_number, slices[i].frame, i);
    // The normal of one slice for all: their own differ by rounding.
    let normal = members.first().and_then(|&i| slices[i].normal());
    let depth = |i: usize| match (slices[i].position, normal) {
        (Some(position), Some(normal)) => dot(position, normal),
        _ => 0.0,
    };
    members.sort_by(|&a, &b| depth(a).total_cmp(&depth(b)).then(made(a).cmp(&made(b))));
    members
}

fn repeats(slices: &[SliceGeometry], members: Vec<usize>) -> Vec<Vec<usize>> {
    let members = sorted(slices, members);
    let normal = members.first().and_then(|&i| slices[i].normal());
    let Some(normal) = normal.filter(|_| members.iter().all(|&i| slices[i].position.is_some()))
    else {
        return vec![members];
    };
    let depth = |i: usize| slices[i].position.map_or(0.0, |p| dot(p, normal));
    let mut places: Vec<Vec<usize>> = Vec::new();
    for &i in &members {
        match places.last_mut() {
            Some(place)
                if place
                    .first()
                    .is_some_and(|&f| (depth(f) - depth(i)).abs() < SAME_PLACE) =>
            {
                place.push(i);
            }
            _ => places.push(vec![i]),
        }
    }
    let times = places.first().map_or(0, Vec::len);
    let regular = places.iter().all(|place| place.len() == times);
    // One place only: a time series of a single slice, which is best left in one piece.
    if times < 2 || !regular || places.len() < 2 {
        return vec![members];
    }
    for place in &mut places {
        place.sort_by_key(|&i| (slices[i].instance_number, slices[i].frame, i));
    }
    (0..times)
        .map(|time| places.iter().filter_map(|p| p.get(time).copied()).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(number: i32, z: f64) -> SliceGeometry {
        SliceGeometry {
            instance_number: Some(number),
            rows: 512,
            columns: 256,
            position: Some([-10.0, 5.0, z]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            spacing: Some([0.7, 0.7]),
            ..SliceGeometry::default()
        }
    }

    #[test]
    fn a_stack_is_sorted_along_its_normal() {
        let slices: Vec<_> = [3, 1, 2, 0]
            .map(|i| slice(9 - i, f64::from(i) * 2.5))
            .into();
        let stacks = group(&slices);
        assert_eq!(stacks.len(), 1);
        let stack = &stacks[0];
        assert_eq!(stack.slices, [3, 1, 2, 0]);
        assert!(stack.uniform && stack.gaps.is_empty() && stack.duplicates.is_empty());
        assert_eq!(stack.describe(), "256 × 512 × 4, 0.7 × 0.7 × 2.5 mm");
    }

    #[test]
    fn gaps_and_duplicates_are_named() {
        let slices: Vec<_> = [0.0, 1.0, 2.0, 2.0, 3.0, 7.0, 8.0]
            .iter()
            .zip(0..)
            .map(|(&z, i)| slice(i, z))
            .collect();
        let stacks = group(&slices);
        assert_eq!(stacks.len(), 1);
        let stack = &stacks[0];
        assert_eq!(stack.duplicates, [3]);
        assert_eq!(stack.gaps.len(), 1);
        assert_eq!((stack.gaps[0].after, stack.gaps[0].missing), (4, 3));
        assert!(!stack.uniform);
    }

    #[test]
    fn echoes_and_repeats_are_not_duplicates() {
        let mut slices = Vec::new();
        for z in 0..5 {
            for echo in 1..=2 {
                let mut one = slice(z * 2 + i32::try_from(echo).unwrap(), f64::from(z));
                one.echo = Some(echo);
                slices.push(one);
            }
        }
        let stacks = group(&slices);
        assert_eq!(stacks.len(), 2);
        assert!(stacks.iter().all(|s| s.uniform && s.slices.len() == 5));
        // The same without anything that tells them apart.
        for slice in &mut slices {
            slice.echo = None;
        }
        let stacks = group(&slices);
        assert_eq!(stacks.len(), 2);
        assert!(stacks.iter().all(|s| s.uniform && s.duplicates.is_empty()));
        assert_eq!(stacks[0].slices, [0, 2, 4, 6, 8]);
    }

    #[test]
    fn a_localiser_is_its_own_stack() {
        let mut slices: Vec<_> = (0..4).map(|i| slice(i, f64::from(i))).collect();
        let mut scout = slice(9, 0.0);
        scout.orientation = Some([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]);
        slices.insert(0, scout);
        let stacks = group(&slices);
        assert_eq!(stacks.len(), 2);
        assert_eq!(stacks[0].slices, [0]);
        assert_eq!(stacks[1].slices, [1, 2, 3, 4]);
    }

    #[test]
    fn slices_without_geometry_stay_in_the_order_they_were_made() {
        let slices: Vec<_> = [5, 2, 9]
            .map(|n| SliceGeometry {
                instance_number: Some(n),
                rows: 10,
                columns: 20,
                ..SliceGeometry::default()
            })
            .into();
        let stacks = group(&slices);
        assert_eq!(stacks.len(), 1);
        assert_eq!(stacks[0].slices, [1, 0, 2]);
        assert_eq!(stacks[0].describe(), "20 × 10 × 3");
        assert!(!stacks[0].uniform);
    }
}
