//! Reads a script of RSNA CTP's DicomAnonymizer into a protocol.
//!
//! Every imaging group owns such a script. It says for each attribute what happens
//! to it; a protocol starts from a profile of the standard instead and says what is
//! different. So a script is not copied but translated: what the profile or an
//! option does anyway needs no word, what a protocol can ask for is asked for, and
//! all else is listed with its line and the reason ([`NotCarried`]). Where a rule of
//! the script cannot be carried over, the profile decides, which takes out more.

mod function;
mod script;
mod translate;

use cordon_protocol::{Protocol, ProtocolError, Tag};

pub use function::Call;

/// What became of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The protocol, valid for this version of Cordon.
    pub protocol: Protocol,
    /// How many rules of the script the protocol carries out.
    pub carried: usize,
    /// How many rules were switched off in the script.
    pub disabled: usize,
    /// What is not as in the script.
    pub not_carried: Vec<NotCarried>,
}

/// A rule of the script that could not be carried over, or not to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCarried {
    /// The line of the script, counted from 1.
    pub line: u32,
    /// The attribute with its name, or the kind of rule.
    pub element: String,
    /// Why, and what happens instead.
    pub reason: String,
}

impl std::fmt::Display for NotCarried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.element, self.reason)
    }
}

/// Why a text is no script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CtpError {
    /// It is not XML.
    #[error("line {line}: the script is not well-formed XML")]
    Xml {
        /// Where the reader stumbled.
        line: u32,
    },
    /// It is XML of another kind.
    #[error("the file is no DicomAnonymizer script: its root element is not <script>")]
    NotAScript,
    /// It is larger than any script.
    #[error("the script is larger than 8 MiB")]
    TooLarge,
    /// The protocol that came out cannot be used, which is a fault of this translation.
    #[error("the translation is no valid protocol: {0}")]
    Protocol(#[from] ProtocolError),
}

/// Most bytes of a script.
const MAX_BYTES: usize = 8 << 20;

/// Translates a script. `id` and `title` name the protocol that comes out.
///
/// # Errors
/// When the text is no script.
pub fn convert(text: &str, id: &str, title: &str) -> Result<Converted, CtpError> {
    if text.len() > MAX_BYTES {
        return Err(CtpError::TooLarge);
    }
    let script = script::read(text)?;
    let converted = translate::translate(&script, id, title);
    converted.protocol.validate()?;
    Ok(converted)
}

/// An attribute for people: its tag and, where PS3.6 has one, its name.
fn named(tag: Tag) -> String {
    match cordon_dicom::name(tag) {
        Some(name) => format!("{tag} {name}"),
        None => tag.to_string(),
    }
}
