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
pub use weights::{Regressions, STRANGE, Weights, WeightsError, trained};

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

/// Images are judged at about this many pixels along their longer side, as the model was trained:
/// a step of the scanner's fine grid is no step of the anatomy.
const SIDE: f64 = 112.0;

/// The probability of each kind of damage that the model knows for this modality; empty where it
/// knows none, there is too little to judge, or the image is unlike everything that the model
/// was trained on.
#[must_use]
pub fn judge(weights: &Weights, volume: &Volume) -> Vec<Damage> {
    let side = volume.size[0].max(volume.size[1]) as f64;
    #[expect(clippy::cast_sign_loss, reason = "at least one")]
    let factor = (side / SIDE).round().max(1.0) as usize;
    let small;
    let volume = if factor > 1 {
        small = volume.shrunk(factor);
        &small
    } else {
        volume
    };
    let Some(features) = features(volume, &Regions::of(volume)) else {
        return Vec::new();
    };
    if !weights.knows(&volume.modality, &features) {
        return Vec::new();
    }
    DAMAGE_KINDS
        .iter()
        .filter_map(|kind| {
            let probability = weights.probability(&volume.modality, kind, &features)?;
            Some(Damage { kind, probability })
        })
        .collect()
}
