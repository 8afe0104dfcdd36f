//! One spelling for comparing: lower case, no accents, Latin letters where there are any.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The folded text: "Müller" and "MULLER" come out alike.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        for l in c.to_lowercase() {
            match l {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'ø' => out.push('o'),
                'đ' | 'ð' => out.push('d'),
                'þ' => out.push_str("th"),
                'ł' => out.push('l'),
                'ı' => out.push('i'),
                l if is_combining_mark(l) => {}
                l => out.push(l),
            }
        }
    }
    out
}

/// The folded text with umlauts written as two letters: "Müller" as "mueller".
pub(crate) fn fold_wide(text: &str) -> String {
    let wide: String = text
        .nfc()
        .flat_map(|c| {
            let two = match c {
                'ä' | 'Ä' => ['a', 'e'],
                'ö' | 'Ö' | 'ø' | 'Ø' => ['o', 'e'],
                'ü' | 'Ü' => ['u', 'e'],
                'å' | 'Å' => ['a', 'a'],
                c => [c, '\0'],
            };
            two.into_iter().filter(|c| *c != '\0')
        })
        .collect();
    fold(&wide)
}

/// Splits folded text where words and numbers end; digits and letters are apart.
pub(crate) fn tokens(folded: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut last = 0_u8;
    let sort = |c: char| {
        if c.is_numeric() {
            2
        } else {
            u8::from(c.is_alphanumeric())
        }
    };
    for (at, c) in folded.char_indices() {
        let now = sort(c);
        if now != last {
            if last != 0 {
                out.extend(folded.get(start..at));
            }
            start = at;
            last = now;
        }
    }
    if last != 0 {
        out.extend(folded.get(start..));
    }
    out
}

/// The number in a cell, with a decimal point or a decimal comma.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let bytes = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
    let plain = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b".,eE+-".contains(b))
        && bytes.iter().filter(|b| b".,".contains(b)).count() <= 1;
    if !plain {
        return None;
    }
    text.replace(',', ".")
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_come_together() {
        assert_eq!(fold("MÜLLER"), "muller");
        assert_eq!(fold_wide("Müller"), "mueller");
        assert_eq!(fold("Łódź"), "lodz");
        assert_eq!(
            tokens("mrn4711, anna-maria"),
            ["mrn", "4711", "anna", "maria"]
        );
    }

    #[test]
    fn numbers_of_both_habits() {
        assert_eq!(number("-1,5"), Some(-1.5));
        assert_eq!(number(" 12 "), Some(12.0));
        assert_eq!(number("1.2.3"), None);
        assert_eq!(number("-A1"), None);
        assert_eq!(number("="), None);
    }
}
