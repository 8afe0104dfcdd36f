//! Changed samples back into an object: what a box or a cut covers, and nothing else.
//!
//! Native pixel data are copied and patched: a sample that nobody changed keeps its very bits,
//! and the header stays as it is. What was compressed comes out as Explicit VR Little Endian,
//! with the few attributes that then have to say something else. Frames are decoded one after
//! the other, so memory holds one of them beside the result.
//!
//! Bits outside of Bits Stored are where old objects hide overlays. Nobody who looks at frames
//! sees them, so an object that uses them is not changed: it is an error.

use cordon_dicom::{File, Syntax, Value, Vr};
use cordon_protocol::Tag;

use crate::error::PixelError;
use crate::frame::{Frame, Samples, frame_without_hidden, pixel_element};
use crate::info::{ImageInfo, Photometric, SampleKind, describe};
use crate::native::{Raw, hides_anywhere};
use crate::tags;

/// A value that replaces an attribute's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewValue {
    /// The attribute.
    pub tag: Tag,
    /// Its VR.
    pub vr: Vr,
    /// The value field.
    pub bytes: Vec<u8>,
}

/// New pixel data and what the header must say of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPixels {
    /// The transfer syntax that the object takes; `None` where its own stays.
    pub syntax: Option<Syntax>,
    /// The attributes with new values in ascending order, the pixel data last.
    pub values: Vec<NewValue>,
    /// Attributes that no longer hold and have to go.
    pub dropped: Vec<Tag>,
    /// How many samples have another value than before.
    pub changed: u64,
}

/// Hands every frame to `change` and gives the object's new pixel data.
///
/// `change` may change samples; size, kind and meaning of a frame have to stay.
///
/// # Errors
/// When a frame cannot be decoded, when the object has more than one kind of pixel data, when
/// bits outside of Bits Stored are in use, or when a changed sample does not fit its bits.
pub fn rewrite(
    file: &File<'_>,
    mut change: impl FnMut(u32, &mut Frame),
) -> Result<NewPixels, PixelError> {
    let info = describe(&file.data)?;
    let element = pixel_element(&file.data).ok_or(PixelError::NoPixels)?;
    let of_kind = match info.kind {
        SampleKind::Integer => tags::PIXEL_DATA,
        SampleKind::Float => tags::FLOAT_PIXELS,
        SampleKind::Double => tags::DOUBLE_PIXELS,
    };
    if element.tag != of_kind {
        return Err(PixelError::Contradiction("two kinds of pixel data"));
    }
    let mut target = match &element.value {
        Value::Bytes(bytes) if info.photometric != Photometric::YbrFull422 => {
            let swapped = file.data.big_endian && element.vr == Vr::OW;
            Target::Patched(Patch::new(bytes, &info, file.data.big_endian, swapped)?)
        }
        Value::Bytes(_) | Value::Fragments { .. } => Target::Encoded(Encoder::default()),
        Value::Items(_) => return Err(PixelError::NoPixels),
    };
    let mut changed = 0;
    let mut photometric = info.photometric;
    for n in 0..info.frames {
        let before = match target {
            Target::Patched(_) => frame_without_hidden(file, n)?,
            Target::Encoded(_) => frame_without_hidden(file, n)?.into_rgb(),
        };
        if n == 0 {
            photometric = before.photometric;
        } else if before.photometric != photometric {
            return Err(PixelError::Contradiction(
                "the colours of the frames differ",
            ));
        }
        let mut after = before.clone();
        change(n, &mut after);
        if !same_shape(&before, &after) {
            return Err(PixelError::Unsupported("a frame that changed its shape"));
        }
        match &mut target {
            Target::Patched(patch) => {
                for i in differing(&before.samples, &after.samples) {
                    patch.set(&info, n, i, &after.samples)?;
                    changed += 1;
                }
            }
            Target::Encoded(encoder) => {
                changed += differing(&before.samples, &after.samples).count() as u64;
                encoder.push(&info, &after.samples)?;
            }
        }
    }
    let mut dropped = vec![
        tags::SMALLEST,
        tags::LARGEST,
        tags::SMALLEST_IN_SERIES,
        tags::LARGEST_IN_SERIES,
    ];
    let pixels = |vr, bytes| NewValue {
        tag: element.tag,
        vr,
        bytes,
    };
    Ok(match target {
        Target::Patched(patch) => NewPixels {
            syntax: None,
            values: vec![pixels(element.vr, patch.bytes)],
            dropped,
            changed,
        },
        Target::Encoded(encoder) => {
            dropped.extend([
                tags::EXTENDED_OFFSETS,
                tags::EXTENDED_LENGTHS,
                tags::TOTAL_LENGTH,
            ]);
            let big_endian = file.data.big_endian;
            let mut values = encoder.header(&info, photometric, big_endian);
            let vr = match info.kind {
                SampleKind::Float => Vr::OF,
                SampleKind::Double => Vr::OD,
                SampleKind::Integer if info.bits_allocated > 8 => Vr::OW,
                SampleKind::Integer => Vr::OB,
            };
            values.push(pixels(vr, encoder.bytes));
            NewPixels {
                // Native data keep their syntax: only how colours are stored is new.
                syntax: file.syntax.encapsulated.then(Syntax::explicit_le),
                values,
                dropped,
                changed,
            }
        }
    })
}

