//! Where devices are known to write, as data.
//!
//! A rule never replaces the look at the pixels: a device with another software writes elsewhere.
//! It adds places that are blacked out whether or not the network sees anything there.
//!
//! The fixed places are what users of RSNA's CTP found out about their devices and published with
//! its pixel anonymiser. Ultrasound devices say themselves where their images are, in Sequence of
//! Ultrasound Regions (0018,6011): whatever lies outside of every region is writing or empty.

use cordon_dicom::{DataSet, tag, tags};
use cordon_pixels::Frame;
use cordon_protocol::Tag;

use crate::TextBox;

/// A known place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Modality (0008,0060).
    pub modality: &'static str,
    /// What Manufacturer (0008,0070) begins with, in capitals.
    pub manufacturer: &'static str,
    /// What Manufacturer's Model Name (0008,1090) begins with, in capitals; empty for all.
    pub model: &'static str,
    /// A word of Image Type (0008,0008) that must be there; empty for none.
    pub image_type: &'static str,
    /// Rows and Columns; the rule is for no other size.
    pub size: (u32, u32),
    /// Column, row, width and height of the place.
    pub place: (u32, u32, u32, u32),
}

const fn band(
    modality: &'static str,
    manufacturer: &'static str,
    image_type: &'static str,
    size: (u32, u32),
    rows: u32,
) -> Rule {
    Rule {
        modality,
        manufacturer,
        model: "",
        image_type,
        size,
        place: (0, 0, size.1, rows),
    }
}

/// The known places.
pub const RULES: &[Rule] = &[
    // Dose reports: name, number and date stand above the table.
    band("CT", "GE MEDICAL", "DOSE_INFO", (512, 512), 200),
    band("CT", "GE MEDICAL", "SCREEN SAVE", (512, 512), 110),
    // The title of ultrasound screens.
    band("US", "GE", "", (480, 640), 40),
    band("US", "GE", "", (434, 636), 40),
    band("US", "GE", "", (720, 960), 56),
    band("US", "GE", "", (735, 975), 72),
    band("US", "GE", "", (852, 1136), 64),
];

/// Places outside of what the header calls the image, and known places of the device. Only those
/// where the frame is not all of one value.
#[must_use]
pub fn places(data: &DataSet<'_>, frame: &Frame, n: u32) -> Vec<TextBox> {
    let mut out = known(data, frame, n);
    out.extend(outside_regions(data, frame, n));
    out.retain(|b| !is_flat(frame, b));
    out
}

fn known(data: &DataSet<'_>, frame: &Frame, n: u32) -> Vec<TextBox> {
    let text = |t| {
        data.ascii(tag(t))
            .unwrap_or_default()
            .trim()
            .to_ascii_uppercase()
    };
    let (modality, manufacturer, model) = (
        text(tags::MODALITY),
        text(tags::MANUFACTURER),
        text(tags::MANUFACTURER_MODEL_NAME),
    );
    let image_type = data.strings(tag(tags::IMAGE_TYPE));
    RULES
        .iter()
        .filter(|r| {
            r.modality == modality
                && manufacturer.starts_with(r.manufacturer)
                && model.starts_with(r.model)
                && r.size == (frame.rows, frame.columns)
                && (r.image_type.is_empty()
                    || image_type
                        .iter()
                        .any(|v| v.eq_ignore_ascii_case(r.image_type)))
        })
        .map(|r| TextBox {
            frame: n,
            x: r.place.0,
            y: r.place.1,
            width: r.place.2,
            height: r.place.3,
        })
        .collect()
}

