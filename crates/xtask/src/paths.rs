//! Where things are.

use std::path::{Path, PathBuf};

use crate::failure::{At as _, Done, Failure};

/// The folders that the tasks use.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Tools, packages and everything else that is brought, outside the clone.
    pub(crate) cache: PathBuf,
    /// Cargo's build output.
    pub(crate) target: PathBuf,
}

impl Paths {
    pub(crate) fn find() -> Done<Self> {
        let var = |name| std::env::var_os(name).map(PathBuf::from);
        // As it is run, not as it was built: two clones may share their build output.
        let own = var("CARGO_MANIFEST_DIR");
        let own = own
            .as_deref()
            .unwrap_or(Path::new(env!("CARGO_MANIFEST_DIR")));
        let root =
            own.ancestors().nth(2).map(Path::to_owned).ok_or_else(|| {
                Failure::Missing("the root of the clone was not found".to_owned())
            })?;
        let cache = var("CORDON_CACHE")
            .or_else(|| var("XDG_CACHE_HOME").map(|dir| dir.join("cordon")))
            .or_else(|| var("HOME").map(|dir| dir.join(".cache/cordon")))
            .ok_or_else(|| {
                Failure::Missing(
                    "set CORDON_CACHE to a folder for tools: HOME is not set".to_owned(),
                )
            })?;
        std::fs::create_dir_all(&cache).at(&cache)?;
        let target = var("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |t| root.join(t));
        Ok(Self {
            root,
            cache,
            target,
        })
    }

    /// The built page.
    pub(crate) fn page(&self) -> PathBuf {
        self.root.join("dist/page")
    }

    /// A pinned tool that was built with cargo.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.cache.join("tools/bin").join(name)
    }

    /// The Python of the virtual environment for validators and peers.
    pub(crate) fn python(&self) -> PathBuf {
        self.cache.join("py/bin/python")
    }
}
