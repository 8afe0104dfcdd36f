//! Under the options of every ready protocol: a canary where something goes is gone, a value
//! where something stays is there byte for byte, and a text that is cleaned loses the person
//! and keeps the vocabulary. What an option does is read from the table as it is published,
//! not from what the cleaner compiled.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests

mod common;

use std::collections::BTreeMap;

use cordon_canary::bodies::FAMILIES;
use cordon_canary::mint::{Charset, Mint};
use cordon_canary::plant;
use cordon_canary::scan::Scanner;
use cordon_canary::write::{Element, File, Syntax, Value, text};
use cordon_contribute::{Cleaner, SiteKey};
use cordon_protocol::{DeidOption, Protocol, READY, Tag, Verdict};

const TABLE: &str = include_str!("../../deid/tables/e1-1.csv");

/// The letter of an attribute under a set of options: C, K, or nothing for the profile.
fn letters(options: &[DeidOption]) -> BTreeMap<u32, char> {
    let column = |option: DeidOption| {
        Some(match option {
            DeidOption::RetainUids => "rtn_uids",
            DeidOption::RetainDeviceIdentity => "rtn_dev_id",
            DeidOption::RetainInstitutionIdentity => "rtn_inst_id",
            DeidOption::RetainPatientCharacteristics => "rtn_pat_chars",
            DeidOption::RetainFullDates => "rtn_long_full_dates",
            DeidOption::RetainModifiedDates => "rtn_long_modif_dates",
            DeidOption::CleanDescriptors => "clean_desc",
            DeidOption::CleanStructuredContent => "clean_struct_cont",
            DeidOption::CleanGraphics => "clean_graph",
            _ => return None,
        })
    };
    let names: Vec<&str> = options.iter().filter_map(|o| column(*o)).collect();
    let mut lines = TABLE.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    // Names have commas, so cells are counted from the end.
    let places: Vec<usize> = names
        .iter()
        .map(|n| head.len() - head.iter().rposition(|h| h == n).unwrap())
        .collect();
    lines
        .filter_map(|line| {
            let tag = u32::from_str_radix(line.get(..8)?, 16).ok()?;
            let cells: Vec<&str> = line.rsplit(',').collect();
            let said: Vec<&str> = places.iter().map(|p| cells[p - 1]).collect();
            let letter = if said.contains(&"K") {
                'K'
            } else if said.contains(&"C") {
                'C'
            } else {
                return None;
            };
            Some((tag, letter))
        })
        .collect()
}

const TEXTS: [[u8; 2]; 5] = [*b"LO", *b"SH", *b"ST", *b"LT", *b"UT"];
const NAME: &str = "Quorvish";
const ID: &str = "ZQ-77310942";

