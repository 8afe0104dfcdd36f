//! What an object carries that its class does not account for: pictures, surfaces, sound, video.
//!
//! A class that has a rule is judged by it. What is here closes the rest: whatever can show or
//! sound like a person, in an object of which nobody expects it, is held.

use cordon_dicom::{DataSet, Element, Value, tag, tags};
use cordon_protocol::{Code, Finding, Tag};

use super::{Kind, storage};

/// Icon Image Sequence: the profile takes it out.
const ICON: Tag = Tag(0x0088_0200);
const PIXELS: Tag = Tag(0x7FE0_0010);
const LOSSY_METHOD: Tag = Tag(0x0028_2114);
const WAVEFORM_SEQUENCE: Tag = Tag(0x5400_0100);
const WAVEFORM_DATA: Tag = Tag(0x5400_1010);
const SAMPLE_INTERPRETATION: Tag = Tag(0x5400_1006);
/// Deeper than any real object; what lies below is held.
const MAX_DEPTH: usize = 24;

/// Everything in the object that its class does not account for.
pub(super) fn carried(data: &DataSet<'_>, class: &str) -> Vec<Finding> {
    let mut found = Found::default();
    found.look(data, 0);
    let kind = Kind::of_class(class);
    let mut findings = Vec::new();
    let mut add = |code, at: Tag| findings.push(Finding::at(code, at));
    let surprise = found.strange_pixels.or(found.nested_pixels).or_else(|| {
        let rows = tag(tags::ROWS);
        // An inventory reads no further than to the pixels: rows announce them.
        let announced = data.u16(rows).is_some_and(|n| n > 0).then_some(rows);
        (!has_picture(class, kind))
            .then(|| found.pixels.or(announced))
            .flatten()
    });
    if let Some(at) = surprise {
        add(Code::UnjudgedPixels, at);
        if is_film(class) {
            add(Code::Scanned, at);
        }
    }
    if surprise.is_none() && storage(class).starts_with("501.") {
        add(Code::FreeText, tag(tags::SOP_CLASS_UID));
    }
    if let Some(at) = found.document
        && kind != Kind::Document
    {
        add(Code::EncapsulatedDocument, at);
    }
    if storage(class).starts_with("68.") {
        add(Code::Surface, tag(tags::SOP_CLASS_UID));
    } else if let Some(at) = found.surface
        && kind != Kind::Derived
        && !storage(class).starts_with("91.")
    {
        add(Code::Surface, at);
    }
    if storage(class).starts_with("9.4.") {
        add(Code::Sound, tag(tags::SOP_CLASS_UID));
    } else if data.ascii(tag(tags::MODALITY)) == Some("AU") {
        add(Code::Sound, tag(tags::MODALITY));
    } else if let Some(at) = found
        .sound
        .or(found.waveform.filter(|_| !is_physiological_waveform(class)))
    {
        add(Code::Sound, at);
    }
    if kind != Kind::Photograph
        && let Some(at) = video(data, kind)
    {
        add(Code::Photograph, at);
    }
    findings
}

/// Whether objects of a class have a picture, and a rule for it.
fn has_picture(class: &str, kind: Kind) -> bool {
    const WITHOUT: [&str; 8] = [
        "481.3", "66.1", "66.2", "66.3", "66.5", "66.6", "4.2", "77.1.5.3",
    ];
    match kind {
        Kind::Other => false,
        // Held whatever is in them.
        Kind::Raw | Kind::Document => true,
        _ => !WITHOUT.contains(&storage(class)),
    }
}

/// Printed films and what was to be printed.
fn is_film(class: &str) -> bool {
    matches!(
        class,
        "1.2.840.10008.5.1.1.27" | "1.2.840.10008.5.1.1.29" | "1.2.840.10008.5.1.1.30"
    )
}

/// Waveforms of hearts, brains, muscles and lungs: nobody speaks in them.
fn is_physiological_waveform(class: &str) -> bool {
    ["9.1.", "9.2.", "9.3.", "9.5.", "9.6.", "9.7.", "9.8."]
        .iter()
        .any(|family| storage(class).starts_with(family))
}

/// The first place of each kind of thing.
#[derive(Default)]
struct Found {
    pixels: Option<Tag>,
    nested_pixels: Option<Tag>,
    /// Pixel data under tags that nothing here reads.
    strange_pixels: Option<Tag>,
    document: Option<Tag>,
    surface: Option<Tag>,
    waveform: Option<Tag>,
    sound: Option<Tag>,
}

impl Found {
    fn look(&mut self, data: &DataSet<'_>, depth: usize) {
        for element in &data.elements {
            let at = element.tag;
            if at.group() & 1 == 1 || at == ICON {
                continue;
            }
            self.one(data, element, depth);
            if let Value::Items(items) = &element.value {
                if depth >= MAX_DEPTH {
                    self.nested_pixels.get_or_insert(at);
                    continue;
                }
                for item in items {
                    self.look(item, depth + 1);
                }
            }
        }
    }

