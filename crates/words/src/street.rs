//! Streets and postal codes.

use crate::lexicon::{Lex, is_built};
use crate::outcome::{Found, Why};
use crate::places::is_town_like;
use crate::token::{Case, Scan, Token};

const ENGLISH: [&str; 22] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "court",
    "terrace",
    "crescent",
    "highway",
    "parkway",
    "square",
    "way",
    "close",
    "circle",
    "gardens",
];
const LEADING: [&str; 18] = [
    "rue",
    "avenue",
    "av",
    "boulevard",
    "bd",
    "place",
    "chemin",
    "impasse",
    "quai",
    "calle",
    "avenida",
    "plaza",
    "paseo",
    "via",
    "viale",
    "piazza",
    "corso",
    "allee",
];
const SMALL: [&str; 22] = [
    "de", "la", "du", "des", "del", "della", "dei", "di", "le", "les", "l", "d", "los", "las",
    "el", "dr", "general", "saint", "st", "san", "santa", "bis",
];
/// Endings of German and Dutch streets; the first five are sure without a number.
const ENDINGS: [&str; 15] = [
    "strasse", "straat", "gasse", "gracht", "allee", "str", "weg", "platz", "ring", "damm", "ufer",
    "steig", "laan", "kade", "plein",
];
const STATES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY",
    "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV",
    "WI", "WY", "DC",
];
/// The areas of British postal codes.
const AREAS: &str = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX \
FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE \
PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE ";

/// The long lists, whose words the lexicon marks as cues.
pub(crate) const LISTS: &[&[&str]] = &[&ENGLISH, &LEADING, &SMALL];

fn is(scan: &Scan<'_>, i: usize, list: &[&str]) -> bool {
    if list.len() > 13 && !scan.token(i).is_some_and(|t| t.has(Lex::CUE)) {
        return false;
    }
    let word = scan.fold(i);
    !word.is_empty() && list.iter().any(|w| w.as_bytes() == word)
}

fn number(scan: &Scan<'_>, i: usize, lens: std::ops::RangeInclusive<usize>) -> bool {
    scan.token(i)
        .is_some_and(|t| t.is_number() && lens.contains(&t.len()))
}

pub(crate) fn find(scan: &Scan<'_>, found: &mut Found) {
    for i in 0..scan.tokens.len() {
        let token = scan.tokens[i];
        if token.is_number() {
            english(scan, i, found);
            postal(scan, i, found);
        } else if token.is_word() {
            glued(scan, i, found);
            leading(scan, i, found);
            british(scan, i, found);
            boxed(scan, i, found);
        }
    }
}

fn is_proper(scan: &Scan<'_>, i: usize) -> bool {
    scan.token(i).is_some_and(|t| {
        t.is_word()
            && t.is_capital()
            && !scan.is_neutral(i)
            && (!t.has(Lex::KEEP)
                || (t.has(Lex::NAME) || t.has(Lex::TOWN)) && t.case == Case::Title)
    })
}

/// "12 Fairclough Road, Apt 4"
fn english(scan: &Scan<'_>, i: usize, found: &mut Found) {
    if !number(scan, i, 1..=5) {
        return;
    }
    let mut j = i + 1;
    let house_letter = scan.gap(i).is_empty() && scan.token(j).is_some_and(|t| t.len() == 1);
    if house_letter {
        j += 1;
    }
    let first = j;
    let mut proper = false;
    while j < scan.tokens.len()
        && j < first + 4
        && matches!(scan.before(j), " " | ". " | " St. " | "'" | "-")
    {
        if j > first && is(scan, j, &ENGLISH) && scan.tokens[j].is_capital() && proper {
            let mut end = j;
            let flat = is(scan, j + 1, &["apt", "apartment", "flat", "suite", "unit"])
                && number(scan, j + 2, 1..=4);
            if flat && scan.gap(j).len() <= 3 {
                end = j + 2;
            }
            found.remove(scan.tokens[i].start, scan.tokens[end].end, Why::Address);
            return;
        }
        let capital = scan.tokens[j].is_word()
            && scan.tokens[j].is_capital()
            && !scan.tokens[j].has(Lex::UNIT);
        if !capital {
            return;
        }
        let everyday = scan.tokens[j].has(Lex::COMMON)
            && scan.tokens[j].case == Case::Title
            && scan.mixed_case;
        proper |= is_proper(scan, j) || everyday && j == first;
        j += 1;
    }
}

