//! Trains the learned screen and judges it on held-out seeds and settings.
//!
//! `cargo run --release -p cordon-screen --example train` writes `src/model/weights.json` and
//! `docs/models/screen-metrics.md`. Everything depends on the seeds below.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line program

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;

use cordon_screen::metrics::Regions;
use cordon_screen::model::{FEATURES, Regressions, Weights, features, trained};
use cordon_screen::synthetic::{Kind, Random, Settings, body, damage};

const COMMAND: &str = "cargo run --release -p cordon-screen --example train";
const SEED: u64 = 20_261_122;
const HELD_OUT_SEED: u64 = 77_000_001;
/// Bodies for each modality, each with one undamaged image and one of every kind.
const TRAINING: usize = 400;
const HELD_OUT: usize = 150;
const SEVERE: usize = 30;
const MODERATE: f64 = 0.5;
const ROUNDS: usize = 400;
const RIDGE: f64 = 2e-3;

struct Row {
    kind: Option<Kind>,
    features: [f64; FEATURES],
}

/// The rows of one body; without a grade, each kind has one of its own between 0.25 and 1.
fn rows(settings: &Settings, modality: &str, seed: u64, grade: Option<f64>) -> Vec<Row> {
    let mut random = Random::new(seed);
    let whole = body(settings, modality, &mut random);
    let mut out = Vec::new();
    let none = [None, None];
    let kinds = Kind::ALL
        .iter()
        .filter(|k| k.is_of(modality))
        .map(|k| Some(*k));
    for (i, kind) in none.into_iter().chain(kinds).enumerate() {
        // Two undamaged ones: this body and another one.
        let mut volume = if i == 1 {
            body(settings, modality, &mut random)
        } else {
            whole.clone()
        };
        if let Some(kind) = kind {
            let own = random.between(0.25, 1.0);
            damage(&mut volume, kind, grade.unwrap_or(own), &mut random);
        }
        if let Some(features) = features(&volume, &Regions::of(&volume)) {
            out.push(Row { kind, features });
        }
    }
    out
}

fn set(
    settings: Settings,
    modality: &'static str,
    seed: u64,
    n: usize,
    grade: Option<f64>,
) -> Vec<Row> {
    let half = n / 2;
    let part = move |range: std::ops::Range<usize>| {
        let one = |i| rows(&settings, modality, seed + 7919 * i as u64, grade);
        range.flat_map(one).collect::<Vec<Row>>()
    };
    let other = thread::spawn(move || part(0..half));
    let mut out = part(half..n);
    out.extend(other.join().unwrap_or_default());
    out
}

fn standard(rows: &[Row]) -> (Vec<f64>, Vec<f64>) {
    let n = rows.len() as f64;
    (0..FEATURES)
        .map(|f| {
            let mean = rows.iter().map(|r| r.features[f]).sum::<f64>() / n;
            let square = rows
                .iter()
                .map(|r| (r.features[f] - mean).powi(2))
                .sum::<f64>();
            (mean, (square / n).sqrt().max(1e-6))
        })
        .unzip()
}

/// Logistic regression with a ridge, by Adam over the whole set; classes weigh alike.
fn regress(inputs: &[Vec<f64>], labels: &[bool]) -> Vec<f64> {
    let mut weights = vec![0.0; FEATURES + 1];
    let (mut first, mut second) = (weights.clone(), weights.clone());
    let positive = labels.iter().filter(|l| **l).count().max(1) as f64;
    let negative = (labels.len() as f64 - positive).max(1.0);
    for round in 1..=ROUNDS {
        let mut slope = vec![0.0; FEATURES + 1];
        for (input, label) in inputs.iter().zip(labels) {
            let sum: f64 = input
                .iter()
                .chain([&1.0])
                .zip(&weights)
                .map(|(f, w)| f * w)
                .sum();
            let wants = f64::from(u8::from(*label));
            let share = 0.5 / if *label { positive } else { negative };
            let error = share * (1.0 / (1.0 + (-sum).exp()) - wants);
            for (s, f) in slope.iter_mut().zip(input.iter().chain([&1.0])) {
                *s += error * f;
            }
        }
        for (i, w) in weights.iter_mut().enumerate() {
            let ridge = if i < FEATURES { RIDGE * *w } else { 0.0 };
            let s = slope[i] + ridge;
            first[i] = 0.9 * first[i] + 0.1 * s;
            second[i] = 0.999 * second[i] + 0.001 * s * s;
            let time = i32::try_from(round).unwrap_or(i32::MAX);
            let a = first[i] / (1.0 - 0.9_f64.powi(time));
            let b = second[i] / (1.0 - 0.999_f64.powi(time));
            *w -= 0.05 * a / (b.sqrt() + 1e-8);
        }
    }
    weights
        .iter_mut()
        .for_each(|w| *w = (*w * 1e6).round() / 1e6);
    weights
}

