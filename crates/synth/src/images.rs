//! Images: what each modality writes beside the pixels, and the pixels.

use crate::dataset::Set;
use crate::font::Canvas;
use crate::people::StudyIds;
use crate::phantom::{self, Cut, Ellipsoid};
use crate::{Kind, SynthFile};

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
const CR: &str = "1.2.840.10008.5.1.4.1.1.1";
const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
const SC: &str = "1.2.840.10008.5.1.4.1.1.7";

fn file(ids: &StudyIds, series: u32, name: &str, set: &Set, kind: Kind) -> SynthFile {
    SynthFile {
        path: format!("{}/SE{series:03}/{name}", ids.folder),
        bytes: set.file(ids.person.charset),
        kind,
    }
}

fn pixels16(set: &mut Set, columns: u16, rows: u16, pixels: Vec<u8>) {
    set.us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, rows)
        .us(0x0028_0011, columns)
        .us(0x0028_0100, 16)
        .us(0x0028_0101, 12)
        .us(0x0028_0102, 11)
        .us(0x0028_0103, 0)
        .bytes(0x7FE0_0010, "OW", pixels);
}

fn pixels8(set: &mut Set, canvas: Canvas, rows: u16) {
    let colour = canvas.samples == 3;
    set.us(0x0028_0002, if colour { 3 } else { 1 })
        .text(
            0x0028_0004,
            "CS",
            if colour { "RGB" } else { "MONOCHROME2" },
        )
        .us(0x0028_0010, rows)
        .us(
            0x0028_0011,
            u16::try_from(canvas.columns).unwrap_or(u16::MAX),
        )
        .us(0x0028_0100, 8)
        .us(0x0028_0101, 8)
        .us(0x0028_0102, 7)
        .us(0x0028_0103, 0);
    if colour {
        set.us(0x0028_0006, 0);
    }
    set.bytes(0x7FE0_0010, "OB", canvas.pixels);
}

/// Where a series lies: one frame of reference, equal steps.
fn geometry(
    set: &mut Set,
    ids: &StudyIds,
    spacing: f64,
    step: f64,
    first: [f64; 3],
    index: u32,
    sagittal: bool,
) {
    let travel = f64::from(index) * step;
    let (position, orientation) = if sagittal {
        ([first[0] + travel, first[1], first[2]], "0\\1\\0\\0\\0\\-1")
    } else {
        ([first[0], first[1], first[2] + travel], "1\\0\\0\\0\\1\\0")
    };
    set.text(
        0x0020_0032,
        "DS",
        format!("{:.3}\\{:.3}\\{:.3}", position[0], position[1], position[2]),
    )
    .text(0x0020_0037, "DS", orientation)
    .text(0x0020_0052, "UI", ids.uid(&["frame of reference"]))
    .text(0x0020_1040, "LO", "")
    .text(0x0020_1041, "DS", format!("{travel:.3}"))
    .text(0x0028_0030, "DS", format!("{spacing}\\{spacing}"))
    .text(0x0018_0050, "DS", step.to_string());
}

fn mr_acquisition(set: &mut Set) {
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\M\\SE")
        .text(0x0018_0020, "CS", "SE")
        .text(0x0018_0021, "CS", "SK")
        .text(0x0018_0022, "CS", "")
        .text(0x0018_0023, "CS", "2D")
        .text(0x0018_0080, "DS", "2400")
        .text(0x0018_0081, "DS", "38")
        .text(0x0018_0083, "DS", "1")
        .text(0x0018_0084, "DS", "63.6")
        .text(0x0018_0087, "DS", "1.5")
        .text(0x0018_0091, "IS", "5")
        .text(0x0018_1314, "DS", "90")
        .text(0x0018_5100, "CS", "HFS")
        .text(0x0020_0012, "IS", "1")
        .text(0x0028_1050, "DS", "260")
        .text(0x0028_1051, "DS", "520");
}

/// Slice position from -1 to 1.
fn along(index: u32, count: u32) -> f64 {
    (f64::from(index) + 0.5) / f64::from(count) * 2.0 - 1.0
}

