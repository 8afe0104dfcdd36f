//! The keeper: journal, site key, receipt, and small questions to the server.
//!
//! One worker per engine, so that the journal has one writer. What it takes up is a
//! slot: a folder that a Web Lock gives to one tab at a time, so that two tabs on
//! one project do not fight over one contribution.

use std::cell::RefCell;

use cordon_protocol::CountersignedReceipt;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemDirectoryHandle, FileSystemSyncAccessHandle, WorkerGlobalScope};

use super::{Reply, files, keyfile, net, opfs};
use crate::messages::{Answer, KeyFile, Opened, Request};

const TOP: &str = "cordon";
const KEYS: &str = "site-key.jsonl";
const JOURNAL: &str = "journal.jsonl";
const RECEIPT: &str = "receipt.json";
const SEGMENT_END: &str = ".seg";
/// So many tabs can work for one project.
const SLOTS: u32 = 8;
/// How often, and after how many milliseconds, a lock is asked for again.
const PATIENCE: u32 = 8;
const PATIENCE_MS: i32 = 250;
const NO_STORAGE: &str = "this window has no file system of its own (a private window, or a browser that forbids it): cleaned images are kept in memory and are gone when the tab closes";
const NOT_KEPT: &str =
    "the key cannot be kept in this browser; save a back-up before the tab closes";

#[derive(Default)]
pub(crate) struct Keeper {
    folder: RefCell<Option<FileSystemDirectoryHandle>>,
    journal: RefCell<Option<(FileSystemSyncAccessHandle, u64)>>,
    // Where there is no file system, the key lives as long as the tab.
    key: RefCell<Option<KeyFile>>,
}

/// Answers what only the keeper is asked.
pub(crate) async fn answer(keeper: &Keeper, request: Request, attachments: &Array) -> Reply {
    match request {
        Request::Open { scope } => Answer::Opened(Box::new(open(keeper, &scope).await)).into(),
        Request::Append { lines, flush } => keeper.append(&lines, flush).into(),
        Request::DropStaged => {
            keeper.drop_staged().await;
            Answer::Done.into()
        }
        Request::Discard => keeper.discard().await.into(),
        Request::KeepReceipt(json) => keeper.keep_receipt(&json).await.into(),
        Request::Verify { json, key } => {
            let result = CountersignedReceipt::verify_json(&json, Some(&key));
            Answer::Verified(result.map(drop).map_err(|e| e.to_string())).into()
        }
        Request::MakeKey { now } => match make_key(keeper, &now).await {
            Ok(key) => Answer::Key(key).into(),
            Err(sentence) => Answer::Sentence(sentence.to_owned()).into(),
        },
        Request::ExportKey { passphrase, now } => export(keeper, &passphrase, now).await,
        Request::ImportKey { passphrase, now } => {
            let file = files::attachment(attachments, 0);
            match import(keeper, &file, &passphrase, &now).await {
                Ok(key) => Answer::Key(key).into(),
                Err(sentence) => Answer::Sentence(sentence.to_owned()).into(),
            }
        }
        Request::Encrypt { text, passphrase } => {
            match keyfile::encrypt(text.as_bytes(), &passphrase) {
                Ok(file) => Reply::buffer(Answer::Done, &Uint8Array::from(&*file).buffer()),
                Err(sentence) => Answer::Sentence(sentence.to_owned()).into(),
            }
        }
        Request::Project(line) => match net::project(&line).await {
            Ok(info) => Answer::Project(Box::new(info)).into(),
            Err(fault) => Answer::from(fault).into(),
        },
        Request::Close {
            line,
            contribution,
            request,
        } => match net::close(&line, &contribution, &request).await {
            Ok(json) => Answer::Receipt(json).into(),
            Err(fault) => Answer::from(fault).into(),
        },
        _ => Answer::Sentence("a request that no worker knows".to_owned()).into(),
    }
}

async fn open(keeper: &Keeper, scope: &str) -> Opened {
    let mut opened = Opened::default();
    if opfs::root().await.is_err() {
        NO_STORAGE.clone_into(&mut opened.why_not);
        opened.key = keeper.key.borrow().clone();
        return opened;
    }
    opened.key = stored_key().await;
    for (slot, has_work) in slots(scope).await {
        let path = format!("{TOP}/{scope}/slot-{slot}");
        let name = format!("cordon {scope} {slot}");
        let mut got = lock(&name).await;
        // The lock of a tab that was killed is given back a moment later: wait for its work.
        for _ in 0..if has_work { PATIENCE } else { 0 } {
            if got {
                break;
            }
            pause(PATIENCE_MS).await;
            got = lock(&name).await;
        }
        if !got {
            opened.other_tab = true;
            continue;
        }
        match take(keeper, &path).await {
            Ok((journal, segments, receipt)) => {
                opened.folder = Some(path);
                opened.journal = journal;
                opened.segments = segments;
                opened.receipt = receipt;
            }
            Err(_) => NO_STORAGE.clone_into(&mut opened.why_not),
        }
        return opened;
    }
    "too many tabs work for this project in this browser; close one"
        .clone_into(&mut opened.why_not);
    opened
}

