//! Which fragments make up a frame (PS3.5 section A.4).

use std::borrow::Cow;

use crate::error::PixelError;

/// The compressed bytes of frame `n`, joined where the frame spans fragments.
///
/// `items` is the Basic Offset Table and the fragments; `extended` the Extended Offset Table.
pub(crate) fn frame_bytes<'a>(
    items: &[&'a [u8]],
    extended: Option<&[u8]>,
    frames: u32,
    n: u32,
) -> Result<Cow<'a, [u8]>, PixelError> {
    match *parts(items, extended, frames, n)? {
        [] => Err(PixelError::Short(n)),
        [one] => Ok(Cow::Borrowed(one)),
        ref many => Ok(Cow::Owned(many.concat())),
    }
}

/// The first bytes of frame `n`, at least `least` of them where there are so many, and how many
/// there are in all. Copies nothing when the first fragment is long enough.
pub(crate) fn frame_head<'a>(
    items: &[&'a [u8]],
    extended: Option<&[u8]>,
    frames: u32,
    n: u32,
    least: usize,
) -> Result<(Cow<'a, [u8]>, usize), PixelError> {
    let parts = parts(items, extended, frames, n)?;
    let total = parts.iter().map(|p| p.len()).sum();
    let head = match *parts {
        [first, ..] if first.len() >= least.min(total) => Cow::Borrowed(first),
        _ => {
            let mut head = Vec::new();
            for part in parts.iter() {
                if head.len() >= least {
                    break;
                }
                head.extend_from_slice(part);
            }
            Cow::Owned(head)
        }
    };
    Ok((head, total))
}

/// The fragments of frame `n`.
fn parts<'i, 'a>(
    items: &'i [&'a [u8]],
    extended: Option<&[u8]>,
    frames: u32,
    n: u32,
) -> Result<Cow<'i, [&'a [u8]]>, PixelError> {
    if n >= frames {
        return Err(PixelError::NoFrame(n));
    }
    let (table, fragments) = items.split_first().ok_or(PixelError::Short(n))?;
    if fragments.is_empty() {
        return Err(PixelError::Short(n));
    }
    if frames == 1 {
        return Ok(Cow::Borrowed(fragments));
    }
    if fragments.len() == frames as usize {
        let at = n as usize;
        let fragment = fragments.get(at..=at).ok_or(PixelError::Short(n))?;
        return Ok(Cow::Borrowed(fragment));
    }
    let offsets: Vec<u64> = match extended {
        Some(offsets) if offsets.len() >= 8 * frames as usize => {
            words::<8>(offsets).map(u64::from_le_bytes).collect()
        }
        _ => words::<4>(table)
            .map(|b| u64::from(u32::from_le_bytes(b)))
            .collect(),
    };
    if offsets.len() >= frames as usize {
        let start = offsets.get(n as usize).copied();
        let start = start.ok_or(PixelError::Short(n))?;
        let end = if n + 1 < frames {
            offsets.get(n as usize + 1).copied()
        } else {
            None
        };
        return between(fragments, start, end, n).map(Cow::Owned);
    }
    by_beginning(fragments, frames, n)
}

fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks::<N>().0.iter().copied()
}

fn between<'a>(
    fragments: &[&'a [u8]],
    start: u64,
    end: Option<u64>,
    n: u32,
) -> Result<Vec<&'a [u8]>, PixelError> {
    let mut at = 0_u64;
    let mut found = Vec::new();
    let mut hit = false;
    for fragment in fragments {
        if end.is_some_and(|end| at >= end) {
            break;
        }
        hit |= at == start;
        if at >= start {
            found.push(*fragment);
        }
        at += 8 + fragment.len() as u64;
    }
    if hit {
        Ok(found)
    } else {
        Err(if start >= at {
            PixelError::Short(n)
        } else {
            PixelError::Corrupt("the offset table does not point to a fragment")
        })
    }
}

/// Without any table: a frame begins where a fragment begins like an image.
fn by_beginning<'i, 'a>(
    fragments: &'i [&'a [u8]],
    frames: u32,
    n: u32,
) -> Result<Cow<'i, [&'a [u8]]>, PixelError> {
    if fragments.len() < frames as usize {
        return Err(PixelError::Short(n));
    }
    let begins = |f: &[u8]| {
        f.starts_with(&[0xFF, 0xD8])
            || f.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
            || f.starts_with(&[0xFF, 0x0A])
            || f.starts_with(b"\0\0\0\x0C")
    };
    let starts: Vec<usize> = (0..fragments.len())
        .filter(|&i| begins(fragments[i]))
        .collect();
    if starts.len() != frames as usize {
        return Err(PixelError::Corrupt(
            "there is no offset table and the frames cannot be told apart",
        ));
    }
    let start = starts.get(n as usize).copied().unwrap_or_default();
    let end = starts.get(n as usize + 1).copied();
    fragments
        .get(start..end.unwrap_or(fragments.len()))
        .map(Cow::Borrowed)
        .ok_or(PixelError::Short(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &[u8] = &[0xFF, 0xD8, 1, 2];
    const B: &[u8] = &[3, 4];
    const C: &[u8] = &[0xFF, 0xD8, 5, 6];

    fn table(offsets: &[u32]) -> Vec<u8> {
        offsets.iter().flat_map(|o| o.to_le_bytes()).collect()
    }

    #[test]
    fn a_frame_over_two_fragments_is_joined_by_the_table() {
        let bot = table(&[0, 22]);
        let items = [bot.as_slice(), A, B, C];
        let first = frame_bytes(&items, None, 2, 0).unwrap();
        assert_eq!(&*first, &[0xFF, 0xD8, 1, 2, 3, 4]);
        assert_eq!(&*frame_bytes(&items, None, 2, 1).unwrap(), C);
    }

    #[test]
    fn without_a_table_frames_are_told_apart_by_their_beginning() {
        let items = [&[][..], A, B, C];
        let first = frame_bytes(&items, None, 2, 0).unwrap();
        assert_eq!(first.len(), 6);
        assert_eq!(frame_bytes(&items, None, 2, 2), Err(PixelError::NoFrame(2)));
    }

    #[test]
    fn a_table_that_points_nowhere_is_an_error() {
        let bot = table(&[0, 21]);
        let items = [bot.as_slice(), A, B, C];
        assert!(frame_bytes(&items, None, 2, 1).is_err());
        let far = table(&[0, 4000]);
        let items = [far.as_slice(), A, B, C];
        assert_eq!(frame_bytes(&items, None, 2, 1), Err(PixelError::Short(1)));
    }

    #[test]
    fn the_extended_table_wins() {
        let extended: Vec<u8> = [0_u64, 22].iter().flat_map(|o| o.to_le_bytes()).collect();
        let items = [&[][..], A, B, C];
        let frame = frame_bytes(&items, Some(&extended), 2, 1).unwrap();
        assert_eq!(&*frame, C);
    }
}
