//! Runs the scanners over a text and puts together what they found.

use crate::known::{Known, KnownIdentity};
use crate::outcome::{Answer, Found, Hit, Kind, Outcome, Span, Why};
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
        self.clean_with(text, kind, &|_| Answer::Open)
    }

    /// Cleans one text after a person has been asked about doubtful words: `answer` is given
    /// each of them as it stands in the text.
    #[must_use]
    pub fn clean_with(&self, text: &str, kind: Kind, answer: &dyn Fn(&str) -> Answer) -> Outcome {
        let mut found = self.scan(text, kind);
        if found.gone.is_empty() && found.doubt.is_empty() {
            return Outcome {
                text: text.to_owned(),
                strict: text.to_owned(),
                removed: Vec::new(),
                uncertain: Vec::new(),
            };
        }
        let mut gone = merged(text, std::mem::take(&mut found.gone));
        // What was taken out may uncover what stood behind it; look until nothing comes.
        for _ in 0..3 {
            let (out, edits) = written(text, &gone);
            let more: Vec<Hit> = self
                .scan(&out, kind)
                .gone
                .into_iter()
                .filter(|h| {
                    let first = edits.partition_point(|e| e.to.1 <= h.start);
                    let mut near = edits[first..].iter().take_while(|e| e.to.0 < h.end);
                    !near.any(|e| e.touches(h))
                })
                .map(|h| Hit {
                    start: original(&edits, h.start, false),
                    end: original(&edits, h.end, true),
                    ..h
                })
                .collect();
            if more.is_empty() {
                break;
            }
            gone.extend(more);
            gone = merged(text, gone);
        }
        settle(text, gone, found.doubt, answer)
    }

    fn scan(&self, text: &str, kind: Kind) -> Found {
        let scan = Scan::new(text);
        let mut found = Found::new(text.len());
        if !scan.tokens.is_empty() {
            let marks = find::find(&scan, &self.known, kind, &mut found);
            if kind == Kind::Term {
                // Makers have towns and clinics in their names.
                found.gone.retain(|h| h.why != Why::Institution);
                found.doubt.retain(|d| d.why != Why::Institution);
                return found;
            }
            dates::find(&scan, &self.known, self.shift_days, &mut found);
            ages::find(&scan, &mut found);
            contact::find(&scan, &mut found);
            street::find(&scan, &mut found);
            places::find(&scan, &mut found);
            people::find(&scan, kind, &marks, &mut found);
            numbers::find(&scan, &mut found);
        }
        found
    }
}

/// A place of the text and what became of it.
struct Edit {
    from: (usize, usize),
    to: (usize, usize),
    /// Re-written rather than taken out: not to be re-written again.
    kept: bool,
}

impl Edit {
    /// Whether a later hit is only about what this edit wrote.
    fn touches(&self, hit: &Hit) -> bool {
        let inside = self.to.0 <= hit.start && hit.end <= self.to.1;
        let overlaps = hit.start < self.to.1 && self.to.0 < hit.end;
        inside || overlaps && self.kept && hit.why == Why::Date
    }
}

/// The place in the original of a place in the text that was written.
fn original(edits: &[Edit], at: usize, is_end: bool) -> usize {
    let (mut shown, mut source) = (0, 0);
    for edit in edits {
        let before = if is_end {
            at <= edit.to.0
        } else {
            at < edit.to.0
        };
        if before {
            break;
        }
        if at < edit.to.1 || is_end && at == edit.to.1 {
            return if is_end { edit.from.1 } else { edit.from.0 };
        }
        (shown, source) = (edit.to.1, edit.from.1);
    }
    source + (at - shown)
}

fn settle(
    text: &str,
    mut gone: Vec<Hit>,
    doubt: Vec<Span>,
    answer: &dyn Fn(&str) -> Answer,
) -> Outcome {
    let mut uncertain: Vec<Span> = doubt
        .into_iter()
        .filter(|d| {
            // What goes anyway needs no answer, but a date shifted under a guess does.
            let guess = |h: &Hit| d.why == Why::Date && h.new.is_some() && h.start == d.start;
            let at = gone.partition_point(|h| h.end < d.end);
            !gone
                .get(at)
                .is_some_and(|h| h.start <= d.start && !guess(h))
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
    let mut rejected = Vec::new();
    uncertain.retain(|s| {
        let given = answer(text.get(s.start..s.end).unwrap_or_default());
        if given == Answer::Remove {
            rejected.push(Hit {
                start: s.start,
                end: s.end,
                why: s.why,
                new: None,
            });
        }
        given == Answer::Open
    });
    if !rejected.is_empty() {
        gone.extend(rejected);
        gone = merged(text, gone);
    }
    let clean = written(text, &gone).0;
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
        written(text, &merged(text, all)).0
    };
    let removed = gone.iter().map(|h| Span {
        start: h.start,
        end: h.end,
        why: h.why,
    });
    Outcome {
        text: clean,
        removed: removed.collect(),
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

fn written(text: &str, hits: &[Hit]) -> (String, Vec<Edit>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut edits = Vec::with_capacity(hits.len());
    let mut at = 0;
    for hit in hits {
        out.push_str(text.get(at..hit.start).unwrap_or_default());
        let start = out.len();
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
        edits.push(Edit {
            from: (hit.start, hit.end),
            to: (start, out.len()),
            kept: hit.new.is_some(),
        });
        at = hit.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    (out, edits)
}
