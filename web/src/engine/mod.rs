//! What drives a contribution in a browser tab.
//!
//! The main thread only decides and draws. Reading, cleaning, decoding, staging
//! and sending happen in dedicated workers; the engine hands tasks out, takes
//! results in and writes down what must outlive the tab. Screens hold an
//! [`Engine`] and ask it; they are told at most once per animation frame that
//! something changed.

mod clock;
mod core;
mod desk;
mod end;
mod intake;
mod journal;
mod keys;
mod link;
mod looks;
mod pictures;
mod pump;
mod rate;
mod report;
mod sending;
mod startup;
mod table;
mod types;
mod warm;
mod words;

use std::rc::Rc;

use cordon_contribute::{AttributeRow, Contribution, Excerpt, FileId, Task};
use cordon_protocol::{Approval, DecisionKind, Verdict};

use self::core::Inner;

pub use self::core::Subscription;
pub use desk::TableSource;
pub use link::set_base;
pub use looks::{Boxes, LookState, LooksNow, SeriesLook, Turning};
pub use table::Along;
pub use types::{
    FrameData, KeyState, Notice, Options, Pixels, Rate, ReceiptView, Resumable, ServerState, Side,
    Status, StorageState,
};
pub use words::WordRow;

/// A contribution with everything that drives it. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Rc<Inner>,
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine(…)")
    }
}

impl Engine {
    /// Starts an engine: finds the key, the storage, the server and the unfinished work.
    #[must_use]
    pub fn start(options: Options) -> Self {
        let inner = Inner::new(options);
        inner.begin();
        Self { inner }
    }

    /// Calls `f` at most once per animation frame after any change.
    pub fn subscribe(&self, f: impl Fn() + 'static) -> Subscription {
        self.inner.subscribe(Rc::new(f))
    }

    /// Looks at the contribution.
    pub fn with<R>(&self, f: impl FnOnce(&Contribution) -> R) -> R {
        f(&self.inner.contribution.borrow())
    }

    /// Everything around the contribution.
    #[must_use]
    pub fn status(&self) -> Status {
        self.inner.status()
    }

    /// Adds files that were picked.
    pub fn add_files(&self, files: Vec<web_sys::File>) {
        self.inner.add_files(files);
    }

