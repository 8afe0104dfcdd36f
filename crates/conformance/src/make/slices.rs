//! CT, MR, PET and NM.

use super::common::{Made, Series, Study, pixels16};
use super::vendor::Vendor;
use crate::object::{Category, Object, code, reference};

fn plane(o: &mut Object, study: &Study, frame: &str, instance: u32) {
    let z = f64::from(instance) * 5.0 - 40.0;
    o.text(0x0020_0032, "DS", format!("-120.0\\-120.0\\{z:.1}"))
        .text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
        .uid(0x0020_0052, study.frame_uid(frame))
        .text(0x0020_1040, "LO", "")
        .text(0x0020_1041, "DS", format!("{z:.1}"))
        .text(0x0028_0030, "DS", "1.5\\1.5")
        .text(0x0018_0050, "DS", "5.0");
}

/// One CT slice.
#[must_use]
pub fn ct(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["ct", &instance.to_string()]);
    pixels16(&mut o, 32, 32, &mut r, false);
    plane(&mut o, study, "ct", instance);
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .parts(0x0018_0010, "LO", study.note("[Iopromide 370]"))
        .text(0x0018_0060, "DS", "120")
        .text(0x0018_1160, "SH", "BODY")
        .text(0x0018_1210, "SH", "B30f")
        .uid(0x0018_1002, study.uid(&["device"]))
        .text(0x0018_5100, "CS", "HFS")
        .text(0x0020_0012, "IS", "3")
        .text(0x0028_1050, "DS", "40")
        .text(0x0028_1051, "DS", "400")
        .text(0x0028_1052, "DS", "-1024")
        .text(0x0028_1053, "DS", "1")
        .text(0x0028_1054, "LO", "HU");
    // Not in Table E.1-1, and yet somebody typed a name there.
    let explanation = if instance == 1 {
        study.note("WINDOW {family}")
    } else {
        study.note("[WINDOW1]")
    };
    o.parts(0x0028_1055, "LO", explanation);
    if instance > 0 {
        o.items(
            0x0008_1140,
            vec![reference(
                series.class,
                &study.instance_uid(series.number, 0),
            )],
        );
    }
    if instance == 2 {
        // Procedure codes name persons where departments make them up.
        let mut procedure = code("CTABD", "99LOCAL", "CT abdomen");
        procedure.parts(0x0008_0104, "LO", study.note("CT of {name}"));
        o.items(0x0008_1032, vec![procedure]);
    }
    study.made(series, instance, o)
}

/// One MR slice with its vendor's private blocks.
#[must_use]
pub fn mr(study: &Study, series: &Series, instance: u32, vendor: Vendor) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["mr", &series.number.to_string(), &instance.to_string()]);
    pixels16(&mut o, 32, 32, &mut r, false);
    plane(&mut o, study, "mr", instance);
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE")
        .text(0x0008_0070, "LO", vendor.manufacturer())
        .text(0x0018_0020, "CS", "EP")
        .text(0x0018_0021, "CS", "SK")
        .text(0x0018_0022, "CS", "FS")
        .text(0x0018_0023, "CS", "2D")
        .text(
            0x0018_0024,
            "SH",
            if instance == 0 {
                "*ep_b0"
            } else {
                "*ep_b1000#1"
            },
        )
        .text(0x0018_0080, "DS", "4200")
        .text(0x0018_0081, "DS", "82")
        .text(0x0018_0083, "DS", "1")
        .text(0x0018_0084, "DS", "123.2")
        .text(0x0018_0087, "DS", "3")
        .text(0x0018_0091, "IS", "64")
        .text(0x0018_1314, "DS", "90")
        .text(0x0018_5100, "CS", "HFS")
        .text(0x0020_0012, "IS", "1")
        .text(0x0028_1050, "DS", "260")
        .text(0x0028_1051, "DS", "520");
    vendor.mr(&mut o, study, instance);
    study.made(series, instance, o)
}

