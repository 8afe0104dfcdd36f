//! Back into the bytes that (0008,0005) allows, for the few values that are written anew.
//!
//! A text is encoded only when it reads back as itself: what the declared sets cannot
//! hold has no bytes, and whoever asks has to take the value out.

use encoding_rs::Encoding;

use super::CharacterSet;

impl CharacterSet {
    /// The bytes of one value in the declared character sets; `None` when they cannot hold it.
    #[must_use]
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        if text.is_ascii() {
            return (!text.contains('\u{1B}')).then(|| text.as_bytes().to_vec());
        }
        let plain = |encoding: &'static Encoding| {
            let (bytes, _, unmappable) = encoding.encode(text);
            (!unmappable).then(|| bytes.into_owned())
        };
        if let Some(bytes) = plain(self.first)
            && !bytes.contains(&0x1B)
            && self.decode(&bytes) == text
        {
            return Some(bytes);
        }
        if !self.escapes {
            return None;
        }
        self.declared
            .iter()
            .filter_map(|set| self.escaped(text, set))
            .find(|bytes| self.decode(bytes) == text)
    }

    /// ISO 2022 (PS3.5 section 6.1.2.5): every run outside ASCII behind the escape of its set,
    /// and back to the first set before the value ends.
    fn escaped(&self, text: &str, set: &'static Encoding) -> Option<Vec<u8>> {
        if set == encoding_rs::SHIFT_JIS {
            // The encoder writes the escapes of JIS X 0208 itself.
            let (bytes, _, unmappable) = encoding_rs::ISO_2022_JP.encode(text);
            return (!unmappable).then(|| bytes.into_owned());
        }
        let escape = escape_of(set)?;
        let mut out = Vec::with_capacity(text.len() + 8);
        let mut outside = false;
        for c in text.chars() {
            let mut buffer = [0; 4];
            let one: &str = c.encode_utf8(&mut buffer);
            if !c.is_ascii() && !outside {
                out.extend_from_slice(escape);
                outside = true;
            } else if c.is_ascii() && outside {
                out.extend_from_slice(b"\x1B(B");
                outside = false;
            }
            let (bytes, _, unmappable) = set.encode(one);
            if unmappable {
                return None;
            }
            out.extend_from_slice(&bytes);
        }
        if outside {
            out.extend_from_slice(b"\x1B(B");
        }
        Some(out)
    }
}

/// The escape sequence that designates a set (PS3.3 tables C.12-3 and C.12-4).
fn escape_of(set: &'static Encoding) -> Option<&'static [u8]> {
    use encoding_rs as e;
    const SETS: [(&Encoding, &[u8]); 12] = [
        (e::EUC_KR, b"\x1B$)C"),
        (e::GBK, b"\x1B$)A"),
        (e::WINDOWS_1252, b"\x1B-A"),
        (e::ISO_8859_2, b"\x1B-B"),
        (e::ISO_8859_3, b"\x1B-C"),
        (e::ISO_8859_4, b"\x1B-D"),
        (e::ISO_8859_5, b"\x1B-L"),
        (e::ISO_8859_6, b"\x1B-G"),
        (e::ISO_8859_7, b"\x1B-F"),
        (e::ISO_8859_8, b"\x1B-H"),
        (e::WINDOWS_1254, b"\x1B-M"),
        (e::WINDOWS_874, b"\x1B-T"),
    ];
    SETS.iter()
        .find(|(encoding, _)| *encoding == set)
        .map(|(_, escape)| *escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_back_into_its_own_set_and_into_no_other() {
        for (declared, text) in [
            (&b""[..], "plain"),
            (b"ISO_IR 100", "J\u{e9}r\u{f4}me"),
            (b"ISO_IR 101", "\u{160}m\u{ed}d"),
            (b"ISO_IR 144", "\u{418}\u{432}\u{430}\u{43d} MRT"),
            (b"ISO_IR 192", "\u{5c71}\u{7530} PERSON"),
            (b"GB18030", "\u{738b} PERSON"),
            (b"\\ISO 2022 IR 87", "\u{5c71}\u{7530} MRI \u{982d}\u{90e8}"),
            (b"ISO 2022 IR 13\\ISO 2022 IR 87", "\u{982d}\u{90e8} MRI"),
            (b"\\ISO 2022 IR 149", "\u{b450}\u{bd80} MRI \u{b1cc}"),
            (b"\\ISO 2022 IR 58", "\u{5934}\u{90e8} MRI"),
            (b"ISO 2022 IR 6\\ISO 2022 IR 100", "Sch\u{e4}del"),
        ] {
            let set = CharacterSet::parse(declared);
            let bytes = set.encode(text).expect("encodable");
            assert_eq!(set.decode(&bytes), text);
        }
        assert_eq!(CharacterSet::parse(b"ISO_IR 100").encode("\u{5c71}"), None);
        assert_eq!(
            CharacterSet::parse(b"ISO_IR 144").encode("\u{e9}\u{5c71}"),
            None
        );
    }
}
