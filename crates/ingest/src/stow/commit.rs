//! Places and rows: the step after which an instance is here.

use cordon_protocol::Verdict;
use serde_json::{Value, json};
use sqlx::{Row as _, Sqlite, Transaction};

use super::Request;
use super::receive::Outcome;
use crate::audit::{self, Act, OPERATOR};
use crate::check::Passed;
use crate::clock;
use crate::error::IngestError;
use crate::failures::Failure;
use crate::state::{Inner, State};
use crate::store::Staged;

/// A checked part that the policy lets in.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) staged: Staged,
    pub(crate) passed: Passed,
}

/// Gives a batch its places, then its rows and audit entries in one transaction.
pub(crate) async fn commit(
    state: &State,
    request: &Request,
    batch: Vec<(usize, Incoming)>,
) -> Result<Vec<(usize, Outcome)>, IngestError> {
    let _placing = state.placing.lock().await;
    for (_, incoming) in &batch {
        state.store.adopt(&incoming.staged).await?;
    }
    let mut tx = state.db.write().await?;
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut unwanted = Vec::new();
    for (place, incoming) in batch {
        let sha256 = incoming.staged.sha256.clone();
        let outcome = row(&mut tx, request, incoming).await?;
        if matches!(outcome, Outcome::Failed { .. }) {
            unwanted.push(sha256);
        }
        outcomes.push((place, outcome));
    }
    tx.commit().await?;
    for sha256 in unwanted {
        delete_if_unnamed(state, &sha256).await?;
    }
    Ok(outcomes)
}

