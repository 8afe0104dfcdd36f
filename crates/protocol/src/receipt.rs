//! The receipt: what the clinic keeps and the server countersigns.
//!
//! It holds digests, the protocol, options, verdicts and approvals, and no
//! identifier: UIDs and pseudonyms in it are those that left, derived under the
//! site key. The signature (Ed25519, RFC 8032) is over the canonical JSON of the
//! `receipt` member: keys sorted, no white space.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Counts, DeidOption, Verdict, sha256_hex};

/// JSON with sorted keys and no white space: the form that is digested and signed.
///
/// # Panics
/// Never for the types of this crate, which all have string keys.
#[must_use]
pub fn canonical_json<T: Serialize + ?Sized>(value: &T) -> String {
    // `serde_json::Value` keeps its maps sorted; a type that cannot be JSON gives `null`,
    // whose digest and signature then match nothing.
    serde_json::to_value(value)
        .map(|v| v.to_string())
        .unwrap_or_default()
}

/// The short form of a public key for people to compare: SHA-256, first 16 bytes, in groups.
#[must_use]
pub fn key_fingerprint(public_key: &str) -> String {
    let digest = sha256_hex(public_key.as_bytes());
    let groups: Vec<&str> = (0..8)
        .filter_map(|i| digest.get(i * 4..i * 4 + 4))
        .collect();
    groups.join(" ")
}

/// What a person decided about something `Held`, or about the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    /// Looked at and released.
    Accept,
    /// Left out of the contribution.
    Exclude,
}

/// One decision of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The SOP Instance UID that leaves.
    pub sop_instance_uid: String,
    /// What was decided.
    pub kind: DecisionKind,
    /// The codes of the findings that were on the screen.
    pub findings: Vec<String>,
}

/// The approval of a contribution by a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Name or role, as typed by the person who approves: not a patient.
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// In which of the protocol's roles, where it names some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// One instance that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptInstance {
    /// Study Instance UID that left.
    pub study: String,
    /// Series Instance UID that left.
    pub series: String,
    /// SOP Instance UID that left.
    pub instance: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the object, hexadecimal.
    pub sha256: String,
    /// Verdict under which it left.
    pub verdict: Verdict,
    /// Whether a person released it.
    pub approved: bool,
}

/// One clinical table that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptTable {
    /// SHA-256 of the table, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows, without the header.
    pub rows: u64,
    /// Columns.
    pub columns: u32,
    /// Verdict under which it left.
    pub verdict: Verdict,
    /// Digest of the record of its check.
    pub record_sha256: String,
}

/// What was sent, under which rules, and who approved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Format version of this structure.
    pub format: u32,
    /// Identifier of the contribution: random, 32 hexadecimal digits.
    pub contribution: String,
    /// The project's name at the server.
    pub project: String,
    /// The server, by the origin that the page talked to.
    pub server: String,
    /// Protocol id and version.
    pub protocol: String,
    /// Digest of the protocol.
    pub protocol_sha256: String,
    /// Edition of PS3.15.
    pub edition: String,
    /// Profile and options that really ran.
    pub options: Vec<DeidOption>,
    /// Version of Cordon that cleaned.
    pub cleaned_by: String,
    /// Version of Cordon that took in.
    pub received_by: String,
    /// When the server closed the contribution: RFC 3339, UTC.
    pub received_at: String,
    /// Actions counted over all instances.
    pub counts: Counts,
    /// Who approved, and when.
    pub approval: Approval,
    /// What a person decided about what was held.
    pub decisions: Vec<Decision>,
    /// How many inputs stayed behind, by the code of the first reason.
    pub stayed: std::collections::BTreeMap<String, u64>,
    /// What arrived, sorted by study, series, instance.
    pub instances: Vec<ReceiptInstance>,
    /// The clinical tables that arrived, sorted by digest; receipts without one do not speak of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<ReceiptTable>,
}

/// A receipt with the server's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountersignedReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// Always `Ed25519`.
    pub algorithm: String,
    /// The server's public key, base64.
    pub public_key: String,
    /// The signature over the canonical JSON of `receipt`, base64.
    pub signature: String,
}

/// Why a receipt does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The file is not a receipt.
    #[error("the file is not a Cordon receipt")]
    Format,
    /// The key or signature is not well-formed.
    #[error("the receipt's key or signature is damaged")]
    Encoding,
    /// The content was changed after signing, or signed by another key.
    #[error("the signature does not fit the content: the receipt was changed or forged")]
    Signature,
    /// The receipt is signed by a key that is not the one expected.
    #[error("the receipt is signed by another key than the one expected")]
    OtherKey,
}

