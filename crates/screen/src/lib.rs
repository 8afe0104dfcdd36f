//! Quality screening: is the series whole, is the image any good.
//!
//! Screening runs on the original, before a face is taken off, because that destroys the air in
//! which noise and motion are measured. It never decides about identity: its findings have
//! codes of their own ([`cordon_protocol::Code::is_quality`]), and a project may say what
//! follows from each of them.
//!
//! * [`SliceFacts`] is what the header of one slice says; [`rules`] holds a series against itself.
//! * [`Volume`] are the grey values of one stack in modality units; [`metrics`] measures them.
//! * [`model`] is the learned screen; [`synthetic`] makes what it was trained on.
//! * [`duplicates`] finds series with the same or nearly the same content.
//! * [`Screener`] puts it in order for one series at a time, with bounded memory.
//!
//! No report holds a value of a header, a path, or a digest: it can travel with the data.

pub mod duplicates;
mod facts;
pub mod metrics;
pub mod model;
mod report;
pub mod rules;
mod screener;
pub mod synthetic;
mod volume;

pub use facts::{BurnedIn, Side, SliceFacts};
pub use report::{Damage, Metric, Noticed, SeriesReport};
pub use screener::{MAX_VOXELS, Screened, Screener};
pub use volume::Volume;
