//! The training of the network that reads a line (`cordon_nets::line`), and its measurement: lines
//! in the generator's fonts and styles, boxed as roughly as the detector boxes them.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::mpsc;

use burn::nn::loss::CTCLossConfig;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor, TensorData};
use clap::Args;
use cordon_nets::device::wait;
use cordon_nets::line::{CLASSES, COLUMNS, LETTERS, LineNet, TALL, WIDE};
use cordon_nets::{Device, weights};
use cordon_protocol::HarmlessText;
use cordon_text::{Reading, TextBox, View, harmless, line_of};

use super::background::{self, Look};
use super::damage;
use super::negatives;
use super::random::Random;
use super::scene::{Settings, Style, Writer};
use super::scripts::Scripts;
use super::words;
use crate::pace::{End, Pace};

/// How to train.
#[derive(Args)]
pub(crate) struct Options {
    /// The seed of the lines.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    end: End,
    /// Lines in a step.
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// The greatest rate of learning.
    #[arg(long, default_value_t = 4e-3)]
    rate: f64,
    /// A folder with the fonts of other scripts, which it learns to give up on.
    #[arg(long, value_name = "DIR")]
    fonts: PathBuf,
    /// Go on from these weights.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Where the weights go; the curve goes beside them.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What to measure.
#[derive(Args)]
pub(crate) struct Measuring {
    /// How many lines of each sort.
    #[arg(long, default_value_t = 1000)]
    n: u64,
    /// The seed.
    #[arg(long, default_value_t = 900_001)]
    seed: u64,
    /// The weights.
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// The folder with the fonts of other scripts.
    #[arg(long, value_name = "DIR")]
    fonts: PathBuf,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Marker,
    Figure,
    Window,
    /// What people and devices write: names, dates, numbers, places.
    Words,
    /// Letters of other scripts, or none.
    Other,
}

/// A line as the reader gets it, and its letters: classes, the last for what is no letter.
struct Line {
    ink: Vec<f32>,
    letters: Vec<usize>,
    text: String,
}

fn said(sort: Sort, random: &mut Random) -> String {
    match sort {
        Sort::Marker => random
            .pick(&[
                "L", "R", "L", "R", "L", "R", "LT", "RT", "LL", "RL", "AP", "PA", "A", "P", "H",
                "F", "S", "I", "LA", "RA", "LP", "RP", "CC", "MLO", "LMLO", "RMLO", "LCC", "RCC",
            ])
            .to_owned(),
        Sort::Figure => {
            let most = [10, 30, 300][random.below(3)];
            let n = random.below(most);
            let unit = ["", "", "", "", " cm", "cm", " mm"][random.below(7)];
            let dash = ["", "", "", "-", "- "][random.below(5)];
            format!("{dash}{n}{unit}")
        }
        Sort::Window => {
            let most = [100, 1000, 4000];
            let (wide, far) = (most[random.below(3)], most[random.below(3)]);
            let (w, l) = (random.between(1, wide), random.below(far));
            let minus = if random.chance(0.25) { "-" } else { "" };
            match random.below(7) {
                0 => format!("W {w} L {minus}{l}"),
                1 => format!("WW:{w} WL:{minus}{l}"),
                2 => format!("C{minus}{l} W{w}"),
                3 => format!("W:{w}/L:{minus}{l}"),
                4 => format!("WW {w} WL {minus}{l}"),
                5 => format!("W{w} C{minus}{l}"),
                _ => format!("W={w} L={minus}{l}"),
            }
        }
        Sort::Words | Sort::Other => words::line(random),
    }
}

/// Makes one line; none where it was drawn on nothing or is too long.
fn line(settings: &Settings, scripts: &Scripts, sort: Sort, random: &mut Random) -> Option<Line> {
    let text = said(sort, random);
    let mut style = Style::new(settings, random);
    if sort == Sort::Marker && random.chance(0.5) {
        style.size = random.log_range(12.0, 60.0);
    }
    let none = sort == Sort::Other && random.chance(0.4);
    let ink = if sort == Sort::Other && !none {
        scripts.write(style.size, random)?
    } else {
        settings.fonts.write(&text, style.size, random)?
    };
    let edge = |long: usize, random: &mut Random| {
        (long + 12 + random.between(0, long.min(60) + 24)).max(40)
    };
    let (width, height) = (edge(ink.width, random), edge(ink.height, random));
    let look = Look::ALL[random.below(Look::ALL.len())];
    let mut canvas = background::draw(look, width, height, random);
    canvas.map(|v| v.clamp(0.0, 1.0));
    if none || random.chance(0.1) {
        for _ in 0..random.between(1, 3) {
            negatives::draw(&mut canvas, random);
        }
    }
    let place = |free: usize, random: &mut Random| 2 + random.below(free.saturating_sub(4).max(1));
    let x = place(width - ink.width, random);
    let y = place(height - ink.height, random);
    let mut writer = Writer::on(&mut canvas, settings);
    let area = if none {
        super::scene::Area {
            x: x as i32,
            y: y as i32,
            w: ink.width as i32,
            h: ink.height as i32,
        }
    } else {
        writer.put(&ink, x as i32, y as i32, &style)?
    };
    if random.chance(0.2) {
        damage::blur(&mut canvas, random.range(0.35, 0.7));
    }
    if random.chance(0.25) {
        damage::window(&mut canvas, random);
    }
    if random.chance(0.2) {
        background::noise(&mut canvas, random.range(0.005, 0.04), random);
    }
    if random.chance(0.3) {
        damage::jpeg(&mut canvas, random.range(settings.quality, 95.0));
    }
    canvas.map(|v| v.clamp(0.0, 1.0));
    // As roughly as the detector, whose cells are four pixels wide.
    let slack = |random: &mut Random| random.below(5 + area.h as usize / 5) as i32;
    let (l, t, r, f) = (slack(random), slack(random), slack(random), slack(random));
    let (x0, y0) = ((area.x - l).max(0), (area.y - t).max(0));
    let view = View {
        width,
        height,
        shades: canvas.shades,
        factor: 1,
    };
    let place = TextBox {
        frame: 0,
        x: x0.unsigned_abs(),
        y: y0.unsigned_abs(),
        width: (area.x + area.w + r - x0).unsigned_abs(),
        height: (area.y + area.h + f - y0).unsigned_abs(),
    };
    let ink = line_of(&view, &place, TALL, WIDE)?;
    let class = |c: char| LETTERS.find(c).map_or(CLASSES - 1, |at| at + 1);
    let letters = if sort == Sort::Other {
        vec![CLASSES - 1]
    } else {
        text.chars().map(class).collect()
    };
    // As many columns as letters, and one more between two of the same kind.
    let pairs = letters.windows(2).filter(|p| p[0] == p[1]).count();
    (letters.len() + pairs < COLUMNS).then_some(Line { ink, letters, text })
}

fn batch(settings: &Settings, scripts: &Scripts, seed: u64, from: u64, size: usize) -> Vec<Line> {
    let mut out = Vec::with_capacity(size);
    for number in from.. {
        let random = &mut Random::new(seed, number);
        let sort = match random.below(20) {
            0..=2 => Sort::Marker,
            3 | 4 => Sort::Figure,
            5..=7 => Sort::Window,
            8..=16 => Sort::Words,
            _ => Sort::Other,
        };
        out.extend(line(settings, scripts, sort, random));
        if out.len() == size {
            break;
        }
    }
    out
}

/// Trains.
pub(crate) fn run(options: &Options) -> std::io::Result<()> {
    let device = crate::device::training();
    let mut net = LineNet::new(&device);
    if let Some(from) = &options.from {
        net =
            weights::load_unchecked(net, "line", fs::read(from)?).map_err(std::io::Error::other)?;
    }
    let mut optimizer = AdamWConfig::new()
        .with_weight_decay(1e-3)
        .with_epsilon(1e-8)
        .init();
    let mut curve = fs::File::create(options.out.with_extension("csv"))?;
    writeln!(curve, "step,seconds,rate,loss")?;
    let scripts = Scripts::read(&options.fonts, false)?;
    let (send, batches) = mpsc::sync_channel(4);
    let (seed, size) = (options.seed, options.batch);
    std::thread::spawn(move || {
        let settings = Settings::training();
        // Far enough apart for those that cannot be drawn.
        for step in 0_u64.. {
            let lines = batch(&settings, &scripts, seed, step * 4 * size as u64, size);
            if send.send(lines).is_err() {
                return;
            }
        }
    });
    let loss_of = CTCLossConfig::new().with_zero_infinity(true).init();
    let pace = Pace::new(&options.end, options.rate);
    let mut smooth = None;
    for (step, lines) in batches.iter().enumerate() {
        let Some(rate) = pace.rate(step) else { break };
        let n = lines.len();
        let ink: Vec<f32> = lines.iter().flat_map(|l| l.ink.iter().copied()).collect();
        let long = lines.iter().map(|l| l.letters.len()).max().unwrap_or(1);
        let letters: Vec<i64> = lines
            .iter()
            .flat_map(|l| {
                let padding = std::iter::repeat_n(1, long - l.letters.len());
                l.letters.iter().map(|&c| c as i64).chain(padding)
            })
            .collect();
        let lengths: Vec<i64> = lines.iter().map(|l| l.letters.len() as i64).collect();
        let ints =
            |v: Vec<i64>| -> Tensor<1, Int> { Tensor::from_data(TensorData::new(v, [n]), &device) };
        let input: Tensor<4> = Tensor::from_data(TensorData::new(ink, [n, 1, TALL, WIDE]), &device);
        let scores = log_softmax(net.forward(input), 1).permute([2, 0, 1]);
        let loss = loss_of
            .forward(
                scores,
                Tensor::from_data(TensorData::new(letters, [n, long]), &device),
                ints(vec![COLUMNS as i64; n]),
                ints(lengths),
            )
            .mean();
        let value = loss.clone().into_scalar::<f32>();
        let grads = GradientsParams::from_grads(loss.backward(), &net);
        net = optimizer.step(rate, net, grads);
        let now = smooth.map_or(value, |s: f32| 0.98 * s + 0.02 * value);
        smooth = Some(now);
        if step % 20 == 0 {
            writeln!(curve, "{step},{:.0},{rate:.6},{now:.4}", pace.seconds())?;
        }
        if step % 100 == 0 {
            println!(
                "{step} {:.0} s  rate {rate:.5}  loss {now:.4}",
                pace.seconds()
            );
        }
        if step % 500 == 499 {
            save(&net, options)?;
        }
    }
    save(&net, options)
}

fn save(net: &LineNet, options: &Options) -> std::io::Result<()> {
    let bytes = weights::save(net, "line").map_err(std::io::Error::other)?;
    println!("saved: {} bytes, {}", bytes.len(), weights::digest(&bytes));
    fs::write(&options.out, bytes)
}

/// Measures: how many lines of each sort would stay, each alone on its picture, with all kinds kept.
/// Figures count as three in steps.
pub(crate) fn measure(options: &Measuring) -> std::io::Result<()> {
    let device = Device::flex();
    let net = LineNet::new(&device);
    let net = weights::load_unchecked(net, "line", fs::read(&options.weights)?)
        .map_err(std::io::Error::other)?;
    let settings = Settings::held_out();
    let scripts = Scripts::read(&options.fonts, true)?;
    let all = [
        HarmlessText::SideMarker,
        HarmlessText::Ruler,
        HarmlessText::WindowValue,
    ];
    println!("| lines | read in full and sure | would stay |\n|---|---|---|");
    for (sort, name) in [
        (Sort::Marker, "side markers"),
        (Sort::Figure, "figures of a ruler"),
        (Sort::Window, "windows"),
        (Sort::Words, "names, numbers, dates, places, devices"),
        (Sort::Other, "other scripts, and no text"),
    ] {
        let (mut n, mut read, mut stay) = (0, 0, 0);
        let mut number = 0;
        while n < options.n {
            let random = &mut Random::new(options.seed ^ name.len() as u64, number);
            number += 1;
            let Some(line) = line(&settings, &scripts, sort, random) else {
                continue;
            };
            let answer = wait(net.read(line.ink, &device)).map_err(std::io::Error::other)?;
            let reading = Reading::of(&answer, LETTERS);
            let place = TextBox {
                frame: 0,
                x: 50,
                y: 50,
                width: 20,
                height: 14,
            };
            let kept = match sort {
                Sort::Figure => reading.is_sure() && reading.text() == line.text,
                _ => harmless(&[place], std::slice::from_ref(&reading), &all)[0].is_some(),
            };
            n += 1;
            read += u64::from(reading.is_sure() && reading.text() == line.text);
            stay += u64::from(kept);
            // What stays of the dangerous sorts, to be looked at: the lines are made up.
            if kept && matches!(sort, Sort::Words | Sort::Other) {
                println!("<!-- {:?} read as {:?} -->", line.text, reading.text());
            }
        }
        let share = |k| super::measure::share(k, n);
        println!("| {name} | {} | {} |", share(read), share(stay));
    }
    Ok(())
}
