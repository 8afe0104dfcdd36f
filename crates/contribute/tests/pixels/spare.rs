//! Bytes of the pixel data that belong to no pixel: none of them leaves, and every frame decodes to
//! what it was.

use cordon_contribute::{Cleaned, PixelWork};
use cordon_dicom::{Element, File, Value, read};
use cordon_pixels::frame;
use cordon_protocol::{Code, Tag, Verdict};
use cordon_synth::{Charset, Set};

use crate::help::*;

const PIXELS: Tag = Tag(0x7FE0_0010);
const HIDDEN: &[u8] = b"Zyprian^Walburga 4711";

fn is_hidden_in(bytes: &[u8]) -> bool {
    bytes.windows(HIDDEN.len()).any(|w| w == HIDDEN)
}

fn syntax_file(name: &str) -> Option<Vec<u8>> {
    let path = testdata("syntaxes")
        .into_iter()
        .find(|p| p.ends_with(name))?;
    Some(std::fs::read(path).expect("readable"))
}

/// The items of encapsulated pixel data.
fn items(input: &[u8]) -> Vec<Vec<u8>> {
    let file = read(input).expect("readable");
    match &file.data.get(PIXELS).expect("pixels").value {
        Value::Fragments { items, .. } => items.iter().map(|i| i.to_vec()).collect(),
        _ => panic!("not in fragments"),
    }
}

/// The same object with other items.
fn with_items(input: &[u8], items: &[Vec<u8>]) -> Vec<u8> {
    let file = read(input).expect("readable");
    let Value::Fragments { raw, .. } = file.data.get(PIXELS).expect("pixels").value else {
        panic!("not in fragments");
    };
    let at = raw.as_ptr() as usize - input.as_ptr() as usize;
    let mut out = input[..at].to_vec();
    for item in items {
        let pad = item.len() % 2;
        out.extend_from_slice(&[0xFE, 0xFF, 0x00, 0xE0]);
        out.extend_from_slice(&((item.len() + pad) as u32).to_le_bytes());
        out.extend_from_slice(item);
        out.extend_from_slice(&[0][..pad]);
    }
    out.extend_from_slice(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    out.extend_from_slice(&input[at + raw.len()..]);
    out
}

fn cleaned(input: &[u8]) -> Cleaned {
    clean(&cleaner_of(""), input, &PixelWork::default())
}

fn same_pixels(before: &[u8], after: &File<'_>, name: &str) {
    let before = read(before).expect("readable");
    let info = cordon_pixels::describe(&before.data).expect("an image");
    for n in 0..info.frames {
        let (old, new) = (frame(&before, n), frame(after, n));
        assert!(old.is_ok(), "{name}: {old:?}");
        assert!(old == new, "{name}: frame {n}");
    }
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker][..], &length, body].concat()
}

/// A codestream with a comment, EXIF and a thumbnail, and more behind its end.
fn crammed(frame: &[u8]) -> Vec<u8> {
    if frame.starts_with(&[0xFF, 0xD8]) {
        let exif = segment(0xE1, &[b"Exif\0\0", HIDDEN].concat());
        let comment = segment(0xFE, HIDDEN);
        return [&frame[..2], &exif, &comment, &frame[2..], HIDDEN].concat();
    }
    // Behind the SIZ segment, and in the header of the first tile-part.
    let siz = 4 + usize::from(u16::from_be_bytes([frame[4], frame[5]]));
    let comment = segment(0x64, &[&[0, 1], HIDDEN].concat());
    let sot = frame.windows(4).position(|w| w == [0xFF, 0x90, 0, 10]);
    let sot = sot.expect("a tile-part");
    let length: [u8; 4] = frame[sot + 6..sot + 10].try_into().expect("four bytes");
    let length = match u32::from_be_bytes(length) {
        0 => 0,
        n => n + comment.len() as u32,
    };
    [
        &frame[..siz],
        &comment,
        &frame[siz..sot + 6],
        &length.to_be_bytes(),
        &frame[sot + 10..sot + 12],
        &comment,
        &frame[sot + 12..],
        HIDDEN,
    ]
    .concat()
}

