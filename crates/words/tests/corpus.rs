//! The table of texts and answers, and the shape of what is kept.

mod common;

use common::{cleaner, kind};

/// Each line: kind, text, expected text, uncertain words. "S" is a report whose dates are
/// shifted by minus one hundred days. "\n" in a field is a line break.
#[test]
fn every_line_of_the_corpus() {
    let mut wrong = Vec::new();
    let mut lines = 0;
    for line in include_str!("corpus.txt")
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let fields: Vec<String> = line.split('|').map(|f| f.replace("\\n", "\n")).collect();
        let [sort, text, expected, doubts] = fields.as_slice() else {
            panic!("a line of the corpus has not four fields: {line}");
        };
        lines += 1;
        let outcome = cleaner((sort == "S").then_some(-100)).clean(text, kind(sort));
        let words = outcome.uncertain_words(text).join(";");
        if outcome.text != *expected || words != *doubts {
            wrong.push(format!("{line}\n   gave |{}|{words}", outcome.text));
        }
    }
    assert!(lines >= 400, "{lines} lines");
    assert!(
        wrong.is_empty(),
        "{} of {lines}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A text of vocabulary alone comes back byte for byte.
#[test]
fn the_vocabulary_stays() {
    const TEXTS: &str = include_str!("clinical.txt");
    let cleaner = cleaner(None);
    let (mut tokens, mut lost, mut held) = (0_usize, Vec::new(), Vec::new());
    for line in TEXTS
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let outcome = cleaner.clean(line, cordon_words::Kind::Report);
        tokens += line.split_whitespace().count();
        lost.extend(
            outcome
                .removed
                .iter()
                .map(|s| line[s.start..s.end].to_owned()),
        );
        held.extend(outcome.uncertain_words(line).into_iter().map(str::to_owned));
    }
    println!(
        "{} clinical words listed; vocabulary only: {tokens} tokens, taken out {lost:?}, held {held:?}",
        cordon_words::vocabulary_size()
    );
    assert!(lost.len() * 1000 < tokens, "{lost:?}");
    assert!(held.len() * 100 < tokens, "{held:?}");
}
