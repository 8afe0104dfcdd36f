//! Made-up heads and abdomens, and graded damage done to them.
//!
//! The learned screen is trained and judged on these, and tests use them. Everything depends on
//! a seed only. They are drawings and no simulation of a scanner's physics: what a model learns
//! from them holds for real images only as far as real images show it.

mod body;
mod damage;
mod random;

pub use body::{Settings, body};
pub use damage::{Kind, damage};
pub use random::Random;
