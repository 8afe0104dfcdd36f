//! Looks for the study's own identity in a text.

use crate::known::{Fit, Known, Needle};
use crate::lexicon::{Lex, is_built};
use crate::outcome::{Found, Kind, Why};
use crate::token::{Case, Scan, Sort, Token};

/// For each token, the reason why it is taken out as part of a name.
pub(crate) type Marks = Vec<Option<Why>>;

/// A part of a name that is also a word: it goes only next to another part.
struct Weak {
    token: usize,
    why: Why,
    needle: Box<[u8]>,
}

pub(crate) fn find(scan: &Scan<'_>, known: &Known, kind: Kind, found: &mut Found) -> Marks {
    let mut marks: Marks = vec![None; scan.tokens.len()];
    let mut weak = Vec::new();
    search(scan, known, kind, found, &mut marks, &mut weak);
    for i in 0..scan.tokens.len() {
        short_and_fuzzy(scan, known, kind, i, found, &mut marks, &mut weak);
    }
    settle(scan, kind, &weak, found, &mut marks);
    extend(scan, known, &mut marks);
    for (i, mark) in marks.iter().enumerate() {
        if let (Some(why), Some(t)) = (mark, scan.token(i)) {
            found.remove(t.start, t.end, *why);
        }
    }
    marks
}

fn search(
    scan: &Scan<'_>,
    known: &Known,
    kind: Kind,
    found: &mut Found,
    marks: &mut Marks,
    weak: &mut Vec<Weak>,
) {
    let stream = &scan.folded;
    for at in 0..stream.len().saturating_sub(2) {
        for needle in known.starting(stream[at], stream[at + 1], stream[at + 2]) {
            if stream[at..].starts_with(&needle.text) {
                judge(scan, kind, needle, at, found, marks, weak);
            }
        }
    }
}

/// Decides whether a needle that lies in the stream is really there.
fn judge(
    scan: &Scan<'_>,
    kind: Kind,
    needle: &Needle,
    at: usize,
    found: &mut Found,
    marks: &mut Marks,
    weak: &mut Vec<Weak>,
) {
    let to = at + needle.text.len();
    let (first, last) = (scan.holder(at), scan.holder(to - 1));
    let (Some(a), Some(b)) = (scan.token(first), scan.token(last)) else {
        return;
    };
    if (first..=last).any(|i| scan.is_neutral(i)) {
        return;
    }
    let (starts, ends) = (a.from == at, b.to == to);
    if needle.fit == Fit::Id {
        return judge_id(scan, needle, (first, last), (starts, ends), (at, to), found);
    }
    if first == last && a.sort == Sort::Dense {
        let telling = if needle.text.is_ascii() {
            needle.text.len() >= 4
        } else {
            needle.text.len() >= 6
        };
        if telling || (starts && ends) {
            found.remove(scan.source(at), scan.source_end(to - 1), needle.why);
        }
        return;
    }
    if first == last && starts && ends {
        if needle.common {
            weak.push(Weak {
                token: first,
                why: needle.why,
                needle: needle.text.clone(),
            });
        } else {
            marks[first] = Some(needle.why);
        }
        return;
    }
    if needle.common || needle.fit == Fit::Token {
        return;
    }
    if first == last {
        let len = needle.text.len();
        let inside = len >= 5 && (starts || ends || len >= 6) || needle.fit == Fit::Joined;
        if inside && !a.has(Lex::KEEP) && !(kind == Kind::Report && is_built(scan.fold(first))) {
            marks[first] = Some(needle.why);
        }
        return;
    }
    let glued =
        needle.text.len() >= 5 && (first..last).all(|i| scan.gap(i).is_empty() && a.is_word());
    let joined = needle.fit == Fit::Joined && needle.text.len() >= 8 || glued;
    let whole = starts && ends;
    if !(whole || joined && (starts || ends || glued)) || !is_tight(scan, first, last) {
        return;
    }
    // "hand el" is not "Handel", but "M U E L L E R" and "Muel-\nler" are what they read.
    let words = (first..=last).filter(|i| {
        scan.token(*i)
            .is_some_and(|t| t.len() > 1 && !t.is_number())
    });
    let all_vocabulary =
        words.clone().count() > 0 && words.clone().all(|i| scan.tokens[i].has(Lex::KEEP));
    if all_vocabulary && needle.fit == Fit::Part {
        found.doubt(a.start, b.end, needle.why);
        return;
    }
    for mark in &mut marks[first..=last] {
        *mark = Some(needle.why);
    }
    found.remove(a.start, b.end, needle.why);
}

/// Whether only a few separators stand between the tokens.
fn is_tight(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    (first..last).all(|i| {
        let gap = scan.gap(i);
        gap.chars().count() <= 3 && !gap.contains([':', ';', '=', '(', ')', '/'])
    })
}

