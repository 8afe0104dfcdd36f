//! The page: the contribution view, the engine behind it and the workers that do the work.
//!
//! One crate, two modules: `app` draws and decides on the main thread, `worker`
//! reads, cleans, stages and sends. They share the words of [`messages`] and
//! nothing else.

pub mod desk;
pub mod engine;
pub mod looks;
pub mod messages;
pub mod ui;
pub mod worker;
