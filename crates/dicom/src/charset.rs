//! Specific Character Set (PS3.5 section 6.1, PS3.3 section C.12.1.1.2).
//!
//! Decoding is for people and for searching: values that stay are never re-encoded.
//! Only a text from which something was taken out is written anew, in the sets it came in.

mod encode;

use encoding_rs::Encoding;

/// The character sets of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharacterSet {
    /// Encoding of value 1: what holds until an escape sequence says otherwise.
    first: &'static Encoding,
    /// Whether ISO 2022 escape sequences may occur.
    escapes: bool,
    /// Whether every declared term is one of DICOM's.
    known: bool,
    /// The encodings of all terms, for writing.
    declared: Vec<&'static Encoding>,
}

impl Default for CharacterSet {
    /// ISO IR 6, the default repertoire. What breaks its rules is read as Latin-1,
    /// so that it can at least be searched for.
    fn default() -> Self {
        Self {
            first: encoding_rs::WINDOWS_1252,
            escapes: false,
            known: true,
            declared: Vec::new(),
        }
    }
}

fn term(name: &str) -> Option<&'static Encoding> {
    use encoding_rs as e;
    let name = name
        .strip_prefix("ISO 2022 ")
        .or_else(|| name.strip_prefix("ISO_"))
        .unwrap_or(name);
    Some(match name {
        "" | "IR 6" | "IR 100" | "IR100" => e::WINDOWS_1252,
        "IR 101" => e::ISO_8859_2,
        "IR 109" => e::ISO_8859_3,
        "IR 110" => e::ISO_8859_4,
        "IR 144" => e::ISO_8859_5,
        "IR 127" => e::ISO_8859_6,
        "IR 126" => e::ISO_8859_7,
        "IR 138" => e::ISO_8859_8,
        "IR 148" => e::WINDOWS_1254,
        "IR 203" => e::ISO_8859_15,
        // JIS X 0201: half-width katakana stand where Shift JIS has them.
        "IR 13" | "IR 87" | "IR 159" => e::SHIFT_JIS,
        "IR 166" => e::WINDOWS_874,
        "IR 149" => e::EUC_KR,
        "IR 58" | "GBK" => e::GBK,
        "IR 192" => e::UTF_8,
        "GB18030" => e::GB18030,
        _ => return None,
    })
}

impl CharacterSet {
    /// The character sets named by the value of (0008,0005).
    #[must_use]
    pub fn parse(value: &[u8]) -> Self {
        let text: String = value.iter().map(|b| char::from(*b)).collect();
        let terms: Vec<&str> = text
            .split('\\')
            .map(|s| s.trim_matches(['\0', ' ']))
            .collect();
        let first_name = terms.first().copied().unwrap_or_default();
        let escapes = terms.len() > 1 || first_name.starts_with("ISO 2022");
        let known = terms.iter().all(|t| term(t).is_some());
        // Before the first escape, IR 87, 149 and 58 mean ASCII.
        let first = match term(first_name) {
            Some(e)
                if escapes
                    && (e == encoding_rs::EUC_KR
                        || e == encoding_rs::GBK
                        || first_name.ends_with("IR 87")
                        || first_name.ends_with("IR 159")) =>
            {
                encoding_rs::WINDOWS_1252
            }
            Some(e) => e,
            None => encoding_rs::WINDOWS_1252,
        };
        Self {
            first,
            escapes,
            known,
            declared: terms.iter().filter_map(|t| term(t)).collect(),
        }
    }

    /// Whether every term of (0008,0005) is one that PS3.3 defines.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.known
    }

    /// Decodes a value field; what cannot be decoded becomes U+FFFD.
    #[must_use]
    pub fn decode(&self, bytes: &[u8]) -> String {
        if bytes.is_ascii() && !bytes.contains(&0x1B) {
            return bytes.iter().map(|b| char::from(*b)).collect();
        }
        if !self.escapes && !bytes.contains(&0x1B) {
            return self.first.decode_without_bom_handling(bytes).0.into_owned();
        }
        self.decode_escaped(bytes)
    }

    /// ISO 2022: runs between escape sequences, each in the set that the escape names.
    fn decode_escaped(&self, bytes: &[u8]) -> String {
        let mut out = String::new();
        let mut rest = bytes;
        let mut set = Run::Plain(self.first);
        while !rest.is_empty() {
            let run = rest.iter().position(|b| *b == 0x1B).unwrap_or(rest.len());
            let (head, tail) = rest.split_at(run);
            set.decode(head, &mut out);
            rest = tail;
            if rest.is_empty() {
                break;
            }
            let (next, skip) = Run::after_escape(rest, self.first);
            set = next;
            rest = rest.get(skip..).unwrap_or_default();
        }
        out
    }
}

