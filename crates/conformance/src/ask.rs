//! What a run asks of a tool: the options of PS3.15 beside the Basic Profile.

use cordon_protocol::{DeidOption, Protocol, ProtocolError};

/// One set of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Its name in tables.
    pub name: &'static str,
    /// The options.
    pub options: &'static [DeidOption],
}

/// All sets, the plainest first.
pub const ASKS: [Ask; 3] = [
    Ask {
        name: "basic",
        options: &[],
    },
    Ask {
        name: "longitudinal",
        options: &[
            DeidOption::RetainModifiedDates,
            DeidOption::RetainPatientCharacteristics,
            DeidOption::RetainSafePrivate,
        ],
    },
    Ask {
        name: "research",
        options: &[
            DeidOption::CleanGraphics,
            DeidOption::CleanStructuredContent,
            DeidOption::CleanDescriptors,
            DeidOption::RetainModifiedDates,
            DeidOption::RetainPatientCharacteristics,
            DeidOption::RetainSafePrivate,
        ],
    },
];

impl Ask {
    /// The set of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        ASKS.into_iter().find(|ask| ask.name == name)
    }

    /// The same as a protocol of Cordon.
    ///
    /// # Errors
    /// When this build of Cordon cannot carry out one of the options.
    pub fn protocol(&self) -> Result<Protocol, ProtocolError> {
        let mut protocol = Protocol::basic();
        protocol.id = format!("conformance-{}", self.name);
        protocol.deid.options = self.options.to_vec();
        protocol.validate()?;
        Ok(protocol)
    }
}
