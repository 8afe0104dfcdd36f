//! Reading: the inventory, and for small files everything else in the same breath.
//!
//! A file of up to [`SMALL_BYTES`] is read once, listed, cleaned and staged. Of a
//! larger one only the head is read, and the tree fills before the work begins.

use cordon_contribute::{Inventory, PixelWork, inventory};
use cordon_protocol::{Code, Finding};
use js_sys::Array;

use super::clean::Staging;
use super::files::Contents;
use super::{Pool, Reply, clean, files};
use crate::messages::{Answer, Input, SMALL_BYTES, TakenFile};

/// Enough for the head of most files.
const HEAD_BYTES: u64 = 16 << 10;
/// More than this is no head, and a worker's memory is finite.
const MOST_BYTES: u64 = 512 << 20;

/// A file that was read, with what was done at once.
type Taken = (u64, Inventory, Option<Staging>);

/// Reads a batch of files.
pub(crate) async fn batch(pool: &Pool, inputs: &[Input], attachments: &Array) -> Reply {
    let out = Array::new();
    let mut taken = Vec::with_capacity(inputs.len());
    let mut groups = files::groups(inputs, SMALL_BYTES, HEAD_BYTES, attachments);
    let mut next = groups.next();
    while let Some(group) = next {
        // While one group is worked on, the browser reads the next one.
        next = groups.next();
        match group.finish(&pool.zips).await {
            Contents::One(input, size, bytes) => {
                let (listed, bytes) = head(pool, input, size, bytes, attachments).await;
                taken.push(at_once(pool, size, listed, bytes.as_deref(), &out).await);
            }
            Contents::Together(sizes, bytes) => {
                let mut rest = bytes.as_slice();
                for size in sizes {
                    let length = usize::try_from(size).unwrap_or(usize::MAX);
                    let (bytes, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                    rest = after;
                    let listed = match inventory(bytes, size) {
                        _ if size == 0 => refused(Code::EmptyFile),
                        Inventory::NeedMore(_) => refused(Code::Truncated),
                        listed => listed,
                    };
                    taken.push(at_once(pool, size, listed, Some(bytes), &out).await);
                }
            }
            Contents::Apart(inputs) => {
                for (input, size) in inputs {
                    let bytes = files::all(input, attachments, &pool.zips).await;
                    let (listed, bytes) = head(pool, input, size, bytes, attachments).await;
                    taken.push(at_once(pool, size, listed, bytes.as_deref(), &out).await);
                }
            }
        }
    }
    let mut files = Vec::with_capacity(taken.len());
    for (size, inventory, staging) in taken {
        files.push(TakenFile {
            size,
            inventory,
            cleaned: match staging {
                Some(staging) => Some(staging.signed().await),
                None => None,
            },
        });
    }
    let answer = Answer::Taken {
        files,
        full: pool.stage.is_full(),
    };
    Reply::with(answer, out)
}

/// Cleans and stages what was read as a whole.
async fn at_once(
    pool: &Pool,
    size: u64,
    listed: Inventory,
    bytes: Option<&[u8]>,
    out: &Array,
) -> Taken {
    let cleaner = pool.cleaner.borrow().clone();
    let staging = match (&listed, cleaner, bytes) {
        (Inventory::Object(_), Some(cleaner), Some(bytes)) if size <= SMALL_BYTES => {
            pool.stage.prepare().await;
            Some(clean::one(
                pool,
                &cleaner,
                bytes,
                &PixelWork::default(),
                out,
            ))
        }
        _ => None,
    };
    (size, listed, staging)
}

fn refused(code: Code) -> Inventory {
    Inventory::Refused(vec![Finding::new(code)])
}

async fn head(
    pool: &Pool,
    input: Input,
    size: u64,
    bytes: Option<Vec<u8>>,
    attachments: &Array,
) -> (Inventory, Option<Vec<u8>>) {
    if size == 0 {
        return (refused(Code::EmptyFile), None);
    }
    let Some(mut bytes) = bytes else {
        return (refused(Code::UnreadableFile), None);
    };
    // Each turn reads several times as much, so that the number of turns is small.
    loop {
        match inventory(&bytes, size) {
            Inventory::NeedMore(needed) => {
                let had = bytes.len() as u64;
                if had >= size {
                    return (refused(Code::Truncated), None);
                }
                let limit = needed.max(had * 4).min(size);
                if limit > MOST_BYTES {
                    return (refused(Code::TooLarge), None);
                }
                let again = files::begin(input, Some(limit), attachments);
                match files::finish(again, &pool.zips).await {
                    Some(more) if more.len() as u64 > had => bytes = more,
                    _ => return (refused(Code::UnreadableFile), None),
                }
            }
            other => return (other, Some(bytes)),
        }
    }
}
