//! What all handlers share.

use std::sync::{Arc, OnceLock};

use ed25519_dalek::SigningKey;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::config::Config;
use crate::db::Db;
use crate::error::IngestError;
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
    /// MiB of objects in memory for their frames and metadata.
    pub(crate) read_memory: Arc<Semaphore>,
    /// Large bodies of JSON in memory.
    pub(crate) bodies: Arc<Semaphore>,
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

    /// Room for so many bytes, of as much as the check of objects may have: at least one MiB, and
    /// never more than there is at all.
    pub(crate) async fn memory(
        &self,
        of: &Arc<Semaphore>,
        bytes: u64,
    ) -> Result<OwnedSemaphorePermit, IngestError> {
        let most = (self.config.limits.check_bytes >> 20).max(1);
        let weight = ((bytes >> 20) + 1).min(most);
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        let room = of.clone().acquire_many_owned(weight).await;
        room.map_err(|_| IngestError::InUse)
    }

    /// Room for a large body of JSON.
    pub(crate) async fn body_room(&self) -> Result<SemaphorePermit<'_>, IngestError> {
        self.bodies.acquire().await.map_err(|_| IngestError::InUse)
    }

    /// The base address of a project's DICOMweb services.
    pub(crate) fn dicomweb(&self, project: &str) -> String {
        format!("{}/dicomweb/{project}", self.origin())
    }
}
