//! Whole slide microscopy.

use super::common::{Made, Series, Study, image};
use crate::note::marked;
use crate::object::{Category, Object, code};

/// One tile of a slide, with the specimen's numbers and history.
#[must_use]
pub fn slide(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let p = &study.person;
    image(&mut o, 32, 32, 3);
    let organisation = study.uid(&["slide dimension"]);
    let started = format!("{}101311.500", study.day.da());
    let pixels: Vec<u8> = (0..32_u32 * 32 * 3)
        .map(|n| u8::try_from(200 - n % 50).unwrap_or(0))
        .collect();
    let mut specimen = Object::new();
    specimen
        .secret(
            0x0040_0551,
            "LO",
            Category::Accession,
            format!("H{}-1", study.accession),
        )
        .items(0x0040_0562, Vec::new())
        .uid(0x0040_0554, study.uid(&["specimen"]))
        .parts(0x0040_0600, "LO", study.note("[Colon biopsy] {family}"))
        .parts(
            0x0040_0602,
            "UT",
            study.note("[Tubular adenoma], received from {hospital}"),
        )
        .items(0x0040_0610, Vec::new());
    let mut path = Object::new();
    path.text(0x0048_0106, "SH", "1")
        .parts(0x0048_0107, "ST", study.note("[Brightfield]"))
        .items(
            0x0022_0016,
            vec![code("111744", "DCM", "Brightfield illumination")],
        )
        .items(0x0048_0108, vec![code("414298005", "SCT", "Full Spectrum")])
        .bytes(0x0028_2000, "OB", vec![0; 128]);
    let mut origin = Object::new();
    origin
        .text(0x0040_072A, "DS", "20.0")
        .text(0x0040_073A, "DS", "40.0");
    let mut measures = Object::new();
    measures
        .text(0x0018_0050, "DS", "0.001")
        .text(0x0028_0030, "DS", "0.0005\\0.0005");
    let mut kind = Object::new();
    kind.text(0x0008_9007, "CS", "ORIGINAL\\PRIMARY\\VOLUME\\NONE");
    let mut shared = Object::new();
    shared
        .items(0x0028_9110, vec![measures])
        .items(0x0040_0710, vec![kind]);
    let mut path_of_frame = Object::new();
    path_of_frame.text(0x0048_0106, "SH", "1");
    shared.items(0x0048_0207, vec![path_of_frame]);
    let mut dimension = Object::new();
    dimension
        .uid(0x0020_9164, &organisation)
        .at(0x0020_9165, &[0x0048_021E])
        .at(0x0020_9167, &[0x0048_021A]);
    let mut organisations = Object::new();
    organisations.uid(0x0020_9164, &organisation);
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\VOLUME\\NONE")
        .text(0x0008_002A, "DT", &started)
        .uid(0x0020_0052, study.frame_uid("slide"))
        .text(0x0020_1040, "LO", "SLIDE_CORNER")
        .text(0x0028_0008, "IS", "1")
        .us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0])
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_2110, "CS", "00")
        .secret(
            0x0040_0512,
            "LO",
            Category::Accession,
            format!("H{}", study.accession),
        )
        .items(0x0040_0513, Vec::new())
        .items(
            0x0040_0518,
            vec![code("433466003", "SCT", "Microscope slide")],
        )
        .items(0x0040_0560, vec![specimen])
        .items(0x0040_0555, Vec::new())
        .fl(0x0048_0001, &[16.0])
        .fl(0x0048_0002, &[16.0])
        .fl(0x0048_0003, &[0.001])
        .longs(0x0048_0006, "UL", &[32])
        .longs(0x0048_0007, "UL", &[32])
        .items(0x0048_0008, vec![origin])
        .text(0x0048_0010, "CS", "NO")
        .text(0x0048_0011, "CS", "AUTO")
        .text(0x0048_0012, "CS", "NO")
        .text(0x0048_0102, "DS", "0\\-1\\0\\-1\\0\\0")
        .items(0x0048_0105, vec![path])
        .longs(0x0048_0302, "UL", &[1])
        .text(0x0020_9311, "CS", "TILED_FULL")
        .longs(0x0048_0303, "UL", &[1])
        .items(0x0020_9221, vec![organisations])
        .items(0x0020_9222, vec![dimension])
        .items(0x5200_9229, vec![shared])
        .bytes(0x7FE0_0010, "OB", pixels)
        .text(0x0008_9206, "CS", "VOLUME")
        .parts(
            0x0010_0021,
            "LO",
            marked(&p.hospital, Category::Institution),
        );
    study.made(series, instance, o)
}
