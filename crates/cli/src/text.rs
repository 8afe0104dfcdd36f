//! `cordon text`: where is text burned into pixels?
//!
//! It looks and changes nothing. The JSON numbers the files in the order in which they were found
//! and holds no value of a header, so that it can travel with the data; paths are in it only
//! when asked for. The table for people names files, as they gave them.

use std::path::PathBuf;

use clap::Args;
use cordon_dicom::{read, read_inflating};
use cordon_inspect::text::{Kept, TextError, TextNets, TextReport, find_text};
use cordon_nets::device::{Processor, open, wait};
use cordon_nets::line::LineNet;
use cordon_nets::text::TextNet;
use cordon_pixels::PixelError;
use cordon_protocol::{Code, Finding, HarmlessText, Verdict};
use cordon_text::{TextBox, Triage};
use serde::Serialize;

use crate::failure::Failure;
use crate::inputs;
use crate::jobs::{self, NotHad};
use crate::progress::Progress;

/// What to look at.
#[derive(Args)]
pub(crate) struct Options {
    /// Files, folders and ZIP archives.
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<PathBuf>,
    /// Print JSON instead of a table; it names no file.
    #[arg(long)]
    json: bool,
    /// With `--json`: say each file's path as well.
    #[arg(long, requires = "json")]
    paths: bool,
    /// Kinds of text that may stay where they are read without doubt: side-marker, ruler,
    /// window-value. Several with commas.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = kind)]
    keep: Vec<HarmlessText>,
    /// Use the graphics processor.
    #[arg(long)]
    gpu: bool,
    /// Largest file in MiB; a larger one is not looked at.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    largest: u64,
}

fn kind(word: &str) -> Result<HarmlessText, String> {
    HarmlessText::ALL
        .into_iter()
        .find(|kind| kind.word() == word)
        .ok_or_else(|| {
            let all = HarmlessText::ALL.map(HarmlessText::word).join(", ");
            format!("it is one of {all}")
        })
}

/// The whole outcome.
#[derive(Serialize)]
struct Outcome {
    /// Of this form of the file.
    format: &'static str,
    /// Of the network's weights.
    weights: &'static str,
    /// What they ran on.
    processor: &'static str,
    files: Vec<Looked>,
}

/// One file.
#[derive(Serialize)]
struct Looked {
    /// In the order of the input, from one.
    file: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    verdict: Verdict,
    /// Codes; an object without any has no text that the network sees.
    findings: Vec<Code>,
    /// What the header asked for; none when the file could not be read.
    triage: Option<Triage>,
    /// Frames looked at.
    frames: u32,
    /// Where the network sees text.
    boxes: Vec<TextBox>,
    /// Where it sees text of a kind that was to be kept.
    kept: Vec<Kept>,
    /// Where this device is known to write, or writes outside of its image.
    places: Vec<TextBox>,
}

/// Looks; `false` when something could not be read.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let processor = if options.gpu {
        Processor::Gpu
    } else {
        Processor::Cpu
    };
    let device = wait(open(processor))?;
    let (find, read) = (TextNet::embedded(&device)?, LineNet::embedded(&device)?);
    let nets = TextNets {
        find: &find,
        read: Some(&read),
        device: &device,
    };
    let largest = options.largest.saturating_mul(1 << 20);
    let found = inputs::collect(&options.inputs, None);
    let mut outcome = Outcome {
        format: "cordon-text-1",
        weights: cordon_nets::text::WEIGHTS.sha256,
        processor: processor.name(),
        files: Vec::new(),
    };
    let mut progress = Progress::new(found.list.len());
    let mut buffer = Vec::new();
    for (i, input) in found.list.iter().enumerate() {
        let looked = jobs::load(input, largest, &mut buffer)
            .and_then(|()| jobs::guarded(|| look(&buffer, nets, &options.keep)).and_then(|l| l));
        let mut looked = looked.unwrap_or_else(|not| Looked::without(not.finding.code));
        looked.file = i + 1;
        looked.path = (options.paths || !options.json).then(|| input.name.clone());
        outcome.files.push(looked);
        progress.tell(i + 1);
    }
    progress.end();
    // Folders hold other things than images: those are no failure, and nobody waits for them.
    outcome.files.retain(|f| {
        !f.findings
            .iter()
            .any(|c| matches!(c, Code::NotDicom | Code::Directory | Code::EmptyFile))
    });
    if options.json {
        println!("{}", serde_json::to_string(&outcome).unwrap_or_default());
    } else {
        show(&outcome);
    }
    if outcome.files.is_empty() {
        eprintln!("cordon: there is no image to look at");
    }
    let unseen = outcome
        .files
        .iter()
        .any(|f| f.findings.iter().any(|&c| c != Code::TextInPixels));
    Ok(!outcome.files.is_empty() && !unseen)
}

