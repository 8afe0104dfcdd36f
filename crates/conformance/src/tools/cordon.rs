//! Cordon itself: the same `Cleaner` that the command and the page drive, or the command
//! where `CORDON_BIN` names one. The library is what is in this tree; a command may be older.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use cordon_contribute::{Cleaner, SiteKey, VERSION};
use cordon_protocol::{Protocol, Verdict};
use serde::Deserialize;

use super::{Ran, Tool, ToolError, Work};
use crate::score::{Outputs, Written};

/// Cordon.
#[derive(Debug, Clone, Copy)]
pub struct Cordon;

impl Tool for Cordon {
    fn name(&self) -> &'static str {
        "cordon"
    }

    fn configuration(&self) -> &'static str {
        "the options asked for; what is Held counts as given back, Refused as missing"
    }

    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError> {
        let protocol = work
            .ask
            .protocol()
            .map_err(|e| ToolError::CannotDo(e.to_string()))?;
        if let Some(binary) = std::env::var_os("CORDON_BIN") {
            return command(Path::new(&binary), &protocol, work);
        }
        let cleaner = Cleaner::new(protocol, SiteKey::from_bytes([0x5C; 32]));
        let mut outputs = Outputs::new();
        let mut failed = 0;
        let mut seconds = 0.0;
        for item in &work.suite.items {
            let start = Instant::now();
            let cleaned = cleaner.clean(&item.bytes);
            seconds += start.elapsed().as_secs_f64();
            let Some(checked) = cleaned.output else {
                failed += 1;
                continue;
            };
            let path = work.output.join(&item.made.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&path, checked.bytes())?;
            let held = cleaned.verdict == Verdict::Held;
            outputs.insert(item.made.path.clone(), Written { path, held });
        }
        Ok(Ran {
            outputs,
            version: VERSION.trim_start_matches("cordon ").to_owned(),
            seconds,
            failed,
        })
    }
}

#[derive(Deserialize)]
struct Line {
    input: String,
    verdict: Verdict,
    output: Option<String>,
}

#[derive(Deserialize)]
struct Report {
    inputs: Vec<Line>,
}

/// The same through the command and its report.
fn command(binary: &Path, protocol: &Protocol, work: &Work<'_>) -> Result<Ran, ToolError> {
    let failed = |what: String| ToolError::Failed("cordon", what);
    std::fs::create_dir_all(work.output)?;
    let beside = |name: &str| work.output.join(name);
    let (file, key) = (beside("protocol.toml"), beside("site.key"));
    std::fs::write(
        &file,
        protocol.to_toml().map_err(|e| failed(e.to_string()))?,
    )?;
    let digits = "5c".repeat(32);
    std::fs::write(&key, format!("cordon site key v1\nkey: {digits}\n"))?;
    let start = Instant::now();
    // It ends with an error where something was refused; the report says what.
    let done = Command::new(binary)
        .arg("clean")
        .arg(work.input)
        .arg("--out")
        .arg(work.output)
        .arg("--protocol")
        .arg(&file)
        .arg("--key")
        .arg(&key)
        // Headers are what is compared here.
        .args(["--json", "--headers-only"])
        .output()?;
    let seconds = start.elapsed().as_secs_f64();
    let text = std::fs::read(beside("report.json"))
        .map_err(|_| failed(format!("no report, {}", done.status)))?;
    let report: Report = serde_json::from_slice(&text)
        .map_err(|_| failed("its report cannot be read".to_owned()))?;
    let mut outputs = Outputs::new();
    let mut refused = 0;
    for line in report.inputs {
        let input = PathBuf::from(&line.input);
        let relative = input.strip_prefix(work.input).unwrap_or(&input);
        match line.output {
            Some(place) => {
                let path = work.output.join(place);
                let held = line.verdict == Verdict::Held;
                outputs.insert(relative.display().to_string(), Written { path, held });
            }
            None => refused += 1,
        }
    }
    Ok(Ran {
        outputs,
        version: VERSION.trim_start_matches("cordon ").to_owned(),
        seconds,
        failed: refused,
    })
}
