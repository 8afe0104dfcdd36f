//! The networks: models, their weights, and the device they run on.
//!
//! The same model code trains (`cordon-train`) and infers (browser and command). A network takes
//! plain numbers and gives plain numbers; what they mean is known by the crates that prepare
//! the input and read the output (`cordon-deface`, `cordon-text`). Weights are single files of
//! half-precision tensors, named by their digest: [`weights::load`] takes no other bytes.

pub mod device;
pub mod head;
pub mod line;
pub mod text;
pub mod view;
pub mod weights;

mod answer;
mod error;
mod flat;

pub use burn::tensor::Device;
pub use error::NetError;
