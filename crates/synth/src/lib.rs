//! Small synthetic DICOM studies with made-up identities.
//!
//! The demonstration, the benchmark and many tests need studies that may be
//! shown to anybody and that still carry everything that must not leave: names
//! in several character sets, numbers, addresses, private blocks, names drawn
//! into the picture. Real studies cannot be shipped, so these are computed.
//!
//! The writer here is deliberately not the one of `cordon-dicom`: a reader and
//! a writer that share a mistake would agree with each other.
//!
//! The same seed gives the same bytes, on every machine.

mod dataset;
mod documents;
mod font;
mod images;
mod people;
mod phantom;
mod random;

#[cfg(not(target_arch = "wasm32"))]
use std::io;
#[cfg(not(target_arch = "wasm32"))]
use std::path::Path;

pub use dataset::{Charset, Set};
pub use font::Canvas;
pub use people::{PEOPLE, Person};

/// What a synthetic file is, by the verdict a reader may expect of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// CT of the abdomen: nothing in the picture identifies.
    CtAbdomen,
    /// MR of a knee.
    MrKnee,
    /// MR of a head, with a face.
    MrHead,
    /// Radiograph of a chest.
    CrChest,
    /// Ultrasound with the patient's name and number drawn into the picture.
    Ultrasound,
    /// Secondary capture of a screen, with the patient's name on it.
    SecondaryCapture,
    /// Basic Text SR that names the patient in its text.
    StructuredReport,
    /// Encapsulated PDF that names the patient on its page.
    Pdf,
    /// Something beside the images that is not DICOM.
    NotDicom,
}

/// One file of a synthetic folder.
#[derive(Debug, Clone)]
pub struct SynthFile {
    /// Where it stands in the folder, with `/` between the parts.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: Kind,
}

/// The demonstration set, one file after the other: five people, seven studies, about 17 MB.
pub fn demo(seed: u64) -> impl Iterator<Item = SynthFile> {
    let ids = move |patient: usize, study: u32| people::StudyIds::new(seed, patient, study);
    let ct = (0..36).map(move |i| images::ct_abdomen(&ids(0, 0), i, 36));
    let report = std::iter::once_with(move || documents::structured_report(&ids(0, 0)));
    let pdf = std::iter::once_with(move || documents::pdf(&ids(0, 0)));
    let knee = (0..20).map(move |i| images::mr_knee(&ids(1, 0), i, 20));
    let later = (0..20).map(move |i| images::mr_knee(&ids(1, 1), i, 20));
    let head = (0..32).map(move |i| images::mr_head(&ids(2, 0), i, 32));
    let chest = std::iter::once_with(move || images::cr_chest(&ids(3, 0)));
    let screen = std::iter::once_with(move || images::secondary_capture(&ids(3, 1)));
    let us = (0..3).map(move |i| images::ultrasound(&ids(4, 0), i));
    let note = std::iter::once_with(|| SynthFile {
        path: "README.txt".to_owned(),
        bytes: b"Exported from the archive. This file is not DICOM.\r\n".to_vec(),
        kind: Kind::NotDicom,
    });
    ct.chain(report)
        .chain(pdf)
        .chain(knee)
        .chain(later)
        .chain(head)
        .chain(chest)
        .chain(screen)
        .chain(us)
        .chain(note)
}

/// One file of each kind: what a test needs that wants all of them quickly.
pub fn one_of_each(seed: u64) -> impl Iterator<Item = SynthFile> {
    let mut seen = std::collections::BTreeSet::new();
    let ids = move |patient: usize, study: u32| people::StudyIds::new(seed, patient, study);
    let makers: Vec<SynthFile> = vec![
        images::ct_abdomen(&ids(0, 0), 18, 36),
        documents::structured_report(&ids(0, 0)),
        documents::pdf(&ids(0, 0)),
        images::mr_knee(&ids(1, 0), 10, 20),
        images::mr_head(&ids(2, 0), 16, 32),
        images::cr_chest(&ids(3, 0)),
        images::secondary_capture(&ids(3, 1)),
        images::ultrasound(&ids(4, 0), 0),
    ];
    makers.into_iter().filter(move |f| seen.insert(f.kind))
}

/// Slices for the benchmark: one MR series of the abdomen for each 580, about 180 KB a slice,
/// with noise like that of a scanner so that nothing along the way can compress it.
pub fn mr_slices(seed: u64, count: u32) -> impl Iterator<Item = SynthFile> {
    const SERIES: u32 = 580;
    (0..count).map(move |i| {
        let study = i / SERIES;
        let ids = people::StudyIds::new(seed, 1, 100 + study);
        images::mr_abdomen(&ids, i % SERIES, SERIES)
    })
}

/// Writes files below `dir`, which is made where it is missing. A tab has no file system.
///
/// # Errors
/// When a folder or file cannot be written.
#[cfg(not(target_arch = "wasm32"))]
pub fn write_to(dir: &Path, files: impl Iterator<Item = SynthFile>) -> io::Result<u64> {
    let mut written = 0;
    for file in files {
        let path = dir.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, &file.bytes)?;
        written += 1;
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_other_uids() {
        let a: Vec<_> = one_of_each(1).map(|f| f.bytes).collect();
        let b: Vec<_> = one_of_each(1).map(|f| f.bytes).collect();
        let c: Vec<_> = one_of_each(2).map(|f| f.bytes).collect();
        assert_eq!(a, b);
        assert!(a.iter().zip(&c).all(|(x, y)| x != y));
    }

    #[test]
    fn every_dicom_file_has_a_preamble_and_an_even_length() {
        let mut paths = std::collections::BTreeSet::new();
        let mut count = 0;
        for file in demo(1) {
            assert!(paths.insert(file.path.clone()), "{} twice", file.path);
            count += 1;
            if file.kind != Kind::NotDicom {
                assert_eq!(file.bytes.get(128..132), Some(b"DICM".as_slice()));
                assert_eq!(file.bytes.len() % 2, 0, "{}", file.path);
            }
        }
        assert_eq!(count, 116);
    }

    #[test]
    fn names_are_written_in_the_character_set_that_the_file_declares() {
        let find = |haystack: &[u8], needle: &[u8]| {
            haystack
                .windows(needle.len())
                .any(|window| window == needle)
        };
        let file = |kind| one_of_each(1).find(|f| f.kind == kind).expect("kind").bytes;
        assert!(find(&file(Kind::CtAbdomen), b"M\xFCller^J\xF6rg"));
        assert!(find(&file(Kind::MrKnee), "Nováková^Žofie".as_bytes()));
        assert!(find(&file(Kind::MrHead), b"=\x1B$B;3ED\x1B(B^"));
    }

    #[test]
    fn a_benchmark_slice_is_about_180_kilobytes() {
        let sizes: Vec<usize> = mr_slices(1, 3).map(|f| f.bytes.len()).collect();
        assert!(
            sizes.iter().all(|s| (180_000..190_000).contains(s)),
            "{sizes:?}"
        );
    }
}