async fn row(
    tx: &mut Transaction<'_, Sqlite>,
    request: &Request,
    incoming: Incoming,
) -> Result<Outcome, IngestError> {
    let Incoming { staged, passed } = incoming;
    let (index, project) = (passed.index, &request.caller.project.id);
    let held = passed.verdict == Verdict::Held;
    let there =
        sqlx::query("SELECT id, sha256, visible FROM instances WHERE project = ? AND instance = ?")
            .bind(project)
            .bind(&index.instance)
            .fetch_optional(&mut **tx)
            .await?;
    let refuse = |failure| Outcome::Failed {
        sop_class: Some(index.sop_class.clone()),
        instance: Some(index.instance.clone()),
        failure,
    };
    let id: i64 = match there {
        Some(row) => {
            if row.try_get::<String, _>(1)? != staged.sha256 {
                return Ok(refuse(Failure::Duplicate));
            }
            row.try_get(0)?
        }
        None => {
            if held && request.contribution.as_ref().is_some_and(|c| c.closed) {
                return Ok(refuse(Failure::HeldClosed));
            }
            let verdict = if held { "held" } else { "clean" };
            let id = sqlx::query_scalar(
                "INSERT INTO instances (project, study, series, instance, sop_class, syntax, \
                 patient, modality, sha256, bytes, verdict, visible, attributes, received_at, \
                 protocol_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            )
            .bind(project)
            .bind(&index.study)
            .bind(&index.series)
            .bind(&index.instance)
            .bind(&index.sop_class)
            .bind(&index.syntax)
            .bind(&index.patient)
            .bind(&index.modality)
            .bind(&staged.sha256)
            .bind(i64::try_from(staged.bytes).unwrap_or(i64::MAX))
            .bind(verdict)
            .bind(i64::from(!held))
            .bind(&index.attributes)
            .bind(clock::now())
            .bind(&request.caller.project.protocol_sha256)
            .fetch_one(&mut **tx)
            .await?;
            let codes: Vec<&str> = passed.findings.iter().map(|f| f.code.as_str()).collect();
            let detail = json!({
                "study": index.study, "series": index.series, "instance": index.instance,
                "sha256": staged.sha256, "bytes": staged.bytes, "verdict": verdict,
                "findings": codes,
                "contribution": request.contribution.as_ref().map(|c| &c.id),
            });
            audit::append(tx, &request.caller.invitation, project, Act::Store, &detail).await?;
            id
        }
    };
    if let Some(contribution) = request.contribution.as_ref().filter(|c| !c.closed) {
        sqlx::query(
            "INSERT INTO brought (project, contribution, instance_row) VALUES (?, ?, ?) \
             ON CONFLICT DO NOTHING",
        )
        .bind(project)
        .bind(&contribution.id)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    }
    Ok(Outcome::Stored {
        sop_class: index.sop_class,
        instance: index.instance,
        study: index.study,
        series: index.series,
    })
}

/// One audit row for all that a request brought in vain: reasons and numbers, and no
/// UID, because a UID of something that is not clean may be the original's.
pub(crate) async fn note_refusals<'a>(
    state: &Inner,
    request: &Request,
    outcomes: impl Iterator<Item = &'a Outcome>,
) -> Result<(), IngestError> {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for outcome in outcomes {
        if let Outcome::Failed { failure, .. } = outcome {
            *counts.entry(failure.word()).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    let mut tx = state.db.write().await?;
    let caller = &request.caller;
    let detail = json!({ "reasons": counts });
    audit::append(
        &mut tx,
        &caller.invitation,
        &caller.project.id,
        Act::Refuse,
        &detail,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes held instances that nobody released: those of one contribution that is now
/// closed without them, or those that waited longer than the server keeps them.
pub(crate) async fn discard_held(state: &Inner, what: Discard<'_>) -> Result<u64, IngestError> {
    let _placing = state.placing.lock().await;
    let mut tx = state.db.write().await?;
    let rows = match what {
        Discard::LeftBehind {
            project,
            contribution,
        } => {
            sqlx::query(
                "SELECT i.id, i.project, i.instance, i.sha256 FROM instances i \
                 JOIN brought b ON b.instance_row = i.id \
                 WHERE i.visible = 0 AND b.project = ? AND b.contribution = ? \
                 AND NOT EXISTS (SELECT 1 FROM brought o JOIN contributions c \
                   ON c.project = o.project AND c.id = o.contribution \
                   WHERE o.instance_row = i.id AND c.closed_at IS NULL)",
            )
            .bind(project)
            .bind(contribution)
            .fetch_all(&mut *tx)
            .await?
        }
        Discard::OlderThan(time) => {
            sqlx::query(
                "SELECT id, project, instance, sha256 FROM instances \
                 WHERE visible = 0 AND received_at < ?",
            )
            .bind(time)
            .fetch_all(&mut *tx)
            .await?
        }
    };
    let mut digests = Vec::new();
    for row in &rows {
        let (id, project): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let (instance, sha256): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        sqlx::query("DELETE FROM instances WHERE id = ?")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        let detail: Value = json!({ "instance": instance, "sha256": sha256 });
        audit::append(&mut tx, OPERATOR, &project, Act::Discard, &detail).await?;
        digests.push(sha256);
    }
    tx.commit().await?;
    for sha256 in digests {
        delete_if_unnamed(state, &sha256).await?;
    }
    Ok(rows.len() as u64)
}

/// What to delete.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Discard<'a> {
    /// What a contribution brought, and was closed without.
    LeftBehind {
        /// The project.
        project: &'a str,
        /// The contribution.
        contribution: &'a str,
    },
    /// What came before this time.
    OlderThan(&'a str),
}

/// Only while `placing` is held.
pub(crate) async fn delete_if_unnamed(state: &Inner, sha256: &str) -> Result<(), IngestError> {
    let named: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM instances WHERE sha256 = ? UNION ALL \
         SELECT 1 FROM tables WHERE sha256 = ? LIMIT 1",
    )
    .bind(sha256)
    .bind(sha256)
    .fetch_optional(state.db.read())
    .await?;
    match named {
        Some(_) => Ok(()),
        None => state.store.delete(sha256).await,
    }
}
