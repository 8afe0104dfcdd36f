//! What PS3.6 knows about a tag: VR, keyword, name.

use cordon_protocol::Tag;
use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntry as _, VirtualVr};
use dicom_core::header::VR;
use dicom_dictionary_std::StandardDataDictionary;

use crate::Vr;

/// An entry of the data dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DictionaryEntry {
    /// The VR; of several allowed ones, the one that reads all of them safely.
    pub vr: Vr,
    /// Whether the VR depends on other attributes (US or SS, OB or OW).
    pub vr_varies: bool,
    /// The keyword, such as `PatientID`.
    pub keyword: &'static str,
}

/// What PS3.6 says of a tag; `None` for private and unknown ones.
#[must_use]
pub fn entry(tag: Tag) -> Option<DictionaryEntry> {
    if tag.is_private() {
        return None;
    }
    let found = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()))?;
    let keyword = found.alias();
    if keyword == "GenericGroupLength" && !tag.is_group_length() {
        return None;
    }
    let (vr, vr_varies) = match found.vr() {
        VirtualVr::Exact(vr) => (convert(vr), false),
        VirtualVr::Xs => (Vr::US, true),
        VirtualVr::Ox | VirtualVr::Px | VirtualVr::Lt => (Vr::OW, true),
        _ => (Vr::UN, true),
    };
    Some(DictionaryEntry {
        vr,
        vr_varies,
        keyword,
    })
}

fn convert(vr: VR) -> Vr {
    let s = vr.to_string().as_bytes();
    match s {
        [a, b] => Vr::from_bytes([*a, *b]).unwrap_or(Vr::UN),
        _ => Vr::UN,
    }
}

/// The keyword of a tag, where PS3.6 has one.
#[must_use]
pub fn keyword(tag: Tag) -> Option<&'static str> {
    entry(tag).map(|e| e.keyword)
}

/// The tag of a keyword, such as `PatientID`.
#[must_use]
pub fn tag_of(keyword: &str) -> Option<Tag> {
    let found = StandardDataDictionary.by_name(keyword)?;
    let tag = found.tag();
    Some(Tag::new(tag.group(), tag.element()))
}

/// Every attribute that PS3.6 knows in the groups of objects, without repeating groups.
///
/// The dictionary gives no list of itself, so it is asked about each tag: some tenths of a
/// second, for whoever offers attributes to choose from. Keep what it gives.
#[must_use]
pub fn every() -> Vec<Tag> {
    let groups = (0x0008..=0x0088_u16)
        .step_by(2)
        .chain([0x0100, 0x0400, 0x2200, 0x4008, 0x4010])
        .chain((0x3002..=0x3010).step_by(2));
    groups
        .flat_map(|group| (1..=u16::MAX).map(move |element| Tag::new(group, element)))
        .filter(|tag| entry(*tag).is_some())
        .collect()
}

/// The attribute's keyword as spaced words, for people: `Patient ID`.
#[must_use]
pub fn name(tag: Tag) -> Option<String> {
    let keyword = keyword(tag)?;
    let chars: Vec<char> = keyword.chars().collect();
    let mut out = String::with_capacity(keyword.len() + 8);
    for (i, c) in chars.iter().enumerate() {
        let previous = i.checked_sub(1).and_then(|j| chars.get(j));
        let next = chars.get(i + 1);
        let new_word = previous.is_some_and(|p| {
            (c.is_uppercase() && (p.is_lowercase() || p.is_ascii_digit()))
                || (c.is_uppercase()
                    && p.is_uppercase()
                    && next.is_some_and(|n| n.is_lowercase() && *n != 's'))
                || (c.is_ascii_digit() && p.is_lowercase())
        });
        if new_word {
            out.push(' ');
        }
        out.push(*c);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_unknown_and_repeating_tags() {
        assert_eq!(entry(Tag(0x0010_0010)).map(|e| e.vr), Some(Vr::PN));
        assert_eq!(entry(Tag(0x0008_1110)).map(|e| e.vr), Some(Vr::SQ));
        assert_eq!(
            entry(Tag(0x6002_3000)).map(|e| e.keyword),
            Some("OverlayData")
        );
        assert_eq!(entry(Tag(0x0028_0106)).map(|e| e.vr_varies), Some(true));
        assert!(entry(Tag(0x0009_0010)).is_none());
        assert!(entry(Tag(0x0010_9999)).is_none());
        assert_eq!(name(Tag(0x0010_0020)).as_deref(), Some("Patient ID"));
        assert_eq!(name(Tag(0x0008_0018)).as_deref(), Some("SOP Instance UID"));
    }
}
