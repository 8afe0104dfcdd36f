//! Cleaning: clean, check, stage, and have the result hashed.

use std::collections::VecDeque;

use cordon_contribute::{CleanSummary, HeldWord, PixelWork, Unsigned};
use cordon_protocol::{Code, Counts, Finding, Verdict};
use js_sys::Array;

use super::digest::{self, Digest};
use super::{Pool, Reply, Rules, files, pixels};
use crate::messages::{Answer, CleanedFile, Input, Place, Work};

/// So many files are being read while one is cleaned.
const AHEAD: usize = 3;
/// A file and its cleaned copy must fit into the memory of one worker.
const MOST_BYTES: u64 = 1 << 30;
/// Reading ahead stops at this many bytes.
const AHEAD_BYTES: u64 = 32 << 20;

/// Cleans and stages a batch of files.
pub(crate) async fn batch(
    pool: &Pool,
    inputs: &[Input],
    works: &[Option<Work>],
    attachments: &Array,
) -> Reply {
    if pool.cleaner.borrow().is_none() {
        return Answer::Sentence("the worker has no rules yet".to_owned()).into();
    }
    let out = Array::new();
    let mut waiting = inputs.iter().copied();
    let mut begun = VecDeque::new();
    let mut begun_bytes = 0;
    let mut cleaned = Vec::with_capacity(inputs.len());
    loop {
        while begun.len() < AHEAD && (begun.is_empty() || begun_bytes < AHEAD_BYTES) {
            let Some(input) = waiting.next() else { break };
            let size = files::size(input, attachments);
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
        match files::finish(read, &pool.zips).await {
            Some(bytes) => {
                pool.stage.prepare().await;
                // Asked for anew for every file: a person may decide meanwhile.
                let Some(rules) = pool.cleaner.borrow().clone() else {
                    cleaned.push(refused(Code::Internal));
                    continue;
                };
                let work = works.get(cleaned.len()).and_then(Option::as_ref);
                let work = pixels::work(pool, work, attachments);
                let staging = one(pool, &rules, &bytes, &work, &out);
                cleaned.push(staging.signed().await);
            }
            None => cleaned.push(refused(Code::UnreadableFile)),
        }
    }
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
        words: Vec::new(),
        round: 0,
    }
}

/// A file that is cleaned and staged, and whose digests are being computed.
pub(crate) struct Staging {
    summary: CleanSummary,
    words: Vec<HeldWord>,
    round: u32,
    staged: Option<(Place, Unsigned, Digest, Option<Digest>)>,
}

impl Staging {
    /// Waits for the digests and signs the record.
    pub(crate) async fn signed(self) -> CleanedFile {
        let mut summary = self.summary;
        let Some((place, unsigned, leaves, staged)) = self.staged else {
            return CleanedFile {
                summary,
                place: None,
                words: self.words,
                round: self.round,
            };
        };
        let leaves = leaves.hex().await;
        let staged = match staged {
            Some(digest) => digest.hex().await,
            None => leaves.clone(),
        };
        let (Some(leaves), Some(staged)) = (leaves, staged) else {
            return refused(Code::Internal);
        };
        summary.record = Some(unsigned.sign(staged, leaves));
        CleanedFile {
            summary,
            place: Some(place),
            words: self.words,
            round: self.round,
        }
    }
}

/// Cleans and stages one file.
pub(crate) fn one(
    pool: &Pool,
    rules: &Rules,
    bytes: &[u8],
    work: &PixelWork,
    out: &Array,
) -> Staging {
    let cleaned = rules.cleaner.clean_unhashed_with(bytes, work);
    let staged = cleaned.output.map(|object| {
        let (mut bytes, unsigned) = object.into_parts();
        let leaves = digest::ask(&bytes);
        let staged = unsigned.hold(&mut bytes).then(|| digest::ask(&bytes));
        (pool.stage.put(&bytes, out), unsigned, leaves, staged)
    });
    Staging {
        summary: CleanSummary {
            verdict: cleaned.verdict,
            findings: cleaned.findings,
            counts: cleaned.counts,
            record: None,
        },
        words: cleaned.uncertain,
        round: rules.round,
        staged,
    }
}
