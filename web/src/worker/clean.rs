//! Cleaning a batch: read, clean, check, stage.

use std::collections::VecDeque;

use cordon_contribute::{CleanSummary, Cleaner};
use cordon_protocol::{Code, Counts, Finding, Verdict};
use js_sys::Array;

use super::{Pool, Reply, files};
use crate::messages::{Answer, CleanedFile, Input};

/// So many files are being read while one is cleaned.
const AHEAD: usize = 3;
/// A file and its cleaned copy must fit into the memory of one worker.
const MOST_BYTES: u64 = 1 << 30;
/// Reading ahead stops at this many bytes.
const AHEAD_BYTES: u64 = 32 << 20;

/// Cleans and stages a batch of files.
pub(crate) async fn batch(pool: &Pool, inputs: &[Input], attachments: &Array) -> Reply {
    let Some(cleaner) = pool.cleaner.borrow().clone() else {
        return Answer::Sentence("the worker has no rules yet".to_owned()).into();
    };
    let out = Array::new();
    let mut waiting = inputs.iter().copied().peekable();
    let mut begun = VecDeque::new();
    let mut begun_bytes = 0;
    let mut cleaned = Vec::with_capacity(inputs.len());
    loop {
        while begun.len() < AHEAD && (begun.is_empty() || begun_bytes < AHEAD_BYTES) {
            let Some(input) = waiting.next() else { break };
            let size = files::size(input);
            let read = (size <= MOST_BYTES).then(|| files::begin(input, None, attachments));
            begun_bytes += size;
            begun.push_back((size, read));
        }
        let Some((size, read)) = begun.pop_front() else {
            break;
        };
        begun_bytes -= size;
        let Some(read) = read else {
            cleaned.push(refused(Code::TooLarge));
            continue;
        };
        match files::finish(read, pool).await {
            Some(bytes) => {
                pool.stage.prepare().await;
                cleaned.push(one(pool, &cleaner, &bytes, &out));
            }
            None => cleaned.push(refused(Code::UnreadableFile)),
        }
    }
    pool.stage.flush();
    let answer = Answer::Cleaned {
        files: cleaned,
        full: pool.stage.is_full(),
    };
    Reply::with(answer, out)
}

fn refused(code: Code) -> CleanedFile {
    CleanedFile {
        summary: CleanSummary {
            verdict: Verdict::Refused,
            findings: vec![Finding::new(code)],
            counts: Counts::default(),
            record: None,
        },
        place: None,
    }
}

/// Cleans and stages one file.
pub(crate) fn one(pool: &Pool, cleaner: &Cleaner, bytes: &[u8], out: &Array) -> CleanedFile {
    let cleaned = cleaner.clean(bytes);
    let place = cleaned
        .output
        .as_ref()
        .map(|checked| pool.stage.put(checked.bytes(), out));
    CleanedFile {
        summary: CleanSummary {
            verdict: cleaned.verdict,
            findings: cleaned.findings,
            counts: cleaned.counts,
            record: cleaned.output.map(|checked| checked.record().clone()),
        },
        place,
    }
}
