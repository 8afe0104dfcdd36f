//! The `cordon` command: the page's pipeline without a browser, the gate, the server.
//!
//! Exit status: 0 when all was done, 1 when something could not be read, written or
//! did not pass, 2 for wrong usage.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line program

mod archive;
mod check;
mod clean;
mod face;
mod failure;
mod inputs;
mod jobs;
mod key;
mod looks;
mod output;
mod pool;
mod progress;
mod project;
mod protocols;
mod report;
mod screen;
mod serve;
mod table;
mod text;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Cleans DICOM before it leaves the building, checks what was cleaned, takes it in.
#[derive(Parser)]
#[command(name = "cordon", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Clean files, folders and ZIP archives into a folder.
    Clean(clean::Options),
    /// Check finished files as a stranger would, or verify a receipt.
    Check(check::Options),
    /// Say whether series are whole and images any good, before anything is changed.
    Screen(screen::Options),
    /// Say where text is burned into pixels.
    Text(text::Options),
    /// Say whether there is a head with a face, and whether it would be off.
    Face(face::Options),
    /// Clean a clinical table with the pseudonyms and date shifts of the images.
    Table(table::Options),
    /// Run the server with its embedded store.
    Serve(serve::Options),
    /// Make projects and invitations on a server's store.
    #[command(subcommand)]
    Project(project::Task),
    /// Show the protocols that come with Cordon, or make one from a CTP script.
    #[command(subcommand)]
    Protocols(protocols::Task),
}

fn main() -> ExitCode {
    // A panic's own message may quote what a file holds; say only where it was.
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|l| format!("{}:{}", l.file(), l.line()))
            .unwrap_or_default();
        eprintln!("cordon: internal error at {place}");
    }));
    let done = match Arguments::parse().task {
        Task::Clean(options) => clean::run(&options),
        Task::Check(options) => check::run(&options),
        Task::Screen(options) => screen::run(&options),
        Task::Text(options) => text::run(&options),
        Task::Face(options) => face::run(&options),
        Task::Table(options) => table::run(&options),
        Task::Serve(options) => serve::run(&options),
        Task::Project(task) => project::run(&task),
        Task::Protocols(task) => protocols::run(&task),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("cordon: {failure}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
