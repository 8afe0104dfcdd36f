//! Writes cleaned objects: whole or not at all, and fast.
//!
//! An object is written under a temporary name and renamed, so that a name in the
//! output folder always means a whole object. Nothing is flushed to the disk file
//! by file: after a power cut the run is repeated, and gives the same bytes.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cordon_contribute::Placement;
use cordon_protocol::Verdict;

/// The output folder.
#[derive(Debug)]
pub(crate) struct Output {
    root: PathBuf,
    /// Folders that are known to be there: asking the system for each object costs more than cleaning it.
    known: Mutex<HashSet<PathBuf>>,
}

impl Output {
    /// Makes the folder where it is missing.
    pub(crate) fn new(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self {
            root: root.to_owned(),
            known: Mutex::default(),
        })
    }

    /// Where an object of this verdict belongs, below the output folder. `repeat` counts the
    /// objects with one SOP Instance UID; the first has none in its name.
    pub(crate) fn place(verdict: Verdict, placement: &Placement, repeat: u32) -> Option<String> {
        let folder = match verdict {
            Verdict::Clean => "clean",
            Verdict::Held => "held",
            Verdict::Refused => return None,
        };
        // These come out of the finished object; nothing but a name may become a name of a folder.
        let parts = [
            &placement.pseudonym,
            &placement.study,
            &placement.series,
            &placement.instance,
        ];
        let is_name = |part: &&String| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            part.bytes().all(plain) && part.bytes().any(|b| b != b'.')
        };
        if !parts.iter().all(is_name) {
            return None;
        }
        let suffix = if repeat > 1 {
            format!("-{repeat}")
        } else {
            String::new()
        };
        Some(format!(
            "{folder}/{}/{}/{}/{}{suffix}.dcm",
            placement.pseudonym, placement.study, placement.series, placement.instance
        ))
    }

    /// Writes one object to its place and takes away what an earlier run left of it under
    /// the other verdict.
    pub(crate) fn write(&self, place: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.root.join(place);
        let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        self.folder(parent)?;
        let temporary = path.with_extension("part");
        let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written?;
        let other = match place.split_once('/') {
            Some(("clean", rest)) => self.root.join("held").join(rest),
            Some((_, rest)) => self.root.join("clean").join(rest),
            None => return Ok(()),
        };
        // An object must never stand in both: who releases `clean` would release what is held.
        if self.has_folder_of_other(&other) {
            match fs::remove_file(&other) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
        Ok(())
    }

    fn has_folder_of_other(&self, other: &Path) -> bool {
        other.parent().is_some_and(Path::is_dir)
    }

    fn folder(&self, dir: &Path) -> io::Result<()> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(dir) {
            fs::create_dir_all(dir)?;
            known.insert(dir.to_owned());
        }
        Ok(())
    }

    /// A file directly in the output folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_never_stands_under_both_verdicts() {
        let dir = tempfile::tempdir().expect("dir");
        let output = Output::new(dir.path()).expect("output");
        let placement = Placement {
            pseudonym: "P".to_owned(),
            study: "1".to_owned(),
            series: "2".to_owned(),
            instance: "3".to_owned(),
        };
        let clean = Output::place(Verdict::Clean, &placement, 1).expect("place");
        let held = Output::place(Verdict::Held, &placement, 1).expect("place");
        assert_eq!(clean, "clean/P/1/2/3.dcm");
        output.write(&clean, b"one").expect("write");
        output.write(&held, b"two").expect("write");
        assert!(!dir.path().join(&clean).exists());
        assert_eq!(fs::read(dir.path().join(&held)).expect("read"), b"two");
        assert_eq!(Output::place(Verdict::Refused, &placement, 1), None);
        assert_eq!(
            Output::place(Verdict::Held, &placement, 2).as_deref(),
            Some("held/P/1/2/3-2.dcm")
        );
    }
}
