//! What looks like text and is none: the reasons for which such detectors are switched off.

use super::canvas::Canvas;
use super::lookalikes;
use super::random::Random;

/// Draws one thing that no box belongs to.
pub(crate) fn draw(canvas: &mut Canvas, random: &mut Random) {
    match random.below(30) {
        24..=29 => lookalikes::draw(canvas, random),
        0 => grid(canvas, random),
        1 | 2 => wire(canvas, random),
        3 | 4 => ticks(canvas, random),
        5 => bar(canvas, random),
        6 => cross(canvas, random),
        7 => comb(canvas, random),
        8 => needle(canvas, random),
        9 => screw(canvas, random),
        10 => trace(canvas, random),
        11 => seeds(canvas, random),
        12 => calipers(canvas, random),
        13 => region(canvas, random),
        14 => pairs(canvas, random),
        15 => staples(canvas, random),
        16 => dashes(canvas, random),
        17 => phantom(canvas, random),
        18..=20 => aperture(canvas, random),
        21 | 22 => patches(canvas, random),
        _ => corner(canvas, random),
    }
}

fn spot(canvas: &Canvas, random: &mut Random) -> (f32, f32) {
    (
        random.range(0.05, 0.95) * canvas.width as f32,
        random.range(0.05, 0.95) * canvas.height as f32,
    )
}

fn size(canvas: &Canvas) -> f32 {
    canvas.width.min(canvas.height) as f32
}

/// Bright mostly; dark where that shows.
fn shade(canvas: &Canvas, at: (f32, f32), random: &mut Random) -> f32 {
    let here = canvas.at(at.0 as i32, at.1 as i32);
    if here > 0.6 && random.chance(0.8) {
        random.range(0.0, here - 0.3)
    } else {
        random.range((here + 0.25).min(0.9), 1.0)
    }
}

fn grid(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (dx, dy) = (random.range(6.0, 60.0), random.range(6.0, 60.0));
    let (n, m) = (random.between(2, 12), random.between(2, 12));
    let thick = random.range(0.8, 2.2);
    let (w, h) = (dx * n as f32, dy * m as f32);
    for i in 0..=n {
        let x = (at.0 + dx * i as f32).floor();
        canvas.line((x, at.1), (x, at.1 + h), thick, lit, 1.0);
    }
    for i in 0..=m {
        let y = (at.1 + dy * i as f32).floor();
        canvas.line((at.0, y), (at.0 + w, y), thick, lit, 1.0);
    }
}

fn wire(canvas: &mut Canvas, random: &mut Random) {
    let mut at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (mut way, mut bend) = (random.range(0.0, 6.3), 0.0);
    let tight = random.range(0.01, 0.25);
    let mut points = vec![at];
    for _ in 0..random.between(10, 60) {
        bend = 0.8 * bend + random.range(-tight, tight);
        way += bend;
        at = (at.0 + way.cos() * 7.0, at.1 + way.sin() * 7.0);
        points.push(at);
    }
    canvas.path(&points, random.range(0.8, 6.0), lit, random.range(0.4, 1.0));
    if random.chance(0.3) {
        // The tip, or the holes of a pigtail.
        for p in points.iter().rev().take(4) {
            canvas.ellipse(*p, (2.5, 2.5), 0.0, 1.0 - lit, 1.0, 0.8);
        }
    }
}

/// A scale without figures.
fn ticks(canvas: &mut Canvas, random: &mut Random) {
    let upright = random.chance(0.6);
    let at = if random.chance(0.7) {
        let (w, h) = (canvas.width as f32, canvas.height as f32);
        if upright {
            (
                if random.chance(0.5) {
                    random.range(2.0, 0.1 * w)
                } else {
                    random.range(0.9, 0.98) * w
                },
                0.1 * h,
            )
        } else {
            (0.1 * w, random.range(0.9, 0.98) * h)
        }
    } else {
        spot(canvas, random)
    };
    let lit = shade(canvas, at, random);
    let (gap, n) = (random.range(3.0, 40.0), random.between(4, 50));
    let (short, long, every) = (
        random.range(2.0, 8.0),
        random.range(6.0, 18.0),
        random.between(2, 10),
    );
    let thick = random.range(0.8, 2.2);
    for i in 0..n {
        let l = if i % every == 0 { long } else { short };
        let t = (i as f32 * gap).floor();
        let (a, b) = if upright {
            ((at.0, at.1 + t), (at.0 + l, at.1 + t))
        } else {
            ((at.0 + t, at.1), (at.0 + t, at.1 - l))
        };
        canvas.line(a, b, thick, lit, 1.0);
    }
    if random.chance(0.6) {
        let all = gap * n as f32;
        let end = if upright {
            (at.0, at.1 + all)
        } else {
            (at.0 + all, at.1)
        };
        canvas.line(at, end, thick, lit, 1.0);
    }
}

