//! Ultrasound with text in its picture, and a presentation state with text over one.

use cordon_synth::Canvas;

use super::common::{Made, Series, Study, capitals, draw, image};
use crate::object::{Object, reference};

/// An ultrasound image with name, number and birth date drawn into it.
#[must_use]
pub fn ultrasound(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let (rows, columns) = (120_usize, 200_usize);
    let mut canvas = Canvas::new(columns, rows, 3, 6);
    for y in 40..rows - 12 {
        for x in 30..columns - 30 {
            let shade = u8::try_from((x * 7 + y * 3) % 80 + 10).unwrap_or(0);
            canvas.set(x, y, [shade; 3]);
        }
    }
    let p = &study.person;
    let name = capitals(&format!("{}, {}", p.name.family, p.name.given));
    let id = capitals(&format!("ID {}", p.id));
    let born = capitals(&format!("{} {}", p.birth.da(), study.day.da()));
    let pixels = draw(
        &mut canvas,
        rows,
        &[(4, 3, &name), (4, 13, &id), (4, 23, &born)],
    );
    canvas.text(4, rows - 9, 1, [240, 200, 60], "LIVER C5-1 MI 0.9");
    image(&mut o, 120, 200, 3);
    let mut region = Object::new();
    region
        .us(0x0018_6012, &[1])
        .us(0x0018_6014, &[1])
        .longs(0x0018_6016, "UL", &[0])
        .longs(0x0018_6018, "UL", &[30])
        .longs(0x0018_601A, "UL", &[40])
        .longs(0x0018_601C, "UL", &[169])
        .longs(0x0018_601E, "UL", &[107])
        .us(0x0018_6024, &[3])
        .us(0x0018_6026, &[3])
        .fd(0x0018_602C, &[0.05])
        .fd(0x0018_602E, &[0.05]);
    o.us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0])
        .us(0x0028_0014, &[0])
        .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\ABDOMINAL\\0001")
        .text(0x0020_0020, "CS", "")
        .text(0x0028_0301, "CS", "YES")
        .text(0x0028_2110, "CS", "00")
        .items(0x0018_6011, vec![region])
        .bytes(0x7FE0_0010, "OB", canvas.pixels);
    let mut made = study.made(series, instance, o);
    made.pixels = Some(pixels);
    made
}

/// A grayscale presentation state that writes over images of another series.
#[must_use]
pub fn presentation_state(
    study: &Study,
    series: &Series,
    instance: u32,
    images: (&str, u32, &[u32]),
) -> Made {
    let mut o = study.object(series, instance);
    let (class, number, instances) = images;
    let references: Vec<Object> = instances
        .iter()
        .map(|n| reference(class, &study.instance_uid(number, *n)))
        .collect();
    let mut series_item = Object::new();
    series_item
        .items(0x0008_1140, references.clone())
        .uid(0x0020_000E, study.series_uid(number));
    let mut text = Object::new();
    text.text(0x0070_0004, "CS", "PIXEL")
        .parts(
            0x0070_0006,
            "ST",
            study.note("[Lesion 12 mm], {family}, seen by {reader}"),
        )
        .fl(0x0070_0014, &[10.0, 10.0])
        .text(0x0070_0015, "CS", "Y");
    let mut graphic = Object::new();
    graphic
        .text(0x0070_0005, "CS", "PIXEL")
        .us(0x0070_0020, &[2])
        .us(0x0070_0021, &[2])
        .fl(0x0070_0022, &[1.0, 1.0, 12.0, 14.0])
        .text(0x0070_0023, "CS", "POLYLINE")
        .text(0x0070_0024, "CS", "N");
    let mut annotation = Object::new();
    annotation
        .items(0x0008_1140, references.clone())
        .text(0x0070_0002, "CS", "LAYER1")
        .items(0x0070_0008, vec![text])
        .items(0x0070_0009, vec![graphic]);
    let mut layer = Object::new();
    layer
        .text(0x0070_0002, "CS", "LAYER1")
        .text(0x0070_0062, "IS", "1")
        .parts(0x0070_0068, "LO", study.note("[Measurements] {initial}"));
    let mut area = Object::new();
    area.items(0x0008_1140, references)
        .longs(0x0070_0052, "SL", &[1, 1])
        .longs(0x0070_0053, "SL", &[32, 32])
        .text(0x0070_0100, "CS", "SCALE TO FIT")
        .text(0x0070_0102, "IS", "1\\1");
    o.items(0x0008_1115, vec![series_item])
        .text(0x0020_0060, "CS", "")
        .text(0x0070_0080, "CS", "FINDINGS")
        .parts(0x0070_0081, "LO", study.note("[Liver lesions] of {name}"))
        .text(0x0070_0082, "DA", study.day.da())
        .text(0x0070_0083, "TM", "110233")
        .secret(
            0x0070_0084,
            "PN",
            crate::object::Category::Physician,
            study.person.reader.pn(),
        )
        .items(0x0070_0001, vec![annotation])
        .items(0x0070_0060, vec![layer])
        .items(0x0070_005A, vec![area])
        .text(0x2050_0020, "CS", "IDENTITY");
    study.made(series, instance, o)
}