/// The bands above, below, left and right of all declared regions together.
fn outside_regions(data: &DataSet<'_>, frame: &Frame, n: u32) -> Vec<TextBox> {
    const REGIONS: Tag = Tag(0x0018_6011);
    const X0: Tag = Tag(0x0018_6018);
    const Y0: Tag = Tag(0x0018_601A);
    const X1: Tag = Tag(0x0018_601C);
    const Y1: Tag = Tag(0x0018_601E);
    let items = data
        .get(REGIONS)
        .and_then(|e| e.items())
        .unwrap_or_default();
    let number = |item: &DataSet<'_>, t| item.i32(t).and_then(|v| u32::try_from(v).ok());
    let mut all: Option<(u32, u32, u32, u32)> = None;
    for item in items {
        let (Some(x0), Some(y0), Some(x1), Some(y1)) = (
            number(item, X0),
            number(item, Y0),
            number(item, X1),
            number(item, Y1),
        ) else {
            // A region that is not said makes the others no limit.
            return Vec::new();
        };
        // The last column and row are part of the region.
        let (x1, y1) = (
            x1.saturating_add(1).min(frame.columns),
            y1.saturating_add(1).min(frame.rows),
        );
        if x0 >= x1 || y0 >= y1 {
            continue;
        }
        let a = all.unwrap_or((x0, y0, x1, y1));
        all = Some((a.0.min(x0), a.1.min(y0), a.2.max(x1), a.3.max(y1)));
    }
    let Some((x0, y0, x1, y1)) = all else {
        return Vec::new();
    };
    let at = |x, y, width, height| TextBox {
        frame: n,
        x,
        y,
        width,
        height,
    };
    [
        at(0, 0, frame.columns, y0),
        at(0, y1, frame.columns, frame.rows - y1),
        at(0, y0, x0, y1 - y0),
        at(x1, y0, frame.columns - x1, y1 - y0),
    ]
    .into_iter()
    .filter(|b| b.width > 0 && b.height > 0)
    .collect()
}

fn is_flat(frame: &Frame, b: &TextBox) -> bool {
    let step = frame.samples_per_pixel as usize;
    let columns = frame.columns as usize;
    let at = |x: usize, y: usize, c: usize| frame.samples.value((y * columns + x) * step + c);
    let (x0, y0) = (b.x as usize, b.y as usize);
    let x1 = (x0 + b.width as usize).min(columns);
    let y1 = (y0 + b.height as usize).min(frame.rows as usize);
    (y0..y1).all(|y| {
        (x0..x1).all(|x| (0..step).all(|c| at(x, y, c).to_bits() == at(x0, y0, c).to_bits()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_dicom::{Element, Value, Vr};
    use cordon_pixels::{Photometric, Samples};

    fn element(t: u32, vr: Vr, value: &'static [u8]) -> Element<'static> {
        Element {
            tag: Tag(t),
            vr,
            value: Value::Bytes(value),
            offset: 0,
        }
    }

    fn frame(rows: u32, columns: u32) -> Frame {
        Frame {
            rows,
            columns,
            samples_per_pixel: 1,
            bits_stored: 8,
            photometric: Photometric::Monochrome2,
            samples: Samples::U8((0..rows * columns).map(|i| (i % 7) as u8).collect()),
        }
    }

    #[test]
    fn what_lies_outside_of_the_regions_is_suspicious() {
        let region = DataSet {
            elements: vec![
                element(0x0018_6018, Vr::UL, b"\x02\0\0\0"),
                element(0x0018_601A, Vr::UL, b"\x03\0\0\0"),
                element(0x0018_601C, Vr::UL, b"\x09\0\0\0"),
                element(0x0018_601E, Vr::UL, b"\x07\0\0\0"),
            ],
            big_endian: false,
        };
        let data = DataSet {
            elements: vec![Element {
                tag: Tag(0x0018_6011),
                vr: Vr::SQ,
                value: Value::Items(vec![region]),
                offset: 0,
            }],
            big_endian: false,
        };
        let found = places(&data, &frame(8, 10), 4);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            found[0],
            TextBox {
                frame: 4,
                x: 0,
                y: 0,
                width: 10,
                height: 3
            }
        );
        assert_eq!(
            found[1],
            TextBox {
                frame: 4,
                x: 0,
                y: 3,
                width: 2,
                height: 5
            }
        );
        let mut empty = frame(8, 10);
        empty.samples = Samples::U8(vec![0; 80]);
        assert!(places(&data, &empty, 0).is_empty());
    }

    #[test]
    fn a_rule_is_for_its_own_size_only() {
        let data = DataSet {
            elements: vec![
                element(0x0008_0008, Vr::CS, b"DERIVED\\SECONDARY\\SCREEN SAVE"),
                element(0x0008_0060, Vr::CS, b"CT"),
                element(0x0008_0070, Vr::LO, b"GE MEDICAL SYSTEMS"),
            ],
            big_endian: false,
        };
        assert_eq!(places(&data, &frame(512, 512), 0).len(), 1);
        assert!(places(&data, &frame(512, 511), 0).is_empty());
        for rule in RULES {
            let (rows, columns) = rule.size;
            let (x, y, w, h) = rule.place;
            assert!(x + w <= columns && y + h <= rows);
        }
    }
}
