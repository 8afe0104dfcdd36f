//! The names of months in the languages of the tables: English, German, French,
//! Spanish, Italian.

use crate::fold::fold;

/// How many languages.
const LANGUAGES: usize = 5;

const LONG: [[&str; 12]; LANGUAGES] = [
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
];

const SHORT: [[&str; 12]; LANGUAGES] = [
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
    [
        "jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez",
    ],
    [
        "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc",
    ],
    [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    ],
    [
        "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic",
    ],
];

/// A language and whether the names are written out: an index into the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style(usize);

/// The number of styles.
const STYLES: usize = 2 * LANGUAGES;

fn names(style: usize) -> &'static [&'static str; 12] {
    let table = if style < LANGUAGES { &SHORT } else { &LONG };
    table.get(style % LANGUAGES).unwrap_or(&SHORT[0])
}

/// The name of a month as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Month {
    /// 1 to 12.
    pub(crate) number: u8,
    /// In which styles it is spelled so.
    styles: [bool; STYLES],
    case: Case,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Title,
    Upper,
}

/// Reads the name of a month, accents or not.
pub(crate) fn read(word: &str) -> Option<Month> {
    if !(3..=12).contains(&word.len()) {
        return None;
    }
    let folded = fold(word);
    let mut number = None;
    let mut styles = [false; STYLES];
    for (style, fits) in styles.iter_mut().enumerate() {
        if let Some(n) = names(style).iter().position(|name| fold(name) == folded) {
            *fits = true;
            number = u8::try_from(n + 1).ok();
        }
    }
    let mut letters = word.chars();
    let upper = |c: Option<char>| c.is_some_and(char::is_uppercase);
    let case = match (upper(letters.next()), upper(letters.next())) {
        (true, true) => Case::Upper,
        (true, false) => Case::Title,
        _ => Case::Lower,
    };
    number.map(|number| Month {
        number,
        styles,
        case,
    })
}

/// Writes another month in the style of the column, or of the cell where there is none.
pub(crate) fn write(number: u8, like: &Month, column: Option<Style>) -> String {
    let own = like.styles.iter().position(|fits| *fits).unwrap_or(0);
    let name = names(column.map_or(own, |s| s.0))
        .get(usize::from(number.saturating_sub(1)))
        .copied()
        .unwrap_or_default();
    match like.case {
        Case::Lower => name.to_owned(),
        Case::Upper => name.to_uppercase(),
        Case::Title => {
            let mut letters = name.chars();
            let first = letters.next().map(char::to_uppercase);
            first.into_iter().flatten().chain(letters).collect()
        }
    }
}

/// Which style most cells of a column fit.
#[derive(Debug, Default)]
pub(crate) struct Votes([usize; STYLES]);

impl Votes {
    pub(crate) fn count(&mut self, month: &Month) {
        for (votes, fits) in self.0.iter_mut().zip(month.styles) {
            *votes += usize::from(fits);
        }
    }

    pub(crate) fn winner(&self) -> Option<Style> {
        let most = self.0.iter().copied().max().filter(|n| *n > 0)?;
        self.0.iter().position(|n| *n == most).map(Style)
    }
}
