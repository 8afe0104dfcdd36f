//! JPEG 2000 and High-Throughput JPEG 2000.
//!
//! The decoders are memory-safe ones from outside. They allocate by what the codestream says of
//! itself, so the SIZ segment is read here first and held against the header. They may also
//! clip negative samples; so signed components are handed over as unsigned, which in JPEG 2000 means
//! nothing but a shift by half the range, and are shifted back afterwards.

use crate::codec::Probe;
use crate::error::PixelError;

const BAD: PixelError = PixelError::Corrupt("the image size segment is not valid");

/// Where the codestream begins: at once, or inside the boxes of a JP2 file.
fn codestream(data: &[u8]) -> Option<usize> {
    if data.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]) {
        return Some(0);
    }
    if !data.starts_with(b"\0\0\0\x0CjP  ") {
        return None;
    }
    let mut pos = 0_usize;
    for _ in 0..64 {
        let head = data.get(pos..pos.checked_add(8)?)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if &head[4..8] == b"jp2c" {
            let start = if length == 1 { pos + 16 } else { pos + 8 };
            let found = data.get(start..)?.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]);
            return found.then_some(start);
        }
        if length < 8 {
            return None;
        }
        pos = pos.checked_add(length)?;
    }
    None
}

/// The SIZ segment: what the codestream says, and where each component's description stands.
#[cfg_attr(
    not(any(feature = "jpeg2000", feature = "htj2k")),
    expect(dead_code, reason = "only decoders need the places")
)]
struct Siz {
    probe: Probe,
    at: usize,
    components: Vec<usize>,
    high_throughput: bool,
}

fn siz(data: &[u8]) -> Result<Siz, PixelError> {
    let at = codestream(data).ok_or(PixelError::SyntaxMismatch(
        "this is not a JPEG 2000 codestream",
    ))?;
    let body = data.get(at + 4..).ok_or(BAD)?;
    let word = |i: usize| -> Result<u32, PixelError> {
        let b: [u8; 4] = body
            .get(i..i + 4)
            .and_then(|b| b.try_into().ok())
            .ok_or(BAD)?;
        Ok(u32::from_be_bytes(b))
    };
    // Lsiz 2, Rsiz 2, then eight words, then the number of components.
    let rsiz = u16::from_be_bytes([*body.get(2).ok_or(BAD)?, *body.get(3).ok_or(BAD)?]);
    let (x, y, x0, y0) = (word(4)?, word(8)?, word(12)?, word(16)?);
    let (tile_x, tile_y) = (word(20)?, word(24)?);
    let n = usize::from(u16::from_be_bytes([
        *body.get(36).ok_or(BAD)?,
        *body.get(37).ok_or(BAD)?,
    ]));
    let width = x.checked_sub(x0).filter(|&w| w > 0).ok_or(BAD)?;
    let height = y.checked_sub(y0).filter(|&h| h > 0).ok_or(BAD)?;
    if !(1..=4).contains(&n) || tile_x == 0 || tile_y == 0 {
        return Err(BAD);
    }
    let tiles = u64::from(x.div_ceil(tile_x)) * u64::from(y.div_ceil(tile_y));
    if tiles > 65_535 {
        return Err(BAD);
    }
    let mut components = Vec::new();
    for i in 0..n {
        let part = body.get(38 + 3 * i..41 + 3 * i).ok_or(BAD)?;
        if part[1] != 1 || part[2] != 1 {
            return Err(PixelError::Unsupported(
                "JPEG 2000 with subsampled components",
            ));
        }
        if body.get(38) != Some(&part[0]) {
            return Err(PixelError::Unsupported(
                "JPEG 2000 with components of different depth",
            ));
        }
        components.push(at + 4 + 38 + 3 * i);
    }
    let depth = *body.get(38).ok_or(BAD)?;
    Ok(Siz {
        probe: Probe {
            width,
            height,
            components: n as u32,
            bits: u32::from(depth & 0x7F) + 1,
            signed: Some(depth & 0x80 != 0),
        },
        at,
        components,
        high_throughput: rsiz & 0x4000 != 0,
    })
}

/// What the codestream says, and whether it is a High-Throughput one.
pub(crate) fn probe(data: &[u8]) -> Result<(Probe, bool), PixelError> {
    siz(data).map(|s| (s.probe, s.high_throughput))
}

/// Refuses a codestream whose tile-parts reach past its end: decoders fill what is missing with
/// less and less detail, and nobody notices. `data` is the beginning of `total` bytes.
pub(crate) fn complete(data: &[u8], total: usize) -> Result<(), PixelError> {
    let Some(start) = codestream(data) else {
        return Ok(());
    };
    let mut pos = start + 2;
    for _ in 0..100_000 {
        let Some(&[m0, m1, l0, l1]) = data.get(pos..).and_then(|d| d.first_chunk::<4>()) else {
            return Ok(());
        };
        match (m0, m1) {
            (0xFF, 0x90) => {
                let Some(&psot) = data.get(pos + 6..).and_then(|d| d.first_chunk::<4>()) else {
                    return Ok(());
                };
                let length = u32::from_be_bytes(psot) as usize;
                if length == 0 {
                    return Ok(()); // up to the end, wherever that is
                }
                if length < 14 {
                    return Err(PixelError::Corrupt("a tile-part has no length"));
                }
                pos = pos.saturating_add(length);
                if pos > total {
                    return Err(PixelError::Short(0));
                }
            }
            (0xFF, 0xD9) => return Ok(()),
            (0xFF, _) => pos += 2 + usize::from(u16::from_be_bytes([l0, l1])).max(2),
            _ => return Ok(()),
        }
    }
    Ok(())
}

