//! How many images there are, and how many were promised.

use std::collections::BTreeMap;

use cordon_protocol::Code;

use super::Seen;
use crate::report::Noticed;

pub(super) fn look(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let n = seen.slices.len();
    if seen.stacked() && n < seen.min_slices as usize {
        out.push(Noticed::slices(Code::SeriesTooFew, n));
    }
    if seen.stacked() && n == 1 {
        out.push(Noticed::new(Code::SeriesSingle));
    }
    if promised(seen) {
        out.push(Noticed::new(Code::SeriesWrongCount));
    }
    numbers(seen, out);
    temporal(seen, out);
}

/// Whether a promise of the header is broken.
fn promised(seen: &Seen<'_>) -> bool {
    let is = |promise: i32, n: usize| usize::try_from(promise) == Ok(n);
    let files = {
        let mut files: Vec<usize> = seen.slices.iter().map(|s| s.file).collect();
        files.dedup();
        files.len()
    };
    let series = seen
        .slices
        .iter()
        .filter_map(|s| s.series_instances)
        .any(|p| !is(p, files));
    // An acquisition may span series (several kernels): fewer is wrong only where none is more.
    let mut acquisitions: BTreeMap<Option<i32>, (i32, usize)> = BTreeMap::new();
    for slice in seen.slices {
        if let Some((number, promise)) = slice.images_in_acquisition {
            let entry = acquisitions.entry(number).or_insert((promise, 0));
            entry.0 = entry.0.max(promise);
            entry.1 += 1;
        }
    }
    // Multi-frame objects and repeats count otherwise; a surplus is no loss.
    let acquisition = acquisitions
        .values()
        .any(|&(promise, n)| usize::try_from(promise).is_ok_and(|p| n < p));
    let pet = seen
        .slices
        .iter()
        .find_map(|s| s.number_of_slices)
        .is_some_and(|p| seen.stacks.iter().any(|stack| !is(p, stack.slices.len())));
    series || acquisition || (pet && seen.modality == "PT")
}

fn numbers(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let mut numbers: Vec<i32> = seen
        .slices
        .iter()
        .filter(|s| s.geometry.frame == 0)
        .filter_map(|s| s.geometry.instance_number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let missing: i64 = numbers
        .windows(2)
        .map(|pair| i64::from(pair[1]) - i64::from(pair[0]) - 1)
        .sum();
    // A regular stride (2, 4, 6: every second image is of another echo) is no gap.
    let stride = numbers
        .windows(2)
        .map(|pair| i64::from(pair[1]) - i64::from(pair[0]));
    let regular = !super::mixed(stride) && numbers.len() > 2;
    if missing > 0 && !regular {
        out.push(Noticed::new(Code::SeriesNumbers));
    }
}

/// Every time point, echo, phase and b-value has as many slices as the others.
///
/// Diffusion has fewer images at b = 0 than elsewhere by design, so b-values only have to cover
/// the same number of places.
fn temporal(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let counts = |key: &dyn Fn(usize) -> Option<i64>| {
        let mut places: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (i, slice) in seen.slices.iter().enumerate() {
            let depth = slice.geometry.depth().map(|d| (d * 10.0).round() as i64);
            if let (Some(k), Some(depth)) = (key(i), depth) {
                places.entry(k).or_default().push(depth);
            }
        }
        for list in places.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        places
    };
    let uneven = |places: &BTreeMap<i64, Vec<i64>>| super::mixed(places.values().map(Vec::len));
    let geometry = |i: usize| seen.slices.get(i).map(|s| &s.geometry);
    let temporal = counts(&|i| geometry(i)?.temporal);
    let promised = seen.slices.iter().find_map(|s| s.temporal_positions);
    let absent = promised.is_some_and(|p| {
        !temporal.is_empty() && usize::try_from(p).is_ok_and(|p| temporal.len() < p)
    });
    let localizers = seen.slices.iter().any(|s| s.is_type("LOCALIZER"));
    let echoes = counts(&|i| geometry(i)?.echo);
    let b_values = counts(&|i| geometry(i)?.b_value);
    // Trigger times of gated scans differ from slice to slice: a few phases only.
    let phases = counts(&|i| geometry(i)?.phase);
    let phases = phases.len() * 3 <= seen.slices.len() && uneven(&phases);
    if absent
        || (!localizers && (uneven(&temporal) || uneven(&echoes) || uneven(&b_values) || phases))
    {
        out.push(Noticed::new(Code::SeriesTemporal));
    }
}
