//! Samples out of uncompressed bytes, and the sign and unused bits of decoded ones.

use crate::error::{PixelError, zeroed};
use crate::frame::Samples;
use crate::info::{ImageInfo, Photometric, SampleKind};

/// The bytes of one frame with the order of their bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) big_endian: bool,
    /// Bytes come in swapped pairs: 8 bits and less in OW of a big-endian data set.
    pub(crate) swapped_pairs: bool,
}

/// The samples of frame `n` in native pixel data.
pub(crate) fn samples(raw: Raw<'_>, info: &ImageInfo, n: u32) -> Result<Samples, PixelError> {
    let bits = info.frame_bits();
    let start = bits * u64::from(n);
    let end = (start + bits).div_ceil(8);
    if end > raw.bytes.len() as u64 {
        return Err(PixelError::Short(n));
    }
    let range = (start / 8) as usize..end as usize;
    let bytes = raw.bytes.get(range).ok_or(PixelError::Short(n))?;
    let count = info.pixels() as usize * info.samples as usize;
    if info.bits_allocated == 1 {
        return bit_samples(raw, start, count);
    }
    let pairs: Vec<u8>;
    let bytes = if raw.swapped_pairs && info.bits_allocated == 8 {
        let first = start as usize / 8;
        pairs = (first..end as usize)
            .map(|i| {
                raw.bytes
                    .get(i ^ 1)
                    .or(raw.bytes.get(i))
                    .copied()
                    .unwrap_or_default()
            })
            .collect();
        pairs.as_slice()
    } else {
        bytes
    };
    let samples = match (info.kind, info.bits_allocated) {
        (SampleKind::Float, _) => {
            Samples::F32(words(bytes, raw, f32::from_le_bytes, f32::from_be_bytes))
        }
        (SampleKind::Double, _) => {
            Samples::F64(words(bytes, raw, f64::from_le_bytes, f64::from_be_bytes))
        }
        (_, 8) => clean16(bytes.iter().map(|&b| u16::from(b)), info, info.high_bit),
        (_, 16) => {
            let chunks = bytes.as_chunks::<2>().0.iter();
            if raw.big_endian {
                clean16(chunks.map(|&b| u16::from_be_bytes(b)), info, info.high_bit)
            } else {
                clean16(chunks.map(|&b| u16::from_le_bytes(b)), info, info.high_bit)
            }
        }
        (_, 32) => clean32(
            words(bytes, raw, u32::from_le_bytes, u32::from_be_bytes),
            info,
        ),
        _ => return Err(PixelError::Unsupported("integers of 64 bits")),
    };
    if info.photometric == Photometric::YbrFull422 {
        return widen(&samples, info);
    }
    if info.planar && info.samples > 1 {
        return interleave(&samples, info);
    }
    Ok(samples)
}

/// Whether frame `n` of native pixel data has anything in bits that belong to no sample.
pub(crate) fn hides(raw: Raw<'_>, info: &ImageInfo, n: u32) -> bool {
    let bits = info.frame_bits();
    let start = (bits * u64::from(n) / 8) as usize;
    let end = (start + (bits / 8) as usize).min(raw.bytes.len());
    hidden(raw.bytes.get(start..end).unwrap_or_default(), raw, info)
}

/// As [`hides`], for all frames at once.
pub(crate) fn hides_anywhere(raw: Raw<'_>, info: &ImageInfo) -> bool {
    let end = usize::try_from(info.expected_bytes()).unwrap_or(usize::MAX);
    let bytes = raw.bytes.get(..end).unwrap_or(raw.bytes);
    hidden(bytes, raw, info)
}

fn hidden(bytes: &[u8], raw: Raw<'_>, info: &ImageInfo) -> bool {
    if info.kind != SampleKind::Integer || info.bits_stored == info.bits_allocated {
        return false;
    }
    match info.bits_allocated {
        8 => stray8(bytes, info, raw.big_endian),
        16 => stray16(bytes, info, raw.big_endian),
        32 => stray32(bytes, info, raw.big_endian),
        64 => stray64(bytes, info, raw.big_endian),
        _ => false,
    }
}

/// Every object with unused bits passes through here once before it leaves. So there is no branch
/// in the inner loop, which then runs many samples wide, and one look at the result for each block.
macro_rules! stray {
    ($name:ident, $int:ty) => {
        /// Whether a value has something outside of its stored bits, other than its own sign.
        fn $name(bytes: &[u8], info: &ImageInfo, big_endian: bool) -> bool {
            const WIDTH: u32 = <$int>::BITS;
            const BYTES: usize = WIDTH as usize / 8;
            const BLOCK: usize = 1 << 13;
            let low = |n: u32| <$int>::MAX.checked_shr(WIDTH - n.min(WIDTH)).unwrap_or(0);
            let top = info.high_bit + 1;
            let below = low(top.saturating_sub(info.bits_stored));
            let above = !low(top);
            let left = WIDTH.saturating_sub(top);
            let values = bytes.as_chunks::<BYTES>().0;
            values.chunks(BLOCK).any(|block| {
                let mut found: $int = 0;
                if !info.signed {
                    for value in block {
                        found |= <$int>::from_le_bytes(*value);
                    }
                    let mask = below | above;
                    return found & if big_endian { mask.swap_bytes() } else { mask } != 0;
                }
                let mut check = |value: $int| {
                    let up = value & above;
                    let sign = ((value << left).cast_signed() >> (WIDTH - 1)).cast_unsigned();
                    let other = (up != 0) & (up != sign & above);
                    found |= value & below | <$int>::from(other);
                };
                if big_endian {
                    block.iter().for_each(|v| check(<$int>::from_be_bytes(*v)));
                } else {
                    block.iter().for_each(|v| check(<$int>::from_le_bytes(*v)));
                }
                found != 0
            })
        }
    };
}

