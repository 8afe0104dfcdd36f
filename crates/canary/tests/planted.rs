//! No canary comes through, and what comes out is still an object of its class.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests

mod common;

use std::collections::BTreeMap;

use cordon_canary::scan::Scanner;
use cordon_canary::set::{Amount, Planted, recipes};
use cordon_protocol::Verdict;

/// What went wrong, and in which file.
type Failure = (String, String);

/// Cleans a planted file; says what leaked, and gives the output.
fn clean(planted: &Planted, failures: &mut Vec<Failure>) -> Option<(Vec<u8>, Verdict)> {
    let cleaned = common::cleaner().clean(&planted.bytes);
    let Some(output) = cleaned.output else {
        let why: Vec<String> = cleaned
            .findings
            .iter()
            .map(cordon_protocol::Finding::sentence)
            .collect();
        failures.push((
            format!("no output: {}", why.join("; ")),
            planted.name.clone(),
        ));
        return None;
    };
    assert_ne!(cleaned.verdict, Verdict::Refused, "{}", planted.name);
    let scanner = Scanner::new(&planted.canaries).unwrap();
    for leak in scanner.leaks(output.bytes()) {
        failures.push((leak.place, planted.name.clone()));
    }
    Some((output.bytes().to_vec(), cleaned.verdict))
}

fn run(amount: Amount, validate: bool) {
    let folder = tempfile::tempdir().unwrap();
    let mut failures = Vec::new();
    let mut pairs = Vec::new();
    for recipe in recipes(amount) {
        let planted = recipe.make();
        if let Some((output, verdict)) = clean(&planted, &mut failures) {
            let before = folder.path().join(format!("before-{}", planted.name));
            let after = folder.path().join(&planted.name);
            if validate {
                std::fs::write(&before, &planted.bytes).unwrap();
            }
            std::fs::write(&after, output).unwrap();
            pairs.push((before, after, verdict));
        }
    }
    for (file, problem) in common::problems(&pairs, validate) {
        let name = file.rsplit('/').next().unwrap_or_default();
        failures.push((problem, name.to_owned()));
    }
    let mut by_what: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (what, name) in failures {
        by_what.entry(what).or_default().push(name);
    }
    let lines: Vec<String> = by_what
        .into_iter()
        .map(|(what, names)| format!("{what}: {} files, such as {}", names.len(), names[0]))
        .collect();
    common::none("kinds of leaks and faults in planted files", &lines);
}

#[test]
fn no_canary_survives_anywhere() {
    run(Amount::Everything, false);
}

#[test]
fn usual_objects_stay_valid() {
    run(Amount::Usual, true);
}

#[test]
fn the_same_input_gives_the_same_output() {
    let planted = recipes(Amount::Usual)[3].make();
    let twice = [0, 1].map(|_| {
        let cleaned = common::cleaner().clean(&planted.bytes);
        cleaned.output.expect("an output").bytes().to_vec()
    });
    assert_eq!(twice[0], twice[1]);
}
