//! `cordon table` as a person runs it.

#![allow(clippy::expect_used)] // a test may stop

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cordon_clinical::{Accepted, ReadOptions, Table, TableCleaner};
use cordon_contribute::{Cleaner, SiteKey};
use cordon_protocol::{DeidOption, Protocol, Tag};

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

/// Images and table of one patient fit together: pseudonym, study UID and days.
#[test]
fn the_table_fits_the_images() {
    let mut protocol = Protocol::basic();
    protocol.deid.pseudonym_prefix = "EU-".to_owned();
    protocol.deid.options = vec![DeidOption::RetainModifiedDates];
    let key = SiteKey::from_bytes([9; 32]);
    let cleaner = Cleaner::new(protocol.clone(), key.clone());
    let mut compared = 0;
    for made in cordon_synth::one_of_each(11) {
        let text = |bytes: &[u8], tag| {
            let file = cordon_dicom::read(bytes).ok()?;
            file.data.text(Tag(tag))
        };
        let (Some(id), Some(date), Some(study)) = (
            text(&made.bytes, 0x0010_0020),
            text(&made.bytes, 0x0008_0020),
            text(&made.bytes, 0x0020_000D),
        ) else {
            continue;
        };
        let Some(image) = cleaner.clean(&made.bytes).output else {
            continue;
        };
        let csv = format!("PatientID,StudyInstanceUID,Study date\n{id},{study},{date}\n");
        let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
        let mapping = table.guess().mapping;
        let cleaned = TableCleaner::new(&protocol, &key, &mapping)
            .expect("mapping")
            .clean(&table, &Accepted::new());
        let of_image = |tag| text(image.bytes(), tag).expect("attribute");
        let expected = format!(
            "PatientID,StudyInstanceUID,Study date\r\n{},{},{}\r\n",
            of_image(0x0010_0020),
            of_image(0x0020_000D),
            of_image(0x0008_0020),
        );
        let bytes = cleaned.output.expect("output").bytes().to_vec();
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
        assert_ne!(of_image(0x0008_0020), date);
        compared += 1;
    }
    assert!(compared > 3, "only {compared} objects could be compared");
}
