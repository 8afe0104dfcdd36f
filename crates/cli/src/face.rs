//! `cordon face`: is there a head, has it a face, what would be taken off, is it off then?
//!
//! It looks and changes nothing. The JSON names series by number and holds no value of a header
//! and no path. Pictures and masks are written only when asked for: they show who it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use cordon_deface::{Cut, Face, Kind, PIXELS, View, Wishes};
use cordon_dicom::{read, read_inflating};
use cordon_inspect::face::{FaceJob, FaceNets, FaceOutcome, FaceReport, Unseen};
use cordon_inspect::files;
use cordon_inspect::proof::proven;
use cordon_nets::Device;
use cordon_nets::device::{Processor, open, wait};
use cordon_protocol::Code;
use serde::Serialize;

use crate::failure::{At as _, Failure};
use crate::inputs::{self, Input};
use crate::jobs;
use crate::progress::Progress;
use crate::screen::{Found, gather};

/// What to look at.
#[derive(Args)]
pub(crate) struct Options {
    /// Files, folders and ZIP archives.
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<PathBuf>,
    /// What another program made of the same series: files, a folder or a ZIP archive. Says of it what
    /// is otherwise said of Cordon's own cut.
    #[arg(long, value_name = "RESULT")]
    result: Vec<PathBuf>,
    /// Print JSON instead of a table; it names no file.
    #[arg(long)]
    json: bool,
    /// Write each series' rendered views, before and after, into this folder (PGM). They show the
    /// person.
    #[arg(long, value_name = "DIR")]
    views: Option<PathBuf>,
    /// Write what would be taken off into this folder (NIfTI, one file per series).
    #[arg(long, value_name = "DIR")]
    mask: Option<PathBuf>,
    /// Use the graphics processor.
    #[arg(long)]
    gpu: bool,
    /// Largest file in MiB; a larger one is not looked at.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    largest: u64,
}

/// The whole outcome.
#[derive(Serialize)]
struct Outcome {
    /// Of this form of the file.
    format: &'static str,
    /// Of the networks' weights: the one that finds, the one that judges.
    weights: [&'static str; 2],
    /// What they ran on.
    processor: &'static str,
    /// By code: files that could not be read as DICOM.
    not_read: BTreeMap<&'static str, usize>,
    series: Vec<Looked>,
}

/// One series.
#[derive(Serialize)]
struct Looked {
    /// In the order of the input, from one.
    series: usize,
    modality: String,
    files: usize,
    /// Files or frames whose pixels could not be decoded.
    undecoded: usize,
    /// What the proof comes to by itself; `after` in the report is what is decided.
    proof: Face,
    #[serde(flatten)]
    report: FaceReport,
}

/// Looks; `false` when something could not be read, or nobody could tell.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let processor = if options.gpu {
        Processor::Gpu
    } else {
        Processor::Cpu
    };
    let device = wait(open(processor))?;
    let nets = FaceNets::embedded(&device)?;
    let largest = options.largest.saturating_mul(1 << 20);
    let found = inputs::collect(&options.inputs, None);
    let mut not_read: BTreeMap<&'static str, usize> = BTreeMap::new();
    let series = gather(&found.list, largest, &mut not_read);
    let results = inputs::collect(&options.result, None);
    let made = gather(&results.list, largest, &mut not_read);
    if !options.result.is_empty() && made.len() != series.len() {
        return Err(Failure::Results {
            series: series.len(),
            results: made.len(),
        });
    }
    let mut outcome = Outcome {
        format: "cordon-face-1",
        weights: [
            cordon_nets::head::WEIGHTS.sha256,
            cordon_nets::view::WEIGHTS.sha256,
        ],
        processor: processor.name(),
        not_read,
        series: Vec::new(),
    };
    let mut progress = Progress::new(series.len());
    for (n, one) in series.iter().enumerate() {
        let result = made.get(n).map(|made| (results.list.as_slice(), made));
        let looked = jobs::guarded(|| look((&found.list, one), result, largest, &nets, &device));
        match looked {
            Ok(Some((looked, face))) => {
                write(options, n + 1, &face)?;
                outcome.series.push(Looked {
                    series: n + 1,
                    ..looked
                });
            }
            // No volume of the kind that a face can be rendered from.
            Ok(None) => {}
            Err(_) => {
                *outcome.not_read.entry(Code::Internal.as_str()).or_default() += one.files.len();
            }
        }
        progress.tell(n + 1);
    }
    progress.end();
    if options.json {
        println!("{}", serde_json::to_string(&outcome).unwrap_or_default());
    } else {
        show(&outcome);
    }
    if outcome.series.is_empty() {
        eprintln!("cordon: there is no series that a face could be rendered from");
    }
    let broken = outcome
        .not_read
        .keys()
        .any(|code| !matches!(*code, "not-dicom" | "dicomdir" | "empty-file"));
    Ok(!outcome.series.is_empty() && !broken)
}

