//! The tools that are measured, each behind a small adapter.

mod cordon;
mod peers;
mod plain;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ask::Ask;
use crate::rules::Rules;
use crate::score::Outputs;
use crate::suite::Suite;

pub use cordon::Cordon;
pub use peers::Peer;
pub use plain::{Copier, Deleter, Perfect};

/// Why a tool was not measured.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is not on this machine.
    #[error("{0} is not installed: {1}")]
    Missing(&'static str, String),
    /// It cannot do what is asked.
    #[error("{0}")]
    CannotDo(String),
    /// It ran and failed.
    #[error("{0} failed: {1}")]
    Failed(&'static str, String),
    /// A file or folder.
    #[error("a folder of the run cannot be used: {0}")]
    Folder(#[from] std::io::Error),
}

/// What a run gave.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The files.
    pub outputs: Outputs,
    /// The tool's version.
    pub version: String,
    /// Seconds that it worked.
    pub seconds: f64,
    /// Files that it did not take, by the kind of its error.
    pub failed: u64,
}

/// Where things are.
#[derive(Debug)]
pub struct Work<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// The folder with its files.
    pub input: &'a Path,
    /// An empty folder for what the tool writes.
    pub output: &'a Path,
    /// What is asked.
    pub ask: Ask,
    /// The same as rules.
    pub rules: &'a Rules,
}

/// A de-identifier.
pub trait Tool {
    /// Its name.
    fn name(&self) -> &'static str;

    /// What its configuration was, in a sentence for the table.
    fn configuration(&self) -> &'static str;

    /// Cleans the suite.
    ///
    /// # Errors
    /// When it is not there, cannot do what is asked, or fails as a whole.
    fn run(&self, work: &Work<'_>) -> Result<Ran, ToolError>;
}

/// A summary of one run for JSON.
#[derive(Debug, Clone, Serialize)]
pub struct RunInfo {
    /// The tool.
    pub tool: &'static str,
    /// Its version.
    pub version: String,
    /// How it was configured.
    pub configuration: &'static str,
}

/// The tools of this name list; all of them where it is empty.
#[must_use]
pub fn tools(names: &[String]) -> Vec<Box<dyn Tool>> {
    let all: Vec<Box<dyn Tool>> = vec![
        Box::new(Cordon),
        Box::new(Peer::DicomAnonymizer),
        Box::new(Peer::Dicognito),
        Box::new(Peer::Deid),
        Box::new(Peer::Rsna),
    ];
    all.into_iter()
        .filter(|t| names.is_empty() || names.iter().any(|n| n == t.name()))
        .collect()
}

/// The files that lie below `output` under the paths of the suite.
#[must_use]
pub fn collect(suite: &Suite, output: &Path) -> Outputs {
    suite
        .items
        .iter()
        .filter_map(|item| {
            let path: PathBuf = output.join(&item.made.path);
            path.is_file().then(|| {
                (
                    item.made.path.clone(),
                    crate::score::Written { path, held: false },
                )
            })
        })
        .collect()
}
