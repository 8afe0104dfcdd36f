//! How bright a scanner shows each tissue.
//!
//! MR: ordinary contrasts with random changes, or none of them: any brightness for any tissue, as
//! SynthSeg and SynthStrip do. CT: Hounsfield units as in textbooks. PET: uptake relative to grey
//! matter, as with FDG.

use super::tissue::{TISSUES, Tissue};
use crate::random::Random;

/// What kind of scanner it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Modality {
    Mr,
    Ct,
    Pet,
}

impl Modality {
    pub(crate) fn any(r: &mut Random) -> Self {
        match r.below(20) {
            0..=9 => Self::Mr,
            10..=17 => Self::Ct,
            _ => Self::Pet,
        }
    }
}

/// The mean value of each tissue and how much it varies inside.
#[derive(Debug, Clone)]
pub(crate) struct Contrast {
    pub(crate) mean: [f64; TISSUES],
    pub(crate) texture: [f64; TISSUES],
}

// In the order of `Tissue`:                out   hold  skin  fat   musc  bone  marr  grey  white fluid air   muco  vitr  lens  nerve tooth cart  gland vess  tumr  bleed metal stuff inner
const T1: [f64; TISSUES] = [
    0.0, 0.0, 0.60, 1.00, 0.45, 0.12, 0.75, 0.55, 0.75, 0.22, 0.02, 0.45, 0.22, 0.40, 0.65, 0.10,
    0.40, 0.55, 0.30, 0.50, 0.60, 0.02, 0.50, 0.70,
];
const T2: [f64; TISSUES] = [
    0.0, 0.0, 0.40, 0.75, 0.28, 0.08, 0.55, 0.60, 0.45, 1.00, 0.02, 0.80, 1.00, 0.25, 0.45, 0.06,
    0.45, 0.60, 0.10, 0.80, 0.40, 0.02, 0.60, 0.90,
];
const FLAIR: [f64; TISSUES] = [
    0.0, 0.0, 0.50, 0.80, 0.45, 0.08, 0.55, 0.75, 0.60, 0.12, 0.02, 0.75, 0.12, 0.35, 0.55, 0.06,
    0.45, 0.60, 0.15, 0.95, 0.70, 0.02, 0.60, 0.40,
];
const PD: [f64; TISSUES] = [
    0.0, 0.0, 0.55, 0.85, 0.55, 0.10, 0.60, 0.80, 0.65, 0.90, 0.02, 0.80, 0.90, 0.50, 0.60, 0.08,
    0.55, 0.70, 0.30, 0.85, 0.60, 0.02, 0.70, 0.80,
];
const CT: [f64; TISSUES] = [
    -1000.0, -300.0, 30.0, -100.0, 55.0, 1000.0, 350.0, 38.0, 29.0, 8.0, -990.0, 40.0, 12.0, 85.0,
    35.0, 1900.0, 90.0, 30.0, 45.0, 45.0, 70.0, 3000.0, 250.0, 20.0,
];
const PET: [f64; TISSUES] = [
    0.0, 0.0, 0.10, 0.05, 0.15, 0.10, 0.20, 1.00, 0.45, 0.08, 0.02, 0.35, 0.05, 0.05, 0.30, 0.05,
    0.10, 0.45, 0.25, 1.40, 0.10, 0.00, 0.30, 0.30,
];

impl Contrast {
    pub(crate) fn new(modality: Modality, r: &mut Random) -> Self {
        let mut mean;
        let mut texture = [0.0; TISSUES];
        match modality {
            Modality::Mr => {
                mean = [T1, T2, FLAIR, PD][r.below(4)];
                let spread = if r.chance(0.3) { 0.45 } else { 0.16 };
                for value in &mut mean {
                    *value = (*value + spread * r.normal()).clamp(0.0, 1.3);
                }
                if r.chance(0.3) {
                    for value in &mut mean {
                        *value = r.unit();
                    }
                }
                for dark in [Tissue::Outside, Tissue::Airway, Tissue::Metal] {
                    mean[dark as usize] = r.range(0.0, 0.05);
                }
                if r.chance(0.85) {
                    mean[Tissue::Bone as usize] = r.range(0.0, 0.2);
                    mean[Tissue::Tooth as usize] = r.range(0.0, 0.2);
                    mean[Tissue::Holder as usize] = r.range(0.0, 0.12);
                    // Skin and fat are seldom dark, unless fat is suppressed.
                    let suppressed = r.chance(0.25);
                    let i = Tissue::Fat as usize;
                    mean[i] = if suppressed {
                        r.range(0.08, 0.3)
                    } else {
                        mean[i].max(0.3)
                    };
                    let i = Tissue::Skin as usize;
                    mean[i] = mean[i].max(0.2);
                    let i = Tissue::Muscle as usize;
                    mean[i] = mean[i].max(0.12);
                }
                texture.fill(r.range(0.0, 0.08));
            }
            Modality::Ct => {
                mean = CT;
                for (i, value) in mean.iter_mut().enumerate() {
                    let spread = match i {
                        i if i == Tissue::Bone as usize || i == Tissue::Tooth as usize => 250.0,
                        i if i == Tissue::Marrow as usize => 150.0,
                        i if i == Tissue::Holder as usize => 300.0,
                        i if i == Tissue::Stuff as usize => 300.0,
                        i if i == Tissue::StuffInner as usize => 120.0,
                        _ => 8.0,
                    };
                    *value += spread * r.normal().clamp(-2.0, 2.0);
                }
                if r.chance(0.25) {
                    mean[Tissue::Vessel as usize] = r.range(150.0, 400.0);
                    mean[Tissue::Mucosa as usize] += 40.0;
                }
                mean[Tissue::Outside as usize] = -1000.0;
                texture.fill(6.0);
                texture[Tissue::Bone as usize] = 150.0;
                texture[Tissue::Outside as usize] = 0.0;
            }
            Modality::Pet => {
                mean = PET;
                for value in &mut mean {
                    *value = (*value * r.range(0.5, 1.6) + 0.03 * r.normal()).max(0.0);
                }
                texture.fill(0.03);
            }
        }
        if modality != Modality::Ct {
            texture[Tissue::Outside as usize] = 0.0;
        }
        Self { mean, texture }
    }
}
