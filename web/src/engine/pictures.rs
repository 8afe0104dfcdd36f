//! Pictures and headers on demand: made by workers, kept as long as there is room.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use cordon_contribute::{AttributeRow, FileId};
use futures_channel::oneshot;
use js_sys::{Array, Float32Array, Uint8ClampedArray};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, Url};

use super::core::Inner;
use super::types::{FrameData, Pixels, Side};
use crate::messages::{Answer, FrameMeta, Picture, Place, Request};

/// Small pictures that are kept.
const THUMBNAILS: usize = 800;
/// Bytes of frames that are kept.
const FRAME_BYTES: usize = 96 << 20;
/// Small pictures that are being made at a time: the pool has better things to do.
const AT_A_TIME: u32 = 2;

type FrameKey = (FileId, u32, Side);

/// What was made already.
#[derive(Default)]
pub(crate) struct Cache {
    thumbnails: RefCell<HashMap<FileId, (u64, String)>>,
    frames: RefCell<HashMap<FrameKey, (u64, FrameData)>>,
    age: Cell<u64>,
    making: Cell<u32>,
    queue: RefCell<Vec<oneshot::Sender<()>>>,
}

fn bytes(frame: &FrameData) -> usize {
    match &frame.pixels {
        Pixels::Gray { values, .. } => values.len() * 4,
        Pixels::Rgba(values) => values.len(),
    }
}

impl Cache {
    fn grow(&self) -> u64 {
        self.age.set(self.age.get() + 1);
        self.age.get()
    }

    fn keep_thumbnail(&self, id: FileId, url: String) {
        let age = self.grow();
        let mut kept = self.thumbnails.borrow_mut();
        kept.insert(id, (age, url));
        if kept.len() > THUMBNAILS {
            let oldest = kept
                .iter()
                .min_by_key(|(_, (age, _))| *age)
                .map(|(id, _)| *id);
            if let Some((_, url)) = oldest.and_then(|id| kept.remove(&id)) {
                let _ = Url::revoke_object_url(&url);
            }
        }
    }

    fn keep_frame(&self, key: FrameKey, frame: FrameData) {
        let age = self.grow();
        let mut kept = self.frames.borrow_mut();
        kept.insert(key, (age, frame));
        while kept.len() > 1 && kept.values().map(|(_, f)| bytes(f)).sum::<usize>() > FRAME_BYTES {
            let oldest = kept
                .iter()
                .min_by_key(|(_, (age, _))| *age)
                .map(|(key, _)| *key);
            if let Some(key) = oldest {
                kept.remove(&key);
            }
        }
    }

    /// Forgets what leaves of these files: it is made anew.
    pub(crate) fn forget_after(&self, ids: &HashSet<FileId>) {
        let mut frames = self.frames.borrow_mut();
        frames.retain(|(id, _, side), _| *side == Side::Before || !ids.contains(id));
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        for (_, (_, url)) in self.thumbnails.borrow_mut().drain() {
            let _ = Url::revoke_object_url(&url);
        }
        self.frames.borrow_mut().clear();
        self.queue.borrow_mut().clear();
    }
}

impl Inner {
    /// A small picture; the latest wish comes first, because that is what is on the screen.
    pub(crate) async fn thumbnail(self: &Rc<Self>, id: FileId) -> Option<String> {
        let kept = |cache: &Cache| {
            let age = cache.grow();
            let mut thumbnails = cache.thumbnails.borrow_mut();
            let (used, url) = thumbnails.get_mut(&id)?;
            *used = age;
            Some(url.clone())
        };
        if let Some(url) = kept(&self.pictures) {
            return Some(url);
        }
        let turn = (self.pictures.making.get() >= AT_A_TIME).then(|| {
            let (go, turn) = oneshot::channel();
            self.pictures.queue.borrow_mut().push(go);
            turn
        });
        if let Some(turn) = turn {
            turn.await.ok()?;
        }
        self.pictures.making.set(self.pictures.making.get() + 1);
        let made = match kept(&self.pictures) {
            Some(url) => Some(url),
            None => self.make_thumbnail(id).await,
        };
        self.pictures
            .making
            .set(self.pictures.making.get().saturating_sub(1));
        while let Some(next) = self.pictures.queue.borrow_mut().pop() {
            if next.send(()).is_ok() {
                break;
            }
        }
        made
    }

