//! The site key and what derives from it: UIDs, pseudonyms, authentication codes.
//!
//! Everything is keyed and stateless: the same key and input give the same output
//! in every worker, tab and year, and nothing can be turned back without the key.
//!
//! A derived identifier carries a short code that only the key can make. So the
//! key's own work is recognised and left alone: cleaning twice changes nothing,
//! and a study cleaned in two sittings fits together.

use cordon_protocol::PseudonymForm;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The clinic's secret: 32 random bytes. It never leaves the clinic.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteKey {
    bytes: [u8; 32],
    uid: [u8; 32],
    uid_check: [u8; 32],
    pseudonym: [u8; 32],
    pseudonym_check: [u8; 32],
}

impl std::fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SiteKey(…)")
    }
}

/// How many low bits of a derived UID are its check code.
const UID_CHECK_BITS: u32 = 42;
/// Base 32 without letters that are taken for digits (Crockford).
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a pseudonym that carry the identity; 60 bits.
const PSEUDONYM_BODY: usize = 12;
/// Characters of a pseudonym that carry the check code; 40 bits.
const PSEUDONYM_CHECK: usize = 8;
/// Digits of a pseudonym of digits that carry the identity, and of its check code.
const DIGITS_BODY: usize = 14;
const DIGITS_CHECK: usize = 6;

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn high_u128(digest: &[u8; 32]) -> u128 {
    digest
        .iter()
        .take(16)
        .fold(0, |n, b| (n << 8) | u128::from(*b))
}

impl SiteKey {
    /// A key from its 32 bytes, which must come from a cryptographic random source.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let sub = |label: &str| hmac(&bytes, &[b"cordon/v1/", label.as_bytes()]);
        Self {
            uid: sub("uid"),
            uid_check: sub("uid-check"),
            pseudonym: sub("pseudonym"),
            pseudonym_check: sub("pseudonym-check"),
            bytes,
        }
    }

    /// The key's bytes, for a back-up under a passphrase and nothing else.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.bytes
    }

    /// A short name of the key that says nothing about it: to compare two computers.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = hex::encode(hmac(&self.bytes, &[b"cordon/v1/fingerprint"]));
        let groups: Vec<&str> = (0..4)
            .filter_map(|i| digest.get(i * 4..i * 4 + 4))
            .collect();
        groups.join(" ")
    }

    /// A message authentication code over `message`, in hexadecimal.
    #[must_use]
    pub fn authenticate(&self, label: &str, message: &[u8]) -> String {
        let key = hmac(&self.bytes, &[b"cordon/v1/mac/", label.as_bytes()]);
        hex::encode(hmac(&key, &[message]))
    }

    /// The UID that replaces `original`: `2.25.` and a UUID (PS3.5 annex B.2).
    ///
    /// HMAC-SHA-256 of the value gives 80 bits, of which 42 more are a check code
    /// under the same key; version and variant bits are those of a UUID of version 8
    /// (RFC 9562). A UID that this key made is given back as it is.
    #[must_use]
    pub fn uid(&self, original: &str) -> String {
        if self.made_uid(original) {
            return original.to_owned();
        }
        let body = high_u128(&hmac(&self.uid, &[original.as_bytes()])) >> 48;
        format!("2.25.{}", self.uuid(body))
    }

    /// Lays 80 bits and their check code out around the fixed bits of a UUID.
    fn uuid(&self, body: u128) -> u128 {
        let check =
            high_u128(&hmac(&self.uid_check, &[&body.to_be_bytes()])) >> (128 - UID_CHECK_BITS);
        let free = (body << UID_CHECK_BITS) | check; // 122 bits
        let high = free >> 74; // 48 bits
        let middle = (free >> 62) & 0xFFF; // 12 bits
        let low = free & ((1 << 62) - 1);
        (high << 80) | (8 << 76) | (middle << 64) | (0b10 << 62) | low
    }

    /// Whether this key made the UID.
    #[must_use]
    pub fn made_uid(&self, uid: &str) -> bool {
        let Some(number) = uid
            .strip_prefix("2.25.")
            .and_then(|n| n.parse::<u128>().ok())
        else {
            return false;
        };
        let free =
            ((number >> 80) << 74) | (((number >> 64) & 0xFFF) << 62) | (number & ((1 << 62) - 1));
        self.uuid(free >> UID_CHECK_BITS) == number
    }

    /// The pseudonym of a patient: `prefix` and 20 characters. `identity` is what makes the
    /// patient the same one within the clinic. A pseudonym of this key is given back as it is.
    #[must_use]
    pub fn pseudonym(&self, prefix: &str, identity: &str) -> String {
        if self.made_pseudonym(prefix, identity) {
            return identity.to_owned();
        }
        let body = base32(
            high_u128(&hmac(&self.pseudonym, &[identity.as_bytes()])),
            PSEUDONYM_BODY,
        );
        let check = self.pseudonym_code(&body);
        format!("{prefix}{body}{check}")
    }

    /// The pseudonym in the form that a protocol asks for. One of this key is given back as it is.
    #[must_use]
    pub fn pseudonym_as(&self, prefix: &str, form: PseudonymForm, identity: &str) -> String {
        if form == PseudonymForm::Letters || self.made_pseudonym(prefix, identity) {
            return self.pseudonym(prefix, identity);
        }
        let mac = hmac(&self.pseudonym, &[b"digits/", identity.as_bytes()]);
        let body = decimal(high_u128(&mac), DIGITS_BODY);
        let check = self.digits_code(&body);
        format!("{prefix}{body}{check}")
    }

    fn digits_code(&self, body: &str) -> String {
        let mac = hmac(&self.pseudonym_check, &[b"digits/", body.as_bytes()]);
        decimal(high_u128(&mac), DIGITS_CHECK)
    }

    /// By how many days the dates of a patient move: 31 to 3,650 days into the past, the same for
    /// every object of the patient.
    #[must_use]
    pub fn shift_days(&self, identity: &str) -> i64 {
        let digest = hmac(&self.bytes, &[b"cordon/v1/shift/", identity.as_bytes()]);
        let n = high_u128(&digest) % 3_620;
        -(31 + i64::try_from(n).unwrap_or(0))
    }

    fn pseudonym_code(&self, body: &str) -> String {
        base32(
            high_u128(&hmac(&self.pseudonym_check, &[body.as_bytes()])),
            PSEUDONYM_CHECK,
        )
    }

    /// Whether this key made the pseudonym.
    #[must_use]
    pub fn made_pseudonym(&self, prefix: &str, value: &str) -> bool {
        value
            .strip_prefix(prefix)
            .filter(|v| v.len() == PSEUDONYM_BODY + PSEUDONYM_CHECK && v.is_ascii())
            .is_some_and(|v| {
                let (body, check) = v.split_at(PSEUDONYM_BODY);
                let (number, code) = v.split_at(DIGITS_BODY);
                self.pseudonym_code(body) == check || self.digits_code(number) == code
            })
    }
}

