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
        Vr::DS | Vr::IS => b"0",
        Vr::AE | Vr::CS | Vr::LO | Vr::LT | Vr::PN | Vr::SH | Vr::ST | Vr::UC | Vr::UT => {
            WORD.as_bytes()
        }
        Vr::UR => b"urn:removed",
        Vr::SS | Vr::US | Vr::OB | Vr::OW | Vr::UN => &[0; 2],
        Vr::AT | Vr::FL | Vr::OF | Vr::OL | Vr::SL | Vr::UL => &[0; 4],
        Vr::FD | Vr::OD | Vr::OV | Vr::SV | Vr::UV => &[0; 8],
        Vr::UI | Vr::SQ => b"",
    }
}

/// Whether a value field is empty, padding only, or the dummy of its VR.
pub(crate) fn is_nothing(vr: Vr, bytes: &[u8]) -> bool {
    let end = bytes
        .iter()
        .rposition(|b| !matches!(b, 0 | b' '))
        .map_or(0, |n| n + 1);
    let body = bytes.get(..end).unwrap_or_default();
    body.is_empty() || body == value(vr)
}
