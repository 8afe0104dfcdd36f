//! Staging: where cleaned objects wait until they are sent.
//!
//! Objects are appended to segments of up to 64 MB, because making a file for each
//! costs several milliseconds in every browser. A segment has one writer. What is
//! written outlives the tab at once; against a power cut the segments are flushed
//! before the journal is, and what came back damaged is noticed by its digest.
//! Closed segments can be read by every worker.

use std::cell::{Cell, RefCell};

use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, FileSystemDirectoryHandle, FileSystemSyncAccessHandle};

use super::{files, opfs};
use crate::messages::Place;

/// A segment is closed when it has grown to this.
const SEGMENT_BYTES: u64 = 64 << 20;

struct Open {
    name: String,
    handle: FileSystemSyncAccessHandle,
    length: u64,
}

/// The staging area of one worker.
#[derive(Default)]
pub(crate) struct Stage {
    path: RefCell<Option<String>>,
    folder: RefCell<Option<FileSystemDirectoryHandle>>,
    open: RefCell<Option<Open>>,
    opening: Cell<bool>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    full: Cell<bool>,
}

impl Stage {
    /// Sets the folder; `None` stages in memory.
    pub(crate) fn configure(&self, path: Option<String>) {
        self.close();
        self.folder.take();
        self.full.set(false);
        self.path.replace(path);
    }

    /// Whether the browser refused more space.
    pub(crate) fn is_full(&self) -> bool {
        self.full.get()
    }

    /// Flushes and lets go of the open segment.
    pub(crate) fn close(&self) {
        if let Some(open) = self.open.take() {
            let _ = open.handle.flush();
            open.handle.close();
        }
    }

    /// Makes sure that a segment is open, if there is a file system at all.
    pub(crate) async fn prepare(&self) {
        let grown = self
            .open
            .borrow()
            .as_ref()
            .is_some_and(|o| o.length >= SEGMENT_BYTES);
        if grown {
            self.close();
        }
        if self.opening.get() {
            // Another batch of this worker opens one at this moment.
            let (done, opened) = oneshot::channel();
            self.waiting.borrow_mut().push(done);
            let _ = opened.await;
            return;
        }
        if self.open.borrow().is_some() || self.full.get() || self.path.borrow().is_none() {
            return;
        }
        self.opening.set(true);
        if let Ok(open) = self.begin().await {
            self.open.replace(Some(open));
        }
        self.opening.set(false);
        for waiter in self.waiting.take() {
            let _ = waiter.send(());
        }
    }

    async fn begin(&self) -> Result<Open, JsValue> {
        let folder = self.folder().await?;
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(|_| JsValue::UNDEFINED)?;
        let name = format!("{}.seg", hex::encode(random));
        let file = opfs::file(&folder, &name, true).await?;
        let handle = opfs::handle(&file).await?;
        Ok(Open {
            name,
            handle,
            length: 0,
        })
    }

    async fn folder(&self) -> Result<FileSystemDirectoryHandle, JsValue> {
        if let Some(folder) = self.folder.borrow().as_ref() {
            return Ok(folder.clone());
        }
        let path = self.path.borrow().clone().ok_or(JsValue::UNDEFINED)?;
        let folder = opfs::folder(&path).await?;
        self.folder.replace(Some(folder.clone()));
        Ok(folder)
    }

    /// Stages bytes. What the file system does not take goes to memory, as a blob
    /// among the attachments.
    pub(crate) fn put(&self, bytes: &[u8], attachments: &Array) -> Place {
        if let Some(open) = self.open.borrow_mut().as_mut() {
            match opfs::write_at(&open.handle, bytes, open.length) {
                Ok(()) => {
                    let offset = open.length;
                    open.length += bytes.len() as u64;
                    return Place::Segment {
                        name: open.name.clone(),
                        offset,
                    };
                }
                Err(error) => {
                    // A half-written object is never named; the next write goes over it.
                    let full = opfs::is_full(&error);
                    self.full.set(self.full.get() || full);
                }
            }
        }
        let options = BlobPropertyBag::new();
        options.set_type("application/dicom");
        let parts = Array::of1(&Uint8Array::from(bytes));
        let index = attachments.length() as usize;
        match Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
            Ok(blob) => attachments.push(&blob),
            Err(_) => attachments.push(&JsValue::UNDEFINED),
        };
        Place::Blob { attachment: index }
    }

    /// Brings what was put to the disk.
    pub(crate) fn flush(&self) {
        if let Some(open) = self.open.borrow().as_ref()
            && open.handle.flush().is_err()
        {
            self.full.set(true);
        }
    }

    /// Reads staged bytes back.
    pub(crate) async fn get(
        &self,
        place: &Place,
        length: u64,
        attachments: &Array,
    ) -> Result<Vec<u8>, &'static str> {
        const GONE: &str = "the staged image is not there any more; drop its folder again";
        match place {
            Place::Blob { attachment } => {
                let index = u32::try_from(*attachment).map_err(|_| GONE)?;
                files::bytes(&attachments.get(index)).await.ok_or(GONE)
            }
            Place::Segment { name, offset } => {
                if let Some(bytes) = self.own(name, *offset, length) {
                    return Ok(bytes);
                }
                let folder = self.folder().await.map_err(|_| GONE)?;
                let file = opfs::snapshot(&folder, name).await.map_err(|_| GONE)?;
                let slice = file
                    .slice_with_f64_and_f64(*offset as f64, (*offset + length) as f64)
                    .map_err(|_| GONE)?;
                files::bytes(&slice).await.ok_or(GONE)
            }
        }
    }

    fn own(&self, name: &str, offset: u64, length: u64) -> Option<Vec<u8>> {
        let open = self.open.borrow();
        let open = open.as_ref().filter(|o| o.name == name)?;
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        let n = open
            .handle
            .read_with_u8_array_and_options(&mut bytes, &opfs::at(offset))
            .ok()?;
        (opfs::whole(n) == length).then_some(bytes)
    }
}
