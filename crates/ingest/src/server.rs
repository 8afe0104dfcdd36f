//! The server as a value: open it, set it up, serve.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cordon_protocol::Protocol;
use futures_util::TryStreamExt as _;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore};

use crate::audit::{self, AuditReport};
use crate::config::Config;
use crate::db::Db;
use crate::error::IngestError;
use crate::guard::{self, Guard};
use crate::page::Page;
use crate::projects::{self, Invitation, Role};
use crate::state::{Inner, State};
use crate::store::{Store, sync_folder};
use crate::stow::{Discard, discard_held};
use crate::{clock, keys, routes, serve, tables};

/// The ingest: projects, DICOMweb, audit and the page, over one data folder.
#[derive(Debug, Clone)]
pub struct Server {
    state: State,
    guard: Guard,
}

/// What the comparison of database and objects found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreReport {
    /// Rows read.
    pub instances: u64,
    /// Rows whose object is absent or is not what its name says.
    pub damaged: u64,
    /// Objects that no row names.
    pub orphans: u64,
    /// Files in the staging folder.
    pub staged: u64,
}

impl Server {
    /// Opens the data folder, or creates it, and clears away what a crash left.
    ///
    /// # Errors
    /// When the folder cannot be used, or another server uses it.
    pub async fn open(config: Config) -> Result<Self, IngestError> {
        let page = Page::load(config.web.as_deref())?;
        let guard = Guard::new(&config, &page.inline_scripts())?;
        if config
            .public_origin
            .as_deref()
            .is_some_and(|o| !guard::is_origin(o))
        {
            return Err(IngestError::Origin);
        }
        make_private(&config.data)?;
        let lock = fs::File::create(config.data.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(IngestError::InUse),
            Err(fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        let limits = config.limits.clone();
        let semaphore = |n: usize| Arc::new(Semaphore::new(n.clamp(1, Semaphore::MAX_PERMITS)));
        let memory = usize::try_from(limits.check_bytes >> 20).unwrap_or(Semaphore::MAX_PERMITS);
        let origin = OnceLock::new();
        if let Some(public) = &config.public_origin {
            let _ = origin.set(public.clone());
        }
        let state = Arc::new(Inner {
            receipt_key: keys::receipt_key(&config.data)?,
            page,
            store: Store::open(&config.data)?,
            db: Db::open(&config.data.join("cordon.sqlite")).await?,
            uploads: semaphore(limits.uploads),
            checks: semaphore(limits.checks),
            check_memory: semaphore(memory),
            read_memory: semaphore(memory),
            bodies: semaphore(limits.large_bodies),
            placing: Mutex::new(()),
            origin,
            config,
            _lock: lock,
        });
        sync_folder(&state.config.data)?;
        let server = Self { state, guard };
        let orphans = server.sweep().await?;
        if orphans > 0 {
            tracing::info!(orphans, "objects without a row were cleared away");
        }
        Ok(server)
    }

    /// Makes a project.
    ///
    /// # Errors
    /// When the name does not fit, is taken, or the protocol cannot be carried out.
    pub async fn create_project(
        &self,
        id: &str,
        title: &str,
        protocol: &Protocol,
    ) -> Result<(), IngestError> {
        projects::create(&self.state.db, id, title, protocol).await
    }

    /// Publishes another protocol for a project. Contributions that were cleaned
    /// under an earlier one can still be closed.
    ///
    /// # Errors
    /// When there is no such project, or the protocol cannot be carried out.
    pub async fn publish_protocol(&self, id: &str, protocol: &Protocol) -> Result<(), IngestError> {
        projects::publish(&self.state.db, id, protocol).await
    }

    /// Makes an invitation. Its token is in the answer and nowhere else.
    ///
    /// # Errors
    /// When there is no such project.
    pub async fn create_invitation(
        &self,
        project: &str,
        role: Role,
        valid: Duration,
    ) -> Result<Invitation, IngestError> {
        projects::invite(&self.state.db, project, role, valid).await
    }

    /// Takes an invitation back, by its number; whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_invitation(&self, id: &str) -> Result<bool, IngestError> {
        projects::revoke(&self.state.db, id).await
    }

    /// The page's address with an invitation in the fragment, which browsers never send.
    #[must_use]
    pub fn invitation_link(&self, project: &str, token: &str) -> String {
        format!("{}/#project={project}&token={token}", self.origin())
    }

    /// The origin that people reach the server under.
    #[must_use]
    pub fn origin(&self) -> String {
        self.state.origin()
    }

    /// The key that receipts are signed with, base64: what a clinic pins.
    #[must_use]
    pub fn receipt_key(&self) -> String {
        BASE64.encode(self.state.receipt_key.verifying_key().to_bytes())
    }

    /// Listens at the configured address and takes its origin, unless one is configured.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(&self) -> Result<TcpListener, IngestError> {
        let listener = TcpListener::bind(self.state.config.bind).await?;
        self.take_origin(&listener)?;
        Ok(listener)
    }

