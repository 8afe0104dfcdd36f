//! Text burned into pictures: the generator, the training, the measurement.

#![allow(
    clippy::cast_sign_loss,
    reason = "places on a picture are clamped to it, sizes are never negative"
)]

mod background;
mod canvas;
mod damage;
mod font;
pub(crate) mod learn;
mod lookalikes;
pub(crate) mod measure;
mod negatives;
mod random;
pub(crate) mod reading;
mod scene;
mod scripts;
pub(crate) mod show;
mod words;
