//! A whole picture with everything on it, and where its text is.

use super::background::{self, Look};
use super::canvas::Canvas;
use super::font::{Fonts, Ink};
use super::random::Random;
use super::scripts::Scripts;
use super::{damage, negatives, words};

/// A rectangle with text, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) w: i32,
    pub(crate) h: i32,
}

impl Area {
    fn meets(self, o: Self, gap: i32) -> bool {
        self.x < o.x + o.w + gap
            && o.x < self.x + self.w + gap
            && self.y < o.y + o.h + gap
            && o.y < self.y + self.h + gap
    }
}

/// What the pictures of a set have in common.
pub(crate) struct Settings {
    pub(crate) fonts: Fonts,
    /// Least and greatest width and height.
    pub(crate) edges: (usize, usize),
    /// How many of the pictures have text.
    pub(crate) with_text: f32,
    /// Least and greatest size of letters.
    pub(crate) letters: (f32, f32),
    /// Greatest number of things that are no text.
    pub(crate) distractors: usize,
    /// Least quality of JPEG.
    pub(crate) quality: f32,
    /// Least difference between letters and what is behind them.
    pub(crate) contrast: f32,
    /// How many are stretched over the whole range at the end, as the detector does on its way.
    pub(crate) stretched: f32,
    /// Fonts of other scripts, and how many lines are written in them.
    pub(crate) scripts: Option<(Scripts, f32)>,
}

impl Settings {
    /// With these scripts too.
    pub(crate) fn with_scripts(self, scripts: Scripts, share: f32) -> Self {
        Self {
            scripts: Some((scripts, share)),
            ..self
        }
    }

    /// For training.
    pub(crate) fn training() -> Self {
        Self {
            fonts: Fonts::training(),
            edges: (150, 448),
            with_text: 0.72,
            letters: (6.0, 60.0),
            distractors: 6,
            quality: 25.0,
            contrast: 0.16,
            stretched: 0.3,
            scripts: None,
        }
    }

    /// For measuring: other fonts, larger pictures, other sizes and shares.
    pub(crate) fn held_out() -> Self {
        Self {
            fonts: Fonts::held_out(),
            edges: (320, 900),
            with_text: 0.5,
            letters: (7.0, 56.0),
            distractors: 9,
            quality: 35.0,
            contrast: 0.2,
            stretched: 0.0,
            scripts: None,
        }
    }
}

/// A picture, and where its text is.
pub(crate) struct Scene {
    pub(crate) canvas: Canvas,
    pub(crate) areas: Vec<Area>,
    pub(crate) look: Look,
}

/// Makes the picture with this number.
pub(crate) fn make(settings: &Settings, seed: u64, number: u64) -> Scene {
    let random = &mut Random::new(seed, number);
    let look = Look::ALL[random.below(Look::ALL.len())];
    let edge = |random: &mut Random| random.between(settings.edges.0, settings.edges.1);
    let (width, height) = (edge(random), edge(random));
    let mut canvas = background::draw(look, width, height, random);
    canvas.map(|v| v.clamp(0.0, 1.0));
    for _ in 0..random.below(settings.distractors + 1) {
        negatives::draw(&mut canvas, random);
    }
    let mut writer = Writer::on(&mut canvas, settings);
    if random.chance(settings.with_text) {
        match look {
            Look::Screen if random.chance(0.8) => writer.table(random),
            Look::Radiograph | Look::Mammogram if random.chance(0.75) => writer.markers(random),
            _ => {}
        }
        for _ in 0..random.between(0, 3) {
            match random.below(8) {
                0..=2 => writer.corner(random),
                3 | 4 => writer.anywhere(random),
                5 => writer.ruler(random),
                6 => writer.table(random),
                _ => writer.label(random),
            }
        }
        if writer.areas.is_empty() {
            writer.corner(random);
        }
    }
    let areas = writer.areas;
    if random.chance(0.25) {
        damage::blur(&mut canvas, random.range(0.35, 0.8));
    }
    if random.chance(0.3) {
        damage::window(&mut canvas, random);
    }
    if random.chance(0.2) {
        background::noise(&mut canvas, random.range(0.005, 0.05), random);
    }
    if random.chance(0.35) {
        damage::jpeg(&mut canvas, random.range(settings.quality, 95.0));
    }
    if random.chance(0.12) {
        canvas.map(|v| 1.0 - v);
    }
    canvas.map(|v| (v.clamp(0.0, 1.0) * 255.0).round() / 255.0);
    if settings.stretched > 0.0 && random.chance(settings.stretched) {
        damage::stretch(&mut canvas);
    }
    Scene {
        canvas,
        areas,
        look,
    }
}

