//! What may carry identity in its pixels, judged from the header.
//!
//! Until the pixel checks exist this is all there is, so it errs on the side of a
//! person's eyes: what the header does not exclude is `Held`.

use cordon_deid::iod;
use cordon_dicom::{CharacterSet, DataSet, Value, tag, tags};
use cordon_protocol::{Code, Finding, Tag};

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
        findings.extend(head(data));
    }
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
        let storage = class.strip_prefix("1.2.840.10008.5.1.4.1.1.").unwrap_or("");
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

/// Words that say a head or what is next to it is in the picture. A word that is also used
/// elsewhere ("oral contrast", "body coil") is not here: alone it excludes nothing, and what
/// nothing excludes is held anyway.
const HEAD: &[&str] = &[
    "HEAD",
    "BRAIN",
    "SKULL",
    "FACE",
    "FACIAL",
    "ORBIT",
    "ORBITS",
    "ORBITA",
    "EYE",
    "EYES",
    "SINUS",
    "SINUSES",
    "NASAL",
    "NOSE",
    "NASOPHARYNX",
    "MOUTH",
    "TONGUE",
    "JAW",
    "MAXILLA",
    "MAXILLOFACIAL",
    "MANDIBLE",
    "TMJ",
    "DENTAL",
    "TEETH",
    "IAC",
    "IAM",
    "EAR",
    "EARS",
    "MASTOID",
    "PITUITARY",
    "SELLA",
    "HYPOPHYSIS",
    "NECK",
    "HEADNECK",
    "CSPINE",
    "CERVICAL",
    "CTSPINE",
    "CAROTID",
    "CAROTIDS",
    "WILLIS",
    "STROKE",
    "MPRAGE",
    "FLAIR",
    "FMRI",
    "WHOLEBODY",
    "WB",
    "THYROID",
    "PAROTID",
    "LARYNX",
    "PHARYNX",
    "SCALP",
    "HIPPOCAMPUS",
    "EPILEPSY",
    "DEMENTIA",
    "PARKINSON",
    "ALZHEIMER",
    "KOPF",
    "SCHÄDEL",
    "SCHAEDEL",
    "HIRN",
    "GEHIRN",
    "HALS",
    "GESICHT",
    "TÊTE",
    "TETE",
    "CRÂNE",
    "CERVEAU",
    "CABEZA",
    "CRÁNEO",
    "TESTA",
    "ENCEFALO",
    "HOOFD",
    "HERSENEN",
    "CABEÇA",
    "頭部",
    "头部",
    "두부",
];

/// Beginnings of words that say the same in many languages.
const HEAD_STEMS: &[&str] = &["CRANI", "CEREB", "NEURO", "MAXILLO", "ENCEPH", "CRANEO"];

/// Several words that say the same together.
const HEAD_PHRASES: &[&str] = &[
    "WHOLE BODY",
    "TOTAL BODY",
    "WHOLE-BODY",
    "GANZKÖRPER",
    "CORPS ENTIER",
];

