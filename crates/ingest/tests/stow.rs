//! Taking in: what is stored, what is refused, and how the server says so.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use common::*;
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn clean_objects_are_stored_and_again_is_a_success() {
    let server = start().await;
    for _ in 0..2 {
        let (status, answer) = server.stow(ct(), None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(items(&answer, "00081199").len(), 8);
        let url = first(&items(&answer, "00081199")[3], "00081190");
        assert_eq!(
            url,
            &json!(format!("{}{}", server.demo.dicomweb, ct()[3].url()))
        );
        let study = format!("{}/studies/{}", server.demo.dicomweb, ct()[0].study);
        assert_eq!(first(&answer, "00081190"), &json!(study));
    }
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.instances, report.damaged), (8, 0));
    assert_eq!((report.orphans, report.staged), (0, 0));
    for object in ct() {
        assert_eq!(server.fetch(object).await.as_ref(), Some(&object.bytes));
    }
    // One entry for each instance, none for the repetition.
    let audit = server.demo.server.verify_audit().await.expect("audit");
    assert!(audit.is_whole());
}

#[tokio::test]
async fn the_same_uid_with_other_content_is_refused_and_not_overwritten() {
    let server = start().await;
    let object = &ct()[0];
    assert_eq!(server.stow(&ct()[..1], None).await.0, StatusCode::OK);
    let mut other = object.clone();
    *other.bytes.last_mut().expect("bytes") ^= 1;
    let (status, answer) = server.stow(&[other], None).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let failed = &items(&answer, "00081198")[0];
    assert_eq!(first(failed, "00081197"), &json!(0x0111));
    assert_eq!(first(failed, "00081155"), &json!(object.instance));
    assert!(
        first(failed, "00000902")
            .as_str()
            .expect("comment")
            .contains("other content")
    );
    assert_eq!(server.fetch(object).await.as_ref(), Some(&object.bytes));
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.instances, report.orphans), (1, 0));
}

