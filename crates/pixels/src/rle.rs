//! RLE Lossless (PS3.5 annex G): one PackBits segment for each byte of each sample.

use crate::codec::Want;
use crate::error::{PixelError, zeroed};

/// Where the segments begin in a frame of `total` bytes, from its header of 64 bytes; `None` when
/// it is not plausible.
pub(crate) fn segments(data: &[u8], total: usize) -> Option<Vec<usize>> {
    let header = data.get(..64)?;
    let word = |i: usize| -> Option<usize> {
        let bytes: [u8; 4] = header.get(4 * i..4 * i + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let n = word(0)?;
    if !(1..=15).contains(&n) {
        return None;
    }
    let starts: Vec<usize> = (1..=n).filter_map(word).collect();
    let ascending = starts.windows(2).all(|w| w[0] < w[1]);
    let inside = starts.last().is_some_and(|&s| s < total);
    (starts.first() == Some(&64) && ascending && inside).then_some(starts)
}

/// Unpacks one segment to exactly `n` bytes.
fn unpack(mut data: &[u8], n: usize) -> Result<Vec<u8>, PixelError> {
    const SHORT: PixelError = PixelError::Short(0);
    // A byte of input makes at most 64 of output: no allocation without bytes to justify it.
    if data.len().saturating_mul(64) < n {
        return Err(SHORT);
    }
    let mut out = Vec::new();
    out.try_reserve(n).map_err(|_| PixelError::Absurd)?;
    while out.len() < n {
        let (&control, rest) = data.split_first().ok_or(SHORT)?;
        let left = n - out.len();
        data = match control {
            0..=127 => {
                let count = usize::from(control) + 1;
                let literal = rest.get(..count.min(left)).ok_or(SHORT)?;
                out.extend_from_slice(literal);
                rest.get(count..).unwrap_or_default()
            }
            128 => rest,
            129..=255 => {
                let (&value, rest) = rest.split_first().ok_or(SHORT)?;
                let count = 257 - usize::from(control);
                out.resize(out.len() + count.min(left), value);
                rest
            }
        };
    }
    Ok(out)
}

/// Decodes one RLE frame to native bytes: little endian, the samples of a pixel side by side.
pub(crate) fn decode(data: &[u8], want: Want) -> Result<Vec<u8>, PixelError> {
    let starts =
        segments(data, data.len()).ok_or(PixelError::SyntaxMismatch("this is not an RLE frame"))?;
    let bytes = want.bits_allocated.div_ceil(8) as usize;
    let pixel = want.samples as usize * bytes;
    if starts.len() != pixel {
        return Err(PixelError::Contradiction(
            "the number of RLE segments is not that of the samples' bytes",
        ));
    }
    let n = want.columns as usize * want.rows as usize;
    let mut out: Vec<u8> = Vec::new();
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(data.len());
        let plane = unpack(data.get(start..end).unwrap_or_default(), n)?;
        if i == 0 {
            out = zeroed(n * pixel)?;
        }
        // The most significant byte of each sample comes first.
        let at = i / bytes * bytes + (bytes - 1 - i % bytes);
        for (to, value) in out.chunks_exact_mut(pixel).zip(plane) {
            to[at] = value;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_literals_unpack_to_the_promised_length() {
        // Two literals, a run of three, a no-op, a run that is longer than what is left.
        let packed = [1, 10, 20, 254, 7, 128, 129, 9];
        assert_eq!(unpack(&packed, 6), Ok(vec![10, 20, 7, 7, 7, 9]));
        assert_eq!(unpack(&packed, 10_000), Err(PixelError::Short(0)));
        assert_eq!(unpack(&[5, 1], 6), Err(PixelError::Short(0)));
    }
}
