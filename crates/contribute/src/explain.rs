//! Before and after, attribute by attribute, for the person's own screen.

use std::collections::{HashMap, HashSet};

use cordon_dicom::{CharacterSet, DataSet, Element, File, Value, Vr, read, read_inflating};
use cordon_protocol::{Action, Change, Finding, PathStep, Rule, Tag, TagPath};
use serde::{Deserialize, Serialize};

use crate::{Cleaner, attribute_name};

/// One row of the header view. Holds real values: for the screen, never for a file or a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttributeRow {
    /// Where.
    pub path: TagPath,
    /// The attribute's name.
    pub name: String,
    /// Its VR.
    pub vr: String,
    /// The value before; `None` when Cordon added the attribute.
    pub before: Option<String>,
    /// The value after; `None` when it is gone.
    pub after: Option<String>,
    /// What was done.
    pub action: Action,
    /// Why.
    pub rule: Rule,
}

/// Longest value that is shown.
const MAX_SHOWN: usize = 400;

/// Explains what cleaning does to a file.
///
/// # Errors
/// When the file cannot be read: the finding that says why.
pub fn explain(cleaner: &Cleaner, input: &[u8]) -> Result<Vec<AttributeRow>, Finding> {
    let bytes = read_inflating(input).map_err(|e| e.finding())?;
    let file = read(&bytes).map_err(|e| e.finding())?;
    let cleaned = cleaner.clean(input);
    let output = cleaned.output.as_ref().map(crate::Checked::bytes);
    let after = output.and_then(|b| read(b).ok());
    let gone = Gone::of(&cleaned.changes);
    let rows = cleaned
        .changes
        .iter()
        .map(|change| row(change, &file, after.as_ref(), &gone))
        .collect();
    Ok(rows)
}

/// Content items that were taken out whole: what stood behind them moved up.
pub(crate) struct Gone(HashSet<Vec<PathStep>>);

impl Gone {
    /// Of an item that went, every attribute went for the same reason.
    pub(crate) fn of(changes: &[Change]) -> Self {
        let mut items: HashMap<&[PathStep], bool> = HashMap::new();
        for change in changes.iter().filter(|c| !c.path.steps.is_empty()) {
            let went = change.action == Action::Remove && change.rule == Rule::TableE341;
            *items.entry(&change.path.steps).or_insert(true) &= went;
        }
        let gone = items.into_iter().filter(|(_, went)| *went);
        Self(gone.map(|(steps, _)| steps.to_vec()).collect())
    }

    /// Where an attribute of the input stands in the output; `None` when it went with its item.
    fn after(&self, path: &TagPath) -> Option<TagPath> {
        let mut path = path.clone();
        if self.0.is_empty() {
            return Some(path);
        }
        let before = path.steps.clone();
        for (depth, step) in path.steps.iter_mut().enumerate() {
            let mut here = before.get(..=depth)?.to_vec();
            if self.0.contains(&here) {
                return None;
            }
            let mut moved = 0;
            for item in 0..step.item {
                here.last_mut()?.item = item;
                moved += u32::from(self.0.contains(&here));
            }
            step.item -= moved;
        }
        Some(path)
    }
}

pub(crate) fn row(
    change: &Change,
    before: &File<'_>,
    after: Option<&File<'_>>,
    gone: &Gone,
) -> AttributeRow {
    let old = find(before, &change.path);
    let new = gone
        .after(&change.path)
        .and_then(|path| after.and_then(|f| find(f, &path)));
    let vr = old.as_ref().or(new.as_ref()).map_or(Vr::UN, |(e, _)| e.vr);
    AttributeRow {
        name: attribute_name(change.path.tag),
        vr: vr.to_string(),
        before: old.map(|(e, set)| show(e, &set)),
        after: new.map(|(e, set)| show(e, &set)),
        action: change.action,
        rule: change.rule,
        path: change.path.clone(),
    }
}

pub(crate) fn find<'f, 'a>(
    file: &'f File<'a>,
    path: &TagPath,
) -> Option<(&'f Element<'a>, CharacterSet)> {
    let mut data: &DataSet<'a> = if path.tag.group() == 2 && path.steps.is_empty() {
        &file.meta
    } else {
        &file.data
    };
    let mut set = data.character_set(&CharacterSet::default());
    for step in &path.steps {
        data = data.get(step.sequence)?.items()?.get(step.item as usize)?;
        set = data.character_set(&set);
    }
    Some((data.get(path.tag)?, set))
}

fn show(element: &Element<'_>, set: &CharacterSet) -> String {
    let text = match &element.value {
        Value::Items(items) => match items.len() {
            1 => "1 item".to_owned(),
            n => format!("{n} items"),
        },
        Value::Fragments { items, .. } => {
            let bytes: usize = items.iter().map(|i| i.len()).sum();
            format!("{bytes} bytes, compressed")
        }
        Value::Bytes(bytes) => show_bytes(element.tag, element.vr, bytes, set),
    };
    if text.chars().count() > MAX_SHOWN {
        let mut cut: String = text.chars().take(MAX_SHOWN).collect();
        cut.push('…');
        cut
    } else {
        text
    }
}

fn show_bytes(tag: Tag, vr: Vr, bytes: &[u8], set: &CharacterSet) -> String {
    let trim = |s: &str| s.trim_matches(['\0', ' ']).to_owned();
    if vr.uses_character_set() {
        return trim(&set.decode(bytes.get(..4096).unwrap_or(bytes)));
    }
    if vr.is_text() {
        return trim(&String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)));
    }
    let data = DataSet {
        elements: vec![Element {
            tag,
            vr,
            value: Value::Bytes(bytes),
            offset: 0,
        }],
        big_endian: false,
    };
    let single = bytes.len() == vr.word_size();
    match vr {
        Vr::US | Vr::SS | Vr::UL | Vr::SL if single => {
            data.i32(tag).map_or_else(String::new, |n| n.to_string())
        }
        Vr::FL | Vr::FD if bytes.len() <= 64 => data
            .f64s(tag)
            .iter()
            .map(f64::to_string)
            .collect::<Vec<_>>()
            .join("\\"),
        _ if bytes.is_empty() => String::new(),
        _ => format!("{} bytes", bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_an_item_that_went_is_found_where_it_moved_to() {
        let sequence = Tag(0x0040_A730);
        let value = Tag(0x0040_A160);
        let kind = Tag(0x0040_A040);
        let at = |item, tag| TagPath {
            steps: vec![PathStep { sequence, item }],
            tag,
        };
        let change = |path, action, rule| Change { path, action, rule };
        let went = |item, tag| change(at(item, tag), Action::Remove, Rule::TableE341);
        let changes = [
            change(at(0, kind), Action::Keep, Rule::NotListed),
            // A kept item that loses one sequence for the same reason stays.
            went(0, sequence),
            went(1, kind),
            went(1, value),
            change(at(2, value), Action::Keep, Rule::NotListed),
        ];
        let gone = Gone::of(&changes);
        assert_eq!(gone.after(&at(0, kind)), Some(at(0, kind)));
        assert_eq!(gone.after(&at(1, value)), None);
        assert_eq!(gone.after(&at(2, value)), Some(at(1, value)));
    }
}
