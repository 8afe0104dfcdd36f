//! What lies behind the text: pictures that look, to a small network, like those of a modality.
//!
//! They need not deceive anybody. They have the edges, textures, noise and empty surroundings
//! from which letters must be told apart.

use super::canvas::{Canvas, clouds};
use super::random::Random;

/// What a picture looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Ct,
    Mr,
    Radiograph,
    Ultrasound,
    Angiogram,
    Mammogram,
    Nuclear,
    Screen,
}

impl Look {
    pub(crate) const ALL: [Self; 8] = [
        Self::Ct,
        Self::Mr,
        Self::Radiograph,
        Self::Ultrasound,
        Self::Angiogram,
        Self::Mammogram,
        Self::Nuclear,
        Self::Screen,
    ];

    /// A word for tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ct => "CT",
            Self::Mr => "MR",
            Self::Radiograph => "CR/DX",
            Self::Ultrasound => "US",
            Self::Angiogram => "XA",
            Self::Mammogram => "MG",
            Self::Nuclear => "NM",
            Self::Screen => "screen",
        }
    }
}

/// Draws one.
pub(crate) fn draw(look: Look, width: usize, height: usize, random: &mut Random) -> Canvas {
    match look {
        Look::Ct => slice(width, height, true, random),
        Look::Mr => slice(width, height, false, random),
        Look::Radiograph => radiograph(width, height, random),
        Look::Ultrasound => ultrasound(width, height, random),
        Look::Angiogram => angiogram(width, height, random),
        Look::Mammogram => mammogram(width, height, random),
        Look::Nuclear => nuclear(width, height, random),
        Look::Screen => screen(width, height, random),
    }
}

fn edge(width: usize, height: usize) -> f32 {
    width.min(height) as f32
}

fn middle(width: usize, height: usize, random: &mut Random) -> (f32, f32) {
    let off = edge(width, height) * 0.06;
    (
        width as f32 / 2.0 + random.range(-off, off),
        height as f32 / 2.0 + random.range(-off, off),
    )
}

/// A cut through a body: skin, organs, bones, the table under it.
fn slice(width: usize, height: usize, ct: bool, random: &mut Random) -> Canvas {
    let size = edge(width, height);
    let air = if ct { 0.0 } else { random.range(0.0, 0.04) };
    let mut canvas = Canvas::new(width, height, air);
    let centre = middle(width, height, random);
    let zoom = random.range(0.3, 0.75);
    let radii = (
        size * zoom * random.range(0.75, 1.1),
        size * zoom * random.range(0.6, 0.9),
    );
    let flesh = random.range(0.25, 0.6);
    canvas.ellipse(
        centre,
        radii,
        random.range(-0.1, 0.1),
        random.range(0.1, 0.9),
        2.0,
        1.0,
    );
    let rim = random.range(0.85, 0.97);
    canvas.ellipse(centre, (radii.0 * rim, radii.1 * rim), 0.0, flesh, 3.0, 1.0);
    for _ in 0..random.between(4, 22) {
        let (s, c) = random.range(0.0, std::f32::consts::TAU).sin_cos();
        let far = random.unit().sqrt() * 0.8;
        let at = (centre.0 + c * radii.0 * far, centre.1 + s * radii.1 * far);
        let r = size * random.log_range(0.01, 0.2);
        let shade = if random.chance(0.3) {
            random.range(0.75, 1.0)
        } else {
            random.range(0.0, 0.7)
        };
        let turn = random.range(0.0, 3.1);
        canvas.ellipse(
            at,
            (r, r * random.range(0.3, 1.0)),
            turn,
            shade,
            random.range(1.0, 5.0),
            random.range(0.5, 1.0),
        );
    }
    if random.chance(0.5) {
        // Ribs, a skull, or folds.
        let n = random.between(1, 3);
        for i in 0..n {
            let f = 0.9 - 0.25 * i as f32;
            canvas.ring(
                centre,
                (radii.0 * f, radii.1 * f),
                random.range(1.0, 9.0),
                random.range(0.1, 1.0),
            );
        }
    }
    let texture = clouds(
        width,
        height,
        size * random.range(0.02, 0.2),
        4,
        random.range(0.5, 0.9),
        random,
    );
    let strength = random.range(0.02, 0.15);
    for (shade, more) in canvas.shades.iter_mut().zip(&texture) {
        if *shade > 0.08 {
            *shade += more * strength;
        }
    }
    if ct && random.chance(0.5) {
        let y = centre.1 + radii.1 + size * 0.02;
        let sag = size * random.range(0.02, 0.1);
        let points: Vec<(f32, f32)> = (0..=20)
            .map(|i| {
                let u = i as f32 / 10.0 - 1.0;
                (centre.0 + u * size * 0.4, y - u * u * sag)
            })
            .collect();
        canvas.path(&points, random.range(1.0, 4.0), random.range(0.2, 0.8), 1.0);
    }
    if ct && random.chance(0.15) {
        let n = random.between(4, 16);
        for _ in 0..n {
            let (s, c) = random.range(0.0, 3.2).sin_cos();
            let l = size * 0.4;
            let shade = f32::from(u8::from(random.chance(0.5)));
            canvas.line(
                (centre.0 - c * l, centre.1 - s * l),
                (centre.0 + c * l, centre.1 + s * l),
                2.0,
                shade,
                0.3,
            );
        }
    }
    if ct && random.chance(0.3) {
        // A round field of reconstruction.
        let outside = random.range(0.0, 0.05);
        let r = size * 0.5;
        for y in 0..height {
            for x in 0..width {
                let (dx, dy) = (
                    x as f32 - width as f32 / 2.0,
                    y as f32 - height as f32 / 2.0,
                );
                if dx * dx + dy * dy > r * r {
                    canvas.shades[y * width + x] = outside;
                }
            }
        }
    }
    noise(&mut canvas, random.range(0.0, 0.08), random);
    canvas
}

