//! The database: one connection that writes, several that read.
//!
//! SQLite has one writer at a time anyway; giving it a connection of its own
//! turns lock errors into a queue. The write-ahead log with `synchronous=FULL`
//! makes an acknowledged row outlive a power cut.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{SqlStr, Sqlite, Transaction};

use crate::error::IngestError;

/// Both ends of the database.
#[derive(Debug, Clone)]
pub(crate) struct Db {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Db {
    /// Opens or creates the database and brings it to this version.
    pub(crate) async fn open(path: &Path) -> Result<Self, IngestError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(60))
            .connect_with(options.clone())
            .await?;
        migrator().run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Self { writer, readers })
    }

    /// For questions.
    pub(crate) const fn read(&self) -> &SqlitePool {
        &self.readers
    }

    /// For changes: everything or nothing, one after the other.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn migrator() -> Migrator {
    let step = |version, name: &'static str, sql: &'static str| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    };
    Migrator::with_migrations(vec![
        step(1, "start", include_str!("../migrations/0001_start.sql")),
        step(2, "tables", include_str!("../migrations/0002_tables.sql")),
        step(
            3,
            "checked under",
            include_str!("../migrations/0003_checked_under.sql"),
        ),
    ])
}