fn bar(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let (w, h) = (random.range(5.0, 30.0), random.range(40.0, 220.0));
    let steps = if random.chance(0.4) {
        random.between(4, 24) as f32
    } else {
        1000.0
    };
    let flat = random.chance(0.3);
    for i in 0..h as i32 {
        let t = ((i as f32 / h * steps).floor() / steps).min(1.0);
        let tone = if random.chance(0.0) { t } else { 1.0 - t };
        if flat {
            canvas.fill(
                (at.0 - h / 2.0) as i32 + i,
                at.1 as i32,
                1,
                w as i32,
                tone,
                1.0,
            );
        } else {
            canvas.fill(
                at.0 as i32,
                (at.1 - h / 2.0) as i32 + i,
                w as i32,
                1,
                tone,
                1.0,
            );
        }
    }
    if random.chance(0.5) && !flat {
        let lit = random.unit();
        canvas.frame(
            at.0 as i32 - 1,
            (at.1 - h / 2.0) as i32 - 1,
            w as i32 + 2,
            h as i32 + 2,
            1,
            lit,
        );
    }
}

fn cross(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let l = random.range(6.0, 0.5 * size(canvas));
    let hole = if random.chance(0.5) {
        random.range(2.0, l * 0.5)
    } else {
        0.0
    };
    let thick = random.range(0.8, 2.0);
    for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
        canvas.line(
            (at.0 + dx * hole, at.1 + dy * hole),
            (at.0 + dx * l, at.1 + dy * l),
            thick,
            lit,
            1.0,
        );
    }
    if random.chance(0.3) {
        canvas.ring(at, (l * 0.6, l * 0.6), thick, lit);
    }
}

fn comb(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (gap, n, l) = (
        random.range(3.0, 14.0),
        random.between(5, 40),
        random.range(6.0, 40.0),
    );
    let lean = random.range(-0.5, 0.5);
    for i in 0..n {
        let x = at.0 + gap * i as f32;
        canvas.line(
            (x, at.1),
            (x + lean * l, at.1 + l),
            random.range(0.8, gap * 0.5),
            lit,
            1.0,
        );
    }
}

fn needle(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (s, c) = random.range(0.0, 6.3).sin_cos();
    let l = random.range(0.1, 0.6) * size(canvas);
    canvas.line(
        at,
        (at.0 + c * l, at.1 + s * l),
        random.range(1.0, 5.0),
        lit,
        random.range(0.5, 1.0),
    );
}

fn screw(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let (s, c) = random.range(0.0, 6.3).sin_cos();
    let (l, thick) = (random.range(15.0, 90.0), random.range(3.0, 12.0));
    let lit = shade(canvas, at, random);
    canvas.line(at, (at.0 + c * l, at.1 + s * l), thick, lit, 1.0);
    canvas.line(
        (at.0 - s * thick, at.1 + c * thick),
        (at.0 + s * thick, at.1 - c * thick),
        thick * 0.7,
        lit,
        1.0,
    );
    let gap = random.range(2.5, 6.0);
    for i in 0..(l / gap) as usize {
        let p = (at.0 + c * gap * i as f32, at.1 + s * gap * i as f32);
        let r = thick * 0.8;
        canvas.line(
            (p.0 - s * r, p.1 + c * r),
            (p.0 + s * r, p.1 - c * r),
            gap * 0.4,
            lit,
            0.9,
        );
    }
}

/// An electrocardiogram, or a curve of flow.
fn trace(canvas: &mut Canvas, random: &mut Random) {
    let y = random.range(0.1, 0.95) * canvas.height as f32;
    let lit = shade(canvas, (canvas.width as f32 / 2.0, y), random);
    let beat = random.range(30.0, 140.0);
    let tall = random.range(8.0, 50.0);
    let mut points = Vec::new();
    let mut x = 0.0;
    while x < canvas.width as f32 {
        let t = x % beat / beat;
        let up = match t {
            t if (0.10..0.18).contains(&t) => 0.15,
            t if (0.28..0.31).contains(&t) => -0.2,
            t if (0.31..0.35).contains(&t) => 1.0,
            t if (0.35..0.38).contains(&t) => -0.35,
            t if (0.55..0.68).contains(&t) => 0.25,
            _ => 0.0,
        };
        points.push((x, y - up * tall + random.range(-0.5, 0.5)));
        x += random.range(2.0, 4.0);
    }
    canvas.path(&points, random.range(0.9, 2.0), lit, 1.0);
}

