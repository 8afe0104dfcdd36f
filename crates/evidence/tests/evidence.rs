//! The report holds what happened and no identifier; the statement in the documentation is current.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use cordon_contribute::{Cleaner, SiteKey, VERSION};
use cordon_dicom::read;
use cordon_evidence::{Evidence, Looked, conformance_statement};
use cordon_protocol::{Approval, Decision, DecisionKind, Protocol, READY, Tag, Verdict};

fn report(protocol: &Protocol) -> (Evidence, Vec<String>) {
    let cleaner = Cleaner::new(protocol.clone(), SiteKey::from_bytes([3; 32]));
    let mut evidence = Evidence::new(protocol, VERSION);
    let mut secrets = Vec::new();
    for sample in cordon_synth::one_of_each(5) {
        let cleaned = cleaner.clean(&sample.bytes);
        evidence.add(Looked::from(&cleaned));
        let Ok(file) = read(&sample.bytes) else {
            continue;
        };
        for tag in [
            0x0010_0010,
            0x0010_0020,
            0x0010_0030,
            0x0008_0050,
            0x0008_0018,
            0x0020_000D,
            0x0020_000E,
            0x0008_0090,
            0x0008_0080,
        ] {
            secrets.extend(file.data.strings(Tag(tag)));
        }
    }
    secrets.retain(|s| s.len() > 3);
    (evidence, secrets)
}

#[test]
fn the_report_holds_no_identifier_and_no_script() {
    for ready in READY {
        let (evidence, secrets) = report(&ready.protocol().expect("ready"));
        let html = evidence.html();
        assert!(secrets.len() > 20);
        for secret in &secrets {
            assert!(
                !html.contains(secret.as_str()),
                "{}: a value of an original",
                ready.id
            );
        }
        assert!(!html.contains("<script") && !html.contains("http:") && !html.contains("src="));
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
        assert_eq!(
            html.matches("<table>").count(),
            html.matches("</table>").count()
        );
    }
}

#[test]
fn the_sums_are_those_of_the_pipeline() {
    let protocol = READY[1].protocol().expect("ready");
    let cleaner = Cleaner::new(protocol.clone(), SiteKey::from_bytes([3; 32]));
    let mut evidence = Evidence::new(&protocol, VERSION);
    let (mut all, mut refused, mut digests) = (0, 0, Vec::new());
    for sample in cordon_synth::one_of_each(5) {
        let cleaned = cleaner.clean(&sample.bytes);
        all += 1;
        refused += u32::from(cleaned.verdict == Verdict::Refused);
        digests.extend(cleaned.output.as_ref().map(|c| c.record().sha256.clone()));
        evidence.add(Looked::from(&cleaned));
    }
    let html = evidence.html();
    assert!(html.contains(&format!("<td>Inputs</td><td>{all}</td>")));
    assert!(html.contains(&format!(
        "<td>Refused, stay at the clinic</td><td>{refused}</td>"
    )));
    assert!(!digests.is_empty() && digests.iter().all(|d| html.contains(d)));
    assert!(html.contains(&protocol.digest()));
    assert!(html.contains("113107"), "the option that ran");
    assert!(!html.contains("113106"), "and no other");
}

#[test]
fn what_people_type_cannot_break_out() {
    let mut protocol = Protocol::basic();
    protocol.title = "<img src=x onerror=alert(1)>".to_owned();
    let mut evidence = Evidence::new(&protocol, VERSION);
    evidence.approved(
        Approval {
            by: "Dr \"><script>alert(1)</script>".to_owned(),
            at: "2026-11-22T00:00:00Z".to_owned(),
            role: None,
        },
        vec![Decision {
            sop_instance_uid: "2.25.1".to_owned(),
            kind: DecisionKind::Accept,
            findings: vec!["head".to_owned(), "'onload=".to_owned()],
        }],
    );
    let html = evidence.html();
    assert!(!html.contains("<script") && !html.contains("<img"));
    assert!(
        html.contains("Dr &quot;&gt;&lt;script&gt;") && html.contains("looked at and released")
    );
}

#[test]
fn a_loosened_profile_is_said_to_be_one() {
    let protocol = Protocol::from_toml(
        "id='x'\ntitle='X'\n[[deid.attribute]]\ntag='(0008,0080)'\naction='keep'\nreason='The site is the question.'",
    )
    .expect("protocol");
    let html = Evidence::new(&protocol, VERSION).html();
    assert!(html.contains("do not claim the Basic Profile"));
    assert!(html.contains("The site is the question.") && !html.contains("113100"));
}

#[test]
fn the_conformance_statement_in_the_documentation_is_current() {
    let text = conformance_statement();
    assert!(text.lines().count() > 700, "all rows of the table");
    let path = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("../../docs/conformance-statement.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("write");
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        there == text,
        "stale: UPDATE=1 cargo test -p cordon-evidence"
    );
}
