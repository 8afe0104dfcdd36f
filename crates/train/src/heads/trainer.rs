//! Trains the network that finds heads.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use burn::module::Module as _;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::log_softmax;
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
    let mut optimiser = AdamWConfig::new().with_weight_decay(1e-3).init();
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
    let mut curve = String::from("step,seconds,loss,dice_brain,dice_eyes,dice_nose,dice_mouth,dice_ears,dice_face\n");
    let start = Instant::now();
    let mut mean = 0.0;
    let mut dice = [(0.0, 0.0); LABELS];
    for step in 1..=steps {
        let Ok(example) = receive.recv() else { break };
        let warm = (step as f64 / 100.0).min(1.0);
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
        let input: Tensor<5> =
            Tensor::from_data(TensorData::new(example.cube, [1, 1, EDGE, EDGE, EDGE]), &device);
        let scores = net.forward(input);
        let (loss, seen) = loss(scores, &example.labels, &device);
        for (sum, (both, either)) in dice.iter_mut().zip(seen) {
            sum.0 += both;
            sum.1 += either;
        }
        let value: f32 = loss.clone().into_scalar::<f32>();
        mean += f64::from(value);
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = optimiser.step(options.rate * warm * fall, net, gradients);
        if step % 50 == 0 {
            let d = dice.map(|(both, either)| if either > 0.0 { 2.0 * both / either } else { 0.0 });
            let line = format!(
                "{step},{:.0},{:.4},{:.3},{:.3},{:.3},{:.3},{:.3},{:.3}\n",
                start.elapsed().as_secs_f64(),
                mean / 50.0,
                d[2], d[3], d[4], d[5], d[6], d[7]
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

/// Weighted cross entropy plus one minus the soft Dice of the labels that are there; and, for the
/// curve, overlap and sizes of each label.
fn loss(scores: Tensor<5>, labels: &[u8], device: &Device) -> (Tensor<1>, [(f64, f64); LABELS]) {
    let n = EDGE.pow(3);
    let mut truth = vec![0f32; LABELS * n];
    let mut weight = vec![0f32; n];
    let mut count = [0usize; LABELS];
    for (i, &label) in labels.iter().enumerate() {
        let label = usize::from(label).min(LABELS - 1);
        truth[label * n + i] = 1.0;
        weight[i] = WEIGHTS[label];
        count[label] += 1;
    }
    let total: f32 = weight.iter().sum();
    let truth: Tensor<2> = Tensor::from_data(TensorData::new(truth, [LABELS, n]), device);
    let weight: Tensor<2> = Tensor::from_data(TensorData::new(weight, [1, n]), device);
    let log = log_softmax(scores.reshape([LABELS, n]), 0);
    let entropy = (log.clone() * truth.clone() * weight).sum().neg() / total;
    let share = log.exp();
    let both = (share.clone() * truth.clone()).sum_dim(1);
    let either = share.sum_dim(1) + truth.sum_dim(1);
    let (b, e) = (numbers(both.clone()), numbers(either.clone()));
    let present: Vec<f32> = count.iter().map(|&c| if c > 0 { 1.0 } else { 0.0 }).collect();
    let kinds: f32 = present.iter().sum();
    let present: Tensor<2> = Tensor::from_data(TensorData::new(present, [LABELS, 1]), device);
    let dice = (both * 2.0 + 1.0) / (either + 1.0);
    let missing = (present.clone() - dice * present).sum() / kinds;
    let mut seen = [(0.0, 0.0); LABELS];
    for (l, pair) in seen.iter_mut().enumerate() {
        *pair = (b[l], e[l]);
    }
    (entropy + missing, seen)
}

fn numbers(tensor: Tensor<2>) -> Vec<f64> {
    tensor
        .into_data()
        .iter::<f64>()
        .collect()
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
