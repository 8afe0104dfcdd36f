//! The pixel stages of a series with their networks.

pub mod turn;
