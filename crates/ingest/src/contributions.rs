//! Contributions: what belongs together from the first request to the receipt.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cordon_contribute::Policy;
use cordon_protocol::wire::CloseRequest;
use cordon_protocol::{
    ApprovalRule, CountersignedReceipt, DecisionKind, Receipt, ReceiptInstance, Verdict,
    canonical_json, sha256_hex,
};
use serde_json::json;
use sqlx::{Row as _, Sqlite, Transaction};

use crate::audit::{self, Act};
use crate::auth::{self, Caller, Wants};
use crate::error::{self, ApiFailure, IngestError};
use crate::index::is_uid;
use crate::state::{Inner, State, VERSION};
use crate::stow::{Discard, discard_held, is_contribution_id};
use crate::{body, clock, projects, recheck, tables};

/// Largest close request.
const MAX_BODY: usize = 256 << 20;
/// Most instances and decisions in one receipt.
const MAX_INSTANCES: usize = 500_000;

/// Opens a contribution if there is none under this name; whether it is closed.
pub(crate) async fn open(state: &Inner, project: &str, id: &str) -> Result<bool, IngestError> {
    let known: Option<Option<String>> =
        sqlx::query_scalar("SELECT closed_at FROM contributions WHERE project = ? AND id = ?")
            .bind(project)
            .bind(id)
            .fetch_optional(state.db.read())
            .await?;
    if let Some(closed_at) = known {
        return Ok(closed_at.is_some());
    }
    let mut tx = state.db.write().await?;
    make(&mut tx, project, id).await?;
    tx.commit().await?;
    Ok(false)
}

