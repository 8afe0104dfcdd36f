//! A tiny writer of DICOM files.
//!
//! It shares nothing with `cordon-dicom`, so that a mistake in the reader under
//! test cannot be hidden by the same mistake in the writer of its test files.
//! It also writes what a well-behaved writer would not: sequences as UN, content
//! behind the data set, group 0004 in an image.

/// How the length of a sequence and of its items is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// In bytes.
    Defined,
    /// FFFFFFFF and a delimiter.
    Undefined,
}

/// The value of an element.
#[derive(Debug, Clone)]
pub enum Value {
    /// Bytes that no byte order touches.
    Bytes(Vec<u8>),
    /// 16-bit words: US, SS, OW.
    Words(Vec<u16>),
    /// 32-bit words: UL, SL, OL; AT as pairs of words is `Words`.
    Longs(Vec<u32>),
    /// FD and OD.
    Doubles(Vec<f64>),
    /// FL and OF.
    Floats(Vec<f32>),
    /// The items of a sequence.
    Items(Vec<Vec<Element>>, Length),
    /// The items of a sequence that an explicit-VR file calls UN (CP-246): implicit little endian.
    UnItems(Vec<Vec<Element>>, Length),
    /// Encapsulated fragments, the offset table first.
    Fragments(Vec<Vec<u8>>),
}

/// One element.
#[derive(Debug, Clone)]
pub struct Element {
    /// Group and element.
    pub tag: u32,
    /// The VR that an explicit-VR file writes.
    pub vr: [u8; 2],
    /// The value.
    pub value: Value,
}

/// The encodings of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// VRs are written.
    pub explicit: bool,
    /// Most significant byte first.
    pub big_endian: bool,
}

/// Explicit VR little endian, the encoding of File Meta.
pub const EXPLICIT_LITTLE: Encoding = Encoding {
    explicit: true,
    big_endian: false,
};
/// Implicit VR little endian.
pub const IMPLICIT_LITTLE: Encoding = Encoding {
    explicit: false,
    big_endian: false,
};

/// A whole file.
#[derive(Debug, Clone)]
pub struct File {
    /// The 128 bytes in front of `DICM`.
    pub preamble: Vec<u8>,
    /// Group 0002 without its length and transfer syntax.
    pub meta: Vec<Element>,
    /// The transfer syntax.
    pub syntax: Syntax,
    /// The data set.
    pub data: Vec<Element>,
    /// Bytes behind the data set.
    pub tail: Vec<u8>,
}

/// The transfer syntaxes that differ in their encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Implicit VR little endian.
    Implicit,
    /// Explicit VR little endian.
    Explicit,
    /// Explicit VR big endian (retired).
    Big,
    /// Deflated explicit VR little endian.
    Deflated,
}

impl Syntax {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Implicit, Self::Explicit, Self::Big, Self::Deflated];

    /// The UID.
    #[must_use]
    pub const fn uid(self) -> &'static str {
        match self {
            Self::Implicit => "1.2.840.10008.1.2",
            Self::Explicit => "1.2.840.10008.1.2.1",
            Self::Big => "1.2.840.10008.1.2.2",
            Self::Deflated => "1.2.840.10008.1.2.1.99",
        }
    }

    /// A short name for file names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Explicit => "explicit",
            Self::Big => "big",
            Self::Deflated => "deflated",
        }
    }

    const fn encoding(self) -> Encoding {
        match self {
            Self::Implicit => IMPLICIT_LITTLE,
            Self::Explicit | Self::Deflated => EXPLICIT_LITTLE,
            Self::Big => Encoding {
                explicit: true,
                big_endian: true,
            },
        }
    }
}

impl File {
    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut meta = self.meta.clone();
        meta.push(text(0x0002_0010, *b"UI", self.syntax.uid()));
        let meta = data_set(&meta, EXPLICIT_LITTLE);
        let length = Element {
            tag: 0x0002_0000,
            vr: *b"UL",
            value: Value::Longs(vec![length32(meta.len())]),
        };
        let mut data = data_set(&self.data, self.syntax.encoding());
        data.extend_from_slice(&self.tail);
        if self.syntax == Syntax::Deflated {
            data = miniz_oxide::deflate::compress_to_vec(&data, 6);
            if data.len() % 2 == 1 {
                data.push(0);
            }
        }
        let mut out = self.preamble.clone();
        out.resize(128, 0);
        out.extend_from_slice(b"DICM");
        element(&mut out, &length, EXPLICIT_LITTLE);
        out.extend_from_slice(&meta);
        out.extend_from_slice(&data);
        out
    }
}

/// An element of text, padded as its VR asks.
#[must_use]
pub fn text(tag: u32, vr: [u8; 2], value: &str) -> Element {
    Element {
        tag,
        vr,
        value: Value::Bytes(value.as_bytes().to_vec()),
    }
}

/// The bytes of a data set, its elements in the order of their tags.
#[must_use]
pub fn data_set(elements: &[Element], encoding: Encoding) -> Vec<u8> {
    let mut sorted: Vec<&Element> = elements.iter().collect();
    sorted.sort_by_key(|e| e.tag);
    let mut out = Vec::new();
    for e in sorted {
        element(&mut out, e, encoding);
    }
    out
}

fn length32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn put16(out: &mut Vec<u8>, n: u16, big: bool) {
    out.extend_from_slice(&if big {
        n.to_be_bytes()
    } else {
        n.to_le_bytes()
    });
}

