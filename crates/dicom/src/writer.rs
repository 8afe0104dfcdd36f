//! The data set writer: the same encoding as the input, rebuilt lengths.

use cordon_protocol::Tag;

use crate::{Syntax, Vr};

/// Cordon's own Implementation Class UID, derived from a UUID (PS3.5 annex B.2).
pub(crate) const IMPLEMENTATION_CLASS_UID: &str = "2.25.302165826411803285446093190327461206513";
/// Cordon's Implementation Version Name.
pub(crate) const IMPLEMENTATION_VERSION: &str = "CORDON_0_1";

/// Writes elements in one encoding.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    explicit: bool,
    big_endian: bool,
}

impl Writer {
    /// A writer that appends to `out` in the encoding of `syntax`.
    #[must_use]
    pub fn new(out: Vec<u8>, syntax: &Syntax) -> Self {
        Self {
            out,
            explicit: syntax.explicit_vr,
            big_endian: syntax.big_endian,
        }
    }

    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// How many bytes were written.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.out.len()
    }

    /// Whether numbers are written big endian.
    #[must_use]
    pub const fn big_endian(&self) -> bool {
        self.big_endian
    }

    fn u16(&mut self, v: u16) {
        let b = if self.big_endian {
            v.to_be_bytes()
        } else {
            v.to_le_bytes()
        };
        self.out.extend_from_slice(&b);
    }

    fn u32(&mut self, v: u32) {
        let b = if self.big_endian {
            v.to_be_bytes()
        } else {
            v.to_le_bytes()
        };
        self.out.extend_from_slice(&b);
    }

    fn tag(&mut self, tag: Tag) {
        self.u16(tag.group());
        self.u16(tag.element());
    }

    fn header(&mut self, tag: Tag, vr: Vr, length: u32) {
        self.tag(tag);
        if !self.explicit {
            self.u32(length);
            return;
        }
        // PS3.5 section 6.2.2: a value too long for a 16-bit length is written as UN.
        let vr = if !vr.has_long_length() && length > 0xFFFF {
            Vr::UN
        } else {
            vr
        };
        self.out.extend_from_slice(vr.as_str().as_bytes());
        if vr.has_long_length() {
            self.u16(0);
            self.u32(length);
        } else {
            self.u16(u16::try_from(length).unwrap_or(u16::MAX));
        }
    }

    /// An element with this value, padded to even length as its VR asks.
    pub fn bytes(&mut self, tag: Tag, vr: Vr, value: &[u8]) {
        let odd = value.len() % 2;
        let length = u32::try_from(value.len() + odd).unwrap_or(u32::MAX - 1);
        self.header(tag, vr, length);
        self.out.extend_from_slice(value);
        if odd == 1 {
            let pad = if vr.is_text() && vr != Vr::UI {
                b' '
            } else {
                0
            };
            self.out.push(pad);
        }
    }

    /// Encapsulated pixel data, byte for byte from first item to sequence delimiter.
    pub fn fragments(&mut self, tag: Tag, vr: Vr, raw: &[u8]) {
        self.header(tag, vr, 0xFFFF_FFFF);
        self.out.extend_from_slice(raw);
    }

    /// Starts a sequence of undefined length; end it with [`Writer::end_sequence`].
    pub fn begin_sequence(&mut self, tag: Tag) {
        self.header(tag, Vr::SQ, 0xFFFF_FFFF);
    }
    /// Starts an item of undefined length.
    pub fn begin_item(&mut self) {
        self.tag(Tag(0xFFFE_E000));
        self.u32(0xFFFF_FFFF);
    }
    /// Ends an item.
    pub fn end_item(&mut self) {
        self.tag(Tag(0xFFFE_E00D));
        self.u32(0);
    }
    /// Ends a sequence.
    pub fn end_sequence(&mut self) {
        self.tag(Tag(0xFFFE_E0DD));
        self.u32(0);
    }
    /// A sequence without items.
    pub fn empty_sequence(&mut self, tag: Tag) {
        self.header(tag, Vr::SQ, 0);
    }
}

/// A preamble of zeros, the prefix and File Meta Information (PS3.10 section 7.1),
/// with nothing in it but what the standard requires.
#[must_use]
pub fn file_meta(sop_class: &str, sop_instance: &str, transfer_syntax: &str) -> Vec<u8> {
    let mut meta = Writer::new(Vec::with_capacity(512), &Syntax::explicit_le());
    meta.bytes(Tag(0x0002_0001), Vr::OB, &[0, 1]);
    meta.bytes(Tag(0x0002_0002), Vr::UI, sop_class.as_bytes());
    meta.bytes(Tag(0x0002_0003), Vr::UI, sop_instance.as_bytes());
    meta.bytes(Tag(0x0002_0010), Vr::UI, transfer_syntax.as_bytes());
    meta.bytes(
        Tag(0x0002_0012),
        Vr::UI,
        IMPLEMENTATION_CLASS_UID.as_bytes(),
    );
    meta.bytes(Tag(0x0002_0013), Vr::SH, IMPLEMENTATION_VERSION.as_bytes());
    let body = meta.into_bytes();
    let mut out = vec![0_u8; 128];
    out.extend_from_slice(b"DICM");
    let mut head = Writer::new(out, &Syntax::explicit_le());
    let length = u32::try_from(body.len()).unwrap_or(0);
    head.bytes(Tag(0x0002_0000), Vr::UL, &length.to_le_bytes());
    let mut out = head.into_bytes();
    out.extend_from_slice(&body);
    out
}
