//! The main thread's module.
fn main() {}
