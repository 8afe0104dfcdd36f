//! QIDO-RS: finding what is here (PS3.18 section 10.6).
//!
//! Only what is visible is found: nothing held shows before a person released it.
//! A query that this server cannot match is refused, because an answer that
//! silently ignores a condition is a wrong one.

mod query;

use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use cordon_dicom::{tag, tags};
use cordon_protocol::Tag;
use serde_json::{Map, Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite};

use crate::accept;
use crate::auth::{self, Wants};
use crate::error::{self, ApiFailure, IngestError};
use crate::index::{INSTANCE, SERIES, STUDY, is_uid};
use crate::json::key;
use crate::state::{Inner, State};
use query::Query;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Study,
    Series,
    Instance,
}

/// `GET /studies`
pub(crate) async fn studies(
    Shared(state): Shared<State>,
    Path(project): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    find(
        &state,
        &headers,
        &project,
        Level::Study,
        query,
        [None, None],
    )
    .await
}

/// `GET /series`
pub(crate) async fn series(
    Shared(state): Shared<State>,
    Path(project): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    find(
        &state,
        &headers,
        &project,
        Level::Series,
        query,
        [None, None],
    )
    .await
}

/// `GET /instances`
pub(crate) async fn instances(
    Shared(state): Shared<State>,
    Path(project): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    find(
        &state,
        &headers,
        &project,
        Level::Instance,
        query,
        [None, None],
    )
    .await
}

