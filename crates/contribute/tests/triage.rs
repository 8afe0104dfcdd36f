//! What may show or sound like a person waits for one: whole files through the cleaner, and the
//! gate agrees.
#![allow(clippy::expect_used)] // a test may end in a panic

use cordon_contribute::{Cleaned, Cleaner, Inventory, SiteKey, gate, inventory};
use cordon_protocol::{Code, Protocol, Verdict};
use cordon_synth::{Charset, Set};

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
const SR: &str = "1.2.840.10008.5.1.4.1.1.88.33";

fn object(class: &str, modality: &str, part: &str) -> Set {
    let mut set = Set::new();
    set.text(0x0008_0005, "CS", "ISO_IR 192")
        .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_0016, "UI", class)
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0020, "DA", "20210304")
        .text(0x0008_0060, "CS", modality)
        .text(0x0010_0010, "PN", "Grünbaum^Ottilie")
        .text(0x0010_0020, "LO", "PAT-48151")
        .text(0x0018_0015, "CS", part)
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.2");
    set
}

fn picture(set: &mut Set) -> &mut Set {
    set.us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, 4)
        .us(0x0028_0011, 4)
        .us(0x0028_0100, 16)
        .us(0x0028_0101, 16)
        .us(0x0028_0102, 15)
        .us(0x0028_0103, 0)
        .text(0x0028_0301, "CS", "NO")
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).expect("short").to_le_bytes()
}

