//! What holds for every text: no panic, nothing of the known identity is left, twice is once.

mod common;

use common::cleaner;
use cordon_words::{Kind, KnownIdentity, TextCleaner, is_vocabulary};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const KINDS: [Kind; 4] = [Kind::Descriptor, Kind::Comment, Kind::Report, Kind::Label];

/// A folding of its own, so that the test does not lean on what it tests.
fn folded(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn patient(family: &str, given: &str, id: &str) -> TextCleaner {
    TextCleaner::new(
        &KnownIdentity {
            patient_name: vec![format!("{family}^{given}")],
            ids: vec![id.to_owned()],
            ..KnownIdentity::default()
        },
        None,
    )
}

/// How a name is written by people in a hurry.
fn mangled(name: &str, way: u8) -> String {
    match way % 7 {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name
            .chars()
            .map(|c| format!("{c} "))
            .collect::<String>()
            .to_uppercase(),
        3 => format!("_{name}_"),
        4 => format!("{name}12"),
        5 => {
            let at = name.char_indices().nth(3).map_or(0, |(i, _)| i);
            format!("{}\n{}", &name[..at], &name[at..])
        }
        _ => name.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(1_500)
    })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}", shift in -5_000_i64..5_000) {
        for kind in KINDS {
            for shift in [None, Some(shift)] {
                let outcome = cleaner(shift).clean(&text, kind);
                for span in outcome.removed.iter().chain(&outcome.uncertain) {
                    prop_assert!(text.get(span.start..span.end).is_some());
                }
            }
        }
    }

    #[test]
    fn texts_of_dates_and_numbers_do_not_panic(text in "[0-9 ./:,A-Za-zäéß年月日\u{301}+()#@-]{0,60}") {
        for kind in KINDS {
            let _ = cleaner(Some(i64::MAX)).clean(&text, kind);
            let _ = cleaner(Some(-33)).clean(&text, kind);
        }
    }

    #[test]
    fn nothing_known_is_left(
        family in "[A-Z][aeiouáü][bdgklmnprtvz][aeiou][bdgklmnprst]{1,2}[aeiou]x?",
        given in "[A-Z][aeio][lmnrv][aeiouéö][lmnrs][aeiou]?",
        id in "[A-Z]{0,2}[0-9]{6,9}",
        before in "(T2 FLAIR |Kopf nativ |No acute |Status post )",
        after in "( axial| left knee|, no fracture| 5 mm)",
        ways in proptest::array::uniform3(any::<u8>()),
    ) {
        prop_assume!(!is_vocabulary(&family) && !is_vocabulary(&given) && id.bytes().any(|b| (b'1'..=b'9').contains(&b)));
        let cleaner = patient(&family, &given, &id);
        let id_text: String = id.chars().enumerate().map(|(i, c)| if i == 3 { format!("-{c}") } else { c.to_string() }).collect();
        let text = format!("{before}{} {} {id_text}{after}", mangled(&family, ways[0]), mangled(&given, ways[1]));
        for kind in KINDS {
            let outcome = cleaner.clean(&text, kind);
            // What is uncertain is shown to a person and goes when that person says so.
            let left = folded(if outcome.uncertain.is_empty() { &outcome.text } else { &outcome.strict });
            prop_assert!(!left.contains(&folded(&family)), "{text:?} {:?}", outcome.text);
            prop_assert!(given.len() < 4 || !left.contains(&folded(&given)), "{text:?} {:?}", outcome.text);
            prop_assert!(!left.contains(&folded(&id)), "{text:?} {:?}", outcome.text);
        }
    }

    #[test]
    fn twice_is_once(parts in proptest::collection::vec(prop::sample::select(vec![
        "Hans", "Müller", "MUELLER", "Dr.", "Featherstone", "PAT-123.456", "04.03.2021", "March 3, 2021", "tel", "0221 478999",
        "Quellbach", "knee", "MRT", "Klinikum", "Hospital", "St. Mary's", "5 mm", "T2", ",", "-", "_", "95 years", "H.", "MRN", "12345678",
        "Patient", "from", "Heidelberg", "50667", "Köln", "Hauptstr. 5", "a@b.example", "Name:", "Anna", "Mr", "Hodgkin", "\n", "(", ")", ":",
    ]), 1..9), glue in prop::sample::select(vec![" ", "", "_"])) {
        let text = parts.join(glue);
        for kind in KINDS {
            let once = cleaner(None).clean(&text, kind).text;
            let twice = cleaner(None).clean(&once, kind).text;
            prop_assert_eq!(&once, &twice, "{:?}", text);
        }
    }

    #[test]
    fn intervals_are_exact(day in 1_u32..29, month in 1_u32..13, year in 1950_u32..2030, gap in 0_i64..9_000, shift in -9_000_i64..9_000) {
        // Shifting by the gap and then by the rest is shifting by both.
        let date = format!("{year:04}-{month:02}-{day:02}");
        let one = cleaner(Some(gap)).clean(&date, Kind::Report).text;
        let both = cleaner(Some(shift)).clean(&one, Kind::Report).text;
        let direct = cleaner(Some(gap + shift)).clean(&date, Kind::Report).text;
        prop_assert_eq!(both, direct);
    }
}
