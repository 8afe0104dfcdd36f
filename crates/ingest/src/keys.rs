//! Secrets: the receipt-signing key and invitation tokens.
//!
//! A token is 32 random bytes, shown once and never stored: the database holds
//! its SHA-256. Looking a presented token up by its digest leaks nothing useful
//! through time, because an attacker cannot steer the digest.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};

use crate::error::IngestError;

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], IngestError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| IngestError::NoRandom)?;
    Ok(bytes)
}

/// A new token, as it stands in an invitation.
pub(crate) fn new_token() -> Result<String, IngestError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// What the database keeps of a token.
pub(crate) fn token_digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The receipt-signing key of the data folder; made on the first start, readable by its owner only.
pub(crate) fn receipt_key(data: &Path) -> Result<SigningKey, IngestError> {
    let path = data.join("receipt.key");
    match fs::read(&path) {
        Ok(bytes) => {
            let seed: [u8; 32] = bytes.try_into().map_err(|_| IngestError::ReceiptKey)?;
            Ok(SigningKey::from_bytes(&seed))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let seed = random::<32>()?;
            let temporary = data.join("receipt.key.new");
            write_private(&temporary, &seed)?;
            fs::rename(&temporary, &path)?;
            crate::store::sync_folder(data)?;
            Ok(SigningKey::from_bytes(&seed))
        }
        Err(e) => Err(e.into()),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_kept_private() {
        let dir = tempfile::tempdir().expect("dir");
        let first = receipt_key(dir.path()).expect("key");
        let again = receipt_key(dir.path()).expect("key");
        assert_eq!(first.to_bytes(), again.to_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(dir.path().join("receipt.key"))
                .expect("metadata")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(dir.path().join("receipt.key"), b"short").expect("write");
        assert!(matches!(
            receipt_key(dir.path()),
            Err(IngestError::ReceiptKey)
        ));
    }

    #[test]
    fn tokens_differ_and_are_url_safe() {
        let (a, b) = (new_token().expect("token"), new_token().expect("token"));
        assert_ne!(a, b);
        assert_eq!(a.len(), 43);
        assert!(
            a.bytes()
                .all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
        );
    }
}
