//! Objects and staging.
//!
//! A part of a request is written to a staging file of its own, hashed on the
//! way and flushed to the disk. Only then is it moved, in one step, to its place
//! in the object store, which is named by its SHA-256: whatever stands under a
//! name has the content that the name says. A crash between two steps leaves
//! either a staging file, which the next start deletes, or an object that no row
//! names, which the next start deletes too. A row is written after its object,
//! so there is never a row without one.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::error::IngestError;
use crate::keys;

/// Where objects are, and where they wait.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The folder behind `objects`, when it is one: then a move is a rename.
    folder: Option<PathBuf>,
    staging: PathBuf,
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

impl Store {
    /// Opens the folders under `data` and empties the staging folder.
    pub(crate) fn open(data: &Path) -> Result<Self, IngestError> {
        let folder = data.join("objects");
        fs::create_dir_all(&folder)?;
        let objects = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        Self::over(Arc::new(objects), Some(folder), data.join("staging"))
    }

    fn over(
        objects: Arc<dyn ObjectStore>,
        folder: Option<PathBuf>,
        staging: PathBuf,
    ) -> Result<Self, IngestError> {
        fs::create_dir_all(&staging)?;
        for entry in fs::read_dir(&staging)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(Self {
            objects,
            folder,
            staging,
        })
    }

