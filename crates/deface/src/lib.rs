//! Finds the head, takes the face off, proves that it is off.
//!
//! Everything here is arithmetic on plain numbers: the networks run elsewhere (`cordon-nets`), and
//! whoever drives both hands the numbers over (`cordon-inspect`).

mod cut;
mod grid;

pub use cut::{Air, Cut};
pub use grid::Grid;

use serde::{Deserialize, Serialize};

/// Whether a face can be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// There is one.
    Present,
    /// There is none.
    Absent,
    /// Nobody but a person can tell.
    Unsure,
}
