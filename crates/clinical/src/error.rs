//! Why a table could not be read at all.

/// A file that is no table for us. The sentences hold no value of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Binary data.
    #[error("the file is neither a CSV table nor an XLSX workbook")]
    NotATable,
    /// An XLS file, or a workbook under a password: both have the same wrapping.
    #[error(
        "the workbook is protected by a password or of an old kind; save it as XLSX without a password"
    )]
    OldWorkbook,
    /// No row with anything in it.
    #[error("the table is empty")]
    Empty,
    /// A quoted cell that never ends.
    #[error(
        "the quotation mark that opens a cell in row {0} is never closed, so the rows after it cannot be told apart"
    )]
    OpenQuote(u64),
    /// More than fits.
    #[error("the {0} is larger than this table reader allows")]
    TooLarge(&'static str),
    /// A broken workbook.
    #[error("the workbook is damaged: its {0} cannot be read")]
    Damaged(&'static str),
    /// A sheet that is not there, or is hidden.
    #[error("the workbook has no visible sheet of that name")]
    NoSheet,
    /// The text does not fit the encoding that was named.
    #[error("the text is not in the encoding that was named")]
    Encoding,
}
