//! Finding out how the text of a CSV file is encoded.
//!
//! UTF-8 is what it is if it reads as UTF-8 without an error: text of another encoding
//! does not, save by a chance that shrinks with every accented letter. What is left,
//! from a Western hospital's spreadsheet, is Windows-1252.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::TableError;
use crate::table::Encoding;

/// The text and its encoding.
pub(crate) fn decode(
    bytes: &[u8],
    said: Option<Encoding>,
) -> Result<(String, Encoding), TableError> {
    let marked = match bytes {
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8),
        _ => None,
    };
    let encoding = said.or(marked).unwrap_or_else(|| {
        if std::str::from_utf8(bytes).is_ok() {
            Encoding::Utf8
        } else {
            Encoding::Windows1252
        }
    });
    let decoder = match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Windows1252 => WINDOWS_1252,
    };
    let (text, broken) = decoder.decode_with_bom_removal(bytes);
    if broken {
        return Err(TableError::Encoding);
    }
    // Text has no control characters but tabulators and ends of lines; the five bytes that
    // Windows-1252 does not assign come out as such, too.
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0B' | '\x0C');
    if text.contains(control) {
        return Err(TableError::NotATable);
    }
    Ok((text.into_owned(), encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_encodings() {
        let read = |b: &[u8]| decode(b, None).expect("text");
        assert_eq!(read("Größe".as_bytes()), ("Größe".into(), Encoding::Utf8));
        assert_eq!(read(b"\xEF\xBB\xBFa"), ("a".into(), Encoding::Utf8));
        assert_eq!(
            read(b"Gr\xF6\xDFe \x80"),
            ("Größe €".into(), Encoding::Windows1252)
        );
        assert_eq!(read(b"\xFF\xFEa\0\xE9\0"), ("aé".into(), Encoding::Utf16Le));
        assert_eq!(
            decode(b"a\0b\0", None),
            Err(TableError::NotATable),
            "UTF-16 without a mark is not guessed"
        );
        assert_eq!(
            decode(b"\xF6", Some(Encoding::Utf8)),
            Err(TableError::Encoding)
        );
    }
}
