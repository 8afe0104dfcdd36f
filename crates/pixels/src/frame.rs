//! One frame, decoded from whatever the transfer syntax says.

use std::borrow::Cow;

use cordon_dicom::{Codec, DataSet, File, Value, Vr};

use crate::codec::{Decoded, Want};
use crate::error::PixelError;
use crate::info::{ImageInfo, Photometric, SampleKind, describe};
use crate::native::{self, Raw};
use crate::{fragments, tags};

/// Stored values, all samples of a pixel side by side.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// Up to 8 bits, unsigned.
    U8(Vec<u8>),
    /// 9 to 16 bits, unsigned.
    U16(Vec<u16>),
    /// Up to 16 bits, signed.
    I16(Vec<i16>),
    /// 32 bits allocated, unsigned.
    U32(Vec<u32>),
    /// 32 bits allocated, signed.
    I32(Vec<i32>),
    /// Float Pixel Data.
    F32(Vec<f32>),
    /// Double Float Pixel Data.
    F64(Vec<f64>),
}

impl Samples {
    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::U8(v) => v.len(),
            Self::U16(v) => v.len(),
            Self::I16(v) => v.len(),
            Self::U32(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sample at `i` as a number; zero past the end.
    #[must_use]
    pub fn value(&self, i: usize) -> f64 {
        match self {
            Self::U8(v) => v.get(i).copied().map(f64::from),
            Self::U16(v) => v.get(i).copied().map(f64::from),
            Self::I16(v) => v.get(i).copied().map(f64::from),
            Self::U32(v) => v.get(i).copied().map(f64::from),
            Self::I32(v) => v.get(i).copied().map(f64::from),
            Self::F32(v) => v.get(i).copied().map(f64::from),
            Self::F64(v) => v.get(i).copied(),
        }
        .unwrap_or_default()
    }
}

/// A decoded frame. Its samples are stored values: no rescale, no window was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Samples per pixel.
    pub samples_per_pixel: u32,
    /// Bits Stored.
    pub bits_stored: u32,
    /// What the samples mean now, after decoding: never `YbrFull422` and never `YbrJpeg2000`.
    pub photometric: Photometric,
    /// The samples, `rows × columns × samples_per_pixel` of them.
    pub samples: Samples,
}

impl Frame {
    /// The same picture in red, green and blue where it is one of 8 bits in YBR_FULL; otherwise
    /// as it is.
    #[must_use]
    pub fn into_rgb(mut self) -> Self {
        if let (Photometric::YbrFull, Samples::U8(samples)) = (self.photometric, &mut self.samples)
        {
            for pixel in samples.as_chunks_mut::<3>().0 {
                let [y, cb, cr] = pixel.map(i32::from);
                *pixel = crate::shade::ybr(y, cb - 128, cr - 128);
            }
            self.photometric = Photometric::Rgb;
        }
        self
    }
}

/// Decodes frame `n`, counted from zero.
///
/// # Errors
/// When the header is not that of an image, when the bytes do not fit the header or the
/// transfer syntax, when they are damaged, or when nothing here decodes them.
pub fn frame(file: &File<'_>, n: u32) -> Result<Frame, PixelError> {
    frame_for(file, n, None)
}

/// As [`frame`], but where a picture of this size will do, a codec that has smaller ones inside
/// decodes only as much as that needs.
pub(crate) fn frame_for(
    file: &File<'_>,
    n: u32,
    at_least: Option<u32>,
) -> Result<Frame, PixelError> {
    decoded(file, n, at_least, None)
}

/// As [`frame`], but an error when bits that belong to no sample are in use: whoever changes
/// pixels must neither lose nor pass on what may be hidden there.
pub(crate) fn frame_without_hidden(file: &File<'_>, n: u32) -> Result<Frame, PixelError> {
    let mut hidden = false;
    let frame = decoded(file, n, None, Some(&mut hidden))?;
    if hidden {
        return Err(PixelError::HiddenBits);
    }
    Ok(frame)
}

fn decoded(
    file: &File<'_>,
    n: u32,
    at_least: Option<u32>,
    hidden: Option<&mut bool>,
) -> Result<Frame, PixelError> {
    let info = describe(&file.data)?;
    if n >= info.frames {
        return Err(PixelError::NoFrame(n));
    }
    let element = pixel_element(&file.data).ok_or(PixelError::NoPixels)?;
    let mut size = (info.columns, info.rows);
    let (samples, photometric) = match &element.value {
        Value::Bytes(bytes) => {
            if file.syntax.encapsulated {
                return Err(PixelError::SyntaxMismatch(
                    "the pixel data are not in fragments",
                ));
            }
            let raw = Raw {
                bytes,
                big_endian: file.data.big_endian,
                swapped_pairs: file.data.big_endian && element.vr == Vr::OW,
            };
            let photometric = match info.photometric {
                Photometric::YbrFull422 => Photometric::YbrFull,
                other => other,
            };
            if let Some(hidden) = hidden {
                *hidden = native::hides(raw, &info, n);
            }
            (native::samples(raw, &info, n)?, photometric)
        }
        Value::Fragments { items, .. } => {
            if !file.syntax.encapsulated {
                return Err(PixelError::SyntaxMismatch(
                    "the pixel data are in fragments",
                ));
            }
            let extended = file
                .data
                .get(tags::EXTENDED_OFFSETS)
                .and_then(cordon_dicom::Element::bytes);
            let bytes = fragments::frame_bytes(items, extended, info.frames, n)?;
            let want = Want {
                at_least,
                ..info.want()
            };
            let (samples, photometric, reduced) =
                encapsulated(file.syntax.codec, &bytes, &info, want, hidden).map_err(|error| {
                    match error {
                        PixelError::Short(_) => PixelError::Short(n),
                        other => other,
                    }
                })?;
            size = reduced.unwrap_or(size);
            (samples, photometric)
        }
        Value::Items(_) => return Err(PixelError::NoPixels),
    };
    let count = u64::from(size.0) * u64::from(size.1) * u64::from(info.samples);
    if samples.len() as u64 != count {
        return Err(PixelError::Short(n));
    }
    Ok(Frame {
        rows: size.1,
        columns: size.0,
        samples_per_pixel: info.samples,
        bits_stored: info.bits_stored,
        photometric,
        samples,
    })
}

