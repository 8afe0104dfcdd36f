//! Hospitals, practices and towns.

use crate::lexicon::{Lex, is_vocabulary, look_up};
use crate::outcome::{Found, Why};
use crate::token::{Case, Scan, Token};

/// Ordinary words that stand in the names of hospitals.
const FELLOWS: [&str; 39] = [
    "mount",
    "mayo",
    "lady",
    "hope",
    "our",
    "general",
    "memorial",
    "university",
    "royal",
    "county",
    "city",
    "regional",
    "community",
    "national",
    "medical",
    "central",
    "district",
    "childrens",
    "children",
    "sacred",
    "heart",
    "north",
    "south",
    "east",
    "west",
    "new",
    "good",
    "holy",
    "cross",
    "veterans",
    "mercy",
    "women",
    "womens",
    "teaching",
    "health",
    "state",
    "saint",
    "s",
    "and",
];
const BETWEEN: [&str; 30] = [
    "de", "la", "del", "des", "du", "di", "der", "den", "am", "an", "im", "in", "zu", "zum", "zur",
    "of", "le", "les", "d", "l", "st", "sankt", "san", "santa", "dr", "prof", "rechts", "links",
    "und", "van",
];
const CENTRES: [&str; 5] = ["center", "centre", "centro", "zentrum", "centrum"];
const CARE: [&str; 12] = [
    "medical",
    "health",
    "imaging",
    "cancer",
    "diagnostic",
    "surgery",
    "healthcare",
    "hospitalier",
    "medico",
    "medisch",
    "sanitario",
    "radiology",
];
const HOUSES: [&str; 6] = [
    "klinik",
    "klinikum",
    "krankenhaus",
    "hospital",
    "spital",
    "ziekenhuis",
];
const INTO: [&str; 20] = [
    "in",
    "from",
    "aus",
    "nach",
    "near",
    "uit",
    "te",
    "en",
    "a",
    "da",
    "di",
    "nahe",
    "bei",
    "of",
    "at",
    "lives",
    "living",
    "wohnhaft",
    "habite",
    "domicilie",
];

/// The long lists, whose words the lexicon marks as cues.
pub(crate) const LISTS: &[&[&str]] = &[&FELLOWS, &BETWEEN, &INTO];

fn is(scan: &Scan<'_>, i: usize, list: &[&str]) -> bool {
    if list.len() > 13 && !scan.token(i).is_some_and(|t| t.has(Lex::CUE)) {
        return false;
    }
    let word = scan.fold(i);
    !word.is_empty() && list.iter().any(|w| w.as_bytes() == word)
}

pub(crate) fn find(scan: &Scan<'_>, found: &mut Found) {
    for i in 0..scan.tokens.len() {
        let token = scan.tokens[i];
        if !token.is_word() || scan.is_neutral(i) {
            continue;
        }
        let centre = is(scan, i, &CENTRES);
        if token.has(Lex::HOUSE) {
            house(scan, i, i, false, found);
        } else if centre && i > 0 && is(scan, i - 1, &CARE) && scan.before(i) == " " {
            house(scan, i - 1, i, false, found);
        } else if centre && is(scan, i + 1, &CARE) && scan.gap(i) == " " {
            house(scan, i, i + 1, false, found);
        } else if token.is_capital() && own_house(scan.fold(i)) {
            house(scan, i, i, true, found);
        } else if token.is_capital()
            && ["klinik", "praxis", "zentrum", "spital"]
                .iter()
                .any(|h| scan.fold(i).ends_with(h.as_bytes()))
        {
            house(scan, i, i, false, found);
        } else {
            town(scan, i, found);
        }
    }
}

/// "Marienkrankenhaus", but not "Augenklinik".
fn own_house(folded: &[u8]) -> bool {
    HOUSES.iter().any(|h| {
        folded.strip_suffix(h.as_bytes()).is_some_and(|head| {
            let stem = head
                .strip_suffix(b"en")
                .or_else(|| head.strip_suffix(b"s"))
                .unwrap_or(head);
            let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
            head.len() >= 3
                && !is_vocabulary(&text(head))
                && !is_vocabulary(&text(stem))
                && !look_up(head).any(Lex::HOUSE)
        })
    })
}

