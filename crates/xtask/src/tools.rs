//! Tools that the tasks need, each in a pinned version, brought when absent.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{At as _, Done, Failure};
use crate::paths::Paths;
use crate::shell::{cargo, on_path, output, run, say, succeeds, which};

/// Must equal the `wasm-bindgen` crate to the last figure.
const WASM_BINDGEN: &str = "0.2.130";
const BINARYEN: &str = "132.0.0";
const CARGO_DENY: &str = "0.18.9";
const CARGO_FUZZ: &str = "0.13.2";
const TARGET: &str = "wasm32-unknown-unknown";

/// What the tests run with: the readers, the test files of pydicom.
const PYTHON_TEST: &[&str] = &["pydicom==3.0.2", "numpy==2.4.6"];
/// The peers of the benchmark.
const PYTHON_BENCH: &[&str] = &[
    "dicom-anonymizer==2.1.0",
    "dicognito==0.19.0",
    "deid==0.4.13",
];

/// The wasm target of the pinned toolchain.
pub(crate) fn wasm_target(paths: &Paths) -> Done {
    let installed = output(
        Command::new("rustc")
            .args(["--print", "target-libdir", "--target", TARGET])
            .current_dir(&paths.root),
    )?;
    if Path::new(installed.trim()).is_dir() {
        return Ok(());
    }
    run(Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(&paths.root))
}

fn cargo_tool(
    paths: &Paths,
    package: &str,
    binary: &str,
    version: &str,
    locked: bool,
) -> Done<PathBuf> {
    let path = paths.tool(binary);
    let right = Command::new(&path)
        .arg("--version")
        .output()
        .is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains(version));
    if !right {
        say(&format!("Installing {package} {version}, once"));
        let mut command = cargo();
        command
            .args([
                "install",
                "--quiet",
                package,
                "--version",
                version,
                "--root",
            ])
            .arg(paths.cache.join("tools"))
            .current_dir(&paths.root)
            .env("CARGO_TARGET_DIR", paths.cache.join("tools/target"));
        if locked {
            command.arg("--locked");
        }
        run(&mut command)?;
    }
    Ok(path)
}

/// Makes the JavaScript side of a wasm module.
pub(crate) fn wasm_bindgen(paths: &Paths) -> Done<PathBuf> {
    // Without --locked: the lock file of its release does not build everywhere.
    cargo_tool(
        paths,
        "wasm-bindgen-cli",
        "wasm-bindgen",
        WASM_BINDGEN,
        false,
    )
}

/// Judges licences, bans and sources.
pub(crate) fn cargo_deny(paths: &Paths) -> Done<PathBuf> {
    cargo_tool(paths, "cargo-deny", "cargo-deny", CARGO_DENY, true)
}

/// Runs the fuzz targets.
pub(crate) fn cargo_fuzz(paths: &Paths) -> Done<PathBuf> {
    cargo_tool(paths, "cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, true)
}

/// Makes wasm smaller and quicker.
pub(crate) fn wasm_opt(paths: &Paths) -> Done<PathBuf> {
    let folder = paths.cache.join("npm");
    let path = folder.join("node_modules/.bin/wasm-opt");
    let right = Command::new(&path)
        .arg("--version")
        .output()
        .is_ok_and(|out| {
            let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
            String::from_utf8_lossy(&out.stdout).contains(&format!("version {major}"))
        });
    if !right {
        node(paths)?;
        std::fs::create_dir_all(&folder).at(&folder)?;
        run(npm()
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
            ])
            .arg(&folder)
            .arg(format!("binaryen@{BINARYEN}")))?;
    }
    Ok(path)
}

/// The package manager of node, quiet about what nobody asked.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
    command
}

/// Node and npm.
pub(crate) fn node(paths: &Paths) -> Done {
    apt(paths, &[("node", "nodejs"), ("npm", "npm")])
}

/// The browser of the browser tests and the benchmark, as a whole path.
pub(crate) fn browser(paths: &Paths) -> Done<PathBuf> {
    if let Some(path) = std::env::var_os("CORDON_CHROMIUM") {
        return Ok(path.into());
    }
    let find = || {
        ["chromium", "google-chrome", "chromium-browser"]
            .into_iter()
            .find_map(which)
    };
    if find().is_none() {
        apt(paths, &[("chromium", "chromium")])?;
    }
    find().ok_or_else(|| {
        Failure::Missing("no Chromium on the PATH; set CORDON_CHROMIUM to one".to_owned())
    })
}

/// Installs a Debian or Ubuntu package for each program that is not on the PATH.
pub(crate) fn apt(paths: &Paths, wanted: &[(&str, &str)]) -> Done {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(program, _)| !on_path(program))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install(paths, &missing)
}

fn install(_paths: &Paths, packages: &[&str]) -> Done {
    let by_hand = || {
        Failure::Missing(format!(
            "missing on this machine: {0}. Install with: sudo apt-get install {0}",
            packages.join(" ")
        ))
    };
    if !on_path("apt-get") {
        return Err(by_hand());
    }
    let root = output(Command::new("id").arg("-u"))?.trim() == "0";
    let prefix: &[&str] = if root {
        &[]
    } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
        &["sudo"]
    } else {
        return Err(by_hand());
    };
    let apt_get = |arguments: &[&str]| {
        let mut words = prefix.to_vec();
        words.extend_from_slice(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        words.extend_from_slice(arguments);
        run(Command::new(words[0]).args(&words[1..]))
    };
    // A fresh machine has no lists; an old one has stale ones.
    apt_get(&["update"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend_from_slice(packages);
    apt_get(&arguments)
}

/// The Python environment with what the tests read results with.
pub(crate) fn python_for_tests(paths: &Paths) -> Done<PathBuf> {
    python(paths, "import pydicom, numpy", PYTHON_TEST)
}

/// The same with the benchmark's peers.
pub(crate) fn python_for_bench(paths: &Paths) -> Done<PathBuf> {
    python_for_tests(paths)?;
    python(
        paths,
        "import dicomanonymizer, dicognito, deid",
        PYTHON_BENCH,
    )
}

fn python(paths: &Paths, check: &str, packages: &[&str]) -> Done<PathBuf> {
    let python = environment(paths, &paths.cache.join("py"))?;
    if !succeeds(Command::new(&python).args(["-c", check])) {
        pip(&python, packages)?;
    }
    Ok(python)
}

/// The interpreter of an environment in `folder`, which is made where it is missing.
pub(crate) fn environment(paths: &Paths, folder: &Path) -> Done<PathBuf> {
    let python = folder.join("bin/python");
    if !python.exists() {
        apt(paths, &[("python3", "python3")])?;
        if !succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])) {
            install(paths, &["python3-venv"])?;
        }
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    }
    Ok(python)
}

/// Installs into an environment; `arguments` are packages and `pip`'s own.
pub(crate) fn pip(python: &Path, arguments: &[&str]) -> Done {
    run(Command::new(python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(arguments))
}
