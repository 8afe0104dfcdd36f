//! `cargo xtask heads`: what `cordon face` makes of real heads out of public packages.
//!
//! The work is in `benches/heads`; here is only what brings its tools. Nothing of the heads is
//! kept in the repository, and no picture of them is written.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::failure::{Done, Failure};
use crate::paths::Paths;
use crate::shell::{cargo, run, say, succeeds};
use crate::tools;

/// What reads and writes the heads, and says where their brains are.
const PACKAGES: &[&str] = &[
    "deepbet==1.0.2",
    "nibabel==5.4.2",
    "numpy==2.4.6",
    "pydicom==3.0.2",
    "scipy==1.17.1",
];

/// What to write.
#[derive(Args)]
pub(crate) struct Options {
    /// Write the table into this file too.
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Use this `cordon` instead of building one.
    #[arg(long, value_name = "FILE")]
    cordon: Option<PathBuf>,
}

/// Brings the tools, builds the command, runs it on every head.
pub(crate) fn run_all(paths: &Paths, options: &Options) -> Done {
    tools::apt(paths, &[("npm", "npm"), ("dpkg", "dpkg")])?;
    let cache = paths.cache.join("heads");
    let python = python(paths, &cache)?;
    let cordon = match &options.cordon {
        Some(cordon) => cordon.clone(),
        None => {
            run(cargo()
                .args(["build", "--quiet", "--package", "cordon-cli"])
                .env("CARGO_TARGET_DIR", &paths.target)
                .current_dir(&paths.root))?;
            paths.target.join("debug/cordon")
        }
    };
    say("real heads out of public packages");
    let mut command = Command::new(python);
    command
        .arg("benches/heads/heads.py")
        .args([&cordon, &cache])
        .current_dir(&paths.root);
    if let Some(table) = &options.table {
        command.arg("--table").arg(table);
    }
    run(&mut command)
}

/// An environment of its own: what finds brains brings a gigabyte that no test needs.
fn python(paths: &Paths, cache: &Path) -> Done<PathBuf> {
    let python = tools::environment(paths, &cache.join("py"))?;
    let check = ["-c", "import deepbet, nibabel, pydicom, scipy"];
    if !succeeds(Command::new(&python).args(check)) {
        tools::pip(&python, PACKAGES)?;
    }
    if succeeds(Command::new(&python).args(check)) {
        Ok(python)
    } else {
        Err(Failure::Missing(
            "deepbet cannot be imported: it wants PyTorch".to_owned(),
        ))
    }
}
