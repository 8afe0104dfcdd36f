//! Whether what looks like a head in CT is made of what heads are made of.
//!
//! Plastic skulls, dry skulls and water phantoms have the shape of a head. Hounsfield units tell
//! them apart: most of a living head is fat, muscle and brain.

use crate::Label;
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