    /// Adds what was dropped, folders included. Call it inside the drop event.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the screens hand the event's own value over"
    )]
    pub fn add_drop(&self, data: web_sys::DataTransfer) {
        self.inner.add_drop(&data);
    }

    /// A person decides on files; `None` takes decisions back.
    ///
    /// # Errors
    /// After approval.
    pub fn decide(&self, ids: &[FileId], kind: Option<DecisionKind>) -> Result<(), String> {
        self.step(|c| c.decide(ids, kind).map_err(|e| e.to_string()))
    }

    /// Takes the last decision back. Says whether there was one.
    #[must_use]
    pub fn undo(&self) -> bool {
        self.step(Contribution::undo)
    }

    /// A person approves what leaves; sending begins.
    ///
    /// # Errors
    /// When nothing leaves, something has no verdict yet, or there is no name.
    pub fn approve(&self, by: String, role: Option<String>) -> Result<(), String> {
        self.role_fits(role.as_deref())?;
        if self.inner.looks_open() > 0 {
            return Err("some series are still being looked at".to_owned());
        }
        let approval = Approval {
            by,
            at: clock::now(),
            role,
        };
        self.step(|c| c.approve(approval).map_err(|e| e.to_string()))
    }

    /// Whether a person in this role may approve what would leave now: the server asks the same.
    ///
    /// # Errors
    /// With a sentence when not.
    pub fn role_fits(&self, role: Option<&str>) -> Result<(), String> {
        let state = self.inner.state.borrow();
        let ServerState::Ready(info) = &state.server else {
            return Ok(());
        };
        let rule = &info.protocol.approval;
        let named = |roles: &[String]| roles.join(", ");
        if !rule.may_approve(role) {
            let roles = named(&rule.whole);
            return Err(format!("the protocol asks for one of these roles: {roles}"));
        }
        let contribution = self.inner.contribution.borrow();
        let releases = contribution
            .files()
            .iter()
            .any(|f| f.leaves() && f.verdict == Some(Verdict::Held))
            || state
                .along
                .as_ref()
                .is_some_and(|a| a.record.verdict == Verdict::Held);
        if releases && !rule.may_release(role) {
            let roles = named(&rule.held);
            return Err(format!(
                "something that is held was accepted, and the protocol lets only these roles release it: {roles}"
            ));
        }
        Ok(())
    }

    /// Takes the approval back, as long as nothing was sent.
    ///
    /// # Errors
    /// When something has been sent.
    pub fn reopen(&self) -> Result<(), String> {
        let waits = |t: &Task| matches!(t, Task::Send(_));
        if self.inner.state.borrow().carry.iter().any(waits) {
            return Err("something is being sent already".to_owned());
        }
        self.step(|c| c.reopen().map_err(|e| e.to_string()))
    }

    /// Hands out no more work.
    pub fn pause(&self) {
        self.step(Contribution::pause);
    }
    /// Goes on.
    pub fn resume(&self) {
        self.step(Contribution::resume);
        self.inner.reconnect();
    }
    /// Forgets what is still to be read or cleaned.
    pub fn cancel_reading(&self) {
        self.inner.cancel_reading();
    }
    /// Leaves out what has not been sent.
    pub fn cancel_sending(&self) {
        self.inner.cancel_sending();
    }
    /// Tries again what failed.
    pub fn retry_failed(&self) {
        self.step(Contribution::retry_failed);
    }
    /// Leaves out what failed, so that the rest can be closed.
    pub fn give_up_failed(&self) {
        self.step(Contribution::give_up_failed);
    }
    /// Ends this contribution, deletes what is staged, and begins an empty one.
    pub fn new_contribution(&self) {
        self.inner.put_away();
    }

    /// A small picture as a `blob:` address.
    pub async fn thumbnail(&self, id: FileId) -> Option<String> {
        self.inner.thumbnail(id).await
    }

    /// One frame, counted from zero.
    ///
    /// # Errors
    /// With a sentence when it cannot be shown.
    pub async fn frame(&self, id: FileId, frame: u32, side: Side) -> Result<FrameData, String> {
        self.inner.frame(id, frame, side).await
    }

    /// Every attribute, before and after.
    ///
    /// # Errors
    /// With a sentence when the file cannot be read any more.
    pub async fn header(&self, id: FileId) -> Result<Vec<AttributeRow>, String> {
        self.inner.header(id).await
    }

    /// Every doubtful word of the contribution. For the person's own screen.
    #[must_use]
    pub fn words(&self) -> Rc<Vec<WordRow>> {
        self.inner.words()
    }

    /// Images that are held for words which this tab has not read.
    #[must_use]
    pub fn words_unread(&self) -> usize {
        self.inner.words_unread()
    }

    /// A person decides on words: `true` keeps them, `false` takes them off, `None` opens them
    /// again. The images in which they stand are cleaned anew.
    ///
    /// # Errors
    /// After approval.
    pub fn decide_words(&self, keys: &[String], said: Option<bool>) -> Result<(), String> {
        self.inner.decide_words(keys, said)
    }

    /// Takes the last decision on words back. Says whether there was one.
    ///
    /// # Errors
    /// After approval.
    pub fn undo_words(&self) -> Result<bool, String> {
        self.inner.undo_words()
    }

    /// The texts in which a word stands.
    ///
    /// # Errors
    /// With a sentence when the file cannot be read any more.
    pub async fn word_texts(&self, key: &str) -> Result<Vec<Excerpt>, String> {
        self.inner.word_texts(key).await
    }

    /// Makes a key where there is none.
    ///
    /// # Errors
    /// With a sentence when it cannot be kept.
    pub async fn make_key(&self) -> Result<(), String> {
        keys::make(&self.inner).await
    }

    /// The key as an age file under a passphrase; it counts as backed up from then on.
    ///
    /// # Errors
    /// With a sentence when there is no key or the passphrase is too short.
    pub async fn export_key(&self, passphrase: String) -> Result<Vec<u8>, String> {
        keys::export(&self.inner, passphrase).await
    }

    /// Takes a key from an age file.
    ///
    /// # Errors
    /// With a sentence when the passphrase is wrong or the file holds no key.
    pub async fn import_key(&self, file: Vec<u8>, passphrase: String) -> Result<(), String> {
        keys::import(&self.inner, file, passphrase).await
    }

    /// Patients and their pseudonyms, as a CSV in an age file for the clinic. Never sent.
    ///
    /// # Errors
    /// With a sentence when there is nothing to write or the passphrase is too short.
    pub async fn export_mapping(&self, passphrase: String) -> Result<Vec<u8>, String> {
        keys::export_mapping(&self.inner, passphrase).await
    }

    /// The receipt, once there is one.
    #[must_use]
    pub fn receipt(&self) -> Option<ReceiptView> {
        self.inner.state.borrow().receipt.clone()
    }

    /// A text to send to support; no identifier in it.
    #[must_use]
    pub fn problem_report(&self) -> String {
        report::text(&self.inner)
    }

    /// An unfinished contribution from before; the engine has taken it up already.
    #[must_use]
    pub fn resumable(&self) -> Option<Resumable> {
        self.inner.state.borrow().resumable
    }

    /// The server's origin; empty for the page's own.
    #[must_use]
    pub fn server(&self) -> String {
        self.inner.options.server.clone()
    }

    /// Ends the workers. What is staged stays, for the next time.
    pub fn stop(&self) {
        self.inner.stop();
    }

    fn step<R>(&self, f: impl FnOnce(&mut Contribution) -> R) -> R {
        let result = f(&mut self.inner.contribution.borrow_mut());
        self.inner.after_change();
        result
    }
}
