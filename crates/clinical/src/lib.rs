//! Clinical tables: what belongs to the images and says more about people than they do.
//!
//! A study's images come with a table: diagnosis, age, dates, outcome. Cleaned apart
//! from the images, it loses its link to them or keeps too much. So it goes through here
//! with the same key: the Patient ID becomes the pseudonym of the images, dates move by
//! the same days, and every cell that leaves is searched for whatever in the table tells
//! who somebody is. Before it leaves, the crowd is measured: how many people share each
//! combination of what is left.
//!
//! [`Table::read`] reads CSV and XLSX, [`Table::guess`] proposes a [`Mapping`],
//! [`TableCleaner::clean`] carries it out, and its [`CheckedTable`] becomes a
//! [`SealedTable`] by the rules of the images. Nothing here touches a file system, a
//! clock or the network.

mod clean;
mod contact;
mod csv;
mod dates;
mod encoding;
mod error;
mod findings;
mod fold;
mod guess;
mod headers;
mod mapping;
mod months;
mod needles;
mod parts;
mod plan;
mod risk;
mod row;
mod sealed;
mod table;
mod text;
mod upload;
mod values;
mod verify;
mod words;
mod xlsx;

pub use clean::{Accepted, CleanedTable, Doubt, TableCleaner};
pub use dates::DateOrder;
pub use error::TableError;
pub use findings::TableFinding;
pub use guess::{CellKind, Guess, Reason};
pub use mapping::{Action, ColumnRule, Identity, Mapping, MappingError, RareRows, RiskRule};
pub use risk::{Change, Class, Diversity, RiskReport, Suggestion};
pub use sealed::{CheckedTable, SealedTable, TableRecord, TableSealError};
pub use table::{Column, Encoding, Limits, ReadOptions, Row, Separator, Source, Table};
pub use text::{CleanText, CleanedText, Person};
pub use upload::{TableUpload, UploadError};
pub use words::Words;
