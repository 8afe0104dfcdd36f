//! Pixels: what the header promises, frames out of every transfer syntax, look-up tables, pictures.
//!
//! Nobody can judge a picture that cannot be decoded, and nobody should trust one whose bytes
//! are not what the header says. So this crate decodes what DICOM allows, in a browser tab as
//! well as on a server, and refuses contradictions before it allocates anything.
//!
//! * [`sanity`] costs microseconds, or one pass where samples leave bits unused, and runs on every file.
//! * [`describe`] reads the header's promises and checks their limits.
//! * [`frame`] decodes one frame to stored values.
//! * [`Presentation`] turns stored values into shades: modality LUT, window, palette.
//! * [`rewrite`] changes samples and gives back native pixel data.
//! * [`render`] and [`thumbnail`] make pictures.

mod codec;
mod error;
mod fragments;
mod frame;
mod info;
mod j2k;
mod jls;
mod jpeg;
mod jxl;
mod lut;
mod native;
mod picture;
mod presentation;
mod rewrite;
mod rle;
mod sanity;
mod shade;
mod tags;
mod window;

pub use error::PixelError;
pub use frame::{Frame, Samples, frame};
pub use info::{ImageInfo, MAX_FRAME_BYTES, Photometric, SampleKind, describe};
pub use lut::Lut;
pub use picture::{Rgba, aspect, render, render_gray, thumbnail};
pub use presentation::{Modality, Palette, Presentation};
pub use rewrite::{NewPixels, NewValue, nothing_hidden, rewrite};
pub use sanity::sanity;
pub use window::{VoiFunction, Window};
