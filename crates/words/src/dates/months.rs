//! The names of the months, in the languages of the reports.

use crate::fold;
use crate::token::Case;

type Names = [&'static str; 12];

/// Full names first, so that a name which two languages share is read as the fuller one.
const LANGUAGES: [Names; 12] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "Janvier",
        "Février",
        "Mars",
        "Avril",
        "Mai",
        "Juin",
        "Juillet",
        "Août",
        "Septembre",
        "Octobre",
        "Novembre",
        "Décembre",
    ],
    [
        "Enero",
        "Febrero",
        "Marzo",
        "Abril",
        "Mayo",
        "Junio",
        "Julio",
        "Agosto",
        "Septiembre",
        "Octubre",
        "Noviembre",
        "Diciembre",
    ],
    [
        "Gennaio",
        "Febbraio",
        "Marzo",
        "Aprile",
        "Maggio",
        "Giugno",
        "Luglio",
        "Agosto",
        "Settembre",
        "Ottobre",
        "Novembre",
        "Dicembre",
    ],
    [
        "Januari",
        "Februari",
        "Maart",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Augustus",
        "September",
        "Oktober",
        "November",
        "December",
    ],
    [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    [
        "Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sept", "Okt", "Nov", "Dez",
    ],
    [
        "Janv", "Févr", "Mars", "Avr", "Mai", "Juin", "Juil", "Août", "Sept", "Oct", "Nov", "Déc",
    ],
    [
        "Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sept", "Oct", "Nov", "Dic",
    ],
    [
        "Gen", "Feb", "Mar", "Apr", "Mag", "Giu", "Lug", "Ago", "Sett", "Ott", "Nov", "Dic",
    ],
    [
        "Jänner",
        "Feber",
        "Maerz",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

/// Which language and which month (1 to 12) a folded word is.
pub(crate) fn month(word: &[u8]) -> Option<(usize, u32)> {
    if word.len() < 3 || word.len() > 10 {
        return None;
    }
    LANGUAGES.iter().enumerate().find_map(|(language, names)| {
        (1..).zip(names).find_map(|(number, name)| {
            let first = name.as_bytes()[0].eq_ignore_ascii_case(&word[0]);
            (first && fold::squeeze(name).as_bytes() == word).then_some((language, number))
        })
    })
}

/// The name of a month, written as the one it stands for.
pub(crate) fn spelled(language: usize, number: u32, case: Case) -> String {
    let name = LANGUAGES
        .get(language)
        .and_then(|names| names.get(number.saturating_sub(1) as usize))
        .copied()
        .unwrap_or_default();
    match case {
        Case::Lower => name.to_lowercase(),
        Case::Upper => name.to_uppercase(),
        _ => name.to_owned(),
    }
}