    fn take_origin(&self, listener: &TcpListener) -> Result<(), IngestError> {
        let address = listener.local_addr()?;
        self.state
            .origin
            .get_or_init(|| format!("http://{address}"));
        Ok(())
    }

    /// The routes, to put into another axum application or a test.
    pub fn router(&self) -> Router {
        routes::router(self.state.clone(), self.guard.clone())
    }

    /// Serves until `shutdown` is ready; then requests in progress end and the database closes.
    ///
    /// # Errors
    /// When the listener or the database fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), IngestError> {
        self.take_origin(&listener)?;
        let tidying = tokio::spawn(tidy(self.state.clone()));
        let served =
            serve::serve(self.router(), listener, &self.state.config.limits, shutdown).await;
        tidying.abort();
        self.state.db.close().await;
        Ok(served?)
    }

    /// Follows the chain of the audit log from its first row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_audit(&self) -> Result<AuditReport, IngestError> {
        Ok(audit::verify(&self.state.db).await?)
    }

    /// Reads every object and compares it with its row.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn verify_store(&self) -> Result<StoreReport, IngestError> {
        let named = self.named().await?;
        let there = self.state.store.list().await?;
        let mut damaged = 0;
        for digest in &named {
            let whole = match self.state.store.bytes(digest).await {
                Ok(bytes) => cordon_protocol::sha256_hex(&bytes) == *digest,
                Err(_) => false,
            };
            damaged += u64::from(!whole);
        }
        let instances: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM instances")
            .fetch_one(self.state.db.read())
            .await?;
        Ok(StoreReport {
            instances: u64::try_from(instances).unwrap_or(0),
            damaged,
            orphans: there.difference(&named).count() as u64,
            staged: fs::read_dir(self.state.config.data.join("staging"))?.count() as u64,
        })
    }

    async fn named(&self) -> Result<HashSet<String>, IngestError> {
        let rows = sqlx::query_scalar::<_, String>(
            "SELECT sha256 FROM instances UNION SELECT sha256 FROM tables",
        )
        .fetch(self.state.db.read());
        Ok(rows.try_collect().await?)
    }

    async fn sweep(&self) -> Result<u64, IngestError> {
        let named = self.named().await?;
        let orphans = self.state.store.sweep(&named).await?;
        discard_old(&self.state).await?;
        Ok(orphans)
    }
}

async fn discard_old(state: &Inner) -> Result<u64, IngestError> {
    let kept = i64::try_from(state.config.limits.held_time.as_secs()).unwrap_or(i64::MAX);
    let before = clock::rfc3339(clock::unix_now().saturating_sub(kept));
    tables::discard_old(state, &before).await?;
    discard_held(state, Discard::OlderThan(&before)).await
}

/// Every hour: deletes what waited too long for a person.
async fn tidy(state: State) {
    loop {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        if let Err(error) = discard_old(&state).await {
            tracing::error!(%error, "what waited too long could not be deleted");
        }
    }
}

/// A folder that only its owner can look into.
fn make_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}
