//! `cordon clean`: the pipeline on files, folders and archives.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::Args;
use cordon_contribute::{
    Checked, Cleaned, Cleaner, HeldWord, PixelWork, Placement, WordDecisions, is_derived,
};
use cordon_evidence::{Evidence, Looked};
use cordon_protocol::{Change, Code, Counts, Finding, Protocol, Verdict};
use serde::Serialize;

use crate::failure::{At as _, Failure};
use crate::inputs::{self, Input};
use crate::jobs::{self, NotHad, Resources};
use crate::key;
use crate::looks::{Looks, Waiting, Wants};
use crate::output::Output;
use crate::pool::{self, Jobs};
use crate::progress::Progress;
use crate::report::{FindingLine, Head, InputLine, Report, Summary};
use crate::words::{self, Words};

/// What to clean, and where to.
#[derive(Args)]
pub(crate) struct Options {
    /// Files, folders and ZIP archives.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Output folder: `clean/`, `held/`, `report.json` and `words.toml` are written below it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The project's protocol; the Basic Profile where it is not given.
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    /// The site key; the user's own, made on first use, where it is not given.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// What was decided on doubtful words: the edited words.toml of an earlier run, or JSON.
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,
    /// Print one line of JSON with the sums instead of sentences.
    #[arg(long)]
    json: bool,
    /// Put the fate of every attribute into the report: tag, action, rule.
    #[arg(long)]
    changes: bool,
    /// Write a report for people, without identifiers: one HTML page that prints.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Hold what the headers leave open, faces and text, instead of looking at the pixels.
    #[arg(long)]
    headers_only: bool,
    /// Run the networks on the graphics processor.
    #[arg(long, conflicts_with = "headers_only")]
    gpu: bool,
    #[command(flatten)]
    resources: Resources,
}

/// What was made of one input, until it is decided and written.
struct Made {
    verdict: Verdict,
    findings: Vec<Finding>,
    counts: Counts,
    changes: Option<Vec<Change>>,
    output: Option<(Checked, Placement)>,
    /// Its doubtful words.
    uncertain: Vec<HeldWord>,
    /// How many objects with this SOP Instance UID came before, and this one.
    repeat: u32,
    error: Option<String>,
    /// Somebody has to look at its pixels first.
    waiting: Option<Waiting>,
}

impl From<NotHad> for Made {
    fn from(not: NotHad) -> Self {
        Self {
            verdict: Verdict::Refused,
            findings: vec![not.finding],
            counts: Counts::default(),
            changes: None,
            output: None,
            uncertain: Vec::new(),
            repeat: 1,
            error: not.error,
            waiting: None,
        }
    }
}

/// One run.
struct Run<'a> {
    inputs: &'a [Input],
    cleaner: Cleaner,
    output: &'a Output,
    largest: u64,
    changes: bool,
    evidence: Option<Mutex<Evidence>>,
    /// Digests of the objects seen under each SOP Instance UID that leaves.
    seen: Mutex<HashMap<String, Vec<String>>>,
    words: Mutex<Words>,
    told: Mutex<(Report, Progress)>,
    /// Whether pixels are looked at, and what waits for it.
    looks: bool,
    waiting: Mutex<Vec<Waiting>>,
}

/// The inputs of a series whose pixels were looked at, cleaned with what was found.
struct Again<'a, 'r> {
    run: &'r Run<'a>,
    waiting: &'r [Waiting],
    works: HashMap<usize, PixelWork>,
    /// Inputs that were done before these.
    done: usize,
}

