//! `cordon-train`: makes the weights from synthetic data and measures them on more of it.
//!
//! There are no patients in here. Every image comes from a generator with a seed; held-out sets
//! are made with other seeds and other settings than those for training.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line program

mod device;
mod heads;
mod pace;
mod random;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Makes the networks' weights from synthetic data, and measures them.
#[derive(Parser)]
#[command(name = "cordon-train", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

/// Which examples, and where they go.
#[derive(Args)]
struct Peek {
    /// Seed of the first.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many.
    #[arg(long, default_value_t = 8)]
    count: u64,
    /// Weights of a network whose answer is written beside them.
    #[arg(long)]
    net: Option<PathBuf>,
    /// Where they go.
    out: PathBuf,
}

#[derive(Subcommand)]
enum Task {
    /// Train the network that finds heads and their parts.
    Heads(heads::Training),
    /// Train the network that judges rendered heads.
    Views(heads::ViewTraining),
    /// Measure both, and the cut between them, on heads that training has never seen.
    MeasureFaces(heads::Measuring),
    /// Write examples of heads as raw numbers.
    PeekHeads(Peek),
    /// Write examples of rendered heads as raw numbers.
    PeekViews(Peek),
    /// Train the network that finds text.
    Text(text::learn::Options),
    /// Measure it on pictures whose settings training has never seen.
    MeasureText(text::measure::Options),
    /// Train the network that reads a line.
    Lines(text::reading::Options),
    /// Measure it on lines whose fonts training has never seen.
    MeasureLines(text::reading::Measuring),
    /// Write some pictures of the generator with their boxes, to look at.
    ShowText(text::show::Options),
    /// Look for text on real files with weights in the making.
    TryText(text::show::Try),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Heads(options) => heads::train(&options),
        Task::Views(options) => heads::train_views(&options),
        Task::MeasureFaces(options) => heads::measure(&options),
        Task::PeekHeads(p) => heads::peek(p.seed, p.count, &p.out),
        Task::PeekViews(p) => heads::peek_views(p.seed, p.count, p.net.as_deref(), &p.out),
        Task::Text(options) => text::learn::run(&options).map_err(|e| e.to_string()),
        Task::MeasureText(options) => text::measure::run(&options).map_err(|e| e.to_string()),
        Task::Lines(options) => text::reading::run(&options).map_err(|e| e.to_string()),
        Task::MeasureLines(options) => text::reading::measure(&options).map_err(|e| e.to_string()),
        Task::ShowText(options) => text::show::run(&options).map_err(|e| e.to_string()),
        Task::TryText(options) => text::show::look(&options).map_err(|e| e.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cordon-train: {failure}");
            ExitCode::FAILURE
        }
    }
}
