//! The DICOM JSON model (PS3.18 annex F), written from a data set.
//!
//! Text becomes UTF-8 whatever the file declares. Bulk data stay out: what is
//! large gets a `BulkDataURI`, and a reader that wants it asks for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cordon_dicom::{CharacterSet, DataSet, Element, File, Value, Vr, entry};
use cordon_protocol::Tag;
use serde_json::{Map, Number, Value as Json, json};

/// Binary values up to this size are given in line.
const MAX_INLINE: usize = 1024;
/// (0008,0005) Specific Character Set.
const CHARACTER_SET: Tag = Tag(0x0008_0005);
/// (0028,0103) Pixel Representation.
const PIXEL_REPRESENTATION: Tag = Tag(0x0028_0103);
/// (7FE0,0010), (7FE0,0008), (7FE0,0009).
const PIXELS: [Tag; 3] = [Tag(0x7FE0_0010), Tag(0x7FE0_0008), Tag(0x7FE0_0009)];

/// A tag as DICOM JSON writes it: eight upper-case hexadecimal digits.
pub(crate) fn key(tag: Tag) -> String {
    format!("{:08X}", tag.0)
}

/// A whole file's data set. `bulk` is the base address of the instance's bulk data.
pub(crate) fn file(file: &File<'_>, bulk: &str) -> Map<String, Json> {
    // Without explicit VRs, "US or SS" is for Pixel Representation to say (PS3.5 annex A.1).
    let signed = file.data.u16(PIXEL_REPRESENTATION) == Some(1);
    data_set(&file.data, bulk, !file.syntax.explicit_vr && signed)
}

fn data_set(data: &DataSet<'_>, bulk: &str, signed: bool) -> Map<String, Json> {
    let context = Context {
        set: data.character_set(&CharacterSet::default()),
        bulk,
        signed,
    };
    object(data, &context, "")
}

/// What holds for a data set and all below it.
struct Context<'a> {
    set: CharacterSet,
    bulk: &'a str,
    /// Whether "US or SS" of the dictionary means SS here.
    signed: bool,
}

/// Only these attributes of a data set, in so far as they are there.
pub(crate) fn selection(data: &DataSet<'_>, tags: &[Tag]) -> Map<String, Json> {
    let context = Context {
        set: data.character_set(&CharacterSet::default()),
        bulk: "",
        signed: false,
    };
    tags.iter()
        .filter_map(|tag| {
            let element = data.get(*tag)?;
            Some((key(*tag), attribute(data, element, &context, "")))
        })
        .collect()
}

fn object(data: &DataSet<'_>, context: &Context<'_>, path: &str) -> Map<String, Json> {
    data.elements
        .iter()
        .filter(|e| !e.tag.is_group_length())
        .map(|e| (key(e.tag), attribute(data, e, context, path)))
        .collect()
}

fn attribute(data: &DataSet<'_>, element: &Element<'_>, context: &Context<'_>, path: &str) -> Json {
    let bulk = context.bulk;
    let vr = match element.vr {
        Vr::US if context.signed && entry(element.tag).is_some_and(|e| e.vr_varies) => Vr::SS,
        vr => vr,
    };
    if element.tag == CHARACTER_SET {
        return json!({ "vr": "CS", "Value": ["ISO_IR 192"] });
    }
    let here = || format!("{path}{}", key(element.tag));
    let values = match &element.value {
        Value::Items(items) => items
            .iter()
            .enumerate()
            .map(|(i, item)| {
                let inner = Context {
                    set: item.character_set(&context.set),
                    bulk,
                    signed: context.signed,
                };
                Json::Object(object(item, &inner, &format!("{}.{i}.", here())))
            })
            .collect(),
        Value::Fragments { .. } => {
            return json!({ "vr": vr.as_str(), "BulkDataURI": format!("{bulk}/{}", here()) });
        }
        Value::Bytes(bytes) if is_binary(vr) => {
            return if bytes.is_empty() {
                json!({ "vr": vr.as_str() })
            } else if bytes.len() > MAX_INLINE || PIXELS.contains(&element.tag) {
                json!({ "vr": vr.as_str(), "BulkDataURI": format!("{bulk}/{}", here()) })
            } else {
                let bytes = little_endian(bytes, vr, data.big_endian);
                json!({ "vr": vr.as_str(), "InlineBinary": BASE64.encode(bytes) })
            };
        }
        Value::Bytes(bytes) if vr.is_text() => texts(data, element.tag, vr, &context.set, bytes),
        Value::Bytes(bytes) => numbers(bytes, vr, data.big_endian),
    };
    if values.is_empty() {
        json!({ "vr": vr.as_str() })
    } else {
        json!({ "vr": vr.as_str(), "Value": values })
    }
}

