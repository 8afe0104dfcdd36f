//! The raw search over the finished bytes, and what each hit means.

use std::ops::Range;

use cordon_dicom::{DataSet, File, Value, Vr};
use cordon_protocol::{Code, Finding, PathStep, Tag, TagPath};

use super::Knows;
use crate::WordDecisions;
use crate::search::{Hit, Kind};

/// The range of the pixel data's value inside `bytes`.
fn pixel_range(bytes: &[u8], file: &File<'_>) -> Range<usize> {
    let end = bytes.len()..bytes.len();
    let value = match file.data.get(Tag(0x7FE0_0010)).map(|e| &e.value) {
        Some(Value::Bytes(b)) => *b,
        Some(Value::Fragments { raw, .. }) => *raw,
        _ => return end,
    };
    // The value is a slice of `bytes`: its place is the difference of the addresses.
    let start = (value.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize);
    match start.checked_add(value.len()) {
        Some(stop) if stop <= bytes.len() => start..stop,
        _ => end,
    }
}

/// What of the person's identifiers is found in the finished bytes.
///
/// The first `own` bytes are Cordon's own: the preamble and a File Meta that the check has compared.
pub(super) fn search(bytes: &[u8], file: &File<'_>, known: Knows<'_>, own: usize) -> Vec<Finding> {
    let pixels = pixel_range(bytes, file);
    let mut findings: Vec<Finding> = Vec::new();
    let instance = known.identifiers.instance.as_deref();
    for hit in known.searcher.find(bytes, &pixels, instance) {
        // A number that a class or a derived UID in there happens to hold.
        if hit.numeric && hit.at + hit.length <= own {
            continue;
        }
        let Some(finding) = judge(&hit, &file.data) else {
            continue;
        };
        if finding.code == Code::ResidueWord && is_accepted(bytes, &hit, known.texts.decisions()) {
            continue;
        }
        if !findings
            .iter()
            .any(|f| f.code == finding.code && f.place.tag == finding.place.tag)
        {
            findings.push(finding);
        }
    }
    findings
}

/// Whether a person has said of the word that was found that it points to nobody.
fn is_accepted(bytes: &[u8], hit: &Hit, decisions: &WordDecisions) -> bool {
    hit.kind == Kind::Word
        && bytes
            .get(hit.at..hit.at + hit.length)
            .and_then(|b| std::str::from_utf8(b).ok())
            .is_some_and(|word| decisions.accepts(word))
}

/// What a hit means by the attribute in which it stands.
fn judge(hit: &Hit, data: &DataSet<'_>) -> Option<Finding> {
    let offset = hit.at as u64;
    if hit.in_pixels {
        return Some(Finding::at(Code::ResidueInPixels, Tag(0x7FE0_0010)).with_offset(offset));
    }
    let Some((path, vr)) = locate(data, hit.at) else {
        return Some(Finding::new(Code::ResidueIdentifier).with_offset(offset));
    };
    // Cordon's own stamps and pseudonym are not the person's words.
    let own = path.steps.first().map_or(path.tag, |s| s.sequence);
    let stamped = matches!(own.0, 0x0012_0062..=0x0012_0064 | 0x0028_0303);
    if stamped && (hit.kind == Kind::Word || hit.numeric) {
        return None;
    }
    // Value Type, Relationship Type, Continuity Of Content: the standard's own words.
    if matches!(path.tag.0, 0x0040_A010 | 0x0040_A040 | 0x0040_A050) && hit.kind == Kind::Word {
        return None;
    }
    let numbers = matches!(
        vr,
        Vr::DS | Vr::IS | Vr::TM | Vr::UI | Vr::AS | Vr::DA | Vr::DT
    );
    if vr == Vr::UI && hit.numeric {
        return None; // digits of a derived UID
    }
    let chance = hit.kind == Kind::Word || (hit.numeric && numbers) || !vr.is_text();
    let code = if chance {
        Code::ResidueWord
    } else {
        Code::ResidueIdentifier
    };
    Some(Finding::at(code, path).with_offset(offset))
}

/// The attribute that holds the byte at `at`.
fn locate(data: &DataSet<'_>, at: usize) -> Option<(TagPath, Vr)> {
    let mut steps = Vec::new();
    let mut data = data;
    loop {
        let element = data.elements.iter().rfind(|e| e.offset <= at)?;
        let inner = element.items().and_then(|items| {
            items
                .iter()
                .enumerate()
                .rfind(|(_, item)| item.elements.first().is_some_and(|e| e.offset <= at))
        });
        match inner {
            Some((i, item)) => {
                steps.push(PathStep {
                    sequence: element.tag,
                    item: u32::try_from(i).unwrap_or(u32::MAX),
                });
                data = item;
            }
            None => {
                return Some((
                    TagPath {
                        steps,
                        tag: element.tag,
                    },
                    element.vr,
                ));
            }
        }
    }
}
