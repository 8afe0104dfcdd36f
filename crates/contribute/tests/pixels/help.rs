//! Objects that are made up, work that is made up, and what is asked of a result.

use std::path::PathBuf;
use std::sync::Arc;

use cordon_contribute::{
    Cleaned, Cleaner, FaceEvidence, LookedBy, PixelWork, Policy, SiteKey, TextEvidence, gate_under,
};
use cordon_deface::{Air, Cut, Face, Grid};
use cordon_dicom::{DataSet, File, read};
use cordon_pixels::{Samples, frame};
use cordon_protocol::{Code, Protocol, Tag, Verdict};
use cordon_synth::Set;
use cordon_text::TextBox;

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const CR: &str = "1.2.840.10008.5.1.4.1.1.1";
pub(crate) const CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
pub(crate) const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
pub(crate) const IMAGE_TYPE: Tag = Tag(0x0008_0008);
pub(crate) const METHOD_CODES: Tag = Tag(0x0012_0064);
pub(crate) const BURNED_IN: Tag = Tag(0x0028_0301);
pub(crate) const FEATURES: Tag = Tag(0x0028_0302);
pub(crate) const ICON: u32 = 0x0088_0200;

/// An image of 4 by 4 pixels of 16 bits whose values are 100 and up.
pub(crate) fn image(class: &str, modality: &str, part: &str) -> Set {
    let mut set = Set::new();
    let pixels = (100_u16..116).flat_map(u16::to_le_bytes).collect();
    set.text(0x0008_0005, "CS", "ISO_IR 192")
        .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_0016, "UI", class)
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0020, "DA", "20210304")
        .text(0x0008_0060, "CS", modality)
        .text(0x0010_0010, "PN", "Grünbaum^Ottilie")
        .text(0x0010_0020, "LO", "PAT-48151")
        .text(0x0018_0015, "CS", part)
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.2")
        .text(0x0020_0032, "DS", "0\\0\\0")
        .text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
        .us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, 4)
        .us(0x0028_0011, 4)
        .text(0x0028_0030, "DS", "1\\1")
        .us(0x0028_0100, 16)
        .us(0x0028_0101, 16)
        .us(0x0028_0102, 15)
        .us(0x0028_0103, 0)
        .us(0x0028_0106, 100)
        .us(0x0028_0107, 115)
        .text(0x0028_1052, "DS", "-50")
        .text(0x0028_1053, "DS", "2")
        .bytes(0x7FE0_0010, "OW", pixels);
    set
}

pub(crate) fn cleaner_of(text: &str) -> Cleaner {
    let protocol = Protocol::from_toml(&format!("id='x'\ntitle='X'\n{text}")).expect("protocol");
    Cleaner::new(protocol, SiteKey::from_bytes([9; 32]))
}

/// Cleans; the gate of the protocol agrees, and doing the same work again changes nothing.
pub(crate) fn clean(cleaner: &Cleaner, input: &[u8], work: &PixelWork) -> Cleaned {
    let cleaned = cleaner.clean_with(input, work);
    let Some(output) = &cleaned.output else {
        return cleaned;
    };
    let judged = gate_under(output.bytes(), Policy::of(cleaner.protocol()));
    assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
    if cleaned.verdict == Verdict::Clean {
        assert_eq!(judged.verdict, Verdict::Clean, "{:?}", judged.findings);
    }
    let again = cleaner.clean_with(output.bytes(), work).output;
    assert_eq!(
        again.expect("cleaned again").record().sealed_sha256,
        output.record().sealed_sha256,
        "cleaning twice changes nothing"
    );
    cleaned
}

pub(crate) fn codes(cleaned: &Cleaned) -> Vec<Code> {
    cleaned.findings.iter().map(|f| f.code).collect()
}

