//! The pixel stages of one object: what is to be done is done, and what is known answers what the
//! header left open.
//!
//! The networks run elsewhere. What they found arrives as [`PixelWork`], which this module does
//! not believe further than it can see: a box beside the picture, a face that is said to be gone
//! without a cut, or pixels that cannot be changed leave the object held or refused.

mod answer;
mod apply;
mod contours;
mod work;

pub(crate) use answer::answer;
pub use apply::cut_seed;
pub(crate) use contours::Contours;
pub use work::{FaceEvidence, LookedBy, PixelWork, TextEvidence};
