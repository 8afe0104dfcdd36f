//! Tools that nobody uses: the ends of the scale, for tests of the scorer.

use std::collections::BTreeMap;

use cordon_synth::Charset;

use super::{Ran, Tool, ToolError, Work, collect};
use crate::answer::{Answer, Kind, answers};
use crate::date::Day;
use crate::object::{Object, Part, Role, Value, joined};
use crate::random::Random;
use crate::suite::Item;

fn write(work: &Work<'_>, item: &Item, bytes: &[u8]) -> Result<(), ToolError> {
    let path = work.output.join(&item.made.path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, bytes)?;
    Ok(())
}

fn ran(work: &Work<'_>) -> Ran {
    Ran {
        outputs: collect(work.suite, work.output),
        version: "1".to_owned(),
        seconds: 0.0,
        failed: 0,
    }
}

/// Copies every file as it is.
#[derive(Debug, Clone, Copy)]
pub struct Copier;

impl Tool for Copier {
    fn name(&self) -> &'static str {
        "copier"
    }

    fn configuration(&self) -> &'static str {
        "none"
    }

    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError> {
        for item in &work.suite.items {
            write(work, item, &item.bytes)?;
        }
        Ok(ran(work))
    }
}

/// Gives nothing back.
#[derive(Debug, Clone, Copy)]
pub struct Deleter;

impl Tool for Deleter {
    fn name(&self) -> &'static str {
        "deleter"
    }

    fn configuration(&self) -> &'static str {
        "none"
    }

    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError> {
        Ok(ran(work))
    }
}

/// Knows the answers: it writes each file anew from what was planted, without the identities.
#[derive(Debug, Clone, Copy)]
pub struct Perfect;

impl Tool for Perfect {
    fn name(&self) -> &'static str {
        "perfect"
    }

    fn configuration(&self) -> &'static str {
        "knows the answers"
    }

    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError> {
        for item in &work.suite.items {
            let known = answers(item, work.rules);
            let shift = 400 + i64::from(item.study.person.index) * 13;
            let writer = Writer {
                known: &known,
                shift,
                patient: format!("ANON{:03}", item.study.person.index),
            };
            let mut object = item.made.object.clone();
            writer.data_set(&mut object, &mut Vec::new());
            let mut meta = item.study.meta(&object);
            meta.text(0x0002_0016, "AE", "ANON");
            if let (Some(drawn), Some(node)) = (&item.made.pixels, object.0.get_mut(&0x7FE0_0010))
                && let Value::Bytes(bytes) = &mut node.value
            {
                for (at, ink) in drawn.ink.iter().enumerate() {
                    let ground = drawn.boxes.iter().any(|[x, y, w, h]| {
                        (*x..x + w).contains(&(at % drawn.columns))
                            && (*y..y + h).contains(&(at / drawn.columns))
                    });
                    if *ink == 1 || ground {
                        for byte in bytes
                            .iter_mut()
                            .skip(at * drawn.samples)
                            .take(drawn.samples)
                        {
                            *byte = 0;
                        }
                    }
                }
            }
            let charset = if object.get_text(0x0008_0005).is_some() {
                item.study.person.charset
            } else {
                Charset::Ascii
            };
            write(
                work,
                item,
                &object.file(charset, item.study.syntax(), &[], &meta),
            )?;
        }
        Ok(ran(work))
    }
}

struct Writer<'a> {
    known: &'a [Answer],
    shift: i64,
    patient: String,
}

fn new_uid(old: &str) -> String {
    Random::named(99, &[old]).uid()
}

impl Writer<'_> {
    /// Clears what must go. The item numbers of a path are those of the planted object.
    fn data_set(&self, object: &mut Object, above: &mut Vec<(u32, Option<usize>)>) {
        let mut creators = BTreeMap::new();
        for (tag, node) in &mut object.0 {
            if tag >> 16 & 1 == 1 && tag & 0xFFFF < 0x100 {
                if let Value::Text(parts) = &node.value {
                    creators.insert(tag << 8, joined(parts));
                }
                continue;
            }
            let low = if tag >> 16 & 1 == 1 {
                tag & 0xFFFF_00FF
            } else {
                *tag
            };
            above.push((low, None));
            match &mut node.value {
                Value::Items(items) => {
                    for (n, item) in items.iter_mut().enumerate() {
                        if let Some(last) = above.last_mut() {
                            last.1 = Some(n);
                        }
                        self.data_set(item, above);
                    }
                }
                Value::Uid(uid) => *uid = new_uid(uid),
                Value::Text(parts) => self.text(parts, above, node.vr),
                Value::Bytes(bytes) if low != 0x7FE0_0010 => bytes.fill(b' '),
                _ => {}
            }
            above.pop();
        }
    }

    fn text(&self, parts: &mut Vec<Part>, at: &[(u32, Option<usize>)], vr: &str) {
        let of: Vec<&Answer> = self
            .known
            .iter()
            .filter(|a| {
                a.path.0.len() == at.len()
                    && a.path
                        .0
                        .iter()
                        .zip(at)
                        .all(|(s, (tag, item))| s.tag == *tag && s.item == *item)
            })
            .collect();
        let has = |kind| of.iter().any(|a| a.kind == kind);
        let plain = |text: &str| vec![Part::new(Role::Plain, text)];
        if has(Kind::PatidConsistent) {
            *parts = plain(&self.patient);
        } else if has(Kind::DateShifted) && matches!(vr, "DA" | "DT") {
            let whole = joined(parts);
            *parts = match Day::parse(&whole) {
                Some(day) => {
                    let rest = whole.get(8..).unwrap_or_default();
                    plain(&format!("{}{rest}", day.plus(self.shift).da()))
                }
                None => Vec::new(),
            };
        } else if of
            .iter()
            .any(|a| a.kind == Kind::TextRemoved && a.category.is_none())
        {
            *parts = plain(if vr == "AS" { "090Y" } else { "X" });
        } else {
            for part in parts.iter_mut() {
                if matches!(part.role, Role::Secret(_)) {
                    part.text = "X".to_owned();
                }
            }
        }
    }
}
