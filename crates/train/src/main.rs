//! `cordon-train`: makes the weights from synthetic data and measures them on more of it.
//!
//! There are no patients in here. Every image comes from a generator with a seed; held-out sets
//! are made with other seeds and other settings than those for training.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to the person who started it")]

mod heads;
mod random;
mod text;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Makes the weights of Cordon's networks from synthetic data")]
struct Options {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Train the network that finds heads and their parts.
    Heads(heads::Training),
    /// Train the network that judges rendered heads.
    Views(heads::ViewTraining),
    /// Write examples of pictures to a folder.
    PeekViews {
        /// Seed of the first.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many.
        #[arg(long, default_value_t = 8)]
        count: u64,
        /// Where they go.
        out: std::path::PathBuf,
    },
    /// Train the network that finds text.
    Text(text::learn::Options),
    /// Measure it on pictures whose settings training has never seen.
    MeasureText(text::measure::Options),
    /// Write some pictures of the generator with their boxes, to look at.
    ShowText(text::show::Options),
    /// Look for text on real files with weights in the making.
    TryText(text::show::Try),
    /// Write examples of heads to a folder.
    PeekHeads {
        /// Seed of the first.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many.
        #[arg(long, default_value_t = 8)]
        count: u64,
        /// Where they go.
        out: std::path::PathBuf,
    },
}

fn main() -> Result<(), String> {
    match Options::parse().subject {
        Subject::Heads(training) => heads::train(&training),
        Subject::Views(training) => heads::train_views(&training),
        Subject::Text(options) => text::learn::run(&options).map_err(|e| e.to_string()),
        Subject::MeasureText(options) => text::measure::run(&options).map_err(|e| e.to_string()),
        Subject::ShowText(options) => text::show::run(&options).map_err(|e| e.to_string()),
        Subject::TryText(options) => text::show::look(&options).map_err(|e| e.to_string()),
        Subject::PeekViews { seed, count, out } => heads::peek_views(seed, count, &out),
        Subject::PeekHeads { seed, count, out } => heads::peek(seed, count, &out),
    }
}
