//! The learned screen: what is wrong with an image, and how sure.
//!
//! One logistic regression for each modality and kind of damage, over histograms of gradient
//! magnitude (after 3-D DHoGM, which does with 209 parameters what deep networks do less
//! generally) and the image metrics. Trained on synthetic damage only: see
//! `docs/models/screen.md` for what that means and how well it does. Its findings are notes
//! unless a protocol says otherwise.

mod features;
mod weights;

pub use features::{FEATURES, features};
pub use weights::{Regressions, Weights, WeightsError, trained};

use cordon_protocol::{Code, DAMAGE_KINDS};

use crate::metrics::Regions;
use crate::report::Damage;
use crate::volume::Volume;

/// The code of a kind of damage.
#[must_use]
pub fn code(kind: &str) -> Option<Code> {
    Some(match kind {
        "motion" => Code::ImageMotion,
        "noise" => Code::ImageNoise,
        "blur" => Code::ImageBlur,
        "ghosting" => Code::ImageGhosting,
        "wrap" => Code::ImageWrap,
        "bias" => Code::ImageBias,
        "metal" => Code::ImageMetal,
        "clipping" => Code::ImageSaturated,
        "slices-lost" => Code::ImageSlicesLost,
        "slices-swapped" => Code::ImageSlicesSwapped,
        _ => return None,
    })
}

/// The probability of each kind of damage that the model knows for this modality; empty where it
/// knows none or there is too little to judge.
#[must_use]
pub fn judge(weights: &Weights, volume: &Volume, regions: &Regions) -> Vec<Damage> {
    let Some(features) = features(volume, regions) else {
        return Vec::new();
    };
    DAMAGE_KINDS
        .iter()
        .filter_map(|kind| {
            let probability = weights.probability(&volume.modality, kind, &features)?;
            Some(Damage { kind, probability })
        })
        .collect()
}