/// "Hauptstr. 12a", "Keizersgracht 5"
fn glued(scan: &Scan<'_>, i: usize, found: &mut Found) {
    let word = scan.fold(i);
    let token = scan.tokens[i];
    if !token.is_capital() || word.len() < 6 && !is(scan, i, &["strasse", "str"]) {
        return;
    }
    let Some(rank) = ENDINGS.iter().position(|e| word.ends_with(e.as_bytes())) else {
        return;
    };
    let alone = ENDINGS.iter().any(|e| e.as_bytes() == word);
    let gap = scan.gap(i);
    let numbered = matches!(gap, " " | ". " | "." | ", ")
        && number(scan, i + 1, 1..=4)
        && !scan.token(i + 2).is_some_and(|t| t.has(Lex::UNIT));
    let clinical = token.has(Lex::KEEP) || rank > 4 && is_built(word);
    if alone {
        // "Lange Strasse 5"
        let led = i > 0
            && scan.tokens[i - 1].is_word()
            && scan.tokens[i - 1].is_capital()
            && matches!(scan.before(i), " " | "-");
        if !(led && numbered) {
            return;
        }
    } else if clinical && !(rank <= 5 && numbered) || rank > 4 && !numbered {
        return;
    }
    let start = if alone || scan.before(i) == "-" && i > 0 {
        scan.tokens[i - 1].start
    } else {
        token.start
    };
    let mut end = i;
    if numbered {
        end = i + 1;
        let letter = scan.gap(end).len() <= 1
            && scan
                .token(end + 1)
                .is_some_and(|t| t.is_word() && t.len() == 1)
            && !scan.gap(end).contains(['.', ',']);
        end += usize::from(letter);
    }
    found.remove(start, scan.tokens[end].end, Why::Address);
}

/// "12, rue de la Paix", "Calle Mayor 5"
fn leading(scan: &Scan<'_>, i: usize, found: &mut Found) {
    if !is(scan, i, &LEADING) {
        return;
    }
    let before = i > 0 && number(scan, i - 1, 1..=4) && matches!(scan.before(i), " " | ", ");
    let mut j = i + 1;
    let mut last = None;
    while j < scan.tokens.len()
        && j < i + 7
        && matches!(scan.before(j), " " | "'" | "’" | "-" | ". ")
    {
        let everyday = scan.tokens[j].is_word() && scan.tokens[j].case == Case::Title && j <= i + 4;
        if is_proper(scan, j) || everyday && !is(scan, j, &SMALL) && !scan.is_neutral(j) {
            last = Some(j);
        } else if !is(scan, j, &SMALL) {
            break;
        }
        j += 1;
    }
    let Some(last) = last else { return };
    let after = matches!(scan.gap(last), " " | ", " | ", n° " | ", nº ")
        && number(scan, last + 1, 1..=4)
        && !scan.token(last + 2).is_some_and(|t| t.has(Lex::UNIT));
    let known = is(
        scan,
        i,
        &[
            "rue", "calle", "avenida", "piazza", "viale", "impasse", "quai", "chemin", "paseo",
        ],
    );
    if before || after || known {
        let start = if before { i - 1 } else { i };
        let end = if after { last + 1 } else { last };
        found.remove(scan.tokens[start].start, scan.tokens[end].end, Why::Address);
    }
}

/// "P.O. Box 123", "Postfach 12 34"
fn boxed(scan: &Scan<'_>, i: usize, found: &mut Found) {
    let po = is(scan, i, &["box"]) && i >= 2 && is(scan, i - 1, &["o"]) && is(scan, i - 2, &["p"]);
    let post = is(scan, i, &["postfach", "postbus", "apartado"]);
    let joined = is(scan, i, &["box"]) && i >= 1 && is(scan, i - 1, &["po"]);
    if (po || post || joined) && number(scan, i + 1, 1..=6) {
        let start = if po {
            i - 2
        } else if joined {
            i - 1
        } else {
            i
        };
        found.remove(
            scan.tokens[start].start,
            scan.tokens[i + 1].end,
            Why::Address,
        );
    }
}

