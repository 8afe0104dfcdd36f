//! Closing: what is released, what is signed, what is refused.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use common::*;
use cordon_protocol::wire::{CloseRequest, ProjectInfo};
use cordon_protocol::{
    Approval, CountersignedReceipt, Counts, Decision, DecisionKind, Protocol, ReceiptInstance,
    Verdict,
};
use reqwest::StatusCode;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn listed(object: &Object) -> ReceiptInstance {
    ReceiptInstance {
        study: object.study.clone(),
        series: object.series.clone(),
        instance: object.instance.clone(),
        bytes: object.bytes.len() as u64,
        sha256: object.sha256(),
        // What the client claims; the server puts its own verdict here.
        verdict: Verdict::Clean,
        approved: false,
    }
}

fn accept(object: &Object) -> Decision {
    Decision {
        sop_instance_uid: object.instance.clone(),
        kind: DecisionKind::Accept,
        findings: vec!["head".to_owned()],
    }
}

fn request(objects: &[Object]) -> CloseRequest {
    CloseRequest {
        protocol_sha256: Protocol::basic().digest(),
        cleaned_by: "cordon 0.1.0".to_owned(),
        counts: Counts::default(),
        approval: Approval {
            by: "Data manager".to_owned(),
            at: "2026-11-22T10:00:00Z".to_owned(),
            role: None,
        },
        decisions: objects
            .iter()
            .filter(|o| o.verdict == Verdict::Held)
            .map(accept)
            .collect(),
        stayed: [("not-dicom".to_owned(), 2)].into(),
        instances: objects.iter().map(listed).collect(),
    }
}

async fn close(server: &Running, id: &str, request: &CloseRequest) -> (StatusCode, String) {
    let url = format!(
        "{}/api/v1/projects/demo/contributions/{id}/receipt",
        server.demo.url
    );
    let answer = server
        .http
        .post(url)
        .bearer_auth(&server.token)
        .header("content-type", "application/json")
        .body(serde_json::to_vec(request).expect("json"))
        .send()
        .await
        .expect("answer");
    (answer.status(), answer.text().await.expect("text"))
}

async fn refused(server: &Running, request: &CloseRequest, status: u16, code: &str) {
    let (got, text) = close(server, ID, request).await;
    let error: cordon_protocol::wire::ApiError = serde_json::from_str(&text).expect("ApiError");
    assert_eq!((got.as_u16(), error.code.as_str()), (status, code));
}

#[tokio::test]
async fn closing_releases_signs_and_can_be_repeated() {
    let server = start().await;
    let all: Vec<Object> = [ct(), head()].concat();
    assert_eq!(server.stow(&all, Some(ID)).await.0, StatusCode::OK);
    assert_eq!(server.found("/instances").await.len(), 8);
    let (status, text) = close(&server, ID, &request(&all)).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let info: ProjectInfo = serde_json::from_str(
        &server
            .http
            .get(format!("{}/api/v1/projects/demo", server.demo.url))
            .bearer_auth(&server.token)
            .send()
            .await
            .expect("answer")
            .text()
            .await
            .expect("text"),
    )
    .expect("info");
    let signed = CountersignedReceipt::verify_json(&text, Some(&info.receipt_key)).expect("valid");
    let receipt = &signed.receipt;
    assert_eq!(receipt.contribution, ID);
    assert_eq!(receipt.server, server.demo.url);
    assert_eq!(receipt.instances.len(), 12);
    let held = |i: &&ReceiptInstance| i.verdict == Verdict::Held && i.approved;
    assert_eq!(receipt.instances.iter().filter(held).count(), 4);
    assert!(
        receipt
            .instances
            .is_sorted_by_key(|i| (&i.study, &i.series, &i.instance))
    );
    // Released: found and fetched.
    assert_eq!(server.found("/instances").await.len(), 12);
    assert_eq!(
        server.fetch(&head()[2]).await.as_ref(),
        Some(&head()[2].bytes)
    );
    // Again, later, in another order: the same receipt to the letter.
    let mut again = request(&all);
    again.instances.reverse();
    again.approval.at = "2026-11-23T10:00:00Z".to_owned();
    assert_eq!(close(&server, ID, &again).await, (StatusCode::OK, text));
    refused(&server, &request(ct()), 409, "contribution-closed").await;
    assert!(
        server
            .demo
            .server
            .verify_audit()
            .await
            .expect("audit")
            .is_whole()
    );
}

