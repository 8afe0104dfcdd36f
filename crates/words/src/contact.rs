//! E-mail addresses, web addresses and telephone numbers.

use crate::find::is_decimal;
use crate::lexicon::Lex;
use crate::outcome::{Found, Why};
use crate::token::{Scan, Token};

/// The long lists, whose words the lexicon marks as cues.
pub(crate) const LISTS: &[&[&str]] = &[&CUES];

pub(crate) fn find(scan: &Scan<'_>, found: &mut Found) {
    if scan.text.contains('@') {
        emails(scan.text, found);
    }
    urls(scan, found);
    let mut i = 0;
    while i < scan.tokens.len() {
        i = if scan.tokens[i].is_number() {
            phone(scan, i, found)
        } else {
            i + 1
        };
    }
}

fn is_mail(c: char) -> bool {
    c.is_alphanumeric() || "._%+-".contains(c)
}

fn emails(text: &str, found: &mut Found) {
    for (at, _) in text.match_indices('@') {
        let left = text[..at].trim_end_matches(is_mail).len();
        let tail = &text[at + 1..];
        let right = at + 1 + tail.len() - tail.trim_start_matches(is_mail).len();
        let right = left.max(
            text[..right]
                .trim_end_matches(['.', '-', '+', '%', '_'])
                .len(),
        );
        if left < at && right > at + 1 {
            found.remove(left, right, Why::Email);
        }
    }
}

const DOMAINS: [&str; 18] = [
    "com", "org", "net", "edu", "gov", "info", "de", "at", "ch", "fr", "es", "it", "nl", "be",
    "uk", "eu", "io", "health",
];

fn urls(scan: &Scan<'_>, found: &mut Found) {
    for i in 0..scan.tokens.len() {
        let token = scan.tokens[i];
        let fold = scan.fold(i);
        let scheme = matches!(fold, b"http" | b"https" | b"ftp") && scan.gap(i).starts_with("://");
        let www = fold == b"www" && scan.gap(i) == ".";
        if scheme || www {
            let tail = &scan.text[token.start..];
            let end = tail
                .find(|c: char| c.is_whitespace() || "<>\"()[]{}|\\^,;".contains(c))
                .unwrap_or(tail.len());
            let end = token.start + tail[..end].trim_end_matches(['.', ':', '!', '?']).len();
            found.remove(token.start, end, Why::Url);
            continue;
        }
        let dotted = i > 0 && token.is_word() && scan.before(i) == ".";
        let domain = dotted && DOMAINS.iter().any(|d| d.as_bytes() == fold);
        if domain && token.case == crate::token::Case::Lower && scan.before(i) == "." {
            bare_domain(scan, i, found);
        }
    }
}

/// "strahlenzentrum-nord.de"
fn bare_domain(scan: &Scan<'_>, last: usize, found: &mut Found) {
    let mut first = last - 1;
    while first > 0 && matches!(scan.before(first), "." | "-" | "") {
        first -= 1;
    }
    let telling = (first..last).any(|i| scan.tokens[i].is_word() && scan.tokens[i].len() >= 4);
    let unit = scan
        .token(last - 1)
        .is_some_and(|t| t.has(Lex::UNIT) || t.is_number());
    let ended = scan
        .gap(last)
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || ",;)/.".contains(c));
    if telling && !unit && ended {
        let tail = &scan.text[scan.tokens[last].end..];
        let path = if tail.starts_with('/') {
            tail.find(char::is_whitespace).unwrap_or(tail.len())
        } else {
            0
        };
        found.remove(
            scan.tokens[first].start,
            scan.tokens[last].end + path,
            Why::Url,
        );
    }
}

const CUES: [&str; 32] = [
    "tel",
    "telefon",
    "telephone",
    "phone",
    "ph",
    "fax",
    "telefax",
    "mobile",
    "mobil",
    "handy",
    "cell",
    "pager",
    "beeper",
    "durchwahl",
    "dw",
    "telefono",
    "movil",
    "cellulare",
    "gsm",
    "rufnummer",
    "ext",
    "extension",
    "telefoon",
    "portable",
    "mob",
    "call",
    "fon",
    "telefonnummer",
    "bleep",
    "hotline",
    "tlf",
    "telf",
];

/// Looks at the group of numbers that starts here; gives the token after it.
fn phone(scan: &Scan<'_>, first: usize, found: &mut Found) -> usize {
    let mut last = first;
    let free = |i: usize| {
        scan.token(i)
            .is_some_and(|t| t.is_number() && !found.covers(t.start, t.end))
    };
    if !free(first) {
        return first + 1;
    }
    while free(last + 1) && is_joint(scan.gap(last)) {
        last += 1;
    }
    let lens: Vec<usize> = scan.tokens[first..=last].iter().map(Token::len).collect();
    let digits: usize = lens.iter().sum();
    let before = scan.before(first);
    let plus = before.ends_with('+') || before.ends_with("(+") || before.ends_with("+(");
    let mut cue_at = first;
    let cued = (1..=2).any(|back| {
        if cue_at == 0 {
            return false;
        }
        let gap = scan.before(cue_at);
        cue_at -= 1;
        let fits = gap.chars().count() <= 4
            && gap
                .chars()
                .all(|c| c.is_whitespace() || ":.#-+()=/".contains(c));
        let word = scan.fold(cue_at);
        let cue = scan.token(cue_at).is_some_and(|t| t.has(Lex::CUE))
            && CUES.iter().any(|c| c.as_bytes() == word);
        if !(cue || matches!(word, b"nr" | b"no" | b"number" | b"at" | b"to"))
            || !fits
            || back == 2 && !cue
        {
            cue_at = 0;
            return false;
        }
        cue
    });
    let gaps: Vec<&str> = (first..last).map(|i| scan.gap(i)).collect();
    let dashed = gaps
        .iter()
        .all(|g| matches!(*g, "-" | "." | ") " | ")" | ")-" | "‑"));
    let zero = scan.fold(first).first() == Some(&b'0') && lens[0] >= 2;
    let dotted = gaps.iter().all(|g| *g == ".");
    let shape = match lens.as_slice() {
        [3, 3, 4] | [1, 3, 3, 4] => dashed,
        [2, 2, 2, 2, 2] => zero,
        [n, ..] if zero && lens.len() >= 2 && *n <= 6 => (9..=13).contains(&digits) && !dotted,
        [3, 4] => dashed && gaps[0] == "-" && before.ends_with(' ') && cued,
        _ => false,
    };
    let unit = scan.token(last + 1).is_some_and(|t| t.has(Lex::UNIT)) && scan.gap(last) == " ";
    let is_phone = if cued {
        digits >= 4
    } else {
        plus && (8..=15).contains(&digits) || shape
    };
    if is_phone && !(unit && !plus && !cued) && !(is_decimal(scan, first) && !cued && !shape) {
        let bytes = before.len() - before.trim_end_matches(['+', '(', '0']).len();
        found.remove(
            scan.tokens[first].start - bytes,
            scan.tokens[last].end,
            Why::Phone,
        );
        return last + 1;
    }
    if is_phone { last + 1 } else { first + 1 }
}

fn is_joint(gap: &str) -> bool {
    matches!(
        gap,
        " " | "-"
            | "/"
            | "."
            | " ("
            | ") "
            | ")"
            | "("
            | " - "
            | " / "
            | ")-"
            | "–"
            | "‑"
            | " (0) "
    )
}
