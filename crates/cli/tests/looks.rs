//! `cordon clean` and the pixels: what the header leaves open is looked at, in real files.
#![allow(clippy::expect_used, clippy::print_stderr)] // a test may end in a panic, and say why it is skipped

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use cordon_dicom::{DataSet, Value as Element, read, tag, tags};
use cordon_protocol::Tag;
use cordon_synth::{Charset, Set};
use cordon_volumes::SliceGeometry;
use serde_json::Value;

fn testdata() -> PathBuf {
    std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    )
}

fn clean(input: &Path, out: &Path, more: &[&str]) -> Value {
    let done = Command::new(env!("CARGO_BIN_EXE_cordon"))
        .arg("clean")
        .arg(input)
        .arg("--out")
        .arg(out)
        .arg("--json")
        .args(more)
        .env("XDG_CONFIG_HOME", out.join("config"))
        .output()
        .expect("cordon starts");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(0), "{said}");
    let report = std::fs::read(out.join("report.json")).expect("report");
    serde_json::from_slice(&report).expect("json")
}

/// How often each code stands in a report.
fn codes(report: &Value) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for line in report["inputs"].as_array().expect("inputs") {
        for finding in line["findings"].as_array().expect("findings") {
            let code = finding["code"].as_str().expect("code");
            *found.entry(code.to_owned()).or_default() += 1;
        }
    }
    found
}

fn pixels(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("file");
    let file = read(&bytes).expect("DICOM");
    let at = file.data.get(tag(tags::PIXEL_DATA)).expect("pixels");
    match &at.value {
        Element::Bytes(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    }
}

#[test]
fn a_head_loses_its_face_and_nothing_else_changes() {
    let input = testdata().join("series/head_ct_tilt");
    if !input.is_dir() {
        eprintln!("no test data: {}", input.display());
        return;
    }
    let dir = tempfile::tempdir().expect("dir");
    let before = clean(&input, &dir.path().join("plain"), &["--headers-only"]);
    let after = clean(&input, &dir.path().join("looked"), &[]);
    let all = before["inputs"].as_array().expect("inputs").len();
    // Without a look nobody knows; with one somebody does, or says that it is not sure.
    assert_eq!(codes(&before).get("head"), Some(&all));
    assert_eq!(codes(&after).get("head"), None);
    let (mut changed, mut whole) = (0usize, 0usize);
    for line in after["inputs"].as_array().expect("inputs") {
        let place = line["output"].as_str().expect("output");
        let looked = pixels(&dir.path().join("looked").join(place));
        let same = before["inputs"].as_array().expect("inputs");
        let same = same.iter().find(|l| l["input"] == line["input"]);
        let place = same.expect("same")["output"].as_str().expect("output");
        let plain = pixels(&dir.path().join("plain").join(place));
        assert_eq!(looked.len(), plain.len());
        // Two bytes a sample.
        let pairs = looked.chunks(2).zip(plain.chunks(2));
        changed += pairs.filter(|(a, b)| a != b).count();
        whole += looked.len() / 2;
    }
    assert!(changed > 0, "something came off");
    assert!(changed * 4 < whole, "{changed} of {whole} samples changed");
}

/// A copy of a file that says it is another object of another series.
fn copied(from: &Path, to: &Path) {
    let mut bytes = std::fs::read(from).expect("file");
    let uids: Vec<Vec<u8>> = {
        let file = read(&bytes).expect("DICOM");
        [tags::SERIES_INSTANCE_UID, tags::SOP_INSTANCE_UID]
            .map(|t| file.data.ascii(tag(t)).expect("UID").as_bytes().to_vec())
            .to_vec()
    };
    for uid in uids {
        let places: Vec<usize> = bytes
            .windows(uid.len())
            .enumerate()
            .filter(|(_, w)| *w == uid)
            .map(|(i, _)| i + uid.len() - 1)
            .collect();
        for at in places {
            bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        }
    }
    std::fs::write(to, bytes).expect("copy");
}

/// How many contours [`structures`] draws.
const ROWS: usize = 60;

/// A structure set with a line of points for each of some rows of a slice.
fn structures(slice: &Path) -> Vec<u8> {
    let bytes = std::fs::read(slice).expect("file");
    let file = read(&bytes).expect("DICOM");
    let text = |t| file.data.ascii(tag(t)).unwrap_or_default().to_owned();
    let place = SliceGeometry::of(&file.data);
    let (position, spacing) = (place.position.expect("place"), place.spacing.expect("mm"));
    let [along, down] = place.orientation.expect("directions");
    let (rows, columns) = (f64::from(place.rows), f64::from(place.columns));
    let contour = |row: usize| {
        let v = rows * (row as f64 + 0.5) / ROWS as f64 * spacing[0];
        let points: Vec<String> = (0..3)
            .map(|n| {
                // From the left to the right through the middle.
                let u = columns * (0.45 + 0.05 * f64::from(n)) * spacing[1];
                let p = [0, 1, 2].map(|a: usize| position[a] + along[a] * u + down[a] * v);
                format!("{:.2}\\{:.2}\\{:.2}", p[0], p[1], p[2])
            })
            .collect();
        let mut item = Set::new();
        item.text(0x3006_0042, "CS", "CLOSED_PLANAR")
            .text(0x3006_0046, "IS", "3")
            .text(0x3006_0050, "DS", points.join("\\"));
        item
    };
    let mut roi = Set::new();
    roi.items(0x3006_0040, (0..ROWS).map(contour).collect());
    let mut set = Set::new();
    set.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
        .text(0x0008_0018, "UI", "1.2.3.4.5.7")
        .text(0x0008_0060, "CS", "RTSTRUCT")
        .text(0x0010_0020, "LO", text(tags::PATIENT_ID))
        .text(0x0020_000D, "UI", text(tags::STUDY_INSTANCE_UID))
        .text(0x0020_000E, "UI", "1.2.3.4.3")
        .text(0x0020_0052, "UI", text(tags::FRAME_OF_REFERENCE_UID))
        .items(0x3006_0039, vec![roi]);
    set.file(Charset::Utf8)
}

/// How many contours are left in a structure set.
fn contours(path: &Path) -> usize {
    let bytes = std::fs::read(path).expect("file");
    let file = read(&bytes).expect("DICOM");
    let rois = file.data.get(Tag(0x3006_0039)).and_then(|e| e.items());
    let of = |roi: &DataSet<'_>| {
        let all = roi.get(Tag(0x3006_0040)).and_then(|e| e.items());
        all.map_or(0, <[_]>::len)
    };
    rois.expect("structures").iter().map(of).sum()
}

