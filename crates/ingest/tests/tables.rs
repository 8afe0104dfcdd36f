//! Clinical tables: taken in as their record says, in the receipt, and fetched after closing.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use common::*;
use cordon_clinical::{
    Accepted, Action, ColumnRule, Mapping, ReadOptions, Table, TableCleaner, TableUpload,
};
use cordon_deid::SiteKey;
use cordon_protocol::wire::CloseRequest;
use cordon_protocol::{Approval, CountersignedReceipt, Counts, Protocol, ReceiptInstance, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json as value};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn approval() -> Approval {
    Approval {
        by: "Data manager".to_owned(),
        at: "2026-11-22T10:00:00Z".to_owned(),
        role: None,
    }
}

/// A table as a page sends it.
fn upload(protocol: &Protocol) -> Value {
    let rule = |name: &str, action| ColumnRule {
        name: name.to_owned(),
        action,
        rename: None,
        identity: None,
        quasi: false,
        sensitive: false,
    };
    let mapping = Mapping {
        format: 1,
        risk: None,
        columns: vec![
            rule("PatientID", Action::Identifier { digits: None }),
            rule("Age", Action::Age { band: None }),
        ],
    };
    let key = SiteKey::from_bytes([7; 32]);
    let table =
        Table::read(b"PatientID,Age\nA1,50\nA2,\n", &ReadOptions::default()).expect("table");
    let cleaned = TableCleaner::new(protocol, &key, &mapping)
        .expect("mapping")
        .clean(&table, &Accepted::new());
    let sealed = cleaned.output.expect("output").seal(Some(&approval()));
    let upload = TableUpload::new(sealed.expect("sealed"), approval()).expect("upload");
    upload.check().expect("as its record says");
    serde_json::to_value(upload).expect("json")
}

async fn send(server: &Running, body: &Value) -> (StatusCode, Value) {
    let url = format!(
        "{}/api/v1/projects/demo/contributions/{ID}/tables",
        server.demo.url
    );
    let answer = server.http.post(url).bearer_auth(&server.token);
    let answer = answer.body(body.to_string()).send().await.expect("answer");
    json(answer).await
}

async fn get(server: &Running, sha256: &str) -> (StatusCode, Vec<u8>) {
    let url = format!(
        "{}/api/v1/projects/demo/contributions/{ID}/tables/{sha256}",
        server.demo.url
    );
    let answer = server.http.get(url).bearer_auth(&server.token).send();
    let answer = answer.await.expect("answer");
    (
        answer.status(),
        answer.bytes().await.expect("bytes").to_vec(),
    )
}

#[tokio::test]
async fn a_table_is_taken_in_signed_and_given_back() {
    let server = start().await;
    let object = ct().first().expect("an object");
    server.stow(std::slice::from_ref(object), Some(ID)).await;
    let sent = upload(&Protocol::basic());
    let (status, listed) = send(&server, &sent).await;
    assert_eq!(status, StatusCode::OK, "{listed}");
    let sha256 = listed["sha256"].as_str().expect("digest").to_owned();
    assert_eq!(listed["rows"], 2);
    // Twice is once; before the contribution is closed nobody reads it.
    assert_eq!(send(&server, &sent).await.0, StatusCode::OK);
    assert_eq!(get(&server, &sha256).await.0, StatusCode::NOT_FOUND);

    let request = CloseRequest {
        protocol_sha256: Protocol::basic().digest(),
        cleaned_by: "cordon 0.1.0".to_owned(),
        counts: Counts::default(),
        approval: approval(),
        decisions: Vec::new(),
        stayed: std::collections::BTreeMap::new(),
        instances: vec![ReceiptInstance {
            study: object.study.clone(),
            series: object.series.clone(),
            instance: object.instance.clone(),
            bytes: object.bytes.len() as u64,
            sha256: object.sha256(),
            verdict: Verdict::Clean,
            approved: false,
        }],
    };
    let url = format!(
        "{}/api/v1/projects/demo/contributions/{ID}/receipt",
        server.demo.url
    );
    let answer = server.http.post(url).bearer_auth(&server.token);
    let answer = answer
        .body(serde_json::to_vec(&request).expect("json"))
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.expect("text");
    let signed = CountersignedReceipt::verify_json(&text, None).expect("genuine");
    let [table] = signed.receipt.tables.as_slice() else {
        panic!("one table in the receipt");
    };
    assert_eq!(table.sha256, sha256);
    assert_eq!(table.verdict, Verdict::Held, "no crowd was measured");

    let (status, bytes) = get(&server, &sha256).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(cordon_protocol::sha256_hex(&bytes), sha256);
    // The receipt stands: the same table again is no fault, another one is.
    assert_eq!(send(&server, &sent).await.0, StatusCode::OK);
    let mut other = sent.clone();
    other["record"]["accepted_cells"] = value!(9);
    assert_eq!(send(&server, &other).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_table_that_is_not_what_its_record_says_is_refused() {
    let server = start().await;
    let good = upload(&Protocol::basic());
    let mut changed = good.clone();
    changed["csv"] = value!("PatientID,Age\r\nA1,50\r\n");
    let mut shape = good.clone();
    shape["record"]["columns"] = value!(3);
    let mut nobody = good.clone();
    nobody["approval"]["by"] = value!(" ");
    let mut refused = good.clone();
    refused["record"]["verdict"] = value!("refused");
    let mut other = Protocol::basic();
    other.id = "other".to_owned();
    for (body, code) in [
        (changed, "bad-table"),
        (shape, "bad-table"),
        (nobody, "not-approved"),
        (refused, "bad-table"),
        (upload(&other), "protocol-changed"),
        (value!({ "csv": "x" }), "bad-json"),
    ] {
        let (status, answer) = send(&server, &body).await;
        assert!(status.is_client_error(), "{code}: {status}");
        assert_eq!(answer["code"], code);
    }
    let report = server.demo.server.verify_store().await;
    if let Ok(report) = report {
        assert_eq!(report.orphans, 0, "what was refused is not kept");
    }
}
