//! What every answer carries: the strict policy, and CORS for the portals that embed.

use axum::extract::{Request, State as Shared};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::config::Config;
use crate::error::IngestError;

/// The headers that do not depend on the request.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    policy: HeaderValue,
    portals: Vec<HeaderValue>,
    framed: bool,
}

impl Guard {
    /// Makes the headers out of the configuration.
    /// `scripts` are the digests of scripts that stand in the page itself.
    pub(crate) fn new(config: &Config, scripts: &[String]) -> Result<Self, IngestError> {
        if !config.portal_origins.iter().all(|o| is_origin(o)) {
            return Err(IngestError::Origin);
        }
        let framed = config.framed_by_portals && !config.portal_origins.is_empty();
        let ancestors = if framed {
            format!("'self' {}", config.portal_origins.join(" "))
        } else {
            "'none'".to_owned()
        };
        let scripts: String = scripts.iter().map(|s| format!(" {s}")).collect();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
             img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; font-src 'none'; \
             base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
        );
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| IngestError::Origin);
        Ok(Self {
            policy: value(&policy)?,
            portals: config
                .portal_origins
                .iter()
                .map(|o| value(o))
                .collect::<Result<_, _>>()?,
            framed,
        })
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        self.portals.contains(origin)
    }
}

/// Whether a text is an origin as browsers write it.
pub(crate) fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else {
        return false;
    };
    matches!(scheme, "http" | "https")
        && !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
}

/// Puts the headers on every answer, and answers preflight requests.
pub(crate) async fn guard(Shared(guard): Shared<Guard>, request: Request, next: Next) -> Response {
    let origin = request
        .headers()
        .get(header::ORIGIN)
        .filter(|o| guard.allows(o))
        .cloned();
    let preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (preflight, &origin) {
        (true, Some(_)) => StatusCode::NO_CONTENT.into_response(),
        (true, None) => StatusCode::FORBIDDEN.into_response(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), \
             gyroscope=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, guard.policy.clone());
    if !guard.framed {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    let shared = if guard.portals.is_empty() {
        "same-origin"
    } else {
        "cross-origin"
    };
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static(shared),
    );
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        let cors = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST"),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "authorization, content-type, accept, cordon-contribution, if-none-match",
            ),
            (
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                "etag, warning, retry-after",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ];
        for (name, value) in cors {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for good in [
            "https://portal.example.org",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "*",
            "null",
            "https://a/b",
            "https://a b",
            "https://",
            "ftp://a",
            "https://a;script-src *",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
        let mut config = Config::local("x");
        config.portal_origins = vec!["https://a; script-src *".to_owned()];
        assert!(matches!(Guard::new(&config, &[]), Err(IngestError::Origin)));
    }
}
