//! Handing out work: tasks in batches to workers, results back into the contribution.

use std::rc::Rc;

use cordon_contribute::{CleanSummary, FileId, Phase, Task};
use cordon_protocol::{Code, Finding};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::core::{Held, Inner, Source, size_of};
use crate::messages::{Answer, CleanedFile, Input, Place, Request, SMALL_BYTES};

/// Batches under way per worker: while one is cleaned, the next is being read.
const DEPTH: u32 = 2;
/// Files in one batch, and their bytes: small enough that the tree grows smoothly.
const BATCH: usize = 32;
const BATCH_BYTES: u64 = 6 << 20;
/// Files in each worker's first batches: nothing can be cleaned before one has been read.
const FIRST_BATCH: usize = 8;
/// Of a larger file, only the head is read at first.
const HEAD_BYTES: u64 = 16 << 10;
/// Requests to the server under way.
const SENDS: u32 = 2;

fn head_or_all(size: u64) -> u64 {
    if size > SMALL_BYTES { HEAD_BYTES } else { size }
}

/// What to do with a worker's answer about these files.
type Take = fn(&Rc<Inner>, usize, &[FileId], (Answer, Array));

enum Work {
    Read(Vec<FileId>),
    Clean(Vec<FileId>),
    Send(Vec<FileId>),
    Close,
}

impl Inner {
    /// Gives idle workers something to do: one batch at a time, because handing over files
    /// that were picked makes the browser ask the disk about each of them.
    pub(crate) fn pump(self: &Rc<Self>) {
        if !self.state.borrow().ready || self.pumping.get() || !self.hand_out() {
            return;
        }
        self.pumping.set(true);
        let this = self.clone();
        spawn_local(async move {
            super::clock::turn().await;
            this.pumping.set(false);
            this.pump();
        });
    }

    /// Hands out one batch; says whether there was one, and a worker for it.
    fn hand_out(self: &Rc<Self>) -> bool {
        let idle = (0..self.pool.len())
            .filter(|i| self.pool.get(*i).is_some_and(|l| l.busy.get() < DEPTH))
            .min_by_key(|i| self.pool.get(*i).map_or(u32::MAX, |l| l.busy.get()));
        let Some(worker) = idle else { return false };
        let Some(work) = self.next_work() else {
            return false;
        };
        let this = self.clone();
        match work {
            Work::Read(ids) => spawn_local(async move { this.read(worker, ids).await }),
            Work::Clean(ids) => spawn_local(async move { this.clean(worker, ids).await }),
            Work::Send(ids) => {
                self.state.borrow_mut().sends += 1;
                spawn_local(async move {
                    this.send(worker, ids).await;
                    this.state.borrow_mut().sends -= 1;
                    this.after_change();
                });
            }
            Work::Close => spawn_local(async move { this.close(worker).await }),
        }
        if let Some(link) = self.pool.get(worker) {
            link.busy.set(link.busy.get() + 1);
        }
        true
    }

    /// The worker has one batch less to do.
    pub(crate) fn done(&self, worker: usize) {
        if let Some(link) = self.pool.get(worker) {
            link.busy.set(link.busy.get().saturating_sub(1));
        }
    }

    fn next_task(&self, may_send: bool) -> Option<Task> {
        let mut state = self.state.borrow_mut();
        let mut contribution = self.contribution.borrow_mut();
        if contribution.is_paused() {
            return None;
        }
        let fits = |task: &Task| may_send || !matches!(task, Task::Send(_));
        if let Some(at) = state.carry.iter().position(fits) {
            return state.carry.remove(at);
        }
        if state.carry.iter().any(|t| matches!(t, Task::Send(_))) {
            return None;
        }
        let task = contribution.next_task()?;
        if fits(&task) {
            Some(task)
        } else {
            state.carry.push_back(task);
            None
        }
    }

    fn next_work(&self) -> Option<Work> {
        let may_send = self.state.borrow().sends < SENDS;
        Some(match self.next_task(may_send)? {
            Task::Read(id) => {
                let (reads, typical) = {
                    let mut state = self.state.borrow_mut();
                    state.reads += 1;
                    (state.reads as usize, state.typical)
                };
                let is_first = reads <= self.pool.len() * DEPTH as usize;
                let most = if is_first { FIRST_BATCH } else { BATCH };
                let cost = |size| head_or_all(if size == 0 { typical } else { size });
                Work::Read(self.more(id, most, cost, |t| match t {
                    Task::Read(id) => Some(*id),
                    _ => None,
                }))
            }
            Task::Clean(id) => Work::Clean(self.more(
                id,
                BATCH,
                |size| size,
                |t| match t {
                    Task::Clean(id) => Some(*id),
                    _ => None,
                },
            )),
            Task::Send(ids) => Work::Send(ids),
            Task::Close => Work::Close,
        })
    }

