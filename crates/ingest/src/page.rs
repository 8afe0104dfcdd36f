//! The page: a handful of files, read once at the start and served from memory.
//!
//! Nothing a client asks for is ever turned into a path on the disk, so there is
//! nothing to escape from. A `.br` or `.gz` next to a file is sent in its stead
//! to who accepts it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::error::{ApiFailure, IngestError};

/// One file of the page.
#[derive(Debug, Clone)]
struct Asset {
    media_type: &'static str,
    etag: String,
    cache: &'static str,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// All files of the page, by address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    assets: HashMap<String, Asset>,
}

impl Page {
    /// Reads the folder with the built page.
    pub(crate) fn load(folder: Option<&Path>) -> Result<Self, IngestError> {
        let mut files = HashMap::new();
        if let Some(folder) = folder {
            read_folder(folder, "/", 0, &mut files)?;
        }
        let assets = files
            .iter()
            .filter(|(name, _)| !name.ends_with(".br") && !name.ends_with(".gz"))
            .map(|(name, bytes)| {
                let asset = Asset {
                    media_type: media_type(name),
                    etag: cordon_protocol::sha256_hex(bytes)
                        .get(..32)
                        .unwrap_or_default()
                        .to_owned(),
                    cache: if has_hash(name) {
                        "public, max-age=31536000, immutable"
                    } else {
                        "no-cache"
                    },
                    plain: bytes.clone(),
                    brotli: files.get(&format!("{name}.br")).cloned(),
                    gzip: files.get(&format!("{name}.gz")).cloned(),
                };
                (name.clone(), asset)
            })
            .collect();
        Ok(Self { assets })
    }

    /// The digests of the scripts that stand in `index.html` itself, as a policy names
    /// them. The bundler writes one that starts the application; naming its digest lets
    /// exactly that one run, and no other.
    pub(crate) fn inline_scripts(&self) -> Vec<String> {
        let Some(index) = self.assets.get("/index.html") else {
            return Vec::new();
        };
        let html = String::from_utf8_lossy(&index.plain);
        html.split("<script")
            .skip(1)
            .filter_map(|after| {
                let (attributes, rest) = after.split_once('>')?;
                let (content, _) = rest.split_once("</script")?;
                let elsewhere = attributes.contains("src=");
                (!elsewhere && !content.trim().is_empty()).then(|| {
                    let digest = Sha256::digest(content.as_bytes());
                    format!("'sha256-{}'", BASE64.encode(digest))
                })
            })
            .collect()
    }

    /// Answers for an address.
    pub(crate) fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let path = if path == "/" { "/index.html" } else { path };
        let Some(asset) = self.assets.get(path) else {
            return ApiFailure::NotFound.into_response();
        };
        let (body, encoding) = asset.encoded(headers);
        let etag = format!(
            "\"{}{}\"",
            asset.etag,
            encoding.map_or("", |e| if e == "br" { "-b" } else { "-g" })
        );
        let Ok(tag) = HeaderValue::from_str(&etag) else {
            return ApiFailure::Storage.into_response();
        };
        let known = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|list| {
                list.split(',')
                    .any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*")
            });
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(body).into_response()
        };
        let out = response.headers_mut();
        out.insert(header::ETAG, tag);
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(asset.cache));
        out.insert(
            header::VARY,
            HeaderValue::from_static("accept-encoding, origin"),
        );
        if !known {
            out.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(asset.media_type),
            );
            if let Some(encoding) = encoding {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        response
    }
}

