//! What a project asks of every contribution.
//!
//! The server publishes a protocol, the browser and the command obey it. It is a
//! readable TOML file; its digest, over the canonical JSON form, names it in
//! receipts and stamps.

use serde::{Deserialize, Serialize};

use crate::{DeidOption, canonical_json, sha256_hex};

/// A protocol: options, limits and who approves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Who approves what.
    #[serde(default)]
    pub approval: Approval,
}

/// De-identification part of a protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deid {
    /// Options beside the Basic Profile, which always applies. An option that
    /// this build cannot carry out is refused when the protocol is read.
    pub options: Vec<DeidOption>,
    /// Put before every pseudonym, at most 16 characters of `[A-Z0-9-]`.
    pub pseudonym_prefix: String,
}

/// What a project takes in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Modalities by (0008,0060); empty means any.
    pub modalities: Vec<String>,
}

/// Approval part of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// Whether a person may release what is `Held`. If not, it stays behind.
    pub held_may_be_approved: bool,
}

impl Default for Approval {
    fn default() -> Self {
        Self {
            held_may_be_approved: true,
        }
    }
}

fn one() -> u32 {
    1
}
fn edition() -> String {
    "2026d".to_owned()
}

/// Why a protocol was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// The text is not a protocol.
    #[error("the protocol file cannot be read: {0}")]
    Syntax(String),
    /// An option that this build does not carry out: better no contribution than a false stamp.
    #[error("the protocol asks for \"{0}\", which this version of Cordon cannot do yet")]
    OptionNotSupported(&'static str),
    /// The edition is not the one that this build holds.
    #[error("the protocol asks for edition {0} of PS3.15; this version of Cordon holds 2026d")]
    Edition(String),
    /// A field holds something it must not hold.
    #[error("the protocol's {0} is not allowed: {1}")]
    Field(&'static str, &'static str),
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
            approval: Approval::default(),
        }
    }

    /// Reads a protocol from TOML and checks it.
    ///
    /// # Errors
    /// When the text is not a protocol, or asks for what this build cannot do.
    pub fn from_toml(text: &str) -> Result<Self, ProtocolError> {
        let protocol: Self =
            toml::from_str(text).map_err(|e| ProtocolError::Syntax(e.message().to_owned()))?;
        protocol.validate()?;
        Ok(protocol)
    }

    /// Reads a protocol from JSON, the form in which a server publishes it, and checks it.
    ///
    /// # Errors
    /// As [`Protocol::from_toml`].
    pub fn from_json(text: &str) -> Result<Self, ProtocolError> {
        let protocol: Self =
            serde_json::from_str(text).map_err(|e| ProtocolError::Syntax(e.to_string()))?;
        protocol.validate()?;
        Ok(protocol)
    }

    /// Whether this build can obey the protocol to the letter.
    ///
    /// # Errors
    /// On the first thing that it cannot obey.
    pub fn validate(&self) -> Result<(), ProtocolError> {
        if self.edition != edition() {
            return Err(ProtocolError::Edition(self.edition.clone()));
        }
        let name = |s: &str| {
            !s.is_empty()
                && s.len() <= 64
                && s.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !name(&self.id) {
            return Err(ProtocolError::Field("id", "1 to 64 of a-z, 0-9 and -"));
        }
        let prefix = &self.deid.pseudonym_prefix;
        if prefix.len() > 16
            || !prefix
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err(ProtocolError::Field(
                "pseudonym_prefix",
                "at most 16 of A-Z, 0-9 and -",
            ));
        }
        let has = |o| self.deid.options.contains(&o);
        if has(DeidOption::RetainFullDates) && has(DeidOption::RetainModifiedDates) {
            return Err(ProtocolError::Field(
                "options",
                "full dates and modified dates exclude each other (PS3.15 section E.3.6)",
            ));
        }
        match self.deid.options.iter().find(|o| !o.is_supported()) {
            Some(option) => Err(ProtocolError::OptionNotSupported(option.meaning())),
            None => Ok(()),
        }
    }

    /// SHA-256 over the canonical JSON form, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(canonical_json(self).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_cannot_be_carried_out_is_refused() {
        let text = "id='x'\ntitle='X'\n[deid]\noptions=['clean-pixel-data']";
        assert_eq!(
            Protocol::from_toml(text),
            Err(ProtocolError::OptionNotSupported("Clean Pixel Data Option"))
        );
        let both =
            "id='x'\ntitle='X'\n[deid]\noptions=['retain-full-dates','retain-modified-dates']";
        assert!(Protocol::from_toml(both).is_err());
        assert!(Protocol::from_toml("id='x'\ntitle='X'\nsurprise=1").is_err());
        assert!(Protocol::from_toml("id='x'\ntitle='X'\nedition='2019a'").is_err());
        assert!(Protocol::from_toml("id='x'\ntitle='X'").is_ok());
    }

    #[test]
    fn the_digest_follows_the_content_and_not_the_form() {
        let a = Protocol::basic();
        let b = Protocol::from_json(&serde_json::to_string_pretty(&a).expect("json"))
            .expect("protocol");
        assert_eq!(a.digest(), b.digest());
        let mut c = a.clone();
        c.deid.pseudonym_prefix = "X-".to_owned();
        assert_ne!(a.digest(), c.digest());
    }
}