    /// More tasks of the same kind, up to a number and a size.
    fn more(
        &self,
        first: FileId,
        most: usize,
        cost: impl Fn(u64) -> u64,
        same: impl Fn(&Task) -> Option<FileId>,
    ) -> Vec<FileId> {
        let size = |id| cost(self.contribution.borrow().file(id).map_or(0, |f| f.size));
        let mut bytes = size(first);
        let mut ids = vec![first];
        while ids.len() < most && bytes < BATCH_BYTES {
            let Some(task) = self.next_task(false) else {
                break;
            };
            match same(&task) {
                Some(id) => {
                    bytes += size(id);
                    ids.push(id);
                }
                None => {
                    self.state.borrow_mut().carry.push_back(task);
                    break;
                }
            }
        }
        ids
    }

    /// The inputs of files, with what travels beside the message. A file without a source is skipped.
    pub(crate) fn inputs(&self, ids: &[FileId]) -> (Vec<Input>, Array) {
        let state = self.state.borrow();
        let attachments = Array::new();
        let mut zips: Vec<(u32, usize)> = Vec::new();
        let attach = |value: &JsValue| (attachments.push(value) - 1) as usize;
        let inputs = ids
            .iter()
            .filter_map(|id| state.sources.get(*id as usize).and_then(Option::as_ref))
            .map(|source| match source {
                Source::File { file } => Input::File {
                    attachment: attach(file),
                },
                Source::Zip {
                    file,
                    zip,
                    entry,
                    size,
                } => {
                    let known = zips.iter().find(|(z, _)| z == zip).map(|(_, at)| *at);
                    let attachment = known.unwrap_or_else(|| {
                        let at = attach(file);
                        zips.push((*zip, at));
                        at
                    });
                    Input::Zip {
                        attachment,
                        zip: *zip,
                        entry: *entry,
                        size: *size,
                    }
                }
            })
            .collect();
        (inputs, attachments)
    }

    /// Asks a worker about files; when it dies, about each of them alone, so that one bad
    /// file does not cost its neighbours.
    async fn ask_each(
        self: &Rc<Self>,
        worker: usize,
        ids: &[FileId],
        request: fn(&Inner, &[FileId]) -> (Request, Array),
        take: Take,
    ) {
        let epoch = self.state.borrow().epoch;
        let Some(link) = self.pool.get(worker) else {
            return;
        };
        let (question, attachments) = request(self, ids);
        if let Ok(told) = link.ask(&question, &attachments).await {
            if self.state.borrow().epoch == epoch {
                take(self, worker, ids, told);
            }
            return;
        }
        for id in ids {
            if self.state.borrow().epoch != epoch || self.is_stopped() {
                return;
            }
            super::clock::sleep(300).await;
            let (question, attachments) = request(self, &[*id]);
            let told = link.ask(&question, &attachments).await;
            if self.state.borrow().epoch != epoch {
                return;
            }
            match told {
                Ok(told) => take(self, worker, &[*id], told),
                Err(_) => self.failed(*id),
            }
        }
    }

    async fn read(self: &Rc<Self>, worker: usize, ids: Vec<FileId>) {
        let request = |this: &Self, ids: &[FileId]| {
            let (inputs, attachments) = this.inputs(ids);
            (Request::Read(inputs), attachments)
        };
        self.ask_each(worker, &ids, request, Self::on_taken).await;
        self.done(worker);
        self.after_change();
    }