const fn is_binary(vr: Vr) -> bool {
    matches!(
        vr,
        Vr::OB | Vr::OD | Vr::OF | Vr::OL | Vr::OV | Vr::OW | Vr::UN
    )
}

/// Binary values in DICOM JSON and in bulk data are little endian.
pub(crate) fn little_endian(bytes: &[u8], vr: Vr, big_endian: bool) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if big_endian && vr.word_size() > 1 {
        for word in out.chunks_exact_mut(vr.word_size()) {
            word.reverse();
        }
    }
    out
}

fn texts(data: &DataSet<'_>, tag: Tag, vr: Vr, set: &CharacterSet, bytes: &[u8]) -> Vec<Json> {
    if bytes.iter().all(|b| matches!(b, 0 | b' ')) {
        return Vec::new();
    }
    data.strings_in(tag, set)
        .iter()
        .map(|text| match vr {
            _ if text.is_empty() => Json::Null,
            Vr::PN => person_name(text),
            Vr::DS | Vr::IS => number_string(text),
            _ => Json::from(text.as_str()),
        })
        .collect()
}

fn person_name(text: &str) -> Json {
    let groups = ["Alphabetic", "Ideographic", "Phonetic"];
    let parts = text.splitn(3, '=');
    let map: Map<String, Json> = groups
        .into_iter()
        .zip(parts)
        .filter(|(_, part)| !part.is_empty())
        .map(|(group, part)| (group.to_owned(), Json::from(part)))
        .collect();
    Json::Object(map)
}

/// A number where it is one; the text where it is not, so that nothing is lost.
fn number_string(text: &str) -> Json {
    let text = text.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Json::from(whole);
    }
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map_or_else(|| Json::from(text), Json::Number)
}

fn numbers(bytes: &[u8], vr: Vr, big: bool) -> Vec<Json> {
    fn each<const N: usize>(bytes: &[u8], big: bool, to: impl Fn([u8; N]) -> Json) -> Vec<Json> {
        bytes
            .as_chunks::<N>()
            .0
            .iter()
            .map(|word| {
                let mut word = *word;
                if big {
                    word.reverse();
                }
                to(word)
            })
            .collect()
    }
    match vr {
        Vr::US => each(bytes, big, |b| u16::from_le_bytes(b).into()),
        Vr::SS => each(bytes, big, |b| i16::from_le_bytes(b).into()),
        Vr::UL => each(bytes, big, |b| u32::from_le_bytes(b).into()),
        Vr::SL => each(bytes, big, |b| i32::from_le_bytes(b).into()),
        // Beyond 2^53 a JavaScript number would be another number.
        Vr::UV => each(bytes, big, |b| {
            let v = u64::from_le_bytes(b);
            if v <= 1 << 53 {
                v.into()
            } else {
                v.to_string().into()
            }
        }),
        Vr::SV => each(bytes, big, |b| {
            let v = i64::from_le_bytes(b);
            if v.unsigned_abs() <= 1 << 53 {
                v.into()
            } else {
                v.to_string().into()
            }
        }),
        Vr::FL => each(bytes, big, |b| float(f64::from(f32::from_le_bytes(b)))),
        Vr::FD => each(bytes, big, |b| float(f64::from_le_bytes(b))),
        Vr::AT => {
            let half = |b: [u8; 2]| {
                if big {
                    u16::from_be_bytes(b)
                } else {
                    u16::from_le_bytes(b)
                }
            };
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|[a, b, c, d]| key(Tag::new(half([*a, *b]), half([*c, *d]))).into())
                .collect()
        }
        _ => Vec::new(),
    }
}

