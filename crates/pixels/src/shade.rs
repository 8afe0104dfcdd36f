//! From samples to colours of a screen, by whatever the photometric interpretation says.

use crate::error::PixelError;
use crate::frame::{Frame, Samples};
use crate::info::Photometric;
use crate::presentation::Presentation;
use crate::window::Window;

/// Everything that is needed to give each pixel of a frame its colour.
pub(crate) enum Shader<'f> {
    /// Grey by table: the stored value plus the offset is the index.
    Table {
        samples: &'f Samples,
        table: Vec<u8>,
        offset: i32,
    },
    /// Grey by calculation, for values that no table can hold.
    Direct {
        frame: &'f Frame,
        presentation: &'f Presentation,
        window: Window,
        invert: bool,
    },
    /// Colours by index.
    Palette {
        samples: &'f Samples,
        table: Vec<[u8; 3]>,
    },
    /// Red, green, blue; samples are shifted down to 8 bits.
    Rgb { samples: &'f Samples, shift: u32 },
    /// Luminance and colour differences; samples are shifted down to 8 bits.
    Ybr { samples: &'f Samples, shift: u32 },
}

impl<'f> Shader<'f> {
    pub(crate) fn new(
        frame: &'f Frame,
        presentation: &'f Presentation,
        window: Option<Window>,
    ) -> Result<Self, PixelError> {
        let samples = &frame.samples;
        let shift = frame.bits_stored.saturating_sub(8);
        match frame.photometric {
            Photometric::Monochrome1 | Photometric::Monochrome2 => {
                Ok(Self::gray(frame, presentation, window))
            }
            Photometric::Palette => {
                let palette = presentation
                    .palette
                    .as_ref()
                    .ok_or(PixelError::Missing(crate::tags::RED_DESCRIPTOR))?;
                let size = if frame.bits_stored <= 8 {
                    1 << 8
                } else {
                    1 << 16
                };
                Ok(Self::Palette {
                    samples,
                    table: (0..size).map(|i| palette.colour(i)).collect(),
                })
            }
            Photometric::Rgb => Ok(Self::Rgb { samples, shift }),
            Photometric::YbrFull => Ok(Self::Ybr { samples, shift }),
            Photometric::YbrFull422 | Photometric::YbrJpeg2000 | Photometric::Other => {
                Err(PixelError::Unsupported("this photometric interpretation"))
            }
        }
    }

    fn gray(frame: &'f Frame, presentation: &'f Presentation, window: Option<Window>) -> Self {
        let invert = (frame.photometric == Photometric::Monochrome1) != presentation.inverse;
        // A chosen window wins; then the data set's table; then its window; then the data's own.
        let table = presentation.tables.first().filter(|_| window.is_none());
        let window = window
            .or_else(|| presentation.windows.first().copied())
            .unwrap_or_else(|| match table {
                // Not looked at when there is a table.
                Some(_) => Window {
                    center: 0.0,
                    width: 1.0,
                    function: crate::window::VoiFunction::LinearExact,
                },
                None => Window::of_data(frame, presentation),
            });
        let (offset, size) = match frame.samples {
            Samples::U8(_) => (0, 1 << 8),
            Samples::U16(_) => (0, 1 << 16),
            Samples::I16(_) => (1 << 15, 1 << 16),
            _ => {
                return Self::Direct {
                    frame,
                    presentation,
                    window,
                    invert,
                };
            }
        };
        let shade = |i: i32| {
            let value = presentation.modality(f64::from(i - offset));
            let shade = match table {
                Some(lut) => f64::from(lut.entry(value.round() as i32)) / lut.top(),
                None => window.shade(value),
            };
            byte(if invert { 1.0 - shade } else { shade })
        };
        Self::Table {
            samples: &frame.samples,
            table: (0..size).map(shade).collect(),
            offset,
        }
    }

    /// The colour of pixel `i`; black past the end.
    #[inline]
    pub(crate) fn colour(&self, i: usize) -> [u8; 3] {
        match self {
            Self::Table {
                samples,
                table,
                offset,
            } => {
                let value = integer(samples, i) + offset;
                let shade = table.get(value.unsigned_abs() as usize);
                [shade.copied().unwrap_or_default(); 3]
            }
            Self::Direct {
                frame,
                presentation,
                window,
                invert,
            } => {
                let shade = window.shade(presentation.modality(frame.samples.value(i)));
                [byte(if *invert { 1.0 - shade } else { shade }); 3]
            }
            Self::Palette { samples, table } => {
                let index = integer(samples, i).max(0).unsigned_abs() as usize;
                let last = table.len().saturating_sub(1);
                table.get(index.min(last)).copied().unwrap_or_default()
            }
            Self::Rgb { samples, shift } => [0, 1, 2].map(|c| {
                (integer(samples, 3 * i + c) >> shift)
                    .clamp(0, 255)
                    .unsigned_abs() as u8
            }),
            Self::Ybr { samples, shift } => {
                let [y, cb, cr] =
                    [0, 1, 2].map(|c| (integer(samples, 3 * i + c) >> shift).clamp(0, 255));
                ybr(y, cb - 128, cr - 128)
            }
        }
    }
}

#[inline]
fn integer(samples: &Samples, i: usize) -> i32 {
    match samples {
        Samples::U8(v) => v.get(i).map_or(0, |&v| i32::from(v)),
        Samples::U16(v) => v.get(i).map_or(0, |&v| i32::from(v)),
        Samples::I16(v) => v.get(i).map_or(0, |&v| i32::from(v)),
        other => other.value(i) as i32,
    }
}

#[expect(clippy::cast_sign_loss, reason = "a shade is from 0 to 1")]
fn byte(shade: f64) -> u8 {
    (shade * 255.0).round() as u8
}

/// ITU-R BT.601 full range (PS3.3 section C.7.6.3.1.2), in 16.16 fixed point.
#[inline]
pub(crate) fn ybr(y: i32, cb: i32, cr: i32) -> [u8; 3] {
    let base = (y << 16) + (1 << 15);
    let red = (base + 91_881 * cr) >> 16;
    let green = (base - 22_554 * cb - 46_802 * cr) >> 16;
    let blue = (base + 116_130 * cb) >> 16;
    [red, green, blue].map(|v| v.clamp(0, 255).unsigned_abs() as u8)
}

#[cfg(test)]
mod tests {
    use super::ybr;

    #[test]
    fn the_corners_of_ybr_are_those_of_rgb() {
        assert_eq!(ybr(0, 0, 0), [0, 0, 0]);
        assert_eq!(ybr(255, 0, 0), [255, 255, 255]);
        // Red is Y 76, Cb 85, Cr 255.
        let [r, g, b] = ybr(76, 85 - 128, 255 - 128);
        assert!(r >= 253 && g <= 2 && b <= 2, "{r} {g} {b}");
    }
}
