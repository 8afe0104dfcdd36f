//! Frames of the smaller encodings: run lengths, native frames in fragments, JPEG XL.

use super::{Spare, Spares, Unreadable};

/// RLE (PS3.5 annex G): what of its header and behind its segments unpacks to nothing.
pub(super) fn run_lengths(data: &[u8], plane: u64) -> Spares {
    let plane = usize::try_from(plane).ok().filter(|n| *n > 0);
    let plane = plane.ok_or(Unreadable)?;
    let header = data.first_chunk::<64>().ok_or(Unreadable)?;
    let word = |i: usize| {
        let bytes = header.get(4 * i..4 * i + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let n = word(0).filter(|n| (1..=15).contains(n)).ok_or(Unreadable)?;
    let mut starts: Vec<usize> = (1..=n).filter_map(word).collect();
    if starts.len() != n || starts.first() != Some(&64) {
        return Err(Unreadable);
    }
    starts.push(data.len());
    let mut spares = vec![Spare {
        range: 4 * (n + 1)..64,
        fill: 0,
    }];
    for pair in starts.windows(2) {
        let &[start, end] = pair else { continue };
        let segment = data.get(start..end).ok_or(Unreadable)?;
        spares.push(Spare {
            range: start + used(segment, plane)?..end,
            fill: 0,
        });
    }
    Ok(spares)
}

/// How many bytes of a segment unpack to `plane` bytes.
fn used(segment: &[u8], plane: usize) -> Result<usize, Unreadable> {
    let (mut at, mut left) = (0, plane);
    while left > 0 {
        let control = usize::from(*segment.get(at).ok_or(Unreadable)?);
        let (taken, made) = match control {
            0..=127 => (1 + (control + 1).min(left), control + 1),
            128 => (1, 0),
            _ => (2, 257 - control),
        };
        at += taken;
        left = left.saturating_sub(made);
    }
    if at > segment.len() {
        return Err(Unreadable);
    }
    Ok(at)
}

/// A native frame in a fragment: what is longer than the frame.
pub(super) fn native(data: &[u8], bits: u64) -> Spares {
    let bytes = usize::try_from(bits.div_ceil(8)).ok().filter(|n| *n > 0);
    let bytes = bytes.filter(|n| *n <= data.len()).ok_or(Unreadable)?;
    Ok(vec![Spare {
        range: bytes..data.len(),
        fill: 0,
    }])
}

/// JPEG XL: a bare codestream, or boxes that hold nothing but one. Where a bare codestream ends only
/// a decoder can say.
pub(super) fn jpeg_xl(data: &[u8]) -> Spares {
    const NEEDED: [&[u8; 4]; 6] = [b"JXL ", b"ftyp", b"jxlc", b"jxlp", b"jxll", b"jxli"];
    if data.starts_with(&[0xFF, 0x0A]) {
        return Ok(Vec::new());
    }
    if !data.starts_with(b"\0\0\0\x0CJXL ") {
        return Err(Unreadable);
    }
    let mut rest = data;
    // One byte of padding may follow the last box.
    while rest.len() > 1 {
        let head = rest.first_chunk::<16>().ok_or(Unreadable)?;
        let &[a, b, c, d, t0, t1, t2, t3, ref long @ ..] = head;
        let length = match u32::from_be_bytes([a, b, c, d]) {
            0 => rest.len() as u64,
            1 => u64::from_be_bytes(*long),
            n => u64::from(n),
        };
        let length = usize::try_from(length).map_err(|_| Unreadable)?;
        if length < 8 || !NEEDED.contains(&&[t0, t1, t2, t3]) {
            return Err(Unreadable);
        }
        rest = rest.get(length..).ok_or(Unreadable)?;
    }
    Ok(Vec::new())
}
