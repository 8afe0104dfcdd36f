//! One spelling for all spellings: lower case, no accents, Latin letters.
//!
//! The header says "Müller", the comment "MUELLER", the overlay "Muller" and the
//! Cyrillic report "Мюллер". Text is folded to one form as it is read; the known
//! names are folded to that form and to its usual variants.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::romanise;

/// The sort of a character, as far as words are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A letter of an alphabet.
    Letter,
    /// A decimal digit.
    Digit,
    /// A letter of a script without spaces between words.
    Dense,
    /// Nothing to see: combining marks, soft hyphens, zero-width characters.
    Silent,
    /// All else.
    Other,
}

pub(crate) fn class(c: char) -> Class {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' => Class::Letter,
            '0'..='9' => Class::Digit,
            _ => Class::Other,
        };
    }
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => Class::Silent,
        '\u{b2}' | '\u{b3}' | '\u{b9}' | 'ª' | 'º' => Class::Other,
        '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'
        | '々'
        | '\u{20000}'..='\u{3134f}' => Class::Dense,
        _ if digit(c).is_some() => Class::Digit,
        _ if is_combining_mark(c) => Class::Silent,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

/// The ASCII digit of a decimal digit of the scripts that are in use in hospitals.
pub(crate) fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero))
        .ok()
        .map(|d| b'0' + d)
}

/// Appends the folded form of one letter.
pub(crate) fn push(c: char, out: &mut Vec<u8>) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase() as u8);
        return;
    }
    if let Some(d) = digit(c) {
        out.push(d);
        return;
    }
    if let Some(s) = special(c) {
        out.extend_from_slice(s.as_bytes());
        return;
    }
    if romanise::push(c, out) {
        return;
    }
    if matches!(c, '\u{ac00}'..='\u{d7a3}') {
        push_raw(c, out);
        return;
    }
    decompose_compatible(c, |d| {
        if is_combining_mark(d) {
            return;
        }
        for l in d.to_lowercase() {
            if l.is_ascii_alphanumeric() {
                out.push(l as u8);
            } else if let Some(s) = special(l) {
                out.extend_from_slice(s.as_bytes());
            } else if !is_combining_mark(l) && !romanise::push(l, out) && l.is_alphabetic() {
                push_raw(l, out);
            }
        }
    });
}

fn push_raw(c: char, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
}

/// Letters that do not come apart into a base letter and marks.
fn special(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        'ħ' | 'Ħ' => "h",
        'ŋ' | 'Ŋ' => "n",
        'ſ' => "s",
        'ə' | 'Ə' => "e",
        'µ' => "u",
        _ => return None,
    })
}

