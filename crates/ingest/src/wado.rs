//! WADO-RS: fetching what is here (PS3.18 section 10.4).
//!
//! Objects leave exactly as they were taken in, byte for byte; nothing is
//! transcoded. They stream from the store, so a study needs no memory.

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use sqlx::Row as _;

use crate::audit::{self, Act};
use crate::auth::{self, Caller, Wants};
use crate::error::{ApiFailure, IngestError};
use crate::index::is_uid;
use crate::state::{Inner, State};
use crate::{accept, frames, keys};

const MULTIPART: &str = "multipart/related; type=application/dicom";

/// Which instances.
#[derive(Debug, Clone, Default)]
pub(crate) struct Which {
    pub(crate) study: String,
    pub(crate) series: Option<String>,
    pub(crate) instance: Option<String>,
}

/// One instance that is here and visible.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) study: String,
    pub(crate) series: String,
    pub(crate) instance: String,
    pub(crate) syntax: String,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

impl Which {
    /// Finds the instances, in the order in which they came.
    pub(crate) async fn find(
        &self,
        state: &Inner,
        project: &str,
    ) -> Result<Vec<Found>, ApiFailure> {
        let parts = [
            Some(&self.study),
            self.series.as_ref(),
            self.instance.as_ref(),
        ];
        if parts.into_iter().flatten().any(|uid| !is_uid(uid)) {
            return Err(ApiFailure::BadUid);
        }
        let rows = sqlx::query(
            "SELECT study, series, instance, syntax, sha256, bytes FROM instances \
             WHERE project = ?1 AND visible = 1 AND study = ?2 \
             AND (?3 IS NULL OR series = ?3) AND (?4 IS NULL OR instance = ?4) ORDER BY id",
        )
        .bind(project)
        .bind(&self.study)
        .bind(&self.series)
        .bind(&self.instance)
        .fetch_all(state.db.read())
        .await?;
        if rows.is_empty() {
            return Err(ApiFailure::NotFound);
        }
        rows.iter()
            .map(|row| {
                Ok(Found {
                    study: row.try_get(0)?,
                    series: row.try_get(1)?,
                    instance: row.try_get(2)?,
                    syntax: row.try_get(3)?,
                    sha256: row.try_get(4)?,
                    bytes: u64::try_from(row.try_get::<i64, _>(5)?).unwrap_or(0),
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(ApiFailure::from)
    }

    /// Writes into the audit log that somebody fetched it.
    pub(crate) async fn note(
        &self,
        state: &Inner,
        caller: &Caller,
        instances: usize,
    ) -> Result<(), IngestError> {
        let detail = json!({
            "study": self.study, "series": self.series, "instance": self.instance,
            "instances": instances,
        });
        let mut tx = state.db.write().await?;
        audit::append(
            &mut tx,
            &caller.invitation,
            &caller.project.id,
            Act::Retrieve,
            &detail,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// `GET /studies/{study}`
pub(crate) async fn study(
    Shared(state): Shared<State>,
    Path((project, study)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let which = Which {
        study,
        ..Which::default()
    };
    retrieve(&state, &headers, &project, &which).await
}

/// `GET /studies/{study}/series/{series}`
pub(crate) async fn series(
    Shared(state): Shared<State>,
    Path((project, study, series)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let which = Which {
        study,
        series: Some(series),
        instance: None,
    };
    retrieve(&state, &headers, &project, &which).await
}

/// `GET /studies/{study}/series/{series}/instances/{instance}`
pub(crate) async fn instance(
    Shared(state): Shared<State>,
    Path((project, study, series, instance)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let which = Which {
        study,
        series: Some(series),
        instance: Some(instance),
    };
    retrieve(&state, &headers, &project, &which).await
}

async fn retrieve(
    state: &State,
    headers: &HeaderMap,
    project: &str,
    which: &Which,
) -> Result<Response, ApiFailure> {
    let caller = auth::admit(state, headers, project, Wants::Read).await?;
    let single = which.instance.is_some();
    let offered: &[&str] = if single {
        &[MULTIPART, "application/dicom"]
    } else {
        &[MULTIPART]
    };
    let chosen = accept::choose(headers, offered)?;
    let found = which.find(state, project).await?;
    which.note(state, &caller, found.len()).await?;
    if let ([one], "application/dicom") = (found.as_slice(), chosen) {
        let body = Body::from_stream(state.store.stream(&one.sha256).await?);
        return Ok((
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/dicom"),
                ),
                (header::CONTENT_LENGTH, HeaderValue::from(one.bytes)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body,
        )
            .into_response());
    }
    let store = state.store.clone();
    let boundary = boundary()?;
    let (first, last) = (boundary.clone(), format!("\r\n--{boundary}--\r\n"));
    let parts = stream::iter(found)
        .enumerate()
        .then(move |(n, one)| {
            let store = store.clone();
            let start = if n == 0 { "" } else { "\r\n" };
            let head = format!(
                "{start}--{first}\r\nContent-Type: application/dicom; transfer-syntax={}\r\n\
                 Content-Length: {}\r\n\r\n",
                one.syntax, one.bytes
            );
            async move {
                let body = store.stream(&one.sha256).await?.map_err(IngestError::from);
                Ok::<_, IngestError>(stream::iter([Ok(Bytes::from(head))]).chain(body))
            }
        })
        .try_flatten()
        .chain(stream::iter([Ok(Bytes::from(last))]));
    Ok(multipart(
        "application/dicom",
        &boundary,
        Body::from_stream(parts),
    ))
}

/// A boundary that no object contains, because it is random.
pub(crate) fn boundary() -> Result<String, IngestError> {
    Ok(format!("cordon-{}", hex::encode(keys::random::<16>()?)))
}

/// A multipart answer that no cache keeps.
pub(crate) fn multipart(kind: &str, boundary: &str, body: Body) -> Response {
    let value = format!("multipart/related; type=\"{kind}\"; boundary={boundary}");
    let Ok(value) = HeaderValue::from_str(&value) else {
        return ApiFailure::Storage.into_response();
    };
    (
        StatusCode::OK,
        [
            (header::CONTENT_TYPE, value),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        body,
    )
        .into_response()
}

/// Parts that are in memory already, as one multipart answer.
pub(crate) fn multipart_of(
    kind: &str,
    part_type: &str,
    parts: &[Bytes],
) -> Result<Response, ApiFailure> {
    let boundary = boundary()?;
    let mut pieces = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        let start = if n == 0 { "" } else { "\r\n" };
        let head = format!("{start}--{boundary}\r\nContent-Type: {part_type}\r\n\r\n");
        pieces.push(Ok::<_, IngestError>(Bytes::from(head)));
        pieces.push(Ok(part.clone()));
    }
    pieces.push(Ok(Bytes::from(format!("\r\n--{boundary}--\r\n"))));
    Ok(multipart(
        kind,
        &boundary,
        Body::from_stream(stream::iter(pieces)),
    ))
}

/// `GET .../metadata` of a study.
pub(crate) async fn study_metadata(
    Shared(state): Shared<State>,
    Path((project, study)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let which = Which {
        study,
        ..Which::default()
    };
    metadata(&state, &headers, &project, &which).await
}

/// `GET .../metadata` of a series.
pub(crate) async fn series_metadata(
    Shared(state): Shared<State>,
    Path((project, study, series)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let which = Which {
        study,
        series: Some(series),
        instance: None,
    };
    metadata(&state, &headers, &project, &which).await
}

/// `GET .../metadata` of an instance.
pub(crate) async fn instance_metadata(
    Shared(state): Shared<State>,
    Path((project, study, series, instance)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let which = Which {
        study,
        series: Some(series),
        instance: Some(instance),
    };
    metadata(&state, &headers, &project, &which).await
}

async fn metadata(
    state: &State,
    headers: &HeaderMap,
    project: &str,
    which: &Which,
) -> Result<Response, ApiFailure> {
    auth::admit(state, headers, project, Wants::Read).await?;
    accept::json(headers)?;
    let found = which.find(state, project).await?;
    // Objects never change, so their digests name the answer.
    let mut digests = String::from(state.origin().as_str());
    for one in &found {
        digests.push_str(&one.sha256);
    }
    let etag = format!("\"{}\"", cordon_protocol::sha256_hex(digests.as_bytes()));
    let etag = HeaderValue::from_str(&etag).map_err(|_| ApiFailure::Storage)?;
    if headers.get(header::IF_NONE_MATCH) == Some(&etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let (state, base) = (state.clone(), state.dicomweb(project));
    let parts = stream::iter(found)
        .enumerate()
        .map(move |(n, one)| {
            let (state, base) = (state.clone(), base.clone());
            async move {
                let separator: &[u8] = if n == 0 { b"[" } else { b"," };
                let mut text = separator.to_vec();
                text.extend_from_slice(&frames::metadata(&state, &base, &one).await?);
                Ok::<_, IngestError>(Bytes::from(text))
            }
        })
        // A few ahead, in order.
        .buffered(4)
        .chain(stream::iter([Ok(Bytes::from_static(b"]"))]));
    Ok((
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/dicom+json"),
            ),
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, no-cache"),
            ),
            (header::ETAG, etag),
        ],
        Body::from_stream(parts),
    )
        .into_response())
}
