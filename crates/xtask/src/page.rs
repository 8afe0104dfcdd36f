//! Builds the page: three wasm modules, their JavaScript, the weights, the static files.
//!
//! `trunk` is not used: it puts its start script into the HTML, which the page's
//! content security policy forbids, and it does not build the application and the
//! worker from one crate without a second HTML file. Driving `wasm-bindgen` and
//! `wasm-opt` takes less than configuring that away.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{At as _, Done, Failure};
use crate::paths::Paths;
use crate::shell::{cargo, run, say};
use crate::tools;

/// The modules: the application draws, the worker cleans, the networks look.
pub(crate) const MODULES: [&str; 3] = ["app", "worker", "nets"];

/// What every browser that this project supports can run (Chromium 119, Firefox 121, Safari 17).
const WASM_FEATURES: &[&str] = &[
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the page into `dist/page` and gives the folder.
pub(crate) fn build(paths: &Paths) -> Done<PathBuf> {
    tools::wasm_target(paths)?;
    let bindgen = tools::wasm_bindgen(paths)?;
    let optimiser = tools::wasm_opt(paths)?;
    let mut command = cargo();
    command
        // One build for all: apart, they would ask for other parts of the same libraries, and
        // everything would be built twice.
        .args(["build", "--package", "cordon-web"])
        .args(["--package", "cordon-web-nets", "--bins"])
        .args(["--target", "wasm32-unknown-unknown", "--profile", "wasm"])
        .env("CARGO_TARGET_DIR", &paths.target)
        .current_dir(&paths.root);
    run(&mut command)?;
    let built = paths.target.join("wasm32-unknown-unknown/wasm");
    // A half-built page must never be served: build beside it, then change places.
    let page = paths.page();
    let made = page.with_extension("made");
    let stamp = stamp(paths, &built)?;
    if fs::read_to_string(&made).is_ok_and(|was| was == stamp) && page.join("index.html").is_file()
    {
        say(&format!("The page in {} is as it was", page.display()));
        return Ok(page);
    }
    let fresh = page.with_extension("new");
    remove(&fresh)?;
    fs::create_dir_all(&fresh).at(&fresh)?;
    for module in MODULES {
        run(Command::new(&bindgen)
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--out-name",
                module,
                "--out-dir",
            ])
            .arg(&fresh)
            .arg(built.join(format!("{module}.wasm"))))?;
        let wasm = fresh.join(format!("{module}_bg.wasm"));
        run(Command::new(&optimiser)
            // LLVM has optimised already. With -O3 the page cleans a sixth more slowly: larger
            // functions take the browser longer to compile than they save.
            .arg("-O1")
            .args(WASM_FEATURES)
            .args(["--strip-debug", "--strip-producers"])
            .arg(&wasm)
            .arg("-o")
            .arg(&wasm))?;
    }
    copy(&paths.root.join("web/static"), &fresh)?;
    copy_weights(&paths.root.join("crates/nets/weights"), &fresh)?;
    if !fresh.join("index.html").is_file() {
        return Err(Failure::Check("web/static holds no index.html".to_owned()));
    }
    put_apart(&fresh)?;
    compress_all(&fresh)?;
    // From here until the new one is there nothing vouches for the page.
    fs::write(&made, "").at(&made)?;
    remove(&page)?;
    fs::rename(&fresh, &page).at(&page)?;
    fs::write(&made, stamp).at(&made)?;
    say(&format!("The page is in {}", page.display()));
    Ok(page)
}

/// Says what a page was made from: to optimise and to pack one again that is as it was takes minutes.
fn stamp(paths: &Paths, built: &Path) -> Done<String> {
    // How it is made, and with which tools.
    let mut parts = String::from(include_str!("page.rs")) + include_str!("tools.rs");
    let modules = MODULES.map(|module| built.join(format!("{module}.wasm")));
    let fixed = ["web/static", "crates/nets/weights"].map(|folder| paths.root.join(folder));
    let mut all = Vec::from(modules);
    for folder in fixed.iter().filter(|folder| folder.is_dir()) {
        all.extend(files(folder)?);
    }
    for path in all {
        parts += &path.to_string_lossy();
        parts += &cordon_protocol::sha256_hex(&fs::read(&path).at(&path)?);
    }
    Ok(cordon_protocol::sha256_hex(parts.as_bytes()))
}

