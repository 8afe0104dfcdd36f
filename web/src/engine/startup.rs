//! Beginning: storage, key, server, and the work that an earlier tab left.

use std::rc::Rc;

use cordon_contribute::{Contribution, JournalEntry, Phase};
use cordon_protocol::sha256_hex;
use cordon_protocol::wire::ProjectInfo;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::core::Inner;
use super::journal;
use super::link::Died;
use super::types::{Resumable, ServerState, StorageState};
use super::{clock, keys};
use crate::messages::{Answer, Line, LineFault, Opened, Request};

/// A clock that is off by more than this is told.
const CLOCK_NOTICE_S: f64 = 300.0;
/// A clock that is off by more than this cannot date an approval.
const CLOCK_STOP_S: f64 = 86_400.0;

impl Inner {
    /// Everything at the start, in the order in which it is needed.
    pub(crate) fn begin(self: &Rc<Self>) {
        let this = self.clone();
        spawn_local(async move { this.open().await });
        self.reconnect();
    }

    pub(crate) fn server(&self) -> String {
        let server = self.options.server.trim_end_matches('/');
        if server.is_empty() {
            web_sys::window()
                .and_then(|w| w.location().origin().ok())
                .unwrap_or_default()
        } else {
            server.to_owned()
        }
    }

    pub(crate) fn line(&self) -> Line {
        Line {
            server: self.server(),
            project: self.options.project.clone(),
            token: self.options.token.clone(),
        }
    }

    async fn open(self: &Rc<Self>) {
        let scope = sha256_hex(format!("{}\n{}", self.server(), self.options.project).as_bytes());
        let scope = scope.get(..16).unwrap_or_default().to_owned();
        let answer = self
            .keeper
            .ask(&Request::Open { scope }, &Array::new())
            .await;
        let opened = match answer {
            Ok((Answer::Opened(opened), _)) => *opened,
            _ => Opened {
                why_not: "the browser cannot run Cordon's workers; another browser, or the cordon command, can".to_owned(),
                ..Opened::default()
            },
        };
        self.take_up(&opened);
        self.look_at_storage(&opened).await;
        match &opened.key {
            Some(key) => self.take_key(key),
            None => {
                if let Err(sentence) = keys::make(self).await {
                    self.notice("key-unavailable", Some(&sentence));
                }
            }
        }
        self.state.borrow_mut().opened = true;
        self.ready_if_all_there();
    }

    fn take_up(self: &Rc<Self>, opened: &Opened) {
        let left = journal::read(&opened.journal, &opened.segments);
        let mut state = self.state.borrow_mut();
        state.folder.clone_from(&opened.folder);
        if left.worth_keeping
            && let Some(contribution) = Contribution::replay(left.entries)
        {
            let count = |phase| {
                let files = contribution.files().iter();
                files.filter(|f| f.phase == phase).count() as u64
            };
            let sent = count(Phase::Sent);
            state.resumable = Some(Resumable {
                staged: contribution.files().len() as u64,
                sent,
                approved: contribution.approval().is_some(),
            });
            for file in contribution.files() {
                if let Some(record) = &file.record {
                    state.first.insert(record.instance.clone(), file.id);
                }
            }
            state.sources = vec![None; contribution.files().len()];
            state.held = left.held;
            state.unwritten.clear();
            drop(state);
            self.contribution.replace(contribution);
            if let Some(json) = opened.receipt.clone() {
                self.take_receipt(json);
            }
            if left.lost > 0 {
                let sentence = format!(
                    "{} images of the earlier contribution are not on this computer any more; drop their folder again",
                    left.lost
                );
                self.notice("staged-lost", Some(&sentence));
            }
        } else {
            drop(state);
            if !opened.journal.is_empty() {
                self.tell_keeper(&Request::Discard);
            }
        }
        let other = opened.other_tab && opened.folder.is_some();
        self.notice(
            "other-tab",
            other.then_some(
                "another tab works for this project: this one begins a contribution of its own and leaves the other alone",
            ),
        );
        self.changed();
    }

    async fn look_at_storage(self: &Rc<Self>, opened: &Opened) {
        let state = if opened.folder.is_some() {
            let (persistent, free_bytes) = estimate().await.unwrap_or((false, 0));
            if persistent {
                StorageState::Persistent { free_bytes }
            } else {
                StorageState::BestEffort { free_bytes }
            }
        } else {
            self.notice("storage-unavailable", Some(&opened.why_not));
            StorageState::Unavailable(opened.why_not.clone())
        };
        self.state.borrow_mut().storage = state;
        self.changed();
    }

    /// Asks the server for the project, again and again until it answers.
    pub(crate) fn reconnect(self: &Rc<Self>) {
        if !matches!(self.state.borrow().server, ServerState::Connecting) {
            let retry = matches!(&self.state.borrow().server,
                ServerState::Failed { code, .. } if code == "unknown-server");
            if !retry {
                return;
            }
        }
        let this = self.clone();
        spawn_local(async move {
            let mut wait = 1000;
            while !this.is_stopped() {
                if this.ask_project().await.is_ok() {
                    this.ready_if_all_there();
                    return;
                }
                let again = matches!(&this.state.borrow().server,
                    ServerState::Failed { code, .. } if code == "unknown-server");
                if !again {
                    return;
                }
                clock::sleep(wait).await;
                wait = (wait * 2).min(15_000);
            }
        });
    }