/// The slots to try: those with unfinished work first.
async fn slots(scope: &str) -> Vec<(u32, bool)> {
    let mut with_work = Vec::new();
    let mut empty = Vec::new();
    for slot in 0..SLOTS {
        let Ok(folder) = opfs::folder(&format!("{TOP}/{scope}/slot-{slot}")).await else {
            continue;
        };
        let journal = opfs::snapshot(&folder, JOURNAL).await;
        if journal.is_ok_and(|j| j.size() > 0.0) {
            with_work.push((slot, true));
        } else {
            empty.push((slot, false));
        }
    }
    with_work.extend(empty);
    with_work
}

type Left = (Vec<String>, Vec<(String, u64)>, Option<String>);

async fn take(keeper: &Keeper, path: &str) -> Result<Left, JsValue> {
    let folder = opfs::folder(path).await?;
    let text = opfs::text(&folder, JOURNAL).await;
    // A line without its end was being written when the tab closed: it never happened.
    let whole = text.rfind('\n').map_or(0, |at| at + 1);
    let lines: Vec<String> = text
        .get(..whole)
        .unwrap_or_default()
        .lines()
        .map(ToOwned::to_owned)
        .collect();
    let segments = opfs::list(&folder)
        .await
        .into_iter()
        .filter(|(name, _)| name.ends_with(SEGMENT_END))
        .collect();
    let receipt = Some(opfs::text(&folder, RECEIPT).await).filter(|r| !r.is_empty());
    let file = opfs::file(&folder, JOURNAL, true).await?;
    let handle = opfs::handle(&file).await?;
    handle.truncate_with_f64(whole as f64)?;
    handle.flush()?;
    keeper.journal.replace(Some((handle, whole as u64)));
    keeper.folder.replace(Some(folder));
    Ok((lines, segments, receipt))
}

impl Keeper {
    /// Brings the journal to the disk.
    pub(crate) fn flush(&self) {
        if let Some((handle, _)) = self.journal.borrow().as_ref() {
            let _ = handle.flush();
        }
    }

    fn append(&self, lines: &[String], flush: bool) -> Answer {
        let mut journal = self.journal.borrow_mut();
        let Some((handle, length)) = journal.as_mut() else {
            return Answer::Done;
        };
        let mut text = lines.join("\n");
        text.push('\n');
        let mut written = opfs::write_at(handle, text.as_bytes(), *length);
        if flush {
            written = written.and_then(|()| handle.flush());
        }
        match written {
            Ok(()) => {
                *length += text.len() as u64;
                Answer::Done
            }
            Err(_) => {
                // What was half written must not stand in front of later lines.
                let _ = handle.truncate_with_f64(*length as f64);
                Answer::Sentence("no space is left in this browser's storage".to_owned())
            }
        }
    }

    async fn drop_staged(&self) {
        let Some(folder) = self.folder.borrow().clone() else {
            return;
        };
        for (name, _) in opfs::list(&folder).await {
            if name.ends_with(SEGMENT_END) {
                opfs::remove(&folder, &name).await;
            }
        }
    }

    async fn discard(&self) -> Answer {
        let Some(folder) = self.folder.borrow().clone() else {
            return Answer::Done;
        };
        // The journal first: without it, the rest is nothing but bytes to delete.
        if let Some((handle, length)) = self.journal.borrow_mut().as_mut() {
            let emptied = handle.truncate_with_f64(0.0).and_then(|()| handle.flush());
            if emptied.is_err() {
                return Answer::Sentence("the storage cannot be emptied".to_owned());
            }
            *length = 0;
        }
        opfs::remove(&folder, RECEIPT).await;
        self.drop_staged().await;
        Answer::Done
    }

    async fn keep_receipt(&self, json: &str) -> Answer {
        let Some(folder) = self.folder.borrow().clone() else {
            return Answer::Done;
        };
        match write_whole(&folder, RECEIPT, json.as_bytes()).await {
            Ok(()) => Answer::Done,
            Err(_) => {
                Answer::Sentence("the receipt cannot be kept here; save it as a file".to_owned())
            }
        }
    }
}