async fn make(tx: &mut Transaction<'_, Sqlite>, project: &str, id: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO contributions (project, id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(project)
    .bind(id)
    .bind(clock::now())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// `POST /api/v1/projects/{project}/contributions/{id}/receipt`
pub(crate) async fn close(
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
    let mut request: CloseRequest = body::json(body, &state.config.limits, MAX_BODY).await?;
    request.instances.sort_by(|a, b| {
        (&a.study, &a.series, &a.instance).cmp(&(&b.study, &b.series, &b.instance))
    });
    fits_a_receipt(&request)?;
    let protocol = projects::published(&state.db, &project, &request.protocol_sha256)
        .await?
        .ok_or(ApiFailure::ProtocolChanged)?;
    let release_rule = Release::of(
        &[&protocol.approval, &caller.project.protocol.approval],
        request.approval.role.as_deref(),
    )?;
    let list = list_digest(&request.instances);
    recheck::under(&state, &project, &request, &protocol).await?;

    let (signed, new) = {
        // No instance may come or go between the look and the signature.
        let _placing = state.placing.lock().await;
        let mut tx = state.db.write().await?;
        make(&mut tx, &project, &id).await?;
        match stored_receipt(&mut tx, &project, &id, &list).await? {
            Some(receipt) => (receipt, false),
            None => {
                let release = verify(&mut tx, &project, &id, &mut request, release_rule).await?;
                let receipt = Receipt {
                    format: 1,
                    contribution: id.clone(),
                    project: project.clone(),
                    server: state.origin(),
                    protocol: format!("{} v{}", protocol.id, protocol.version),
                    protocol_sha256: request.protocol_sha256,
                    edition: protocol.edition.clone(),
                    options: Policy::of(&protocol).options(),
                    cleaned_by: request.cleaned_by,
                    received_by: VERSION.to_owned(),
                    received_at: clock::now(),
                    counts: request.counts,
                    approval: request.approval,
                    decisions: request.decisions,
                    stayed: request.stayed,
                    instances: request.instances,
                    tables: tables::of(&mut tx, &project, &id).await?,
                };
                let signed = CountersignedReceipt::sign(receipt, &state.receipt_key);
                let signed = record(&mut tx, &caller, &id, &list, &signed, &release).await?;
                tx.commit().await?;
                (signed, true)
            }
        }
    };
    if new {
        let state = state.clone();
        // A task of its own: it goes on when the client does not wait for the answer.
        let tidying = tokio::spawn(async move {
            let left = Discard::LeftBehind {
                project: &project,
                contribution: &id,
            };
            // The receipt stands whether or not this works; what waits too long is deleted anyway.
            if let Err(error) = discard_held(&state, left).await {
                tracing::error!(%error, "what was not released could not be deleted yet");
            }
        });
        tidying.await.map_err(|_| ApiFailure::Storage)?;
    }
    Ok(error::json(StatusCode::OK, &signed, "application/json"))
}

/// Names the content of a contribution, so that closing it again can be told from closing it otherwise.
fn list_digest(instances: &[ReceiptInstance]) -> String {
    let list: Vec<_> = instances
        .iter()
        .map(|i| (&i.study, &i.series, &i.instance, &i.sha256))
        .collect();
    sha256_hex(canonical_json(&list).as_bytes())
}

/// Whether everything in the request may stand in a receipt: UIDs are UIDs, codes are
/// codes, and the only free text is the name or role of the person who approves.
fn fits_a_receipt(request: &CloseRequest) -> Result<(), ApiFailure> {
    let approval = &request.approval;
    let by = approval.by.trim();
    if by.is_empty() || !clock::is_rfc3339(&approval.at) {
        return Err(ApiFailure::NotApproved);
    }
    if request.instances.is_empty() {
        return Err(ApiFailure::NothingSent);
    }
    let code = |text: &str| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let digest = |text: &str| text.len() == 64 && is_lower_hex(text);
    let plain = |text: &str, most: usize| {
        text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    let same = |pair: &[ReceiptInstance]| matches!(pair, [a, b] if a.instance == b.instance);
    let good = plain(by, 200)
        && plain(&request.cleaned_by, 100)
        && request.instances.len() <= MAX_INSTANCES
        && request.decisions.len() <= MAX_INSTANCES
        && request.stayed.keys().all(|k| code(k))
        && request.decisions.iter().all(|d| {
            is_uid(&d.sop_instance_uid)
                && d.findings.len() <= 100
                && d.findings.iter().all(|f| code(f))
        })
        && request.instances.iter().all(|i| {
            is_uid(&i.study) && is_uid(&i.series) && is_uid(&i.instance) && digest(&i.sha256)
        })
        && !request.instances.windows(2).any(same);
    if good {
        Ok(())
    } else {
        Err(ApiFailure::BadReceipt)
    }
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

async fn stored_receipt(
    tx: &mut Transaction<'_, Sqlite>,
    project: &str,
    id: &str,
    list: &str,
) -> Result<Option<CountersignedReceipt>, ApiFailure> {
    let row = sqlx::query(
        "SELECT list_sha256, receipt FROM contributions \
         WHERE project = ? AND id = ? AND closed_at IS NOT NULL",
    )
    .bind(project)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.try_get::<String, _>(0)? != list {
        return Err(ApiFailure::Closed);
    }
    let receipt = serde_json::from_str(row.try_get(1)?).map_err(|_| IngestError::Record)?;
    Ok(Some(receipt))
}

/// Whether the person who approves may release what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    Yes,
    /// Nobody may.
    Nobody,
    /// Not in this role.
    OtherRole,
}

impl Release {
    /// Judges the role that the approval claims, under the protocol that the contribution was
    /// cleaned under and the project's own of today.
    ///
    /// # Errors
    /// When a person in this role may not approve at all, or there is no such role.
    pub(crate) fn of(rules: &[&ApprovalRule], role: Option<&str>) -> Result<Self, ApiFailure> {
        // A protocol without roles has nothing against one; some protocol must know it.
        let names = |r: &ApprovalRule| r.roles.iter().any(|known| Some(known.as_str()) == role);
        let known = role.is_none() || rules.iter().any(|r| names(r));
        let fits = |r: &ApprovalRule| {
            (role.is_none() || r.roles.is_empty() || names(r)) && r.may_approve(role)
        };
        if !known || !rules.iter().all(|r| fits(r)) {
            return Err(ApiFailure::RoleNotAllowed);
        }
        Ok(if !rules.iter().all(|r| r.held_may_be_approved) {
            Self::Nobody
        } else if !rules.iter().all(|r| r.may_release(role)) {
            Self::OtherRole
        } else {
            Self::Yes
        })
    }

    /// Something held is to be released.
    pub(crate) fn held(self) -> Result<(), ApiFailure> {
        match self {
            Self::Yes => Ok(()),
            Self::Nobody => Err(ApiFailure::HeldNotAllowed),
            Self::OtherRole => Err(ApiFailure::RoleNotAllowed),
        }
    }
}

/// Compares the list with what is here, puts the server's own verdicts into it, and
/// returns the rows that the decisions release.
async fn verify(
    tx: &mut Transaction<'_, Sqlite>,
    project: &str,
    id: &str,
    request: &mut CloseRequest,
    may_release: Release,
) -> Result<Vec<i64>, ApiFailure> {
    let mut decided = HashMap::new();
    for decision in &request.decisions {
        // Two decisions about one instance: the one that keeps it back holds.
        let entry = decided
            .entry(decision.sop_instance_uid.as_str())
            .or_insert(decision.kind);
        if decision.kind == DecisionKind::Exclude {
            *entry = DecisionKind::Exclude;
        }
    }
    // What the clinic's own checks held, such as a series that is too short, is released by a
    // person in the same role.
    let listed: HashSet<&str> = request
        .instances
        .iter()
        .map(|i| i.instance.as_str())
        .collect();
    let releases = request.decisions.iter().any(|d| {
        d.kind == DecisionKind::Accept
            && !d.findings.is_empty()
            && listed.contains(d.sop_instance_uid.as_str())
    });
    let mut release = Vec::new();
    for listed in &mut request.instances {
        let row = sqlx::query(
            "SELECT i.id, i.study, i.series, i.sha256, i.bytes, i.verdict, i.visible, \
             EXISTS (SELECT 1 FROM brought b WHERE b.instance_row = i.id \
               AND b.project = i.project AND b.contribution = ?) \
             FROM instances i WHERE i.project = ? AND i.instance = ?",
        )
        .bind(id)
        .bind(project)
        .bind(&listed.instance)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(ApiFailure::Missing)?;
        let bytes = u64::try_from(row.try_get::<i64, _>(4)?).unwrap_or(0);
        let held = row.try_get::<String, _>(5)? == "held";
        let (visible, brought) = (
            row.try_get::<i64, _>(6)? == 1,
            row.try_get::<i64, _>(7)? == 1,
        );
        let same = row.try_get::<String, _>(1)? == listed.study
            && row.try_get::<String, _>(2)? == listed.series
            && row.try_get::<String, _>(3)? == listed.sha256
            && bytes == listed.bytes;
        // What is held and not released is only here for the contribution that brought it.
        if !same || (!visible && !brought) {
            return Err(ApiFailure::Missing);
        }
        let decision = decided.get(listed.instance.as_str());
        if decision == Some(&DecisionKind::Exclude) {
            return Err(ApiFailure::BadReceipt);
        }
        if held {
            if decision != Some(&DecisionKind::Accept) {
                return Err(ApiFailure::HeldUndecided);
            }
            may_release.held()?;
            release.push(row.try_get::<i64, _>(0)?);
        }
        // What the receipt says is what this server found, not what it was told.
        listed.verdict = if held { Verdict::Held } else { Verdict::Clean };
        listed.approved = decision == Some(&DecisionKind::Accept);
    }
    if releases {
        may_release.held()?;
    }
    Ok(release)
}

async fn record(
    tx: &mut Transaction<'_, Sqlite>,
    caller: &Caller,
    id: &str,
    list: &str,
    signed: &CountersignedReceipt,
    release: &[i64],
) -> Result<CountersignedReceipt, IngestError> {
    let project = &caller.project.id;
    for row in release {
        sqlx::query("UPDATE instances SET visible = 1 WHERE id = ?")
            .bind(row)
            .execute(&mut **tx)
            .await?;
    }
    let text = serde_json::to_string(signed).map_err(|_| IngestError::Record)?;
    sqlx::query(
        "UPDATE contributions SET closed_at = ?, list_sha256 = ?, receipt = ? \
         WHERE project = ? AND id = ?",
    )
    .bind(&signed.receipt.received_at)
    .bind(list)
    .bind(&text)
    .bind(project)
    .bind(id)
    .execute(&mut **tx)
    .await?;
    let mut verdicts = BTreeMap::<&str, u64>::new();
    for instance in &signed.receipt.instances {
        *verdicts.entry(instance.verdict.word()).or_default() += 1;
    }
    let detail = json!({
        "contribution": id,
        "protocol_sha256": signed.receipt.protocol_sha256,
        "instances": signed.receipt.instances.len(),
        "tables": signed.receipt.tables.len(),
        "verdicts": verdicts,
        "released": release.len(),
        "list_sha256": list,
        "receipt_sha256": sha256_hex(canonical_json(&signed.receipt).as_bytes()),
    });
    audit::append(tx, &caller.invitation, project, Act::Close, &detail).await?;
    Ok(signed.clone())
}
