//! `cordon serve --demo --json`: ready when it says so, and gone when told.
#![cfg(unix)]
#![allow(clippy::expect_used)] // a test may end in a panic

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Ends the server when a test fails, too.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(origin: &str, path: &str, token: Option<&str>) -> String {
    let host = origin.strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(host).expect("connect");
    let bearer = token.map_or_else(String::new, |t| format!("Authorization: Bearer {t}\r\n"));
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n{bearer}Connection: close\r\n\r\n"
    )
    .expect("request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answer");
    answer
}

#[test]
fn the_line_of_json_leads_to_a_working_server() {
    let dir = tempfile::tempdir().expect("dir");
    let data = dir.path().join("data");
    let child = Command::new(env!("CARGO_BIN_EXE_cordon"))
        .args(["serve", "--demo", "--json", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("cordon starts");
    let mut running = Running(child);
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("stdout");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("json");
    let text = |name: &str| ready[name].as_str().expect(name).to_owned();
    let (url, token, project) = (text("url"), text("token"), text("project"));
    assert_eq!(text("dicomweb"), format!("{url}/dicomweb/{project}"));
    let info = format!("/api/v1/projects/{project}");
    assert!(get(&url, &info, None).starts_with("HTTP/1.1 401"));
    let answer = get(&url, &info, Some(&token));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(&text("receipt_key")));
    // Told to stop, it stops by itself.
    let stopped = Command::new("kill")
        .args(["-TERM", &running.0.id().to_string()])
        .status()
        .expect("kill");
    assert!(stopped.success());
    assert!(running.0.wait().expect("end").success());
    assert!(data.join("cordon.sqlite").is_file(), "--data stays");
}
