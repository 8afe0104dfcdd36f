//! A head made of ellipsoids, for measuring how long the stages take: no image of a person is
//! needed for that, and everybody measures the same.
//!
//! Skin, skull, brain with ventricles, eyes in their fat, nose, mouth, sinuses, ears and neck in
//! CT numbers, 256 slices of 256 × 256 voxels of one millimetre. It is no likeness of anybody and
//! was not used in training.

use cordon_pixels::{Frame, Photometric, Samples};
use cordon_volumes::SliceGeometry;

/// Slices, rows and columns.
pub const SIDE: u32 = 256;

/// CT numbers, in HU.
const AIR: i16 = -1000;
const FAT: i16 = -90;
const SKIN: i16 = 30;
const MUSCLE: i16 = 55;
const BRAIN: i16 = 35;
const FLUID: i16 = 6;
const EYE: i16 = 12;
const BONE: i16 = 850;

/// Middle and half axes of an ellipsoid in patient coordinates (LPS, mm); the head's own middle is
/// that of the brain.
struct Ball([f64; 3], [f64; 3]);

impl Ball {
    /// Below one inside.
    fn at(&self, p: [f64; 3]) -> f64 {
        (0..3)
            .map(|a| ((p[a] - self.0[a]) / self.1[a]).powi(2))
            .sum()
    }

    fn holds(&self, p: [f64; 3]) -> bool {
        self.at(p) < 1.0
    }
}

const CRANIUM: Ball = Ball([0.0, 0.0, 0.0], [78.0, 96.0, 86.0]);
const OUTER_TABLE: Ball = Ball([0.0, 0.0, 0.0], [73.0, 91.0, 81.0]);
const INNER_TABLE: Ball = Ball([0.0, 0.0, 0.0], [66.0, 84.0, 74.0]);
const FACE: Ball = Ball([0.0, -42.0, -66.0], [58.0, 54.0, 66.0]);
const UNDER_FACE: Ball = Ball([0.0, -40.0, -66.0], [50.0, 46.0, 58.0]);
const CHIN: Ball = Ball([0.0, -78.0, -118.0], [20.0, 18.0, 14.0]);
const NOSE: Ball = Ball([0.0, -99.0, -62.0], [15.0, 19.0, 20.0]);
const NOSTRILS: [Ball; 2] = [
    Ball([6.0, -98.0, -70.0], [4.0, 14.0, 6.0]),
    Ball([-6.0, -98.0, -70.0], [4.0, 14.0, 6.0]),
];
const CAVITY: Ball = Ball([0.0, -68.0, -62.0], [12.0, 26.0, 18.0]);
const SINUSES: [Ball; 2] = [
    Ball([26.0, -64.0, -66.0], [12.0, 16.0, 15.0]),
    Ball([-26.0, -64.0, -66.0], [12.0, 16.0, 15.0]),
];
const MOUTH: Ball = Ball([0.0, -80.0, -94.0], [20.0, 22.0, 3.0]);
const TEETH: Ball = Ball([0.0, -66.0, -94.0], [26.0, 22.0, 11.0]);
const TONGUE: Ball = Ball([0.0, -58.0, -96.0], [18.0, 22.0, 10.0]);
const JAW: Ball = Ball([0.0, -56.0, -108.0], [42.0, 34.0, 16.0]);
const IN_JAW: Ball = Ball([0.0, -48.0, -106.0], [34.0, 30.0, 18.0]);
const EARS: [Ball; 2] = [
    Ball([80.0, 8.0, -46.0], [9.0, 14.0, 30.0]),
    Ball([-80.0, 8.0, -46.0], [9.0, 14.0, 30.0]),
];
const SOCKETS: [Ball; 2] = [
    Ball([32.0, -72.0, -36.0], [19.0, 24.0, 18.0]),
    Ball([-32.0, -72.0, -36.0], [19.0, 24.0, 18.0]),
];
const EYES: [Ball; 2] = [
    Ball([32.0, -80.0, -36.0], [12.5, 12.5, 12.5]),
    Ball([-32.0, -80.0, -36.0], [12.5, 12.5, 12.5]),
];
const CEREBELLUM: Ball = Ball([0.0, 42.0, -48.0], [50.0, 36.0, 30.0]);
const VENTRICLES: [Ball; 2] = [
    Ball([12.0, -4.0, 8.0], [6.0, 34.0, 12.0]),
    Ball([-12.0, -4.0, 8.0], [6.0, 34.0, 12.0]),
];