fn float(v: f64) -> Json {
    match Number::from_f64(v) {
        Some(n) => Json::Number(n),
        None if v.is_nan() => "NaN".into(),
        None if v > 0.0 => "inf".into(),
        None => "-inf".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u32, vr: Vr, bytes: &[u8]) -> Element<'_> {
        Element {
            tag: Tag(tag),
            vr,
            value: Value::Bytes(bytes),
            offset: 0,
        }
    }

    #[test]
    fn values_as_annex_f_writes_them() {
        let nan = f64::NAN.to_le_bytes();
        let data = DataSet {
            elements: vec![
                element(0x0008_0005, Vr::CS, b"ISO_IR 100"),
                element(0x0008_0060, Vr::CS, b"MR"),
                element(0x0010_0010, Vr::PN, b"M\xFCller^A=X"),
                element(0x0018_0050, Vr::DS, b"1.50\\\\2 "),
                element(0x0020_0013, Vr::IS, b"12"),
                element(0x0020_9165, Vr::AT, &[0x10, 0x00, 0x20, 0x00]),
                element(0x0028_0010, Vr::US, &[1, 2, 3, 0]),
                element(0x0028_2000, Vr::OB, b"abc"),
                element(0x0040_9999, Vr::FD, &nan),
                element(0x7FE0_0010, Vr::OW, &[0; 4]),
            ],
            big_endian: false,
        };
        assert_eq!(
            Json::Object(data_set(&data, "http://x/bulk", false)),
            json!({
                "00080005": { "vr": "CS", "Value": ["ISO_IR 192"] },
                "00080060": { "vr": "CS", "Value": ["MR"] },
                "00100010": { "vr": "PN", "Value": [{ "Alphabetic": "Müller^A", "Ideographic": "X" }] },
                "00180050": { "vr": "DS", "Value": [1.5, null, 2] },
                "00200013": { "vr": "IS", "Value": [12] },
                "00209165": { "vr": "AT", "Value": ["00100020"] },
                "00280010": { "vr": "US", "Value": [513, 3] },
                "00282000": { "vr": "OB", "InlineBinary": "YWJj" },
                "00409999": { "vr": "FD", "Value": ["NaN"] },
                "7FE00010": { "vr": "OW", "BulkDataURI": "http://x/bulk/7FE00010" },
            })
        );
    }

    #[test]
    fn items_have_a_path_and_big_endian_is_turned() {
        let inner = DataSet {
            elements: vec![
                element(0x0042_0011, Vr::OB, &[7; 2000]),
                element(0x0028_0010, Vr::US, &[1, 2]),
                element(0x0028_1201, Vr::OW, &[1, 2]),
            ],
            big_endian: true,
        };
        let data = DataSet {
            elements: vec![Element {
                tag: Tag(0x0040_A730),
                vr: Vr::SQ,
                value: Value::Items(vec![DataSet::default(), inner]),
                offset: 0,
            }],
            big_endian: true,
        };
        assert_eq!(
            Json::Object(data_set(&data, "b", true)),
            json!({ "0040A730": { "vr": "SQ", "Value": [{}, {
                "00420011": { "vr": "OB", "BulkDataURI": "b/0040A730.1.00420011" },
                "00280010": { "vr": "US", "Value": [258] },
                "00281201": { "vr": "OW", "InlineBinary": "AgE=" },
            }] } })
        );
    }
}