/// How letters are drawn.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    /// Darker or brighter than what is behind.
    bright: bool,
    shade: f32,
    alpha: f32,
    halo: bool,
    boxed: Option<f32>,
    bold: bool,
}

impl Style {
    pub(super) fn new(settings: &Settings, random: &mut Random) -> Self {
        let (low, high) = settings.letters;
        let size = if random.chance(0.75) {
            random.log_range(low, high.min(24.0))
        } else {
            random.log_range(low, high)
        };
        // White; the luminance of yellow, green, orange, red, blue; any grey.
        let shade = match random.below(8) {
            0..=2 => 1.0,
            3 => 0.89,
            4 => 0.6,
            5 => 0.65,
            6 => random.range(0.3, 1.0),
            _ => 0.72,
        };
        Self {
            size,
            bright: random.chance(0.85),
            shade,
            alpha: if random.chance(0.8) {
                1.0
            } else {
                random.range(0.6, 1.0)
            },
            halo: random.chance(0.15),
            boxed: random
                .chance(0.12)
                .then(|| f32::from(u8::from(random.chance(0.3)))),
            bold: random.chance(0.08),
        }
    }
}

/// Writes on a picture, beside what it has written already.
pub(super) struct Writer<'a> {
    canvas: &'a mut Canvas,
    areas: Vec<Area>,
    settings: &'a Settings,
}

impl<'a> Writer<'a> {
    pub(super) fn on(canvas: &'a mut Canvas, settings: &'a Settings) -> Self {
        Self {
            canvas,
            areas: Vec::new(),
            settings,
        }
    }

    /// Writes ink with its top left corner at a place, if it fits in there beside what is written
    /// already; says where it stands.
    pub(super) fn put(&mut self, ink: &Ink, x: i32, y: i32, style: &Style) -> Option<Area> {
        let area = Area {
            x,
            y,
            w: ink.width as i32,
            h: ink.height as i32,
        };
        let (w, h) = (self.canvas.width as i32, self.canvas.height as i32);
        let apart = (style.size * 0.2) as i32 + 1;
        if x < 1
            || y < 1
            || x + area.w >= w - 1
            || y + area.h >= h - 1
            || self.areas.iter().any(|a| a.meets(area, apart))
        {
            return None;
        }
        if let Some(back) = style.boxed {
            let m = (style.size * 0.25) as i32 + 1;
            self.canvas
                .fill(x - m, y - m, area.w + 2 * m, area.h + 2 * m, back, 1.0);
        }
        let behind = self.canvas.mean(x, y, area.w, area.h);
        let need = self.settings.contrast.max(0.3 - area.h as f32 * 0.005);
        // Letters that run over an edge need a ground of their own to be seen at all.
        let parts = [0, 1, 2].map(|i| self.canvas.mean(x + area.w * i / 3, y, area.w / 3, area.h));
        let uneven = parts.iter().any(|p| (p - behind).abs() > 0.2);
        let mut shade = style.shade;
        if uneven && style.boxed.is_none() {
            if apart % 2 == 0 {
                return None;
            }
            let m = (style.size * 0.2) as i32 + 1;
            self.canvas
                .fill(x - m, y - m, area.w + 2 * m, area.h + 2 * m, 0.0, 1.0);
            shade = style.shade.max(0.5);
        } else if (shade - behind).abs() < need / style.alpha || (!style.bright && behind > 0.4) {
            shade = if behind > 0.5 {
                (behind - need / style.alpha - 0.1).clamp(0.0, 0.35)
            } else {
                1.0
            };
        }
        if style.halo {
            let rim = ink.thicker();
            self.stamp(&rim, x - 1, y - 1, if shade > 0.5 { 0.0 } else { 1.0 }, 1.0);
        }
        self.stamp(ink, x, y, shade, style.alpha);
        self.areas.push(area);
        Some(area)
    }

    fn stamp(&mut self, ink: &Ink, x: i32, y: i32, shade: f32, alpha: f32) {
        for (j, row) in ink.cover.chunks_exact(ink.width.max(1)).enumerate() {
            for (i, &cover) in row.iter().enumerate() {
                if cover > 0.0 {
                    self.canvas
                        .mix(x + i as i32, y + j as i32, shade, cover * alpha);
                }
            }
        }
    }

