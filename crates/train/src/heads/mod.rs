//! Synthetic heads: anatomy, scanners, training.

#![allow(
    clippy::cast_sign_loss,
    reason = "counts and places of a generator, never negative"
)]

mod anatomy;
mod contrast;
mod curve;
mod defaced;
mod figures;
mod measure;
mod person;
mod scan;
mod shape;
mod spoil;
mod thing;
mod tissue;
mod trainer;
mod view_trainer;
mod views;
mod worth;

pub(crate) use measure::{Measuring, measure};
pub(crate) use trainer::{Training, peek, train};
pub(crate) use view_trainer::{ViewTraining, peek_views, train_views};
