//! JPEG-LS (ITU-T T.87), lossless and near-lossless, in all three interleavings.
//!
//! Written for this crate: the pure-Rust decoders at hand read one component only, or read
//! interleaved ones by approximation.

mod bits;
mod context;
mod scan;

use crate::codec::{Decoded, Probe, Want};
use crate::error::PixelError;
use crate::jpeg::{FrameHeader, next_segment};
use context::Parameters;

/// How the components of a scan alternate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interleave {
    None,
    Line,
    Sample,
}

/// The preset parameters of an LSE segment; zero means the default.
#[derive(Debug, Clone, Copy, Default)]
struct Presets {
    max: i32,
    t: [i32; 3],
    reset: i32,
}

/// Decodes one JPEG-LS image.
pub(crate) fn decode(data: &[u8], want: Want) -> Result<Decoded, PixelError> {
    if !data.starts_with(&[0xFF, 0xD8]) {
        return Err(PixelError::SyntaxMismatch("this is not a JPEG-LS image"));
    }
    let mut frame: Option<FrameHeader> = None;
    let mut presets = Presets::default();
    let mut planes: Vec<Vec<u16>> = Vec::new();
    let mut seen = 0_u32;
    let mut pos = 2;
    loop {
        let complete = frame
            .as_ref()
            .is_some_and(|f| seen.count_ones() as usize == f.components.len());
        if complete {
            break;
        }
        let (marker, body, end) = next_segment(data, pos)?;
        pos = end;
        match marker {
            0xD9 => return Err(PixelError::Short(0)),
            0xF7 => {
                if frame.is_some() {
                    return Err(PixelError::Corrupt("there is a second frame header"));
                }
                let header = FrameHeader::parse(marker, body)?;
                want.check(Probe {
                    width: header.width as u32,
                    height: header.height as u32,
                    components: header.components.len() as u32,
                    bits: header.precision,
                    signed: None,
                })?;
                if !(2..=16).contains(&header.precision) {
                    return Err(PixelError::Corrupt("a precision that JPEG-LS cannot have"));
                }
                planes = vec![Vec::new(); header.components.len()];
                frame = Some(header);
            }
            0xC0..=0xC3 | 0xC5..=0xC7 => {
                return Err(PixelError::SyntaxMismatch("this is JPEG, not JPEG-LS"));
            }
            0xF8 => presets = lse(body)?,
            0xDD if body.iter().any(|&b| b != 0) => {
                return Err(PixelError::Unsupported("JPEG-LS with restart markers"));
            }
            0xE8 if body.starts_with(b"mrfx") && body.get(4).is_some_and(|&t| t != 0) => {
                return Err(PixelError::Unsupported(
                    "JPEG-LS with a private colour transform",
                ));
            }
            0xDA => {
                let header = frame
                    .as_ref()
                    .ok_or(PixelError::Corrupt("a scan before the frame header"))?;
                let (parts, near, interleave) = sos(body, header)?;
                for &part in &parts {
                    if seen & 1 << part != 0 {
                        return Err(PixelError::Corrupt("a component is there twice"));
                    }
                    seen |= 1 << part;
                }
                let parameters = Parameters::new(header.precision, near, presets)?;
                pos = scan::decode(
                    data,
                    end,
                    (header.width, header.height),
                    parameters,
                    interleave,
                    &parts,
                    &mut planes,
                )?;
            }
            _ => {}
        }
    }
    let frame = frame.ok_or(PixelError::Corrupt("there is no frame header"))?;
    let n = planes.len();
    let samples = if n == 1 {
        planes.pop().unwrap_or_default()
    } else {
        let mut out = crate::error::zeroed(frame.width * frame.height * n)?;
        for (i, plane) in planes.into_iter().enumerate() {
            for (pixel, value) in out.chunks_exact_mut(n).zip(plane) {
                pixel[i] = value;
            }
        }
        out
    };
    Ok(Decoded {
        samples,
        bits: frame.precision,
        signed: false,
        ycbcr: None,
        reduced: None,
    })
}

fn lse(body: &[u8]) -> Result<Presets, PixelError> {
    match body {
        [1, values @ ..] if values.len() >= 10 => {
            let at = |i: usize| i32::from(u16::from_be_bytes([values[2 * i], values[2 * i + 1]]));
            Ok(Presets {
                max: at(0),
                t: [at(1), at(2), at(3)],
                reset: at(4),
            })
        }
        _ => Err(PixelError::Unsupported(
            "JPEG-LS with mapping tables or extended sizes",
        )),
    }
}

fn sos(body: &[u8], frame: &FrameHeader) -> Result<(Vec<usize>, i32, Interleave), PixelError> {
    const BAD: PixelError = PixelError::Corrupt("the scan header is not valid");
    let n = usize::from(*body.first().ok_or(BAD)?);
    let tail = body.get(1 + 2 * n..4 + 2 * n).ok_or(BAD)?;
    let mut parts = Vec::new();
    for pair in body.get(1..1 + 2 * n).ok_or(BAD)?.chunks_exact(2) {
        let part = frame
            .components
            .iter()
            .position(|c| c.id == pair[0])
            .ok_or(BAD)?;
        if pair[1] != 0 {
            return Err(PixelError::Unsupported("JPEG-LS with mapping tables"));
        }
        parts.push(part);
    }
    let interleave = match (parts.len(), tail[1]) {
        (1, 0..=2) => Interleave::None,
        (2..=4, 1) => Interleave::Line,
        (2..=4, 2) => Interleave::Sample,
        _ => return Err(BAD),
    };
    if tail[2] & 15 != 0 {
        return Err(PixelError::Unsupported("JPEG-LS with a point transform"));
    }
    Ok((parts, i32::from(tail[0]), interleave))
}
