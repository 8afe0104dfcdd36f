//! `cargo xtask test`: every test there is, the browser ones included.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Args;

use crate::failure::{Done, Failure};
use crate::paths::Paths;
use crate::shell::{cargo, run as execute, say};
use crate::{page, run, tools};

/// Which tests.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave the browser tests out: for work on the crates below the page.
    #[arg(long)]
    no_browser: bool,
}

/// What was counted.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
}

/// Runs everything and prints one closing line.
pub(crate) fn run(paths: &Paths, options: &Options) -> Done {
    let start = Instant::now();
    tools::apt(
        paths,
        &[
            ("cc", "build-essential"),
            ("dciodvfy", "dicom3tools"),
            ("dcmodify", "dcmtk"),
            ("dcm2niix", "dcm2niix"),
        ],
    )?;
    let python = tools::python_for_tests(paths)?;
    let mut command = cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        // Runs in a browser only; here it would bring the graphics backends along.
        .args(["--exclude", "cordon-web-nets"])
        .env("CARGO_TARGET_DIR", &paths.target)
        .env("CORDON_PYTHON", &python)
        .current_dir(&paths.root);
    let native = counted(&mut command, &libtest)?;
    let mut browser = Tally::default();
    if !options.no_browser {
        browser = browser_tests(paths)?;
    }
    let summary = format!(
        "native {} passed, {} failed, {} ignored; browser {} passed, {} failed, {} skipped; {} s",
        native.passed,
        native.failed,
        native.ignored,
        browser.passed,
        browser.failed,
        browser.ignored,
        start.elapsed().as_secs(),
    );
    println!("Summary: {summary}");
    if native.failed + browser.failed > 0 {
        return Err(Failure::Check("there are failing tests".to_owned()));
    }
    if native.passed == 0 || (!options.no_browser && browser.passed == 0) {
        return Err(Failure::Check("tests are missing: none passed".to_owned()));
    }
    Ok(())
}

fn browser_tests(paths: &Paths) -> Done<Tally> {
    tools::node(paths)?;
    let chromium = tools::browser(paths)?;
    let page = page::build(paths)?;
    let server = run::build_server(paths)?;
    let folder = paths.root.join("tests/browser");
    execute(
        tools::npm()
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )?;
    let mut command = tools::npm();
    command
        .args(["test", "--silent"])
        .env("CORDON_BIN", server)
        .env("CORDON_PAGE", page)
        .env("CORDON_CHROMIUM", chromium)
        .env("CORDON_PYTHON", paths.python())
        .current_dir(folder);
    counted(&mut command, &node_test)
}

/// Runs a command, repeats its output, and adds up what its lines say.
///
/// A command that fails without saying which test failed counts as one failure: a
/// test that does not compile must not look like a pass.
fn counted(command: &mut Command, count: &dyn Fn(&str, &mut Tally)) -> Done<Tally> {
    let program = command.get_program().to_string_lossy().into_owned();
    say(&format!("$ {program} test"));
    let start = |error| Failure::Start {
        program: program.clone(),
        error,
    };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(start)?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(start)?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            count(line.trim(), &mut tally);
        }
    }
    let status = child.wait().map_err(start)?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// `test result: ok. 4 passed; 0 failed; 0 ignored; …`
fn libtest(line: &str, tally: &mut Tally) {
    let Some(rest) = line.strip_prefix("test result:") else {
        return;
    };
    let number = |word: &str| {
        let before = rest.split(word).next().filter(|b| b.len() < rest.len())?;
        before.split_whitespace().last()?.parse::<u64>().ok()
    };
    tally.passed += number(" passed").unwrap_or(0);
    tally.failed += number(" failed").unwrap_or(0);
    tally.ignored += number(" ignored").unwrap_or(0);
}

/// The closing lines of node's test runner (`# pass 3`, `ℹ pass 3`) and of Playwright's (`3 passed (1s)`).
fn node_test(line: &str, tally: &mut Tally) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["#" | "ℹ", word, number] => add(word, number, tally),
        [
            number,
            word @ ("passed" | "failed" | "skipped" | "flaky"),
            ..,
        ] => add(word, number, tally),
        _ => {}
    }
}

fn add(word: &str, number: &str, tally: &mut Tally) {
    let Ok(number) = number.parse::<u64>() else {
        return;
    };
    match word {
        "pass" | "passed" => tally.passed += number,
        "fail" | "failed" | "cancelled" => tally.failed += number,
        "skipped" | "flaky" => tally.ignored += number,
        _ => {}
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn the_lines_of_each_runner_are_counted() {
        let mut tally = Tally::default();
        libtest(
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            &mut tally,
        );
        libtest("running 4 tests", &mut tally);
        node_test("ℹ pass 5", &mut tally);
        node_test("# fail 2", &mut tally);
        node_test("7 passed (12.3s)", &mut tally);
        assert_eq!((tally.passed, tally.failed, tally.ignored), (24, 5, 1));
    }
}
