//! A text for support: what runs where and what happened, and nobody's name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::core::Inner;
use super::types::{KeyState, ServerState, StorageState};

/// The report. It is made of counts, codes and versions only.
pub(crate) fn text(inner: &Inner) -> String {
    let state = inner.state.borrow();
    let contribution = inner.contribution.borrow();
    let mut out = String::from(
        "Cordon problem report. It holds no name, number, date, UID or file name of any patient.\n\n",
    );
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "{name}: {value}");
    };
    line("Version", cordon_contribute::VERSION);
    let agent = web_sys::window().and_then(|w| w.navigator().user_agent().ok());
    line("Browser", &agent.unwrap_or_default());
    line("Workers", &inner.pool.len().to_string());
    line("Online", if state.online { "yes" } else { "no" });
    let server = match &state.server {
        ServerState::Connecting => "connecting".to_owned(),
        ServerState::Ready(info) => format!(
            "ready, server {}, protocol {} v{}",
            info.version, info.protocol.id, info.protocol.version
        ),
        ServerState::Failed { code, .. } => format!("failed: {code}"),
    };
    line("Server", &server);
    let key = match &state.key {
        KeyState::Loading => "loading",
        KeyState::Missing => "missing",
        KeyState::Ready {
            backed_up_at: Some(_),
            ..
        } => "there, backed up",
        KeyState::Ready { .. } => "there, not backed up",
        KeyState::Unavailable(_) => "cannot be kept",
    };
    line("Key", key);
    let storage = match &state.storage {
        StorageState::Checking => "checking".to_owned(),
        StorageState::Persistent { free_bytes } => {
            format!("persistent, {} MB free", free_bytes >> 20)
        }
        StorageState::BestEffort { free_bytes } => {
            format!("best effort, {} MB free", free_bytes >> 20)
        }
        StorageState::Unavailable(_) => "none".to_owned(),
        StorageState::Full => "full".to_owned(),
    };
    line("Storage", &storage);
    let notices: Vec<&str> = state.notices.keys().copied().collect();
    line("Notices", &notices.join(", "));
    line("Retries", &state.meter.retries.to_string());
    let p = contribution.progress();
    line(
        "Files",
        &format!(
            "{} found, {} read, {} judged: {} clean, {} held, {} refused; {} other; {} sent, {} failed",
            p.found, p.read, p.judged, p.clean, p.held, p.refused, p.other, p.sent, p.failed
        ),
    );
    let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut classes: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    for file in contribution.files() {
        for finding in &file.findings {
            *codes.entry(finding.code.as_str()).or_insert(0) += 1;
        }
        if let Some(e) = &file.entry {
            let well_known = |uid: &'_ str| uid.starts_with("1.2.840.10008.");
            if well_known(&e.sop_class) && well_known(&e.transfer_syntax) {
                let kind = (
                    e.modality.as_str(),
                    e.sop_class.as_str(),
                    e.transfer_syntax.as_str(),
                );
                *classes.entry(kind).or_insert(0) += 1;
            }
        }
    }
    for (code, n) in codes {
        line("Finding", &format!("{code} × {n}"));
    }
    for ((modality, class, syntax), n) in classes {
        let modality = if modality.len() <= 4 { modality } else { "?" };
        line("Kind", &format!("{modality} {class} {syntax} × {n}"));
    }
    out
}
