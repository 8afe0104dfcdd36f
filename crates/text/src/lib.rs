//! Finds text burned into pixels, blacks it out, proves that it is gone.
//!
//! The network itself is elsewhere (`cordon-nets`), and `cordon-inspect` drives it; this crate is
//! plain Rust around it:
//!
//! * [`Triage`] says from the header which objects must be looked at, and [`rules`] where devices
//!   are known to write.
//! * [`views`] makes from a decoded frame what the network looks at, [`Tiles`] cuts it up and puts
//!   the answers together.
//! * [`boxes`] makes rectangles of probabilities, [`merged`] one set of those of several views.
//! * [`redact`] blacks out, [`still_there`] judges what is found after that.
//!
//! * [`line_of`] makes of a box what a reader takes, and [`harmless`] says which lines may stay where
//!   a protocol lets them.
//!
//! Where a protocol keeps nothing, nothing is read: which letters they are is not known, and a side
//! marker or a ruler is a box like any other.

mod boxes;
mod harmless;
mod line;
mod prepare;
mod redact;
pub mod rules;
mod tiles;
mod triage;

use serde::{Deserialize, Serialize};

pub use boxes::{Limits, boxes, has_text, merged};
pub use harmless::{Reading, harmless};
pub use line::line_of;
pub use prepare::{View, views};
pub use redact::{redact, still_there};
pub use tiles::{Map, Tiles};
pub use triage::{Reason, Triage};

/// A rectangle on one frame, in pixels of the stored image; the origin is the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TextBox {
    /// Zero-based frame.
    pub frame: u32,
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl TextBox {
    /// Whether the two share a pixel.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let over =
            |a: u32, al: u32, b: u32, bl: u32| a < b.saturating_add(bl) && b < a.saturating_add(al);
        self.frame == other.frame
            && over(self.x, self.width, other.x, other.width)
            && over(self.y, self.height, other.y, other.height)
    }
}
