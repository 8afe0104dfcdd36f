//! Damaged and hostile bytes: every decoder must answer, never panic, and never hang.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{folder, syntax_file};
use cordon_dicom::{Codec, DataSet, Element, File, Syntax, Value, Vr};
use cordon_pixels::{PixelError, Presentation, describe, frame, render, sanity, thumbnail};
use cordon_protocol::{Code, Tag};
use proptest::prelude::*;

const SYNTAXES: [(&str, &str); 9] = [
    ("1.2.840.10008.1.2.5", "CT2_RLE.dcm"),
    ("1.2.840.10008.1.2.4.50", "WSI_THUMBNAIL.dcm"),
    ("1.2.840.10008.1.2.4.51", "XA1_JPLY.dcm"),
    ("1.2.840.10008.1.2.4.70", "NM1_JPLL.dcm"),
    ("1.2.840.10008.1.2.4.80", "CT1_JLSL.dcm"),
    ("1.2.840.10008.1.2.4.81", "CT1_JLSN.dcm"),
    ("1.2.840.10008.1.2.4.91", "NM1_J2KI.dcm"),
    ("1.2.840.10008.1.2.4.201", "CT1_HTJ2K_lossless.dcm"),
    ("1.2.840.10008.1.2.4.110", "MR1_JPEGXL_lossless.dcm"),
];

/// A data set of an image with these numbers and this pixel data.
fn image<'a>(
    numbers: &'a [(u32, [u8; 2])],
    photometric: &'a [u8],
    pixels: Value<'a>,
) -> DataSet<'a> {
    let mut elements: Vec<Element<'a>> = numbers
        .iter()
        .map(|(tag, bytes)| Element {
            tag: Tag(*tag),
            vr: Vr::US,
            value: Value::Bytes(bytes),
            offset: 0,
        })
        .collect();
    elements.push(Element {
        tag: Tag(0x0028_0004),
        vr: Vr::CS,
        value: Value::Bytes(photometric),
        offset: 0,
    });
    elements.push(Element {
        tag: Tag(0x7FE0_0010),
        vr: Vr::OW,
        value: pixels,
        offset: 0,
    });
    elements.sort_by_key(|e| e.tag);
    DataSet {
        elements,
        big_endian: false,
    }
}

fn numbers(rows: u16, columns: u16, samples: u16, bits: u16) -> Vec<(u32, [u8; 2])> {
    [
        (0x0028_0002, samples),
        (0x0028_0010, rows),
        (0x0028_0011, columns),
        (0x0028_0100, bits),
        (0x0028_0101, bits),
        (0x0028_0102, bits.saturating_sub(1)),
        (0x0028_0103, 0),
    ]
    .map(|(tag, v)| (tag, v.to_le_bytes()))
    .into()
}

fn file<'a>(uid: &str, data: DataSet<'a>) -> File<'a> {
    File {
        meta: DataSet::default(),
        syntax: Syntax::from_uid(uid).unwrap(),
        data,
        notes: Vec::new(),
    }
}

/// Does everything with a file that the crate can; says whether the first frame decoded.
fn everything(file: &File<'_>) -> bool {
    let _ = sanity(file);
    let _ = thumbnail(file, 64);
    let decoded = frame(file, 0);
    if let (Ok(frame), Ok(info)) = (&decoded, describe(&file.data)) {
        let _ = render(frame, &Presentation::of(&file.data, &info, 0), None);
    }
    decoded.is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        start in prop::sample::select(vec![
            &b""[..], b"\xFF\xD8\xFF\xC0\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00",
            b"\xFF\xD8\xFF\xF7\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00\xFF\xDA\x00\x08\x01\x01\x00\x00\x00\x00",
            b"\xFF\x4F\xFF\x51\x00\x29\x00\x00\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x07\x01\x01",
            b"\xFF\x0A", b"\x01\x00\x00\x00\x40\x00\x00\x00",
        ]),
        syntax in prop::sample::select(SYNTAXES.to_vec()),
        native in any::<bool>(),
        rows in 0..20_u16,
        columns in 0..20_u16,
        samples in 0..5_u16,
        bits in prop::sample::select(vec![0_u16, 1, 8, 12, 16, 32, 64]),
        photometric in prop::sample::select(vec![
            "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "XYZ",
        ]),
    ) {
        let fragment: Vec<u8> = [start, bytes.as_slice()].concat();
        let numbers = numbers(rows, columns, samples, bits);
        let pixels = if native {
            Value::Bytes(&fragment)
        } else {
            Value::Fragments { items: vec![&[], &fragment], raw: &[] }
        };
        let uid = if native { "1.2.840.10008.1.2.1" } else { syntax.0 };
        everything(&file(uid, image(&numbers, photometric.as_bytes(), pixels)));
    }
}