pub(crate) fn with_output<T>(cleaned: &Cleaned, look: impl FnOnce(&File<'_>) -> T) -> T {
    let output = cleaned.output.as_ref().expect("an output");
    look(&read(output.bytes()).expect("readable"))
}

pub(crate) fn options(data: &DataSet<'_>) -> Vec<String> {
    let items = data.get(METHOD_CODES).and_then(|e| e.items());
    let value = |item: &DataSet<'_>| item.ascii(Tag(0x0008_0100)).map(str::to_owned);
    items.unwrap_or_default().iter().filter_map(value).collect()
}

pub(crate) fn says(cleaned: &Cleaned, option: &str) -> bool {
    with_output(cleaned, |f| options(&f.data).iter().any(|o| o == option))
}

pub(crate) fn value(cleaned: &Cleaned, tag: Tag) -> Option<String> {
    with_output(cleaned, |f| f.data.ascii(tag).map(str::to_owned))
}

pub(crate) fn pixels(cleaned: &Cleaned) -> Vec<u16> {
    with_output(cleaned, |f| match frame(f, 0).expect("a frame").samples {
        Samples::U16(values) => values,
        other => panic!("unsigned samples of 16 bits, not {other:?}"),
    })
}

pub(crate) fn text_box(x: u32, y: u32, width: u32, height: u32) -> TextBox {
    TextBox {
        frame: 0,
        x,
        y,
        width,
        height,
    }
}

pub(crate) fn seen(found: u32) -> TextEvidence {
    TextEvidence {
        looked: true,
        found,
        blacked_out: found,
        still_there: false,
        kept: 0,
        by: LookedBy::Detector,
    }
}

pub(crate) fn blacked_out() -> PixelWork {
    PixelWork {
        boxes: vec![text_box(1, 1, 2, 1)],
        text: Some(seen(1)),
        ..PixelWork::default()
    }
}

pub(crate) fn nothing_found() -> PixelWork {
    PixelWork {
        text: Some(seen(0)),
        ..PixelWork::default()
    }
}

/// A cut that takes off every point with x below 2 mm and y below 2 mm.
pub(crate) fn cut() -> Arc<Cut> {
    let grid = Grid {
        origin: [-4.0, -4.0, -4.0],
        step: 1.0,
        size: [9, 9, 9],
    };
    let depth = (0..grid.len())
        .map(|i| {
            let [x, y, _] = grid.centre(grid.voxel(i));
            if x < 1.5 && y < 1.5 { 4 } else { -4 }
        })
        .collect();
    Arc::new(Cut {
        grid,
        depth,
        keep: vec![-4; grid.len()],
    })
}

pub(crate) fn defaced() -> PixelWork {
    PixelWork {
        cut: Some(cut()),
        air: Some(Air {
            level: -30.0,
            noise: 0.0,
        }),
        face: Some(FaceEvidence {
            head: true,
            before: Face::Present,
            after: Face::Absent,
            brain_voxels_changed: 0,
            arrived_defaced: false,
            by: LookedBy::Detector,
        }),
        ..PixelWork::default()
    }
}

pub(crate) fn face(work: &PixelWork, change: impl FnOnce(&mut FaceEvidence)) -> PixelWork {
    let mut work = work.clone();
    if let Some(face) = &mut work.face {
        change(face);
    }
    work
}

/// A structure set: a contour that lies in the cut for a half, one that lies in it, one that does not,
/// a point, and one without points.
pub(crate) fn structures() -> Set {
    let mut set = Set::new();
    let contour = |shape: &str, points: &str| {
        let mut item = Set::new();
        item.text(0x3006_0042, "CS", shape)
            .text(
                0x3006_0046,
                "IS",
                (points.split('\\').count() / 3).to_string(),
            )
            .text(0x3006_0050, "DS", points);
        item
    };
    let mut roi = Set::new();
    roi.items(
        0x3006_0040,
        vec![
            contour("CLOSED_PLANAR", "0\\0\\0\\3.50\\0\\0\\3\\3\\0\\0\\3\\0"),
            contour("CLOSED_PLANAR", "0\\0\\0\\1\\0\\0\\1\\1\\0"),
            contour("CLOSED_PLANAR", "3\\0\\1\\3\\1\\1\\3\\1\\2"),
            contour("POINT", "1\\1\\1"),
        ],
    );
    let mut only_gone = Set::new();
    only_gone.items(0x3006_0040, vec![contour("POINT", "0\\1\\0")]);
    set.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
        .text(0x0008_0018, "UI", "1.2.3.4.5.7")
        .text(0x0008_0060, "CS", "RTSTRUCT")
        .text(0x0010_0020, "LO", "PAT-48151")
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.3")
        .text(0x0020_0052, "UI", "1.2.3.4.9")
        .text(0x3006_0002, "SH", "HEAD")
        .items(0x3006_0039, vec![roi, only_gone]);
    set
}

pub(crate) fn testdata(sub: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    let found = std::fs::read_dir(root.join(sub));
    let mut all: Vec<PathBuf> = found
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    all.sort();
    assert!(!all.is_empty(), "no test data: set CORDON_TESTDATA");
    all
}

/// A box in the middle of an image, where there is something to see.
pub(crate) fn middle(file: &File<'_>) -> TextBox {
    let info = cordon_pixels::describe(&file.data).expect("an image");
    text_box(
        info.columns / 3,
        info.rows / 3,
        info.columns / 3,
        info.rows / 3,
    )
}
