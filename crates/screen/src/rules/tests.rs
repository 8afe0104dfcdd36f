//! Each rule on the smallest series that shows it, and none of them on a clean one.

use cordon_protocol::{Amount, Code, Quality};
use cordon_volumes::SliceGeometry;

use super::{series, stacks};
use crate::facts::{BurnedIn, Side, SliceFacts};

fn slice(n: usize) -> SliceFacts {
    SliceFacts {
        file: n,
        geometry: SliceGeometry {
            instance_number: i32::try_from(n + 1).ok(),
            rows: 64,
            columns: 64,
            position: Some([-10.0, 5.0, n as f64 * 3.0]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            spacing: Some([0.7, 0.7]),
            thickness: Some(3.0),
            frame_of_reference: Some("1.2".to_owned()),
            ..SliceGeometry::default()
        },
        modality: "CT".to_owned(),
        sop_class: "1.2.840.10008.5.1.4.1.1.2".to_owned(),
        image_type: ["ORIGINAL", "PRIMARY", "AXIAL"].map(str::to_owned).into(),
        kernel: Some("B30F".to_owned()),
        tilt: Some(0.0),
        spacing_between: Some(3.0),
        patient_position: Some("HFS".to_owned()),
        patient_orientation: Some(["L", "P"].map(str::to_owned)),
        laterality: None,
        image_laterality: None,
        temporal_positions: None,
        images_in_acquisition: None,
        series_instances: None,
        number_of_slices: None,
        burned_in: BurnedIn::No,
        rescale: Some([1.0, -1024.0]),
        grey: true,
    }
}

fn clean() -> Vec<SliceFacts> {
    (0..12).map(slice).collect()
}

fn codes(slices: &[SliceFacts]) -> Vec<Code> {
    let stacks = stacks(slices);
    series(slices, &stacks, &Quality::default(), 0)
        .iter()
        .map(|n| n.code)
        .collect()
}

/// The codes of a clean series that this change makes.
fn after(change: impl Fn(usize, &mut SliceFacts)) -> Vec<Code> {
    let mut slices = clean();
    for (i, slice) in slices.iter_mut().enumerate() {
        change(i, slice);
    }
    codes(&slices)
}

fn moved(slice: &mut SliceFacts, z: f64) {
    slice.geometry.position = Some([-10.0, 5.0, z]);
}

#[test]
fn a_clean_series_has_no_findings() {
    assert_eq!(codes(&clean()), []);
    assert_eq!(codes(&[]), []);
    assert_eq!(codes(&clean()[..1]), [Code::SeriesSingle]);
}

#[test]
fn missing_duplicate_and_irregular_slices() {
    let mut slices = clean();
    slices.drain(5..7);
    assert_eq!(codes(&slices), [Code::SeriesNumbers, Code::SeriesMissing]);
    let twice = after(|i, s| moved(s, if i == 4 { 9.0 } else { i as f64 * 3.0 }));
    assert!(twice.contains(&Code::SeriesDuplicates), "{twice:?}");
    let uneven = after(|i, s| moved(s, i as f64 * 3.0 + if i % 3 == 0 { 0.4 } else { 0.0 }));
    assert_eq!(uneven, [Code::SeriesIrregular]);
    // As in a real head: 4 mm thirteen times, a short step, then 7 mm.
    let steps = |i: usize| {
        if i < 7 {
            i as f64 * 4.0
        } else {
            25.0 + (i - 7) as f64 * 7.0
        }
    };
    let real = after(|i, s| moved(s, steps(i)));
    assert!(real.contains(&Code::SeriesIrregular), "{real:?}");
    let mut slices = clean();
    for (i, s) in slices.iter_mut().enumerate() {
        s.geometry.instance_number = Some(if i > 5 { i as i32 + 5 } else { i as i32 });
    }
    assert_eq!(codes(&slices), [Code::SeriesNumbers]);
}

#[test]
fn echoes_and_time_points_are_no_duplicates_but_must_be_whole() {
    let mut slices = Vec::new();
    for time in 0..3_i64 {
        for n in 0..6 {
            let mut s = slice(n);
            s.file = slices.len();
            s.geometry.instance_number = i32::try_from(slices.len() + 1).ok();
            s.geometry.temporal = Some(time);
            s.temporal_positions = Some(3);
            slices.push(s);
        }
    }
    assert_eq!(codes(&slices), []);
    slices.pop();
    assert_eq!(codes(&slices), [Code::SeriesTemporal]);
    slices.retain(|s| s.geometry.temporal != Some(2));
    assert_eq!(codes(&slices), [Code::SeriesTemporal]);
}

#[test]
fn mixtures_are_named() {
    let last = |f: fn(&mut SliceFacts)| {
        after(move |i, s| {
            if i > 8 {
                f(s);
            }
        })
    };
    assert_eq!(
        last(|s| s.kernel = Some("B70F".to_owned())),
        [Code::SeriesMixedKernel]
    );
    assert!(last(|s| s.geometry.thickness = Some(5.0)).contains(&Code::SeriesMixedThickness));
    assert!(last(|s| s.geometry.spacing = Some([0.9; 2])).contains(&Code::SeriesMixedSpacing));
    assert!(last(|s| s.geometry.rows = 32).contains(&Code::SeriesMixedMatrix));
    assert!(
        last(|s| s.geometry.frame_of_reference = Some("1.3".to_owned()))
            .contains(&Code::SeriesMixedFrame)
    );
    assert!(last(|s| s.modality = "PT".to_owned()).contains(&Code::SeriesMixedModality));
    assert_eq!(
        last(|s| s.patient_position = Some("FFS".to_owned())),
        [Code::SeriesMixedPatientPosition]
    );
    assert_eq!(
        last(|s| s.rescale = Some([2.0, 0.0])),
        [Code::SeriesMixedRescale]
    );
    let scout = after(|i, s| {
        if i == 0 {
            s.geometry.orientation = Some([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]);
            s.patient_orientation = None;
            s.image_type = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
                .map(str::to_owned)
                .into();
            s.geometry.kind = "LOCALIZER".to_owned();
        }
    });
    assert!(scout.contains(&Code::SeriesLocalizer), "{scout:?}");
    assert!(scout.contains(&Code::SeriesMixedOrientation), "{scout:?}");
}

#[test]
fn promised_counts_are_held() {
    assert_eq!(after(|_, s| s.series_instances = Some(12)), []);
    assert_eq!(
        after(|_, s| s.series_instances = Some(13)),
        [Code::SeriesWrongCount]
    );
    assert_eq!(
        after(|_, s| s.images_in_acquisition = Some((Some(1), 20))),
        [Code::SeriesWrongCount]
    );
    let slices = clean();
    let few = series(&slices, &stacks(&slices), &Quality::default(), 20);
    assert_eq!(few[0].code, Code::SeriesTooFew);
    assert_eq!(few[0].slices, Some(12));
}

#[test]
fn kinds_of_images_are_named() {
    let kind = |values: [&str; 3]| {
        let values: Vec<String> = values.map(str::to_owned).into();
        after(move |_, s| s.image_type.clone_from(&values))
    };
    assert_eq!(kind(["DERIVED", "PRIMARY", "AXIAL"]), [Code::SeriesDerived]);
    assert_eq!(
        kind(["DERIVED", "SECONDARY", "DOSE_INFO"]),
        [
            Code::SeriesDerived,
            Code::SeriesSecondary,
            Code::SeriesScreen
        ]
    );
    assert_eq!(
        after(|_, s| s.burned_in = BurnedIn::Yes),
        [Code::SeriesBurnedIn]
    );
    assert_eq!(
        after(|_, s| s.sop_class = "1.2.840.10008.5.1.4.1.1.7".to_owned()),
        [Code::SeriesSecondary]
    );
}

#[test]
fn tilt_thickness_order_and_geometry() {
    let lean = |i: usize, s: &mut SliceFacts| {
        s.geometry.position = Some([-10.0, 5.0 + i as f64, i as f64 * 3.0]);
    };
    assert_eq!(
        after(lean),
        [Code::SeriesTilt, Code::SeriesTiltContradiction]
    );
    assert_eq!(
        after(|i, s| {
            lean(i, s);
            s.tilt = Some(-18.43);
        }),
        [Code::SeriesTilt]
    );
    assert_eq!(
        after(|_, s| s.geometry.thickness = Some(1.0)),
        [Code::SeriesUncovered]
    );
    assert_eq!(
        after(|_, s| s.geometry.thickness = Some(10.0)),
        [Code::SeriesThick, Code::SeriesOverlap]
    );
    assert_eq!(
        after(|_, s| s.spacing_between = Some(0.5)),
        [Code::SeriesSpacingContradiction]
    );
    assert_eq!(
        after(|i, s| s.geometry.instance_number = Some([2, 1][i % 2] + 2 * (i as i32 / 2))),
        [Code::SeriesOrderContradiction]
    );
    assert!(after(|_, s| s.geometry.position = None).contains(&Code::SeriesNoGeometry));
    let quality = Quality {
        max_thickness: Some(Amount(2.0)),
        ..Quality::default()
    };
    let slices = clean();
    let thick = series(&slices, &stacks(&slices), &quality, 0);
    assert_eq!(thick[0].code, Code::SeriesThick);
}

#[test]
fn left_right_and_rescale_contradictions() {
    assert_eq!(
        after(|_, s| s.patient_orientation = Some(["R", "P"].map(str::to_owned))),
        [Code::SeriesOrientationContradiction]
    );
    assert_eq!(
        after(|_, s| {
            s.laterality = Some(Side::Left);
            s.image_laterality = Some(Side::Right);
        }),
        [Code::SeriesLateralityContradiction]
    );
    assert_eq!(
        after(|i, s| s.laterality = Some(if i == 3 { Side::Left } else { Side::Right })),
        [Code::SeriesLateralityContradiction]
    );
    for bad in [Some([f64::NAN, 0.0]), Some([0.0, 0.0]), None] {
        assert!(after(|_, s| s.rescale = bad).contains(&Code::SeriesBadRescale));
    }
}