/// The first `chars` groups of five bits of a number in hexadecimal.
pub(crate) fn base32_of_hex(hex: &str, chars: usize) -> String {
    let high = hex.get(..32).unwrap_or_default();
    base32(u128::from_str_radix(high, 16).unwrap_or_default(), chars)
}

/// The first `chars` groups of five bits of `n`, from the top.
fn base32(n: u128, chars: usize) -> String {
    (1..=chars)
        .map(|i| {
            let five = (n >> (128 - 5 * i)) & 31;
            char::from(ALPHABET.get(five as usize).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// The last `digits` decimal digits of `n`.
fn decimal(n: u128, digits: usize) -> String {
    let text = format!("{n:039}");
    text.get(text.len() - digits..)
        .unwrap_or_default()
        .to_owned()
}

/// Whether a value has the form of a pseudonym, whoever made it: 20 characters of those that one is
/// made of, behind this prefix, or behind any that a protocol may have.
#[must_use]
pub fn looks_like_pseudonym(value: &str, prefix: Option<&str>) -> bool {
    let Some((before, body)) = value
        .len()
        .checked_sub(PSEUDONYM_BODY + PSEUDONYM_CHECK)
        .and_then(|at| value.split_at_checked(at))
    else {
        return false;
    };
    let large = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-';
    let known = match prefix {
        Some(prefix) => before == prefix,
        None => before.len() <= 16 && before.bytes().all(large),
    };
    known && body.bytes().all(|b| ALPHABET.contains(&b))
}

/// Whether a UID has the form of a derived one, whoever made it: `2.25.` and a UUID of version 8.
#[must_use]
pub fn looks_derived(uid: &str) -> bool {
    uid.strip_prefix("2.25.")
        .and_then(|n| n.parse::<u128>().ok())
        .is_some_and(|n| (n >> 76) & 0xF == 8 && (n >> 62) & 0b11 == 0b10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> SiteKey {
        SiteKey::from_bytes([n; 32])
    }

    #[test]
    fn a_uid_is_stable_valid_and_recognised() {
        let a = key(1).uid("1.2.840.113619.2.1");
        assert_eq!(a, key(1).uid("1.2.840.113619.2.1"));
        assert!(a.len() <= 64 && a.starts_with("2.25.") && !a.starts_with("2.25.0"));
        assert_eq!(key(1).uid(&a), a, "cleaning twice");
        assert!(looks_derived(&a));
        assert_ne!(key(2).uid("1.2.840.113619.2.1"), a, "another key");
        assert_ne!(key(2).uid(&a), a, "another key's UID is no own one");
        assert!(!looks_derived(
            "2.25.329800735698586629295641978511506172918"
        ));
    }

    #[test]
    fn a_pseudonym_is_stable_and_recognised() {
        let a = key(1).pseudonym("EU-", "4711");
        assert_eq!(a.len(), 23);
        assert_eq!(key(1).pseudonym("EU-", &a), a);
        assert_ne!(key(2).pseudonym("EU-", "4711"), a);
        assert_ne!(key(1).pseudonym("EU-", "4712"), a);
        assert!(looks_like_pseudonym(&a, None) && looks_like_pseudonym(&a, Some("EU-")));
        assert!(!looks_like_pseudonym(&a, Some("US-")) && !looks_like_pseudonym(&a, Some("")));
        // A name with a birthday and a number is as long, and made of other letters.
        for no in ["Müller", "MUELLER-ANNA-19630417-4711", "", "ÄÖÜÄÖÜÄÖÜÄÖ"] {
            assert!(!looks_like_pseudonym(no, None), "{no}");
        }
    }

    #[test]
    fn a_pseudonym_of_digits_is_stable_and_recognised() {
        let make = |n, id: &str| key(n).pseudonym_as("EU-", PseudonymForm::Digits, id);
        let a = make(1, "4711");
        assert_eq!(a.len(), 23);
        assert!(a[3..].bytes().all(|b| b.is_ascii_digit()) && looks_like_pseudonym(&a, None));
        assert_eq!(make(1, &a), a, "cleaning twice");
        assert_eq!(key(1).pseudonym("EU-", &a), a, "in the other form as well");
        assert_ne!(make(2, "4711"), a);
        assert_ne!(make(1, "4712"), a);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", key(1)), "SiteKey(…)");
    }
}
