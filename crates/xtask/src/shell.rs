//! Running other programs.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failure::{Done, Failure};

/// Runs a command with its output on the screen.
pub(crate) fn run(command: &mut Command) -> Done {
    say(&format!("$ {}", spelled(command)));
    let status = command.status().map_err(|error| start(command, error))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(command, &status.to_string()))
    }
}

/// Runs a command and gives its standard output.
pub(crate) fn output(command: &mut Command) -> Done<String> {
    let out = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| start(command, error))?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    } else {
        Err(failed(command, &out.status.to_string()))
    }
}

/// Whether a command starts and succeeds; its output is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Where on the PATH a program is.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// Whether a program is on the PATH.
pub(crate) fn on_path(name: &str) -> bool {
    which(name).is_some()
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo set for this program is not meant for the next build.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(name);
        }
    }
    command
}

/// A line about what is going on.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

fn spelled(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

fn start(command: &Command, error: std::io::Error) -> Failure {
    Failure::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        error,
    }
}

fn failed(command: &Command, status: &str) -> Failure {
    Failure::Command {
        command: spelled(command),
        status: status.to_owned(),
    }
}
