//! Enhanced MR: everything of a slice in functional groups, references included.

use super::common::{Made, Series, Study, pixels16};
use crate::object::{Object, code, reference};

fn one(tag: u32, item: Object) -> Object {
    let mut group = Object::new();
    group.items(tag, vec![item]);
    group
}

fn join(groups: Vec<Object>) -> Object {
    let mut all = Object::new();
    for group in groups {
        all.0.extend(group.0);
    }
    all
}

/// A diffusion series of two frames in one object.
#[must_use]
pub fn enhanced_mr(
    study: &Study,
    series: &Series,
    instance: u32,
    (source_series, source): (u32, (&str, &str)),
) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["enhanced"]);
    pixels16(&mut o, 64, 32, &mut r, false);
    o.us(0x0028_0010, &[32]).text(0x0028_0008, "IS", "2");
    let started = format!("{}101311.500", study.day.da());
    let organisation = study.uid(&["dimension"]);
    let frames = (0..2_u32).map(|n| frame(study, n, &started)).collect();
    let shared = shared(source);
    let mut index = Object::new();
    index
        .uid(0x0020_9164, &organisation)
        .at(0x0020_9165, &[0x0020_9057])
        .at(0x0020_9167, &[0x0020_9111])
        .parts(0x0020_9421, "LO", study.note("[Slice]"));
    let (source_class, source_instance) = source;
    let mut of_series = Object::new();
    of_series
        .uid(0x0020_000E, study.series_uid(source_series))
        .items(0x0008_1199, vec![reference(source_class, source_instance)]);
    let mut evidence = Object::new();
    evidence
        .uid(0x0020_000D, study.study_uid())
        .items(0x0008_1115, vec![of_series]);
    let mut organisations = Object::new();
    organisations.uid(0x0020_9164, &organisation);
    for tag in [0x0008_0022, 0x0008_0032] {
        o.remove(tag);
    }
    o.text(0x0008_0008, "CS", "DERIVED\\PRIMARY\\DIFFUSION\\NONE")
        .text(0x0008_002A, "DT", &started)
        .text(0x0008_9205, "CS", "MONOCHROME")
        .text(0x0008_9206, "CS", "VOLUME")
        .text(0x0008_9207, "CS", "NONE")
        .text(0x0008_9208, "CS", "MAGNITUDE")
        .text(0x0008_9209, "CS", "DIFFUSION")
        .parts(0x0018_1030, "LO", study.note("[DWI whole brain]"))
        .text(0x0018_0087, "DS", "3")
        .text(0x0018_5100, "CS", "HFS")
        .text(0x0018_9004, "CS", "PRODUCT")
        .fd(0x0018_9073, &[120.0])
        .text(0x0018_9064, "CS", "NONE")
        .text(0x0018_9100, "CS", "1H")
        .text(0x0018_9174, "CS", "IEC")
        .text(0x0020_0012, "IS", "1")
        .uid(0x0020_0052, study.frame_uid("mr"))
        .text(0x0020_1040, "LO", "")
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_2110, "CS", "00")
        .text(0x2050_0020, "CS", "IDENTITY")
        .items(0x0020_9221, vec![organisations])
        .items(0x0020_9222, vec![index])
        .items(0x0040_0555, Vec::new())
        .items(0x0008_9092, vec![evidence])
        .items(0x5200_9229, vec![shared])
        .items(0x5200_9230, frames);
    study.made(series, instance, o)
}

fn shared(source: (&str, &str)) -> Object {
    let mut spacing = Object::new();
    spacing
        .text(0x0028_0030, "DS", "1.5\\1.5")
        .text(0x0018_0050, "DS", "5.0");
    let mut modality = Object::new();
    modality
        .text(0x0028_1052, "DS", "0")
        .text(0x0028_1053, "DS", "1")
        .text(0x0028_1054, "LO", "US");
    let mut anatomy = Object::new();
    anatomy
        .text(0x0020_9072, "CS", "U")
        .code(0x0008_2218, "T-A0100", "SRT", "Brain");
    let mut orientation = Object::new();
    orientation.text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0");
    let (class, instance) = source;
    let mut referenced = reference(class, instance);
    referenced.items(
        0x0040_A170,
        vec![code(
            "121322",
            "DCM",
            "Source image for image processing operation",
        )],
    );
    join(vec![
        one(0x0028_9110, spacing),
        one(0x0028_9145, modality),
        one(0x0020_9071, anatomy),
        one(0x0020_9116, orientation),
        one(0x0008_1140, referenced),
    ])
}

fn frame(study: &Study, n: u32, started: &str) -> Object {
    let mut content = Object::new();
    content
        .text(0x0018_9074, "DT", started)
        .text(0x0018_9151, "DT", started)
        .fd(0x0018_9220, &[100.0])
        .longs(0x0020_9157, "UL", &[n + 1])
        .parts(
            0x0020_9158,
            "LT",
            study.note(if n == 0 { "[b0]" } else { "[b1000] {family}" }),
        )
        .text(0x0020_9056, "SH", "1")
        .longs(0x0020_9057, "UL", &[n + 1]);
    let mut position = Object::new();
    position.text(0x0020_0032, "DS", format!("-24.0\\-24.0\\{n}.0"));
    let mut kind = Object::new();
    kind.text(0x0008_9007, "CS", "DERIVED\\PRIMARY\\DIFFUSION\\NONE")
        .text(0x0008_9205, "CS", "MONOCHROME")
        .text(0x0008_9206, "CS", "VOLUME")
        .text(0x0008_9207, "CS", "NONE")
        .text(0x0008_9208, "CS", "MAGNITUDE")
        .text(0x0008_9209, "CS", "DIFFUSION");
    let mut echo = Object::new();
    echo.fd(0x0018_9082, &[82.0]);
    let mut diffusion = Object::new();
    diffusion
        .text(0x0018_9075, "CS", if n == 0 { "NONE" } else { "ISOTROPIC" })
        .fd(0x0018_9087, &[f64::from(n) * 1000.0]);
    let mut voi = Object::new();
    voi.text(0x0028_1050, "DS", "260")
        .text(0x0028_1051, "DS", "520");
    join(vec![
        one(0x0020_9111, content),
        one(0x0020_9113, position),
        one(0x0018_9226, kind),
        one(0x0018_9114, echo),
        one(0x0018_9117, diffusion),
        one(0x0028_9132, voi),
    ])
}
