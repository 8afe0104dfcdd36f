//! What the person pointed at, as a sorted list of files.
//!
//! Folders are walked without following links: a link inside a study folder may
//! lead anywhere, and what it leads to was not pointed at. A path named on the
//! command line may itself be a link. What is not followed is counted and said.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::archive::{Archive, ArchiveError};

/// Deepest folder that is walked: deeper ones are made by accident.
const MAX_DEPTH: usize = 64;

/// Where the bytes of one input are.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A file of its own.
    File(PathBuf),
    /// An entry of a ZIP archive.
    Entry(Archive, usize),
    /// Something that could not even be listed.
    Unreadable,
    /// An archive that would unpack to more than any contribution holds.
    Bomb,
}

/// One input.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// As the person would name it.
    pub(crate) name: String,
    /// Size in bytes, as far as the file system or archive knows.
    pub(crate) size: u64,
    /// Where it is.
    pub(crate) source: Source,
}

/// Everything found.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Sorted as folders are read: by name, level by level.
    pub(crate) list: Vec<Input>,
    /// Links and special files that were passed over.
    pub(crate) passed_over: u64,
}

/// Lists everything below `roots`; `except` is the output folder, which may lie inside.
pub(crate) fn collect(roots: &[PathBuf], except: Option<&Path>) -> Inputs {
    let mut inputs = Inputs::default();
    let except = except.and_then(|path| fs::canonicalize(path).ok());
    for root in roots {
        match fs::metadata(root) {
            Ok(meta) if meta.is_dir() => walk(root, except.as_deref(), 0, &mut inputs),
            Ok(meta) if meta.is_file() => add(root, meta.len(), &mut inputs),
            _ => unreadable(root, &mut inputs),
        }
    }
    inputs
}

fn unreadable(path: &Path, inputs: &mut Inputs) {
    inputs.list.push(Input {
        name: path.display().to_string(),
        size: 0,
        source: Source::Unreadable,
    });
}

fn walk(dir: &Path, except: Option<&Path>, depth: usize, inputs: &mut Inputs) {
    if except.is_some_and(|out| fs::canonicalize(dir).is_ok_and(|here| here == out)) {
        return;
    }
    if depth > MAX_DEPTH {
        return unreadable(dir, inputs);
    }
    let entries: io::Result<Vec<fs::DirEntry>> = fs::read_dir(dir).and_then(Iterator::collect);
    let Ok(mut entries) = entries else {
        return unreadable(dir, inputs);
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // `DirEntry::metadata` does not follow links.
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => walk(&path, except, depth + 1, inputs),
            Ok(meta) if meta.is_file() => add(&path, meta.len(), inputs),
            Ok(_) => inputs.passed_over += 1,
            Err(_) => unreadable(&path, inputs),
        }
    }
}

/// Adds a file, or the entries of a ZIP archive one by one.
fn add(path: &Path, size: u64, inputs: &mut Inputs) {
    let name = path.display().to_string();
    // By its ending first: opening every file twice doubles the time on a network share.
    let zip = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let source = match zip
        .then(|| Archive::open(path))
        .transpose()
        .map(Option::flatten)
    {
        Ok(Some(archive)) => {
            for (index, (entry, size)) in archive.entries().into_iter().enumerate() {
                let Some(size) = size else { continue };
                inputs.list.push(Input {
                    name: format!("{name}!/{entry}"),
                    size,
                    source: Source::Entry(archive.clone(), index),
                });
            }
            return;
        }
        Ok(None) => Source::File(path.to_owned()),
        Err(ArchiveError::Bomb) => Source::Bomb,
        Err(ArchiveError::Unreadable) => Source::Unreadable,
    };
    inputs.list.push(Input { name, size, source });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_passed_over_and_the_order_is_by_name() {
        let dir = tempfile::tempdir().expect("dir");
        let root = dir.path().join("in");
        fs::create_dir_all(root.join("b")).expect("dir");
        fs::create_dir_all(root.join("out")).expect("dir");
        for name in ["b/2", "b/10", "a", "c", "out/x"] {
            fs::write(root.join(name), name).expect("write");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc", root.join("link")).expect("link");
        let inputs = collect(
            &[root.clone(), root.join("nowhere")],
            Some(&root.join("out")),
        );
        let names: Vec<&str> = inputs
            .list
            .iter()
            .filter_map(|i| Path::new(&i.name).strip_prefix(&root).ok()?.to_str())
            .collect();
        assert_eq!(names, ["a", "b/10", "b/2", "c", "nowhere"]);
        assert!(matches!(
            inputs.list.last().map(|i| &i.source),
            Some(Source::Unreadable)
        ));
        #[cfg(unix)]
        assert_eq!(inputs.passed_over, 1);
    }
}
