//! From a decoded frame to what the network looks at: shades from 0 for black to 1 for white.
//!
//! Text is written to be seen, but nobody says with which window. So a frame of many grey levels
//! is looked at more than once: as the header shows it, between its outer percentiles, and over
//! its whole range, as far as these differ. A frame in colour is looked at as its luminance and as
//! its strongest channel, where yellow, green and red are all bright.

use cordon_pixels::{Frame, Photometric, Presentation, Samples};

/// A frame as somebody could see it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Shades, row by row, each from 0 to 1.
    pub shades: Vec<f32>,
    /// How many pixels of the frame's edge one of the view's stands for.
    pub factor: usize,
}

/// Frames whose shorter edge has more pixels than this are looked at in half size too: what is
/// written on them is larger.
const LARGE: usize = 1000;
/// Copies of such a frame are halved again down to this: markers of lead are a tenth as tall as the
/// film. On small frames the same would see letters in tissue.
const SMALL: usize = 450;

/// All views of a frame, none for a frame without pixels.
#[must_use]
pub fn views(frame: &Frame, presentation: &Presentation) -> Vec<View> {
    let (width, height) = (frame.columns as usize, frame.rows as usize);
    let n = width.saturating_mul(height);
    let channels = frame.samples_per_pixel as usize;
    if n == 0 || channels == 0 || frame.samples.len() < n.saturating_mul(channels) {
        return Vec::new();
    }
    let planes = match frame.photometric {
        Photometric::Palette | Photometric::Rgb | Photometric::YbrFull
            if channels >= 3 || frame.photometric == Photometric::Palette =>
        {
            colours(frame, presentation, n)
        }
        _ => grey(frame, presentation, n, channels),
    };
    let mut out: Vec<View> = planes
        .into_iter()
        .map(|shades| View {
            width,
            height,
            shades,
            factor: 1,
        })
        .collect();
    // Smaller copies of the views so far, until they are small enough.
    let mut from = 0;
    loop {
        let small: Vec<View> = out
            .get(from..)
            .unwrap_or_default()
            .iter()
            .filter(|v| v.width.min(v.height) > if v.factor == 1 { LARGE } else { SMALL })
            .map(halved)
            .collect();
        if small.is_empty() {
            return out;
        }
        from = out.len();
        out.extend(small);
    }
}

/// The mean of each 2 × 2 pixels.
fn halved(view: &View) -> View {
    let (width, height) = (view.width / 2, view.height / 2);
    let mut shades = Vec::with_capacity(width * height);
    let mut rows = view.shades.chunks_exact(view.width.max(1));
    while let (Some(a), Some(b)) = (rows.next(), rows.next()) {
        for (p, q) in a.as_chunks::<2>().0.iter().zip(b.as_chunks::<2>().0) {
            shades.push((p[0] + p[1] + q[0] + q[1]) / 4.0);
        }
    }
    View {
        width,
        height,
        shades,
        factor: view.factor * 2,
    }
}

/// Luminance, and the strongest channel where colours differ from greys.
fn colours(frame: &Frame, presentation: &Presentation, n: usize) -> Vec<Vec<f32>> {
    let top = top(frame.bits_stored);
    let s = &frame.samples;
    let step = frame.samples_per_pixel as usize;
    let mut luminance = Vec::with_capacity(n);
    let mut strongest = Vec::with_capacity(n);
    let mut coloured = 0_usize;
    for i in 0..n {
        let [r, g, b] = match (frame.photometric, &presentation.palette) {
            (Photometric::Palette, Some(palette)) => palette
                .colour(s.value(i) as i32)
                .map(|v| f32::from(v) / 255.0),
            // Indices without their table: as if they were greys.
            (Photometric::Palette, None) => [(s.value(i) / top) as f32; 3],
            (Photometric::YbrFull, _) => {
                let at = |c: usize| (s.value(i * step + c) / top) as f32;
                let (y, cb, cr) = (at(0), at(1) - 0.5, at(2) - 0.5);
                [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb]
            }
            _ => [0, 1, 2].map(|c| (s.value(i * step + c) / top) as f32),
        };
        let [r, g, b] = [r, g, b].map(|v| v.clamp(0.0, 1.0));
        let most = r.max(g).max(b);
        luminance.push(0.299 * r + 0.587 * g + 0.114 * b);
        strongest.push(most);
        coloured += usize::from(most - r.min(g).min(b) > 0.2);
    }
    if coloured * 2000 > n {
        vec![luminance, strongest]
    } else {
        vec![luminance]
    }
}

fn top(bits: u32) -> f64 {
    ((1_u64 << bits.clamp(1, 32)) - 1) as f64
}

/// A range of stored values that becomes black to white.
type Range = (f64, f64);

fn grey(frame: &Frame, presentation: &Presentation, n: usize, step: usize) -> Vec<Vec<f32>> {
    let value = |i: usize| {
        let v = frame.samples.value(i * step);
        if v.is_finite() { v } else { 0.0 }
    };
    let Some((all, middle)) = ranges(n, value) else {
        return vec![vec![0.0; n]];
    };
    let mut ranges = vec![middle];
    let mut add = |range: Range| {
        if range.1 > range.0 && !ranges.iter().any(|&r| alike(r, range)) {
            ranges.push(range);
        }
    };
    if let Samples::U8(_) = frame.samples {
        add((0.0, top(frame.bits_stored)));
    }
    add(all);
    if let Some(window) = stored_window(presentation) {
        add(window);
    }
    let inverse = (frame.photometric == Photometric::Monochrome1) != presentation.inverse;
    ranges
        .into_iter()
        .map(|(low, high)| {
            let wide = if high > low { high - low } else { 1.0 };
            (0..n)
                .map(|i| {
                    let shade = ((value(i) - low) / wide).clamp(0.0, 1.0) as f32;
                    if inverse { 1.0 - shade } else { shade }
                })
                .collect()
        })
        .collect()
}

