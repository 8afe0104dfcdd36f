//! Changing samples in every transfer syntax: what was asked changes, all else stays.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use cordon_dicom::{DataSet, Element, File, Syntax, Value, Vr};
use cordon_pixels::{Frame, NewPixels, PixelError, Samples, describe, frame, rewrite};
use cordon_protocol::Tag;

const BITS_STORED: u32 = 0x0028_0101;
const PIXELS: u32 = 0x7FE0_0010;

/// Black, or nearly so where it was black already.
fn paint(frame: &mut Frame, x: u32, y: u32, width: u32, height: u32) {
    let channels = frame.samples_per_pixel;
    for row in y..(y + height).min(frame.rows) {
        for column in x..(x + width).min(frame.columns) {
            for c in 0..channels {
                let at = ((row * frame.columns + column) * channels + c) as usize;
                let value = u8::from(frame.samples.value(at).abs() < 0.5);
                put(&mut frame.samples, at, value);
            }
        }
    }
}

fn put(samples: &mut Samples, at: usize, value: u8) {
    match samples {
        Samples::U8(v) => v[at] = value,
        Samples::U16(v) => v[at] = value.into(),
        Samples::I16(v) => v[at] = value.into(),
        Samples::U32(v) => v[at] = value.into(),
        Samples::I32(v) => v[at] = value.into(),
        Samples::F32(v) => v[at] = value.into(),
        Samples::F64(v) => v[at] = value.into(),
    }
}

/// The object with its new pixels, as whoever receives it reads it.
fn applied<'a>(file: &File<'a>, new: &'a NewPixels) -> File<'a> {
    let mut out = file.clone();
    if let Some(syntax) = &new.syntax {
        out.syntax = syntax.clone();
    }
    let elements = &mut out.data.elements;
    elements
        .retain(|e| !new.dropped.contains(&e.tag) && !new.values.iter().any(|v| v.tag == e.tag));
    elements.extend(new.values.iter().map(|v| Element {
        tag: v.tag,
        vr: v.vr,
        value: Value::Bytes(&v.bytes),
        offset: 0,
    }));
    elements.sort_by_key(|e| e.tag);
    out
}

#[test]
fn a_box_is_blackened_in_every_syntax_and_all_other_samples_stay() {
    let Some(folder) = common::folder("syntaxes") else {
        return;
    };
    for path in common::files(folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let file = cordon_dicom::read(&bytes).unwrap();
        let new = rewrite(&file, |n, frame| {
            if n == 0 {
                paint(frame, 3, 5, 40, 20);
            }
        })
        .unwrap_or_else(|e| panic!("{name}: {e}"));
        let after = applied(&file, &new);
        assert!(!after.syntax.encapsulated, "{name}");
        assert_eq!(cordon_pixels::sanity(&after), [], "{name}");
        let info = describe(&file.data).unwrap();
        let mut expected_changes = 0;
        for n in 0..info.frames {
            let before = frame(&file, n).unwrap();
            let before = if new.values.len() > 1 {
                before.into_rgb()
            } else {
                before
            };
            let mut expected = before.clone();
            if n == 0 {
                paint(&mut expected, 3, 5, 40, 20);
                expected_changes = (0..before.samples.len())
                    .filter(|&i| (before.samples.value(i) - expected.samples.value(i)).abs() > 0.0)
                    .count();
            }
            let got = frame(&after, n).unwrap();
            assert!(got == expected, "{name}: frame {n}");
        }
        assert_eq!(new.changed, expected_changes as u64, "{name}");
        assert!(new.changed > 0, "{name}: nothing was painted");
        if !file.syntax.encapsulated && info.photometric.text() != Some("YBR_FULL_422") {
            assert_eq!(new.syntax, None, "{name}");
            assert_eq!(new.values.len(), 1, "{name}: only the pixels are new");
        }
    }
}

#[test]
fn what_nobody_changes_stays_bit_for_bit() {
    for name in ["CT1_UNC.dcm", "MR1_UNC.dcm", "NM1_UNC.dcm", "XA1_UNC.dcm"] {
        let Some(bytes) = common::syntax_file(name) else {
            return;
        };
        let file = cordon_dicom::read(&bytes).unwrap();
        let new = rewrite(&file, |_, _| {}).unwrap();
        assert_eq!(new.changed, 0, "{name}");
        let old = file.data.get(Tag(PIXELS)).unwrap().bytes().unwrap();
        let same = &new.values.last().unwrap().bytes;
        assert!(
            old.starts_with(same) && old.len() - same.len() < 2,
            "{name}"
        );
    }
}

/// A made-up image: one row of four pixels.
struct Made {
    values: Vec<(u32, Vr, Vec<u8>)>,
    syntax: Syntax,
}

impl Made {
    fn new(allocated: u16, stored: u16, high: u16, signed: u16, pixels: &[u8]) -> Self {
        let us = |tag, v: u16| (tag, Vr::US, v.to_le_bytes().to_vec());
        Self {
            values: vec![
                us(0x0028_0002, 1),
                (0x0028_0004, Vr::CS, b"MONOCHROME2 ".to_vec()),
                us(0x0028_0010, 1),
                us(0x0028_0011, 4),
                us(0x0028_0100, allocated),
                us(BITS_STORED, stored),
                us(0x0028_0102, high),
                us(0x0028_0103, signed),
                (PIXELS, Vr::OW, pixels.to_vec()),
            ],
            syntax: Syntax::explicit_le(),
        }
    }