impl CountersignedReceipt {
    /// Signs a receipt.
    #[must_use]
    pub fn sign(receipt: Receipt, key: &SigningKey) -> Self {
        let signature = key.sign(canonical_json(&receipt).as_bytes());
        Self {
            receipt,
            algorithm: "Ed25519".to_owned(),
            public_key: BASE64.encode(key.verifying_key().to_bytes()),
            signature: BASE64.encode(signature.to_bytes()),
        }
    }

    /// Reads a receipt file and verifies it; `expected_key` pins the server's key (base64).
    ///
    /// The signature is checked over the file's own JSON, so that a member this
    /// version does not know cannot be smuggled in.
    ///
    /// # Errors
    /// When the text is no receipt, or its signature does not verify.
    pub fn verify_json(text: &str, expected_key: Option<&str>) -> Result<Self, ReceiptError> {
        let raw: serde_json::Value =
            serde_json::from_str(text).map_err(|_| ReceiptError::Format)?;
        let signed: Self = serde_json::from_value(raw.clone()).map_err(|_| ReceiptError::Format)?;
        let body = raw.get("receipt").ok_or(ReceiptError::Format)?;
        if signed.algorithm != "Ed25519" {
            return Err(ReceiptError::Format);
        }
        if expected_key.is_some_and(|k| k != signed.public_key) {
            return Err(ReceiptError::OtherKey);
        }
        let decode = |s: &str| BASE64.decode(s).map_err(|_| ReceiptError::Encoding);
        let key: [u8; 32] = decode(&signed.public_key)?
            .try_into()
            .map_err(|_| ReceiptError::Encoding)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| ReceiptError::Encoding)?;
        let signature = Signature::from_slice(&decode(&signed.signature)?)
            .map_err(|_| ReceiptError::Encoding)?;
        key.verify(body.to_string().as_bytes(), &signature)
            .map_err(|_| ReceiptError::Signature)?;
        Ok(signed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            format: 1,
            contribution: "00".repeat(16),
            project: "demo".to_owned(),
            server: "http://127.0.0.1".to_owned(),
            protocol: "basic v1".to_owned(),
            protocol_sha256: "ab".repeat(32),
            edition: "2026d".to_owned(),
            options: vec![DeidOption::Basic],
            cleaned_by: "cordon 0.1.0".to_owned(),
            received_by: "cordon 0.1.0".to_owned(),
            received_at: "2026-11-22T00:00:00Z".to_owned(),
            counts: Counts::default(),
            approval: Approval::default(),
            decisions: Vec::new(),
            stayed: std::collections::BTreeMap::default(),
            instances: Vec::new(),
            tables: Vec::new(),
        }
    }

    #[test]
    fn a_receipt_verifies_and_a_changed_one_does_not() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = CountersignedReceipt::sign(receipt(), &key);
        let text = serde_json::to_string_pretty(&signed).expect("json");
        assert_eq!(
            CountersignedReceipt::verify_json(&text, Some(&signed.public_key)),
            Ok(signed.clone())
        );
        let forged = text.replace("\"demo\"", "\"other\"");
        assert_eq!(
            CountersignedReceipt::verify_json(&forged, None),
            Err(ReceiptError::Signature)
        );
        let extended = text.replacen("\"format\": 1", "\"format\": 1, \"more\": 2", 1);
        assert_eq!(
            CountersignedReceipt::verify_json(&extended, None),
            Err(ReceiptError::Signature)
        );
        assert_eq!(
            CountersignedReceipt::verify_json(&text, Some("AAAA")),
            Err(ReceiptError::OtherKey)
        );
    }

    #[test]
    fn a_receipt_without_tables_says_nothing_of_them_and_one_with_them_is_signed_whole() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let old = CountersignedReceipt::sign(receipt(), &key);
        let text = serde_json::to_string(&old).expect("json");
        assert!(!text.contains("tables"));
        assert_eq!(CountersignedReceipt::verify_json(&text, None), Ok(old));
        let mut with = receipt();
        with.tables.push(ReceiptTable {
            sha256: "ab".repeat(32),
            bytes: 10,
            rows: 1,
            columns: 2,
            verdict: Verdict::Clean,
            record_sha256: "cd".repeat(32),
        });
        let text = serde_json::to_string(&CountersignedReceipt::sign(with, &key)).expect("json");
        assert!(CountersignedReceipt::verify_json(&text, None).is_ok());
        let forged = text.replace("\"rows\":1", "\"rows\":2");
        assert_eq!(
            CountersignedReceipt::verify_json(&forged, None),
            Err(ReceiptError::Signature)
        );
    }
}
