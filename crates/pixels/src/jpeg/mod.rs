//! JPEG as DICOM uses it: Huffman-coded baseline and extended (8 and 12 bits) and lossless
//! with every predictor (2 to 16 bits).
//!
//! Written for this crate because the decoders at hand leave out 12 bits, or can panic, which in
//! a browser ends the worker. Nothing here indexes with a number of the file before checking it,
//! and planes grow with the rows that were really decoded.

mod bits;
mod dct;
mod header;
mod lossless;
mod sequential;

pub(crate) use header::{FrameHeader, next_segment, probe};

use crate::codec::{Decoded, Probe, Want};
use crate::error::PixelError;
use header::Tables;

/// One component's part of a scan: its place in the frame and its Huffman tables.
#[derive(Debug, Clone, Copy)]
struct Part {
    component: usize,
    dc: usize,
    ac: usize,
}

/// The scan header, SOS.
#[derive(Debug, Clone)]
struct Scan {
    parts: Vec<Part>,
    start: u8,
    low: u8,
}

impl Scan {
    fn parse(body: &[u8], frame: &FrameHeader) -> Result<Self, PixelError> {
        const BAD: PixelError = PixelError::Corrupt("the scan header is not valid");
        let n = usize::from(*body.first().ok_or(BAD)?);
        let tail = body.get(1 + 2 * n..4 + 2 * n).ok_or(BAD)?;
        let mut parts: Vec<Part> = Vec::new();
        for pair in body.get(1..1 + 2 * n).ok_or(BAD)?.chunks_exact(2) {
            let component = frame
                .components
                .iter()
                .position(|c| c.id == pair[0])
                .ok_or(BAD)?;
            if parts.iter().any(|p| p.component == component) {
                return Err(BAD);
            }
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            if dc > 3 || ac > 3 {
                return Err(BAD);
            }
            parts.push(Part { component, dc, ac });
        }
        if parts.is_empty() {
            return Err(BAD);
        }
        Ok(Self {
            parts,
            start: tail[0],
            low: tail[2] & 15,
        })
    }
}

/// Decodes one JPEG image.
pub(crate) fn decode(data: &[u8], want: Want) -> Result<Decoded, PixelError> {
    if !data.starts_with(&[0xFF, 0xD8]) {
        return Err(PixelError::SyntaxMismatch("this is not a JPEG image"));
    }
    let mut tables = Tables::default();
    let mut frame: Option<FrameHeader> = None;
    let mut planes: Vec<Vec<u16>> = Vec::new();
    let mut seen = 0_u32;
    let mut pos = 2;
    loop {
        let (marker, body, end) = match next_segment(data, pos) {
            Ok(segment) => segment,
            // Some writers leave out the end marker: all components are there, so nothing is lost.
            Err(_) if all_seen(frame.as_ref(), seen) => break,
            Err(error) => return Err(error),
        };
        pos = end;
        match marker {
            0xD9 => break,
            0xC0 | 0xC1 | 0xC3 => {
                if frame.is_some() {
                    return Err(PixelError::Corrupt("there is a second frame header"));
                }
                let mut header = FrameHeader::parse(marker, body)?;
                if header.height == 0 {
                    header.height = want.rows as usize; // the height comes later, in DNL
                }
                check(&header, want)?;
                planes = vec![Vec::new(); header.components.len()];
                frame = Some(header);
            }
            0xC2 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Err(PixelError::Unsupported("this JPEG process"));
            }
            0xF7 => return Err(PixelError::SyntaxMismatch("this is JPEG-LS, not JPEG")),
            0xDA => {
                let header = frame
                    .as_ref()
                    .ok_or(PixelError::Corrupt("a scan before the frame header"))?;
                let scan = Scan::parse(body, header)?;
                for part in &scan.parts {
                    if seen & 1 << part.component != 0 {
                        return Err(PixelError::Corrupt("a component is there twice"));
                    }
                    seen |= 1 << part.component;
                }
                pos = if header.process == 0xC3 {
                    lossless::scan(data, end, header, &tables, &scan, &mut planes)?
                } else {
                    sequential::scan(data, end, header, &tables, &scan, &mut planes)?
                };
            }
            _ => tables.read(marker, body)?,
        }
    }
    let frame = frame.ok_or(PixelError::Corrupt("there is no frame header"))?;
    if !all_seen(Some(&frame), seen) {
        return Err(PixelError::Short(0));
    }
    let samples = if frame.process == 0xC3 {
        lossless::assemble(&frame, planes)?
    } else {
        sequential::assemble(&frame, planes)?
    };
    Ok(Decoded {
        samples,
        bits: frame.precision,
        signed: false,
        ycbcr: colour(&frame, &tables),
        reduced: None,
    })
}

fn all_seen(frame: Option<&FrameHeader>, seen: u32) -> bool {
    frame.is_some_and(|f| seen.count_ones() as usize == f.components.len())
}

/// What the codestream itself says about its colours; silence leaves it to the header.
fn colour(frame: &FrameHeader, tables: &Tables) -> Option<bool> {
    if frame.components.len() != 3 || frame.process == 0xC3 {
        return None;
    }
    let ids = [0, 1, 2].map(|i| frame.components.get(i).map_or(0, |c| c.id));
    match tables.adobe {
        Some(0) => Some(false),
        Some(1) => Some(true),
        _ if ids == *b"RGB" => Some(false),
        _ if tables.jfif => Some(true),
        _ => None,
    }
}

fn check(frame: &FrameHeader, want: Want) -> Result<(), PixelError> {
    want.check(Probe {
        width: frame.width as u32,
        height: frame.height as u32,
        components: frame.components.len() as u32,
        bits: frame.precision,
        signed: None,
    })?;
    let fits = match frame.process {
        0xC0 => frame.precision == 8,
        0xC1 => matches!(frame.precision, 8 | 12),
        _ => (2..=16).contains(&frame.precision),
    };
    if fits {
        Ok(())
    } else {
        Err(PixelError::Corrupt(
            "a precision that this process cannot have",
        ))
    }
}
