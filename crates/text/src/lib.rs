//! Finds text burned into pixels, blacks it out, proves that it is gone.

use serde::{Deserialize, Serialize};

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
