//! Phantoms whose metrics are known.

use super::*;
use crate::synthetic::Random;

/// A disk of radius `r` pixels with value `inside`, `outside` elsewhere.
fn disk(n: usize, slices: usize, r: f64, inside: f32, outside: f32, modality: &str) -> Volume {
    let mut values = Vec::new();
    for _ in 0..slices {
        for y in 0..n {
            for x in 0..n {
                let middle = n as f64 / 2.0 - 0.5;
                let d = (x as f64 - middle).hypot(y as f64 - middle);
                values.push(if d < r { inside } else { outside });
            }
        }
    }
    Volume::new([n, n, slices], [1.0, 1.0, 2.0], values, modality)
}

fn rician(volume: &mut Volume, sigma: f64, seed: u64) {
    let mut random = Random::new(seed);
    for v in &mut volume.values {
        let real = f64::from(*v) + sigma * random.normal();
        *v = real.hypot(sigma * random.normal()) as f32;
    }
}

fn gauss(volume: &mut Volume, sigma: f64, seed: u64) {
    let mut random = Random::new(seed);
    for v in &mut volume.values {
        *v += (sigma * random.normal()) as f32;
    }
}

fn all(volume: &Volume) -> BTreeMap<&'static str, Metric> {
    measure(volume, &Regions::of(volume))
}

#[track_caller]
fn near(metrics: &BTreeMap<&'static str, Metric>, name: &str, wants: f64, slack: f64) {
    let got = metrics.get(name).unwrap_or_else(|| panic!("{name} absent"));
    assert!(
        (got.value - wants).abs() <= slack,
        "{name}: {} and not {wants}",
        got.value
    );
}

#[test]
fn noise_and_snr_of_a_magnitude_image() {
    let mut volume = disk(96, 6, 30.0, 500.0, 0.0, "MR");
    rician(&mut volume, 10.0, 1);
    let m = all(&volume);
    near(&m, "noise_air", 10.0, 0.5);
    near(&m, "snrd", 50.0, 2.5);
    near(&m, "snr_local", 50.0, 3.0);
    // (500² + …) ÷ the median of Rayleigh squared, 2 σ² ln 2.
    near(&m, "fber", 250_000.0 / (200.0 * 2_f64.ln()), 120.0);
}

#[test]
fn noise_of_ct_is_in_hounsfield_units() {
    let mut volume = disk(96, 6, 30.0, 40.0, -1000.0, "CT");
    gauss(&mut volume, 15.0, 2);
    let m = all(&volume);
    near(&m, "noise_hu", 15.0, 1.0);
    near(&m, "noise_air", 15.0, 1.0);
    near(&m, "air_hu", -1000.0, 1.0);
    near(&m, "metal_share", 0.0, 0.0);
    assert!(!m.contains_key("efc") && !m.contains_key("gsr_x"));
}

#[test]
fn air_that_the_scanner_filled_is_not_measured() {
    let mut volume = disk(96, 4, 25.0, 500.0, 0.0, "MR");
    rician(&mut volume, 8.0, 3);
    // Half of the background was set to zero, as a scanner's mask does.
    for (i, v) in volume.values.iter_mut().enumerate() {
        if i % 96 < 18 {
            *v = 0.0;
        }
    }
    near(&all(&volume), "noise_air", 8.0, 0.6);
    let mut volume = disk(96, 4, 25.0, 40.0, -1000.0, "CT");
    gauss(&mut volume, 12.0, 4);
    for (i, v) in volume.values.iter_mut().enumerate() {
        let (x, y) = ((i % 96) as f64 - 47.5, (i / 96 % 96) as f64 - 47.5);
        if x.hypot(y) > 47.0 {
            *v = -2048.0;
        }
    }
    let m = all(&volume);
    near(&m, "noise_air", 12.0, 1.0);
    near(&m, "air_hu", -1000.0, 2.0);
}

