//! Sending: staged bytes are opened again, sealed, and only then uploaded.

use cordon_contribute::Checked;
use cordon_protocol::Approval;
use js_sys::Array;

use super::{Pool, Reply, net};
use crate::messages::{Answer, Fate, Line, Staged};

/// Sends a batch and says what became of each object, in order.
pub(crate) async fn batch(
    pool: &Pool,
    line: &Line,
    contribution: &str,
    approval: &Approval,
    objects: Vec<Staged>,
    attachments: &Array,
) -> Reply {
    let Some(key) = pool.key.borrow().clone() else {
        return Answer::Sentence("the worker has no key yet".to_owned()).into();
    };
    let mut fates: Vec<Option<Fate>> = Vec::with_capacity(objects.len());
    let mut sealed = Vec::with_capacity(objects.len());
    for object in objects {
        let failed = |reason: String| {
            Some(Fate::Failed {
                reason,
                again: false,
            })
        };
        let length = object.record.bytes;
        let bytes = match pool.stage.get(&object.place, length, attachments).await {
            Ok(bytes) => bytes,
            Err(sentence) => {
                fates.push(failed(sentence.to_owned()));
                continue;
            }
        };
        match Checked::reopen(bytes, object.record, &key).and_then(|c| c.seal(Some(approval))) {
            Ok(object) => {
                sealed.push(object);
                fates.push(None);
            }
            Err(error) => fates.push(failed(error.to_string())),
        }
    }
    let sent = if sealed.is_empty() {
        Vec::new()
    } else {
        match net::upload(line, contribution, sealed).await {
            Ok(sent) => sent,
            Err(fault) => return Answer::from(fault).into(),
        }
    };
    let mut sent = sent.into_iter();
    let fates = fates
        .into_iter()
        .map(|fate| fate.or_else(|| sent.next()))
        .map(|fate| {
            fate.unwrap_or_else(|| Fate::Failed {
                reason: "the server's answer is incomplete".to_owned(),
                again: true,
            })
        });
    Answer::Stored(fates.collect()).into()
}
