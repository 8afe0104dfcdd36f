//! A picture in the making: shades from 0 for black to 1 for white, and what is drawn on it.

use super::random::Random;

/// Shades, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) shades: Vec<f32>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, shade: f32) -> Self {
        Self {
            width,
            height,
            shades: vec![shade; width * height],
        }
    }

    /// The shade at a place; the edge is repeated outside.
    pub(crate) fn at(&self, x: i32, y: i32) -> f32 {
        let x = x.clamp(0, self.width as i32 - 1).unsigned_abs() as usize;
        let y = y.clamp(0, self.height as i32 - 1).unsigned_abs() as usize;
        self.shades[y * self.width + x]
    }

    /// Mixes `shade` into a pixel.
    pub(crate) fn mix(&mut self, x: i32, y: i32, shade: f32, alpha: f32) {
        if x >= 0 && y >= 0 && (x as usize) < self.width && (y as usize) < self.height {
            let at = &mut self.shades
                [y.unsigned_abs() as usize * self.width + x.unsigned_abs() as usize];
            *at += (shade - *at) * alpha;
        }
    }

    /// The mean shade in a rectangle, looked at sparsely.
    pub(crate) fn mean(&self, x: i32, y: i32, w: i32, h: i32) -> f32 {
        let (mut sum, mut n) = (0.0, 0.0);
        for j in 0..6 {
            for i in 0..12 {
                sum += self.at(x + w * i / 11, y + h * j / 5);
                n += 1.0;
            }
        }
        sum / n
    }

    /// Fills a rectangle.
    pub(crate) fn fill(&mut self, x: i32, y: i32, w: i32, h: i32, shade: f32, alpha: f32) {
        for j in y.max(0)..(y + h).min(self.height as i32) {
            for i in x.max(0)..(x + w).min(self.width as i32) {
                self.mix(i, j, shade, alpha);
            }
        }
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&mut self, x: i32, y: i32, w: i32, h: i32, thick: i32, shade: f32) {
        self.fill(x, y, w, thick, shade, 1.0);
        self.fill(x, y + h - thick, w, thick, shade, 1.0);
        self.fill(x, y, thick, h, shade, 1.0);
        self.fill(x + w - thick, y, thick, h, shade, 1.0);
    }

    /// A straight line with soft edges.
    pub(crate) fn line(
        &mut self,
        from: (f32, f32),
        to: (f32, f32),
        thick: f32,
        shade: f32,
        alpha: f32,
    ) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let long = (dx * dx + dy * dy).sqrt().max(1e-3);
        let reach = thick / 2.0 + 1.0;
        let low = |a: f32, b: f32| (a.min(b) - reach).floor().max(-1.0) as i32;
        let high = |a: f32, b: f32, top: usize| (a.max(b) + reach).ceil().min(top as f32) as i32;
        // Long thin lines at a slant have mostly empty bounding boxes: walk along them instead.
        let steps = (long.ceil() as usize).min(4096);
        if reach < 8.0 && long > 64.0 {
            let piece = 24.0_f32;
            let n = (long / piece).ceil() as usize;
            for k in 0..n {
                let a = k as f32 / n as f32;
                let b = (k + 1) as f32 / n as f32;
                self.line(
                    (from.0 + dx * a, from.1 + dy * a),
                    (from.0 + dx * b, from.1 + dy * b),
                    thick,
                    shade,
                    alpha,
                );
            }
            return;
        }
        let _ = steps;
        for y in low(from.1, to.1)..=high(from.1, to.1, self.height) {
            for x in low(from.0, to.0)..=high(from.0, to.0, self.width) {
                let (px, py) = (x as f32 - from.0, y as f32 - from.1);
                let t = ((px * dx + py * dy) / (long * long)).clamp(0.0, 1.0);
                let (ex, ey) = (px - t * dx, py - t * dy);
                let away = (ex * ex + ey * ey).sqrt();
                let cover = (thick / 2.0 + 0.5 - away).clamp(0.0, 1.0);
                if cover > 0.0 {
                    self.mix(x, y, shade, alpha * cover);
                }
            }
        }
    }

    /// A curve through points.
    pub(crate) fn path(&mut self, points: &[(f32, f32)], thick: f32, shade: f32, alpha: f32) {
        for pair in points.windows(2) {
            if let [a, b] = pair {
                self.line(*a, *b, thick, shade, alpha);
            }
        }
    }

    /// An ellipse, filled, its edge `soft` pixels wide; `how` mixes old and new.
    pub(crate) fn ellipse(
        &mut self,
        centre: (f32, f32),
        radii: (f32, f32),
        turn: f32,
        shade: f32,
        soft: f32,
        alpha: f32,
    ) {
        let (s, c) = turn.sin_cos();
        let far = radii.0.max(radii.1) + soft;
        let x0 = (centre.0 - far).floor().max(0.0) as i32;
        let x1 = (centre.0 + far).ceil().min(self.width as f32) as i32;
        let y0 = (centre.1 - far).floor().max(0.0) as i32;
        let y1 = (centre.1 + far).ceil().min(self.height as f32) as i32;
        let least = radii.0.min(radii.1).max(0.5);
        for y in y0..y1 {
            for x in x0..x1 {
                let (px, py) = (x as f32 - centre.0, y as f32 - centre.1);
                let (u, v) = ((px * c + py * s) / radii.0, (py * c - px * s) / radii.1);
                let away = ((u * u + v * v).sqrt() - 1.0) * least;
                let cover = (0.5 - away / soft.max(0.5)).clamp(0.0, 1.0);
                if cover > 0.0 {
                    self.mix(x, y, shade, alpha * cover);
                }
            }
        }
    }

    /// The outline of an ellipse.
    pub(crate) fn ring(&mut self, centre: (f32, f32), radii: (f32, f32), thick: f32, shade: f32) {
        let n = ((radii.0 + radii.1) as usize).clamp(12, 180);
        let points: Vec<(f32, f32)> = (0..=n)
            .map(|i| {
                let (s, c) = (i as f32 / n as f32 * std::f32::consts::TAU).sin_cos();
                (centre.0 + radii.0 * c, centre.1 + radii.1 * s)
            })
            .collect();
        self.path(&points, thick, shade, 1.0);
    }

    /// Applies a function to every shade.
    pub(crate) fn map(&mut self, f: impl Fn(f32) -> f32) {
        for shade in &mut self.shades {
            *shade = f(*shade);
        }
    }

    /// Adds another picture of the same size, weighted.
    pub(crate) fn add(&mut self, other: &[f32], weight: f32) {
        for (shade, more) in self.shades.iter_mut().zip(other) {
            *shade += more * weight;
        }
    }
}

