//! What the header promises about the pixels, checked against what an image can be.

use cordon_dicom::DataSet;
use cordon_protocol::Tag;

use crate::codec::Want;
use crate::error::PixelError;
use crate::tags;

/// No frame may be larger than this when decoded.
pub const MAX_FRAME_BYTES: u64 = 1 << 30;

/// The Photometric Interpretation (PS3.3 section C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Photometric {
    /// Grey, the least value white.
    Monochrome1,
    /// Grey, the least value black.
    Monochrome2,
    /// Indices into a table of colours.
    Palette,
    /// Red, green, blue.
    Rgb,
    /// Luminance and two colour differences, full range.
    YbrFull,
    /// The same, the differences for every other column only.
    YbrFull422,
    /// The retired partial range with subsampled differences, or ICT and RCT of JPEG 2000.
    YbrJpeg2000,
    /// Retired or unknown.
    Other,
}

impl Photometric {
    fn parse(text: &str) -> Self {
        match text {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::Palette,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_RCT" | "YBR_ICT" => Self::YbrJpeg2000,
            _ => Self::Other,
        }
    }

    /// The value of the attribute; `None` for what is retired or unknown.
    #[must_use]
    pub const fn text(self) -> Option<&'static str> {
        match self {
            Self::Monochrome1 => Some("MONOCHROME1"),
            Self::Monochrome2 => Some("MONOCHROME2"),
            Self::Palette => Some("PALETTE COLOR"),
            Self::Rgb => Some("RGB"),
            Self::YbrFull => Some("YBR_FULL"),
            Self::YbrFull422 => Some("YBR_FULL_422"),
            Self::YbrJpeg2000 | Self::Other => None,
        }
    }

    /// Whether a pixel is one shade of grey.
    #[must_use]
    pub const fn is_gray(self) -> bool {
        matches!(self, Self::Monochrome1 | Self::Monochrome2)
    }
}

/// What a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// Pixel Data: integers.
    Integer,
    /// Float Pixel Data: 32 bits.
    Float,
    /// Double Float Pixel Data: 64 bits.
    Double,
}

/// What the header says about the pixels, after its limits were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageInfo {
    /// Rows, 1 to 65,535.
    pub rows: u32,
    /// Columns, 1 to 65,535.
    pub columns: u32,
    /// Number of Frames, at least 1.
    pub frames: u32,
    /// Samples per Pixel: 1, 3 or 4.
    pub samples: u32,
    /// Bits Allocated: 1, 8, 16, 32 or 64.
    pub bits_allocated: u32,
    /// Bits Stored, at most those allocated.
    pub bits_stored: u32,
    /// High Bit.
    pub high_bit: u32,
    /// Pixel Representation: whether samples are signed.
    pub signed: bool,
    /// Photometric Interpretation.
    pub photometric: Photometric,
    /// Planar Configuration: whether samples are stored plane by plane.
    pub planar: bool,
    /// Which of the three pixel data attributes holds them.
    pub kind: SampleKind,
}

impl ImageInfo {
    /// Pixels of one frame.
    #[must_use]
    pub const fn pixels(&self) -> u64 {
        self.rows as u64 * self.columns as u64
    }

    /// Bits of one uncompressed frame as DICOM stores it.
    #[must_use]
    pub fn frame_bits(&self) -> u64 {
        let samples = match self.photometric {
            Photometric::YbrFull422 if self.samples == 3 => 2,
            _ => u64::from(self.samples),
        };
        self.pixels() * samples * u64::from(self.bits_allocated)
    }

    /// Bytes of all uncompressed frames, without padding.
    #[must_use]
    pub fn expected_bytes(&self) -> u64 {
        self.frame_bits()
            .saturating_mul(u64::from(self.frames))
            .div_ceil(8)
    }

    pub(crate) fn want(&self) -> Want {
        Want {
            columns: self.columns,
            rows: self.rows,
            samples: self.samples,
            bits_allocated: self.bits_allocated,
            at_least: None,
        }
    }
}

