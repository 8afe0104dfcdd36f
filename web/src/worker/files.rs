//! Bytes out of files, blobs and ZIP entries.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::Pool;
use crate::messages::Input;

/// A read that has begun: the browser fetches the bytes while something else is done.
pub(crate) enum Begun {
    /// From a file.
    File(Option<Promise>),
    /// From a ZIP, unpacked when asked for.
    Zip {
        /// The ZIP.
        file: JsValue,
        /// Its number.
        zip: u32,
        /// The entry.
        entry: usize,
        /// At most this many bytes.
        limit: u64,
    },
}

/// The attachment with this number.
pub(crate) fn attachment(attachments: &Array, index: usize) -> JsValue {
    u32::try_from(index).map_or(JsValue::UNDEFINED, |i| attachments.get(i))
}

/// Begins to read the first `limit` bytes of an input; all of it with `None`.
pub(crate) fn begin(input: Input, limit: Option<u64>, attachments: &Array) -> Begun {
    match input {
        Input::File {
            attachment: index,
            size,
        } => {
            let blob = attachment(attachments, index).dyn_into::<Blob>().ok();
            let blob = match limit {
                Some(limit) if limit < size => {
                    blob.and_then(|b| b.slice_with_f64_and_f64(0.0, limit as f64).ok())
                }
                _ => blob,
            };
            Begun::File(blob.map(|b| b.array_buffer().unchecked_into()))
        }
        Input::Zip {
            attachment: index,
            zip,
            entry,
            size,
        } => Begun::Zip {
            file: attachment(attachments, index),
            zip,
            entry,
            limit: limit.map_or(size, |l| l.min(size)),
        },
    }
}

/// The bytes of a read that has begun; `None` when the file cannot be read.
pub(crate) async fn finish(begun: Begun, pool: &Pool) -> Option<Vec<u8>> {
    match begun {
        Begun::File(promise) => {
            let buffer = JsFuture::from(promise?).await.ok()?;
            Some(Uint8Array::new(&buffer).to_vec())
        }
        Begun::Zip {
            file,
            zip,
            entry,
            limit,
        } => pool.zips.read(zip, &file, entry, limit),
    }
}

/// All bytes of an input.
pub(crate) async fn all(input: Input, attachments: &Array, pool: &Pool) -> Option<Vec<u8>> {
    finish(begin(input, None, attachments), pool).await
}

/// The size of an input.
pub(crate) fn size(input: Input) -> u64 {
    match input {
        Input::File { size, .. } | Input::Zip { size, .. } => size,
    }
}

/// All bytes of a blob.
pub(crate) async fn bytes(blob: &JsValue) -> Option<Vec<u8>> {
    let blob = blob.dyn_ref::<Blob>()?;
    let promise: Promise = blob.array_buffer().unchecked_into();
    let buffer = JsFuture::from(promise).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