/// The folded letters and digits of a text, all else left out.
pub(crate) fn squeeze(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        if matches!(class(c), Class::Letter | Class::Digit | Class::Dense) {
            push(c, &mut out);
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// The folded word and the other spellings of it that are in use: "Müller" also as
/// "mueller", "Mueller" also as "muller", "Sergey" also as "sergei".
pub(crate) fn spellings(word: &str) -> Vec<String> {
    let mut all = vec![squeeze(word)];
    // The letters that are written as two where the keyboard has no accents.
    let wide: String = word
        .chars()
        .flat_map(|c| match c {
            'ä' | 'Ä' => vec!['a', 'e'],
            'ö' | 'Ö' | 'ø' | 'Ø' => vec!['o', 'e'],
            'ü' | 'Ü' => vec!['u', 'e'],
            'å' | 'Å' => vec!['a', 'a'],
            c => vec![c],
        })
        .collect();
    add(&mut all, squeeze(&wide));
    let narrow = narrow(&all[0]);
    add(&mut all, narrow);
    for extra in romanise::variants(word, &all[0]) {
        add(&mut all, extra);
    }
    all
}

/// How else a name with letters beyond ASCII may stand in a file, in bytes that nobody reads as text:
/// in capitals, in small letters, without its accents, in Latin letters. The name itself is not
/// among them. One in ASCII has few, because those who search for it ignore its case: "Mueller" as
/// "muller", "O'Neill" as "ONeill".
#[must_use]
pub fn other_spellings(value: &str) -> Vec<String> {
    let mut all = Vec::new();
    if value.is_ascii() {
        if value.contains('\'') {
            add(&mut all, value.replace('\'', ""));
            add(&mut all, value.replace('\'', " "));
        }
        let lower = value.to_ascii_lowercase();
        let narrow = narrow(&lower);
        if narrow != lower && narrow.len() >= 4 {
            add(&mut all, narrow);
        }
        return all;
    }
    for cased in [value.to_uppercase(), value.to_lowercase()] {
        if cased != value {
            add(&mut all, cased);
        }
    }
    // Word by word, so that what stands between them stays: "Müller^Jürgen" is "mueller^juergen".
    let parts: Vec<(String, Option<char>)> = parts(value);
    let most = parts.iter().map(|(w, _)| spellings(w).len()).max();
    for n in 0..most.unwrap_or(0) {
        let mut out = String::new();
        for (word, after) in &parts {
            let ways = spellings(word);
            out += ways.get(n).or(ways.last()).map_or("", String::as_str);
            out.extend(*after);
        }
        if out != value && out.chars().count() >= 2 {
            add(&mut all, out);
        }
    }
    all
}

/// The words of a value, each with what ends it.
fn parts(value: &str) -> Vec<(String, Option<char>)> {
    let mut out = Vec::new();
    let mut word = String::new();
    for c in value.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() {
            out.push((std::mem::take(&mut word), Some(c)));
        } else {
            word.push(c);
        }
    }
    out.push((word, None));
    out
}

fn add(all: &mut Vec<String>, word: String) {
    if !word.is_empty() && !all.contains(&word) {
        all.push(word);
    }
}

/// "mueller" as "muller", but "bauer" as "bauer".
fn narrow(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    let mut i = 0;
    while i < letters.len() {
        out.push(letters[i]);
        let after_vowel = i > 0 && matches!(letters[i - 1], 'a' | 'e' | 'i' | 'o' | 'u' | 'q');
        let umlaut = matches!(letters[i], 'a' | 'o' | 'u')
            && letters.get(i + 1) == Some(&'e')
            && !after_vowel;
        i += if umlaut { 2 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_other_spellings_in_bytes() {
        let of = |name: &str| other_spellings(name);
        assert!(of("Quibberly").is_empty());
        assert_eq!(of("Mueller^Juergen"), ["muller^jurgen"]);
        assert_eq!(of("O'Neill"), ["ONeill", "O Neill"]);
        let jung = of("Lückemann^Jörg");
        for one in [
            "LÜCKEMANN^JÖRG",
            "lückemann^jörg",
            "luckemann^jorg",
            "lueckemann^joerg",
        ] {
            assert!(jung.iter().any(|s| s == one), "{one} {jung:?}");
        }
        assert!(of("Иванов").iter().any(|s| s == "ivanov"));
    }

    #[test]
    fn one_form_for_all_spellings() {
        assert_eq!(squeeze("Müller"), "muller");
        assert_eq!(squeeze("Łukasz Żółć"), "lukaszzolc");
        assert_eq!(squeeze("Straße"), "strasse");
        assert_eq!(squeeze("Nguyễn"), "nguyen");
        assert_eq!(squeeze("ＡＢＣ１２"), "abc12");
        assert_eq!(squeeze("Иванов"), "ivanov");
        assert_eq!(squeeze("Παπαδόπουλος"), "papadopoulos");
        assert_eq!(squeeze("やまだ"), "yamada");
        assert_eq!(squeeze("キョウコ"), "kyouko");
        assert_eq!(squeeze("はっとり"), "hattori");
    }

    #[test]
    fn the_usual_variants() {
        assert!(spellings("Müller").contains(&"mueller".to_owned()));
        assert!(spellings("Mueller").contains(&"muller".to_owned()));
        assert_eq!(spellings("Bauer"), ["bauer"]);
        assert!(spellings("Sergey").contains(&"sergei".to_owned()));
        assert!(spellings("Юлия").contains(&"julia".to_owned()));
        assert!(spellings("Tarou").contains(&"taro".to_owned()));
    }
}
