//! Real series: what the stacks of the shared test data must come out as.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stderr)]

use std::path::PathBuf;

use cordon_volumes::{SliceGeometry, Stack, group};

/// A folder of the shared test data: `$CORDON_TESTDATA`, or `shared/testdata` beside the project.
fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || {
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/testdata")
        },
        PathBuf::from,
    );
    let path = root.join(name);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CORDON_TESTDATA").is_none(),
        "CORDON_TESTDATA is set, but {name} is not in it"
    );
    eprintln!("NOT TESTED: {name} is absent; set CORDON_TESTDATA to the shared test data");
    None
}

fn stacks(name: &str) -> Option<Vec<Stack>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder(name)?)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut slices = Vec::new();
    for path in paths {
        let bytes = std::fs::read(path).unwrap();
        let Ok(file) = cordon_dicom::read(&bytes) else {
            continue;
        };
        slices.extend(SliceGeometry::frames(&file.data));
    }
    Some(group(&slices))
}

#[test]
fn a_tilted_head_with_uneven_steps() {
    let Some(stacks) = stacks("series/head_ct_tilt") else {
        return;
    };
    assert_eq!(stacks.len(), 1);
    let stack = &stacks[0];
    assert_eq!(stack.slices.len(), 28);
    assert!((stack.tilt - 18.5).abs() < 0.01, "{}", stack.tilt);
    let near = |steps: &[f64], to: f64| steps.iter().all(|s| (s - to).abs() < 0.01);
    assert!(near(&stack.steps[..13], 4.00), "{:?}", stack.steps);
    assert!(near(&stack.steps[13..14], 1.08), "{:?}", stack.steps);
    assert!(near(&stack.steps[14..], 7.00), "{:?}", stack.steps);
    assert_eq!(stack.steps.len(), 27);
    assert!(!stack.uniform && stack.duplicates.is_empty() && stack.gaps.is_empty());
    assert_eq!(stack.describe(), "512 × 512 × 28, 0.5 × 0.5 × 4.0 mm");
}

#[test]
fn a_sagittal_head_is_one_even_volume() {
    let Some(stacks) = stacks("series/head_mr_t1_sagittal") else {
        return;
    };
    assert_eq!(stacks.len(), 1);
    let stack = &stacks[0];
    assert_eq!(stack.slices.len(), 160);
    assert!(stack.uniform, "{:?}", stack.steps);
    assert!(stack.tilt < 0.05 && stack.gaps.is_empty());
}

#[test]
fn a_phantom_of_28_slices_of_5_mm() {
    let Some(stacks) = stacks("series/skull_phantom_ct") else {
        return;
    };
    let stack = stacks.iter().max_by_key(|s| s.slices.len()).unwrap();
    assert_eq!(stack.slices.len(), 28);
    assert!((stack.step.unwrap() - 5.0).abs() < 0.01, "{:?}", stack.step);
    assert!(stack.duplicates.is_empty());
}

#[test]
fn a_coded_fruit_is_one_volume() {
    let Some(stacks) = stacks("series/fruit_mr_coded/In") else {
        return;
    };
    let total: usize = stacks.iter().map(|s| s.slices.len()).sum();
    assert_eq!(total, 196);
    assert!(stacks.iter().all(|s| s.duplicates.is_empty()));
}

#[test]
fn frames_of_a_multi_frame_object_have_places_of_their_own() {
    let Some(stacks) = stacks("series/dcmqi/segmentations/23x38x3/multiframe") else {
        return;
    };
    let stack = stacks.iter().max_by_key(|s| s.slices.len()).unwrap();
    assert!(
        stack.step.is_some() && stack.duplicates.is_empty(),
        "{stack:?}"
    );
}
