//! Dummy values: what stands where a value must be and must say nothing (PS3.15 section E.1.1, action D).

use cordon_dicom::Vr;

/// The word that replaces text.
pub(crate) const WORD: &str = "REMOVED";

/// The dummy of a VR: a valid value that no patient has. UIDs and sequences have none.
pub(crate) const fn value(vr: Vr) -> &'static [u8] {
    match vr {
        Vr::AS => b"000Y",
        Vr::DA => b"19000101",
        Vr::DT => b"19000101000000",
        Vr::TM => b"000000",
        Vr::DS | Vr::IS => b"1",
        Vr::AE | Vr::CS | Vr::LO | Vr::LT | Vr::PN | Vr::SH | Vr::ST | Vr::UC | Vr::UT => {
            WORD.as_bytes()
        }
        Vr::UR => b"urn:removed",
        Vr::SS | Vr::US => &[1, 0],
        Vr::OB | Vr::OW | Vr::UN => &[0; 2],
        Vr::SL | Vr::UL => &[1, 0, 0, 0],
        Vr::AT | Vr::FL | Vr::OF | Vr::OL => &[0; 4],
        Vr::SV | Vr::UV => &[1, 0, 0, 0, 0, 0, 0, 0],
        Vr::FD | Vr::OD | Vr::OV => &[0; 8],
        Vr::UI | Vr::SQ => b"",
    }
}

/// The dummy that replaces `old`: as many numbers as there were, because other attributes count
/// them; one of anything else.
pub(crate) fn instead_of(vr: Vr, old: &[u8], big_endian: bool) -> Vec<u8> {
    let one = value(vr);
    match vr {
        Vr::DS | Vr::IS => {
            let n = old.split(|b| *b == b'\\').count();
            vec!["1"; n].join("\\").into_bytes()
        }
        Vr::SS | Vr::US | Vr::SL | Vr::UL | Vr::SV | Vr::UV | Vr::FL | Vr::FD | Vr::AT => {
            let n = (old.len() / vr.word_size()).max(1);
            let mut word = one.to_vec();
            if big_endian {
                word.reverse();
            }
            word.repeat(n)
        }
        _ => one.to_vec(),
    }
}

/// A value field without its padding: NULs and spaces at the end (PS3.5 section 6.2).
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|b| !matches!(b, 0 | b' '))
        .map_or(0, |n| n + 1);
    bytes.get(..end).unwrap_or_default()
}

/// Whether a value field is empty, padding only, or the dummy of its VR.
pub(crate) fn is_nothing(vr: Vr, bytes: &[u8]) -> bool {
    let body = trim(bytes);
    if body.is_empty() || body == value(vr) {
        return true;
    }
    match vr {
        Vr::DS | Vr::IS => body.split(|b| *b == b'\\').all(|v| v == b"1"),
        Vr::SS | Vr::US | Vr::SL | Vr::UL | Vr::SV | Vr::UV => {
            let size = vr.word_size();
            bytes.len().is_multiple_of(size)
                && bytes.chunks(size).all(|word| {
                    let others = word.len().saturating_sub(1);
                    let zeros = word.iter().filter(|b| **b == 0).count();
                    let ends = word.first() == Some(&1) || word.last() == Some(&1);
                    zeros == others && ends
                })
        }
        _ => false,
    }
}