/// Short bright rods: brachytherapy, contacts of an electrode, coils.
fn seeds(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let main = random.range(0.0, 3.1);
    for _ in 0..random.between(4, 40) {
        let p = (at.0 + random.normal() * 30.0, at.1 + random.normal() * 30.0);
        let (s, c) = (main + random.normal() * 0.4).sin_cos();
        let l = random.range(2.0, 8.0);
        canvas.line(
            p,
            (p.0 + c * l, p.1 + s * l),
            random.range(1.0, 3.0),
            lit,
            1.0,
        );
    }
}

/// The small crosses between which somebody measured.
fn calipers(canvas: &mut Canvas, random: &mut Random) {
    let lit = random.range(0.7, 1.0);
    let ends = [spot(canvas, random), spot(canvas, random)];
    let l = random.range(2.0, 6.0);
    for p in ends {
        let p = (p.0.floor(), p.1.floor());
        if random.chance(0.6) {
            canvas.line((p.0 - l, p.1), (p.0 + l, p.1), 1.0, lit, 1.0);
            canvas.line((p.0, p.1 - l), (p.0, p.1 + l), 1.0, lit, 1.0);
        } else {
            canvas.line((p.0 - l, p.1 - l), (p.0 + l, p.1 + l), 1.0, lit, 1.0);
            canvas.line((p.0 - l, p.1 + l), (p.0 + l, p.1 - l), 1.0, lit, 1.0);
        }
    }
    dotted(canvas, ends[0], ends[1], random.range(4.0, 9.0), lit);
}

fn dotted(canvas: &mut Canvas, a: (f32, f32), b: (f32, f32), gap: f32, lit: f32) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let n = ((dx * dx + dy * dy).sqrt() / gap) as usize;
    for i in 0..n {
        let t = i as f32 / n as f32;
        canvas.mix((a.0 + dx * t) as i32, (a.1 + dy * t) as i32, lit, 1.0);
    }
}

fn region(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (w, h) = (random.range(8.0, 120.0), random.range(8.0, 120.0));
    if random.chance(0.5) {
        canvas.ring(at, (w / 2.0, h / 2.0), random.range(0.8, 2.0), lit);
    } else {
        canvas.frame(
            at.0 as i32,
            at.1 as i32,
            w as i32,
            h as i32,
            random.between(1, 2) as i32,
            lit,
        );
    }
}

/// Line pairs of a test pattern.
fn pairs(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let mut x = at.0;
    let mut wide = random.range(2.0, 8.0);
    let tall = random.range(10.0, 60.0);
    while wide > 0.9 {
        for _ in 0..random.between(3, 5) {
            canvas.fill(
                x as i32,
                at.1 as i32,
                wide.round().max(1.0) as i32,
                tall as i32,
                lit,
                1.0,
            );
            x += 2.0 * wide.round().max(1.0);
        }
        x += 2.0 * wide;
        wide *= 0.75;
    }
}

fn staples(canvas: &mut Canvas, random: &mut Random) {
    let mut at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let mut way = random.range(0.0, 6.3);
    let (l, leg) = (random.range(5.0, 14.0), random.range(1.0, 6.0));
    for _ in 0..random.between(4, 25) {
        let (s, c) = (way + random.range(-0.4, 0.4)).sin_cos();
        let (a, b) = (
            (at.0 + s * l / 2.0, at.1 - c * l / 2.0),
            (at.0 - s * l / 2.0, at.1 + c * l / 2.0),
        );
        canvas.path(
            &[
                (a.0 + c * leg, a.1 + s * leg),
                a,
                b,
                (b.0 + c * leg, b.1 + s * leg),
            ],
            1.5,
            lit,
            1.0,
        );
        way += random.range(-0.15, 0.15);
        at = (at.0 + way.cos() * l * 1.1, at.1 + way.sin() * l * 1.1);
    }
}