#[cfg(any(feature = "jpeg2000", feature = "htj2k"))]
pub(crate) use decoding::decode;

#[cfg(any(feature = "jpeg2000", feature = "htj2k"))]
mod decoding {
    use super::{Siz, complete, siz};
    use crate::codec::{Decoded, Want};
    use crate::error::PixelError;

    const DAMAGED: PixelError = PixelError::Corrupt("the JPEG 2000 codestream cannot be decoded");

    /// What a decoder gave: unsigned samples of all components of a pixel side by side.
    struct Plain {
        width: u32,
        height: u32,
        components: usize,
        samples: Vec<u16>,
    }

    /// Decodes one JPEG 2000 image, High-Throughput or not.
    pub(crate) fn decode(data: &[u8], want: Want) -> Result<Decoded, PixelError> {
        let siz = siz(data)?;
        want.check(siz.probe)?;
        want.plausible(data.len())?;
        complete(data, data.len())?;
        if siz.probe.bits > 16 {
            return Err(PixelError::Unsupported("JPEG 2000 with more than 16 bits"));
        }
        let signed = siz.probe.signed == Some(true);
        let plain = plain(data, &siz, want)?;
        let size = (plain.width, plain.height);
        let full = (want.columns, want.rows);
        if size != full && (want.at_least.is_none() || size.0 > full.0 || size.1 > full.1) {
            return Err(DAMAGED);
        }
        let n = size.0 as usize * size.1 as usize * want.samples as usize;
        if plain.components != want.samples as usize || plain.samples.len() != n {
            return Err(DAMAGED);
        }
        let mut samples = plain.samples;
        if signed {
            let half = 1_u16 << (siz.probe.bits - 1);
            for value in &mut samples {
                *value = value.wrapping_sub(half);
            }
        }
        Ok(Decoded {
            samples,
            bits: siz.probe.bits,
            signed,
            ycbcr: None,
            reduced: (size != full).then_some(size),
        })
    }

    fn plain(data: &[u8], siz: &Siz, want: Want) -> Result<Plain, PixelError> {
        // The bare codestream: boxes of a JP2 file could ask for palettes and colour conversion.
        let mut stream = data.get(siz.at..).unwrap_or_default().to_vec();
        for component in &siz.components {
            if let Some(depth) = stream.get_mut(component - siz.at) {
                *depth &= 0x7F;
            }
        }
        let reduce_to = want.at_least.map(|side| (side.max(1), side.max(1)));
        if siz.high_throughput {
            high_throughput(&stream, reduce_to)
        } else {
            ordinary(&stream, reduce_to, siz.probe.bits)
        }
    }

    #[cfg(feature = "jpeg2000")]
    fn ordinary(
        stream: &[u8],
        target_resolution: Option<(u32, u32)>,
        bits: u32,
    ) -> Result<Plain, PixelError> {
        use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

        let settings = DecodeSettings {
            resolve_palette_indices: false,
            strict: false,
            target_resolution,
        };
        let image = Image::new(stream, &settings).map_err(|_| DAMAGED)?;
        let mut context = DecoderContext::default();
        let decoded = image.decode(&mut context).map_err(|_| DAMAGED)?;
        let components = decoded.components();
        let n = components.len();
        let pixels = image.width() as usize * image.height() as usize;
        let top = ((1_u32 << bits) - 1) as f32;
        #[expect(clippy::cast_sign_loss, reason = "clamped")]
        let whole = |value: &f32| (value + 0.5).clamp(0.0, top) as u16;
        let mut samples = crate::error::zeroed::<u16>(pixels.saturating_mul(n))?;
        for (i, component) in components.iter().enumerate() {
            let values = component.samples();
            if values.len() != pixels {
                return Err(DAMAGED);
            }
            for (pixel, value) in samples.chunks_exact_mut(n.max(1)).zip(values) {
                pixel[i] = whole(value);
            }
        }
        Ok(Plain {
            width: image.width(),
            height: image.height(),
            components: n,
            samples,
        })
    }

    #[cfg(not(feature = "jpeg2000"))]
    fn ordinary(_: &[u8], _: Option<(u32, u32)>, _: u32) -> Result<Plain, PixelError> {
        Err(PixelError::Unsupported(
            "JPEG 2000 was left out of this build",
        ))
    }

    #[cfg(feature = "htj2k")]
    fn high_throughput(
        stream: &[u8],
        target_resolution: Option<(u32, u32)>,
    ) -> Result<Plain, PixelError> {
        use dicom_toolkit_jpeg2000::{DecodeSettings, Image};

        let settings = DecodeSettings {
            resolve_palette_indices: false,
            strict: false,
            target_resolution,
        };
        let raw = Image::new(stream, &settings)
            .and_then(|image| image.decode_native())
            .map_err(|_| DAMAGED)?;
        let samples = if raw.bytes_per_sample == 1 {
            raw.data.iter().map(|&v| u16::from(v)).collect()
        } else {
            let pairs = raw.data.as_chunks::<2>().0;
            pairs.iter().map(|&v| u16::from_le_bytes(v)).collect()
        };
        Ok(Plain {
            width: raw.width,
            height: raw.height,
            components: usize::from(raw.num_components),
            samples,
        })
    }

    #[cfg(not(feature = "htj2k"))]
    fn high_throughput(_: &[u8], _: Option<(u32, u32)>) -> Result<Plain, PixelError> {
        Err(PixelError::Unsupported(
            "High-Throughput JPEG 2000 was left out of this build",
        ))
    }
}
