//! Series to volumes: which slices belong together, in which order, and how they lie in space.
//!
//! A series is what a scanner filed together: a localiser and a stack, two echoes, twenty time
//! points, or one clean volume. What shows a series, screens it or takes a face off it needs to
//! know which. Nothing here touches pixels: one [`SliceGeometry`] for each frame comes from the
//! header, [`group`] sorts them into [`Stack`]s along their normal, and each stack says what is
//! odd about it: gaps, duplicates, gantry tilt, uneven spacing.
//!
//! Coordinates are the patient's, in millimetres, toward the left, the back and the head (LPS).

mod group;
mod slice;
mod stack;
mod vector;

pub use group::group;
pub use slice::SliceGeometry;
pub use stack::{Gap, Stack};
