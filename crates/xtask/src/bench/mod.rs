//! `cargo xtask bench`: speed and memory, side by side in one run, as ratios.
//!
//! Absolute figures belong to the machine they were made on; what is compared is
//! compared within one run, on the same files, with a warm page cache. Three
//! repeats each, the median counts, the spread is told.

mod browser;
mod document;
mod native;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::failure::{At as _, Done};
use crate::paths::Paths;
use crate::shell::say;
use crate::{page, run as server, tools};

/// The series of the benchmark: 580 slices of about 180 KB.
const SLICES: u32 = 580;
/// Ten times as many, for the memory.
const MANY: u32 = 5_800;
/// Repeats of each measurement.
const REPEATS: usize = 3;

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave the browser out.
    #[arg(long)]
    no_browser: bool,
    /// Leave the peers from PyPI out.
    #[arg(long)]
    no_python: bool,
    /// Leave the memory for 5,800 files out.
    #[arg(long)]
    no_memory: bool,
    /// Measure what was built last.
    #[arg(long)]
    no_build: bool,
    /// Do not write docs/benchmarks.md.
    #[arg(long)]
    no_document: bool,
}

/// Seconds of several repeats, in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    wall: Vec<f64>,
    /// Processor time of the programs that were started, where programs were.
    cpu: Option<f64>,
}

/// Processor time of all programs that this one started and that ended, in seconds.
fn children_cpu() -> Option<f64> {
    // proc(5): after the name in brackets, fields 16 and 17 are cutime and cstime in 1/100 s.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

impl Times {
    fn of(mut measure: impl FnMut() -> Done<Duration>) -> Done<Self> {
        let before = children_cpu();
        let mut seconds = Vec::with_capacity(REPEATS);
        for _ in 0..REPEATS {
            seconds.push(measure()?.as_secs_f64());
        }
        let spent = children_cpu().zip(before).map(|(now, then)| now - then);
        Ok(Self {
            cpu: spent
                .filter(|s| *s > 0.0)
                .map(|s| s / f64::from(u32::try_from(REPEATS).unwrap_or(1))),
            ..Self::from_seconds(seconds)
        })
    }
    fn from_seconds(mut wall: Vec<f64>) -> Self {
        wall.sort_by(f64::total_cmp);
        Self { wall, cpu: None }
    }
    fn median(&self) -> f64 {
        self.wall
            .get(self.wall.len() / 2)
            .copied()
            .unwrap_or(f64::NAN)
    }
    fn least(&self) -> f64 {
        self.wall.first().copied().unwrap_or(f64::NAN)
    }
    fn most(&self) -> f64 {
        self.wall.last().copied().unwrap_or(f64::NAN)
    }
}

/// One row of a table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    name: String,
    note: &'static str,
    times: Times,
}

/// Most memory that a run took, in KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    few: u64,
    many: u64,
}

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    bytes: u64,
    native: Vec<Row>,
    limits: Vec<Row>,
    native_memory: Option<Memory>,
    browser: Vec<Row>,
    browser_many: Vec<Row>,
    browser_memory: Option<Memory>,
    browser_version: Option<String>,
}

/// Where the benchmark's files are.
pub(crate) struct Files {
    few: PathBuf,
    many: PathBuf,
    out: PathBuf,
    runs: Cell<u32>,
}

impl Files {
    /// A new output folder for each run. Nothing is deleted before the end: making files
    /// right after deleting as many is slow on ext4, and only some of the tools would pay.
    fn fresh(&self) -> PathBuf {
        self.runs.set(self.runs.get() + 1);
        self.out.join(self.runs.get().to_string())
    }
}

/// Measures, prints and writes the document.
pub(crate) fn run(paths: &Paths, options: &Options) -> Done {
    if !options.no_build {
        server::build_server(paths)?;
        if !options.no_browser {
            page::build(paths)?;
        }
    }
    let cordon = server::server(paths);
    tools::apt(paths, &[("dcmodify", "dcmtk")])?;
    let files = files(paths, !options.no_memory)?;
    native::clear(&files.out)?;
    let mut measured = Measured {
        bytes: native::bytes(&files.few)?,
        native: Vec::new(),
        limits: native::limits(&files)?,
        native_memory: None,
        browser: Vec::new(),
        browser_many: Vec::new(),
        browser_memory: None,
        browser_version: None,
    };
    measured.native = native::rows(paths, &cordon, &files, !options.no_python)?;
    if !options.no_memory {
        measured.native_memory = Some(native::memory(paths, &cordon, &files)?);
    }
    if !options.no_browser {
        browser::measure(paths, &cordon, &files, !options.no_memory, &mut measured)?;
    }
    let text = document::markdown(&measured);
    println!("{text}");
    if !options.no_document {
        let path = paths.root.join("docs/benchmarks.md");
        std::fs::write(&path, text).at(&path)?;
        say(&format!("Written: {}", path.display()));
    }
    native::clear(&files.out)
}

/// Makes the files once; a marker says that a set is whole.
fn files(paths: &Paths, many: bool) -> Done<Files> {
    let dir = paths.cache.join("bench");
    let set = |count: u32| -> Done<PathBuf> {
        let folder = dir.join(format!("mr-{count}"));
        let marker = dir.join(format!("mr-{count}.whole"));
        if !marker.exists() {
            say(&format!("Making {count} slices, once"));
            native::clear(&folder)?;
            make(&folder, count)?;
            std::fs::write(&marker, "").at(&marker)?;
        }
        Ok(folder)
    };
    Ok(Files {
        few: set(SLICES)?,
        many: if many { set(MANY)? } else { dir.clone() },
        out: dir.join("out"),
        runs: Cell::new(0),
    })
}

fn make(folder: &Path, count: u32) -> Done {
    std::fs::create_dir_all(folder).at(folder)?;
    cordon_synth::write_to(folder, cordon_synth::mr_slices(1, count)).at(folder)?;
    Ok(())
}
