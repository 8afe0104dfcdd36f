//! The page in headless Chromium against `dcmjs` in the same Chromium.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::{Files, Measured, Memory, Row, Times};
use crate::failure::{Done, Failure};
use crate::paths::Paths;
use crate::shell::{output, run, say};
use crate::tools;

/// What `benches/browser/bench.mjs` prints.
#[derive(Deserialize)]
struct Answer {
    browser: String,
    page_seconds: Vec<f64>,
    dcmjs_seconds: Vec<f64>,
    #[serde(default)]
    page_memory_kib: Vec<u64>,
    #[serde(default)]
    page_many_seconds: Vec<f64>,
    #[serde(default)]
    dcmjs_many_seconds: Vec<f64>,
}

/// Measures and adds what came of it.
pub(crate) fn measure(
    paths: &Paths,
    cordon: &Path,
    files: &Files,
    memory: bool,
    measured: &mut Measured,
) -> Done {
    say("the page and dcmjs in Chromium");
    tools::node(paths)?;
    let chromium = tools::browser(paths)?;
    let folder = paths.root.join("benches/browser");
    run(tools::npm()
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&folder))?;
    let mut command = Command::new("node");
    command
        .arg("bench.mjs")
        .env("CORDON_BIN", cordon)
        .env("CORDON_PAGE", paths.page())
        .env("CORDON_CHROMIUM", chromium)
        .env("CORDON_BENCH_FEW", &files.few)
        .current_dir(&folder);
    if memory {
        command.env("CORDON_BENCH_MANY", &files.many);
    }
    let text = output(&mut command)?;
    let answer: Answer = text
        .lines()
        .last()
        .and_then(|line| serde_json::from_str(line).ok())
        .ok_or_else(|| Failure::Check("bench.mjs gave no figures".to_owned()))?;
    measured.browser_version = Some(answer.browser);
    measured.browser = rows(answer.page_seconds, answer.dcmjs_seconds);
    if !answer.page_many_seconds.is_empty() {
        measured.browser_many = rows(answer.page_many_seconds, answer.dcmjs_many_seconds);
    }
    if let [few, many] = answer.page_memory_kib.as_slice() {
        measured.browser_memory = Some(Memory {
            few: *few,
            many: *many,
        });
    }
    Ok(())
}

fn rows(page: Vec<f64>, dcmjs: Vec<f64>) -> Vec<Row> {
    vec![
        Row {
            name: "the page".to_owned(),
            note: "from the drop until every file has its verdict and is staged",
            times: Times::from_seconds(page),
        },
        Row {
            name: "dcmjs".to_owned(),
            note: "read, Basic Profile rewrite of the root level, write; nothing staged",
            times: Times::from_seconds(dcmjs),
        },
    ]
}
