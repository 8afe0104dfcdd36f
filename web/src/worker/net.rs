//! Everything that this page says to a server: four questions, one address.
//!
//! [`upload`] and [`table`] are the only functions that send what was made out of a file.
//! They take nothing but [`Sealed`], and what is made from a sealed table. The token stands in one header and nowhere else.

use cordon_clinical::TableUpload;
use cordon_contribute::Sealed;
use cordon_protocol::ReceiptTable;
use cordon_protocol::wire::{ApiError, CONTRIBUTION_HEADER, CloseRequest, ProjectInfo};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Headers, ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestInit, RequestMode,
    RequestRedirect, Response, WorkerGlobalScope,
};

use super::stow;
use crate::messages::{Answer, Fate, Line, LineFault};

/// Why a request came to nothing.
pub(crate) struct Fault {
    fault: LineFault,
    code: String,
    sentence: String,
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        Self::LineFailed {
            fault: fault.fault,
            code: fault.code,
            sentence: fault.sentence,
        }
    }
}

impl Fault {
    fn new(fault: LineFault, code: &str, sentence: &str) -> Self {
        Self {
            fault,
            code: code.to_owned(),
            sentence: sentence.to_owned(),
        }
    }

    fn no_answer() -> Self {
        Self::new(
            LineFault::Later,
            "no-answer",
            "the server does not answer; the page tries again by itself",
        )
    }

    fn of_status(status: u16, body: &str) -> Self {
        let error = serde_json::from_str::<ApiError>(body).ok();
        let code = error.as_ref().map_or("", |e| e.code.as_str());
        let fault = match (status, code) {
            (_, "protocol-changed" | "other-protocol") => LineFault::ProtocolChanged,
            (_, "instance-missing") => LineFault::Missing,
            (401 | 403, _) => LineFault::Token,
            (413, _) => LineFault::TooLarge,
            (408 | 425 | 429 | 500..=599, _) => LineFault::Later,
            _ => LineFault::Refused,
        };
        let sentence = error.as_ref().map_or_else(
            || format!("the server answered with status {status}"),
            |e| e.message.clone(),
        );
        Self::new(fault, code, &sentence)
    }
}

enum Body<'b> {
    None,
    Json(String),
    Dicom {
        bytes: &'b Uint8Array,
        boundary: &'b str,
        contribution: &'b str,
    },
}

async fn exchange(url: &str, line: &Line, body: Body<'_>) -> Result<(u16, String), Fault> {
    let broken = |_| Fault::new(LineFault::Refused, "request", "the request cannot be made");
    let headers = Headers::new().map_err(broken)?;
    let set = |name: &str, value: &str| headers.set(name, value).map_err(broken);
    set("authorization", &format!("Bearer {}", line.token))?;
    let init = RequestInit::new();
    match body {
        Body::None => {
            init.set_method("GET");
            set("accept", "application/json")?;
        }
        Body::Json(text) => {
            init.set_method("POST");
            set("accept", "application/json")?;
            set("content-type", "application/json")?;
            init.set_body(&text.into());
        }
        Body::Dicom {
            bytes,
            boundary,
            contribution,
        } => {
            init.set_method("POST");
            set("accept", "application/dicom+json")?;
            set("content-type", &stow::content_type(boundary))?;
            set(CONTRIBUTION_HEADER, contribution)?;
            init.set_body(bytes);
        }
    }
    init.set_headers(&headers);
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    let request = Request::new_with_str_and_init(url, &init).map_err(broken)?;
    let scope: WorkerGlobalScope = js_sys::global()
        .dyn_into()
        .map_err(|_| broken(JsValue::NULL))?;
    let response: Response = JsFuture::from(scope.fetch_with_request(&request))
        .await
        .and_then(JsCast::dyn_into)
        .map_err(|_| Fault::no_answer())?;
    let status = response.status();
    let text = response.text().map_err(|_| Fault::no_answer())?;
    let text = JsFuture::from(text).await.map_err(|_| Fault::no_answer())?;
    Ok((status, text.as_string().unwrap_or_default()))
}

