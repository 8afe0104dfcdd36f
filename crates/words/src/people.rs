//! Names that the header does not hold: after titles and cues, before degrees, and by
//! the lists of given and family names.

use crate::find::{Marks, is_near};
use crate::lexicon::{Lex, is_built};
use crate::outcome::{Found, Kind, Why};
use crate::token::{Case, Scan, Sort, Token};

const TITLES: [&str; 40] = [
    "fr",
    "hr",
    "dr",
    "prof",
    "professor",
    "herr",
    "herrn",
    "frau",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mme",
    "mlle",
    "madame",
    "monsieur",
    "pr",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "don",
    "dona",
    "sig",
    "signor",
    "signora",
    "dott",
    "dottssa",
    "dra",
    "dhr",
    "mevr",
    "mevrouw",
    "meneer",
    "doktor",
    "docteur",
    "drs",
    "schwester",
    "sister",
    "messrs",
];
/// Titles that are also a modality or a disease when they stand in capitals.
const TWOFOLD: [&str; 8] = ["fr", "hr", "mr", "dr", "sr", "ms", "pr", "don"];

/// Verbs before "by", "von", "par" and the like.
const VERBS: [&str; 44] = [
    "referred",
    "ref",
    "reported",
    "read",
    "signed",
    "dictated",
    "performed",
    "requested",
    "verified",
    "approved",
    "transcribed",
    "reviewed",
    "interpreted",
    "seen",
    "discussed",
    "communicated",
    "ordered",
    "conveyed",
    "phoned",
    "befund",
    "befundet",
    "erstellt",
    "uberwiesen",
    "ueberwiesen",
    "untersucht",
    "besprochen",
    "freigegeben",
    "unterschrieben",
    "angefordert",
    "geschrieben",
    "diktiert",
    "adresse",
    "adressee",
    "redige",
    "valide",
    "remitido",
    "solicitado",
    "informado",
    "firmado",
    "inviato",
    "richiesto",
    "firmato",
    "verwezen",
    "called",
];
const BY: [&str; 12] = [
    "by", "with", "to", "von", "durch", "mit", "par", "por", "da", "door", "per", "an",
];

/// Words that a name follows, after a colon at the latest.
const CUES: [&str; 52] = [
    "name",
    "patient",
    "patientin",
    "pat",
    "pt",
    "ref",
    "physician",
    "radiologist",
    "technologist",
    "technician",
    "operator",
    "tech",
    "mtra",
    "mta",
    "mtar",
    "zuweiser",
    "uberweiser",
    "hausarzt",
    "hausarztin",
    "arzt",
    "arztin",
    "radiologe",
    "radiologin",
    "medecin",
    "prescripteur",
    "medico",
    "verwijzer",
    "huisarts",
    "attending",
    "author",
    "consultant",
    "surgeon",
    "gez",
    "oberarzt",
    "oberarztin",
    "chefarzt",
    "assistenzarzt",
    "vorname",
    "nachname",
    "nom",
    "prenom",
    "nombre",
    "apellidos",
    "apellido",
    "cognome",
    "nome",
    "naam",
    "paciente",
    "paziente",
    "referrer",
    "surname",
    "signed",
];
/// The cues that need no colon.
const OPEN: [&str; 16] = [
    "patient",
    "patientin",
    "pt",
    "radiologist",
    "physician",
    "zuweiser",
    "hausarzt",
    "oberarzt",
    "oberarztin",
    "chefarzt",
    "paciente",
    "paziente",
    "consultant",
    "gez",
    "surgeon",
    "operator",
];
const DEGREES: [&str; 12] = [
    "md", "phd", "frcr", "frcs", "frcpc", "mbbs", "mbchb", "facr", "rn", "mrcp", "dnb", "rdms",
];

/// The long lists, whose words the lexicon marks as cues.
pub(crate) const LISTS: &[&[&str]] = &[&TITLES, &VERBS, &CUES, &OPEN];

fn is(scan: &Scan<'_>, i: usize, list: &[&str]) -> bool {
    if list.len() > 13 && !scan.token(i).is_some_and(|t| t.has(Lex::CUE)) {
        return false;
    }
    let word = scan.fold(i);
    !word.is_empty() && list.iter().any(|w| w.as_bytes() == word)
}

