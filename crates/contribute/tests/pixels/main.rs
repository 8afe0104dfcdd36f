//! Changed pixels as part of cleaning: what is asked changes and nothing else, evidence answers
//! what the header leaves open, stamps say what was done and not more, the gate agrees.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod crossing;
mod faces;
mod help;
mod objects;
mod real_objects;
mod spare;
mod structures;
mod text;