thread_local! {
    /// A file's bytes; kept between files, because giving memory back costs more than reading.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A buffer that grew beyond this for one large file is given back.
const KEEP_BUFFER: usize = 32 << 20;

impl Jobs for Run<'_> {
    type Made = Made;
    type Result = Option<InputLine>;

    fn weight(&self, index: usize) -> u64 {
        self.inputs.get(index).map_or(0, jobs::weight)
    }

    fn work(&self, index: usize) -> Made {
        let mut made = self.make(index, &PixelWork::default());
        made.waiting = self.wait(index, &made);
        made
    }

    fn decide(&self, _: usize, made: &mut Made) {
        if made.waiting.is_none() {
            self.repeats(made);
        }
    }

    fn finish(&self, index: usize, made: Made) -> Option<InputLine> {
        if let Some(waiting) = made.waiting {
            let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(waiting);
            return None;
        }
        Some(self.line(index, made))
    }

    fn emit(&self, index: usize, line: Option<InputLine>) {
        if let Some(line) = line {
            self.tell(index + 1, &line);
        }
    }
}

impl Jobs for Again<'_, '_> {
    type Made = Made;
    type Result = InputLine;

    fn weight(&self, index: usize) -> u64 {
        let waiting = self.waiting.get(index);
        waiting.map_or(0, |w| self.run.weight(w.input))
    }

    fn work(&self, index: usize) -> Made {
        let input = self.waiting.get(index).map_or(usize::MAX, |w| w.input);
        let nothing = PixelWork::default();
        self.run
            .make(input, self.works.get(&input).unwrap_or(&nothing))
    }

    fn decide(&self, _: usize, made: &mut Made) {
        self.run.repeats(made);
    }

    fn finish(&self, index: usize, made: Made) -> InputLine {
        let input = self.waiting.get(index).map_or(usize::MAX, |w| w.input);
        self.run.line(input, made)
    }

    fn emit(&self, index: usize, line: InputLine) {
        self.run.tell(self.done + index + 1, &line);
    }
}

