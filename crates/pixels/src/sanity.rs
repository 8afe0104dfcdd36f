//! A check that costs microseconds: do the bytes look like what the header promises?
//!
//! Next to nothing is decoded. For native pixel data the length is held against rows, columns and
//! frames; for compressed data the first frame's own header is read and held against the
//! data set. What lies about its encoding cannot be checked by anybody downstream, so it is
//! refused here.
//!
//! Bits that belong to no sample and images beyond the last frame are where somebody could hide
//! what no viewer shows. Who has samples narrower than the bits that they take pays one pass over
//! them.

use std::borrow::Cow;

use cordon_dicom::{Codec, DataSet, File, Value};
use cordon_protocol::{Code, Finding};

use crate::codec::Probe;
use crate::error::PixelError;
use crate::frame::pixel_element;
use crate::info::{ImageInfo, SampleKind, describe};
use crate::rewrite::nothing_hidden;
use crate::{fragments, j2k, jpeg, jxl, rle, tags};

/// Codestream headers are looked for in this many bytes of a frame; profiles and tables in front
/// of them are rarely longer.
const HEAD: usize = 1 << 16;

/// What is wrong with the pixel data, without decoding them. Empty for objects without pixels.
#[must_use]
pub fn sanity(file: &File<'_>) -> Vec<Finding> {
    let Some(element) = pixel_element(&file.data) else {
        return Vec::new();
    };
    let info = match describe(&file.data) {
        Ok(info) => info,
        Err(error) => return vec![error.finding()],
    };
    let result = match &element.value {
        Value::Bytes(_) if file.syntax.encapsulated => Err(PixelError::SyntaxMismatch(
            "the pixel data are not in fragments",
        )),
        Value::Bytes(bytes) => native(bytes.len() as u64, &info),
        Value::Fragments { .. } if !file.syntax.encapsulated => Err(PixelError::SyntaxMismatch(
            "the pixel data are in fragments",
        )),
        Value::Fragments { items, .. } => {
            let extended = file
                .data
                .get(tags::EXTENDED_OFFSETS)
                .and_then(cordon_dicom::Element::bytes);
            compressed(file.syntax.codec, items, extended, &info)
                .and_then(|code| wholly_inflated(file.syntax.codec, items, &info).map(|()| code))
        }
        Value::Items(_) => Err(PixelError::SyntaxMismatch("the pixel data are a sequence")),
    };
    let mut findings = match result {
        Ok(None) => Vec::new(),
        Ok(Some(code)) => vec![Finding::at(code, element.tag)],
        Err(error) => {
            let mut finding = error.finding();
            if finding.code == Code::PixelsUndecodable && finding.place.tag.is_none() {
                finding.place.tag = Some(element.tag.into());
            }
            return vec![finding];
        }
    };
    if kinds(&file.data) > 1 {
        findings.push(PixelError::Contradiction("two kinds of pixel data").finding());
    }
    if let Value::Fragments { items, .. } = &element.value
        && more_images(file.syntax.codec, items, &info)
    {
        findings.push(Finding::at(Code::PixelsMore, element.tag));
    }
    if is_unpacked(file.syntax.codec)
        && info.kind == SampleKind::Integer
        && info.bits_stored < info.bits_allocated
        && let Err(error) = nothing_hidden(file)
    {
        findings.push(error.finding());
    }
    findings
}

/// How many of the three attributes that hold pixels are there.
fn kinds(data: &DataSet<'_>) -> usize {
    [tags::PIXEL_DATA, tags::FLOAT_PIXELS, tags::DOUBLE_PIXELS]
        .into_iter()
        .filter(|t| data.get(*t).is_some())
        .count()
}

/// Whether the samples stand in the file with all of their bits, used or not. A codec of images
/// brings those that its own header counts.
const fn is_unpacked(codec: Codec) -> bool {
    matches!(
        codec,
        Codec::Native | Codec::EncapsulatedNative | Codec::DeflatedFrame | Codec::Rle
    )
}

/// Whether more fragments begin like an image than there are frames.
fn more_images(codec: Codec, items: &[&[u8]], info: &ImageInfo) -> bool {
    let begin: &[u8] = match codec {
        Codec::Jpeg | Codec::JpegLossless | Codec::JpegLs => &[0xFF, 0xD8, 0xFF],
        Codec::Jpeg2000 | Codec::Htj2k => &[0xFF, 0x4F, 0xFF, 0x51],
        _ => return false,
    };
    let fragments = items.iter().skip(1);
    fragments.filter(|f| f.starts_with(begin)).count() > info.frames as usize
}

/// Refuses deflated frames that go on behind what inflates, where nobody would ever look.
fn wholly_inflated(codec: Codec, items: &[&[u8]], info: &ImageInfo) -> Result<(), PixelError> {
    if codec != Codec::DeflatedFrame {
        return Ok(());
    }
    for n in 0..info.frames {
        let frame = fragments::frame_bytes(items, None, info.frames, n)?;
        // A frame that grows beyond its pixels hides something, or is a bomb.
        let most = usize::try_from(info.frame_bits().div_ceil(8)).unwrap_or(usize::MAX);
        let read = inflated(&frame, most)
            .ok_or(PixelError::Corrupt("a deflated frame cannot be unpacked"))?;
        // One byte makes the length even.
        if frame.len() - read > 1 {
            return Err(PixelError::Contradiction("bytes behind a deflated frame"));
        }
    }
    Ok(())
}

