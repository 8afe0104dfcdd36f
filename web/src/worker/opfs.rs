//! The origin-private file system, as far as it is needed here.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemRemoveOptions,
    FileSystemSyncAccessHandle, WorkerGlobalScope,
};

/// The root folder; an error where the browser has none.
pub(crate) async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into()?;
    let storage = scope.navigator().storage();
    // Browsers without it give `undefined`, on which a call would throw anyway.
    if storage.is_undefined() || !Reflect::has(&storage, &"getDirectory".into())? {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(storage.get_directory()).await?.dyn_into()
}

/// A folder by its path, made where it is missing.
pub(crate) async fn folder(path: &str) -> Result<FileSystemDirectoryHandle, JsValue> {
    let mut at = root().await?;
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    for part in path.split('/').filter(|p| !p.is_empty()) {
        at = JsFuture::from(at.get_directory_handle_with_options(part, &options))
            .await?
            .dyn_into()?;
    }
    Ok(at)
}

/// A file in a folder; with `create`, made where it is missing.
pub(crate) async fn file(
    folder: &FileSystemDirectoryHandle,
    name: &str,
    create: bool,
) -> Result<FileSystemFileHandle, JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(create);
    JsFuture::from(folder.get_file_handle_with_options(name, &options))
        .await?
        .dyn_into()
}

/// The exclusive, synchronous handle of a file.
pub(crate) async fn handle(
    file: &FileSystemFileHandle,
) -> Result<FileSystemSyncAccessHandle, JsValue> {
    JsFuture::from(file.create_sync_access_handle())
        .await?
        .dyn_into()
}

/// A snapshot of a file, which any number of workers can read.
pub(crate) async fn snapshot(
    folder: &FileSystemDirectoryHandle,
    name: &str,
) -> Result<File, JsValue> {
    let file = file(folder, name, false).await?;
    JsFuture::from(file.get_file()).await?.dyn_into()
}

/// The whole text of a file; empty where there is none.
pub(crate) async fn text(folder: &FileSystemDirectoryHandle, name: &str) -> String {
    let Ok(file) = snapshot(folder, name).await else {
        return String::new();
    };
    JsFuture::from(file.text())
        .await
        .ok()
        .and_then(|t| t.as_string())
        .unwrap_or_default()
}

/// Files of a folder with their sizes.
pub(crate) async fn list(folder: &FileSystemDirectoryHandle) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let entries: js_sys::AsyncIterator = folder.entries();
    while let Ok(next) = entries.next() {
        let Ok(next) = JsFuture::from(next).await else {
            break;
        };
        if Reflect::get(&next, &"done".into()).is_ok_and(|d| d.is_truthy()) {
            break;
        }
        let Ok(pair) = Reflect::get(&next, &"value".into()) else {
            break;
        };
        let pair: js_sys::Array = pair.unchecked_into();
        let Some(name) = pair.get(0).as_string() else {
            continue;
        };
        if let Ok(file) = pair.get(1).dyn_into::<FileSystemFileHandle>()
            && let Ok(file) = JsFuture::from(file.get_file()).await
        {
            let size = file.unchecked_ref::<File>().size();
            found.push((name, whole(size)));
        }
    }
    found
}

/// Deletes a file or a folder with all in it; what is not there is no error.
pub(crate) async fn remove(folder: &FileSystemDirectoryHandle, name: &str) {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    let _ = JsFuture::from(folder.remove_entry_with_options(name, &options)).await;
}

/// Options that name an offset.
pub(crate) fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}

/// A JavaScript number as a whole one.
#[allow(
    clippy::cast_sign_loss,
    reason = "sizes and offsets are never negative"
)]
pub(crate) fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

/// Whether the browser said that no space is left.
pub(crate) fn is_full(error: &JsValue) -> bool {
    let name = Reflect::get(error.unchecked_ref::<Object>(), &"name".into());
    name.ok()
        .and_then(|n| n.as_string())
        .is_some_and(|n| n == "QuotaExceededError" || n == "NoSpaceError")
}

/// Writes all of `bytes` at `offset`.
pub(crate) fn write_at(
    handle: &FileSystemSyncAccessHandle,
    bytes: &[u8],
    offset: u64,
) -> Result<(), JsValue> {
    let mut done = 0;
    while let Some(rest) = bytes.get(done..).filter(|r| !r.is_empty()) {
        let n = handle.write_with_u8_array_and_options(rest, &at(offset + done as u64))?;
        let n = usize::try_from(whole(n)).unwrap_or(0);
        if n == 0 {
            return Err(js_sys::Error::new("no space").into());
        }
        done += n;
    }
    Ok(())
}
