//! One scale for what scanners measure, as the network learned it.

/// What the values of a series mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hounsfield units: CT.
    Hounsfield,
    /// Nothing absolute: MR, PET and their like.
    Relative,
}

/// The values on the network's scale: 0 is air, 1 is bright. `seen` says which voxels have a value;
/// the others become 0.
///
/// Hounsfield units from -500 to 700 are mapped linearly. Relative values are mapped from the 1st
/// to the 99.5th percentile. What is not finite counts as air.
#[must_use]
pub fn normalise(values: &[f32], seen: &[bool], kind: Kind) -> Vec<f32> {
    let (low, high) = match kind {
        Kind::Hounsfield => (-500.0, 700.0),
        Kind::Relative => range(values, seen),
    };
    let width = if high > low { high - low } else { 1.0 };
    values
        .iter()
        .zip(seen)
        .map(|(&v, &seen)| {
            let scaled = (v - low) / width;
            if seen && scaled.is_finite() {
                scaled.clamp(0.0, 1.2)
            } else {
                0.0
            }
        })
        .collect()
}

/// The 1st and the 99.5th percentile.
fn range(values: &[f32], seen: &[bool]) -> (f32, f32) {
    let mut known: Vec<f32> = values
        .iter()
        .zip(seen)
        .filter(|&(v, &seen)| seen && v.is_finite())
        .map(|(&v, _)| v)
        .collect();
    if known.is_empty() {
        return (0.0, 1.0);
    }
    let last = known.len() - 1;
    let mut at = |share: f64| {
        #[expect(clippy::cast_sign_loss, reason = "a share of a length")]
        let place = (last as f64 * share).round() as usize;
        *known
            .select_nth_unstable_by(place.min(last), f32::total_cmp)
            .1
    };
    (at(0.01), at(0.995))
}