/// Whether an object has anything in bits that belong to no sample, or cannot be looked at.
///
/// # Errors
/// [`PixelError::HiddenBits`] when it has, any other error when a frame cannot be decoded.
pub fn nothing_hidden(file: &File<'_>) -> Result<(), PixelError> {
    let info = describe(&file.data)?;
    if info.bits_stored == info.bits_allocated && !file.syntax.encapsulated {
        return Ok(());
    }
    if let Some(raw) = native(file) {
        if (raw.bytes.len() as u64) < info.expected_bytes() {
            return Err(PixelError::Short(0));
        }
        return if hides_anywhere(raw, &info) {
            Err(PixelError::HiddenBits)
        } else {
            Ok(())
        };
    }
    (0..info.frames).try_for_each(|n| frame_without_hidden(file, n).map(|_| ()))
}

/// The bytes of native pixel data.
fn native<'a>(file: &File<'a>) -> Option<Raw<'a>> {
    let element = pixel_element(&file.data)?;
    let bytes = element.bytes().filter(|_| !file.syntax.encapsulated)?;
    let big_endian = file.data.big_endian;
    Some(Raw {
        bytes,
        big_endian,
        swapped_pairs: big_endian && element.vr == Vr::OW,
    })
}

enum Target {
    /// A copy of native pixel data, changed where samples changed.
    Patched(Patch),
    /// Everything written anew.
    Encoded(Encoder),
}

fn same_shape(a: &Frame, b: &Frame) -> bool {
    (a.rows, a.columns, a.samples_per_pixel, a.bits_stored)
        == (b.rows, b.columns, b.samples_per_pixel, b.bits_stored)
        && a.photometric == b.photometric
        && a.samples.len() == b.samples.len()
        && std::mem::discriminant(&a.samples) == std::mem::discriminant(&b.samples)
}

/// The places where two lists of the same kind and length differ, bit by bit.
fn differing<'s>(a: &'s Samples, b: &'s Samples) -> Box<dyn Iterator<Item = usize> + 's> {
    fn places<'s, T: Copy + 's, B: PartialEq + 's>(
        a: &'s [T],
        b: &'s [T],
        bits: fn(T) -> B,
    ) -> Box<dyn Iterator<Item = usize> + 's> {
        let pairs = a.iter().zip(b).enumerate();
        Box::new(pairs.filter_map(move |(i, (a, b))| (bits(*a) != bits(*b)).then_some(i)))
    }
    match (a, b) {
        (Samples::U8(a), Samples::U8(b)) => places(a, b, |v| v),
        (Samples::U16(a), Samples::U16(b)) => places(a, b, |v| v),
        (Samples::I16(a), Samples::I16(b)) => places(a, b, |v| v),
        (Samples::U32(a), Samples::U32(b)) => places(a, b, |v| v),
        (Samples::I32(a), Samples::I32(b)) => places(a, b, |v| v),
        (Samples::F32(a), Samples::F32(b)) => places(a, b, f32::to_bits),
        (Samples::F64(a), Samples::F64(b)) => places(a, b, f64::to_bits),
        _ => Box::new(std::iter::empty()),
    }
}

