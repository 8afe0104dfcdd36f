//! An object under construction: values, and what each part of them means.
//!
//! The meaning is what the answers are made from: which part of a text names a
//! person, which is clinical vocabulary. The bytes come from the canary's writer,
//! which shares nothing with the reader under test.

use std::collections::BTreeMap;

use cordon_canary::write::{Element, File, Length, Syntax, Value as Written};
use cordon_synth::Charset;
use serde::{Deserialize, Serialize};

/// What kind of identity a part of a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The patient's name, or part of it, in any script.
    Name,
    /// Another person of the family.
    Relative,
    /// A physician, operator, observer.
    Physician,
    /// A number that stands for the patient.
    Id,
    /// A number of a visit, order, procedure or specimen.
    Accession,
    /// A date.
    Date,
    /// Street, town, postal code.
    Address,
    /// Telephone number.
    Phone,
    /// E-mail or web address.
    Email,
    /// Hospital, practice, department.
    Institution,
    /// Station name, serial number, AE title.
    Device,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Neither: may stay or go with its neighbours.
    Plain,
    /// Identity: must go, unless an option keeps the attribute.
    Secret(Category),
    /// Clinical words: must stay where text is cleaned rather than removed.
    Vocabulary,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The characters.
    pub text: String,
    /// What they are.
    pub role: Role,
}

impl Part {
    /// A part of this role.
    #[must_use]
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { text, role }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text in parts.
    Text(Vec<Part>),
    /// The UID of something of this suite, which must be mapped.
    Uid(String),
    /// Bytes without answer.
    Bytes(Vec<u8>),
    /// 16-bit numbers.
    Words(Vec<u16>),
    /// 32-bit numbers.
    Longs(Vec<u32>),
    /// FL and OF.
    Floats(Vec<f32>),
    /// FD.
    Doubles(Vec<f64>),
    /// Items.
    Items(Vec<Object>),
}

/// One attribute.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its VR.
    pub vr: &'static str,
    /// Its value.
    pub value: Value,
}

/// A data set under construction.
#[derive(Debug, Clone, Default)]
pub struct Object(pub BTreeMap<u32, Node>);

