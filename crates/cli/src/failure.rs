//! What stops a whole run, as opposed to one file.

use std::path::{Path, PathBuf};

/// Why nothing more was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file or folder of the run itself cannot be used.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The protocol is not one that this build can carry out.
    #[error("{}: {error}", path.display())]
    Protocol {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        error: cordon_protocol::ProtocolError,
    },
    /// The key file does not hold a site key.
    #[error("{}: this is not a site key, or it is damaged; it starts with the line `cordon site key v1`", .0.display())]
    KeyFormat(PathBuf),
    /// Series and results that do not go together.
    #[error(
        "there are {series} series and {results} results: each series needs one of its own, in the same order"
    )]
    Results {
        /// How many series there are.
        series: usize,
        /// And how many results.
        results: usize,
    },
    /// Nowhere to keep a key.
    #[error(
        "no folder to keep the site key in: set HOME or XDG_CONFIG_HOME, or name a key with --key"
    )]
    NoConfigFolder,
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes, so no key can be made")]
    NoRandom,
    /// The networks cannot be used at all.
    #[error("{0}")]
    Net(#[from] cordon_nets::NetError),
    /// The table cannot be read.
    #[error("{}: {error}", path.display())]
    Table {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: cordon_clinical::TableError,
    },
    /// The mapping cannot be carried out.
    #[error("{}: {error}", path.display())]
    Mapping {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: cordon_clinical::MappingError,
    },
    /// The file of words cannot be read. What stands there is not repeated.
    #[error("{}: line {line}: not a list of words; the file has the lists accept, reject and undecided", path.display())]
    Words {
        /// Its file.
        path: PathBuf,
        /// The line.
        line: usize,
    },
    /// Decisions in the output folder would be written over.
    #[error("{}: decisions on words stand here and were not given: give them with --words, or put the file elsewhere", .0.display())]
    WordsThere(PathBuf),
    /// A receipt that does not hold.
    #[error("{}: {error}", path.display())]
    Receipt {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: cordon_protocol::ReceiptError,
    },
    /// The server could not do its work.
    #[error(transparent)]
    Server(#[from] cordon_ingest::IngestError),
}

/// Names the path in an input or output error.
pub(crate) trait At<T> {
    /// The same outcome, with the path in its error.
    fn at(self, path: &Path) -> Result<T, Failure>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, Failure> {
        self.map_err(|error| Failure::Io {
            path: path.to_owned(),
            error,
        })
    }
}