/// The sample at `i` as the pattern of its bits, the sign extended to all of them.
fn pattern(samples: &Samples, i: usize) -> Option<u64> {
    Some(match samples {
        Samples::U8(v) => u64::from(*v.get(i)?),
        Samples::U16(v) => u64::from(*v.get(i)?),
        Samples::I16(v) => i64::from(*v.get(i)?).cast_unsigned(),
        Samples::U32(v) => u64::from(*v.get(i)?),
        Samples::I32(v) => i64::from(*v.get(i)?).cast_unsigned(),
        Samples::F32(v) => u64::from(v.get(i)?.to_bits()),
        Samples::F64(v) => v.get(i)?.to_bits(),
    })
}

/// How many bits a sample needs, its sign included.
fn needs(samples: &Samples, i: usize) -> u32 {
    let signed = |v: i32| {
        let magnitude = if v < 0 { !v } else { v };
        33 - magnitude.leading_zeros()
    };
    match samples {
        Samples::I16(v) => v.get(i).map_or(0, |v| signed(i32::from(*v))),
        Samples::I32(v) => v.get(i).map_or(0, |v| signed(*v)),
        Samples::F32(_) => 32,
        Samples::F64(_) => 64,
        unsigned => 64 - pattern(unsigned, i).unwrap_or(0).leading_zeros(),
    }
}

const TOO_LARGE: PixelError = PixelError::Unsupported("a value that Bits Stored cannot hold");

/// Native pixel data in their own order of bytes.
struct Patch {
    bytes: Vec<u8>,
    big_endian: bool,
    swapped_pairs: bool,
}

impl Patch {
    /// A copy; what follows the last frame is not taken along.
    fn new(
        bytes: &[u8],
        info: &ImageInfo,
        big_endian: bool,
        swapped_pairs: bool,
    ) -> Result<Self, PixelError> {
        let length = usize::try_from(info.expected_bytes()).map_err(|_| PixelError::Absurd)?;
        // Swapped pairs reach one byte further when the length is odd.
        let length = length.next_multiple_of(2).min(bytes.len()).max(length);
        let source = bytes.get(..length).ok_or(PixelError::Short(0))?;
        let mut copy = Vec::new();
        copy.try_reserve_exact(length)
            .map_err(|_| PixelError::Absurd)?;
        copy.extend_from_slice(source);
        if !swapped_pairs && length as u64 > info.expected_bytes() {
            copy.pop();
        }
        Ok(Self {
            bytes: copy,
            big_endian,
            swapped_pairs,
        })
    }

    fn set(
        &mut self,
        info: &ImageInfo,
        frame: u32,
        i: usize,
        samples: &Samples,
    ) -> Result<(), PixelError> {
        if needs(samples, i) > info.bits_stored {
            return Err(TOO_LARGE);
        }
        let value = pattern(samples, i).ok_or(PixelError::Short(frame))?;
        let start = info.frame_bits() * u64::from(frame);
        if info.bits_allocated == 1 {
            let bit = start + i as u64;
            let at = self.place((bit / 8) as usize);
            let byte = self.bytes.get_mut(at).ok_or(PixelError::Short(frame))?;
            let mask = 1_u8 << (bit % 8);
            *byte = if value == 0 {
                *byte & !mask
            } else {
                *byte | mask
            };
            return Ok(());
        }
        let n = info.samples as usize;
        let order = if info.planar && n > 1 {
            i % n * info.pixels() as usize + i / n
        } else {
            i
        };
        let width = info.bits_allocated as usize / 8;
        let at = (start / 8) as usize + order * width;
        let value = value << (info.high_bit + 1 - info.bits_stored);
        if width == 1 {
            let at = self.place(at);
            let byte = self.bytes.get_mut(at).ok_or(PixelError::Short(frame))?;
            *byte = value.to_le_bytes()[0];
            return Ok(());
        }
        let place = self
            .bytes
            .get_mut(at..at + width)
            .ok_or(PixelError::Short(frame))?;
        let little = value.to_le_bytes();
        for (k, byte) in place.iter_mut().enumerate() {
            *byte = little[if self.big_endian { width - 1 - k } else { k }];
        }
        Ok(())
    }

