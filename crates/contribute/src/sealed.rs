//! Checked and sealed: the types through which bytes leave.
//!
//! [`Checked`] is made by the last check of [`crate::Cleaner`] only, [`Sealed`]
//! from a `Checked` only, and the uploader takes nothing but `Sealed`. Neither has
//! a public constructor, so "send something unchecked" does not compile:
//!
//! ```compile_fail
//! let sealed = cordon_contribute::Sealed { bytes: vec![] };
//! ```
//!
//! What was staged on disk comes back through [`Checked::reopen`], which demands
//! the record's message authentication code, keyed by the site key: bytes that
//! somebody else put there, or that changed, do not become `Checked` again.

use cordon_deid::SiteKey;
use cordon_protocol::{Approval, Finding, Verdict, canonical_json, sha256_hex};
use serde::{Deserialize, Serialize};

/// What the last check said about one object, with its authentication code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// The patient's pseudonym.
    pub pseudonym: String,
    /// Study Instance UID that leaves.
    pub study: String,
    /// Series Instance UID that leaves.
    pub series: String,
    /// SOP Instance UID that leaves.
    pub instance: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// Modality.
    pub modality: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the staged object in hexadecimal.
    pub sha256: String,
    /// SHA-256 of the object as it leaves: the same when `Clean`; when `Held`, with
    /// Patient Identity Removed set to YES by a person's approval.
    pub sealed_sha256: String,
    /// Where the four bytes of Patient Identity Removed stand.
    pub identity_removed_at: u64,
    /// `Clean` or `Held`; never `Refused`.
    pub verdict: Verdict,
    /// What the checks noticed.
    pub findings: Vec<Finding>,
    /// The protocol that it was cleaned under.
    pub protocol_sha256: String,
    /// HMAC-SHA-256 under the site key over all of the above.
    pub mac: String,
}

impl CheckRecord {
    fn authentic(&self, key: &SiteKey) -> bool {
        self.mac_under(key) == self.mac
    }

    fn mac_under(&self, key: &SiteKey) -> String {
        let unsigned = Self {
            mac: String::new(),
            ..self.clone()
        };
        key.authenticate("check-record", canonical_json(&unsigned).as_bytes())
    }
}

/// Why something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The staged bytes are not those that were checked.
    #[error("the staged object was changed after it was checked; clean it again")]
    Changed,
    /// The record was not made under this site key.
    #[error("the staged object was not checked under this clinic's key; clean it again")]
    Foreign,
    /// Held, and nobody approved.
    #[error("the object is held and needs a person's approval")]
    NotApproved,
}

/// An object that passed the check and whose digests are still to be computed.
///
/// A browser hashes several times as fast as a module in it, so a tab computes them
/// with its own SHA-256; everybody else goes straight to [`Checked`]. A wrong digest
/// does no harm: [`Checked::reopen`] computes them again before anything is sealed.
#[derive(Debug, Clone)]
pub struct Unhashed {
    bytes: Vec<u8>,
    record: CheckRecord,
    key: SiteKey,
}

/// A record that waits for its digests; the bytes are staged already.
#[derive(Debug, Clone)]
pub struct Unsigned {
    record: CheckRecord,
    key: SiteKey,
}

impl Unhashed {
    pub(crate) fn new(bytes: Vec<u8>, mut record: CheckRecord, key: &SiteKey) -> Self {
        record.bytes = bytes.len() as u64;
        Self {
            bytes,
            record,
            key: key.clone(),
        }
    }

    /// The object as it leaves, of which [`Unsigned::sign`] wants the digest, and its record.
    #[must_use]
    pub fn into_parts(self) -> (Vec<u8>, Unsigned) {
        let Self { bytes, record, key } = self;
        (bytes, Unsigned { record, key })
    }
}

impl Unsigned {
    /// Turns the object as it leaves into the object as it is staged, and says whether
    /// they differ: what is `Held` says NO in Patient Identity Removed until a person
    /// releases it.
    #[must_use]
    pub fn hold(&self, bytes: &mut [u8]) -> bool {
        let held = self.record.verdict != Verdict::Clean;
        if held {
            set_identity_removed(bytes, self.record.identity_removed_at, *b"NO  ");
        }
        held
    }

    /// The record, with the SHA-256 of the object as it is staged and as it leaves, in
    /// hexadecimal, and its message authentication code.
    #[must_use]
    pub fn sign(self, staged: String, leaves: String) -> CheckRecord {
        let mut record = self.record;
        record.sha256 = staged;
        record.sealed_sha256 = leaves;
        record.mac = record.mac_under(&self.key);
        record
    }
}

/// An object that passed the check: `Clean` or `Held`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    bytes: Vec<u8>,
    record: CheckRecord,
}

impl Checked {
    /// Only the last check makes what this is made from.
    pub(crate) fn new(object: Unhashed) -> Self {
        let Unhashed {
            mut bytes,
            record,
            key,
        } = object;
        let leaves = sha256_hex(&bytes);
        let unsigned = Unsigned { record, key };
        let record = if unsigned.hold(&mut bytes) {
            let staged = sha256_hex(&bytes);
            unsigned.sign(staged, leaves)
        } else {
            unsigned.sign(leaves.clone(), leaves)
        };
        Self { bytes, record }
    }

    /// The object's bytes, for staging and for the before-and-after view.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the check said.
    #[must_use]
    pub fn record(&self) -> &CheckRecord {
        &self.record
    }

    /// Takes an object back that was staged.
    ///
    /// # Errors
    /// When the record was not made under `key`, or the bytes are not those it speaks of.
    pub fn reopen(bytes: Vec<u8>, record: CheckRecord, key: &SiteKey) -> Result<Self, SealError> {
        if !record.authentic(key) || record.verdict == Verdict::Refused {
            return Err(SealError::Foreign);
        }
        if bytes.len() as u64 != record.bytes || sha256_hex(&bytes) != record.sha256 {
            return Err(SealError::Changed);
        }
        Ok(Self { bytes, record })
    }

    /// Seals the object. `Held` needs the approval of a person, with a name or role.
    ///
    /// # Errors
    /// When it is held and there is no approval.
    pub fn seal(mut self, approval: Option<&Approval>) -> Result<Sealed, SealError> {
        let approved = approval.is_some_and(|a| !a.by.trim().is_empty());
        if self.record.verdict != Verdict::Clean {
            if !approved {
                return Err(SealError::NotApproved);
            }
            set_identity_removed(&mut self.bytes, self.record.identity_removed_at, *b"YES ");
            if sha256_hex(&self.bytes) != self.record.sealed_sha256 {
                return Err(SealError::Changed);
            }
        }
        Ok(Sealed {
            bytes: self.bytes,
            record: self.record,
        })
    }
}

/// Sets the value of (0012,0062), four bytes long in everything that Cordon writes.
fn set_identity_removed(bytes: &mut [u8], at: u64, value: [u8; 4]) {
    let place = usize::try_from(at)
        .ok()
        .and_then(|at| bytes.get_mut(at..at.checked_add(4)?));
    if let Some(place) = place {
        place.copy_from_slice(&value);
    }
}

/// An object that may leave. The uploader takes nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    bytes: Vec<u8>,
    record: CheckRecord,
}

impl Sealed {
    /// The object's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// The object's bytes, given away to the uploader.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
    /// What the check said.
    #[must_use]
    pub fn record(&self) -> &CheckRecord {
        &self.record
    }
}
