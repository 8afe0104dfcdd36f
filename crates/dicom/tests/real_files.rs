//! Every real file is read whole or refused with a finding, never with a panic.

use std::path::{Path, PathBuf};

use cordon_dicom::{read, read_head, read_inflating};

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn testdata() -> PathBuf {
    std::env::var_os("CORDON_TESTDATA").map_or_else(
        // Asked when the test runs: build output is kept for clones in other places too.
        || {
            let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
            Path::new(&here).join("../../../shared/testdata")
        },
        PathBuf::from,
    )
}

#[test]
fn real_files_are_read_or_refused() {
    let mut all = Vec::new();
    files(&testdata(), &mut all);
    assert!(!all.is_empty(), "no test data: set CORDON_TESTDATA");
    let mut good = 0;
    for path in &all {
        let bytes = std::fs::read(path).expect("readable");
        let show = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let outcome = read_inflating(&bytes)
            .and_then(|b| read(&b).map(|f| (f.data.elements.len(), f.notes.len(), f.syntax.uid)));
        match outcome {
            Ok((n, notes, uid)) => {
                good += 1;
                if path.to_string_lossy().contains("malformed") {
                    println!("{show}: {n} elements, {notes} notes, {uid}");
                }
                if !uid.ends_with(".99") {
                    let head = read_head(&bytes, bytes.len() as u64).expect("head");
                    assert!(head.data.elements.len() <= n);
                }
            }
            Err(e) => println!("{show}: {}", e.finding().sentence()),
        }
    }
    assert!(good * 10 > all.len() * 9, "{good} of {}", all.len());
}

#[test]
fn a_prefix_asks_for_more_until_the_pixels_are_reached() {
    let mut all = Vec::new();
    files(&testdata().join("series/head_ct_tilt"), &mut all);
    let path = all.first().expect("test data");
    let bytes = std::fs::read(path).expect("readable");
    let mut n = 100;
    loop {
        match read_head(&bytes[..n], bytes.len() as u64) {
            Ok(head) => {
                assert!(head.pixels_at.is_some());
                break;
            }
            Err(cordon_dicom::ReadError::NeedMore(more)) => {
                assert!(more > n, "asks for no more than it has");
                n = more.min(bytes.len());
            }
            Err(e) => panic!("{e}"),
        }
    }
    assert!(n < bytes.len());
}
