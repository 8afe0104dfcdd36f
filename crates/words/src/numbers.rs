//! Record numbers by their cues and shapes; what is left of long numbers is doubted.

use crate::find::is_decimal;
use crate::lexicon::Lex;
use crate::outcome::{Found, Why};
use crate::token::{Scan, Token};

/// Words that a record number follows.
const STRONG: [&str; 44] = [
    "mrn",
    "acc",
    "accn",
    "accession",
    "patnr",
    "patid",
    "pid",
    "ssn",
    "nhs",
    "nir",
    "steuerid",
    "svnr",
    "kvnr",
    "bsn",
    "dni",
    "nie",
    "nhc",
    "fallnr",
    "fallnummer",
    "aktenzeichen",
    "auftragsnummer",
    "auftragsnr",
    "patientennummer",
    "patientennr",
    "patientenid",
    "versichertennummer",
    "versichertennr",
    "krankenversichertennummer",
    "zugangsnummer",
    "untersuchungsnummer",
    "ipp",
    "nss",
    "iban",
    "npi",
    "dea",
    "hic",
    "medicare",
    "medicaid",
    "chi",
    "urn",
    "uhid",
    "empi",
    "mpi",
    "ahv",
];

/// Words that a record number follows when "no." or the like stands between.
const WEAK: [&str; 34] = [
    "pat",
    "patient",
    "patienten",
    "case",
    "fall",
    "exam",
    "order",
    "auftrag",
    "auftrags",
    "ref",
    "hosp",
    "hospital",
    "chart",
    "record",
    "insurance",
    "versicherten",
    "file",
    "dossier",
    "member",
    "policy",
    "account",
    "specimen",
    "steuer",
    "historia",
    "sozialversicherungs",
    "request",
    "requisition",
    "episode",
    "encounter",
    "visit",
    "paziente",
    "subject",
    "passport",
    "archiv",
];

const FILLERS: [&str; 13] = [
    "no", "nr", "number", "nummer", "num", "id", "n", "is", "numero", "ident", "record", "clinica",
    "social",
];

/// The long lists, whose words the lexicon marks as cues.
pub(crate) const LISTS: &[&[&str]] = &[&STRONG, &WEAK];

pub(crate) fn find(scan: &Scan<'_>, found: &mut Found) {
    let mut i = 0;
    while i < scan.tokens.len() {
        if scan.tokens[i].is_word() {
            cued(scan, i, found);
        } else if scan.tokens[i].is_number()
            && let Some(next) = shaped(scan, i, found)
        {
            i = next;
            continue;
        }
        i += 1;
    }
}

fn joins(gap: &str) -> bool {
    gap.chars().count() <= 4
        && gap
            .chars()
            .all(|c| c.is_whitespace() || ".:#=-/°º()_".contains(c))
}

fn cued(scan: &Scan<'_>, i: usize, found: &mut Found) {
    let word = scan.fold(i);
    let is = |list: &[&str], j: usize| list.iter().any(|w| w.as_bytes() == scan.fold(j));
    let cue = scan.tokens[i].has(Lex::CUE);
    let strong = cue && is(&STRONG, i);
    let weak = cue && is(&WEAK, i);
    let bare = matches!(word, b"id" | b"nr" | b"no" | b"number" | b"nummer");
    if !(strong || weak || bare) || scan.is_neutral(i) {
        return;
    }
    let (mut j, mut filled) = (i, false);
    for _ in 0..3 {
        let gap = scan.gap(j);
        if !joins(gap) {
            return;
        }
        filled |= gap.contains(['#', '°', 'º']);
        j += 1;
        if scan.is_neutral(j) {
            return;
        }
        if !is(&FILLERS, j) {
            break;
        }
        filled = true;
    }
    let colon = scan.gap(i).contains([':', '=', '#']);
    if weak && !filled || bare && !(colon || filled || word == b"id") {
        return;
    }
    let Some((end, digits, len)) = value(scan, j) else {
        return;
    };
    let least = if strong || weak { 3 } else { 5 };
    let unit = scan.token(end + 1).is_some_and(|t| t.has(Lex::UNIT)) && scan.gap(end).len() <= 1;
    if digits >= 2 && len >= least && !unit {
        found.remove(scan.tokens[j].start, scan.tokens[end].end, Why::Identifier);
    }
}

/// The run of letters and digits that starts here: its last token, its digits, its length.
fn value(scan: &Scan<'_>, first: usize) -> Option<(usize, usize, usize)> {
    let mut last = first;
    scan.token(first)?;
    while let (Some(a), Some(b)) = (scan.token(last), scan.token(last + 1)) {
        let glued = match scan.gap(last) {
            "" => true,
            "-" | "/" | "." | "_" => a.is_number() || b.is_number(),
            " " => a.is_number() && b.is_number() && a.len() >= 2 && b.len() >= 2,
            _ => false,
        };
        if !glued {
            break;
        }
        last += 1;
    }
    let tokens = &scan.tokens[first..=last];
    let digits = tokens
        .iter()
        .filter(|t| t.is_number())
        .map(Token::len)
        .sum();
    let len = tokens.iter().map(Token::len).sum();
    Some((last, digits, len))
}

/// Numbers that are record numbers by their shape; gives the token after.
/// The last token of a number in groups that follows a word for one: seven digits or more,
/// single letters among them.
fn chain(scan: &Scan<'_>, first: usize) -> Option<usize> {
    let (mut digits, mut end, mut i) = (0, None, first);
    while let Some(t) = scan.token(i) {
        if t.is_number() {
            digits += t.len();
            end = Some(i);
        } else if t.len() > 1 || scan.gap(i).is_empty() {
            break; // a word, or a letter with its own number: "T1"
        }
        if !matches!(scan.gap(i), "" | "-" | " " | "." | "/") {
            break;
        }
        i += 1;
    }
    end.filter(|_| digits >= 7)
}