fn dashes(canvas: &mut Canvas, random: &mut Random) {
    let a = spot(canvas, random);
    let b = if random.chance(0.5) {
        (a.0, random.unit() * canvas.height as f32)
    } else {
        (random.unit() * canvas.width as f32, a.1)
    };
    let lit = shade(canvas, a, random);
    let (on, off) = (random.range(2.0, 16.0), random.range(2.0, 12.0));
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let long = (dx * dx + dy * dy).sqrt().max(1.0);
    let mut t = 0.0;
    while t < long {
        let e = (t + on).min(long);
        canvas.line(
            (a.0 + dx * t / long, a.1 + dy * t / long),
            (a.0 + dx * e / long, a.1 + dy * e / long),
            random.range(0.9, 1.3),
            lit,
            1.0,
        );
        t = e + off;
    }
}

/// Rods and spheres of a phantom, in rows or circles.
fn phantom(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (n, m) = (random.between(2, 8), random.between(1, 6));
    let (gap, mut r) = (random.range(8.0, 30.0), random.range(2.0, 8.0));
    for j in 0..m {
        for i in 0..n {
            canvas.ellipse(
                (at.0 + gap * i as f32, at.1 + gap * j as f32),
                (r, r),
                0.0,
                lit,
                1.5,
                1.0,
            );
        }
        r *= random.range(0.7, 1.0);
    }
}

/// A round or straight edge without softness: where it runs almost along the rows it makes steps
/// as regular as letters.
fn aperture(canvas: &mut Canvas, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let flat = random.chance(0.5);
    let outside = if random.chance(0.6) {
        random.range(0.0, 0.1)
    } else {
        random.unit()
    };
    let inside = random.chance(0.4).then(|| random.unit());
    let r = random.range(0.47, 0.75) * w.max(h);
    let lean = random.range(-0.15, 0.15);
    let centre = if random.chance(0.6) {
        (w / 2.0, h / 2.0)
    } else {
        (random.range(0.2, 0.8) * w, random.range(0.2, 0.8) * h)
    };
    let upright = random.chance(0.3);
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let (dx, dy) = (x as f32 - centre.0, y as f32 - centre.1);
            let (a, b) = if upright { (dy, dx) } else { (dx, dy) };
            let out = if flat {
                b > lean * a + 0.35 * h
            } else {
                dx * dx + dy * dy > r * r
            };
            if out {
                canvas.shades[y * canvas.width + x] = outside;
            } else if let Some(inside) = inside {
                canvas.mix(x as i32, y as i32, inside, 0.5);
            }
        }
    }
}

/// Ragged patches and ridges: colour flow, vessels in bright tissue, folds, stained cells.
fn patches(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let (w, h) = (random.between(40, 220), random.between(30, 200));
    let field = super::canvas::clouds(
        w,
        h,
        random.range(4.0, 40.0),
        4,
        random.range(0.4, 0.8),
        random,
    );
    let ridges = random.chance(0.5);
    let limit = random.range(0.0, 0.5);
    let lit = shade(canvas, at, random);
    for y in 0..h {
        for x in 0..w {
            let v = field[y * w + x];
            let (u, t) = (
                x as f32 / w as f32 * 2.0 - 1.0,
                y as f32 / h as f32 * 2.0 - 1.0,
            );
            if u * u + t * t > 1.0 {
                continue;
            }
            let cover = if ridges {
                (1.0 - v.abs() * 6.0).clamp(0.0, 1.0)
            } else {
                f32::from(u8::from(v > limit))
            };
            let (px, py) = (
                at.0 as i32 + x as i32 - w as i32 / 2,
                at.1 as i32 + y as i32 - h as i32 / 2,
            );
            let grain = if ridges {
                1.0
            } else {
                0.6 + 0.4 * (v * 7.0).sin()
            };
            canvas.mix(px, py, lit * grain, cover);
        }
    }
}

/// Wedges, arrows, and the angle marks of an orientation.
fn corner(canvas: &mut Canvas, random: &mut Random) {
    let at = spot(canvas, random);
    let lit = shade(canvas, at, random);
    let (s, c) = random.range(0.0, 6.3).sin_cos();
    let l = random.range(10.0, 60.0);
    let tip = (at.0 + c * l, at.1 + s * l);
    let thick = random.range(1.0, 3.0);
    canvas.line(at, tip, thick, lit, 1.0);
    for side in [-1.0, 1.0] {
        let (s2, c2) = (s.atan2(c) + 2.6 * side).sin_cos();
        canvas.line(
            tip,
            (tip.0 + c2 * l * 0.3, tip.1 + s2 * l * 0.3),
            thick,
            lit,
            1.0,
        );
    }
}
