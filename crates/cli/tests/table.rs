//! `cordon table` as a person runs it.

#![allow(clippy::expect_used)] // a test may stop

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn cordon(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordon"))
        .current_dir(dir)
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .args(arguments)
        .output()
        .expect("run")
}

#[test]
fn guess_look_clean() {
    let dir = tempfile::tempdir().expect("dir");
    let dir = dir.path();
    let mut csv = "MRN;Nachname;Alter;Geschlecht;PSA\n".to_owned();
    for i in 0..6 {
        csv.push_str(&format!("P0000{i};Okonkwo;6{};w;4,5\n", i % 2));
    }
    fs::write(dir.join("Okonkwo.csv"), csv).expect("table");

    let guessed = cordon(dir, &["table", "Okonkwo.csv", "--guess"]);
    assert!(guessed.status.success());
    let toml = String::from_utf8(guessed.stdout).expect("UTF-8");
    fs::write(dir.join("mapping.toml"), &toml).expect("mapping");
    let run = [
        "table",
        "Okonkwo.csv",
        "--mapping",
        "mapping.toml",
        "--out",
        "out",
    ];
    let held = cordon(dir, &run);
    let text = String::from_utf8(held.stdout).expect("UTF-8");
    assert!(held.status.success() && text.starts_with("Held"), "{text}");
    assert!(text.contains("nobody has said which columns"), "{text}");

    fs::write(
        dir.join("mapping.toml"),
        format!("risk = {{ k = 3 }}\n{toml}"),
    )
    .expect("mapping");
    let clean = cordon(dir, &run);
    let text = String::from_utf8(clean.stdout).expect("UTF-8");
    assert!(text.starts_with("Clean"), "{text}");
    assert!(text.contains("the smallest has 3"), "{text}");
    let mut names: Vec<String> = fs::read_dir(dir.join("out/clean"))
        .expect("folder")
        .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "table and record: {names:?}");
    for name in &names {
        let bytes = fs::read_to_string(dir.join("out/clean").join(name)).expect("file");
        for secret in ["Okonkwo", "P00001"] {
            assert!(!name.contains(secret) && !bytes.contains(secret), "{name}");
        }
    }
    let broken = cordon(dir, &["table", "nowhere.csv", "--guess"]);
    assert!(!broken.status.success());
}
