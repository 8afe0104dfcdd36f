//! Bytes out of files, blobs and ZIP entries.
//!
//! To open a file costs a browser more than to read a small one. Several small files
//! are therefore put into one blob and read in one go.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FileReaderSync, MessageChannel, MessagePort};

use super::opfs::whole;
use super::unzip::Zips;
use crate::messages::Input;

/// Bytes that are read in one go.
const GROUP_BYTES: u64 = 4 << 20;

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

fn blob(attachments: &Array, index: usize) -> Option<Blob> {
    attachment(attachments, index).dyn_into().ok()
}

/// Begins to read the first `limit` bytes of an input; all of it with `None`.
pub(crate) fn begin(input: Input, limit: Option<u64>, attachments: &Array) -> Begun {
    match input {
        Input::File { attachment: index } => {
            let blob = blob(attachments, index);
            let blob = match limit {
                Some(limit) => blob.and_then(|b| b.slice_with_f64_and_f64(0.0, limit as f64).ok()),
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
pub(crate) async fn finish(begun: Begun, zips: &Zips) -> Option<Vec<u8>> {
    match begun {
        Begun::File(promise) => buffer(promise?).await,
        Begun::Zip {
            file,
            zip,
            entry,
            limit,
        } => zips.read(zip, &file, entry, limit),
    }
}

async fn buffer(promise: Promise) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(promise).await.ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    release(&buffer);
    Some(bytes)
}

thread_local! {
    /// A port whose other end is closed: what is given to it is gone.
    static NOWHERE: Option<MessagePort> = MessageChannel::new().ok().map(|channel| {
        channel.port1().close();
        channel.port2()
    });
}

/// Gives the memory of a buffer back at once, by giving the buffer away. The browser would
/// do it when it collects garbage, of which it sees little: to it a buffer of megabytes is
/// a few bytes.
fn release(buffer: &JsValue) {
    NOWHERE.with(|port| {
        if let Some(port) = port {
            let _ = port.post_message_with_transferable(buffer, &Array::of1(buffer));
        }
    });
}

/// All bytes of an input.
pub async fn all(input: Input, attachments: &Array, zips: &Zips) -> Option<Vec<u8>> {
    finish(begin(input, None, attachments), zips).await
}

/// All bytes of an input, at once: for a worker that has nothing else to do meanwhile.
pub fn now(input: Input, attachments: &Array, zips: &Zips) -> Option<Vec<u8>> {
    match input {
        Input::File { attachment: index } => {
            let blob = blob(attachments, index)?;
            let buffer = FileReaderSync::new()
                .ok()?
                .read_as_array_buffer(&blob)
                .ok()?;
            let bytes = Uint8Array::new(&buffer).to_vec();
            release(&buffer);
            Some(bytes)
        }
        Input::Zip {
            attachment: index,
            zip,
            entry,
            size,
        } => zips.read(zip, &attachment(attachments, index), entry, size),
    }
}

/// The size of an input.
pub fn size(input: Input, attachments: &Array) -> u64 {
    match input {
        Input::File { attachment } => blob(attachments, attachment).map_or(0, |b| whole(b.size())),
        Input::Zip { size, .. } => size,
    }
}

/// All bytes of a blob.
pub(crate) async fn bytes(blob: &JsValue) -> Option<Vec<u8>> {
    let blob = blob.dyn_ref::<Blob>()?;
    buffer(blob.array_buffer().unchecked_into()).await
}

/// Inputs with their sizes, read in one go.
pub(crate) struct Group {
    inputs: Vec<(Input, u64)>,
    begun: Begun,
}

/// Cuts inputs into groups, each begun when it is asked for: neighbours of up to `small`
/// bytes together, of larger ones the first `head` bytes alone.
pub(crate) fn groups<'a>(
    inputs: &'a [Input],
    small: u64,
    head: u64,
    attachments: &'a Array,
) -> impl Iterator<Item = Group> + 'a {
    let sized = inputs.iter().map(move |i| (*i, size(*i, attachments)));
    let mut sized = sized.peekable();
    std::iter::from_fn(move || {
        let first = sized.next()?;
        let can_join =
            |(input, size): &(Input, u64)| matches!(input, Input::File { .. }) && *size <= small;
        let mut together = vec![first];
        let mut bytes = first.1;
        if can_join(&first) {
            while let Some(next) =
                sized.next_if(|next| can_join(next) && bytes + next.1 <= GROUP_BYTES)
            {
                bytes += next.1;
                together.push(next);
            }
        }
        let begun = match together.as_slice() {
            [(input, size)] => begin(*input, (*size > small).then_some(head), attachments),
            many => Begun::File(join(many, attachments)),
        };
        Some(Group {
            inputs: together,
            begun,
        })
    })
}

fn join(inputs: &[(Input, u64)], attachments: &Array) -> Option<Promise> {
    let parts = Array::new();
    for (input, _) in inputs {
        if let Input::File { attachment: index } = input {
            parts.push(&attachment(attachments, *index));
        }
    }
    let joined = Blob::new_with_blob_sequence(&parts).ok()?;
    Some(joined.array_buffer().unchecked_into())
}

/// What a group holds.
pub(crate) enum Contents {
    /// One input with its size and its bytes; `None` when it cannot be read.
    One(Input, u64, Option<Vec<u8>>),
    /// The sizes of several inputs and their bytes, one after the other.
    Together(Vec<u64>, Vec<u8>),
    /// One of them cannot be read, or is not as long as it was: to be read one by one.
    Apart(Vec<(Input, u64)>),
}

impl Group {
    /// Waits for the bytes.
    pub(crate) async fn finish(self, zips: &Zips) -> Contents {
        let bytes = finish(self.begun, zips).await;
        if let [(input, size)] = self.inputs.as_slice() {
            return Contents::One(*input, *size, bytes);
        }
        let expected: u64 = self.inputs.iter().map(|(_, size)| *size).sum();
        match bytes.filter(|b| b.len() as u64 == expected) {
            Some(bytes) => {
                let sizes = self.inputs.iter().map(|(_, size)| *size);
                Contents::Together(sizes.collect(), bytes)
            }
            None => Contents::Apart(self.inputs),
        }
    }
}
