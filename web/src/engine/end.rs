//! Ends: sending is called off, a contribution is put away.

use std::rc::Rc;

use cordon_contribute::{Contribution, Task};
use js_sys::Array;

use super::core::Inner;
use super::types::ServerState;
use crate::messages::Request;

/// Notices that speak of one contribution only.
const AT_AN_END: &[&str] = &[
    "closed",
    "no-answer",
    "not-closed",
    "protocol-changed",
    "receipt-not-verified",
    "receipt-unreadable",
    "staged-lost",
    "storage-full",
    "table-not-taken",
    "unreadable",
];

impl Inner {
    /// Leaves out what has not been sent; what the server has can be closed.
    pub(crate) fn cancel_sending(self: &Rc<Self>) {
        let mut contribution = self.contribution.borrow_mut();
        let mut state = self.state.borrow_mut();
        let waiting = std::mem::take(&mut state.carry);
        for task in waiting {
            match task {
                Task::Send(ids) => {
                    for id in ids {
                        contribution.on_sent(id, Err(("cancelled".to_owned(), false)));
                    }
                }
                other => state.carry.push_back(other),
            }
        }
        drop(state);
        contribution.cancel_sending();
        contribution.resume();
        drop(contribution);
        self.after_change();
    }

    /// Ends this contribution, deletes what is staged, and begins an empty one.
    pub(crate) fn put_away(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        state.epoch += 1;
        state.walk += 1;
        state.sources.clear();
        state.held.clear();
        state.first.clear();
        state.owners.clear();
        state.waiting.clear();
        state.carry.clear();
        state.reads = 0;
        state.unwritten.clear();
        state.to_write.clear();
        state.unkept.clear();
        state.words.clear();
        state.looks = super::looks::Looks::default();
        state.receipt = None;
        state.resumable = None;
        state.along = None;
        state.meter.clear();
        for code in AT_AN_END {
            state.notices.remove(code);
        }
        state.ready = false;
        if matches!(&state.server, ServerState::Failed { code, .. } if code == "protocol-changed") {
            state.server = ServerState::Connecting;
        }
        drop(state);
        self.end_nets();
        self.pictures.clear();
        let empty = Contribution::new(String::new(), &self.options.project, "");
        self.contribution.replace(empty);
        let this = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            // Open segments are closed before they are deleted.
            for link in &this.pool {
                let _ = link.ask(&Request::CloseSegment, &Array::new()).await;
            }
            let _ = this.keeper.ask(&Request::Discard, &Array::new()).await;
            this.reconnect();
            this.ready_if_all_there();
        });
        self.changed();
    }
}