    fn one(&mut self, data: &DataSet<'_>, element: &Element<'_>, depth: usize) {
        let at = element.tag;
        match at.0 {
            0x7FE0_0008..=0x7FE0_0010 if depth == 0 => _ = self.pixels.get_or_insert(at),
            0x7FE0_0008..=0x7FE0_0010 => _ = self.nested_pixels.get_or_insert(at),
            // Group length and offset tables.
            0x7FE0_0000..=0x7FE0_0003 => {}
            0x7F00_0000..=0x7FFF_FFFF if at.element() != 0 => {
                _ = self.strange_pixels.get_or_insert(at);
            }
            0x0042_0011 if depth > 0 => _ = self.document.get_or_insert(at),
            0x0066_0002 | 0x0066_0011 | 0x0066_0016 | 0x0066_0022 => {
                _ = self.surface.get_or_insert(at);
            }
            _ if at == WAVEFORM_SEQUENCE || at == WAVEFORM_DATA => {
                _ = self.waveform.get_or_insert(at);
            }
            // Companding by mu-law and A-law is made for speech.
            _ if at == SAMPLE_INTERPRETATION => {
                if matches!(data.ascii(at), Some("MB" | "AB")) {
                    self.sound.get_or_insert(at);
                }
            }
            // Audio in curves, retired.
            _ if at.group() & 0xFF01 == 0x5000 && (0x2000..=0x200E).contains(&at.element()) => {
                self.sound.get_or_insert(at);
            }
            _ => {}
        }
    }
}

/// Where an object says or shows that its pixel data are a video. The header before the pixels
/// says so in Lossy Image Compression Method; the pixel data by how they begin. What begins like
/// no picture that anything here decodes is taken for a video too.
fn video(data: &DataSet<'_>, kind: Kind) -> Option<Tag> {
    const METHODS: [&str; 3] = ["ISO_13818_2", "ISO_14496_10", "ISO_23008_2"];
    let stated = data.strings(LOSSY_METHOD);
    if stated
        .iter()
        .any(|m| METHODS.contains(&m.to_uppercase().as_str()))
    {
        return Some(LOSSY_METHOD);
    }
    let Some(Value::Fragments { items, .. }) = data.get(PIXELS).map(|e| &e.value) else {
        return None;
    };
    let fragments = items.get(1..).unwrap_or_default();
    let first = fragments.iter().find(|f| !f.is_empty())?;
    let still = is_still(first)
        || is_native(data, fragments)
        || (kind == Kind::Derived && may_be_deflated(first));
    (!still).then_some(PIXELS)
}

/// Whether a fragment begins as JPEG, JPEG-LS, JPEG 2000, JPEG XL or RLE does.
fn is_still(fragment: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 5] = [
        &[0xFF, 0xD8],
        &[0xFF, 0x4F, 0xFF, 0x51],
        b"\0\0\0\x0CjP  ",
        &[0xFF, 0x0A],
        b"\0\0\0\x0CJXL ",
    ];
    let rle = |b: &[u8]| matches!(b, [1..=15, 0, 0, 0, 64, 0, 0, 0, ..]) && b.len() >= 64;
    BEGINNINGS.iter().any(|b| fragment.starts_with(b)) || rle(fragment)
}

/// Whether the fragments are as long as the frames would be without compression.
fn is_native(data: &DataSet<'_>, fragments: &[&[u8]]) -> bool {
    let number = |t| u64::from(data.u16(tag(t)).unwrap_or(0));
    let frames = data
        .i32(tag(tags::NUMBER_OF_FRAMES))
        .map_or(1, |n| u64::try_from(n).unwrap_or(0));
    let bits = number(tags::ROWS)
        .saturating_mul(number(tags::COLUMNS))
        .saturating_mul(number(tags::SAMPLES_PER_PIXEL).max(1))
        .saturating_mul(number(tags::BITS_ALLOCATED));
    let expected = bits.div_ceil(8).saturating_mul(frames);
    let there: u64 = fragments.iter().map(|f| f.len() as u64).sum();
    expected > 0
        && there
            .checked_sub(expected)
            .is_some_and(|padding| padding <= fragments.len() as u64)
}

/// Whether a fragment may be a deflated frame, as segmentations have them (1.2.840.10008.1.2.8.1).
fn may_be_deflated(fragment: &[u8]) -> bool {
    match fragment {
        // A stored block: its length, and again with all bits turned.
        [first, a, b, c, d, ..] if first & 6 == 0 => *c == !a && *d == !b,
        // Codes of three bits where four are meant; the fourth kind of block does not exist. Start
        // codes, containers and transport streams of video begin otherwise.
        [first, ..] => first & 6 != 6 && *first != 0x47,
        [] => false,
    }
}