fn number(data: &DataSet<'_>, tag: Tag) -> Result<Option<u32>, PixelError> {
    match data.get(tag) {
        None => Ok(None),
        Some(element) if element.is_empty() => Ok(None),
        Some(_) => data
            .u16(tag)
            .map(|v| Some(u32::from(v)))
            .ok_or(PixelError::Invalid(tag)),
    }
}

/// What the header says about the pixels. Works on a head too, before the pixels are read.
///
/// # Errors
/// When an attribute is absent or has a value that no image can have, and
/// [`PixelError::Absurd`] when one frame would be larger than [`MAX_FRAME_BYTES`].
pub fn describe(data: &DataSet<'_>) -> Result<ImageInfo, PixelError> {
    let need = |tag| number(data, tag)?.ok_or(PixelError::Missing(tag));
    let at_least_one = |tag| match need(tag)? {
        0 => Err(PixelError::Invalid(tag)),
        n => Ok(n),
    };
    let rows = at_least_one(tags::ROWS)?;
    let columns = at_least_one(tags::COLUMNS)?;
    let kind = if data.get(tags::FLOAT_PIXELS).is_some() {
        SampleKind::Float
    } else if data.get(tags::DOUBLE_PIXELS).is_some() {
        SampleKind::Double
    } else {
        SampleKind::Integer
    };
    let bits_allocated = match kind {
        SampleKind::Integer => need(tags::BITS_ALLOCATED)?,
        SampleKind::Float => 32,
        SampleKind::Double => 64,
    };
    if !matches!(bits_allocated, 1 | 8 | 16 | 32 | 64) {
        return Err(PixelError::Invalid(tags::BITS_ALLOCATED));
    }
    let bits_stored = match kind {
        SampleKind::Integer => number(data, tags::BITS_STORED)?.unwrap_or(bits_allocated),
        _ => bits_allocated,
    };
    if bits_stored == 0 || bits_stored > bits_allocated {
        return Err(PixelError::Invalid(tags::BITS_STORED));
    }
    let high_bit = match kind {
        SampleKind::Integer => number(data, tags::HIGH_BIT)?.unwrap_or(bits_stored - 1),
        _ => bits_stored - 1,
    };
    if high_bit >= bits_allocated || high_bit + 1 < bits_stored {
        return Err(PixelError::Invalid(tags::HIGH_BIT));
    }
    let samples = number(data, tags::SAMPLES_PER_PIXEL)?.unwrap_or(1);
    if !matches!(samples, 1 | 3 | 4) {
        return Err(PixelError::Invalid(tags::SAMPLES_PER_PIXEL));
    }
    let photometric = match data.ascii(tags::PHOTOMETRIC) {
        Some(text) => Photometric::parse(text.split('\\').next().unwrap_or_default().trim()),
        None if samples == 1 => Photometric::Monochrome2,
        None => Photometric::Rgb,
    };
    let fits = match photometric {
        Photometric::Other => true,
        Photometric::Palette => samples == 1,
        p if p.is_gray() => samples == 1,
        _ => samples == 3,
    };
    if !fits {
        return Err(PixelError::Invalid(tags::SAMPLES_PER_PIXEL));
    }
    let frames = match data.get(tags::FRAMES) {
        Some(element) if !element.is_empty() => data
            .i32(tags::FRAMES)
            .and_then(|n| u32::try_from(n).ok())
            .filter(|&n| n > 0)
            .ok_or(PixelError::Invalid(tags::FRAMES))?,
        _ => 1,
    };
    let info = ImageInfo {
        rows,
        columns,
        frames,
        samples,
        bits_allocated,
        bits_stored,
        high_bit,
        signed: number(data, tags::PIXEL_REPRESENTATION)?.unwrap_or(0) == 1,
        photometric,
        planar: samples > 1 && number(data, tags::PLANAR)?.unwrap_or(0) == 1,
        kind,
    };
    if info.pixels() * u64::from(samples) * u64::from(bits_allocated) > 8 * MAX_FRAME_BYTES {
        return Err(PixelError::Absurd);
    }
    Ok(info)
}
