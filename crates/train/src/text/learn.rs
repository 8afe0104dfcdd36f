//! Training: tiles from the generator, a loss that asks for every cell of text, AdamW.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Instant;

use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Tensor, TensorData};
use clap::Args;
use cordon_nets::text::{CELL, MAP, TILE, TextNet};
use cordon_nets::weights;

use super::random::Random;
use super::scene::{self, Scene, Settings};
use super::scripts::Scripts;
use crate::pace::{End, Pace};

/// How to train.
#[derive(Args)]
pub(crate) struct Options {
    /// The seed of the pictures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    end: End,
    /// Tiles in a step.
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// The greatest rate of learning.
    #[arg(long, default_value_t = 8e-3)]
    rate: f64,
    /// Go on from these weights.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// A folder with the fonts of other scripts: an eighth of the lines is written in them.
    #[arg(long, value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Where the weights go; the curve goes beside them.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Pixels, and for each cell whether it is text and how much it counts.
struct Tile {
    shades: Vec<f32>,
    target: Vec<f32>,
    weight: Vec<f32>,
}

/// Cuts a tile out of a scene, around text more often than not.
fn cut(scene: &Scene, random: &mut Random) -> Tile {
    let (w, h) = (scene.canvas.width, scene.canvas.height);
    let free = |size: usize, random: &mut Random| random.below(size.saturating_sub(TILE) + 1);
    let mut at = (free(w, random), free(h, random));
    if !scene.areas.is_empty() && random.chance(0.6) {
        let a = scene.areas[random.below(scene.areas.len())];
        let near = |from: i32, long: i32, size: usize, random: &mut Random| {
            let wanted = from + long / 2 - random.between(TILE / 8, TILE * 7 / 8) as i32;
            wanted
                .clamp(0, size.saturating_sub(TILE) as i32)
                .unsigned_abs() as usize
        };
        at = (near(a.x, a.w, w, random), near(a.y, a.h, h, random));
    }
    let mut shades = vec![0.0; TILE * TILE];
    for y in 0..TILE {
        for x in 0..TILE {
            // As at inference, what lies outside of the picture repeats its edge.
            shades[y * TILE + x] =
                scene.canvas.at((at.0 + x) as i32, (at.1 + y) as i32) * 2.0 - 1.0;
        }
    }
    let mut covered = vec![0.0_f32; MAP * MAP];
    let cell = CELL as i32;
    for a in &scene.areas {
        let (x0, y0) = (a.x - at.0 as i32, a.y - at.1 as i32);
        let (x1, y1) = (x0 + a.w, y0 + a.h);
        for cy in y0.div_euclid(cell).max(0)..=((y1 - 1).div_euclid(cell)).min(MAP as i32 - 1) {
            for cx in x0.div_euclid(cell).max(0)..=((x1 - 1).div_euclid(cell)).min(MAP as i32 - 1) {
                let wide = (x1.min(cx * cell + cell) - x0.max(cx * cell)).max(0);
                let tall = (y1.min(cy * cell + cell) - y0.max(cy * cell)).max(0);
                let share = (wide * tall) as f32 / (cell * cell) as f32;
                let at =
                    &mut covered[cy.unsigned_abs() as usize * MAP + cx.unsigned_abs() as usize];
                *at = (*at + share).min(1.0);
            }
        }
    }
    // A cell with a sliver of a letter's box counts little either way.
    let target = covered
        .iter()
        .map(|&c| f32::from(u8::from(c >= 0.3)))
        .collect();
    let weight = covered
        .iter()
        .map(|&c| match c {
            c if c < 0.01 => 1.0,
            c if c < 0.6 => 0.3,
            _ => 2.0,
        })
        .collect();
    Tile {
        shades,
        target,
        weight,
    }
}

/// The tiles of a step that have not been seen: two of each picture.
fn fresh(settings: &Settings, seed: u64, step: usize, size: usize) -> Vec<Tile> {
    let mut out = Vec::with_capacity(size);
    let mut number = (step * size) as u64;
    while out.len() < size {
        let scene = scene::make(settings, seed, number);
        let mut random = Random::new(seed ^ 0x7E11, number);
        for _ in 0..2.min(size - out.len()) {
            out.push(cut(&scene, &mut random));
        }
        number += 1;
    }
    out
}

/// Tiles that the network gets wrong: what looks like letters and is none is rare, and one of it
/// in a picture is enough. They are shown again until they are no worse than others.
struct Wrong {
    tiles: Vec<Tile>,
    usual: f32,
}

impl Wrong {
    const MOST: usize = 400;

    /// Takes out as many as wanted, or fewer.
    fn take(&mut self, wanted: usize, random: &mut Random) -> Vec<Tile> {
        let n = if self.tiles.len() < 40 { 0 } else { wanted };
        (0..n)
            .map(|_| self.tiles.swap_remove(random.below(self.tiles.len())))
            .collect()
    }

