//! Heads that arrive defaced, well or badly: the ways in which other tools take faces off.

use cordon_deface::{Cut, Label};

use super::person::Person;
use super::shape::Point;
use super::tissue::Spot;
use crate::random::Random;

/// How a face was taken off.
#[derive(Debug, Clone)]
pub(crate) enum Defaced {
    /// Every recognisable part is gone, ears too or not (`pydeface`, `mideface`).
    Parts { ears: bool },
    /// All in front of a plane (`quickshear`): where it meets the brow, and its slope.
    Plane { brow: f64, slope: f64 },
    /// A box in front (`mri_deface` and older masks).
    Box { back: f64, top: f64, side: f64 },
    /// A layer under the skin of face and ears, this deep and rough by the second: what Cordon takes.
    Shell { depth: f64, rough: f64, wave: Point },
    /// All but the brain (`bet`, `SynthStrip`): how much of what is around it stays, or how much of it
    /// went as well where below zero, and how rough that is.
    Stripped {
        margin: f64,
        rough: f64,
        wave: Point,
    },
    /// What Cordon itself takes off.
    Cut(Box<Cut>),
    /// Only above or below this level, or only one side: work half done.
    Half { axis: usize, from: f64, over: bool },
}

impl Defaced {
    pub(crate) fn new(r: &mut Random) -> Self {
        match r.below(10) {
            8 | 9 => Self::Stripped {
                margin: r.range(-5.0, 4.0),
                rough: r.range(0.0, 2.0),
                wave: [0; 3].map(|_| r.range(0.1, 0.6)),
            },
            0 | 1 => Self::Parts {
                ears: r.chance(0.6),
            },
            2 => Self::Plane {
                brow: r.range(-86.0, -70.0),
                slope: r.range(0.35, 0.65),
            },
            3 => Self::Box {
                back: r.range(-66.0, -20.0),
                top: r.range(-22.0, 10.0),
                side: r.range(50.0, 100.0),
            },
            4 | 5 => Self::Shell {
                depth: r.range(5.0, 16.0),
                rough: r.range(0.5, 3.0),
                wave: [0; 3].map(|_| r.range(0.2, 0.6)),
            },
            _ => {
                let axis = if r.chance(0.7) { 2 } else { 0 };
                Self::Half {
                    axis,
                    from: if axis == 2 {
                        r.range(-100.0, -30.0)
                    } else {
                        r.range(-25.0, 25.0)
                    },
                    over: r.chance(0.5),
                }
            }
        }
    }

    /// Whether the result should count as done, if the head had a face.
    pub(crate) fn is_done(&self) -> bool {
        !matches!(self, Self::Half { .. })
    }

    /// Whether this point was taken off. No point of the brain but by what strips a skull.
    pub(crate) fn takes(&self, person: &Person, patient: Point, spot: Spot) -> bool {
        let p = person.local(patient);
        let waves = |wave: &Point| -> f64 { (0..3).map(|a| (p[a] * wave[a]).sin()).sum() };
        if let Self::Stripped {
            margin,
            rough,
            wave,
        } = self
        {
            return person.brain(p) > margin + rough * waves(wave);
        }
        if spot.label == Label::Brain {
            return false;
        }
        let parts = spot.label.is_recognisable();
        match self {
            Self::Stripped { .. } => false,
            Self::Cut(cut) => cut.inside(patient),
            Self::Parts { ears } => parts && (*ears || spot.label != Label::Ears),
            Self::Shell { depth, rough, wave } => {
                let eye = spot.label == Label::Eyes;
                parts && (eye || -person.skin(p) < depth + rough * waves(wave))
            }
            Self::Plane { brow, slope } => p[2] < 25.0 && p[1] < brow + (25.0 - p[2]) * slope,
            Self::Box { back, top, side } => p[1] < *back && p[2] < *top && p[0].abs() < *side,
            Self::Half { axis, from, over } => parts && ((p[*axis] > *from) == *over),
        }
    }
}
