//! How stored values become shades: everything the data set says about it, for one frame.

use cordon_dicom::DataSet;
use cordon_protocol::Tag;

use crate::info::ImageInfo;
use crate::lut::{Lut, words};
use crate::tags;
use crate::window::{VoiFunction, Window};

/// From stored values to those of the modality, such as Hounsfield units.
#[derive(Debug, Clone, PartialEq)]
pub enum Modality {
    /// Rescale Slope and Intercept.
    Rescale {
        /// Rescale Slope.
        slope: f64,
        /// Rescale Intercept.
        intercept: f64,
    },
    /// Modality LUT Sequence.
    Table(Lut),
}

/// The three tables of PALETTE COLOR.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// Red, green, blue.
    pub tables: [Lut; 3],
}

impl Palette {
    /// The colour of an index, 8 bits each.
    #[must_use]
    pub fn colour(&self, index: i32) -> [u8; 3] {
        [0, 1, 2].map(|i| {
            let lut = &self.tables[i];
            (lut.entry(index) >> lut.bits.saturating_sub(8)).min(255) as u8
        })
    }
}

/// What the data set says about showing one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// From stored to modality values.
    pub modality: Modality,
    /// The windows that the data set brings, the first the preferred one.
    pub windows: Vec<Window>,
    /// The VOI LUTs that the data set brings; one wins over windows.
    pub tables: Vec<Lut>,
    /// Stored values that only fill up the matrix, from least to greatest.
    pub padding: Option<(f64, f64)>,
    /// Whether Presentation LUT Shape is INVERSE.
    pub inverse: bool,
    /// The colours of PALETTE COLOR.
    pub palette: Option<Palette>,
}

impl Presentation {
    /// What the data set says about frame `n`.
    #[must_use]
    pub fn of(data: &DataSet<'_>, info: &ImageInfo, n: u32) -> Self {
        let rescale = group(data, n, tags::PIXEL_TRANSFORM, tags::SLOPE).unwrap_or(data);
        let voi = group(data, n, tags::FRAME_VOI, tags::WINDOW_CENTER).unwrap_or(data);
        let items = |tag: Tag| data.get(tag).and_then(|e| e.items()).unwrap_or_default();
        let modality = match items(tags::MODALITY_LUT)
            .iter()
            .find_map(|item| Lut::item(item, info.signed))
        {
            Some(table) => Modality::Table(table),
            None => {
                let one = |tag| first(rescale, tag).filter(|v| v.is_finite());
                Modality::Rescale {
                    slope: one(tags::SLOPE).filter(|&s| s.abs() > 0.0).unwrap_or(1.0),
                    intercept: one(tags::INTERCEPT).unwrap_or(0.0),
                }
            }
        };
        let function = match voi.ascii(tags::VOI_FUNCTION) {
            Some("LINEAR_EXACT") => VoiFunction::LinearExact,
            Some("SIGMOID") => VoiFunction::Sigmoid,
            _ => VoiFunction::Linear,
        };
        let windows = voi
            .f64s(tags::WINDOW_CENTER)
            .into_iter()
            .zip(voi.f64s(tags::WINDOW_WIDTH))
            .filter_map(|(center, width)| Window::new(center, width, function))
            .collect();
        // The VOI LUT is indexed by modality values, which are signed when rescaled below zero.
        let tables = items(tags::VOI_LUT)
            .iter()
            .filter_map(|item| Lut::item(item, info.signed))
            .collect();
        Self {
            modality,
            windows,
            tables,
            padding: padding(data, info),
            inverse: data.ascii(tags::PRESENTATION_SHAPE) == Some("INVERSE"),
            palette: palette(data),
        }
    }

    /// The modality value of a stored one.
    #[must_use]
    pub fn modality(&self, stored: f64) -> f64 {
        match &self.modality {
            Modality::Rescale { slope, intercept } => stored * slope + intercept,
            Modality::Table(table) => f64::from(table.entry(stored as i32)),
        }
    }

    /// Whether a stored value only fills up the matrix.
    #[must_use]
    pub fn is_padding(&self, stored: f64) -> bool {
        self.padding
            .is_some_and(|(low, high)| (low..=high).contains(&stored))
    }
}

fn first(data: &DataSet<'_>, tag: Tag) -> Option<f64> {
    data.f64s(tag).first().copied()
}

/// The item of a functional group of frame `n` that holds `needs`: its own, or the shared one.
pub(crate) fn group<'d, 'a>(
    data: &'d DataSet<'a>,
    n: u32,
    sequence: Tag,
    needs: Tag,
) -> Option<&'d DataSet<'a>> {
    let own = data
        .get(tags::FRAME_GROUPS)
        .and_then(|e| e.items()?.get(n as usize));
    let shared = data
        .get(tags::SHARED_GROUPS)
        .and_then(|e| e.items()?.first());
    [own, shared].into_iter().flatten().find_map(|groups| {
        let item = groups.get(sequence)?.items()?.first()?;
        item.has_value(needs).then_some(item)
    })
}

fn padding(data: &DataSet<'_>, info: &ImageInfo) -> Option<(f64, f64)> {
    let value = |tag: Tag| {
        let word = *words(data, tag).first()?;
        Some(if info.signed {
            f64::from(word.cast_signed())
        } else {
            f64::from(word)
        })
    };
    let from = value(tags::PADDING)?;
    let to = value(tags::PADDING_LIMIT).unwrap_or(from);
    Some((from.min(to), from.max(to)))
}

fn palette(data: &DataSet<'_>) -> Option<Palette> {
    // The first value mapped is signed where pixels are, but indices are never negative.
    let table = |i: u32| Lut::palette(data, Tag(tags::RED_DESCRIPTOR.0 + i), false);
    Some(Palette {
        tables: [table(0)?, table(1)?, table(2)?],
    })
}
