//! What stands beside the pixels: images beyond the last frame, bytes behind a deflated frame, a
//! second kind of pixel data, unused bits.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use cordon_dicom::{DataSet, Element, File, Syntax, Value, Vr};
use cordon_pixels::sanity;
use cordon_protocol::{Code, Tag};

/// A file of `frames` frames of 2 by 2 samples of 16 bits, 12 of them stored.
fn with<T>(
    syntax: &str,
    frames: &str,
    pixels: &[(u32, Value<'_>)],
    look: impl Fn(&File<'_>) -> T,
) -> T {
    let us = |v: u16| v.to_le_bytes();
    let (two, sixteen, twelve, eleven) = (us(2), us(16), us(12), us(11));
    let element = |tag, vr, value| Element {
        tag: Tag(tag),
        vr,
        value,
        offset: 0,
    };
    let mut elements = vec![
        element(0x0028_0008, Vr::IS, Value::Bytes(frames.as_bytes())),
        element(0x0028_0010, Vr::US, Value::Bytes(&two)),
        element(0x0028_0011, Vr::US, Value::Bytes(&two)),
        element(0x0028_0100, Vr::US, Value::Bytes(&sixteen)),
        element(0x0028_0101, Vr::US, Value::Bytes(&twelve)),
        element(0x0028_0102, Vr::US, Value::Bytes(&eleven)),
    ];
    elements.extend(
        pixels
            .iter()
            .map(|(tag, value)| element(*tag, Vr::OW, value.clone())),
    );
    look(&File {
        meta: DataSet::default(),
        syntax: Syntax::from_uid(syntax).unwrap(),
        data: DataSet {
            elements,
            big_endian: false,
        },
        notes: Vec::new(),
    })
}

fn codes(file: &File<'_>) -> Vec<Code> {
    sanity(file).iter().map(|f| f.code).collect()
}

const PIXELS: u32 = 0x7FE0_0010;
const EXPLICIT: &str = "1.2.840.10008.1.2.1";

#[test]
fn unused_bits_are_part_of_every_look() {
    let native = |bytes: &[u8]| with(EXPLICIT, "1", &[(PIXELS, Value::Bytes(bytes))], codes);
    assert_eq!(native(&[1, 2, 3, 4, 5, 6, 7, 8]), []);
    assert_eq!(native(&[1, 2, 3, 4, 5, 6, 7, 0x18]), [Code::PixelsHidden]);
    let inside = |bytes: &[u8]| {
        let items = vec![&[][..], bytes];
        let value = Value::Fragments { items, raw: &[] };
        with("1.2.840.10008.1.2.1.98", "1", &[(PIXELS, value)], codes)
    };
    assert_eq!(inside(&[1, 2, 3, 4, 5, 6, 7, 8]), []);
    assert_eq!(inside(&[1, 2, 3, 4, 5, 6, 7, 0x18]), [Code::PixelsHidden]);
}

#[test]
fn two_kinds_of_pixel_data_contradict_each_other() {
    let two = [
        (0x7FE0_0008, Value::Bytes(&[0; 16])),
        (PIXELS, Value::Bytes(&[0; 16])),
    ];
    assert!(with(EXPLICIT, "1", &two, codes).contains(&Code::SyntaxMismatch));
}

#[test]
fn bytes_behind_a_deflated_frame_are_refused() {
    let deflated = |frame: &[u8]| {
        let items = vec![&[][..], frame];
        let value = Value::Fragments { items, raw: &[] };
        with("1.2.840.10008.1.2.8.1", "1", &[(PIXELS, value)], codes)
    };
    let frame = miniz_oxide::deflate::compress_to_vec(&[1, 2, 3, 4, 5, 6, 7, 8], 6);
    assert_eq!(deflated(&frame), []);
    assert_eq!(deflated(&[&frame[..], &[0]].concat()), []);
    assert_eq!(
        deflated(&[&frame[..], b"NAME"].concat()),
        [Code::SyntaxMismatch]
    );
    assert_eq!(deflated(&frame[..4]), [Code::PixelsUndecodable]);
    // Four pixels of 16 bits, and what nobody would show behind them: however much it is.
    let more = |n: usize| miniz_oxide::deflate::compress_to_vec(&vec![7; n], 6);
    assert_eq!(deflated(&more(8)), []);
    assert_eq!(deflated(&more(64)), [Code::PixelsUndecodable]);
    assert_eq!(deflated(&more(1 << 28)), [Code::PixelsUndecodable]);
}

#[test]
fn more_images_than_frames_are_held() {
    let Some(bytes) = common::syntax_file("US1_JPEGbaseline.dcm") else {
        return;
    };
    let mut file = cordon_dicom::read(&bytes).unwrap();
    let before = codes(&file);
    assert!(!before.contains(&Code::PixelsMore));
    let element = file.data.elements.iter_mut().find(|e| e.tag == Tag(PIXELS));
    let Value::Fragments { items, .. } = &mut element.unwrap().value else {
        panic!("not in fragments");
    };
    items.push(items[1]);
    assert!(codes(&file).contains(&Code::PixelsMore));
}