#[test]
fn entropy_of_an_even_image_is_one_and_of_a_point_zero() {
    let even = Volume::new([16, 16, 2], [1.0; 3], vec![7.0; 512], "MR");
    assert!((efc(&even).expect("value") - 1.0).abs() < 1e-9);
    let mut point = vec![0.0; 512];
    point[40] = 9.0;
    let point = Volume::new([16, 16, 2], [1.0; 3], point, "MR");
    assert!(efc(&point).expect("value").abs() < 1e-9);
}

#[test]
fn two_classes_have_known_contrast() {
    let mut volume = disk(96, 6, 40.0, 300.0, 0.0, "MR");
    let inner = disk(96, 6, 25.0, 200.0, 0.0, "MR");
    for (v, w) in volume.values.iter_mut().zip(&inner.values) {
        *v += w;
    }
    rician(&mut volume, 10.0, 5);
    let m = all(&volume);
    near(&m, "cjv_classes", 20.0 / 200.0, 0.01);
    near(&m, "cnr_classes", 200.0 / 300_f64.sqrt(), 1.2);
}

#[test]
fn sharpness_is_that_of_steps_and_ramps() {
    let wide = |w: f32| {
        let values = (0..64 * 64 * 2).map(|i| ((i % 64) as f32 - 30.0).clamp(0.0, w) / w);
        Volume::new([64, 64, 2], [1.0; 3], values.collect(), "MR")
    };
    assert!((sharpness(&wide(1.0)).expect("value") - 0.5).abs() < 1e-6);
    assert!((sharpness(&wide(8.0)).expect("value") - 0.125).abs() < 1e-6);
}

#[test]
fn a_ghost_at_half_the_field_of_view_has_its_share() {
    let mut volume = disk(128, 4, 20.0, 500.0, 0.0, "MR");
    let clean = volume.clone();
    for (i, v) in volume.values.iter_mut().enumerate() {
        let (x, y) = (i % 128, i / 128 % 128);
        let from = (i / (128 * 128)) * 128 * 128 + (y + 64) % 128 * 128 + x;
        *v += 0.1 * clean.values[from];
    }
    rician(&mut volume, 2.0, 6);
    let m = all(&volume);
    near(&m, "gsr_y", 0.1, 0.012);
    near(&m, "gsr_x", 0.0, 0.012);
}

#[test]
fn clipping_metal_jumps_and_edges_are_shares() {
    let mut volume = disk(64, 10, 20.0, 40.0, -1000.0, "CT");
    gauss(&mut volume, 5.0, 7);
    let body = (0..64 * 64).filter(|i| disk(64, 1, 20.0, 1.0, 0.0, "CT").values[*i] > 0.5);
    let per_slice = body.count() as f64;
    for i in 0..25 {
        volume.values[5 * 4096 + (30 + i / 5) * 64 + 30 + i % 5] = 3071.0;
    }
    let m = all(&volume);
    near(&m, "metal_share", 25.0 / (per_slice * 10.0), 1e-4);
    near(&m, "clipped_share", 25.0 / (per_slice * 10.0), 1e-4);
    near(&m, "edge_share", 0.0, 1e-9);
    assert!(m["slice_jump"].value > 1.5);
    let full = Volume::new([32, 32, 2], [1.0; 3], vec![30.0; 2048], "CT");
    near(&all(&full), "edge_share", 1.0, 1e-9);
}

#[test]
fn nothing_is_measured_where_there_is_nothing() {
    for values in [vec![0.0; 4096], vec![f32::NAN; 4096], Vec::new()] {
        for modality in ["MR", "CT", ""] {
            let volume = Volume::new([32, 32, 4], [1.0; 3], values.clone(), modality);
            let _ = all(&volume);
        }
    }
    for size in [[0, 0, 0], [1, 1, 1], [1, 50, 3], [2, 2, 2]] {
        let n = size.iter().product();
        let volume = Volume::new(size, [1.0; 3], (0..n).map(|i| i as f32).collect(), "MR");
        let _ = all(&volume);
    }
}
