//! A receipt names one protocol, and each of its instances has passed the check under that one.
//!
//! An instance is checked when it comes, under the protocol that the project has then. A project may
//! publish another one before the contribution is closed; what was checked under one protocol and is
//! to be signed for under another is checked again.

use cordon_contribute::Policy;
use cordon_protocol::wire::CloseRequest;
use cordon_protocol::{Protocol, Verdict};
use sqlx::Row as _;

use crate::check;
use crate::error::{ApiFailure, IngestError};
use crate::state::State;

/// Checks again what was checked under another protocol than the one that the receipt will name.
///
/// # Errors
/// When something does not pass, or would have had to be held and was not.
pub(crate) async fn under(
    state: &State,
    project: &str,
    request: &CloseRequest,
    protocol: &Protocol,
) -> Result<(), ApiFailure> {
    let policy = Policy::of(protocol);
    for listed in &request.instances {
        let row = sqlx::query(
            "SELECT sha256, bytes, verdict FROM instances \
             WHERE project = ? AND instance = ? AND protocol_sha256 <> ?",
        )
        .bind(project)
        .bind(&listed.instance)
        .bind(&request.protocol_sha256)
        .fetch_optional(state.db.read())
        .await
        .map_err(IngestError::from)?;
        let Some(row) = row else { continue };
        let sha256: String = row.try_get(0).map_err(IngestError::from)?;
        let size = u64::try_from(row.try_get::<i64, _>(1).map_err(IngestError::from)?).unwrap_or(0);
        let held = row.try_get::<String, _>(2).map_err(IngestError::from)? == "held";
        let slot = state.checks.clone().acquire_owned().await;
        let memory = state.memory(&state.check_memory, size).await?;
        let bytes = state.store.bytes(&sha256).await?;
        let checking = tokio::task::spawn_blocking(move || {
            let _held = (slot, memory);
            check::check(&bytes, policy).map(|passed| passed.verdict)
        });
        // A panic in the check is no pass.
        let passed = checking.await.ok().and_then(Result::ok);
        if !matches!(
            (passed, held),
            (Some(Verdict::Clean), _) | (Some(Verdict::Held), true)
        ) {
            return Err(ApiFailure::OtherProtocol);
        }
    }
    Ok(())
}
