//! `cordon protocols`: the protocols that come with Cordon, and CTP scripts made into one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use cordon_protocol::{Protocol, READY, Ready};

use crate::failure::{At as _, Failure};

/// What to show.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// List the protocols that come with Cordon.
    List,
    /// Print one of them as a TOML file to start from.
    Show {
        /// Its id.
        id: String,
    },
    /// Read a protocol file and say what is wrong with it, or its digest.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Translate an RSNA CTP DicomAnonymizer script into a protocol, on standard output;
    /// what could not be carried over goes to standard error.
    FromCtp {
        /// The script.
        file: PathBuf,
        /// The id of the protocol.
        #[arg(long, default_value = "from-ctp")]
        id: String,
        /// Its title.
        #[arg(long, default_value = "From a CTP script")]
        title: String,
    },
}

/// Does it; `false` when there is no such protocol.
pub(crate) fn run(task: &Task) -> Result<bool, Failure> {
    match task {
        Task::List => {
            for ready in READY {
                let title = ready.protocol().map(|p| p.title).unwrap_or_default();
                println!("{:<24}{title}", ready.id);
            }
        }
        Task::Show { id } => match Ready::find(id) {
            Some(ready) => print!("{}", ready.toml),
            None => {
                eprintln!("cordon: there is no such protocol; see: cordon protocols list");
                return Ok(false);
            }
        },
        Task::Check { file } => {
            let protocol = crate::clean::protocol(Some(file))?;
            println!("{} v{}: {}", protocol.id, protocol.version, protocol.title);
            println!("digest {}", protocol.digest());
        }
        Task::FromCtp { file, id, title } => return from_ctp(file, id, title),
    }
    Ok(true)
}

fn from_ctp(file: &Path, id: &str, title: &str) -> Result<bool, Failure> {
    let text = fs::read_to_string(file).at(file)?;
    let refused = |error: &dyn std::fmt::Display| {
        eprintln!("cordon: {}: {error}", file.display());
        Ok(false)
    };
    let converted = match cordon_ctp::convert(&text, id, title) {
        Ok(converted) => converted,
        Err(error) => return refused(&error),
    };
    let toml = match Protocol::to_toml(&converted.protocol) {
        Ok(toml) => toml,
        Err(error) => return refused(&error),
    };
    print!("{toml}");
    eprintln!(
        "{} rules carried over, {} switched off in the script, {} to read:",
        converted.carried,
        converted.disabled,
        converted.not_carried.len()
    );
    for miss in &converted.not_carried {
        eprintln!("  {miss}");
    }
    Ok(true)
}
