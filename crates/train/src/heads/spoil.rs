//! Cuts that are worse than they could be, made of good ones: what the verifier must not let pass.
//!
//! A verifier that sees only what its own cutter does has little to find. Here a part of the face
//! stays on purpose, or half of it, or all of it some millimetres deeper. What is left of a face is
//! counted by the anatomy, which the verifier does not know.

use burn::tensor::Device;
use cordon_deface::{Camera, Cut, Face, Label, PIXELS, View};
use cordon_inspect::face::{FaceJob, FaceNets, FaceOutcome};
use cordon_inspect::proof::proven;
use cordon_nets::device::wait;

use super::person::Person;
use super::shape::Point;
use super::tissue::Tissue;

/// How a cut was spoiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoil {
    Eyes,
    Nose,
    Mouth,
    /// The side of the face toward the patient's left stays.
    Half,
    /// Only the outermost 4 mm go.
    Shaved,
    /// Only the outermost 8 mm go.
    ShavedDeep,
}

impl Spoil {
    pub(super) const ALL: [Self; 6] = [
        Self::Eyes,
        Self::Nose,
        Self::Mouth,
        Self::Half,
        Self::Shaved,
        Self::ShavedDeep,
    ];

    /// In words.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Eyes => "the eyes stay",
            Self::Nose => "the nose stays",
            Self::Mouth => "mouth and chin stay",
            Self::Half => "half of the face stays",
            Self::Shaved => "the face is shaved by 4 mm",
            Self::ShavedDeep => "the face is shaved by 8 mm",
        }
    }

    fn stays(self, person: &Person, p: Point) -> bool {
        match self {
            Self::Eyes => near(person, p, Label::Eyes),
            Self::Nose => near(person, p, Label::Nose),
            Self::Mouth => near(person, p, Label::Mouth),
            Self::Half => person.local(p)[0] > 0.0,
            Self::Shaved => lies_under(person, p, 4.0),
            Self::ShavedDeep => lies_under(person, p, 8.0),
        }
    }
}

/// A spoiled cut, and what came of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoiled {
    pub(super) how: Spoil,
    /// Which share of the face that the pictures before show is left, by the anatomy; 1 for a shaved
    /// one, whose shape is left.
    pub(super) left: f64,
    /// What the proof comes to.
    pub(super) face: Face,
}

/// Spoils the cut of a head in every way, and asks the verifier about each.
pub(super) fn spoiled(
    person: &Person,
    job: &FaceJob,
    outcome: &FaceOutcome,
    nets: &FaceNets,
    device: &Device,
) -> Vec<Spoiled> {
    let (Some(cut), Some(hint)) = (&outcome.cut, outcome.hint) else {
        return Vec::new();
    };
    let faces = faces(person, hint, &outcome.before);
    let one = |how: Spoil| -> Option<Spoiled> {
        let cut = spoil(person, cut, how);
        let proof = wait(job.prove(outcome, &cut, nets, device)).ok()??;
        let mut report = outcome.report.clone();
        report.seen_after = proof.seen;
        report.left = proof.left;
        report.altered = proof.altered;
        // Less is cut, so no more of the brain is.
        let left = match how {
            Spoil::Shaved | Spoil::ShavedDeep => 1.0,
            _ => standing(&outcome.before, &faces, &proof.after),
        };
        Some(Spoiled {
            how,
            left,
            face: proven(&report),
        })
    };
    Spoil::ALL.into_iter().filter_map(one).collect()
}

fn spoil(person: &Person, cut: &Cut, how: Spoil) -> Cut {
    /// Two millimetres outside of the cut.
    const OUTSIDE: i8 = -8;
    let mut cut = cut.clone();
    for (i, depth) in cut.depth.iter_mut().enumerate() {
        if *depth > OUTSIDE && how.stays(person, cut.grid.centre(cut.grid.voxel(i))) {
            *depth = OUTSIDE;
        }
    }
    cut
}

fn near(person: &Person, p: Point, label: Label) -> bool {
    const REACH: f64 = 8.0;
    (0..27).any(|k| {
        let by = [k % 3, k / 3 % 3, k / 9].map(|v| REACH * (f64::from(v) - 1.0));
        person.spot(std::array::from_fn(|a| p[a] + by[a])).label == label
    })
}

fn lies_under(person: &Person, p: Point, depth: f64) -> bool {
    let ways = [
        [0.0, -1.0, 0.0],
        [1.0, 0.0, 0.0],
        [-1.0, 0.0, 0.0],
        [0.0, 0.0, -1.0],
        [0.0, 0.0, 1.0],
        [0.0, -0.7, -0.7],
    ];
    ways.iter().all(|way| {
        let q = std::array::from_fn(|a| p[a] + depth * way[a]);
        person.spot(q).tissue != Tissue::Outside
    })
}

/// Which pixels show skin of the face without the ears, by the anatomy.
fn faces(person: &Person, centre: Point, views: &[View]) -> Vec<Vec<bool>> {
    let shows = |view: &View, i: usize| {
        let camera = Camera {
            centre,
            angle: view.angle,
        };
        let (start, forward) = (camera.pixel(i % PIXELS, i / PIXELS), camera.forward());
        let section = view.ends.get(i).copied().unwrap_or(false);
        let Some(depth) = view.depth[i].filter(|_| !section) else {
            return false;
        };
        // The surface of a scan lies a little before or behind that of the anatomy.
        [1.0, 2.5, 4.0, 0.0, 6.0]
            .iter()
            .map(|by| {
                let t = f64::from(depth) + by;
                person.spot(std::array::from_fn(|a| start[a] + forward[a] * t))
            })
            .find(|spot| spot.tissue != Tissue::Outside)
            .is_some_and(|spot| spot.label.is_recognisable() && spot.label != Label::Ears)
    };
    views
        .iter()
        .map(|view| (0..PIXELS * PIXELS).map(|i| shows(view, i)).collect())
        .collect()
}

/// The share of these pixels whose surface stands where it stood.
fn standing(before: &[View], faces: &[Vec<bool>], after: &[View]) -> f64 {
    const SAME: f32 = 2.0;
    let (mut all, mut left) = (0.0, 0.0);
    for ((before, face), after) in before.iter().zip(faces).zip(after) {
        for i in (0..PIXELS * PIXELS).filter(|i| face[*i]) {
            all += 1.0;
            if let (Some(b), Some(a)) = (before.depth[i], after.depth[i])
                && (a - b).abs() <= SAME
            {
                left += 1.0;
            }
        }
    }
    if all > 0.0 { left / all } else { 0.0 }
}