pub(crate) fn find(scan: &Scan<'_>, kind: Kind, marks: &Marks, found: &mut Found) {
    let mut taken: Vec<bool> = marks.iter().map(Option::is_some).collect();
    for i in 0..scan.tokens.len() {
        if !scan.tokens[i].is_word() || scan.is_neutral(i) {
            continue;
        }
        title(scan, i, found, &mut taken);
        cue(scan, i, found, &mut taken);
        degree(scan, i, found, &mut taken);
    }
    listed(scan, found, &mut taken);
    left_over(scan, kind, found, &taken);
}

fn take(scan: &Scan<'_>, i: usize, found: &mut Found, taken: &mut [bool]) {
    if !std::mem::replace(&mut taken[i], true) {
        let token = scan.tokens[i];
        found.remove(token.start, token.end, Why::PersonName);
    }
}

/// Whether a token can be a part of a name, by its look alone.
fn is_namely(scan: &Scan<'_>, i: usize) -> bool {
    scan.token(i).is_some_and(|t| {
        t.is_word()
            && t.len() > 1
            && t.is_capital()
            && !scan.is_neutral(i)
            && (!t.has(Lex::KEEP) || t.has(Lex::NAME) && t.case == Case::Title)
    })
}

/// The tokens of the name that starts here.
fn name_from(scan: &Scan<'_>, first: usize) -> usize {
    let mut end = first;
    let mut full = 0;
    let mut i = first;
    while i < scan.tokens.len() && full < 4 {
        let token = scan.tokens[i];
        let gap_before = if i > first { scan.before(i) } else { " " };
        if i > first && !(is_near(scan, i - 1)) {
            break;
        }
        let initial = token.is_word()
            && token.len() == 1
            && token.case == Case::Upper
            && scan.gap(i).starts_with('.');
        let small = token.has(Lex::PARTICLE)
            && (is_namely(scan, i + 1)
                || scan.token(i + 1).is_some_and(|t| t.has(Lex::PARTICLE))
                    && is_namely(scan, i + 2));
        let comma = gap_before.contains([',', '\n']) && i > first;
        let built = i > first && is_built(scan.fold(i)) && !token.has(Lex::NAME);
        let sentence = i > first && gap_before.contains('.') && scan.tokens[i - 1].len() > 1;
        if is_namely(scan, i) && !(built || sentence || comma && token.has(Lex::KEEP)) {
            full += 1;
            end = i + 1;
        } else if !(initial || small) || sentence {
            break;
        }
        i += 1;
    }
    end
}

/// The word after a name that looks like a clinical one, but could be the family name.
fn doubt_next(scan: &Scan<'_>, i: usize, found: &mut Found, taken: &[bool]) {
    let free = i > 0 && i < scan.tokens.len() && !taken[i] && scan.gap(i - 1) == " ";
    if free
        && is_namely(scan, i)
        && scan.tokens[i].case == Case::Title
        && !scan.tokens[i].has(Lex::KEEP)
    {
        found.doubt(scan.tokens[i].start, scan.tokens[i].end, Why::PersonName);
    }
}

fn title(scan: &Scan<'_>, i: usize, found: &mut Found, taken: &mut [bool]) {
    let monsieur = is(scan, i, &["m"]) && scan.gap(i) == ". " && scan.tokens[i].case == Case::Upper;
    if !(is(scan, i, &TITLES) || monsieur && scan.mixed_case) {
        return;
    }
    let token = scan.tokens[i];
    let dotted = scan.gap(i).starts_with('.');
    // "8 Fr. catheter"
    let measured = i > 0 && scan.tokens[i - 1].is_number() && is(scan, i, &["fr", "hr", "ms"]);
    if measured || is(scan, i, &["fr", "hr"]) && !dotted {
        return;
    }
    let vague = is(scan, i, &TWOFOLD) && token.case != Case::Title && !dotted;
    let mut j = i + 1;
    while is_near(scan, j - 1)
        && (is(scan, j, &TITLES)
            || is(
                scan,
                j,
                &[
                    "med", "dent", "univ", "habil", "priv", "doz", "dipl", "ssa", "ing", "h", "c",
                    "rer", "nat",
                ],
            ))
    {
        j += 1;
    }
    let gap = scan.before(j);
    let vague = vague && j == i + 1;
    if j >= scan.tokens.len()
        || gap.chars().count() > 3
        || gap.contains([':', '/', '_', '-', '(', '+', ';']) && gap != ": "
    {
        return;
    }
    let end = name_from(scan, j);
    let next = scan.tokens[j];
    if end == j {
        let word = next.is_word() && next.len() >= 3 && !scan.is_neutral(j) && !taken[j];
        let unknown =
            word && next.case == Case::Lower && !next.has(Lex::KEEP) && !is_built(scan.fold(j));
        let named = word && next.is_capital() && next.has(Lex::EPONYM);
        let family =
            word && next.has(Lex::FAMILY) && !next.has(Lex::CLINICAL) && !next.has(Lex::COMMON);
        if vague && family && next.is_capital() {
            // "MR SMITH": a fracture or a person.
            found.doubt(next.start, next.end, Why::PersonName);
        } else if !vague && (unknown || named) {
            take(scan, j, found, taken);
            let more = name_from(scan, j + 1);
            (j + 1..more)
                .filter(|_| is_near(scan, j))
                .for_each(|k| take(scan, k, found, taken));
        } else if !vague
            && word
            && next.case == Case::Title
            && (next.has(Lex::CLINICAL) || next.has(Lex::NAME))
        {
            found.doubt(next.start, next.end, Why::PersonName);
        }
        return;
    }
    doubt_next(scan, end, found, taken);
    for k in j..end {
        let t = scan.tokens[k];
        if vague && !t.has(Lex::NAME) && !taken[k] {
            // "DR FOOBAR", "MR FOOBAR": a person, or a modality and a protocol.
            found.doubt(t.start, t.end, Why::PersonName);
        } else {
            take(scan, k, found, taken);
        }
    }
}

