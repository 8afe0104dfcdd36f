//! The server that takes in only what is clean.
//!
//! A clinic's browser proves that an object is clean before it sends it; this
//! server does not believe it and proves it again, with the same crate. What
//! passes is stored byte for byte under its digest, entered in an append-only
//! log, and found and fetched again through DICOMweb. What a person had to look
//! at stays invisible until that person's contribution is closed, and the close
//! is answered with a receipt that this server signs.
//!
//! | module | what it is about |
//! |---|---|
//! | `stow` | taking in: multipart, staging, check, commit, answer |
//! | `failures` | why single instances are refused |
//! | `error` | why whole requests are refused |
//! | `contributions` | closing, releasing, signing |
//! | `qido`, `wado`, `frames`, `json` | finding and fetching |
//! | `store`, `db`, `audit` | objects, rows, the log |
//! | `projects`, `auth`, `keys` | who may do what |
//! | `page`, `guard`, `routes`, `serve` | HTTP |
//!
//! ```no_run
//! # async fn run() -> Result<(), cordon_ingest::IngestError> {
//! use cordon_ingest::{Config, Server};
//! let demo = Server::demo(Config::local("/var/lib/cordon")).await?;
//! println!("{}", demo.link);
//! demo.server.serve(demo.listener, std::future::pending()).await
//! # }
//! ```

mod accept;
mod audit;
mod auth;
mod body;
mod check;
mod clock;
mod config;
mod contributions;
mod db;
mod demo;
mod error;
mod failures;
mod frames;
mod guard;
mod index;
mod json;
mod keys;
mod multipart;
mod page;
mod patience;
mod projects;
mod qido;
mod recheck;
mod routes;
mod serve;
mod server;
mod state;
mod store;
mod stow;
mod tables;
mod wado;

pub use audit::AuditReport;
pub use config::{Config, Limits};
pub use demo::Demo;
pub use error::{ApiFailure, IngestError};
pub use projects::{Invitation, Role};
pub use server::{Server, StoreReport};
