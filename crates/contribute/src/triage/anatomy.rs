//! Whether a head may be in the picture, from body part, region codes and descriptions.

use cordon_dicom::{CharacterSet, DataSet, Value, tag, tags};
use cordon_protocol::{Code, Finding, Tag};

use super::words::{
    ELSEWHERE, ELSEWHERE_JOINED, HEAD, HEAD_ACCENTED, HEAD_BEGIN, HEAD_INSIDE, HEAD_JOINED,
    HEAD_LETTERS,
};

/// What is said about a head: that there may be one, that nothing excludes it, or nothing.
pub(super) fn head(data: &DataSet<'_>) -> Option<Finding> {
    let set = data.character_set(&CharacterSet::default());
    let mut texts = Vec::new();
    for t in [
        tags::BODY_PART_EXAMINED,
        tags::STUDY_DESCRIPTION,
        tags::SERIES_DESCRIPTION,
        tags::PROTOCOL_NAME,
        tags::REQUESTED_PROCEDURE_DESCRIPTION,
        tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION,
        tags::IMAGE_COMMENTS,
        tags::STRUCTURE_SET_LABEL,
        tags::STRUCTURE_SET_NAME,
        tags::CONTENT_LABEL,
        tags::CONTENT_DESCRIPTION,
        tags::SCAN_OPTIONS,
        tags::RECEIVE_COIL_NAME,
    ] {
        read(data, tag(t), &set, &mut texts);
    }
    regions(data, &set, &mut texts, 0);
    let place = tag(tags::BODY_PART_EXAMINED);
    let mut elsewhere = false;
    for text in &texts {
        let said = Said::of(text);
        if said.head() {
            return Some(Finding::at(Code::Head, place));
        }
        elsewhere |= said.elsewhere();
    }
    (!elsewhere).then(|| Finding::at(Code::HeadUnknown, place))
}

/// The values of an attribute. What is not in the character set that the object declares, as many
/// are not, is read as what it probably is as well.
fn read(data: &DataSet<'_>, at: Tag, set: &CharacterSet, texts: &mut Vec<String>) {
    texts.extend(data.strings_in(at, set));
    let Some(bytes) = data.get(at).and_then(cordon_dicom::Element::bytes) else {
        return;
    };
    if bytes.is_ascii() {
        return;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => texts.extend(text.split('\\').map(str::to_owned)),
        Err(_) => {
            let text: String = bytes.iter().map(|b| char::from(*b)).collect();
            texts.extend(text.split('\\').map(str::to_owned));
        }
    }
}

/// One text, in the ways in which it can be read.
struct Said {
    /// In capitals, with its accents.
    capitals: String,
    /// Words of letters, every other character between them.
    words: Vec<String>,
    /// The same with hyphens, points and apostrophes taken out instead.
    closed: Vec<String>,
    /// Words of letters and digits.
    tokens: Vec<String>,
}

impl Said {
    fn of(text: &str) -> Self {
        let capitals = text.to_uppercase();
        let folded = fold(&capitals);
        let closed: String = folded.chars().filter(|c| !is_hyphen(*c)).collect();
        Self {
            words: split(&folded, char::is_alphabetic),
            closed: split(&closed, char::is_alphabetic),
            tokens: split(&folded, char::is_alphanumeric),
            capitals,
        }
    }

    fn head(&self) -> bool {
        let said = |word: &String| {
            let word = word.as_str();
            HEAD.contains(&word)
                || HEAD_BEGIN.iter().any(|begin| word.starts_with(begin))
                || HEAD_INSIDE.iter().any(|part| word.contains(part))
        };
        // "CT-spine" is not the term CTSPINE, cervical and thoracic.
        let closed = self.closed.iter().filter(|w| *w != "CTSPINE");
        self.words.iter().chain(closed).any(said)
            || self.joined(|j| HEAD_JOINED.iter().any(|phrase| j.starts_with(phrase)))
            || ["H&N", "H/N", "H+N"]
                .iter()
                .any(|n| self.capitals.replace(' ', "").contains(n))
            || HEAD_LETTERS.iter().any(|l| self.capitals.contains(l))
            || split(&self.capitals, char::is_alphabetic)
                .iter()
                .any(|w| HEAD_ACCENTED.contains(&w.as_str()))
            || self.cervical_spine()
    }

    fn elsewhere(&self) -> bool {
        let said = |word: &String| ELSEWHERE.contains(&word.as_str());
        self.words.iter().chain(&self.closed).any(said)
            || self.joined(|j| ELSEWHERE_JOINED.contains(&j))
    }

    /// Whether something is said by one word, or by two or three in a row written as one.
    fn joined(&self, says: impl Fn(&str) -> bool) -> bool {
        let letters = |t: &String| t.chars().all(char::is_alphabetic);
        (0..self.tokens.len()).any(|from| {
            let mut phrase = String::new();
            self.tokens
                .iter()
                .skip(from)
                .take(3)
                .take_while(|t| letters(t))
                .any(|t| {
                    phrase.push_str(t);
                    says(&phrase)
                })
        })
    }

