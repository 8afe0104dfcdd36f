//! Runs the scanners over a text and puts together what they found.

use crate::known::{Known, KnownIdentity};
use crate::outcome::{Found, Hit, Kind, Outcome, Span, Why};
use crate::token::Scan;
use crate::{ages, contact, dates, find, numbers, people, places, street};

/// Cleans the texts of one patient.
#[derive(Debug, Clone)]
pub struct TextCleaner {
    known: Known,
    shift_days: Option<i64>,
}

impl TextCleaner {
    /// Prepares for a patient. Without a shift, dates are taken out; with one they are
    /// moved by so many whole days and keep their spelling.
    #[must_use]
    pub fn new(known: &KnownIdentity, shift_days: Option<i64>) -> Self {
        Self {
            known: Known::new(known),
            shift_days,
        }
    }

    /// Cleans one text.
    #[must_use]
    pub fn clean(&self, text: &str, kind: Kind) -> Outcome {
        let scan = Scan::new(text);
        let mut found = Found::default();
        if !scan.tokens.is_empty() {
            let marks = find::find(&scan, &self.known, kind, &mut found);
            dates::find(&scan, &self.known, self.shift_days, &mut found);
            ages::find(&scan, &mut found);
            contact::find(&scan, &mut found);
            street::find(&scan, &mut found);
            places::find(&scan, &mut found);
            people::find(&scan, kind, &marks, &mut found);
            numbers::find(&scan, &mut found);
        }
        settle(text, found)
    }
}

fn settle(text: &str, found: Found) -> Outcome {
    if found.gone.is_empty() && found.doubt.is_empty() {
        return Outcome {
            text: text.to_owned(),
            strict: text.to_owned(),
            removed: Vec::new(),
            uncertain: Vec::new(),
        };
    }
    let gone = merged(text, found.gone);
    let mut uncertain: Vec<Span> = found
        .doubt
        .into_iter()
        .filter(|d| {
            // What goes anyway needs no answer, but a date shifted under a guess does.
            let guess = |h: &Hit| d.why == Why::Date && h.new.is_some() && h.start == d.start;
            !gone
                .iter()
                .any(|h| h.start <= d.start && d.end <= h.end && !guess(h))
        })
        .collect();
    uncertain.sort_by_key(|s| (s.start, s.end));
    uncertain.dedup_by(|b, a| {
        let inside = b.start < a.end;
        if inside {
            a.end = a.end.max(b.end);
        }
        inside
    });
    let clean = written(text, &gone);
    let strict = if uncertain.is_empty() {
        clean.clone()
    } else {
        let mut all = gone.clone();
        all.extend(uncertain.iter().map(|d| Hit {
            start: d.start,
            end: d.end,
            why: d.why,
            new: None,
        }));
        written(text, &merged(text, all))
    };
    Outcome {
        text: clean,
        removed: gone
            .iter()
            .map(|h| Span {
                start: h.start,
                end: h.end,
                why: h.why,
            })
            .collect(),
        uncertain,
        strict,
    }
}

fn is_name(why: Why) -> bool {
    matches!(why, Why::PatientName | Why::PersonName | Why::UnknownWord)
}

/// Puts the hits in order, joins those that overlap, and joins neighbours of one kind.
fn merged(text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| {
        (a.start, b.end)
            .cmp(&(b.start, a.end))
            .then(a.new.is_some().cmp(&b.new.is_some()))
    });
    let mut out: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        let Some(last) = out.last_mut() else {
            out.push(hit);
            continue;
        };
        if hit.start < last.end {
            if (hit.start, hit.end) != (last.start, last.end) {
                // The longer one says why; what was re-written in part goes whole.
                if hit.end - hit.start > last.end - last.start {
                    last.why = hit.why;
                }
                last.new = if hit.end > last.end {
                    None
                } else {
                    last.new.take()
                };
                last.end = last.end.max(hit.end);
            } else if hit.new.is_none() {
                last.new = None;
            }
            continue;
        }
        let gap = text.get(last.end..hit.start).unwrap_or_default();
        let names = is_name(last.why) && is_name(hit.why);
        let same = names
            || last.why == hit.why
                && last.new.is_none()
                && hit.new.is_none()
                && hit.why != Why::Age;
        let close = gap.chars().count() <= 3
            && gap
                .chars()
                .all(|c| c.is_whitespace() || ",^._-'’=‐".contains(c));
        let numbers_apart = matches!(
            hit.why,
            Why::Date | Why::Identifier | Why::Phone | Why::Email | Why::Url
        ) && !gap.is_empty();
        if same && close && !numbers_apart {
            last.end = hit.end;
            if last.why != hit.why {
                last.why = Why::PatientName.min(last.why).min(hit.why);
            }
        } else {
            out.push(hit);
        }
    }
    out
}

fn written(text: &str, hits: &[Hit]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for hit in hits {
        out.push_str(text.get(at..hit.start).unwrap_or_default());
        match &hit.new {
            Some(new) => out.push_str(new),
            None => {
                // A letter right before would join the neutral word to it.
                if out
                    .chars()
                    .next_back()
                    .is_some_and(|c| c.is_alphabetic() && c.is_ascii())
                {
                    out.push(' ');
                }
                out.push_str(hit.why.token());
                let next = text.get(hit.end..).and_then(|t| t.chars().next());
                if next.is_some_and(|c| c.is_ascii_alphabetic()) {
                    out.push(' ');
                }
            }
        }
        at = hit.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