/// Words that say which other part it is.
const ELSEWHERE: &[&str] = &[
    "CHEST",
    "THORAX",
    "THORACIC",
    "LUNG",
    "LUNGS",
    "HEART",
    "CARDIAC",
    "CORONARY",
    "AORTA",
    "ABDOMEN",
    "ABDOMINAL",
    "ABD",
    "PELVIS",
    "PELVIC",
    "LIVER",
    "KIDNEY",
    "KIDNEYS",
    "RENAL",
    "PANCREAS",
    "SPLEEN",
    "BLADDER",
    "PROSTATE",
    "UTERUS",
    "OVARY",
    "CERVIX",
    "RECTUM",
    "COLON",
    "BOWEL",
    "STOMACH",
    "BREAST",
    "BREASTS",
    "MAMMA",
    "KNEE",
    "HIP",
    "HIPS",
    "ANKLE",
    "FOOT",
    "FEET",
    "LEG",
    "LEGS",
    "THIGH",
    "CALF",
    "FEMUR",
    "TIBIA",
    "FIBULA",
    "CALCANEUS",
    "TOE",
    "EXTREMITY",
    "UPPEREXTREMITY",
    "LOWEREXTREMITY",
    "HAND",
    "WRIST",
    "FINGER",
    "THUMB",
    "ELBOW",
    "FOREARM",
    "ARM",
    "HUMERUS",
    "SHOULDER",
    "CLAVICLE",
    "SCAPULA",
    "STERNUM",
    "RIB",
    "LSPINE",
    "TSPINE",
    "LUMBAR",
    "SACRUM",
    "SACRAL",
    "COCCYX",
    "SSPINE",
    "LSSPINE",
    "TLSPINE",
    "ADRENAL",
    "GALLBLADDER",
    "BILEDUCT",
    "MRCP",
    "SCROTUM",
    "TESTIS",
    "PENIS",
    "KNIE",
    "HÜFTE",
    "BECKEN",
    "LEBER",
    "LUNGE",
    "HERZ",
    "NIERE",
    "GENOU",
    "HANCHE",
    "FOIE",
    "POUMON",
    "RODILLA",
    "CADERA",
    "HIGADO",
    "HÍGADO",
    "PULMON",
    "PULMÓN",
    "TORAX",
    "TÓRAX",
    "ADDOME",
    "ABDOMINAL",
    "PIEDE",
];

/// Whether a head may be in the picture, from body part, region codes and descriptions.
fn head(data: &DataSet<'_>) -> Option<Finding> {
    let body_part = tag(tags::BODY_PART_EXAMINED);
    let set = data.character_set(&CharacterSet::default());
    let mut text = String::new();
    for t in [
        tags::BODY_PART_EXAMINED,
        tags::STUDY_DESCRIPTION,
        tags::SERIES_DESCRIPTION,
        tags::PROTOCOL_NAME,
        tags::REQUESTED_PROCEDURE_DESCRIPTION,
        tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION,
        tags::IMAGE_COMMENTS,
        tags::STRUCTURE_SET_LABEL,
        tags::STRUCTURE_SET_NAME,
        tags::CONTENT_LABEL,
        tags::CONTENT_DESCRIPTION,
        tags::SCAN_OPTIONS,
        tags::RECEIVE_COIL_NAME,
    ] {
        for value in data.strings_in(tag(t), &set) {
            text.push(' ');
            text.push_str(&value);
        }
    }
    regions(data, &set, &mut text, 0);
    let text = text.to_uppercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty())
        .collect();
    let any = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let stem = words
        .iter()
        .any(|w| HEAD_STEMS.iter().any(|stem| w.starts_with(stem)));
    if any(HEAD) || stem || HEAD_PHRASES.iter().any(|p| text.contains(p)) {
        return Some(Finding::at(Code::Head, body_part));
    }
    if any(ELSEWHERE) {
        return None;
    }
    Some(Finding::at(Code::HeadUnknown, body_part))
}