    fn on_taken(self: &Rc<Self>, worker: usize, ids: &[FileId], told: (Answer, Array)) {
        let (answer, attachments) = told;
        match answer {
            Answer::Taken { files, full } if files.len() == ids.len() => {
                let sum: u64 = files.iter().map(|file| file.size).sum();
                self.state.borrow_mut().typical = sum / (files.len() as u64).max(1);
                for (id, file) in ids.iter().zip(files) {
                    {
                        let mut contribution = self.contribution.borrow_mut();
                        contribution.on_size(*id, file.size);
                        contribution.on_inventory(*id, file.inventory);
                    }
                    if let Some(cleaned) = file.cleaned {
                        self.on_cleaned_one(worker, *id, cleaned, &attachments);
                    }
                }
                self.told_full(full);
            }
            _ => self.all_failed(ids),
        }
    }

    fn all_failed(&self, ids: &[FileId]) {
        for id in ids {
            self.failed(*id);
        }
    }

    /// No worker has an answer about this file. Its size is known all the same.
    fn failed(&self, id: FileId) {
        let mut contribution = self.contribution.borrow_mut();
        let state = self.state.borrow();
        if let Some(Some(Source::File { file })) = state.sources.get(id as usize) {
            contribution.on_size(id, size_of(file));
        }
        contribution.on_failed(id, Finding::new(Code::Internal));
    }

    fn told_full(self: &Rc<Self>, full: bool) {
        if full {
            self.storage_full("no space is left in this browser's storage: what is cleaned from now on is kept in memory and is gone when the tab closes. Free disk space, or send what is here first");
        }
    }

    async fn clean(self: &Rc<Self>, worker: usize, ids: Vec<FileId>) {
        let request = |this: &Self, ids: &[FileId]| {
            let (inputs, attachments) = this.inputs(ids);
            let works = this.works(ids, &attachments);
            (Request::Clean { inputs, works }, attachments)
        };
        self.ask_each(worker, &ids, request, Self::on_cleaned).await;
        self.done(worker);
        self.after_change();
    }

    fn on_cleaned(self: &Rc<Self>, worker: usize, ids: &[FileId], told: (Answer, Array)) {
        let (answer, attachments) = told;
        match answer {
            Answer::Cleaned { files, full } if files.len() == ids.len() => {
                for (id, file) in ids.iter().zip(files) {
                    self.on_cleaned_one(worker, *id, file, &attachments);
                }
                self.told_full(full);
            }
            _ => self.all_failed(ids),
        }
    }

    fn on_cleaned_one(
        self: &Rc<Self>,
        worker: usize,
        id: FileId,
        file: CleanedFile,
        attachments: &Array,
    ) {
        let held = match file.place {
            Some(Place::Segment { name, offset }) => {
                self.state.borrow_mut().owners.insert(name.clone(), worker);
                Some(Held::Segment { name, offset })
            }
            Some(Place::Blob { attachment }) => u32::try_from(attachment)
                .map_or(JsValue::UNDEFINED, |at| attachments.get(at))
                .dyn_into()
                .ok()
                .map(Held::Blob),
            None => None,
        };
        let CleanSummary { record, .. } = &file.summary;
        // The person decided meanwhile: what was made under the old rules is void.
        let stale = {
            let state = self.state.borrow();
            file.round != state.words.rules().round || state.looks.is_stale(id)
        };
        if record.is_some() && stale {
            self.contribution.borrow_mut().clean_later(id);
            return;
        }
        let instance = record.as_ref().map(|r| r.instance.clone());
        let mut contribution = self.contribution.borrow_mut();
        if record.is_some() && held.is_none() {
            // Nothing holds the bytes: without them there is nothing to send.
            contribution.on_failed(id, Finding::new(Code::Internal));
            return;
        }
        contribution.on_cleaned(id, file.summary);
        let (Some(instance), Some(held)) = (instance, held) else {
            return;
        };
        let mut state = self.state.borrow_mut();
        let phase = contribution.file(id).map(|f| (f.phase, f.verdict));
        match phase {
            Some((Phase::Checked, _)) => {
                if matches!(held, Held::Blob(_)) {
                    state.unkept.insert(instance.clone());
                }
                state.held.insert(instance.clone(), held);
                state.first.insert(instance, id);
                state.words.take(id, file.words);
            }
            // A file from before a restart: its bytes are staged already, now it has a source again.
            Some((Phase::Stays, None)) => {
                if let Some(first) = state.first.get(&instance).copied() {
                    let source = state.sources.get_mut(id as usize).and_then(Option::take);
                    if let Some(slot) = state.sources.get_mut(first as usize) {
                        *slot = source;
                    }
                    state.words.take(first, file.words);
                }
            }
            _ => {}
        }
    }
}
