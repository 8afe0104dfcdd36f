//! What the desks ask their worker: protocols that are tried out, and clinical tables.
//!
//! A desk stands beside the way of a contribution. Nothing that is asked here changes
//! what leaves: images go on under the project's protocol.

use cordon_contribute::Comparison;
use cordon_protocol::{AttributeAction, DeidOption, Protocol, Tag};
use serde::{Deserialize, Serialize};

use crate::messages::Input;

/// A question of a desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Whether this version can obey the protocol. Answer: [`Told::Checked`].
    Check(Box<Protocol>),
    /// What becomes of an image under two protocols. Answer: [`Told::Compared`].
    Compare {
        /// The project's.
        project: Box<Protocol>,
        /// The one that is tried out.
        trial: Box<Protocol>,
        /// The site key: pseudonyms and dates on the screen are those that would leave.
        key: [u8; 32],
        /// The image.
        input: Input,
    },
    /// A protocol in TOML, or a script of RSNA CTP, from the first attachment.
    /// Answer: [`Told::Read`].
    Read,
    /// One of those that come with Cordon. Answer: [`Told::Read`].
    Ready(String),
    /// Attributes by tag, keyword or name. Answer: [`Told::Found`].
    Find {
        /// What was typed.
        text: String,
        /// Under these options.
        options: Vec<DeidOption>,
    },
}

/// A desk's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// The protocol as a file, or why it is none.
    Checked(Result<Box<Sound>, Fault>),
    /// What becomes of the image.
    Compared(Box<Comparison>),
    /// What was read, or why nothing was.
    Read(Result<Box<Opened>, Fault>),
    /// Attributes, the likeliest first.
    Found(Vec<Known>),
    /// It went wrong; a sentence without any value of a file.
    Sentence(String),
}

/// A protocol that this version can obey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sound {
    /// Its file.
    pub toml: String,
    /// Its digest.
    pub sha256: String,
    /// The names of the attributes that it speaks of.
    pub names: Vec<(Tag, String)>,
}

/// Why a protocol is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The field, such as `deid.options`; empty where it is the whole.
    pub field: String,
    /// Why, in the words of `crates/protocol`.
    pub sentence: String,
}

/// A protocol that was read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The protocol.
    pub protocol: Protocol,
    /// Where it was translated from a script: what became of that.
    pub script: Option<Script>,
}

/// What became of a script of RSNA CTP.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// How many rules the protocol carries out.
    pub carried: usize,
    /// How many were switched off in the script.
    pub disabled: usize,
    /// What is not as in the script: line, element, reason.
    pub not_carried: Vec<(u32, String, String)>,
}

/// An attribute of PS3.6 and what a protocol may ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The tag.
    pub tag: Tag,
    /// The name for people.
    pub name: String,
    /// The VR.
    pub vr: String,
    /// Every action, and why not where it may not be asked.
    pub actions: Vec<(AttributeAction, Option<String>)>,
}
