//! Protocols that are ready to use, compiled in.
//!
//! Each is the text of a file under `ready/`, so that a project can start from it
//! and a person can read it.

use super::{Protocol, ProtocolError};

/// A protocol that comes with Cordon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    /// Its id, and the name to ask for it.
    pub id: &'static str,
    /// The TOML file.
    pub toml: &'static str,
}

/// All of them, the plainest first.
pub const READY: [Ready; 4] = [
    Ready {
        id: "basic",
        toml: include_str!("../../ready/basic.toml"),
    },
    Ready {
        id: "research-longitudinal",
        toml: include_str!("../../ready/research-longitudinal.toml"),
    },
    Ready {
        id: "eucaim-like",
        toml: include_str!("../../ready/eucaim-like.toml"),
    },
    Ready {
        id: "teaching-file",
        toml: include_str!("../../ready/teaching-file.toml"),
    },
];

impl Ready {
    /// The one with this id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        READY.into_iter().find(|ready| ready.id == id)
    }

    /// The protocol, read and checked as any other.
    ///
    /// # Errors
    /// As [`Protocol::from_toml`]; a test holds that there are none.
    pub fn protocol(&self) -> Result<Protocol, ProtocolError> {
        Protocol::from_toml(self.toml)
    }
}
