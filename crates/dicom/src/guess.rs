//! Recognising the encoding of a data set that nothing announces.

use crate::Syntax;
use crate::Vr;

/// The encoding of a data set that starts at `bytes`, if it starts like one.
///
/// A data set without File Meta Information starts in a low group (0002 would be
/// meta, 0004 a directory, 0008 nearly always); explicit encodings show two VR
/// letters at byte 4, implicit ones a small length.
pub(crate) fn guess(bytes: &[u8]) -> Option<Syntax> {
    let b: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
    let vr = Vr::from_bytes([b[4], b[5]]);
    let le_group = u16::from_le_bytes([b[0], b[1]]);
    let be_group = u16::from_be_bytes([b[0], b[1]]);
    let low = |g: u16| matches!(g, 0x0004 | 0x0008 | 0x0010 | 0x0018 | 0x0020 | 0x0028);
    if vr.is_some() {
        if low(le_group) {
            return Some(Syntax::explicit_le());
        }
        if low(be_group) {
            return Some(Syntax::explicit_be());
        }
        return None;
    }
    let length = u32::from_le_bytes([b[4], b[5], b[6], b[7]]);
    (low(le_group) && (length as usize) < bytes.len()).then(Syntax::implicit_le)
}
