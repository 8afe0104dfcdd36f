//! Pixel data as they are written: what decodes to pixels stays byte for byte, what does not is
//! blanked.
//!
//! A compressed frame has room for more than its pixels: comments, EXIF and XMP, a thumbnail,
//! whatever follows its end. None of it is seen by who looks at frames, all of it would leave. It
//! is blanked in place, so that no length and no offset changes and every frame decodes to the
//! values that it had. A Basic Offset Table that points to no fragments is emptied, and native
//! pixel data end with their last frame.
//!
//! What cannot be read to its end is passed on as it is, and [`spare_bytes`] says so: it holds the
//! object.

use std::borrow::Cow;
use std::ops::Range;

use cordon_dicom::{Codec, DataSet, Element, File, Value, tag, tags};
use cordon_protocol::{Code, Finding, Tag};

mod j2k;
mod jpeg;
mod other;

const PIXEL_DATA: Tag = Tag(0x7FE0_0010);
const FLOAT_PIXELS: Tag = Tag(0x7FE0_0008);
const DOUBLE_PIXELS: Tag = Tag(0x7FE0_0009);
const EXTENDED_OFFSETS: Tag = Tag(0x7FE0_0001);
const EXTENDED_LENGTHS: Tag = Tag(0x7FE0_0002);
const TOTAL_LENGTH: Tag = Tag(0x7FE0_0003);

/// Bytes of a frame that no decoder needs, and what stands there when they are blank.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spare {
    range: Range<usize>,
    fill: u8,
}

/// A codestream, or a division into frames, that cannot be followed to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unreadable;

type Spares = Result<Vec<Spare>, Unreadable>;

/// What the header says of the pixel data, as far as it says where they end.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    codec: Codec,
    encapsulated: bool,
    frames: usize,
    /// Whether the header says how many frames there are: where nobody knows, nothing is cut.
    counted: bool,
    /// Samples of one plane: rows times columns. Zero where nothing is said.
    plane: u64,
    /// Samples of a pixel as they are stored.
    samples: u64,
    bits: u64,
    /// The Extended Offset Table.
    offsets: Option<Vec<u64>>,
}

