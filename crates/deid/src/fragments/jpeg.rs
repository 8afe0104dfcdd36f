//! JPEG and JPEG-LS (ITU-T T.81, T.87): what of a codestream is no picture.

use std::ops::Range;

use super::{Spare, Spares, Unreadable};

/// The comments, application data, filling and what follows the end of one image.
pub(super) fn spares(data: &[u8]) -> Spares {
    if !data.starts_with(&[0xFF, 0xD8]) {
        return Err(Unreadable);
    }
    let mut walk = Walk {
        data,
        spares: Vec::new(),
        frame: None,
        scanned: false,
    };
    let mut pos = 2;
    while let Some(next) = walk.segment(pos)? {
        pos = next;
    }
    Ok(walk.spares)
}

struct Walk<'a> {
    data: &'a [u8],
    spares: Vec<Spare>,
    /// The marker of the frame header.
    frame: Option<u8>,
    scanned: bool,
}

impl Walk<'_> {
    fn spare(&mut self, range: Range<usize>, fill: u8) {
        if !range.is_empty() {
            self.spares.push(Spare { range, fill });
        }
    }

    /// The segment at or after `pos`; where the next one may begin, or `None` at the end.
    fn segment(&mut self, pos: usize) -> Result<Option<usize>, Unreadable> {
        let end = self.data.len();
        let rest = self.data.get(pos..).ok_or(Unreadable)?;
        let found = memchr::memchr_iter(0xFF, rest)
            .find(|i| !matches!(rest.get(i + 1), None | Some(0 | 0xFF)));
        let Some(skipped) = found else {
            // Some writers leave out the end marker.
            self.spare(pos..end, 0);
            return if self.scanned {
                Ok(None)
            } else {
                Err(Unreadable)
            };
        };
        // Any marker may have FF in front of it, and nothing else.
        let at = pos + skipped;
        self.spare(pos..at, 0xFF);
        let marker = self.data.get(at + 1).copied().ok_or(Unreadable)?;
        if marker == 0xD9 {
            self.spare(at + 2..end, 0);
            return if self.scanned {
                Ok(None)
            } else {
                Err(Unreadable)
            };
        }
        if matches!(marker, 0x01..=0xBF | 0xD0..=0xD8) {
            return Err(Unreadable);
        }
        let length = self.data.get(at + 2..at + 4).ok_or(Unreadable)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let start = at + 4;
        let stop = (at + 2).checked_add(length).ok_or(Unreadable)?;
        let body = self.data.get(start..stop).ok_or(Unreadable)?;
        match marker {
            0xFE => self.spare(start..stop, b' '),
            0xE0..=0xEF => {
                let kept = kept(marker, body);
                self.spare(start + kept..stop, 0);
            }
            0xC4 => huffman(body)?,
            0xDB => quantisation(body)?,
            0xDC | 0xDD if body.len() == 2 => {}
            0xF8 if body.len() == 11 && body.first() == Some(&1) => {}
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xF7 => {
                let components = body.get(5).map_or(0, |n| usize::from(*n));
                if self.frame.is_some() || body.len() != 6 + 3 * components {
                    return Err(Unreadable);
                }
                self.frame = Some(marker);
            }
            0xDA => {
                let process = self.frame.ok_or(Unreadable)?;
                let components = body.first().map_or(0, |n| usize::from(*n));
                if body.len() != 4 + 2 * components {
                    return Err(Unreadable);
                }
                self.scanned = true;
                return scan_end(self.data, stop, process == 0xF7).map(Some);
            }
            _ => return Err(Unreadable),
        }
        Ok(Some(stop))
    }
}

/// Where the entropy-coded data that begin at `from` meet the next marker.
fn scan_end(data: &[u8], from: usize, ls: bool) -> Result<usize, Unreadable> {
    let rest = data.get(from..).ok_or(Unreadable)?;
    for i in memchr::memchr_iter(0xFF, rest) {
        match rest.get(i + 1) {
            // A stuffed byte (a stuffed bit in JPEG-LS), a restart, and FF before a marker.
            Some(0 | 0xFF | 0xD0..=0xD7) => {}
            Some(..=0x7F) if ls => {}
            Some(0xC4 | 0xD9..=0xDD | 0xE0..=0xEF | 0xF8 | 0xFE) => return Ok(from + i),
            None => break,
            Some(_) => return Err(Unreadable),
        }
    }
    Ok(data.len())
}

/// How many bytes of an application segment a decoder may need.
fn kept(marker: u8, body: &[u8]) -> usize {
    let most = match marker {
        // Version and density; the thumbnail becomes black.
        0xE0 if body.starts_with(b"JFIF\0") => 14,
        // A profile has its signature behind the two numbers of the chunk; a later chunk has none.
        0xE2 if is_profile(body) => body.len(),
        0xE8 if body.starts_with(b"mrfx") => 5,
        0xEE if body.starts_with(b"Adobe") => 12,
        _ => 0,
    };
    most.min(body.len())
}

/// Whether a segment holds a colour profile (ICC.1, sections 7.2 and B.4).
fn is_profile(body: &[u8]) -> bool {
    let first = body.get(12) == Some(&1);
    body.starts_with(b"ICC_PROFILE\0") && (!first || body.get(50..54) == Some(b"acsp"))
}

/// Huffman tables one behind the other, and nothing else.
fn huffman(mut body: &[u8]) -> Result<(), Unreadable> {
    while !body.is_empty() {
        let counts = body.get(1..17).ok_or(Unreadable)?;
        let total: usize = counts.iter().map(|n| usize::from(*n)).sum();
        body = body.get(17 + total..).ok_or(Unreadable)?;
    }
    Ok(())
}

/// Quantisation tables one behind the other, and nothing else.
fn quantisation(mut body: &[u8]) -> Result<(), Unreadable> {
    while let Some(head) = body.first() {
        let size = if head >> 4 == 0 { 65 } else { 129 };
        body = body.get(size..).ok_or(Unreadable)?;
    }
    Ok(())
}
