//! Files: preamble, File Meta Information (PS3.10 section 7), data set.

use std::borrow::Cow;

use cordon_protocol::{Code, Finding, TagPath};

use crate::element::DataSet;
use crate::guess::guess;
use crate::reader::Reader;
use crate::{Syntax, tag, tags, writer};

/// Largest data set that a deflated file may unpack to.
const MAX_INFLATED: usize = 2 << 30;
/// A small file that becomes larger than this, and more than [`MOST_TIMES`] as large, is no image but a trap.
const USUAL_INFLATED: usize = 128 << 20;
/// Images shrink by deflation to a third, empty ones to a fiftieth.
const MOST_TIMES: usize = 64;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The prefix is too short: at least this many bytes from the start are needed.
    #[error("at least {0} bytes are needed")]
    NeedMore(usize),
    /// It does not look like DICOM at all.
    #[error("the file is not DICOM")]
    NotDicom,
    /// The data set is deflated: call [`read_inflating`].
    #[error("the data set is deflated")]
    Deflated,
    /// It is DICOM, and broken.
    #[error("{}", Finding { code: *code, place: cordon_protocol::Place { tag: tag.clone(), offset: Some(*offset as u64), frame: None } }.sentence())]
    Broken {
        /// What is wrong.
        code: Code,
        /// The attribute at which it was noticed.
        tag: Option<TagPath>,
        /// The byte at which it was noticed.
        offset: usize,
    },
}

impl ReadError {
    /// The error as a finding. `NeedMore` is a truncated file once there is no more to read.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::NotDicom => Finding::new(Code::NotDicom),
            Self::NeedMore(n) => Finding::new(Code::Truncated).with_offset(*n as u64),
            Self::Deflated => Finding::new(Code::BadDeflate),
            Self::Broken { code, tag, offset } => {
                let mut finding = Finding::new(*code).with_offset(*offset as u64);
                finding.place.tag.clone_from(tag);
                finding
            }
        }
    }
}

/// A whole file.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// File Meta Information as it came.
    pub meta: DataSet<'a>,
    /// How the data set was encoded.
    pub syntax: Syntax,
    /// The data set.
    pub data: DataSet<'a>,
    /// What was odd, all of severity `Note`.
    pub notes: Vec<Finding>,
}

/// The part of a file before its pixels.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// File Meta Information as it came.
    pub meta: DataSet<'a>,
    /// How the data set is encoded.
    pub syntax: Syntax,
    /// The attributes before the pixel data.
    pub data: DataSet<'a>,
    /// Byte offset of the pixel data element, where there is one.
    pub pixels_at: Option<usize>,
}

struct Start<'a> {
    meta: DataSet<'a>,
    syntax: Syntax,
    at: usize,
    notes: Vec<Finding>,
    /// Nothing but the shape of the first bytes says that this is DICOM.
    guessed: bool,
}

fn start<'a>(bytes: &'a [u8], partial: bool) -> Result<Start<'a>, ReadError> {
    let broken = |code, offset| ReadError::Broken {
        code,
        tag: None,
        offset,
    };
    if bytes.is_empty() {
        return Err(if partial {
            ReadError::NeedMore(132)
        } else {
            broken(Code::EmptyFile, 0)
        });
    }
    if partial && bytes.len() < 132 {
        return Err(ReadError::NeedMore(132));
    }
    let mut notes = Vec::new();
    let at = if bytes.get(128..132) == Some(b"DICM") {
        132
    } else {
        notes.push(Finding::new(Code::NoPreamble));
        if bytes.get(..4) == Some(b"DICM") {
            4
        } else {
            0
        }
    };
    let rest = bytes.get(at..).unwrap_or_default();
    let has_meta = rest.get(..2) == Some(&[2, 0])
        && rest
            .get(4..6)
            .is_some_and(|v| v.iter().all(u8::is_ascii_uppercase));
    if at == 0 && !has_meta {
        let syntax = guess(rest).ok_or(ReadError::NotDicom)?;
        notes.push(Finding::new(Code::NoFileMeta));
        return Ok(Start {
            meta: DataSet::default(),
            syntax,
            at,
            notes,
            guessed: true,
        });
    }
    let mut reader = Reader::new(bytes, at, partial);
    let meta = reader.meta()?;
    let at = reader.position();
    let rest = bytes.get(at..).unwrap_or_default();
    let declared = meta.ascii(tag(tags::TRANSFER_SYNTAX_UID));
    let syntax = match declared {
        Some(uid) => Syntax::from_uid(uid).ok_or_else(|| broken(Code::UnknownSyntax, at))?,
        None => {
            notes.push(Finding::new(if meta.elements.is_empty() {
                Code::NoFileMeta
            } else {
                Code::NoTransferSyntax
            }));
            if partial && rest.len() < 8 {
                return Err(ReadError::NeedMore(at + 8));
            }
            guess(rest).ok_or_else(|| broken(Code::BadStructure, at))?
        }
    };
    Ok(Start {
        meta,
        syntax,
        at,
        notes,
        guessed: false,
    })
}