    /// Looks at what the network made of tiles, and keeps those that were wrong.
    fn put(&mut self, tiles: Vec<Tile>, scores: &[f32], random: &mut Random) {
        for (tile, scores) in tiles.into_iter().zip(scores.chunks_exact(MAP * MAP)) {
            let worst = scores
                .iter()
                .zip(&tile.target)
                .zip(&tile.weight)
                .filter(|(_, weight)| **weight >= 1.0)
                .map(|((score, target), _)| if *target > 0.5 { -score } else { *score })
                .fold(f32::MIN, f32::max);
            if worst > self.usual.max(0.0) {
                if self.tiles.len() >= Self::MOST {
                    self.tiles.swap_remove(random.below(self.tiles.len()));
                }
                self.tiles.push(tile);
            }
            self.usual += 0.002 * (worst - self.usual);
        }
    }
}

/// Cross-entropy by cell, plus one minus the Dice overlap of the batch, which holds the many
/// empty cells in check.
fn loss(scores: Tensor<4>, target: Tensor<4>, weight: Tensor<4>) -> Tensor<1> {
    let entropy = relu(scores.clone()) - scores.clone() * target.clone()
        + ((-scores.clone().abs()).exp() + 1.0).log();
    let entropy = (entropy * weight.clone()).mean();
    let guess = sigmoid(scores) * weight.clone();
    let truth = target.clone() * weight;
    let both = (guess.clone() * target).sum();
    let dice = (both * 2.0 + 1.0) / (guess.sum() + truth.sum() + 1.0);
    entropy * 2.0 + (dice * -1.0 + 1.0)
}

/// Trains.
pub(crate) fn run(options: &Options) -> std::io::Result<()> {
    let device = crate::device::training();
    let mut net = TextNet::new(&device);
    if let Some(from) = &options.from {
        net = weights::load_into_grown(net, "text", fs::read(from)?)
            .map_err(std::io::Error::other)?;
    }
    let mut optimizer = AdamWConfig::new()
        .with_weight_decay(1e-3)
        .with_epsilon(1e-8)
        .init();
    let curve = options.out.with_extension("csv");
    let mut curve = fs::File::create(curve)?;
    writeln!(curve, "step,seconds,rate,loss")?;
    let (send, batches) = mpsc::sync_channel(4);
    let (seed, size) = (options.seed, options.batch);
    let again = size / 4;
    let mut settings = Settings::training();
    if let Some(folder) = &options.fonts {
        settings = settings.with_scripts(Scripts::read(folder, false)?, 0.125);
    }
    std::thread::spawn(move || {
        for step in 0.. {
            if send.send(fresh(&settings, seed, step, size)).is_err() {
                return;
            }
        }
    });
    let mut wrong = Wrong {
        tiles: Vec::new(),
        usual: 0.0,
    };
    let mut random = Random::new(seed ^ 0x3A1D, 0);
    let pace = Pace::new(&options.end, options.rate);
    let (mut smooth, mut shown) = (None, Instant::now());
    for (step, mut tiles) in batches.iter().enumerate() {
        let Some(rate) = pace.rate(step) else { break };
        let seconds = pace.seconds();
        for (old, place) in wrong.take(again, &mut random).into_iter().zip(&mut tiles) {
            *place = old;
        }
        let n = tiles.len();
        let tensor = |of: fn(&Tile) -> &Vec<f32>, edge| -> Tensor<4> {
            let values: Vec<f32> = tiles.iter().flat_map(of).copied().collect();
            Tensor::from_data(TensorData::new(values, [n, 1, edge, edge]), &device)
        };
        let scores = net.forward(tensor(|t| &t.shades, TILE));
        let loss = loss(
            scores.clone(),
            tensor(|t| &t.target, MAP),
            tensor(|t| &t.weight, MAP),
        );
        let numbers: Vec<f32> = scores.into_data().iter::<f32>().collect();
        wrong.put(tiles, &numbers, &mut random);
        let value = loss.clone().into_scalar::<f32>();
        let grads = GradientsParams::from_grads(loss.backward(), &net);
        net = optimizer.step(rate, net, grads);
        let now = smooth.map_or(value, |s: f32| 0.98 * s + 0.02 * value);
        smooth = Some(now);
        if step % 20 == 0 {
            writeln!(curve, "{step},{seconds:.0},{rate:.6},{now:.4}")?;
        }
        if step % 50 == 0 {
            println!(
                "{step} {seconds:.0} s  rate {rate:.5}  loss {now:.4}  wrong {} at {:.2}",
                wrong.tiles.len(),
                wrong.usual
            );
        }
        if shown.elapsed().as_secs() >= 180 {
            shown = Instant::now();
            save(&net, options)?;
        }
    }
    save(&net, options)
}

fn save(net: &TextNet, options: &Options) -> std::io::Result<()> {
    let bytes = weights::save(net, "text").map_err(std::io::Error::other)?;
    println!("saved: {} bytes, {}", bytes.len(), weights::digest(&bytes));
    let part = options.out.with_extension("part");
    fs::write(&part, bytes)?;
    fs::rename(part, &options.out)
}
