//! What may carry identity in its pixels, judged from the header.
//!
//! Until the pixel checks exist this is all there is, so it errs on the side of a
//! person's eyes: what the header does not exclude is `Held`.

use cordon_deid::iod;
use cordon_dicom::{DataSet, tag, tags};
use cordon_protocol::{Code, Finding};

mod anatomy;
mod carried;
#[rustfmt::skip] // a list of words, one to a line, is no easier to read
mod words;
#[cfg(test)]
mod tests;

/// What the header says about the pixels. An empty list means: nothing to look for.
#[must_use]
pub(crate) fn triage(data: &DataSet<'_>) -> Vec<Finding> {
    let class = data.ascii(tag(tags::SOP_CLASS_UID)).unwrap_or_default();
    let mut findings = Vec::new();
    let mut add = |code, at| findings.push(Finding::at(code, tag(at)));
    if !class.is_empty() && !iod::is_known_sop_class(class) {
        let private = !class.starts_with("1.2.840.10008.");
        add(
            if private {
                Code::PrivateSopClass
            } else {
                Code::UnknownSopClass
            },
            tags::SOP_CLASS_UID,
        );
        if private {
            return findings;
        }
    }
    let kind = Kind::of(class, data);
    match kind {
        Kind::SecondaryCapture => add(Code::SecondaryCapture, tags::SOP_CLASS_UID),
        Kind::Ultrasound => add(Code::Ultrasound, tags::SOP_CLASS_UID),
        Kind::Photograph => add(Code::Photograph, tags::SOP_CLASS_UID),
        Kind::Document => add(Code::EncapsulatedDocument, tags::SOP_CLASS_UID),
        Kind::Raw => add(Code::FreeText, tags::SOP_CLASS_UID),
        Kind::Slide | Kind::Projection | Kind::Volume | Kind::Derived | Kind::Other => {}
    }
    if data.get(tag(tags::ENCAPSULATED_DOCUMENT)).is_some() && kind != Kind::Document {
        add(Code::EncapsulatedDocument, tags::ENCAPSULATED_DOCUMENT);
    }
    match data.ascii(tag(tags::BURNED_IN_ANNOTATION)) {
        Some("NO") => {}
        Some(_) => add(Code::BurnedInYes, tags::BURNED_IN_ANNOTATION),
        None if kind == Kind::Projection => {
            add(Code::BurnedInUnstated, tags::BURNED_IN_ANNOTATION);
        }
        None => {}
    }
    if data
        .ascii(tag(tags::RECOGNIZABLE_VISUAL_FEATURES))
        .is_some_and(|v| v != "NO")
    {
        add(Code::VisualFeaturesYes, tags::RECOGNIZABLE_VISUAL_FEATURES);
    }
    if kind == Kind::Slide && shows_label(data) {
        add(Code::SlideLabel, tags::IMAGE_TYPE);
    }
    if is_rendering(data) {
        add(Code::Rendering, tags::IMAGE_TYPE);
    } else if is_picture(data, kind) {
        add(Code::Scanned, tags::IMAGE_TYPE);
    }
    if let Some(overlay) = data
        .elements
        .iter()
        .find(|e| e.tag.group() & 0xFF01 == 0x6000)
    {
        findings.push(Finding::at(Code::Overlay, overlay.tag));
    }
    if matches!(kind, Kind::Volume | Kind::Derived) {
        findings.extend(anatomy::head(data));
    }
    findings.extend(carried::carried(data, class));
    findings
}

/// Whether a finding says that this kind of picture usually carries text, which a person has to
/// look at unless the protocol trusts the detector.
pub(crate) const fn usually_has_text(code: Code) -> bool {
    matches!(
        code,
        Code::SecondaryCapture | Code::Ultrasound | Code::Scanned | Code::BurnedInYes
    )
}

/// What an object is, as far as the risk in its pixels goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    SecondaryCapture,
    Ultrasound,
    Photograph,
    Slide,
    /// Radiography, angiography, nuclear medicine: text may be burned in and faces do not show.
    Projection,
    /// CT, MR, PET and their like: a face can be rendered.
    Volume,
    /// Segmentations, maps, structures and dose on volumes: they trace the skin.
    Derived,
    Document,
    Raw,
    Other,
}

