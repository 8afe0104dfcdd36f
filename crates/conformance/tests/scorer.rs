//! The scorer against tools whose scores are known beforehand.
#![allow(clippy::expect_used, clippy::print_stderr)] // tests

use std::collections::BTreeSet;

use cordon_conformance::answer::{Kind, answers};
use cordon_conformance::ask::ASKS;
use cordon_conformance::rules::Rules;
use cordon_conformance::run::{Line, one};
use cordon_conformance::suite::Suite;
use cordon_conformance::tools::{Copier, Deleter, Perfect, Tool};

fn lines(tool: &dyn Tool, people: u32) -> Vec<Line> {
    let suite = Suite::new(11, people);
    let dir = tempfile::tempdir().expect("folder");
    ASKS.into_iter()
        .map(|ask| {
            let rules = Rules::new(ask.options);
            let output = dir.path().join(ask.name);
            one(tool, &suite, dir.path(), &output, ask, &rules)
        })
        .collect()
}

#[test]
fn who_knows_the_answers_has_everything() {
    for line in lines(&Perfect, 5) {
        let score = line.score.expect("score");
        let worst: Vec<_> = score.failures.iter().take(10).collect();
        assert_eq!(
            score.checks.passed, score.checks.all,
            "{}: {worst:#?}",
            line.ask
        );
        assert_eq!(score.leaks, 0, "{}: {:?}", line.ask, score.leaked);
        let p = &score.strict_parts;
        for part in [p.intervals, p.references, p.patients, p.values, p.masks] {
            assert_eq!(part.passed, part.all, "{}: {p:?}", line.ask);
        }
        assert!(score.strict > 99.999, "{}: {}", line.ask, score.strict);
        assert_eq!(score.over_deletions, 0);
    }
}

#[test]
fn who_copies_keeps_everything_and_leaks_everything() {
    for line in lines(&Copier, 3) {
        let score = line.score.expect("score");
        assert_eq!(
            score.over_deletions,
            0,
            "{}: {:?}",
            line.ask,
            score.failures.first()
        );
        for kind in [
            Kind::TextRemoved,
            Kind::DateShifted,
            Kind::UidChanged,
            Kind::PixelsHidden,
        ] {
            let tally = score.by_kind.get(kind.name()).expect("kind");
            assert_eq!(tally.passed, 0, "{} {}", line.ask, kind.name());
        }
        assert_eq!(score.strict_parts.leaks.passed, 0);
        assert!(score.leaks > 3000, "{}", score.leaks);
        assert!(score.strict < score.midi_b);
    }
}

#[test]
fn who_deletes_leaks_nothing_and_keeps_nothing() {
    for line in lines(&Deleter, 2) {
        let score = line.score.expect("score");
        assert_eq!(score.leaks, 0);
        assert!((score.over_deletion_rate - 100.0).abs() < 1e-9);
        for kind in [
            Kind::TagRetained,
            Kind::TextRetained,
            Kind::UidConsistent,
            Kind::PixelsRetained,
        ] {
            assert_eq!(score.by_kind.get(kind.name()).expect("kind").passed, 0);
        }
        let removed = score.by_kind.get(Kind::TextRemoved.name()).expect("kind");
        assert_eq!(removed.passed, removed.all);
        assert!(score.strict < 75.0, "{}", score.strict);
    }
}

#[test]
fn every_kind_of_answer_is_asked_and_the_seed_fixes_them() {
    let (a, b) = (Suite::new(5, 2), Suite::new(5, 2));
    for ask in ASKS {
        let rules = Rules::new(ask.options);
        let of = |s: &Suite| {
            s.items
                .iter()
                .flat_map(|i| answers(i, &rules))
                .collect::<Vec<_>>()
        };
        let all = of(&a);
        assert_eq!(all, of(&b));
        let kinds: BTreeSet<Kind> = all.iter().map(|a| a.kind).collect();
        assert_eq!(kinds.len(), 10, "{}: {kinds:?}", ask.name);
    }
    assert!(
        a.items
            .iter()
            .zip(&b.items)
            .all(|(x, y)| x.bytes == y.bytes)
    );
    let other = Suite::new(6, 2);
    assert!(
        a.items
            .iter()
            .zip(&other.items)
            .all(|(x, y)| x.bytes != y.bytes)
    );
}
