//! Strangers' judgement of the suite: dciodvfy finds no error, pydicom reads the same values.
#![allow(clippy::expect_used, clippy::print_stderr)] // tests

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cordon_conformance::ask::ASKS;
use cordon_conformance::report::write_answers;
use cordon_conformance::rules::Rules;
use cordon_conformance::suite::Suite;
use cordon_contribute::{Cleaner, SiteKey};
use cordon_protocol::READY;

/// Errors that dciodvfy reports of files below a folder: of those where it finds any, the
/// path there with the first. `None` when it is not installed.
fn errors(dir: &Path, paths: &[String]) -> Option<Vec<String>> {
    let mut wrong = Vec::new();
    for path in paths {
        let mut command = Command::new("dciodvfy");
        let Ok(run) = command.arg("-new").arg(dir.join(path)).output() else {
            eprintln!("dciodvfy is not installed: not tested");
            return None;
        };
        let text = [run.stderr, run.stdout].concat();
        let text = String::from_utf8_lossy(&text);
        if let Some(line) = text.lines().find(|l| l.starts_with("Error")) {
            wrong.push(format!("{path}: {line}"));
        }
    }
    Some(wrong)
}

#[test]
fn dciodvfy_finds_no_error_in_any_object() {
    let suite = Suite::new(21, 13);
    let dir = tempfile::tempdir().expect("folder");
    suite.write(dir.path()).expect("written");
    let paths: Vec<String> = suite.items.iter().map(|i| i.made.path.clone()).collect();
    if let Some(wrong) = errors(dir.path(), &paths) {
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn dciodvfy_finds_no_error_in_what_leaves_under_any_ready_protocol() {
    let suite = Suite::new(22, 2);
    let made = tempfile::tempdir().expect("folder");
    suite.write(made.path()).expect("written");
    let mut wrong = Vec::new();
    for ready in READY {
        let protocol = ready.protocol().expect("valid");
        let cleaner = Cleaner::new(protocol, SiteKey::from_bytes([7; 32]));
        let dir = tempfile::tempdir().expect("folder");
        let mut paths = Vec::new();
        for item in &suite.items {
            let bytes = std::fs::read(made.path().join(&item.made.path)).expect("read");
            if let Some(object) = cleaner.clean(&bytes).output {
                let path = format!("{}-{}.dcm", paths.len(), ready.id);
                std::fs::write(dir.path().join(&path), object.bytes()).expect("write");
                paths.push(path);
            }
        }
        assert!(paths.len() > suite.items.len() / 2, "{}: refused", ready.id);
        wrong.extend(errors(dir.path(), &paths).unwrap_or_default());
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Finds each planted text where the answer says, with a reader that is not ours.
const SCRIPT: &str = r#"
import json, sys, warnings
import pydicom
warnings.simplefilter("ignore")
folder, wrong, seen, files = sys.argv[1], 0, 0, {}
for line in sys.stdin:
    answer = json.loads(line)
    if not answer["text"] or answer["vr"] not in ("LO", "SH", "PN", "ST", "LT", "UT", "UI", "DA", "DT", "DS", "IS", "CS"):
        continue
    path = answer["path"]
    if '"' in path or path.startswith("<(0002"):
        continue
    name = answer["file"]
    if name not in files:
        files = {name: pydicom.dcmread(f"{folder}/{name}")}
    data = files[name]
    steps = path.replace("[<", "|").replace(">]", "").strip("<>").split("<")
    for step in path.split("<("):
        if not step:
            continue
        tag, _, item = step.partition(")>")
        group, element = tag.split(",")
        found = data[int(group, 16), int(element, 16)]
        if item:
            data = found.value[int(item.strip("[<>]"))]
    value = found.value
    text = "\\".join(str(v) for v in value) if found.VM > 1 else str(value)
    seen += 1
    if answer["text"].strip() not in text and found.VR not in ("DS", "IS"):
        wrong += 1
print(json.dumps([seen, wrong]))
"#;

#[test]
fn pydicom_finds_what_was_planted_where_the_answers_say() {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let python = std::env::var_os("CORDON_PYTHON")
        .map_or_else(|| home.join(".cache/cordon/py/bin/python"), PathBuf::from);
    if !python.is_file() {
        eprintln!("no Python with pydicom: not tested");
        return;
    }
    let suite = Suite::new(22, 5);
    let dir = tempfile::tempdir().expect("folder");
    suite.write(dir.path()).expect("written");
    let file = dir.path().join("answers.jsonl");
    write_answers(&suite, &Rules::new(ASKS[2].options), &file).expect("answers");
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .arg(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python");
    let lines = std::fs::read(&file).expect("answers");
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(&lines)
        .expect("told");
    let output = child.wait_with_output().expect("answer");
    let [seen, wrong]: [u64; 2] = serde_json::from_slice(&output.stdout).expect("numbers");
    assert!(seen > 5000, "{seen}");
    assert_eq!(wrong, 0, "of {seen}");
}
