//! The page, its policy, who may do what, and clients that take their time.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use std::time::Duration;

use common::*;
use cordon_ingest::{Config, IngestError, Role, Server};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test]
async fn every_answer_carries_the_strict_policy() {
    let web = tempfile::tempdir().expect("dir");
    std::fs::write(
        web.path().join("index.html"),
        "<!doctype html><title>x</title>",
    )
    .expect("write");
    std::fs::write(web.path().join("app.wasm"), b"\0asm").expect("write");
    let server = start_with(|config| config.web = Some(web.path().to_owned())).await;
    for (path, status, kind) in [
        ("/", 200, "text/html; charset=utf-8"),
        ("/app.wasm", 200, "application/wasm"),
        ("/healthz", 200, "text/plain; charset=utf-8"),
        ("/nothing", 404, "application/json"),
        ("/api/v1/projects/demo", 401, "application/json"),
        ("/dicomweb/demo/studies", 401, "application/json"),
        ("/%2e%2e/%2e%2e/etc/passwd", 404, "application/json"),
    ] {
        let answer = server
            .http
            .get(format!("{}{path}", server.demo.url))
            .send()
            .await
            .expect("answer");
        let headers = answer.headers();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(headers["content-type"], kind, "{path}");
        let policy = headers["content-security-policy"].to_str().expect("text");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn only_the_portals_named_may_call() {
    let server = start_with(|config| {
        config.portal_origins = vec!["https://portal.example".to_owned()];
        config.framed_by_portals = true;
    })
    .await;
    let ask = async |origin: &str| {
        server
            .http
            .request(Method::OPTIONS, format!("{}/studies", server.demo.dicomweb))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
            .await
            .expect("answer")
    };
    let yes = ask("https://portal.example").await;
    assert_eq!(yes.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        yes.headers()["access-control-allow-origin"],
        "https://portal.example"
    );
    let allowed = yes.headers()["access-control-allow-headers"]
        .to_str()
        .expect("text");
    assert!(allowed.contains("cordon-contribution") && allowed.contains("authorization"));
    let policy = yes.headers()["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(policy.ends_with("frame-ancestors 'self' https://portal.example"));
    let no = ask("https://elsewhere.example").await;
    assert_eq!(no.status(), StatusCode::FORBIDDEN);
    assert!(!no.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn roles_expiry_and_revocation() {
    let server = start().await;
    let invite = async |role, seconds| {
        let valid = Duration::from_secs(seconds);
        server
            .demo
            .server
            .create_invitation("demo", role, valid)
            .await
            .expect("invitation")
    };
    let status = async |token: &str, send: bool| {
        let url = format!("{}/studies", server.demo.dicomweb);
        let request = if send {
            let parts = body([ct()[0].bytes.as_slice()]);
            server
                .http
                .post(url)
                .header("content-type", stow_type())
                .body(parts)
        } else {
            server.http.get(url)
        };
        let answer = request.bearer_auth(token).send().await.expect("answer");
        answer.status().as_u16()
    };
    let contribute = invite(Role::Contribute, 60).await;
    let read = invite(Role::Read, 60).await;
    let expired = invite(Role::Both, 0).await;
    assert_eq!(
        (
            status(&contribute.token, true).await,
            status(&contribute.token, false).await
        ),
        (200, 403)
    );
    assert_eq!(
        (
            status(&read.token, true).await,
            status(&read.token, false).await
        ),
        (403, 200)
    );
    assert_eq!(status(&expired.token, false).await, 401);
    assert!(
        server
            .demo
            .server
            .revoke_invitation(&read.id)
            .await
            .expect("revoke")
    );
    assert!(
        !server
            .demo
            .server
            .revoke_invitation(&read.id)
            .await
            .expect("revoke")
    );
    assert_eq!(status(&read.token, false).await, 401);
    let unknown = server
        .demo
        .server
        .create_invitation("other", Role::Both, Duration::from_secs(1))
        .await;
    assert!(matches!(unknown, Err(IngestError::NoProject)));
    assert!(!format!("{contribute:?}").contains(&contribute.token));
}

#[tokio::test]
async fn slow_clients_are_let_go_and_uploads_are_counted() {
    let server = start_with(|config| {
        config.limits.header_time = Duration::from_millis(300);
        config.limits.idle_time = Duration::from_millis(500);
        config.limits.uploads = 1;
    })
    .await;
    let address = server
        .demo
        .url
        .strip_prefix("http://")
        .expect("http")
        .to_owned();
    let read_all = async |mut stream: TcpStream| {
        let mut text = Vec::new();
        let reading = stream.read_to_end(&mut text);
        tokio::time::timeout(Duration::from_secs(10), reading)
            .await
            .expect("let go")
            .expect("read");
        String::from_utf8_lossy(&text).into_owned()
    };
    let mut slow = TcpStream::connect(&address).await.expect("connect");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        .await
        .expect("write");
    read_all(slow).await;

    let mut silent = TcpStream::connect(&address).await.expect("connect");
    let head = format!(
        "POST /dicomweb/demo/studies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\nContent-Length: 5000\r\n\r\n--{BOUNDARY}\r\n",
        server.token,
        stow_type()
    );
    silent.write_all(head.as_bytes()).await.expect("write");
    tokio::time::sleep(Duration::from_millis(150)).await;
    let (status, _) = server.stow(&ct()[..1], None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(read_all(silent).await.starts_with("HTTP/1.1 408"));
    assert_eq!(server.stow(&ct()[..1], None).await.0, StatusCode::OK);
}

#[tokio::test]
async fn one_server_for_each_folder() {
    let dir = tempfile::tempdir().expect("dir");
    let first = Server::open(Config::local(dir.path())).await.expect("open");
    let second = Server::open(Config::local(dir.path())).await;
    assert!(matches!(second, Err(IngestError::InUse)));
    drop(first);
    assert!(Server::open(Config::local(dir.path())).await.is_ok());
}
