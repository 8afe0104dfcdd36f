//! Measuring: the whole way from a frame to boxes, on pictures in fonts, sizes and mixtures that
//! training has never seen. Prints tables for `docs/models/text.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::Args;
use cordon_inspect::text::find_within;
use cordon_nets::device::wait;
use cordon_nets::text::TextNet;
use cordon_nets::{Device, weights};
use cordon_pixels::{Frame, Modality, Photometric, Presentation, Samples};
use cordon_text::{Limits, TextBox, redact, still_there};

use super::canvas::Canvas;
use super::scene::{self, Area, Scene, Settings};
use super::scripts::Scripts;

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// How many pictures.
    #[arg(long, default_value_t = 400)]
    n: u64,
    /// The seed.
    #[arg(long, default_value_t = 900_001)]
    seed: u64,
    /// The weights.
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Measure on the settings of training: how much of an error is due to what is new.
    #[arg(long)]
    as_trained: bool,
    /// Another limit for the most likely cell of a box than the product's.
    #[arg(long)]
    at_least: Option<f32>,
    /// Another limit for the one cell that makes a picture one with text.
    #[arg(long)]
    sure: Option<f32>,
    /// Another limit for how far a box reaches.
    #[arg(long)]
    reach: Option<f32>,
    /// Another limit for the sum of its likelihoods.
    #[arg(long)]
    mass: Option<f32>,
    /// Measure other scripts: a folder with their fonts. All lines are written in them.
    #[arg(long, value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Write pictures on which something went wrong, with boxes, to this folder.
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
}

/// A picture as a decoded frame of eight bits.
#[expect(clippy::cast_sign_loss, reason = "a shade is from 0 to 1")]
pub(crate) fn frame_of(canvas: &Canvas) -> Frame {
    Frame {
        rows: canvas.height as u32,
        columns: canvas.width as u32,
        samples_per_pixel: 1,
        bits_stored: 8,
        photometric: Photometric::Monochrome2,
        samples: Samples::U8(
            canvas
                .shades
                .iter()
                .map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8)
                .collect(),
        ),
    }
}

