//! `cordon-train`: makes the weights from synthetic data and measures them on more of it.
//!
//! There are no patients in here. Every image comes from a generator with a seed; held-out sets
//! are made with other seeds and other settings than those for training.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line program

mod text;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Makes the networks' weights from synthetic data, and measures them.
#[derive(Parser)]
#[command(name = "cordon-train", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Train the network that finds text.
    Text(text::learn::Options),
    /// Measure it on pictures whose settings training has never seen.
    MeasureText(text::measure::Options),
    /// Write some pictures of the generator with their boxes, to look at.
    ShowText(text::show::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Text(options) => text::learn::run(&options),
        Task::MeasureText(options) => text::measure::run(&options),
        Task::ShowText(options) => text::show::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cordon-train: {failure}");
            ExitCode::FAILURE
        }
    }
}
