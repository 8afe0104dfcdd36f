//! `cordon check`: the gate on finished files, and the signature of a receipt.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use cordon_contribute::{Policy, gate_under};
use cordon_protocol::{
    Code, CountersignedReceipt, Finding, ReceiptError, Verdict, key_fingerprint,
};
use serde::Serialize;

use crate::failure::{At as _, Failure};
use crate::inputs::{self, Input};
use crate::jobs::{self, Resources};
use crate::pool::{self, Jobs};
use crate::progress::Progress;
use crate::report::FindingLine;

/// What to check.
#[derive(Args)]
pub(crate) struct Options {
    /// Files and folders of finished objects.
    #[arg(
        value_name = "DIR",
        required_unless_present = "receipt",
        conflicts_with = "receipt"
    )]
    inputs: Vec<PathBuf>,
    /// The protocol that the files were cleaned under; the Basic Profile alone if not given.
    #[arg(long, value_name = "FILE", conflicts_with = "receipt")]
    protocol: Option<PathBuf>,
    /// A receipt to verify instead.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// The server's public key in base64, to know that the receipt is from that server.
    #[arg(long, value_name = "BASE64", requires = "receipt")]
    key: Option<String>,
    /// Print JSON instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    resources: Resources,
}

/// One finished file.
#[derive(Serialize)]
struct Line {
    input: String,
    verdict: Verdict,
    findings: Vec<FindingLine>,
}

#[derive(Default, Serialize)]
struct Sums {
    files: u64,
    clean: u64,
    held: u64,
    refused: u64,
    /// Those that did not pass.
    inputs: Vec<Line>,
}

struct Run<'a> {
    inputs: &'a [Input],
    largest: u64,
    json: bool,
    policy: Policy,
    told: Mutex<(Sums, Progress)>,
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Jobs for Run<'_> {
    type Made = (Verdict, Vec<Finding>);
    type Result = Line;

    fn weight(&self, index: usize) -> u64 {
        self.inputs.get(index).map_or(0, jobs::weight)
    }

    fn work(&self, index: usize) -> Self::Made {
        let Some(input) = self.inputs.get(index) else {
            return (Verdict::Refused, vec![Finding::new(Code::Internal)]);
        };
        BUFFER.with_borrow_mut(|buffer| {
            jobs::load(input, self.largest, buffer)
                .and_then(|()| jobs::guarded(|| gate_under(buffer, self.policy)))
                .map_or_else(
                    |not| (Verdict::Refused, vec![not.finding]),
                    |gate| (gate.verdict, gate.findings),
                )
        })
    }

    fn decide(&self, _: usize, _: &mut Self::Made) {}

    fn finish(&self, index: usize, (verdict, findings): Self::Made) -> Line {
        Line {
            input: self
                .inputs
                .get(index)
                .map(|i| i.name.clone())
                .unwrap_or_default(),
            verdict,
            findings: findings.iter().map(FindingLine::from).collect(),
        }
    }

    fn emit(&self, index: usize, line: Line) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (sums, progress) = &mut *told;
        sums.files += 1;
        match line.verdict {
            Verdict::Clean => sums.clean += 1,
            Verdict::Held => sums.held += 1,
            Verdict::Refused => sums.refused += 1,
        }
        progress.tell(index + 1);
        if line.verdict == Verdict::Clean {
            return;
        }
        if self.json {
            sums.inputs.push(line);
        } else {
            progress.end();
            println!("{}  {}", line.verdict, line.input);
            for finding in &line.findings {
                println!("    {}", finding.spoken());
            }
        }
    }
}

/// Checks; `false` when anything did not pass.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    match &options.receipt {
        Some(path) => receipt(path, options),
        None => files(options),
    }
}

fn files(options: &Options) -> Result<bool, Failure> {
    let mut found = inputs::collect(&options.inputs, None);
    // `cordon clean` puts its report beside the objects; it is for the clinic and not an object.
    let reports: Vec<String> = options
        .inputs
        .iter()
        .flat_map(|root| ["report.json", crate::words::NAME].map(|name| root.join(name)))
        .map(|path| path.display().to_string())
        .collect();
    let all = found.list.len();
    found.list.retain(|input| !reports.contains(&input.name));
    let report_there = found.list.len() < all;
    let protocol = crate::clean::protocol(options.protocol.as_deref())?;
    let run = Run {
        inputs: &found.list,
        largest: options.resources.largest(),
        json: options.json,
        policy: Policy::of(&protocol),
        told: Mutex::new((Sums::default(), Progress::new(found.list.len()))),
    };
    pool::run(&run, found.list.len(), options.resources.limits());
    let (sums, progress) = run
        .told
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    progress.end();
    if options.json {
        println!("{}", serde_json::to_string(&sums).unwrap_or_default());
    } else {
        println!(
            "{} files: {} clean, {} held, {} refused",
            sums.files, sums.clean, sums.held, sums.refused
        );
        if report_there {
            println!(
                "report.json and words.toml are not checked: they are the clinic's own and must not leave."
            );
        }
    }
    if sums.files == 0 {
        eprintln!("cordon: there is no file to check");
    }
    // Nothing checked is nothing passed.
    Ok(sums.files > 0 && sums.clean == sums.files && found.passed_over == 0)
}

fn receipt(path: &PathBuf, options: &Options) -> Result<bool, Failure> {
    let text = fs::read_to_string(path).at(path)?;
    let signed = match CountersignedReceipt::verify_json(&text, options.key.as_deref()) {
        Ok(signed) => signed,
        Err(error) => {
            if options.json {
                println!(
                    "{}",
                    serde_json::json!({ "valid": false, "reason": error.to_string() })
                );
                return Ok(false);
            }
            return Err(broken(path, error));
        }
    };
    let receipt = &signed.receipt;
    let fingerprint = key_fingerprint(&signed.public_key);
    if options.json {
        println!(
            "{}",
            serde_json::json!({
                "valid": true,
                "key_expected": options.key.is_some(),
                "key_fingerprint": fingerprint,
                "public_key": signed.public_key,
                "contribution": receipt.contribution,
                "project": receipt.project,
                "server": receipt.server,
                "received_at": receipt.received_at,
                "instances": receipt.instances.len(),
            })
        );
        return Ok(true);
    }
    println!("The signature is valid.");
    println!("  Server        {}", receipt.server);
    println!("  Key           {fingerprint}");
    println!("  Project       {}", receipt.project);
    println!("  Contribution  {}", receipt.contribution);
    println!("  Received      {}", receipt.received_at);
    println!(
        "  Protocol      {}, PS3.15 {}",
        receipt.protocol, receipt.edition
    );
    println!("  Approved by   {}", receipt.approval.by);
    println!("  Instances     {}", receipt.instances.len());
    if options.key.is_none() {
        println!(
            "Compare the key with the one that the server's operator publishes, or give it with --key."
        );
    }
    Ok(true)
}

fn broken(path: &std::path::Path, error: ReceiptError) -> Failure {
    Failure::Receipt {
        path: path.to_owned(),
        error,
    }
}
