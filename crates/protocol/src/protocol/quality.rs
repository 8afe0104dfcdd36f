//! What a project asks of the quality of images.
//!
//! Quality is no question of identity: a project may take a code of the screening more or less
//! seriously than Cordon does. Nothing here touches what protects a person.

use serde::{Deserialize, Serialize};

use super::error::Bad;
use crate::{Code, Severity};

/// Names of the image metrics that a limit can be given for. Their definitions and units are
/// in `cordon-screen`'s `metrics`.
pub const METRICS: &[&str] = &[
    "snr_local",
    "snrd",
    "cnr_classes",
    "cjv_classes",
    "efc",
    "fber",
    "noise_air",
    "noise_hu",
    "sharpness",
    "gsr_x",
    "gsr_y",
    "clipped_share",
    "metal_share",
    "streak_index",
    "air_hu",
    "slice_jump",
    "edge_share",
];

/// Kinds of damage that the learned screen knows.
pub const DAMAGE_KINDS: &[&str] = &[
    "motion",
    "noise",
    "blur",
    "ghosting",
    "wrap",
    "bias",
    "metal",
    "clipping",
    "slices-lost",
    "slices-swapped",
];

/// What a project asks of quality.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Quality {
    /// What follows from a code of the screening, instead of its usual weight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeWeight>,
    /// Limits of image metrics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricLimit>,
    /// Limits of the learned screen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub damage: Vec<DamageLimit>,
    /// Slices thicker than this, in millimetres, are noticed; 5 where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_thickness: Option<Amount>,
    /// When two series count as nearly the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near: Option<QualityNear>,
}

/// What follows from a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeWeight {
    /// A stable code of the screening, such as `series-gantry-tilt`.
    pub code: String,
    /// What follows.
    pub weight: Severity,
    /// For this modality only, by (0008,0060); all where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
}

/// The limits of one image metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricLimit {
    /// The metric, one of [`METRICS`].
    pub metric: String,
    /// For this modality only, by (0008,0060); all where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// The smallest value that is let pass, in the metric's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Amount>,
    /// The largest value that is let pass, in the metric's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Amount>,
    /// What follows outside of them, and where the metric cannot be measured.
    #[serde(default = "held")]
    pub otherwise: Severity,
}

/// The limit of one kind of damage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DamageLimit {
    /// The kind, one of [`DAMAGE_KINDS`].
    pub kind: String,
    /// For this modality only, by (0008,0060); all where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// The probability above which it is noticed, 0 to 1.
    pub above: Amount,
    /// What follows.
    #[serde(default = "held")]
    pub otherwise: Severity,
}

/// When two series count as nearly the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QualityNear {
    /// The largest share of differing bits of their perceptual hashes, 0 to 0.5.
    pub bits: Amount,
}

/// A finite number that can be compared for equality, as digests of protocols need.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Amount(pub f64);

// A protocol with a number that is not finite is refused by `validate`.
impl Eq for Amount {}

fn held() -> Severity {
    Severity::Held
}

