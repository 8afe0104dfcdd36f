//! Cordon itself: the same `Cleaner` that the command and the page drive.

use std::time::Instant;

use cordon_contribute::{Cleaner, SiteKey, VERSION};
use cordon_protocol::Verdict;

use super::{Ran, Tool, ToolError, Work};
use crate::score::{Outputs, Written};

/// Cordon.
#[derive(Debug, Clone, Copy)]
pub struct Cordon;

impl Tool for Cordon {
    fn name(&self) -> &'static str {
        "cordon"
    }

    fn configuration(&self) -> &'static str {
        "the options asked for; what is Held counts as given back, Refused as missing"
    }

    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError> {
        let protocol = work
            .ask
            .protocol()
            .map_err(|e| ToolError::CannotDo(e.to_string()))?;
        let cleaner = Cleaner::new(protocol, SiteKey::from_bytes([0x5C; 32]));
        let mut outputs = Outputs::new();
        let mut failed = 0;
        let mut seconds = 0.0;
        for item in &work.suite.items {
            let start = Instant::now();
            let cleaned = cleaner.clean(&item.bytes);
            seconds += start.elapsed().as_secs_f64();
            let Some(checked) = cleaned.output else {
                failed += 1;
                continue;
            };
            let path = work.output.join(&item.made.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&path, checked.bytes())?;
            let held = cleaned.verdict == Verdict::Held;
            outputs.insert(item.made.path.clone(), Written { path, held });
        }
        Ok(Ran {
            outputs,
            version: VERSION.trim_start_matches("cordon ").to_owned(),
            seconds,
            failed,
        })
    }
}