fn cue(scan: &Scan<'_>, i: usize, found: &mut Found, taken: &mut [bool]) {
    let gap = scan.gap(i);
    let colon = gap.contains(':') && gap.trim() == ":" || gap == "=" || gap == ".: ";
    let by = i > 0
        && is(scan, i, &BY)
        && is(scan, i - 1, &VERBS)
        && matches!(gap, " " | ": " | "\n" | "  ");
    let opener = is(scan, i, &CUES) && colon;
    let open = !opener && is(scan, i, &OPEN) && (gap == " " || gap == ". ") && scan.mixed_case;
    if !(by || opener || open) {
        return;
    }
    let mut j = i + 1;
    while j < scan.tokens.len() && is(scan, j, &TITLES) {
        j += 1;
    }
    if j >= scan.tokens.len() {
        return;
    }
    let end = name_from(scan, j);
    if end == j {
        let t = scan.tokens[j];
        let free = t.is_word()
            && t.len() >= 3
            && !t.has(Lex::KEEP)
            && !taken[j]
            && !is_built(scan.fold(j));
        if (by || opener) && free {
            take(scan, j, found, taken);
        } else if opener
            && t.is_word()
            && t.has(Lex::EPONYM)
            && is(scan, i, &["name", "patient", "pat"])
        {
            found.doubt(t.start, t.end, Why::PersonName);
        }
        return;
    }
    doubt_next(scan, end, found, taken);
    for k in j..end {
        let t = scan.tokens[k];
        let unsure = open && !t.has(Lex::NAME) && (t.case != Case::Title || is_built(scan.fold(k)));
        if unsure && !taken[k] {
            found.doubt(t.start, t.end, Why::PersonName);
        } else {
            take(scan, k, found, taken);
        }
    }
}

/// "John Fairclough, MD"
fn degree(scan: &Scan<'_>, i: usize, found: &mut Found, taken: &mut [bool]) {
    let dotted = is(scan, i, &["m"])
        && is(scan, i + 1, &["d"])
        && scan.gap(i) == "."
        && scan.tokens[i].case == Case::Upper;
    if !(is(scan, i, &DEGREES) && scan.tokens[i].case != Case::Lower || dotted) {
        return;
    }
    let mut j = i;
    let mut names = 0;
    while j > 0 && i - j < 5 && is_near(scan, j - 1) {
        let t = scan.tokens[j - 1];
        let initial = t.is_word() && t.len() == 1 && t.case == Case::Upper;
        if is_namely(scan, j - 1) && !t.has(Lex::HOUSE) {
            names += 1;
        } else if !initial {
            break;
        }
        j -= 1;
    }
    let listed = (j..i).any(|k| scan.tokens[k].has(Lex::NAME) && scan.tokens[k].len() > 2);
    let comma = scan.before(i).contains(',') && scan.mixed_case;
    if names > 0 && (listed || comma) {
        (j..i).for_each(|k| take(scan, k, found, taken));
    } else if names > 0 {
        (j..i)
            .filter(|k| !taken[*k])
            .for_each(|k| found.doubt(scan.tokens[k].start, scan.tokens[k].end, Why::PersonName));
    }
}

