//! Finding and fetching: QIDO-RS and WADO-RS.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use common::*;
use cordon_protocol::Verdict;
use reqwest::StatusCode;
use serde_json::json;

async fn filled() -> Running {
    let server = start().await;
    let all: Vec<Object> = [ct(), head()].concat();
    let (status, _) = server.stow(&all, Some(&"c".repeat(32))).await;
    assert_eq!(status, StatusCode::OK);
    server
}

#[tokio::test]
async fn queries_match_and_page() {
    let server = filled().await;
    let object = &ct()[2];
    let count = async |path: String| server.found(&path).await.len();
    let (study, series) = (&object.study, &object.series);
    let half = object.patient.get(..3).expect("long").to_owned();
    for (path, expected) in [
        ("/studies".to_owned(), 1),
        ("/studies/".to_owned(), 1),
        ("/series".to_owned(), 1),
        ("/instances".to_owned(), 8),
        (format!("/studies/{study}/series"), 1),
        (format!("/studies/{study}/instances"), 8),
        (format!("/studies/{study}/series/{series}/instances"), 8),
        ("/studies/1.2.3/instances".to_owned(), 0),
        (format!("/studies?StudyInstanceUID={study}"), 1),
        (format!("/studies?0020000D={study},1.2"), 1),
        ("/studies?StudyInstanceUID=1.2".to_owned(), 0),
        (format!("/studies?PatientID={}", object.patient), 1),
        (format!("/studies?PatientID={half}*"), 1),
        (format!("/studies?PatientID=?{}*", &half[1..]), 1),
        ("/studies?PatientID=nobody".to_owned(), 0),
        ("/studies?ModalitiesInStudy=CT".to_owned(), 1),
        ("/studies?ModalitiesInStudy=MR".to_owned(), 0),
        ("/series?Modality=CT&limit=5".to_owned(), 1),
        (format!("/instances?SOPInstanceUID={}", object.instance), 1),
        ("/instances?limit=3".to_owned(), 3),
        ("/instances?limit=5&offset=6".to_owned(), 2),
        ("/instances?limit=0".to_owned(), 0),
        ("/studies?PatientName=*".to_owned(), 1),
    ] {
        assert_eq!(count(path.clone()).await, expected, "{path}");
    }
    let (status, error) = json(
        server
            .get("/studies?PatientMotherBirthName=X")
            .send()
            .await
            .expect("answer"),
    )
    .await;
    assert_eq!(
        (status, &error["code"]),
        (StatusCode::BAD_REQUEST, &json!("query-attribute"))
    );
    let more = server
        .get("/instances?limit=3")
        .send()
        .await
        .expect("answer");
    assert!(more.headers().contains_key("warning"));
    assert_eq!(more.headers()["content-type"], "application/dicom+json");
}

#[tokio::test]
async fn answers_hold_what_viewers_need() {
    let server = filled().await;
    let study = server.found("/studies").await.remove(0);
    assert_eq!(first(&study, "00201206"), &json!(1));
    assert_eq!(first(&study, "00201208"), &json!(8));
    assert_eq!(study["00080061"]["Value"], json!(["CT"]));
    let url = format!("{}/studies/{}", server.demo.dicomweb, ct()[0].study);
    assert_eq!(first(&study, "00081190"), &json!(url));
    let series = server.found("/series").await.remove(0);
    assert_eq!(first(&series, "00080060"), &json!("CT"));
    assert_eq!(first(&series, "00201209"), &json!(8));
    assert_eq!(first(&series, "0020000D"), &json!(ct()[0].study));
    let instance = server.found("/instances?includefield=all").await.remove(0);
    assert!(first(&instance, "00280010").is_u64());
}

#[tokio::test]
async fn objects_come_back_byte_for_byte() {
    let server = filled().await;
    let (study, series) = (&ct()[0].study, &ct()[0].series);
    for path in [
        format!("/studies/{study}"),
        format!("/studies/{study}/series/{series}/"),
    ] {
        let answer = server.get(&path).send().await.expect("answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let kind = answer.headers()["content-type"]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(kind.starts_with("multipart/related; type=\"application/dicom\""));
        let parts = split(&kind, &answer.bytes().await.expect("bytes"));
        let expected: Vec<Vec<u8>> = ct().iter().map(|o| o.bytes.clone()).collect();
        assert!(parts == expected, "{path}");
    }
    let one = server.get(&ct()[1].url()).send().await.expect("answer");
    let kind = one.headers()["content-type"]
        .to_str()
        .expect("text")
        .to_owned();
    assert_eq!(
        split(&kind, &one.bytes().await.expect("bytes")),
        [ct()[1].bytes.clone()]
    );
    // What is held is not there, under any of its addresses.
    assert_eq!(head()[0].verdict, Verdict::Held);
    for rest in ["", "/metadata", "/frames/1", "/bulkdata/7FE00010"] {
        let path = format!("{}{rest}", head()[0].url());
        let answer = server.get(&path).send().await.expect("answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{rest}");
    }
    let wrong = server
        .get(&ct()[0].url())
        .header("accept", "image/png")
        .send()
        .await
        .expect("answer");
    assert_eq!(wrong.status(), StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn metadata_frames_and_bulk_data() {
    let server = filled().await;
    let study = format!("/studies/{}/metadata", ct()[0].study);
    let answer = server.get(&study).send().await.expect("answer");
    let etag = answer.headers()["etag"].clone();
    let (_, metadata) = json(answer).await;
    assert_eq!(metadata.as_array().expect("array").len(), 8);
    let again = server
        .get(&study)
        .header("if-none-match", etag)
        .send()
        .await
        .expect("answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

    let object = &ct()[4];
    let file = cordon_dicom::read(&object.bytes).expect("file");
    let pixels = file
        .data
        .get(cordon_protocol::Tag(0x7FE0_0010))
        .expect("pixels");
    let pixels = pixels.bytes().expect("plain");
    let (_, one) = json(
        server
            .get(&format!("{}/metadata", object.url()))
            .send()
            .await
            .expect("answer"),
    )
    .await;
    let uri = one[0]["7FE00010"]["BulkDataURI"]
        .as_str()
        .expect("uri")
        .to_owned();
    let path = uri
        .strip_prefix(&server.demo.dicomweb)
        .expect("below")
        .to_owned();
    for path in [path, format!("{}/frames/1", object.url())] {
        let answer = server.get(&path).send().await.expect("answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let kind = answer.headers()["content-type"]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(split(&kind, &answer.bytes().await.expect("bytes")) == [pixels.to_vec()]);
    }
    for (list, status) in [("2", 404), ("0", 400), ("x", 400), ("1,1", 400)] {
        let path = format!("{}/frames/{list}", object.url());
        let answer = server.get(&path).send().await.expect("answer");
        assert_eq!(answer.status().as_u16(), status, "{list}");
    }
}

#[tokio::test]
async fn an_answer_is_no_larger_than_the_object_and_a_question_has_an_end() {
    let server = filled().await;
    let status = async |path: String| server.get(&path).send().await.expect("answer").status();
    let one = ct()[0].url();
    assert_eq!(status(format!("{one}/frames/1")).await, StatusCode::OK);
    let many = vec!["1"; 1000].join(",");
    assert_eq!(
        status(format!("{one}/frames/{many}")).await,
        StatusCode::BAD_REQUEST
    );
    let asked = |n| format!("/instances?{}", vec!["Rows=?*"; n].join("&"));
    assert_eq!(status(asked(32)).await, StatusCode::OK);
    assert_eq!(status(asked(33)).await, StatusCode::BAD_REQUEST);
}
