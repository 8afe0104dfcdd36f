//! The site key of the command: a file that only its owner may read.
//!
//! Without `--key` the key is made once and kept in the user's configuration
//! folder, so that the same patient has the same pseudonym tomorrow. The file is
//! the text that the page encrypts into its back-up (`age -d backup.age > site.key`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cordon_contribute::SiteKey;

use crate::failure::{At as _, Failure};

/// Where the key came from.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) key: SiteKey,
    pub(crate) path: PathBuf,
    /// Made just now: the clinic must be told to keep it.
    pub(crate) new: bool,
}

/// The key at `path`, or the user's own, made on first use.
pub(crate) fn find(path: Option<&Path>) -> Result<Found, Failure> {
    let path = match path {
        Some(path) => return read(path),
        None => config_folder()
            .ok_or(Failure::NoConfigFolder)?
            .join("site.key"),
    };
    if path.exists() {
        return read(&path);
    }
    make(&path)
}

fn read(path: &Path) -> Result<Found, Failure> {
    let text = fs::read_to_string(path).at(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).at(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            eprintln!(
                "cordon: warning: other users of this computer can read {}; take their rights away (chmod 600)",
                path.display()
            );
        }
    }
    let bytes = parse(&text).ok_or_else(|| Failure::KeyFormat(path.to_owned()))?;
    Ok(Found {
        key: SiteKey::from_bytes(bytes),
        path: path.to_owned(),
        new: false,
    })
}

/// The first line of a key file. The page encrypts the same text into its back-up, so that
/// one key serves browser and command.
const TITLE: &str = "cordon site key v1";

fn spell(bytes: [u8; 32]) -> String {
    let fingerprint = SiteKey::from_bytes(bytes).fingerprint();
    let key = hex::encode(bytes);
    format!("{TITLE}\nfingerprint: {fingerprint}\nkey: {key}\n")
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    if text.lines().next()?.trim_end() != TITLE {
        return None;
    }
    let bytes: [u8; 32] = hex::decode(field("key:")?).ok()?.try_into().ok()?;
    // A key that was copied by hand and came out wrong would make other pseudonyms.
    field("fingerprint:")
        .is_none_or(|said| said == SiteKey::from_bytes(bytes).fingerprint())
        .then_some(bytes)
}

fn make(path: &Path) -> Result<Found, Failure> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::NoRandom)?;
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).at(dir)?;
    }
    // Two first runs at once must not end with two keys: the name is taken exactly once,
    // and always names a whole key.
    let temporary = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = private_file(&temporary).at(&temporary)?;
    let written = file
        .write_all(spell(bytes).as_bytes())
        .and_then(|()| file.sync_all());
    let taken = written.and_then(|()| fs::hard_link(&temporary, path));
    let _ = fs::remove_file(&temporary);
    match taken {
        Ok(()) => Ok(Found {
            key: SiteKey::from_bytes(bytes),
            path: path.to_owned(),
            new: true,
        }),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => read(path),
        Err(e) => Err(e).at(path),
    }
}

/// A new file that only its owner may read; an error when the name is taken.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// The user's folder for Cordon's own settings.
fn config_folder() -> Option<PathBuf> {
    let var = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    var("XDG_CONFIG_HOME")
        .or_else(|| var("APPDATA"))
        .or_else(|| var("HOME").map(|home| home.join(".config")))
        .map(|dir| dir.join("cordon"))
}

/// The user's folder for data of the demonstration server.
pub(crate) fn data_folder() -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    var("XDG_DATA_HOME")
        .or_else(|| var("LOCALAPPDATA"))
        .or_else(|| var("HOME").map(|home| home.join(".local/share")))
        .map(|dir| dir.join("cordon"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("deep/site.key");
        let first = make(&path).expect("make");
        let text = fs::read_to_string(&path).expect("text");
        let raced = make(&path).expect("the one that is there");
        assert!(first.new && !raced.new);
        assert_eq!(fs::read_to_string(&path).expect("text"), text);
        assert_eq!(parse(&text).map(spell), Some(text.clone()));
        let at = text.rfind("key: ").expect("key") + 5;
        let mut damaged = text.clone();
        damaged.replace_range(
            at..at + 1,
            if text[at..].starts_with('0') {
                "1"
            } else {
                "0"
            },
        );
        assert_eq!(parse(&damaged), None, "the fingerprint does not fit");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).expect("metadata").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&path, "nonsense").expect("write");
        assert!(matches!(read(&path), Err(Failure::KeyFormat(_))));
    }
}