/// One slice of an abdominal CT.
pub(crate) fn ct_abdomen(ids: &StudyIds, index: u32, count: u32) -> SynthFile {
    let mut set = ids.common(2, "CT", CT, index);
    let body = phantom::abdomen(-95.0, 55.0, 70.0, 420.0, 170.0, -850.0);
    let cut = Cut {
        columns: 256,
        rows: 256,
        z: along(index, count),
        outside: -1000.0,
        noise: 14.0,
        magnitude: false,
    };
    let values = phantom::slice(&body, &cut, &mut ids.random(&["ct", &index.to_string()]));
    pixels16(
        &mut set,
        256,
        256,
        phantom::to_u16(&values, 1.0, 1024.0, 4095),
    );
    geometry(
        &mut set,
        ids,
        1.5,
        5.0,
        [-192.0, -192.0, -400.0],
        index,
        false,
    );
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_1030, "LO", "Abdomen portal venous")
        .text(0x0008_103E, "LO", "Abdomen 5.0 B30f")
        .text(0x0018_0015, "CS", "ABDOMEN")
        .text(0x0018_0060, "DS", "120")
        .text(0x0018_5100, "CS", "HFS")
        .text(0x0020_0012, "IS", "3")
        .text(0x0028_1050, "DS", "40")
        .text(0x0028_1051, "DS", "400")
        .text(0x0028_1052, "DS", "-1024")
        .text(0x0028_1053, "DS", "1")
        .text(0x0028_1054, "LO", "HU");
    file(ids, 2, &format!("IM{index:05}.dcm"), &set, Kind::CtAbdomen)
}

fn mr(
    ids: &StudyIds,
    kind: Kind,
    size: u16,
    body: &[Ellipsoid],
    series: u32,
    index: u32,
    count: u32,
) -> Set {
    let mut set = ids.common(series, "MR", MR, index);
    let cut = Cut {
        columns: size,
        rows: size,
        z: along(index, count),
        outside: 0.0,
        noise: 11.0,
        magnitude: true,
    };
    let name = format!("{kind:?}");
    let values = phantom::slice(body, &cut, &mut ids.random(&[&name, &index.to_string()]));
    pixels16(
        &mut set,
        size,
        size,
        phantom::to_u16(&values, 1.0, 0.0, 4095),
    );
    mr_acquisition(&mut set);
    set
}

/// One sagittal slice of a knee; files without an ending, as many archives export.
pub(crate) fn mr_knee(ids: &StudyIds, index: u32, count: u32) -> SynthFile {
    let mut set = mr(ids, Kind::MrKnee, 256, &phantom::knee(), 4, index, count);
    geometry(&mut set, ids, 0.625, 4.0, [-40.0, -80.0, 80.0], index, true);
    set.text(0x0008_1030, "LO", "Knee right")
        .text(0x0008_103E, "LO", "pd_tse_sag")
        .text(0x0018_0015, "CS", "KNEE")
        .text(0x0020_0060, "CS", "R");
    file(ids, 4, &format!("MR{index:06}"), &set, Kind::MrKnee)
}

/// One axial slice of a head with a face.
pub(crate) fn mr_head(ids: &StudyIds, index: u32, count: u32) -> SynthFile {
    let mut set = mr(ids, Kind::MrHead, 256, &phantom::head(), 3, index, count);
    geometry(
        &mut set,
        ids,
        0.9,
        5.0,
        [-115.2, -115.2, -80.0],
        index,
        false,
    );
    set.text(0x0008_1030, "LO", "Head routine")
        .text(0x0008_103E, "LO", "t1_se_tra")
        .text(0x0018_0015, "CS", "HEAD");
    file(ids, 3, &format!("{index:08}.dcm"), &set, Kind::MrHead)
}

/// One slice for the benchmark: 300 by 300, 16 bit, noise everywhere.
pub(crate) fn mr_abdomen(ids: &StudyIds, index: u32, count: u32) -> SynthFile {
    let body = phantom::abdomen(520.0, 180.0, 260.0, 120.0, 40.0, 10.0);
    let mut set = mr(ids, Kind::MrKnee, 300, &body, 5, index, count);
    geometry(
        &mut set,
        ids,
        1.25,
        1.2,
        [-187.5, -187.5, -300.0],
        index,
        false,
    );
    set.text(0x0008_1030, "LO", "Abdomen dynamic")
        .text(0x0008_103E, "LO", "t1_vibe_tra")
        .text(0x0018_0015, "CS", "ABDOMEN");
    file(ids, 5, &format!("IM{index:05}.dcm"), &set, Kind::MrKnee)
}

