//! What a conversion to NIfTI reads must survive cleaning: `dcm2niix` over the series as it
//! came and as it leaves, under the ready protocol for research, gives the same b-value table,
//! the same gradient directions and the same slice timing.
//!
//! The diffusion series are made here in the way in which Siemens, GE and Philips write them,
//! because no public ones of a few kilobytes exist; the others are real.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cordon_synth::{Charset, Set};
use serde_json::Value;

const SIDE: u16 = 32;
const SLICES: u32 = 4;
/// b-value and direction (patient LPS) of each volume.
const VOLUMES: [(u32, [f64; 3]); 4] = [
    (0, [0.0, 0.0, 0.0]),
    (1000, [1.0, 0.0, 0.0]),
    (1000, [0.0, 0.6, 0.8]),
    (2000, [0.0, -0.8, 0.6]),
];

#[derive(Clone, Copy)]
enum Vendor {
    Siemens,
    Ge,
    Philips,
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

#[allow(clippy::cast_possible_truncation, reason = "directions of one decimal")]
fn narrow(v: f64) -> f32 {
    v as f32
}

/// The private elements of one slice, as the vendor's conformance statement has them.
fn diffusion(set: &mut Set, vendor: Vendor, (b, [x, y, z]): (u32, [f64; 3])) {
    match vendor {
        Vendor::Siemens => {
            set.text(0x0019_0010, "LO", "SIEMENS MR HEADER")
                .text(0x0019_100C, "IS", b.to_string())
                .text(
                    0x0019_100D,
                    "CS",
                    if b == 0 { "NONE" } else { "DIRECTIONAL" },
                );
            if b > 0 {
                set.bytes(0x0019_100E, "FD", doubles(&[x, y, z]));
            }
        }
        Vendor::Ge => {
            set.text(0x0019_0010, "LO", "GEMS_ACQU_01")
                .text(0x0019_10BB, "DS", format!("{x}"))
                .text(0x0019_10BC, "DS", format!("{y}"))
                .text(0x0019_10BD, "DS", format!("{z}"))
                .text(0x0043_0010, "LO", "GEMS_PARM_01")
                .text(0x0043_1039, "IS", format!("{b}\\8\\0\\0"));
        }
        Vendor::Philips => {
            #[allow(clippy::cast_precision_loss, reason = "at most 2000")]
            let b = b as f32;
            set.text(0x2001_0010, "LO", "Philips Imaging DD 001")
                .bytes(0x2001_1003, "FL", floats(&[b]))
                .text(0x2001_1004, "CS", if b == 0.0 { "N" } else { "O" })
                .text(0x2005_0010, "LO", "Philips MR Imaging DD 001")
                .bytes(0x2005_10B0, "FL", floats(&[narrow(x)]))
                .bytes(0x2005_10B1, "FL", floats(&[narrow(y)]))
                .bytes(0x2005_10B2, "FL", floats(&[narrow(z)]));
        }
    }
}

fn slice(vendor: Vendor, volume: usize, index: u32) -> Set {
    let uid = format!(
        "2.25.77{}{}",
        vendor as u8 + 1,
        1000 + 100 * volume + index as usize
    );
    let at = VOLUMES.get(volume).copied().expect("volume");
    let (maker, model) = match vendor {
        Vendor::Siemens => ("SIEMENS", "Verio"),
        Vendor::Ge => ("GE MEDICAL SYSTEMS", "DISCOVERY MR750"),
        Vendor::Philips => ("Philips Medical Systems", "Achieva"),
    };
    let mut set = Set::new();
    let mut random = 7_u32.wrapping_add(index * 31 + u32::try_from(volume).unwrap_or(0));
    let pixels = (0..u32::from(SIDE) * u32::from(SIDE)).flat_map(|_| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u16::try_from(random >> 22).unwrap_or(0).to_le_bytes()
    });
    let pixels: Vec<u8> = pixels.collect();
    set.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE")
        .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.4")
        .text(0x0008_0018, "UI", uid)
        .text(0x0008_0020, "DA", "20230504")
        .text(0x0008_0030, "TM", "101500")
        .text(0x0008_0022, "DA", "20230504")
        .text(0x0008_0032, "TM", format!("1015{volume:02}.{index:02}0000"))
        .text(0x0008_0060, "CS", "MR")
        .text(0x0008_0070, "LO", maker)
        .text(0x0008_1090, "LO", model)
        .text(0x0008_103E, "LO", "ep2d diff")
        .text(0x0010_0010, "PN", "Quandt^Ottilie")
        .text(0x0010_0020, "LO", "DW-4711-20")
        .text(0x0010_0030, "DA", "19610203")
        .text(0x0018_0015, "CS", "KNEE")
        .text(0x0018_0020, "CS", "EP")
        .text(0x0018_0023, "CS", "2D")
        .text(0x0018_0050, "DS", "4")
        .text(0x0018_0080, "DS", "4000")
        .text(0x0018_0081, "DS", "80")
        .text(0x0018_0087, "DS", "3")
        .text(0x0018_0088, "DS", "4")
        .text(0x0018_1312, "CS", "COL")
        .text(0x0018_5100, "CS", "HFS")
        .text(0x0020_000D, "UI", format!("2.25.78{}", vendor as u8 + 1))
        .text(0x0020_000E, "UI", format!("2.25.79{}", vendor as u8 + 1))
        .text(0x0020_0010, "SH", "1")
        .text(0x0020_0011, "IS", "5")
        .text(0x0020_0012, "IS", (volume + 1).to_string())
        .text(
            0x0020_0013,
            "IS",
            (volume * SLICES as usize + index as usize + 1).to_string(),
        )
        .text(0x0020_0032, "DS", format!("-32\\-32\\{}", index * 4))
        .text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
        .text(0x0020_0052, "UI", format!("2.25.80{}", vendor as u8 + 1))
        .us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, SIDE)
        .us(0x0028_0011, SIDE)
        .text(0x0028_0030, "DS", "2\\2")
        .us(0x0028_0100, 16)
        .us(0x0028_0101, 12)
        .us(0x0028_0102, 11)
        .us(0x0028_0103, 0)
        .text(0x0028_0301, "CS", "NO")
        .bytes(0x7FE0_0010, "OW", pixels);
    diffusion(&mut set, vendor, at);
    set
}