    const fn place(&self, at: usize) -> usize {
        if self.swapped_pairs { at ^ 1 } else { at }
    }
}

/// Native little-endian pixel data, written sample by sample.
#[derive(Default)]
struct Encoder {
    bytes: Vec<u8>,
    /// Bits of the last byte that are written, where samples are single bits.
    bits: u32,
    /// The bits that the largest sample needs.
    needed: u32,
}

impl Encoder {
    fn push(&mut self, info: &ImageInfo, samples: &Samples) -> Result<(), PixelError> {
        let width = u64::from(info.bits_allocated);
        if self.bytes.is_empty() {
            let bits = info.pixels() * u64::from(info.samples) * width;
            let all = bits.saturating_mul(u64::from(info.frames)).div_ceil(8);
            if all >= u64::from(u32::MAX) - 1 {
                return Err(PixelError::Unsupported("more than 4 GiB of pixel data"));
            }
            let all = usize::try_from(all).map_err(|_| PixelError::Absurd)?;
            self.bytes
                .try_reserve_exact(all + 1)
                .map_err(|_| PixelError::Absurd)?;
        }
        for i in 0..samples.len() {
            self.needed = self.needed.max(needs(samples, i));
        }
        if self.needed > info.bits_allocated {
            return Err(TOO_LARGE);
        }
        match (samples, info.bits_allocated) {
            (_, 1) => {
                for i in 0..samples.len() {
                    self.bit(pattern(samples, i).unwrap_or(0) & 1 == 1);
                }
            }
            (Samples::U8(v), 8) => self.bytes.extend_from_slice(v),
            (Samples::U16(v), 16) => self.bytes.extend(v.iter().flat_map(|v| v.to_le_bytes())),
            (Samples::I16(v), 16) => self.bytes.extend(v.iter().flat_map(|v| v.to_le_bytes())),
            (_, bits) => {
                let width = bits as usize / 8;
                for i in 0..samples.len() {
                    let value = pattern(samples, i).unwrap_or(0).to_le_bytes();
                    self.bytes
                        .extend_from_slice(value.get(..width).unwrap_or_default());
                }
            }
        }
        Ok(())
    }

    fn bit(&mut self, set: bool) {
        if self.bits.is_multiple_of(8) {
            self.bytes.push(0);
            self.bits = 0;
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(set) << self.bits;
        }
        self.bits += 1;
    }

    /// What the header has to say of what was written.
    fn header(
        &self,
        info: &ImageInfo,
        photometric: Photometric,
        big_endian: bool,
    ) -> Vec<NewValue> {
        let number = |tag, n: u32| {
            let n = u16::try_from(n).unwrap_or(u16::MAX);
            NewValue {
                tag,
                vr: Vr::US,
                bytes: if big_endian {
                    n.to_be_bytes().to_vec()
                } else {
                    n.to_le_bytes().to_vec()
                },
            }
        };
        let mut values = Vec::new();
        if let Some(text) = photometric.text()
            && photometric != info.photometric
        {
            values.push(NewValue {
                tag: tags::PHOTOMETRIC,
                vr: Vr::CS,
                bytes: text.as_bytes().to_vec(),
            });
        }
        if info.samples > 1 {
            values.push(number(tags::PLANAR, 0));
        }
        if info.kind == SampleKind::Integer {
            // A codestream may be deeper than the header says.
            let stored = if self.needed > info.bits_stored {
                info.bits_allocated
            } else {
                info.bits_stored
            };
            values.push(number(tags::BITS_STORED, stored));
            values.push(number(tags::HIGH_BIT, stored - 1));
        }
        values
    }
}
