//! What real pictures have that a detector took for letters: spines, scales without figures,
//! flow in colour, patterns for testing screens.

use super::canvas::{self, Canvas};
use super::random::Random;

/// Draws one of them.
pub(super) fn draw(canvas: &mut Canvas, random: &mut Random) {
    match random.below(6) {
        0..=2 => spine(canvas, random),
        3 => marks(canvas, random),
        4 => flow(canvas, random),
        _ => checks(canvas, random),
    }
}

/// Vertebrae seen from the front or the side: plates, pedicles, spinous processes.
fn spine(canvas: &mut Canvas, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let mut at = (random.range(0.1, 0.9) * w, random.range(-0.1, 0.5) * h);
    let mut wide = random.log_range(10.0, 70.0);
    let flat = random.range(0.45, 0.95);
    let (alpha, soft) = (random.range(0.12, 0.7), random.range(1.0, 3.5));
    let (mut lean, bend) = (random.range(-0.3, 0.3), random.range(-0.05, 0.05));
    let lit = random.range(0.6, 1.0);
    for _ in 0..random.between(4, 18) {
        let tall = wide * flat;
        let half = (wide / 2.0, tall / 2.0);
        canvas.ellipse(at, half, 0.0, lit, soft, alpha * 0.35);
        for end in [-0.85_f32, 0.85] {
            let sag = random.range(-0.1, 0.1) * tall;
            let y = at.1 + end * half.1;
            let points = [
                (at.0 - half.0, y),
                (at.0 - half.0 * 0.4, y + sag),
                (at.0 + half.0 * 0.4, y + sag),
                (at.0 + half.0, y),
            ];
            canvas.path(&points, soft, lit, alpha);
        }
        for side in [-0.62_f32, 0.62] {
            let centre = (at.0 + side * half.0, at.1 - 0.1 * tall);
            let r = (wide * 0.1, tall * 0.17);
            if random.chance(0.8) {
                canvas.ellipse(centre, r, 0.0, lit, soft, alpha);
                canvas.ellipse(
                    centre,
                    (r.0 * 0.5, r.1 * 0.5),
                    0.0,
                    lit * 0.6,
                    soft,
                    alpha * 0.8,
                );
            }
        }
        if random.chance(0.7) {
            let drop = (at.0, at.1 + 0.3 * tall);
            canvas.ellipse(drop, (wide * 0.07, tall * 0.2), 0.0, lit, soft, alpha);
        }
        if random.chance(0.4) {
            let far = half.0 * random.range(1.4, 2.2);
            for side in [-1.0_f32, 1.0] {
                let from = (at.0 + side * half.0, at.1);
                canvas.line(
                    from,
                    (at.0 + side * far, at.1 - 0.1 * tall),
                    soft * 1.5,
                    lit,
                    alpha * 0.6,
                );
            }
        }
        at = (at.0 + lean * tall, at.1 + tall * 1.18);
        lean += bend;
        wide *= random.range(0.99, 1.05);
    }
}

/// A scale of dots, rings and crosses that has no figures.
fn marks(canvas: &mut Canvas, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let upright = random.chance(0.75);
    let mut at = (random.range(0.02, 0.98) * w, random.range(0.02, 0.6) * h);
    let gap = random.range(5.0, 40.0);
    let lit = random.range(0.5, 1.0);
    let every = random.between(2, 5);
    let r = random.range(0.8, 4.0);
    let kind = random.below(4);
    for i in 0..random.between(4, 30) {
        let r = if i % every == 0 { r * 1.8 } else { r };
        let p = (at.0.floor(), at.1.floor());
        match kind {
            0 => canvas.ring(p, (r, r), 1.0, lit),
            1 => {
                canvas.line((p.0 - r, p.1), (p.0 + r, p.1), 1.0, lit, 1.0);
                canvas.line((p.0, p.1 - r), (p.0, p.1 + r), 1.0, lit, 1.0);
            }
            2 => canvas.ellipse(p, (r * 0.6, r * 0.6), 0.0, lit, 0.8, 1.0),
            _ if i % every == 0 => canvas.ring(p, (r, r), 1.0, lit),
            _ => canvas.mix(p.0 as i32, p.1 as i32, lit, 1.0),
        }
        if upright {
            at.1 += gap;
        } else {
            at.0 += gap;
        }
    }
}

/// Flow in colour: coarse pixels of a few shades that come and go in clouds.
fn flow(canvas: &mut Canvas, random: &mut Random) {
    let (w, h) = (canvas.width, canvas.height);
    let wide = (random.range(0.1, 0.6) * w as f32) as usize + 8;
    let tall = (random.range(0.1, 0.6) * h as f32) as usize + 8;
    let (left, top) = (random.below(w), random.below(h));
    let grain = random.between(1, 5);
    let pitch = random.range(6.0, 40.0);
    let clouds = canvas::clouds(wide, tall, pitch, 3, 0.7, random);
    let sides = canvas::clouds(wide, tall, pitch * 1.5, 2, 0.5, random);
    let least = random.range(-0.4, 0.6);
    let (one, other) = (random.range(0.25, 1.0), random.range(0.1, 0.9));
    for y in (0..tall).step_by(grain) {
        for x in (0..wide).step_by(grain) {
            let i = y * wide + x;
            if clouds[i] < least || random.chance(0.06) {
                continue;
            }
            let shade = if sides[i] > 0.0 { one } else { other };
            let shade = shade * random.range(0.55, 1.0);
            let (x, y) = ((left + x) as i32, (top + y) as i32);
            canvas.fill(x, y, grain as i32, grain as i32, shade, 1.0);
        }
    }
    if random.chance(0.4) {
        canvas.frame(left as i32, top as i32, wide as i32, tall as i32, 1, 0.9);
    }
}

/// Boards of two shades, large and small, as screens are tested with.
fn checks(canvas: &mut Canvas, random: &mut Random) {
    let (w, h) = (canvas.width, canvas.height);
    let back = random.range(0.0, 1.0);
    let near = random.range(0.03, 0.4);
    for _ in 0..random.between(1, 8) {
        let cell = random.log_range(2.0, 30.0) as i32;
        let n = random.between(1, 3) as i32;
        let (left, top) = (random.below(w) as i32, random.below(h) as i32);
        for row in 0..n {
            for column in 0..n {
                let more = if (row + column) % 2 == 0 { near } else { -near };
                let shade = (back + more).clamp(0.0, 1.0);
                canvas.fill(
                    left + column * cell,
                    top + row * cell,
                    cell,
                    cell,
                    shade,
                    1.0,
                );
            }
        }
    }
}
