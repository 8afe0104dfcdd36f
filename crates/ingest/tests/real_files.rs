//! Real files and synthetic ones, all kinds, the whole way: cleaned, sent, closed,
//! found, fetched, and their metadata compared with what pydicom reads.
//!
//! The real files are those of `$CORDON_TESTDATA` or of `../shared/testdata` beside
//! the checkout; where there are none, the synthetic ones alone go the way.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use common::*;
use cordon_protocol::wire::CloseRequest;
use cordon_protocol::{
    Approval, CountersignedReceipt, Counts, Decision, DecisionKind, Protocol, ReceiptInstance,
    Verdict,
};
use reqwest::StatusCode;
use serde_json::Value;

fn real(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            real(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn testdata() -> PathBuf {
    std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    )
}

fn objects() -> Vec<Object> {
    let root = testdata();
    let mut paths = Vec::new();
    real(&root.join("series"), &mut paths);
    real(&root.join("syntaxes"), &mut paths);
    paths.sort();
    // Of long series every eighth slice does.
    let mut seen = HashMap::<PathBuf, usize>::new();
    paths.retain(|p| {
        let n = seen.entry(p.parent().unwrap_or(p).to_owned()).or_default();
        *n += 1;
        p.starts_with(root.join("syntaxes")) || *n % 8 == 1
    });
    let files = paths.iter().map(|p| std::fs::read(p).expect("file"));
    let synthetic = cordon_synth::one_of_each(5).map(|f| f.bytes);
    let mut all = HashMap::new();
    for object in clean(files.chain(synthetic), 9) {
        all.entry(object.instance.clone()).or_insert(object);
    }
    let mut all: Vec<Object> = all.into_values().collect();
    all.sort_by(|a, b| a.instance.cmp(&b.instance));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_cleans_goes_the_whole_way() {
    let objects = objects();
    assert!(objects.len() >= 6, "{}", objects.len());
    let server = start().await;
    let id = "d".repeat(32);
    for chunk in objects.chunks(10) {
        let (status, answer) = server.stow(chunk, Some(&id)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
    let request = CloseRequest {
        protocol_sha256: Protocol::basic().digest(),
        cleaned_by: "cordon".to_owned(),
        counts: Counts::default(),
        approval: Approval {
            by: "Test".to_owned(),
            at: "2026-11-22T10:00:00Z".to_owned(),
            role: None,
        },
        decisions: objects
            .iter()
            .map(|o| Decision {
                sop_instance_uid: o.instance.clone(),
                kind: DecisionKind::Accept,
                findings: Vec::new(),
            })
            .collect(),
        stayed: Default::default(),
        instances: objects
            .iter()
            .map(|o| ReceiptInstance {
                study: o.study.clone(),
                series: o.series.clone(),
                instance: o.instance.clone(),
                bytes: o.bytes.len() as u64,
                sha256: o.sha256(),
                verdict: o.verdict,
                approved: o.verdict == Verdict::Held,
            })
            .collect(),
    };
    let url = format!(
        "{}/api/v1/projects/demo/contributions/{id}/receipt",
        server.demo.url
    );
    let answer = server
        .http
        .post(url)
        .bearer_auth(&server.token)
        .body(serde_json::to_vec(&request).expect("json"))
        .send()
        .await
        .expect("answer");
    let text = answer.text().await.expect("text");
    let key = server.demo.server.receipt_key();
    let signed = CountersignedReceipt::verify_json(&text, Some(&key)).expect("a valid receipt");
    assert_eq!(signed.receipt.instances.len(), objects.len());
    assert_eq!(server.found("/instances").await.len(), objects.len());
    for object in &objects {
        assert!(
            server.fetch(object).await.as_ref() == Some(&object.bytes),
            "{}",
            object.instance
        );
    }
    compare(&server, &objects).await;
}

/// Whatever did not go through the pipeline is refused, one by one, with a sentence, and
/// nothing of it stays: originals with their identities, and files that break parsers.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_cleaned_is_refused() {
    let mut paths = Vec::new();
    for folder in [
        "malformed",
        "series/head_mr_t1_sagittal",
        "series/dcmqi",
        "syntaxes",
    ] {
        real(&testdata().join(folder), &mut paths);
    }
    let files = paths.iter().map(|p| std::fs::read(p).expect("file"));
    let all: Vec<Vec<u8>> = cordon_synth::one_of_each(6)
        .map(|f| f.bytes)
        .chain(files)
        .collect();
    let server = start().await;
    for chunk in all.chunks(20) {
        let parts = body(chunk.iter().map(Vec::as_slice));
        let request = server
            .post("/studies", parts)
            .header("cordon-contribution", "8".repeat(32));
        let (status, answer) = json(request.send().await.expect("answer")).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let failed = [items(&answer, "00081198"), items(&answer, "0008119A")].concat();
        assert_eq!(failed.len(), chunk.len());
        for item in &failed {
            assert!(
                first(item, "00000902").as_str().expect("comment").len() > 20,
                "{item}"
            );
            assert!(first(item, "00081197").is_u64());
        }
    }
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.instances, report.orphans, report.staged), (0, 0, 0));
}

/// pydicom's reading of all objects, and ours.
async fn compare(server: &Running, objects: &[Object]) {
    let home = std::env::var("HOME").unwrap_or_default();
    let python = std::env::var("CORDON_PYTHON")
        .unwrap_or_else(|_| format!("{home}/.cache/cordon/py/bin/python"));
    let dir = tempfile::tempdir().expect("dir");
    for object in objects {
        std::fs::write(dir.path().join(&object.instance), &object.bytes).expect("write");
    }
    // Bulk data are references on our side, so only their presence is compared.
    let script = "
import sys, os, json, pydicom
pydicom.config.settings.reading_validation_mode = 0
def bulk(e): return 'bulk'
for n in os.listdir(sys.argv[1]):
    d = pydicom.dcmread(os.path.join(sys.argv[1], n))
    print(n, d.to_json(bulk_data_threshold=1, bulk_data_element_handler=bulk, suppress_invalid_tags=True))
";
    let output = std::process::Command::new(&python)
        .arg("-c")
        .arg(script)
        .arg(dir.path())
        .output();
    let Ok(output) = output else {
        eprintln!("pydicom is not here: `cargo xtask test` brings it, or set CORDON_PYTHON");
        return;
    };
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(
        text.lines().count(),
        objects.len(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let theirs: HashMap<&str, Value> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, json)| (name, serde_json::from_str(json).expect("json")))
        .collect();
    let mut attributes = 0;
    for object in objects {
        let path = format!("{}/metadata", object.url());
        let (_, ours) = json(server.get(&path).send().await.expect("answer")).await;
        attributes += same_set(
            &ours[0],
            &theirs[object.instance.as_str()],
            &object.instance,
        );
    }
    println!(
        "{} objects, {attributes} attributes agree with pydicom",
        objects.len()
    );
    assert!(attributes > objects.len() * 20);
}

fn same_set(ours: &Value, theirs: &Value, place: &str) -> usize {
    let (ours, theirs) = (
        ours.as_object().expect("ours"),
        theirs.as_object().expect("theirs"),
    );
    let mut count = 0;
    for (key, value) in theirs {
        // Ours is UTF-8 whatever was declared; group lengths have no place in DICOM JSON.
        if key == "00080005" || key.ends_with("0000") {
            continue;
        }
        let place = format!("{place} {key}");
        let mine = ours.get(key).unwrap_or_else(|| panic!("{place} is absent"));
        assert_eq!(mine["vr"], value["vr"], "{place}");
        let binary = |v: &Value| v.get("BulkDataURI").is_some() || v.get("InlineBinary").is_some();
        assert_eq!(binary(mine), binary(value), "{place}");
        let none = Vec::new();
        let list = |v: &Value| v["Value"].as_array().unwrap_or(&none).clone();
        let (a, b) = (list(mine), list(value));
        assert_eq!(a.len(), b.len(), "{place}");
        for (x, y) in a.iter().zip(&b) {
            if mine["vr"] == "SQ" {
                count += same_set(x, y, &place);
            } else {
                assert!(same_value(x, y), "{place}");
            }
        }
        count += 1;
    }
    count
}

fn same_value(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= f64::EPSILON * a.abs().max(1.0),
        _ => match (ours, theirs) {
            (Value::String(a), Value::String(b)) => a.trim() == b.trim(),
            // An empty value among several, or an empty name.
            (Value::Null, Value::String(b)) => b.is_empty(),
            (Value::Null, Value::Object(b)) => b.is_empty(),
            _ => ours == theirs,
        },
    }
}
