//! `cordon screen` as a person runs it.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cordon_synth::PEOPLE;
use serde_json::Value;

fn screen(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordon"))
        .arg("screen")
        .args(arguments)
        .current_dir(dir)
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .output()
        .expect("cordon starts")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("json")
}

fn codes(series: &Value) -> Vec<String> {
    let findings = series["findings"].as_array().expect("findings");
    let code = |f: &Value| f["code"].as_str().expect("code").to_owned();
    findings.iter().map(code).collect()
}

#[test]
fn synthetic_studies_have_metrics_and_the_json_names_nobody() {
    let dir = tempfile::tempdir().expect("dir");
    cordon_synth::write_to(&dir.path().join("in"), cordon_synth::demo(1)).expect("files");
    let output = screen(dir.path(), &["in", "--json"]);
    let outcome = json(&output);
    assert_eq!(outcome["format"], "cordon-screen-1");
    let series = outcome["series"].as_array().expect("series");
    let of = |modality: &str| {
        let found = series.iter().find(|s| s["modality"] == modality);
        found.unwrap_or_else(|| panic!("{modality} is there"))
    };
    // The demonstration's CT is made with noise of 12 HU.
    let noise = of("CT")["metrics"]["noise_hu"]["value"].as_f64();
    assert!(noise.is_some_and(|n| (5.0..40.0).contains(&n)), "{noise:?}");
    assert!(of("MR")["metrics"]["snrd"]["value"].as_f64() > Some(5.0));
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(!text.contains("2.25."), "no UID");
    assert!(!text.contains("in/"), "no path");
    for person in PEOPLE {
        assert!(!text.contains(person.drawn) && !text.contains(person.id));
    }
    let table = screen(dir.path(), &["in"]);
    let table = String::from_utf8(table.stdout).expect("text");
    assert!(table.contains("noise_hu") && table.contains(" series: "));
    for person in PEOPLE {
        assert!(!table.contains(person.drawn));
    }
}

#[test]
fn a_lost_slice_and_a_second_copy_are_held_and_a_limit_can_refuse() {
    let dir = tempfile::tempdir().expect("dir");
    let slices = cordon_synth::mr_slices(1, 12).enumerate();
    for (i, file) in slices.filter(|(i, _)| *i != 5) {
        for folder in ["a", "b"] {
            let to = dir.path().join(folder);
            fs::create_dir_all(&to).expect("folder");
            fs::write(to.join(format!("{i}.dcm")), &file.bytes).expect("file");
        }
    }
    let output = screen(dir.path(), &["a", "--json"]);
    assert!(output.status.success(), "held is no failure");
    let series = &json(&output)["series"][0];
    assert_eq!(series["verdict"], "held");
    assert!(codes(series).contains(&"series-missing-slices".to_owned()));
    // The same files twice are one series with everything in it twice.
    let twice = json(&screen(dir.path(), &["a", "b", "--json"]));
    assert_eq!(twice["series"].as_array().map(Vec::len), Some(1));
    assert!(
        codes(&twice["series"][0])
            .iter()
            .any(|c| c == "series-duplicate-slices")
    );
    fs::write(
        dir.path().join("p.toml"),
        "id='x'\ntitle='X'\n[[quality.codes]]\ncode='series-missing-slices'\nweight='refused'\n\
         [[quality.metrics]]\nmetric='noise_hu'\nmax=10.0",
    )
    .expect("protocol");
    let output = screen(dir.path(), &["a", "--json", "--protocol", "p.toml"]);
    assert!(!output.status.success());
    let series = &json(&output)["series"][0];
    assert_eq!(series["verdict"], "refused");
    // MR has no Hounsfield units: a limit on them is not kept by silence.
    assert!(codes(series).contains(&"image-metric-not-measured".to_owned()));
}

#[test]
fn nothing_to_screen_is_no_success() {
    let dir = tempfile::tempdir().expect("dir");
    fs::write(dir.path().join("x.txt"), "no image").expect("file");
    let output = screen(dir.path(), &["x.txt", "--json"]);
    assert!(!output.status.success());
    assert_eq!(json(&output)["not_read"]["not-dicom"], 1);
}
