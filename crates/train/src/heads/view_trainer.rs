//! Trains the network that judges rendered heads.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;

use burn::module::Module as _;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use cordon_nets::view::{CHANNELS, KINDS, SIZE, ViewNet};
use cordon_nets::weights;

use super::curve::{Curve, Kept};
use super::views::{Shown, pictures};
use super::worth::worth;
use crate::pace::{End, Pace};
use crate::random::Random;

/// How a training runs.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ViewTraining {
    /// Seed of the first example; held-out sets use other millions.
    #[arg(long, default_value_t = 300_000_000)]
    seed: u64,
    #[command(flatten)]
    end: End,
    /// The greatest rate of learning.
    #[arg(long, default_value_t = 8e-3)]
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

const WEIGHTS: [f32; KINDS] = [1.0, 3.0, 3.0, 3.0, 3.0, 1.5];

/// What the curve shows.
const SHOWN: [(usize, &str); 5] = [
    (1, "eyes"),
    (2, "nose"),
    (3, "mouth"),
    (4, "ears"),
    (5, "face"),
];

/// Pictures in a step.
const BATCH: usize = 6;
/// Pictures that are kept and shown again, varied: making one takes longer than learning from it.
const KEPT: usize = 1500;

/// Whole heads with clean surfaces first: the share of all that is to be learned, after so many.
fn hard(head: u64) -> f64 {
    (head as f64 / 600.0 - 0.5).clamp(0.0, 1.0)
}

pub(crate) fn train_views(options: &ViewTraining) -> Result<(), String> {
    let device = crate::device::training();
    let mut net = ViewNet::new(&device);
    if let Some(path) = &options.from {
        let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
        net = weights::load_unchecked(net, "view", bytes).map_err(|e| e.to_string())?;
    }
    let mut optimiser = AdamWConfig::new()
        .with_weight_decay(1e-3)
        .with_epsilon(1e-8)
        .init();
    println!("{} weights", net.num_params());
    let (send, receive) = sync_channel(4);
    let (seed, goes_on) = (options.seed, options.from.is_some());
    std::thread::spawn(move || {
        for i in 0.. {
            let hard = if goes_on { 1.0 } else { hard(i) };
            if send.send(pictures(seed + i, hard)).is_err() {
                return;
            }
        }
    });
    let mut kept = Kept::new(KEPT);
    let mut random = Random::new(seed ^ 0x51DE);
    let mut curve = Curve::new(&SHOWN);
    let pace = Pace::new(&options.end, options.rate);
    for step in 1.. {
        let rate = pace.rate(step - 1);
        if rate.is_none() || step % 250 == 0 {
            save(&net, options, &curve.text)?;
        }
        let Some(rate) = rate else { break };
        kept.refill(&receive, step % 4 == 0);
        let mut shown: Vec<Shown> = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            shown.extend(
                kept.any(&mut random)
                    .map(|one: &Shown| one.varied(&mut random)),
            );
        }
        let n = shown.len();
        let input: Vec<f32> = shown.iter().flat_map(|s| s.view.channels()).collect();
        let input: Tensor<4> =
            Tensor::from_data(TensorData::new(input, [n, CHANNELS, SIZE, SIZE]), &device);
        let scores = net.forward(input);
        let truth: Vec<u8> = shown.iter().flat_map(|s| s.kinds.clone()).collect();
        let numbers: Vec<f32> = scores.clone().into_data().iter::<f32>().collect();
        let worth = worth(&numbers, &truth, &WEIGHTS, SIZE * SIZE);
        curve.add(step, pace.seconds(), &worth);
        // A sum with the slopes as factors has them as its derivative.
        let slope: Tensor<4> = Tensor::from_data(
            TensorData::new(worth.slope, [n, KINDS, SIZE, SIZE]),
            &device,
        );
        let gradients = GradientsParams::from_grads((scores * slope).sum().backward(), &net);
        net = optimiser.step(rate, net, gradients);
    }
    Ok(())
}

fn save(net: &ViewNet, options: &ViewTraining, curve: &str) -> Result<(), String> {
    let bytes = weights::save(net, "view").map_err(|e| e.to_string())?;
    std::fs::write(&options.out, bytes).map_err(|e| e.to_string())?;
    std::fs::write(&options.curve, curve).map_err(|e| e.to_string())
}

/// Writes pictures, kinds and what the network makes of them as raw numbers, to be looked at.
pub(crate) fn peek_views(
    seed: u64,
    count: u64,
    net: Option<&std::path::Path>,
    out: &std::path::Path,
) -> Result<(), String> {
    let device = Device::flex();
    let net = match net {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
            let net = weights::load_unchecked(ViewNet::new(&device), "view", bytes);
            Some(net.map_err(|e| e.to_string())?)
        }
        None => None,
    };
    for i in 0..count {
        let shown = pictures(seed + i, 1.0);
        let mut bytes = Vec::new();
        for shown in &shown {
            let channels = shown.view.channels();
            bytes.extend(channels.iter().flat_map(|v| v.to_le_bytes()));
            bytes.extend(&shown.kinds);
            if let Some(net) = &net {
                let answer = cordon_nets::device::wait(net.judge(channels, &device))
                    .map_err(|e| e.to_string())?;
                bytes.extend(answer.iter().flat_map(|v| v.to_le_bytes()));
            }
        }
        std::fs::write(out.join(format!("{}.view", seed + i)), bytes).map_err(|e| e.to_string())?;
    }
    Ok(())
}