/// How many bytes a deflated frame has that inflates to no more than `most`, and one that makes it
/// even.
fn inflated(frame: &[u8], most: usize) -> Option<usize> {
    use miniz_oxide::inflate::stream::{InflateState, inflate};
    use miniz_oxide::{DataFormat, MZFlush, MZStatus};

    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut sink = vec![0; 1 << 16];
    let (mut read, mut written) = (0, 0);
    loop {
        let step = inflate(&mut state, frame.get(read..)?, &mut sink, MZFlush::None);
        read += step.bytes_consumed;
        written += step.bytes_written;
        if written > most.saturating_add(1) {
            return None;
        }
        match step.status {
            Ok(MZStatus::StreamEnd) => return Some(read),
            Ok(_) if step.bytes_consumed + step.bytes_written > 0 => {}
            _ => return None,
        }
    }
}

fn native(bytes: u64, info: &ImageInfo) -> Result<Option<Code>, PixelError> {
    let expected = info.expected_bytes();
    if bytes < expected {
        let whole = bytes.saturating_mul(8) / info.frame_bits().max(1);
        return Err(PixelError::Short(u32::try_from(whole).unwrap_or(u32::MAX)));
    }
    Ok(None)
}

fn compressed(
    codec: Codec,
    items: &[&[u8]],
    extended: Option<&[u8]>,
    info: &ImageInfo,
) -> Result<Option<Code>, PixelError> {
    if matches!(codec, Codec::Video | Codec::Other) {
        // Nobody here can look inside; that is for the policy of the SOP class to judge.
        return Ok(None);
    }
    if info.kind != SampleKind::Integer {
        return Err(PixelError::SyntaxMismatch("compressed floating-point data"));
    }
    // Every frame needs a fragment of its own.
    let fragments = items.len().saturating_sub(1);
    if fragments < info.frames as usize {
        return Err(PixelError::Short(fragments as u32));
    }
    let Some(first) = items.get(1) else {
        return Err(PixelError::Short(0));
    };
    // A frame that cannot be found is left to whoever decodes it, but its first fragment is looked
    // at in any case; and so is the last frame, where a file that was patched together differs.
    let head = |n| fragments::frame_head(items, extended, info.frames, n, HEAD).ok();
    let (bytes, total) = head(0).unwrap_or((Cow::Borrowed(first), first.len()));
    let mut differs = one(codec, &bytes, total, info)?;
    if info.frames > 1
        && let Some((bytes, total)) = head(info.frames - 1)
    {
        differs |= one(codec, &bytes, total, info)?;
    }
    Ok(differs.then_some(Code::CodestreamDiffers))
}

/// Checks one compressed frame's own header; says whether depth or sign differ harmlessly.
fn one(codec: Codec, bytes: &[u8], total: usize, info: &ImageInfo) -> Result<bool, PixelError> {
    let want = info.want();
    match codec {
        Codec::Jpeg | Codec::JpegLossless | Codec::JpegLs => {
            if !bytes.starts_with(&[0xFF, 0xD8]) {
                return Err(PixelError::SyntaxMismatch("this is not a JPEG image"));
            }
            let (process, mut probe) =
                jpeg::probe(bytes).ok_or(PixelError::Corrupt("there is no frame header"))?;
            let family = if process == 0xF7 {
                Codec::JpegLs
            } else if matches!(process, 0xC3 | 0xC7 | 0xCB | 0xCF) {
                Codec::JpegLossless
            } else {
                Codec::Jpeg
            };
            if family != codec {
                return Err(PixelError::SyntaxMismatch("another JPEG process"));
            }
            if probe.height == 0 {
                probe.height = want.rows;
            }
            want.check(probe)?;
            Ok(false)
        }
        Codec::Jpeg2000 | Codec::Htj2k => {
            let (probe, high_throughput): (Probe, bool) = j2k::probe(bytes)?;
            if high_throughput != (codec == Codec::Htj2k) {
                return Err(PixelError::SyntaxMismatch(
                    "High-Throughput and ordinary JPEG 2000 are mistaken for each other",
                ));
            }
            want.check(probe)?;
            j2k::complete(bytes, total)?;
            Ok(probe.signed != Some(info.signed))
        }
        Codec::JpegXl => {
            if jxl::is_jxl(bytes) {
                Ok(false)
            } else {
                Err(PixelError::SyntaxMismatch("this is not a JPEG XL image"))
            }
        }
        Codec::Rle => {
            let segments = rle::segments(bytes, total)
                .ok_or(PixelError::SyntaxMismatch("this is not an RLE frame"))?;
            let expected = info.samples * info.bits_allocated.div_ceil(8);
            if segments.len() == expected as usize {
                Ok(false)
            } else {
                Err(PixelError::Contradiction(
                    "the number of RLE segments is not that of the samples' bytes",
                ))
            }
        }
        Codec::EncapsulatedNative => {
            if (total as u64) < info.frame_bits().div_ceil(8) {
                return Err(PixelError::Short(0));
            }
            Ok(false)
        }
        Codec::DeflatedFrame | Codec::Native | Codec::Video | Codec::Other => Ok(false),
    }
}
