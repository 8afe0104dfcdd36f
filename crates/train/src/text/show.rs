//! Pictures of the generator as PGM files, to look at before hours are spent on them.

use std::path::PathBuf;

use clap::Args;

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

/// Writes them.
pub(crate) fn run(options: &Options) -> std::io::Result<()> {
    std::fs::create_dir_all(&options.out)?;
    let settings = if options.held_out {
        Settings::held_out()
    } else {
        Settings::training()
    };
    let begin = std::time::Instant::now();
    for number in 0..options.n {
        let mut scene = scene::make(&settings, options.seed, number);
        if options.boxes {
            for a in &scene.areas {
                scene
                    .canvas
                    .frame(a.x - 1, a.y - 1, a.w + 2, a.h + 2, 1, 0.7);
            }
        }
        let mut bytes =
            format!("P5 {} {} 255\n", scene.canvas.width, scene.canvas.height).into_bytes();
        #[expect(clippy::cast_sign_loss, reason = "a shade is from 0 to 1")]
        bytes.extend(
            scene
                .canvas
                .shades
                .iter()
                .map(|v| (v * 255.0).round() as u8),
        );
        std::fs::write(
            options.out.join(format!(
                "{number:03}-{}.pgm",
                scene.look.name().replace('/', "-")
            )),
            bytes,
        )?;
    }
    println!(
        "{} pictures in {:.2} s",
        options.n,
        begin.elapsed().as_secs_f64()
    );
    Ok(())
}
