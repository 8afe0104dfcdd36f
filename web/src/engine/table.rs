//! A clinical table that goes with the contribution.
//!
//! It is kept in the desks' worker, in memory only, and sent right before the contribution
//! is closed, under the approval of the whole. The server puts its digest into the receipt.

use std::rc::Rc;

use cordon_clinical::TableRecord;
use cordon_protocol::Verdict;
use js_sys::Array;

use super::Engine;
use super::clock;
use super::core::Inner;
use crate::desk::{Ask, Told};
use crate::messages::LineFault;

/// The longest wait between two tries.
const LONGEST_WAIT_MS: i32 = 20_000;

/// The table that goes along.
#[derive(Debug, Clone, PartialEq)]
pub struct Along {
    /// What its check said.
    pub record: TableRecord,
    /// Whether the server has it.
    pub sent: bool,
}

impl Inner {
    /// Sends the table that goes along, if there is one that the server does not have. `false`
    /// when a person must do something first.
    pub(crate) async fn send_table(self: &Rc<Self>, epoch: u32) -> bool {
        let mut wait = 500;
        loop {
            let waits = self.state.borrow().along.as_ref().is_some_and(|a| !a.sent);
            if !waits {
                return true;
            }
            let (contribution, approval) = {
                let contribution = self.contribution.borrow();
                let approval = contribution.approval().cloned();
                (contribution.id().to_owned(), approval)
            };
            let Some(approval) = approval else {
                return false;
            };
            let ask = Ask::SendTable {
                line: self.line(),
                contribution,
                approval,
            };
            let told = self.ask_desk(ask, &Array::new()).await;
            if self.state.borrow().epoch != epoch || self.is_stopped() {
                return false;
            }
            match told {
                Told::Sent(Ok(())) => {
                    if let Some(along) = &mut self.state.borrow_mut().along {
                        along.sent = true;
                    }
                    self.notice("table-not-taken", None);
                }
                Told::Sent(Err((LineFault::Later, _))) => {
                    self.state.borrow_mut().meter.retries += 1;
                    clock::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT_MS);
                }
                Told::Sent(Err((_, sentence))) | Told::Sentence(sentence) => {
                    self.notice("table-not-taken", Some(&sentence));
                    return false;
                }
                _ => return false,
            }
        }
    }
}

impl Engine {
    /// The table that goes with the contribution.
    #[must_use]
    pub fn table_along(&self) -> Option<Along> {
        self.inner.state.borrow().along.clone()
    }

    /// Takes the cleaned table along with the contribution, or leaves it here.
    ///
    /// # Errors
    /// After approval, and when the protocol lets nobody release what is held.
    pub async fn take_table_along(&self, yes: bool) -> Result<(), String> {
        if self.inner.contribution.borrow().approval().is_some() && yes {
            return Err(
                "the contribution is approved: take the approval back to change it".to_owned(),
            );
        }
        match self
            .inner
            .ask_desk(Ask::TakeAlong(yes), &Array::new())
            .await
        {
            Told::Along(record) => {
                let along = record.map(|record| Along {
                    record: *record,
                    sent: false,
                });
                let held = along
                    .as_ref()
                    .is_some_and(|a| a.record.verdict != Verdict::Clean);
                if held && !self.may_release() {
                    let _ = self
                        .inner
                        .ask_desk(Ask::TakeAlong(false), &Array::new())
                        .await;
                    return Err("the table is held, and the project's protocol lets nobody release what is held".to_owned());
                }
                if along.is_none() && yes {
                    return Err("there is no cleaned table to take along".to_owned());
                }
                self.inner.state.borrow_mut().along = along;
                self.inner.notice("table-not-taken", None);
                self.inner.changed();
                Ok(())
            }
            _ => Err("the browser could not do that; reload the page and try again".to_owned()),
        }
    }

    fn may_release(&self) -> bool {
        match &self.inner.state.borrow().server {
            super::types::ServerState::Ready(info) => info.protocol.approval.held_may_be_approved,
            _ => false,
        }
    }
}
