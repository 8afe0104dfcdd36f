//! Ages over 89 become "90+", as HIPAA's safe harbour asks.

use crate::outcome::{Found, Why};
use crate::token::Scan;

const AFTER: [&str; 20] = [
    "y", "yo", "yr", "yrs", "year", "years", "jahr", "jahre", "jahren", "j", "ans", "an", "anos",
    "ano", "anni", "jaar", "jarige", "yold", "yearold", "a",
];
const BEFORE: [&str; 10] = [
    "age",
    "aged",
    "ages",
    "alter",
    "edad",
    "eta",
    "leeftijd",
    "agee",
    "patientenalter",
    "lebensalter",
];

pub(crate) fn find(scan: &Scan<'_>, found: &mut Found) {
    for i in 0..scan.tokens.len() {
        let Some(90..=130) = scan.number(i) else {
            continue;
        };
        if scan.gap(i).starts_with('+') || scan.before(i).ends_with(['.', '=', '/']) {
            continue;
        }
        let is = |j: usize, list: &[&str]| {
            let word = scan.fold(j);
            list.iter().any(|w| w.as_bytes() == word)
                || list.len() == AFTER.len() && word.starts_with(b"jahrig")
        };
        let gap = scan.gap(i);
        // A bare letter counts only when it touches: "093Y", not "95 a".
        let long = scan.fold(i + 1).len() > 1
            || gap.is_empty() && scan.fold(i + 1) != b"a" && scan.fold(i + 1) != b"j"
            || scan.fold(i + 1) == b"y";
        let after = matches!(gap, "" | " " | "-" | "  ") && long && is(i + 1, &AFTER);
        let before = i > 0 && scan.before(i).chars().count() <= 3 && is(i - 1, &BEFORE);
        if after || before {
            let token = scan.tokens[i];
            found.remove(token.start, token.end, Why::Age);
        }
    }
}
