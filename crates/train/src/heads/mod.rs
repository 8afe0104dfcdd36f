//! Synthetic heads: anatomy, scanners, training.

mod anatomy;
mod contrast;
mod defaced;
mod measure;
mod person;
mod scan;
mod shape;
mod thing;
mod tissue;
mod trainer;
mod view_trainer;
mod views;

pub(crate) use measure::{Measuring, measure};
pub(crate) use trainer::{Training, peek, train};
pub(crate) use view_trainer::{ViewTraining, peek_views, train_views};