/// Asks for the project.
pub(crate) async fn project(line: &Line) -> Result<ProjectInfo, Fault> {
    let url = format!("{}/api/v1/projects/{}", line.server, line.project);
    let (status, text) = exchange(&url, line, Body::None).await?;
    if status != 200 {
        return Err(Fault::of_status(status, &text));
    }
    let info: ProjectInfo = serde_json::from_str(&text).map_err(|_| {
        Fault::new(
            LineFault::NotSupported,
            "version",
            "the server speaks another version than this page; reload the page",
        )
    })?;
    if let Err(error) = info.protocol.validate() {
        let sentence = error.to_string();
        return Err(Fault::new(
            LineFault::NotSupported,
            "protocol-not-supported",
            &sentence,
        ));
    }
    if info.protocol.digest() != info.protocol_sha256 {
        return Err(Fault::new(
            LineFault::NotSupported,
            "version",
            "the server's protocol and its digest do not fit; reload the page",
        ));
    }
    Ok(info)
}

/// Asks the server to close the contribution and sign its receipt.
pub(crate) async fn close(
    line: &Line,
    contribution: &str,
    request: &CloseRequest,
) -> Result<String, Fault> {
    let url = format!(
        "{}/api/v1/projects/{}/contributions/{contribution}/receipt",
        line.server, line.project
    );
    let json = serde_json::to_string(request).unwrap_or_default();
    let (status, text) = exchange(&url, line, Body::Json(json)).await?;
    if status != 200 && status != 201 {
        return Err(Fault::of_status(status, &text));
    }
    Ok(text)
}

/// Sends a sealed table, and looks whether the server has what was sent.
pub(crate) async fn table(
    line: &Line,
    contribution: &str,
    upload: &TableUpload,
) -> Result<(), (LineFault, String)> {
    let url = format!(
        "{}/api/v1/projects/{}/contributions/{contribution}/tables",
        line.server, line.project
    );
    let json = serde_json::to_string(upload).unwrap_or_default();
    let said = |fault: Fault| (fault.fault, fault.sentence);
    let (status, text) = exchange(&url, line, Body::Json(json)).await.map_err(said)?;
    if status != 200 {
        return Err(said(Fault::of_status(status, &text)));
    }
    match serde_json::from_str::<ReceiptTable>(&text) {
        Ok(listed) if listed.sha256 == upload.record().sha256 => Ok(()),
        _ => Err((
            LineFault::NotSupported,
            "the server's answer is not about the table that was sent".to_owned(),
        )),
    }
}

/// Sends sealed objects in one request and says what became of each.
pub(crate) async fn upload(
    line: &Line,
    contribution: &str,
    objects: Vec<Sealed>,
) -> Result<Vec<Fate>, Fault> {
    let instances: Vec<String> = objects
        .iter()
        .map(|o| o.record().instance.clone())
        .collect();
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|_| Fault::no_answer())?;
    let boundary = hex::encode(random);
    let head = stow::part_head(&boundary);
    let end = stow::end(&boundary);
    let length = objects
        .iter()
        .map(|o| head.len() + o.bytes().len())
        .sum::<usize>()
        + end.len();
    let too_large = || Fault::new(LineFault::TooLarge, "", "the request is too large");
    let body = Uint8Array::new_with_length(u32::try_from(length).map_err(|_| too_large())?);
    let mut at = 0_u32;
    let mut put = |bytes: &[u8]| {
        let next = at + bytes.len() as u32;
        body.subarray(at, next).copy_from(bytes);
        at = next;
    };
    for object in objects {
        put(head.as_bytes());
        put(object.bytes());
    }
    put(end.as_bytes());
    let url = format!("{}/dicomweb/{}/studies", line.server, line.project);
    let body = Body::Dicom {
        bytes: &body,
        boundary: &boundary,
        contribution,
    };
    let (status, text) = exchange(&url, line, body).await?;
    if !matches!(status, 200 | 202 | 409) {
        return Err(Fault::of_status(status, &text));
    }
    stow::fates(&text, &instances).ok_or_else(|| Fault::of_status(status, &text))
}