/// A series, and the list that its files are in.
type Of<'a> = (&'a [Input], &'a Found);

/// The slices of a series, and how many files or frames could not be decoded; `None` when it is no volume.
fn job((inputs, series): Of<'_>, largest: u64) -> Option<(FaceJob, usize)> {
    let kind = match series.slices.first()?.modality.as_str() {
        "CT" => Kind::Hounsfield,
        "MR" | "PT" => Kind::Relative,
        _ => return None,
    };
    let mut job = FaceJob::new(kind);
    let mut undecoded = 0;
    let mut buffer = Vec::new();
    for &at in &series.files {
        let added = inputs
            .get(at)
            .filter(|input| jobs::load(input, largest, &mut buffer).is_ok())
            .and_then(|_| add(&buffer, &mut job));
        undecoded += added.unwrap_or(1);
    }
    Some((job, undecoded))
}

/// Looks at one series, and at what another program made of it; `None` when it is no volume.
fn look(
    one: Of<'_>,
    result: Option<Of<'_>>,
    largest: u64,
    nets: &FaceNets,
    device: &Device,
) -> Option<(Looked, FaceOutcome)> {
    let series = one.1;
    let modality = series.slices.first()?.modality.clone();
    let (scan, mut undecoded) = job(one, largest)?;
    let wishes = Wishes::default();
    let looked = wait(scan.finish(nets, device, wishes, 0, None, &mut |_, _| true));
    let mut face = looked.ok()?;
    if let Some(result) = result {
        // What is no volume proves as little as one of another place; the series stays in the list.
        let said = match job(result, largest) {
            Some((made, more)) => {
                undecoded += more;
                wait(scan.prove_result(&face, &made, nets, device)).ok()?
            }
            None => None,
        };
        // Of something else nobody knows anything; what Cordon would have cut is not asked.
        face.cut = None;
        face.after.clear();
        match said {
            Some((report, proof)) => {
                face.report = report;
                face.after = proof.after;
            }
            None => {
                face.report.after = Face::Unsure;
                face.report.unseen = Some(Unseen::Elsewhere);
            }
        }
    }
    if undecoded > 0 && face.report.after == Face::Absent {
        // What nobody could decode may hold what is missing elsewhere.
        face.report.after = Face::Unsure;
    }
    let looked = Looked {
        series: 0,
        modality,
        files: series.files.len(),
        undecoded,
        proof: match (undecoded, result.is_some() || face.cut.is_some()) {
            (0, true) => proven(&face.report),
            (0, false) => face.report.face,
            _ => Face::Unsure,
        },
        report: face.report.clone(),
    };
    Some((looked, face))
}

/// Adds the frames of a file; how many could not be decoded, or `None` when nothing could be read.
fn add(bytes: &[u8], job: &mut FaceJob) -> Option<usize> {
    let whole = read_inflating(bytes).ok()?;
    let file = read(&whole).ok()?;
    files::add(job, &file)
}

fn write(options: &Options, series: usize, face: &FaceOutcome) -> Result<(), Failure> {
    if let Some(folder) = &options.views {
        std::fs::create_dir_all(folder).at(folder)?;
        for (when, views) in [("before", &face.before), ("after", &face.after)] {
            for view in views {
                let name = format!("series-{series}-{when}-{:+}.pgm", view.angle);
                let path = folder.join(name);
                std::fs::write(&path, picture(view)).at(&path)?;
            }
        }
    }
    if let (Some(folder), Some(cut)) = (&options.mask, &face.cut) {
        std::fs::create_dir_all(folder).at(folder)?;
        mask(&folder.join(format!("series-{series}.nii")), cut)?;
    }
    Ok(())
}

