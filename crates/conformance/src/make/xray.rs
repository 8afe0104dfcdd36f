//! DX, MG and XA.

use super::common::{Made, Series, Study, capitals, draw, image, pixels16};
use crate::object::{Object, code, reference};

fn detector(o: &mut Object, study: &Study) {
    o.text(0x0018_1164, "DS", "0.5\\0.5")
        .text(0x0018_7004, "CS", "DIRECT")
        .text(0x0018_7001, "DS", "22.5")
        .secret(
            0x0018_700A,
            "SH",
            crate::object::Category::Device,
            format!("DET{}", study.person.serial),
        )
        .text(0x0018_700C, "DA", study.day.plus(-90).da())
        .text(0x0018_701A, "DS", "1\\1")
        .text(0x0018_7020, "DS", "0.15\\0.15")
        .text(0x0018_7022, "DS", "0.15\\0.15")
        .text(0x0028_1040, "CS", "LOG")
        .words(0x0028_1041, "SS", vec![1])
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_1050, "DS", "1000")
        .text(0x0028_1051, "DS", "2000")
        .text(0x0028_1052, "DS", "0")
        .text(0x0028_1053, "DS", "1")
        .text(0x0028_1054, "LO", "US")
        .text(0x0028_2110, "CS", "00")
        .text(0x2050_0020, "CS", "IDENTITY")
        .text(0x0008_0068, "CS", "FOR PRESENTATION")
        .items(0x0040_0555, Vec::new());
}

/// A radiograph.
#[must_use]
pub fn radiograph(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["dx", &instance.to_string()]);
    pixels16(&mut o, 48, 40, &mut r, false);
    detector(&mut o, study);
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\")
        .text(0x0018_1508, "CS", "NONE")
        .text(0x0018_5101, "CS", "PA")
        .text(0x0020_0020, "CS", "L\\F")
        .text(0x0020_0062, "CS", "U")
        .items(0x0008_2218, vec![code("T-D3000", "SRT", "Chest")])
        .items(
            0x0054_0220,
            vec![code("R-10214", "SRT", "postero-anterior")],
        );
    study.made(series, instance, o)
}

/// A mammogram.
#[must_use]
pub fn mammogram(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["mg", &instance.to_string()]);
    pixels16(&mut o, 48, 36, &mut r, false);
    detector(&mut o, study);
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\")
        .text(0x0018_1508, "CS", "MAMMOGRAPHIC")
        .text(0x0018_1405, "IS", "6000")
        .text(0x0040_0318, "CS", "BREAST")
        .text(0x0018_1114, "DS", "1.0")
        .text(0x0018_1147, "CS", "RECTANGLE")
        .text(0x0018_1149, "IS", "240\\180")
        .text(0x0018_1510, "DS", "0.0")
        .text(0x0018_7030, "DS", "0\\0")
        .text(0x0018_7032, "DS", "0")
        .text(0x0018_7034, "CS", "NO")
        .text(0x0018_0060, "DS", "28")
        .text(0x0018_1191, "CS", "TUNGSTEN")
        .text(0x0018_11A0, "DS", "52")
        .text(0x0018_11A2, "DS", "90")
        .text(0x0018_5101, "CS", "CC")
        .text(0x0020_0020, "CS", "P\\L")
        .text(0x0020_0062, "CS", if instance == 0 { "R" } else { "L" })
        .text(0x0028_1300, "CS", "NO")
        .text(0x0008_0064, "CS", "DF")
        .items(0x0008_2218, vec![code("T-04000", "SRT", "Breast")]);
    let mut view = code("R-10242", "SRT", "cranio-caudal");
    view.items(0x0054_0222, Vec::new());
    o.items(0x0054_0220, vec![view]);
    study.made(series, instance, o)
}

/// An angiogram of two frames, with the person's name burned into the first.
#[must_use]
pub fn angiography(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let (rows, columns) = (64_usize, 160_usize);
    let mut canvas = cordon_synth::Canvas::new(columns, rows * 2, 1, 0);
    for y in 0..rows * 2 {
        for x in 0..columns {
            let shade = u8::try_from((x / 3 + y / 2) % 90).unwrap_or(0);
            canvas.set(x, y, [shade; 3]);
        }
    }
    let name = capitals(&study.person.name.family);
    let id = capitals(&study.person.id);
    let pixels = draw(&mut canvas, rows * 2, &[(4, 4, &name), (4, 16, &id)]);
    image(&mut o, 64, 160, 1);
    o.us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0])
        .text(0x0028_0008, "IS", "2")
        .at(0x0028_0009, &[0x0018_1063])
        .text(0x0018_1063, "DS", "66.7")
        .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\SINGLE PLANE")
        .text(0x0018_0060, "DS", "75")
        .text(0x0020_0020, "CS", "")
        .text(0x0018_1150, "IS", "5")
        .text(0x0018_1151, "IS", "400")
        .text(0x0018_1155, "CS", "GR")
        .text(0x0018_1500, "CS", "STATIC")
        .text(0x0018_1510, "DS", "10.5")
        .text(0x0018_1511, "DS", "-4.0")
        .text(0x0028_1040, "CS", "LIN")
        .text(0x0028_0301, "CS", "YES")
        .bytes(0x7FE0_0010, "OB", canvas.pixels);
    o.items(
        0x0008_1140,
        vec![reference(
            super::class::CT,
            &study.uid(&["somewhere else", &instance.to_string()]),
        )],
    );
    let mut made = study.made(series, instance, o);
    made.pixels = Some(pixels);
    made
}
