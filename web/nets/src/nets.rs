//! The networks on one processor, each loaded when it is first needed.

use crate::device::Open;

/// What is loaded.
pub(crate) struct Nets {
    /// Where it is loaded to.
    pub(crate) open: Open,
}

impl Nets {
    /// Nothing is loaded yet.
    pub(crate) fn new(open: Open) -> Self {
        Self { open }
    }
}
