//! Finds the head, takes the face off, proves that it is off.
//!
//! Everything here is arithmetic on plain numbers: the networks run elsewhere (`cordon-nets`), and
//! whoever drives both hands the numbers over (`cordon-inspect`).

mod around;
mod cut;
mod distance;
mod flesh;
mod frame;
mod grid;
mod label;
mod looks;
mod missing;
mod normal;
mod parts;
mod plan;
mod relief;
mod search;
mod stack;
mod verify;
mod view;

pub use cut::{Air, Cut};
pub use flesh::{is_stripped, soft_share};
pub use frame::HeadFrame;
pub use grid::Grid;
pub use label::Label;
pub use looks::{PICTURE_LOOKS, PictureLook};
pub use normal::{Kind, normalise};
pub use parts::{Parts, Volumes};
pub use plan::{MARGIN, Wishes, air, dark, plan};
pub use search::{EDGE, LOOKS, Search, TURNS};
pub use stack::{NoPlace, Sampler, Stack};
pub use verify::{Altered, Seen, brain_voxels_changed};
pub use view::{ANGLES, Camera, PIXEL, PIXELS, REACH, Surface, View};

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

/// The edge of a voxel that the network looks at, in millimetres.
pub const NET_STEP: f64 = 4.0;