    /// The same in a big-endian data set.
    fn big_endian(mut self) -> Self {
        for (tag, vr, bytes) in &mut self.values {
            if *vr == Vr::US || *tag == PIXELS {
                bytes.chunks_exact_mut(2).for_each(<[u8]>::reverse);
            }
        }
        self.syntax = Syntax::explicit_be();
        self
    }

    fn file(&self) -> File<'_> {
        let elements = self.values.iter().map(|(tag, vr, bytes)| Element {
            tag: Tag(*tag),
            vr: *vr,
            value: Value::Bytes(bytes),
            offset: 0,
        });
        File {
            meta: DataSet::default(),
            data: DataSet {
                elements: elements.collect(),
                big_endian: self.syntax.big_endian,
            },
            syntax: self.syntax.clone(),
            notes: Vec::new(),
        }
    }
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn second_to(value: u8) -> impl FnMut(u32, &mut Frame) {
    move |_, frame| put(&mut frame.samples, 1, value)
}

#[test]
fn bits_outside_of_bits_stored_are_refused() {
    let hidden = Made::new(16, 12, 11, 0, &words(&[1, 2, 0x1003, 4]));
    let got = rewrite(&hidden.file(), second_to(0));
    assert_eq!(got, Err(PixelError::HiddenBits));
    let below = Made::new(16, 12, 15, 0, &words(&[0x10, 0x21, 0, 0]));
    let got = rewrite(&below.file(), second_to(0));
    assert_eq!(got, Err(PixelError::HiddenBits));
}

#[test]
fn a_sign_that_fills_the_unused_bits_is_no_overlay() {
    let signed = Made::new(16, 12, 11, 1, &words(&[0xF800, 2, 0x0800, 4]));
    let new = rewrite(&signed.file(), second_to(7)).unwrap();
    assert_eq!(new.values[0].bytes, words(&[0xF800, 7, 0x0800, 4]));
    let mixed = Made::new(16, 12, 11, 1, &words(&[0x7800, 2, 3, 4]));
    let got = rewrite(&mixed.file(), second_to(7));
    assert_eq!(got, Err(PixelError::HiddenBits));
}

#[test]
fn stored_bits_at_the_top_are_written_back_at_the_top() {
    let top = Made::new(16, 12, 15, 0, &words(&[0x10, 0x20, 0x30, 0xFFF0]));
    let new = rewrite(&top.file(), second_to(9)).unwrap();
    assert_eq!(new.values[0].bytes, words(&[0x10, 0x90, 0x30, 0xFFF0]));
}

#[test]
fn big_endian_stays_big_endian() {
    let made = Made::new(16, 16, 15, 0, &words(&[1, 2, 3, 0xFF00])).big_endian();
    let new = rewrite(&made.file(), second_to(9)).unwrap();
    assert_eq!(new.syntax, None);
    assert_eq!(new.values[0].bytes, [0, 1, 0, 9, 0, 3, 0xFF, 0]);
    // Bytes in OW of a big-endian data set come in swapped pairs.
    let bytes = Made::new(8, 8, 7, 0, &[1, 2, 3, 4]).big_endian();
    let new = rewrite(&bytes.file(), second_to(9)).unwrap();
    assert_eq!(new.values[0].bytes, [9, 1, 4, 3]);
}

#[test]
fn single_bits_change_alone() {
    let made = Made::new(1, 1, 0, 0, &[0b1111]);
    let new = rewrite(&made.file(), second_to(0)).unwrap();
    assert_eq!(new.values[0].bytes, [0b1101]);
    assert_eq!(new.changed, 1);
}

#[test]
fn floats_change_bit_by_bit() {
    let mut made = Made::new(32, 32, 31, 0, &[]);
    let values = [f32::NAN, 2.5, -0.0, 4.0];
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    made.values.retain(|(tag, ..)| *tag != PIXELS);
    made.values.push((0x7FE0_0008, Vr::OF, bytes.clone()));
    let new = rewrite(&made.file(), second_to(1)).unwrap();
    assert_eq!(new.changed, 1, "a NaN that stays is no change");
    let mut expected = bytes;
    expected[4..8].copy_from_slice(&1_f32.to_le_bytes());
    assert_eq!(new.values[0].bytes, expected);
    assert_eq!(new.values[0].tag, Tag(0x7FE0_0008));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let small = Made::new(16, 4, 3, 0, &words(&[1, 2, 3, 4]));
    assert!(rewrite(&small.file(), second_to(15)).is_ok());
    assert!(rewrite(&small.file(), second_to(16)).is_err());
    let shape = rewrite(&small.file(), |_, frame| frame.rows = 2);
    assert!(shape.is_err());
    let mut two = Made::new(8, 8, 7, 0, &[1, 2, 3, 4]);
    two.values.insert(8, (0x7FE0_0008, Vr::OF, vec![0; 16]));
    assert!(rewrite(&two.file(), second_to(1)).is_err(), "two kinds");
}

#[test]
fn what_follows_the_last_frame_is_not_taken_along() {
    let long = Made::new(8, 8, 7, 0, &[1, 2, 3, 4, 5, 6]);
    let new = rewrite(&long.file(), second_to(0)).unwrap();
    assert_eq!(new.values[0].bytes, [1, 0, 3, 4]);
}

#[test]
fn no_overlay_bits_in_the_real_files() {
    let Some(folder) = common::folder("syntaxes") else {
        return;
    };
    for path in common::files(folder) {
        let bytes = std::fs::read(&path).unwrap();
        let file = cordon_dicom::read(&bytes).unwrap();
        assert_eq!(
            cordon_pixels::nothing_hidden(&file),
            Ok(()),
            "{}",
            path.display()
        );
    }
}
