//! `cordon face` as a person runs it.
#![allow(clippy::expect_used)] // a test may end in a panic

use std::fs;
use std::process::Command;

use cordon_synth::PEOPLE;
use serde_json::Value;

#[test]
fn series_are_told_by_number_and_no_face_is_let_go() {
    let dir = tempfile::tempdir().expect("dir");
    let files = cordon_synth::demo(1).take(40);
    cordon_synth::write_to(&dir.path().join("in"), files).expect("files");
    fs::write(dir.path().join("in/notes.txt"), "no DICOM").expect("file");
    let output = Command::new(env!("CARGO_BIN_EXE_cordon"))
        .args(["face", "in", "--json"])
        .current_dir(dir.path())
        .output()
        .expect("cordon starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome: Value = serde_json::from_str(&said).expect("json");
    assert_eq!(outcome["format"], "cordon-face-1");
    assert_eq!(outcome["not_read"]["not-dicom"], 1);
    for series in outcome["series"].as_array().expect("series") {
        assert!(series["head"].is_boolean(), "{said}");
        assert_ne!(series["after"], "absent", "the networks are not trusted");
    }
    for person in PEOPLE {
        assert!(!said.contains(person.id), "{said}");
    }
}