/// Meanings of anatomic region codes and segment names, at the depths where objects keep them.
fn regions(data: &DataSet<'_>, set: &CharacterSet, text: &mut String, depth: usize) {
    const SEQUENCES: [u32; 9] = [
        0x0008_2218, // Anatomic Region Sequence
        0x0008_2228, // Primary Anatomic Structure Sequence
        0x5200_9229, // Shared Functional Groups Sequence
        0x0020_9071, // Frame Anatomy Sequence
        0x0062_0002, // Segment Sequence
        0x0062_000F, // Segmented Property Type Code Sequence
        0x3006_0020, // Structure Set ROI Sequence
        0x0040_A168, // Concept Code Sequence
        0x0018_9346, // CTDI Phantom Type Code Sequence: "head phantom"
    ];
    if depth > 3 {
        return;
    }
    for element in &data.elements {
        if !SEQUENCES.contains(&element.tag.0) {
            continue;
        }
        let Value::Items(items) = &element.value else {
            continue;
        };
        for item in items.iter().take(256) {
            for t in [
                Tag(0x0008_0104), // Code Meaning
                Tag(0x0062_0005), // Segment Label
                Tag(0x3006_0026), // ROI Name
            ] {
                for value in item.strings_in(t, set) {
                    text.push(' ');
                    text.push_str(&value);
                }
            }
            regions(item, set, text, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_dicom::{Element, Vr};

    const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
    const CR: &str = "1.2.840.10008.5.1.4.1.1.1";

    fn codes(class: &'static str, more: &[(u32, Vr, &'static str)]) -> Vec<Code> {
        let mut elements: Vec<Element<'_>> = more
            .iter()
            .chain(&[(0x0008_0016, Vr::UI, class)])
            .map(|(t, vr, v)| Element {
                tag: Tag(*t),
                vr: *vr,
                value: Value::Bytes(v.as_bytes()),
                offset: 0,
            })
            .collect();
        elements.sort_by_key(|e| e.tag);
        let data = DataSet {
            elements,
            big_endian: false,
        };
        triage(&data).iter().map(|f| f.code).collect()
    }

    #[test]
    fn a_head_is_held_and_so_is_what_may_be_one() {
        let part = |v| codes(CT, &[(0x0018_0015, Vr::CS, v)]);
        assert_eq!(part("HEAD"), [Code::Head]);
        assert_eq!(part("ABDOMEN"), []);
        assert_eq!(part(""), [Code::HeadUnknown]);
        assert_eq!(
            part("SPINE"),
            [Code::HeadUnknown],
            "which part of it nobody says"
        );
        let both = codes(
            CT,
            &[
                (0x0018_0015, Vr::CS, "CHEST"),
                (0x0008_103E, Vr::LO, "Neck+Chest 1.0"),
            ],
        );
        assert_eq!(both, [Code::Head]);
        let oral = codes(CT, &[(0x0008_103E, Vr::LO, "Abdomen oral contrast")]);
        assert_eq!(oral, []);
        let german = codes(CT, &[(0x0008_1030, Vr::LO, "CT Schaedel nativ")]);
        assert_eq!(german, [Code::Head]);
        let whole = codes(CT, &[(0x0008_1030, Vr::LO, "PET whole body abdomen")]);
        assert_eq!(whole, [Code::Head]);
    }

    #[test]
    fn what_may_have_text_in_it_is_held() {
        assert_eq!(
            codes("1.2.840.10008.5.1.4.1.1.7", &[]),
            [Code::SecondaryCapture]
        );
        assert_eq!(
            codes("1.2.840.10008.5.1.4.1.1.6.1", &[]),
            [Code::Ultrasound]
        );
        assert_eq!(codes(CR, &[]), [Code::BurnedInUnstated]);
        assert_eq!(codes(CR, &[(0x0028_0301, Vr::CS, "NO")]), []);
        assert_eq!(
            codes(CR, &[(0x0028_0301, Vr::CS, "YES")]),
            [Code::BurnedInYes]
        );
        assert_eq!(
            codes(CR, &[(0x0028_0301, Vr::CS, "no idea")]),
            [Code::BurnedInYes],
            "what is not NO is YES"
        );
        let dose = codes(
            CT,
            &[
                (0x0008_0008, Vr::CS, "DERIVED\\SECONDARY\\SCREEN SAVE"),
                (0x0018_0015, Vr::CS, "ABDOMEN"),
            ],
        );
        assert_eq!(dose, [Code::Scanned]);
        assert!(codes(CR, &[(0x6000_0010, Vr::US, "ab")]).contains(&Code::Overlay));
        assert_eq!(
            codes("1.2.840.10008.5.1.4.1.1.104.1", &[]),
            [Code::EncapsulatedDocument]
        );
        assert_eq!(codes("1.3.12.2.1107.5.9.1", &[]), [Code::PrivateSopClass]);
        assert_eq!(
            codes("1.2.840.10008.5.1.4.1.1.9999", &[]),
            [Code::UnknownSopClass]
        );
    }
}
