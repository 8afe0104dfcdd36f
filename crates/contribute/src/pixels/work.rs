//! What the pixel stages found and want done, as data: it crosses the borders of workers, because
//! the networks run elsewhere.

use std::sync::Arc;

use cordon_deface::{Air, Cut, Face};
use cordon_protocol::Finding;
use cordon_text::TextBox;
use serde::{Deserialize, Serialize};

/// What is to be done to the pixels of one object, and what is known about them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PixelWork {
    /// What is blacked out: what a person, a rule or the detector decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<TextBox>,
    /// What is taken off: one cut for all objects of a study that share a frame of reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Arc<Cut>>,
    /// How air looks in the object's series; needed where there is a cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub air: Option<Air>,
    /// What is known about text; `None` when nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<TextEvidence>,
    /// What is known about a face; `None` when nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face: Option<FaceEvidence>,
    /// What the screening noticed about the series. Codes of quality only; others are dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quality: Vec<Finding>,
}

/// Who looked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LookedBy {
    /// A network.
    #[default]
    Detector,
    /// A person.
    Person,
}

/// What is known about text in the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextEvidence {
    /// Whether every frame was looked at.
    pub looked: bool,
    /// How many places with text were found that must not stay.
    pub found: u32,
    /// How many of them the boxes of the work black out.
    pub blacked_out: u32,
    /// Whether a look at the result still found some.
    pub still_there: bool,
    /// How many places with text stay, because the protocol keeps what they say.
    #[serde(default)]
    pub kept: u32,
    /// Who looked.
    pub by: LookedBy,
}

/// What is known about a face in the volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceEvidence {
    /// Whether the volume holds a head.
    pub head: bool,
    /// What the verifier said of the volume as it came.
    pub before: Face,
    /// What it said of the volume as it leaves.
    pub after: Face,
    /// How many voxels of the brain changed.
    pub brain_voxels_changed: u64,
    /// Whether the head came without a face because an earlier tool took it off.
    pub arrived_defaced: bool,
    /// Whose word `before` and `after` are.
    #[serde(default)]
    pub by: LookedBy,
}

impl PixelWork {
    /// Whether pixels are to be changed.
    #[must_use]
    pub fn changes_pixels(&self) -> bool {
        !self.boxes.is_empty() || self.cut.is_some()
    }
}
