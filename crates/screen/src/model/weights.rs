//! The weights and how they are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::features::FEATURES;

/// Standardised features are clamped to this: what lies farther outside of the training set is
/// no more certain.
const FARTHEST: f64 = 4.0;

/// More features than this beyond three standard deviations: the image is not of the kind that
/// the model was trained on.
pub const STRANGE: usize = 5;

/// The weights of all regressions, with where they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// The command that made them.
    pub command: String,
    /// The seed of the training set.
    pub seed: u64,
    /// By modality.
    pub modalities: BTreeMap<String, Regressions>,
}

/// The regressions of one modality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regressions {
    /// The mean of each feature over the training set.
    pub mean: Vec<f64>,
    /// Its standard deviation.
    pub deviation: Vec<f64>,
    /// By kind of damage: a weight for each standardised feature, the intercept last.
    pub kinds: BTreeMap<String, Vec<f64>>,
}

/// The weights in this build are not those of this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightsError;

impl std::fmt::Display for WeightsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the weights of the learned screen do not fit this version of Cordon")
    }
}

impl std::error::Error for WeightsError {}

/// The weights that come with Cordon.
///
/// # Errors
/// When they were made for other features.
pub fn trained() -> Result<Weights, WeightsError> {
    Weights::read(include_str!("weights.json"))
}

impl Weights {
    /// Reads weights and checks that they fit.
    ///
    /// # Errors
    /// When they do not.
    pub fn read(text: &str) -> Result<Self, WeightsError> {
        let weights: Self = serde_json::from_str(text).map_err(|_| WeightsError)?;
        let finite = |list: &[f64], n: usize| list.len() == n && list.iter().all(|v| v.is_finite());
        let fit = weights.modalities.values().all(|r| {
            finite(&r.mean, FEATURES)
                && finite(&r.deviation, FEATURES)
                && r.deviation.iter().all(|d| *d > 0.0)
                && r.kinds.values().all(|w| finite(w, FEATURES + 1))
        });
        if fit { Ok(weights) } else { Err(WeightsError) }
    }

    /// How many trained numbers there are.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let kinds = self.modalities.values().flat_map(|r| r.kinds.values());
        kinds.map(Vec::len).sum()
    }

    /// Whether an image is like those that the model was trained on: no more than
    /// [`STRANGE`] of its features lie outside of nearly all of them.
    #[must_use]
    pub fn knows(&self, modality: &str, features: &[f64; FEATURES]) -> bool {
        self.modalities.get(modality).is_some_and(|r| {
            let standard = r.standard(features);
            let far = standard.iter().filter(|v| v.abs() >= 3.0).count();
            far <= STRANGE
        })
    }

    /// The probability of a kind of damage; `None` where the model does not know it.
    #[must_use]
    pub fn probability(
        &self,
        modality: &str,
        kind: &str,
        features: &[f64; FEATURES],
    ) -> Option<f64> {
        let regressions = self.modalities.get(modality)?;
        let weights = regressions.kinds.get(kind)?;
        let sum: f64 = regressions
            .standard(features)
            .iter()
            .chain([&1.0])
            .zip(weights)
            .map(|(f, w)| f * w)
            .sum();
        Some(1.0 / (1.0 + (-sum).exp()))
    }
}

impl Regressions {
    /// Features less their mean over their deviation, clamped.
    #[must_use]
    pub fn standard(&self, features: &[f64; FEATURES]) -> Vec<f64> {
        features
            .iter()
            .zip(self.mean.iter().zip(&self.deviation))
            .map(|(f, (mean, deviation))| ((f - mean) / deviation).clamp(-FARTHEST, FARTHEST))
            .collect()
    }
}
