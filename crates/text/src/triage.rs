//! Which objects must be looked at, by their headers.
//!
//! The header can only ask for more looking, never for less: Burned In Annotation says NO on
//! real screens that are nothing but text. What saves time is the kind of object: slices that a
//! scanner reconstructed are hardly ever written on, and whoever has thousands of them may look at
//! some (`Sample`); what was captured, projected or drawn is looked at whole (`Every`).

use cordon_dicom::{DataSet, tag, tags};
use serde::{Deserialize, Serialize};

/// How much of an object must be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Triage {
    /// There is no picture in it.
    Nothing,
    /// A slice as the scanner made it: a look at some of the series may do, if the protocol says so.
    Sample(Reason),
    /// Every frame.
    Every(Reason),
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// An original slice of CT, MR or PET.
    Original,
    /// The header says that there is text.
    Stated,
    /// Captured, derived, or a screen.
    Captured,
    /// In colour, where the scanner makes greys.
    Colour,
    /// A kind of image that devices and people write on.
    Projection,
    /// Ultrasound.
    Ultrasound,
    /// Of a kind that nothing here knows.
    Unknown,
}

impl Triage {
    /// What the header asks for.
    #[must_use]
    pub fn of(data: &DataSet<'_>) -> Self {
        if data.u16(tag(tags::ROWS)).is_none_or(|rows| rows == 0) {
            return Self::Nothing;
        }
        let text = |t| data.ascii(tag(t)).unwrap_or_default().to_ascii_uppercase();
        let class = text(tags::SOP_CLASS_UID);
        let storage = class.strip_prefix("1.2.840.10008.5.1.4.1.1.").unwrap_or("");
        // Segmentations, parametric maps and dose: their samples are labels and numbers. Whoever
        // writes on them can be seen on the images under them.
        if matches!(storage, "66.4" | "66.7" | "481.2") {
            return Self::Nothing;
        }
        let stated = text(tags::BURNED_IN_ANNOTATION);
        if !stated.is_empty() && stated != "NO" {
            return Self::Every(Reason::Stated);
        }
        if storage == "7" || storage.starts_with("7.") {
            return Self::Every(Reason::Captured);
        }
        let image_type = data.strings(tag(tags::IMAGE_TYPE));
        let is = |i: usize, word: &str| {
            image_type
                .get(i)
                .is_some_and(|v| v.eq_ignore_ascii_case(word))
        };
        let modality = text(tags::MODALITY);
        if matches!(modality.as_str(), "US" | "IVUS" | "BDUS")
            || matches!(storage, "3.1" | "6.1" | "6.2")
        {
            return Self::Every(Reason::Ultrasound);
        }
        let slices = matches!(
            storage,
            "2" | "2.1" | "2.2" | "4" | "4.1" | "4.4" | "128" | "128.1" | "130"
        );
        if slices {
            if !text(tags::PHOTOMETRIC_INTERPRETATION).starts_with("MONOCHROME") {
                return Self::Every(Reason::Colour);
            }
            // A localizer has lines and numbers drawn on it now and then.
            let original = is(0, "ORIGINAL") && is(1, "PRIMARY");
            let plain = ![
                "LOCALIZER",
                "SCREEN SAVE",
                "DOSE_INFO",
                "PATIENT_INFO",
                "MPR",
                "PROJECTION IMAGE",
            ]
            .iter()
            .any(|word| image_type.iter().any(|v| v.eq_ignore_ascii_case(word)));
            return if original && plain {
                Self::Sample(Reason::Original)
            } else {
                Self::Every(Reason::Captured)
            };
        }
        let projection = ["1", "12", "14", "20"]
            .iter()
            .any(|p| storage == *p || storage.strip_prefix(p).is_some_and(|s| s.starts_with('.')));
        if projection
            || matches!(
                modality.as_str(),
                "CR" | "DX" | "MG" | "XA" | "RF" | "NM" | "PX" | "IO" | "DR"
            )
        {
            return Self::Every(Reason::Projection);
        }
        Self::Every(Reason::Unknown)
    }

    /// Why, if there is anything to look at.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Nothing => None,
            Self::Sample(reason) | Self::Every(reason) => Some(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_dicom::{Element, Value, Vr};
    use cordon_protocol::Tag;

    fn triage(values: &[(u32, Vr, &'static [u8])]) -> Triage {
        let mut elements: Vec<Element<'_>> = values
            .iter()
            .chain(&[(0x0028_0010, Vr::US, b"\x10\x00" as &[u8])])
            .map(|&(t, vr, v)| Element {
                tag: Tag(t),
                vr,
                value: Value::Bytes(v),
                offset: 0,
            })
            .collect();
        elements.sort_by_key(|e| e.tag);
        Triage::of(&DataSet {
            elements,
            big_endian: false,
        })
    }

    const GREY: (u32, Vr, &[u8]) = (0x0028_0004, Vr::CS, b"MONOCHROME2");
    const CT: (u32, Vr, &[u8]) = (0x0008_0016, Vr::UI, b"1.2.840.10008.5.1.4.1.1.2");

    #[test]
    fn original_slices_may_be_sampled_and_all_else_is_looked_at() {
        let original = (0x0008_0008, Vr::CS, b"ORIGINAL\\PRIMARY\\AXIAL" as &[u8]);
        assert_eq!(
            triage(&[CT, GREY, original]),
            Triage::Sample(Reason::Original)
        );
        let screen = (
            0x0008_0008,
            Vr::CS,
            b"ORIGINAL\\PRIMARY\\SCREEN SAVE" as &[u8],
        );
        assert_eq!(triage(&[CT, GREY, screen]), Triage::Every(Reason::Captured));
        assert_eq!(triage(&[CT, GREY]), Triage::Every(Reason::Captured));
        assert_eq!(triage(&[CT, original]), Triage::Every(Reason::Colour));
        assert_eq!(triage(&[GREY]), Triage::Every(Reason::Unknown));
    }

    #[test]
    fn the_flag_can_ask_for_looking_and_never_against_it() {
        let original = (0x0008_0008, Vr::CS, b"ORIGINAL\\PRIMARY\\AXIAL" as &[u8]);
        let yes = (0x0028_0301, Vr::CS, b"YES" as &[u8]);
        let no = (0x0028_0301, Vr::CS, b"NO" as &[u8]);
        assert_eq!(
            triage(&[CT, GREY, original, yes]),
            Triage::Every(Reason::Stated)
        );
        let capture = (0x0008_0016, Vr::UI, b"1.2.840.10008.5.1.4.1.1.7" as &[u8]);
        assert_eq!(triage(&[capture, no]), Triage::Every(Reason::Captured));
        let ultrasound = (0x0008_0016, Vr::UI, b"1.2.840.10008.5.1.4.1.1.6.1" as &[u8]);
        assert_eq!(triage(&[ultrasound, no]), Triage::Every(Reason::Ultrasound));
        let radiograph = (0x0008_0016, Vr::UI, b"1.2.840.10008.5.1.4.1.1.1.1" as &[u8]);
        assert_eq!(
            triage(&[radiograph, GREY, no]),
            Triage::Every(Reason::Projection)
        );
    }

    #[test]
    fn what_has_no_picture_is_left_alone() {
        let data = DataSet {
            elements: Vec::new(),
            big_endian: false,
        };
        assert_eq!(Triage::of(&data), Triage::Nothing);
        let segmentation = (
            0x0008_0016,
            Vr::UI,
            b"1.2.840.10008.5.1.4.1.1.66.4" as &[u8],
        );
        assert_eq!(triage(&[segmentation]), Triage::Nothing);
    }
}