/// A given name beside a word that could be a family name; two family names.
fn listed(scan: &Scan<'_>, found: &mut Found, taken: &mut [bool]) {
    for i in 0..scan.tokens.len().saturating_sub(1) {
        if !is_near(scan, i) || scan.gap(i).contains('.') && scan.tokens[i].len() > 1 {
            continue;
        }
        let (a, b) = (scan.tokens[i], scan.tokens[i + 1]);
        let plain = |t: &Token| t.is_word() && t.len() > 1 && t.is_capital() && !t.has(Lex::KEEP);
        let given = |t: &Token| plain(t) && t.has(Lex::GIVEN);
        let family = |t: &Token| t.is_word() && t.is_capital() && t.has(Lex::FAMILY) && t.len() > 2;
        let open = |k: usize, t: &Token| {
            plain(t) && t.len() > 2 && !t.has(Lex::TOWN) && !is_built(scan.fold(k))
        };
        let pair = given(&a)
            && (family(&b) && !b.has(Lex::CLINICAL) || open(i + 1, &b) || given(&b))
            || given(&b)
                && (family(&a) && !a.has(Lex::COMMON) && !a.has(Lex::CLINICAL) || open(i, &a))
            || a.is_capital()
                && a.has(Lex::GIVEN)
                && !a.has(Lex::CLINICAL)
                && b.has(Lex::FAMILY)
                && plain(&b)
                && scan.gap(i) == " "
            || family(&a) && family(&b) && plain(&a) && plain(&b);
        if pair && !scan.is_neutral(i) && !scan.is_neutral(i + 1) {
            take(scan, i, found, taken);
            take(scan, i + 1, found, taken);
            // "Fairclough, Anna M."
            let c = i + 2;
            let initial = scan
                .token(c)
                .is_some_and(|t| t.is_word() && t.len() == 1 && t.case == Case::Upper);
            let free = initial
                && scan.before(c) == " "
                && (scan.gap(c).starts_with('.') || c + 1 == scan.tokens.len());
            if free {
                take(scan, c, found, taken);
            }
        }
    }
}

/// Single names of the lists, and words that nobody knows, where names stand.
fn left_over(scan: &Scan<'_>, kind: Kind, found: &mut Found, taken: &[bool]) {
    let words = scan.tokens.iter().filter(|t| t.is_word()).count();
    let short = kind.is_short() || kind == Kind::Comment && words <= 6;
    let unknown = |i: usize| {
        let t = scan.tokens[i];
        t.is_word() && t.len() >= 4 && !taken[i] && t.lex == Lex::NONE && !is_built(scan.fold(i))
    };
    for (i, t) in scan.tokens.iter().enumerate() {
        let addressed = ["さん", "様", "先生", "氏", "殿"]
            .iter()
            .any(|s| scan.word(i).contains(s));
        if t.sort == Sort::Dense && addressed && !taken[i] {
            found.doubt(t.start, t.end, Why::PersonName);
        }
        if taken[i] || !t.is_word() || t.has(Lex::KEEP) || t.len() < 3 {
            continue;
        }
        let named = t.has(Lex::NAME)
            && !t.has(Lex::TOWN)
            && (t.is_capital() || kind.is_short() && t.len() > 3);
        if named {
            found.doubt(t.start, t.end, Why::PersonName);
            continue;
        }
        if !unknown(i) {
            continue;
        }
        let glued = scan.gap(i).is_empty() && scan.token(i + 1).is_some_and(Token::is_number)
            || i > 0 && scan.before(i).is_empty() && scan.tokens[i - 1].is_number();
        let vowel = scan
            .fold(i)
            .iter()
            .any(|b| b"aeiouy".contains(b) || *b >= 128);
        let beside =
            |j: usize| j < scan.tokens.len() && scan.tokens[j].case == Case::Title && unknown(j);
        let pair =
            is_near(scan, i) && beside(i + 1) || i > 0 && is_near(scan, i - 1) && beside(i - 1);
        // In a report every German noun is a capital; there one unknown word alone says nothing.
        let capital = t.case == Case::Title && (pair || kind == Kind::Comment);
        if short && vowel && !glued || capital {
            found.doubt(t.start, t.end, Why::UnknownWord);
        }
    }
}
