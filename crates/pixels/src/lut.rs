//! Look-up tables as DICOM writes them: modality, VOI and palette (PS3.3 sections C.11 and C.7.9).

use cordon_dicom::{DataSet, Vr};
use cordon_protocol::Tag;

use crate::tags;

/// A table from stored or modality values to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Lut {
    /// The value that the first entry is for.
    pub first: i32,
    /// Bits of the entries.
    pub bits: u32,
    /// The entries.
    pub entries: Vec<u16>,
}

/// All 16-bit words of a value.
pub(crate) fn words(data: &DataSet<'_>, tag: Tag) -> Vec<u16> {
    let bytes = data
        .get(tag)
        .and_then(cordon_dicom::Element::bytes)
        .unwrap_or_default();
    let read = if data.big_endian {
        u16::from_be_bytes
    } else {
        u16::from_le_bytes
    };
    bytes.as_chunks::<2>().0.iter().map(|&b| read(b)).collect()
}

/// The entries, the first value and the bits of a descriptor.
fn descriptor(data: &DataSet<'_>, tag: Tag, signed: bool) -> Option<(usize, i32, u32)> {
    let &[count, first, bits, ..] = words(data, tag).as_slice() else {
        return None;
    };
    let count = if count == 0 {
        65_536
    } else {
        usize::from(count)
    };
    let signed = match data.get(tag).map(|e| e.vr) {
        Some(Vr::SS) => true,
        Some(Vr::US) => false,
        _ => signed,
    };
    let first = if signed {
        i32::from(first.cast_signed())
    } else {
        i32::from(first)
    };
    (1..=16)
        .contains(&bits)
        .then_some((count, first, u32::from(bits)))
}

impl Lut {
    /// An item of a Modality LUT or VOI LUT Sequence.
    pub(crate) fn item(item: &DataSet<'_>, signed: bool) -> Option<Self> {
        let (count, first, bits) = descriptor(item, tags::LUT_DESCRIPTOR, signed)?;
        Self::table(item, tags::LUT_DATA, count, first, bits)
    }

    /// The table of one palette colour; `at` is its descriptor.
    pub(crate) fn palette(data: &DataSet<'_>, at: Tag, signed: bool) -> Option<Self> {
        let (count, first, bits) = descriptor(data, at, signed)?;
        let plain = Tag(at.0 - tags::RED_DESCRIPTOR.0 + tags::RED_DATA.0);
        let segmented = Tag(at.0 - tags::RED_DESCRIPTOR.0 + tags::RED_SEGMENTED.0);
        Self::table(data, plain, count, first, bits).or_else(|| {
            let entries = unfold(&words(data, segmented), count)?;
            Some(Self {
                first,
                bits,
                entries,
            })
        })
    }

    fn table(data: &DataSet<'_>, tag: Tag, count: usize, first: i32, bits: u32) -> Option<Self> {
        let bytes = data.get(tag)?.bytes()?;
        let entries: Vec<u16> = if bytes.len() >= 2 * count {
            words(data, tag).into_iter().take(count).collect()
        } else if bits <= 8 && bytes.len() >= count {
            // Entries of 8 bits packed two into a word; the low byte is the first.
            let at = |i: usize| bytes.get(if data.big_endian { i ^ 1 } else { i });
            (0..count)
                .map(|i| at(i).map_or(0, |&b| u16::from(b)))
                .collect()
        } else {
            return None;
        };
        Some(Self {
            first,
            bits,
            entries,
        })
    }

    /// The entry for a value; values outside get the first or the last one.
    #[must_use]
    pub fn entry(&self, value: i32) -> u16 {
        let index = value.saturating_sub(self.first).max(0).unsigned_abs() as usize;
        let last = self.entries.len().saturating_sub(1);
        self.entries
            .get(index.min(last))
            .copied()
            .unwrap_or_default()
    }

    /// The largest entry that the bits allow.
    #[must_use]
    pub fn top(&self) -> f64 {
        f64::from((1_u32 << self.bits.clamp(1, 16)) - 1)
    }
}

/// Unfolds a segmented table (PS3.3 section C.7.9.2) of discrete and linear segments.
fn unfold(mut words: &[u16], count: usize) -> Option<Vec<u16>> {
    let mut out: Vec<u16> = Vec::new();
    while out.len() < count {
        match *words {
            [0, n, ref rest @ ..] => {
                out.extend_from_slice(rest.get(..usize::from(n))?);
                words = rest.get(usize::from(n)..)?;
            }
            [1, n, end, ref rest @ ..] => {
                let start = i64::from(*out.last()?);
                let n = i64::from(n);
                for i in 1..=n {
                    let value = start + (i64::from(end) - start) * i / n;
                    out.push(u16::try_from(value).unwrap_or(end));
                }
                words = rest;
            }
            _ => return None,
        }
    }
    out.truncate(count);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segmented_table_unfolds() {
        let words = [0, 2, 10, 20, 1, 4, 60];
        assert_eq!(unfold(&words, 6), Some(vec![10, 20, 30, 40, 50, 60]));
        assert_eq!(unfold(&words, 7), None);
        assert_eq!(unfold(&[1, 3, 9], 3), None, "a line needs a start");
    }

    #[test]
    fn values_outside_get_the_ends() {
        let lut = Lut {
            first: -2,
            bits: 8,
            entries: vec![5, 6, 7],
        };
        assert_eq!([-9, -2, -1, 0, 44].map(|v| lut.entry(v)), [5, 5, 6, 7, 7]);
        assert_eq!(lut.entry(i32::MIN), 5);
        assert_eq!(lut.entry(i32::MAX), 7);
    }
}
