//! What an attacker planted, and found again in objects that were called clean: each recipe once.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use cordon_contribute::{Cleaned, Cleaner, PixelWork, SiteKey, gate};
use cordon_dicom::read;
use cordon_protocol::{Protocol, Tag, Verdict};
use cordon_synth::{Charset, Set};

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

fn knee(name: &str, id: &str) -> Set {
    let mut set = Set::new();
    let pixels = (0_u16..16).flat_map(u16::to_le_bytes).collect();
    set.text(0x0008_0005, "CS", "ISO_IR 192")
        .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_0016, "UI", CT)
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0020, "DA", "20210309")
        .text(0x0008_0060, "CS", "CT")
        .text(0x0010_0010, "PN", name)
        .text(0x0010_0020, "LO", id)
        .text(0x0018_0015, "CS", "KNEE")
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
    set
}

fn quibberly() -> Set {
    knee("Quibberly^Zanthor", "MRN8837261")
}

fn clean_under(input: &[u8], protocol: &str) -> Cleaned {
    let protocol = format!("id='x'\ntitle='X'\n{protocol}");
    let protocol = Protocol::from_toml(&protocol).expect("protocol");
    let cleaner = Cleaner::new(protocol, SiteKey::from_bytes([9; 32]));
    cleaner.clean_with(input, &PixelWork::default())
}

fn output(cleaned: &Cleaned) -> &[u8] {
    cleaned.output.as_ref().map_or(&[], |o| o.bytes())
}

fn holds(bytes: &[u8], token: &str) -> bool {
    let (bytes, token) = (bytes.to_ascii_lowercase(), token.to_ascii_lowercase());
    bytes.windows(token.len()).any(|w| w == token.as_bytes())
}

/// None of the tokens is in the output, and it is clean all the same.
fn is_gone(set: &Set, tokens: &[&str]) {
    let cleaned = clean_under(&set.file(Charset::Utf8), "");
    assert_eq!(
        cleaned.verdict,
        Verdict::Clean,
        "{tokens:?} {:?}",
        cleaned.findings
    );
    for token in tokens {
        assert!(!holds(output(&cleaned), token), "{token}");
    }
}

/// If a token is in the output, the object is not clean.
fn is_held(set: &Set, token: &str) {
    let cleaned = clean_under(&set.file(Charset::Utf8), "");
    let found = holds(output(&cleaned), token);
    assert!(!found || cleaned.verdict != Verdict::Clean, "{token}");
}

#[test]
fn an_earlier_method_says_nothing_more() {
    let mut set = quibberly();
    set.text(
        0x0012_0063,
        "LO",
        "Anonymised for Zanthor Quibberly by hand",
    );
    is_gone(&set, &["Zanthor", "by hand"]);
    let mut set = knee("Doe^Jane", "88372615");
    set.text(
        0x0012_0063,
        "LO",
        "was 88372615 at Leeds, Dr Harold Pinkerton",
    );
    is_gone(&set, &["88372615", "Pinkerton"]);
}

#[test]
fn what_is_no_uid_is_not_retained() {
    let mut set = quibberly();
    set.text(0x0020_000D, "UI", "../../../clean2").text(
        0x0020_000E,
        "UI",
        "pinkerton-ann.17041953",
    );
    let protocol = "[deid]\noptions=['retain-uids']";
    let cleaned = clean_under(&set.file(Charset::Utf8), protocol);
    let file = read(output(&cleaned)).expect("readable");
    for tag in [0x0020_000D, 0x0020_000E] {
        let uid = file.data.ascii(Tag(tag)).expect("a UID");
        assert!(
            uid.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
            "{uid}"
        );
    }
    assert_eq!(file.data.ascii(Tag(0x0008_0018)), Some("1.2.3.4.5.6"));
    assert!(!holds(output(&cleaned), "pinkerton"));
}

