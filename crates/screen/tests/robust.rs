//! Whatever comes: a report each time, never a panic.

use cordon_dicom::{Syntax, Vr, Writer, file_meta, read, tag, tags};
use cordon_protocol::{Code, Protocol, Verdict};
use cordon_screen::metrics::{Regions, measure};
use cordon_screen::model::{judge, trained};
use cordon_screen::{Screened, Screener, SliceFacts, Volume, duplicates};
use proptest::prelude::*;

const SIDE: u16 = 40;

/// One CT slice of a disk with noise.
struct Slice {
    number: usize,
    position: [f64; 3],
    orientation: [f64; 6],
    slope: &'static str,
    constant: bool,
}

impl Slice {
    fn at(number: usize, z: f64) -> Self {
        Self {
            number,
            position: [-20.0, -20.0, z],
            orientation: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            slope: "1",
            constant: false,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let uid = format!("2.25.{}", 1000 + self.number);
        let class = "1.2.840.10008.5.1.4.1.1.2";
        let mut writer = Writer::new(
            file_meta(class, &uid, "1.2.840.10008.1.2.1"),
            &Syntax::explicit_le(),
        );
        let join = |list: &[f64]| {
            let list: Vec<String> = list.iter().map(|v| format!("{v:.4}")).collect();
            list.join("\\")
        };
        let mut text = |t, vr, value: &str| {
            let mut value = value.to_owned();
            if value.len() % 2 == 1 {
                value.push(if vr == Vr::UI { '\0' } else { ' ' });
            }
            writer.bytes(tag(t), vr, value.as_bytes());
        };
        text(tags::IMAGE_TYPE, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL");
        text(tags::SOP_CLASS_UID, Vr::UI, class);
        text(tags::SOP_INSTANCE_UID, Vr::UI, &uid);
        text(tags::MODALITY, Vr::CS, "CT");
        text(tags::SLICE_THICKNESS, Vr::DS, "2");
        text(tags::STUDY_INSTANCE_UID, Vr::UI, "2.25.1");
        text(tags::SERIES_INSTANCE_UID, Vr::UI, "2.25.2");
        text(
            tags::INSTANCE_NUMBER,
            Vr::IS,
            &(self.number + 1).to_string(),
        );
        text(tags::IMAGE_POSITION_PATIENT, Vr::DS, &join(&self.position));
        text(
            tags::IMAGE_ORIENTATION_PATIENT,
            Vr::DS,
            &join(&self.orientation),
        );
        let mut short = |t, v: u16| writer.bytes(tag(t), Vr::US, &v.to_le_bytes());
        short(tags::SAMPLES_PER_PIXEL, 1);
        writer.bytes(
            tag(tags::PHOTOMETRIC_INTERPRETATION),
            Vr::CS,
            b"MONOCHROME2 ",
        );
        let mut short = |t, v: u16| writer.bytes(tag(t), Vr::US, &v.to_le_bytes());
        short(tags::ROWS, SIDE);
        short(tags::COLUMNS, SIDE);
        writer.bytes(tag(tags::PIXEL_SPACING), Vr::DS, b"1\\1 ");
        let mut short = |t, v: u16| writer.bytes(tag(t), Vr::US, &v.to_le_bytes());
        short(tags::BITS_ALLOCATED, 16);
        short(tags::BITS_STORED, 12);
        short(tags::HIGH_BIT, 11);
        short(tags::PIXEL_REPRESENTATION, 0);
        writer.bytes(tag(tags::RESCALE_INTERCEPT), Vr::DS, b"-1024 ");
        let slope = if self.slope.len() % 2 == 1 {
            format!("{} ", self.slope)
        } else {
            self.slope.to_owned()
        };
        writer.bytes(tag(tags::RESCALE_SLOPE), Vr::DS, slope.as_bytes());
        let mut random = cordon_screen::synthetic::Random::new(self.number as u64);
        let pixels: Vec<u8> = (0..usize::from(SIDE).pow(2))
            .flat_map(|i| {
                let (x, y) = (i as f64 % 40.0 - 19.5, (i / 40) as f64 - 19.5);
                let level = if x.hypot(y) < 14.0 { 1064.0 } else { 34.0 };
                let value = if self.constant {
                    7.0
                } else {
                    level + 8.0 * random.normal()
                };
                let [a, b, ..] = (value.clamp(0.0, 4000.0) as i32).to_le_bytes();
                [a, b]
            })
            .collect();
        writer.bytes(tag(tags::PIXEL_DATA), Vr::OW, &pixels);
        writer.into_bytes()
    }
}

fn screen(files: &[Vec<u8>]) -> Screened {
    let slices: Vec<SliceFacts> = files
        .iter()
        .enumerate()
        .filter_map(|(i, bytes)| Some(SliceFacts::of(&read(bytes).ok()?.data, i)))
        .flatten()
        .collect();
    let mut load = |i: usize, buffer: &mut Vec<u8>| {
        files.get(i).is_some_and(|bytes| {
            buffer.extend_from_slice(bytes);
            true
        })
    };
    Screener::new(&Protocol::basic()).screen(1, &slices, &mut load)
}

fn codes(screened: &Screened) -> Vec<Code> {
    screened.report.findings.iter().map(|f| f.code).collect()
}

fn stack(n: usize, change: impl Fn(&mut Slice)) -> Vec<Vec<u8>> {
    (0..n)
        .map(|i| {
            let mut slice = Slice::at(i, 2.0 * i as f64);
            change(&mut slice);
            slice.bytes()
        })
        .collect()
}

#[test]
fn a_whole_series_is_measured_and_has_no_rule_broken() {
    let screened = screen(&stack(12, |_| {}));
    let codes = codes(&screened);
    assert!(
        codes.iter().all(|c| c.as_str().starts_with("image-")),
        "{codes:?}"
    );
    assert_eq!(screened.report.measured_slices, 12);
    let noise = screened.report.metrics["noise_hu"].value;
    assert!((noise - 8.0).abs() < 1.0, "{noise}");
    // The report travels: none of it is a UID or a digest.
    let text = serde_json::to_string(&screened.report).expect("json");
    assert!(!text.contains("2.25."), "{text}");
}

#[test]
fn one_slice_and_a_thousand_have_a_verdict() {
    assert!(codes(&screen(&stack(1, |_| {}))).contains(&Code::SeriesSingle));
    let many = screen(&stack(1000, |_| {}));
    assert_eq!(many.report.slices, 1000);
    assert_eq!(many.report.measured_slices, 1000);
    assert_ne!(many.report.verdict, Verdict::Refused);
    assert_eq!(screen(&[]).report.slices, 0);
}

#[test]
fn constant_volumes_are_refused_and_blank_slices_held() {
    let screened = screen(&stack(8, |s| s.constant = true));
    assert!(codes(&screened).contains(&Code::ImageEmpty));
    assert_eq!(screened.report.verdict, Verdict::Refused);
    let some = screen(&stack(8, |s| s.constant = s.number == 3));
    assert!(codes(&some).contains(&Code::ImageBlank));
}

#[test]
fn slopes_that_are_no_numbers_are_noticed() {
    for slope in ["NaN", "inf", "abc", "0", "-1E400", "", "1E-300"] {
        let screened = screen(&stack(6, |s| s.slope = slope));
        assert!(
            codes(&screened).contains(&Code::SeriesBadRescale),
            "{slope}: {:?}",
            codes(&screened)
        );
        assert_eq!(screened.report.verdict, Verdict::Held);
    }
}

#[test]
fn files_that_cannot_be_had_or_are_cut_are_named() {
    let files = stack(8, |_| {});
    let slices: Vec<SliceFacts> = files
        .iter()
        .enumerate()
        .flat_map(|(i, b)| SliceFacts::of(&read(b).expect("file").data, i))
        .collect();
    let screener = Screener::new(&Protocol::basic());
    let gone = screener.screen(1, &slices, &mut |_, _| false);
    assert!(codes(&gone).contains(&Code::UnreadableFile));
    assert_eq!(gone.report.verdict, Verdict::Refused);
    let mut half = |i: usize, buffer: &mut Vec<u8>| {
        let bytes = &files[i];
        buffer.extend_from_slice(&bytes[..bytes.len() - if i == 2 { 500 } else { 0 }]);
        true
    };
    let cut = screener.screen(1, &slices, &mut half);
    assert_eq!(cut.report.verdict, Verdict::Refused);
    assert_eq!(cut.report.measured_slices, 7);
}

#[test]
fn a_copy_under_other_names_is_found() {
    let one = screen(&stack(8, |_| {}));
    let other = screen(&stack(8, |s| s.position[2] += 40.0));
    let contents = [one.content, other.content];
    let mut reports = [one.report, other.report];
    reports[1].series = 2;
    duplicates::report(&contents, &Protocol::basic().quality, &mut reports);
    for report in &reports {
        assert!(
            report
                .findings
                .iter()
                .any(|f| f.code == Code::SeriesSameContent)
        );
        assert_eq!(report.verdict, Verdict::Held);
    }
}

/// The same volume with axes swapped or turned round.
fn turned(volume: &Volume, order: [usize; 3], flip: [bool; 3]) -> Volume {
    let size = order.map(|a| volume.size[a]);
    let mut values = Vec::new();
    for z in 0..size[2] {
        for y in 0..size[1] {
            for x in 0..size[0] {
                let mut at = [0; 3];
                for (new, (&axis, place)) in order.iter().zip([x, y, z]).enumerate() {
                    at[axis] = if flip[new] {
                        size[new] - 1 - place
                    } else {
                        place
                    };
                }
                let i = (at[2] * volume.size[1] + at[1]) * volume.size[0] + at[0];
                values.push(volume.values[i]);
            }
        }
    }
    Volume::new(
        size,
        order.map(|a| volume.spacing[a]),
        values,
        &volume.modality,
    )
}

#[test]
fn turning_a_volume_keeps_what_does_not_depend_on_direction() {
    use cordon_screen::synthetic::{Random, Settings, body};
    let volume = body(&Settings::TRAINING, "MR", &mut Random::new(3));
    let all = |v: &Volume| measure(v, &Regions::of(v));
    let straight = all(&volume);
    // 180 degrees, reflections, rows for columns.
    for (order, flip) in [
        ([0, 1, 2], [true, true, false]),
        ([0, 1, 2], [true, false, false]),
        ([0, 1, 2], [false, false, true]),
        ([1, 0, 2], [false, false, false]),
    ] {
        let other = all(&turned(&volume, order, flip));
        for name in [
            "noise_air",
            "snrd",
            "efc",
            "sharpness",
            "cjv_classes",
            "edge_share",
        ] {
            let (a, b) = (straight[name].value, other[name].value);
            assert!(
                (a - b).abs() <= 0.02 * a.abs() + 1e-9,
                "{name}: {a} and {b}"
            );
        }
    }
    // Slices for rows: another image, but a verdict.
    let weights = trained().expect("weights");
    let across = turned(&volume, [2, 0, 1], [false; 3]);
    let _ = (all(&across), judge(&weights, &across));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_volume_makes_it_panic(
        size in [0_usize..40, 0_usize..40, 0_usize..9],
        kind in 0..6,
        seed in any::<u64>(),
        ct in any::<bool>(),
    ) {
        let mut random = cordon_screen::synthetic::Random::new(seed);
        let n = size.iter().product();
        let values: Vec<f32> = (0..n).map(|_| match kind {
            0 => 0.0,
            1 => f32::NAN,
            2 => f32::from_bits(random.bits() as u32),
            3 => if random.unit() < 0.5 { f32::INFINITY } else { -1000.0 },
            4 => f32::MAX * random.sign() as f32,
            _ => (500.0 * random.normal()) as f32,
        }).collect();
        let volume = Volume::new(size, [f64::NAN, 0.0, 1e300], values, if ct { "CT" } else { "MR" });
        let regions = Regions::of(&volume);
        for (name, metric) in measure(&volume, &regions) {
            prop_assert!(metric.value.is_finite(), "{name}");
        }
        let weights = trained().expect("weights");
        for damage in judge(&weights, &volume) {
            prop_assert!((0.0..=1.0).contains(&damage.probability));
        }
        let _ = duplicates::VolumeHash::of(&volume);
    }

    #[test]
    fn no_geometry_makes_it_panic(
        places in prop::collection::vec(prop::array::uniform3(-1e6_f64..1e6), 1..6),
        orientation in prop::array::uniform6(-2.0_f64..2.0),
        turn in 0_usize..4,
    ) {
        let axes = [
            orientation,
            [-1.0, 0.0, 0.0, 0.0, -1.0, 0.0],
            [0.0, 1.0, 0.0, 0.0, 0.0, -1.0],
            [0.0, 0.0, 1.0, 1.0, 0.0, 0.0],
        ][turn];
        let files: Vec<Vec<u8>> = places.iter().enumerate().map(|(i, p)| {
            let mut slice = Slice::at(i, 0.0);
            slice.position = *p;
            slice.orientation = axes;
            slice.bytes()
        }).collect();
        let screened = screen(&files);
        prop_assert_eq!(screened.report.slices, files.len());
    }
}
