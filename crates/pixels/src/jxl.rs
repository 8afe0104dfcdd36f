//! JPEG XL.

/// Whether this begins like a JPEG XL codestream or file.
pub(crate) fn is_jxl(data: &[u8]) -> bool {
    data.starts_with(&[0xFF, 0x0A]) || data.starts_with(b"\0\0\0\x0CJXL ")
}

/// Decodes one JPEG XL image.
#[cfg(feature = "jpeg-xl")]
pub(crate) fn decode(
    data: &[u8],
    want: crate::codec::Want,
) -> Result<crate::codec::Decoded, crate::error::PixelError> {
    use crate::codec::{Decoded, Probe};
    use crate::error::PixelError;
    use jxl_oxide::{AllocTracker, JxlImage, PixelFormat};

    const DAMAGED: PixelError = PixelError::Corrupt("the JPEG XL image cannot be decoded");
    if !is_jxl(data) {
        return Err(PixelError::SyntaxMismatch("this is not a JPEG XL image"));
    }
    want.plausible(data.len())?;
    let n = want.columns as usize * want.rows as usize * want.samples as usize;
    // The decoder works in 32-bit samples and keeps a few copies of the image.
    let budget = n.saturating_mul(64).saturating_add(64 << 20).min(1 << 30);
    let image = JxlImage::builder()
        .alloc_tracker(AllocTracker::with_limit(budget))
        .read(data)
        .map_err(|_| DAMAGED)?;
    let components = match image.pixel_format() {
        PixelFormat::Gray => 1,
        PixelFormat::Rgb => 3,
        _ => return Err(PixelError::Unsupported("JPEG XL with extra channels")),
    };
    let bits = image.image_header().metadata.bit_depth.bits_per_sample();
    want.check(Probe {
        width: image.width(),
        height: image.height(),
        components,
        bits,
        signed: None,
    })?;
    if bits > 16 {
        return Err(PixelError::Unsupported("JPEG XL with more than 16 bits"));
    }
    let render = image.render_frame(0).map_err(|_| DAMAGED)?;
    let mut floats = crate::error::zeroed::<f32>(n)?;
    if render.stream_no_alpha().write_to_buffer(&mut floats) != n {
        return Err(DAMAGED);
    }
    let top = ((1_u32 << bits) - 1) as f32;
    #[expect(clippy::cast_sign_loss, reason = "clamped")]
    let whole = |v: &f32| (v * top).round().clamp(0.0, top) as u16;
    let samples = floats.iter().map(whole).collect();
    Ok(Decoded {
        samples,
        bits,
        signed: false,
        ycbcr: Some(false),
        reduced: None,
    })
}