fn clean(input: &Path, dir: &Path) -> PathBuf {
    let ready = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("../protocol/ready");
    let protocol = ready.join("research-longitudinal.toml");
    let out = dir.join("out");
    let done = Command::new(env!("CARGO_BIN_EXE_cordon"))
        .args(["clean", "--json", "--protocol"])
        .arg(&protocol)
        .arg("--out")
        .arg(&out)
        .arg(input)
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .output()
        .expect("cordon starts");
    assert!(
        matches!(done.status.code(), Some(0 | 3)),
        "cordon clean: {:?}: {}",
        done.status.code(),
        String::from_utf8_lossy(&done.stderr)
    );
    out
}

/// What `dcm2niix` wrote: tables and the timing of slices, without the names of the files.
#[derive(Debug, Default, PartialEq)]
struct Converted {
    images: usize,
    b_values: Vec<String>,
    directions: Vec<String>,
    slice_timing: Vec<Value>,
}

fn convert(input: &Path, dir: &Path) -> Converted {
    fs::create_dir_all(dir).expect("folder");
    let done = Command::new("dcm2niix")
        .args(["-b", "y", "-ba", "n", "-z", "n", "-f", "%s_%p_%r", "-o"])
        .arg(dir)
        .arg(input)
        .output()
        .expect("dcm2niix starts: apt-get install dcm2niix");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).expect("folder") {
        let path = entry.expect("entry").path();
        let name = path
            .file_name()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        found.insert(name, path);
    }
    let mut converted = Converted::default();
    for (name, path) in &found {
        let text = || fs::read_to_string(path).expect("text");
        if name.ends_with(".nii") {
            converted.images += 1;
        } else if name.ends_with(".bval") {
            converted.b_values.push(text());
        } else if name.ends_with(".bvec") {
            converted.directions.push(text());
        } else if name.ends_with(".json") {
            let json: Value = serde_json::from_str(&text()).expect("json");
            converted.slice_timing.push(json["SliceTiming"].clone());
        }
    }
    assert!(
        converted.images > 0,
        "dcm2niix converted nothing: {}",
        String::from_utf8_lossy(&done.stdout)
    );
    converted
}

fn before_and_after(input: &Path) -> (Converted, Converted) {
    let dir = tempfile::tempdir().expect("dir");
    let out = clean(input, dir.path());
    let before = convert(input, &dir.path().join("before"));
    let after = convert(&out, &dir.path().join("after"));
    (before, after)
}

#[test]
fn the_b_value_table_survives() {
    for vendor in [Vendor::Siemens, Vendor::Ge, Vendor::Philips] {
        let dir = tempfile::tempdir().expect("dir");
        for volume in 0..VOLUMES.len() {
            for index in 0..SLICES {
                let file = slice(vendor, volume, index).file(Charset::Latin1);
                fs::write(dir.path().join(format!("{volume}-{index}.dcm")), file).expect("write");
            }
        }
        let (before, after) = before_and_after(dir.path());
        let table: Vec<f64> = before
            .b_values
            .concat()
            .split_whitespace()
            .map(|b| b.parse().expect("number"))
            .collect();
        assert_eq!(
            table,
            [0.0, 1000.0, 1000.0, 2000.0],
            "the test's own series"
        );
        assert_eq!(before.b_values, after.b_values);
        assert_eq!(before.slice_timing, after.slice_timing);
        assert!(!before.directions.is_empty());
        assert_eq!(before.directions, after.directions);
    }
}

#[test]
fn real_series_convert_to_the_same_number_of_volumes_with_the_same_timing() {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    for series in [
        "fruit_mr_coded",
        "head_mr_t1_sagittal",
        "head_ct_tilt",
        "skull_phantom_ct",
    ] {
        let input = root.join("series").join(series);
        if !input.is_dir() {
            println!("{series} is not on this machine");
            continue;
        }
        let (before, after) = before_and_after(&input);
        assert_eq!(before.images, after.images, "{series}");
        assert_eq!(before.b_values, after.b_values, "{series}");
        assert_eq!(before.slice_timing, after.slice_timing, "{series}");
    }
}
