//! wip

pub mod iod;
pub mod table;
