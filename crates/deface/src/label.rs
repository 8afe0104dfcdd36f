//! What the network tells apart.

use serde::{Deserialize, Serialize};

/// A part of a head, in the order of the network's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Label {
    /// Air around the head, holders, and everything that is no head.
    Outside,
    /// Head and neck, as far as no other label names it.
    Head,
    /// All inside the skull down to the foramen magnum.
    Brain,
    /// The eyeballs with lids.
    Eyes,
    /// The outer nose.
    Nose,
    /// Lips and chin with what lies under them.
    Mouth,
    /// The outer ears.
    Ears,
    /// The rest of the face: skin of forehead, temples, cheeks, jaw, and what lies under it.
    Face,
}

impl Label {
    /// All labels, in the order of the network's output.
    pub const ALL: [Self; 8] = [
        Self::Outside,
        Self::Head,
        Self::Brain,
        Self::Eyes,
        Self::Nose,
        Self::Mouth,
        Self::Ears,
        Self::Face,
    ];

    /// Whether a person can be recognised by this part.
    #[must_use]
    pub fn is_recognisable(self) -> bool {
        matches!(
            self,
            Self::Eyes | Self::Nose | Self::Mouth | Self::Ears | Self::Face
        )
    }
}
