//! What every decoder is asked for and what it answers with.
//!
//! A decoder gets the frame's bytes and what the header promises. It looks at what the
//! codestream says of itself first and refuses a contradiction before it allocates anything.

use crate::error::PixelError;

/// What a codestream says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) components: u32,
    pub(crate) bits: u32,
    pub(crate) signed: Option<bool>,
}

/// What the header promises of each frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Want {
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    pub(crate) samples: u32,
    pub(crate) bits_allocated: u32,
    /// A smaller picture will do, its sides at least this long or its own, where the codec can.
    pub(crate) at_least: Option<u32>,
}

/// A decoded frame: samples of all components of a pixel side by side.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    /// Bit patterns; two's complement in `bits` bits where `signed` says so.
    pub(crate) samples: Vec<u16>,
    pub(crate) bits: u32,
    pub(crate) signed: bool,
    /// Whether the components are Y, Cb, Cr, where the codestream says so for certain.
    pub(crate) ycbcr: Option<bool>,
    /// Columns and rows, where they are fewer than promised because that was asked for.
    pub(crate) reduced: Option<(u32, u32)>,
}

impl Want {
    /// Refuses a codestream that contradicts the header.
    pub(crate) fn check(self, probe: Probe) -> Result<(), PixelError> {
        if probe.width != self.columns {
            return Err(PixelError::Contradiction("columns differ"));
        }
        if probe.height != self.rows {
            return Err(PixelError::Contradiction("rows differ"));
        }
        if probe.components != self.samples {
            return Err(PixelError::Contradiction("samples per pixel differ"));
        }
        if probe.bits == 0 || probe.bits > self.bits_allocated {
            return Err(PixelError::Contradiction(
                "more bits per sample than are allocated",
            ));
        }
        Ok(())
    }

    /// Refuses a codestream that is too small to be an image of the promised size, for the
    /// decoders that allocate everything before they read anything.
    #[cfg(any(feature = "jpeg2000", feature = "htj2k", feature = "jpeg-xl"))]
    pub(crate) fn plausible(self, bytes: usize) -> Result<(), PixelError> {
        let samples = u64::from(self.columns) * u64::from(self.rows) * u64::from(self.samples);
        if samples > 1 << 28 {
            return Err(PixelError::Unsupported("an image of this size"));
        }
        if samples > 1 << 25 && (bytes as u64) < samples >> 12 {
            return Err(PixelError::Short(0));
        }
        Ok(())
    }
}
