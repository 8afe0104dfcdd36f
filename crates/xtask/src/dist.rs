//! `cargo xtask dist`: one folder that can be carried to a server.

use std::fs;

use crate::failure::{At as _, Done};
use crate::page;
use crate::paths::Paths;
use crate::run::build_server;
use crate::shell::say;

/// Builds the command and the page into `dist/cordon-<version>/`.
pub(crate) fn run(paths: &Paths) -> Done {
    let page = page::build(paths)?;
    let server = build_server(paths)?;
    let dir = paths
        .root
        .join(format!("dist/cordon-{}", env!("CARGO_PKG_VERSION")));
    match fs::remove_dir_all(&dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e).at(&dir),
        _ => {}
    }
    // `cordon serve` looks for a folder `page` beside itself.
    page::copy(&page, &dir.join("page"))?;
    fs::copy(&server, dir.join("cordon")).at(&server)?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        let source = paths.root.join(file);
        fs::copy(&source, dir.join(file)).at(&source)?;
    }
    say(&format!("Ready to carry: {}", dir.display()));
    Ok(())
}