/// Stored values are shown as they are.
pub(crate) fn plain() -> Presentation {
    Presentation {
        modality: Modality::Rescale {
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

/// Loads the weights that a training wrote.
pub(crate) fn net(file: &PathBuf, device: &Device) -> std::io::Result<TextNet> {
    weights::load_unchecked(TextNet::new(device), "text", fs::read(file)?)
        .map_err(std::io::Error::other)
}

/// Counts of one kind of picture.
#[derive(Default, Clone, Copy)]
struct Counts {
    with_text: u64,
    flagged: u64,
    area: u64,
    covered: u64,
    lines: u64,
    lines_found: u64,
    clean: u64,
    clean_flagged: u64,
    left: u64,
    black_beside: f64,
}

fn covered(area: &Area, boxes: &[TextBox]) -> u64 {
    let mut n = 0;
    for y in area.y..area.y + area.h {
        for x in area.x..area.x + area.w {
            let (u, v) = (x.unsigned_abs(), y.unsigned_abs());
            n += u64::from(
                boxes
                    .iter()
                    .any(|b| u >= b.x && v >= b.y && u < b.x + b.width && v < b.y + b.height),
            );
        }
    }
    n
}

/// Wilson's interval of 95 % for `k` of `n`.
fn wilson(k: u64, n: u64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (z, n) = (1.96_f64, n as f64);
    let p = k as f64 / n;
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (
        ((middle - half) / scale).max(0.0),
        ((middle + half) / scale).min(1.0),
    )
}

/// A share with its interval, as the tables have it.
pub(super) fn share(k: u64, n: u64) -> String {
    let (low, high) = wilson(k, n);
    let p = if n == 0 { 0.0 } else { k as f64 / n as f64 };
    format!(
        "{k} of {n} = {:.1} % ({:.1} to {:.1})",
        100.0 * p,
        100.0 * low,
        100.0 * high
    )
}

/// Measures.
pub(crate) fn run(options: &Options) -> std::io::Result<()> {
    let device = Device::flex();
    let net = net(&options.weights, &device)?;
    let settings = if options.as_trained {
        Settings::training()
    } else {
        Settings::held_out()
    };
    let settings = match &options.fonts {
        Some(folder) => settings.with_scripts(Scripts::read(folder, !options.as_trained)?, 1.0),
        None => settings,
    };
    let product = Limits::default();
    let limits = Limits {
        sure: options.sure.unwrap_or(product.sure),
        seed: options.at_least.unwrap_or(product.seed),
        mass: options.mass.unwrap_or(product.mass),
        reach: options.reach.unwrap_or(product.reach),
    };
    let mut by_look: BTreeMap<&'static str, Counts> = BTreeMap::new();
    let mut by_size: BTreeMap<&'static str, (u64, u64, u64, u64)> = BTreeMap::new();
    for number in 0..options.n {
        let scene = scene::make(&settings, options.seed, number);
        let mut frame = frame_of(&scene.canvas);
        let boxes = wait(find_within(&frame, &plain(), 0, &net, &device, limits))
            .map_err(std::io::Error::other)?;
        let mut all = by_look.remove("all").unwrap_or_default();
        let mut counts = by_look.remove(scene.look.name()).unwrap_or_default();
        let mut wrong = false;
        let mut add = |f: &dyn Fn(&mut Counts)| {
            f(&mut all);
            f(&mut counts);
        };
        if scene.areas.is_empty() {
            wrong |= !boxes.is_empty();
            add(&|c| {
                c.clean += 1;
                c.clean_flagged += u64::from(!boxes.is_empty());
            });
        } else {
            add(&|c| {
                c.with_text += 1;
                c.flagged += u64::from(!boxes.is_empty());
            });
            for a in &scene.areas {
                let (whole, seen) = ((a.w * a.h).unsigned_abs().into(), covered(a, &boxes));
                let found = u64::from(seen * 2 > whole);
                wrong |= found == 0;
                add(&|c| {
                    c.area += whole;
                    c.covered += seen;
                    c.lines += 1;
                    c.lines_found += found;
                });
                let size = match a.w.min(a.h) {
                    ..=8 => "up to 8",
                    9..=12 => "9 to 12",
                    13..=20 => "13 to 20",
                    21..=40 => "21 to 40",
                    _ => "over 40",
                };
                let s = by_size.entry(size).or_default();
                *s = (s.0 + 1, s.1 + found, s.2 + whole, s.3 + seen);
            }
            let before = boxes
                .iter()
                .map(|b| u64::from(b.width) * u64::from(b.height))
                .sum::<u64>() as f64;
            let text: u64 = scene.areas.iter().map(|a| covered(a, &boxes)).sum();
            let beside = (before - text as f64) / scene.canvas.shades.len() as f64;
            redact(&mut frame, &plain(), 0, &boxes);
            // As the product looks again: what is not sure counts as well.
            let closer = Limits {
                sure: 0.0,
                ..limits
            };
            let again = wait(find_within(&frame, &plain(), 0, &net, &device, closer))
                .map_err(std::io::Error::other)?;
            let left = u64::from(!still_there(&boxes, &again).is_empty());
            add(&|c| {
                c.left += left;
                c.black_beside += beside;
            });
        }
        by_look.insert("all", all);
        by_look.insert(scene.look.name(), counts);
        if wrong && let Some(dir) = &options.failures {
            picture(scene, &boxes, &dir.join(format!("{number:04}.pgm")))?;
        }
    }
    println!(
        "| background | with text, flagged | lines found | area covered | clean, flagged | found again after blacking out | black beside text |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (look, c) in &by_look {
        println!(
            "| {look} | {} | {} | {:.2} % | {} | {} of {} | {:.1} % |",
            share(c.flagged, c.with_text),
            share(c.lines_found, c.lines),
            100.0 * c.covered as f64 / c.area.max(1) as f64,
            share(c.clean_flagged, c.clean),
            c.left,
            c.with_text,
            100.0 * c.black_beside / c.with_text.max(1) as f64,
        );
    }
    println!("\n| shorter edge of a line, pixels | lines found | area covered |\n|---|---|---|");
    for (size, (lines, found, whole, seen)) in &by_size {
        println!(
            "| {size} | {} | {:.2} % |",
            share(*found, *lines),
            100.0 * *seen as f64 / (*whole).max(1) as f64
        );
    }
    Ok(())
}

/// Writes a picture with what was to be found in grey and what was found in white.
fn picture(mut scene: Scene, boxes: &[TextBox], path: &std::path::Path) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    for a in &scene.areas {
        scene
            .canvas
            .frame(a.x - 1, a.y - 1, a.w + 2, a.h + 2, 1, 0.5);
    }
    draw(&mut scene.canvas, boxes);
    fs::write(path, pgm(&scene.canvas))
}

/// Draws boxes.
pub(crate) fn draw(canvas: &mut Canvas, boxes: &[TextBox]) {
    for b in boxes {
        canvas.frame(
            b.x as i32,
            b.y as i32,
            b.width as i32,
            b.height as i32,
            2,
            1.0,
        );
        canvas.frame(
            b.x as i32 + 2,
            b.y as i32 + 2,
            b.width as i32 - 4,
            b.height as i32 - 4,
            1,
            0.0,
        );
    }
}

/// A portable grey map.
#[expect(clippy::cast_sign_loss, reason = "a shade is from 0 to 1")]
pub(crate) fn pgm(canvas: &Canvas) -> Vec<u8> {
    let mut bytes = format!("P5 {} {} 255\n", canvas.width, canvas.height).into_bytes();
    bytes.extend(
        canvas
            .shades
            .iter()
            .map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8),
    );
    bytes
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(0, 200);
        assert!(low.abs() < 1e-9 && (high - 0.0188).abs() < 5e-4);
        let (low, high) = wilson(198, 200);
        assert!((low - 0.9643).abs() < 1e-3 && (high - 0.9973).abs() < 1e-3);
    }
}
