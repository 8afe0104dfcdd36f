//! A data set to write: attributes by tag, encoded as Explicit VR Little Endian.

use std::collections::BTreeMap;

use encoding_rs::{ISO_2022_JP, WINDOWS_1252};

/// The character set in which the text of a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// The default repertoire.
    Ascii,
    /// ISO_IR 100.
    Latin1,
    /// ISO_IR 192.
    Utf8,
    /// The default repertoire with JIS X 0208 by escape sequences.
    Japanese,
}

impl Charset {
    /// The value of (0008,0005); none for the default repertoire.
    #[must_use]
    pub const fn defined_term(self) -> Option<&'static str> {
        match self {
            Self::Ascii => None,
            Self::Latin1 => Some("ISO_IR 100"),
            Self::Utf8 => Some("ISO_IR 192"),
            Self::Japanese => Some("\\ISO 2022 IR 87"),
        }
    }

    /// The bytes of `text`; what the set cannot write becomes `?`, as in a real export.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Ascii => text
                .chars()
                .map(|c| if c.is_ascii() { c as u8 } else { b'?' })
                .collect(),
            Self::Latin1 => WINDOWS_1252.encode(text).0.into_owned(),
            Self::Utf8 => text.as_bytes().to_vec(),
            // PS3.5 section 6.2.1.2: each component returns to the first character set.
            Self::Japanese => {
                let mut bytes = Vec::new();
                for piece in text.split_inclusive(['^', '=', '\\']) {
                    let end = piece.trim_end_matches(['^', '=', '\\']);
                    bytes.extend_from_slice(&ISO_2022_JP.encode(end).0);
                    bytes.extend_from_slice(piece.as_bytes().get(end.len()..).unwrap_or_default());
                }
                bytes
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Bytes(Vec<u8>),
    Items(Vec<Set>),
}

/// A data set under construction.
#[derive(Debug, Clone, Default)]
pub struct Set(BTreeMap<u32, (&'static str, Value)>);

impl Set {
    /// No attributes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text attribute; `\` parts values.
    pub fn text(&mut self, tag: u32, vr: &'static str, value: impl Into<String>) -> &mut Self {
        self.0.insert(tag, (vr, Value::Text(value.into())));
        self
    }

    /// Sets an attribute from its bytes.
    pub fn bytes(&mut self, tag: u32, vr: &'static str, value: Vec<u8>) -> &mut Self {
        self.0.insert(tag, (vr, Value::Bytes(value)));
        self
    }

    /// Sets a US attribute.
    pub fn us(&mut self, tag: u32, value: u16) -> &mut Self {
        self.bytes(tag, "US", value.to_le_bytes().to_vec())
    }

    /// Sets a sequence.
    pub fn items(&mut self, tag: u32, items: Vec<Self>) -> &mut Self {
        self.0.insert(tag, ("SQ", Value::Items(items)));
        self
    }

    /// The text of an attribute that was set as text.
    #[must_use]
    pub fn get_text(&self, tag: u32) -> Option<&str> {
        match self.0.get(&tag) {
            Some((_, Value::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// Explicit VR Little Endian.
    #[must_use]
    pub fn encode(&self, charset: Charset) -> Vec<u8> {
        let mut out = Vec::new();
        for (tag, (vr, value)) in &self.0 {
            let mut body = match value {
                Value::Text(text) => charset.encode(text),
                Value::Bytes(bytes) => bytes.clone(),
                Value::Items(items) => {
                    let mut body = Vec::new();
                    for item in items {
                        let item = item.encode(charset);
                        body.extend_from_slice(&[0xFE, 0xFF, 0x00, 0xE0]);
                        body.extend_from_slice(&length(item.len()));
                        body.extend_from_slice(&item);
                    }
                    body
                }
            };
            if body.len() % 2 == 1 {
                body.push(if matches!(*vr, "UI" | "OB" | "UN") {
                    0
                } else {
                    b' '
                });
            }
            let [b0, b1, b2, b3] = tag.to_be_bytes();
            out.extend_from_slice(&[b1, b0, b3, b2]);
            out.extend_from_slice(vr.as_bytes());
            if matches!(
                *vr,
                "OB" | "OD"
                    | "OF"
                    | "OL"
                    | "OV"
                    | "OW"
                    | "SQ"
                    | "SV"
                    | "UC"
                    | "UN"
                    | "UR"
                    | "UT"
                    | "UV"
            ) {
                out.extend_from_slice(&[0, 0]);
                out.extend_from_slice(&length(body.len()));
            } else {
                let [l0, l1, ..] = length(body.len());
                out.extend_from_slice(&[l0, l1]);
            }
            out.extend_from_slice(&body);
        }
        out
    }

    /// A whole file: preamble, File Meta Information, data set.
    #[must_use]
    pub fn file(&self, charset: Charset) -> Vec<u8> {
        let mut meta = Self::new();
        let class = self.get_text(0x0008_0016).unwrap_or_default();
        let instance = self.get_text(0x0008_0018).unwrap_or_default();
        meta.bytes(0x0002_0001, "OB", vec![0, 1])
            .text(0x0002_0002, "UI", class)
            .text(0x0002_0003, "UI", instance)
            .text(0x0002_0010, "UI", "1.2.840.10008.1.2.1")
            .text(
                0x0002_0012,
                "UI",
                "2.25.217305938250182610741362549014372591000",
            )
            .text(0x0002_0013, "SH", "CORDON_SYNTH")
            .text(0x0002_0016, "AE", "WARD7_EXPORT");
        let meta = meta.encode(Charset::Ascii);
        let mut out = vec![0; 128];
        out.extend_from_slice(b"DICM");
        out.extend_from_slice(&[0x02, 0x00, 0x00, 0x00, b'U', b'L', 4, 0]);
        out.extend_from_slice(&length(meta.len()));
        out.extend_from_slice(&meta);
        out.extend_from_slice(&self.encode(charset));
        out
    }
}

fn length(len: usize) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes()
}