impl Object {
    /// No attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn set(&mut self, tag: u32, vr: &'static str, value: Value) -> &mut Self {
        self.0.insert(tag, Node { vr, value });
        self
    }

    /// Plain text; `\` parts values.
    pub fn text(&mut self, tag: u32, vr: &'static str, text: impl Into<String>) -> &mut Self {
        self.parts(tag, vr, vec![Part::new(Role::Plain, text)])
    }

    /// A text that is clinical vocabulary from end to end.
    pub fn words_of(&mut self, tag: u32, vr: &'static str, text: impl Into<String>) -> &mut Self {
        self.parts(tag, vr, vec![Part::new(Role::Vocabulary, text)])
    }

    /// A text that is identity from end to end.
    pub fn secret(
        &mut self,
        tag: u32,
        vr: &'static str,
        category: Category,
        text: impl Into<String>,
    ) -> &mut Self {
        self.parts(tag, vr, vec![Part::new(Role::Secret(category), text)])
    }

    /// A text in parts.
    pub fn parts(&mut self, tag: u32, vr: &'static str, parts: Vec<Part>) -> &mut Self {
        self.set(tag, vr, Value::Text(fitting(vr, parts)))
    }

    /// A UID of this suite.
    pub fn uid(&mut self, tag: u32, uid: impl Into<String>) -> &mut Self {
        self.set(tag, "UI", Value::Uid(uid.into()))
    }

    /// US.
    pub fn us(&mut self, tag: u32, values: &[u16]) -> &mut Self {
        self.set(tag, "US", Value::Words(values.to_vec()))
    }

    /// Another VR of 16-bit words.
    pub fn words(&mut self, tag: u32, vr: &'static str, values: Vec<u16>) -> &mut Self {
        self.set(tag, vr, Value::Words(values))
    }

    /// UL or SL.
    pub fn longs(&mut self, tag: u32, vr: &'static str, values: &[u32]) -> &mut Self {
        self.set(tag, vr, Value::Longs(values.to_vec()))
    }

    /// FL.
    pub fn fl(&mut self, tag: u32, values: &[f32]) -> &mut Self {
        self.set(tag, "FL", Value::Floats(values.to_vec()))
    }

    /// FD.
    pub fn fd(&mut self, tag: u32, values: &[f64]) -> &mut Self {
        self.set(tag, "FD", Value::Doubles(values.to_vec()))
    }

    /// AT: tags.
    pub fn at(&mut self, tag: u32, values: &[u32]) -> &mut Self {
        let words = values
            .iter()
            .flat_map(|v| [(v >> 16) as u16, (v & 0xFFFF) as u16])
            .collect();
        self.set(tag, "AT", Value::Words(words))
    }

    /// Bytes.
    pub fn bytes(&mut self, tag: u32, vr: &'static str, bytes: Vec<u8>) -> &mut Self {
        self.set(tag, vr, Value::Bytes(bytes))
    }

    /// A sequence.
    pub fn items(&mut self, tag: u32, items: Vec<Self>) -> &mut Self {
        self.set(tag, "SQ", Value::Items(items))
    }

    /// A sequence of one code.
    pub fn code(&mut self, tag: u32, value: &str, scheme: &str, meaning: &str) -> &mut Self {
        self.items(tag, vec![code(value, scheme, meaning)])
    }

    /// Takes an attribute away.
    pub fn remove(&mut self, tag: u32) -> &mut Self {
        self.0.remove(&tag);
        self
    }

    /// The text of an attribute.
    #[must_use]
    pub fn get_text(&self, tag: u32) -> Option<String> {
        match &self.0.get(&tag)?.value {
            Value::Text(parts) => Some(joined(parts)),
            Value::Uid(uid) => Some(uid.clone()),
            _ => None,
        }
    }

    /// The items of a sequence; none where there is none.
    #[must_use]
    pub fn get_items(&self, tag: u32) -> &[Self] {
        match self.0.get(&tag).map(|n| &n.value) {
            Some(Value::Items(items)) => items,
            _ => &[],
        }
    }

    fn elements(&self, charset: Charset) -> Vec<Element> {
        let element = |(tag, node): (&u32, &Node)| Element {
            tag: *tag,
            vr: vr_bytes(node.vr),
            value: match &node.value {
                Value::Text(parts) => Written::Bytes(charset.encode(&joined(parts))),
                Value::Uid(uid) => Written::Bytes(uid.as_bytes().to_vec()),
                Value::Bytes(bytes) => Written::Bytes(bytes.clone()),
                Value::Words(words) => Written::Words(words.clone()),
                Value::Longs(longs) => Written::Longs(longs.clone()),
                Value::Floats(floats) => Written::Floats(floats.clone()),
                Value::Doubles(doubles) => Written::Doubles(doubles.clone()),
                Value::Items(items) => Written::Items(
                    items.iter().map(|item| item.elements(charset)).collect(),
                    // Both ways of writing a length occur in the field.
                    if tag % 2 == 1 {
                        Length::Undefined
                    } else {
                        Length::Defined
                    },
                ),
            },
        };
        self.0.iter().map(element).collect()
    }

    /// The file: preamble, File Meta Information, data set.
    #[must_use]
    pub fn file(&self, charset: Charset, syntax: Syntax, preamble: &[u8], meta: &Self) -> Vec<u8> {
        File {
            preamble: preamble.to_vec(),
            meta: meta.elements(Charset::Ascii),
            syntax,
            data: self.elements(charset),
            tail: Vec::new(),
        }
        .bytes()
    }
}

/// As many of the parts as the VR's length takes; a secret is never cut in the middle.
fn fitting(vr: &str, mut parts: Vec<Part>) -> Vec<Part> {
    let limit = match vr {
        "SH" => 16,
        "LO" => 64,
        "ST" => 1024,
        _ => return parts,
    };
    while parts.len() > 1 && joined(&parts).len() > limit {
        parts.pop();
    }
    if let [only] = parts.as_mut_slice() {
        while only.text.len() > limit {
            only.text.pop();
        }
    }
    parts
}

fn vr_bytes(vr: &str) -> [u8; 2] {
    match vr.as_bytes() {
        [a, b] => [*a, *b],
        _ => *b"UN",
    }
}

/// The whole text of its parts.
#[must_use]
pub fn joined(parts: &[Part]) -> String {
    parts.iter().map(|p| p.text.as_str()).collect()
}

/// A code as an item.
#[must_use]
pub fn code(value: &str, scheme: &str, meaning: &str) -> Object {
    let mut item = Object::new();
    item.text(0x0008_0100, "SH", value)
        .text(0x0008_0102, "SH", scheme)
        .text(0x0008_0104, "LO", meaning);
    item
}

/// A reference to an instance as an item.
#[must_use]
pub fn reference(class: &str, instance: &str) -> Object {
    let mut item = Object::new();
    item.text(0x0008_1150, "UI", class)
        .uid(0x0008_1155, instance);
    item
}