fn radiograph(width: usize, height: usize, random: &mut Random) -> Canvas {
    let size = edge(width, height);
    let mut canvas = Canvas::new(width, height, random.range(0.2, 0.7));
    let big = clouds(width, height, size * 0.5, 3, 0.5, random);
    canvas.add(&big, random.range(0.1, 0.35));
    // Lungs or soft tissue, then bones over them.
    for _ in 0..random.between(1, 4) {
        let at = (
            random.range(0.1, 0.9) * width as f32,
            random.range(0.1, 0.9) * height as f32,
        );
        let r = size * random.range(0.1, 0.4);
        canvas.ellipse(
            at,
            (r, r * random.range(0.5, 1.6)),
            random.range(-0.4, 0.4),
            random.range(0.0, 0.9),
            r * 0.4,
            0.6,
        );
    }
    let bones = random.between(0, 10);
    let gap = height as f32 / (bones + 1) as f32;
    let bow = random.range(-0.3, 0.3) * size;
    let (lit, wide) = (random.range(0.1, 0.3), size * random.range(0.01, 0.08));
    let mut over = Canvas::new(width, height, 0.0);
    for i in 0..bones {
        let y = (i + 1) as f32 * gap + random.range(-5.0, 5.0);
        let points: Vec<(f32, f32)> = (0..=16)
            .map(|k| {
                let u = k as f32 / 8.0 - 1.0;
                (width as f32 * (0.5 + 0.5 * u), y + bow * u * u)
            })
            .collect();
        over.path(&points, wide, lit, 1.0);
        over.path(&points, wide * 0.6, lit * 0.7, 1.0);
    }
    canvas.add(&over.shades, 1.0);
    if random.chance(0.4) {
        // Long bones with a trabecular texture.
        let fine = clouds(width, height, random.range(2.0, 6.0), 2, 0.7, random);
        canvas.add(&fine, random.range(0.01, 0.08));
    }
    let texture = clouds(width, height, 12.0, 3, 0.7, random);
    canvas.add(&texture, random.range(0.0, 0.05));
    if random.chance(0.6) {
        collimate(&mut canvas, random);
    }
    noise(&mut canvas, random.range(0.0, 0.05), random);
    if random.chance(0.3) {
        canvas.map(|v| 1.0 - v);
    }
    canvas
}

/// The shutters' straight or round edges.
pub(crate) fn collimate(canvas: &mut Canvas, random: &mut Random) {
    let outside = if random.chance(0.8) {
        random.range(0.0, 0.08)
    } else {
        random.range(0.9, 1.0)
    };
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let soft = random.range(0.5, 6.0);
    let round = random.chance(0.3);
    let cut = [0; 4].map(|_| {
        if random.chance(0.7) {
            random.range(0.02, 0.2)
        } else {
            -1.0
        }
    });
    let lean = random.range(-0.05, 0.05);
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let (u, v) = (x as f32, y as f32);
            let inside = if round {
                let (dx, dy) = (u - w / 2.0, v - h / 2.0);
                0.52 * w.min(h) - (dx * dx + dy * dy).sqrt()
            } else {
                let t = lean * (v - h / 2.0);
                (u + t - cut[0] * w)
                    .min(w - u - t - cut[1] * w)
                    .min(v + t - cut[2] * h)
                    .min(h - v - t - cut[3] * h)
            };
            let cover = (0.5 - inside / soft).clamp(0.0, 1.0);
            let at = &mut canvas.shades[y * canvas.width + x];
            *at += (outside - *at) * cover;
        }
    }
}

