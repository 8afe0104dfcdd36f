//! Trains the network that finds heads.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;

use burn::module::Module as _;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Tensor, TensorData};
use cordon_nets::head::{EDGE, HeadNet, LABELS};
use cordon_nets::weights;

use super::curve::{Curve, Kept};
use super::scan::{Example, example};
use super::worth::worth;
use crate::pace::{End, Pace};
use crate::random::Random;

/// The edge of a voxel that the network looks at, in millimetres.
pub(crate) const STEP: f64 = cordon_deface::NET_STEP;

/// How a training runs.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Training {
    /// Seed of the first example; held-out sets use other millions.
    #[arg(long, default_value_t = 1_000_000)]
    seed: u64,
    #[command(flatten)]
    end: End,
    /// The greatest rate of learning.
    #[arg(long, default_value_t = 8e-3)]
    rate: f64,
    /// Volumes in a step.
    #[arg(long, default_value_t = 2)]
    batch: usize,
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

/// What the curve shows.
const SHOWN: [(usize, &str); 6] = [
    (2, "brain"),
    (3, "eyes"),
    (4, "nose"),
    (5, "mouth"),
    (6, "ears"),
    (7, "face"),
];

/// Volumes that are kept and shown again, mirrored or not.
const KEPT: usize = 600;

pub(crate) fn train(options: &Training) -> Result<(), String> {
    let device = crate::device::training();
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
    let seed = options.seed;
    std::thread::spawn(move || {
        for i in 0.. {
            if send.send(vec![example(seed + i, EDGE, STEP)]).is_err() {
                return;
            }
        }
    });
    let mut kept: Kept<Example> = Kept::new(KEPT);
    let mut random = Random::new(seed ^ 0x51DE);
    let mut curve = Curve::new(&SHOWN);
    let pace = Pace::new(&options.end, options.rate);
    for step in 1.. {
        let rate = pace.rate(step - 1);
        if rate.is_none() || step % 250 == 0 {
            save(&net, options, &curve.text)?;
        }
        let Some(rate) = rate else { break };
        kept.refill(&receive, true);
        let n = options.batch;
        let (mut cubes, mut truth) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let Some(example) = kept.any(&mut random) else {
                break;
            };
            let example = example.varied(EDGE, &mut random);
            cubes.extend(example.cube);
            truth.extend(example.labels);
        }
        let input: Tensor<5> =
            Tensor::from_data(TensorData::new(cubes, [n, 1, EDGE, EDGE, EDGE]), &device);
        let scores = net.forward(input);
        let numbers: Vec<f32> = scores.clone().into_data().iter::<f32>().collect();
        let worth = worth(&numbers, &truth, &WEIGHTS, EDGE.pow(3));
        curve.add(step, pace.seconds(), &worth);
        // A sum with the slopes as factors has them as its derivative.
        let slope: Tensor<5> = Tensor::from_data(
            TensorData::new(worth.slope, [n, LABELS, EDGE, EDGE, EDGE]),
            &device,
        );
        let gradients = GradientsParams::from_grads((scores * slope).sum().backward(), &net);
        net = optimiser.step(rate, net, gradients);
    }
    Ok(())
}

fn save(net: &HeadNet, options: &Training, curve: &str) -> Result<(), String> {
    let bytes = weights::save(net, "head").map_err(|e| e.to_string())?;
    std::fs::write(&options.out, bytes).map_err(|e| e.to_string())?;
    std::fs::write(&options.curve, curve).map_err(|e| e.to_string())
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
