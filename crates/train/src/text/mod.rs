//! Text burned into pictures: the generator, the training, the measurement.

mod background;
mod canvas;
mod damage;
mod font;
pub(crate) mod learn;
pub(crate) mod measure;
mod negatives;
mod random;
mod scene;
pub(crate) mod show;
mod words;
