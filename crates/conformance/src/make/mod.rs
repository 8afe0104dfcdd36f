//! The objects of the suite, one module for each family of modalities.

mod common;
mod derived;
mod enhanced;
mod graphics;
mod report;
mod slices;
mod slide;
mod vendor;
mod xray;

pub use common::{Made, Pixels, Series, Study, class};
pub use derived::{rt_plan, rt_structure_set, segmentation};
pub use enhanced::enhanced_mr;
pub use graphics::{presentation_state, ultrasound};
pub use report::{key_object, pdf, structured_report};
pub use slices::{ct, mr, nm, pet};
pub use slide::slide;
pub use vendor::Vendor;
pub use xray::{angiography, mammogram, radiograph};
