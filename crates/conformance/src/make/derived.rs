//! Objects that point at images: segmentation, RT structure set, RT plan.

use super::common::{Made, Series, Study, class};
use crate::object::{Category, Object, code, reference};

/// The images that a derived object is about.
type Images<'a> = (&'a Series, &'a [u32]);

fn one(tag: u32, item: Object) -> Object {
    let mut group = Object::new();
    group.items(tag, vec![item]);
    group
}

/// A binary segmentation of a series.
#[must_use]
pub fn segmentation(study: &Study, series: &Series, instance: u32, images: Images<'_>) -> Made {
    let mut o = study.object(series, instance);
    let (source, instances) = images;
    let organisation = study.uid(&["segmentation dimension"]);
    let mut segment = Object::new();
    segment
        .us(0x0062_0004, &[1])
        .words_of(0x0062_0005, "LO", "Liver lesion")
        .parts(
            0x0062_0006,
            "ST",
            study.note("[Hypodense lesion], marked by {reader}"),
        )
        .text(0x0062_0008, "CS", "MANUAL")
        .text(0x0062_0020, "UT", "lesion 1")
        .uid(0x0062_0021, study.uid(&["tracking"]))
        .code(
            0x0062_0003,
            "M-01000",
            "SRT",
            "Morphologically Altered Structure",
        )
        .code(0x0062_000F, "M-01100", "SRT", "Lesion");
    let mut dimension = Object::new();
    dimension
        .uid(0x0020_9164, &organisation)
        .at(0x0020_9165, &[0x0020_0032])
        .at(0x0020_9167, &[0x0020_9113]);
    let mut organisations = Object::new();
    organisations.uid(0x0020_9164, &organisation);
    let frames: Vec<Object> = instances
        .iter()
        .map(|n| seg_frame(study, source, *n))
        .collect();
    let mut measures = Object::new();
    measures
        .text(0x0028_0030, "DS", "1.5\\1.5")
        .text(0x0018_0050, "DS", "5.0");
    let mut orientation = Object::new();
    orientation.text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0");
    let mut shared = one(0x0028_9110, measures);
    shared.0.extend(one(0x0020_9116, orientation).0);
    let mut number = Object::new();
    number.us(0x0062_000B, &[1]);
    shared.0.extend(one(0x0062_000A, number).0);
    let mut series_item = Object::new();
    series_item
        .items(
            0x0008_114A,
            instances
                .iter()
                .map(|n| reference(source.class, &study.instance_uid(source.number, *n)))
                .collect(),
        )
        .uid(0x0020_000E, study.series_uid(source.number));
    o.text(0x0008_0008, "CS", "DERIVED\\PRIMARY")
        .text(0x0008_0023, "DA", study.day.da())
        .text(0x0008_0033, "TM", "110000")
        .us(0x0028_0002, &[1])
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .text(0x0028_0008, "IS", instances.len().to_string())
        .us(0x0028_0010, &[32])
        .us(0x0028_0011, &[32])
        .us(0x0028_0100, &[1])
        .us(0x0028_0101, &[1])
        .us(0x0028_0102, &[0])
        .us(0x0028_0103, &[0])
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_2110, "CS", "00")
        .uid(0x0020_0052, study.frame_uid("ct"))
        .text(0x0020_1040, "LO", "")
        .text(0x0062_0001, "CS", "BINARY")
        .items(0x0062_0002, vec![segment])
        .text(0x0070_0080, "CS", "LESIONS")
        .parts(0x0070_0081, "LO", study.note("[Liver lesions] {family}"))
        .secret(
            0x0070_0084,
            "PN",
            Category::Physician,
            study.person.reader.pn(),
        )
        .items(0x0020_9221, vec![organisations])
        .items(0x0020_9222, vec![dimension])
        .items(0x0008_1115, vec![series_item])
        .items(0x5200_9229, vec![shared])
        .items(0x5200_9230, frames)
        .bytes(0x7FE0_0010, "OB", vec![0b0011_1100; 128 * instances.len()]);
    study.made(series, instance, o)
}

fn seg_frame(study: &Study, source: &Series, n: u32) -> Object {
    let mut content = Object::new();
    content.longs(0x0020_9157, "UL", &[n + 1]);
    let mut position = Object::new();
    let z = f64::from(n) * 5.0 - 40.0;
    position.text(0x0020_0032, "DS", format!("-120.0\\-120.0\\{z:.1}"));
    let mut image = reference(source.class, &study.instance_uid(source.number, n));
    image.items(
        0x0040_A170,
        vec![code(
            "121322",
            "DCM",
            "Source image for image processing operation",
        )],
    );
    let mut derivation = Object::new();
    derivation
        .items(0x0008_2112, vec![image])
        .items(0x0008_9215, vec![code("113076", "DCM", "Segmentation")]);
    let mut frame = one(0x0020_9111, content);
    frame.0.extend(one(0x0020_9113, position).0);
    frame.0.extend(one(0x0008_9124, derivation).0);
    frame
}

