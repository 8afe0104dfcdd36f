//! What happens to a picture after it was made: windowing, scaling, blur, JPEG, noise.

use super::canvas::Canvas;
use super::random::Random;

/// Smooths with a small symmetric kernel in both directions.
pub(crate) fn blur(canvas: &mut Canvas, deviation: f32) {
    let reach = (deviation * 2.5).ceil().max(1.0) as i32;
    let kernel: Vec<f32> = (-reach..=reach)
        .map(|i| (-(i * i) as f32 / (2.0 * deviation * deviation).max(1e-3)).exp())
        .collect();
    let sum: f32 = kernel.iter().sum();
    for upright in [false, true] {
        let from = canvas.clone();
        for y in 0..canvas.height {
            for x in 0..canvas.width {
                let mut value = 0.0;
                for (k, weight) in kernel.iter().enumerate() {
                    let off = k as i32 - reach;
                    let (u, v) = if upright { (0, off) } else { (off, 0) };
                    value += weight * from.at(x as i32 + u, y as i32 + v);
                }
                canvas.shades[y * canvas.width + x] = value / sum;
            }
        }
    }
}

/// Stretches or squeezes the shades, as a window does.
pub(crate) fn window(canvas: &mut Canvas, random: &mut Random) {
    let (low, high) = (random.range(-0.1, 0.12), random.range(0.85, 1.15));
    let gamma = random.log_range(0.75, 1.35);
    canvas.map(|v| ((v - low) / (high - low)).clamp(0.0, 1.0).powf(gamma));
}

/// Shows everything between the outer thousandths, as the detector looks at a frame: where hardly
/// anything is drawn, noise fills the range.
pub(crate) fn stretch(canvas: &mut Canvas) {
    let mut sorted = canvas.shades.clone();
    sorted.sort_unstable_by(f32::total_cmp);
    let cut = sorted.len() / 1000;
    let (low, high) = (sorted[cut], sorted[sorted.len() - 1 - cut]);
    if high > low {
        canvas.map(|v| ((v - low) / (high - low)).clamp(0.0, 1.0));
    }
}

/// What the blocks of JPEG leave at a quality: a cosine transform of 8 × 8 pixels, its
/// coefficients rounded by the table of the standard's annex K.
pub(crate) fn jpeg(canvas: &mut Canvas, quality: f32) {
    #[rustfmt::skip]
    const TABLE: [f32; 64] = [
        16., 11., 10., 16., 24., 40., 51., 61., 12., 12., 14., 19., 26., 58., 60., 55.,
        14., 13., 16., 24., 40., 57., 69., 56., 14., 17., 22., 29., 51., 87., 80., 62.,
        18., 22., 37., 56., 68., 109., 103., 77., 24., 35., 55., 64., 81., 104., 113., 92.,
        49., 64., 78., 87., 103., 121., 120., 101., 72., 92., 95., 98., 112., 100., 103., 99.,
    ];
    let scale = if quality < 50.0 {
        50.0 / quality
    } else {
        2.0 - quality / 50.0
    };
    let mut basis = [[0.0_f32; 8]; 8];
    for (k, row) in basis.iter_mut().enumerate() {
        let weight = if k == 0 { (1.0_f32 / 8.0).sqrt() } else { 0.5 };
        for (x, at) in row.iter_mut().enumerate() {
            *at = weight * ((2 * x + 1) as f32 * k as f32 * std::f32::consts::PI / 16.0).cos();
        }
    }
    for top in (0..canvas.height).step_by(8) {
        for left in (0..canvas.width).step_by(8) {
            let mut block = [[0.0_f32; 8]; 8];
            for (y, row) in block.iter_mut().enumerate() {
                for (x, at) in row.iter_mut().enumerate() {
                    *at = canvas.at((left + x) as i32, (top + y) as i32) * 255.0 - 128.0;
                }
            }
            let mut spectrum = transform(&block, &basis, false);
            for (y, row) in spectrum.iter_mut().enumerate() {
                for (x, at) in row.iter_mut().enumerate() {
                    let step = (TABLE[y * 8 + x] * scale).max(1.0);
                    *at = (*at / step).round() * step;
                }
            }
            let back = transform(&spectrum, &basis, true);
            for (y, row) in back.iter().enumerate().take(canvas.height - top) {
                for (x, value) in row.iter().enumerate().take(canvas.width - left) {
                    canvas.shades[(top + y) * canvas.width + left + x] =
                        ((value + 128.0) / 255.0).clamp(0.0, 1.0);
                }
            }
        }
    }
}

fn transform(block: &[[f32; 8]; 8], basis: &[[f32; 8]; 8], back: bool) -> [[f32; 8]; 8] {
    let at = |k: usize, x: usize| if back { basis[x][k] } else { basis[k][x] };
    let rows: [[f32; 8]; 8] = std::array::from_fn(|y| {
        std::array::from_fn(|k| (0..8).map(|x| at(k, x) * block[y][x]).sum())
    });
    std::array::from_fn(|k| std::array::from_fn(|x| (0..8).map(|y| at(k, y) * rows[y][x]).sum()))
}
