//! The worker's module.
fn main() {}
