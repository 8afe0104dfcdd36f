//! What the header of one slice says that a series is held against.

use cordon_dicom::{DataSet, tag, tags};
use cordon_protocol::Tag;
use cordon_volumes::SliceGeometry;

/// Left, right, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// `L`.
    Left,
    /// `R`.
    Right,
    /// `B`: both.
    Both,
}

/// What Burned In Annotation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BurnedIn {
    /// Absent or neither YES nor NO.
    Unstated,
    /// `YES`.
    Yes,
    /// `NO`.
    No,
}

/// The header of one frame, as far as quality is concerned. It holds values of the file for
/// comparing; none of them goes into a report.
#[derive(Debug, Clone)]
pub struct SliceFacts {
    /// Which file of the series, in the order in which they were given.
    pub file: usize,
    /// Where it lies: patient LPS, millimetres.
    pub geometry: SliceGeometry,
    /// Modality (0008,0060).
    pub modality: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// All values of Image Type (0008,0008).
    pub image_type: Vec<String>,
    /// Convolution Kernel (0018,1210).
    pub kernel: Option<String>,
    /// Gantry/Detector Tilt (0018,1120) in degrees.
    pub tilt: Option<f64>,
    /// Spacing Between Slices (0018,0088) in millimetres.
    pub spacing_between: Option<f64>,
    /// Patient Position (0018,5100).
    pub patient_position: Option<String>,
    /// Patient Orientation (0020,0020): toward the next column, toward the next row.
    pub patient_orientation: Option<[String; 2]>,
    /// Laterality (0020,0060), of the series.
    pub laterality: Option<Side>,
    /// Image Laterality (0020,0062), of the image.
    pub image_laterality: Option<Side>,
    /// Number of Temporal Positions (0020,0105).
    pub temporal_positions: Option<i32>,
    /// Images in Acquisition (0020,1002), with the Acquisition Number it is for.
    pub images_in_acquisition: Option<(Option<i32>, i32)>,
    /// Number of Series Related Instances (0020,1209).
    pub series_instances: Option<i32>,
    /// Number of Slices (0054,0081), of PET.
    pub number_of_slices: Option<i32>,
    /// Burned In Annotation (0028,0301).
    pub burned_in: BurnedIn,
    /// Rescale Slope and Intercept; absent where the attribute is, not finite where it is no
    /// number.
    pub rescale: Option<[f64; 2]>,
    /// Whether the values are grey: one sample per pixel and no palette.
    pub grey: bool,
}

impl SliceFacts {
    /// The facts of every frame of a file, from its bytes; none when they are no DICOM.
    #[must_use]
    pub fn of_bytes(bytes: &[u8], file: usize) -> Vec<Self> {
        let Ok(whole) = cordon_dicom::read_inflating(bytes) else {
            return Vec::new();
        };
        cordon_dicom::read(&whole).map_or_else(|_| Vec::new(), |read| Self::of(&read.data, file))
    }

    /// The facts of every frame of a file.
    #[must_use]
    pub fn of(data: &DataSet<'_>, file: usize) -> Vec<Self> {
        let upper = |t: Tag| data.ascii(t).map(|s| s.trim().to_ascii_uppercase());
        let int = |t| data.i32(tag(t)).filter(|&n| n > 0);
        let real = |t| {
            data.f64s(tag(t))
                .first()
                .copied()
                .filter(|v: &f64| v.is_finite())
        };
        let side = |t| match data.ascii(tag(t)).map(str::trim) {
            Some("L") => Some(Side::Left),
            Some("R") => Some(Side::Right),
            Some("B") => Some(Side::Both),
            _ => None,
        };
        let photometric = upper(tag(tags::PHOTOMETRIC_INTERPRETATION));
        let first = Self {
            file,
            geometry: SliceGeometry::default(),
            modality: upper(tag(tags::MODALITY)).unwrap_or_default(),
            sop_class: upper(tag(tags::SOP_CLASS_UID)).unwrap_or_default(),
            image_type: data
                .strings(tag(tags::IMAGE_TYPE))
                .iter()
                .map(|s| s.to_ascii_uppercase())
                .collect(),
            kernel: upper(tag(tags::CONVOLUTION_KERNEL)),
            tilt: real(tags::GANTRY_DETECTOR_TILT),
            spacing_between: real(tags::SPACING_BETWEEN_SLICES),
            patient_position: upper(tag(tags::PATIENT_POSITION)),
            patient_orientation: match data.strings(tag(tags::PATIENT_ORIENTATION)).as_slice() {
                [row, column] if !row.is_empty() && !column.is_empty() => {
                    Some([row.to_ascii_uppercase(), column.to_ascii_uppercase()])
                }
                _ => None,
            },
            laterality: side(tags::LATERALITY),
            image_laterality: side(tags::IMAGE_LATERALITY),
            temporal_positions: int(tags::NUMBER_OF_TEMPORAL_POSITIONS),
            images_in_acquisition: int(tags::IMAGES_IN_ACQUISITION)
                .map(|n| (data.i32(tag(tags::ACQUISITION_NUMBER)), n)),
            series_instances: int(tags::NUMBER_OF_SERIES_RELATED_INSTANCES),
            number_of_slices: int(tags::NUMBER_OF_SLICES),
            burned_in: match upper(tag(tags::BURNED_IN_ANNOTATION)).as_deref() {
                Some("YES") => BurnedIn::Yes,
                Some("NO") => BurnedIn::No,
                _ => BurnedIn::Unstated,
            },
            rescale: rescale(data),
            grey: data
                .u16(tag(tags::SAMPLES_PER_PIXEL))
                .is_none_or(|n| n == 1)
                && photometric.is_none_or(|p| p.starts_with("MONOCHROME")),
        };
        SliceGeometry::frames(data)
            .into_iter()
            .map(|geometry| Self {
                geometry,
                ..first.clone()
            })
            .collect()
    }

    /// Whether a value of Image Type contains this word.
    #[must_use]
    pub fn is_type(&self, word: &str) -> bool {
        self.image_type.iter().any(|v| v.contains(word))
    }
}

/// Slope and intercept of the data set; NaN for what is written and is no number.
fn rescale(data: &DataSet<'_>) -> Option<[f64; 2]> {
    let one = |t| match data.get(tag(t)) {
        Some(e) if !e.is_empty() => Some(data.f64s(tag(t)).first().copied().unwrap_or(f64::NAN)),
        Some(_) => Some(f64::NAN),
        None => None,
    };
    let (slope, intercept) = (one(tags::RESCALE_SLOPE), one(tags::RESCALE_INTERCEPT));
    (slope.is_some() || intercept.is_some())
        .then_some([slope.unwrap_or(1.0), intercept.unwrap_or(0.0)])
}
