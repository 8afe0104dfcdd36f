//! Pictures for a screen: whole frames and thumbnails.

use cordon_dicom::{DataSet, File};

use crate::error::{PixelError, zeroed};
use crate::frame::{Frame, frame_for};
use crate::info::describe;
use crate::presentation::{Presentation, group};
use crate::shade::Shader;
use crate::tags;
use crate::window::Window;

/// A picture of 8 bits for each of red, green, blue and opacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgba {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// `width × height × 4` bytes, row by row.
    pub data: Vec<u8>,
}

/// The frame as a picture, grey or in colour. Without a window, the data set's own is used, or
/// one from the data.
///
/// # Errors
/// When the photometric interpretation is unknown or its palette is absent.
pub fn render(
    frame: &Frame,
    presentation: &Presentation,
    window: Option<Window>,
) -> Result<Rgba, PixelError> {
    let shader = Shader::new(frame, presentation, window)?;
    let n = frame.rows as usize * frame.columns as usize;
    let mut data = zeroed::<u8>(n * 4)?;
    for (i, pixel) in data.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let [r, g, b] = shader.colour(i);
        *pixel = [r, g, b, 255];
    }
    Ok(Rgba {
        width: frame.columns,
        height: frame.rows,
        data,
    })
}

/// The bytes of [`render`] with this window.
///
/// # Errors
/// As [`render`].
pub fn render_gray(
    frame: &Frame,
    presentation: &Presentation,
    window: Window,
) -> Result<Vec<u8>, PixelError> {
    render(frame, presentation, Some(window)).map(|picture| picture.data)
}

/// A small picture of the file, its longer side at most `max_side`: of the frame in the middle,
/// averaged over areas, in the true proportions of its pixels.
///
/// # Errors
/// When the frame cannot be decoded or shown.
pub fn thumbnail(file: &File<'_>, max_side: u32) -> Result<Rgba, PixelError> {
    let info = describe(&file.data)?;
    let n = info.frames / 2;
    let frame = frame_for(file, n, Some(max_side.clamp(1, 4096)))?;
    let presentation = Presentation::of(&file.data, &info, n);
    shrink(&frame, &presentation, aspect(&file.data, n), max_side)
}

/// The height of a pixel of frame `n` divided by its width; 1 where nothing says.
#[must_use]
pub fn aspect(data: &DataSet<'_>, n: u32) -> f64 {
    let measures = group(data, n, tags::PIXEL_MEASURES, tags::PIXEL_SPACING);
    [
        measures.map(|m| m.f64s(tags::PIXEL_SPACING)),
        Some(data.f64s(tags::PIXEL_SPACING)),
        Some(data.f64s(tags::IMAGER_SPACING)),
        Some(data.f64s(tags::ASPECT_RATIO)),
    ]
    .into_iter()
    .flatten()
    .find_map(|pair| match *pair.as_slice() {
        [down, across, ..] => Some(down / across),
        _ => None,
    })
    .filter(|ratio| (0.05..=20.0).contains(ratio))
    .unwrap_or(1.0)
}

fn shrink(
    frame: &Frame,
    presentation: &Presentation,
    aspect: f64,
    max_side: u32,
) -> Result<Rgba, PixelError> {
    let (columns, rows) = (f64::from(frame.columns), f64::from(frame.rows) * aspect);
    let scale = (f64::from(max_side.clamp(1, 4096)) / columns.max(rows)).min(1.0);
    #[expect(clippy::cast_sign_loss, reason = "at least one")]
    let side = |length: f64| (length * scale).round().max(1.0) as usize;
    let (width, height) = (side(columns), side(rows));
    let shader = Shader::new(frame, presentation, None)?;
    let mut data = zeroed::<u8>(width * height * 4)?;
    let (columns, rows) = (frame.columns as usize, frame.rows as usize);
    // The source pixels that belong to a target one: at least one, also where it is stretched.
    let span = |i: usize, of: usize, all: usize| {
        let from = i * all / of;
        from..((i + 1) * all / of).max(from + 1)
    };
    for (i, pixel) in data.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let (x, y) = (i % width, i / width);
        let mut sum = [0_u64; 3];
        let mut n = 0_u64;
        for row in span(y, height, rows) {
            for column in span(x, width, columns) {
                let colour = shader.colour(row * columns + column);
                for (sum, value) in sum.iter_mut().zip(colour) {
                    *sum += u64::from(value);
                }
                n += 1;
            }
        }
        let [r, g, b] = sum.map(|s| ((s + n / 2) / n.max(1)).min(255) as u8);
        *pixel = [r, g, b, 255];
    }
    Ok(Rgba {
        width: width as u32,
        height: height as u32,
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Samples;
    use crate::info::Photometric;
    use crate::presentation::Modality;

    #[test]
    fn a_thumbnail_keeps_proportions_and_means() {
        let frame = Frame {
            rows: 40,
            columns: 80,
            samples_per_pixel: 3,
            bits_stored: 8,
            photometric: Photometric::Rgb,
            samples: Samples::U8(
                (0..40 * 80)
                    .flat_map(|i| [if i % 2 == 0 { 0 } else { 200 }, 7, 9])
                    .collect(),
            ),
        };
        let presentation = Presentation {
            modality: Modality::Rescale {
                slope: 1.0,
                intercept: 0.0,
            },
            windows: Vec::new(),
            tables: Vec::new(),
            padding: None,
            inverse: false,
            palette: None,
        };
        let small = shrink(&frame, &presentation, 2.0, 20).unwrap();
        assert_eq!((small.width, small.height), (20, 20));
        assert_eq!(&small.data[..4], &[100, 7, 9, 255]);
        let large = shrink(&frame, &presentation, 1.0, 500).unwrap();
        assert_eq!((large.width, large.height), (80, 40));
    }
}
