//! Formatting, lints for both targets, licences and sources.

use crate::failure::Done;
use crate::paths::Paths;
use crate::shell::{self, cargo};
use crate::tools;

/// What runs in the browser. The second clippy configuration bans what cannot work there.
const BROWSER: &[&str] = &[
    "cordon-web-nets",
    "cordon-nets",
    "cordon-deface",
    "cordon-text",
    "cordon-inspect",
    "cordon-protocol",
    "cordon-dicom",
    "cordon-pixels",
    "cordon-volumes",
    "cordon-screen",
    "cordon-deid",
    "cordon-contribute",
    "cordon-web",
];

/// Runs all of it; the first failure ends it.
pub(crate) fn run(paths: &Paths) -> Done {
    tools::wasm_target(paths)?;
    let here = |arguments: &[&str]| {
        let mut command = cargo();
        command
            .args(arguments)
            .env("CARGO_TARGET_DIR", &paths.target)
            .current_dir(&paths.root);
        command
    };
    shell::run(&mut here(&["fmt", "--all", "--check"]))?;
    shell::run(&mut here(&[
        "clippy",
        "--workspace",
        // Runs in a browser only; here it would bring the graphics backends along.
        "--exclude",
        "cordon-web-nets",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    let mut browser = here(&["clippy", "--quiet", "--target", "wasm32-unknown-unknown"]);
    for package in BROWSER {
        browser.args(["--package", package]);
    }
    browser
        .args(["--", "-D", "warnings"])
        .env("CLIPPY_CONF_DIR", paths.root.join("clippy_wasm"));
    shell::run(&mut browser)?;
    let deny = tools::cargo_deny(paths)?;
    // Advisories need a clone of a database from elsewhere; CI machines may not reach it.
    let mut judge = std::process::Command::new(deny);
    judge
        .args(["--workspace", "check", "licenses", "bans", "sources"])
        .current_dir(&paths.root);
    shell::run(&mut judge)
}
