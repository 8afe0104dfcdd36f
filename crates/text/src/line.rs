//! A box of a view as the reader takes it: one line, letters 1 on 0, of one height.
#![expect(
    clippy::cast_sign_loss,
    reason = "places and sizes are clamped to the view and never negative"
)]

use crate::TextBox;
use crate::prepare::View;

/// Empty rows above and below the letters, of [`line_of`]'s height.
const MARGIN: usize = 3;

/// What lies in a box, `tall` rows of `wide` pixels, row by row: the ground 0, what is written 1,
/// cut to what is written and brought to one height. `None` where nothing stands out from the
/// ground, or the line is longer than `wide` holds.
#[must_use]
pub fn line_of(view: &View, b: &TextBox, tall: usize, wide: usize) -> Option<Vec<f32>> {
    let factor = view.factor.max(1);
    let within = |at: u32, size: usize| (at as usize / factor).min(size);
    let (x0, y0) = (within(b.x, view.width), within(b.y, view.height));
    let (x1, y1) = (
        within(b.x.saturating_add(b.width), view.width),
        within(b.y.saturating_add(b.height), view.height),
    );
    let (w, h) = (x1 - x0, y1 - y0);
    if w < 2 || h < 4 || tall <= 2 * MARGIN {
        return None;
    }
    let mut ink: Vec<f32> = (y0..y1)
        .flat_map(|y| (x0..x1).map(move |x| y * view.width + x))
        .map(|i| view.shades.get(i).copied().unwrap_or(0.0))
        .collect();
    on_ground(&mut ink)?;
    let (left, top, right, foot) = written(&ink, w, h)?;
    let (wide_in, tall_in) = ((right - left) as f32, (foot - top) as f32);
    let scale = (tall - 2 * MARGIN) as f32 / tall_in;
    let long = (wide_in * scale).ceil() as usize;
    if long + 2 * MARGIN > wide {
        return None;
    }
    let mut out = vec![0.0; tall * wide];
    let step = 1.0 / scale;
    for row in 0..tall {
        let y = top as f32 + (row as f32 - MARGIN as f32) * step;
        for column in 0..(long + 2 * MARGIN).min(wide) {
            let x = left as f32 + (column as f32 - MARGIN as f32) * step;
            if let Some(at) = out.get_mut(row * wide + column) {
                *at = mean(&ink, (w, h), (x, y), step);
            }
        }
    }
    Some(out)
}

/// From shades to how far they stand out from the ground, which is what most pixels are.
fn on_ground(shades: &mut [f32]) -> Option<()> {
    let mut sorted = shades.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let n = sorted.len();
    let at = |share: f32| sorted.get(((n - 1) as f32 * share) as usize).copied();
    let (low, ground, high) = (at(0.01)?, at(0.5)?, at(0.99)?);
    let bright = high - ground >= ground - low;
    let far = if bright { high - ground } else { ground - low };
    if far < 0.04 {
        return None;
    }
    for shade in shades {
        let out = if bright {
            *shade - ground
        } else {
            ground - *shade
        };
        *shade = (out / far).clamp(0.0, 1.0);
    }
    Some(())
}

/// The rectangle of what is written: left, top, and one past right and foot.
fn written(ink: &[f32], w: usize, h: usize) -> Option<(usize, usize, usize, usize)> {
    let on = |x: usize, y: usize| ink.get(y * w + x).is_some_and(|&v| v > 0.5);
    let columns = |x: &usize| (0..h).any(|y| on(*x, y));
    let rows = |y: &usize| (0..w).any(|x| on(x, *y));
    let (left, right) = ((0..w).find(columns)?, (0..w).rev().find(columns)? + 1);
    let (top, foot) = ((0..h).find(rows)?, (0..h).rev().find(rows)? + 1);
    (foot - top >= 3).then_some((left, top, right, foot))
}

/// The mean of a square with its first corner at a place; nothing is written outside.
fn mean(ink: &[f32], (w, h): (usize, usize), at: (f32, f32), edge: f32) -> f32 {
    let parts = (edge.ceil() as usize).clamp(1, 8) * 2;
    let mut sum = 0.0;
    for j in 0..parts {
        for i in 0..parts {
            let x = at.0 + (i as f32 + 0.5) * edge / parts as f32;
            let y = at.1 + (j as f32 + 0.5) * edge / parts as f32;
            if x >= 0.0 && y >= 0.0 && (x as usize) < w && (y as usize) < h {
                sum += ink.get(y as usize * w + x as usize).copied().unwrap_or(0.0);
            }
        }
    }
    sum / (parts * parts) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn view(width: usize, height: usize, ink: impl Fn(usize, usize) -> f32) -> View {
        View {
            width,
            height,
            shades: (0..width * height)
                .map(|i| ink(i % width, i / width))
                .collect(),
            factor: 1,
        }
    }

    fn place(x: u32, y: u32, width: u32, height: u32) -> TextBox {
        TextBox {
            frame: 0,
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn bright_and_dark_letters_of_any_size_are_the_same_line() {
        for (size, bright) in [(9, true), (9, false), (36, true), (90, false)] {
            let bar = |x: usize, y: usize| {
                let inside = (10..10 + size / 3).contains(&x) && (20..20 + size).contains(&y);
                let on = if bright { 0.9 } else { 0.2 };
                if inside { on } else { 0.55 }
            };
            let view = view(200, 200, bar);
            let (wide, tall) = (size as u32 + 12, size as u32 + 8);
            let line = line_of(&view, &place(5, 16, wide, tall), 24, 192).expect("a line");
            let at = |x: usize, y: usize| line[y * 192 + x];
            assert!(at(1, 12) < 0.1 && at(6, 1) < 0.1 && at(20, 12) < 0.1);
            assert!(at(5, 5) > 0.8 && at(6, 12) > 0.8 && at(7, 18) > 0.8);
        }
    }

    #[test]
    fn what_is_flat_or_too_long_is_no_line() {
        let flat = view(60, 30, |_, _| 0.4);
        assert_eq!(line_of(&flat, &place(0, 0, 60, 30), 24, 192), None);
        let long = view(300, 12, |x, y| {
            f32::from(u8::from(x % 3 == 0 && (2..10).contains(&y)))
        });
        assert_eq!(line_of(&long, &place(0, 0, 300, 12), 24, 192), None);
    }

    proptest! {
        #[test]
        fn any_box_on_any_view_is_a_line_or_none(
            (width, height) in (1_usize..60, 1_usize..60),
            (x, y) in (0_u32..80, 0_u32..80),
            (w, h) in (0_u32..80, 0_u32..80),
            seed in 0_usize..1000,
        ) {
            let view = view(width, height, |x, y| ((x * 7 + y * 13 + seed) % 11) as f32 / 10.0);
            if let Some(line) = line_of(&view, &place(x, y, w, h), 24, 192) {
                prop_assert_eq!(line.len(), 24 * 192);
                prop_assert!(line.iter().all(|v| (0.0..=1.0).contains(v)));
            }
        }
    }
}
