//! Trains the network that finds heads.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use burn::module::Module as _;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use cordon_nets::head::{EDGE, HeadNet, LABELS};
use cordon_nets::weights;

use super::scan::example;

/// The edge of a voxel that the network looks at, in millimetres.
pub(crate) const STEP: f64 = cordon_deface::NET_STEP;

/// How a training runs.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Training {
    /// Seed of the first example; held-out sets use other millions.
    #[arg(long, default_value_t = 1_000_000)]
    seed: u64,
    /// Steps, one example each.
    #[arg(long, default_value_t = 6000)]
    steps: usize,
    /// Rate at the start, falling to nought along half a cosine.
    #[arg(long, default_value_t = 2e-3)]
    rate: f64,
    /// Start from these weights.
    #[arg(long)]
    from: Option<PathBuf>,
    /// Where the weights go.
    #[arg(long)]
    out: PathBuf,
    /// Where the curve goes.
    #[arg(long)]
    curve: PathBuf,
}

/// How much each label weighs: small parts more than large ones.
const WEIGHTS: [f32; LABELS] = [0.4, 0.8, 1.2, 4.0, 4.0, 3.0, 4.0, 2.0];

pub(crate) fn train(options: &Training) -> Result<(), String> {
    let device = Device::flex().autodiff();
    let mut net = HeadNet::new(&device);
    if let Some(path) = &options.from {
        let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
        net = weights::load_unchecked(net, "head", bytes).map_err(|e| e.to_string())?;
    }
    let mut optimiser = AdamWConfig::new()
        .with_weight_decay(1e-3)
        .with_epsilon(1e-8)
        .init();
    println!("{} weights", net.num_params());
    let (send, receive) = sync_channel(4);
    let (seed, steps) = (options.seed, options.steps);
    std::thread::spawn(move || {
        for i in 0..steps as u64 {
            if send.send(example(seed + i, EDGE, STEP)).is_err() {
                return;
            }
        }
    });
    let mut curve = String::from(
        "step,seconds,loss,dice_brain,dice_eyes,dice_nose,dice_mouth,dice_ears,dice_face\n",
    );
    let start = Instant::now();
    let mut mean = 0.0;
    let mut dice = [(0.0, 0.0); LABELS];
    for step in 1..=steps {
        let Ok(example) = receive.recv() else { break };
        let warm = (step as f64 / 100.0).min(1.0);
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
        let input: Tensor<5> = Tensor::from_data(
            TensorData::new(example.cube, [1, 1, EDGE, EDGE, EDGE]),
            &device,
        );
        let scores = net.forward(input);
        let numbers: Vec<f32> = scores.clone().into_data().iter::<f32>().collect();
        let worth = worth(&numbers, &example.labels);
        for (sum, (both, either)) in dice.iter_mut().zip(worth.overlap) {
            sum.0 += both;
            sum.1 += either;
        }
        mean += worth.loss;
        // A sum with the slopes as factors has them as its derivative.
        let slope: Tensor<5> = Tensor::from_data(
            TensorData::new(worth.slope, [1, LABELS, EDGE, EDGE, EDGE]),
            &device,
        );
        let gradients = GradientsParams::from_grads((scores * slope).sum().backward(), &net);
        net = optimiser.step(options.rate * warm * fall, net, gradients);
        if step % 50 == 0 {
            let d = dice.map(|(both, either)| {
                if either > 0.0 {
                    2.0 * both / either
                } else {
                    0.0
                }
            });
            let line = format!(
                "{step},{:.0},{:.4},{:.3},{:.3},{:.3},{:.3},{:.3},{:.3}\n",
                start.elapsed().as_secs_f64(),
                mean / 50.0,
                d[2],
                d[3],
                d[4],
                d[5],
                d[6],
                d[7]
            );
            print!("{line}");
            curve.push_str(&line);
            mean = 0.0;
            dice = [(0.0, 0.0); LABELS];
        }
        if step % 250 == 0 || step == steps {
            let bytes = weights::save(&net, "head").map_err(|e| e.to_string())?;
            std::fs::write(&options.out, bytes).map_err(|e| e.to_string())?;
            std::fs::write(&options.curve, &curve).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

/// What an answer is worth.
struct Worth {
    loss: f64,
    /// The derivative of the loss by each score.
    slope: Vec<f32>,
    /// Overlap, and sum of sizes, of each label.
    overlap: [(f64, f64); LABELS],
}

/// Weighted cross entropy plus one minus the mean soft Dice of the labels that are there, and its
/// derivative by the scores. By hand: on a CPU the same in tensor operations takes longer than the
/// network's own forward pass.
fn worth(scores: &[f32], labels: &[u8]) -> Worth {
    let n = labels.len();
    let mut shares = vec![0f32; LABELS * n];
    let mut both = [0f64; LABELS];
    let mut sizes = [0f64; LABELS];
    let mut there = [0f64; LABELS];
    let (mut entropy, mut total) = (0f64, 0f64);
    for i in 0..n {
        let mut most = f32::MIN;
        for l in 0..LABELS {
            most = most.max(scores[l * n + i]);
        }
        let mut sum = 0f32;
        for l in 0..LABELS {
            let e = (scores[l * n + i] - most).exp();
            shares[l * n + i] = e;
            sum += e;
        }
        let truth = usize::from(labels[i]).min(LABELS - 1);
        for l in 0..LABELS {
            let share = shares[l * n + i] / sum;
            shares[l * n + i] = share;
            sizes[l] += f64::from(share);
        }
        let share = f64::from(shares[truth * n + i]);
        both[truth] += share;
        there[truth] += 1.0;
        let weight = f64::from(WEIGHTS[truth]);
        entropy -= weight * share.max(1e-7).ln();
        total += weight;
    }
    let kinds = there.iter().filter(|c| **c > 0.0).count() as f64;
    let mut missing = 0.0;
    // The derivative of the Dice part by a share: of its own label's truth, and of any.
    let mut by_truth = [0f64; LABELS];
    let mut by_size = [0f64; LABELS];
    for l in 0..LABELS {
        if there[l] > 0.0 {
            let under = sizes[l] + there[l] + 1.0;
            let over = 2.0 * both[l] + 1.0;
            missing += (1.0 - over / under) / kinds;
            by_truth[l] = -2.0 / under / kinds;
            by_size[l] = over / (under * under) / kinds;
        }
    }
    let mut slope = vec![0f32; LABELS * n];
    for i in 0..n {
        let truth = usize::from(labels[i]).min(LABELS - 1);
        let mut mean = 0f64;
        let mut by = [0f64; LABELS];
        for l in 0..LABELS {
            by[l] = by_size[l] + if l == truth { by_truth[l] } else { 0.0 };
            mean += by[l] * f64::from(shares[l * n + i]);
        }
        let weight = f64::from(WEIGHTS[truth]) / total;
        for l in 0..LABELS {
            let share = f64::from(shares[l * n + i]);
            let hit = if l == truth { 1.0 } else { 0.0 };
            slope[l * n + i] = (weight * (share - hit) + share * (by[l] - mean)) as f32;
        }
    }
    let mut overlap = [(0.0, 0.0); LABELS];
    for l in 0..LABELS {
        overlap[l] = (both[l], sizes[l] + there[l]);
    }
    Worth {
        loss: entropy / total + missing,
        slope,
        overlap,
    }
}

/// Writes examples as raw numbers (`f32` cube, then `u8` labels), to be looked at.
pub(crate) fn peek(seed: u64, count: u64, out: &std::path::Path) -> Result<(), String> {
    for i in 0..count {
        let example = example(seed + i, EDGE, STEP);
        let mut bytes: Vec<u8> = example.cube.iter().flat_map(|v| v.to_le_bytes()).collect();
        bytes.extend(&example.labels);
        std::fs::write(out.join(format!("{}.raw", seed + i)), bytes).map_err(|e| e.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_the_derivative_of_the_loss() {
        let mut random = crate::random::Random::new(5);
        let n = 12;
        let scores: Vec<f32> = (0..LABELS * n).map(|_| random.normal() as f32).collect();
        let labels: Vec<u8> = (0..n).map(|_| random.below(4) as u8).collect();
        let here = worth(&scores, &labels);
        for at in 0..scores.len() {
            let step = 1e-2;
            let moved = |by: f32| {
                let mut scores = scores.clone();
                scores[at] += by;
                worth(&scores, &labels).loss
            };
            let slope = (moved(step) - moved(-step)) / f64::from(2.0 * step);
            assert!((slope - f64::from(here.slope[at])).abs() < 1e-4, "{at}");
        }
    }
}