fn postal(scan: &Scan<'_>, i: usize, found: &mut Found) {
    let token = scan.tokens[i];
    let len = token.len();
    let previous = i.checked_sub(1).and_then(|j| scan.token(j));
    // US: a state or "ZIP" before.
    let plus_four = scan.gap(i) == "-" && number(scan, i + 1, 4..=4);
    if len == 5 && i > 0 && previous.is_some_and(Token::is_word) {
        let state = STATES.contains(&scan.word(i - 1)) && matches!(scan.before(i), " " | ", ");
        let zip = is(
            scan,
            i - 1,
            &[
                "zip",
                "zipcode",
                "plz",
                "postcode",
                "postleitzahl",
                "cap",
                "cp",
            ],
        ) || is(scan, i - 1, &["code"]) && i > 1 && is(scan, i - 2, &["zip", "postal"]);
        let end = if plus_four {
            scan.tokens[i + 1].end
        } else {
            token.end
        };
        let ranged = !state
            || scan.mixed_case
            || i > 1 && is_town_like(scan, i - 2) && scan.tokens[i - 2].has(Lex::TOWN);
        if (state || zip) && scan.before(i).len() <= 3 && ranged {
            found.remove(token.start, end, Why::PostalCode);
            if state
                && i > 1
                && is_town_like(scan, i - 2)
                && matches!(scan.before(i - 1), " " | ", ")
            {
                found.remove(
                    scan.tokens[i - 2].start,
                    scan.tokens[i - 1].end,
                    Why::Address,
                );
            }
            return;
        }
    }
    // The continent: a number and a town, with or without the country's letters.
    let country = i > 0
        && scan.before(i) == "-"
        && matches!(
            scan.word(i - 1),
            "D" | "F" | "A" | "CH" | "I" | "E" | "L" | "B" | "DE" | "FR" | "NL"
        );
    let town = scan.gap(i) == " " && is_town_like(scan, i + 1);
    let listed = town && scan.tokens[i + 1].has(Lex::TOWN);
    let title = town
        && scan.tokens[i + 1].case == Case::Title
        && !scan.tokens[i + 1].has(Lex::KEEP)
        && !is_built(scan.fold(i + 1));
    let fits = len == 5 && (listed || title)
        || len == 4 && (country && town || listed && !matches!(scan.number(i), Some(1900..=2099)));
    if fits {
        let start = if country {
            scan.tokens[i - 1].start
        } else {
            token.start
        };
        found.remove(start, token.end, Why::PostalCode);
        let tail = scan.gap(i + 1) == " " && is(scan, i + 2, &["am", "an", "im", "cedex", "sur"]);
        let river = tail && is_town_like(scan, i + 3);
        let end = if river { i + 3 } else { i + 1 };
        found.remove(scan.tokens[i + 1].start, scan.tokens[end].end, Why::Address);
        return;
    }
    // Dutch: 1012 AB, and a town.
    let letters = scan
        .token(i + 1)
        .is_some_and(|t| t.is_word() && t.len() == 2 && t.case == Case::Upper);
    if len == 4 && letters && matches!(scan.gap(i), " " | "") && scan.fold(i)[0] != b'0' {
        let end = scan.tokens[i + 1].end;
        let known = scan.tokens[i + 1].has(Lex::KEEP);
        if scan.gap(i + 1).len() <= 2
            && is_town_like(scan, i + 2)
            && scan.tokens[i + 2].has(Lex::TOWN)
        {
            found.remove(token.start, end, Why::PostalCode);
            found.remove(
                scan.tokens[i + 2].start,
                scan.tokens[i + 2].end,
                Why::Address,
            );
        } else if !known && !matches!(scan.number(i), Some(1900..=2099)) {
            found.doubt(token.start, end, Why::PostalCode);
        }
    }
}

/// "SW1A 2AA"
fn british(scan: &Scan<'_>, i: usize, found: &mut Found) {
    let area = scan.word(i);
    if area.len() > 2
        || !AREAS.contains(&format!(" {area} "))
        || !scan.gap(i).is_empty()
        || !number(scan, i + 1, 1..=2)
    {
        return;
    }
    let letter = scan.gap(i + 1).is_empty()
        && scan
            .token(i + 2)
            .is_some_and(|t| t.is_word() && t.len() == 1);
    let j = if letter { i + 3 } else { i + 2 };
    let inward = scan.before(j) == " " && number(scan, j, 1..=1) && scan.gap(j).is_empty();
    let tail = scan.word(j + 1);
    let fits = tail.len() == 2
        && tail
            .bytes()
            .all(|b| b.is_ascii_uppercase() && !b"CIKMOV".contains(&b));
    if inward && fits {
        let (start, end) = (scan.tokens[i].start, scan.tokens[j + 1].end);
        let town = i > 0 && scan.tokens[i - 1].has(Lex::TOWN);
        if scan.tokens[j + 1].has(Lex::KEEP) && !town {
            found.doubt(start, end, Why::PostalCode);
        } else {
            found.remove(start, end, Why::PostalCode);
        }
    }
}
