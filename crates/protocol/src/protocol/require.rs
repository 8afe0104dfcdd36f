//! What a project requires of a contribution, beside its being clean.
//!
//! Requirements only ever make a verdict stricter. Those about one object are
//! judged when it is cleaned, those about a series when it is whole.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::Bad;
use super::values;
use crate::{Code, Finding, Severity, Tag, Verdict};

/// What is required of a contribution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Require {
    /// Modalities that every study must bring, by (0008,0060).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modalities: Vec<String>,
    /// Body parts that are asked for, by (0018,0015); empty means any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body_parts: Vec<String>,
    /// Fewest slices of a series of CT, MR or PT images.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_slices: u32,
    /// Attributes that must have a value in every image.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Required>,
    /// Checks whose findings weigh more here than elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Limit>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// An attribute that must have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// Which.
    pub tag: Tag,
    /// What follows when it has none.
    #[serde(default)]
    pub otherwise: Weight,
    /// Why it is needed.
    pub reason: String,
}

/// How many findings of one code an object may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The stable code of the finding, such as `no-patient-id`.
    pub code: String,
    /// How many are let pass.
    #[serde(default)]
    pub limit: u32,
    /// What follows when there are more.
    pub otherwise: Weight,
}

/// What a requirement that is not met leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A person must look.
    #[default]
    Held,
    /// It stays behind.
    Refused,
}

impl Weight {
    const fn verdict(self) -> Verdict {
        match self {
            Self::Held => Verdict::Held,
            Self::Refused => Verdict::Refused,
        }
    }
}

/// A requirement on a series or study that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// The study lacks a modality.
    Modality(String),
    /// The series has fewer slices than are asked for.
    Slices {
        /// How many it has.
        has: u32,
        /// How many are asked for.
        wants: u32,
    },
}

impl Unmet {
    /// The finding of the objects that it concerns.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Modality(_) => Code::StudyLacksModality,
            Self::Slices { .. } => Code::SeriesTooShort,
        }
    }

    /// A sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Modality(modality) => {
                format!("the project asks for {modality} in every study, and this study has none")
            }
            Self::Slices { has, wants } => format!(
                "the project asks for at least {wants} slices in a series, and this one has {has}"
            ),
        }
    }
}

impl Require {
    /// Whether nothing is required.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn validate(&self) -> Result<(), Bad> {
        let code = |s: &String| {
            !s.is_empty()
                && s.len() <= 16
                && s.bytes().all(|b| {
                    b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_')
                })
        };
        for (field, list) in [
            ("require.modalities", &self.modalities),
            ("require.body_parts", &self.body_parts),
        ] {
            if !list.iter().all(code) {
                return Err(Bad::new(
                    field,
                    "codes of at most 16 of A-Z, 0-9, space and _",
                ));
            }
        }
        for (i, required) in self.attributes.iter().enumerate() {
            if required.tag.is_private() || values::vr(required.tag).is_none() {
                return Err(Bad::new(
                    format!("require.attributes[{}].tag", i + 1),
                    "it is no attribute of PS3.6",
                ));
            }
        }
        for (i, check) in self.checks.iter().enumerate() {
            if !Code::ALL.iter().any(|c| c.as_str() == check.code) {
                return Err(Bad::new(
                    format!("require.checks[{}].code", i + 1),
                    "there is no finding with this code",
                ));
            }
        }
        Ok(())
    }

    /// What an object of the project lacks. `value` gives the first value of an attribute as it
    /// will leave.
    pub fn instance(&self, value: impl Fn(Tag) -> Option<String>) -> Vec<Finding> {
        const BODY_PART: Tag = Tag(0x0018_0015);
        let mut findings: Vec<Finding> = self
            .attributes
            .iter()
            .filter(|r| value(r.tag).is_none_or(|v| v.trim().is_empty()))
            .map(|r| {
                let code = match r.otherwise {
                    Weight::Held => Code::RequiredMissing,
                    Weight::Refused => Code::RequiredAbsent,
                };
                Finding::at(code, r.tag)
            })
            .collect();
        if !self.body_parts.is_empty() {
            let part = value(BODY_PART).unwrap_or_default();
            if !self
                .body_parts
                .iter()
                .any(|p| p.eq_ignore_ascii_case(part.trim()))
            {
                findings.push(Finding::at(Code::BodyPartNotAsked, BODY_PART));
            }
        }
        findings
    }

    /// The verdict over findings, made stricter by the limits of the project.
    #[must_use]
    pub fn verdict(&self, findings: &[Finding]) -> Verdict {
        Verdict::of(findings).max(self.limits(findings))
    }

    /// What the limits of checks alone lead to.
    #[must_use]
    pub fn limits(&self, findings: &[Finding]) -> Verdict {
        self.checks
            .iter()
            .filter(|check| {
                let n = findings
                    .iter()
                    .filter(|f| f.code.as_str() == check.code)
                    .count();
                n > check.limit as usize
            })
            .map(|check| check.otherwise.verdict())
            .fold(Verdict::Clean, Verdict::max)
    }

    /// Whether anything is required of a series or a study as a whole.
    #[must_use]
    pub fn asks_for_wholes(&self) -> bool {
        self.min_slices > 0 || !self.modalities.is_empty()
    }

    /// What a series lacks.
    #[must_use]
    pub fn series(&self, modality: &str, slices: u32) -> Option<Unmet> {
        let stacked = matches!(modality, "CT" | "MR" | "PT");
        (stacked && slices < self.min_slices).then_some(Unmet::Slices {
            has: slices,
            wants: self.min_slices,
        })
    }

    /// What a study lacks.
    #[must_use]
    pub fn study(&self, modalities: &BTreeSet<String>) -> Vec<Unmet> {
        self.modalities
            .iter()
            .filter(|m| !modalities.contains(*m))
            .map(|m| Unmet::Modality(m.clone()))
            .collect()
    }
}

/// Whether a finding comes from a requirement and not from the object's being unclean.
#[must_use]
pub fn is_requirement(finding: &Finding) -> bool {
    finding.severity() > Severity::Note
        && matches!(
            finding.code,
            Code::RequiredMissing
                | Code::RequiredAbsent
                | Code::BodyPartNotAsked
                | Code::SeriesTooShort
                | Code::StudyLacksModality
        )
}
