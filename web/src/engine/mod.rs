//! What drives a contribution in a browser tab.
//!
//! The main thread only decides and draws. Reading, cleaning, decoding, staging
//! and sending happen in dedicated workers; the engine hands tasks out, takes
//! results in and writes down what must outlive the tab. Screens hold an
//! [`Engine`] and ask it; they are told at most once per animation frame that
//! something changed.

mod types;

use std::cell::RefCell;
use std::rc::Rc;

use cordon_contribute::{AttributeRow, Contribution, FileId};
use cordon_protocol::DecisionKind;

pub use types::{
    FrameData, KeyState, Notice, Options, Pixels, Rate, ReceiptView, Resumable, ServerState, Side,
    Status, StorageState,
};

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

struct Inner {
    contribution: RefCell<Contribution>,
}

/// Keeps a listener listening; dropping it ends that.
pub struct Subscription {
    _cancel: Box<dyn FnOnce()>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription(…)")
    }
}

impl Engine {
    /// Starts an engine: finds the key, the storage, the server and the unfinished work.
    #[must_use]
    pub fn start(options: Options) -> Self {
        let contribution = Contribution::new(String::new(), &options.project, "");
        Self {
            inner: Rc::new(Inner {
                contribution: RefCell::new(contribution),
            }),
        }
    }

    /// Calls `f` at most once per animation frame after any change.
    pub fn subscribe(&self, f: impl Fn() + 'static) -> Subscription {
        Subscription {
            _cancel: Box::new(move || drop(f)),
        }
    }

    /// Looks at the contribution.
    pub fn with<R>(&self, f: impl FnOnce(&Contribution) -> R) -> R {
        f(&self.inner.contribution.borrow())
    }

    /// Everything around the contribution.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            server: ServerState::Connecting,
            key: KeyState::Loading,
            storage: StorageState::Checking,
            rate: Rate::default(),
            workers: 0,
            device: String::new(),
            version: cordon_contribute::VERSION,
            notices: Vec::new(),
            online: true,
        }
    }

    /// Adds files that were picked.
    pub fn add_files(&self, _files: Vec<web_sys::File>) {}

    /// Adds what was dropped, folders included. Call it inside the drop event.
    pub fn add_drop(&self, _data: web_sys::DataTransfer) {}

    /// A person decides on files; `None` takes decisions back.
    ///
    /// # Errors
    /// After approval.
    pub fn decide(&self, ids: &[FileId], kind: Option<DecisionKind>) -> Result<(), String> {
        let mut contribution = self.inner.contribution.borrow_mut();
        contribution.decide(ids, kind).map_err(|e| e.to_string())
    }

    /// Takes the last decision back. Says whether there was one.
    #[must_use]
    pub fn undo(&self) -> bool {
        self.inner.contribution.borrow_mut().undo()
    }

    /// A person approves what leaves; sending begins.
    ///
    /// # Errors
    /// When nothing leaves, something has no verdict yet, or there is no name.
    pub fn approve(&self, _by: String) -> Result<(), String> {
        Err(String::new())
    }

    /// Takes the approval back, as long as nothing was sent.
    ///
    /// # Errors
    /// When something has been sent.
    pub fn reopen(&self) -> Result<(), String> {
        let mut contribution = self.inner.contribution.borrow_mut();
        contribution.reopen().map_err(|e| e.to_string())
    }

    /// Hands out no more work.
    pub fn pause(&self) {}
    /// Goes on.
    pub fn resume(&self) {}
    /// Forgets what is still to be read or cleaned.
    pub fn cancel_reading(&self) {}
    /// Leaves out what has not been sent.
    pub fn cancel_sending(&self) {}
    /// Tries again what failed.
    pub fn retry_failed(&self) {}
    /// Leaves out what failed, so that the rest can be closed.
    pub fn give_up_failed(&self) {}
    /// Ends this contribution, deletes what is staged, and begins an empty one.
    pub fn new_contribution(&self) {}

    /// A small picture as a `blob:` address.
    pub async fn thumbnail(&self, _id: FileId) -> Option<String> {
        None
    }

    /// One frame, counted from zero.
    ///
    /// # Errors
    /// With a sentence when it cannot be shown.
    pub async fn frame(&self, _id: FileId, _frame: u32, _side: Side) -> Result<FrameData, String> {
        Err(String::new())
    }

    /// Every attribute, before and after.
    ///
    /// # Errors
    /// With a sentence when the file cannot be read any more.
    pub async fn header(&self, _id: FileId) -> Result<Vec<AttributeRow>, String> {
        Err(String::new())
    }

    /// Makes a key where there is none.
    ///
    /// # Errors
    /// With a sentence when it cannot be kept.
    pub async fn make_key(&self) -> Result<(), String> {
        Err(String::new())
    }

    /// The key as an age file under a passphrase; it counts as backed up from then on.
    ///
    /// # Errors
    /// With a sentence when there is no key or the passphrase is too short.
    pub async fn export_key(&self, _passphrase: String) -> Result<Vec<u8>, String> {
        Err(String::new())
    }

    /// Takes a key from an age file.
    ///
    /// # Errors
    /// With a sentence when the passphrase is wrong or the file holds no key.
    pub async fn import_key(&self, _file: Vec<u8>, _passphrase: String) -> Result<(), String> {
        Err(String::new())
    }

    /// Patients and their pseudonyms, as a CSV in an age file for the clinic. Never sent.
    ///
    /// # Errors
    /// With a sentence when there is nothing to write or the passphrase is too short.
    pub async fn export_mapping(&self, _passphrase: String) -> Result<Vec<u8>, String> {
        Err(String::new())
    }

    /// The receipt, once there is one.
    #[must_use]
    pub fn receipt(&self) -> Option<ReceiptView> {
        None
    }

    /// A text to send to support; no identifier in it.
    #[must_use]
    pub fn problem_report(&self) -> String {
        String::new()
    }

    /// An unfinished contribution from before; the engine has taken it up already.
    #[must_use]
    pub fn resumable(&self) -> Option<Resumable> {
        None
    }
}
