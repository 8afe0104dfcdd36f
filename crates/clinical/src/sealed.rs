//! Checked and sealed tables: the same rules as for images.
//!
//! [`CheckedTable`] is made by the last check of [`crate::TableCleaner`] only and
//! [`SealedTable`] from a `CheckedTable` only; an uploader takes nothing else. Neither
//! has a public constructor, so that this does not compile:
//!
//! ```compile_fail
//! let sealed = cordon_clinical::SealedTable { bytes: vec![] };
//! ```
//!
//! What was staged comes back through [`CheckedTable::reopen`], which demands the
//! record's authentication code under the site key.

use cordon_deid::SiteKey;
use cordon_protocol::{Approval, Verdict, canonical_json, sha256_hex};
use serde::{Deserialize, Serialize};

use crate::findings::TableFinding;
use crate::risk::RiskReport;

/// What the last check said about one table, with its authentication code. No values of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRecord {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the table in hexadecimal.
    pub sha256: String,
    /// Rows, without the header.
    pub rows: u64,
    /// Columns.
    pub columns: u32,
    /// People.
    pub people: u64,
    /// `Clean` or `Held`; never `Refused`.
    pub verdict: Verdict,
    /// What the checks noticed.
    pub findings: Vec<TableFinding>,
    /// The risk of re-identification, where it was assessed.
    pub risk: Option<RiskReport>,
    /// How many cells hold words that a person accepted.
    pub accepted_cells: u64,
    /// The protocol that it was cleaned under.
    pub protocol_sha256: String,
    /// The mapping that it was cleaned by.
    pub mapping_sha256: String,
    /// HMAC-SHA-256 under the site key over all of the above.
    pub mac: String,
}

impl TableRecord {
    fn mac_under(&self, key: &SiteKey) -> String {
        let unsigned = Self {
            mac: String::new(),
            ..self.clone()
        };
        key.authenticate("table-record", canonical_json(&unsigned).as_bytes())
    }
}

/// Why a table could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableSealError {
    /// The staged bytes are not those that were checked.
    #[error("the staged table was changed after it was checked; clean it again")]
    Changed,
    /// The record was not made under this site key.
    #[error("the staged table was not checked under this clinic's key; clean it again")]
    Foreign,
    /// Held, and nobody approved.
    #[error("the table is held and needs a person's approval")]
    NotApproved,
}

/// A table that passed the check: `Clean` or `Held`. It shows no cells in `Debug`.
#[derive(Clone, PartialEq)]
pub struct CheckedTable {
    bytes: Vec<u8>,
    record: TableRecord,
}

impl std::fmt::Debug for CheckedTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckedTable")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl CheckedTable {
    /// Only the last check makes one; sizes, digest and code are filled in here.
    pub(crate) fn new(bytes: Vec<u8>, mut record: TableRecord, key: &SiteKey) -> Self {
        record.bytes = bytes.len() as u64;
        record.sha256 = sha256_hex(&bytes);
        record.mac = record.mac_under(key);
        Self { bytes, record }
    }

    /// The table as CSV (RFC 4180) in UTF-8.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the check said.
    #[must_use]
    pub fn record(&self) -> &TableRecord {
        &self.record
    }

    /// Takes a table back that was staged.
    ///
    /// # Errors
    /// When the record was not made under `key`, or the bytes are not those it speaks of.
    pub fn reopen(
        bytes: Vec<u8>,
        record: TableRecord,
        key: &SiteKey,
    ) -> Result<Self, TableSealError> {
        if record.mac_under(key) != record.mac || record.verdict == Verdict::Refused {
            return Err(TableSealError::Foreign);
        }
        if bytes.len() as u64 != record.bytes || sha256_hex(&bytes) != record.sha256 {
            return Err(TableSealError::Changed);
        }
        Ok(Self { bytes, record })
    }

    /// Seals the table. `Held` needs the approval of a person, with a name or role.
    ///
    /// # Errors
    /// When it is held and there is no approval.
    pub fn seal(self, approval: Option<&Approval>) -> Result<SealedTable, TableSealError> {
        let approved = approval.is_some_and(|a| !a.by.trim().is_empty());
        if self.record.verdict != Verdict::Clean && !approved {
            return Err(TableSealError::NotApproved);
        }
        Ok(SealedTable {
            bytes: self.bytes,
            record: self.record,
        })
    }
}

/// A table that may leave.
#[derive(Clone, PartialEq)]
pub struct SealedTable {
    bytes: Vec<u8>,
    record: TableRecord,
}

impl std::fmt::Debug for SealedTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedTable")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl SealedTable {
    /// The table as CSV.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// The table as CSV, given away to the uploader.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
    /// What the check said.
    #[must_use]
    pub fn record(&self) -> &TableRecord {
        &self.record
    }
}
