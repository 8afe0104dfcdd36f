//! Series whose headers lie, end early or say nothing: `cordon face` has a verdict for each, and
//! lets no head go.
#![allow(clippy::expect_used, clippy::print_stderr)] // a test may end in a panic, and say why it is skipped

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn head() -> Option<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    let folder = root.join("series/head_ct_tilt");
    let there = folder.is_dir() && Command::new("dcmodify").arg("--version").output().is_ok();
    if !there {
        eprintln!("no test data, or no dcmodify (package dcmtk)");
    }
    there.then_some(folder)
}

/// A copy of the head, of at most so many slices, with attributes changed in each.
fn copy(head: &Path, slices: usize, changes: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("dir");
    let mut all: Vec<PathBuf> = std::fs::read_dir(head)
        .expect("folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    all.sort();
    for path in all.iter().take(slices) {
        let name = path.file_name().expect("name");
        std::fs::copy(path, dir.path().join(name)).expect("copy");
    }
    if !changes.is_empty() {
        let mut command = Command::new("dcmodify");
        command.args(["-nb", "-ie"]);
        for change in changes {
            command.args(["-m", change]);
        }
        let files = std::fs::read_dir(dir.path()).expect("folder").flatten();
        let done = command.args(files.map(|f| f.path())).output();
        let done = done.expect("dcmodify starts");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
    }
    dir
}

fn face(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_cordon"))
        .args(["face", "--json"])
        .arg(folder)
        .output()
        .expect("cordon starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    serde_json::from_slice(&output.stdout).expect("json")
}

#[test]
fn whatever_the_header_says_there_is_a_verdict() {
    let Some(head) = head() else { return };
    let cases: [(&str, usize, &[&str]); 8] = [
        ("turned by 180°", 28, &["(0020,0037)=-1\\0\\0\\0\\-1\\0"]),
        ("reflected", 28, &["(0020,0037)=-1\\0\\0\\0\\1\\0"]),
        ("axes swapped", 28, &["(0020,0037)=0\\1\\0\\1\\0\\0"]),
        (
            "axes not at right angles",
            28,
            &["(0020,0037)=1\\0\\0\\1\\0\\0"],
        ),
        ("one slice", 1, &[]),
        ("all in one place", 28, &["(0020,0032)=0\\0\\0"]),
        ("a slope that is no number", 28, &["(0028,1053)=nan"]),
        ("all of one value", 28, &["(0028,1053)=0"]),
    ];
    for (name, slices, changes) in cases {
        let copied = copy(&head, slices, changes);
        let outcome = face(copied.path());
        let series = outcome["series"].as_array().expect("series");
        let refused = outcome["not_read"]
            .as_object()
            .is_some_and(|n| !n.is_empty());
        assert!(!series.is_empty() || refused, "{name}: {outcome}");
        for one in series {
            assert!(one["head"].is_boolean(), "{name}");
            assert_ne!(one["after"], "absent", "{name}: nobody saw that it is gone");
        }
    }
}
