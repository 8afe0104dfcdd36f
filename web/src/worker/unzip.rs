//! ZIP input: the directory is read, entries are unpacked one at a time.
//!
//! Nothing is unpacked to a disk, names are only shown, and no entry gives more
//! bytes than the ZIP's directory says it has, so a bomb is at most as large as it
//! admits, and [`MOST_ENTRIES`] and the size limits of cleaning apply to it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};
use zip::ZipArchive;

use super::{Reply, files, opfs};
use crate::messages::{Answer, ZipEntry};

/// More entries than any real export has.
const MOST_ENTRIES: usize = 250_000;
/// Read from the file at a time.
const WINDOW: u64 = 256 << 10;

/// A file as something to read and seek in.
struct BlobReader {
    blob: Blob,
    reader: FileReaderSync,
    length: u64,
    at: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl BlobReader {
    fn new(blob: Blob) -> Option<Self> {
        Some(Self {
            length: opfs::whole(blob.size()),
            reader: FileReaderSync::new().ok()?,
            blob,
            at: 0,
            window: Vec::new(),
            window_at: 0,
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        let end = (self.at + WINDOW).min(self.length);
        let slice = self
            .blob
            .slice_with_f64_and_f64(self.at as f64, end as f64)
            .map_err(|_| io::ErrorKind::Other)?;
        let buffer = self
            .reader
            .read_as_array_buffer(&slice)
            .map_err(|_| io::ErrorKind::Other)?;
        self.window = Uint8Array::new(&buffer).to_vec();
        self.window_at = self.at;
        Ok(())
    }
}

impl Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || out.is_empty() {
            return Ok(0);
        }
        let inside = |r: &Self| {
            r.at.checked_sub(r.window_at)
                .filter(|o| *o < r.window.len() as u64)
        };
        let offset = match inside(self) {
            Some(offset) => offset,
            None => {
                self.fill()?;
                0
            }
        };
        let offset = usize::try_from(offset).map_err(|_| io::ErrorKind::Other)?;
        let rest = self.window.get(offset..).unwrap_or_default();
        let n = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => self.length.checked_add_signed(n),
            SeekFrom::Current(n) => self.at.checked_add_signed(n),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// The ZIPs that this worker has opened.
#[derive(Default)]
pub struct Zips {
    open: RefCell<HashMap<u32, ZipArchive<BlobReader>>>,
}

impl std::fmt::Debug for Zips {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Zips(…)")
    }
}

impl Zips {
    fn with<R>(
        &self,
        zip: u32,
        file: &JsValue,
        f: impl FnOnce(&mut ZipArchive<BlobReader>) -> R,
    ) -> Option<R> {
        let mut open = self.open.borrow_mut();
        match open.entry(zip) {
            Entry::Occupied(mut known) => Some(f(known.get_mut())),
            Entry::Vacant(new) => {
                let reader = BlobReader::new(file.dyn_ref::<Blob>()?.clone())?;
                Some(f(new.insert(ZipArchive::new(reader).ok()?)))
            }
        }
    }

    /// The files in the ZIP among the attachments.
    pub(crate) fn list(&self, zip: u32, attachments: &js_sys::Array) -> Reply {
        let file = files::attachment(attachments, 0);
        let listed = self.with(zip, &file, |archive| {
            if archive.len() > MOST_ENTRIES {
                return None;
            }
            let mut entries = Vec::with_capacity(archive.len());
            for entry in 0..archive.len() {
                // Encrypted and unknown kinds are listed: reading them fails, with a finding.
                let Ok(file) = archive.by_index_raw(entry) else {
                    continue;
                };
                if !file.is_dir() {
                    entries.push(ZipEntry {
                        entry,
                        name: String::from_utf8_lossy(file.name_raw()).into_owned(),
                        size: file.size(),
                    });
                }
            }
            Some(entries)
        });
        match listed.flatten() {
            Some(entries) => Answer::Entries(entries).into(),
            None => Answer::Sentence("the ZIP cannot be read".to_owned()).into(),
        }
    }

    /// The first `limit` bytes of an entry; `None` when it cannot be unpacked.
    pub(crate) fn read(
        &self,
        zip: u32,
        file: &JsValue,
        entry: usize,
        limit: u64,
    ) -> Option<Vec<u8>> {
        self.with(zip, file, |archive| {
            let entry = archive.by_index(entry).ok()?;
            let mut bytes = Vec::new();
            let limit = limit.min(entry.size());
            entry.take(limit).read_to_end(&mut bytes).ok()?;
            (bytes.len() as u64 == limit).then_some(bytes)
        })
        .flatten()
    }
}
