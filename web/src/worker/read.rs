//! Reading: the inventory, and for small files everything else in the same breath.
//!
//! Opening a file costs a browser more than reading a small one, so a file of up to
//! [`SMALL_BYTES`] is read once, listed, cleaned and staged. Of a larger one only
//! the head is read, and the tree fills before the work begins.

use std::collections::VecDeque;

use cordon_contribute::{Inventory, inventory};
use cordon_protocol::{Code, Finding};
use js_sys::Array;

use super::{Pool, Reply, clean, files};
use crate::messages::{Answer, Input, SMALL_BYTES, TakenFile};

/// Enough for the head of most files.
const HEAD_BYTES: u64 = 16 << 10;
/// So many reads are under way at a time.
const AHEAD: usize = 4;
/// More than this is no head, and a worker's memory is finite.
const MOST_BYTES: u64 = 512 << 20;

/// Reads a batch of files.
pub(crate) async fn batch(pool: &Pool, inputs: &[Input], attachments: &Array) -> Reply {
    let cleaner = pool.cleaner.borrow().clone();
    let out = Array::new();
    let mut waiting = inputs.iter().copied();
    let mut begun = VecDeque::new();
    let mut taken = Vec::with_capacity(inputs.len());
    loop {
        while begun.len() < AHEAD {
            let Some(input) = waiting.next() else { break };
            let small = files::size(input) <= SMALL_BYTES;
            let limit = (!small).then_some(HEAD_BYTES);
            begun.push_back((input, files::begin(input, limit, attachments)));
        }
        let Some((input, read)) = begun.pop_front() else {
            break;
        };
        let bytes = files::finish(read, pool).await;
        let whole = files::size(input) <= SMALL_BYTES;
        let (inventory, bytes) = head(pool, input, bytes, attachments).await;
        let cleaned = match (&inventory, &cleaner, bytes) {
            (Inventory::Object(_), Some(cleaner), Some(bytes)) if whole => {
                pool.stage.prepare().await;
                Some(clean::one(pool, cleaner, &bytes, &out))
            }
            _ => None,
        };
        taken.push(TakenFile { inventory, cleaned });
    }
    pool.stage.flush();
    let answer = Answer::Taken {
        files: taken,
        full: pool.stage.is_full(),
    };
    Reply::with(answer, out)
}

async fn head(
    pool: &Pool,
    input: Input,
    bytes: Option<Vec<u8>>,
    attachments: &Array,
) -> (Inventory, Option<Vec<u8>>) {
    let size = files::size(input);
    let refused = |code| (Inventory::Refused(vec![Finding::new(code)]), None);
    if size == 0 {
        return refused(Code::EmptyFile);
    }
    let Some(mut bytes) = bytes else {
        return refused(Code::UnreadableFile);
    };
    // Each turn reads several times as much, so that the number of turns is small.
    loop {
        match inventory(&bytes, size) {
            Inventory::NeedMore(needed) => {
                let had = bytes.len() as u64;
                if had >= size {
                    return refused(Code::Truncated);
                }
                let limit = needed.max(had * 4).min(size);
                if limit > MOST_BYTES {
                    return refused(Code::TooLarge);
                }
                let again = files::begin(input, Some(limit), attachments);
                match files::finish(again, pool).await {
                    Some(more) if more.len() as u64 > had => bytes = more,
                    _ => return refused(Code::UnreadableFile),
                }
            }
            other => return (other, Some(bytes)),
        }
    }
}
