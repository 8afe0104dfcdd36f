//! What a project asks of the pixels: text in the picture and faces.

use serde::{Deserialize, Serialize};

use super::error::Bad;

/// What a project asks about text in pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Text {
    /// In which pictures the detector looks for text.
    #[serde(skip_serializing_if = "TextLook::is_usual")]
    pub look: TextLook,
    /// Whether pictures that usually carry text (secondary captures, ultrasound, derived pictures,
    /// and those that say so themselves) leave without a person's look when the detector finds no
    /// text, or finds none any more. They are held for a person where this is not said.
    #[serde(skip_serializing_if = "is_false")]
    pub trust_detector: bool,
    /// Kinds of text that may stay, of those that say nothing about a person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<HarmlessText>,
}

/// In which pictures the detector looks for text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TextLook {
    /// In none: what may carry text is held for a person.
    Never,
    /// In those whose header does not rule text out.
    #[default]
    Risky,
    /// In all; a picture in which nobody has looked is held.
    All,
}

/// Text that says nothing about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HarmlessText {
    /// A letter or two that say which side is shown: L, R, PA.
    SideMarker,
    /// A ruler and its numbers.
    Ruler,
    /// Window centre and width.
    WindowValue,
}

impl HarmlessText {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::SideMarker, Self::Ruler, Self::WindowValue];

    /// Its word in a protocol.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SideMarker => "side-marker",
            Self::Ruler => "ruler",
            Self::WindowValue => "window-value",
        }
    }
}

/// What a project asks about faces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Face {
    /// Whether faces are taken off heads in volumes. Where they are not, heads are held.
    #[serde(skip_serializing_if = "is_true")]
    pub remove: bool,
    /// Whether eyes and orbits stay, for research on them.
    #[serde(skip_serializing_if = "is_false")]
    pub keep_orbits: bool,
    /// Whether a head of which the verifier is unsure is held. Always: it may be said, and nothing
    /// else may be said.
    #[serde(skip_serializing_if = "is_true")]
    pub hold_unsure: bool,
}

impl Default for Face {
    fn default() -> Self {
        Self {
            remove: true,
            keep_orbits: false,
            hold_unsure: true,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_true(value: &bool) -> bool {
    *value
}

impl TextLook {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for a reference"
    )]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Text {
    /// Whether the usual is asked.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn validate(&self) -> Result<(), Bad> {
        if self.trust_detector && self.look == TextLook::Never {
            let why = "a detector that never looks cannot be trusted";
            return Err(Bad::new("text.trust_detector", why));
        }
        let mut seen = Vec::new();
        for (i, kind) in self.keep.iter().enumerate() {
            if seen.contains(kind) {
                return Err(Bad::new(format!("text.keep[{}]", i + 1), "it stands twice"));
            }
            seen.push(*kind);
        }
        Ok(())
    }
}

impl Face {
    /// Whether the usual is asked.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn validate(&self) -> Result<(), Bad> {
        if !self.hold_unsure {
            let why = "a face that may still be there is always held";
            return Err(Bad::new("face.hold_unsure", why));
        }
        if self.keep_orbits && !self.remove {
            let why = "nothing is taken off, so there is nothing to keep";
            return Err(Bad::new("face.keep_orbits", why));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Protocol;

    fn read(text: &str) -> Result<Protocol, crate::ProtocolError> {
        Protocol::from_toml(&format!("id='x'\ntitle='X'\n{text}"))
    }

    #[test]
    fn kinds_have_the_words_of_the_file() {
        for kind in HarmlessText::ALL {
            let text = format!("[text]\nkeep=['{}']", kind.word());
            assert_eq!(read(&text).expect("protocol").text.keep, [kind]);
        }
    }

    #[test]
    fn what_is_usual_need_not_be_said_and_may_be() {
        let plain = read("").expect("protocol");
        assert_eq!(plain.text.look, TextLook::Risky);
        assert!(plain.face.remove && plain.face.hold_unsure);
        let said = read(
            "[text]\nlook='risky'\ntrust_detector=false\n[face]\nremove=true\nhold_unsure=true",
        );
        assert_eq!(said.expect("protocol").digest(), plain.digest());
    }

    #[test]
    fn what_is_asked_reads_back() {
        let text = "[text]\nlook='all'\ntrust_detector=true\nkeep=['side-marker','ruler']\n\
                    [face]\nkeep_orbits=true";
        let protocol = read(text).expect("protocol");
        let again = Protocol::from_toml(&protocol.to_toml().expect("TOML")).expect("again");
        assert_eq!(protocol, again);
        assert!(again.face.remove && again.face.keep_orbits && again.text.trust_detector);
    }

    #[test]
    fn what_protects_a_person_cannot_be_weakened() {
        for (text, field) in [
            ("[face]\nhold_unsure=false", "face.hold_unsure"),
            ("[face]\nremove=false\nkeep_orbits=true", "face.keep_orbits"),
            (
                "[text]\nlook='never'\ntrust_detector=true",
                "text.trust_detector",
            ),
            ("[text]\nkeep=['ruler','ruler']", "text.keep[2]"),
        ] {
            let shown = read(text).expect_err("refused").to_string();
            assert!(shown.contains(field), "{shown}");
        }
        assert!(read("[text]\nkeep=['name']").is_err());
        assert!(read("[text]\nlook='sometimes'").is_err());
    }
}