/// Area under the ROC curve with the 95 % interval of Hanley and McNeil (1982).
fn auroc(positive: &[f64], negative: &[f64]) -> [f64; 3] {
    let (n, m) = (positive.len() as f64, negative.len() as f64);
    let wins: f64 = positive
        .iter()
        .flat_map(|p| {
            negative.iter().map(move |q| match p.total_cmp(q) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            })
        })
        .sum();
    let a = wins / (n * m);
    let (q1, q2) = (a / (2.0 - a), 2.0 * a * a / (1.0 + a));
    let variance = a * (1.0 - a) + (n - 1.0) * (q1 - a * a) + (m - 1.0) * (q2 - a * a);
    let reach = 1.96 * (variance / (n * m)).max(0.0).sqrt();
    [a, (a - reach).max(0.0), (a + reach).min(1.0)]
}

/// Trains the regressions of one modality.
fn learn(modality: &'static str) -> Regressions {
    let training = set(Settings::TRAINING, modality, SEED, TRAINING, None);
    eprintln!("{modality}: {} rows to learn from", training.len());
    let (mean, deviation) = standard(&training);
    let round = |list: Vec<f64>| list.iter().map(|v| (v * 1e6).round() / 1e6).collect();
    let deviation = deviation
        .iter()
        .map(|v| ((v * 1e6).round() / 1e6).max(1e-6));
    let mut regressions = Regressions {
        mean: round(mean),
        deviation: deviation.collect(),
        kinds: BTreeMap::new(),
    };
    let inputs: Vec<Vec<f64>> = training
        .iter()
        .map(|r| regressions.standard(&r.features))
        .collect();
    for kind in Kind::ALL.into_iter().filter(|k| k.is_of(modality)) {
        let labels: Vec<bool> = training.iter().map(|r| r.kind == Some(kind)).collect();
        let made = regress(&inputs, &labels);
        regressions.kinds.insert(kind.name().to_owned(), made);
    }
    regressions
}

/// Judges one modality on held-out seeds and settings; lines of the table.
fn evaluate(weights: &Weights, modality: &'static str, table: &mut String) {
    let held = |n, seed, grade| set(Settings::HELD_OUT, modality, seed, n, Some(grade));
    let severe = held(SEVERE, HELD_OUT_SEED + 1, 1.0);
    let held = held(HELD_OUT, HELD_OUT_SEED, MODERATE);
    // What the model refuses to judge is not found.
    let known = |r: &&Row| weights.knows(modality, &r.features);
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    for kind in Kind::ALL.into_iter().filter(|k| k.is_of(modality)) {
        let probability = |r: &Row| weights.probability(modality, kind.name(), &r.features);
        let of = |is: &dyn Fn(Option<Kind>) -> bool| -> Vec<f64> {
            let rows = held.iter().filter(|r| is(r.kind));
            rows.filter_map(probability).collect()
        };
        let (own, none) = (of(&|k| k == Some(kind)), of(&|k| k.is_none()));
        let [a, low, high] = auroc(&own, &none);
        let [b, ..] = auroc(&own, &of(&|k| k != Some(kind)));
        let found = |is: Option<Kind>, n: usize| {
            let rows = held.iter().filter(|r| r.kind == is).filter(known);
            let sure = rows.filter_map(probability).filter(|p| *p > 0.95);
            percent(sure.count(), n)
        };
        let judged = |rows: &[Row]| {
            let own = || rows.iter().filter(|r| r.kind == Some(kind));
            percent(own().filter(known).count(), own().count())
        };
        let line = format!(
            "| {modality} | {} | {a:.3} ({low:.3} to {high:.3}) | {b:.3} | {:.0} % | {:.1} % | {:.0} % | {:.0} % |",
            kind.name(),
            found(Some(kind), own.len()),
            found(None, none.len()),
            judged(&held),
            judged(&severe),
        );
        println!("{line}");
        let _ = writeln!(table, "{line}");
    }
}

fn main() -> std::io::Result<()> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let again = std::env::args().any(|a| a == "evaluate");
    let weights = if again {
        trained().map_err(std::io::Error::other)?
    } else {
        let learnt = ["MR", "CT"].map(|m| (m.to_owned(), learn(m)));
        let weights = Weights {
            command: COMMAND.to_owned(),
            seed: SEED,
            modalities: learnt.into(),
        };
        let json = serde_json::to_string(&weights).unwrap_or_default();
        let path = format!("{root}/crates/screen/src/model/weights.json");
        std::fs::write(path, json + "\n")?;
        weights
    };
    let mut table = String::from(
        "| modality | damage | AUROC against undamaged | against all others | found at 0.95 | false at 0.95 | judged | judged when severe |\n|---|---|---|---|---|---|---|---|\n",
    );
    for modality in ["MR", "CT"] {
        evaluate(&weights, modality, &mut table);
    }
    let page = format!(
        "<!-- written by `{COMMAND}`, or with `-- evaluate` behind it for the measurement alone -->\n\
         # The learned screen, measured\n\n\
         Training seed {SEED}, {TRAINING} bodies for each modality; held out: seed {HELD_OUT_SEED}, \
         {HELD_OUT} bodies, settings `Settings::HELD_OUT`, grade {MODERATE} (moderate); severe: {SEVERE} \
         bodies, grade 1. {} parameters. Intervals: 95 %, Hanley and McNeil.\n\n{table}",
        weights.parameters()
    );
    std::fs::create_dir_all(format!("{root}/docs/models"))?;
    std::fs::write(format!("{root}/docs/models/screen-metrics.md"), page)
}