/// No measurement, dose or count has so many digits.
const SURELY: usize = 9;

fn shaped(scan: &Scan<'_>, first: usize, found: &mut Found) -> Option<usize> {
    let gaps_are = |last: usize, sep: &[&str]| (first..last).all(|i| sep.contains(&scan.gap(i)));
    let mut last = first;
    while scan.token(last + 1).is_some_and(Token::is_number)
        && matches!(scan.gap(last), "-" | " " | "." | "/")
    {
        last += 1;
    }
    let lens: Vec<usize> = scan.tokens[first..=last].iter().map(Token::len).collect();
    let letters = |i: usize, n: usize| scan.token(i).is_some_and(|t| t.is_word() && t.len() == n);
    let (start, end) = (scan.tokens[first].start, scan.tokens[last].end);
    let uid = lens.len() >= 5 && gaps_are(last, &["."]) && end - start >= 15;
    let ssn = lens == [3, 2, 4] && gaps_are(last, &["-", " "]);
    let nir = (lens == [15] || lens == [13] || lens.len() >= 6 && lens[..6] == [1, 2, 2, 2, 3, 3])
        && matches!(scan.fold(first).first(), Some(b'1' | b'2'))
        && gaps_are(last, &[" "]);
    let health = lens == [3, 3, 4] && gaps_are(last, &[" "]);
    // Birth numbers of Czechia, Slovakia and Scandinavia; the Russian insurance number.
    let birth = lens == [6, 4] && gaps_are(last, &["/", "-"]);
    let snils = lens == [3, 3, 3, 2] && (first..last).take(2).all(|i| scan.gap(i) == "-");
    let cue = |i: usize| {
        scan.tokens[i].has(Lex::CUE) && WEAK.iter().any(|w| w.as_bytes() == scan.fold(i))
    };
    let cued = first > 0 && joins(scan.before(first)) && cue(first - 1);
    if uid || ssn || nir || birth || snils || health && (cued || mod_eleven(scan, first)) {
        found.remove(start, end, Why::Identifier);
        return Some(last + 1);
    }
    if cued && let Some(last) = chain(scan, first) {
        found.remove(start, scan.tokens[last].end, Why::Identifier);
        return Some(last + 1);
    }
    if health {
        found.doubt(start, end, Why::LongNumber);
        return Some(last + 1);
    }
    let glued = |i: usize| scan.gap(i).is_empty();
    // German health insurance: a letter and nine digits. Spanish: eight digits and a letter.
    if lens[0] == 9 && first > 0 && letters(first - 1, 1) && glued(first - 1) {
        found.remove(
            scan.tokens[first - 1].start,
            scan.tokens[first].end,
            Why::Identifier,
        );
        return Some(first + 1);
    }
    if lens[0] == 8 && letters(first + 1, 1) && (glued(first) || scan.gap(first) == "-") {
        found.remove(start, scan.tokens[first + 1].end, Why::Identifier);
        return Some(first + 1);
    }
    // Codice fiscale: RSSMRA80A01H501U.
    if lens[0] == 2
        && first > 0
        && letters(first - 1, 6)
        && letters(first + 1, 1)
        && letters(first + 3, 1)
        && letters(first + 5, 1)
    {
        let width = |i: usize| scan.token(i).map_or(0, Token::len);
        if (first - 1..first + 5).all(glued) && width(first + 2) == 2 && width(first + 4) == 3 {
            found.remove(
                scan.tokens[first - 1].start,
                scan.tokens[first + 5].end,
                Why::Identifier,
            );
            return Some(first + 6);
        }
    }
    let token = scan.tokens[first];
    let open = !is_decimal(scan, first) && !found.covers(token.start, token.end);
    if open && token.len() >= SURELY {
        found.remove(token.start, token.end, Why::Identifier);
    } else if open && token.len() >= 7 {
        found.doubt(token.start, token.end, Why::LongNumber);
    } else if token.len() == 6
        && is_like_a_date(scan, first)
        && !found.covers(token.start, token.end)
    {
        found.doubt(token.start, token.end, Why::Date);
    }
    None
}

/// Six digits that could be a day of this century, and are no value and no time after a date.
fn is_like_a_date(scan: &Scan<'_>, i: usize) -> bool {
    let digits = scan.fold(i);
    let n = |at: usize| (digits[at] - b'0') * 10 + (digits[at + 1] - b'0');
    let unit = scan.token(i + 1).is_some_and(|t| t.has(Lex::UNIT)) && scan.gap(i).len() <= 1;
    let timed = i > 0
        && (scan.is_neutral(i - 1)
            || matches!(scan.tokens[i - 1].len(), 8) && scan.tokens[i - 1].is_number());
    let (a, b, c) = (n(0), n(2), n(4));
    let day = |d: u8| (1..=31).contains(&d);
    let month = |m: u8| (1..=12).contains(&m);
    let plausible = day(a) && month(b) && c <= 40
        || a <= 40 && month(b) && day(c)
        || month(a) && day(b) && c <= 40;
    plausible && !unit && !timed && !is_decimal(scan, i)
}

/// The check digit of a British NHS number.
fn mod_eleven(scan: &Scan<'_>, first: usize) -> bool {
    let digits: Vec<u32> = (first..first + 3)
        .flat_map(|i| {
            scan.fold(i)
                .iter()
                .map(|b| u32::from(b - b'0'))
                .collect::<Vec<_>>()
        })
        .collect();
    let sum: u32 = (2..=10).rev().zip(&digits).map(|(w, d)| w * d).sum();
    digits.len() == 10 && (11 - sum % 11) % 11 == digits[9] && sum > 0
}
