//! Other projects' tools, through one Python script beside this crate.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::{Ran, Tool, ToolError, Work, collect};
use crate::answer::answers;

/// The peers that install from PyPI.
#[derive(Debug, Clone, Copy)]
pub enum Peer {
    /// KitwareMedical/dicom-anonymizer.
    DicomAnonymizer,
    /// blairconrad/dicognito.
    Dicognito,
    /// pydicom/deid.
    Deid,
    /// RSNA Anonymizer, without its networks.
    Rsna,
}

#[derive(Deserialize)]
struct Said {
    version: String,
    seconds: f64,
    failed: std::collections::BTreeMap<String, String>,
}

impl Peer {
    /// The interpreter that has the tool. RSNA Anonymizer needs an older pydicom than the
    /// others and so a place of its own.
    fn python(self) -> Option<PathBuf> {
        let named = |variable| std::env::var_os(variable).map(PathBuf::from);
        let home = std::env::var_os("HOME")
            .map(PathBuf::from)
            .unwrap_or_default();
        let cache = named("CORDON_CACHE").unwrap_or_else(|| home.join(".cache/cordon"));
        let path = match self {
            Self::Rsna => {
                named("CORDON_PYTHON_RSNA").unwrap_or_else(|| cache.join("rsna/bin/python"))
            }
            _ => named("CORDON_PYTHON").unwrap_or_else(|| cache.join("py/bin/python")),
        };
        path.is_file().then_some(path)
    }
}

impl Tool for Peer {
    fn name(&self) -> &'static str {
        match self {
            Self::DicomAnonymizer => "dicom-anonymizer",
            Self::Dicognito => "dicognito",
            Self::Deid => "deid",
            Self::Rsna => "rsna-anonymizer",
        }
    }

    fn configuration(&self) -> &'static str {
        match self {
            Self::DicomAnonymizer => {
                "its table, private attributes removed; attributes that the options keep are set to keep"
            }
            Self::Dicognito => {
                "its defaults with a fixed seed; attributes that the options keep are kept"
            }
            Self::Deid => "its default recipe, private attributes removed",
            Self::Rsna => "its default script; pixel stage not run (it needs torch and easyocr)",
        }
    }

    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError> {
        let python = self
            .python()
            .ok_or_else(|| ToolError::Missing(self.name(), "no Python with it".to_owned()))?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/peers.py");
        let output = Command::new(python)
            .arg(script)
            .arg(self.name())
            .args([work.input, work.output])
            .args(kept(work))
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let said: Said = text
            .lines()
            .last()
            .and_then(|line| serde_json::from_str(line).ok())
            .ok_or_else(|| {
                // The last line of a Python error names its kind; nothing more is shown.
                let error = String::from_utf8_lossy(&output.stderr);
                let kind = error.lines().last().unwrap_or_default();
                let kind = kind.split(':').next().unwrap_or_default();
                ToolError::Failed(self.name(), kind.to_owned())
            })?;
        Ok(Ran {
            outputs: collect(work.suite, work.output),
            version: said.version,
            seconds: said.seconds,
            failed: said.failed.len() as u64,
        })
    }
}

/// Keywords of the attributes in the table that the options keep.
fn kept(work: &Work<'_>) -> Vec<String> {
    let mut out: Vec<String> = work
        .suite
        .items
        .iter()
        .flat_map(|item| answers(item, work.rules))
        .filter_map(|a| {
            let [step] = a.path.0.as_slice() else {
                return None;
            };
            (step.creator.is_none() && work.rules.attribute(step.tag) == crate::rules::Asked::Kept)
                .then(|| a.path.names())
        })
        .collect();
    out.sort();
    out.dedup();
    out
}
