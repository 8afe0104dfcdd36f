//! Canaries: values that fit their VR and occur nowhere else.
//!
//! Each canary knows every form in which it could come out again: its bytes, the
//! same text in the other character sets, the date with separators, the UID
//! without its root.

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS};
use serde::{Deserialize, Serialize};

use crate::write::Value;

/// The character sets that names are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// The default repertoire: no (0008,0005).
    Ascii,
    /// ISO_IR 100.
    Latin1,
    /// ISO_IR 192, Greek text.
    Utf8,
    /// ISO 2022 IR 87: kanji behind escape sequences.
    Kanji,
    /// ISO 2022 IR 13 with IR 87: half-width katakana, as in PS3.5 H.3.2.
    Katakana,
}

impl Charset {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Ascii,
        Self::Latin1,
        Self::Utf8,
        Self::Kanji,
        Self::Katakana,
    ];

    /// The value of (0008,0005).
    #[must_use]
    pub const fn defined_term(self) -> Option<&'static str> {
        match self {
            Self::Ascii => None,
            Self::Latin1 => Some("ISO_IR 100"),
            Self::Utf8 => Some("ISO_IR 192"),
            Self::Kanji => Some("\\ISO 2022 IR 87"),
            Self::Katakana => Some("ISO 2022 IR 13\\ISO 2022 IR 87"),
        }
    }

    /// A short name for file names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Latin1 => "latin1",
            Self::Utf8 => "utf8",
            Self::Kanji => "ir87",
            Self::Katakana => "ir13",
        }
    }
}

/// A planted value and the byte strings that betray it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Canary {
    /// Where it was planted, in words.
    pub place: String,
    /// Whether its needles are digits, which a derived UID may hold by chance.
    pub digits: bool,
    /// Every form that must not be found, in hexadecimal.
    #[serde(with = "hex_list")]
    pub needles: Vec<Vec<u8>>,
}

mod hex_list {
    use serde::{Deserialize, Deserializer, Serializer, ser::SerializeSeq as _};

    pub(super) fn serialize<S: Serializer>(list: &[Vec<u8>], s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(list.len()))?;
        for bytes in list {
            seq.serialize_element(&hex::encode(bytes))?;
        }
        seq.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Vec<u8>>, D::Error> {
        Vec::<String>::deserialize(d)?
            .iter()
            .map(|text| hex::decode(text).map_err(serde::de::Error::custom))
            .collect()
    }
}

/// Makes canaries, each different.
#[derive(Debug)]
pub struct Mint {
    next: u32,
    dates: u32,
    charset: Charset,
    /// Everything that was made so far.
    pub made: Vec<Canary>,
}

