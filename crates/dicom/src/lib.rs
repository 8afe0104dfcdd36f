//! A byte-exact DICOM data set reader and writer.
//!
//! De-identification must hand back every value that it keeps as the very bytes
//! that came, must look into sequences that hide in UN and private attributes,
//! and must end in a finding, never in a guess, when a file is broken. Readers
//! made for viewing decode and normalise values and stop at the first oddity;
//! so this one keeps values as slices of the input and knows nothing about what
//! they mean, beyond the VR and the character set.
//!
//! Follows PS3.5 sections 6 (values), 7 (data set, sequences, private groups),
//! annex A (transfer syntaxes) and PS3.10 section 7 (File Meta Information).

mod charset;
mod dictionary;
mod element;
mod file;
mod guess;
mod reader;
mod syntax;
mod vr;
mod writer;

pub use charset::{CharacterSet, encodings_of};
pub use dictionary::{DictionaryEntry, entry, every, keyword, name, tag_of};
pub use element::{DataSet, Element, Value};
pub use file::{File, Head, ReadError, read, read_head, read_inflating};
pub use reader::{MAX_DEPTH, MAX_ELEMENTS};
pub use syntax::{Codec, Syntax};
pub use vr::Vr;
pub use writer::{Writer, file_meta};

/// Tags that this crate and those above it name.
pub mod tags {
    pub use dicom_dictionary_std::tags::*;
}

/// A tag of the dictionary crate as Cordon's own type.
#[must_use]
pub const fn tag(t: dicom_core::Tag) -> cordon_protocol::Tag {
    cordon_protocol::Tag::new(t.0, t.1)
}