/// A file whose pixel data are one fragment, encoded as `syntax` says.
fn compressed(set: &Set, syntax: &str, fragment: &[u8]) -> Vec<u8> {
    let mut meta = Set::new();
    meta.bytes(0x0002_0001, "OB", vec![0, 1])
        .text(0x0002_0002, "UI", set.get_text(0x0008_0016).expect("class"))
        .text(0x0002_0003, "UI", set.get_text(0x0008_0018).expect("uid"))
        .text(0x0002_0010, "UI", syntax)
        .text(0x0002_0012, "UI", "1.2.3.4");
    let meta = meta.encode(Charset::Ascii);
    let mut out = vec![0; 128];
    out.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0");
    out.extend_from_slice(&length(meta.len()));
    out.extend_from_slice(&meta);
    out.extend_from_slice(&set.encode(Charset::Utf8));
    out.extend_from_slice(
        b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0",
    );
    out.extend_from_slice(&length(fragment.len()));
    out.extend_from_slice(fragment);
    out.extend_from_slice(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    out
}

fn clean(input: &[u8]) -> Cleaned {
    let cleaner = Cleaner::new(Protocol::basic(), SiteKey::from_bytes([9; 32]));
    cleaner.clean(input)
}

/// The cleaner holds it for this, and whoever receives it would.
fn held(input: &[u8], code: Code, what: &str) {
    let cleaned = clean(input);
    assert_eq!(
        cleaned.verdict,
        Verdict::Held,
        "{what}: {:?}",
        cleaned.findings
    );
    assert!(
        cleaned.findings.iter().any(|f| f.code == code),
        "{what}: {:?}",
        cleaned.findings
    );
    let judged = gate(cleaned.output.expect("held, not refused").bytes());
    assert_eq!(
        judged.verdict,
        Verdict::Held,
        "{what}: {:?}",
        judged.findings
    );
}

fn listed(input: &[u8]) -> Vec<Code> {
    match inventory(input, input.len() as u64) {
        Inventory::Object(entry) => entry.findings.iter().map(|f| f.code).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn pictures_in_classes_without_a_rule_are_held() {
    for class in [
        "1.2.840.10008.5.1.1.27",
        "1.2.840.10008.5.1.1.29",
        "1.2.840.10008.5.1.1.30",
        "1.2.840.10008.5.1.4.1.1.5",
        "1.2.840.10008.5.1.4.1.1.481.23",
        "1.2.840.10008.5.1.4.1.1.481.24",
        "1.2.840.10008.5.1.4.1.1.11.1",
        SR,
        "1.2.840.10008.5.1.4.1.1.88.59",
        "1.2.840.10008.5.1.4.1.1.9.1.1",
        "1.2.840.10008.5.1.4.1.1.501.1",
        "1.2.840.10008.5.1.4.1.1.81.1",
        "1.2.840.10008.5.1.4.1.1.82.1",
        "1.2.840.10008.5.1.4.1.1.601.1",
        "1.2.840.10008.5.1.4.1.1.481.5",
    ] {
        let mut set = object(class, "OP", "CHEST");
        picture(&mut set).bytes(0x7FE0_0010, "OW", vec![7; 32]);
        let file = set.file(Charset::Utf8);
        held(&file, Code::UnjudgedPixels, class);
        assert!(listed(&file).contains(&Code::UnjudgedPixels), "{class}");
    }
}

#[test]
fn surfaces_and_voices_are_held() {
    for (class, modality, code) in [
        ("68.1", "M3D", Code::Surface),
        ("68.2", "M3D", Code::Surface),
        ("9.4.1", "AU", Code::Sound),
        ("9.4.2", "AU", Code::Sound),
    ] {
        let class = format!("1.2.840.10008.5.1.4.1.1.{class}");
        let file = object(&class, modality, "").file(Charset::Utf8);
        held(&file, code, &class);
        assert!(listed(&file).contains(&code), "{class}");
    }
}

#[test]
fn videos_are_held_in_every_class_and_syntax() {
    let mpeg2: &[u8] = b"\0\0\x01\xB3\x16\x01\x20\x13\xFF\xFF\xE0\x18";
    let h264: &[u8] = b"\0\0\0\x01\x67\x64\0\x29\xAC\x1B\x1A\x80";
    let hevc: &[u8] = b"\0\0\0\x01\x40\x01\x0C\x01\xFF\xFF\x01\x60";
    let mp4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0";
    for (last, stream) in [
        ("100", mpeg2),
        ("100.1", mpeg2),
        ("101", mpeg2),
        ("101.1", mpeg2),
        ("102", h264),
        ("102.1", h264),
        ("103", mp4),
        ("103.1", h264),
        ("104", h264),
        ("104.1", mp4),
        ("105", h264),
        ("105.1", h264),
        ("106", h264),
        ("106.1", h264),
        ("107", hevc),
        ("108", hevc),
        ("107", b"\x11\x22\x33\x44"),
    ] {
        for (class, modality) in [
            (CT, "CT"),
            (MR, "MR"),
            ("1.2.840.10008.5.1.4.1.1.12.1", "XA"),
        ] {
            let mut set = object(class, modality, "CHEST");
            picture(&mut set);
            let file = compressed(&set, &format!("1.2.840.10008.1.2.4.{last}"), stream);
            held(&file, Code::Photograph, last);
        }
    }
}

#[test]
fn a_head_beside_a_chest_is_held_and_a_chest_is_not() {
    let described = |text: &str, part: &str| {
        let mut set = object(CT, "CT", part);
        set.text(0x0008_1030, "LO", text);
        picture(&mut set).bytes(0x7FE0_0010, "OW", vec![7; 32]);
        set.file(Charset::Utf8)
    };
    for text in [
        "Scanner cou-thorax-abdomen",
        "RM pescoço e tórax",
        "CT C-Spine and Chest",
    ] {
        for part in ["", "CHEST"] {
            let cleaned = clean(&described(text, part));
            assert_eq!(cleaned.verdict, Verdict::Held, "{text}");
            assert!(
                cleaned.findings.iter().any(|f| f.code == Code::Head),
                "{text}"
            );
        }
    }
    let chest = clean(&described("CT chest abdomen pelvis", "CHEST"));
    assert_eq!(chest.verdict, Verdict::Clean, "{:?}", chest.findings);
    let report = clean(&object(SR, "SR", "").file(Charset::Utf8));
    assert!(
        !report
            .findings
            .iter()
            .any(|f| f.code == Code::UnjudgedPixels),
        "a report without pictures"
    );
}
