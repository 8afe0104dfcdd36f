//! Going on after a closed tab: the contribution from what was written down.

use cordon_protocol::Counts;

use super::{Contribution, JournalEntry, Phase};
use crate::CheckRecord;

impl Contribution {
    /// Takes a contribution up again from its journal. `None` when the journal does not begin one.
    #[must_use]
    pub fn replay(entries: impl IntoIterator<Item = JournalEntry>) -> Option<Self> {
        let mut entries = entries.into_iter();
        let Some(JournalEntry::Begun { id, .. }) = entries.next() else {
            return None;
        };
        let mut this = Self::empty(id);
        for entry in entries {
            match entry {
                JournalEntry::Begun { .. } => return None,
                JournalEntry::Staged { record, counts } => this.replay_staged(*record, counts),
                JournalEntry::Voided(instance) => this.replay_voided(&instance),
                JournalEntry::Stayed(code) => *this.stayed_before.entry(code).or_insert(0) += 1,
                JournalEntry::Decided { instance, kind } => {
                    if let Some(file) = this.of_instance(&instance) {
                        file.decision = kind;
                    }
                }
                JournalEntry::Approved(approval) => this.approval = Some(approval),
                JournalEntry::Reopened => this.approval = None,
                JournalEntry::Sent(instance) => {
                    if let Some(file) = this.of_instance(&instance) {
                        file.phase = Phase::Sent;
                    }
                }
                JournalEntry::Closed => this.closed = true,
            }
        }
        if this.approval.is_some() {
            this.queue_sending();
        }
        Some(this)
    }

    fn replay_staged(&mut self, record: CheckRecord, counts: Counts) {
        let id = self.push(String::new(), record.bytes);
        self.by_instance.insert(record.instance.clone(), id);
        if let Some(file) = self.files.get_mut(id as usize) {
            file.phase = Phase::Checked;
            file.verdict = Some(record.verdict);
            file.findings.clone_from(&record.findings);
            file.counts = counts;
            file.record = Some(record);
        }
    }

    /// The bytes that were staged must not leave any more: what is not followed by another
    /// staging is as if it had never been dropped.
    fn replay_voided(&mut self, instance: &str) {
        let Some(id) = self.by_instance.remove(instance) else {
            return;
        };
        if let Some(file) = self.files.get_mut(id as usize) {
            file.shell();
        }
    }
}