/// Whether two ranges show nearly the same.
fn alike(a: Range, b: Range) -> bool {
    let both = a.1.min(b.1) - a.0.max(b.0);
    both > 0.8 * (a.1 - a.0) && both > 0.8 * (b.1 - b.0)
}

/// The header's first window, in stored values.
fn stored_window(presentation: &Presentation) -> Option<Range> {
    let window = presentation.windows.first()?;
    let cordon_pixels::Modality::Rescale { slope, intercept } = presentation.modality else {
        return None;
    };
    let ends = [-0.5, 0.5].map(|s| (window.center + s * window.width - intercept) / slope);
    let range = (ends[0].min(ends[1]), ends[0].max(ends[1]));
    (range.0.is_finite() && range.1.is_finite()).then_some(range)
}

/// The whole range, and that between the outer thousandths.
fn ranges(n: usize, value: impl Fn(usize) -> f64) -> Option<(Range, Range)> {
    const BINS: usize = 4096;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for i in 0..n {
        let v = value(i);
        low = low.min(v);
        high = high.max(v);
    }
    if high <= low {
        return None;
    }
    let mut counts = vec![0_usize; BINS];
    let wide = (high - low) / BINS as f64;
    for i in 0..n {
        #[expect(clippy::cast_sign_loss, reason = "no value is below the least")]
        let bin = ((value(i) - low) / wide) as usize;
        if let Some(count) = counts.get_mut(bin.min(BINS - 1)) {
            *count += 1;
        }
    }
    let cut = n / 1000;
    let reach = |counts: &mut dyn Iterator<Item = &usize>| {
        let mut sum = 0;
        counts
            .take_while(|&&c| {
                sum += c;
                sum <= cut
            })
            .count()
    };
    let from = reach(&mut counts.iter());
    let to = BINS - reach(&mut counts.iter().rev());
    let middle = (
        low + wide * from as f64,
        low + wide * to.max(from + 1) as f64,
    );
    Some(((low, high), middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Presentation {
        Presentation {
            modality: cordon_pixels::Modality::Rescale {
                slope: 1.0,
                intercept: 0.0,
            },
            windows: Vec::new(),
            tables: Vec::new(),
            padding: None,
            inverse: false,
            palette: None,
        }
    }

    fn frame(columns: u32, rows: u32, photometric: Photometric, samples: Samples) -> Frame {
        Frame {
            rows,
            columns,
            samples_per_pixel: if photometric.is_gray() { 1 } else { 3 },
            bits_stored: match samples {
                Samples::U8(_) => 8,
                _ => 16,
            },
            photometric,
            samples,
        }
    }

    #[test]
    fn text_at_the_top_of_a_wide_range_shows_beside_a_faint_picture() {
        let mut values: Vec<u16> = (0..10_000).map(|i| i % 300).collect();
        values[5000] = 65_535;
        let frame = frame(100, 100, Photometric::Monochrome2, Samples::U16(values));
        let views = views(&frame, &plain());
        assert_eq!(views.len(), 2);
        assert!(views.iter().all(|v| v.shades[5000] > 0.99));
        assert!(views[0].shades[299] > 0.9 && views[1].shades[299] < 0.1);
    }

    #[test]
    fn the_first_monochrome_is_shown_as_a_person_sees_it() {
        let frame = frame(2, 1, Photometric::Monochrome1, Samples::U8(vec![0, 255]));
        assert_eq!(views(&frame, &plain())[0].shades, [1.0, 0.0]);
    }

    #[test]
    fn colours_are_looked_at_twice_and_greys_once() {
        let red = frame(1, 1, Photometric::Rgb, Samples::U8(vec![255, 0, 0]));
        let seen = views(&red, &plain());
        assert_eq!(seen.len(), 2);
        assert!(seen[0].shades[0] < 0.31 && seen[1].shades[0] > 0.99);
        let grey = frame(1, 1, Photometric::Rgb, Samples::U8(vec![90, 90, 90]));
        assert_eq!(views(&grey, &plain()).len(), 1);
    }

    #[test]
    fn constant_missing_and_odd_frames_do_no_harm() {
        let constant = frame(3, 3, Photometric::Monochrome2, Samples::U16(vec![7; 9]));
        assert_eq!(views(&constant, &plain()).len(), 1);
        let short = frame(3, 3, Photometric::Monochrome2, Samples::U16(vec![7; 8]));
        assert!(views(&short, &plain()).is_empty());
        let nan = frame(
            2,
            1,
            Photometric::Monochrome2,
            Samples::F32(vec![f32::NAN, f32::INFINITY]),
        );
        assert!(
            views(&nan, &plain())
                .iter()
                .all(|v| v.shades.iter().all(|s| s.is_finite()))
        );
    }

    #[test]
    fn large_frames_are_looked_at_in_half_size_too() {
        let frame = frame(
            1201,
            2403,
            Photometric::Monochrome2,
            Samples::U8((0..1201_usize * 2403).map(|i| (i % 251) as u8).collect()),
        );
        let views = views(&frame, &plain());
        let sizes: Vec<_> = views
            .iter()
            .map(|v| (v.width, v.height, v.factor))
            .collect();
        assert_eq!(sizes, [(1201, 2403, 1), (600, 1201, 2), (300, 600, 4)]);
        assert_eq!(views[1].shades.len(), 600 * 1201);
    }
}