#[test]
fn addresses_go() {
    for (tag, value) in [
        (
            0x0040_E010,
            "http://pacs.brack.example/1953-04-17/pinkerton?dob=17.04.1953",
        ),
        (0x0008_1190, "https://pacs.example/wado/studies/1.2.3.4.1"),
        (0x0008_0120, "http://x/%51uibberly"),
        (0x0008_010E, "http://x/SMITHJ"),
    ] {
        let mut set = quibberly();
        set.text(tag, "UR", value);
        is_gone(&set, &[value, "pacs"]);
    }
}

#[test]
fn codes_hold_no_dates_and_no_numbers() {
    for value in [
        "ORIGINAL\\PRIMARY\\MRN-8837261",
        "ORIGINAL\\PRIMARY\\AXIAL\\8837261",
        "ORIGINAL\\PRIMARY\\DOB 17APR1953",
        "ORIGINAL\\PRIMARY\\17.04.1953",
    ] {
        let mut set = quibberly();
        set.text(0x0008_0008, "CS", value);
        let last = value.rsplit('\\').next().expect("a value");
        is_gone(&set, &[last]);
    }
}

#[test]
fn names_are_found_in_other_spellings() {
    for (name, written) in [
        ("Lückemann^Jörg", "LÜCKEMANN"),
        ("Lückemann^Jörg", "LUECKEMANN"),
        ("Lückemann^Jörg", "LUCKEMANN"),
        ("Müller^Jürgen", "MUELLER"),
        ("Иванов^Пётр", "IVANOV P"),
    ] {
        let mut set = knee(name, "MRN8837261");
        set.text(0x0008_0008, "CS", format!("ORIGINAL\\PRIMARY\\{written}"));
        is_held(&set, written);
    }
}

#[test]
fn many_other_names_do_not_hide_the_patients_own() {
    let mut set = knee("Quibberly^Zanthor", "WQ8837261");
    let many: Vec<String> = (0..700).map(|i| format!("ACC{i:07}")).collect();
    set.text(0x0008_0050, "SH", many.join("\\"))
        .text(0x0018_0022, "CS", "WQ8837261");
    is_gone(&set, &["WQ8837261"]);
    let mut set = knee(
        "Quibberly^Zanthor",
        &format!("WQ8837261{}", " ".repeat(1200)),
    );
    set.text(0x0018_0022, "CS", "WQ8837261");
    is_gone(&set, &["WQ8837261"]);
}

#[test]
fn a_held_object_says_no_wherever_the_same_bytes_stand_before() {
    let bytes = b"\x12\x00\x62\x00CS\x04\x00YES ".to_vec();
    let mut set = knee("Quibberly^Zanthor", "MRN8837261");
    set.text(0x0018_0015, "CS", "").text(0x0008_1030, "LO", "x");
    set.bytes(0x0008_9459, "FL", bytes);
    let cleaned = clean_under(&set.file(Charset::Utf8), "");
    assert_eq!(cleaned.verdict, Verdict::Held, "{:?}", cleaned.findings);
    let held = output(&cleaned);
    let file = read(held).expect("readable");
    assert_eq!(file.data.ascii(Tag(0x0012_0062)), Some("NO"));
    assert_ne!(gate(held).verdict, Verdict::Clean);
}

#[test]
fn a_short_number_as_patient_id_is_no_reason_to_refuse() {
    for id in ["840", "10008"] {
        let cleaned = clean_under(&knee("Quibberly^Zanthor", id).file(Charset::Utf8), "");
        assert_eq!(cleaned.verdict, Verdict::Clean, "{:?}", cleaned.findings);
    }
}

#[test]
fn dates_of_cameras_and_of_wide_signs_go_out_of_texts() {
    for date in ["1953:04:17", "17。04。1953", "17／04／1953"] {
        let mut set = quibberly();
        set.text(0x0020_4000, "LT", format!("knee {date} stable"));
        let protocol = "[deid]\noptions=['clean-descriptors']";
        let cleaned = clean_under(&set.file(Charset::Utf8), protocol);
        assert!(
            holds(output(&cleaned), "knee") && !holds(output(&cleaned), date),
            "{date}"
        );
    }
}

