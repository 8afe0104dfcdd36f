//! Pictures to look at: of the generator, before hours are spent on them, and of real files with
//! what the network finds on them. What is written of real files stays on the own machine.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use cordon_inspect::text::{TextNets, find_text};
use cordon_nets::Device;
use cordon_nets::device::wait;
use cordon_nets::line::LineNet;
use cordon_nets::weights;
use cordon_pixels::{Presentation, describe, frame};
use cordon_protocol::HarmlessText;
use cordon_text::views;

use super::canvas::Canvas;
use super::measure;
use super::scene::{self, Settings};

/// What to show.
#[derive(Args)]
pub(crate) struct Options {
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many.
    #[arg(long, default_value_t = 16)]
    n: u64,
    /// The seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Those for measuring instead of those for training.
    #[arg(long)]
    held_out: bool,
    /// Draw the boxes.
    #[arg(long)]
    boxes: bool,
}

/// Writes pictures of the generator.
pub(crate) fn run(options: &Options) -> std::io::Result<()> {
    fs::create_dir_all(&options.out)?;
    let settings = if options.held_out {
        Settings::held_out()
    } else {
        Settings::training()
    };
    for number in 0..options.n {
        let mut scene = scene::make(&settings, options.seed, number);
        if options.boxes {
            for a in &scene.areas {
                scene
                    .canvas
                    .frame(a.x - 1, a.y - 1, a.w + 2, a.h + 2, 1, 0.7);
            }
        }
        let name = format!("{number:03}-{}.pgm", scene.look.name().replace('/', "-"));
        fs::write(options.out.join(name), measure::pgm(&scene.canvas))?;
    }
    Ok(())
}

/// What to try.
#[derive(Args)]
pub(crate) struct Try {
    /// DICOM files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The weights.
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// The weights of the network that reads a line: says which text could stay.
    #[arg(long, value_name = "FILE")]
    lines: Option<PathBuf>,
    /// The folder for pictures of first frames.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Looks for text on real files.
pub(crate) fn look(options: &Try) -> std::io::Result<()> {
    let device = Device::flex();
    let net = measure::net(&options.weights, &device)?;
    let line = match &options.lines {
        Some(path) => Some(
            weights::load_unchecked(LineNet::new(&device), "line", fs::read(path)?)
                .map_err(std::io::Error::other)?,
        ),
        None => None,
    };
    let nets = TextNets {
        find: &net,
        read: line.as_ref(),
        device: &device,
    };
    for path in &options.files {
        let bytes = fs::read(path)?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Ok(file) = cordon_dicom::read_inflating(&bytes) else {
            println!("{name}: no DICOM");
            continue;
        };
        let Ok(file) = cordon_dicom::read(&file) else {
            println!("{name}: no DICOM");
            continue;
        };
        let begin = std::time::Instant::now();
        let go_on = |done: usize, _| done < 3;
        // Three frames say enough about a clip here.
        let found = wait(find_text(&file, nets, &HarmlessText::ALL, &mut |n, all| {
            all <= 3 || go_on(n, all)
        }));
        let seconds = begin.elapsed().as_secs_f64();
        match found {
            Ok(report) => {
                println!(
                    "{name}: {:?}, {} frames, {} boxes, {} places, {seconds:.1} s",
                    report.triage,
                    report.frames,
                    report.boxes.len(),
                    report.places.len()
                );
                for k in &report.kept {
                    println!("    {} at {}, {}", k.kind.word(), k.place.x, k.place.y);
                }
                let Some(out) = &options.out else { continue };
                fs::create_dir_all(out)?;
                let Ok(info) = describe(&file.data) else {
                    continue;
                };
                let Ok(first) = frame(&file, 0) else { continue };
                let presentation = Presentation::of(&file.data, &info, 0);
                for (i, view) in views(&first, &presentation)
                    .into_iter()
                    .enumerate()
                    .filter(|(_, v)| v.factor == 1)
                {
                    let mut canvas = Canvas {
                        width: view.width,
                        height: view.height,
                        shades: view.shades,
                    };
                    let own: Vec<_> = report
                        .boxes
                        .iter()
                        .filter(|b| b.frame == 0)
                        .copied()
                        .collect();
                    measure::draw(&mut canvas, &own);
                    fs::write(out.join(format!("{name}-{i}.pgm")), measure::pgm(&canvas))?;
                }
            }
            Err(error) => println!("{name}: {error}, {seconds:.1} s"),
        }
    }
    Ok(())
}
