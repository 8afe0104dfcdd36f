//! What the suites share: a cleaner, the Python checks, the folders of real files.
#![allow(dead_code)] // each suite is a crate of its own and uses a part
#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cordon_contribute::{Cleaner, SiteKey};
use cordon_protocol::{Protocol, Verdict};

/// A cleaner under the Basic Profile and a key that is the same in every run.
pub(crate) fn cleaner() -> Cleaner {
    Cleaner::new(Protocol::basic(), SiteKey::from_bytes([0x5A; 32]))
}

/// The Python that has pydicom: `CORDON_PYTHON`, or the tooling's own environment.
pub(crate) fn python() -> PathBuf {
    if let Some(path) = std::env::var_os("CORDON_PYTHON") {
        return path.into();
    }
    let cache = std::env::var_os("CORDON_CACHE").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/cordon"),
        PathBuf::from,
    );
    cache.join("py/bin/python")
}

/// The folder of real files, where this machine has one.
pub(crate) fn testdata() -> Option<PathBuf> {
    let path = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    path.is_dir().then_some(path)
}

/// Every file below a folder, in a steady order.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

fn script(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("python")
        .join(name)
}

/// Where the wheel of pydicom keeps its test files.
pub(crate) fn pydicom_files() -> Vec<PathBuf> {
    let out = Command::new(python())
        .args([
            "-c",
            "import pydicom, os; print(os.path.dirname(pydicom.__file__))",
        ])
        .output()
        .expect("Python with pydicom: set CORDON_PYTHON");
    assert!(out.status.success(), "pydicom is not installed");
    let folder = String::from_utf8(out.stdout).unwrap();
    files_below(&Path::new(folder.trim()).join("data"))
        .into_iter()
        .filter(|p| !p.extension().is_some_and(|e| e == "py" || e == "pyc"))
        .collect()
}

/// A file before and after, and the verdict, for the Python check.
pub(crate) type Pair = (PathBuf, PathBuf, Verdict);

/// What pydicom and dciodvfy hold against cleaned files: (file, problem).
pub(crate) fn problems(pairs: &[Pair], validate: bool) -> Vec<(String, String)> {
    let mut command = Command::new(python());
    command.arg(script("check.py"));
    if validate {
        command.arg("--validate");
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python with pydicom: set CORDON_PYTHON");
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<String> = pairs
        .iter()
        .map(|(before, after, verdict)| {
            // What a person has yet to look at does not say that identity was removed.
            let removed = if *verdict == Verdict::Clean {
                "YES"
            } else {
                "NO"
            };
            format!("{}\t{}\t{removed}\n", before.display(), after.display())
        })
        .collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            stdin.write_all(line.as_bytes()).unwrap();
        }
    });
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(out.status.success(), "check.py failed");
    let mut found = Vec::new();
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(text.lines().count(), pairs.len(), "check.py lost a file");
    for line in text.lines() {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        for problem in answer["problems"].as_array().unwrap() {
            found.push((
                answer["after"].as_str().unwrap().to_owned(),
                problem.as_str().unwrap().to_owned(),
            ));
        }
    }
    found
}

/// The identifiers of a file as pydicom reads them.
pub(crate) struct Identifiers {
    /// The file.
    pub(crate) file: PathBuf,
    /// Place and bytes.
    pub(crate) values: Vec<(String, Vec<u8>)>,
}

/// Asks pydicom for the identifiers of files.
pub(crate) fn identifiers(files: &[PathBuf]) -> Vec<Identifiers> {
    let table = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("../deid/tables/e1-1.csv");
    let mut out = Vec::new();
    for chunk in files.chunks(200) {
        let answer = Command::new(python())
            .arg(script("identifiers.py"))
            .arg(&table)
            .args(chunk)
            .output()
            .expect("Python with pydicom: set CORDON_PYTHON");
        assert!(
            answer.status.success(),
            "identifiers.py: {}",
            String::from_utf8_lossy(&answer.stderr)
        );
        for line in String::from_utf8(answer.stdout).unwrap().lines() {
            let answer: serde_json::Value = serde_json::from_str(line).unwrap();
            let values = answer["identifiers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| {
                    (
                        pair[0].as_str().unwrap().to_owned(),
                        hex::decode(pair[1].as_str().unwrap()).unwrap(),
                    )
                })
                .collect();
            out.push(Identifiers {
                file: answer["file"].as_str().unwrap().into(),
                values,
            });
        }
    }
    assert_eq!(out.len(), files.len(), "identifiers.py lost a file");
    out
}

/// Fails with every line of a list, at most a hundred of them.
pub(crate) fn none(what: &str, lines: &[String]) {
    let shown: Vec<&str> = lines.iter().take(100).map(String::as_str).collect();
    assert!(
        lines.is_empty(),
        "{} {what}:\n{}",
        lines.len(),
        shown.join("\n")
    );
}