impl Quality {
    /// Whether anything follows from what the screening finds or measures.
    #[must_use]
    pub fn is_screened(&self) -> bool {
        !(self.codes.is_empty() && self.metrics.is_empty() && self.damage.is_empty())
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What follows from a code for images of this modality: the protocol's weight, the last one
    /// that fits, or the code's own.
    #[must_use]
    pub fn weight(&self, code: Code, modality: &str) -> Severity {
        self.codes
            .iter()
            .rev()
            .find(|c| c.code == code.as_str() && fits(c.modality.as_deref(), modality))
            .map_or(code.severity(), |c| c.weight)
    }

    /// The limits of metrics for images of this modality.
    pub fn limits<'q>(&'q self, modality: &'q str) -> impl Iterator<Item = &'q MetricLimit> {
        self.metrics
            .iter()
            .filter(move |m| fits(m.modality.as_deref(), modality))
    }

    /// The limit of a kind of damage for images of this modality, the last one that fits.
    #[must_use]
    pub fn damage(&self, kind: &str, modality: &str) -> Option<&DamageLimit> {
        self.damage
            .iter()
            .rev()
            .find(|d| d.kind == kind && fits(d.modality.as_deref(), modality))
    }

    pub(super) fn validate(&self) -> Result<(), Bad> {
        for (i, one) in self.codes.iter().enumerate() {
            let known = Code::ALL
                .iter()
                .any(|c| c.as_str() == one.code && c.is_quality());
            if !known {
                return Err(Bad::new(
                    format!("quality.codes[{}].code", i + 1),
                    "the screening has no such code; what protects a person cannot be weakened",
                ));
            }
        }
        for (i, one) in self.metrics.iter().enumerate() {
            let field = |name: &str| format!("quality.metrics[{}].{name}", i + 1);
            if !METRICS.contains(&one.metric.as_str()) {
                return Err(Bad::new(field("metric"), "there is no such metric"));
            }
            let (min, max) = (one.min.map(|a| a.0), one.max.map(|a| a.0));
            if min.is_none() && max.is_none() {
                return Err(Bad::new(field("min"), "a limit needs min, max or both"));
            }
            if [min, max].iter().flatten().any(|v| !v.is_finite())
                || min.zip(max).is_some_and(|(min, max)| min > max)
            {
                return Err(Bad::new(
                    field("min"),
                    "finite numbers, min not above max, are asked for",
                ));
            }
        }
        for (i, one) in self.damage.iter().enumerate() {
            let field = |name: &str| format!("quality.damage[{}].{name}", i + 1);
            if !DAMAGE_KINDS.contains(&one.kind.as_str()) {
                return Err(Bad::new(field("kind"), "there is no such kind of damage"));
            }
            if !(0.0..=1.0).contains(&one.above.0) {
                return Err(Bad::new(field("above"), "a probability is 0 to 1"));
            }
        }
        if self
            .max_thickness
            .is_some_and(|t| !(t.0.is_finite() && t.0 > 0.0))
        {
            return Err(Bad::new("quality.max_thickness", "millimetres above zero"));
        }
        if self
            .near
            .as_ref()
            .is_some_and(|n| !(0.0..=0.5).contains(&n.bits.0))
        {
            return Err(Bad::new("quality.near.bits", "a share is 0 to 0.5"));
        }
        Ok(())
    }
}

fn fits(asked: Option<&str>, modality: &str) -> bool {
    asked.is_none_or(|m| m == modality)
}

#[cfg(test)]
mod tests {
    use crate::{Code, Protocol, Severity};

    fn read(text: &str) -> Result<Protocol, crate::ProtocolError> {
        Protocol::from_toml(&format!("id='x'\ntitle='X'\n{text}"))
    }

    #[test]
    fn a_weight_is_for_a_modality_and_the_last_one_counts() {
        let quality = read(
            "[[quality.codes]]\ncode='series-gantry-tilt'\nweight='held'\n\
             [[quality.codes]]\ncode='series-gantry-tilt'\nweight='refused'\nmodality='CT'",
        )
        .expect("protocol")
        .quality;
        assert_eq!(quality.weight(Code::SeriesTilt, "CT"), Severity::Refused);
        assert_eq!(quality.weight(Code::SeriesTilt, "MR"), Severity::Held);
        assert_eq!(quality.weight(Code::SeriesMissing, "MR"), Severity::Held);
    }

    #[test]
    fn what_protects_a_person_cannot_be_weakened() {
        let shown = read("[[quality.codes]]\ncode='head'\nweight='note'")
            .expect_err("refused")
            .to_string();
        assert!(shown.contains("quality.codes[1].code"), "{shown}");
    }

    #[test]
    fn limits_are_finite_and_of_known_things() {
        for text in [
            "[[quality.metrics]]\nmetric='nonsense'\nmin=1.0",
            "[[quality.metrics]]\nmetric='snrd'",
            "[[quality.metrics]]\nmetric='snrd'\nmin=nan",
            "[[quality.metrics]]\nmetric='snrd'\nmin=2.0\nmax=1.0",
            "[[quality.damage]]\nkind='motion'\nabove=1.5",
            "[[quality.damage]]\nkind='boredom'\nabove=0.5",
            "[quality]\nmax_thickness=0.0",
            "[quality.near]\nbits=0.9",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let whole = "[quality]\nmax_thickness=3.0\n[[quality.metrics]]\nmetric='snrd'\nmin=10.0\n\
             [[quality.damage]]\nkind='motion'\nabove=0.9\n[quality.near]\nbits=0.05";
        let protocol = read(whole).expect("protocol");
        let again = Protocol::from_toml(&protocol.to_toml().expect("TOML")).expect("again");
        assert_eq!(protocol, again);
    }
}
