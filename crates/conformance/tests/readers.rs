//! Strangers' judgement of the suite: dciodvfy finds no error, pydicom reads the same values.
#![allow(clippy::expect_used, clippy::print_stderr)] // tests

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cordon_conformance::ask::ASKS;
use cordon_conformance::report::write_answers;
use cordon_conformance::rules::Rules;
use cordon_conformance::suite::Suite;

#[test]
fn dciodvfy_finds_no_error_in_any_object() {
    if Command::new("dciodvfy")
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!("dciodvfy is not installed: not tested");
        return;
    }
    let suite = Suite::new(21, 13);
    let dir = tempfile::tempdir().expect("folder");
    suite.write(dir.path()).expect("written");
    let mut wrong = Vec::new();
    for item in &suite.items {
        let path = dir.path().join(&item.made.path);
        let run = Command::new("dciodvfy")
            .arg("-new")
            .arg(&path)
            .output()
            .expect("run");
        let text = [run.stderr, run.stdout].concat();
        for line in String::from_utf8_lossy(&text)
            .lines()
            .filter(|l| l.starts_with("Error"))
        {
            wrong.push(format!("{}: {line}", item.made.path));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} errors, first {:?}",
        wrong.len(),
        wrong.first()
    );
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
