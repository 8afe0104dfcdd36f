//! Warming up the main thread and a worker before the first folder comes.
//!
//! What the worker does, and why, stands in `worker/warm.rs`. Here its answers are taken in as
//! those about real files are, by a contribution that nobody sees and that is dropped.

use std::collections::HashMap;
use std::rc::Rc;

use cordon_contribute::Contribution;
use js_sys::Array;
use wasm_bindgen_futures::spawn_local;

use super::core::{Held, Inner};
use super::{clock, journal};
use crate::messages::{Answer, Request, TakenFile};

/// So often; what ran so often has been translated.
const ROUNDS: usize = 64;

impl Inner {
    /// Begins, and ends by itself: after some rounds, or when there are files.
    pub(crate) fn warm(self: &Rc<Self>) {
        let Some(link) = self.pool.first().cloned() else {
            return;
        };
        let this = self.clone();
        spawn_local(async move {
            for _ in 0..ROUNDS {
                // The screen first: nobody waits for this.
                clock::sleep(1).await;
                if this.is_stopped() || !this.is_untouched() {
                    return;
                }
                let told = link.ask(&Request::Warm, &Array::new()).await;
                let Ok((Answer::Taken { files, .. }, _)) = told else {
                    return;
                };
                rehearse(files);
            }
        });
    }

    /// Whether no file has come yet.
    fn is_untouched(&self) -> bool {
        self.contribution.borrow().files().is_empty() && self.state.borrow().waiting.is_empty()
    }
}

/// Takes answers in, and lets go of everything.
fn rehearse(files: Vec<TakenFile>) {
    let mut contribution = Contribution::new(String::new(), "", "");
    let mut held = HashMap::new();
    for file in files {
        let id = contribution.add_file(String::new(), 0);
        let _ = contribution.next_task();
        contribution.on_inventory(id, file.inventory);
        let Some(cleaned) = file.cleaned else {
            continue;
        };
        if let Some(record) = &cleaned.summary.record {
            let place = Held::Segment {
                name: String::new(),
                offset: 0,
            };
            held.insert(record.instance.clone(), place);
        }
        contribution.on_cleaned(id, cleaned.summary);
    }
    let _ = (contribution.progress(), contribution.tree());
    let _ = journal::lines(&contribution.drain_journal(), &held);
}