fn judge_id(
    scan: &Scan<'_>,
    needle: &Needle,
    (first, last): (usize, usize),
    (starts, ends): (bool, bool),
    (at, to): (usize, usize),
    found: &mut Found,
) {
    let (a, b) = (scan.tokens[first], scan.tokens[last]);
    let len = needle.text.len();
    let gaps = (first..last).all(|i| scan.gap(i).chars().count() <= 2);
    if !gaps {
        return;
    }
    let digits = needle.text.iter().all(u8::is_ascii_digit);
    if len >= 6 {
        // A long number inside a longer one is taken out with all of it.
        let start = if starts || a.is_number() {
            a.start
        } else {
            scan.source(at)
        };
        let end = if ends || b.is_number() {
            b.end
        } else {
            scan.source_end(to - 1)
        };
        found.remove(start, end, needle.why);
        return;
    }
    if !(starts && ends) {
        return;
    }
    let unit = scan.token(last + 1).is_some_and(|t| t.has(Lex::UNIT)) && scan.gap(last).len() <= 1;
    let value = scan.before(first).ends_with(['=', '<', '>']) || is_decimal(scan, first) || unit;
    let year = digits && len == 4 && matches!(scan.number(first), Some(1900..=2099));
    if digits && (value || year) {
        found.doubt(a.start, b.end, needle.why);
    } else {
        found.remove(a.start, b.end, needle.why);
    }
}

/// Whether the number is a side of a decimal point.
pub(crate) fn is_decimal(scan: &Scan<'_>, i: usize) -> bool {
    let beside = |gap: &str, j: Option<&Token>| {
        (gap == "." || gap == ",") && j.is_some_and(Token::is_number)
    };
    let before = i > 0 && beside(scan.before(i), scan.token(i - 1));
    before || beside(scan.gap(i), scan.token(i + 1))
}

fn short_and_fuzzy(
    scan: &Scan<'_>,
    known: &Known,
    kind: Kind,
    i: usize,
    found: &mut Found,
    marks: &mut Marks,
    weak: &mut Vec<Weak>,
) {
    let token = scan.tokens[i];
    if marks[i].is_some() || token.sort == Sort::Number {
        return;
    }
    let word = scan.fold(i);
    if word.len() == 2 {
        if let Some(needle) = known.short.iter().find(|n| *n.text == *word) {
            weak.push(Weak {
                token: i,
                why: needle.why,
                needle: needle.text.clone(),
            });
        }
        return;
    }
    if word.len() < 4 || token.has(Lex::KEEP) || !token.is_word() {
        return;
    }
    for n in &known.fuzzy {
        let Some(needle) = known.needles.get(*n as usize) else {
            continue;
        };
        if one_edit(word, &needle.text) {
            if token.case == Case::Lower && !kind.is_short() {
                if !is_built(word) {
                    found.doubt(token.start, token.end, needle.why);
                }
            } else if !is_built(word) || kind.is_short() {
                marks[i] = Some(needle.why);
            }
            return;
        }
    }
}

/// Whether two words differ by at most one letter left out, put in, replaced, or swapped
/// with its neighbour.
pub(crate) fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = |x: &[u8], y: &[u8]| x.iter().zip(y).take_while(|(p, q)| p == q).count();
    let front = same(short, long);
    let (s, l) = (&short[front..], &long[front..]);
    if short.len() < long.len() {
        return *s == l[1..];
    }
    match (s, l) {
        ([], []) => true,
        ([_, s @ ..], [_, l @ ..]) if s == l => true,
        ([p, q, s @ ..], [x, y, l @ ..]) => p == y && q == x && s == l,
        _ => false,
    }
}

/// Whether two neighbours can be parts of one name.
pub(crate) fn is_near(scan: &Scan<'_>, i: usize) -> bool {
    let gap = scan.gap(i);
    i + 1 < scan.tokens.len()
        && gap.chars().count() <= 3
        && gap
            .chars()
            .all(|c| c.is_whitespace() || ",^._-'’=‐".contains(c))
}

