//! Letters: outlines at any size, dots at whole and broken multiples, and signs of no script.
//!
//! The fonts come with crates under free licences, so that no font file is kept here. Held-out
//! sets are written in fonts that training has never seen.

use ab_glyph::{FontRef, Glyph, PxScale, ScaleFont as _, point};
use embedded_graphics::geometry::{OriginDimensions as _, Point};
use embedded_graphics::image::GetPixel as _;
use embedded_graphics::mono_font::{
    MonoFont, ascii, iso_8859_1, iso_8859_5, iso_8859_7, jis_x0201,
};
use embedded_graphics::pixelcolor::BinaryColor;
use font8x8::UnicodeFonts as _;
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster};

use super::random::Random;

/// How much ink lies on each pixel of a rectangle, 0 to 1; the rectangle is tight.
#[derive(Debug, Clone)]
pub(crate) struct Ink {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) cover: Vec<f32>,
}

/// One font.
enum Font {
    Outline(Box<FontRef<'static>>),
    Dots(&'static MonoFont<'static>),
    Eight,
    Smooth(FontWeight),
    /// Strokes in a square, as dense as the signs of East Asia: for the scripts no font here has.
    Signs,
}

/// The fonts of a set.
pub(crate) struct Fonts(Vec<Font>);

impl Fonts {
    /// The fonts for training.
    pub(crate) fn training() -> Self {
        let mut fonts = outlines(&[
            dejavu::sans::regular(),
            dejavu::sans::bold(),
            dejavu::sans_condensed::regular(),
            dejavu::sans::extra_light(),
            dejavu::sans_mono::regular(),
            dejavu::sans_mono::bold(),
            notosans::REGULAR_TTF,
            notosans::BOLD_TTF,
            dejavu::sans::regular(),
            notosans::REGULAR_TTF,
        ]);
        fonts.extend(typst_assets::fonts().take(2).filter_map(outline));
        fonts.extend(
            [
                &ascii::FONT_5X7,
                &ascii::FONT_6X10,
                &ascii::FONT_7X13,
                &ascii::FONT_8X13_BOLD,
                &ascii::FONT_9X15,
                &ascii::FONT_10X20,
                &iso_8859_1::FONT_6X13,
                &iso_8859_5::FONT_9X15,
                &iso_8859_7::FONT_8X13,
                &jis_x0201::FONT_6X13,
                &ascii::FONT_6X12,
            ]
            .map(Font::Dots),
        );
        fonts.extend([
            Font::Eight,
            Font::Eight,
            Font::Smooth(FontWeight::Regular),
            Font::Signs,
        ]);
        Self(fonts)
    }

    /// The fonts for measuring.
    pub(crate) fn held_out() -> Self {
        let mut fonts = outlines(&[
            dejavu::serif::regular(),
            dejavu::serif_condensed::bold(),
            dejavu::sans_mono::oblique(),
            notosans::ITALIC_TTF,
            notosans::BOLD_ITALIC_TTF,
        ]);
        // New Computer Modern.
        fonts.extend(typst_assets::fonts().skip(9).filter_map(outline));
        fonts.extend(
            [
                &profont::PROFONT_9_POINT,
                &profont::PROFONT_12_POINT,
                &profont::PROFONT_18_POINT,
                &profont::PROFONT_24_POINT,
                &ascii::FONT_4X6,
                &ascii::FONT_9X18_BOLD,
                &ascii::FONT_6X13_BOLD,
            ]
            .map(Font::Dots),
        );
        fonts.push(Font::Smooth(FontWeight::Bold));
        Self(fonts)
    }

