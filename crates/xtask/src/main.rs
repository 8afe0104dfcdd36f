//! The project's own tooling: build, run, test, bench, size, dist.
//!
//! One program instead of scripts, so that a newcomer needs two commands and the
//! continuous integration runs what a developer runs. What is missing on the
//! machine is brought, each thing in a pinned version, into a cache folder outside
//! the clone (`$CORDON_CACHE`, or `~/.cache/cordon`).
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line tool

mod bench;
mod conformance;
mod dist;
mod failure;
mod fuzz;
mod heads;
mod lint;
mod page;
mod paths;
mod run;
mod shell;
mod size;
mod tests;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Done;
use paths::Paths;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run, test and measure Cordon")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and serve it on 127.0.0.1 with a demonstration project.
    Run(run::Options),
    /// Run every test there is, the browser ones included.
    Test(tests::Options),
    /// Build the page and the server, optimised.
    Build,
    /// Check formatting, lints for both targets, licences and sources.
    Lint,
    /// Print what the browser loads before the first paint, and hold the budget.
    Size,

    /// Measure speed and memory against other tools, and write docs/benchmarks.md.
    Bench(bench::Options),
    /// Score de-identifiers over synthetic patients: `cargo xtask conformance --json`.
    Conformance(conformance::Options),
    /// Ask `cordon face` about real heads out of public packages.
    Heads(heads::Options),
    /// Run the fuzz targets and keep their corpus.
    Fuzz(fuzz::Options),
    /// Put the command and the page into one archive folder under dist/.
    Dist,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match act(&arguments.task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn act(task: &Task) -> Done {
    let paths = Paths::find()?;
    match task {
        Task::Run(options) => run::run(&paths, options),
        Task::Test(options) => tests::run(&paths, options),
        Task::Build => {
            page::build(&paths)?;
            run::build_server(&paths).map(|_| ())
        }
        Task::Lint => lint::run(&paths),
        Task::Size => size::run(&paths),

        Task::Bench(options) => bench::run(&paths, options),
        Task::Conformance(options) => conformance::conformance(&paths, options),
        Task::Heads(options) => heads::run_all(&paths, options),
        Task::Fuzz(options) => fuzz::run_all(&paths, options),
        Task::Dist => dist::run(&paths),
    }
}
