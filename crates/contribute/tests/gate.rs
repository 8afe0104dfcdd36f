//! What somebody without our page sends: the gate has no original to compare with, and no key.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use cordon_contribute::{Cleaner, PixelWork, Policy, SiteKey, gate, gate_under};
use cordon_dicom::{Syntax, Vr, Writer, read};
use cordon_protocol::{Code, Protocol, Tag, Verdict};
use cordon_synth::{Charset, Set};

/// A knee that was cleaned.
fn clean_knee() -> Vec<u8> {
    let mut set = Set::new();
    let pixels = (0_u16..16).flat_map(u16::to_le_bytes).collect();
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2")
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0060, "CS", "CT")
        .text(0x0010_0010, "PN", "Quibberly^Zanthor")
        .text(0x0010_0020, "LO", "MRN8837261")
        .text(0x0018_0015, "CS", "KNEE")
        .text(0x0018_0050, "DS", "2.5")
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.2")
        .us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, 4)
        .us(0x0028_0011, 4)
        .us(0x0028_0100, 16)
        .us(0x0028_0101, 16)
        .us(0x0028_0102, 15)
        .us(0x0028_0103, 0)
        .bytes(0x7FE0_0010, "OW", pixels);
    let cleaner = Cleaner::new(Protocol::basic(), SiteKey::from_bytes([9; 32]));
    let cleaned = cleaner.clean_with(&set.file(Charset::Utf8), &PixelWork::default());
    cleaned.output.expect("an output").bytes().to_vec()
}

/// The same with other elements in the data set.
fn forged(clean: &[u8], changes: &[(u32, Vr, &[u8])]) -> Vec<u8> {
    let file = read(clean).expect("readable");
    let elements = &file.data.elements;
    let start = elements.first().expect("elements").offset;
    let mut parts: Vec<(Tag, Vec<u8>)> = Vec::new();
    for (i, element) in elements.iter().enumerate() {
        let end = elements.get(i + 1).map_or(clean.len(), |next| next.offset);
        parts.push((element.tag, clean[element.offset..end].to_vec()));
    }
    for (tag, vr, value) in changes {
        parts.retain(|(t, _)| t.0 != *tag);
        let mut writer = Writer::new(Vec::new(), &Syntax::explicit_le());
        writer.bytes(Tag(*tag), *vr, value);
        parts.push((Tag(*tag), writer.into_bytes()));
    }
    parts.sort_by_key(|(tag, _)| *tag);
    let mut out = clean[..start].to_vec();
    for (_, bytes) in parts {
        out.extend(bytes);
    }
    out
}

fn codes(bytes: &[u8]) -> (Verdict, Vec<Code>) {
    let judged = gate(bytes);
    let codes = judged.findings.iter().map(|f| f.code).collect();
    (judged.verdict, codes)
}

#[test]
fn what_was_cleaned_passes_and_so_does_the_same_put_together_again() {
    let clean = clean_knee();
    assert_eq!(codes(&clean), (Verdict::Clean, Vec::new()));
    assert_eq!(forged(&clean, &[]), clean);
    let other = forged(&clean, &[(0x0018_0050, Vr::DS, b"1.25")]);
    assert_eq!(codes(&other), (Verdict::Clean, Vec::new()));
}

#[test]
fn nothing_stands_behind_the_file_meta_information() {
    let clean = clean_knee();
    let start = read(&clean).expect("readable").data.elements[0].offset;
    let mut meta = Writer::new(clean[..start].to_vec(), &Syntax::explicit_le());
    meta.bytes(Tag(0x0002_0016), Vr::AE, b"STMARYS_CT1 ");
    meta.bytes(
        Tag(0x0002_0102),
        Vr::OB,
        b"DOE^JOHN 1950-04-12 MRN 8837261 ",
    );
    let mut bytes = meta.into_bytes();
    bytes.extend(&clean[start..]);
    let (verdict, codes) = codes(&bytes);
    assert_eq!(verdict, Verdict::Refused);
    assert!(codes.contains(&Code::ResidueMeta), "{codes:?}");
}

#[test]
fn a_name_is_no_pseudonym() {
    let clean = clean_knee();
    let name: &[u8] = b"MUELLER-ANNA-19630417-4711";
    let bytes = forged(
        &clean,
        &[(0x0010_0010, Vr::PN, name), (0x0010_0020, Vr::LO, name)],
    );
    assert_eq!(codes(&bytes).0, Verdict::Refused);
}

#[test]
fn a_pseudonym_begins_as_its_protocol_says() {
    let clean = clean_knee();
    let under = |prefix: &str| {
        let toml = format!("id='x'\ntitle='X'\n[deid]\npseudonym_prefix='{prefix}'");
        let protocol = Protocol::from_toml(&toml).expect("protocol");
        gate_under(&clean, Policy::of(&protocol)).verdict
    };
    assert_eq!(under(""), Verdict::Clean);
    assert_eq!(under("MUELLER-"), Verdict::Refused);
}

#[test]
fn words_do_not_stand_where_numbers_do() {
    let clean = clean_knee();
    let recipes: [(u32, Vr, &[u8]); 6] = [
        (0x0018_0050, Vr::DS, b"DOE^JOHN"),
        (0x0018_1310, Vr::LT, b"John Doe, born 12 April 1950"),
        (0x0008_0008, Vr::CS, b"AXIAL\0DOE^JOHN"),
        (0x0008_0060, Vr::UT, b"CT\0DOE^JOHN "),
        (0x0012_0063, Vr::LO, b"cordon John Doe, b. 1950-04-12"),
        (0x0012_0063, Vr::LO, b"cordon 0.1.0; PS3.15 2026d; John Doe"),
    ];
    for (tag, vr, value) in recipes {
        let bytes = forged(&clean, &[(tag, vr, value)]);
        assert_eq!(codes(&bytes).0, Verdict::Refused, "{tag:08X}");
    }
}

#[test]
fn a_text_as_long_as_a_book_goes_quickly() {
    let clean = clean_knee();
    let mut book = String::new();
    for n in 0..400_000_u32 {
        let letter = |k: u32| char::from(b'a' + u8::try_from(n / 26_u32.pow(k) % 26).unwrap_or(0));
        book.extend([letter(0), letter(1), letter(2), letter(3), 'q', ' ']);
    }
    let bytes = forged(&clean, &[(0x0028_1055, Vr::UT, book.as_bytes())]);
    assert_eq!(codes(&bytes).0, Verdict::Refused);
}
