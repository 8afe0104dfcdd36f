//! MIDI-B's rules for words: a lower-cased substring, else tokens without stop words.

/// Words that say nothing about a person; the short list that the suite's templates use.
const STOP_WORDS: [&str; 34] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "had", "has", "in", "is", "it",
    "no", "not", "of", "on", "or", "s", "since", "that", "the", "this", "to", "was", "were",
    "with", "de", "la", "der", "die", "von",
];

/// The tokens of a text that count.
#[must_use]
pub(super) fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|t| t.trim_matches('.').to_owned())
        .filter(|t| !t.is_empty() && !STOP_WORDS.contains(&t.as_str()))
        .collect()
}

fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    // Numbers are compared as numbers: 5.0 is 5.
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => (x - y).abs() <= 1e-6 * x.abs().max(y.abs()),
        _ => false,
    }
}

/// Which share of the words of `expected` is in `actual`, from 0 to 1.
#[must_use]
pub(super) fn retained(expected: &str, actual: &str) -> f64 {
    if actual.to_lowercase().contains(&expected.to_lowercase()) {
        return 1.0;
    }
    let wanted = tokens(expected);
    if wanted.is_empty() {
        return 0.0;
    }
    let there = tokens(actual);
    let found = wanted
        .iter()
        .filter(|w| there.iter().any(|t| same(w, t)))
        .count();
    found as f64 / wanted.len() as f64
}

/// Whether nothing of `secret` is in `actual`.
///
/// Unlike MIDI-B's, a number of fewer than four figures alone gives nothing away: "12" of a
/// street is also the 12 of "12 mm".
#[must_use]
pub(super) fn removed(secret: &str, actual: &str) -> bool {
    if actual.to_lowercase().contains(&secret.to_lowercase()) {
        return false;
    }
    let there = tokens(actual);
    !tokens(secret)
        .iter()
        .filter(|t| t.chars().count() > 1)
        .filter(|t| t.parse::<f64>().is_err() || t.len() > 3)
        .any(|s| there.iter().any(|t| same(s, t)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_as_midi_b_does() {
        assert!((retained("T2 FLAIR axial", "t2 flair AXIAL x") - 1.0).abs() < 1e-9);
        assert!((retained("axial T2 FLAIR", "T2 FLAIR, axial") - 1.0).abs() < 1e-9);
        assert!((retained("one two three four", "one two") - 0.5).abs() < 1e-9);
        assert!((retained("0.5\\2.0", "0.50\\2") - 1.0).abs() < 1e-9);
        assert!(removed("Müller^Jörg", "P7F"));
        assert!(!removed("Müller^Jörg", "jörg came"));
        assert!(!removed("19580314", "born 19580314"));
        assert!(removed("Linden 12", "12 mm"));
    }
}
