//! ZIP archives as inputs: their entries are cleaned one by one, never unpacked to disk.
//!
//! An entry's name is a label in the report and nothing else, so it cannot lead
//! out of a folder. Sizes in an archive are claims: reading stops at the limit
//! whatever the archive says.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use zip::ZipArchive;

/// More entries than this are no contribution.
const MAX_ENTRIES: usize = 1_000_000;
/// How many times its own size an archive may claim to unpack to, beyond the first GiB.
const MAX_RATIO: u64 = 1_000;

/// Why an archive was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArchiveError {
    /// It claims to unpack to far more than its size allows.
    Bomb,
    /// It is a ZIP archive and broken.
    Unreadable,
}

/// An open archive; clones share the file and the directory.
#[derive(Clone)]
pub(crate) struct Archive(ZipArchive<SharedFile>);

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Archive").field(&self.0.len()).finish()
    }
}

impl Archive {
    /// Opens `path` when it starts like a ZIP archive.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, ArchiveError> {
        let unreadable = |_| ArchiveError::Unreadable;
        let mut file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let mut start = [0; 132];
        let mut got = 0;
        while let Some(rest) = start.get_mut(got..).filter(|r| !r.is_empty()) {
            match file.read(rest) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(ArchiveError::Unreadable),
            }
        }
        // The preamble of a DICOM file may hold anything, the start of a ZIP archive too.
        let zip = matches!(start.get(..4), Some(b"PK\x03\x04" | b"PK\x05\x06"));
        if !zip || start.get(128..) == Some(b"DICM".as_slice()) {
            return Ok(None);
        }
        let shared = SharedFile {
            file: Arc::new(file),
            position: 0,
            size,
        };
        let archive = ZipArchive::new(shared).map_err(|_| ArchiveError::Unreadable)?;
        let archive = Self(archive);
        if archive.0.len() > MAX_ENTRIES {
            return Err(ArchiveError::Bomb);
        }
        let claimed = archive.entries().iter().fold(0_u64, |sum, (_, size)| {
            sum.saturating_add(size.unwrap_or(0))
        });
        if claimed > size.saturating_mul(MAX_RATIO).saturating_add(1 << 30) {
            return Err(ArchiveError::Bomb);
        }
        Ok(Some(archive))
    }

    /// Name and claimed size of every entry; no size for folders.
    pub(crate) fn entries(&self) -> Vec<(String, Option<u64>)> {
        let mut archive = self.0.clone();
        (0..archive.len())
            .map(|index| {
                // A label for the report; an archive whose names cannot be decoded is read all the same.
                let number = || format!("entry {}", index + 1);
                match archive.by_index_raw(index) {
                    Ok(entry) => {
                        let name = entry
                            .name()
                            .map_or_else(|_| number(), std::borrow::Cow::into_owned);
                        (name, (!entry.is_dir()).then(|| entry.size()))
                    }
                    Err(_) => (number(), Some(0)),
                }
            })
            .collect()
    }

    /// Reads one entry into `buffer`; no more than `limit` bytes and one.
    pub(crate) fn read(&self, index: usize, limit: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
        let mut archive = self.0.clone();
        let entry = archive
            .by_index(index)
            .map_err(|_| io::ErrorKind::InvalidData)?;
        entry.take(limit.saturating_add(1)).read_to_end(buffer)?;
        Ok(())
    }
}

/// A file that many threads read at their own positions.
#[derive(Debug, Clone)]
struct SharedFile {
    file: Arc<File>,
    position: u64,
    size: u64,
}

impl Read for SharedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let n = std::os::unix::fs::FileExt::read_at(&*self.file, buffer, self.position)?;
        #[cfg(windows)]
        let n = std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, self.position)?;
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for SharedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::Current(n) => self.position.checked_add_signed(n),
            SeekFrom::End(n) => self.size.checked_add_signed(n),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn archive(dir: &Path, entries: &[(&str, &[u8])]) -> std::path::PathBuf {
        let path = dir.join("a.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).expect("file"));
        let options = zip::write::SimpleFileOptions::default();
        zip.add_directory("folder", options).expect("folder");
        for (name, bytes) in entries {
            zip.start_file(*name, options).expect("entry");
            zip.write_all(bytes).expect("bytes");
        }
        zip.finish().expect("zip");
        path
    }

    #[test]
    fn entries_are_read_and_stop_at_the_limit() {
        let dir = tempfile::tempdir().expect("dir");
        let path = archive(dir.path(), &[("folder/a", b"hello"), ("../b", &[0; 5000])]);
        let archive = Archive::open(&path).expect("open").expect("a zip");
        let names: Vec<String> = archive.entries().into_iter().map(|e| e.0).collect();
        assert_eq!(names, ["folder/", "folder/a", "../b"]);
        let mut buffer = Vec::new();
        archive.read(1, 100, &mut buffer).expect("read");
        assert_eq!(buffer, b"hello");
        buffer.clear();
        archive.read(2, 100, &mut buffer).expect("read");
        assert_eq!(buffer.len(), 101, "one byte more than allowed tells");
    }

    #[test]
    fn a_dicom_file_whose_preamble_looks_like_a_zip_is_none() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("x.dcm");
        let mut bytes = vec![0; 140];
        bytes[..4].copy_from_slice(b"PK\x03\x04");
        bytes[128..132].copy_from_slice(b"DICM");
        std::fs::write(&path, bytes).expect("write");
        assert!(matches!(Archive::open(&path), Ok(None)));
        std::fs::write(&path, b"PK\x03\x04 and nothing more").expect("write");
        assert!(matches!(
            Archive::open(&path),
            Err(ArchiveError::Unreadable)
        ));
    }

    #[test]
    fn an_archive_that_claims_too_much_is_a_bomb() {
        let dir = tempfile::tempdir().expect("dir");
        let path = archive(dir.path(), &[("zeros", &[0; 100])]);
        let mut bytes = std::fs::read(&path).expect("read");
        // Make the central directory claim almost 4 GiB for the one entry.
        let at = bytes
            .windows(4)
            .rposition(|w| w == b"PK\x01\x02")
            .expect("central directory");
        bytes[at + 24..at + 28].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
        std::fs::write(&path, bytes).expect("write");
        assert!(matches!(Archive::open(&path), Err(ArchiveError::Bomb)));
    }
}
