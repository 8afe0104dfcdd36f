//! Trains the network that judges rendered heads.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use burn::module::Module as _;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use cordon_nets::view::{CHANNELS, KINDS, SIZE, ViewNet};
use cordon_nets::weights;

use super::views::pictures;

/// How a training runs.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ViewTraining {
    /// Seed of the first example; held-out sets use other millions.
    #[arg(long, default_value_t = 300_000_000)]
    seed: u64,
    /// Steps, the five pictures of one head each.
    #[arg(long, default_value_t = 4000)]
    steps: usize,
    /// Rate at the start, falling to nought along half a cosine.
    #[arg(long, default_value_t = 3e-3)]
    rate: f64,
    /// Where the weights go.
    #[arg(long)]
    out: PathBuf,
    /// Where the curve goes.
    #[arg(long)]
    curve: PathBuf,
}

const WEIGHTS: [f32; KINDS] = [1.0, 3.0, 3.0, 3.0, 3.0, 1.5];

/// Easy for a third of the way, then harder until the half.
fn hard(step: u64, steps: usize) -> f64 {
    ((step as f64 / steps as f64 - 0.33) / 0.17).clamp(0.0, 1.0)
}

pub(crate) fn train_views(options: &ViewTraining) -> Result<(), String> {
    let device = Device::flex().autodiff();
    let mut net = ViewNet::new(&device);
    let mut optimiser = AdamWConfig::new()
        .with_weight_decay(1e-3)
        .with_epsilon(1e-8)
        .init();
    println!("{} weights", net.num_params());
    let (send, receive) = sync_channel(4);
    let (seed, steps) = (options.seed, options.steps);
    std::thread::spawn(move || {
        for i in 0..steps as u64 {
            if send.send(pictures(seed + i, hard(i, steps))).is_err() {
                return;
            }
        }
    });
    let mut curve =
        String::from("step,seconds,loss,dice_eyes,dice_nose,dice_mouth,dice_ears,dice_face\n");
    let start = Instant::now();
    let mut mean = 0.0;
    let mut dice = [(0.0, 0.0); KINDS];
    for step in 1..=steps {
        let Ok(shown) = receive.recv() else { break };
        let n = shown.len();
        let input: Vec<f32> = shown.iter().flat_map(|s| s.view.channels()).collect();
        let warm = (step as f64 / 100.0).min(1.0);
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
        let input: Tensor<4> =
            Tensor::from_data(TensorData::new(input, [n, CHANNELS, SIZE, SIZE]), &device);
        let scores = net.forward(input);
        let area = SIZE * SIZE;
        let mut truth = vec![0f32; n * KINDS * area];
        let mut weight = vec![0f32; n * area];
        for (k, s) in shown.iter().enumerate() {
            for (i, &kind) in s.kinds.iter().enumerate() {
                let kind = usize::from(kind).min(KINDS - 1);
                truth[(k * KINDS + kind) * area + i] = 1.0;
                weight[k * area + i] = WEIGHTS[kind];
            }
        }
        let total: f32 = weight.iter().sum();
        let truth: Tensor<3> = Tensor::from_data(TensorData::new(truth, [n, KINDS, area]), &device);
        let weight: Tensor<3> = Tensor::from_data(TensorData::new(weight, [n, 1, area]), &device);
        let log = log_softmax(scores.reshape([n, KINDS, area]), 1);
        let loss = (log.clone() * truth.clone() * weight).sum().neg() / total;
        let share = log.exp();
        let both = numbers((share.clone() * truth.clone()).sum_dim(2).sum_dim(0));
        let either = numbers((share + truth).sum_dim(2).sum_dim(0));
        for (k, sum) in dice.iter_mut().enumerate() {
            sum.0 += both[k];
            sum.1 += either[k];
        }
        mean += f64::from(loss.clone().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
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
                "{step},{:.0},{:.4},{:.3},{:.3},{:.3},{:.3},{:.3}\n",
                start.elapsed().as_secs_f64(),
                mean / 50.0,
                d[1],
                d[2],
                d[3],
                d[4],
                d[5]
            );
            print!("{line}");
            curve.push_str(&line);
            mean = 0.0;
            dice = [(0.0, 0.0); KINDS];
        }
        if step % 250 == 0 || step == steps {
            let bytes = weights::save(&net, "view").map_err(|e| e.to_string())?;
            std::fs::write(&options.out, bytes).map_err(|e| e.to_string())?;
            std::fs::write(&options.curve, &curve).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

fn numbers(tensor: Tensor<3>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
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