    /// "C/T/L spine", "C3-C7", "C5/6", "C7-Th1".
    fn cervical_spine(&self) -> bool {
        const AND: [&str; 10] = ["C", "T", "TH", "D", "L", "S", "LS", "AND", "UND", "ET"];
        const SPINE: [&str; 4] = ["SPINE", "WIRBEL", "RACHIS", "COLUMN"];
        let level = |token: &str, names: &[&str]| {
            names.iter().any(|name| {
                token
                    .strip_prefix(name)
                    .is_some_and(|n| n.parse::<u8>().is_ok_and(|n| (1..=12).contains(&n)))
            })
        };
        (0..self.tokens.len()).any(|at| {
            let mut rest = self.tokens.iter().skip(at).map(String::as_str);
            let first = rest.next().unwrap_or_default();
            if first == "C" {
                return rest
                    .find(|t| !AND.contains(t))
                    .is_some_and(|t| SPINE.iter().any(|spine| t.starts_with(spine)));
            }
            let next = rest.next().unwrap_or_default();
            first.len() == 2
                && (first == "C0" || level(first, &["C"]))
                && level(next, &["C", "T", "TH", "D", "BWK", ""])
        })
    }
}

fn split(text: &str, is_part: impl Fn(char) -> bool) -> Vec<String> {
    text.split(|c| !is_part(c))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

const fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '.' | '\'' | '`' | '\u{B4}' | '\u{2010}'
            ..='\u{2015}' | '\u{2018}' | '\u{2019}' | '\u{2212}'
    )
}

/// Capital letters without their accents, and without what only breaks a line.
fn fold(capitals: &str) -> String {
    let mut out = String::with_capacity(capitals.len());
    for c in capitals.chars() {
        let plain = match c {
            'À'..='Å' | 'Ā' | 'Ă' | 'Ą' | 'Ǎ' | 'Ả' | 'Ạ' => "A",
            'Æ' => "AE",
            'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
            'Ď' | 'Đ' | 'Ð' => "D",
            'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
            'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
            'Ĥ' | 'Ħ' => "H",
            'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
            'Ĵ' => "J",
            'Ķ' => "K",
            'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
            'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
            'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
            'Œ' => "OE",
            'Ŕ' | 'Ŗ' | 'Ř' => "R",
            'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
            'ẞ' | 'ß' => "SS",
            'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
            'Þ' => "TH",
            'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
            'Ŵ' => "W",
            'Ý' | 'Ÿ' | 'Ŷ' => "Y",
            'Ź' | 'Ż' | 'Ž' => "Z",
            'Ά' => "Α",
            'Έ' => "Ε",
            'Ή' => "Η",
            'Ί' | 'Ϊ' => "Ι",
            'Ό' => "Ο",
            'Ύ' => "Υ",
            'Ώ' => "Ω",
            'ª' | 'º' | 'ʹ'..='ˁ' => " ",
            '\u{300}'..='\u{36F}'
            | '\u{AD}'
            | '\u{200B}'..='\u{200D}'
            | '\u{2060}'
            | '\u{FEFF}' => "",
            // Full width, as Japanese systems write Latin letters.
            'Ａ'..='Ｚ' => {
                let ascii = u32::from(c) - u32::from('Ａ') + u32::from('A');
                out.extend(char::from_u32(ascii));
                continue;
            }
            other => {
                out.push(other);
                continue;
            }
        };
        out.push_str(plain);
    }
    out
}

/// Meanings of anatomic region codes and segment names, at the depths where objects keep them.
fn regions(data: &DataSet<'_>, set: &CharacterSet, texts: &mut Vec<String>, depth: usize) {
    const SEQUENCES: [u32; 9] = [
        0x0008_2218, // Anatomic Region Sequence
        0x0008_2228, // Primary Anatomic Structure Sequence
        0x5200_9229, // Shared Functional Groups Sequence
        0x0020_9071, // Frame Anatomy Sequence
        0x0062_0002, // Segment Sequence
        0x0062_000F, // Segmented Property Type Code Sequence
        0x3006_0020, // Structure Set ROI Sequence
        0x0040_A168, // Concept Code Sequence
        0x0018_9346, // CTDI Phantom Type Code Sequence: "head phantom"
    ];
    if depth > 3 {
        return;
    }
    for element in &data.elements {
        if !SEQUENCES.contains(&element.tag.0) {
            continue;
        }
        let Value::Items(items) = &element.value else {
            continue;
        };
        for item in items.iter().take(256) {
            for t in [
                Tag(0x0008_0104), // Code Meaning
                Tag(0x0062_0005), // Segment Label
                Tag(0x3006_0026), // ROI Name
            ] {
                read(item, t, set, texts);
            }
            regions(item, set, texts, depth + 1);
        }
    }
}
