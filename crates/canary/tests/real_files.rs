//! The identifiers of real files, as another parser reads them, are gone.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests

mod common;

use std::path::PathBuf;

use common::Identifiers;
use cordon_canary::scan::{in_derived_uid, inflated};
use cordon_contribute::{Cleaner, SiteKey};
use cordon_protocol::READY;

/// Where the bytes of the pixels begin, as far as a search for the tag tells.
fn pixels_begin(bytes: &[u8]) -> usize {
    bytes
        .windows(4)
        .rposition(|w| w == [0xE0, 0x7F, 0x10, 0x00] || w == [0x7F, 0xE0, 0x00, 0x10])
        .unwrap_or(bytes.len())
}

/// Whether an identifier stands in the bytes, other than by chance.
fn found(bytes: &[u8], pixels: usize, value: &[u8]) -> Option<usize> {
    let hay = if value.len() < 6 {
        &bytes[..pixels]
    } else {
        bytes
    };
    let number = value.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let digit = |i: usize| hay.get(i).is_some_and(u8::is_ascii_digit);
    let lower = value.to_ascii_lowercase();
    hay.windows(value.len())
        .enumerate()
        .filter(|(_, w)| w.eq_ignore_ascii_case(&lower))
        .map(|(i, _)| i)
        .find(|i| {
            let inside = number
                && (in_derived_uid(hay, *i) || (*i > 0 && digit(i - 1)) || digit(i + value.len()));
            !inside
        })
}

fn survivors(file: &Identifiers) -> Vec<String> {
    let bytes = std::fs::read(&file.file).unwrap();
    let cleaned = common::cleaner().clean(&bytes);
    let Some(output) = cleaned.output else {
        assert!(
            !cleaned.findings.is_empty(),
            "{}: refused without a finding",
            file.file.display()
        );
        return Vec::new();
    };
    let out = inflated(output.bytes()).unwrap_or_else(|| output.bytes().to_vec());
    let pixels = pixels_begin(&out);
    file.values
        .iter()
        .filter_map(|(place, value)| {
            let at = found(&out, pixels, value)?;
            Some(format!(
                "{}: {place} at byte {at} of {pixels}",
                file.file.display()
            ))
        })
        .collect()
}

fn none_survives(files: &[PathBuf]) {
    let mut failures = Vec::new();
    let mut searched = 0;
    for file in common::identifiers(files) {
        searched += file.values.len();
        failures.extend(survivors(&file));
    }
    assert!(
        searched > files.len(),
        "pydicom found next to nothing to search for"
    );
    common::none("identifiers of real files survive", &failures);
}

/// Under every ready protocol: what cleaning under its options leaves is as valid as it came.
fn stays_valid(files: &[PathBuf]) {
    let folder = tempfile::tempdir().unwrap();
    let mut pairs = Vec::new();
    for ready in READY {
        let protocol = ready.protocol().unwrap();
        let cleaner = Cleaner::new(protocol, SiteKey::from_bytes([0x5A; 32]));
        for (i, file) in files.iter().enumerate() {
            let bytes = std::fs::read(file).unwrap();
            let cleaned = cleaner.clean(&bytes);
            if let Some(output) = cleaned.output {
                let after = folder.path().join(format!("{}-{i}.dcm", ready.id));
                std::fs::write(&after, output.bytes()).unwrap();
                pairs.push((file.clone(), after, cleaned.verdict));
            }
        }
    }
    assert!(!pairs.is_empty());
    let failures: Vec<String> = common::problems(&pairs, true)
        .into_iter()
        // The safe ones stay where a protocol says so; which ones, other tests hold.
        .filter(|(after, problem)| after.contains("/basic-") || !problem.starts_with("private ("))
        .map(|(after, problem)| {
            let before = pairs
                .iter()
                .find(|p| p.1.to_string_lossy() == after.as_str());
            format!(
                "{}: {problem}",
                before.map_or(after.clone(), |p| p.0.display().to_string())
            )
        })
        .collect();
    common::none("faults that cleaning made", &failures);
}

/// The shared files, without the licence and the read-me.
fn shared() -> Vec<PathBuf> {
    let Some(folder) = common::testdata() else {
        return Vec::new();
    };
    common::files_below(&folder)
        .into_iter()
        .filter(|p| !p.extension().is_some_and(|e| e == "txt" || e == "md"))
        .collect()
}

#[test]
fn identifiers_of_shared_files_are_gone() {
    let files = shared();
    if !files.is_empty() {
        none_survives(&files);
    }
}

#[test]
fn identifiers_of_pydicom_files_are_gone() {
    none_survives(&common::pydicom_files());
}

#[test]
fn shared_files_stay_valid() {
    // One of each folder and every file of its own kind: the slices of a series are alike.
    let files: Vec<PathBuf> = shared()
        .into_iter()
        .enumerate()
        .filter(|(i, p)| {
            let path = p.to_string_lossy();
            !path.contains("/series/") || path.contains("dcmqi") || i % 14 == 0
        })
        .map(|(_, p)| p)
        .collect();
    if !files.is_empty() {
        stays_valid(&files);
    }
}

#[test]
fn pydicom_files_stay_valid() {
    stays_valid(&common::pydicom_files());
}
