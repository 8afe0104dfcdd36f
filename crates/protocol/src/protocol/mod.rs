//! What a project asks of every contribution.
//!
//! The server publishes a protocol, the browser and the command obey it. It is a
//! readable TOML file; its digest, over the canonical JSON form, names it in
//! receipts and stamps.

use serde::{Deserialize, Serialize};

use crate::{DeidOption, canonical_json, sha256_hex};

mod approval;
mod attribute;
mod error;
mod pixels;
mod quality;
mod ready;
mod require;
#[cfg(test)]
mod tests;
mod values;

pub use approval::Approval;
pub use attribute::{Attribute, AttributeAction, PrivateTag};
use error::Bad;
pub use error::{Line, ProtocolError};
pub use pixels::{Face, HarmlessText, Text, TextLook};
pub use quality::{
    Amount, CodeWeight, DAMAGE_KINDS, DamageLimit, METRICS, MetricLimit, Quality, QualityNear,
};
pub use ready::{READY, Ready};
pub use require::{Limit, Require, Required, Unmet, Weight, is_requirement};

/// A protocol: options, limits and who approves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Short stable name, `[a-z0-9-]`.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Version of the protocol, counted by its author.
    #[serde(default = "one")]
    pub version: u32,
    /// Edition of PS3.15 that the rules come from.
    #[serde(default = "edition")]
    pub edition: String,
    /// A sentence or two for the contributor.
    #[serde(default)]
    pub purpose: String,
    /// De-identification.
    #[serde(default)]
    pub deid: Deid,
    /// What the project takes.
    #[serde(default)]
    pub accept: Accept,
    /// What a contribution must bring.
    #[serde(default, skip_serializing_if = "Require::is_nothing")]
    pub require: Require,
    /// Text in pictures.
    #[serde(default, skip_serializing_if = "Text::is_usual")]
    pub text: Text,
    /// Faces.
    #[serde(default, skip_serializing_if = "Face::is_usual")]
    pub face: Face,
    /// Limits of the quality screening.
    #[serde(default, skip_serializing_if = "Quality::is_nothing")]
    pub quality: Quality,
    /// Who approves what.
    #[serde(default)]
    pub approval: Approval,
}

/// De-identification part of a protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Deid {
    /// Options beside the Basic Profile, which always applies. An option that
    /// this build cannot carry out is refused when the protocol is read.
    pub options: Vec<DeidOption>,
    /// Put before every pseudonym, at most 16 characters of `[A-Z0-9-]`.
    pub pseudonym_prefix: String,
    /// The form of what follows the prefix.
    #[serde(skip_serializing_if = "PseudonymForm::is_usual")]
    pub pseudonym_form: PseudonymForm,
    /// What is asked for single attributes; stands above the options.
    #[serde(rename = "attribute", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// The form of a pseudonym behind its prefix. Both are of 20 characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PseudonymForm {
    /// Letters and digits, without letters that are taken for digits.
    #[default]
    Letters,
    /// Digits only, for systems that take nothing else.
    Digits,
}

impl PseudonymForm {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for a reference"
    )]
    fn is_usual(&self) -> bool {
        *self == Self::Letters
    }
}

/// What a project takes in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Modalities by (0008,0060); empty means any.
    pub modalities: Vec<String>,
}

fn one() -> u32 {
    1
}
fn edition() -> String {
    "2026d".to_owned()
}

impl Protocol {
    /// The Basic Profile and nothing else: what runs when nobody says otherwise.
    #[must_use]
    pub fn basic() -> Self {
        Self {
            id: "basic".to_owned(),
            title: "Basic Profile".to_owned(),
            version: 1,
            edition: edition(),
            purpose: "PS3.15 Basic Application Confidentiality Profile without options.".to_owned(),
            deid: Deid::default(),
            accept: Accept::default(),
            require: Require::default(),
            text: Text::default(),
            face: Face::default(),
            quality: Quality::default(),
            approval: Approval::default(),
        }
    }

    /// Reads a protocol from TOML and checks it.
    ///
    /// # Errors
    /// When the text is not a protocol, or asks for what this build cannot do. The error names
    /// the line and the field.
    pub fn from_toml(text: &str) -> Result<Self, ProtocolError> {
        let protocol: Self = toml::from_str(text).map_err(|e| ProtocolError::Syntax {
            at: e
                .span()
                .map_or(Line::default(), |span| Line::of(text, span.start)),
            why: e.message().to_owned(),
        })?;
        protocol.validate().map_err(|e| match e {
            ProtocolError::Field { field, why, .. } => ProtocolError::Field {
                at: Line::of_field(text, &field),
                field,
                why,
            },
            other => other,
        })?;
        Ok(protocol)
    }

    /// Reads a protocol from JSON, the form in which a server publishes it, and checks it.
    ///
    /// # Errors
    /// As [`Protocol::from_toml`].
    pub fn from_json(text: &str) -> Result<Self, ProtocolError> {
        let protocol: Self = serde_json::from_str(text).map_err(|e| ProtocolError::Syntax {
            at: Line(Some(e.line())),
            why: e.to_string(),
        })?;
        protocol.validate()?;
        Ok(protocol)
    }

    /// The protocol as a TOML file that reads back as the same.
    ///
    /// # Errors
    /// Never for a protocol that was read; a table's key that TOML cannot write otherwise.
    pub fn to_toml(&self) -> Result<String, ProtocolError> {
        toml::to_string_pretty(self).map_err(|e| ProtocolError::Syntax {
            at: Line::default(),
            why: e.to_string(),
        })
    }

    /// Whether this build can obey the protocol to the letter.
    ///
    /// # Errors
    /// On the first thing that it cannot obey.
    pub fn validate(&self) -> Result<(), ProtocolError> {
        if self.edition != edition() {
            return Err(ProtocolError::Edition(self.edition.clone()));
        }
        self.names()?;
        let has = |o| self.deid.options.contains(&o);
        if has(DeidOption::RetainFullDates) && has(DeidOption::RetainModifiedDates) {
            let why = "full dates and modified dates exclude each other (PS3.15 section E.3.6)";
            return Err(Bad::new("deid.options", why).into());
        }
        if let Some(option) = self.deid.options.iter().find(|o| !o.is_supported()) {
            return Err(ProtocolError::OptionNotSupported(option.meaning()));
        }
        attribute::validate(&self.deid.attributes, &self.deid.options)?;
        self.require.validate()?;
        self.text.validate()?;
        self.face.validate()?;
        self.quality.validate()?;
        self.approval.validate()?;
        Ok(())
    }

    fn names(&self) -> Result<(), Bad> {
        let id = self.id.as_bytes();
        let small = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
        if id.is_empty() || id.len() > 64 || !id.iter().all(small) {
            return Err(Bad::new("id", "1 to 64 of a-z, 0-9 and -"));
        }
        let prefix = self.deid.pseudonym_prefix.as_bytes();
        let large = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-';
        if prefix.len() > 16 || !prefix.iter().all(large) {
            let why = "at most 16 of A-Z, 0-9 and -";
            return Err(Bad::new("deid.pseudonym_prefix", why));
        }
        Ok(())
    }

    /// SHA-256 over the canonical JSON form, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(canonical_json(self).as_bytes())
    }
}