    fn ink(&self, text: &str, style: &Style, random: &mut Random) -> Option<Ink> {
        let ink = match &self.settings.scripts {
            Some((scripts, share)) if random.chance(*share) => scripts.write(style.size, random)?,
            _ => self.settings.fonts.write(text, style.size, random)?,
        };
        if style.bold {
            return super::font::tight(&ink.thicker());
        }
        Some(ink)
    }

    /// Lines under each other in a corner, as viewers and devices write them.
    fn corner(&mut self, random: &mut Random) {
        let style = Style::new(self.settings, random);
        let (right, foot) = (random.chance(0.5), random.chance(0.4));
        let margin = random.range(2.0, 14.0);
        let step = style.size * random.range(1.15, 1.7);
        let (w, h) = (self.canvas.width as f32, self.canvas.height as f32);
        for i in 0..random.between(1, 9) {
            let text = words::line(random);
            let Some(ink) = self.ink(&text, &style, random) else {
                continue;
            };
            let x = if right {
                w - margin - ink.width as f32
            } else {
                margin
            };
            let y = margin + i as f32 * step;
            let y = if foot { h - y - style.size } else { y };
            self.put(&ink, x as i32, y as i32, &style);
        }
    }

    fn anywhere(&mut self, random: &mut Random) {
        for _ in 0..random.between(1, 4) {
            let mut style = Style::new(self.settings, random);
            let text = words::line(random);
            if text.chars().count() > 12 {
                style.size = style.size.min(30.0);
            }
            let Some(mut ink) = self.ink(&text, &style, random) else {
                continue;
            };
            if random.chance(0.06) {
                self.slanted(&ink, &style, random);
                continue;
            }
            if random.chance(0.1) {
                ink = ink.turned();
            }
            let x = random.below(self.canvas.width) as i32 - ink.width as i32 / 2;
            let y = random.below(self.canvas.height) as i32;
            self.put(&ink, x.max(2), y, &style);
        }
    }

    /// Written at any angle.
    fn slanted(&mut self, ink: &Ink, style: &Style, random: &mut Random) {
        let (ink, pieces) = ink.slanted(random.range(-1.6, 1.6));
        let x = random.below(self.canvas.width) as i32 - ink.width as i32 / 2;
        let y = random.below(self.canvas.height) as i32 - ink.height as i32 / 2;
        if self.put(&ink, x, y, style).is_some() {
            self.areas.pop();
            self.areas.extend(pieces.iter().map(|p| Area {
                x: x + p.0 as i32,
                y: y + p.1 as i32,
                w: (p.2 - p.0) as i32,
                h: (p.3 - p.1) as i32,
            }));
        }
    }

    /// Figures beside a scale; the scale is no text.
    fn ruler(&mut self, random: &mut Random) {
        let mut style = Style::new(self.settings, random);
        style.size = style.size.min(20.0);
        let (w, h) = (self.canvas.width as f32, self.canvas.height as f32);
        let x = if random.chance(0.5) {
            random.range(4.0, 0.2 * w)
        } else {
            random.range(0.75, 0.9) * w
        };
        let gap = style.size * random.range(1.6, 4.0);
        let mut y = h * random.range(0.05, 0.3);
        let step = random.between(1, 5);
        let mut n = step;
        while y < h * 0.9 {
            self.canvas
                .line((x, y), (x + 7.0, y), 1.2, style.shade, 1.0);
            self.canvas.line(
                (x, y + gap / 2.0),
                (x + 4.0, y + gap / 2.0),
                1.2,
                style.shade,
                1.0,
            );
            if let Some(ink) = self.ink(&n.to_string(), &style, random) {
                self.put(&ink, x as i32 + 11, (y - style.size / 2.0) as i32, &style);
            }
            n += step;
            y += gap;
        }
    }

    /// Rows and columns, as on a dose report.
    fn table(&mut self, random: &mut Random) {
        let mut style = Style::new(self.settings, random);
        style.size = style.size.clamp(6.0, 18.0);
        let (w, h) = (self.canvas.width as f32, self.canvas.height as f32);
        let mut x = random.range(3.0, 0.3 * w);
        let top = random.range(3.0, 0.5 * h);
        let step = style.size * random.range(1.3, 2.2);
        let rows = random.between(2, 14);
        let ruled = random.chance(0.35);
        for _ in 0..random.between(2, 7) {
            let mut widest = 10.0_f32;
            for row in 0..rows {
                if random.chance(0.1) {
                    continue;
                }
                let text = if row == 0 {
                    words::label(random)
                } else {
                    words::cell(random)
                };
                if let Some(ink) = self.ink(&text, &style, random) {
                    self.put(&ink, x as i32, (top + row as f32 * step) as i32, &style);
                    widest = widest.max(ink.width as f32);
                }
            }
            if ruled {
                let edge = x + widest + style.size * 0.6;
                self.canvas.line(
                    (edge, top),
                    (edge, top + rows as f32 * step),
                    1.0,
                    style.shade,
                    1.0,
                );
            }
            x += widest + style.size * random.range(1.0, 3.0);
            if x > w * 0.95 {
                break;
            }
        }
    }

