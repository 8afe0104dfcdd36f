//! Who asks: bearer tokens.

use axum::http::{HeaderMap, header};
use sqlx::Row as _;

use crate::clock;
use crate::error::ApiFailure;
use crate::keys;
use crate::projects::{Project, Role};
use crate::state::Inner;

/// What a request wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// Learn what the project asks for.
    Info,
    /// Send or close.
    Contribute,
    /// Find or fetch.
    Read,
}

/// A request that may go on.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The invitation's number, for the audit log.
    pub(crate) invitation: String,
    /// The project it is for.
    pub(crate) project: Project,
}

/// Admits a request, or says why not.
pub(crate) async fn admit(
    state: &Inner,
    headers: &HeaderMap,
    project: &str,
    wants: Wants,
) -> Result<Caller, ApiFailure> {
    let token = bearer(headers)?;
    let row = sqlx::query(
        "SELECT id, project, role, expires_at, revoked_at FROM invitations WHERE token = ?",
    )
    .bind(keys::token_digest(token))
    .fetch_optional(state.db.read())
    .await?
    .ok_or(ApiFailure::BadToken)?;
    let revoked = row.try_get::<Option<String>, _>("revoked_at")?.is_some();
    if revoked || row.try_get::<i64, _>("expires_at")? <= clock::unix_now() {
        return Err(ApiFailure::TokenExpired);
    }
    if row.try_get::<String, _>("project")? != project {
        return Err(ApiFailure::OtherProject);
    }
    let role = Role::from_word(row.try_get("role")?).ok_or(ApiFailure::NotAllowed)?;
    let allowed = match wants {
        Wants::Info => true,
        Wants::Contribute => role.may_contribute(),
        Wants::Read => role.may_read(),
    };
    if !allowed {
        return Err(ApiFailure::NotAllowed);
    }
    let project = crate::projects::load(&state.db, project)
        .await?
        .ok_or(ApiFailure::NotFound)?;
    Ok(Caller {
        invitation: row.try_get("id")?,
        project,
    })
}

fn bearer(headers: &HeaderMap) -> Result<&str, ApiFailure> {
    let value = headers
        .get(header::AUTHORIZATION)
        .ok_or(ApiFailure::NoToken)?;
    let text = value.to_str().map_err(|_| ApiFailure::NoToken)?;
    let (scheme, token) = text.split_once(' ').ok_or(ApiFailure::NoToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiFailure::NoToken);
    }
    Ok(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bearer_tokens() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().expect("value"));
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(with("Bearer abc"), Ok("abc".to_owned()));
        assert_eq!(with("bearer  abc"), Ok("abc".to_owned()));
        assert_eq!(with("Basic abc"), Err(ApiFailure::NoToken));
        assert_eq!(with("abc"), Err(ApiFailure::NoToken));
        assert_eq!(bearer(&HeaderMap::new()), Err(ApiFailure::NoToken));
    }
}