/// Parts that are also words: taken out next to another part, otherwise shown to a person.
fn settle(scan: &Scan<'_>, kind: Kind, weak: &[Weak], found: &mut Found, marks: &mut Marks) {
    let mut left: Vec<&Weak> = weak.iter().collect();
    loop {
        let before = left.len();
        left.retain(|w| {
            let beside = |j: usize| {
                marks[j].is_some()
                    || weak.iter().any(|o| {
                        let capital = |i: usize| scan.tokens[i].is_capital();
                        o.token == j && o.needle != w.needle && capital(j) && capital(w.token)
                    })
            };
            let here = w.token > 0 && is_near(scan, w.token - 1) && beside(w.token - 1)
                || is_near(scan, w.token) && beside(w.token + 1);
            if here {
                marks[w.token] = Some(w.why);
            }
            !here
        });
        if left.len() == before {
            break;
        }
    }
    for w in left {
        let token = scan.tokens[w.token];
        let name = matches!(w.why, Why::PatientName | Why::PersonName);
        if name && stands_as_name(scan, w.token) {
            marks[w.token] = Some(w.why);
            continue;
        }
        let small = token.case == Case::Lower && scan.mixed_case && !kind.is_short();
        let particle = w.needle.len() <= 3 && token.has(Lex::COMMON) && !token.has(Lex::NAME);
        let two = w.needle.len() == 2 && (token.has(Lex::KEEP) || token.case == Case::Lower);
        if !(small || particle || two) {
            found.doubt(token.start, token.end, w.why);
        }
    }
}

/// Whether a part of a name of the header that is also a word stands where only the name does:
/// behind a title or "by"; shouted in a text that is not; or as the last word of a clause, where
/// the word of a disease would have one behind it ("Hodgkin lymphoma") or a guard before
/// ("Morbus Hodgkin").
fn stands_as_name(scan: &Scan<'_>, i: usize) -> bool {
    const GUARDS: [&[u8]; 12] = [
        b"morbus",
        b"m",
        b"mb",
        b"non",
        b"maladie",
        b"enfermedad",
        b"malattia",
        b"ziekte",
        b"sign",
        b"type",
        b"typ",
        b"suspected",
    ];
    const TITLES: [&[u8]; 9] = [
        b"by", b"dr", b"mr", b"mrs", b"ms", b"herr", b"frau", b"mme", b"prof",
    ];
    const BEFORE: [&[u8]; 4] = [b"for", b"pat", b"patient", b"to"];
    let token = scan.tokens[i];
    if !token.is_capital() || token.has(Lex::UNIT) || token.len() < 4 {
        return false;
    }
    let before = |list: &[&[u8]]| i > 0 && is_near(scan, i - 1) && list.contains(&scan.fold(i - 1));
    if token.case == Case::Title && before(&TITLES) {
        return true;
    }
    let clinical = token.has(Lex::CLINICAL);
    if token.case == Case::Upper && scan.mixed_case && !clinical {
        return true;
    }
    let apart = i > 0 && scan.before(i).contains([',', '(']) || before(&BEFORE);
    if clinical && !apart {
        return false;
    }
    let ends = |j: usize| {
        j + 1 == scan.tokens.len()
            || scan
                .gap(j)
                .trim_start_matches([' ', '.'])
                .starts_with([',', ';', ')', '\n'])
    };
    let initial = scan
        .token(i + 1)
        .is_some_and(|t| t.is_word() && t.len() == 1 && t.is_capital());
    let closes = ends(i) || initial && ends(i + 1);
    i > 0 && closes && token.case == Case::Title && !GUARDS.contains(&scan.fold(i - 1))
}

/// What belongs to a name that was found: initials, small words, the other half of a double name.
fn extend(scan: &Scan<'_>, known: &Known, marks: &mut Marks) {
    let named: Vec<usize> = (0..marks.len())
        .filter(|i| matches!(marks[*i], Some(Why::PatientName | Why::PersonName)))
        .collect();
    for i in named {
        let why = marks[i];
        let mut j = i;
        while is_near(scan, j) && marks[j + 1].is_none() && belongs(scan, known, j + 1, scan.gap(j))
        {
            j += 1;
            marks[j] = why;
        }
        let mut j = i;
        while j > 0
            && is_near(scan, j - 1)
            && marks[j - 1].is_none()
            && belongs(scan, known, j - 1, scan.gap(j - 1))
        {
            j -= 1;
            marks[j] = why;
        }
    }
}

fn belongs(scan: &Scan<'_>, known: &Known, i: usize, between: &str) -> bool {
    let token = scan.tokens[i];
    if !token.is_word() {
        return false;
    }
    let word = scan.fold(i);
    if known.particles.iter().any(|p| p.as_bytes() == word) {
        return true;
    }
    if word.len() == 1 {
        let glued_number =
            scan.gap(i).is_empty() && scan.token(i + 1).is_some_and(Token::is_number);
        let letter = word[0].wrapping_sub(b'a');
        let initial = letter < 26 && known.initials & (1 << letter) != 0;
        let dotted = scan.gap(i).starts_with('.') && scan.mixed_case;
        return token.is_capital()
            && !glued_number
            && !between.contains('\n')
            && (initial || dotted);
    }
    between == "-" && token.is_capital() && !token.has(Lex::KEEP) && word.len() > 2
}
