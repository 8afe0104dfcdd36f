//! Who the head belongs to: the numbers that make one head differ from another.
//!
//! Sizes follow ranges of craniofacial anthropometry (Farkas 1994: head length 165-210 mm, breadth
//! 135-170 mm, face height 100-135 mm in adults; at birth the face is an eighth of the skull, in
//! adults nearly half of it). They are wider than life on purpose: what is trained on more than
//! there is, works on what there is.

use std::f64::consts::TAU;

use super::shape::{Point, Turn};
use crate::random::Random;

/// An age group. The classic tools fail in children (anchors, A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Age {
    Infant,
    Child,
    Adult,
    Old,
}

/// What was done to the brain, or grew in it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lesion {
    Tumour { at: Point, half: Point },
    Bleed { at: Point, half: Point },
    Cavity { at: Point, half: Point },
}

/// One head. Lengths in millimetres.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Size along each axis, relative to the model.
    pub(crate) size: Point,
    /// Size of the face, relative to the skull.
    pub(crate) face: f64,
    pub(crate) skull: f64,
    pub(crate) scalp: f64,
    pub(crate) fat: f64,
    pub(crate) skin: f64,
    pub(crate) gap: f64,
    pub(crate) ventricles: f64,
    pub(crate) nose_reach: f64,
    pub(crate) nose_width: f64,
    pub(crate) nose_length: f64,
    pub(crate) nose_bridge: f64,
    pub(crate) jaw_width: f64,
    pub(crate) chin: f64,
    pub(crate) cheek: f64,
    pub(crate) brow: f64,
    pub(crate) lips: f64,
    pub(crate) forehead: f64,
    pub(crate) eye_distance: f64,
    pub(crate) eye_radius: f64,
    pub(crate) ear_size: f64,
    pub(crate) ear_out: [f64; 2],
    pub(crate) ear_tilt: f64,
    pub(crate) neck: f64,
    pub(crate) neck_lean: f64,
    pub(crate) sinus: f64,
    pub(crate) teeth: bool,
    pub(crate) mouth_open: f64,
    pub(crate) gaze: f64,
    pub(crate) lesions: Vec<Lesion>,
    pub(crate) craniotomy: Option<(Point, f64)>,
    pub(crate) implants: Vec<(Point, f64)>,
    /// Slow waves that bend everything: direction and phase of each, and by how much.
    pub(crate) waves: Vec<(Point, f64, Point)>,
    pub(crate) folds: [f64; 3],
    /// Where the head is and how it is held: turn about the model's origin, then shift.
    pub(crate) turn: Turn,
    pub(crate) shift: Point,
}

impl Person {
    pub(crate) fn new(random: &mut Random, age: Age, wild: f64) -> Self {
        let r = random;
        let mut around = |mean: f64, spread: f64| mean + spread * wild * (r.unit() * 2.0 - 1.0);
        let (size, face) = match age {
            Age::Infant => (around(0.76, 0.08), around(0.74, 0.08)),
            Age::Child => (around(0.92, 0.06), around(0.86, 0.08)),
            Age::Adult => (around(1.0, 0.08), around(1.0, 0.08)),
            Age::Old => (around(1.0, 0.08), around(1.0, 0.09)),
        };
        let aspect = around(0.0, 0.07);
        let size = [
            size * (1.0 - aspect),
            size * (1.0 + aspect),
            size * around(1.0, 0.06),
        ];
        let young = matches!(age, Age::Infant | Age::Child);
        let old = age == Age::Old;
        let small = if young { 0.75 } else { 1.0 };
        let mut person = Self {
            size,
            face,
            skull: around(if young { 4.5 } else { 7.5 }, 2.5),
            scalp: around(5.5, 2.0),
            fat: around(5.0, 3.5),
            skin: around(2.2, 0.6),
            gap: around(if old { 4.5 } else { 2.0 }, 1.5),
            ventricles: around(if old { 1.5 } else { 1.0 }, 0.45),
            nose_reach: around(1.0, 0.35) * small,
            nose_width: around(1.0, 0.3) * small,
            nose_length: around(1.0, 0.2),
            nose_bridge: around(0.0, 5.0),
            jaw_width: around(1.0, 0.16),
            chin: around(0.0, 7.0),
            cheek: around(0.0, 6.0) + if young { 3.0 } else { 0.0 },
            brow: around(0.0, 3.0),
            lips: around(1.0, 0.35),
            forehead: around(0.0, 8.0),
            eye_distance: around(32.0, 3.5),
            eye_radius: around(12.0, 1.0) * if young { 1.12 } else { 1.0 },
            ear_size: around(1.0, 0.25) * if old { 1.12 } else { 1.0 },
            ear_out: [around(0.35, 0.35), around(0.35, 0.35)],
            ear_tilt: around(0.15, 0.25),
            neck: around(1.0, 0.2) * if young { 0.85 } else { 1.0 },
            neck_lean: around(0.0, 0.35),
            sinus: around(if young { 0.5 } else { 1.0 }, 0.45),
            teeth: true,
            mouth_open: 0.0,
            gaze: around(0.0, 0.4),
            lesions: Vec::new(),
            craniotomy: None,
            implants: Vec::new(),
            waves: Vec::new(),
            folds: [around(0.32, 0.1), around(0.28, 0.1), around(0.3, 0.1)],
            turn: Turn::new(around(0.0, 0.42), around(0.0, 0.22), around(0.0, 0.28)),
            shift: [0.0; 3],
        };
        person.teeth = !(r.chance(if old { 0.4 } else { 0.06 }) || age == Age::Infant);
        person.mouth_open = if r.chance(0.2) {
            r.range(2.0, 12.0)
        } else {
            0.0
        };
        person.damage(r);
        for _ in 0..7 {
            let long = r.range(45.0, 160.0);
            let frequency = [r.normal(), r.normal(), r.normal()].map(|v| v / long * 3.0);
            let push = [r.normal(), r.normal(), r.normal()].map(|v| v * 0.02 * long * wild);
            person.waves.push((frequency, r.range(0.0, TAU), push));
        }
        person
    }