#[test]
fn localizer_and_contours_lose_what_their_study_loses() {
    let head = testdata().join("series/head_ct_tilt");
    if !head.is_dir() {
        eprintln!("no test data: {}", head.display());
        return;
    }
    let dir = tempfile::tempdir().expect("dir");
    let input = dir.path().join("study");
    std::fs::create_dir(&input).expect("folder");
    let mut slices: Vec<PathBuf> = std::fs::read_dir(&head)
        .expect("folder")
        .map(|f| f.expect("file").path())
        .collect();
    slices.sort();
    for (n, slice) in slices.iter().enumerate() {
        std::fs::copy(slice, input.join(format!("a{n}.dcm"))).expect("copy");
    }
    // Two slices by themselves, low in the head: nobody knows a head by them.
    let chosen = [3, 5];
    for n in chosen {
        copied(&slices[n], &input.join(format!("b{n}.dcm")));
    }
    // And a structure set whose contours go all over a slice.
    std::fs::write(input.join("c.dcm"), structures(&slices[5])).expect("structures");
    let plain = clean(&input, &dir.path().join("plain"), &["--headers-only"]);
    let looked = clean(&input, &dir.path().join("looked"), &[]);
    let of = |report: &Value, folder: &str, name: &str| {
        let all = report["inputs"].as_array().expect("inputs");
        let line = all
            .iter()
            .find(|l| l["input"].as_str().is_some_and(|i| i.ends_with(name)));
        let line = line.expect("line");
        // Nobody has judged it: it waits for a person.
        assert_eq!(line["verdict"], "held");
        let place = line["output"].as_str().expect("output");
        dir.path().join(folder).join(place)
    };
    let (before, after) = (of(&plain, "plain", "c.dcm"), of(&looked, "looked", "c.dcm"));
    let (before, after) = (contours(&before), contours(&after));
    assert_eq!(before, ROWS);
    assert!(after < before * 97 / 100 && after > before / 3, "{after}");
    let changed = |name: &str| {
        let before = pixels(&of(&plain, "plain", name));
        let after = pixels(&of(&looked, "looked", name));
        let pairs = before.chunks(2).zip(after.chunks(2));
        let changed: Vec<usize> = pairs
            .enumerate()
            .filter_map(|(i, (a, b))| (a != b).then_some(i))
            .collect();
        changed
    };
    let mut all = 0;
    for n in chosen {
        let (mine, theirs) = (changed(&format!("b{n}.dcm")), changed(&format!("a{n}.dcm")));
        // Air that was air already may or may not have changed its number.
        let both = mine
            .iter()
            .filter(|i| theirs.binary_search(i).is_ok())
            .count();
        assert!(both * 100 >= mine.len() * 97, "{both} of {}", mine.len());
        assert!(
            both * 100 >= theirs.len() * 97,
            "{both} of {}",
            theirs.len()
        );
        all += both;
    }
    assert!(all > 1000, "{all}");
}
