//! Structured report, key object selection, encapsulated PDF.

use super::common::{Made, Series, Study};
use crate::note;
use crate::object::{Category, Object, code, reference};

fn item(relation: &str, kind: &str, concept: Object) -> Object {
    let mut o = Object::new();
    o.text(0x0040_A010, "CS", relation)
        .text(0x0040_A040, "CS", kind)
        .items(0x0040_A043, vec![concept]);
    o
}

/// What an object refers to, as evidence.
fn evidence(study: &Study, of: &[(&'static str, u32, u32)]) -> Object {
    let mut series = Vec::new();
    let mut numbers: Vec<u32> = of.iter().map(|(_, series, _)| *series).collect();
    numbers.dedup();
    for number in numbers {
        let mut item = Object::new();
        item.uid(0x0020_000E, study.series_uid(number)).items(
            0x0008_1199,
            of.iter()
                .filter(|(_, series, _)| *series == number)
                .map(|(class, series, n)| reference(class, &study.instance_uid(*series, *n)))
                .collect(),
        );
        series.push(item);
    }
    let mut root = Object::new();
    root.uid(0x0020_000D, study.study_uid())
        .items(0x0008_1115, series);
    root
}

/// A report with findings, measurements and persons.
#[must_use]
pub fn structured_report(
    study: &Study,
    series: &Series,
    instance: u32,
    images: &[(&'static str, u32, u32)],
) -> Made {
    let mut o = study.object(series, instance);
    let p = &study.person;
    let mut r = study.random(&["report", &instance.to_string()]);
    let mut findings: Vec<Object> = (0..3)
        .map(|_| {
            let mut finding = item("CONTAINS", "TEXT", code("121071", "DCM", "Finding"));
            finding.parts(0x0040_A160, "UT", study.note(r.pick(note::FINDING)));
            finding
        })
        .collect();
    let mut size = item("CONTAINS", "NUM", code("G-D7FE", "SRT", "Length"));
    let mut measured = Object::new();
    measured
        .code(0x0040_08EA, "mm", "UCUM", "mm")
        .text(0x0040_A30A, "DS", "12.5");
    size.items(0x0040_A300, vec![measured]);
    findings.push(size);
    for (image_class, number, n) in images {
        let mut image = item(
            "CONTAINS",
            "IMAGE",
            code("121112", "DCM", "Source of Measurement"),
        );
        image.items(
            0x0008_1199,
            vec![reference(image_class, &study.instance_uid(*number, *n))],
        );
        findings.push(image);
    }
    let mut side = item("CONTAINS", "CODE", code("G-C171", "SRT", "Laterality"));
    side.code(0x0040_A168, "G-A100", "SRT", "Right");
    findings.push(side);
    let mut conclusion = item("CONTAINS", "TEXT", code("121077", "DCM", "Conclusion"));
    conclusion.parts(
        0x0040_A160,
        "UT",
        study.note("[No evidence of recurrence] in {FAMILY}."),
    );
    findings.push(conclusion);
    // What a tool may take out whole stands last, so that what stays keeps its place.
    let mut observed = item(
        "CONTAINS",
        "DATETIME",
        code("111526", "DCM", "DateTime Started"),
    );
    observed.text(0x0040_A120, "DT", format!("{}094500", study.day.da()));
    findings.push(observed);
    let mut who = item(
        "HAS OBS CONTEXT",
        "PNAME",
        code("121008", "DCM", "Person Observer Name"),
    );
    who.secret(0x0040_A123, "PN", Category::Physician, p.reader.pn());
    findings.push(who);
    let mut number = item(
        "HAS OBS CONTEXT",
        "TEXT",
        code("121030", "DCM", "Subject ID"),
    );
    number.secret(0x0040_A160, "UT", Category::Id, &p.id);
    findings.push(number);
    let mut verifier = Object::new();
    verifier
        .parts(
            0x0040_A027,
            "LO",
            note::marked(&p.hospital, Category::Institution),
        )
        .text(0x0040_A030, "DT", format!("{}150000", study.day.da()))
        .secret(0x0040_A075, "PN", Category::Physician, p.reader.pn())
        .items(0x0040_A088, Vec::new());
    document(
        &mut o,
        study,
        code("18748-4", "LN", "Diagnostic Imaging Report"),
    );
    o.text(0x0040_A493, "CS", "VERIFIED")
        .text(0x0040_A491, "CS", "COMPLETE")
        .items(0x0040_A073, vec![verifier])
        .items(0x0040_A372, Vec::new())
        .items(0x0040_A730, findings);
    if !images.is_empty() {
        o.items(0x0040_A375, vec![evidence(study, images)]);
    }
    study.made(series, instance, o)
}

fn document(o: &mut Object, study: &Study, title: Object) {
    o.text(0x0008_0023, "DA", study.day.da())
        .text(0x0008_0033, "TM", "143000")
        .items(0x0008_1111, Vec::new())
        .text(0x0040_A040, "CS", "CONTAINER")
        .items(0x0040_A043, vec![title])
        .text(0x0040_A050, "CS", "SEPARATE");
}

/// A selection of key images.
#[must_use]
pub fn key_object(
    study: &Study,
    series: &Series,
    instance: u32,
    images: &[(&'static str, u32, u32)],
) -> Made {
    let mut o = study.object(series, instance);
    document(&mut o, study, code("113000", "DCM", "Of Interest"));
    let mut template = Object::new();
    template
        .text(0x0008_0105, "CS", "DCMR")
        .text(0x0040_DB00, "CS", "2010");
    let mut about = item(
        "CONTAINS",
        "TEXT",
        code("113012", "DCM", "Key Object Description"),
    );
    about.parts(
        0x0040_A160,
        "UT",
        study.note("[Largest lesion] of {name}, for {physician}"),
    );
    let mut content = vec![about];
    for (image_class, number, n) in images {
        let mut image = Object::new();
        image
            .text(0x0040_A010, "CS", "CONTAINS")
            .text(0x0040_A040, "CS", "IMAGE")
            .items(
                0x0008_1199,
                vec![reference(image_class, &study.instance_uid(*number, *n))],
            );
        content.push(image);
    }
    // Images first: a tool may take the description out whole.
    content.rotate_left(1);
    o.items(0x0040_A504, vec![template])
        .items(0x0040_A375, vec![evidence(study, images)])
        .items(0x0040_A730, content);
    study.made(series, instance, o)
}

/// A letter as PDF that names the person on its page.
#[must_use]
pub fn pdf(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let p = &study.person;
    let line = format!(
        "Letter about {}, born {}",
        note::folded(&p.name.plain()),
        p.birth.dotted()
    );
    let mut file = page(&line.chars().filter(char::is_ascii).collect::<String>());
    let length = u32::try_from(file.len()).unwrap_or(0);
    file.resize(file.len() + file.len() % 2, 0);
    o.text(0x0008_0023, "DA", study.day.da())
        .text(0x0008_0033, "TM", "143000")
        .text(0x0008_002A, "DT", format!("{}143000", study.day.da()))
        .text(0x0008_0064, "CS", "WSD")
        .text(0x0028_0301, "CS", "YES")
        .parts(0x0042_0010, "ST", study.note("Letter for {name}"))
        .items(0x0040_A043, Vec::new())
        .bytes(0x0042_0011, "OB", file)
        .text(0x0042_0012, "LO", "application/pdf")
        .longs(0x0042_0015, "UL", &[length]);
    study.made(series, instance, o)
}

fn page(line: &str) -> Vec<u8> {
    let stream = format!("BT /F1 14 Tf 60 740 Td ({line}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{stream}\nendstream", stream.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj{object}endobj\n", n + 1));
    }
    let start = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        out.push_str(&format!("{offset:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    ));
    out.into_bytes()
}
