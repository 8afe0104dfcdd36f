//! Codestreams by hand: what is blanked, what stays, what is held.

use super::*;
use cordon_dicom::{Syntax, Vr};
use proptest::prelude::*;

const HIDDEN: &[u8] = b"Gruenbaum^Ottilie 1951";

/// An object with these items of encapsulated pixel data.
struct Made {
    syntax: &'static str,
    frames: String,
    bits: u16,
    raw: Vec<u8>,
    extended: Vec<(Tag, Vec<u8>)>,
}

impl Made {
    fn new(syntax: &'static str, frames: usize, items: &[&[u8]]) -> Self {
        let mut raw = Vec::new();
        for item in items {
            raw.extend_from_slice(&[0xFE, 0xFF, 0x00, 0xE0]);
            raw.extend_from_slice(&(item.len() as u32).to_le_bytes());
            raw.extend_from_slice(item);
        }
        raw.extend_from_slice(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        Self {
            syntax,
            frames: frames.to_string(),
            bits: 8,
            raw,
            extended: Vec::new(),
        }
    }

    fn items(&self) -> Vec<&[u8]> {
        let mut items = Vec::new();
        let mut rest = self.raw.as_slice();
        while rest.starts_with(&[0xFE, 0xFF, 0x00, 0xE0]) {
            let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
            items.push(&rest[8..8 + length]);
            rest = &rest[8 + length..];
        }
        assert_eq!(rest.len(), 8);
        items
    }

    fn with<T>(&self, look: impl FnOnce(&File<'_>) -> T) -> T {
        let (rows, bits) = (4_u16.to_le_bytes(), self.bits.to_le_bytes());
        let element = |tag, vr, value| Element {
            tag: Tag(tag),
            vr,
            value,
            offset: 0,
        };
        let mut elements = vec![
            element(0x0028_0008, Vr::IS, Value::Bytes(self.frames.as_bytes())),
            element(0x0028_0010, Vr::US, Value::Bytes(&rows)),
            element(0x0028_0011, Vr::US, Value::Bytes(&rows)),
            element(0x0028_0100, Vr::US, Value::Bytes(&bits)),
        ];
        for (tag, value) in &self.extended {
            elements.push(element(tag.0, Vr::OV, Value::Bytes(value)));
        }
        let items = self.items();
        let raw = self.raw.as_slice();
        elements.push(element(
            0x7FE0_0010,
            Vr::OB,
            Value::Fragments { items, raw },
        ));
        look(&File {
            meta: DataSet::default(),
            syntax: Syntax::from_uid(self.syntax).unwrap(),
            data: DataSet {
                elements,
                big_endian: false,
            },
            notes: Vec::new(),
        })
    }

    fn codes(&self) -> Vec<Code> {
        self.with(|f| spare_bytes(f).iter().map(|f| f.code).collect())
    }

    /// The same object as it is written.
    fn cleaned(&self) -> Self {
        let raw = self.with(|f| {
            let shape = Shape::of(f);
            shape.fragments(&self.items(), &self.raw).into_owned()
        });
        Self {
            syntax: self.syntax,
            frames: self.frames.clone(),
            bits: self.bits,
            raw,
            extended: self.extended.clone(),
        }
    }

    /// Cleaned, and asks that it was not clean and is.
    fn becomes_clean(&self) -> Self {
        assert_eq!(self.codes(), [Code::ResiduePixelData]);
        let cleaned = self.cleaned();
        assert_eq!(cleaned.codes(), []);
        assert!(memchr::memmem::find(&cleaned.raw, HIDDEN).is_none());
        cleaned
    }
}

const JPEG: &str = "1.2.840.10008.1.2.4.50";
const J2K: &str = "1.2.840.10008.1.2.4.90";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const RLE: &str = "1.2.840.10008.1.2.5";

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker][..], &length, body].concat()
}

/// A JPEG of one component with these segments after its beginning and bytes after its end.
fn jpeg(process: u8, segments: &[Vec<u8>], scan: &[u8], after: &[u8]) -> Vec<u8> {
    let header = segment(process, &[8, 0, 4, 0, 4, 1, 1, 0x11, 0]);
    let start = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let all = segments.concat();
    [
        &[0xFF, 0xD8],
        &all[..],
        &header,
        &start,
        scan,
        &[0xFF, 0xD9],
        after,
    ]
    .concat()
}