/// What has an address for ever, because people and portals know it.
const KNOWN: [&str; 2] = ["index.html", "bench.html"];
/// What portals link, as one line that leads to this version's.
const LINKED: [(&str, &str); 2] = [
    (
        "cordon-embed.js",
        "export * from \"./{files}/cordon-embed.js\";\n",
    ),
    ("cordon.css", "@import url(\"{files}/cordon.css\");\n"),
];
/// Where the documents of `web/static` say that all other files are.
const FILES: &str = "\"files/";

/// Puts everything but the documents into a folder named by the digest of it all. A browser keeps
/// what is in there for ever and asks for nothing of it a second time, and a page that is open
/// while the server gets another version never starts a worker of that one.
fn put_apart(page: &Path) -> Done {
    let mut parts = String::new();
    for path in files(page)? {
        parts += &plain_name(&path);
        parts += &cordon_protocol::sha256_hex(&fs::read(&path).at(&path)?);
    }
    let digest = cordon_protocol::sha256_hex(parts.as_bytes());
    // A name that is a digest holds a figure, for the server to know it by.
    let name = format!("0{}", digest.get(..15).unwrap_or_default());
    let apart = page.join(&name);
    fs::create_dir(&apart).at(&apart)?;
    for path in files(page)? {
        let Some(file) = path.file_name().and_then(|n| n.to_str()) else {
            continue;
        };
        if KNOWN.contains(&file) {
            let text = fs::read_to_string(&path).at(&path)?;
            if !text.contains(FILES) {
                return Err(Failure::Check(format!("{file} names nothing under files/")));
            }
            fs::write(&path, text.replace(FILES, &format!("\"{name}/"))).at(&path)?;
        } else {
            fs::rename(&path, apart.join(file)).at(&path)?;
        }
    }
    for (file, line) in LINKED {
        let path = page.join(file);
        fs::write(&path, line.replace("{files}", &name)).at(&path)?;
    }
    Ok(())
}

/// The name of a file of the page without its folder.
pub(crate) fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether a file of the page is only fetched when networks are needed.
pub(crate) fn is_networks(name: &str) -> bool {
    name.starts_with("nets") || name.ends_with(".safetensors")
}

/// Copies the weights of the networks under names that hold their digest, so that a browser
/// keeps them for ever and never takes those of another version.
fn copy_weights(from: &Path, to: &Path) -> Done {
    if !from.is_dir() {
        return Ok(());
    }
    for path in files(from)? {
        let Some(name) = path.file_stem().and_then(|n| n.to_str()) else {
            continue;
        };
        if path.extension().is_none_or(|e| e != "safetensors") {
            continue;
        }
        let bytes = fs::read(&path).at(&path)?;
        let digest = cordon_protocol::sha256_hex(&bytes);
        let digest = digest.get(..16).unwrap_or_default();
        let goal = to.join(format!("{name}-{digest}.safetensors"));
        fs::write(&goal, bytes).at(&goal)?;
    }
    Ok(())
}

fn remove(dir: &Path) -> Done {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).at(dir),
        _ => Ok(()),
    }
}

/// Copies a folder with all below it.
pub(crate) fn copy(from: &Path, to: &Path) -> Done {
    fs::create_dir_all(to).at(to)?;
    for entry in fs::read_dir(from).at(from)? {
        let entry = entry.at(from)?;
        let (source, goal) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &goal)?;
        } else {
            fs::copy(&source, &goal).at(&source)?;
        }
    }
    Ok(())
}

/// Every file below a folder, sorted.
pub(crate) fn files(dir: &Path) -> Done<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).at(dir)? {
        let path = entry.at(dir)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Puts a `.br` and a `.gz` beside every file that gains by it, so that the server never compresses.
fn compress_all(dir: &Path) -> Done {
    for path in files(dir)? {
        let plain = fs::read(&path).at(&path)?;
        for (ending, packed) in [
            ("br", brotli(&plain).at(&path)?),
            ("gz", gzip(&plain).at(&path)?),
        ] {
            if packed.len() + packed.len() / 20 < plain.len() {
                let mut name = path.clone().into_os_string();
                name.push(".");
                name.push(ending);
                fs::write(&name, packed).at(Path::new(&name))?;
            }
        }
    }
    Ok(())
}

fn brotli(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 24);
    writer.write_all(plain)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain)?;
    writer.finish()
}
