//! The Accept header (RFC 9110 section 12.5.1), as far as PS3.18 needs it.

use axum::http::{HeaderMap, header};

use crate::error::ApiFailure;
use crate::multipart::ContentType;

/// What a client accepts, best first; empty when it does not say.
fn accepted(headers: &HeaderMap) -> Vec<ContentType> {
    let mut all: Vec<(f32, ContentType)> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(split)
        .filter_map(|text| {
            let media = ContentType::parse(text)?;
            let quality = media
                .parameter("q")
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            (quality > 0.0).then_some((quality, media))
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().map(|(_, media)| media).collect()
}

/// Splits at commas outside of quotes.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        if c == '"' {
            quoted = !quoted;
        }
        c == ',' && !quoted
    })
}

/// Which of the media types offered the client wants most; the first one when it does not mind.
pub(crate) fn choose<'a>(headers: &HeaderMap, offered: &[&'a str]) -> Result<&'a str, ApiFailure> {
    let accepted = accepted(headers);
    let first = offered.first().copied();
    if !headers.contains_key(header::ACCEPT) {
        return first.ok_or(ApiFailure::NotAcceptable);
    }
    accepted
        .iter()
        .find_map(|media| match media.essence.as_str() {
            "*/*" => first,
            // PS3.18 section 8.7.3: the type of the parts is a parameter.
            "multipart/related" => {
                let kind = media.parameter("type").unwrap_or("*/*");
                offered.iter().copied().find(|o| {
                    o.strip_prefix("multipart/related; type=")
                        .is_some_and(|t| kind == "*/*" || t.eq_ignore_ascii_case(kind))
                })
            }
            essence => {
                let group = essence.strip_suffix("/*");
                offered.iter().copied().find(|o| {
                    *o == essence || group.is_some_and(|g| o.split('/').next() == Some(g))
                })
            }
        })
        .ok_or(ApiFailure::NotAcceptable)
}

/// Whether the client accepts any of these.
pub(crate) fn require(headers: &HeaderMap, offered: &[&str]) -> Result<(), ApiFailure> {
    choose(headers, offered).map(drop)
}

/// For metadata and queries: DICOM JSON under either of its names.
pub(crate) fn json(headers: &HeaderMap) -> Result<(), ApiFailure> {
    require(headers, &["application/dicom+json", "application/json"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str, offered: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("value"));
        choose(&headers, offered).ok().map(str::to_owned)
    }

    #[test]
    fn the_client_gets_what_it_wants_most() {
        let offered = [
            "multipart/related; type=application/dicom",
            "application/dicom",
        ];
        let multi = Some(offered[0].to_owned());
        let single = Some(offered[1].to_owned());
        assert_eq!(choose(&HeaderMap::new(), &offered), Ok(offered[0]));
        assert_eq!(chosen("*/*", &offered), multi);
        assert_eq!(chosen("application/dicom", &offered), single);
        assert_eq!(chosen("application/*", &offered), single);
        assert_eq!(
            chosen(
                "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
                &offered
            ),
            multi
        );
        assert_eq!(
            chosen(
                "multipart/related; type=\"application/dicom\";q=0.1, application/dicom",
                &offered
            ),
            single
        );
        assert_eq!(
            chosen("multipart/related; type=\"image/jpeg\"", &offered),
            None
        );
        assert_eq!(chosen("application/dicom;q=0", &offered), None);
        assert_eq!(chosen("nonsense", &offered), None);
    }
}
