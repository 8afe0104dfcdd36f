//! What the screening says about one series.

use std::collections::BTreeMap;

use cordon_protocol::{Code, Severity, Verdict};
use serde::Serialize;

/// One thing that the screening noticed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Noticed {
    /// What: a stable code.
    pub code: Code,
    /// How much it weighs in this project.
    pub weight: Severity,
    /// How many slices it is about; none where it is about the whole series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slices: Option<usize>,
    /// The metric, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// What it means and what to do; never a value of the header.
    pub sentence: String,
}

impl Noticed {
    /// About the series as a whole, with the code's usual weight.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            weight: code.severity(),
            slices: None,
            metric: None,
            sentence: code.sentence().to_owned(),
        }
    }

    /// About this many slices.
    #[must_use]
    pub fn slices(code: Code, n: usize) -> Self {
        let mut one = Self::new(code);
        one.slices = Some(n);
        let word = if n == 1 { "slice" } else { "slices" };
        one.sentence = format!("{} ({n} {word})", code.sentence());
        one
    }

    /// About a metric.
    #[must_use]
    pub fn metric(code: Code, metric: &str, weight: Severity) -> Self {
        let mut one = Self::new(code);
        one.metric = Some(metric.to_owned());
        one.weight = weight;
        one.sentence = format!("{metric}: {}", code.sentence());
        one
    }
}

/// One measured value with its unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    /// The value; never NaN.
    pub value: f64,
    /// Its unit; empty for plain ratios.
    pub unit: &'static str,
}

/// What the learned screen says about one kind of damage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Damage {
    /// The kind, one of [`cordon_protocol::DAMAGE_KINDS`].
    pub kind: &'static str,
    /// How sure it is, 0 to 1.
    pub probability: f64,
}

/// The outcome of one series. Holds no value of a header, no path, no digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesReport {
    /// Counted from 1, in the order in which the series were given.
    pub series: usize,
    /// Modality (0008,0060) where it is a plain code.
    pub modality: String,
    /// Files of the series.
    pub files: usize,
    /// Frames of the series.
    pub slices: usize,
    /// Stacks that they make.
    pub stacks: usize,
    /// Slices of the largest stack, which the metrics are measured on.
    pub measured_stack: usize,
    /// How many of these slices the metrics were measured on.
    pub measured_slices: usize,
    /// What follows, by the project's weights.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: Vec<Noticed>,
    /// What was measured, by name.
    pub metrics: BTreeMap<&'static str, Metric>,
    /// What the learned screen says, by kind; empty where it does not apply.
    pub damage: Vec<Damage>,
}

impl SeriesReport {
    /// The verdict that weights of findings lead to.
    #[must_use]
    pub fn verdict_of(findings: &[Noticed]) -> Verdict {
        match findings.iter().map(|f| f.weight).max() {
            None | Some(Severity::Note) => Verdict::Clean,
            Some(Severity::Held) => Verdict::Held,
            Some(Severity::Refused) => Verdict::Refused,
        }
    }
}
