//! What page, command and server say to each other beside DICOMweb.
//!
//! All under the project's base address, with `Authorization: Bearer <token>`:
//!
//! | method and path | body | answer |
//! |---|---|---|
//! | `GET /api/v1/projects/{project}` | | [`ProjectInfo`] |
//! | `POST /api/v1/projects/{project}/contributions/{id}/receipt` | [`CloseRequest`] | `CountersignedReceipt` |
//! | `POST /api/v1/projects/{project}/contributions/{id}/tables` | `cordon_clinical::TableUpload` | `ReceiptTable` |
//! | `GET /api/v1/projects/{project}/contributions/{id}/tables/{sha256}` | | CSV; once the contribution is closed |
//! | `POST /dicomweb/{project}/studies` | STOW-RS; header `Cordon-Contribution: <id>` ties it to a contribution | PS3.18 |
//! | `GET /dicomweb/{project}/studies…` | QIDO-RS, WADO-RS | PS3.18 |

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Approval, Counts, Decision, Protocol, ReceiptInstance};

/// Ties STOW requests to a contribution.
pub const CONTRIBUTION_HEADER: &str = "cordon-contribution";

/// What a project tells a contributor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectInfo {
    /// Short name, as in the address.
    pub project: String,
    /// Name for people.
    pub title: String,
    /// Who runs the server, for people.
    pub operator: String,
    /// What is asked of every contribution.
    pub protocol: Protocol,
    /// Digest of the protocol, to notice that it changed.
    pub protocol_sha256: String,
    /// The server's receipt-signing key, base64.
    pub receipt_key: String,
    /// Largest STOW request in bytes.
    pub max_request_bytes: u64,
    /// The server's clock: RFC 3339, UTC.
    pub now: String,
    /// Version of the server.
    pub version: String,
}

/// Asks the server to close a contribution and sign its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseRequest {
    /// Digest of the protocol under which it was cleaned.
    pub protocol_sha256: String,
    /// Version of Cordon that cleaned.
    pub cleaned_by: String,
    /// Actions counted over all instances.
    pub counts: Counts,
    /// Who approved.
    pub approval: Approval,
    /// What was decided about what was held.
    pub decisions: Vec<Decision>,
    /// How many inputs stayed behind, by code.
    pub stayed: BTreeMap<String, u64>,
    /// What was sent; the server signs only if it holds every one, byte for byte.
    pub instances: Vec<ReceiptInstance>,
}

/// Why the server said no, outside STOW.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// Stable code.
    pub code: String,
    /// A sentence without any value of a file.
    pub message: String,
}