impl Shape {
    pub(crate) fn of(file: &File<'_>) -> Self {
        let data = &file.data;
        let number = |t| data.u16(tag(t)).map_or(0, u64::from);
        let frames = data
            .i32(tag(tags::NUMBER_OF_FRAMES))
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n > 0);
        let counted = frames.is_some() || data.get(tag(tags::NUMBER_OF_FRAMES)).is_none();
        let photometric = data.ascii(tag(tags::PHOTOMETRIC_INTERPRETATION));
        let samples = match number(tags::SAMPLES_PER_PIXEL) {
            // Two colour differences for two pixels.
            3 if photometric.is_some_and(|p| p.split('\\').next() == Some("YBR_FULL_422")) => 2,
            n => n.max(1),
        };
        Self {
            codec: file.syntax.codec,
            encapsulated: file.syntax.encapsulated,
            frames: frames.unwrap_or(1),
            counted,
            plane: number(tags::ROWS) * number(tags::COLUMNS),
            samples,
            bits: number(tags::BITS_ALLOCATED),
            offsets: offsets(data),
        }
    }

    /// Bytes of all frames of native pixel data, padded to even length; `None` where the header
    /// does not say.
    fn native_bytes(&self, tag: Tag) -> Option<usize> {
        let bits = match tag {
            FLOAT_PIXELS => 32,
            DOUBLE_PIXELS => 64,
            _ => self.bits,
        };
        let all = self
            .plane
            .checked_mul(self.samples)?
            .checked_mul(bits)?
            .checked_mul(self.frames as u64)?
            .div_ceil(8);
        usize::try_from(all.next_multiple_of(2))
            .ok()
            .filter(|n| *n > 0)
    }

    /// Native pixel data up to the end of their last frame.
    pub(crate) fn native<'b>(&self, tag: Tag, bytes: &'b [u8]) -> &'b [u8] {
        if !is_pixels(tag) || self.encapsulated || !self.counted {
            return bytes;
        }
        let end = |samples| {
            let shape = Self {
                samples,
                offsets: None,
                ..self.clone()
            };
            shape.native_bytes(tag).and_then(|n| bytes.get(..n))
        };
        // Some writers say that two pixels share their colours and write three samples for each.
        let whole = if self.samples == 2 { end(3) } else { None };
        whole.or_else(|| end(self.samples)).unwrap_or(bytes)
    }

    /// The value field of encapsulated pixel data with everything blank that is no pixel.
    pub(crate) fn fragments<'r>(&self, items: &[&[u8]], raw: &'r [u8]) -> Cow<'r, [u8]> {
        let Some(parts) = Parts::of(items, raw) else {
            return Cow::Borrowed(raw);
        };
        let frames = self.frames_of(&parts);
        let mut blanks: Vec<Spare> = Vec::new();
        for range in frames.iter().flatten() {
            if let Ok(spares) = self.spares(&parts, range.clone()) {
                blanks.extend(spares);
            }
        }
        let table = self.table(&parts);
        if blanks.is_empty() && table == parts.table {
            return Cow::Borrowed(raw);
        }
        let mut new = raw.to_vec();
        for blank in blanks {
            if let Some(bytes) = new.get_mut(blank.range) {
                bytes.fill(blank.fill);
            }
        }
        if table.len() < parts.table.len() {
            // Shorter, so the length of the first item and what it held change.
            let length = u32::try_from(table.len()).unwrap_or(0);
            if let Some(bytes) = new.get_mut(4..8) {
                bytes.copy_from_slice(&length.to_le_bytes());
            }
            new.drain(8 + table.len()..8 + parts.table.len());
        }
        Cow::Owned(new)
    }

    /// As much of the Basic Offset Table as points to this object's frames: all of it, or nothing.
    fn table<'t>(&self, parts: &Parts<'t>) -> &'t [u8] {
        let known = self
            .frames
            .checked_mul(4)
            .and_then(|n| parts.table.get(..n))
            .filter(|t| parts.by_offsets(words::<4>(t), self.frames).is_some());
        known.unwrap_or_default()
    }

    /// The fragments of every frame.
    fn frames_of(&self, parts: &Parts<'_>) -> Result<Vec<Range<usize>>, Unreadable> {
        let (n, frames) = (parts.fragments.len(), self.frames);
        if frames == 1 {
            return Ok(std::iter::once(0..n).collect());
        }
        if n == frames {
            return Ok((0..n).map(|i| i..i + 1).collect());
        }
        if let Some(offsets) = &self.offsets {
            return parts
                .by_offsets(offsets.iter().copied(), frames)
                .ok_or(Unreadable);
        }
        if let Some(found) = parts.by_offsets(words::<4>(parts.table), frames) {
            return Ok(found);
        }
        // Without a table a frame begins where a fragment begins like an image.
        let starts: Vec<usize> = (0..n)
            .filter(|i| parts.fragments.get(*i).is_some_and(|f| begins(f)))
            .take(frames)
            .collect();
        if starts.len() < frames || starts.first() != Some(&0) {
            return Err(Unreadable);
        }
        Ok(from_starts(&starts, n))
    }

    /// What of the frame in these fragments is not blank and should be, as ranges of `raw`.
    fn spares(&self, parts: &Parts<'_>, range: Range<usize>) -> Spares {
        let fragments = parts.fragments.get(range.clone()).ok_or(Unreadable)?;
        let starts = parts.starts.get(range).ok_or(Unreadable)?;
        let frame: Cow<'_, [u8]> = match fragments {
            [one] => Cow::Borrowed(one),
            many => Cow::Owned(many.concat()),
        };
        let mut found = Vec::new();
        for spare in self.spares_of_frame(&frame)? {
            let bytes = frame.get(spare.range.clone()).ok_or(Unreadable)?;
            if bytes.iter().all(|b| *b == spare.fill) {
                continue;
            }
            let mut first = 0;
            for (fragment, start) in fragments.iter().zip(starts) {
                let last = first + fragment.len();
                let (from, to) = (spare.range.start.max(first), spare.range.end.min(last));
                if from < to {
                    found.push(Spare {
                        range: start + from - first..start + to - first,
                        fill: spare.fill,
                    });
                }
                first = last;
            }
        }
        Ok(found)
    }

    fn spares_of_frame(&self, frame: &[u8]) -> Spares {
        match self.codec {
            Codec::Jpeg | Codec::JpegLossless | Codec::JpegLs => jpeg::spares(frame),
            Codec::Jpeg2000 | Codec::Htj2k => j2k::spares(frame),
            Codec::Rle if self.bits >= 8 => other::run_lengths(frame, self.plane),
            Codec::EncapsulatedNative => {
                let samples = self.plane.checked_mul(self.samples);
                let bits = samples.and_then(|n| n.checked_mul(self.bits));
                other::native(frame, bits.ok_or(Unreadable)?)
            }
            Codec::JpegXl => other::jpeg_xl(frame),
            // How much of a frame its decoder read is asked of the decoder (`cordon_pixels::sanity`).
            Codec::DeflatedFrame => Ok(Vec::new()),
            Codec::Rle | Codec::Native | Codec::Video | Codec::Other => Err(Unreadable),
        }
    }
}

/// Whether the pixel data of a finished object hold anything that is no pixel, or cannot be read so
/// far that anybody could say.
#[must_use]
pub fn spare_bytes(file: &File<'_>) -> Vec<Finding> {
    let shape = Shape::of(file);
    let mut findings = Vec::new();
    let mut fragments = None;
    for element in file.data.elements.iter().filter(|e| is_pixels(e.tag)) {
        match &element.value {
            Value::Bytes(bytes) => {
                if shape.native(element.tag, bytes).len() < bytes.len() {
                    findings.push(Finding::at(Code::ResiduePixelData, element.tag));
                }
            }
            Value::Fragments { items, raw } => {
                let Some(parts) = Parts::of(items, raw) else {
                    findings.push(Finding::at(Code::PixelsUndecodable, element.tag));
                    continue;
                };
                findings.extend(
                    shape
                        .spare(&parts)
                        .map(|code| Finding::at(code, element.tag)),
                );
                fragments = Some(parts);
            }
            Value::Items(_) => {}
        }
    }
    findings.extend(shape.bad_tables(&file.data, fragments.as_ref()));
    findings
}

