//! Broken files get a verdict with a reason, quickly and in little memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // helpers of tests fail like tests

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use cordon_protocol::Verdict;

const FILE: &str = "CANARY_CHILD_FILE";

/// Runs in a child process, so that its peak memory is this file's alone.
#[test]
fn child() {
    let Some(path) = std::env::var_os(FILE) else {
        return;
    };
    let bytes = std::fs::read(path).unwrap();
    let cleaner = common::cleaner();
    let started = Instant::now();
    let cleaned = cleaner.clean(&bytes);
    let took = started.elapsed().as_millis();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak: u64 = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.split_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    let sentences: Vec<String> = cleaned
        .findings
        .iter()
        .map(cordon_protocol::Finding::sentence)
        .collect();
    assert_eq!(
        cleaned.output.is_none(),
        cleaned.verdict == Verdict::Refused,
        "an output exactly when it is not refused"
    );
    println!(
        "CHILD {}",
        serde_json::json!({
            "verdict": cleaned.verdict.word(),
            "ms": u64::try_from(took).unwrap_or(u64::MAX),
            "peak_kb": peak,
            "sentences": sentences,
        })
    );
}

fn in_child(path: &Path) -> Result<serde_json::Value, String> {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = text
        .lines()
        .find_map(|l| l.split_once("CHILD ").map(|c| c.1));
    match (out.status.success(), line) {
        (true, Some(json)) => serde_json::from_str(json).map_err(|e| e.to_string()),
        _ => Err(format!(
            "{}: the child ended with {}: {}",
            path.display(),
            out.status,
            String::from_utf8_lossy(&out.stderr)
                .lines()
                .find(|l| l.contains("panicked"))
                .unwrap_or("no output")
        )),
    }
}

fn judge(files: &[PathBuf], finding_needed: bool) {
    let mut failures = Vec::new();
    for path in files {
        let answer = match in_child(path) {
            Ok(answer) => answer,
            Err(error) => {
                failures.push(error);
                continue;
            }
        };
        let name = path.display();
        println!(
            "{name}: {} in {} ms, {} MB: {}",
            answer["verdict"],
            answer["ms"],
            answer["peak_kb"].as_u64().unwrap() / 1024,
            answer["sentences"]
        );
        if answer["ms"].as_u64().unwrap() >= 2000 {
            failures.push(format!("{name}: took {} ms", answer["ms"]));
        }
        let peak = answer["peak_kb"].as_u64().unwrap();
        if peak == 0 || peak >= 500 * 1024 {
            failures.push(format!("{name}: peak of {peak} KB"));
        }
        let sentences = answer["sentences"].as_array().unwrap();
        if finding_needed && sentences.is_empty() {
            failures.push(format!("{name}: {} without a finding", answer["verdict"]));
        }
        for sentence in sentences {
            if sentence.as_str().unwrap().split(' ').count() < 3 {
                failures.push(format!("{name}: {sentence} is no sentence"));
            }
        }
    }
    common::none("malformed files are badly answered", &failures);
}

#[test]
fn every_malformed_file_gets_a_verdict_and_a_finding() {
    if let Some(folder) = common::testdata() {
        judge(&common::files_below(&folder.join("malformed")), true);
    }
}

/// A good file with one part broken: cut short, or a byte changed. A child for each would be
/// slow, so these run here: a panic or a hang shows all the same.
#[test]
fn broken_planted_files_do_not_break_the_cleaner() {
    use cordon_canary::scan::Scanner;
    use cordon_canary::set::{Amount, recipes};

    let cleaner = common::cleaner();
    let mut failures = Vec::new();
    for recipe in recipes(Amount::Usual).into_iter().step_by(9) {
        let planted = recipe.make();
        let scanner = Scanner::new(&planted.canaries).unwrap();
        let len = planted.bytes.len();
        for cut in (0..48).map(|i| 100 + i * (len - 100) / 48) {
            let mut flipped = planted.bytes.clone();
            flipped[cut] ^= 0xFF;
            for (what, bytes) in [("cut", &planted.bytes[..cut]), ("flipped", &flipped[..])] {
                let started = Instant::now();
                let cleaned = cleaner.clean(bytes);
                if started.elapsed().as_secs() >= 2 {
                    failures.push(format!("{} {what} at {cut}: too slow", planted.name));
                }
                match cleaned.output {
                    None if cleaned.findings.is_empty() => {
                        failures.push(format!("{} {what} at {cut}: no finding", planted.name));
                    }
                    None => {}
                    Some(output) => {
                        for leak in scanner.leaks(output.bytes()) {
                            failures.push(format!(
                                "{} {what} at {cut}: {} leaks",
                                planted.name, leak.place
                            ));
                        }
                    }
                }
            }
        }
    }
    common::none("broken files are badly answered", &failures);
}