/// What is expected of a value that does not simply go.
enum Expected {
    Same(Vec<u8>),
    Words(&'static str),
}

/// A file with something in every row, and what must be left of it.
fn plant(
    family: usize,
    charset: Charset,
    protocol: &Protocol,
) -> (Vec<u8>, Mint, Vec<(u32, Expected)>) {
    let mut mint = Mint::new(u32::try_from(family * 3000).unwrap(), charset);
    let letters = letters(&protocol.deid.options);
    let asked: Vec<u32> = protocol
        .deid
        .attributes
        .iter()
        .filter_map(|a| a.tag.map(|t| t.0))
        .collect();
    let dated = protocol
        .deid
        .options
        .contains(&DeidOption::RetainModifiedDates);
    let mut data = FAMILIES[family].body();
    let mut expected = Vec::new();
    for (tag, vr) in plant::targets() {
        let occupied = data.iter().any(|e| e.tag == tag.0);
        if tag.group() < 8 || occupied || matches!(tag.0, 0x0010_0010 | 0x0010_0020) {
            continue;
        }
        let letter = letters.get(&tag.0).filter(|_| !asked.contains(&tag.0));
        // A date-time that moves keeps its time, and a zone has no letters.
        let timed = vr == b"DT" && dated || tag.0 == 0x0008_0201;
        let element = match letter {
            _ if timed => continue,
            Some('C') if TEXTS.contains(vr) => {
                expected.push((tag.0, Expected::Words("axial")));
                text(tag.0, *vr, &format!("axial {NAME}"))
            }
            Some('K') if TEXTS.contains(vr) || vr == b"DS" => {
                let value = if vr == b"DS" { "1.25" } else { "brain axial " };
                expected.push((tag.0, Expected::Same(value.as_bytes().to_vec())));
                text(tag.0, *vr, value)
            }
            // Times stay with the dates, and sequences are entered.
            Some('C' | 'K') if !matches!(vr, b"DA" | b"DT") => continue,
            _ if vr == b"SQ" => continue,
            _ => Element {
                tag: tag.0,
                vr: *vr,
                value: mint.value(*vr, &format!("{tag} {}", String::from_utf8_lossy(vr))),
            },
        };
        data.push(element);
    }
    data.push(text(0x0010_0010, *b"PN", &format!("{NAME}^Zelma")));
    data.push(text(0x0010_0020, *b"LO", ID));
    data.retain(|e| e.tag != 0x0008_0005);
    if let Some(term) = charset.defined_term() {
        data.push(text(0x0008_0005, *b"CS", term));
    }
    data.sort_by_key(|e| e.tag);
    data.dedup_by_key(|e| e.tag);
    let instance = data
        .iter()
        .find(|e| e.tag == 0x0008_0018)
        .and_then(|e| match &e.value {
            Value::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
            _ => None,
        })
        .unwrap_or_default();
    let file = File {
        preamble: mint.blob("preamble"),
        meta: plant::meta(&mut mint, FAMILIES[family].sop_class, &instance),
        syntax: Syntax::ALL[0],
        data,
        tail: Vec::new(),
    };
    (file.bytes(), mint, expected)
}

#[test]
fn every_ready_protocol_takes_out_keeps_and_cleans_what_it_says() {
    let mut faults = Vec::new();
    let mut cleaned_texts = 0;
    for ready in READY {
        let protocol = ready.protocol().unwrap();
        let cleaner = Cleaner::new(protocol.clone(), SiteKey::from_bytes([0x5A; 32]));
        for (family, made) in FAMILIES.iter().enumerate() {
            let charset = Charset::ALL[family % Charset::ALL.len()];
            let (bytes, mint, expected) = plant(family, charset, &protocol);
            let name = format!("{} {}", ready.id, made.name);
            let cleaned = cleaner.clean(&bytes);
            let Some(output) = cleaned.output else {
                let why: Vec<String> = cleaned
                    .findings
                    .iter()
                    .map(cordon_protocol::Finding::sentence)
                    .collect();
                faults.push(format!("{name}: {}", why.join("; ")));
                continue;
            };
            assert_ne!(cleaned.verdict, Verdict::Refused);
            for leak in Scanner::new(&mint.made).unwrap().leaks(output.bytes()) {
                faults.push(format!("{name}: {}", leak.place));
            }
            let lower = output.bytes().to_ascii_lowercase();
            for secret in [NAME, ID] {
                let secret = secret.to_ascii_lowercase().into_bytes();
                if lower.windows(secret.len()).any(|w| w == secret) {
                    faults.push(format!("{name}: the person"));
                }
            }
            let file = cordon_dicom::read(output.bytes()).unwrap();
            for (tag, expected) in expected {
                let value = file
                    .data
                    .get(Tag(tag))
                    .and_then(cordon_dicom::Element::bytes);
                let holds = match expected {
                    Expected::Same(same) => value == Some(&same[..]),
                    Expected::Words(words) => {
                        cleaned_texts += 1;
                        value.is_some_and(|v| String::from_utf8_lossy(v).contains(words))
                    }
                };
                if !holds {
                    faults.push(format!("{name}: {} is not as it should be", Tag(tag)));
                }
            }
            let again = cleaner.clean(output.bytes()).output.expect("cleaned again");
            if again.record().sealed_sha256 != output.record().sealed_sha256 {
                faults.push(format!("{name}: cleaning twice"));
            }
        }
    }
    common::none("faults under the ready protocols", &faults);
    assert!(cleaned_texts > 500, "{cleaned_texts} texts");
}