    /// Writes a line, `size` pixels from the top of its tallest letters to the foot of its deepest,
    /// roughly. `None` when nothing of it can be written in the font that chance chose.
    pub(crate) fn write(&self, text: &str, size: f32, random: &mut Random) -> Option<Ink> {
        for _ in 0..8 {
            let font = &self.0[random.below(self.0.len())];
            let ink = match font {
                Font::Outline(font) => outlined(font.as_ref(), text, size, random),
                Font::Dots(font) => dotted(font, text, size, random),
                Font::Eight => eight(text, size, random),
                Font::Smooth(weight) => smooth(text, size, *weight),
                Font::Signs if random.chance(0.5) => Some(signs(size, random)),
                Font::Signs => None,
            };
            if let Some(ink) = ink.as_ref().and_then(tight) {
                return Some(ink);
            }
        }
        None
    }
}

fn outline(bytes: &'static [u8]) -> Option<Font> {
    FontRef::try_from_slice(bytes)
        .ok()
        .map(|font| Font::Outline(Box::new(font)))
}

fn outlines(files: &[&'static [u8]]) -> Vec<Font> {
    files.iter().filter_map(|bytes| outline(bytes)).collect()
}

fn blank(width: usize, height: usize) -> Ink {
    Ink {
        width,
        height,
        cover: vec![0.0; width * height],
    }
}

/// Writes a line in an outlined font; `None` when it lacks a letter.
pub(super) fn outlined(
    font: &impl ab_glyph::Font,
    text: &str,
    size: f32,
    random: &mut Random,
) -> Option<Ink> {
    let scale = PxScale {
        x: size * 1.25 * random.range(0.85, 1.15),
        y: size * 1.25,
    };
    let scaled = font.as_scaled(scale);
    let space = size * random.range(-0.02, 0.08);
    let mut pen = 2.0;
    let mut glyphs: Vec<Glyph> = Vec::new();
    for c in text.chars() {
        let id = font.glyph_id(c);
        if id.0 == 0 {
            return None;
        }
        glyphs.push(id.with_scale_and_position(scale, point(pen, scaled.ascent() + 1.0)));
        pen += scaled.h_advance(id) + space;
    }
    let mut ink = blank(pen.ceil() as usize + 4, scaled.height().ceil() as usize + 4);
    for glyph in glyphs {
        let Some(outline) = font.outline_glyph(glyph) else {
            continue;
        };
        let from = outline.px_bounds().min;
        let (left, top) = (from.x as i32, from.y as i32);
        outline.draw(|x, y, cover| {
            let (x, y) = (left + x as i32, top + y as i32);
            if x >= 0 && y >= 0 && (x as usize) < ink.width && (y as usize) < ink.height {
                let at = &mut ink.cover
                    [y.unsigned_abs() as usize * ink.width + x.unsigned_abs() as usize];
                *at = at.max(cover.min(1.0));
            }
        });
    }
    // Many devices draw without soft edges.
    if random.chance(0.3) {
        for cover in &mut ink.cover {
            *cover = if *cover > 0.45 { 1.0 } else { 0.0 };
        }
    }
    Some(ink)
}

/// Dots, enlarged: by whole steps mostly, as devices do, or to any size, as a scaled screen is.
fn enlarged(ink: &Ink, size: f32, random: &mut Random) -> Ink {
    let wanted = size / ink.height as f32;
    let factor = if random.chance(0.7) {
        wanted.round().max(1.0)
    } else {
        wanted.max(0.8)
    };
    let mut out = blank(
        (ink.width as f32 * factor) as usize,
        (ink.height as f32 * factor) as usize,
    );
    for y in 0..out.height {
        for x in 0..out.width {
            let from = ((y as f32 + 0.5) / factor) as usize * ink.width
                + ((x as f32 + 0.5) / factor) as usize;
            out.cover[y * out.width + x] = ink.cover.get(from).copied().unwrap_or(0.0);
        }
    }
    out
}

fn dotted(font: &MonoFont<'_>, text: &str, size: f32, random: &mut Random) -> Option<Ink> {
    let (w, h) = (
        font.character_size.width as usize,
        font.character_size.height as usize,
    );
    let per_row = (font.image.size().width as usize / w.max(1)).max(1);
    let unknown = font.glyph_mapping.index('\u{FFFD}');
    let n = text.chars().count();
    let mut ink = blank(w * n, h);
    for (i, c) in text.chars().enumerate() {
        let index = font.glyph_mapping.index(c);
        if index == unknown && c != '?' {
            return None;
        }
        let (left, top) = (index % per_row * w, index / per_row * h);
        for y in 0..h {
            for x in 0..w {
                let on = font
                    .image
                    .pixel(Point::new((left + x) as i32, (top + y) as i32))
                    == Some(BinaryColor::On);
                ink.cover[y * w * n + i * w + x] = f32::from(u8::from(on));
            }
        }
    }
    Some(enlarged(&ink, size, random))
}

fn eight(text: &str, size: f32, random: &mut Random) -> Option<Ink> {
    let n = text.chars().count();
    let mut ink = blank(8 * n, 8);
    for (i, c) in text.chars().enumerate() {
        let glyph = font8x8::BASIC_FONTS
            .get(c)
            .or_else(|| font8x8::LATIN_FONTS.get(c))
            .or_else(|| font8x8::GREEK_FONTS.get(c))
            .or_else(|| font8x8::HIRAGANA_FONTS.get(c))?;
        for (y, row) in glyph.iter().enumerate() {
            for x in 0..8 {
                ink.cover[y * 8 * n + i * 8 + x] = f32::from(row >> x & 1);
            }
        }
    }
    Some(enlarged(&ink, size, random))
}

fn smooth(text: &str, size: f32, weight: FontWeight) -> Option<Ink> {
    let height = match size {
        s if s < 18.0 => RasterHeight::Size16,
        s if s < 22.0 => RasterHeight::Size20,
        s if s < 28.0 => RasterHeight::Size24,
        _ => RasterHeight::Size32,
    };
    let w = noto_sans_mono_bitmap::get_raster_width(weight, height);
    let n = text.chars().count();
    let mut ink = blank(w * n, height.val());
    for (i, c) in text.chars().enumerate() {
        let raster = get_raster(c, weight, height)?;
        for (y, row) in raster.rows().enumerate() {
            for (x, &value) in row.iter().enumerate() {
                ink.cover[y * w * n + i * w + x] = f32::from(value) / 255.0;
            }
        }
    }
    Some(ink)
}

fn signs(size: f32, random: &mut Random) -> Ink {
    let edge = size.max(9.0);
    let n = random.between(2, 8);
    let mut canvas =
        super::canvas::Canvas::new((edge * 1.1) as usize * n + 2, edge as usize + 2, 0.0);
    let thick = (edge / random.range(9.0, 14.0)).max(1.0);
    for i in 0..n {
        let left = i as f32 * (edge * 1.1).floor() + 1.0;
        for _ in 0..random.between(3, 8) {
            let a = (
                left + random.range(0.0, edge * 0.9),
                1.0 + random.range(0.0, edge * 0.9),
            );
            let b = match random.below(5) {
                0 | 1 => (left + random.range(0.0, edge * 0.9), a.1),
                2 | 3 => (a.0, 1.0 + random.range(0.0, edge * 0.9)),
                _ => (
                    left + random.range(0.0, edge * 0.9),
                    1.0 + random.range(0.0, edge * 0.9),
                ),
            };
            canvas.line(a, b, thick, 1.0, 1.0);
        }
    }
    Ink {
        width: canvas.width,
        height: canvas.height,
        cover: canvas.shades,
    }
}

/// Without the empty margins; `None` if there is nothing else.
pub(crate) fn tight(ink: &Ink) -> Option<Ink> {
    let on = |x: usize, y: usize| ink.cover[y * ink.width + x] > 0.2;
    let columns: Vec<usize> = (0..ink.width)
        .filter(|&x| (0..ink.height).any(|y| on(x, y)))
        .collect();
    let rows: Vec<usize> = (0..ink.height)
        .filter(|&y| (0..ink.width).any(|x| on(x, y)))
        .collect();
    let (&left, &right, &top, &foot) = (
        columns.first()?,
        columns.last()?,
        rows.first()?,
        rows.last()?,
    );
    let (width, height) = (right + 1 - left, foot + 1 - top);
    let cover = (top..=foot)
        .flat_map(|y| {
            ink.cover[y * ink.width + left..=y * ink.width + right]
                .iter()
                .copied()
        })
        .collect();
    Some(Ink {
        width,
        height,
        cover,
    })
}

impl Ink {
    /// Turned by a quarter, against the clock.
    pub(crate) fn turned(self) -> Self {
        let mut out = blank(self.height, self.width);
        for y in 0..self.height {
            for x in 0..self.width {
                out.cover[(self.width - 1 - x) * self.height + y] = self.cover[y * self.width + x];
            }
        }
        out
    }

    /// Turned by any angle, with the rectangles around pieces as long as the letters are tall: one
    /// rectangle around a slanted line would be mostly empty.
    pub(crate) fn slanted(&self, angle: f32) -> (Self, Vec<(usize, usize, usize, usize)>) {
        let (s, c) = angle.sin_cos();
        let (w, h) = (self.width as f32, self.height as f32);
        let (wide, tall) = (
            w * c.abs() + h * s.abs() + 2.0,
            w * s.abs() + h * c.abs() + 2.0,
        );
        let mut out = blank(wide as usize + 1, tall as usize + 1);
        let mut pieces = vec![(usize::MAX, usize::MAX, 0, 0); self.width / self.height.max(1) + 1];
        for y in 0..out.height {
            for x in 0..out.width {
                let (dx, dy) = (x as f32 - wide / 2.0, y as f32 - tall / 2.0);
                let (u, v) = (dx * c + dy * s + w / 2.0, dy * c - dx * s + h / 2.0);
                if u < 0.0 || v < 0.0 || u >= w || v >= h {
                    continue;
                }
                // The mean of the four nearest, as a scanner would see them.
                let at = |u: f32, v: f32| {
                    let (i, j) = (
                        (u as usize).min(self.width - 1),
                        (v as usize).min(self.height - 1),
                    );
                    self.cover[j * self.width + i]
                };
                let cover =
                    (at(u, v) + at(u + 0.5, v) + at(u, v + 0.5) + at(u + 0.5, v + 0.5)) / 4.0;
                out.cover[y * out.width + x] = cover;
                let piece = (u as usize / self.height.max(1)).min(pieces.len() - 1);
                if cover > 0.2 {
                    let p = &mut pieces[piece];
                    *p = (p.0.min(x), p.1.min(y), p.2.max(x + 1), p.3.max(y + 1));
                }
            }
        }
        pieces.retain(|p| p.0 < p.2);
        (out, pieces)
    }

    /// Seen from behind.
    pub(crate) fn mirrored(mut self) -> Self {
        for row in self.cover.chunks_exact_mut(self.width.max(1)) {
            row.reverse();
        }
        self
    }

    /// Letters a pixel thicker on each side, with that margin around them.
    pub(crate) fn thicker(&self) -> Self {
        let mut out = blank(self.width + 2, self.height + 2);
        for y in 0..out.height {
            for x in 0..out.width {
                let mut most = 0.0_f32;
                for v in y.saturating_sub(2)..=y.min(self.height - 1) {
                    for u in x.saturating_sub(2)..=x.min(self.width - 1) {
                        most = most.max(self.cover[v * self.width + u]);
                    }
                }
                out.cover[y * out.width + x] = most;
            }
        }
        out
    }
}