    async fn make_thumbnail(self: &Rc<Self>, id: FileId) -> Option<String> {
        let epoch = self.state.borrow().epoch;
        let (worker, picture, attachments) = self
            .picture(id, Side::Before)
            .or_else(|_| self.picture(id, Side::After))
            .ok()?;
        let link = self.pool.get(worker)?;
        let told = link.ask(&Request::Thumbnail(picture), &attachments).await;
        let Ok((Answer::Done, attachments)) = told else {
            return None;
        };
        let blob: Blob = attachments.get(0).dyn_into().ok()?;
        if self.state.borrow().epoch != epoch {
            return None;
        }
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        self.pictures.keep_thumbnail(id, url.clone());
        Some(url)
    }

    /// What to make a picture of, and the worker to ask.
    fn picture(&self, id: FileId, side: Side) -> Result<(usize, Picture, Array), String> {
        let least = (0..self.pool.len())
            .min_by_key(|i| self.pool.get(*i).map_or(u32::MAX, |l| l.busy.get()))
            .unwrap_or(0);
        match side {
            Side::Before => {
                let (inputs, attachments) = self.inputs(&[id]);
                let input = inputs.first().ok_or(
                    "the original is not open: this contribution was begun in an earlier tab. Drop the folder again to compare",
                )?;
                Ok((least, Picture::Original(*input), attachments))
            }
            Side::After => {
                let attachments = Array::new();
                let staged = self.staged(id, &attachments).ok_or(
                    "there is no cleaned image: it is not cleaned yet, stays behind, or was sent",
                )?;
                // An open segment can only be read by the worker that writes it.
                let owner = match &staged.place {
                    Place::Segment { name, .. } => self.state.borrow().owners.get(name).copied(),
                    Place::Blob { .. } => None,
                };
                let picture = Picture::Staged(Box::new(staged));
                Ok((owner.unwrap_or(least), picture, attachments))
            }
        }
    }

    pub(crate) async fn frame(
        self: &Rc<Self>,
        id: FileId,
        frame: u32,
        side: Side,
    ) -> Result<FrameData, String> {
        let key = (id, frame, side);
        let age = self.pictures.grow();
        if let Some((used, kept)) = self.pictures.frames.borrow_mut().get_mut(&key) {
            *used = age;
            return Ok(kept.clone());
        }
        let (worker, picture, attachments) = self.picture(id, side)?;
        let frames = self
            .contribution
            .borrow()
            .file(id)
            .and_then(|f| f.entry.as_ref().map(|e| e.frames));
        if frames.is_none_or(|n| n > 1) {
            // A name under which the worker may keep the object for the next frame.
            let epoch = self.state.borrow().epoch & 0x7F;
            let name = (epoch << 25) | (id << 1 & 0x1FF_FFFE) | u32::from(side == Side::After);
            attachments.push(&name.into());
        }
        let link = self.pool.get(worker).ok_or("there is no worker")?;
        let told = link
            .ask(&Request::Frame { picture, frame }, &attachments)
            .await;
        match told {
            Ok((Answer::Frame(meta), attachments)) => {
                let data = frame_data(meta, &attachments.get(0));
                self.pictures.keep_frame(key, data.clone());
                Ok(data)
            }
            Ok((Answer::Sentence(sentence), _)) => Err(sentence),
            _ => Err("the picture could not be decoded".to_owned()),
        }
    }

    pub(crate) async fn header(self: &Rc<Self>, id: FileId) -> Result<Vec<AttributeRow>, String> {
        let (inputs, attachments) = self.inputs(&[id]);
        let input = inputs.first().ok_or(
            "the original is not open: this contribution was begun in an earlier tab. Drop the folder again to compare",
        )?;
        let least = self.pool.iter().min_by_key(|l| l.busy.get());
        let link = least.ok_or("there is no worker")?;
        match link.ask(&Request::Header(*input), &attachments).await {
            Ok((Answer::Header(rows), _)) => Ok(rows),
            Ok((Answer::Sentence(sentence), _)) => Err(sentence),
            _ => Err("the header could not be read".to_owned()),
        }
    }
}

fn frame_data(meta: FrameMeta, buffer: &JsValue) -> FrameData {
    let pixels = match meta.gray {
        Some((center, width, invert, unit)) => Pixels::Gray {
            values: Float32Array::new(buffer).to_vec(),
            center,
            width,
            invert,
            unit,
        },
        None => Pixels::Rgba(Uint8ClampedArray::new(buffer).to_vec()),
    };
    FrameData {
        width: meta.width,
        height: meta.height,
        frames: meta.frames,
        pixels,
        aspect: meta.aspect,
    }
}
