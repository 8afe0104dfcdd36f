//! Files in: picked, dropped, out of folders and ZIPs, without stopping the page.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use super::clock;
use super::core::{Inner, Source, Waiting};
use crate::messages::{Answer, Request};

/// The main thread works for so long at a stretch; a person notices fifty.
const STRETCH_MS: f64 = 25.0;
/// Files that are asked for at a time.
const AT_A_TIME: usize = 16;

impl Inner {
    /// Adds files that were picked.
    pub(crate) fn add_files(self: &Rc<Self>, files: Vec<File>) {
        let this = self.clone();
        let walk = self.state.borrow().walk;
        spawn_local(async move {
            let mut since = clock::millis();
            for file in files {
                let path = js_sys::Reflect::get(&file, &"webkitRelativePath".into())
                    .ok()
                    .and_then(|p| p.as_string())
                    .filter(|p| !p.is_empty())
                    .unwrap_or_else(|| file.name());
                this.take_file(path, file, Waiting::picked);
                if clock::millis() - since > STRETCH_MS {
                    this.take_waiting();
                    this.after_change();
                    clock::turn().await;
                    since = clock::millis();
                    if this.state.borrow().walk != walk {
                        return;
                    }
                }
            }
            this.take_waiting();
            this.after_change();
        });
    }

    /// Adds what was dropped. The entries must be asked for inside the event.
    pub(crate) fn add_drop(self: &Rc<Self>, data: &DataTransfer) {
        let items = data.items();
        let mut entries = Vec::new();
        let mut files = Vec::new();
        for i in 0..items.length() {
            let Some(item) = items.get(i).filter(|item| item.kind() == "file") else {
                continue;
            };
            match item.webkit_get_as_entry() {
                Ok(Some(entry)) => entries.push(entry),
                _ => files.extend(item.get_as_file().ok().flatten()),
            }
        }
        if !files.is_empty() {
            self.add_files(files);
        }
        let this = self.clone();
        let walk = self.state.borrow().walk;
        spawn_local(async move { this.walk(entries, walk).await });
    }

    async fn walk(self: &Rc<Self>, mut entries: Vec<FileSystemEntry>, walk: u32) {
        entries.reverse();
        let mut unreadable = 0_u64;
        let mut since = clock::millis();
        while let Some(entry) = entries.pop() {
            if entry.is_directory() {
                let reader = entry
                    .unchecked_into::<FileSystemDirectoryEntry>()
                    .create_reader();
                let mut inside = Vec::new();
                // A reader gives a hundred at a time, and none when it is done.
                loop {
                    let read = settled(|ok, no| {
                        reader
                            .read_entries_with_callback_and_callback(ok, no)
                            .is_ok()
                    });
                    let Ok(some) = read.await else {
                        unreadable += 1;
                        break;
                    };
                    let some: Array = some.unchecked_into();
                    if some.length() == 0 {
                        break;
                    }
                    let mut files = Vec::new();
                    for entry in some.iter().map(JsCast::unchecked_into::<FileSystemEntry>) {
                        if entry.is_directory() {
                            inside.push(entry);
                        } else {
                            files.push(entry);
                        }
                    }
                    unreadable += self.take_entries(files).await;
                    if self.state.borrow().walk != walk {
                        return;
                    }
                    if clock::millis() - since > STRETCH_MS {
                        clock::sleep(0).await;
                        since = clock::millis();
                    }
                }
                inside.reverse();
                entries.extend(inside);
            } else {
                unreadable += self.take_entries(vec![entry]).await;
            }
        }
        if unreadable > 0 {
            let sentence = format!(
                "{unreadable} files or folders could not be opened; does your account have the right to read them?"
            );
            self.notice("unreadable", Some(&sentence));
        }
    }

    /// Turns entries into files; gives how many could not be opened.
    ///
    /// A few at a time: the browser answers all questions that wait in one piece of work,
    /// during which nothing is drawn.
    async fn take_entries(self: &Rc<Self>, entries: Vec<FileSystemEntry>) -> u64 {
        let mut unreadable = 0;
        for some in entries.chunks(AT_A_TIME) {
            let asked: Vec<(String, JsFuture)> = some
                .iter()
                .map(|entry| {
                    let path = entry.full_path().trim_start_matches('/').to_owned();
                    let entry: &FileSystemFileEntry = entry.unchecked_ref();
                    let file = settled(|ok, no| {
                        entry.file_with_callback_and_callback(ok, no);
                        true
                    });
                    (path, file)
                })
                .collect();
            for (path, file) in asked {
                match file.await {
                    Ok(file) => self.take_file(path, file.unchecked_into(), Waiting::dropped),
                    Err(_) => unreadable += 1,
                }
            }
            self.take_waiting();
            self.after_change();
            clock::sleep(0).await;
        }
        unreadable
    }

    fn take_file(self: &Rc<Self>, name: String, file: File, waiting: fn(String, File) -> Waiting) {
        if name.to_ascii_lowercase().ends_with(".zip") {
            self.take_zip(name, file);
            return;
        }
        self.state
            .borrow_mut()
            .waiting
            .push_back(waiting(name, file));
    }

    fn take_zip(self: &Rc<Self>, name: String, file: File) {
        let zip = {
            let mut state = self.state.borrow_mut();
            state.zips += 1;
            state.zips
        };
        let Some(link) = self.pool.get(zip as usize % self.pool.len().max(1)) else {
            return;
        };
        let asked = link.ask(&Request::List { zip }, &Array::of1(&file));
        let this = self.clone();
        let walk = self.state.borrow().walk;
        spawn_local(async move {
            let told = asked.await;
            if this.state.borrow().walk != walk {
                return;
            }
            match told {
                Ok((Answer::Entries(entries), _)) => {
                    let found = entries.into_iter().map(|e| Waiting {
                        name: format!("{name}/{}", e.name),
                        size: e.size,
                        source: Source::Zip {
                            file: file.clone(),
                            zip,
                            entry: e.entry,
                            size: e.size,
                        },
                    });
                    this.state.borrow_mut().waiting.extend(found);
                }
                // A ZIP that cannot be opened is a file like any other: counted and listed.
                _ => {
                    let waiting = Waiting::picked(name, file);
                    this.state.borrow_mut().waiting.push_back(waiting);
                }
            }
            this.take_waiting();
            this.after_change();
        });
    }

    /// Moves what waits into the contribution, once there is one.
    pub(crate) fn take_waiting(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        if !state.ready || state.waiting.is_empty() {
            return;
        }
        let mut contribution = self.contribution.borrow_mut();
        if contribution.is_closed() {
            state.waiting.clear();
            drop(state);
            self.notice(
                "closed",
                Some("this contribution is closed: begin a new one, then drop the files again"),
            );
            return;
        }
        while let Some(file) = state.waiting.pop_front() {
            let id = contribution.add_file(file.name, file.size) as usize;
            if state.sources.len() <= id {
                state.sources.resize(id + 1, None);
            }
            if let Some(slot) = state.sources.get_mut(id) {
                *slot = Some(file.source);
            }
        }
    }

    /// Stops looking into folders and forgets what has not been read.
    pub(crate) fn cancel_reading(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        state.walk += 1;
        state.waiting.clear();
        drop(state);
        self.contribution.borrow_mut().cancel_reading();
        self.after_change();
    }
}

/// A call with two callbacks as a future.
fn settled(call: impl FnOnce(&js_sys::Function, &js_sys::Function) -> bool) -> JsFuture {
    let mut call = Some(call);
    let promise = Promise::new(&mut |ok, no| {
        if let Some(call) = call.take()
            && !call(&ok, &no)
        {
            let _ = no.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise)
}
