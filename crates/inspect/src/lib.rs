//! The pixel stages of a series with their networks: who prepares the numbers (`cordon-text`,
//! `cordon-deface`) meets who has the answers (`cordon-nets`).
//!
//! The same code runs in a tab, where the device may be a graphics processor and every answer is
//! waited for, and in the command.

pub mod face;
pub mod files;
pub mod phantom;
pub mod proof;
pub mod text;
pub mod turn;

pub use cordon_nets::{Device, NetError};