/// A radiograph of a chest.
pub(crate) fn cr_chest(ids: &StudyIds) -> SynthFile {
    const ROWS: u16 = 720;
    const COLUMNS: u16 = 640;
    let e = phantom::e;
    let mut body = vec![
        e([0.0, 0.1, 0.0], [0.8, 1.1, 1.0], 2600.0),
        e([-0.36, 0.0, 0.0], [0.3, 0.68, 1.0], 900.0),
        e([0.37, 0.0, 0.0], [0.29, 0.68, 1.0], 950.0),
        e([0.14, 0.28, 0.0], [0.3, 0.3, 1.0], 2500.0),
        e([0.0, 0.0, 0.0], [0.1, 1.1, 1.0], 2900.0),
        e([0.0, 0.98, 0.0], [0.85, 0.4, 1.0], 3000.0),
        e([0.0, -0.8, 0.0], [0.05, 0.35, 1.0], 1600.0),
    ];
    for rib in 0..7 {
        let y = -0.55 + f64::from(rib) * 0.17;
        for x in [-0.38, 0.38] {
            body.push(e([x, y, 0.0], [0.32, 0.022, 1.0], 1750.0));
        }
    }
    let cut = Cut {
        columns: COLUMNS,
        rows: ROWS,
        z: 0.0,
        outside: 120.0,
        noise: 25.0,
        magnitude: false,
    };
    let values = phantom::slice(&body, &cut, &mut ids.random(&["cr"]));
    let mut set = ids.common(1, "CR", CR, 0);
    pixels16(
        &mut set,
        COLUMNS,
        ROWS,
        phantom::to_u16(&values, 1.0, 0.0, 4095),
    );
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
        .text(0x0008_1030, "LO", "Chest pa")
        .text(0x0008_103E, "LO", "Thorax pa")
        .text(0x0018_0015, "CS", "CHEST")
        .text(0x0018_1164, "DS", "0.5\\0.5")
        .text(0x0018_5101, "CS", "PA")
        .text(0x0020_0020, "CS", "L\\F")
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_1050, "DS", "1900")
        .text(0x0028_1051, "DS", "2600");
    file(ids, 1, "CR000001.dcm", &set, Kind::CrChest)
}

/// An ultrasound image with the patient's name, number and birth date drawn into it.
pub(crate) fn ultrasound(ids: &StudyIds, index: u32) -> SynthFile {
    const ROWS: u16 = 480;
    const COLUMNS: u16 = 640;
    let p = &ids.person;
    let mut canvas = Canvas::new(usize::from(COLUMNS), usize::from(ROWS), 3, 6);
    let mut random = ids.random(&["us", &index.to_string()]);
    // The sector: speckle whose strength falls with depth, and a cyst.
    for y in 60..440_u16 {
        for x in 0..COLUMNS {
            let (dx, dy) = (f64::from(x) - 320.0, f64::from(y) - 20.0);
            let (radius, angle) = (dx.hypot(dy), (dx / dy).atan());
            if radius < 420.0 && angle.abs() < 0.62 {
                let cyst = (dx - 30.0 - f64::from(index) * 12.0).hypot((dy - 200.0) * 1.3);
                let base = if cyst < 55.0 {
                    8.0
                } else {
                    120.0 - radius * 0.18
                };
                let value = (base + base * 0.45 * random.gauss()).round() as i32;
                let [grey, ..] = value.clamp(0, 255).to_le_bytes();
                canvas.set(usize::from(x), usize::from(y), [grey; 3]);
            }
        }
    }
    let white = [235, 235, 235];
    canvas.text(12, 10, 2, white, p.drawn);
    canvas.text(12, 30, 2, white, &format!("ID {}", p.id));
    canvas.text(430, 10, 2, white, &format!("BORN {}", p.birth));
    canvas.text(12, 455, 2, [240, 200, 60], "ABDOMEN C5-1 MI 0.9");
    let mut set = ids.common(1, "US", US, index);
    pixels8(&mut set, canvas, ROWS);
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\ABDOMINAL")
        .text(0x0008_1030, "LO", "Ultrasound abdomen")
        .text(0x0008_103E, "LO", "Liver")
        .text(0x0018_0015, "CS", "ABDOMEN")
        .text(0x0020_0020, "CS", "")
        .text(0x0028_2110, "CS", "00");
    file(ids, 1, &format!("US{index:04}.dcm"), &set, Kind::Ultrasound)
}

/// A capture of a workstation's screen, with the patient's name in its title bar.
pub(crate) fn secondary_capture(ids: &StudyIds) -> SynthFile {
    const ROWS: u16 = 480;
    const COLUMNS: u16 = 720;
    let p = &ids.person;
    let mut canvas = Canvas::new(usize::from(COLUMNS), usize::from(ROWS), 3, 24);
    canvas.fill(0, 0, 720, 34, [40, 70, 120]);
    canvas.text(10, 10, 2, [255; 3], &format!("{} {}", p.drawn, p.id));
    for (n, line) in [
        "DOSE REPORT",
        "SERIES 1 CTDI 4.2 MGY",
        "SERIES 2 CTDI 9.8 MGY",
        "TOTAL DLP 412.0",
    ]
    .iter()
    .enumerate()
    {
        canvas.text(24, 70 + n * 34, 3, [210, 220, 230], line);
    }
    let mut set = ids.common(9, "OT", SC, 0);
    pixels8(&mut set, canvas, ROWS);
    set.text(0x0008_0008, "CS", "DERIVED\\SECONDARY")
        .text(0x0008_0064, "CS", "WSD")
        .text(0x0008_1030, "LO", "Dose report")
        .text(0x0008_103E, "LO", "Screen save")
        .text(0x0020_0020, "CS", "")
        .text(0x0020_0060, "CS", "");
    file(ids, 9, "SC000001.dcm", &set, Kind::SecondaryCapture)
}