#[tokio::test]
async fn nothing_is_signed_that_is_not_here_or_not_decided() {
    let server = start().await;
    let all: Vec<Object> = [&ct()[..2], &head()[..2]].concat();
    refused(&server, &request(&all), 409, "instance-missing").await;
    assert_eq!(server.stow(&all, Some(ID)).await.0, StatusCode::OK);
    let good = request(&all);
    let with = |change: &dyn Fn(&mut CloseRequest)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed
    };
    let cases: [(CloseRequest, u16, &str); 12] = [
        (
            with(&|r| r.instances[0].sha256 = "0".repeat(64)),
            409,
            "instance-missing",
        ),
        (
            with(&|r| r.instances[0].bytes += 1),
            409,
            "instance-missing",
        ),
        (
            with(&|r| r.instances[0].series = "1.2".to_owned()),
            409,
            "instance-missing",
        ),
        (with(&|r| r.decisions.truncate(1)), 409, "held-undecided"),
        (
            with(&|r| r.decisions[0].kind = DecisionKind::Exclude),
            400,
            "bad-receipt",
        ),
        (
            with(&|r| r.approval.by = "  ".to_owned()),
            400,
            "not-approved",
        ),
        (
            with(&|r| r.approval.at = "today".to_owned()),
            400,
            "not-approved",
        ),
        (
            with(&|r| r.protocol_sha256 = "0".repeat(64)),
            409,
            "protocol-changed",
        ),
        (with(&|r| r.instances.clear()), 400, "nothing-sent"),
        (
            with(&|r| r.stayed = [("Name^First".to_owned(), 1)].into()),
            400,
            "bad-receipt",
        ),
        (
            with(&|r| r.decisions[0].findings = vec!["Free text".to_owned()]),
            400,
            "bad-receipt",
        ),
        (
            with(&|r| r.instances[1] = r.instances[0].clone()),
            400,
            "bad-receipt",
        ),
    ];
    for (request, status, code) in cases {
        refused(&server, &request, status, code).await;
    }
    assert_eq!(server.found("/instances").await.len(), 2);
    assert_eq!(close(&server, ID, &good).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_was_not_released_is_deleted_and_another_contribution_cannot_release_it() {
    let server = start().await;
    assert_eq!(server.stow(head(), Some(ID)).await.0, StatusCode::OK);
    let other = "f".repeat(32);
    let (status, _) = close(&server, &other, &request(head())).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        close(&server, ID, &request(&head()[..1])).await.0,
        StatusCode::OK
    );
    assert_eq!(server.found("/instances").await.len(), 1);
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!(
        (report.instances, report.orphans, report.damaged),
        (1, 0, 0)
    );
    // The closed contribution takes no more of what is held.
    assert_eq!(
        server.stow(&head()[1..2], Some(ID)).await.0,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn an_earlier_protocol_of_the_project_still_closes() {
    let server = start().await;
    assert_eq!(server.stow(&ct()[..1], Some(ID)).await.0, StatusCode::OK);
    let mut newer = Protocol::basic();
    newer.version = 2;
    newer.approval.held_may_be_approved = false;
    server
        .demo
        .server
        .publish_protocol("demo", &newer)
        .await
        .expect("publish");
    let (status, text) = close(&server, ID, &request(&ct()[..1])).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("basic v1"));
    // And what is held is now refused at the door.
    let (status, answer) = server.stow(&head()[..1], Some(&"e".repeat(32))).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        first(&items(&answer, "00081198")[0], "00081197"),
        &serde_json::json!(0x0124)
    );
}

#[tokio::test]
async fn a_receipt_names_no_protocol_under_which_nothing_was_checked() {
    let server = start().await;
    let strict = "id = 'strict'\ntitle = 'Strict'\n[deid]\npseudonym_prefix = 'EU-'\n";
    let strict = Protocol::from_toml(strict).expect("protocol");
    let publish = async |protocol: &Protocol| {
        let published = server.demo.server.publish_protocol("demo", protocol);
        published.await.expect("publish");
    };
    publish(&strict).await;
    publish(&Protocol::basic()).await;
    assert_eq!(server.stow(&ct()[..1], Some(ID)).await.0, StatusCode::OK);
    // Their pseudonyms are none of the stricter protocol.
    let mut claimed = request(&ct()[..1]);
    claimed.protocol_sha256 = strict.digest();
    refused(&server, &claimed, 409, "other-protocol").await;
    // What passes under both can be signed for under either.
    let mut same = Protocol::basic();
    same.version = 2;
    publish(&same).await;
    claimed.protocol_sha256 = same.digest();
    let (status, text) = close(&server, ID, &claimed).await;
    assert_eq!(status, StatusCode::OK, "{text}");
}

#[tokio::test]
async fn the_role_of_the_one_who_approves_is_the_protocol_s() {
    let server = start().await;
    let text = "id = 'roles'\ntitle = 'Roles'\n[approval]\nroles = ['radiologist', 'manager', 'clerk']\nheld = ['radiologist']\nwhole = ['radiologist', 'manager']\n";
    let protocol = Protocol::from_toml(text).expect("protocol");
    server
        .demo
        .server
        .publish_protocol("demo", &protocol)
        .await
        .expect("publish");
    let all: Vec<Object> = [ct(), head()].concat();
    assert_eq!(server.stow(&all, Some(ID)).await.0, StatusCode::OK);
    let with = |objects: &[Object], role: Option<&str>| {
        let mut request = request(objects);
        request.protocol_sha256 = protocol.digest();
        request.approval.role = role.map(str::to_owned);
        request
    };
    for role in [None, Some("clerk"), Some("director")] {
        refused(&server, &with(&all, role), 409, "role-not-allowed").await;
    }
    // A manager approves, but does not release a head.
    refused(
        &server,
        &with(&all, Some("manager")),
        409,
        "role-not-allowed",
    )
    .await;
    let (status, text) = close(&server, ID, &with(&all, Some("radiologist"))).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(
        text.contains("\"role\":\"radiologist\""),
        "it stands in the receipt"
    );
}