/// Contours on a series.
#[must_use]
pub fn rt_structure_set(study: &Study, series: &Series, instance: u32, images: Images<'_>) -> Made {
    let mut o = study.object(series, instance);
    let (source, instances) = images;
    let frame = study.frame_uid("ct");
    let references: Vec<Object> = instances
        .iter()
        .map(|n| reference(source.class, &study.instance_uid(source.number, *n)))
        .collect();
    let mut of_series = Object::new();
    of_series
        .uid(0x0020_000E, study.series_uid(source.number))
        .items(0x3006_0016, references);
    let mut of_study = reference("1.2.840.10008.3.1.2.3.1", &study.study_uid());
    of_study.items(0x3006_0014, vec![of_series]);
    let mut of_frame = Object::new();
    of_frame
        .uid(0x0020_0052, &frame)
        .items(0x3006_0012, vec![of_study]);
    let mut roi = Object::new();
    roi.text(0x3006_0022, "IS", "1")
        .uid(0x3006_0024, &frame)
        .parts(0x3006_0026, "LO", study.note("[GTV] {initial}"))
        .parts(
            0x3006_0028,
            "ST",
            study.note("[Gross tumour volume], drawn by {reader}"),
        )
        .text(0x3006_0036, "CS", "MANUAL");
    let contours = instances
        .iter()
        .map(|n| {
            let z = f64::from(*n) * 5.0 - 40.0;
            let mut contour = Object::new();
            contour
                .items(
                    0x3006_0016,
                    vec![reference(
                        source.class,
                        &study.instance_uid(source.number, *n),
                    )],
                )
                .text(0x3006_0042, "CS", "CLOSED_PLANAR")
                .text(0x3006_0046, "IS", "3")
                .text(
                    0x3006_0050,
                    "DS",
                    format!("0\\0\\{z}\\9\\0\\{z}\\9\\9\\{z}"),
                );
            contour
        })
        .collect();
    let mut outline = Object::new();
    outline
        .text(0x3006_002A, "IS", "255\\0\\0")
        .items(0x3006_0040, contours)
        .text(0x3006_0084, "IS", "1");
    let mut observation = Object::new();
    observation
        .text(0x3006_0082, "IS", "1")
        .text(0x3006_0084, "IS", "1")
        .parts(0x3006_0085, "SH", study.note("[GTV]"))
        .text(0x3006_00A4, "CS", "GTV")
        .secret(
            0x3006_00A6,
            "PN",
            Category::Physician,
            study.person.reader.pn(),
        );
    o.parts(0x3006_0002, "SH", study.note("[Lung]"))
        .parts(0x3006_0004, "LO", study.note("[Lung plan] {family}"))
        .parts(0x3006_0006, "ST", study.note("[First course]; {name}"))
        .text(0x3006_0008, "DA", study.day.da())
        .text(0x3006_0009, "TM", "120000")
        .items(0x3006_0010, vec![of_frame])
        .items(0x3006_0020, vec![roi])
        .items(0x3006_0039, vec![outline])
        .items(0x3006_0080, vec![observation])
        .text(0x300E_0002, "CS", "UNAPPROVED")
        .uid(0x0020_0052, &frame)
        .text(0x0020_1040, "LO", "");
    study.made(series, instance, o)
}

/// A treatment plan on a structure set.
#[must_use]
pub fn rt_plan(study: &Study, series: &Series, instance: u32, structures: (&Series, u32)) -> Made {
    let mut o = study.object(series, instance);
    let (source, number) = structures;
    let mut fraction = Object::new();
    fraction
        .text(0x300A_0071, "IS", "1")
        .text(0x300A_0078, "IS", "30")
        .text(0x300A_0080, "IS", "0")
        .text(0x300A_00A0, "IS", "0");
    let mut setup = Object::new();
    setup
        .text(0x300A_0182, "IS", "1")
        .text(0x0018_5100, "CS", "HFS")
        .parts(0x300A_01B2, "ST", study.note("[Arms up], {given}"));
    o.parts(0x300A_0002, "SH", study.note("[LungR]"))
        .parts(0x300A_0003, "LO", study.note("[Lung right] {family}"))
        .parts(
            0x300A_0004,
            "ST",
            study.note("[Boost to GTV] Dr. {physician}"),
        )
        .text(0x300A_0006, "DA", study.day.plus(3).da())
        .text(0x300A_0007, "TM", "130000")
        .text(0x300A_000A, "CS", "CURATIVE")
        .text(0x300A_000C, "CS", "PATIENT")
        .items(0x300A_0070, vec![fraction])
        .items(0x300A_0180, vec![setup])
        .items(
            0x300C_0060,
            vec![reference(
                class::RTSTRUCT,
                &study.instance_uid(source.number, number),
            )],
        )
        .text(0x300E_0002, "CS", "APPROVED")
        .text(0x300E_0004, "DA", study.day.plus(4).da())
        .text(0x300E_0005, "TM", "090000")
        .secret(
            0x300E_0008,
            "PN",
            Category::Physician,
            study.person.physician.pn(),
        )
        .uid(0x0020_0052, study.frame_uid("ct"))
        .text(0x0020_1040, "LO", "");
    study.made(series, instance, o)
}
