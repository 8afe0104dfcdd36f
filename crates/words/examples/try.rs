//! Cleans the lines of standard input for a made-up patient and shows what happened.
#![allow(clippy::print_stdout)]

use cordon_words::{Kind, KnownIdentity, TextCleaner};

fn main() {
    let known = KnownIdentity {
        patient_name: vec!["Müller^Hans Peter".into()],
        person_names: vec!["Featherstone^Alice^^Dr.".into(), "Kowalczyk^Jan".into()],
        ids: vec![
            "PAT-123.456".into(),
            "0004711815".into(),
            "A20210304-77".into(),
        ],
        dates: vec!["20210304".into(), "19500312".into()],
        places: vec![
            "Waldklinik Sonnenberg".into(),
            "Birkenweg 12, Sonnenberg".into(),
            "Radiology".into(),
            "CTAWP7341".into(),
        ],
        phones: vec!["+49 221 478-9999".into()],
    };
    let kind = match std::env::args().nth(1).as_deref() {
        Some("report") => Kind::Report,
        Some("comment") => Kind::Comment,
        Some("label") => Kind::Label,
        _ => Kind::Descriptor,
    };
    let shift = std::env::args().nth(2).and_then(|s| s.parse().ok());
    let cleaner = TextCleaner::new(&known, shift);
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let outcome = cleaner.clean(&line, kind);
        println!("{}  ?{:?}", outcome.text, outcome.uncertain_words(&line));
    }
}
