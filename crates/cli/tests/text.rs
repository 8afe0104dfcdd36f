//! `cordon text` as a person runs it.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cordon_synth::PEOPLE;
use serde_json::Value;

fn text(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordon"))
        .arg("text")
        .args(arguments)
        .current_dir(dir)
        .output()
        .expect("cordon starts")
}

#[test]
fn boxes_per_frame_are_told_and_nobody_is_named() {
    let dir = tempfile::tempdir().expect("dir");
    let files = cordon_synth::demo(1).take(3);
    cordon_synth::write_to(&dir.path().join("in"), files).expect("files");
    fs::write(dir.path().join("in/notes.txt"), "no DICOM").expect("file");
    let output = text(dir.path(), &["in", "--json"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome: Value = serde_json::from_str(&said).expect("json");
    assert_eq!(outcome["format"], "cordon-text-1");
    let files = outcome["files"].as_array().expect("files");
    assert_eq!(files.len(), 3, "{said}");
    for file in files {
        assert!(file["frames"].as_u64() >= Some(1), "{said}");
        assert!(file["boxes"].is_array() && file["verdict"].is_string());
    }
    for person in PEOPLE {
        assert!(!said.contains(person.id), "{said}");
    }
}

#[test]
fn damaged_files_get_a_finding_each() {
    let dir = tempfile::tempdir().expect("dir");
    let files = cordon_synth::demo(1).take(1);
    cordon_synth::write_to(&dir.path().join("in"), files).expect("files");
    let mut whole = Vec::new();
    let mut open = vec![dir.path().join("in")];
    while let Some(at) = open.pop() {
        if at.is_dir() {
            open.extend(
                fs::read_dir(at)
                    .expect("folder")
                    .map(|e| e.expect("entry").path()),
            );
        } else {
            whole = fs::read(at).expect("file");
        }
    }
    fs::create_dir(dir.path().join("cut")).expect("folder");
    for (i, keep) in [whole.len() / 3, whole.len() * 2 / 3, whole.len() - 100]
        .into_iter()
        .enumerate()
    {
        fs::write(dir.path().join(format!("cut/{i}.dcm")), &whole[..keep]).expect("file");
    }
    let output = text(dir.path(), &["cut", "--json"]);
    assert!(!output.status.success());
    let outcome: Value = serde_json::from_slice(&output.stdout).expect("json");
    for file in outcome["files"].as_array().expect("files") {
        assert_ne!(file["verdict"], "clean", "{file}");
        assert_ne!(file["findings"].as_array().map(Vec::len), Some(0), "{file}");
    }
}
