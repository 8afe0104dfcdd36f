//! What the server remembers of an instance: its UIDs and what QIDO-RS matches.

use cordon_dicom::{File, tag, tags};
use cordon_protocol::Tag;
use serde_json::Value as Json;

use crate::failures::Failure;
use crate::json;

/// Study-level attributes of PS3.18 table 10.6.3-3, as far as an instance holds them.
pub(crate) const STUDY: [Tag; 14] = [
    tag(tags::SPECIFIC_CHARACTER_SET),
    tag(tags::STUDY_DATE),
    tag(tags::STUDY_TIME),
    tag(tags::ACCESSION_NUMBER),
    tag(tags::REFERRING_PHYSICIAN_NAME),
    tag(tags::STUDY_DESCRIPTION),
    tag(tags::PATIENT_NAME),
    tag(tags::PATIENT_ID),
    tag(tags::PATIENT_BIRTH_DATE),
    tag(tags::PATIENT_SEX),
    tag(tags::PATIENT_AGE),
    tag(tags::STUDY_INSTANCE_UID),
    tag(tags::STUDY_ID),
    tag(tags::PATIENT_IDENTITY_REMOVED),
];
/// Series-level attributes of PS3.18 table 10.6.3-4.
pub(crate) const SERIES: [Tag; 12] = [
    tag(tags::MODALITY),
    tag(tags::MANUFACTURER),
    tag(tags::MANUFACTURER_MODEL_NAME),
    tag(tags::SERIES_DATE),
    tag(tags::SERIES_TIME),
    tag(tags::SERIES_DESCRIPTION),
    tag(tags::BODY_PART_EXAMINED),
    tag(tags::PROTOCOL_NAME),
    tag(tags::SERIES_INSTANCE_UID),
    tag(tags::SERIES_NUMBER),
    tag(tags::LATERALITY),
    tag(tags::FRAME_OF_REFERENCE_UID),
];
/// Instance-level attributes of PS3.18 table 10.6.3-5, and what a viewer wants before it fetches.
pub(crate) const INSTANCE: [Tag; 13] = [
    tag(tags::SOP_CLASS_UID),
    tag(tags::SOP_INSTANCE_UID),
    tag(tags::IMAGE_TYPE),
    tag(tags::INSTANCE_NUMBER),
    tag(tags::NUMBER_OF_FRAMES),
    tag(tags::ROWS),
    tag(tags::COLUMNS),
    tag(tags::BITS_ALLOCATED),
    tag(tags::BURNED_IN_ANNOTATION),
    tag(tags::RECOGNIZABLE_VISUAL_FEATURES),
    tag(tags::IMAGE_POSITION_PATIENT),
    tag(tags::IMAGE_ORIENTATION_PATIENT),
    tag(tags::PIXEL_SPACING),
];

/// What the server remembers of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) study: String,
    pub(crate) series: String,
    pub(crate) instance: String,
    pub(crate) sop_class: String,
    pub(crate) syntax: String,
    pub(crate) patient: String,
    pub(crate) modality: String,
    /// DICOM JSON.
    pub(crate) attributes: String,
}

/// Whether a text is a UID (PS3.5 section 9.1).
pub(crate) fn is_uid(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_digit())
                && (part.len() == 1 || !part.starts_with('0'))
        })
}

impl Index {
    /// Reads the index out of a file that the check let through.
    pub(crate) fn of(file: &File<'_>) -> Result<Self, Failure> {
        let data = &file.data;
        let uid = |t| {
            data.ascii(t)
                .filter(|u| is_uid(u))
                .map(str::to_owned)
                .ok_or(Failure::BadUid)
        };
        let wanted: Vec<Tag> = STUDY.into_iter().chain(SERIES).chain(INSTANCE).collect();
        Ok(Self {
            study: uid(tag(tags::STUDY_INSTANCE_UID))?,
            series: uid(tag(tags::SERIES_INSTANCE_UID))?,
            instance: uid(tag(tags::SOP_INSTANCE_UID))?,
            sop_class: uid(tag(tags::SOP_CLASS_UID))?,
            syntax: file.syntax.uid.clone(),
            patient: data.text(tag(tags::PATIENT_ID)).unwrap_or_default(),
            modality: data.text(tag(tags::MODALITY)).unwrap_or_default(),
            attributes: Json::Object(json::selection(data, &wanted)).to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids() {
        for good in ["1", "1.2.840", "2.25.0", &"1".repeat(64)] {
            assert!(is_uid(good), "{good}");
        }
        for bad in [
            "",
            "1.",
            ".1",
            "1..2",
            "1.02",
            "1.a",
            "1/2",
            "../..",
            &"1".repeat(65),
        ] {
            assert!(!is_uid(bad), "{bad}");
        }
    }
}