fn ultrasound(width: usize, height: usize, random: &mut Random) -> Canvas {
    let surround = if random.chance(0.85) {
        random.range(0.0, 0.06)
    } else {
        random.range(0.1, 0.3)
    };
    let mut canvas = Canvas::new(width, height, surround);
    let (w, h) = (width as f32, height as f32);
    let tissue = clouds(width, height, h * random.range(0.05, 0.3), 4, 0.6, random);
    let coarse = random.range(1.6, 5.0);
    let speckle = clouds(width, height, coarse, 1, 0.7, random);
    let straight = random.chance(0.4);
    let apex = (w * random.range(0.4, 0.6), -h * random.range(0.0, 0.3));
    let (near, far) = (
        -apex.1 + h * random.range(0.04, 0.14),
        -apex.1 + h * random.range(0.8, 1.0),
    );
    let open = random.range(0.4, 0.9);
    let (left, right) = (w * random.range(0.05, 0.25), w * random.range(0.75, 0.95));
    let gain = random.range(0.25, 0.7);
    let fade = random.range(0.0, 0.7);
    let (grain, dots) = (random.range(0.2, 0.9), random.range(0.0, 0.3));
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f32 - apex.0, y as f32 - apex.1);
            let r = (dx * dx + dy * dy).sqrt();
            let inside = if straight {
                (left..right).contains(&(x as f32))
                    && (near + apex.1..far + apex.1).contains(&(y as f32))
            } else {
                (near..far).contains(&r) && (dx / dy.max(1.0)).atan().abs() < open
            };
            if inside {
                let i = y * width + x;
                let depth = 1.0 - fade * (y as f32 / h);
                let wave = (gain + 0.5 * tissue[i]).max(0.0) * depth;
                canvas.shades[i] =
                    wave * (0.75 + grain * speckle[i] + dots * random.normal()).max(0.0);
            }
        }
    }
    for _ in 0..random.below(5) {
        // Cysts, vessels, and bright arcs of bone.
        let at = (w * random.range(0.3, 0.7), h * random.range(0.2, 0.8));
        let r = h * random.range(0.02, 0.12);
        if random.chance(0.6) {
            canvas.ellipse(at, (r * 1.4, r), random.range(-0.5, 0.5), 0.02, 4.0, 0.9);
        } else {
            let points: Vec<(f32, f32)> = (0..=8)
                .map(|i| {
                    (
                        at.0 + (i as f32 - 4.0) * r * 0.5,
                        at.1 + ((i - 4) as f32).powi(2) * r * 0.04,
                    )
                })
                .collect();
            canvas.path(&points, random.range(2.0, 8.0), 0.95, 0.7);
        }
    }
    if random.chance(0.25) {
        // Colour Doppler.
        for _ in 0..random.between(2, 12) {
            let at = (w * random.range(0.35, 0.65), h * random.range(0.3, 0.7));
            let r = h * random.range(0.01, 0.06);
            canvas.ellipse(
                at,
                (r * 1.5, r),
                random.range(-1.0, 1.0),
                random.range(0.3, 0.8),
                3.0,
                0.9,
            );
        }
    }
    canvas
}

fn angiogram(width: usize, height: usize, random: &mut Random) -> Canvas {
    let size = edge(width, height);
    let base = random.range(0.45, 0.85);
    let mut canvas = Canvas::new(width, height, base);
    let big = clouds(width, height, size * 0.4, 4, 0.5, random);
    canvas.add(&big, random.range(0.03, 0.2));
    let dark = random.range(0.05, base * 0.7);
    let mut branches = vec![(
        (random.range(0.2, 0.8) * width as f32, 0.0_f32),
        random.range(1.0, 2.2),
        size * random.range(0.008, 0.025),
        6_usize,
    )];
    while let Some((mut at, mut way, thick, depth)) = branches.pop() {
        let mut points = vec![at];
        for _ in 0..random.between(6, 18) {
            way += random.range(-0.35, 0.35);
            let step = size * 0.03;
            at = (at.0 + way.cos() * step, at.1 + way.sin() * step);
            points.push(at);
        }
        canvas.path(&points, thick.max(0.8), dark, 0.8);
        if depth > 0 && branches.len() < 12 {
            for _ in 0..random.between(1, 2) {
                branches.push((at, way + random.range(-0.8, 0.8), thick * 0.7, depth - 1));
            }
        }
    }
    if random.chance(0.5) {
        collimate(&mut canvas, random);
    }
    noise(&mut canvas, random.range(0.01, 0.08), random);
    if random.chance(0.2) {
        canvas.map(|v| 1.0 - v);
    }
    canvas
}

