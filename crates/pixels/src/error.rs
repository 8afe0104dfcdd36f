//! What can be wrong with pixel data, in sentences that name the cause and never a value.

use cordon_protocol::{Code, Finding, Tag};

use crate::tags;

/// Why pixel data cannot be described, decoded or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PixelError {
    /// The object has no pixel data.
    #[error("the object has no pixel data")]
    NoPixels,
    /// An attribute that pixel data need is absent.
    #[error("{0} is absent, without it the pixel data cannot be read")]
    Missing(Tag),
    /// An attribute has a value that the standard does not allow there.
    #[error("{0} has a value that pixel data cannot have")]
    Invalid(Tag),
    /// The header promises more than any real image holds.
    #[error("rows, columns and frames promise an impossible amount of pixel data")]
    Absurd,
    /// There are fewer bytes than promised.
    #[error("frame {0}: there are fewer pixel data than rows, columns and frames promise")]
    Short(u32),
    /// There is no frame of this number.
    #[error("there is no frame {0}")]
    NoFrame(u32),
    /// The bytes are not what the transfer syntax says.
    #[error("the pixel data are not encoded as the transfer syntax says: {0}")]
    SyntaxMismatch(&'static str),
    /// The compressed image and the header contradict each other.
    #[error("the compressed image contradicts the header: {0}")]
    Contradiction(&'static str),
    /// The compressed image breaks the rules of its own format.
    #[error("the compressed image is damaged: {0}")]
    Corrupt(&'static str),
    /// Bits that belong to no sample are in use.
    #[error("bits outside of Bits Stored are in use and may hold a hidden overlay")]
    HiddenBits,
    /// Valid, but this build cannot read it.
    #[error("this kind of pixel data cannot be decoded here: {0}")]
    Unsupported(&'static str),
}

impl PixelError {
    /// The stable code that this error has in reports.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Absurd => Code::PixelsAbsurd,
            Self::HiddenBits => Code::PixelsHidden,
            Self::Short(_) => Code::PixelsShort,
            Self::SyntaxMismatch(_) | Self::Contradiction(_) => Code::SyntaxMismatch,
            Self::NoPixels
            | Self::Missing(_)
            | Self::Invalid(_)
            | Self::NoFrame(_)
            | Self::Corrupt(_)
            | Self::Unsupported(_) => Code::PixelsUndecodable,
        }
    }

    /// The finding for a report: the code, the attribute and the frame.
    #[must_use]
    pub fn finding(self) -> Finding {
        let tag = match self {
            Self::Missing(tag) | Self::Invalid(tag) => tag,
            Self::Absurd => tags::ROWS,
            _ => tags::PIXEL_DATA,
        };
        let mut finding = Finding::at(self.code(), tag);
        if let Self::Short(frame) | Self::NoFrame(frame) = self {
            finding.place.frame = Some(frame);
        }
        finding
    }
}

/// A vector of `n` zeroed values, or [`PixelError::Absurd`] when memory cannot hold it.
pub(crate) fn zeroed<T: Copy + Default>(n: usize) -> Result<Vec<T>, PixelError> {
    let mut out = Vec::new();
    grow(&mut out, n)?;
    Ok(out)
}

/// Lengthens `out` to `n` zeroed values without the abort of an ordinary `Vec`.
pub(crate) fn grow<T: Copy + Default>(out: &mut Vec<T>, n: usize) -> Result<(), PixelError> {
    let more = n.saturating_sub(out.len());
    out.try_reserve(more).map_err(|_| PixelError::Absurd)?;
    out.resize(n, T::default());
    Ok(())
}
