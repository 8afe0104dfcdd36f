//! `cordon face` as a person runs it.
#![allow(clippy::expect_used, clippy::print_stderr)] // a test may end in a panic, and say why it is skipped

use std::fs;
use std::path::{Path, PathBuf};
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

/// A real series that no training has seen.
fn folder(series: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    let folder = root.join("series").join(series);
    if !folder.is_dir() {
        eprintln!("no test data: {}", folder.display());
        return None;
    }
    Some(folder)
}

/// What `cordon face` says of a series, and of what became of it.
fn said(series: &Path, result: Option<&Path>) -> Option<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.args(["face", "--json"]).arg(series);
    if let Some(result) = result {
        command.arg("--result").arg(result);
    }
    let output = command.output().expect("cordon starts");
    let outcome: Value = serde_json::from_slice(&output.stdout).expect("json");
    outcome["series"].get(0).cloned()
}

fn real(series: &str) -> Option<Value> {
    said(&folder(series)?, None)
}

#[test]
fn what_another_program_made_is_judged_beside_the_scan() {
    let (Some(head), Some(other)) = (folder("head_ct_tilt"), folder("skull_phantom_ct")) else {
        return;
    };
    let own = said(&head, None).expect("a series");
    assert!(own["altered"]["shape"].as_f64().expect("a share") < 0.25);
    // Nothing was done.
    let same = said(&head, Some(&head)).expect("a series");
    assert_eq!(same["proof"], "present");
    assert_eq!(same["altered"]["face"], 0.0);
    assert_eq!(same["altered"]["shape"], 1.0);
    assert_eq!(same["brain_voxels_changed"], 0);
    // Something else proves nothing, though no face is to be seen in it.
    let elsewhere = said(&head, Some(&other)).expect("a series");
    assert_eq!(elsewhere["after"], "unsure");
    assert_eq!(elsewhere["proof"], "unsure");
    assert_eq!(elsewhere["unseen"], "elsewhere");
}

#[test]
fn a_result_for_each_series_is_asked_for() {
    let dir = tempfile::tempdir().expect("dir");
    cordon_synth::write_to(&dir.path().join("in"), cordon_synth::demo(1).take(4)).expect("files");
    fs::create_dir(dir.path().join("out")).expect("dir");
    let output = Command::new(env!("CARGO_BIN_EXE_cordon"))
        .args(["face", "in", "--result", "out"])
        .current_dir(dir.path())
        .output()
        .expect("cordon starts");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("0 results"), "{said}");
}

#[test]
fn real_heads_lose_their_faces_and_no_brain() {
    for series in ["head_ct_tilt", "head_mr_t1_sagittal"] {
        let Some(said) = real(series) else { continue };
        assert_eq!(said["head"], true, "{series}");
        assert_eq!(said["face"], "present", "{series}");
        assert_eq!(said["brain_voxels_changed"], 0, "{series}");
        let moved = said["altered"]["face"].as_f64().expect("a share");
        assert!(moved > 0.9, "{series}: {moved}");
    }
}

#[test]
fn a_plastic_skull_and_fruit_stay_as_they_came() {
    for series in ["skull_phantom_ct", "fruit_mr_coded"] {
        let Some(said) = real(series) else { continue };
        assert_eq!(said["head"], false, "{series}");
        assert_eq!(said["altered"]["before"], 0.0, "{series}: nothing was cut");
    }
}
