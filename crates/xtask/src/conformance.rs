//! `cargo xtask conformance`: scores de-identifiers over synthetic patients.
//!
//! The work is in `crates/conformance`; here is only what brings the peers. RSNA
//! Anonymizer wants an older pydicom than the others and gets an environment of its own,
//! without the networks of its pixel stage.

use std::ffi::OsString;
use std::process::Command;

use clap::Args;

use crate::failure::Done;
use crate::paths::Paths;
use crate::shell::{cargo, run, say, succeeds};
use crate::tools;

/// What RSNA Anonymizer's header stage imports.
const RSNA: &[&str] = &[
    "bidict==0.24.1",
    "dataclasses-json==0.6.7",
    "numpy==1.26.4",
    "openpyxl==3.1.5",
    "pillow==13.0.0",
    "psutil==7.2.2",
    "pydicom==2.4.5",
    "pynetdicom==2.1.1",
    "scipy==1.14.1",
    "sqlalchemy==2.1.9",
    "requests==2.34.2",
    "toml==0.10.2",
];
const RSNA_ITSELF: &str = "rsna-anonymizer==19.0.10";

/// What to measure; everything behind `--` goes to the yardstick as it is.
#[derive(Args)]
pub(crate) struct Options {
    /// Arguments of the yardstick: `--json`, `--seed N`, `--tools a,b`, `--asks basic`,
    /// `--table docs/conformance.md`, `--keep DIR`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Brings the peers, builds the yardstick, runs it.
pub(crate) fn conformance(paths: &Paths, options: &Options) -> Done {
    let python = tools::python_for_bench(paths)?;
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package", "cordon-conformance", "--"])
        .args(&options.arguments)
        .env("CORDON_PYTHON", python)
        .env("CORDON_CACHE", &paths.cache)
        .current_dir(&paths.root);
    if let Err(failure) = rsna(paths) {
        // It is one peer of four, and does not install everywhere: its line says so.
        say(&format!("RSNA Anonymizer is left out: {failure}"));
    }
    run(&mut command)
}

fn rsna(paths: &Paths) -> Done {
    let python = tools::environment(paths, &paths.cache.join("rsna"))?;
    let check = ["-c", "import anonymizer.controller.anonymizer"];
    if succeeds(Command::new(&python).args(check)) {
        return Ok(());
    }
    tools::pip(&python, RSNA)?;
    // Its own list brings torch, easyocr and totalsegmentator: gigabytes for a stage that
    // is not measured here.
    tools::pip(&python, &["--no-deps", RSNA_ITSELF])?;
    run(Command::new(&python).args(check))
}