impl Shape {
    fn spare(&self, parts: &Parts<'_>) -> Option<Code> {
        let Ok(frames) = self.frames_of(parts) else {
            return Some(Code::PixelsUndecodable);
        };
        let mut spare = self.table(parts) != parts.table;
        for range in frames {
            match self.spares(parts, range) {
                Ok(spares) => spare |= !spares.is_empty(),
                Err(Unreadable) => return Some(Code::PixelsUndecodable),
            }
        }
        spare.then_some(Code::ResiduePixelData)
    }

    /// The extended tables are attributes of their own: they say nothing but where frames are.
    fn bad_tables(&self, data: &DataSet<'_>, parts: Option<&Parts<'_>>) -> Option<Finding> {
        let bad = |element: &Element<'_>| {
            let (Some(parts), Some(bytes)) = (parts, element.bytes()) else {
                return true;
            };
            let by_table = || {
                let offsets = self.offsets.as_ref()?;
                (offsets.len() == self.frames)
                    .then(|| parts.by_offsets(offsets.iter().copied(), self.frames))
                    .flatten()
            };
            match element.tag {
                EXTENDED_OFFSETS => !bytes.len().is_multiple_of(8) || by_table().is_none(),
                EXTENDED_LENGTHS => by_table().is_none_or(|frames| {
                    bytes.len() != 8 * frames.len()
                        || frames.iter().zip(words::<8>(bytes)).any(|(range, length)| {
                            let of = parts.fragments.get(range.clone()).unwrap_or_default();
                            let total: u64 = of.iter().map(|f| f.len() as u64).sum();
                            length > total || total - length > 1
                        })
                }),
                _ => bytes.len() != 8,
            }
        };
        [EXTENDED_OFFSETS, EXTENDED_LENGTHS, TOTAL_LENGTH]
            .into_iter()
            .filter_map(|t| data.get(t))
            .find(|e| !e.is_empty() && bad(e))
            .map(|e| Finding::at(Code::PixelsUndecodable, e.tag))
    }
}

/// Encapsulated pixel data with the place of every fragment.
struct Parts<'a> {
    table: &'a [u8],
    fragments: Vec<&'a [u8]>,
    /// Where each fragment's bytes begin in the value field.
    starts: Vec<usize>,
}

impl<'a> Parts<'a> {
    /// `None` where there is no fragment, or where the items do not stand one behind the other.
    fn of(items: &[&'a [u8]], raw: &[u8]) -> Option<Self> {
        let (table, fragments) = items.split_first()?;
        let mut at = 8 + table.len();
        let mut starts = Vec::with_capacity(fragments.len());
        for fragment in fragments {
            starts.push(at + 8);
            at += 8 + fragment.len();
        }
        (!fragments.is_empty() && at <= raw.len()).then(|| Self {
            table,
            fragments: fragments.to_vec(),
            starts,
        })
    }

    /// The fragments of every frame by a table of offsets; `None` where it does not begin with the
    /// first fragment, does not rise, or points between fragments.
    fn by_offsets(
        &self,
        offsets: impl Iterator<Item = u64>,
        frames: usize,
    ) -> Option<Vec<Range<usize>>> {
        let base = 16 + self.table.len();
        let mut starts: Vec<usize> = Vec::with_capacity(frames.min(self.fragments.len()));
        for offset in offsets.take(frames) {
            let at = usize::try_from(offset).ok()?.checked_add(base)?;
            let fragment = self.starts.binary_search(&at).ok()?;
            if starts.last().is_some_and(|last| *last >= fragment) {
                return None;
            }
            starts.push(fragment);
        }
        let whole = starts.len() == frames && starts.first() == Some(&0);
        whole.then(|| from_starts(&starts, self.fragments.len()))
    }
}

/// Ranges from where each of them starts to where the next one does.
fn from_starts(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(a, b)| a..b)
        .collect()
}

fn begins(fragment: &[u8]) -> bool {
    fragment.starts_with(&[0xFF, 0xD8])
        || fragment.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
        || fragment.starts_with(&[0xFF, 0x0A])
        || fragment.starts_with(b"\0\0\0\x0C")
}

fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<N>().0.iter().map(|b| {
        b.iter()
            .rev()
            .fold(0, |value, b| value << 8 | u64::from(*b))
    })
}

fn offsets(data: &DataSet<'_>) -> Option<Vec<u64>> {
    let bytes = data.get(EXTENDED_OFFSETS)?.bytes()?;
    (!bytes.is_empty()).then(|| words::<8>(bytes).collect())
}

/// One of the three attributes that hold pixels.
pub(crate) const fn is_pixels(tag: Tag) -> bool {
    matches!(tag, PIXEL_DATA | FLOAT_PIXELS | DOUBLE_PIXELS)
}

#[cfg(test)]
mod tests;