impl Run<'_> {
    /// Looks at the pixels of what waits for it, and cleans it with what was found.
    fn look(&self, options: &Options) -> Result<(), Failure> {
        let mut waiting = {
            let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *all)
        };
        if waiting.is_empty() {
            return Ok(());
        }
        waiting.sort_by_key(|w| w.input);
        let (protocol, key) = (self.cleaner.protocol(), self.cleaner.key());
        let mut done = self.inputs.len().saturating_sub(waiting.len());
        let mut again = |waiting: &[Waiting], works| {
            let again = Again {
                run: self,
                waiting,
                works,
                done,
            };
            pool::run(&again, waiting.len(), options.resources.limits());
            done += waiting.len();
        };
        match Looks::open(options.gpu, self.inputs, protocol, key, self.largest) {
            Ok(looks) => {
                looks.each(waiting, again);
                Ok(())
            }
            // Nobody can look: everything gets its verdict without, and is held for it.
            Err(error) => {
                again(&waiting, HashMap::new());
                Err(error)
            }
        }
    }

    /// Cleans an input, and does to its pixels what is to be done.
    fn make(&self, index: usize, work: &PixelWork) -> Made {
        let Some(input) = self.inputs.get(index) else {
            return Made::from(NotHad {
                finding: Finding::new(Code::Internal),
                error: None,
            });
        };
        BUFFER.with_borrow_mut(|buffer| {
            let made = jobs::load(input, self.largest, buffer)
                .and_then(|()| jobs::guarded(|| self.cleaner.clean_with(buffer, work)))
                .map_or_else(Made::from, |cleaned| self.keep(cleaned));
            if buffer.capacity() > KEEP_BUFFER {
                *buffer = Vec::new();
            }
            made
        })
    }

    /// What has to be looked for before this can be decided.
    fn wait(&self, index: usize, made: &Made) -> Option<Waiting> {
        let (object, placement) = made.output.as_ref().filter(|_| self.looks)?;
        Some(Waiting {
            input: index,
            series: (placement.study.clone(), placement.series.clone()),
            derived: is_derived(&object.record().sop_class),
            wants: Wants::of(&made.findings, self.cleaner.protocol())?,
        })
    }

    /// Whether an object with its UID came before.
    fn repeats(&self, made: &mut Made) {
        let Some((checked, _)) = &made.output else {
            return;
        };
        let record = checked.record();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let digests = seen.entry(record.instance.clone()).or_default();
        if digests.contains(&record.sha256) {
            made.findings.push(Finding::new(Code::Copy));
            made.verdict = Verdict::Refused;
            made.output = None;
            // Nothing of it leaves, so nothing was done to it.
            made.counts = Counts::default();
            made.changes = None;
            return;
        }
        digests.push(record.sha256.clone());
        made.repeat = u32::try_from(digests.len()).unwrap_or(u32::MAX);
        if made.repeat > 1 {
            made.findings.push(Finding::new(Code::Duplicate));
            made.verdict = made.verdict.max(Verdict::Held);
        }
    }

    /// Writes what leaves, and says what became of the input.
    fn line(&self, index: usize, made: Made) -> InputLine {
        if let Some(evidence) = &self.evidence {
            let mut evidence = evidence.lock().unwrap_or_else(PoisonError::into_inner);
            evidence.add(Looked {
                verdict: made.verdict,
                findings: &made.findings,
                counts: &made.counts,
                changes: made.changes.as_deref().unwrap_or_default(),
                record: made.output.as_ref().map(|(checked, _)| checked.record()),
            });
        }
        let mut line = InputLine {
            input: self
                .inputs
                .get(index)
                .map(|i| i.name.clone())
                .unwrap_or_default(),
            verdict: made.verdict,
            output: None,
            sha256: None,
            findings: made.findings.iter().map(FindingLine::from).collect(),
            counts: made.counts,
            changes: made.changes.filter(|_| self.changes),
            error: made.error,
        };
        let Some((checked, placement)) = made.output else {
            return line;
        };
        if !made.uncertain.is_empty() {
            let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
            words.add(made.uncertain);
        }
        let sha256 = checked.record().sha256.clone();
        let place = Output::place(made.verdict, &placement, made.repeat);
        // `clean/` takes sealed objects only, as the uploader does.
        let written = match (made.verdict, &place) {
            (Verdict::Clean, Some(place)) => match checked.seal(None) {
                Ok(sealed) => self.output.write(place, sealed.bytes()),
                Err(_) => Err(std::io::ErrorKind::PermissionDenied.into()),
            },
            (Verdict::Held, Some(place)) => self.output.write(place, checked.bytes()),
            (Verdict::Clean | Verdict::Held, None) => Err(std::io::ErrorKind::InvalidInput.into()),
            _ => return line,
        };
        match written {
            Ok(()) => {
                line.output = place;
                line.sha256 = Some(sha256);
            }
            Err(error) => line.error = Some(format!("not written: {}", error.kind())),
        }
        line
    }

    fn tell(&self, done: usize, line: &InputLine) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.0.add(line);
        told.1.tell(done);
    }

    fn keep(&self, cleaned: Cleaned) -> Made {
        let output = cleaned.output.zip(cleaned.placement);
        Made {
            verdict: cleaned.verdict,
            findings: cleaned.findings,
            counts: cleaned.counts,
            changes: (self.changes || self.evidence.is_some()).then_some(cleaned.changes),
            output,
            uncertain: cleaned.uncertain,
            repeat: 1,
            error: None,
            waiting: None,
        }
    }
}

/// The line of `--json`.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    report: String,
    key: String,
    key_made: bool,
    /// Words that nobody has decided on.
    words_undecided: usize,
    /// Where they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    seconds: f64,
}

/// The protocol in a file; the Basic Profile without one.
pub(crate) fn protocol(path: Option<&Path>) -> Result<Protocol, Failure> {
    let Some(path) = path else {
        return Ok(Protocol::basic());
    };
    let text = fs::read_to_string(path).at(path)?;
    // A server publishes its protocol as JSON; a person writes TOML.
    let read = if text.trim_start().starts_with('{') {
        Protocol::from_json(&text)
    } else {
        Protocol::from_toml(&text)
    };
    read.map_err(|error| Failure::Protocol {
        path: path.to_owned(),
        error,
    })
}