#[test]
fn what_the_second_attack_found_is_gone() {
    // An item is not Cordon's own place for its method, and nobody keeps what was encrypted.
    let mut item = Set::new();
    item.text(
        0x0012_0063,
        "LO",
        "cordon by Quibberly Oktavian, http://quibberly.example",
    );
    let mut set = knee("Zwackelmann^Roswitha", "MRN8837261");
    set.items(0x0008_2218, vec![item]);
    is_held(&set, "quibberly.example");
    let mut item = Set::new();
    item.bytes(0x0400_0520, "OB", b"Quibberly Oktavian".to_vec());
    let mut set = knee("Zwackelmann^Roswitha", "MRN8837261");
    set.items(0x0400_0500, vec![item]);
    is_gone(&set, &["Quibberly"]);
    // The birthday and the number of the patient, as others write them.
    for (id, tag, vr, value) in [
        ("MRN8837261", 0x0018_1020, "LO", "v 17.04.1953"),
        ("MRN8837261", 0x0018_1020, "LO", "8837261"),
        ("Z-4417-K", 0x0018_1210, "SH", "Z4417K"),
        ("MRN8837261", 0x0018_1210, "SH", "http://quibberly"),
    ] {
        let mut set = knee("Zwackelmann^Roswitha", id);
        set.text(0x0010_0030, "DA", "19530417").text(tag, vr, value);
        is_held(&set, value);
    }
    for (name, value) in [
        ("Mueller^Juergen", "MULLER"),
        ("O'Neill^Sean", "ONEILL"),
        ("Li^Wu", "LI WU"),
    ] {
        let mut set = knee(name, "MRN8837261");
        set.text(0x0008_0008, "CS", format!("ORIGINAL\\PRIMARY\\{value}"));
        is_held(&set, value);
    }
    for value in [
        "17AVR1953",
        "APR 17 1953",
        "17.4.53",
        "4/17/53",
        "88-37-261",
        "883 7261",
    ] {
        let mut set = quibberly();
        set.text(0x0008_0008, "CS", format!("ORIGINAL\\PRIMARY\\{value}"));
        is_gone(&set, &[value]);
    }
    for date in [
        "1953;04;17",
        "17:04:1953",
        "1953~04~17",
        "17*04*1953",
        "1953⁄04⁄17",
    ] {
        let mut set = quibberly();
        set.text(0x0020_4000, "LT", format!("knee {date} stable"));
        let cleaned = clean_under(
            &set.file(Charset::Utf8),
            "[deid]\noptions=['clean-descriptors']",
        );
        assert!(!holds(output(&cleaned), date), "{date}");
    }
}

#[test]
fn a_date_or_a_number_is_no_uid_to_be_retained() {
    let mut set = knee("Zwackelmann^Roswitha", "8837261");
    set.text(0x0008_0018, "UI", "8837261")
        .text(0x0020_000D, "UI", "19530417")
        .text(0x0020_000E, "UI", "1953.04.17");
    let cleaned = clean_under(&set.file(Charset::Utf8), "[deid]\noptions=['retain-uids']");
    for gone in ["8837261", "19530417", "1953.04.17"] {
        assert!(!holds(output(&cleaned), gone), "{gone}");
    }
}

#[test]
fn nothing_is_cut_off_where_nobody_knows_how_much_there_is() {
    for (frames, photometric, samples, bytes) in [
        ("3a", "MONOCHROME2", 1, 96),
        ("0", "MONOCHROME2", 1, 96),
        ("1", "YBR_FULL_422", 3, 96),
    ] {
        let mut set = quibberly();
        set.text(0x0028_0008, "IS", frames)
            .text(0x0028_0004, "CS", photometric)
            .us(0x0028_0002, samples)
            .bytes(0x7FE0_0010, "OW", vec![7; bytes]);
        let cleaned = clean_under(&set.file(Charset::Utf8), "");
        let Some(output) = &cleaned.output else {
            continue;
        };
        let file = read(output.bytes()).expect("readable");
        let pixels = file
            .data
            .get(Tag(0x7FE0_0010))
            .and_then(cordon_dicom::Element::bytes);
        assert_eq!(
            pixels.map(<[u8]>::len),
            Some(bytes),
            "{frames} {photometric}"
        );
    }
}
