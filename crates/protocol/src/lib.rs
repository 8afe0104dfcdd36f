//! The words of Cordon as types, shared by browser, server and command.
//!
//! Nothing here does work on pixels or files: this crate only fixes what the
//! parts of Cordon say to each other, so that a verdict, a finding or a receipt
//! means the same in a tab, on the server and in a report on disk.

mod action;
mod finding;
mod option;
mod protocol;
mod receipt;
mod tag;
pub mod wire;

pub use action::{Action, Change, Counts, Rule};
pub use finding::{Code, Finding, Place, Severity, Verdict};
pub use option::DeidOption;
pub use protocol::{
    Accept, Amount, Approval as ApprovalRule, Attribute, AttributeAction, CodeWeight, DAMAGE_KINDS,
    DamageLimit, Deid, Face as FaceRule, HarmlessText, Limit, Line, METRICS, MetricLimit,
    PrivateTag, Protocol, ProtocolError, PseudonymForm, Quality, QualityNear, READY, Ready,
    Require, Required, Text as TextRule, TextLook, Unmet, Weight, is_requirement,
};
pub use receipt::{
    Approval, CountersignedReceipt, Decision, DecisionKind, Receipt, ReceiptError, ReceiptInstance,
    ReceiptTable, canonical_json, key_fingerprint,
};
pub use tag::{PathStep, Tag, TagParseError, TagPath};

/// The lower-case hexadecimal SHA-256 of `bytes`, as every digest in Cordon is written.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}
