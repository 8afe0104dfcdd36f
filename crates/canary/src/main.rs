//! `canary make DIR` and `canary scan ORIGINALS CLEANED`: measure any de-identifier.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command prints

use std::path::Path;
use std::process::ExitCode;

use cordon_canary::scan::Scanner;
use cordon_canary::set::{Manifest, SetError, write_to};

const USAGE: &str = "canary make DIR            writes the planted files and canaries.json
canary scan MADE CLEANED   searches every file under CLEANED for every canary of MADE";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["make", folder] => write_to(Path::new(folder)).map(|n| {
            println!("{n} files");
            true
        }),
        ["scan", made, cleaned] => scan(Path::new(made), Path::new(cleaned)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Searches each file for the canaries of all; a tool may have renamed the files.
fn scan(made: &Path, cleaned: &Path) -> Result<bool, SetError> {
    let io = |path: &Path| {
        let name = path.display().to_string();
        move |e| SetError::Io(name, e)
    };
    let list = made.join("canaries.json");
    let json = std::fs::read(&list).map_err(io(&list))?;
    let manifest: Manifest = serde_json::from_slice(&json).map_err(SetError::Manifest)?;
    let mut files = Vec::new();
    let mut folders = vec![cleaned.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(io(&folder))? {
            let path = entry.map_err(io(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((std::fs::read(&path).map_err(io(&path))?, path));
            }
        }
    }
    let mut leaks = 0_usize;
    for (name, canaries) in &manifest.files {
        // Digits are unique in a file only, so elsewhere they prove nothing.
        let words: Vec<_> = canaries.iter().filter(|c| !c.digits).cloned().collect();
        let elsewhere = Scanner::new(&words).map_err(|_| SetError::TooMany)?;
        for (bytes, path) in &files {
            let leaked = if path.file_name().is_some_and(|n| n == name.as_str()) {
                Scanner::new(canaries)
                    .map_err(|_| SetError::TooMany)?
                    .leaks(bytes)
            } else {
                elsewhere.leaks(bytes)
            };
            leaks += leaked.len();
            for leak in leaked {
                let at = leak.offset;
                println!("{name}: {} in {} at {at}", leak.place, path.display());
            }
        }
    }
    println!("{} files searched, {leaks} canaries found", files.len());
    Ok(leaks == 0)
}
