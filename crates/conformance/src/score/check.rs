//! One answer against one cleaned file: MIDI-B's pass tests.

use std::collections::BTreeMap;

use cordon_dicom::{File, Value};

use crate::answer::{Answer, Kind};
use crate::make::Pixels;
use crate::suite::Item;

use super::read::find;
use super::words::{removed, retained};

/// What stands for an old UID or Patient ID in a tool's output.
pub(super) type Mapping = BTreeMap<String, String>;

/// What an answer is checked against.
#[derive(Debug)]
pub(super) struct Against<'a, 'b> {
    /// The cleaned file; nothing where the tool gave none.
    pub(super) output: Option<&'b File<'a>>,
    /// The planted file.
    pub(super) item: &'b Item,
    /// UIDs.
    pub(super) uids: &'b Mapping,
    /// Patient IDs.
    pub(super) patients: &'b Mapping,
}

/// How much of a check holds, from 0 to 1; it passes at 1.
#[must_use]
pub(super) fn check(answer: &Answer, against: &Against<'_, '_>) -> f64 {
    let Some(file) = against.output else {
        return if answer.kind.is_retention() { 0.0 } else { 1.0 };
    };
    let found = find(file, &answer.path);
    let text = found.as_ref().map(|f| f.text(answer.vr));
    let whole = |holds: bool| if holds { 1.0 } else { 0.0 };
    match answer.kind {
        Kind::TagRetained => whole(found.is_some()),
        Kind::TextNotnull => whole(found.is_some_and(|f| f.has_value())),
        Kind::TextRetained => text.map_or(0.0, |t| retained(&answer.text, &t)),
        Kind::TextRemoved => whole(text.is_none_or(|t| removed(&answer.text, &t))),
        Kind::DateShifted | Kind::UidChanged => {
            whole(text.is_none_or(|t| !t.contains(&answer.text)))
        }
        Kind::UidConsistent => whole(text.is_some_and(|t| {
            t != answer.text && against.uids.get(&answer.text).is_some_and(|new| *new == t)
        })),
        Kind::PatidConsistent => whole(text.is_some_and(|t| {
            against
                .patients
                .get(&against.item.study.person.id)
                .is_some_and(|new| *new == t)
        })),
        Kind::PixelsRetained => whole(pixels(file) == planted_pixels(against.item).as_deref()),
        Kind::PixelsHidden => whole(
            against
                .item
                .made
                .pixels
                .as_ref()
                .is_none_or(|drawn| hidden(drawn, pixels(file))),
        ),
    }
}

/// The encoded pixels of a file.
#[must_use]
pub(super) fn pixels<'a>(file: &File<'a>) -> Option<&'a [u8]> {
    match &file.data.get(cordon_protocol::Tag(0x7FE0_0010))?.value {
        Value::Bytes(bytes) => Some(bytes),
        Value::Fragments { raw, .. } => Some(raw),
        Value::Items(_) => None,
    }
}

/// The encoded pixels of a planted file.
#[must_use]
pub(super) fn planted_pixels(item: &Item) -> Option<Vec<u8>> {
    let file = cordon_dicom::read(&item.bytes).ok()?;
    pixels(&file).map(<[u8]>::to_vec)
}

/// Text is hidden when its strokes can no longer be told from what is around them.
fn hidden(drawn: &Pixels, output: Option<&[u8]>) -> bool {
    let Some(output) = output else {
        return true;
    };
    // Pixels in another shape cannot be judged: that is not a pass.
    if output.len() != drawn.ink.len() * drawn.samples {
        return false;
    }
    drawn.boxes.iter().all(|[x, y, width, height]| {
        let (mut ink, mut ground) = (Mean::default(), Mean::default());
        for row in *y..y + height {
            for column in *x..(x + width).min(drawn.columns) {
                let at = row * drawn.columns + column;
                let value = output.get(at * drawn.samples).copied().unwrap_or_default();
                if drawn.ink.get(at).copied().unwrap_or_default() == 1 {
                    ink.add(value);
                } else {
                    ground.add(value);
                }
            }
        }
        (ink.value() - ground.value()).abs() < 25.0
    })
}

#[derive(Default)]
struct Mean(f64, f64);

impl Mean {
    fn add(&mut self, value: u8) {
        self.0 += f64::from(value);
        self.1 += 1.0;
    }

    fn value(&self) -> f64 {
        if self.1 > 0.0 { self.0 / self.1 } else { 0.0 }
    }
}

/// The share of pixel bytes outside the boxes with text that a tool changed without need.
#[must_use]
pub(super) fn overmasked(item: &Item, file: &File<'_>) -> Option<f64> {
    let drawn = item.made.pixels.as_ref()?;
    let (before, after) = (planted_pixels(item)?, pixels(file)?);
    if before.len() != after.len() {
        return Some(1.0);
    }
    // Four pixels of margin, as masks are never tight.
    let inside = |x: usize, y: usize| {
        drawn.boxes.iter().any(|[left, top, width, height]| {
            (left.saturating_sub(4)..left + width + 4).contains(&x)
                && (top.saturating_sub(4)..top + height + 4).contains(&y)
        })
    };
    let (mut changed, mut all) = (0.0, 0.0);
    for (at, (a, b)) in before.iter().zip(after).enumerate() {
        let pixel = at / drawn.samples;
        if !inside(pixel % drawn.columns, pixel / drawn.columns) {
            all += 1.0;
            changed += f64::from(u8::from(a != b));
        }
    }
    (all > 0.0).then_some(changed / all)
}