/// Smooth noise between -1 and 1: lattices of random values, each of half the pitch of the one
/// before and `fade` times its strength.
pub(crate) fn clouds(
    width: usize,
    height: usize,
    pitch: f32,
    octaves: usize,
    fade: f32,
    random: &mut Random,
) -> Vec<f32> {
    let mut out = vec![0.0; width * height];
    let (mut pitch, mut weight) = (pitch.max(1.5), 1.0);
    let (mut row, mut columns) = (Vec::new(), Vec::new());
    for _ in 0..octaves.max(1) {
        let across = (width as f32 / pitch) as usize + 3;
        let down = (height as f32 / pitch) as usize + 3;
        let lattice: Vec<f32> = (0..across * down)
            .map(|_| random.range(-1.0, 1.0))
            .collect();
        columns.clear();
        columns.extend((0..width).map(|x| {
            let u = x as f32 / pitch;
            let f = u - u.floor();
            (u as usize, f * f * (3.0 - 2.0 * f))
        }));
        for (y, line) in out.chunks_exact_mut(width).enumerate() {
            let v = y as f32 / pitch;
            let f = v - v.floor();
            let f = f * f * (3.0 - 2.0 * f);
            let top = v as usize * across;
            row.clear();
            row.extend(
                (0..across).map(|i| lattice[top + i] * (1.0 - f) + lattice[top + across + i] * f),
            );
            for (at, &(i, g)) in line.iter_mut().zip(&columns) {
                *at += weight * (row[i] * (1.0 - g) + row[i + 1] * g);
            }
        }
        pitch /= 2.0;
        weight *= fade;
        if pitch < 1.5 {
            break;
        }
    }
    out
}
