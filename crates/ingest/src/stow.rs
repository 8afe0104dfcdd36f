//! STOW-RS: taking instances in (PS3.18 section 10.5).
//!
//! Each part streams into a staging file and is hashed on the way; then it is
//! checked on a thread of its own while the next part arrives; then a batch of
//! checked parts gets its places and rows in one transaction. Nothing is
//! acknowledged before that transaction is on the disk.

mod answer;
mod commit;
mod receive;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use cordon_protocol::wire::CONTRIBUTION_HEADER;

use crate::accept;
use crate::auth::{self, Caller, Wants};
use crate::body::Limited;
use crate::error::ApiFailure;
use crate::index::is_uid;
use crate::multipart::{ContentType, Parts};
use crate::state::State;
pub(crate) use commit::{Discard, delete_if_unnamed, discard_held};

/// `POST /dicomweb/{project}/studies`
pub(crate) async fn store(
    Shared(state): Shared<State>,
    Path(project): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    handle(&state, &project, None, &headers, body).await
}

/// `POST /dicomweb/{project}/studies/{study}`
pub(crate) async fn store_in_study(
    Shared(state): Shared<State>,
    Path((project, study)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    handle(&state, &project, Some(study), &headers, body).await
}

async fn handle(
    state: &State,
    project: &str,
    study: Option<String>,
    headers: &HeaderMap,
    body: Body,
) -> Response {
    let mut body = Limited::new(body, &state.config.limits);
    match begin(state, project, study, headers).await {
        Ok((request, boundary, permit)) => {
            let mut parts = Parts::new(&mut body, &boundary);
            let outcome = receive::receive(state, &request, &mut parts).await;
            if outcome.is_ok() {
                parts.drain(64 * 1024).await;
            }
            drop(permit);
            match outcome {
                Ok(results) => answer::response(state, &request, &results),
                Err(failure) => refuse(failure, &mut body).await,
            }
        }
        Err(failure) => refuse(failure, &mut body).await,
    }
}

/// Reads on for a moment, so that the client gets to read the answer at all:
/// a connection that is closed on unread bytes is reset.
async fn refuse(failure: ApiFailure, body: &mut Limited) -> Response {
    use axum::response::IntoResponse as _;
    if failure != ApiFailure::TooSlow {
        body.discard().await;
    }
    failure.into_response()
}

/// What a STOW request is about.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) caller: Caller,
    pub(crate) study: Option<String>,
    pub(crate) contribution: Option<Contribution>,
}

/// The contribution that a request belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Contribution {
    pub(crate) id: String,
    pub(crate) closed: bool,
}

type Begun = (Arc<Request>, String, tokio::sync::OwnedSemaphorePermit);

async fn begin(
    state: &State,
    project: &str,
    study: Option<String>,
    headers: &HeaderMap,
) -> Result<Begun, ApiFailure> {
    let caller = auth::admit(state, headers, project, Wants::Contribute).await?;
    let permit = state
        .uploads
        .clone()
        .try_acquire_owned()
        .map_err(|_| ApiFailure::Busy)?;
    accept::require(headers, &["application/dicom+json", "application/json"])?;
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .and_then(ContentType::parse)
        .ok_or(ApiFailure::NotMultipart)?;
    let boundary = content_type.stow_boundary()?.to_owned();
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > state.config.limits.request_bytes) {
        return Err(ApiFailure::RequestTooLarge);
    }
    if study.as_deref().is_some_and(|s| !is_uid(s)) {
        return Err(ApiFailure::BadUid);
    }
    let contribution = match headers.get(CONTRIBUTION_HEADER) {
        None => None,
        Some(value) => {
            let id = value.to_str().unwrap_or_default();
            if !is_contribution_id(id) {
                return Err(ApiFailure::BadContribution);
            }
            let closed = crate::contributions::open(state, project, id).await?;
            Some(Contribution {
                id: id.to_owned(),
                closed,
            })
        }
    };
    let request = Request {
        caller,
        study,
        contribution,
    };
    Ok((Arc::new(request), boundary, permit))
}

/// Whether a text is a contribution's identifier.
pub(crate) fn is_contribution_id(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
