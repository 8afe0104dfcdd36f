//! The site key as a file, and files under a passphrase.
//!
//! The format is age (age-encryption.org/v1) with a scrypt recipient, so that a
//! clinic can open its back-up without Cordon.

use std::io::{Read as _, Write as _};

use age::secrecy::SecretString;
use cordon_contribute::SiteKey;

use crate::messages::KeyFile;

/// N = 2^17: 128 MB and about a second or two in a browser.
const WORK: u8 = 17;
/// More than this is refused: a crafted file would take the tab's memory.
const MOST_WORK: u8 = 19;
/// Shorter passphrases are refused.
const SHORTEST: usize = 12;
/// First line of a back-up.
const TITLE: &str = "cordon site key v1";

/// Encrypts under a passphrase.
pub(crate) fn encrypt(plain: &[u8], passphrase: &str) -> Result<Vec<u8>, &'static str> {
    const FAILED: &str = "the file could not be encrypted";
    if passphrase.chars().count() < SHORTEST {
        return Err(
            "the passphrase needs at least 12 characters; four words that do not belong together are good",
        );
    }
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(WORK);
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|_| FAILED)?;
    let mut out = Vec::with_capacity(plain.len() + 512);
    let mut writer = encryptor.wrap_output(&mut out).map_err(|_| FAILED)?;
    writer.write_all(plain).map_err(|_| FAILED)?;
    writer.finish().map_err(|_| FAILED)?;
    Ok(out)
}

/// Decrypts under a passphrase.
pub(crate) fn decrypt(file: &[u8], passphrase: &str) -> Result<Vec<u8>, &'static str> {
    const NO_FILE: &str = "this is not a key file: choose the .age file that was saved as back-up";
    const WRONG: &str =
        "the passphrase does not open this file; check capital letters and the keyboard's language";
    let decryptor = age::Decryptor::new_buffered(file).map_err(|_| NO_FILE)?;
    if !decryptor.is_scrypt() {
        return Err("this file was encrypted for a key pair, not under a passphrase");
    }
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let mut reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            age::DecryptError::ExcessiveWork { .. } => {
                "this file asks for more work than a browser can do; it was not made by Cordon"
            }
            _ => WRONG,
        })?;
    let mut plain = Vec::new();
    reader
        .read_to_end(&mut plain)
        .map_err(|_| "the file is damaged")?;
    Ok(plain)
}

/// A key with its story.
pub(crate) fn key_file(bytes: [u8; 32], made_at: String, backed_up_at: Option<String>) -> KeyFile {
    KeyFile {
        key: hex::encode(bytes),
        made_at,
        backed_up_at,
        fingerprint: SiteKey::from_bytes(bytes).fingerprint(),
    }
}

/// The back-up's text before encryption.
pub(crate) fn backup(key: &KeyFile) -> String {
    format!(
        "{TITLE}\nmade-at: {}\nfingerprint: {}\nkey: {}\n",
        key.made_at, key.fingerprint, key.key
    )
}

/// A key out of a back-up's text.
pub(crate) fn from_backup(text: &[u8], now: &str) -> Result<KeyFile, &'static str> {
    const NO_KEY: &str = "the file opens, but there is no site key in it";
    let text = std::str::from_utf8(text).map_err(|_| NO_KEY)?;
    let mut lines = text.lines();
    if lines.next() != Some(TITLE) {
        return Err(NO_KEY);
    }
    let field = |name: &str| {
        text.lines()
            .find_map(|l| l.strip_prefix(name))
            .map(str::trim)
    };
    let key = field("key:").and_then(|k| hex::decode(k).ok());
    let key: [u8; 32] = key.and_then(|k| k.try_into().ok()).ok_or(NO_KEY)?;
    let made_at = field("made-at:").unwrap_or(now).to_owned();
    let file = key_file(key, made_at, Some(now.to_owned()));
    if field("fingerprint:").is_some_and(|f| f != file.fingerprint) {
        return Err("the key in the file is damaged: its fingerprint does not fit");
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_back_up_comes_back_and_a_wrong_passphrase_does_not_open_it() {
        let key = key_file([7; 32], "2026-03-03T00:00:00Z".to_owned(), None);
        let file = encrypt(backup(&key).as_bytes(), "four words of nonsense").expect("encrypts");
        assert!(file.starts_with(b"age-encryption.org/v1"));
        let plain = decrypt(&file, "four words of nonsense").expect("opens");
        let back = from_backup(&plain, "2026-04-01T00:00:00Z").expect("a key");
        assert_eq!(back.key, key.key);
        assert_eq!(back.made_at, key.made_at);
        assert!(back.backed_up_at.is_some());
        let wrong = decrypt(&file, "four words of Nonsense").expect_err("closed");
        assert!(wrong.contains("passphrase"));
        assert!(decrypt(b"no age file", "four words of nonsense").is_err());
        assert!(encrypt(b"x", "short").is_err());
    }

    #[test]
    fn a_damaged_key_is_noticed() {
        let key = key_file([7; 32], "x".to_owned(), None);
        let text = backup(&key).replace("key: 07", "key: 08");
        assert!(from_backup(text.as_bytes(), "now").is_err());
        assert!(from_backup(b"something else", "now").is_err());
    }
}
