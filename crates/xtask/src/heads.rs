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

/// What says where brains are.
const BRAINS: &str = "deepbet==1.0.2";
/// What reads and writes the heads.
const PACKAGES: &[&str] = &[
    "nibabel==5.4.2",
    "numpy==2.4.6",
    "pydicom==3.0.2",
    "scipy==1.17.1",
];

/// What to write.
#[derive(Args)]
pub(crate) struct Options {
    /// Ask the verifier about each cut, and about worse ones.
    #[arg(long)]
    proof: bool,
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
    let python = python(paths, &cache, !options.proof)?;
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
    if options.proof {
        command.arg("--proof");
    }
    if let Some(table) = &options.table {
        command.arg("--table").arg(table);
    }
    run(&mut command)
}

/// An environment of its own: what finds brains brings a gigabyte that no test needs.
fn python(paths: &Paths, cache: &Path, brains: bool) -> Done<PathBuf> {
    let python = tools::environment(paths, &cache.join("py"))?;
    let mut check = "import nibabel, pydicom, scipy".to_owned();
    let mut packages = PACKAGES.to_vec();
    if brains {
        check.push_str(", deepbet");
        packages.push(BRAINS);
    }
    let check = ["-c", &check];
    if !succeeds(Command::new(&python).args(check)) {
        tools::pip(&python, &packages)?;
    }
    if succeeds(Command::new(&python).args(check)) {
        Ok(python)
    } else {
        Err(Failure::Missing(format!(
            "{} cannot be imported",
            packages.join(", ")
        )))
    }
}