impl Kind {
    /// The kind of an object.
    pub(crate) fn of_object(data: &DataSet<'_>) -> Self {
        let class = data.ascii(tag(tags::SOP_CLASS_UID)).unwrap_or_default();
        Self::of(class, data)
    }

    fn of(class: &str, data: &DataSet<'_>) -> Self {
        let modality = data.ascii(tag(tags::MODALITY)).unwrap_or_default();
        match (Self::of_class(class), modality) {
            (Self::Other | Self::Projection | Self::Volume, "US" | "IVUS" | "BDUS" | "EPS") => {
                Self::Ultrasound
            }
            (Self::Other, "CT" | "MR" | "PT") => Self::Volume,
            (Self::Other, "XC" | "ES" | "GM" | "DMS") => Self::Photograph,
            (Self::Other, "SC" | "OT") if data.u16(tag(tags::ROWS)).is_some() => {
                Self::SecondaryCapture
            }
            (other, _) => other,
        }
    }

    /// What a SOP class alone says.
    pub(crate) fn of_class(class: &str) -> Self {
        let storage = storage(class);
        let first = storage.split('.').next().unwrap_or_default();
        match (first, storage) {
            ("7", _) => Self::SecondaryCapture,
            ("3" | "6", _) => Self::Ultrasound,
            ("77", s) if s.starts_with("77.1.6") || s.starts_with("77.1.8") => Self::Slide,
            ("77", s) if s.starts_with("77.1.5") => Self::Projection,
            ("77", _) => Self::Photograph,
            ("1" | "12" | "20" | "14", s) if s != "13.1.1" => Self::Projection,
            ("2" | "4" | "128" | "130" | "13", _) => Self::Volume,
            ("30" | "66", "66") => Self::Raw,
            ("66" | "30", _) => Self::Derived,
            ("481", "481.2" | "481.3") => Self::Derived,
            ("481", "481.1") => Self::Projection,
            ("104", _) => Self::Document,
            _ => Self::Other,
        }
    }
}

/// What tells a storage class from the others: `88.11` of Basic Text SR.
fn storage(class: &str) -> &str {
    class.strip_prefix("1.2.840.10008.5.1.4.1.1.").unwrap_or("")
}

fn image_type(data: &DataSet<'_>) -> Vec<String> {
    data.strings(tag(tags::IMAGE_TYPE))
        .iter()
        .map(|s| s.to_uppercase())
        .collect()
}

fn shows_label(data: &DataSet<'_>) -> bool {
    data.ascii(tag(tags::SPECIMEN_LABEL_IN_IMAGE)) == Some("YES")
        || image_type(data)
            .iter()
            .any(|v| matches!(v.as_str(), "LABEL" | "OVERVIEW"))
}

/// Three-dimensional renderings, whatever they travel as: no cut takes a face off them.
fn is_rendering(data: &DataSet<'_>) -> bool {
    const RENDERED: [&str; 4] = ["VRT", "3D", "SSD", "VOLREN"];
    image_type(data)
        .iter()
        .any(|v| RENDERED.contains(&v.as_str()))
}

/// Captured screens, dose sheets and colour renderings that travel as CT, MR or PET.
fn is_picture(data: &DataSet<'_>, kind: Kind) -> bool {
    if !matches!(kind, Kind::Volume | Kind::Projection) {
        return false;
    }
    const SCREENS: [&str; 10] = [
        "SCREEN SAVE",
        "SCREENSAVE",
        "SCREEN",
        "DOSE_INFO",
        "DOSE INFO",
        "PATIENT_INFO",
        "PROT",
        "CAPTURE",
        "PROTOCOL",
        "REPORT",
    ];
    let image_type = image_type(data);
    let secondary = image_type.get(1).is_some_and(|v| v == "SECONDARY");
    let screen = image_type.iter().any(|v| SCREENS.contains(&v.as_str()));
    let colour = data
        .ascii(tag(tags::PHOTOMETRIC_INTERPRETATION))
        .is_some_and(|p| !p.starts_with("MONOCHROME"));
    secondary || screen || (colour && kind == Kind::Volume)
}
