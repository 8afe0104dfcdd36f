//! `cargo xtask fuzz`: the parser and the rewriter against bytes that nobody wrote.
//!
//! The targets are in `fuzz/`, a workspace of its own. They begin from planted files of
//! every family, syntax and character set, and from the corpus that earlier runs left,
//! packed, in `fuzz/corpus`. No sanitizer is used: the code holds no `unsafe`, so what there is to find
//! are panics, hangs and memory, and without one they are found several times as fast.
//! libFuzzer needs flags that stable rustc keeps behind `RUSTC_BOOTSTRAP`.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::failure::{At as _, Done};
use crate::paths::Paths;
use crate::shell::{cargo, run, say};
use crate::tools;

/// The targets in `fuzz/fuzz_targets`.
const TARGETS: [&str; 2] = ["reader", "cleaner"];
/// Larger inputs find nothing that smaller ones do not, and are slow.
const LARGEST: usize = 32 << 10;

/// How long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each target.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// One target instead of all.
    #[arg(long)]
    target: Option<String>,
}

/// Builds the targets, runs each, and keeps the smallest corpus that reaches as far.
pub(crate) fn run_all(paths: &Paths, options: &Options) -> Done {
    let tool = tools::cargo_fuzz(paths)?;
    let seeds = seeds(paths)?;
    for target in TARGETS {
        if options.target.as_deref().is_some_and(|t| t != target) {
            continue;
        }
        say(&format!("{target}: {} s", options.seconds));
        let kept = paths.root.join(format!("fuzz/corpus/{target}.tar.gz"));
        let corpus = paths.cache.join("fuzz/corpus").join(target);
        std::fs::create_dir_all(&corpus).at(&corpus)?;
        if kept.is_file() {
            let mut unpack = Command::new("tar");
            run(unpack.arg("-xzf").arg(&kept).arg("-C").arg(&corpus))?;
        }
        let fuzz = |verb: &str| {
            let mut command = Command::new(&tool);
            command
                .args(["fuzz", verb, "--sanitizer", "none", "--target-dir"])
                .arg(paths.target.join("fuzz"))
                .arg(target)
                .arg(&corpus)
                .env("RUSTC_BOOTSTRAP", "1")
                .current_dir(paths.root.join("fuzz"));
            command
        };
        run(fuzz("run").arg(&seeds).args([
            "--",
            &format!("-max_total_time={}", options.seconds),
            &format!("-max_len={LARGEST}"),
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
        ]))?;
        run(&mut fuzz("cmin"))?;
        let folder = paths.root.join("fuzz/corpus");
        std::fs::create_dir_all(&folder).at(&folder)?;
        let mut pack = Command::new("tar");
        pack.args(["--sort=name", "--mtime=@0", "--owner=0", "--group=0"]);
        run(pack.arg("-czf").arg(&kept).arg("-C").arg(&corpus).arg("."))?;
    }
    Ok(())
}

/// Planted files that are small enough to begin from.
fn seeds(paths: &Paths) -> Done<PathBuf> {
    let made = paths.cache.join("fuzz/planted");
    let seeds = paths.cache.join("fuzz/seeds");
    for dir in [&made, &seeds] {
        std::fs::create_dir_all(dir).at(dir)?;
    }
    run(cargo()
        .args(["run", "--quiet", "--package", "cordon-canary", "--", "make"])
        .arg(&made)
        .env("CARGO_TARGET_DIR", &paths.target)
        .current_dir(&paths.root))?;
    for entry in std::fs::read_dir(&made).at(&made)? {
        let path = entry.at(&made)?.path();
        let small = path.metadata().at(&path)?.len() < LARGEST as u64;
        if let (true, Some(name)) = (small && !is_list(&path), path.file_name()) {
            std::fs::copy(&path, seeds.join(name)).at(&path)?;
        }
    }
    Ok(seeds)
}

fn is_list(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "json")
}