    /// A new, empty staging file.
    pub(crate) fn stage(&self) -> Result<Staging, IngestError> {
        let name = hex::encode(keys::random::<16>()?);
        let path = self.staging.join(name);
        // Opened here and now: a request that is dropped while another thread opens
        // the file would leave it behind with nobody to delete it.
        let file = fs::File::options()
            .write(true)
            .create_new(true)
            .open(&path)?;
        let file = tokio::fs::File::from_std(file);
        Ok(Staging {
            file: tokio::io::BufWriter::with_capacity(256 * 1024, file),
            staged: StagedFile { path },
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Moves a staged object to its place. Doing it again changes nothing.
    pub(crate) async fn adopt(&self, staged: &Staged) -> Result<(), IngestError> {
        let key = key_of(&staged.sha256);
        match &self.folder {
            Some(folder) => {
                let target = folder.join(key.as_ref());
                let from = staged.file.path.clone();
                blocking(move || {
                    let parent = target.parent().unwrap_or(Path::new("."));
                    if !parent.is_dir() {
                        fs::create_dir_all(parent)?;
                        for above in parent.ancestors().skip(1).take(2) {
                            sync_folder(above)?;
                        }
                    }
                    fs::rename(&from, &target)?;
                    sync_folder(parent)
                })
                .await
            }
            None => {
                let mut upload = WriteMultipart::new(self.objects.put_multipart(&key).await?);
                let mut file = tokio::fs::File::open(&staged.file.path).await?;
                let mut buffer = vec![0; 1 << 20];
                loop {
                    let n = tokio::io::AsyncReadExt::read(&mut file, &mut buffer).await?;
                    let Some(read) = buffer.get(..n).filter(|r| !r.is_empty()) else {
                        break;
                    };
                    upload.wait_for_capacity(4).await?;
                    upload.write(read);
                }
                upload.finish().await?;
                Ok(())
            }
        }
    }

    /// The bytes of an object, in pieces.
    pub(crate) async fn stream(
        &self,
        sha256: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, IngestError> {
        Ok(self.objects.get(&key_of(sha256)).await?.into_stream())
    }

    /// The bytes of an object, whole.
    pub(crate) async fn bytes(&self, sha256: &str) -> Result<Bytes, IngestError> {
        Ok(self.objects.get(&key_of(sha256)).await?.bytes().await?)
    }

    /// Deletes an object that no row names any more.
    pub(crate) async fn delete(&self, sha256: &str) -> Result<(), IngestError> {
        match self.objects.delete(&key_of(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }

    /// Deletes what no row names; only before the server takes requests.
    pub(crate) async fn sweep(&self, named: &HashSet<String>) -> Result<u64, IngestError> {
        let mut orphans = Vec::new();
        let mut listing = self.objects.list(None);
        while let Some(meta) = listing.try_next().await? {
            let known = meta.location.filename().is_some_and(|n| named.contains(n));
            if !known {
                orphans.push(meta.location);
            }
        }
        let count = orphans.len() as u64;
        for orphan in orphans {
            self.objects.delete(&orphan).await?;
        }
        Ok(count)
    }

    /// The digests of all objects there are.
    pub(crate) async fn list(&self) -> Result<HashSet<String>, IngestError> {
        let names = self.objects.list(None).map_ok(|meta| {
            meta.location
                .filename()
                .map(str::to_owned)
                .unwrap_or_default()
        });
        Ok(names.boxed().try_collect().await?)
    }
}

fn key_of(sha256: &str) -> Key {
    let shard = sha256.get(..2).unwrap_or("xx");
    Key::from_iter([shard, sha256])
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, IngestError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(IngestError::Io(std::io::Error::other(
            "a task on the disk did not end",
        ))),
    }
}

/// A staging file that goes away when nobody wants it.
#[derive(Debug)]
struct StagedFile {
    path: PathBuf,
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // After adoption there is nothing left here, and that is fine.
        let _ = fs::remove_file(&self.path);
    }
}

/// A staging file that is being written.
#[derive(Debug)]
pub(crate) struct Staging {
    file: tokio::io::BufWriter<tokio::fs::File>,
    staged: StagedFile,
    digest: Sha256,
    bytes: u64,
}

impl Staging {
    /// How much was written.
    pub(crate) const fn len(&self) -> u64 {
        self.bytes
    }
    /// Writes one more piece.
    pub(crate) async fn write(&mut self, piece: &[u8]) -> Result<(), IngestError> {
        self.digest.update(piece);
        self.bytes += piece.len() as u64;
        self.file.write_all(piece).await?;
        Ok(())
    }
    /// Flushes everything; flushing to the disk itself is left to [`Staged::sync`].
    pub(crate) async fn finish(mut self) -> Result<Staged, IngestError> {
        self.file.flush().await?;
        Ok(Staged {
            sha256: hex::encode(self.digest.finalize()),
            bytes: self.bytes,
            file: self.staged,
        })
    }
}

/// A staging file that is complete.
#[derive(Debug)]
pub(crate) struct Staged {
    /// Its digest.
    pub(crate) sha256: String,
    /// Its size.
    pub(crate) bytes: u64,
    file: StagedFile,
}

impl Staged {
    /// Flushes it to the disk and reads it back. Blocks.
    pub(crate) fn sync_and_read(&self) -> std::io::Result<Vec<u8>> {
        fs::File::open(&self.file.path)?.sync_all()?;
        fs::read(&self.file.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn staged(store: &Store, content: &[u8]) -> Staged {
        let mut staging = store.stage().expect("stage");
        for piece in content.chunks(7) {
            staging.write(piece).await.expect("write");
        }
        assert_eq!(staging.len(), content.len() as u64);
        staging.finish().await.expect("finish")
    }

    async fn round_trip(store: &Store) {
        let content = b"some object, not really DICOM";
        let first = staged(store, content).await;
        assert_eq!(first.sha256, cordon_protocol::sha256_hex(content));
        assert_eq!(first.sync_and_read().expect("read"), content);
        store.adopt(&first).await.expect("adopt");
        let again = staged(store, content).await;
        store.adopt(&again).await.expect("adopt again");
        assert_eq!(&store.bytes(&first.sha256).await.expect("get")[..], content);
        assert_eq!(store.list().await.expect("list").len(), 1);
        let other = staged(store, b"other").await;
        store.adopt(&other).await.expect("adopt");
        let named = HashSet::from([other.sha256.clone()]);
        assert_eq!(store.sweep(&named).await.expect("sweep"), 1);
        assert_eq!(store.list().await.expect("list"), named);
        store.delete(&other.sha256).await.expect("delete");
        store.delete(&other.sha256).await.expect("delete again");
    }

    #[tokio::test]
    async fn a_folder_takes_gives_and_sweeps() {
        let dir = tempfile::tempdir().expect("dir");
        let store = Store::open(dir.path()).expect("store");
        round_trip(&store).await;
        assert_eq!(
            fs::read_dir(dir.path().join("staging"))
                .expect("dir")
                .count(),
            0
        );
    }

    #[tokio::test]
    async fn any_object_store_does() {
        let dir = tempfile::tempdir().expect("dir");
        let objects = Arc::new(object_store::memory::InMemory::new());
        let store = Store::over(objects, None, dir.path().join("staging")).expect("store");
        round_trip(&store).await;
    }

    #[tokio::test]
    async fn staging_is_emptied_at_the_start_and_on_drop() {
        let dir = tempfile::tempdir().expect("dir");
        let store = Store::open(dir.path()).expect("store");
        let left = dir.path().join("staging").join("left");
        fs::write(&left, b"half").expect("write");
        let half = store.stage().expect("stage");
        let path = half.staged.path.clone();
        assert!(path.exists());
        drop(half);
        assert!(!path.exists());
        Store::open(dir.path()).expect("store");
        assert!(!left.exists());
    }
}