stray!(stray8, u8);
stray!(stray16, u16);
stray!(stray32, u32);
stray!(stray64, u64);

/// Whether any value of `width` bits has something outside of its stored bits, other than its
/// own sign.
pub(crate) fn outside(
    mut values: impl Iterator<Item = u32>,
    info: &ImageInfo,
    high_bit: u32,
    width: u32,
) -> bool {
    let ones = |n: u32| (1_u64 << n.min(32)) - 1;
    let below = ones((high_bit + 1).saturating_sub(info.bits_stored));
    let above = ones(width.max(high_bit + 1)) & !ones(high_bit + 1);
    values.any(|v| {
        let v = u64::from(v);
        let up = v & above;
        let sign = info.signed && up == above && v >> high_bit & 1 == 1;
        v & below != 0 || (up != 0 && !sign)
    })
}

fn words<const N: usize, T>(
    bytes: &[u8],
    raw: Raw<'_>,
    little: fn([u8; N]) -> T,
    big: fn([u8; N]) -> T,
) -> Vec<T> {
    let read = if raw.big_endian { big } else { little };
    bytes.as_chunks::<N>().0.iter().map(|&b| read(b)).collect()
}

fn bit_samples(raw: Raw<'_>, start: u64, count: usize) -> Result<Samples, PixelError> {
    let mut out = zeroed::<u8>(count)?;
    for (bit, value) in (start..).zip(out.iter_mut()) {
        let at = (bit / 8) as usize;
        let at = if raw.swapped_pairs { at ^ 1 } else { at };
        let byte = raw.bytes.get(at).copied().unwrap_or_default();
        *value = byte >> (bit % 8) & 1;
    }
    Ok(Samples::U8(out))
}

/// Takes the stored bits out of allocated ones and extends their sign.
pub(crate) fn clean16(
    values: impl Iterator<Item = u16>,
    info: &ImageInfo,
    high_bit: u32,
) -> Samples {
    let stored = info.bits_stored.min(16);
    let left = 15_u32.saturating_sub(high_bit);
    let right = 16 - stored;
    if info.signed {
        let value = |v: u16| ((v << left).cast_signed()) >> right;
        Samples::I16(values.map(value).collect())
    } else if stored <= 8 {
        Samples::U8(values.map(|v| ((v << left) >> right) as u8).collect())
    } else {
        Samples::U16(values.map(|v| (v << left) >> right).collect())
    }
}

fn clean32(values: Vec<u32>, info: &ImageInfo) -> Samples {
    let left = 31_u32.saturating_sub(info.high_bit);
    let right = 32 - info.bits_stored.clamp(1, 32);
    if info.signed {
        let value = |v: u32| ((v << left).cast_signed()) >> right;
        Samples::I32(values.into_iter().map(value).collect())
    } else {
        Samples::U32(values.into_iter().map(|v| (v << left) >> right).collect())
    }
}

/// Gives every pixel of YBR_FULL_422 its own colour: stored Y Y Cb Cr for two pixels.
fn widen(samples: &Samples, info: &ImageInfo) -> Result<Samples, PixelError> {
    let Samples::U8(from) = samples else {
        return Err(PixelError::Unsupported(
            "YBR_FULL_422 with more than 8 bits",
        ));
    };
    if !info.columns.is_multiple_of(2) {
        return Err(PixelError::Invalid(crate::tags::COLUMNS));
    }
    let mut out = Vec::new();
    out.try_reserve(from.len() / 2 * 3)
        .map_err(|_| PixelError::Absurd)?;
    for &[y0, y1, cb, cr] in from.as_chunks::<4>().0 {
        out.extend_from_slice(&[y0, cb, cr, y1, cb, cr]);
    }
    Ok(Samples::U8(out))
}

fn interleave(samples: &Samples, info: &ImageInfo) -> Result<Samples, PixelError> {
    fn turn<T: Copy + Default>(from: &[T], n: usize) -> Result<Vec<T>, PixelError> {
        let mut out = zeroed::<T>(from.len())?;
        let plane = from.len() / n;
        for (i, values) in from.chunks_exact(plane.max(1)).enumerate().take(n) {
            for (pixel, &value) in out.chunks_exact_mut(n).zip(values) {
                pixel[i] = value;
            }
        }
        Ok(out)
    }
    let n = info.samples as usize;
    Ok(match samples {
        Samples::U8(v) => Samples::U8(turn(v, n)?),
        Samples::U16(v) => Samples::U16(turn(v, n)?),
        Samples::I16(v) => Samples::I16(turn(v, n)?),
        Samples::U32(v) => Samples::U32(turn(v, n)?),
        Samples::I32(v) => Samples::I32(turn(v, n)?),
        Samples::F32(v) => Samples::F32(turn(v, n)?),
        Samples::F64(v) => Samples::F64(turn(v, n)?),
    })
}

#[cfg(test)]
mod tests;
