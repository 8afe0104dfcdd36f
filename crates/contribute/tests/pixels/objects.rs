//! Pixels that cannot be changed, icons, earlier claims, quality, questions.

use cordon_contribute::{PixelWork, Policy, gate_under, questions};
use cordon_dicom::read;
use cordon_protocol::{Code, Finding, Tag, Verdict};
use cordon_synth::{Charset, Set};

use crate::help::*;

#[test]
fn pixels_that_cannot_be_changed_do_not_leave() {
    let cleaner = cleaner_of("");
    let mut hidden = image(CR, "CR", "CHEST");
    hidden.us(0x0028_0101, 12).us(0x0028_0102, 11);
    let values = (0x1064_u16..0x1074).flat_map(u16::to_le_bytes).collect();
    hidden.bytes(0x7FE0_0010, "OW", values);
    let input = hidden.file(Charset::Utf8);
    let cleaned = clean(&cleaner, &input, &blacked_out());
    assert_eq!(cleaned.verdict, Verdict::Refused);
    assert!(codes(&cleaned).contains(&Code::PixelsNotChanged));
    assert!(codes(&cleaned).contains(&Code::PixelsHidden));
    // Where nothing is to be changed a person may look.
    let looked = clean(&cleaner, &input, &nothing_found());
    assert_eq!(looked.verdict, Verdict::Held);
    assert!(codes(&looked).contains(&Code::PixelsHidden));
    assert!(!says(&looked, "113101"));
}

#[test]
fn an_icon_goes() {
    let mut icon = Set::new();
    icon.us(0x0028_0010, 2).us(0x0028_0011, 2);
    icon.bytes(0x7FE0_0010, "OW", vec![1, 2, 3, 4]);
    let mut set = image(CT, "CT", "HEAD");
    set.items(ICON, vec![icon]);
    let cleaned = clean(&cleaner_of(""), &set.file(Charset::Utf8), &defaced());
    with_output(&cleaned, |f| assert!(f.data.get(Tag(ICON)).is_none()));
}

#[test]
fn earlier_claims_stay_unless_the_object_contradicts_them() {
    let claim = |value: &str| {
        let mut item = Set::new();
        item.text(0x0008_0100, "SH", value)
            .text(0x0008_0102, "SH", "DCM")
            .text(0x0008_0104, "LO", "An option");
        item
    };
    let mut set = image(CT, "CT", "ABDOMEN");
    set.items(METHOD_CODES.0, vec![claim("113101"), claim("113102")])
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_0302, "CS", "YES");
    let cleaned = clean(
        &cleaner_of(""),
        &set.file(Charset::Utf8),
        &PixelWork::default(),
    );
    assert!(says(&cleaned, "113101") && !says(&cleaned, "113102"));
    // Whoever writes the contradiction into a finished object is found out.
    let output = cleaned.output.expect("an output").bytes().to_vec();
    let at = |needle: &[u8]| {
        let found = output.windows(needle.len()).position(|w| w == needle);
        found.expect("it stands there")
    };
    let place = at(b"\x28\x00\x01\x03CS\x02\x00NO");
    let mut forged = output.clone();
    forged[place + 8..place + 10].copy_from_slice(b"YE");
    let judged = gate_under(&forged, Policy::basic());
    assert_eq!(judged.verdict, Verdict::Refused);
    assert!(judged.findings.iter().any(|f| f.code == Code::ResidueStamp));
}

#[test]
fn quality_weighs_what_the_protocol_says() {
    let input = image(CT, "CT", "ABDOMEN").file(Charset::Utf8);
    let work = PixelWork {
        quality: vec![
            Finding::new(Code::SeriesMissing),
            Finding::new(Code::SeriesTilt),
            Finding::new(Code::Head), // none of quality: it is not taken
        ],
        ..PixelWork::default()
    };
    let usual = clean(&cleaner_of(""), &input, &work);
    assert_eq!(usual.verdict, Verdict::Held);
    assert_eq!(codes(&usual), [Code::SeriesMissing, Code::SeriesTilt]);
    let lenient = cleaner_of("[[quality.codes]]\ncode='series-missing-slices'\nweight='note'");
    assert_eq!(clean(&lenient, &input, &work).verdict, Verdict::Clean);
    let strict = cleaner_of("[[quality.codes]]\ncode='series-gantry-tilt'\nweight='refused'");
    assert_eq!(clean(&strict, &input, &work).verdict, Verdict::Refused);
}

#[test]
fn the_header_says_what_has_to_be_looked_at() {
    let asked = |set: &Set, text: &str| {
        let bytes = set.file(Charset::Utf8);
        let file = read(&bytes).expect("readable");
        let q = questions(&file.data, cleaner_of(text).protocol());
        (q.text, q.face)
    };
    assert_eq!(asked(&image(CT, "CT", "HEAD"), ""), (false, true));
    assert_eq!(
        asked(&image(CT, "CT", "HEAD"), "[face]\nremove=false"),
        (false, false)
    );
    assert_eq!(
        asked(&image(CT, "CT", "ABDOMEN"), "[text]\nlook='all'"),
        (true, false)
    );
    assert_eq!(asked(&image(US, "US", "NECK"), ""), (true, false));
    assert_eq!(
        asked(&image(US, "US", "NECK"), "[text]\nlook='never'"),
        (false, false)
    );
    assert_eq!(asked(&image(CR, "CR", "SKULL"), ""), (true, false));
}