/// `GET /studies/{study}/series`
pub(crate) async fn study_series(
    Shared(state): Shared<State>,
    Path((project, study)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    find(
        &state,
        &headers,
        &project,
        Level::Series,
        query,
        [Some(study), None],
    )
    .await
}

/// `GET /studies/{study}/instances`
pub(crate) async fn study_instances(
    Shared(state): Shared<State>,
    Path((project, study)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    find(
        &state,
        &headers,
        &project,
        Level::Instance,
        query,
        [Some(study), None],
    )
    .await
}

/// `GET /studies/{study}/series/{series}/instances`
pub(crate) async fn series_instances(
    Shared(state): Shared<State>,
    Path((project, study, series)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    find(
        &state,
        &headers,
        &project,
        Level::Instance,
        query,
        [Some(study), Some(series)],
    )
    .await
}

async fn find(
    state: &Inner,
    headers: &HeaderMap,
    project: &str,
    level: Level,
    query: Option<String>,
    within: [Option<String>; 2],
) -> Result<Response, ApiFailure> {
    auth::admit(state, headers, project, Wants::Read).await?;
    accept::json(headers)?;
    if within.iter().flatten().any(|uid| !is_uid(uid)) {
        return Err(ApiFailure::BadUid);
    }
    let query = Query::parse(query.as_deref().unwrap_or_default())?;
    let mut sql = statement(project, level, &query, &within);
    let mut rows = sql.build().fetch_all(state.db.read()).await?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let base = state.dicomweb(project);
    let found = rows
        .iter()
        .map(|row| answer(row, level, &query, &base).map(Value::Object))
        .collect::<Result<Vec<_>, IngestError>>()?;
    let mut response = error::json(StatusCode::OK, &found, "application/dicom+json");
    if more {
        response.headers_mut().insert(
            header::WARNING,
            HeaderValue::from_static(
                "299 cordon \"There are additional results that can be requested\"",
            ),
        );
    }
    Ok(response)
}

fn statement(
    project: &str,
    level: Level,
    query: &Query,
    within: &[Option<String>; 2],
) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(match level {
        Level::Study => {
            "SELECT attributes, study, series, instance, COUNT(*), COUNT(DISTINCT series), \
             GROUP_CONCAT(DISTINCT modality), MIN(id) AS first FROM instances WHERE visible = 1"
        }
        Level::Series => {
            "SELECT attributes, study, series, instance, COUNT(*), 1, modality, \
             MIN(id) AS first FROM instances WHERE visible = 1"
        }
        Level::Instance => {
            "SELECT attributes, study, series, instance, 1, 1, modality, id AS first \
             FROM instances WHERE visible = 1"
        }
    });
    sql.push(" AND project = ").push_bind(project.to_owned());
    for (column, uid) in ["study", "series"].into_iter().zip(within) {
        if let Some(uid) = uid {
            sql.push(format!(" AND {column} = ")).push_bind(uid.clone());
        }
    }
    // The counts are over the whole study or series, so that conditions pick it, not its rows.
    match level {
        Level::Study => sql.push(" AND study IN (SELECT study FROM instances WHERE visible = 1"),
        Level::Series => sql.push(" AND series IN (SELECT series FROM instances WHERE visible = 1"),
        Level::Instance => sql.push(" AND id IN (SELECT id FROM instances WHERE visible = 1"),
    };
    sql.push(" AND project = ").push_bind(project.to_owned());
    for condition in &query.conditions {
        condition.push(&mut sql, project);
    }
    sql.push(")");
    match level {
        Level::Study => sql.push(" GROUP BY study ORDER BY first"),
        Level::Series => sql.push(" GROUP BY study, series ORDER BY first"),
        Level::Instance => sql.push(" ORDER BY first"),
    };
    // One more than asked for, to know whether there is more.
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX - 1) + 1;
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    sql.push(" LIMIT ").push_bind(limit);
    sql.push(" OFFSET ").push_bind(offset);
    sql
}

fn answer(
    row: &SqliteRow,
    level: Level,
    query: &Query,
    base: &str,
) -> Result<Map<String, Value>, IngestError> {
    let mut all: Map<String, Value> =
        serde_json::from_str(row.try_get(0)?).map_err(|_| IngestError::Record)?;
    let (study, series): (String, String) = (row.try_get(1)?, row.try_get(2)?);
    let instance: String = row.try_get(3)?;
    let mut out = Map::new();
    let levels: &[&[Tag]] = match level {
        Level::Study => &[&STUDY],
        Level::Series => &[&STUDY, &SERIES],
        Level::Instance => &[&STUDY, &SERIES, &INSTANCE],
    };
    let extra = query.include.iter().copied();
    let everything = STUDY.iter().chain(&SERIES).chain(&INSTANCE).copied();
    for wanted in levels
        .iter()
        .flat_map(|l| l.iter().copied())
        .chain(extra)
        .chain(everything.filter(|_| query.include_all))
    {
        if let Some(value) = all.remove(&key(wanted)) {
            out.insert(key(wanted), value);
        }
    }
    let count = |t, n: i64| (key(tag(t)), json!({ "vr": "IS", "Value": [n] }));
    let mut url = format!("{base}/studies/{study}");
    match level {
        Level::Study => {
            let modalities: Option<String> = row.try_get(6)?;
            let modalities: Vec<String> = modalities
                .unwrap_or_default()
                .split(',')
                .filter(|m| !m.is_empty())
                .map(str::to_owned)
                .collect();
            out.insert(
                key(tag(tags::MODALITIES_IN_STUDY)),
                json!({ "vr": "CS", "Value": modalities }),
            );
            out.extend([
                count(tags::NUMBER_OF_STUDY_RELATED_SERIES, row.try_get(5)?),
                count(tags::NUMBER_OF_STUDY_RELATED_INSTANCES, row.try_get(4)?),
            ]);
        }
        Level::Series => {
            url.push_str(&format!("/series/{series}"));
            out.extend([count(
                tags::NUMBER_OF_SERIES_RELATED_INSTANCES,
                row.try_get(4)?,
            )]);
        }
        Level::Instance => url.push_str(&format!("/series/{series}/instances/{instance}")),
    }
    out.insert(
        key(tag(tags::RETRIEVE_URL)),
        json!({ "vr": "UR", "Value": [url] }),
    );
    out.insert(
        key(tag(tags::INSTANCE_AVAILABILITY)),
        json!({ "vr": "CS", "Value": ["ONLINE"] }),
    );
    Ok(out)
}