enum Run {
    /// Bytes of an ordinary encoding.
    Plain(&'static Encoding),
    /// 7-bit pairs of JIS X 0208 or JIS X 0212, for which ISO-2022-JP has this escape.
    Jis(&'static [u8]),
}

impl Run {
    /// The set that the escape sequence at the start of `bytes` names, and its length.
    fn after_escape(bytes: &[u8], first: &'static Encoding) -> (Self, usize) {
        use encoding_rs as e;
        match bytes {
            [0x1B, b'$', b'B' | b'@', ..] => (Self::Jis(b"\x1B$B"), 3),
            [0x1B, b'$', b'(', b'D', ..] => (Self::Jis(b"\x1B$(D"), 4),
            [0x1B, b'$', b')', b'C', ..] => (Self::Plain(e::EUC_KR), 4),
            [0x1B, b'$', b')', b'A', ..] => (Self::Plain(e::GBK), 4),
            [0x1B, b'(', b'J', ..] | [0x1B, b')', b'I', ..] => (Self::Plain(e::SHIFT_JIS), 3),
            [0x1B, b'(', b'B', ..] => (Self::Plain(first), 3),
            [0x1B, b'-', code, ..] => {
                let set = match code {
                    b'B' => e::ISO_8859_2,
                    b'C' => e::ISO_8859_3,
                    b'D' => e::ISO_8859_4,
                    b'L' => e::ISO_8859_5,
                    b'G' => e::ISO_8859_6,
                    b'F' => e::ISO_8859_7,
                    b'H' => e::ISO_8859_8,
                    b'M' => e::WINDOWS_1254,
                    b'b' => e::ISO_8859_15,
                    b'T' => e::WINDOWS_874,
                    _ => e::WINDOWS_1252,
                };
                (Self::Plain(set), 3)
            }
            _ => (Self::Plain(first), 1),
        }
    }

    fn decode(&self, bytes: &[u8], out: &mut String) {
        match self {
            Self::Plain(encoding) => {
                out.push_str(&encoding.decode_without_bom_handling(bytes).0);
            }
            Self::Jis(escape) if *escape == b"\x1B$(D" => {
                // JIS X 0212 in EUC-JP: 0x8F and the pair with the high bits set.
                let mut euc = Vec::with_capacity(bytes.len() * 2);
                for pair in bytes.as_chunks::<2>().0 {
                    euc.extend([0x8F, pair[0] | 0x80, pair[1] | 0x80]);
                }
                out.push_str(&encoding_rs::EUC_JP.decode_without_bom_handling(&euc).0);
            }
            Self::Jis(escape) => {
                // Delimiters (^ = \) stand outside the pairs only after an escape back to ASCII.
                let mut text = Vec::with_capacity(bytes.len() + 3);
                text.extend_from_slice(escape);
                text.extend_from_slice(bytes);
                out.push_str(
                    &encoding_rs::ISO_2022_JP
                        .decode_without_bom_handling(&text)
                        .0,
                );
            }
        }
    }
}

/// The byte forms that a text can take in the encodings of DICOM: for searching
/// raw bytes. ASCII text has one form; other text one for each encoding that can hold it.
#[must_use]
pub fn encodings_of(text: &str) -> Vec<Vec<u8>> {
    use encoding_rs as e;
    let mut forms: Vec<Vec<u8>> = vec![text.as_bytes().to_vec()];
    if !text.is_ascii() {
        for encoding in [
            e::WINDOWS_1252,
            e::ISO_8859_2,
            e::ISO_8859_3,
            e::ISO_8859_4,
            e::ISO_8859_5,
            e::ISO_8859_6,
            e::ISO_8859_7,
            e::ISO_8859_8,
            e::WINDOWS_1254,
            e::ISO_8859_15,
            e::WINDOWS_874,
            e::SHIFT_JIS,
            e::EUC_JP,
            e::EUC_KR,
            e::GB18030,
        ] {
            let (bytes, _, unmappable) = encoding.encode(text);
            if !unmappable {
                forms.push(bytes.into_owned());
            }
        }
        let (jis, _, unmappable) = e::ISO_2022_JP.encode(text);
        if !unmappable {
            // Without the escapes at both ends, so that it is found inside a longer run.
            let body = jis
                .strip_prefix(b"\x1B$B".as_slice())
                .and_then(|b| b.strip_suffix(b"\x1B(B".as_slice()))
                .unwrap_or(&jis);
            forms.push(body.to_vec());
        }
    }
    let wide = |swap: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|u| {
                if swap {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            })
            .collect()
    };
    forms.push(wide(false));
    forms.push(wide(true));
    forms.sort();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of PS3.5 annexes H, I, J and K.
    #[test]
    fn the_standards_own_examples() {
        let h31 =
            b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B";
        let set = CharacterSet::parse(b"\\ISO 2022 IR 87");
        assert_eq!(set.decode(h31), "Yamada^Tarou=山田^太郎=やまだ^たろう");
        let h32 = b"\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J";
        let set = CharacterSet::parse(b"ISO 2022 IR 13\\ISO 2022 IR 87");
        assert_eq!(set.decode(h32), "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
        let korean = b"Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF";
        let set = CharacterSet::parse(b"\\ISO 2022 IR 149");
        assert_eq!(set.decode(korean), "Hong^Gildong=洪^吉洞=홍^길동");
        let chinese = b"Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB";
        let set = CharacterSet::parse(b"GB18030");
        assert_eq!(set.decode(chinese), "Wang^XiaoDong=王^小东");
        let set = CharacterSet::parse(b"ISO_IR 100");
        assert_eq!(set.decode(b"Buc^J\xE9r\xF4me"), "Buc^Jérôme");
        assert!(set.is_known());
        assert!(!CharacterSet::parse(b"KLINGON").is_known());
    }

    #[test]
    fn a_text_is_found_in_every_encoding_that_holds_it() {
        let forms = encodings_of("山田");
        assert!(forms.iter().any(|f| f == b";3ED"));
        assert!(forms.iter().any(|f| f == "山田".as_bytes()));
        assert!(
            encodings_of("Jérôme")
                .iter()
                .filter(|f| f.len() == 6)
                .count()
                > 0
        );
        assert!(encodings_of("ABC").contains(&b"ABC".to_vec()));
    }
}
