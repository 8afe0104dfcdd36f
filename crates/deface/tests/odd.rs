//! Odd scans get an answer, never a panic; a cut changes what lies inside it and nothing else.
#![allow(clippy::expect_used)] // a test may end in a panic

use cordon_deface::{
    Air, Cut, EDGE, Grid, Kind, LOOKS, Label, Search, Stack, Surface, Wishes, plan,
};
use cordon_pixels::{Frame, Photometric, Samples};
use cordon_volumes::SliceGeometry;
use proptest::prelude::*;

fn slice(z: f64, n: u32, value: f32) -> (SliceGeometry, Frame) {
    let geometry = SliceGeometry {
        rows: n,
        columns: n,
        position: Some([-60.0, -60.0, z]),
        orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        spacing: Some([120.0 / f64::from(n), 120.0 / f64::from(n)]),
        thickness: Some(3.0),
        ..SliceGeometry::default()
    };
    let frame = Frame {
        rows: n,
        columns: n,
        samples_per_pixel: 1,
        bits_stored: 32,
        photometric: Photometric::Monochrome2,
        samples: Samples::F32(vec![value; (n * n) as usize]),
    };
    (geometry, frame)
}

fn stack(count: usize, n: u32, value: f32) -> Stack {
    let mut stack = Stack::new();
    for k in 0..count {
        let (geometry, frame) = slice(3.0 * k as f64, n, value);
        stack
            .add(&geometry, &frame, &|v| v)
            .expect("it has a place");
    }
    stack
}

/// An answer as of a network that sees a face everywhere.
fn all_face() -> Vec<f32> {
    let cube = EDGE.pow(3);
    let mut answer = vec![0.0; Label::ALL.len() * cube];
    for value in &mut answer[Label::Face as usize * cube..(Label::Face as usize + 1) * cube] {
        *value = 1.0;
    }
    answer
}

#[test]
fn constant_empty_and_senseless_scans_pass_through_every_stage() {
    for value in [0.0, -1000.0, f32::NAN, f32::INFINITY, 1e30] {
        for count in [1, 2, 40] {
            let stack = stack(count, 16, value);
            for kind in [Kind::Hounsfield, Kind::Relative] {
                let mut search = Search::new(&stack, kind).expect("it has a place");
                for i in 0..search.len() {
                    assert!(search.cube(i, i % LOOKS).iter().all(|v| v.is_finite()));
                    search.absorb(i, i % LOOKS, &all_face());
                    search.absorb(i, i % LOOKS, &[f32::NAN]);
                }
                let parts = search.finish();
                let _ = plan(&parts, &stack, kind, Wishes::default(), 7);
                let _ = Surface::of(&stack, kind, None);
            }
        }
    }
    assert!(Search::new(&Stack::new(), Kind::Relative).is_none());
}

#[test]
fn a_thousand_slices_are_looked_at_from_the_top_down() {
    let stack = stack(1000, 8, 40.0);
    let search = Search::new(&stack, Kind::Hounsfield).expect("it has a place");
    assert!(search.len() > 10, "{}", search.len());
}

#[test]
fn a_slice_without_a_place_is_an_error() {
    let (geometry, frame) = slice(0.0, 8, 1.0);
    for broken in [
        SliceGeometry {
            position: None,
            ..geometry.clone()
        },
        SliceGeometry {
            orientation: None,
            ..geometry.clone()
        },
        SliceGeometry {
            spacing: None,
            ..geometry.clone()
        },
        SliceGeometry {
            spacing: Some([f64::NAN, 1.0]),
            ..geometry.clone()
        },
        SliceGeometry {
            position: Some([f64::INFINITY, 0.0, 0.0]),
            ..geometry.clone()
        },
    ] {
        assert!(Stack::new().add(&broken, &frame, &|v| v).is_err());
    }
}

proptest! {
    #[test]
    fn a_cut_changes_what_lies_inside_and_nothing_else(
        depth in proptest::collection::vec(-20i8..20, 64),
        keep in proptest::collection::vec(-20i8..20, 64),
    ) {
        let grid = Grid { origin: [-60.0, -60.0, -10.0], step: 40.0, size: [4, 4, 4] };
        let cut = Cut { grid, depth, keep };
        let (geometry, mut frame) = slice(3.0, 24, 500.0);
        let air = Air { level: -1000.0, noise: 0.0 };
        let changed = cut.apply(&geometry, &mut frame, air, &|v| v, 3);
        let mut inside = 0;
        for row in 0..24usize {
            for column in 0..24usize {
                let p = [-60.0 + 5.0 * column as f64, -60.0 + 5.0 * row as f64, 3.0];
                let value = frame.samples.value(row * 24 + column);
                if cut.inside(p) {
                    inside += 1;
                    prop_assert!(value < -999.0);
                } else {
                    prop_assert!((value - 500.0).abs() < 1e-6);
                }
            }
        }
        prop_assert_eq!(changed, inside);
    }
}
