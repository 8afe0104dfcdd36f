//! The last part of the way: batches, answers of the server, trying again, closing.

use cordon_protocol::DecisionKind;

use super::{Contribution, FileId, JournalEntry, Phase};

/// Largest number of objects in one request.
const BATCH_OBJECTS: usize = 64;
/// Most bytes in one request, unless a single object is larger.
const BATCH_BYTES: u64 = 16 << 20;
/// How often an object is tried before a person is asked.
const MAX_TRIES: u32 = 5;

impl Contribution {
    pub(super) fn next_batch(&mut self) -> Vec<FileId> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(id) = self.to_send.front().copied() {
            let size = self
                .file(id)
                .and_then(|f| f.record.as_ref())
                .map_or(0, |r| r.bytes);
            if !batch.is_empty() && (batch.len() >= BATCH_OBJECTS || bytes + size > BATCH_BYTES) {
                break;
            }
            self.to_send.pop_front();
            bytes += size;
            batch.push(id);
        }
        batch
    }

    pub(super) fn queue_sending(&mut self) {
        self.to_send = self
            .files
            .iter()
            .filter(|f| f.leaves() && f.phase != Phase::Sent)
            .map(|f| f.id)
            .collect();
    }

    /// The server answered for one object, or the line broke. `retry` says whether it
    /// is worth trying again without asking a person.
    pub fn on_sent(&mut self, id: FileId, outcome: Result<(), (String, bool)>) {
        self.in_flight.remove(&id);
        let Some(file) = self.files.get_mut(id as usize) else {
            return;
        };
        match outcome {
            Ok(()) => {
                file.phase = Phase::Sent;
                file.failure = None;
                if let Some(record) = &file.record {
                    self.journal
                        .push(JournalEntry::Sent(record.instance.clone()));
                }
            }
            Err((reason, retry)) => {
                file.tries += 1;
                file.failure = Some(reason);
                if retry && file.tries < MAX_TRIES {
                    file.phase = Phase::Checked;
                    self.to_send.push_back(id);
                } else {
                    file.phase = Phase::Failed;
                }
            }
        }
        self.revision += 1;
    }

    /// A person tries again what failed.
    pub fn retry_failed(&mut self) {
        for file in &mut self.files {
            if file.phase == Phase::Failed {
                file.phase = Phase::Checked;
                file.tries = 0;
                self.to_send.push_back(file.id);
            }
        }
        self.closing = false;
        self.revision += 1;
    }

    /// Leaves out what failed, so that the rest can be closed.
    pub fn give_up_failed(&mut self) {
        let ids: Vec<FileId> = self
            .files
            .iter()
            .filter(|f| f.phase == Phase::Failed)
            .map(|f| f.id)
            .collect();
        for id in ids {
            self.set_decision(id, Some(DecisionKind::Exclude));
        }
    }

    /// The server closed the contribution, or could not; then [`Task::Close`] comes again.
    pub fn on_closed(&mut self, ok: bool) {
        self.closing = false;
        if ok {
            self.closed = true;
            self.journal.push(JournalEntry::Closed);
        } else {
            self.paused = true;
        }
        self.revision += 1;
    }

    /// Stops sending what has not left yet and leaves it out; what has arrived can be closed.
    pub fn cancel_sending(&mut self) {
        let waiting: Vec<FileId> = self.to_send.drain(..).collect();
        for id in waiting {
            self.set_decision(id, Some(DecisionKind::Exclude));
        }
        self.give_up_failed();
    }
}
