//! The addresses of the server.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Path, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cordon_protocol::wire::ProjectInfo;
use tower_layer::Layer as _;

use crate::auth::{self, Wants};
use crate::error::{self, ApiFailure};
use crate::guard::{self, Guard};
use crate::state::{State, VERSION};
use crate::{clock, contributions, frames, qido, stow, tables, wado};

/// All routes. A slash too many at the end of an address does no harm.
pub(crate) fn router(state: State, guard: Guard) -> Router {
    let study = "/dicomweb/{project}/studies/{study}";
    let series = "/dicomweb/{project}/studies/{study}/series/{series}";
    let instance = "/dicomweb/{project}/studies/{study}/series/{series}/instances/{instance}";
    let at = |base: &str, rest: &str| format!("{base}{rest}");
    let only = |method: MethodRouter<State>| method.fallback(|| async { ApiFailure::Method });
    let routes = Router::new()
        .route("/healthz", only(get(health)))
        .route("/api/v1/projects/{project}", only(get(project_info)))
        .route(
            "/api/v1/projects/{project}/contributions/{id}/receipt",
            only(post(contributions::close)),
        )
        .route(
            "/api/v1/projects/{project}/contributions/{id}/tables",
            only(post(tables::store)),
        )
        .route(
            "/api/v1/projects/{project}/contributions/{id}/tables/{sha256}",
            only(get(tables::fetch)),
        )
        .route(
            "/dicomweb/{project}/studies",
            only(get(qido::studies).post(stow::store)),
        )
        .route("/dicomweb/{project}/series", only(get(qido::series)))
        .route("/dicomweb/{project}/instances", only(get(qido::instances)))
        .route(study, only(get(wado::study).post(stow::store_in_study)))
        .route(&at(study, "/metadata"), only(get(wado::study_metadata)))
        .route(&at(study, "/series"), only(get(qido::study_series)))
        .route(&at(study, "/instances"), only(get(qido::study_instances)))
        .route(series, only(get(wado::series)))
        .route(&at(series, "/metadata"), only(get(wado::series_metadata)))
        .route(&at(series, "/instances"), only(get(qido::series_instances)))
        .route(instance, only(get(wado::instance)))
        .route(
            &at(instance, "/metadata"),
            only(get(wado::instance_metadata)),
        )
        .route(&at(instance, "/frames/{list}"), only(get(frames::frames)))
        .route(
            &at(instance, "/bulkdata/{path}"),
            only(get(frames::bulk_data)),
        )
        .fallback(page)
        .layer(middleware::from_fn(log))
        .with_state(state);
    let trimmed = middleware::map_request(trim).layer(routes);
    Router::new()
        .fallback_service(trimmed)
        .layer(middleware::from_fn_with_state(guard, guard::guard))
}

async fn health() -> &'static str {
    "ok\n"
}

async fn page(
    Shared(state): Shared<State>,
    method: axum::http::Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !matches!(method, axum::http::Method::GET | axum::http::Method::HEAD) {
        return ApiFailure::Method.into_response();
    }
    state.page.answer(uri.path(), &headers)
}

async fn project_info(
    Shared(state): Shared<State>,
    Path(project): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let caller = auth::admit(&state, &headers, &project, Wants::Info).await?;
    let info = ProjectInfo {
        project: caller.project.id,
        title: caller.project.title,
        operator: state.config.operator.clone(),
        protocol: caller.project.protocol,
        protocol_sha256: caller.project.protocol_sha256,
        receipt_key: BASE64.encode(state.receipt_key.verifying_key().to_bytes()),
        max_request_bytes: state.config.limits.request_bytes,
        now: clock::now(),
        version: VERSION.to_owned(),
    };
    Ok(error::json(StatusCode::OK, &info, "application/json"))
}

/// One line for each request: the route, never the address, because addresses and
/// queries hold UIDs and pseudonyms; no header, because one of them holds the token.
async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "page".to_owned(), |p| p.as_str().to_owned());
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route,
        status = response.status().as_u16(),
        milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

async fn trim(mut request: Request) -> Request {
    let path = request.uri().path();
    let trimmed = path.trim_end_matches('/');
    if trimmed.len() == path.len() || trimmed.is_empty() {
        return request;
    }
    let target = match request.uri().query() {
        Some(query) => format!("{trimmed}?{query}"),
        None => trimmed.to_owned(),
    };
    if let Ok(uri) = target.parse() {
        *request.uri_mut() = uri;
    }
    request
}
