//! A real server on a free port, real HTTP, and objects that the real pipeline cleaned.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::OnceLock;

use cordon_contribute::{Cleaner, SiteKey};
use cordon_ingest::{Config, Demo, Server};
use cordon_protocol::{Approval, Protocol, Verdict, sha256_hex};
use cordon_synth::Kind;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// A cleaned object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) bytes: Vec<u8>,
    pub(crate) study: String,
    pub(crate) series: String,
    pub(crate) instance: String,
    pub(crate) patient: String,
    pub(crate) verdict: Verdict,
}

impl Object {
    pub(crate) fn url(&self) -> String {
        format!(
            "/studies/{}/series/{}/instances/{}",
            self.study, self.series, self.instance
        )
    }
    pub(crate) fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }
}

/// Cleans raw objects as a clinic with this key would.
pub(crate) fn clean(raw: impl IntoIterator<Item = Vec<u8>>, key: u8) -> Vec<Object> {
    let cleaner = Cleaner::new(Protocol::basic(), SiteKey::from_bytes([key; 32]));
    raw.into_iter()
        .filter_map(|bytes| {
            let cleaned = cleaner.clean(&bytes);
            let approval = Approval {
                by: "Data manager".to_owned(),
                at: "2026-11-22T10:00:00Z".to_owned(),
                role: None,
            };
            let sealed = cleaned.output?.seal(Some(&approval)).expect("approved");
            let bytes = sealed.into_bytes();
            let file = cordon_dicom::read(&bytes).expect("cleaned objects can be read");
            let text = |t| file.data.text(cordon_dicom::tag(t)).expect("there");
            use cordon_dicom::tags as t;
            Some(Object {
                study: text(t::STUDY_INSTANCE_UID),
                series: text(t::SERIES_INSTANCE_UID),
                instance: text(t::SOP_INSTANCE_UID),
                patient: text(t::PATIENT_ID),
                verdict: cleaned.verdict,
                bytes: bytes.clone(),
            })
        })
        .collect()
}

fn synthetic(kind: Kind, most: usize) -> Vec<Vec<u8>> {
    cordon_synth::demo(7)
        .filter(|f| f.kind == kind)
        .take(most)
        .map(|f| f.bytes)
        .collect()
}

/// Eight slices of an abdominal CT: clean.
pub(crate) fn ct() -> &'static [Object] {
    static CT: OnceLock<Vec<Object>> = OnceLock::new();
    CT.get_or_init(|| {
        let all = clean(synthetic(Kind::CtAbdomen, 8), 1);
        assert_eq!(all.len(), 8);
        assert!(all.iter().all(|o| o.verdict == Verdict::Clean));
        all
    })
}

/// Four slices of a head MR: held.
pub(crate) fn head() -> &'static [Object] {
    static HEAD: OnceLock<Vec<Object>> = OnceLock::new();
    HEAD.get_or_init(|| {
        let all = clean(synthetic(Kind::MrHead, 4), 1);
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|o| o.verdict == Verdict::Held));
        all
    })
}

/// A raw object with an identity in it.
pub(crate) fn dirty() -> Vec<u8> {
    synthetic(Kind::CtAbdomen, 1).remove(0)
}

/// A server that stops when it is dropped.
pub(crate) struct Running {
    pub(crate) demo: Demo,
    pub(crate) http: Client,
    pub(crate) token: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    _dir: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

pub(crate) async fn start() -> Running {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Running {
    let dir = tempfile::tempdir().expect("dir");
    let mut config = Config::local(dir.path().join("data"));
    change(&mut config);
    let mut demo = Server::demo(config).await.expect("demo");
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let listener = std::mem::replace(
        &mut demo.listener,
        tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("listener"),
    );
    let server = demo.server.clone();
    tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        server.serve(listener, stopped).await.expect("serve");
    });
    Running {
        token: demo.token.clone(),
        demo,
        http: Client::new(),
        stop: Some(stop),
        _dir: dir,
    }
}

pub(crate) const BOUNDARY: &str = "a-boundary-of-the-tests";

/// A STOW body.
pub(crate) fn body<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n").as_bytes(),
        );
        out.extend_from_slice(part);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    out
}

pub(crate) fn stow_type() -> String {
    format!("multipart/related; type=\"application/dicom\"; boundary={BOUNDARY}")
}

impl Running {
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http
            .get(format!("{}{path}", self.demo.dicomweb))
            .bearer_auth(&self.token)
    }
    pub(crate) fn post(&self, path: &str, parts: Vec<u8>) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.demo.dicomweb))
            .bearer_auth(&self.token)
            .header("content-type", stow_type())
            .body(parts)
    }
    pub(crate) async fn stow(
        &self,
        objects: &[Object],
        contribution: Option<&str>,
    ) -> (StatusCode, Value) {
        let parts = body(objects.iter().map(|o| o.bytes.as_slice()));
        let mut request = self.post("/studies", parts);
        if let Some(id) = contribution {
            request = request.header("cordon-contribution", id);
        }
        json(request.send().await.expect("answer")).await
    }
    pub(crate) async fn found(&self, path: &str) -> Vec<Value> {
        let (status, value) = json(self.get(path).send().await.expect("answer")).await;
        assert_eq!(status, StatusCode::OK, "{path}: {value}");
        value.as_array().expect("array").clone()
    }
    /// One instance as the server gives it out.
    pub(crate) async fn fetch(&self, object: &Object) -> Option<Vec<u8>> {
        let answer = self
            .get(&object.url())
            .header("accept", "application/dicom")
            .send()
            .await
            .expect("answer");
        match answer.status() {
            StatusCode::OK => Some(answer.bytes().await.expect("bytes").to_vec()),
            _ => None,
        }
    }
}

pub(crate) async fn json(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let bytes = answer.bytes().await.expect("bytes");
    let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    (status, value)
}

/// The items of a sequence in a STOW answer.
pub(crate) fn items<'a>(answer: &'a Value, tag: &str) -> &'a [Value] {
    answer[tag]["Value"].as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn first<'a>(item: &'a Value, tag: &str) -> &'a Value {
    &item[tag]["Value"][0]
}

/// The parts of a multipart answer.
pub(crate) fn split(content_type: &str, body: &[u8]) -> Vec<Vec<u8>> {
    let boundary = content_type.split("boundary=").nth(1).expect("boundary");
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = body;
    let find = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).position(|w| w == needle);
    assert!(rest.starts_with(delimiter.as_bytes()));
    rest = &rest[delimiter.len()..];
    while !rest.starts_with(b"--") {
        let start = find(rest, b"\r\n\r\n").expect("header") + 4;
        let next = format!("\r\n{delimiter}");
        let end = find(&rest[start..], next.as_bytes()).expect("delimiter") + start;
        parts.push(rest[start..end].to_vec());
        rest = &rest[end + next.len()..];
    }
    parts
}