#[test]
fn nothing_but_the_picture_leaves_in_a_codestream() {
    for name in [
        "US1_JPEGbaseline.dcm",
        "MR1_JPLY.dcm",
        "CT1_JPLL.dcm",
        "CT1_JLSL.dcm",
        "CT1_JLSN.dcm",
        "CT1_J2KR.dcm",
        "CT1_J2KI.dcm",
        "CT1_HTJ2K_lossless.dcm",
    ] {
        let Some(input) = syntax_file(name) else {
            continue;
        };
        let all = items(&input);
        let frame = crammed(&all[1..].concat());
        let (a, b) = frame.split_at(frame.len() / 4 * 2);
        for parts in [vec![frame.clone()], vec![a.to_vec(), b.to_vec()]] {
            let mut new = vec![Vec::new()];
            new.extend(parts);
            let dirty = with_items(&input, &new);
            assert!(is_hidden_in(&dirty), "{name}");
            let cleaned = cleaned(&dirty);
            let codes = codes(&cleaned);
            assert!(codes.contains(&Code::PixelsTrimmed), "{name}: {codes:?}");
            assert!(!codes.contains(&Code::PixelsUndecodable), "{name}");
            let output = cleaned.output.as_ref().expect("an output").bytes();
            assert!(!is_hidden_in(output), "{name}");
            with_output(&cleaned, |f| same_pixels(&input, f, name));
        }
    }
}

#[test]
fn real_files_are_read_to_their_end_and_decode_as_before() {
    for path in testdata("syntaxes") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let input = std::fs::read(&path).expect("readable");
        let cleaned = cleaned(&input);
        let codes = codes(&cleaned);
        for code in [
            Code::PixelsUndecodable,
            Code::PixelsHidden,
            Code::PixelsMore,
        ] {
            assert!(!codes.contains(&code), "{name}: {codes:?}");
        }
        with_output(&cleaned, |f| same_pixels(&input, f, &name));
    }
}

#[test]
fn a_second_image_in_fragments_of_its_own_is_neither_clean_nor_left() {
    let Some(input) = syntax_file("CT1_JPLL.dcm") else {
        return;
    };
    let frame = items(&input)[1..].concat();
    let all = [Vec::new(), frame.clone(), crammed(&frame)];
    let cleaned = cleaned(&with_items(&input, &all));
    assert_eq!(cleaned.verdict, Verdict::Held);
    assert!(codes(&cleaned).contains(&Code::PixelsMore));
    with_output(&cleaned, |f| {
        same_pixels(&input, f, "CT1_JPLL.dcm");
        let Value::Fragments { items, .. } = &f.data.get(PIXELS).expect("pixels").value else {
            panic!("not in fragments");
        };
        assert!(items[2].iter().all(|b| *b == 0));
    });
}

#[test]
fn an_offset_table_cannot_carry_a_name() {
    for name in ["CT1_JPLL.dcm", "WSI_VOLUME_L1.dcm"] {
        let Some(input) = syntax_file(name) else {
            continue;
        };
        for table in [&HIDDEN[..20], HIDDEN] {
            let mut all = items(&input);
            all[0] = table.to_vec();
            let cleaned = cleaned(&with_items(&input, &all));
            let output = cleaned.output.as_ref().expect("an output").bytes();
            assert!(!output.windows(20).any(|w| w == &HIDDEN[..20]), "{name}");
            assert!(codes(&cleaned).contains(&Code::PixelsTrimmed));
            with_output(&cleaned, |f| same_pixels(&input, f, name));
        }
    }
}

#[test]
fn a_codestream_that_nobody_can_follow_is_held() {
    let Some(input) = syntax_file("CT1_J2KR.dcm") else {
        return;
    };
    let mut all = items(&input);
    // The boxes of a JP2 file: legal there, and a place for anything.
    let boxes = b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\0jp2c";
    all[1].splice(..0, boxes.iter().copied());
    let cleaned = cleaned(&with_items(&input, &all));
    assert_ne!(cleaned.verdict, Verdict::Clean);
    assert!(codes(&cleaned).contains(&Code::PixelsUndecodable));
}

