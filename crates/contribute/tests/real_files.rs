//! Real files through the whole cleaner: a verdict for each, and what comes out passes the gate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cordon_contribute::{Checked, Cleaner, SealError, SiteKey, gate, inventory};
use cordon_protocol::{Approval, Code, Protocol, Severity, Verdict};

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn testdata(sub: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    let mut all = Vec::new();
    files(&root.join(sub), &mut all);
    all.sort();
    assert!(!all.is_empty(), "no test data: set CORDON_TESTDATA");
    all
}

fn cleaner() -> Cleaner {
    Cleaner::new(Protocol::basic(), SiteKey::from_bytes([3; 32]))
}

#[test]
fn every_file_gets_a_verdict_and_what_comes_out_passes_the_gate() {
    let cleaner = cleaner();
    let mut by_folder: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    for path in testdata("") {
        let input = std::fs::read(&path).expect("readable");
        let cleaned = cleaner.clean(&input);
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let row = by_folder.entry(folder.clone()).or_default();
        row[cleaned.verdict as usize] += 1;
        let codes: Vec<String> = cleaned
            .findings
            .iter()
            .filter(|f| f.severity() > Severity::Note)
            .map(cordon_protocol::Finding::sentence)
            .collect();
        if folder == "malformed" || folder == "syntaxes" || cleaned.verdict == Verdict::Refused {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            println!("{name}: {} {codes:?}", cleaned.verdict);
        }
        assert_eq!(
            cleaned.output.is_none(),
            cleaned.verdict == Verdict::Refused
        );
        assert_eq!(codes.is_empty(), cleaned.verdict == Verdict::Clean);
        let Some(output) = cleaned.output else {
            continue;
        };
        let judged = gate(output.bytes());
        assert_ne!(
            judged.verdict,
            Verdict::Refused,
            "{}: {:?}",
            path.display(),
            judged.findings
        );
        if cleaned.verdict == Verdict::Clean {
            assert_eq!(judged.verdict, Verdict::Clean, "{:?}", judged.findings);
        } else {
            assert!(
                judged.findings.iter().any(|f| f.code == Code::NotReleased),
                "held objects say so themselves"
            );
        }
        // Cleaning twice adds nothing.
        let twice = cleaner.clean(output.bytes());
        if let Some(second) = twice.output {
            assert_eq!(
                second.record().sealed_sha256,
                output.record().sealed_sha256,
                "{}",
                path.display()
            );
        }
        let listed = inventory(&input, input.len() as u64);
        assert!(matches!(listed, cordon_contribute::Inventory::Object(_)));
    }
    println!("folder: clean, held, refused");
    for (folder, n) in by_folder {
        println!("{folder}: {n:?}");
    }
}

#[test]
fn the_head_is_held_and_leaves_only_with_an_approval() {
    let cleaner = cleaner();
    for path in testdata("series/head_ct_tilt") {
        let Ok(input) = std::fs::read(&path) else {
            continue;
        };
        let cleaned = cleaner.clean(&input);
        let Some(checked) = cleaned.output else {
            continue;
        };
        assert_eq!(cleaned.verdict, Verdict::Held);
        assert!(cleaned.findings.iter().any(|f| f.code == Code::Head));
        assert_eq!(checked.clone().seal(None), Err(SealError::NotApproved));
        let nobody = Approval::default();
        assert_eq!(
            checked.clone().seal(Some(&nobody)),
            Err(SealError::NotApproved)
        );
        let by = Approval {
            by: "DPO".to_owned(),
            at: String::new(),
            role: None,
        };
        let record = checked.record().clone();
        let bytes = checked.bytes().to_vec();
        let again =
            Checked::reopen(bytes.clone(), record.clone(), cleaner.key()).expect("authentic");
        let sealed = again.seal(Some(&by)).expect("approved");
        assert_eq!(
            cordon_protocol::sha256_hex(sealed.bytes()),
            record.sealed_sha256
        );
        let released = gate(sealed.bytes());
        assert!(
            !released
                .findings
                .iter()
                .any(|f| f.code == Code::NotReleased)
        );
        // Staged bytes that changed, and records of another clinic, do not come back.
        let mut changed = bytes.clone();
        *changed.last_mut().expect("bytes") ^= 1;
        assert_eq!(
            Checked::reopen(changed, record.clone(), cleaner.key()).err(),
            Some(SealError::Changed)
        );
        let mut forged = record.clone();
        forged.verdict = Verdict::Clean;
        assert_eq!(
            Checked::reopen(bytes.clone(), forged, cleaner.key()).err(),
            Some(SealError::Foreign)
        );
        let other = SiteKey::from_bytes([4; 32]);
        assert_eq!(
            Checked::reopen(bytes, record, &other).err(),
            Some(SealError::Foreign)
        );
    }
}
