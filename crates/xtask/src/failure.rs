//! What can go wrong in the tooling.

use std::path::{Path, PathBuf};

/// Why a task stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file or folder could not be used.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A program could not be started.
    #[error("`{program}` cannot be started: {error}")]
    Start {
        /// Which one.
        program: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A program ended with an error; its output says why.
    #[error("failed ({status}): {command}")]
    Command {
        /// As it would be typed.
        command: String,
        /// How it ended.
        status: String,
    },
    /// Something is missing that this program may not bring by itself.
    #[error("{0}")]
    Missing(String),
    /// A limit was not kept, or a measurement made no sense.
    #[error("{0}")]
    Check(String),
}

/// The outcome of a task.
pub(crate) type Done<T = ()> = Result<T, Failure>;

/// Names the path in an input or output error.
pub(crate) trait At<T> {
    /// The same outcome, with the path in its error.
    fn at(self, path: &Path) -> Done<T>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Done<T> {
        self.map_err(|error| Failure::Io {
            path: path.to_owned(),
            error,
        })
    }
}