/// One PET slice.
#[must_use]
pub fn pet(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["pt", &instance.to_string()]);
    pixels16(&mut o, 32, 32, &mut r, true);
    plane(&mut o, study, "pt", instance);
    let mut dose = Object::new();
    dose.words_of(0x0018_0031, "LO", "FDG")
        .text(0x0018_1072, "TM", "092000.0")
        .text(0x0018_1074, "DS", "310000000")
        .text(0x0018_1075, "DS", "6588")
        .text(0x0018_1076, "DS", "0.97")
        .text(0x0018_1078, "DT", format!("{}092000.0", study.day.da()))
        .items(0x0054_0300, vec![code("C-111A1", "SRT", "^18^Fluorine")])
        .items(
            0x0054_0304,
            vec![code("C-B1031", "SRT", "Fluorodeoxyglucose F^18^")],
        );
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
        .text(0x0018_1242, "IS", "120000")
        .text(0x0020_0012, "IS", "1")
        .text(0x0028_1050, "DS", "1000")
        .text(0x0028_1051, "DS", "2000")
        .text(0x0028_1052, "DS", "0")
        .text(0x0028_1053, "DS", "2.5")
        .text(0x0028_0051, "CS", "DECY\\ATTN\\SCAT\\RAN")
        .items(0x0054_0016, vec![dose])
        .us(0x0054_0081, &[3])
        .us(0x0054_1330, &[u16::try_from(instance + 1).unwrap_or(1)])
        .text(0x0054_1000, "CS", "STATIC\\IMAGE")
        .text(0x0054_1001, "CS", "BQML")
        .text(0x0054_1002, "CS", "EMISSION")
        .text(0x0054_1102, "CS", "START")
        .text(0x0054_1300, "DS", "0")
        .text(0x0054_1321, "DS", "1.05")
        .text(0x0018_1181, "CS", "NONE")
        .items(0x0054_0410, vec![code("F-10450", "SRT", "recumbent")])
        .items(0x0054_0414, vec![code("F-10470", "SRT", "headfirst")]);
    if let Some(position) = o.0.get_mut(&0x0054_0410)
        && let crate::object::Value::Items(items) = &mut position.value
        && let Some(item) = items.first_mut()
    {
        item.code(0x0054_0412, "F-10340", "SRT", "supine");
    }
    study.made(series, instance, o)
}

/// One planar NM image.
#[must_use]
pub fn nm(study: &Study, series: &Series, instance: u32) -> Made {
    let mut o = study.object(series, instance);
    let mut r = study.random(&["nm", &instance.to_string()]);
    pixels16(&mut o, 32, 32, &mut r, false);
    let mut window = Object::new();
    let mut range = Object::new();
    range
        .text(0x0054_0014, "DS", "126.0")
        .text(0x0054_0015, "DS", "154.0");
    window
        .items(0x0054_0013, vec![range])
        .text(0x0054_0018, "SH", "Tc99m");
    let mut tracer = Object::new();
    tracer
        .code(0x0054_0300, "C-163A8", "SRT", "^99m^Technetium")
        .words_of(0x0018_0031, "LO", "MDP")
        .code(0x0054_0304, "C-B1062", "SRT", "Tc-99m MDP")
        .text(0x0018_1072, "TM", "081500")
        .parts(0x0018_1070, "LO", study.note("[Intravenous]"));
    let mut detector = Object::new();
    detector
        .text(0x0018_1180, "SH", "LEHR")
        .text(0x0018_1181, "CS", "PARA")
        .text(0x0020_0032, "DS", "-120\\-120\\0")
        .text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0");
    detector.items(0x0054_0220, vec![anterior()]);
    o.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\STATIC\\EMISSION")
        .text(0x0018_0070, "IS", "500000")
        .text(0x0020_0060, "CS", "")
        .text(0x0018_1242, "IS", "180000")
        .us(0x0028_0101, &[16])
        .us(0x0028_0102, &[15])
        .uid(0x0020_0052, study.frame_uid("nm"))
        .text(0x0020_1040, "LO", "")
        .text(0x0028_0008, "IS", "1")
        .at(0x0028_0009, &[0x0054_0010, 0x0054_0020])
        .text(0x0028_0030, "DS", "2.4\\2.4")
        .text(0x0028_0051, "CS", "NRGY")
        .us(0x0054_0010, &[1])
        .us(0x0054_0011, &[1])
        .items(0x0054_0012, vec![window])
        .items(0x0054_0016, vec![tracer])
        .us(0x0054_0020, &[1])
        .us(0x0054_0021, &[1])
        .items(0x0054_0022, vec![detector])
        .items(0x0054_0410, vec![code("F-10450", "SRT", "recumbent")])
        .items(0x0054_0414, vec![code("F-10470", "SRT", "headfirst")]);
    o.secret(0x0054_0400, "SH", Category::Id, &study.person.other_id);
    study.made(series, instance, o)
}

fn anterior() -> Object {
    code("R-10206", "SRT", "antero-posterior")
}
