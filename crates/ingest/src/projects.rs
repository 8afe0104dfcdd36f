//! Projects, the protocols they publish, and invitations.

use std::time::Duration;

use cordon_protocol::Protocol;
use serde_json::json;
use sqlx::Row as _;

use crate::audit::{self, Act, OPERATOR};
use crate::db::Db;
use crate::error::IngestError;
use crate::{clock, keys};

/// What an invitation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Send and close contributions.
    Contribute,
    /// Find and fetch.
    Read,
    /// Both.
    Both,
}

impl Role {
    /// The word in the database and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Contribute => "contribute",
            Self::Read => "read",
            Self::Both => "both",
        }
    }
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Contribute, Self::Read, Self::Both]
            .into_iter()
            .find(|r| r.word() == word)
    }
    pub(crate) const fn may_contribute(self) -> bool {
        matches!(self, Self::Contribute | Self::Both)
    }
    pub(crate) const fn may_read(self) -> bool {
        matches!(self, Self::Read | Self::Both)
    }
}

/// A new invitation. The token is shown once; the server keeps only its digest.
#[derive(Clone)]
pub struct Invitation {
    /// Its number, as it stands in the audit log.
    pub id: String,
    /// The bearer token.
    pub token: String,
    /// When it ends: RFC 3339, UTC.
    pub expires_at: String,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A project's name and its current protocol.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) protocol: Protocol,
    pub(crate) protocol_sha256: String,
}

/// Whether a text can name a project in addresses and folders.
pub(crate) fn is_project_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(crate) async fn create(
    db: &Db,
    id: &str,
    title: &str,
    protocol: &Protocol,
) -> Result<(), IngestError> {
    if !is_project_name(id) {
        return Err(IngestError::ProjectName);
    }
    protocol.validate()?;
    let mut tx = db.write().await?;
    let made = sqlx::query(
        "INSERT INTO projects (id, title, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(title)
    .bind(clock::now())
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 0 {
        return Err(IngestError::ProjectExists);
    }
    audit::append(&mut tx, OPERATOR, id, Act::CreateProject, &json!({})).await?;
    publish_in(&mut tx, id, protocol).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes `protocol` the project's current one; earlier ones stay known.
pub(crate) async fn publish(db: &Db, id: &str, protocol: &Protocol) -> Result<(), IngestError> {
    protocol.validate()?;
    let current = load(db, id).await?.ok_or(IngestError::NoProject)?;
    if current.protocol_sha256 == protocol.digest() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    publish_in(&mut tx, id, protocol).await?;
    tx.commit().await?;
    Ok(())
}

async fn publish_in(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    id: &str,
    protocol: &Protocol,
) -> Result<(), IngestError> {
    let digest = protocol.digest();
    sqlx::query("INSERT INTO protocols (project, sha256, json, published_at) VALUES (?, ?, ?, ?)")
        .bind(id)
        .bind(&digest)
        .bind(cordon_protocol::canonical_json(protocol))
        .bind(clock::now())
        .execute(&mut **tx)
        .await?;
    let detail = json!({ "protocol_sha256": digest });
    audit::append(tx, OPERATOR, id, Act::PublishProtocol, &detail).await?;
    Ok(())
}

pub(crate) async fn load(db: &Db, id: &str) -> Result<Option<Project>, IngestError> {
    let row = sqlx::query(
        "SELECT p.title, v.json, v.sha256 FROM projects p JOIN protocols v ON v.project = p.id \
         WHERE p.id = ? ORDER BY v.seq DESC LIMIT 1",
    )
    .bind(id)
    .fetch_optional(db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Project {
        id: id.to_owned(),
        title: row.try_get(0)?,
        protocol: Protocol::from_json(row.try_get(1)?)?,
        protocol_sha256: row.try_get(2)?,
    }))
}

/// A protocol that the project published at any time.
pub(crate) async fn published(
    db: &Db,
    project: &str,
    sha256: &str,
) -> Result<Option<Protocol>, IngestError> {
    let json: Option<String> =
        sqlx::query_scalar("SELECT json FROM protocols WHERE project = ? AND sha256 = ? LIMIT 1")
            .bind(project)
            .bind(sha256)
            .fetch_optional(db.read())
            .await?;
    Ok(json.map(|j| Protocol::from_json(&j)).transpose()?)
}

pub(crate) async fn invite(
    db: &Db,
    project: &str,
    role: Role,
    valid: Duration,
) -> Result<Invitation, IngestError> {
    let id = hex::encode(keys::random::<8>()?);
    let token = keys::new_token()?;
    let valid = i64::try_from(valid.as_secs()).unwrap_or(i64::MAX);
    let expires = clock::unix_now().saturating_add(valid).min(253_402_300_799);
    let expires_at = clock::rfc3339(expires);
    let mut tx = db.write().await?;
    let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM projects WHERE id = ?")
        .bind(project)
        .fetch_optional(&mut *tx)
        .await?;
    there.ok_or(IngestError::NoProject)?;
    sqlx::query(
        "INSERT INTO invitations (id, project, token, role, created_at, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&id)
    .bind(project)
    .bind(keys::token_digest(&token))
    .bind(role.word())
    .bind(clock::now())
    .bind(expires)
    .execute(&mut *tx)
    .await?;
    let detail = json!({ "invitation": id, "role": role.word(), "expires_at": expires_at });
    audit::append(&mut tx, OPERATOR, project, Act::Invite, &detail).await?;
    tx.commit().await?;
    Ok(Invitation {
        id,
        token,
        expires_at,
    })
}

/// Takes an invitation back; whether there was one.
pub(crate) async fn revoke(db: &Db, id: &str) -> Result<bool, IngestError> {
    let mut tx = db.write().await?;
    let project: Option<String> = sqlx::query_scalar(
        "UPDATE invitations SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING project",
    )
    .bind(clock::now())
    .bind(id)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(project) = project else {
        return Ok(false);
    };
    let detail = json!({ "invitation": id });
    audit::append(&mut tx, OPERATOR, &project, Act::Revoke, &detail).await?;
    tx.commit().await?;
    Ok(true)
}
