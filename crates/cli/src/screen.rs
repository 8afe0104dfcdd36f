//! `cordon screen`: is every series whole, are its images any good?
//!
//! It reads, measures and changes nothing. The JSON names series by number and holds no value of
//! a header and no path, so that it can travel with the data; the table for people names the
//! folder, as they gave it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use cordon_dicom::{read, read_inflating, tag, tags};
use cordon_protocol::{Code, Severity, Verdict};
use cordon_screen::{Screener, SeriesReport, SliceFacts, duplicates};
use serde::Serialize;

use crate::failure::Failure;
use crate::inputs::{self, Input};
use crate::jobs::{self, NotHad};
use crate::progress::Progress;

/// What to screen.
#[derive(Args)]
pub(crate) struct Options {
    /// Files, folders and ZIP archives.
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<PathBuf>,
    /// The protocol whose limits hold; Cordon's own weights if not given.
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    /// Print JSON instead of a table; it names no file and can travel with the data.
    #[arg(long)]
    json: bool,
    /// Largest file in MiB; a larger one is not screened.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    largest: u64,
}

/// The whole outcome.
#[derive(Serialize)]
struct Outcome {
    /// Of this form of the file.
    format: &'static str,
    /// Of the protocol whose limits held.
    protocol: String,
    /// By code: files that could not be read as DICOM.
    not_read: BTreeMap<&'static str, usize>,
    series: Vec<SeriesReport>,
}

/// One series as it is found: its facts, and which input each file is.
#[derive(Default)]
pub(crate) struct Found {
    /// What each slice's header says.
    pub(crate) slices: Vec<SliceFacts>,
    /// Places in the list of inputs.
    pub(crate) files: Vec<usize>,
}

/// Screens; `false` when something is refused or could not be read.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let protocol = crate::clean::protocol(options.protocol.as_deref())?;
    let largest = options.largest.saturating_mul(1 << 20);
    let found = inputs::collect(&options.inputs, None);
    let mut not_read: BTreeMap<&'static str, usize> = BTreeMap::new();
    let series = gather(&found.list, largest, &mut not_read);
    let screener = Screener::new(&protocol);
    let (mut reports, mut contents, mut folders) = (Vec::new(), Vec::new(), Vec::new());
    let mut progress = Progress::new(series.len());
    // Facts are dropped with their series: what stays is a report and the digests.
    for (n, one) in series.into_iter().enumerate() {
        let mut load = |file: usize, buffer: &mut Vec<u8>| {
            one.files
                .get(file)
                .and_then(|&i| found.list.get(i))
                .is_some_and(|input| jobs::load(input, largest, buffer).is_ok())
        };
        let screened = jobs::guarded(|| screener.screen(n + 1, &one.slices, &mut load));
        let Ok(screened) = screened else {
            *not_read.entry(Code::Internal.as_str()).or_default() += one.files.len();
            continue;
        };
        folders.push(folder(&found.list, &one));
        reports.push(screened.report);
        contents.push(screened.content);
        progress.tell(n + 1);
    }
    progress.end();
    duplicates::report(&contents, &protocol.quality, &mut reports);
    let outcome = Outcome {
        format: "cordon-screen-1",
        protocol: protocol.digest(),
        not_read,
        series: reports,
    };
    if options.json {
        println!("{}", serde_json::to_string(&outcome).unwrap_or_default());
    } else {
        show(&outcome, &folders);
    }
    if outcome.series.is_empty() {
        eprintln!("cordon: there is no series to screen");
    }
    let refused = outcome.series.iter().any(|s| s.verdict == Verdict::Refused);
    let broken = outcome
        .not_read
        .keys()
        .any(|code| !matches!(*code, "not-dicom" | "dicomdir" | "empty-file"));
    Ok(!outcome.series.is_empty() && !refused && !broken)
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The series of all inputs, in the order in which they are met.
pub(crate) fn gather(
    inputs: &[Input],
    largest: u64,
    not_read: &mut BTreeMap<&'static str, usize>,
) -> Vec<Found> {
    let mut series: Vec<Found> = Vec::new();
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (i, input) in inputs.iter().enumerate() {
        let facts = BUFFER.with_borrow_mut(|buffer| {
            jobs::load(input, largest, buffer)
                .and_then(|()| jobs::guarded(|| facts(buffer)).and_then(|f| f))
        });
        let (key, slices) = match facts {
            Ok(facts) => facts,
            Err(not) => {
                *not_read.entry(not.finding.code.as_str()).or_default() += 1;
                continue;
            }
        };
        let at = *places.entry(key).or_insert_with(|| {
            series.push(Found::default());
            series.len() - 1
        });
        if let Some(one) = series.get_mut(at) {
            let file = one.files.len();
            one.files.push(i);
            one.slices
                .extend(slices.into_iter().map(|s| SliceFacts { file, ..s }));
        }
    }
    series
}

type Facts = ((String, String), Vec<SliceFacts>);

fn facts(bytes: &[u8]) -> Result<Facts, NotHad> {
    let had = |e: cordon_dicom::ReadError| NotHad {
        finding: e.finding(),
        error: None,
    };
    let whole = read_inflating(bytes).map_err(had)?;
    let file = read(&whole).map_err(had)?;
    let uid = |t| file.data.ascii(tag(t)).unwrap_or_default().to_owned();
    // A series without a UID belongs to nobody; its objects are looked at together.
    let key = (
        uid(tags::STUDY_INSTANCE_UID),
        uid(tags::SERIES_INSTANCE_UID),
    );
    Ok((key, SliceFacts::of(&file.data, 0)))
}

/// The folder of the first file, as the person gave it.
fn folder(inputs: &[Input], series: &Found) -> String {
    let name = series
        .files
        .first()
        .and_then(|&i| inputs.get(i))
        .map(|i| i.name.as_str());
    let name = name.unwrap_or_default();
    let cut = name.rfind(['/', '\\']).unwrap_or(0);
    name.get(..cut).unwrap_or_default().to_owned()
}

fn show(outcome: &Outcome, folders: &[String]) {
    for (series, folder) in outcome.series.iter().zip(folders) {
        println!(
            "{:<8} series {}  {}  {} files, {} slices  {folder}",
            series.verdict.word(),
            series.series,
            series.modality,
            series.files,
            series.slices,
        );
        for noticed in &series.findings {
            let weight = match noticed.weight {
                Severity::Note => "note",
                Severity::Held => "held",
                Severity::Refused => "refused",
            };
            println!("    {weight:<8}{}: {}", noticed.code, noticed.sentence);
        }
        let metrics: Vec<String> = series
            .metrics
            .iter()
            .map(|(name, m)| format!("{name} {}", short(m.value, m.unit)))
            .collect();
        for line in metrics.chunks(5) {
            println!("    {}", line.join("   "));
        }
    }
    for (code, n) in &outcome.not_read {
        println!("{n} files not read: {code}");
    }
    let count = |v| outcome.series.iter().filter(|s| s.verdict == v).count();
    println!(
        "{} series: {} clean, {} held, {} refused",
        outcome.series.len(),
        count(Verdict::Clean),
        count(Verdict::Held),
        count(Verdict::Refused)
    );
}

/// Three digits that say something, and the unit.
fn short(value: f64, unit: &str) -> String {
    let digits = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 1.0 {
        1
    } else {
        3
    };
    let space = if unit.is_empty() { "" } else { " " };
    format!("{value:.digits$}{space}{unit}")
}