    /// Asks once, and takes in what the server says.
    pub(crate) async fn ask_project(self: &Rc<Self>) -> Result<(), LineFault> {
        let failed = |code: &str, sentence: &str| {
            self.state.borrow_mut().server = ServerState::Failed {
                code: code.to_owned(),
                sentence: sentence.to_owned(),
            };
            self.changed();
        };
        if self.options.project.is_empty() || self.options.token.is_empty() {
            failed(
                "no-token",
                "open the link of your invitation: it names the project and lets you contribute",
            );
            return Err(LineFault::Token);
        }
        let asked = self
            .keeper
            .ask(&Request::Project(self.line()), &Array::new());
        match asked.await {
            Ok((Answer::Project(info), _)) => self.take_project(*info),
            Ok((
                Answer::LineFailed {
                    fault,
                    code,
                    sentence,
                },
                _,
            )) => {
                let known = match fault {
                    LineFault::Token if code == "no-token" => "no-token",
                    LineFault::Token => "token-expired",
                    LineFault::NotSupported => &code,
                    LineFault::ProtocolChanged => "protocol-changed",
                    _ => "unknown-server",
                };
                failed(known, &sentence);
                Err(fault)
            }
            _ => {
                failed("unknown-server", "the browser cannot run Cordon's workers");
                Err(LineFault::Refused)
            }
        }
    }

    fn take_project(self: &Rc<Self>, info: ProjectInfo) -> Result<(), LineFault> {
        let off = clock::seconds_off(&info.now);
        let told = off.abs() > CLOCK_NOTICE_S;
        let sentence = format!(
            "this computer's clock is {} minutes {} the server's; approvals are dated by it, so have it set",
            (off.abs() / 60.0).round(),
            if off > 0.0 { "ahead of" } else { "behind" },
        );
        self.notice("clock-wrong", told.then_some(&sentence));
        let mut state = self.state.borrow_mut();
        if off.abs() > CLOCK_STOP_S {
            state.server = ServerState::Failed {
                code: "clock-wrong".to_owned(),
                sentence,
            };
            drop(state);
            self.changed();
            return Err(LineFault::Refused);
        }
        drop(state);
        if !self.protocol_fits(&info.protocol_sha256) {
            return Err(LineFault::ProtocolChanged);
        }
        let mut state = self.state.borrow_mut();
        state.asked_at = clock::millis();
        state.server = ServerState::Ready(Box::new(info));
        drop(state);
        let receipt = self.state.borrow().receipt.clone();
        if let Some(receipt) = receipt.filter(|r| !r.verified) {
            self.take_receipt(receipt.json);
        }
        self.changed();
        Ok(())
    }

    /// Work under one protocol is not sent under another.
    fn protocol_fits(self: &Rc<Self>, sha256: &str) -> bool {
        let configured = match &self.state.borrow().server {
            ServerState::Ready(old) if self.state.borrow().ready => old.protocol_sha256 == sha256,
            _ => true,
        };
        let fits = {
            let contribution = self.contribution.borrow();
            let mut records = contribution
                .files()
                .iter()
                .filter_map(|f| f.record.as_ref());
            contribution.is_closed() || configured && records.all(|r| r.protocol_sha256 == sha256)
        };
        if !fits {
            let sentence = "the project's protocol was changed meanwhile: what is here was cleaned under the old one and is not sent; begin a new contribution and drop the folder again";
            self.state.borrow_mut().server = ServerState::Failed {
                code: "protocol-changed".to_owned(),
                sentence: sentence.to_owned(),
            };
            self.contribution.borrow_mut().pause();
            self.notice("protocol-changed", Some(sentence));
        }
        fits
    }

    /// Work begins when storage, key and server are there.
    pub(crate) fn ready_if_all_there(self: &Rc<Self>) {
        let state = self.state.borrow();
        let (ServerState::Ready(info), Some(key), true) =
            (&state.server, state.key_bytes, state.opened)
        else {
            return;
        };
        let request = Request::Configure {
            protocol: Box::new(info.protocol.clone()),
            key,
            folder: state.folder.clone(),
            words: state.words.rules().clone(),
        };
        let sha = info.protocol_sha256.clone();
        let require = info.protocol.require.clone();
        let first = !state.ready;
        drop(state);
        if !self.protocol_fits(&sha) {
            return;
        }
        self.state.borrow_mut().ready = true;
        for link in &self.pool {
            link.configure(request.clone());
        }
        let empty = self.contribution.borrow().id().is_empty();
        if first && empty {
            match clock::random_id() {
                Some(id) => {
                    let new = Contribution::new(id, &self.options.project, &sha);
                    self.contribution.replace(new);
                    self.state.borrow_mut().unwritten.clear();
                }
                None => {
                    self.state.borrow_mut().ready = false;
                    self.notice(
                        "no-random",
                        Some("the browser gives no random bytes, so no contribution can be named"),
                    );
                    return;
                }
            }
        }
        self.contribution.borrow_mut().set_require(require);
        self.take_waiting();
        self.after_change();
        if first {
            self.warm();
        }
    }