/// The element that holds the pixels, whichever of the three it is.
pub(crate) fn pixel_element<'f, 'a>(
    data: &'f DataSet<'a>,
) -> Option<&'f cordon_dicom::Element<'a>> {
    [tags::PIXEL_DATA, tags::FLOAT_PIXELS, tags::DOUBLE_PIXELS]
        .into_iter()
        .find_map(|tag| data.get(tag))
}

type Reduced = Option<(u32, u32)>;

fn encapsulated(
    codec: Codec,
    bytes: &[u8],
    info: &ImageInfo,
    want: Want,
    hidden: Option<&mut bool>,
) -> Result<(Samples, Photometric, Reduced), PixelError> {
    if matches!(
        codec,
        Codec::EncapsulatedNative | Codec::DeflatedFrame | Codec::Rle
    ) {
        let (samples, photometric) = unpacked(codec, bytes, info, hidden)?;
        return Ok((samples, photometric, None));
    }
    if info.kind != SampleKind::Integer || info.bits_allocated > 16 {
        return Err(PixelError::Unsupported(
            "compressed samples of more than 16 bits",
        ));
    }
    let decoded = decode(codec, bytes, want)?;
    let mut info = info.clone();
    if info.bits_allocated < 8 {
        return Err(PixelError::Unsupported("compressed samples of one bit"));
    }
    if let (true, true) = (decoded.signed, info.signed) {
        info.bits_stored = decoded.bits;
    }
    let photometric = match (info.photometric, decoded.ycbcr) {
        (Photometric::YbrJpeg2000, _) => Photometric::Rgb,
        (Photometric::YbrFull | Photometric::YbrFull422, Some(false)) => Photometric::Rgb,
        (Photometric::YbrFull422, _) | (Photometric::Rgb, Some(true)) => Photometric::YbrFull,
        (other, _) => other,
    };
    let high_bit = info.bits_stored - 1;
    if let Some(hidden) = hidden {
        let width = if decoded.signed { decoded.bits } else { 16 };
        let values = decoded.samples.iter().map(|&v| u32::from(v));
        *hidden = native::outside(values, &info, high_bit, width);
    }
    let samples = native::clean16(decoded.samples.into_iter(), &info, high_bit);
    Ok((samples, photometric, decoded.reduced))
}

/// Frames that are native inside their fragment: as they are, deflated, or by run lengths.
fn unpacked(
    codec: Codec,
    bytes: &[u8],
    info: &ImageInfo,
    hidden: Option<&mut bool>,
) -> Result<(Samples, Photometric), PixelError> {
    let mut info = info.clone();
    let bytes: Cow<'_, [u8]> = match codec {
        Codec::Rle => {
            info.planar = false; // RLE is always by plane, and unpacked here
            if info.photometric == Photometric::YbrFull422 {
                info.photometric = Photometric::YbrFull;
            }
            Cow::Owned(crate::rle::decode(bytes, info.want())?)
        }
        Codec::DeflatedFrame => {
            let limit = (info.frame_bits().div_ceil(8) as usize).saturating_add(2);
            Cow::Owned(
                miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, limit)
                    .map_err(|_| PixelError::Corrupt("a deflated frame cannot be unpacked"))?,
            )
        }
        _ => Cow::Borrowed(bytes),
    };
    let raw = Raw {
        bytes: &bytes,
        big_endian: false,
        swapped_pairs: false,
    };
    if let Some(hidden) = hidden {
        *hidden = native::hides(raw, &info, 0);
    }
    let photometric = match info.photometric {
        Photometric::YbrFull422 => Photometric::YbrFull,
        other => other,
    };
    Ok((native::samples(raw, &info, 0)?, photometric))
}

/// Hands the frame's bytes to the decoder of its transfer syntax.
pub(crate) fn decode(codec: Codec, bytes: &[u8], want: Want) -> Result<Decoded, PixelError> {
    match codec {
        Codec::Jpeg | Codec::JpegLossless => crate::jpeg::decode(bytes, want),
        Codec::JpegLs => crate::jls::decode(bytes, want),
        #[cfg(any(feature = "jpeg2000", feature = "htj2k"))]
        Codec::Jpeg2000 | Codec::Htj2k => crate::j2k::decode(bytes, want),
        #[cfg(feature = "jpeg-xl")]
        Codec::JpegXl => crate::jxl::decode(bytes, want),
        #[cfg(not(any(feature = "jpeg2000", feature = "htj2k")))]
        Codec::Jpeg2000 | Codec::Htj2k => Err(PixelError::Unsupported(
            "JPEG 2000 was left out of this build",
        )),
        #[cfg(not(feature = "jpeg-xl"))]
        Codec::JpegXl => Err(PixelError::Unsupported(
            "JPEG XL was left out of this build",
        )),
        Codec::Video => Err(PixelError::Unsupported("video")),
        Codec::Native
        | Codec::EncapsulatedNative
        | Codec::DeflatedFrame
        | Codec::Rle
        | Codec::Other => Err(PixelError::Unsupported("this transfer syntax")),
    }
}
