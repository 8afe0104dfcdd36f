//! Before and after, attribute by attribute, for the person's own screen.

use cordon_dicom::{CharacterSet, DataSet, Element, File, Value, Vr, read, read_inflating};
use cordon_protocol::{Action, Change, Finding, Rule, Tag, TagPath};
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
    let changes: &[Change] = &cleaned.changes;
    let rows = changes
        .iter()
        .map(|change| row(change, &file, after.as_ref()))
        .collect();
    Ok(rows)
}

pub(crate) fn row(change: &Change, before: &File<'_>, after: Option<&File<'_>>) -> AttributeRow {
    let old = find(before, &change.path);
    let new = after.and_then(|f| find(f, &change.path));
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