fn any(balls: &[Ball], p: [f64; 3]) -> bool {
    balls.iter().any(|ball| ball.holds(p))
}

/// The CT number at a point, from the middle of the brain (LPS, mm).
fn value(p: [f64; 3]) -> i16 {
    let around = (p[0] / 58.0).powi(2) + ((p[1] - 18.0) / 62.0).powi(2);
    let neck = p[2] < -60.0 && around < 1.0;
    if INNER_TABLE.holds(p) || (CEREBELLUM.holds(p) && p[2] < 0.0) {
        return if any(&VENTRICLES, p) { FLUID } else { BRAIN };
    }
    if any(&NOSTRILS, p) || CAVITY.holds(p) || any(&SINUSES, p) || MOUTH.holds(p) {
        return AIR;
    }
    if any(&EYES, p) {
        return EYE;
    }
    if any(&SOCKETS, p) && p[1] < -60.0 {
        return FAT;
    }
    if OUTER_TABLE.holds(p) {
        return BONE;
    }
    if TONGUE.holds(p) {
        return MUSCLE;
    }
    if TEETH.holds(p) || (JAW.holds(p) && !IN_JAW.holds(p)) {
        return BONE;
    }
    let skin = CRANIUM.holds(p) || FACE.holds(p) || CHIN.holds(p) || NOSE.holds(p);
    if skin || neck || any(&EARS, p) {
        let spine = (p[0] / 14.0).powi(2) + ((p[1] - 40.0) / 14.0).powi(2);
        return if neck && spine < 1.0 {
            BONE
        } else if UNDER_FACE.holds(p) || (neck && around < 0.8) {
            MUSCLE
        } else {
            SKIN
        };
    }
    AIR
}

/// A slice: where it lies, and its stored values, which are CT numbers.
#[must_use]
pub fn slice(n: u32) -> (SliceGeometry, Frame) {
    // The brain's middle lies above the field's, as in scans that show a neck.
    let low = [-127.5, -135.0, -165.0];
    let z = low[2] + f64::from(n);
    let mut samples = Vec::with_capacity((SIDE * SIDE) as usize);
    // A little noise, the same each time.
    let mut state = 0x9E37_79B9_u32 ^ n.wrapping_mul(0x85EB_CA6B);
    for row in 0..SIDE {
        for column in 0..SIDE {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 27) as i16 - 16;
            let p = [low[0] + f64::from(column), low[1] + f64::from(row), z];
            samples.push(value(p).saturating_add(noise));
        }
    }
    let geometry = SliceGeometry {
        rows: SIDE,
        columns: SIDE,
        position: Some([low[0], low[1], z]),
        orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        spacing: Some([1.0, 1.0]),
        thickness: Some(1.0),
        ..SliceGeometry::default()
    };
    let frame = Frame {
        rows: SIDE,
        columns: SIDE,
        samples_per_pixel: 1,
        bits_stored: 16,
        photometric: Photometric::Monochrome2,
        samples: Samples::I16(samples),
    };
    (geometry, frame)
}

#[cfg(all(test, feature = "embedded"))]
mod tests {
    use cordon_deface::{Face, Kind, Wishes};
    use cordon_nets::Device;
    use cordon_nets::device::wait;

    use super::*;
    use crate::face::{FaceJob, FaceNets};

    #[test]
    fn it_goes_all_the_way() {
        let device = Device::flex();
        let nets = FaceNets::embedded(&device).expect("weights");
        let mut job = FaceJob::new(Kind::Hounsfield);
        for n in 0..SIDE {
            let (geometry, frame) = slice(n);
            job.add(&geometry, &frame, &|v| v);
        }
        let wishes = Wishes::default();
        let done = wait(job.finish(&nets, &device, wishes, 1, None, &mut |_, _| true));
        let done = done.expect("an answer");
        assert!(done.report.head, "{:?}", done.report);
        assert_eq!(done.report.face, Face::Present, "{:?}", done.report);
        assert!(done.cut.is_some());
    }
}
