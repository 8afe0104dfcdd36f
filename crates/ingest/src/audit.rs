//! The append-only audit log: who did what, when, to which clean UIDs.
//!
//! Each row's hash covers its own fields and the hash of the row before it, so
//! that a row taken out, put in or changed behind the server's back breaks the
//! chain at that place. Triggers forbid update and delete through SQL.
//! The log holds UIDs that left the clinic, digests and invitation numbers:
//! nothing in it names a person.

use futures_util::TryStreamExt as _;
use serde_json::Value;
use sqlx::{Row as _, Sqlite, SqliteConnection, Transaction};

use crate::clock;
use crate::db::Db;

/// What is written about one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A project was made.
    CreateProject,
    /// A project published a protocol.
    PublishProtocol,
    /// An invitation was made.
    Invite,
    /// An invitation was taken back.
    Revoke,
    /// An instance was taken in.
    Store,
    /// An instance was refused.
    Refuse,
    /// A contribution was closed and its receipt signed.
    Close,
    /// Something held was not released and was deleted.
    Discard,
    /// A clinical table was taken in.
    StoreTable,
    /// Objects were retrieved.
    Retrieve,
}

impl Act {
    const fn word(self) -> &'static str {
        match self {
            Self::CreateProject => "create-project",
            Self::PublishProtocol => "publish-protocol",
            Self::Invite => "invite",
            Self::Revoke => "revoke",
            Self::Store => "store",
            Self::Refuse => "refuse",
            Self::Close => "close",
            Self::Discard => "discard",
            Self::StoreTable => "store-table",
            Self::Retrieve => "retrieve",
        }
    }
}

/// Who did it: an invitation's number, or the operator.
pub(crate) const OPERATOR: &str = "operator";

/// Appends a row inside the caller's transaction, so that act and record are one.
pub(crate) async fn append(
    tx: &mut Transaction<'_, Sqlite>,
    actor: &str,
    project: &str,
    act: Act,
    detail: &Value,
) -> Result<(), sqlx::Error> {
    let connection: &mut SqliteConnection = tx;
    let last = sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    let (seq, previous) = match last {
        Some(row) => (row.try_get::<i64, _>(0)? + 1, row.try_get::<String, _>(1)?),
        None => (1, String::new()),
    };
    let (at, detail) = (clock::now(), detail.to_string());
    let hash = link(&previous, seq, &at, actor, project, act.word(), &detail);
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, project, action, detail, hash) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(seq)
    .bind(at)
    .bind(actor)
    .bind(project)
    .bind(act.word())
    .bind(detail)
    .bind(hash)
    .execute(connection)
    .await?;
    Ok(())
}

fn link(
    previous: &str,
    seq: i64,
    at: &str,
    actor: &str,
    project: &str,
    action: &str,
    detail: &str,
) -> String {
    // A JSON array: no field can run into the next.
    let fields = serde_json::json!([previous, seq, at, actor, project, action, detail]);
    cordon_protocol::sha256_hex(fields.to_string().as_bytes())
}

/// What the verification of the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Rows read.
    pub rows: u64,
    /// Number of the first row that does not follow from the row before it.
    pub broken_at: Option<i64>,
    /// Hash of the last row: kept elsewhere, it shows when rows at the end are gone.
    pub head: String,
}

impl AuditReport {
    /// Whether every row follows from the row before it.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.broken_at.is_none()
    }
}

/// Reads the log from its first row and follows the chain.
pub(crate) async fn verify(db: &Db) -> Result<AuditReport, sqlx::Error> {
    let mut rows =
        sqlx::query("SELECT seq, at, actor, project, action, detail, hash FROM audit ORDER BY seq")
            .fetch(db.read());
    let mut report = AuditReport {
        rows: 0,
        broken_at: None,
        head: String::new(),
    };
    let mut expected_seq = 1;
    while let Some(row) = rows.try_next().await? {
        let seq: i64 = row.try_get(0)?;
        let text = |i: usize| row.try_get::<String, _>(i);
        let hash = link(
            &report.head,
            seq,
            &text(1)?,
            &text(2)?,
            &text(3)?,
            &text(4)?,
            &text(5)?,
        );
        let stored = text(6)?;
        if report.broken_at.is_none() && (hash != stored || seq != expected_seq) {
            report.broken_at = Some(seq);
        }
        report.head = stored;
        report.rows += 1;
        expected_seq = seq + 1;
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    async fn filled(dir: &std::path::Path) -> Db {
        let db = Db::open(&dir.join("t.sqlite")).await.expect("open");
        let mut tx = db.write().await.expect("tx");
        for i in 0..5 {
            append(&mut tx, OPERATOR, "p", Act::Store, &json!({ "n": i }))
                .await
                .expect("append");
        }
        tx.commit().await.expect("commit");
        db
    }

    #[tokio::test]
    async fn rows_cannot_be_changed_through_sql() {
        let dir = tempfile::tempdir().expect("dir");
        let db = filled(dir.path()).await;
        for sql in [
            "UPDATE audit SET actor = 'x' WHERE seq = 2",
            "DELETE FROM audit WHERE seq = 5",
        ] {
            let mut tx = db.write().await.expect("tx");
            assert!(sqlx::query(sql).execute(&mut *tx).await.is_err());
        }
        let report = verify(&db).await.expect("verify");
        assert!(report.is_whole());
        assert_eq!(report.rows, 5);
    }

    #[tokio::test]
    async fn tampering_behind_the_server_shows() {
        for (sql, place) in [
            ("UPDATE audit SET detail = '{\"n\":9}' WHERE seq = 3", 3),
            ("DELETE FROM audit WHERE seq = 2", 3),
            ("DELETE FROM audit WHERE seq = 1", 2),
        ] {
            let dir = tempfile::tempdir().expect("dir");
            let db = filled(dir.path()).await;
            let mut tx = db.write().await.expect("tx");
            for drop in [
                "DROP TRIGGER audit_no_update",
                "DROP TRIGGER audit_no_delete",
                sql,
            ] {
                sqlx::query(drop).execute(&mut *tx).await.expect("sql");
            }
            tx.commit().await.expect("commit");
            let report = verify(&db).await.expect("verify");
            assert_eq!(report.broken_at, Some(place), "{sql}");
        }
    }
}
