//! `cordon-train`: makes the weights from synthetic data and measures them on more of it.
//!
//! There are no patients in here. Every image comes from a generator with a seed; held-out sets
//! are made with other seeds and other settings than those for training.

fn main() {}