/// The shaded surface as a portable grey map.
fn picture(view: &View) -> Vec<u8> {
    let mut out = format!("P5\n{PIXELS} {PIXELS}\n255\n").into_bytes();
    for row in 0..PIXELS {
        for column in 0..PIXELS {
            let shade = (view.shade(column, row) * 255.0).clamp(0.0, 255.0);
            #[expect(clippy::cast_sign_loss, reason = "clamped above zero")]
            out.push(shade as u8);
        }
    }
    out
}

/// The cut as NIfTI-1: depth in quarters of a millimetre, above zero inside. What is kept for the brain is
/// not inside, however deep it lies.
fn mask(path: &Path, cut: &Cut) -> Result<(), Failure> {
    let mut header = vec![0u8; 352];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(place) = header.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    };
    put(0, &348i32.to_le_bytes());
    put(40, &3i16.to_le_bytes());
    for (a, &n) in cut.grid.size.iter().enumerate() {
        let n = i16::try_from(n).unwrap_or(i16::MAX);
        put(42 + 2 * a, &n.to_le_bytes());
        put(80 + 4 * a, &(cut.grid.step as f32).to_le_bytes());
    }
    put(48, &[1, 0, 1, 0, 1, 0, 1, 0]);
    put(70, &256i16.to_le_bytes()); // signed bytes
    put(72, &8i16.to_le_bytes());
    put(76, &1f32.to_le_bytes());
    put(108, &352f32.to_le_bytes());
    put(254, &1i16.to_le_bytes()); // coordinates by the three rows
    // NIfTI counts toward the right and the front where DICOM counts left and back.
    for (row, sign) in [-1.0f32, -1.0, 1.0].into_iter().enumerate() {
        let at = 280 + 16 * row;
        put(at + 4 * row, &(sign * cut.grid.step as f32).to_le_bytes());
        let origin = cut.grid.origin.get(row).copied().unwrap_or(0.0) as f32;
        put(at + 12, &(sign * origin).to_le_bytes());
    }
    put(344, b"n+1\0");
    let inside = cut.depth.iter().zip(&cut.keep).map(|(depth, keep)| {
        if *keep > 0 {
            (*depth).min(keep.saturating_neg())
        } else {
            *depth
        }
    });
    header.extend(inside.map(|d| d.to_le_bytes()[0]));
    std::fs::write(path, header).at(path)
}

fn show(outcome: &Outcome) {
    let word = |face: Face| match face {
        Face::Present => "present",
        Face::Absent => "absent",
        Face::Unsure => "unsure",
    };
    for one in &outcome.series {
        let r = &one.report;
        println!(
            "series {}  {}  {} files: head {}, face {}, after the cut {}",
            one.series,
            one.modality,
            one.files,
            if r.head { "yes" } else { "no" },
            word(r.face),
            word(r.after),
        );
        println!(
            "    brain {:.0} ml, eyes {:.0}, nose {:.0}, mouth {:.0}, ears {:.0}, face {:.0}",
            r.volumes.brain,
            r.volumes.eyes,
            r.volumes.nose,
            r.volumes.mouth,
            r.volumes.ears,
            r.volumes.face
        );
        if r.altered.before > 0.0 {
            println!(
                "    face altered {:.1} %, ears {:.1} %, shape left {:.1} %, brain voxels changed {}; by the proof alone {}",
                100.0 * r.altered.face,
                100.0 * r.altered.ears,
                100.0 * r.altered.shape,
                r.brain_voxels_changed,
                word(one.proof)
            );
        }
        if one.undecoded > 0 || r.placeless > 0 {
            println!(
                "    {} images not decoded, {} without a place",
                one.undecoded, r.placeless
            );
        }
    }
    for (code, n) in &outcome.not_read {
        println!("{n} files not read: {code}");
    }
    println!(
        "{} series on the {}",
        outcome.series.len(),
        outcome.processor
    );
}
