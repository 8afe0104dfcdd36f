//! Who approves what.

use serde::{Deserialize, Serialize};

use super::error::Bad;

/// Approval part of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// Whether a person may release what is `Held`. If not, it stays behind.
    pub held_may_be_approved: bool,
    /// The roles that the project knows, such as `data-manager`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Which of them may release what is `Held`; empty means whoever contributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    /// Which of them may approve the contribution as a whole; empty means whoever contributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<String>,
}

impl Default for Approval {
    fn default() -> Self {
        Self {
            held_may_be_approved: true,
            roles: Vec::new(),
            held: Vec::new(),
            whole: Vec::new(),
        }
    }
}

impl Approval {
    /// Whether a person with this role may release what is `Held`.
    #[must_use]
    pub fn may_release(&self, role: Option<&str>) -> bool {
        self.held_may_be_approved && allows(&self.held, role)
    }

    /// Whether a person with this role may approve the whole.
    #[must_use]
    pub fn may_approve(&self, role: Option<&str>) -> bool {
        allows(&self.whole, role)
    }

    pub(super) fn validate(&self) -> Result<(), Bad> {
        let name = |s: &String| {
            !s.is_empty()
                && s.len() <= 32
                && s.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !self.roles.iter().all(name) {
            return Err(Bad::new("approval.roles", "1 to 32 of a-z, 0-9 and - each"));
        }
        for (field, list) in [
            ("approval.held", &self.held),
            ("approval.whole", &self.whole),
        ] {
            if !list.iter().all(|r| self.roles.contains(r)) {
                return Err(Bad::new(field, "each must be one of approval.roles"));
            }
        }
        if !self.held_may_be_approved && !self.held.is_empty() {
            return Err(Bad::new(
                "approval.held",
                "nobody may release what is held, so no role can",
            ));
        }
        Ok(())
    }
}

fn allows(roles: &[String], role: Option<&str>) -> bool {
    roles.is_empty() || role.is_some_and(|role| roles.iter().any(|r| r == role))
}