fn mammogram(width: usize, height: usize, random: &mut Random) -> Canvas {
    let mut canvas = Canvas::new(width, height, 0.0);
    let (w, h) = (width as f32, height as f32);
    let right = random.chance(0.5);
    let at = (if right { w } else { 0.0 }, h * random.range(0.4, 0.6));
    let radii = (w * random.range(0.4, 0.85), h * random.range(0.3, 0.55));
    canvas.ellipse(at, radii, 0.0, random.range(0.25, 0.5), w * 0.08, 1.0);
    let texture = clouds(width, height, w * 0.15, 6, 0.7, random);
    let fine = clouds(width, height, 6.0, 2, 0.8, random);
    let dense = random.range(0.1, 0.5);
    for ((shade, a), b) in canvas.shades.iter_mut().zip(&texture).zip(&fine) {
        if *shade > 0.05 {
            *shade += dense * a.max(0.0) + 0.04 * b;
        }
    }
    for _ in 0..random.below(30) {
        // Calcifications.
        let p = (
            at.0 + random.range(-0.5, 0.5) * radii.0,
            at.1 + random.range(-0.5, 0.5) * radii.1,
        );
        let r = random.range(0.7, 2.5);
        canvas.ellipse(p, (r, r), 0.0, random.range(0.8, 1.0), 1.0, 1.0);
    }
    noise(&mut canvas, random.range(0.0, 0.03), random);
    if random.chance(0.3) {
        canvas.map(|v| 1.0 - v);
    }
    canvas
}

fn nuclear(width: usize, height: usize, random: &mut Random) -> Canvas {
    let size = edge(width, height);
    let mut canvas = Canvas::new(width, height, random.range(0.0, 0.05));
    for _ in 0..random.between(2, 14) {
        let at = (
            random.range(0.2, 0.8) * width as f32,
            random.range(0.1, 0.9) * height as f32,
        );
        let r = size * random.log_range(0.01, 0.15);
        canvas.ellipse(
            at,
            (r, r * random.range(0.5, 2.0)),
            random.range(0.0, 3.0),
            random.range(0.2, 1.0),
            r,
            random.range(0.3, 1.0),
        );
    }
    // Counts in coarse pixels.
    let block = random.between(1, 6);
    let counts = random.range(6.0, 80.0);
    for y in (0..height).step_by(block) {
        for x in (0..width).step_by(block) {
            let mean = canvas.shades[y * width + x].max(0.003);
            let value = mean + (mean / counts).sqrt() * random.normal();
            for v in y..(y + block).min(height) {
                for u in x..(x + block).min(width) {
                    canvas.shades[v * width + u] = value;
                }
            }
        }
    }
    if random.chance(0.4) {
        canvas.map(|v| 1.0 - v);
    }
    canvas
}

/// Panels without a word on them.
fn screen(width: usize, height: usize, random: &mut Random) -> Canvas {
    let back = match random.below(4) {
        0 | 1 => random.range(0.0, 0.1),
        2 => random.range(0.15, 0.6),
        _ => random.range(0.85, 1.0),
    };
    let mut canvas = Canvas::new(width, height, back);
    for _ in 0..random.below(5) {
        let (w, h) = (
            random.range(0.1, 0.7) * width as f32,
            random.range(0.05, 0.6) * height as f32,
        );
        let (x, y) = (
            random.range(0.0, width as f32 - w),
            random.range(0.0, height as f32 - h),
        );
        let shade = (back + random.range(-0.3, 0.3)).clamp(0.0, 1.0);
        canvas.fill(x as i32, y as i32, w as i32, h as i32, shade, 1.0);
        if random.chance(0.5) {
            canvas.frame(
                x as i32,
                y as i32,
                w as i32,
                h as i32,
                random.between(1, 3) as i32,
                random.unit(),
            );
        }
    }
    if random.chance(0.3) {
        let from = random.unit();
        for y in 0..height {
            for x in 0..width {
                canvas.mix(
                    x as i32,
                    y as i32,
                    from + y as f32 / height as f32 * 0.3,
                    0.3,
                );
            }
        }
    }
    canvas
}

/// Adds noise, smoothed over neighbours now and then, as reconstruction does.
pub(crate) fn noise(canvas: &mut Canvas, strength: f32, random: &mut Random) {
    let mut last = 0.0;
    let bond = if random.chance(0.5) {
        random.range(0.0, 0.6)
    } else {
        0.0
    };
    for shade in &mut canvas.shades {
        last = bond * last + (1.0 - bond) * random.normal();
        *shade += strength * last;
    }
}
