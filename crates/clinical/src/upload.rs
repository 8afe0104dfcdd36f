//! A sealed table on its way to a server, and what the server looks at before it takes it in.
//!
//! The server has no key, so it cannot tell a pseudonym from another code. What it can tell
//! is whether the bytes are those that the record speaks of, whether they are the table that
//! it describes, and whether a spreadsheet would run one of its cells.

use cordon_protocol::{Approval, Verdict, sha256_hex};
use serde::{Deserialize, Serialize};

use crate::sealed::{SealedTable, TableRecord};
use crate::{csv, values};

/// What a page sends: made from a [`SealedTable`] and from nothing else.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableUpload {
    /// What the check said.
    record: TableRecord,
    /// Who approved it, and when.
    approval: Approval,
    /// The table.
    csv: String,
}

impl std::fmt::Debug for TableUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableUpload")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

/// Why a table is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// Other bytes.
    #[error("the table is not the one that its record speaks of")]
    Changed,
    /// Another shape, or no table at all.
    #[error("the table does not have the rows and columns that its record says")]
    Shape,
    /// A spreadsheet would run it.
    #[error("a cell of the table would run as a formula")]
    Formula,
    /// Nobody approved.
    #[error("nobody approved the table by name or role")]
    NotApproved,
    /// It is not said to be clean.
    #[error("a table that is refused stays where it is")]
    Refused,
}

impl TableUpload {
    /// Wraps a sealed table.
    ///
    /// # Errors
    /// Never for a table that was sealed; when its bytes are no text.
    pub fn new(table: SealedTable, approval: Approval) -> Result<Self, UploadError> {
        let record = table.record().clone();
        let csv = String::from_utf8(table.into_bytes()).map_err(|_| UploadError::Shape)?;
        Ok(Self {
            record,
            approval,
            csv,
        })
    }

    /// What the check said.
    #[must_use]
    pub fn record(&self) -> &TableRecord {
        &self.record
    }
    /// Who approved.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.approval
    }
    /// The table.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.csv.as_bytes()
    }

    /// Looks at the table as a stranger would.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn check(&self) -> Result<(), UploadError> {
        let record = &self.record;
        if record.verdict == Verdict::Refused {
            return Err(UploadError::Refused);
        }
        if self.approval.by.trim().is_empty() {
            return Err(UploadError::NotApproved);
        }
        if self.csv.len() as u64 != record.bytes || sha256_hex(self.bytes()) != record.sha256 {
            return Err(UploadError::Changed);
        }
        let mut reader = csv::Reader::new(&self.csv, ',');
        let mut rows = 0_u64;
        loop {
            match reader.next_row() {
                Ok(None) => break,
                Ok(Some((cells, false))) => {
                    let empty = record.columns == 0 && cells.iter().all(String::is_empty);
                    if cells.len() != record.columns as usize && !empty {
                        return Err(UploadError::Shape);
                    }
                    if cells.iter().any(|c| values::runs(c)) {
                        return Err(UploadError::Formula);
                    }
                    rows += 1;
                }
                Ok(Some(_)) | Err(_) => return Err(UploadError::Shape),
            }
        }
        // The header is a row as well.
        if rows != record.rows + 1 {
            return Err(UploadError::Shape);
        }
        Ok(())
    }
}