/// What tells one house from another.
fn is_telling(scan: &Scan<'_>, i: usize) -> bool {
    scan.token(i).is_some_and(|t| {
        let saint = matches!(
            scan.fold(i),
            b"st" | b"sankt" | b"san" | b"santa" | b"saint"
        );
        let proper = t.is_word() && t.is_capital() && t.len() > 2 && !scan.is_neutral(i);
        proper
            && (!t.has(Lex::KEEP)
                || t.has(Lex::TOWN)
                || t.has(Lex::NAME) && t.case == Case::Title && !t.has(Lex::CLINICAL))
            || saint && t.is_capital()
    })
}

fn is_close(gap: &str) -> bool {
    matches!(gap, " " | "-" | "'" | "’" | ". " | "." | "  " | "–")
}

fn house(scan: &Scan<'_>, first: usize, last: usize, alone: bool, found: &mut Found) {
    let (mut start, mut end) = (first, last);
    let mut telling = alone;
    let mut i = first;
    while i > 0 && is_close(scan.before(i)) {
        let dot = scan.before(i).contains('.');
        i -= 1;
        let fellow =
            is(scan, i, &FELLOWS) && (scan.tokens[i].is_capital() || scan.fold(i) == b"s") && !dot
                || scan.tokens[i].has(Lex::HOUSE) && scan.tokens[i].is_capital();
        let tells = is_telling(scan, i) && (!dot || scan.tokens[i].len() <= 2);
        if !(fellow || tells) {
            break;
        }
        telling |= tells || is(scan, i, &["mayo", "mount", "lady", "hope"]);
        start = i;
    }
    // A fellow at the front that only follows a sentence is no harm; on to the right.
    let mut i = last;
    while i + 1 < scan.tokens.len() && is_close(scan.gap(i)) {
        let after_dot = scan.gap(i).contains('.') && !is(scan, i, &["st", "dr", "prof"]);
        i += 1;
        if after_dot {
            break;
        }
        if is_telling(scan, i) {
            telling = true;
            end = i;
        } else if !(is(scan, i, &BETWEEN)
            || scan.tokens[i].has(Lex::HOUSE) && scan.tokens[i].is_capital())
        {
            break;
        }
    }
    if telling {
        let before = start > 0 && is(scan, start - 1, &["st"]) && scan.before(start) == ". ";
        let start = if before { start - 1 } else { start };
        found.remove(
            scan.tokens[start].start,
            scan.tokens[end].end,
            Why::Institution,
        );
    }
}

fn town(scan: &Scan<'_>, i: usize, found: &mut Found) {
    let token = scan.tokens[i];
    if !token.has(Lex::TOWN)
        || token.has(Lex::KEEP)
        || !token.is_capital()
        || found.covers(token.start, token.end)
    {
        return;
    }
    let after = i > 0
        && matches!(scan.before(i), ", " | " " | ",")
        && found.gone.iter().any(|h| {
            h.end == scan.tokens[i - 1].end
                && matches!(h.why, Why::Address | Why::Institution | Why::PostalCode)
        });
    let led = after || i > 0 && scan.before(i) == " " && is(scan, i - 1, &INTO);
    if led {
        found.remove(token.start, token.end, Why::Address);
    } else {
        found.doubt(token.start, token.end, Why::Address);
    }
}

/// Whether a token can be the name of a town.
pub(crate) fn is_town_like(scan: &Scan<'_>, i: usize) -> bool {
    scan.token(i).is_some_and(|t: &Token| {
        t.is_word()
            && t.len() > 2
            && t.is_capital()
            && !scan.is_neutral(i)
            && (t.has(Lex::TOWN) || !t.has(Lex::KEEP))
    })
}