const SCAN: &[u8] = &[1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 5];

#[test]
fn what_a_jpeg_says_beside_its_picture_is_blanked_in_place() {
    let jfif = [b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x01", &HIDDEN[..6]].concat();
    let exif = [b"Exif\0\0", HIDDEN].concat();
    let adobe = [b"Adobe\0\x64\0\0\0\0\x01", HIDDEN].concat();
    // A profile's signature stands 36 bytes into it; what has none is no profile.
    let icc = [&b"ICC_PROFILE\0\x01\x01"[..], &[0; 36], b"acsp, sRGB"].concat();
    let words = [&b"ICC_PROFILE\0\x01\x01"[..], HIDDEN].concat();
    let segments = [
        segment(0xE0, &jfif),
        segment(0xE1, &exif),
        segment(0xE2, &icc),
        segment(0xE2, &words),
        segment(0xE2, HIDDEN),
        segment(0xEE, &adobe),
        segment(0xFE, HIDDEN),
        HIDDEN.to_vec(),
    ];
    let frame = jpeg(0xC0, &segments, SCAN, HIDDEN);
    let made = Made::new(JPEG, 1, &[&[], &frame]);
    let cleaned = made.becomes_clean();
    assert_eq!(cleaned.raw.len(), made.raw.len());
    let black = [b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x01", &[0; 6][..]].concat();
    let n = HIDDEN.len();
    let blank = [
        segment(0xE0, &black),
        segment(0xE1, &vec![0; n + 6]),
        segment(0xE2, &icc),
        segment(0xE2, &vec![0; n + 14]),
        segment(0xE2, &vec![0; n]),
        segment(
            0xEE,
            &[b"Adobe\0\x64\0\0\0\0\x01", &vec![0; n][..]].concat(),
        ),
        segment(0xFE, &vec![b' '; n]),
        vec![0xFF; n],
    ];
    let expected = jpeg(0xC0, &blank, SCAN, &vec![0; n]);
    assert_eq!(cleaned.items()[1], expected);
}

#[test]
fn what_has_nothing_to_blank_is_not_copied() {
    let frame = jpeg(0xC0, &[], SCAN, &[0]);
    let made = Made::new(JPEG, 1, &[&[0; 4], &frame]);
    assert_eq!(made.codes(), []);
    made.with(|f| {
        let same = Shape::of(f)
            .fragments(&made.items(), &made.raw)
            .into_owned();
        assert_eq!(same, made.raw);
        let written = Shape::of(f);
        let written = written.fragments(&[], &made.raw);
        assert!(matches!(written, Cow::Borrowed(_)));
    });
}

#[test]
fn several_scans_and_a_missing_end_are_read() {
    let mut frame = jpeg(0xC0, &[], SCAN, &[]);
    frame.truncate(frame.len() - 2);
    frame.extend(segment(0xFE, HIDDEN));
    frame.extend(segment(0xDA, &[1, 1, 0, 0, 63, 0]));
    frame.extend_from_slice(SCAN);
    Made::new(JPEG, 1, &[&[], &frame]).becomes_clean();
}

#[test]
fn a_frame_over_several_fragments_is_one_codestream() {
    let frame = jpeg(0xC0, &[segment(0xFE, HIDDEN)], SCAN, HIDDEN);
    for at in 1..frame.len() {
        let (a, b) = frame.split_at(at);
        Made::new(JPEG, 1, &[&[], a, b]).becomes_clean();
    }
    let (a, b) = frame.split_at(10);
    let table: Vec<u8> = [0_u32, (16 + frame.len()) as u32]
        .iter()
        .flat_map(|o| o.to_le_bytes())
        .collect();
    let two = Made::new(JPEG, 2, &[&table, a, b, &frame]);
    let cleaned = two.becomes_clean();
    assert_eq!(
        cleaned.items()[0],
        table,
        "a table that points to frames stays"
    );
    let without = Made::new(JPEG, 2, &[&[], a, b, &frame]).becomes_clean();
    assert_eq!(without.items()[1..], cleaned.items()[1..]);
}

#[test]
fn a_second_image_behind_the_first_is_blanked() {
    let frame = jpeg(0xC0, &[], SCAN, &[]);
    let other = jpeg(0xC0, &[segment(0xFE, HIDDEN)], SCAN, &[]);
    let both = [frame.clone(), other.clone()].concat();
    let cleaned = Made::new(JPEG, 1, &[&[], &both]).becomes_clean();
    assert_eq!(cleaned.items()[1][frame.len()..], vec![0; other.len()]);
    let cleaned = Made::new(JPEG, 1, &[&[], &frame, &other]).becomes_clean();
    assert_eq!(cleaned.items()[2], vec![0; other.len()]);
    let three = Made::new(JPEG, 2, &[&[], &frame, &frame, &other]).becomes_clean();
    assert_eq!(three.items()[2], frame);
    assert_eq!(three.items()[3], vec![0; other.len()]);
}

#[test]
fn jpeg_ls_has_its_own_stuffing() {
    let scan = [1, 0xFF, 0x7F, 0xFF, 0x01, 2];
    let transform = [b"mrfx\0", HIDDEN].concat();
    let segments = [segment(0xFE, HIDDEN), segment(0xE8, &transform)];
    let frame = jpeg(0xF7, &segments, &scan, HIDDEN);
    let cleaned = Made::new(JPEG_LS, 1, &[&[], &frame]).becomes_clean();
    assert!(memchr::memmem::find(&cleaned.raw, b"mrfx").is_some());
    // The same bytes are no scan of JPEG.
    let frame = jpeg(0xC0, &[], &scan, &[]);
    let made = Made::new(JPEG, 1, &[&[], &frame]);
    assert_eq!(made.codes(), [Code::PixelsUndecodable]);
}

#[test]
fn what_cannot_be_followed_to_its_end_is_held() {
    let unreadable = |syntax, frame: &[u8]| {
        let made = Made::new(syntax, 1, &[&[], frame]);
        assert_eq!(made.codes(), [Code::PixelsUndecodable]);
        assert_eq!(made.cleaned().raw, made.raw);
    };
    unreadable(JPEG, HIDDEN);
    unreadable(JPEG, &[0xFF, 0xD8, 0xFF, 0xD9]);
    unreadable(JPEG, &jpeg(0xC0, &[segment(0xF0, HIDDEN)], SCAN, &[]));
    unreadable(JPEG, &jpeg(0xC0, &[segment(0xDD, HIDDEN)], SCAN, &[]));
    unreadable(JPEG, &jpeg(0xC0, &[segment(0xDB, HIDDEN)], SCAN, &[]));
    unreadable(JPEG, &jpeg(0xC0, &[segment(0xC4, HIDDEN)], SCAN, &[]));
    unreadable(JPEG, &jpeg(0xC0, &[], &[1, 0xFF, 0x41], &[]));
    unreadable(J2K, b"\0\0\0\x0CjP  \r\n\x87\n");
    unreadable("1.2.840.10008.1.2.4.102", HIDDEN);
    unreadable(
        "1.2.840.10008.1.2.4.110",
        &[b"\0\0\0\x0CJXL \r\n\x87\n", &b"\0\0\0\x10xml abcdefgh"[..]].concat(),
    );
    // Three fragments, two frames, and nothing that says which is whose.
    let frame = jpeg(0xC0, &[], SCAN, &[]);
    let made = Made::new(JPEG, 2, &[&[], &frame, &[1, 2], &[3, 4]]);
    assert_eq!(made.codes(), [Code::PixelsUndecodable]);
}

/// A codestream with a comment in its main header and one in that of its tile-part.
fn j2k(sized: bool, packets: &[u8], after: &[u8]) -> Vec<u8> {
    let comment = segment(0x64, &[&[0, 1], HIDDEN].concat());
    let parts = [comment.clone(), vec![0xFF, 0x93], packets.to_vec()].concat();
    let length = if sized { parts.len() as u32 + 12 } else { 0 };
    let tile = [&[0, 0][..], &length.to_be_bytes(), &[0, 1]].concat();
    [
        vec![0xFF, 0x4F],
        segment(0x51, &[0; 39]),
        comment,
        segment(0x52, &[0; 10]),
        segment(0x90, &tile),
        parts,
        vec![0xFF, 0xD9],
        after.to_vec(),
    ]
    .concat()
}

#[test]
fn comments_of_jpeg_2000_are_blanked_in_both_headers() {
    let packets = [
        1, 2, 0xFF, 0x8F, 0xFF, 0x91, 0, 4, 0xFF, 0xD9, 5, 0xFF, 0x92, 6,
    ];
    for sized in [true, false] {
        let frame = j2k(sized, &packets, HIDDEN);
        let made = Made::new(J2K, 1, &[&[], &frame]);
        let cleaned = made.becomes_clean();
        assert_eq!(cleaned.raw.len(), made.raw.len());
        let after = &cleaned.items()[1][frame.len() - HIDDEN.len() - 2..];
        assert_eq!(after, [&[0xFF, 0xD9], &[0; HIDDEN.len()][..]].concat());
        assert!(memchr::memmem::find(&cleaned.raw, &packets).is_some());
        for at in 1..frame.len() {
            let (a, b) = frame.split_at(at);
            Made::new(J2K, 1, &[&[], a, b]).becomes_clean();
        }
    }
    let mut long = j2k(true, &packets, &[]);
    let at = memchr::memmem::find(&long, &[0xFF, 0x90]).unwrap();
    long[at + 6] = 1;
    assert_eq!(
        Made::new(J2K, 1, &[&[], &long]).codes(),
        [Code::PixelsUndecodable]
    );
    // Two tile-parts, of which the last one has no end marker behind it.
    let mut two = j2k(true, &packets, &[]);
    two.truncate(two.len() - 2);
    let tile = two[at..].to_vec();
    two.extend(tile);
    Made::new(J2K, 1, &[&[], &two]).becomes_clean();
}

#[test]
fn what_run_lengths_do_not_need_is_blanked() {
    let mut frame = vec![0; 64];
    frame[0] = 2;
    frame[4] = 64;
    frame[8] = 64 + 24;
    frame[20..42].copy_from_slice(HIDDEN);
    frame.extend_from_slice(&[241, 7]);
    frame.extend_from_slice(HIDDEN);
    // A literal that is longer than what is left, then what nobody unpacks.
    frame.extend_from_slice(&[250, 7, 255, 1, 20, 1, 2, 3, 4, 5, 6, 7]);
    frame.extend_from_slice(HIDDEN);
    let mut made = Made::new(RLE, 1, &[&[], &frame]);
    made.bits = 16;
    let cleaned = made.becomes_clean();
    let tail = &cleaned.items()[1][64..];
    assert_eq!(tail[..2], [241, 7]);
    assert_eq!(tail[2..24], [0; 22]);
    assert_eq!(tail[24..36], [250, 7, 255, 1, 20, 1, 2, 3, 4, 5, 6, 7]);
    assert!(tail[36..].iter().all(|b| *b == 0));
    let mut short = Made::new(RLE, 1, &[&[], &frame[..90]]);
    short.bits = 16;
    assert_eq!(short.codes(), [Code::PixelsUndecodable]);
}

#[test]
fn an_offset_table_that_points_nowhere_is_emptied() {
    let frame = jpeg(0xC0, &[], SCAN, &[0]);
    let step = frame.len() as u32 + 8;
    let bytes =
        |offsets: &[u32]| -> Vec<u8> { offsets.iter().flat_map(|o| o.to_le_bytes()).collect() };
    let right = bytes(&[0, step]);
    let table = |table: &[u8]| {
        let made = Made::new(JPEG, 2, &[table, &frame, &frame]);
        let cleaned = made.cleaned();
        assert_eq!(cleaned.codes(), []);
        assert_eq!(cleaned.items()[1..], made.items()[1..]);
        cleaned.items()[0].to_vec()
    };
    assert_eq!(table(&right), right);
    assert_eq!(table(&[&right, HIDDEN].concat()), right);
    for wrong in [
        HIDDEN,
        &HIDDEN[..20],
        &bytes(&[0, step + 2]),
        &bytes(&[step, 0]),
        &bytes(&[0]),
        &bytes(&[8, step]),
    ] {
        assert_eq!(table(wrong), b"");
    }
    let single = Made::new(JPEG, 1, &[b"ABCD", &frame]).becomes_clean();
    assert_eq!(single.items()[0], b"");
}

#[test]
fn the_extended_tables_say_where_frames_are_and_nothing_else() {
    let frame = jpeg(0xC0, &[], SCAN, &[0]);
    let numbers = |v: &[u64]| -> Vec<u8> { v.iter().flat_map(|o| o.to_le_bytes()).collect() };
    let (step, length) = (frame.len() as u64 + 8, frame.len() as u64);
    let codes = |offsets: Vec<u8>, lengths: Vec<u8>| {
        let mut made = Made::new(JPEG, 2, &[&[], &frame, &frame]);
        made.extended = vec![(EXTENDED_OFFSETS, offsets), (EXTENDED_LENGTHS, lengths)];
        made.codes()
    };
    let right = numbers(&[0, step]);
    assert_eq!(codes(right.clone(), numbers(&[length, length - 1])), []);
    for (offsets, lengths) in [
        (right.clone(), numbers(&[length, length - 2])),
        (right.clone(), HIDDEN.to_vec()),
        (numbers(&[0, step, 7]), numbers(&[length, length])),
        (HIDDEN[..16].to_vec(), numbers(&[length, length])),
    ] {
        assert_eq!(codes(offsets, lengths), [Code::PixelsUndecodable]);
    }
}

#[test]
fn native_pixel_data_end_with_their_last_frame() {
    let made = Made::new(JPEG, 3, &[&[], &[]]);
    let mut shape = made.with(Shape::of);
    shape.encapsulated = false;
    let long = [7; 100];
    assert_eq!(shape.native(PIXEL_DATA, &long).len(), 48);
    assert_eq!(shape.native(FLOAT_PIXELS, &[0; 400]).len(), 192);
    assert_eq!(shape.native(PIXEL_DATA, &long[..40]).len(), 40);
    assert_eq!(shape.native(Tag(0x5400_1010), &long).len(), 100);
    (shape.plane, shape.frames) = (3, 1);
    assert_eq!(shape.native(PIXEL_DATA, &long).len(), 4, "padded");
}

proptest! {
    /// Whatever is wrong with a codestream, it is held or becomes clean, and keeps its length.
    #[test]
    fn a_damaged_codestream_is_held_or_clean(
        which in 0..5_usize,
        frames in 1..4_usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        table in prop::collection::vec(any::<u8>(), 0..9),
        cut in any::<prop::sample::Index>(),
    ) {
        let comments = [segment(0xFE, HIDDEN), segment(0xE1, HIDDEN)];
        let runs = [&[1, 0, 0, 0, 64][..], &[0; 59], &[241, 7], HIDDEN].concat();
        let (syntax, mut frame) = match which {
            0 => (JPEG, jpeg(0xC0, &comments, SCAN, HIDDEN)),
            1 => (JPEG_LS, jpeg(0xF7, &comments, SCAN, HIDDEN)),
            2 => (J2K, j2k(true, &[1, 2, 3], HIDDEN)),
            3 => (J2K, j2k(false, &[1, 2, 3], HIDDEN)),
            _ => (RLE, runs),
        };
        for (at, value) in damage {
            let at = at.index(frame.len());
            frame[at] = value;
        }
        let (a, b) = frame.split_at(cut.index(frame.len()));
        for items in [vec![&table[..], &frame], vec![&table[..], a, b], vec![&table[..], &frame, a, b]] {
            let made = Made::new(syntax, frames, &items);
            let cleaned = made.cleaned();
            let codes = cleaned.codes();
            prop_assert!(matches!(codes[..], [] | [Code::PixelsUndecodable]), "{codes:?}");
            let lengths = |made: &Made| made.items()[1..].iter().map(|i| i.len()).collect::<Vec<_>>();
            prop_assert_eq!(lengths(&cleaned), lengths(&made));
            prop_assert_eq!(&cleaned.cleaned().raw, &cleaned.raw);
        }
    }
}
