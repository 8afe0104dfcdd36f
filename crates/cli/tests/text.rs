//! `cordon text` as a person runs it.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cordon_synth::{Canvas, Charset, PEOPLE, Set};
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

/// A radiograph of 512 by 512 with these texts on it: where, how large, what.
fn radiograph(texts: &[(usize, usize, usize, &str)]) -> Vec<u8> {
    let mut canvas = Canvas::new(512, 512, 1, 30);
    canvas.fill(100, 100, 300, 300, [90; 3]);
    for &(x, y, scale, text) in texts {
        canvas.text(x, y, scale, [250; 3], text);
    }
    let mut set = Set::new();
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
        .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1")
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0060, "CS", "CR")
        .us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, 512)
        .us(0x0028_0011, 512)
        .us(0x0028_0100, 8)
        .us(0x0028_0101, 8)
        .us(0x0028_0102, 7)
        .us(0x0028_0103, 0)
        .bytes(0x7FE0_0010, "OB", canvas.pixels);
    set.file(Charset::Ascii)
}

#[test]
fn what_is_kept_is_told_apart_and_names_are_not_kept() {
    let dir = tempfile::tempdir().expect("dir");
    let name = (20, 470, 2, "DOE JANE 17.04.1953");
    for (i, texts) in [
        vec![(440, 20, 4, "R"), name],
        vec![(20, 20, 2, "W 400 L 40"), name],
        vec![(20, 20, 2, "C40 W400"), name],
        vec![
            (440, 60, 2, "5"),
            (440, 160, 2, "10"),
            (440, 260, 2, "15"),
            (440, 360, 2, "20"),
            name,
        ],
        vec![(440, 20, 3, "L"), (20, 20, 3, "LT"), name],
        vec![(20, 440, 2, "R"), name],
    ]
    .iter()
    .enumerate()
    {
        fs::write(dir.path().join(format!("{i}.dcm")), radiograph(texts)).expect("file");
    }
    let keep = ["--json", "--keep", "side-marker,ruler,window-value", "."];
    let output = text(dir.path(), &keep);
    let outcome: Value = serde_json::from_slice(&output.stdout).expect("json");
    let files = outcome["files"].as_array().expect("files");
    assert_eq!(files.len(), 6, "{outcome}");
    let kinds = |file: &Value| -> Vec<String> {
        let kept = file["kept"].as_array().expect("kept");
        kept.iter().map(|k| k["kind"].to_string()).collect()
    };
    for file in files {
        let below = |place: &Value| place["y"].as_u64() > Some(400);
        let kept = file["kept"].as_array().expect("kept");
        assert!(!kept.iter().any(|k| below(&k["place"])), "{file}");
        let boxes = file["boxes"].as_array().expect("boxes");
        assert!(boxes.iter().any(below), "the name goes: {file}");
    }
    assert_eq!(kinds(&files[0]), ["\"side-marker\""]);
    assert!(kinds(&files[3]).len() >= 3 && kinds(&files[3]).iter().all(|k| k == "\"ruler\""));
    // A letter above a name may be part of it.
    assert!(kinds(&files[5]).is_empty());
    let unasked = text(dir.path(), &["--json", "."]);
    assert!(!String::from_utf8_lossy(&unasked.stdout).contains("side-marker"));
}
