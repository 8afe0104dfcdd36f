//! The scores as text: a summary for the terminal, a table for the documentation, and the
//! answers as a file. What a tool lost is explained from its failing checks, never by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;

use crate::answer::{Answer, answers};
use crate::ask::Ask;
use crate::rules::Rules;
use crate::run::{Line, Scores};
use crate::score::{Failure, Score};
use crate::suite::Suite;

/// One line of the answer file.
#[derive(Serialize)]
struct AnswerLine<'a> {
    file: &'a str,
    #[serde(flatten)]
    answer: &'a Answer,
}

/// Writes the answers, one JSON object a line.
///
/// # Errors
/// When the file cannot be written.
pub fn write_answers(suite: &Suite, rules: &Rules, path: &Path) -> io::Result<()> {
    let mut out = io::BufWriter::new(std::fs::File::create(path)?);
    for item in &suite.items {
        for answer in answers(item, rules) {
            let line = AnswerLine {
                file: &item.made.path,
                answer: &answer,
            };
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

fn describe(failure: &Failure) -> String {
    let what = failure
        .category
        .map(|c| format!(" ({})", format!("{c:?}").to_lowercase()))
        .unwrap_or_default();
    let missing = if failure.file_missing {
        ", file not given back"
    } else {
        ""
    };
    format!("{} {}{what}{missing}", failure.kind, failure.attribute)
}

/// A summary for the terminal.
#[must_use]
pub fn summary(scores: &Scores, failures: usize) -> String {
    let mut out = format!(
        "{} people, {} files, seed {}\n\n",
        scores.people, scores.files, scores.seed
    );
    for line in &scores.runs {
        let _ = write!(out, "{} {} / {}: ", line.tool, line.version, line.ask);
        let Some(s) = &line.score else {
            let _ = writeln!(out, "{}", line.error.as_deref().unwrap_or("no score"));
            continue;
        };
        let _ = writeln!(
            out,
            "MIDI-B {:.3} %, strict {:.3} %, leaks {} (+{} held), over-deletions {} ({:.3} %), {} of {} files, {} held",
            s.midi_b,
            s.strict,
            s.leaks,
            s.leaks_held,
            s.over_deletions,
            s.over_deletion_rate,
            s.written,
            s.files,
            s.held
        );
        for (name, tally) in &s.by_kind {
            let _ = writeln!(out, "    {name:18} {:>8} of {:>8}", tally.passed, tally.all);
        }
        let p = &s.strict_parts;
        let _ = writeln!(
            out,
            "    intervals {}/{}, references {}/{}, patients {}/{}, vocabulary {:.0}/{}, masks {}/{}",
            p.intervals.passed,
            p.intervals.all,
            p.references.passed,
            p.references.all,
            p.patients.passed,
            p.patients.all,
            p.vocabulary,
            p.vocabulary_all,
            p.masks.passed,
            p.masks.all
        );
        for (place, tally) in &s.by_place {
            let _ = writeln!(out, "    in {place:?}: {:.3} %", tally.percent());
        }
        if !s.leaked.is_empty() {
            let _ = writeln!(out, "    leaked: {:?}", s.leaked);
        }
        for (failure, count) in s.failures.iter().take(failures) {
            let _ = writeln!(out, "    {count:>6} {}", describe(failure));
        }
    }
    out
}

const HEAD: &str = "# Conformance of de-identifiers

<!-- Written by `cargo xtask conformance --table docs/conformance.md`. Do not edit. -->

Synthetic patients with planted identities, made from a seed; each tool cleans the same
files. **MIDI-B** is the share of the challenge's ten kinds of checks that pass. **Strict**
weighs a leaked identity ten times a lost value, and a broken interval or reference five
times. **Leaks** counts identities that are found anywhere in the bytes of what a tool gave
back, in any encoding; those in objects that the tool holds for a person are counted apart.
**Over-deletions** are values that should have stayed.

";

/// The table for the documentation.
#[must_use]
pub fn table(scores: &Scores) -> String {
    let mut out = HEAD.to_owned();
    let _ = writeln!(
        out,
        "Seed {} ({}), {} people, {} files.",
        scores.seed,
        if scores.held_out {
            "held out: nobody tunes on it"
        } else {
            "for tuning"
        },
        scores.people,
        scores.files
    );
    let mut names: Vec<&str> = Vec::new();
    for line in &scores.runs {
        if !names.contains(&line.ask) {
            names.push(line.ask);
        }
    }
    for name in names {
        let lines: Vec<&Line> = scores.runs.iter().filter(|l| l.ask == name).collect();
        section(&mut out, name, &lines);
    }
    out.push_str("\n## How the tools were run\n\n");
    let mut told: Vec<&str> = Vec::new();
    for line in &scores.runs {
        if !told.contains(&line.tool) {
            told.push(line.tool);
            let _ = writeln!(
                out,
                "- **{} {}**: {}.",
                line.tool, line.version, line.configuration
            );
        }
    }
    out
}

fn section(out: &mut String, name: &str, lines: &[&Line]) {
    let _ = writeln!(out, "\n## {name}\n");
    if let Some(ask) = Ask::find(name) {
        let options: Vec<&str> = ask.options.iter().map(|o| o.meaning()).collect();
        let _ = writeln!(
            out,
            "Basic Application Confidentiality Profile{}{}.\n",
            if options.is_empty() { "" } else { " with " },
            options.join(", ")
        );
    }
    out.push_str("| tool | MIDI-B | strict | leaks | leaks held back | over-deletions | files given back |\n|---|---|---|---|---|---|---|\n");
    for line in lines {
        match &line.score {
            Some(s) => {
                let _ = writeln!(
                    out,
                    "| {} | {:.2} % | {:.2} % | {} | {} | {} ({:.2} %) | {} of {} |",
                    line.tool,
                    s.midi_b,
                    s.strict,
                    s.leaks,
                    s.leaks_held,
                    s.over_deletions,
                    s.over_deletion_rate,
                    s.written,
                    s.files
                );
            }
            None => {
                let _ = writeln!(
                    out,
                    "| {} | {} | | | | | |",
                    line.tool,
                    line.error.as_deref().unwrap_or("no score")
                );
            }
        }
    }
    kinds(out, lines);
    for line in lines {
        if let Some(score) = &line.score {
            losses(out, line.tool, score);
        }
    }
}

fn kinds(out: &mut String, lines: &[&Line]) {
    let scored: Vec<(&str, &Score)> = lines
        .iter()
        .filter_map(|l| Some((l.tool, l.score.as_ref()?)))
        .collect();
    let mut names: Vec<&str> = scored
        .iter()
        .flat_map(|(_, s)| s.by_kind.keys().copied())
        .collect();
    names.sort_unstable();
    names.dedup();
    let _ = write!(out, "\n| checks passed |");
    for (tool, _) in &scored {
        let _ = write!(out, " {tool} |");
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(scored.len()));
    let mut row = |title: &str, of: &dyn Fn(&Score) -> (u64, u64)| {
        let _ = write!(out, "| {title} |");
        for (_, score) in &scored {
            let (passed, all) = of(score);
            let _ = write!(out, " {passed} of {all} |");
        }
        out.push('\n');
    };
    for name in names {
        row(name, &|s| {
            s.by_kind.get(name).map_or((0, 0), |t| (t.passed, t.all))
        });
    }
    row("intervals between dates", &|s| {
        (
            s.strict_parts.intervals.passed,
            s.strict_parts.intervals.all,
        )
    });
    row("references", &|s| {
        (
            s.strict_parts.references.passed,
            s.strict_parts.references.all,
        )
    });
    row("one ID for one patient", &|s| {
        (s.strict_parts.patients.passed, s.strict_parts.patients.all)
    });
    row("identities nowhere in the bytes", &|s| {
        (s.strict_parts.leaks.passed, s.strict_parts.leaks.all)
    });
}

/// What a tool lost, from its failing checks: the places by kind, the worst first.
fn losses(out: &mut String, tool: &str, score: &Score) {
    let _ = writeln!(out, "\n### What {tool} lost\n");
    if score.failures.is_empty() && score.leaked.is_empty() {
        out.push_str("Nothing.\n");
        return;
    }
    if !score.leaked.is_empty() {
        let list: Vec<String> = score
            .leaked
            .iter()
            .map(|(c, n)| format!("{c} {n}"))
            .collect();
        let _ = writeln!(out, "Identities in the bytes: {}.\n", list.join(", "));
    }
    type Failed<'a> = (u64, Vec<(&'a Failure, u64)>);
    let mut by_kind: BTreeMap<&str, Failed<'_>> = BTreeMap::new();
    for (failure, count) in &score.failures {
        let entry = by_kind.entry(failure.kind).or_default();
        entry.0 += count;
        entry.1.push((failure, *count));
    }
    let mut kinds: Vec<_> = by_kind.into_iter().collect();
    kinds.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (kind, (count, failures)) in kinds {
        let mut attributes: BTreeMap<String, u64> = BTreeMap::new();
        for (failure, n) in failures {
            let missing = if failure.file_missing {
                " (file not given back)"
            } else {
                ""
            };
            *attributes
                .entry(format!("{}{missing}", failure.attribute))
                .or_default() += n;
        }
        let mut list: Vec<(String, u64)> = attributes.into_iter().collect();
        list.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let shown: Vec<String> = list
            .iter()
            .take(8)
            .map(|(a, n)| format!("`{a}` {n}"))
            .collect();
        let more = list.len().saturating_sub(8);
        let rest = if more > 0 {
            format!(", and {more} more")
        } else {
            String::new()
        };
        let _ = writeln!(out, "- {kind}, {count}: {}{rest}.", shown.join(", "));
    }
}
