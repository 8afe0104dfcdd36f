//! Every action that a protocol can ask for one attribute, on real objects, and the gate agrees.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use cordon_contribute::{Checked, Cleaner, Policy, SiteKey, gate_under};
use cordon_dicom::{File, read};
use cordon_protocol::{Action, DeidOption, Protocol, Rule, Tag, Verdict};

const HEAD: &str = "id='x'\ntitle='X'\n";

fn protocol(text: &str) -> Protocol {
    Protocol::from_toml(&format!("{HEAD}{text}")).expect("protocol")
}

fn asked(lines: &str) -> Protocol {
    protocol(&format!("[[deid.attribute]]\nreason='r'\n{lines}"))
}

fn key() -> SiteKey {
    SiteKey::from_bytes([9; 32])
}

/// Cleans every kind of object under the protocol; the gate must let all of it pass, and
/// cleaning again must change nothing but the stamp.
fn clean_all(protocol: &Protocol) -> Vec<(Vec<u8>, Checked)> {
    let cleaner = Cleaner::new(protocol.clone(), key());
    let mut out = Vec::new();
    for sample in cordon_synth::one_of_each(11) {
        let Some(output) = cleaner.clean(&sample.bytes).output else {
            continue;
        };
        let judged = gate_under(output.bytes(), Policy::of(protocol));
        assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
        let again = cleaner.clean(output.bytes());
        if let Some(again) = again.output {
            assert_eq!(again.bytes().len(), output.bytes().len(), "cleaning twice");
        }
        out.push((sample.bytes, output));
    }
    assert!(out.len() > 3, "{} objects", out.len());
    out
}

fn text(file: &File<'_>, tag: u32) -> Option<String> {
    file.data.text(Tag(tag))
}

/// The values of one attribute before and after, where it was there before.
fn pairs(protocol: &Protocol, tag: u32) -> Vec<(String, Option<String>)> {
    let all: Vec<(String, Option<String>)> = clean_all(protocol)
        .iter()
        .filter_map(|(before, after)| {
            let before = text(&read(before).ok()?, tag)?;
            let after = read(after.bytes()).expect("clean");
            Some((before, text(&after, tag)))
        })
        .collect();
    assert!(!all.is_empty(), "no object has {}", Tag(tag));
    all
}

const INSTITUTION: u32 = 0x0008_0080;
const MANUFACTURER: u32 = 0x0008_0070;
const STUDY_DATE: u32 = 0x0008_0020;
const ACCESSION: u32 = 0x0008_0050;

#[test]
fn keep_keeps_the_value_and_the_profile_is_not_claimed() {
    let protocol = asked("tag='(0008,0080)'\naction='keep'");
    for (before, after) in pairs(&protocol, INSTITUTION) {
        assert_eq!(Some(before), after);
    }
    let policy = Policy::of(&protocol);
    assert!(policy.loosens());
    assert!(!policy.options().contains(&DeidOption::Basic));
    for (_, output) in clean_all(&protocol) {
        let strict = gate_under(output.bytes(), Policy::basic());
        let file = read(output.bytes()).expect("clean");
        if text(&file, INSTITUTION).is_some() {
            assert_eq!(strict.verdict, Verdict::Refused, "another protocol's gate");
        }
    }
}

#[test]
fn remove_and_empty_leave_nothing() {
    for action in ["remove", "empty"] {
        let protocol = asked(&format!("tag='(0008,0070)'\naction='{action}'"));
        for (before, after) in pairs(&protocol, MANUFACTURER) {
            assert_ne!(Some(before), after);
            assert!(after.is_none_or(|v| v.is_empty() || v == "REMOVED"));
        }
        assert!(Policy::of(&protocol).options().contains(&DeidOption::Basic));
    }
}

#[test]
fn constant_hash_and_map_replace() {
    let constant = asked("tag='(0008,0080)'\naction='constant'\nvalue='SITE 4'");
    for (_, after) in pairs(&constant, INSTITUTION) {
        assert_eq!(after.as_deref(), Some("SITE 4"));
    }
    let hash = asked("tag='(0008,0050)'\naction='hash'");
    for (before, after) in pairs(&hash, ACCESSION) {
        let after = after.expect("hashed");
        assert_eq!(after.len(), 16);
        assert_ne!(before, after);
    }
    let sample = pairs(&Protocol::basic(), MANUFACTURER)
        .into_iter()
        .map(|(before, _)| before)
        .next()
        .expect("one");
    let map = asked(&format!(
        "tag='(0008,0070)'\naction='map'\ntable={{'{sample}'='MAKER A'}}"
    ));
    for (before, after) in pairs(&map, MANUFACTURER) {
        if before == sample {
            assert_eq!(after.as_deref(), Some("MAKER A"));
        } else {
            assert!(
                after.is_none_or(|v| v.is_empty() || v == "REMOVED"),
                "not listed"
            );
        }
    }
}

#[test]
fn shift_moves_the_date_and_the_stamp_says_so() {
    let protocol = asked("tag='(0008,0020)'\naction='shift'");
    assert_eq!(Policy::of(&protocol).temporal(), "MODIFIED");
    for (before, after) in pairs(&protocol, STUDY_DATE) {
        let after = after.expect("a date");
        assert_eq!(after.len(), 8);
        assert_ne!(before, after);
    }
    for (_, output) in clean_all(&protocol) {
        let file = read(output.bytes()).expect("clean");
        assert_eq!(text(&file, 0x0028_0303).as_deref(), Some("MODIFIED"));
    }
}

#[test]
fn a_pattern_is_taken_out_and_the_rest_stays() {
    let protocol = asked("tag='(0008,0070)'\naction='clean-regex'\npattern='[aeiou]'");
    for (before, after) in pairs(&protocol, MANUFACTURER) {
        let expected: String = before.chars().filter(|c| !"aeiou".contains(*c)).collect();
        assert_eq!(after.unwrap_or_default(), expected.trim());
    }
}

#[test]
fn the_report_names_the_override() {
    let protocol = asked("tag='(0008,0070)'\naction='keep'");
    let cleaner = Cleaner::new(protocol, key());
    let mut seen = 0;
    for sample in cordon_synth::one_of_each(11) {
        for change in cleaner.clean(&sample.bytes).changes {
            if change.path.tag == Tag(MANUFACTURER) && change.path.steps.is_empty() {
                assert_eq!((change.action, change.rule), (Action::Keep, Rule::Override));
                seen += 1;
            }
        }
    }
    assert!(seen > 3);
}

#[test]
fn what_a_project_requires_is_looked_for_in_what_leaves() {
    let protocol =
        protocol("[require]\nattributes=[{tag='(0010,1010)',otherwise='refused',reason='r'}]");
    let cleaner = Cleaner::new(protocol, key());
    let mut images = 0;
    for sample in cordon_synth::one_of_each(11) {
        let file = read(&sample.bytes);
        let is_image = file.is_ok_and(|f| f.data.has_value(Tag(0x0028_0010)));
        if is_image {
            // The profile takes the age out, so no image of this project can leave.
            assert_eq!(cleaner.clean(&sample.bytes).verdict, Verdict::Refused);
            images += 1;
        }
    }
    assert!(images > 3);
}

#[test]
fn every_ready_protocol_cleans_and_passes_its_own_gate() {
    for ready in cordon_protocol::READY {
        let mut protocol = ready.protocol().expect("ready");
        // Synthetic objects do not bring all that a platform asks for.
        protocol.require = cordon_protocol::Require::default();
        clean_all(&protocol);
    }
}
