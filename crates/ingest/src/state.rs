//! What all handlers share.

use std::sync::{Arc, OnceLock};

use ed25519_dalek::SigningKey;
use tokio::sync::{Mutex, Semaphore};

use crate::config::Config;
use crate::db::Db;
use crate::page::Page;
use crate::store::Store;

/// Version of the server, as it stands in receipts.
pub(crate) const VERSION: &str = concat!("cordon ", env!("CARGO_PKG_VERSION"));

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) page: Page,
    pub(crate) receipt_key: SigningKey,
    pub(crate) origin: OnceLock<String>,
    /// STOW requests in progress.
    pub(crate) uploads: Arc<Semaphore>,
    /// Checks in progress.
    pub(crate) checks: Arc<Semaphore>,
    /// MiB of objects in memory for their check.
    pub(crate) check_memory: Arc<Semaphore>,
    /// Held while an object gets its place and its row, and while one is deleted:
    /// otherwise a deletion could take an object away from under a new row.
    pub(crate) placing: Mutex<()>,
    /// Held for the life of the server: one server per data folder.
    pub(crate) _lock: std::fs::File,
}

/// Shared by reference count.
pub(crate) type State = Arc<Inner>;

impl Inner {
    /// The origin that people reach the server under.
    pub(crate) fn origin(&self) -> String {
        self.origin
            .get()
            .cloned()
            .unwrap_or_else(|| format!("http://{}", self.config.bind))
    }

    /// The base address of a project's DICOMweb services.
    pub(crate) fn dicomweb(&self, project: &str) -> String {
        format!("{}/dicomweb/{project}", self.origin())
    }
}
