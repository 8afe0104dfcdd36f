//! Cyrillic, Greek and Japanese kana in Latin letters, where that is cheap.
//!
//! A passport has one romanisation (here: ICAO's for Cyrillic, ELOT's for Greek,
//! Hepburn's for kana); people use several. Text is folded to the first; a known
//! name is looked for in the others too.

/// Appends the romanised letter; false when the script is not one of these.
pub(crate) fn push(c: char, out: &mut Vec<u8>) -> bool {
    match c {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => greek(c, out),
        '\u{400}'..='\u{4ff}' => cyrillic(c, out),
        '\u{3041}'..='\u{30ff}' => kana(c, out),
        _ => false,
    }
}

fn cyrillic(c: char, out: &mut Vec<u8>) -> bool {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let latin = match lower {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'є' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'і' | 'ї' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "iu",
        'я' => "ia",
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ђ' => "dj",
        'ћ' => "c",
        'џ' => "dz",
        _ => return false,
    };
    out.extend_from_slice(latin.as_bytes());
    true
}

fn greek(c: char, out: &mut Vec<u8>) -> bool {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let latin = match lower {
        'α' | 'ά' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' | 'έ' => "e",
        'ζ' => "z",
        'η' | 'ή' | 'ι' | 'ί' | 'ϊ' | 'ΐ' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ό' | 'ω' | 'ώ' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'υ' | 'ύ' | 'ϋ' | 'ΰ' => {
            if out.last() == Some(&b'o') {
                "u"
            } else {
                "y"
            }
        }
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => return false,
    };
    out.extend_from_slice(latin.as_bytes());
    true
}

/// The rows of the syllabary from the small a on; "-" is a small letter that joins the
/// one before, "~" doubles the consonant that follows.
const KANA: [&str; 86] = [
    "a", "a", "i", "i", "u", "u", "e", "e", "o", "o", "ka", "ga", "ki", "gi", "ku", "gu", "ke",
    "ge", "ko", "go", "sa", "za", "shi", "ji", "su", "zu", "se", "ze", "so", "zo", "ta", "da",
    "chi", "ji", "~", "tsu", "zu", "te", "de", "to", "do", "na", "ni", "nu", "ne", "no", "ha",
    "ba", "pa", "hi", "bi", "pi", "fu", "bu", "pu", "he", "be", "pe", "ho", "bo", "po", "ma", "mi",
    "mu", "me", "mo", "-ya", "ya", "-yu", "yu", "-yo", "yo", "ra", "ri", "ru", "re", "ro", "wa",
    "wa", "i", "e", "o", "n", "vu", "ka", "ke",
];

fn kana(c: char, out: &mut Vec<u8>) -> bool {
    let at = match c {
        '\u{3041}'..='\u{3096}' => u32::from(c) - 0x3041,
        '\u{30a1}'..='\u{30f6}' => u32::from(c) - 0x30a1,
        'ー' => return true,
        _ => return false,
    };
    let Some(latin) = KANA.get(at as usize) else {
        return false;
    };
    if *latin == "~" {
        out.push(b'~');
        return true;
    }
    if out.last() == Some(&b'~') {
        out.pop();
        let first = latin.as_bytes()[0];
        out.push(if latin.starts_with("ch") { b't' } else { first });
    }
    if let Some(small) = latin.strip_prefix('-') {
        if out.last() == Some(&b'i') {
            out.pop();
        }
        let sibilant = out.ends_with(b"sh") || out.ends_with(b"ch") || out.ends_with(b"j");
        let tail = if sibilant { &small[1..] } else { small };
        out.extend_from_slice(tail.as_bytes());
        return true;
    }
    out.extend_from_slice(latin.as_bytes());
    true
}

/// The other romanisations of a known name in whatever script it stands in the header.
pub(crate) fn variants(original: &str, folded: &str) -> Vec<String> {
    let mut all = Vec::new();
    let has = |range: std::ops::RangeInclusive<char>| original.chars().any(|c| range.contains(&c));
    if has('\u{400}'..='\u{4ff}') {
        for scheme in [&ENGLISH[..], &GERMAN[..], &SCHOLARLY[..]] {
            all.push(replaced(folded, scheme));
        }
    } else if original.chars().all(|c| c.is_ascii() || c < '\u{250}') {
        // How a Latin spelling comes back when the text has it in Cyrillic.
        all.push(replaced(folded, &TO_ICAO));
        // Russian writes a German or English h as г or as х.
        if let Some(rest) = folded.strip_prefix('h') {
            all.push(format!("g{rest}"));
            all.push(format!("kh{rest}"));
        }
        // Long vowels of Japanese, written and not written.
        all.push(replaced(folded, &[("ou", "o"), ("oo", "o"), ("uu", "u")]));
    }
    if has('\u{3041}'..='\u{30ff}') {
        all.push(replaced(folded, &[("ou", "o"), ("oo", "o"), ("uu", "u")]));
    }
    if has('\u{370}'..='\u{3ff}') {
        all.push(replaced(folded, &[("v", "b"), ("ch", "h"), ("y", "i")]));
        all.push(replaced(folded, &[("f", "ph"), ("mp", "b"), ("nt", "d")]));
    }
    all.retain(|v| v != folded && v.len() > 2);
    all
}

const ENGLISH: [(&str, &str); 4] = [("ii", "y"), ("ia", "ya"), ("iu", "yu"), ("ei", "ey")];
const GERMAN: [(&str, &str); 10] = [
    ("iia", "ia"),
    ("shch", "schtsch"),
    ("kh", "ch"),
    ("ch", "tsch"),
    ("sh", "sch"),
    ("zh", "sch"),
    ("ts", "z"),
    ("ia", "ja"),
    ("iu", "ju"),
    ("v", "w"),
];
const SCHOLARLY: [(&str, &str); 7] = [
    ("kh", "h"),
    ("zh", "z"),
    ("sh", "s"),
    ("ch", "c"),
    ("ts", "c"),
    ("ia", "ja"),
    ("iu", "ju"),
];
const TO_ICAO: [(&str, &str); 10] = [
    ("tsch", "ch"),
    ("sch", "sh"),
    ("ya", "ia"),
    ("ja", "ia"),
    ("yu", "iu"),
    ("ju", "iu"),
    ("ey", "ei"),
    ("ay", "ai"),
    ("iy", "ii"),
    ("w", "v"),
];

/// One pass from left to right, the first rule that fits.
fn replaced(word: &str, rules: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    let mut rest = word;
    'next: while let Some(c) = rest.chars().next() {
        for (from, to) in rules {
            if let Some(tail) = rest.strip_prefix(from) {
                out.push_str(to);
                rest = tail;
                continue 'next;
            }
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}
