//! Clinical tables of a contribution: taken in with the record of their check, and in its receipt.
//!
//! A table is read by nobody before its contribution is closed; one that is never closed is
//! deleted after the time that held objects have.

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cordon_clinical::{TableUpload, UploadError};
use cordon_protocol::{ReceiptTable, Verdict, canonical_json, sha256_hex};
use serde_json::json;
use sqlx::{Row as _, Sqlite, Transaction};

use crate::audit::{self, Act};
use crate::auth::{self, Wants};
use crate::contributions::Release;
use crate::error::{self, ApiFailure, IngestError};
use crate::state::{Inner, State};
use crate::stow::{delete_if_unnamed, is_contribution_id};
use crate::{body, clock, contributions, projects};

/// Largest request with a table; JSON writes some characters as two.
const MAX_BODY: usize = 160 << 20;
/// Most tables of one contribution.
const MAX_TABLES: i64 = 100;

/// `POST /api/v1/projects/{project}/contributions/{id}/tables`
pub(crate) async fn store(
    Shared(state): Shared<State>,
    Path((project, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiFailure> {
    let caller = auth::admit(&state, &headers, &project, Wants::Contribute).await?;
    if !is_contribution_id(&id) {
        return Err(ApiFailure::BadContribution);
    }
    let _room = state.body_room().await?;
    let upload: TableUpload = body::json(body, &state.config.limits, MAX_BODY).await?;
    // Reading a large table takes a while: not among those who answer requests.
    let checked = tokio::task::spawn_blocking(move || upload.check().map(|()| upload));
    let upload = checked
        .await
        .map_err(|_| ApiFailure::Storage)?
        .map_err(|e| match e {
            UploadError::NotApproved => ApiFailure::NotApproved,
            _ => ApiFailure::BadTable,
        })?;
    let record = upload.record();
    if !clock::is_rfc3339(&upload.approval().at) {
        return Err(ApiFailure::NotApproved);
    }
    let protocol = projects::published(&state.db, &project, &record.protocol_sha256)
        .await?
        .ok_or(ApiFailure::ProtocolChanged)?;
    let release = Release::of(
        &[&protocol.approval, &caller.project.protocol.approval],
        upload.approval().role.as_deref(),
    )?;
    if record.verdict == Verdict::Held {
        release.held()?;
    }
    let text = canonical_json(record);
    let listed = ReceiptTable {
        sha256: record.sha256.clone(),
        bytes: record.bytes,
        rows: record.rows,
        columns: record.columns,
        verdict: record.verdict,
        record_sha256: sha256_hex(text.as_bytes()),
    };

    let mut staging = state.store.stage()?;
    staging.write(upload.bytes()).await?;
    let staged = staging.finish().await?;
    let staged = tokio::task::spawn_blocking(move || staged.sync_and_read().map(|_| staged));
    let staged = staged
        .await
        .map_err(|_| ApiFailure::Storage)?
        .map_err(IngestError::Io)?;
    let _placing = state.placing.lock().await;
    if contributions::open(&state, &project, &id).await? {
        // Sending again what a receipt speaks of already is no fault.
        let mut tx = state.db.write().await?;
        let there = of(&mut tx, &project, &id).await?;
        return match there.contains(&listed) {
            true => Ok(error::json(StatusCode::OK, &listed, "application/json")),
            false => Err(ApiFailure::Closed),
        };
    }
    let mut tx = state.db.write().await?;
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM tables WHERE project = ? AND contribution = ?")
            .bind(&project)
            .bind(&id)
            .fetch_one(&mut *tx)
            .await?;
    if count >= MAX_TABLES {
        return Err(ApiFailure::BadTable);
    }
    state.store.adopt(&staged).await?;
    let whole = |n: u64| i64::try_from(n).map_err(|_| ApiFailure::BadTable);
    let done = sqlx::query(
        "INSERT INTO tables (project, contribution, sha256, bytes, rows, columns, verdict, record, \
         record_sha256, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(&project)
    .bind(&id)
    .bind(&listed.sha256)
    .bind(whole(listed.bytes)?)
    .bind(whole(listed.rows)?)
    .bind(i64::from(listed.columns))
    .bind(word(listed.verdict))
    .bind(&text)
    .bind(&listed.record_sha256)
    .bind(clock::now())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() > 0 {
        let detail = json!({
            "contribution": id,
            "sha256": listed.sha256,
            "record_sha256": listed.record_sha256,
            "rows": listed.rows,
            "columns": listed.columns,
            "verdict": word(listed.verdict),
        });
        audit::append(
            &mut tx,
            &caller.invitation,
            &project,
            Act::StoreTable,
            &detail,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(error::json(StatusCode::OK, &listed, "application/json"))
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clean => "clean",
        Verdict::Held | Verdict::Refused => "held",
    }
}

/// The tables of a contribution, as they stand in its receipt.
pub(crate) async fn of(
    tx: &mut Transaction<'_, Sqlite>,
    project: &str,
    id: &str,
) -> Result<Vec<ReceiptTable>, IngestError> {
    let rows = sqlx::query(
        "SELECT sha256, bytes, rows, columns, verdict, record_sha256 FROM tables \
         WHERE project = ? AND contribution = ? ORDER BY sha256",
    )
    .bind(project)
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let number = |n: i64| u64::try_from(n).map_err(|_| IngestError::Record);
            Ok(ReceiptTable {
                sha256: row.try_get(0)?,
                bytes: number(row.try_get(1)?)?,
                rows: number(row.try_get(2)?)?,
                columns: u32::try_from(row.try_get::<i64, _>(3)?)
                    .map_err(|_| IngestError::Record)?,
                verdict: match row.try_get::<String, _>(4)?.as_str() {
                    "clean" => Verdict::Clean,
                    _ => Verdict::Held,
                },
                record_sha256: row.try_get(5)?,
            })
        })
        .collect()
}

/// `GET /api/v1/projects/{project}/contributions/{id}/tables/{sha256}`
pub(crate) async fn fetch(
    Shared(state): Shared<State>,
    Path((project, id, sha256)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let caller = auth::admit(&state, &headers, &project, Wants::Read).await?;
    let there: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM tables t JOIN contributions c ON c.project = t.project AND c.id = t.contribution \
         WHERE t.project = ? AND t.contribution = ? AND t.sha256 = ? AND c.closed_at IS NOT NULL",
    )
    .bind(&project)
    .bind(&id)
    .bind(&sha256)
    .fetch_optional(state.db.read())
    .await?;
    there.ok_or(ApiFailure::NotFound)?;
    let bytes = state.store.bytes(&sha256).await?;
    let mut tx = state.db.write().await?;
    let detail = json!({ "contribution": id, "table": sha256 });
    audit::append(
        &mut tx,
        &caller.invitation,
        &project,
        Act::Retrieve,
        &detail,
    )
    .await?;
    tx.commit().await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Deletes tables of contributions that were not closed in time.
pub(crate) async fn discard_old(state: &Inner, before: &str) -> Result<u64, IngestError> {
    let _placing = state.placing.lock().await;
    let mut tx = state.db.write().await?;
    let gone: Vec<(String, String, String)> = sqlx::query_as(
        "DELETE FROM tables WHERE received_at < ? AND EXISTS (SELECT 1 FROM contributions c \
         WHERE c.project = tables.project AND c.id = tables.contribution AND c.closed_at IS NULL) \
         RETURNING project, contribution, sha256",
    )
    .bind(before)
    .fetch_all(&mut *tx)
    .await?;
    for (project, contribution, sha256) in &gone {
        let detail = json!({ "contribution": contribution, "table": sha256 });
        audit::append(&mut tx, audit::OPERATOR, project, Act::Discard, &detail).await?;
    }
    tx.commit().await?;
    for (_, _, sha256) in &gone {
        delete_if_unnamed(state, sha256).await?;
    }
    Ok(gone.len() as u64)
}
