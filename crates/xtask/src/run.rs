//! `cargo xtask run`: build, then serve on this machine only.

use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use crate::failure::Done;
use crate::paths::Paths;
use crate::shell::{cargo, run as execute};
use crate::{page, tools};

/// What to serve.
#[derive(Args)]
pub(crate) struct Options {
    /// Also write a small set of synthetic studies with made-up identities to `demo-data/`.
    #[arg(long)]
    demo: bool,
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8421)]
    port: u16,
    /// Folder of the embedded store; kept between runs.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Builds the optimised command and gives its path.
pub(crate) fn build_server(paths: &Paths) -> Done<PathBuf> {
    tools::apt(paths, &[("cc", "build-essential")])?;
    execute(
        cargo()
            .args(["build", "--release", "--package", "cordon-cli"])
            .env("CARGO_TARGET_DIR", &paths.target)
            .current_dir(&paths.root),
    )?;
    Ok(server(paths))
}

/// Where the optimised command is once it was built.
pub(crate) fn server(paths: &Paths) -> PathBuf {
    paths.target.join("release/cordon")
}

/// Builds and serves until Ctrl-C.
pub(crate) fn run(paths: &Paths, options: &Options) -> Done {
    let page = page::build(paths)?;
    let server = build_server(paths)?;
    let data = options
        .data
        .clone()
        .unwrap_or_else(|| paths.cache.join("run"));
    let mut command = Command::new(server);
    command
        .args(["serve", "--demo", "--port"])
        .arg(options.port.to_string())
        .arg("--data")
        .arg(data)
        .arg("--page")
        .arg(page)
        .current_dir(&paths.root);
    if options.demo {
        command.arg("--samples").arg(paths.root.join("demo-data"));
    }
    execute(&mut command)
}