impl Asset {
    fn encoded(&self, headers: &HeaderMap) -> (Bytes, Option<&'static str>) {
        let accepts = |name: &str| {
            headers
                .get_all(header::ACCEPT_ENCODING)
                .iter()
                .filter_map(|v| v.to_str().ok())
                .flat_map(|v| v.split(','))
                .any(|one| {
                    let (coding, parameters) = one.split_once(';').unwrap_or((one, ""));
                    let refused = matches!(
                        parameters.trim().strip_prefix("q=").map(str::trim),
                        Some("0" | "0.0" | "0.00" | "0.000")
                    );
                    coding.trim().eq_ignore_ascii_case(name) && !refused
                })
        };
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts("br") => (brotli.clone(), Some("br")),
            (_, Some(gzip)) if accepts("gzip") => (gzip.clone(), Some("gzip")),
            _ => (self.plain.clone(), None),
        }
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut HashMap<String, Bytes>,
) -> Result<(), IngestError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // Hidden files and names that are not text have no business in a page.
        let Some(name) = name.to_str().filter(|n| !n.starts_with('.')) else {
            continue;
        };
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < 8 {
            read_folder(&entry.path(), &format!("{prefix}{name}/"), depth + 1, files)?;
        } else if kind.is_file() {
            files.insert(format!("{prefix}{name}"), fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the name, or that of a folder above, holds a digest of the content, so that it can be
/// kept for ever.
fn has_hash(name: &str) -> bool {
    !name.ends_with(".html")
        && name.split(['/', '-', '_', '.']).any(|part| {
            part.len() >= 8
                && part.bytes().all(|b| b.is_ascii_hexdigit())
                && part.bytes().any(|b| b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> (tempfile::TempDir, Page) {
        let dir = tempfile::tempdir().expect("dir");
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("write");
        write("index.html", "<!doctype html>");
        write("index.html.br", "B");
        write("app-0123456789abcdef_bg.wasm", "wasm");
        write("app-0123456789abcdef_bg.wasm.gz", "G");
        write(".secret", "no");
        fs::create_dir(dir.path().join("themes")).expect("dir");
        write("themes/dark.css", "css");
        fs::create_dir(dir.path().join("00112233aabbccdd")).expect("dir");
        write("00112233aabbccdd/worker_bg.wasm", "wasm");
        let page = Page::load(Some(dir.path())).expect("page");
        (dir, page)
    }

    fn header_of(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).and_then(|v| v.to_str().ok())
    }

    #[test]
    fn files_have_their_types_and_lives() {
        let (_dir, page) = page();
        let none = HeaderMap::new();
        let index = page.answer("/", &none);
        assert_eq!(
            header_of(&index, header::CONTENT_TYPE),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(header_of(&index, header::CACHE_CONTROL), Some("no-cache"));
        let wasm = page.answer("/app-0123456789abcdef_bg.wasm", &none);
        assert_eq!(
            header_of(&wasm, header::CONTENT_TYPE),
            Some("application/wasm")
        );
        let inside = page.answer("/00112233aabbccdd/worker_bg.wasm", &none);
        for kept in [&wasm, &inside] {
            let life = header_of(kept, header::CACHE_CONTROL);
            assert!(life.is_some_and(|v| v.contains("immutable")));
        }
        let plain = page.answer("/themes/dark.css", &none);
        assert_eq!(header_of(&plain, header::CACHE_CONTROL), Some("no-cache"));
        assert_eq!(
            page.answer("/themes/dark.css", &none).status(),
            StatusCode::OK
        );
        for missing in ["/.secret", "/nothing", "/../x", "/index.html.br", "/themes"] {
            assert_eq!(
                page.answer(missing, &none).status(),
                StatusCode::NOT_FOUND,
                "{missing}"
            );
        }
    }

    #[test]
    fn scripts_in_the_page_are_named_by_digest() {
        let dir = tempfile::tempdir().expect("dir");
        let html = "<script type=\"module\">alert(1)</script><script src=\"/a.js\"></script>";
        fs::write(dir.path().join("index.html"), html).expect("write");
        let page = Page::load(Some(dir.path())).expect("page");
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert_eq!(
            page.inline_scripts(),
            ["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]
        );
        assert!(Page::default().inline_scripts().is_empty());
    }

    #[test]
    fn encodings_and_etags() {
        let (_dir, page) = page();
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, "gzip, br".parse().expect("value"));
        let index = page.answer("/index.html", &headers);
        assert_eq!(header_of(&index, header::CONTENT_ENCODING), Some("br"));
        let etag = index.headers().get(header::ETAG).expect("etag").clone();
        headers.insert(header::IF_NONE_MATCH, etag);
        assert_eq!(
            page.answer("/", &headers).status(),
            StatusCode::NOT_MODIFIED
        );
        headers.insert(header::ACCEPT_ENCODING, "br;q=0".parse().expect("value"));
        let plain = page.answer("/", &headers);
        assert_eq!(plain.status(), StatusCode::OK);
        assert_eq!(header_of(&plain, header::CONTENT_ENCODING), None);
        let wasm = "/app-0123456789abcdef_bg.wasm";
        headers.insert(header::ACCEPT_ENCODING, "gzip".parse().expect("value"));
        assert_eq!(
            header_of(&page.answer(wasm, &headers), header::CONTENT_ENCODING),
            Some("gzip")
        );
    }
}
