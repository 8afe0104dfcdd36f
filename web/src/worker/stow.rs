//! STOW-RS in words: the envelope around sealed objects, and what the server says about each.

use std::collections::HashMap;

use serde_json::Value;

use crate::messages::Fate;

/// Processing failure: the server failed on it, not the object.
const PROCESSING_FAILURE: u64 = 0x0110;

/// The media type of a request with this boundary.
pub(crate) fn content_type(boundary: &str) -> String {
    format!("multipart/related; type=\"application/dicom\"; boundary={boundary}")
}

/// What stands before each object.
pub(crate) fn part_head(boundary: &str) -> String {
    format!("\r\n--{boundary}\r\nContent-Type: application/dicom\r\n\r\n")
}

/// What ends the request.
pub(crate) fn end(boundary: &str) -> String {
    format!("\r\n--{boundary}--\r\n")
}

fn first<'v>(item: &'v Value, tag: &str) -> Option<&'v Value> {
    item.get(tag)?.get("Value")?.get(0)
}

fn items<'v>(body: &'v Value, tag: &str) -> &'v [Value] {
    body.get(tag)
        .and_then(|s| s.get("Value"))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// What became of each instance, by the Store Instances Response Module (PS3.18 annex I).
///
/// What the answer does not name is not taken for stored.
pub(crate) fn fates(body: &str, instances: &[String]) -> Option<Vec<Fate>> {
    let body: Value = serde_json::from_str(body).ok()?;
    let mut known: HashMap<&str, Fate> = HashMap::new();
    for item in items(&body, "00081199") {
        if let Some(uid) = first(item, "00081155").and_then(Value::as_str) {
            known.insert(uid, Fate::Stored);
        }
    }
    for item in items(&body, "00081198") {
        if let Some(uid) = first(item, "00081155").and_then(Value::as_str) {
            known.insert(uid, failed(item));
        }
    }
    let other = items(&body, "0008119A").first().map(failed);
    let fates = instances.iter().map(|uid| {
        known
            .get(uid.as_str())
            .or(other.as_ref())
            .cloned()
            .unwrap_or_else(|| Fate::Failed {
                reason: "the server's answer does not say what became of this image".to_owned(),
                again: true,
            })
    });
    Some(fates.collect())
}

fn failed(item: &Value) -> Fate {
    let reason = first(item, "00081197").and_then(Value::as_u64);
    let comment = first(item, "00000902").and_then(Value::as_str);
    let number = reason.map_or_else(String::new, |r| format!(" (reason {r:04X}H)"));
    Fate::Failed {
        reason: format!(
            "{}{number}",
            comment.unwrap_or("the server did not take this image in")
        ),
        again: reason == Some(PROCESSING_FAILURE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_instance_gets_its_own_fate() {
        let body = r#"{
            "00081199": {"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["2.25.1"]}}]},
            "00081198": {"vr":"SQ","Value":[
                {"00081155":{"vr":"UI","Value":["2.25.2"]},"00081197":{"vr":"US","Value":[273]},
                 "00000902":{"vr":"LO","Value":["it is here already"]}},
                {"00081155":{"vr":"UI","Value":["2.25.3"]},"00081197":{"vr":"US","Value":[272]}}]}}"#;
        let uids: Vec<String> = (1..=4).map(|n| format!("2.25.{n}")).collect();
        let fates = fates(body, &uids).expect("readable");
        assert_eq!(fates[0], Fate::Stored);
        assert_eq!(
            fates[1],
            Fate::Failed {
                reason: "it is here already (reason 0111H)".to_owned(),
                again: false
            }
        );
        assert!(matches!(&fates[2], Fate::Failed { again: true, .. }));
        // What is not named was not stored.
        assert!(matches!(&fates[3], Fate::Failed { again: true, .. }));
    }

    #[test]
    fn an_answer_that_is_no_json_is_no_success() {
        assert_eq!(fates("<html>", &["2.25.1".to_owned()]), None);
        assert!(matches!(
            fates("{}", &["2.25.1".to_owned()]).as_deref(),
            Some([Fate::Failed { .. }])
        ));
    }
}
