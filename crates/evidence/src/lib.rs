//! Evidence for people: what was done to a contribution, and what Cordon claims to do.
//!
//! A data protection officer reads neither JSON nor code. [`Evidence`] gathers what
//! the pipeline reported about each object and writes it as one page that prints;
//! [`conformance_statement`] writes down, from the tables that run, what happens to
//! which attribute. Neither ever holds a value of an original object.

mod evidence;
mod html;
mod statement;
mod statement_text;

pub use evidence::{Evidence, Looked};
pub use statement::conformance_statement;