/// Reads a whole file. Nothing is copied: values are slices of `bytes`.
///
/// # Errors
/// When the file is no DICOM or broken, and [`ReadError::Deflated`] when its data
/// set is deflated: unpack it with [`read_inflating`].
pub fn read(bytes: &[u8]) -> Result<File<'_>, ReadError> {
    let start = start(bytes, false)?;
    if start.syntax.deflated {
        return Err(ReadError::Deflated);
    }
    let mut reader = Reader::new(bytes, start.at, false);
    let root = match reader.root(&start.syntax, false) {
        Ok(root) => root,
        Err(ReadError::Broken { .. }) if start.guessed && reader.position() < 64 => {
            return Err(ReadError::NotDicom);
        }
        Err(e) => return Err(e),
    };
    let mut notes = start.notes;
    if root.data.elements.is_empty() && start.guessed {
        return Err(ReadError::NotDicom);
    }
    if root.out_of_order {
        notes.push(Finding::new(Code::OutOfOrder));
    }
    if let Some(at) = root.trailing_at {
        notes.push(Finding::new(Code::Trailing).with_offset(at as u64));
    }
    Ok(File {
        meta: start.meta,
        syntax: start.syntax,
        data: root.data,
        notes,
    })
}

/// Gives back bytes that [`read`] can read: the same, or, where the data set is
/// deflated, a copy of the file in Explicit VR Little Endian.
///
/// # Errors
/// When the file is no DICOM, or its data set cannot be inflated or is absurdly large.
pub fn read_inflating(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    let start = start(bytes, false)?;
    if !start.syntax.deflated {
        return Ok(Cow::Borrowed(bytes));
    }
    let packed = bytes.get(start.at..).unwrap_or_default();
    let most = MAX_INFLATED.min(packed.len().saturating_mul(MOST_TIMES).max(USUAL_INFLATED));
    let data = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, most)
        .or_else(|_| {
            // Some writers put a zlib header in front, against PS3.5 section A.5.
            miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, most)
        })
        .map_err(|_| ReadError::Broken {
            code: Code::BadDeflate,
            tag: None,
            offset: start.at,
        })?;
    let mut syntax = Syntax::explicit_le();
    if start.syntax.uid != crate::syntax::DEFLATED_LE {
        // JPIP Referenced Deflate: the same without the deflation.
        syntax.uid = match start.syntax.uid.as_str() {
            "1.2.840.10008.1.2.4.205" => "1.2.840.10008.1.2.4.204",
            _ => "1.2.840.10008.1.2.4.94",
        }
        .to_owned();
    }
    let class = start.meta.ascii(tag(tags::MEDIA_STORAGE_SOP_CLASS_UID));
    let instance = start.meta.ascii(tag(tags::MEDIA_STORAGE_SOP_INSTANCE_UID));
    let mut out = writer::file_meta(
        class.unwrap_or_default(),
        instance.unwrap_or_default(),
        &syntax.uid,
    );
    out.extend_from_slice(&data);
    Ok(Cow::Owned(out))
}

/// Reads a file up to its pixel data from a prefix of it.
///
/// # Errors
/// [`ReadError::NeedMore`] when the prefix ends before the pixels and the file
/// does not; otherwise as [`read`].
pub fn read_head(prefix: &[u8], file_len: u64) -> Result<Head<'_>, ReadError> {
    let partial = (prefix.len() as u64) < file_len;
    let start = start(prefix, partial)?;
    if start.syntax.deflated {
        return Err(ReadError::Deflated);
    }
    let mut reader = Reader::new(prefix, start.at, partial);
    let root = match reader.root(&start.syntax, true) {
        Ok(root) => root,
        Err(ReadError::NeedMore(n)) if n as u64 > file_len => {
            return Err(ReadError::Broken {
                code: Code::Truncated,
                tag: None,
                offset: reader.position(),
            });
        }
        Err(ReadError::Broken { .. }) if start.guessed && reader.position() < 64 => {
            return Err(ReadError::NotDicom);
        }
        Err(e) => return Err(e),
    };
    Ok(Head {
        meta: start.meta,
        syntax: start.syntax,
        data: root.data,
        pixels_at: root.pixels_at,
    })
}