/// Cleans; `false` when something could not be read or written.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let protocol = protocol(options.protocol.as_deref())?;
    let decisions = match &options.words {
        Some(path) => words::read(path)?,
        None => WordDecisions::default(),
    };
    let words_path = options.out.join(words::NAME);
    words::guard(&words_path, options.words.as_deref())?;
    let site = key::find(options.key.as_deref())?;
    if site.new {
        eprintln!(
            "A site key was made and is kept in {} (fingerprint {}). Pseudonyms derive from it: keep a copy in a safe place.",
            site.path.display(),
            site.key.fingerprint()
        );
    } else if !options.json {
        eprintln!(
            "Site key: {} (fingerprint {})",
            site.path.display(),
            site.key.fingerprint()
        );
    }
    let output = Output::new(&options.out).at(&options.out)?;
    let found = inputs::collect(&options.inputs, Some(&options.out));
    let report_path = output.file("report.json");
    let head = Head {
        format: 1,
        cleaned_by: cordon_contribute::VERSION,
        protocol: format!("{} v{}", protocol.id, protocol.version),
        protocol_sha256: protocol.digest(),
        edition: protocol.edition.clone(),
    };
    let report = Report::start(&report_path, &head).at(&report_path)?;
    let evidence = |_| Mutex::new(Evidence::new(&protocol, cordon_contribute::VERSION));
    let run = Run {
        inputs: &found.list,
        evidence: options.evidence.as_ref().map(evidence),
        cleaner: Cleaner::new(protocol, site.key).with_decisions(decisions.clone()),
        output: &output,
        largest: options.resources.largest(),
        changes: options.changes,
        seen: Mutex::default(),
        words: Mutex::default(),
        told: Mutex::new((report, Progress::new(found.list.len()))),
        looks: !options.headers_only,
        waiting: Mutex::default(),
    };
    pool::run(&run, found.list.len(), options.resources.limits());
    let looked = run.look(options);
    let (report, progress) = run
        .told
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    progress.end();
    if let (Some(path), Some(evidence)) = (&options.evidence, run.evidence) {
        let evidence = evidence
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        fs::write(path, evidence.html()).at(path)?;
    }
    let found_words = run
        .words
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let words_there = found_words.write(&words_path, &decisions).at(&words_path)?;
    let summary = report.end(found.passed_over).at(&report_path)?;
    let told = Told {
        summary: &summary,
        report: report_path.display().to_string(),
        key: site.path.display().to_string(),
        key_made: site.new,
        words_undecided: found_words.len(),
        words: words_there.then(|| words_path.display().to_string()),
        seconds: progress.seconds(),
    };
    tell(options, &told);
    looked?;
    Ok(summary.failed == 0)
}

fn tell(options: &Options, told: &Told<'_>) {
    if options.json {
        println!("{}", serde_json::to_string(told).unwrap_or_default());
        return;
    }
    let Summary {
        inputs,
        clean,
        held,
        refused,
        failed,
        passed_over,
        ..
    } = told.summary;
    println!(
        "{inputs} inputs in {:.1} s: {clean} clean, {held} held, {refused} refused",
        told.seconds
    );
    for (code, count) in &told.summary.findings {
        let sentence = Code::ALL
            .iter()
            .find(|c| c.as_str() == *code)
            .map_or("", |c| c.sentence());
        println!("  {count:>6}  {code}: {sentence}");
    }
    if *held > 0 {
        println!("What is under held/ must not be released before a person has looked at it.");
    }
    if let (n @ 1.., Some(path)) = (told.words_undecided, &told.words) {
        println!(
            "{n} words may name somebody and hold what they stand in. Decide on them in {path} (for the clinic only) and run again with --words."
        );
    }
    if *failed > 0 {
        println!("{failed} could not be read or written; the report says which.");
    }
    if *passed_over > 0 {
        println!("{passed_over} links and special files were passed over.");
    }
    println!("Report, for the clinic only: {}", told.report);
}