    pub(crate) fn tell_keeper(self: &Rc<Self>, request: &Request) {
        let asked = self.keeper.ask(request, &Array::new());
        let this = self.clone();
        spawn_local(async move {
            let told = asked.await;
            this.keeper_said(told);
        });
    }

    pub(crate) fn keeper_said(self: &Rc<Self>, told: Result<(Answer, Array), Died>) {
        match told {
            Ok((Answer::Sentence(sentence), _)) => self.storage_full(&sentence),
            Err(_) if !self.is_stopped() => self.notice(
                "keeper",
                Some(
                    "the page can write nothing down any more; reload it: what was cleaned is kept",
                ),
            ),
            _ => {}
        }
    }

    pub(crate) fn storage_full(self: &Rc<Self>, sentence: &str) {
        self.state.borrow_mut().storage = StorageState::Full;
        self.notice("storage-full", Some(sentence));
    }

    /// Something happened to the contribution: write it down, hand out work, tell the screens.
    pub(crate) fn after_change(self: &Rc<Self>) {
        self.write_journal();
        self.pump();
        self.queue_looks();
        self.changed();
    }

    /// Writes down what must outlive the tab.
    pub(crate) fn write_journal(self: &Rc<Self>) {
        let entries = self.contribution.borrow_mut().drain_journal();
        if entries.is_empty() {
            return;
        }
        let mut state = self.state.borrow_mut();
        // What was cleaned can be cleaned again; what a person decided or the server took in
        // must be on the disk at once.
        state.flush_lines |= entries.iter().any(|e| {
            !matches!(
                e,
                JournalEntry::Begun { .. } | JournalEntry::Stayed(_) | JournalEntry::Staged { .. }
            )
        });
        state.unflushed_since.get_or_insert_with(clock::millis);
        let worth = entries
            .iter()
            .any(|e| !matches!(e, JournalEntry::Begun { .. } | JournalEntry::Stayed(_)));
        let lines = journal::lines(&entries, &state.held);
        state.unwritten.extend(lines);
        // Until something is staged, there is nothing to go on with.
        let begun = !state.first.is_empty();
        if !worth && !begun {
            return;
        }
        let lines = std::mem::take(&mut state.unwritten);
        state.to_write.extend(lines);
        drop(state);
        self.append();
    }

    /// Hands all waiting lines to the keeper at once; it writes them in the order in which it
    /// gets them.
    pub(crate) fn append_now(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let lines = std::mem::take(&mut state.to_write);
        let flush = std::mem::take(&mut state.flush_lines);
        drop(state);
        if !lines.is_empty() {
            self.tell_keeper(&Request::Append { lines, flush });
        }
    }

    /// Brings to the disk what is written: first the staged objects, then the journal that
    /// names them. Not while files are being cleaned, unless that takes long.
    pub(crate) fn flush_if_due(self: &Rc<Self>) {
        let Some(since) = self.state.borrow().unflushed_since else {
            return;
        };
        let busy = self.pool.iter().any(|link| link.busy.get() > 0);
        if busy && clock::millis() - since < FLUSH_EVERY_MS {
            return;
        }
        self.state.borrow_mut().unflushed_since = None;
        let asked: Vec<_> = self
            .pool
            .iter()
            .map(|link| link.ask(&Request::Flush, &Array::new()))
            .collect();
        let this = self.clone();
        spawn_local(async move {
            for one in asked {
                let _ = one.await;
            }
            this.tell_keeper(&Request::Flush);
        });
    }

    /// Hands waiting lines to the keeper. Bringing them to the disk takes milliseconds, so
    /// what comes meanwhile goes in one piece.
    fn append(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        if state.writing || state.to_write.is_empty() {
            return;
        }
        state.writing = true;
        let lines = std::mem::take(&mut state.to_write);
        let flush = std::mem::take(&mut state.flush_lines);
        drop(state);
        let request = Request::Append { lines, flush };
        let asked = self.keeper.ask(&request, &Array::new());
        let this = self.clone();
        spawn_local(async move {
            let told = asked.await;
            this.state.borrow_mut().writing = false;
            this.keeper_said(told);
            this.append();
        });
    }
}

/// What is written is brought to the disk at least this often.
const FLUSH_EVERY_MS: f64 = 5000.0;

async fn estimate() -> Option<(bool, u64)> {
    let storage = web_sys::window()?.navigator().storage();
    if storage.is_undefined() {
        return None;
    }
    // Asking may show a question in some browsers; it must not hold anything up.
    let persistent = match storage.persist() {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|p| p.is_truthy()),
        Err(_) => false,
    };
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let number = |name: &str| {
        Reflect::get(&estimate, &JsValue::from_str(name))
            .ok()
            .and_then(|v| v.as_f64())
            .unwrap_or(0.0)
    };
    #[allow(clippy::cast_sign_loss, reason = "not below zero")]
    let free = (number("quota") - number("usage")).max(0.0) as u64;
    Some((persistent, free))
}