#[tokio::test]
async fn each_part_gets_its_own_answer() {
    let server = start().await;
    let dirty = dirty();
    let parts = body([
        ct()[0].bytes.as_slice(),
        &dirty,
        b"this is not DICOM",
        b"",
        ct()[1].bytes.as_slice(),
    ]);
    let (status, answer) = json(server.post("/studies", parts).send().await.expect("answer")).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(items(&answer, "00081199").len(), 2);
    let failed = items(&answer, "00081198");
    let other = items(&answer, "0008119A");
    assert_eq!((failed.len(), other.len()), (1, 2), "{answer}");
    assert_eq!(first(&failed[0], "00081197"), &json!(0xA900));
    for item in other {
        assert_eq!(first(item, "00081197"), &json!(0xC000));
        assert!(first(item, "00000902").as_str().expect("comment").len() > 20);
    }
    // Nothing of the identity comes back.
    let names: Vec<&str> = cordon_synth::PEOPLE.iter().map(|p| p.id).collect();
    let text = answer.to_string();
    assert!(names.iter().all(|n| !text.contains(n)));
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.instances, report.orphans, report.staged), (2, 0, 0));
    // All refused: 409.
    let (status, _) = json(
        server
            .post("/studies", body([&dirty[..]]))
            .send()
            .await
            .expect("answer"),
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_study_in_the_address_must_be_that_of_the_objects() {
    let server = start().await;
    let parts = || body(ct()[..2].iter().map(|o| o.bytes.as_slice()));
    let right = format!("/studies/{}/", ct()[0].study);
    let (status, answer) = json(server.post(&right, parts()).send().await.expect("answer")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (status, answer) = json(
        server
            .post("/studies/1.2.3", parts())
            .send()
            .await
            .expect("answer"),
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        first(&items(&answer, "00081198")[0], "00081197"),
        &json!(0xA901)
    );
    let (status, _) = json(
        server
            .post("/studies/1.02.3", parts())
            .send()
            .await
            .expect("answer"),
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_held_needs_a_contribution() {
    let server = start().await;
    let (status, answer) = server.stow(head(), None).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        first(&items(&answer, "00081198")[0], "00081197"),
        &json!(0x0124)
    );
    let (status, _) = server.stow(head(), Some(&"a".repeat(32))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(server.found("/studies").await.len(), 0);
    assert_eq!(server.fetch(&head()[0]).await, None);
    let (status, answer) = server.stow(head(), Some("not hexadecimal")).await;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::BAD_REQUEST, &json!("bad-contribution"))
    );
}

#[tokio::test]
async fn wrong_requests_get_their_status() {
    let server = start_with(|config| {
        config.limits.part_bytes = ct()[0].bytes.len() as u64 - 1;
        config.limits.request_bytes = ct()[0].bytes.len() as u64 * 3;
    })
    .await;
    let good = || body([ct()[0].bytes.as_slice()]);
    let status = |request: reqwest::RequestBuilder| async {
        let (status, value) = json(request.send().await.expect("answer")).await;
        (
            status.as_u16(),
            value["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let expect = |status: u16, code: &str| (status, code.to_owned());
    let url = format!("{}/studies", server.demo.dicomweb);
    let bare = || {
        server
            .http
            .post(&url)
            .header("content-type", stow_type())
            .body(good())
    };
    assert_eq!(status(bare()).await, expect(401, "no-token"));
    assert_eq!(
        status(bare().bearer_auth("wrong")).await,
        expect(401, "token-unknown")
    );
    let elsewhere = url.replace("/demo/", "/other/");
    let other = server
        .http
        .post(&elsewhere)
        .bearer_auth(&server.token)
        .body(good());
    assert_eq!(status(other).await, expect(403, "other-project"));
    for content_type in [
        "application/dicom",
        "multipart/form-data; boundary=x",
        "text/plain",
    ] {
        let request = server.http.post(&url).bearer_auth(&server.token);
        let request = request.header("content-type", content_type).body(good());
        assert_eq!(status(request).await, expect(415, "not-multipart"));
    }
    let cases: [(Vec<u8>, u16, &str); 4] = [
        (body([]), 400, "no-parts"),
        (b"nothing like multipart".to_vec(), 400, "bad-multipart"),
        (good()[..500].to_vec(), 400, "bad-multipart"),
        (
            vec![b'x'; ct()[0].bytes.len() * 3 + 1],
            413,
            "request-too-large",
        ),
    ];
    for (parts, number, code) in cases {
        assert_eq!(
            status(server.post("/studies", parts)).await,
            expect(number, code)
        );
    }
    let (code, answer) = json(
        server
            .post("/studies", good())
            .send()
            .await
            .expect("answer"),
    )
    .await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert_eq!(
        first(&items(&answer, "0008119A")[0], "00081197"),
        &json!(0xA700)
    );
    let put = server.http.put(&url).bearer_auth(&server.token);
    assert_eq!(status(put).await, expect(405, "method-not-allowed"));
    let not_json = server
        .post("/studies", good())
        .header("accept", "text/html");
    assert_eq!(status(not_json).await, expect(406, "not-acceptable"));
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.instances, report.orphans, report.staged), (0, 0, 0));
}

#[tokio::test]
async fn many_clients_with_the_same_objects_store_them_once() {
    let server = start().await;
    let all: Vec<Object> = [ct(), head()].concat();
    let id = "b".repeat(32);
    let sends = (0..6).map(|_| server.stow(&all, Some(&id)));
    for (status, answer) in futures_util::future::join_all(sends).await {
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.instances, report.damaged), (12, 0));
    assert_eq!((report.orphans, report.staged), (0, 0));
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
async fn random_bytes_never_break_the_server() {
    let server = start().await;
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let whole = body([ct()[0].bytes.as_slice(), ct()[1].bytes.as_slice()]);
    for round in 0..60 {
        let mut parts = if round % 2 == 0 {
            whole.clone()
        } else {
            vec![0; 3000]
        };
        for _ in 0..=(random() % 40) {
            let at = usize::try_from(random()).expect("usize") % parts.len().min(4000);
            parts[at] = random().to_le_bytes()[0];
        }
        parts.truncate(usize::try_from(random()).expect("usize") % parts.len());
        let answer = server.post("/studies", parts).send().await.expect("answer");
        let known = [200, 202, 400, 409];
        assert!(
            known.contains(&answer.status().as_u16()),
            "{}",
            answer.status()
        );
    }
    let report = server.demo.server.verify_store().await.expect("report");
    assert_eq!((report.damaged, report.orphans, report.staged), (0, 0, 0));
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

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_leaves_nothing_behind() {
    let server = start().await;
    let all: Vec<Object> = [ct(), head()].concat();
    let id = "9".repeat(32);
    for milliseconds in 1..25 {
        let parts = body(all.iter().map(|o| o.bytes.as_slice()));
        let request = server
            .post("/studies", parts)
            .header("cordon-contribution", &id)
            .timeout(std::time::Duration::from_millis(milliseconds * 4));
        // Some come through and some do not: both are right.
        let _ = request.send().await;
    }
    let mut report = server.demo.server.verify_store().await.expect("report");
    for _ in 0..50 {
        if report.staged == 0 && report.orphans == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        report = server.demo.server.verify_store().await.expect("report");
    }
    assert_eq!((report.damaged, report.orphans, report.staged), (0, 0, 0));
    assert_eq!(server.stow(&all, Some(&id)).await.0, StatusCode::OK);
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