fn put32(out: &mut Vec<u8>, n: u32, big: bool) {
    out.extend_from_slice(&if big {
        n.to_be_bytes()
    } else {
        n.to_le_bytes()
    });
}

fn put_tag(out: &mut Vec<u8>, tag: u32, big: bool) {
    put16(out, (tag >> 16) as u16, big);
    put16(out, (tag & 0xFFFF) as u16, big);
}

fn element(out: &mut Vec<u8>, e: &Element, enc: Encoding) {
    let (vr, content, undefined) = match &e.value {
        Value::Items(list, length) => (
            *b"SQ",
            items(list, *length, enc),
            *length == Length::Undefined,
        ),
        Value::UnItems(list, length) if enc.explicit => (
            *b"UN",
            items(list, *length, IMPLICIT_LITTLE),
            *length == Length::Undefined,
        ),
        Value::UnItems(list, length) => (
            *b"SQ",
            items(list, *length, enc),
            *length == Length::Undefined,
        ),
        Value::Fragments(list) => (e.vr, fragments(list, enc.big_endian), true),
        plain => (e.vr, scalar(plain, e.vr, enc.big_endian), false),
    };
    put_tag(out, e.tag, enc.big_endian);
    let length = if undefined {
        u32::MAX
    } else {
        length32(content.len())
    };
    if !enc.explicit {
        put32(out, length, enc.big_endian);
    } else if is_long(vr) {
        out.extend_from_slice(&vr);
        out.extend_from_slice(&[0, 0]);
        put32(out, length, enc.big_endian);
    } else {
        out.extend_from_slice(&vr);
        put16(
            out,
            u16::try_from(length).unwrap_or(u16::MAX),
            enc.big_endian,
        );
    }
    out.extend_from_slice(&content);
}

fn is_long(vr: [u8; 2]) -> bool {
    matches!(
        &vr,
        b"OB"
            | b"OD"
            | b"OF"
            | b"OL"
            | b"OV"
            | b"OW"
            | b"SQ"
            | b"SV"
            | b"UC"
            | b"UN"
            | b"UR"
            | b"UT"
            | b"UV"
    )
}

fn scalar(value: &Value, vr: [u8; 2], big: bool) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Value::Bytes(bytes) => out.extend_from_slice(bytes),
        Value::Words(words) => words.iter().for_each(|w| put16(&mut out, *w, big)),
        Value::Longs(longs) => longs.iter().for_each(|l| put32(&mut out, *l, big)),
        Value::Floats(floats) => floats
            .iter()
            .for_each(|f| put32(&mut out, f.to_bits(), big)),
        Value::Doubles(doubles) => {
            for d in doubles {
                out.extend_from_slice(&if big {
                    d.to_be_bytes()
                } else {
                    d.to_le_bytes()
                });
            }
        }
        Value::Items(..) | Value::UnItems(..) | Value::Fragments(_) => {}
    }
    if out.len() % 2 == 1 {
        let zero = matches!(&vr, b"UI" | b"OB" | b"UN" | b"OW");
        out.push(if zero { 0 } else { b' ' });
    }
    out
}

fn items(list: &[Vec<Element>], length: Length, enc: Encoding) -> Vec<u8> {
    let mut out = Vec::new();
    for item in list {
        let content = data_set(item, enc);
        put_tag(&mut out, 0xFFFE_E000, enc.big_endian);
        match length {
            Length::Defined => {
                put32(&mut out, length32(content.len()), enc.big_endian);
                out.extend_from_slice(&content);
            }
            Length::Undefined => {
                put32(&mut out, u32::MAX, enc.big_endian);
                out.extend_from_slice(&content);
                put_tag(&mut out, 0xFFFE_E00D, enc.big_endian);
                put32(&mut out, 0, enc.big_endian);
            }
        }
    }
    if length == Length::Undefined {
        put_tag(&mut out, 0xFFFE_E0DD, enc.big_endian);
        put32(&mut out, 0, enc.big_endian);
    }
    out
}

fn fragments(list: &[Vec<u8>], big: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for fragment in list {
        put_tag(&mut out, 0xFFFE_E000, big);
        put32(&mut out, length32(fragment.len()), big);
        out.extend_from_slice(fragment);
    }
    put_tag(&mut out, 0xFFFE_E0DD, big);
    put32(&mut out, 0, big);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_element_in_each_encoding() {
        let e = [text(0x0010_0010, *b"PN", "A^B")];
        assert_eq!(data_set(&e, EXPLICIT_LITTLE), b"\x10\0\x10\0PN\x04\0A^B ");
        assert_eq!(data_set(&e, IMPLICIT_LITTLE), b"\x10\0\x10\0\x04\0\0\0A^B ");
        assert_eq!(
            data_set(&e, Syntax::Big.encoding()),
            b"\0\x10\0\x10PN\0\x04A^B "
        );
    }

    #[test]
    fn a_sequence_called_un_is_implicit_inside() {
        let e = Element {
            tag: 0x0008_1250,
            vr: *b"SQ",
            value: Value::UnItems(
                vec![vec![text(0x0010_0020, *b"LO", "AB")]],
                Length::Undefined,
            ),
        };
        let bytes = data_set(&[e], Syntax::Big.encoding());
        assert_eq!(&bytes[..12], b"\0\x08\x12\x50UN\0\0\xFF\xFF\xFF\xFF");
        assert_eq!(&bytes[20..30], b"\x10\0\x20\0\x02\0\0\0AB");
        assert_eq!(bytes.len(), 12 + 8 + 10 + 8 + 8);
    }
}
