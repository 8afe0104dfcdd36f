//! JPEG 2000 and High-Throughput JPEG 2000 (ITU-T T.800, T.814): what of a codestream is no picture.

use super::{Spare, Spares, Unreadable};

const SOC: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];

/// The comments of main and tile-part headers, and what follows the end of the codestream. The boxes
/// of a JP2 file are not DICOM (PS3.5 section 8.2.4) and not read.
pub(super) fn spares(data: &[u8]) -> Spares {
    if !data.starts_with(SOC) {
        return Err(Unreadable);
    }
    let mut spares = Vec::new();
    let (mut pos, mut tiles) = (2, false);
    loop {
        let rest = data.get(pos..).ok_or(Unreadable)?;
        match rest {
            [0xFF, 0xD9, ..] => {
                spares.push(Spare {
                    range: pos + 2..data.len(),
                    fill: 0,
                });
                return Ok(spares);
            }
            [0xFF, 0x90, ..] => {
                pos = tile_part(data, pos, &mut spares)?;
                tiles = true;
            }
            // Some writers leave out the end marker.
            rest if tiles && rest.iter().all(|b| *b == 0) => return Ok(spares),
            _ => pos = segment(data, pos, &mut spares)?,
        }
    }
}

/// A marker segment of a header; where it ends.
fn segment(data: &[u8], pos: usize, spares: &mut Vec<Spare>) -> Result<usize, Unreadable> {
    let head = data.get(pos..).and_then(|d| d.first_chunk::<4>());
    let &[0xFF, marker, l0, l1] = head.ok_or(Unreadable)? else {
        return Err(Unreadable);
    };
    let start = pos + 4;
    let stop = pos + 2 + usize::from(u16::from_be_bytes([l0, l1]));
    let body = data.get(start..stop).ok_or(Unreadable)?;
    match marker {
        // CAP, SIZ, COD, COC, TLM, PRF, PLM, PLT, CPF, QCD, QCC, RGN, POC, PPM, PPT, CRG, and of part 2
        // DCO, VMS, DFS, ADS, MCT, MCC, NLT, MCO, CBD, ATK.
        0x50..=0x53 | 0x55..=0x59 | 0x5C..=0x61 | 0x63 | 0x70..=0x79 => {}
        // What the comment is, binary or Latin, stays.
        0x64 if matches!(body, [0, 0 | 1, ..]) => spares.push(Spare {
            range: start + 2..stop,
            fill: b' ',
        }),
        _ => return Err(Unreadable),
    }
    Ok(stop)
}

/// A tile-part from its SOT marker on; where it ends.
fn tile_part(data: &[u8], at: usize, spares: &mut Vec<Spare>) -> Result<usize, Unreadable> {
    let head = data.get(at..).and_then(|d| d.first_chunk::<12>());
    let &[_, _, 0, 10, _, _, p0, p1, p2, p3, _, _] = head.ok_or(Unreadable)? else {
        return Err(Unreadable);
    };
    let length = u32::from_be_bytes([p0, p1, p2, p3]);
    let mut pos = at + 12;
    loop {
        let rest = data.get(pos..).ok_or(Unreadable)?;
        if rest.starts_with(&[0xFF, 0x93]) {
            pos += 2;
            break;
        }
        pos = segment(data, pos, spares)?;
    }
    if length == 0 {
        return end_of_packets(data, pos);
    }
    let stop = usize::try_from(length)
        .ok()
        .and_then(|n| at.checked_add(n))
        .ok_or(Unreadable)?;
    (stop >= pos && stop <= data.len())
        .then_some(stop)
        .ok_or(Unreadable)
}

/// Where the packets of the last tile-part end whose length nobody says: in packets no FF is followed
/// by more than 8F, but for the markers that may stand between them.
fn end_of_packets(data: &[u8], from: usize) -> Result<usize, Unreadable> {
    let mut pos = from;
    while let Some(i) = memchr::memchr(0xFF, data.get(pos..).unwrap_or_default()) {
        let at = pos + i;
        pos = match data.get(at + 1) {
            None => break,
            Some(0xD9) => return Ok(at),
            Some(0x91) if data.get(at + 2..at + 4) == Some(&[0, 4]) => at + 6,
            Some(0x92) => at + 2,
            Some(..=0x8F) => at + 2,
            Some(_) => return Err(Unreadable),
        };
    }
    Ok(data.len())
}