    fn damage(&mut self, r: &mut Random) {
        let place = |r: &mut Random| {
            [
                r.range(-50.0, 50.0),
                r.range(-50.0, 80.0),
                r.range(-25.0, 60.0),
            ]
        };
        let half = |r: &mut Random| [r.range(5.0, 28.0), r.range(5.0, 28.0), r.range(5.0, 28.0)];
        if r.chance(0.18) {
            self.lesions.push(Lesion::Tumour {
                at: place(r),
                half: half(r),
            });
        }
        if r.chance(0.1) {
            self.lesions.push(Lesion::Bleed {
                at: place(r),
                half: half(r),
            });
        }
        if r.chance(0.12) {
            self.lesions.push(Lesion::Cavity {
                at: place(r),
                half: half(r),
            });
        }
        if r.chance(0.08) {
            let side = if r.chance(0.5) { 1.0 } else { -1.0 };
            let at = [
                side * r.range(30.0, 80.0),
                r.range(-60.0, 70.0),
                r.range(0.0, 80.0),
            ];
            self.craniotomy = Some((at, r.range(15.0, 45.0)));
        }
        if self.teeth && r.chance(0.25) {
            for _ in 0..1 + r.below(4) {
                let angle = r.range(-1.2, 1.2);
                let z = if r.chance(0.5) { -92.0 } else { -101.0 };
                self.implants.push((
                    [25.0 * angle.sin(), -48.0 - 27.0 * angle.cos(), z],
                    r.range(2.5, 5.0),
                ));
            }
        }
        if r.chance(0.04) {
            self.implants.push((
                [
                    r.range(-75.0, 75.0),
                    r.range(-60.0, 90.0),
                    r.range(-20.0, 80.0),
                ],
                r.range(3.0, 8.0),
            ));
        }
    }

    /// From patient coordinates to those of the model.
    pub(crate) fn local(&self, p: Point) -> Point {
        let q = self.turn.back(super::shape::sub(p, self.shift));
        let mut q: Point = std::array::from_fn(|a| q[a] / self.size[a]);
        let mut bent = q;
        for (frequency, phase, push) in &self.waves {
            let wave = (super::shape::dot(*frequency, q) + phase).sin();
            for a in 0..3 {
                bent[a] += push[a] * wave;
            }
        }
        q = bent;
        // The face grows or shrinks from the root of the nose on.
        let below = ((10.0 - q[2]) / 45.0).clamp(0.0, 1.0);
        let t = below * below * (3.0 - 2.0 * below) * ((40.0 - q[1]) / 60.0).clamp(0.0, 1.0);
        let f = 1.0 + (self.face - 1.0) * t;
        let pivot = [0.0, -20.0, -15.0];
        std::array::from_fn(|a| pivot[a] + (q[a] - pivot[a]) / f)
    }

    /// From the model's coordinates to the patient's, near enough for landmarks: the inverse of
    /// [`Person::local`] by iteration.
    pub(crate) fn global(&self, local: Point) -> Point {
        let guess: Point = std::array::from_fn(|a| local[a] * self.size[a]);
        let mut p = self.turn.apply(guess);
        for (p, shift) in p.iter_mut().zip(self.shift) {
            *p += shift;
        }
        for _ in 0..20 {
            let got = self.local(p);
            let miss: Point = std::array::from_fn(|a| (local[a] - got[a]) * self.size[a] * 0.8);
            let step = self.turn.apply(miss);
            for (p, step) in p.iter_mut().zip(step) {
                *p += step;
            }
        }
        p
    }
}
