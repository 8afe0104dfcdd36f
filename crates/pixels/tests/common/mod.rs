//! The shared test data, which lie outside the project and may be absent.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stderr, dead_code)]

use std::path::PathBuf;

use cordon_pixels::Frame;

/// A folder of the shared test data: `$CORDON_TESTDATA`, or `shared/testdata` beside the project.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CORDON_TESTDATA").is_none(),
        "CORDON_TESTDATA is set, but {name} is not in it"
    );
    eprintln!("NOT TESTED: {name} is absent; set CORDON_TESTDATA to the shared test data");
    None
}

/// The bytes of a file in `syntaxes`.
pub(crate) fn syntax_file(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(folder("syntaxes")?.join(name)).unwrap())
}

/// The first frame of a file in `syntaxes`.
pub(crate) fn first_frame(name: &str) -> Option<Frame> {
    let bytes = syntax_file(name)?;
    let file = cordon_dicom::read(&bytes).unwrap();
    Some(cordon_pixels::frame(&file, 0).unwrap())
}

/// All DICOM files under a folder, at any depth.
pub(crate) fn files(root: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![root];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