impl Looked {
    /// A file that nobody has seen, and why.
    fn without(code: Code) -> Self {
        Self {
            file: 0,
            path: None,
            verdict: Verdict::of(&[Finding::new(code)]),
            findings: vec![code],
            triage: None,
            frames: 0,
            boxes: Vec::new(),
            kept: Vec::new(),
            places: Vec::new(),
        }
    }

    fn seen(report: TextReport) -> Self {
        let text = !report.boxes.is_empty() || !report.places.is_empty();
        let findings: Vec<Code> = text.then_some(Code::TextInPixels).into_iter().collect();
        Self {
            file: 0,
            path: None,
            verdict: if text { Verdict::Held } else { Verdict::Clean },
            findings,
            triage: Some(report.triage),
            frames: report.frames,
            boxes: report.boxes,
            kept: report.kept,
            places: report.places,
        }
    }
}

fn look(bytes: &[u8], nets: TextNets<'_>, keep: &[HarmlessText]) -> Result<Looked, NotHad> {
    let had = |e: cordon_dicom::ReadError| NotHad {
        finding: e.finding(),
        error: None,
    };
    let whole = read_inflating(bytes).map_err(had)?;
    let file = read(&whole).map_err(had)?;
    Ok(match wait(find_text(&file, nets, keep, &mut |_, _| true)) {
        Ok(report) => Looked::seen(report),
        Err(TextError::Pixels { error, .. }) => Looked::without(match error {
            PixelError::Short(_) => Code::PixelsShort,
            PixelError::Absurd => Code::PixelsAbsurd,
            PixelError::SyntaxMismatch(_) => Code::SyntaxMismatch,
            _ => Code::PixelsUndecodable,
        }),
        // Whatever the network's failure is, nobody has seen the picture.
        Err(TextError::Net(_) | TextError::Stopped) => Looked::without(Code::Internal),
    })
}

fn show(outcome: &Outcome) {
    for file in &outcome.files {
        println!(
            "{:<8} {} frames, {} boxes, {} known places  {}",
            file.verdict.word(),
            file.frames,
            file.boxes.len(),
            file.places.len(),
            file.path.as_deref().unwrap_or_default(),
        );
        for code in &file.findings {
            println!("    {}: {}", code.as_str(), code.sentence());
        }
        for k in file.kept.iter().take(40) {
            let b = k.place;
            println!(
                "    frame {:<4} at {}, {}: {} × {}, {}",
                b.frame,
                b.x,
                b.y,
                b.width,
                b.height,
                k.kind.word()
            );
        }
        for b in file.boxes.iter().chain(&file.places).take(40) {
            println!(
                "    frame {:<4} at {}, {}: {} × {}",
                b.frame, b.x, b.y, b.width, b.height
            );
        }
    }
    let count = |v| outcome.files.iter().filter(|f| f.verdict == v).count();
    println!(
        "{} files on the {}: {} without text, {} with, {} not looked at",
        outcome.files.len(),
        outcome.processor,
        count(Verdict::Clean),
        outcome
            .files
            .iter()
            .filter(|f| f.findings.contains(&Code::TextInPixels))
            .count(),
        outcome.files.iter().filter(|f| f.triage.is_none()).count(),
    );
}
