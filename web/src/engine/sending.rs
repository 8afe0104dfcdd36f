//! Sending and closing, over a line that may break at any time.

use std::rc::Rc;

use cordon_contribute::{FileId, Task};
use cordon_protocol::{CountersignedReceipt, key_fingerprint};
use js_sys::Array;
use wasm_bindgen_futures::spawn_local;

use super::clock;
use super::core::{Held, Inner};
use super::types::{ReceiptView, ServerState};
use crate::messages::{Answer, Fate, LineFault, Place, Request, Staged};

/// The protocol is asked for again when the last answer is older than this.
const ASK_AGAIN_MS: f64 = 5_000.0;
/// The longest wait between two tries.
const LONGEST_WAIT_MS: i32 = 20_000;

enum Turn {
    /// All of it is settled.
    Done,
    /// Try again after a while.
    Wait,
    /// A person must do something first.
    Stop,
}

impl Inner {
    /// Sends a batch and stays with it until each object has a fate or a person stops it.
    pub(crate) async fn send(self: &Rc<Self>, worker: usize, ids: Vec<FileId>) {
        let epoch = self.state.borrow().epoch;
        let mut wait = 500;
        let mut first = true;
        loop {
            if !first {
                self.state.borrow_mut().meter.retries += 1;
            }
            first = false;
            let turn = self.send_once(worker, &ids, epoch).await;
            if self.state.borrow().epoch != epoch || self.is_stopped() {
                break;
            }
            match turn {
                Turn::Done => {
                    self.notice("no-answer", None);
                    break;
                }
                Turn::Stop => {
                    self.contribution.borrow_mut().pause();
                    self.state.borrow_mut().carry.push_front(Task::Send(ids));
                    break;
                }
                Turn::Wait => {
                    self.notice(
                        "no-answer",
                        Some("the server does not answer at the moment; sending goes on by itself, and nothing is lost"),
                    );
                    clock::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT_MS);
                    if self.contribution.borrow().is_paused() {
                        self.state.borrow_mut().carry.push_front(Task::Send(ids));
                        break;
                    }
                }
            }
        }
        self.done(worker);
    }

    /// Whether the server still asks for what it asked for when this was cleaned.
    async fn protocol_stands(self: &Rc<Self>) -> Turn {
        let (fresh, ready) = {
            let state = self.state.borrow();
            let fresh = clock::millis() - state.asked_at < ASK_AGAIN_MS;
            (fresh, matches!(state.server, ServerState::Ready(_)))
        };
        if fresh && ready {
            return Turn::Done;
        }
        let before = self.state.borrow().server.clone();
        match self.ask_project().await {
            Ok(()) => Turn::Done,
            Err(LineFault::Later) => {
                // A broken line is no other server.
                if matches!(before, ServerState::Ready(_)) {
                    self.state.borrow_mut().server = before;
                }
                Turn::Wait
            }
            Err(_) => Turn::Stop,
        }
    }

    async fn close_segments(self: &Rc<Self>) {
        if self.state.borrow().owners.is_empty() {
            return;
        }
        let asked: Vec<_> = self
            .pool
            .iter()
            .map(|link| link.ask(&Request::CloseSegment, &Array::new()))
            .collect();
        for one in asked {
            let _ = one.await;
        }
        self.state.borrow_mut().owners.clear();
    }

    async fn send_once(self: &Rc<Self>, worker: usize, ids: &[FileId], epoch: u32) -> Turn {
        match self.protocol_stands().await {
            Turn::Done => {}
            other => return other,
        }
        self.close_segments().await;
        let attachments = Array::new();
        let objects: Vec<(FileId, Staged)> = ids
            .iter()
            .filter_map(|id| Some((*id, self.staged(*id, &attachments)?)))
            .collect();
        if self.state.borrow().epoch != epoch {
            return Turn::Done;
        }
        for id in ids
            .iter()
            .filter(|id| !objects.iter().any(|(o, _)| o == *id))
        {
            let gone = "the staged image is not there any more; drop its folder again".to_owned();
            self.contribution
                .borrow_mut()
                .on_sent(*id, Err((gone, false)));
        }
        let mut turn = Turn::Done;
        for part in self.parts(objects) {
            match self.send_part(worker, part, &attachments, epoch).await {
                Turn::Done => {}
                other => {
                    turn = other;
                    break;
                }
            }
        }
        turn
    }

    /// The objects in requests that are not larger than the server takes.
    fn parts(&self, objects: Vec<(FileId, Staged)>) -> Vec<Vec<(FileId, Staged)>> {
        let most = match &self.state.borrow().server {
            ServerState::Ready(info) => info.max_request_bytes.saturating_sub(64 << 10),
            _ => u64::MAX,
        };
        let sent: Vec<FileId> = {
            let contribution = self.contribution.borrow();
            let files = contribution.files().iter();
            files
                .filter(|f| f.phase == cordon_contribute::Phase::Sending)
                .map(|f| f.id)
                .collect()
        };
        let mut parts: Vec<Vec<(FileId, Staged)>> = Vec::new();
        let mut bytes = u64::MAX;
        for (id, staged) in objects {
            // A second try sends only what the first one left open.
            if sent.binary_search(&id).is_err() {
                continue;
            }
            let size = staged.record.bytes + 256;
            if bytes.saturating_add(size) > most {
                parts.push(Vec::new());
                bytes = 0;
            }
            bytes += size;
            if let Some(part) = parts.last_mut() {
                part.push((id, staged));
            }
        }
        parts
    }

    async fn send_part(
        self: &Rc<Self>,
        worker: usize,
        part: Vec<(FileId, Staged)>,
        attachments: &Array,
        epoch: u32,
    ) -> Turn {
        let (ids, objects): (Vec<FileId>, Vec<Staged>) = part.into_iter().unzip();
        let request = {
            let contribution = self.contribution.borrow();
            let Some(approval) = contribution.approval().cloned() else {
                return Turn::Stop;
            };
            Request::Send {
                line: self.line(),
                contribution: contribution.id().to_owned(),
                approval,
                objects,
            }
        };
        let Some(link) = self.pool.get(worker) else {
            return Turn::Stop;
        };
        let told = link.ask(&request, attachments).await;
        if self.state.borrow().epoch != epoch {
            return Turn::Done;
        }
        let all = |reason: &str, again: bool| {
            let mut contribution = self.contribution.borrow_mut();
            for id in &ids {
                contribution.on_sent(*id, Err((reason.to_owned(), again)));
            }
        };
        let turn = match told {
            Ok((Answer::Stored(fates), _)) if fates.len() == ids.len() => {
                let mut contribution = self.contribution.borrow_mut();
                for (id, fate) in ids.iter().zip(fates) {
                    contribution.on_sent(
                        *id,
                        match fate {
                            Fate::Stored => Ok(()),
                            Fate::Failed { reason, again } => Err((reason, again)),
                        },
                    );
                }
                Turn::Done
            }
            Ok((
                Answer::LineFailed {
                    fault, sentence, ..
                },
                _,
            )) => match fault {
                LineFault::Later => Turn::Wait,
                LineFault::Token => {
                    self.token_refused(&sentence);
                    Turn::Stop
                }
                LineFault::ProtocolChanged => {
                    self.state.borrow_mut().asked_at = f64::NEG_INFINITY;
                    Turn::Wait
                }
                _ => {
                    all(&sentence, false);
                    Turn::Done
                }
            },
            // The worker died: its successor tries again.
            Err(_) => Turn::Wait,
            Ok(_) => {
                all(
                    "the page failed on this image; reload the page and try again",
                    false,
                );
                Turn::Done
            }
        };
        self.write_journal();
        self.changed();
        turn
    }

    fn token_refused(self: &Rc<Self>, sentence: &str) {
        self.state.borrow_mut().server = ServerState::Failed {
            code: "token-expired".to_owned(),
            sentence: sentence.to_owned(),
        };
        self.notice("token-expired", Some(sentence));
    }

    /// A staged object with its place; `None` when it is not there.
    pub(crate) fn staged(&self, id: FileId, attachments: &Array) -> Option<Staged> {
        let contribution = self.contribution.borrow();
        let record = contribution.file(id)?.record.clone()?;
        let place = match self.state.borrow().held.get(&record.instance)? {
            Held::Segment { name, offset } => Place::Segment {
                name: name.clone(),
                offset: *offset,
            },
            Held::Blob(blob) => Place::Blob {
                attachment: (attachments.push(blob) - 1) as usize,
            },
        };
        Some(Staged { record, place })
    }

    /// Asks the server to close the contribution and sign the receipt.
    pub(crate) async fn close(self: &Rc<Self>, worker: usize) {
        let epoch = self.state.borrow().epoch;
        let mut wait = 500;
        // What goes along goes first: the receipt speaks of it.
        if !self.send_table(epoch).await {
            if self.state.borrow().epoch == epoch && !self.is_stopped() {
                self.contribution.borrow_mut().on_closed(false);
                self.done(worker);
                self.changed();
            }
            return;
        }
        loop {
            let request = {
                let contribution = self.contribution.borrow();
                Request::Close {
                    line: self.line(),
                    contribution: contribution.id().to_owned(),
                    request: Box::new(contribution.close_request(cordon_contribute::VERSION)),
                }
            };
            let told = self.keeper.ask(&request, &Array::new()).await;
            if self.state.borrow().epoch != epoch || self.is_stopped() {
                return;
            }
            match told {
                Ok((Answer::Receipt(json), _)) => {
                    self.on_receipt(json);
                    break;
                }
                Ok((
                    Answer::LineFailed {
                        fault: LineFault::Later,
                        ..
                    },
                    _,
                ))
                | Err(_) => {
                    self.state.borrow_mut().meter.retries += 1;
                    clock::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT_MS);
                }
                Ok((
                    Answer::LineFailed {
                        fault, sentence, ..
                    },
                    _,
                )) => {
                    if fault == LineFault::Token {
                        self.token_refused(&sentence);
                    }
                    self.notice("not-closed", Some(&sentence));
                    self.contribution.borrow_mut().on_closed(false);
                    break;
                }
                Ok(_) => {
                    self.contribution.borrow_mut().on_closed(false);
                    break;
                }
            }
        }
        self.done(worker);
        self.changed();
    }

    fn on_receipt(self: &Rc<Self>, json: String) {
        self.notice("not-closed", None);
        self.contribution.borrow_mut().on_closed(true);
        let this = self.clone();
        let kept = self
            .keeper
            .ask(&Request::KeepReceipt(json.clone()), &Array::new());
        spawn_local(async move {
            // The receipt is kept before the journal says that there is one, and both before
            // anything is deleted.
            let told = kept.await;
            this.keeper_said(told);
            this.write_journal();
            this.append_now();
            this.tell_keeper(&Request::DropStaged);
            let mut state = this.state.borrow_mut();
            state.held.clear();
            state.unkept.clear();
        });
        self.take_receipt(json);
    }

    /// Verifies a receipt under the key that the server published.
    pub(crate) fn take_receipt(self: &Rc<Self>, json: String) {
        let Ok(receipt) = serde_json::from_str::<CountersignedReceipt>(&json) else {
            self.notice(
                "receipt-unreadable",
                Some("the server's receipt cannot be read; ask the project's operator"),
            );
            return;
        };
        let key = match &self.state.borrow().server {
            ServerState::Ready(info) => Some(info.receipt_key.clone()),
            _ => None,
        };
        let view = ReceiptView {
            fingerprint: key_fingerprint(&receipt.public_key),
            receipt,
            json: json.clone(),
            verified: false,
        };
        self.state.borrow_mut().receipt = Some(view);
        let Some(key) = key else { return };
        let asked = self
            .keeper
            .ask(&Request::Verify { json, key }, &Array::new());
        let this = self.clone();
        spawn_local(async move {
            let verified = asked.await;
            let sentence = match verified {
                Ok((Answer::Verified(Ok(())), _)) => {
                    if let Some(receipt) = &mut this.state.borrow_mut().receipt {
                        receipt.verified = true;
                    }
                    None
                }
                Ok((Answer::Verified(Err(sentence)), _)) => Some(sentence),
                _ => Some("the receipt could not be verified here".to_owned()),
            };
            this.notice("receipt-not-verified", sentence.as_deref());
            this.changed();
        });
    }
}
