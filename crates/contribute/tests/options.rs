//! Each option keeps what it says and nothing else, and the gate of its protocol agrees.

#![allow(clippy::expect_used, reason = "helpers of tests")]

use cordon_contribute::{Checked, Cleaner, Policy, SiteKey, gate, gate_under};
use cordon_dicom::{File, read};
use cordon_protocol::{DeidOption, Protocol, Tag, Verdict};

fn protocol(options: &[DeidOption]) -> Protocol {
    let mut protocol = Protocol::basic();
    protocol.deid.options = options.to_vec();
    protocol.validate().expect("supported");
    protocol
}

fn samples() -> Vec<Vec<u8>> {
    cordon_synth::one_of_each(11).map(|f| f.bytes).collect()
}

fn clean(options: &[DeidOption], input: &[u8]) -> Option<Checked> {
    let cleaned = Cleaner::new(protocol(options), SiteKey::from_bytes([9; 32])).clean(input);
    assert_eq!(
        cleaned.output.is_none(),
        cleaned.verdict == Verdict::Refused
    );
    let output = cleaned.output?;
    let policy = Policy::new(options).expect("policy");
    let judged = gate_under(output.bytes(), policy);
    assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
    Some(output)
}

fn value<'a>(file: &File<'a>, tag: u32) -> &'a [u8] {
    file.data
        .get(Tag(tag))
        .and_then(cordon_dicom::Element::bytes)
        .unwrap_or_default()
}

const STUDY_DATE: u32 = 0x0008_0020;
const BIRTH_DATE: u32 = 0x0010_0030;
const SERIES_UID: u32 = 0x0020_000E;
const INSTITUTION: u32 = 0x0008_0080;
const SEX: u32 = 0x0010_0040;

#[test]
fn each_option_keeps_its_own_and_no_other() {
    use DeidOption as O;
    let kept: [(O, u32); 4] = [
        (O::RetainFullDates, STUDY_DATE),
        (O::RetainUids, SERIES_UID),
        (O::RetainInstitutionIdentity, INSTITUTION),
        (O::RetainPatientCharacteristics, SEX),
    ];
    let mut seen = 0;
    for sample in samples() {
        let Ok(before) = read(&sample) else { continue };
        for (option, own) in kept {
            let Some(output) = clean(&[option], &sample) else {
                continue;
            };
            let after = read(output.bytes()).expect("clean");
            for (_, tag) in kept {
                let (old, new) = (value(&before, tag), value(&after, tag));
                if old.is_empty() {
                    continue;
                }
                seen += 1;
                assert_eq!(old == new, tag == own, "{option:?} {}", Tag(tag));
            }
            assert!(value(&after, BIRTH_DATE).is_empty());
            assert_ne!(
                gate(output.bytes()).verdict,
                Verdict::Clean,
                "what an option keeps does not pass the gate of the profile alone"
            );
        }
    }
    assert!(seen > 20, "{seen} attributes compared");
}

#[test]
fn modified_dates_keep_every_interval_of_a_patient() {
    let options = [DeidOption::RetainModifiedDates];
    let mut shifts = std::collections::BTreeMap::new();
    let mut studies = std::collections::BTreeSet::new();
    for file in cordon_synth::demo(5) {
        let Ok(before) = read(&file.bytes) else {
            continue;
        };
        let Some(output) = clean(&options, &file.bytes) else {
            continue;
        };
        let after = read(output.bytes()).expect("clean");
        let twice = clean(&options, output.bytes()).expect("clean");
        assert_eq!(
            twice.record().sealed_sha256,
            output.record().sealed_sha256,
            "dates move once"
        );
        let days = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).ok()?.trim();
            let (y, m, d) = (
                text.get(..4)?.parse::<i64>().ok()?,
                text.get(4..6)?.parse::<i64>().ok()?,
                text.get(6..8)?.parse::<i64>().ok()?,
            );
            // Julian day number, to count days independently of the code under test.
            let a = (14 - m) / 12;
            let (y, m) = (y + 4800 - a, m + 12 * a - 3);
            Some(d + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400)
        };
        let old = days(value(&before, STUDY_DATE));
        let new = days(value(&after, STUDY_DATE));
        let (Some(old), Some(new)) = (old, new) else {
            continue;
        };
        let patient = value(&after, 0x0010_0020).to_vec();
        studies.insert((patient.clone(), new));
        let shift = shifts.entry(patient).or_insert(new - old);
        assert_eq!(*shift, new - old);
        assert!((-3650..=-31).contains(shift));
        assert_eq!(
            value(&before, 0x0008_0030),
            value(&after, 0x0008_0030),
            "times stay"
        );
        assert_eq!(after.data.ascii(Tag(0x0028_0303)), Some("MODIFIED"));
    }
    assert!(shifts.len() > 2, "several patients");
    assert!(studies.len() > shifts.len(), "one of them came twice");
}