#[test]
fn native_pixel_data_end_with_their_last_frame() {
    let mut set = image(CT, "CT", "ABDOMEN");
    let mut values: Vec<u8> = (100_u16..116).flat_map(u16::to_le_bytes).collect();
    let whole = values.clone();
    values.extend_from_slice(&[HIDDEN, b" "].concat());
    set.bytes(0x7FE0_0010, "OW", values);
    let cleaned = cleaned(&set.file(Charset::Utf8));
    assert_eq!(cleaned.verdict, Verdict::Clean);
    assert!(codes(&cleaned).contains(&Code::PixelsTrimmed));
    with_output(&cleaned, |f| {
        let left = f.data.get(PIXELS).and_then(Element::bytes);
        assert_eq!(left, Some(whole.as_slice()));
    });
}

#[test]
fn unused_bits_are_looked_at_without_being_asked() {
    let made = |signed: u16, values: &[u16]| {
        let mut set = image(CT, "CT", "ABDOMEN");
        let mut all = [5_u16; 16];
        all[..values.len()].copy_from_slice(values);
        set.us(0x0028_0101, 12)
            .us(0x0028_0102, 11)
            .us(0x0028_0103, signed)
            .bytes(
                0x7FE0_0010,
                "OW",
                all.iter().flat_map(|v| v.to_le_bytes()).collect(),
            );
        cleaned(&set.file(Charset::Utf8))
    };
    let verdict = |signed, values: &[u16]| made(signed, values).verdict;
    assert_eq!(verdict(0, &[1, 0x0FFF]), Verdict::Clean);
    assert_eq!(verdict(1, &[0xF800, 0x0800, 0x07FF]), Verdict::Clean);
    for (signed, value) in [(0, 0x1003), (0, 0xF800), (1, 0x7800), (1, 0xF003)] {
        let cleaned = made(signed, &[1, value]);
        assert_eq!(cleaned.verdict, Verdict::Held);
        let hidden = codes(&cleaned);
        let hidden = hidden.iter().filter(|c| **c == Code::PixelsHidden);
        assert_eq!(hidden.count(), 1);
    }
}

#[test]
fn pixel_data_of_items_and_of_retired_groups_go() {
    let mut inner = Set::new();
    inner
        .text(0x0008_0100, "SH", "T-D4000")
        .text(0x0008_0102, "SH", "SRT")
        .text(0x0008_0104, "LO", "Abdomen")
        .bytes(0x7FE0_0010, "OW", HIDDEN.to_vec())
        .bytes(0x7FE0_0008, "OF", HIDDEN.to_vec());
    let mut mapping = Set::new();
    mapping
        .text(0x0040_9224, "FD", "\0\0\0\0\0\0\0\0")
        .bytes(0x7FE0_0009, "OD", HIDDEN.to_vec())
        .bytes(0x7F02_0010, "OW", HIDDEN.to_vec());
    let mut set = image(CT, "CT", "ABDOMEN");
    set.items(0x0008_2218, vec![inner])
        .items(0x0040_9096, vec![mapping])
        .bytes(0x7F02_0010, "OW", HIDDEN.to_vec())
        .bytes(0x7F10_0020, "OW", HIDDEN.to_vec())
        .bytes(0x7FFE_0010, "OB", HIDDEN.to_vec())
        .bytes(0x7FE0_0020, "OW", HIDDEN.to_vec());
    let input = set.file(Charset::Utf8);
    assert!(is_hidden_in(&input));
    let cleaned = cleaned(&input);
    let output = cleaned.output.as_ref().expect("an output").bytes();
    assert!(!is_hidden_in(output));
    assert_eq!(pixels(&cleaned)[..2], [100, 101]);
    with_output(&cleaned, |f| {
        assert!(f.data.get(Tag(0x0008_2218)).is_some());
        assert!(
            f.data
                .elements
                .iter()
                .all(|e| e.tag.group() >> 8 != 0x7F || e.tag == PIXELS)
        );
    });
}

#[test]
fn two_kinds_of_pixel_data_do_not_leave() {
    let mut set = image(CT, "CT", "ABDOMEN");
    set.bytes(
        0x7FE0_0008,
        "OF",
        [1_f32; 16].iter().flat_map(|v| v.to_le_bytes()).collect(),
    );
    assert_eq!(cleaned(&set.file(Charset::Utf8)).verdict, Verdict::Refused);
}
