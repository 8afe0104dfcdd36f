//! The Store Instances Response Module as DICOM JSON (PS3.18 section 10.5.3 and annex I).
//!
//! What failed without a readable SOP Instance UID stands in Other Failures
//! Sequence (0008,119A), because an item of Failed SOP Sequence must name its instance.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Request;
use super::receive::Outcome;
use crate::error;
use crate::state::Inner;

/// The answer, with 200 when all are here, 202 when some are, 409 when none is.
pub(crate) fn response(state: &Inner, request: &Request, outcomes: &[Outcome]) -> Response {
    let base = state.dicomweb(&request.caller.project.id);
    let mut stored = Vec::new();
    let mut failed = Vec::new();
    let mut other = Vec::new();
    let mut studies = std::collections::BTreeSet::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Stored {
                sop_class,
                instance,
                study,
                series,
                ..
            } => {
                studies.insert(study.clone());
                let url = format!("{base}/studies/{study}/series/{series}/instances/{instance}");
                stored.push(json!({
                    "00081150": ui(sop_class),
                    "00081155": ui(instance),
                    "00081190": ur(&url),
                }));
            }
            Outcome::Failed {
                sop_class,
                instance,
                failure,
            } => {
                let mut item = Map::new();
                item.insert(
                    "00081197".into(),
                    json!({ "vr": "US", "Value": [failure.reason()] }),
                );
                item.insert(
                    "00000902".into(),
                    json!({ "vr": "LO", "Value": [failure.comment()] }),
                );
                match (sop_class, instance) {
                    (Some(class), Some(instance)) => {
                        item.insert("00081150".into(), ui(class));
                        item.insert("00081155".into(), ui(instance));
                        failed.push(Value::Object(item));
                    }
                    _ => other.push(Value::Object(item)),
                }
            }
        }
    }
    let status = match (stored.is_empty(), failed.is_empty() && other.is_empty()) {
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::ACCEPTED,
        (true, _) => StatusCode::CONFLICT,
    };
    let mut body = Map::new();
    let study = match &request.study {
        Some(study) => Some(study),
        None if studies.len() == 1 => studies.first(),
        None => None,
    };
    if let Some(study) = study {
        body.insert("00081190".into(), ur(&format!("{base}/studies/{study}")));
    }
    for (key, items) in [
        ("00081199", stored),
        ("00081198", failed),
        ("0008119A", other),
    ] {
        if !items.is_empty() {
            body.insert(key.into(), json!({ "vr": "SQ", "Value": items }));
        }
    }
    error::json(status, &body, "application/dicom+json")
}

fn ui(uid: &str) -> Value {
    json!({ "vr": "UI", "Value": [uid] })
}

fn ur(url: &str) -> Value {
    json!({ "vr": "UR", "Value": [url] })
}