    /// Letters of lead on the cassette.
    fn markers(&mut self, random: &mut Random) {
        for _ in 0..random.between(1, 2) {
            let mut style = Style::new(self.settings, random);
            style.size = random.log_range(14.0, self.settings.letters.1);
            style.bold = random.chance(0.5);
            let Some(mut ink) = self.ink(&words::marker(random), &style, random) else {
                continue;
            };
            if random.chance(0.15) {
                ink = ink.mirrored();
            }
            if random.chance(0.55) {
                self.slanted(&ink, &style, random);
                continue;
            }
            if random.chance(0.2) {
                ink = ink.turned();
            }
            let x = random.below(self.canvas.width) as i32;
            let y = random.below(self.canvas.height) as i32;
            if let Some(area) = self.put(&ink, x, y, &style)
                && random.chance(0.3)
            {
                let centre = (
                    area.x as f32 + area.w as f32 / 2.0,
                    area.y as f32 + area.h as f32 / 2.0,
                );
                let r = area.w.max(area.h) as f32 * 0.75 + 2.0;
                self.canvas
                    .ring(centre, (r, r), random.range(1.0, 4.0), style.shade);
            }
        }
    }

    /// A name plate flashed onto the film.
    fn label(&mut self, random: &mut Random) {
        let mut style = Style::new(self.settings, random);
        style.size = style.size.clamp(7.0, 22.0);
        let lines: Vec<Ink> = (0..random.between(2, 5))
            .filter_map(|_| {
                let text = words::line(random);
                self.ink(&text, &style, random)
            })
            .collect();
        let wide = lines.iter().map(|i| i.width).max().unwrap_or(0) as i32 + 12;
        let step = (style.size * random.range(1.25, 1.6)) as i32;
        let tall = step * lines.len() as i32 + 10;
        let x = random.below(self.canvas.width) as i32 - wide / 2;
        let y = random.below(self.canvas.height) as i32 - tall / 2;
        let area = Area {
            x,
            y,
            w: wide,
            h: tall,
        };
        if self.areas.iter().any(|a| a.meets(area, 2)) {
            return;
        }
        let white = random.chance(0.6);
        self.canvas.fill(
            x,
            y,
            wide,
            tall,
            if white {
                random.range(0.8, 1.0)
            } else {
                random.range(0.0, 0.15)
            },
            1.0,
        );
        style.shade = if white { 0.0 } else { 1.0 };
        style.bright = !white;
        style.boxed = None;
        for (i, ink) in lines.iter().enumerate() {
            self.put(ink, x + 6, y + 6 + i as i32 * step, &style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_picture() {
        let settings = Settings::training();
        let (a, b) = (make(&settings, 3, 14), make(&settings, 3, 14));
        assert_eq!(a.canvas.shades, b.canvas.shades);
        assert_eq!(a.areas, b.areas);
        assert_ne!(make(&settings, 3, 15).canvas.shades, a.canvas.shades);
    }

    #[test]
    fn text_lies_on_the_picture_and_can_be_seen() {
        for settings in [Settings::training(), Settings::held_out()] {
            let (mut texts, mut faint) = (0, 0);
            for number in 0..60 {
                let scene = make(&settings, 7, number);
                let (w, h) = (scene.canvas.width as i32, scene.canvas.height as i32);
                assert!(scene.canvas.shades.iter().all(|v| (0.0..=1.0).contains(v)));
                for a in &scene.areas {
                    assert!(a.x >= 0 && a.y >= 0 && a.x + a.w <= w && a.y + a.h <= h);
                    let inside = (a.y..a.y + a.h)
                        .flat_map(|y| (a.x..a.x + a.w).map(move |x| (x, y)))
                        .map(|(x, y)| scene.canvas.at(x, y));
                    let (low, high) =
                        inside.fold((1.0_f32, 0.0_f32), |(l, h), v| (l.min(v), h.max(v)));
                    texts += 1;
                    faint += usize::from(high - low < 0.1);
                }
            }
            assert!(texts > 100 && faint * 50 < texts, "{faint} of {texts}");
        }
    }
}