impl Mint {
    /// A mint whose numbers begin at `seed`, so that files of one set differ too.
    #[must_use]
    pub const fn new(seed: u32, charset: Charset) -> Self {
        Self {
            next: seed,
            dates: seed,
            charset,
            made: Vec::new(),
        }
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn keep(&mut self, place: &str, digits: bool, needles: Vec<Vec<u8>>) {
        self.made.push(Canary {
            place: place.to_owned(),
            digits,
            needles,
        });
    }

    /// Bytes that carry a canary without any form: preamble, padding, OB.
    pub fn blob(&mut self, place: &str) -> Vec<u8> {
        let n = self.number();
        let word = letters(n);
        self.keep(place, false, vec![word.clone().into_bytes()]);
        let mut out = vec![0xC7, 0xA5];
        out.extend_from_slice(word.as_bytes());
        out.extend_from_slice(&[0xA5, 0xC7]);
        out
    }

    /// Text in the default repertoire.
    pub fn ascii(&mut self, place: &str) -> String {
        let word = letters(self.number());
        let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.keep(place, false, vec![word.clone().into_bytes(), utf16]);
        word
    }

    /// A UID.
    pub fn uid(&mut self, place: &str) -> String {
        let n = self.number();
        let tail = format!("{}.7{n:08}", 310_000_007 + u64::from(n) * 7919);
        let uid = format!("1.2.826.0.1.3680043.10.{tail}");
        self.keep(place, false, vec![tail.into_bytes()]);
        uid
    }

    /// Text in the file's character set.
    fn text(&mut self, place: &str) -> Vec<u8> {
        let charset = self.charset;
        match charset {
            Charset::Ascii => self.ascii(place).into_bytes(),
            Charset::Latin1 => {
                let text = digits_of(self.number(), &LATIN, 5);
                let bytes = latin1(&text);
                let upper = latin1(&text.to_uppercase());
                self.keep(
                    place,
                    false,
                    vec![bytes.clone(), upper, text.clone().into_bytes()],
                );
                bytes
            }
            Charset::Utf8 => {
                let text = digits_of(self.number(), &GREEK, 5);
                let upper = text.to_uppercase().into_bytes();
                let legacy = encode(encoding_rs::ISO_8859_7, &text);
                self.keep(place, false, vec![text.clone().into_bytes(), upper, legacy]);
                text.into_bytes()
            }
            Charset::Kanji => self.kanji(place, b"\x1B(B"),
            Charset::Katakana => self.katakana(place),
        }
    }

    /// Kanji behind their escape sequence, and the way back.
    fn kanji(&mut self, place: &str, back: &[u8]) -> Vec<u8> {
        let text = digits_of(self.number(), &KANJI, 6);
        let euc = encode(EUC_JP, &text);
        let jis: Vec<u8> = euc.iter().map(|b| b & 0x7F).collect();
        let mut out = b"\x1B$B".to_vec();
        out.extend_from_slice(&jis);
        out.extend_from_slice(back);
        self.keep(
            place,
            false,
            vec![jis, euc, encode(SHIFT_JIS, &text), text.into_bytes()],
        );
        out
    }

    fn katakana(&mut self, place: &str) -> Vec<u8> {
        let text = digits_of(self.number(), &KATAKANA, 6);
        let bytes = encode(SHIFT_JIS, &text);
        self.keep(place, false, vec![bytes.clone(), text.into_bytes()]);
        bytes
    }

    fn name(&mut self, place: &str) -> Vec<u8> {
        let part = |mint: &mut Self, what: &str| mint.text(&format!("{place} {what}"));
        let japanese = matches!(self.charset, Charset::Kanji | Charset::Katakana);
        if !japanese {
            let parts = ["family", "given", "middle", "prefix", "suffix"].map(|w| part(self, w));
            return parts.join(&b'^');
        }
        let single = if self.charset == Charset::Katakana {
            [
                self.katakana(&format!("{place} family")),
                self.katakana(&format!("{place} given")),
            ]
        } else {
            ["family", "given"].map(|w| self.ascii(&format!("{place} {w}")).into_bytes())
        };
        // Back to the code of the first group: ASCII, or JIS X 0201.
        let back: &[u8] = if self.charset == Charset::Katakana {
            b"\x1B(J"
        } else {
            b"\x1B(B"
        };
        let ideographic =
            ["family", "given"].map(|w| self.kanji(&format!("{place} ideographic {w}"), back));
        let phonetic =
            ["family", "given"].map(|w| self.kanji(&format!("{place} phonetic {w}"), back));
        [
            single.join(&b'^'),
            ideographic.join(&b'^'),
            phonetic.join(&b'^'),
        ]
        .join(&b'=')
    }

    /// A day between 1901 and 1948 that is no 1 January (a usual dummy).
    fn date(&mut self) -> (String, Vec<Vec<u8>>) {
        self.dates += 1;
        let n = self.dates % 15_000;
        let (year, rest) = (1901 + n / 320, n % 320);
        let (month, day) = (1 + (rest % 12), 2 + rest / 12);
        let plain = format!("{year:04}{month:02}{day:02}");
        let forms = ["-", ".", "/"]
            .iter()
            .map(|s| format!("{year:04}{s}{month:02}{s}{day:02}").into_bytes())
            .chain([plain.clone().into_bytes()])
            .collect();
        (plain, forms)
    }

    fn time(&mut self) -> String {
        let n = self.number();
        format!(
            "{:02}{:02}{:02}.{:06}",
            n % 24,
            n % 59 + 1,
            n % 53 + 3,
            (n * 7 + 100_003) % 1_000_000
        )
    }

    /// A value of this VR. Sequences are the caller's.
    pub fn value(&mut self, vr: [u8; 2], place: &str) -> Value {
        let bytes = match &vr {
            b"PN" => self.name(place),
            b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" => self.text(place),
            b"CS" => self.ascii(place).to_uppercase().into_bytes(),
            b"AE" => self.ascii(place).into_bytes(),
            b"UR" => {
                let host = self.ascii(place).to_lowercase();
                format!("http://{host}.example/p").into_bytes()
            }
            b"UI" => self.uid(place).into_bytes(),
            b"DA" => {
                let (date, forms) = self.date();
                self.keep(place, true, forms);
                date.into_bytes()
            }
            b"TM" => {
                let time = self.time();
                self.keep(place, true, vec![time.clone().into_bytes()]);
                time.into_bytes()
            }
            b"DT" => {
                let (date, mut forms) = self.date();
                let time = self.time();
                forms.push(time.clone().into_bytes());
                self.keep(place, true, forms);
                format!("{date}{time}").into_bytes()
            }
            b"AS" => {
                let n = self.number();
                format!("{:03}W", n % 899 + 100).into_bytes()
            }
            b"DS" => {
                let n = self.number();
                let text = format!("73{n:07}.251");
                self.keep(place, true, vec![text.clone().into_bytes()]);
                text.into_bytes()
            }
            b"IS" => {
                let text = format!("1{:08}", self.number());
                self.keep(place, true, vec![text.clone().into_bytes()]);
                text.into_bytes()
            }
            b"US" | b"SS" => {
                return Value::Words(vec![u16::try_from(self.number() & 0xFFF).unwrap_or(1)]);
            }
            b"AT" => return Value::Words(vec![0x0010, 0x0010]),
            b"FL" | b"OF" => return Value::Floats(vec![self.float(place)]),
            b"FD" | b"OD" => return Value::Doubles(vec![self.double(place)]),
            b"UL" | b"SL" | b"OL" => return Value::Longs(vec![self.long(place)]),
            _ => self.blob(place),
        };
        Value::Bytes(bytes)
    }

    fn long(&mut self, place: &str) -> u32 {
        let n = 0xF9D8_0000 | (self.number() & 0xFFFF);
        self.keep(place, false, both(&n.to_le_bytes()));
        n
    }

    fn float(&mut self, place: &str) -> f32 {
        let n = f32::from_bits(0xF9D8_0000 | (self.number() & 0xFFFF));
        self.keep(place, false, both(&n.to_le_bytes()));
        n
    }

    fn double(&mut self, place: &str) -> f64 {
        let n = f64::from_bits(0xF9D8_C7B5_0000_0000 | u64::from(self.number()));
        self.keep(place, false, both(&n.to_le_bytes()));
        n
    }
}

/// Both byte orders.
fn both(bytes: &[u8]) -> Vec<Vec<u8>> {
    vec![bytes.to_vec(), bytes.iter().rev().copied().collect()]
}

/// A word of letters only, the same length for every number: `ZQ` and six letters.
fn letters(n: u32) -> String {
    const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut n = u64::from(n) * 48_271 % 64_000_000;
    let mut word = String::from("Zq");
    for _ in 0..6 {
        let i = usize::try_from(n % 20).unwrap_or(0);
        word.push(char::from(ALPHABET[i]));
        n /= 20;
    }
    word
}

const LATIN: [char; 20] = [
    'ä', 'ö', 'ü', 'é', 'è', 'ê', 'ç', 'ñ', 'á', 'í', 'ó', 'ú', 'à', 'ì', 'ò', 'ù', 'â', 'î', 'ô',
    'å',
];
const GREEK: [char; 20] = [
    'α', 'β', 'γ', 'δ', 'ε', 'ζ', 'η', 'θ', 'ι', 'κ', 'λ', 'μ', 'ν', 'ξ', 'ο', 'π', 'ρ', 'σ', 'τ',
    'φ',
];
const KANJI: [char; 20] = [
    '山', '田', '太', '郎', '川', '口', '木', '村', '佐', '藤', '高', '橋', '渡', '辺', '伊', '中',
    '小', '林', '加', '吉',
];
const KATAKANA: [char; 20] = [
    'ｱ', 'ｲ', 'ｳ', 'ｴ', 'ｵ', 'ｶ', 'ｷ', 'ｸ', 'ｹ', 'ｺ', 'ｻ', 'ｼ', 'ｽ', 'ｾ', 'ｿ', 'ﾀ', 'ﾁ', 'ﾂ', 'ﾃ',
    'ﾄ',
];

/// A number in another alphabet, with a first letter that makes the word one longer.
fn digits_of(n: u32, alphabet: &[char; 20], len: usize) -> String {
    let mut n = u64::from(n) * 7 % 20_u64.pow(u32::try_from(len).unwrap_or(5));
    let mut text = String::new();
    text.push(alphabet[2]);
    for _ in 0..len {
        text.push(alphabet[usize::try_from(n % 20).unwrap_or(0)]);
        n /= 20;
    }
    text
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect()
}

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn canaries_of_a_file_differ() {
        for charset in Charset::ALL {
            let mut mint = Mint::new(40_000, charset);
            for i in 0..6000 {
                mint.text(&i.to_string());
            }
            for i in 0..300 {
                mint.value(*b"PN", &i.to_string());
                mint.value(*b"TM", &i.to_string());
                mint.value(*b"UI", &i.to_string());
            }
            for i in 0..2500 {
                mint.value(*b"DA", &i.to_string());
            }
            let first: BTreeSet<&[u8]> = mint.made.iter().map(|c| &*c.needles[0]).collect();
            assert_eq!(first.len(), mint.made.len(), "{charset:?}");
        }
    }

    #[test]
    fn kanji_are_jis_x_0208() {
        let mut mint = Mint::new(1, Charset::Kanji);
        let bytes = mint.text("x");
        assert!(bytes.starts_with(b"\x1B$B") && bytes.ends_with(b"\x1B(B"));
        assert!(
            mint.made[0].needles[0]
                .iter()
                .all(|b| (0x21..0x7F).contains(b))
        );
        assert_eq!(mint.made[0].needles[0].len(), 14);
    }

    #[test]
    fn values_fit_their_vr() {
        let mut mint = Mint::new(90_000, Charset::Ascii);
        for (vr, max) in [
            (b"SH", 16),
            (b"CS", 16),
            (b"AE", 16),
            (b"DS", 16),
            (b"IS", 12),
            (b"UI", 64),
            (b"AS", 4),
            (b"DA", 8),
            (b"TM", 14),
        ] {
            let Value::Bytes(bytes) = mint.value(*vr, "x") else {
                panic!("not text")
            };
            assert!(bytes.len() <= max, "{}", String::from_utf8_lossy(vr));
        }
    }
}
