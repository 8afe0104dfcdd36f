//! Reading heads: the inventory.

use std::collections::VecDeque;

use cordon_contribute::{Inventory, inventory};
use cordon_protocol::{Code, Finding};
use js_sys::Array;

use super::{Pool, Reply, files};
use crate::messages::{Answer, Input};

/// Enough for the head of most files.
const HEAD_BYTES: u64 = 16 << 10;
/// So many reads are under way at a time.
const AHEAD: usize = 16;
/// More than this is no head, and a worker's memory is finite.
const MOST_BYTES: u64 = 512 << 20;

/// Reads the heads of a batch of files.
pub(crate) async fn heads(pool: &Pool, inputs: &[Input], attachments: &Array) -> Reply {
    let mut waiting = inputs.iter().copied();
    let mut begun = VecDeque::new();
    let mut found = Vec::with_capacity(inputs.len());
    loop {
        while begun.len() < AHEAD {
            let Some(input) = waiting.next() else { break };
            begun.push_back((input, files::begin(input, Some(HEAD_BYTES), attachments)));
        }
        let Some((input, read)) = begun.pop_front() else {
            break;
        };
        let prefix = files::finish(read, pool).await;
        found.push(head(pool, input, prefix, attachments).await);
    }
    Answer::Inventories(found).into()
}

async fn head(
    pool: &Pool,
    input: Input,
    prefix: Option<Vec<u8>>,
    attachments: &Array,
) -> Inventory {
    let size = files::size(input, attachments);
    let refused = |code| Inventory::Refused(vec![Finding::new(code)]);
    if size == 0 {
        return refused(Code::EmptyFile);
    }
    let Some(mut prefix) = prefix else {
        return refused(Code::UnreadableFile);
    };
    // Each turn reads at least twice as much, so that the number of turns is small.
    loop {
        match inventory(&prefix, size) {
            Inventory::NeedMore(needed) => {
                let had = prefix.len() as u64;
                if had >= size {
                    return refused(Code::Truncated);
                }
                let limit = needed.max(had * 4).min(size);
                if limit > MOST_BYTES {
                    return refused(Code::TooLarge);
                }
                let again = files::begin(input, Some(limit), attachments);
                match files::finish(again, pool).await {
                    Some(more) if more.len() as u64 > had => prefix = more,
                    _ => return refused(Code::UnreadableFile),
                }
            }
            other => return other,
        }
    }
}
