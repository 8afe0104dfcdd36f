//! Synthetic heads: anatomy, scanners, training.

mod anatomy;
mod contrast;
mod defaced;
mod person;
mod scan;
mod shape;
mod thing;
mod tissue;
mod trainer;

pub(crate) use trainer::{Training, peek, train};
