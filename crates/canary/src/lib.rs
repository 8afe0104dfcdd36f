//! Plants canaries in DICOM files and looks for them in what a de-identifier wrote.
//!
//! A canary is a value that fits its VR, is different at every place of every
//! file, and can be searched for in raw bytes. If one comes out of a cleaner, the
//! cleaner leaks, and the canary's place says where. The suite in `tests/` runs
//! Cordon over them; the `canary` command makes and scans files for other tools.

pub mod bodies;
pub mod mint;
pub mod plant;
pub mod scan;
pub mod set;
pub mod write;