async fn write_whole(
    folder: &FileSystemDirectoryHandle,
    name: &str,
    bytes: &[u8],
) -> Result<(), JsValue> {
    let file = opfs::file(folder, name, true).await?;
    let handle = opfs::handle(&file).await?;
    let written = handle
        .truncate_with_f64(0.0)
        .and_then(|()| opfs::write_at(&handle, bytes, 0))
        .and_then(|()| handle.flush());
    handle.close();
    written
}

/// Takes a Web Lock for as long as this worker lives; `false` when another tab has it.
async fn lock(name: &str) -> bool {
    request_lock(name).await.unwrap_or(true)
}

async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let set = js_sys::global()
            .dyn_into::<WorkerGlobalScope>()
            .ok()
            .map(|s| {
                s.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            });
        if !matches!(set, Some(Ok(_))) {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
}

async fn request_lock(name: &str) -> Result<bool, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let (told, outcome) = futures_channel::oneshot::channel();
    let held = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let got = !lock.is_null();
        let _ = told.send(got);
        if got {
            // A promise that nobody settles holds the lock until the worker ends.
            Promise::new(&mut |_, _| {}).into()
        } else {
            JsValue::UNDEFINED
        }
    });
    request.call3(&locks, &name.into(), &options, &held)?;
    outcome.await.map_err(|_| JsValue::UNDEFINED)
}

/// The key of this browser: the last whole line of its file.
async fn stored_key() -> Option<KeyFile> {
    let folder = opfs::folder(TOP).await.ok()?;
    let text = opfs::text(&folder, KEYS).await;
    text.lines()
        .rev()
        .find_map(|line| serde_json::from_str::<KeyFile>(line).ok())
        .filter(|key| hex::decode(&key.key).is_ok_and(|k| k.len() == 32))
}

/// Keeps a key. The new line is on the disk before an older one could be missed.
async fn keep_key(keeper: &Keeper, key: &KeyFile) -> Result<(), &'static str> {
    keeper.key.replace(Some(key.clone()));
    let Ok(folder) = opfs::folder(TOP).await else {
        return Ok(());
    };
    let file = opfs::file(&folder, KEYS, true)
        .await
        .map_err(|_| NOT_KEPT)?;
    let handle = opfs::handle(&file).await.map_err(|_| NOT_KEPT)?;
    let line = format!("\n{}\n", serde_json::to_string(key).map_err(|_| NOT_KEPT)?);
    let written = handle.get_size().and_then(|size| {
        opfs::write_at(&handle, line.as_bytes(), opfs::whole(size)).and_then(|()| handle.flush())
    });
    handle.close();
    written.map_err(|_| NOT_KEPT)
}

async fn current_key(keeper: &Keeper) -> Option<KeyFile> {
    let stored = stored_key().await;
    stored.or_else(|| keeper.key.borrow().clone())
}

async fn make_key(keeper: &Keeper, now: &str) -> Result<KeyFile, &'static str> {
    // Another tab may have made one a moment ago.
    if let Some(key) = current_key(keeper).await {
        return Ok(key);
    }
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|_| "the browser gives no random bytes, so no key can be made")?;
    let key = keyfile::key_file(bytes, now.to_owned(), None);
    keep_key(keeper, &key).await?;
    // Where two tabs made one at the same time, the last line counts for both.
    Ok(current_key(keeper).await.unwrap_or(key))
}

async fn export(keeper: &Keeper, passphrase: &str, now: String) -> Reply {
    let sentence = |s: &str| Answer::Sentence(s.to_owned()).into();
    let Some(mut key) = current_key(keeper).await else {
        return sentence("there is no key to save");
    };
    let file = match keyfile::encrypt(keyfile::backup(&key).as_bytes(), passphrase) {
        Ok(file) => file,
        Err(why) => return sentence(why),
    };
    key.backed_up_at = Some(now);
    // The back-up is good even where the note about it cannot be kept.
    let _ = keep_key(keeper, &key).await;
    Reply::buffer(Answer::Key(key), &Uint8Array::from(&*file).buffer())
}

async fn import(
    keeper: &Keeper,
    file: &JsValue,
    passphrase: &str,
    now: &str,
) -> Result<KeyFile, &'static str> {
    let file = Uint8Array::new(file).to_vec();
    let plain = keyfile::decrypt(&file, passphrase)?;
    let key = keyfile::from_backup(&plain, now)?;
    keep_key(keeper, &key).await?;
    Ok(key)
}