/// A real file's frame with bytes changed or its end cut off.
fn damaged(name: &str, cases: u32) {
    let Some(bytes) = syntax_file(name) else {
        return;
    };
    let whole = cordon_dicom::read(&bytes).unwrap();
    let at = whole.data.get(Tag(0x7FE0_0010)).unwrap();
    let Value::Fragments { items, .. } = &at.value else {
        panic!("{name} is not compressed");
    };
    let fragment = items[1..].concat();
    let mut state = 0x9E37_79B9_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    // CORDON_FUZZ=100 tries a hundred times as much.
    let times = std::env::var("CORDON_FUZZ")
        .ok()
        .and_then(|n| n.parse().ok());
    for case in 0..cases * times.unwrap_or(1_u32) {
        let mut broken = fragment.clone();
        if case % 3 == 0 {
            broken.truncate(random(fragment.len()));
        } else {
            // Half of the damage hits the headers, where it hurts most.
            let reach = if case % 2 == 0 { 200 } else { broken.len() };
            for _ in 0..=random(4) {
                let i = random(reach.min(broken.len()));
                broken[i] = random(256) as u8;
            }
        }
        let mut copy = whole.clone();
        for element in &mut copy.data.elements {
            if element.tag == Tag(0x7FE0_0010) {
                element.value = Value::Fragments {
                    items: vec![&[], &broken],
                    raw: &[],
                };
            }
        }
        everything(&copy);
    }
}

#[test]
fn damaged_run_lengths() {
    damaged("CT2_RLE.dcm", 150);
}

#[test]
fn damaged_jpeg() {
    damaged("WSI_THUMBNAIL.dcm", 400);
    damaged("XA1_JPLY.dcm", 60);
    damaged("NM1_JPLL.dcm", 150);
}

#[test]
fn damaged_jpeg_ls() {
    damaged("CT1_JLSL.dcm", 60);
    damaged("CT1_JLSN.dcm", 60);
}

#[test]
#[cfg(feature = "jpeg2000")]
fn damaged_jpeg_2000() {
    damaged("NM1_J2KI.dcm", 300);
    damaged("CT1_J2KI.dcm", 100);
}

#[test]
#[cfg(feature = "htj2k")]
fn damaged_high_throughput_jpeg_2000() {
    damaged("CT1_HTJ2K_lossless.dcm", 80);
}

#[test]
#[cfg(feature = "jpeg-xl")]
fn damaged_jpeg_xl() {
    damaged("MR1_JPEGXL_lossless.dcm", 80);
}

#[test]
fn a_truncated_frame_is_short_not_a_picture() {
    for (uid, name) in SYNTAXES {
        let lossy_by_design = matches!(Syntax::from_uid(uid).unwrap().codec, Codec::JpegXl);
        let Some(bytes) = syntax_file(name) else {
            return;
        };
        if lossy_by_design {
            continue; // a JPEG XL file says nothing about its own length
        }
        let whole = cordon_dicom::read(&bytes).unwrap();
        let mut copy = whole.clone();
        for element in &mut copy.data.elements {
            if let Value::Fragments { items, .. } = &mut element.value {
                let last = items.last_mut().unwrap();
                *last = &last[..last.len() / 2];
            }
        }
        let error = frame(&copy, 0).unwrap_err();
        assert!(
            matches!(error, PixelError::Short(_) | PixelError::Corrupt(_)),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_promise_without_bytes_is_refused_before_memory_is_asked_for() {
    let fragment = [0xFF, 0xD8, 0xFF, 0xD9];
    let numbers = numbers(65_535, 65_535, 1, 16);
    for (uid, _) in SYNTAXES {
        let pixels = Value::Fragments {
            items: vec![&[], &fragment],
            raw: &[],
        };
        let file = file(uid, image(&numbers, b"MONOCHROME2", pixels));
        assert_eq!(frame(&file, 0), Err(PixelError::Absurd));
        let codes: Vec<Code> = sanity(&file).iter().map(|f| f.code).collect();
        assert_eq!(codes, [Code::PixelsAbsurd]);
    }
}

#[test]
fn the_wrong_codec_is_a_mismatch() {
    let Some(bytes) = syntax_file("CT1_JLSL.dcm") else {
        return;
    };
    for (uid, name) in SYNTAXES {
        if name.contains("JLS") {
            continue;
        }
        let mut whole = cordon_dicom::read(&bytes).unwrap();
        whole.syntax = Syntax::from_uid(uid).unwrap();
        let codes: Vec<Code> = sanity(&whole).iter().map(|f| f.code).collect();
        assert_eq!(codes, [Code::SyntaxMismatch], "{uid}");
        assert!(frame(&whole, 0).is_err(), "{uid}");
    }
    assert!(folder("syntaxes").is_some());
}
