//! The made-up patient of the tests.
#![allow(dead_code, unreachable_pub)]

use cordon_words::{Kind, KnownIdentity, TextCleaner};

pub fn known() -> KnownIdentity {
    let all = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    KnownIdentity {
        patient_name: all(&["Müller^Hans Peter"]),
        person_names: all(&["Featherstone^Alice^^Dr.", "Kowalczyk^Jan"]),
        ids: all(&["PAT-123.456", "0004711815", "A20210304-77"]),
        dates: all(&["20210304", "19500312"]),
        places: all(&[
            "Waldklinik Sonnenberg",
            "Birkenweg 12, Sonnenberg",
            "Radiology",
            "CTAWP7341",
        ]),
        phones: all(&["+49 221 478-9999"]),
    }
}

pub fn cleaner(shift: Option<i64>) -> TextCleaner {
    TextCleaner::new(&known(), shift)
}

pub fn kind(sort: &str) -> Kind {
    match sort {
        "D" => Kind::Descriptor,
        "L" => Kind::Label,
        "C" => Kind::Comment,
        _ => Kind::Report,
    }
}
