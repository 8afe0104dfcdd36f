//! The rules of a series: does it agree with itself, and is it whole?
//!
//! Each rule stands for a failure that was met in real data. Rules look at headers only;
//! what needs pixels is in [`pixels`].

mod content;
mod counts;
mod geometry;
pub mod pixels;
#[cfg(test)]
mod tests;

use cordon_protocol::Quality;
use cordon_volumes::{SliceGeometry, Stack, group};

use crate::facts::SliceFacts;
use crate::report::Noticed;

/// Modalities whose slices make volumes.
pub(crate) const STACKED: [&str; 3] = ["CT", "MR", "PT"];

/// What all rules see.
pub(crate) struct Seen<'s> {
    pub(crate) slices: &'s [SliceFacts],
    pub(crate) stacks: &'s [Stack],
    pub(crate) modality: &'s str,
    pub(crate) quality: &'s Quality,
    pub(crate) min_slices: u32,
}

impl Seen<'_> {
    /// Whether the series is one of slices that should make a volume.
    pub(crate) fn stacked(&self) -> bool {
        STACKED.contains(&self.modality)
    }
}

/// The stacks of a series, by [`cordon_volumes::group`].
#[must_use]
pub fn stacks(slices: &[SliceFacts]) -> Vec<Stack> {
    let geometry: Vec<SliceGeometry> = slices.iter().map(|s| s.geometry.clone()).collect();
    group(&geometry)
}

/// Holds the headers of a series against each other. `min_slices` is what the protocol's
/// requirement asks for, 0 for nothing. Findings have their usual weight.
#[must_use]
pub fn series(
    slices: &[SliceFacts],
    stacks: &[Stack],
    quality: &Quality,
    min_slices: u32,
) -> Vec<Noticed> {
    let Some(first) = slices.first() else {
        return Vec::new();
    };
    let seen = Seen {
        slices,
        stacks,
        modality: &first.modality,
        quality,
        min_slices,
    };
    let mut out = Vec::new();
    content::look(&seen, &mut out);
    counts::look(&seen, &mut out);
    geometry::look(&seen, &mut out);
    out
}

/// Whether a list holds more than one value.
pub(crate) fn mixed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    let Some(first) = values.next() else {
        return false;
    };
    values.any(|v| v != first)
}
