//! The command against its peers, and against what the disk and the hash allow.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::{Files, Memory, Row, Times};
use crate::failure::{At as _, Done, Failure};
use crate::paths::Paths;
use crate::shell::{output, say};
use crate::{page, tools};

/// Takes a folder away; it need not be there.
pub(crate) fn clear(dir: &Path) -> Done {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).at(dir),
        _ => Ok(()),
    }
}

/// Bytes of all files below a folder.
pub(crate) fn bytes(dir: &Path) -> Done<u64> {
    let mut sum = 0;
    for path in page::files(dir)? {
        sum += fs::metadata(&path).at(&path)?.len();
    }
    Ok(sum)
}

fn timed(mut act: impl FnMut() -> Done) -> Done<Duration> {
    let start = Instant::now();
    act()?;
    Ok(start.elapsed())
}

/// What a perfect cleaner could not go below: copying the bytes, and hashing them once.
pub(crate) fn limits(files: &Files) -> Done<Vec<Row>> {
    let list = page::files(&files.few)?;
    let copy = |list: &[PathBuf], out: &Path| -> Done {
        for (n, path) in list.iter().enumerate() {
            let bytes = fs::read(path).at(path)?;
            let goal = out.join(n.to_string());
            fs::write(&goal, bytes).at(&goal)?;
        }
        Ok(())
    };
    // Once unmeasured: the page cache is warm for everybody.
    let out = files.fresh();
    fs::create_dir_all(&out).at(&out)?;
    copy(&list, &out)?;
    let threads = threads();
    let copying = Times::of(|| {
        let out = &files.fresh();
        let share = list.len().div_ceil(threads);
        for part in 0..threads {
            let dir = out.join(part.to_string());
            fs::create_dir_all(&dir).at(&dir)?;
        }
        timed(|| {
            std::thread::scope(|scope| {
                let workers: Vec<_> = list
                    .chunks(share)
                    .enumerate()
                    .map(|(n, part)| scope.spawn(move || copy(part, &out.join(n.to_string()))))
                    .collect();
                for worker in workers {
                    worker
                        .join()
                        .map_err(|_| Failure::Check("copying failed".to_owned()))??;
                }
                Ok(())
            })
        })
    })?;
    let hashing = Times::of(|| {
        timed(|| {
            for path in &list {
                let bytes = fs::read(path).at(path)?;
                std::hint::black_box(Sha256::digest(&bytes));
            }
            Ok(())
        })
    })?;
    Ok(vec![
        Row {
            name: "read and write every byte".to_owned(),
            note: "all cores, nothing else done",
            times: copying,
        },
        Row {
            name: "read and hash every byte".to_owned(),
            note: "SHA-256, one core",
            times: hashing,
        },
    ])
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn cordon(paths: &Paths, binary: &Path, input: &Path, out: &Path, extra: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command
        .arg("clean")
        .arg(input)
        .arg("--out")
        .arg(out)
        // The peers look at no pixels.
        .args(["--json", "--headers-only"])
        .args(extra)
        // The benchmark's key is its own, not that of the person who runs it.
        .env("XDG_CONFIG_HOME", paths.cache.join("bench/config"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn ran(child: &mut Command) -> Done {
    crate::shell::succeeds(child)
        .then_some(())
        .ok_or_else(|| Failure::Check(format!("{:?} failed", child.get_program())))
}

/// How many cleaned objects lie below a folder: a quick tool that wrote nothing is no peer.
fn wrote(out: &Path, wanted: usize) -> Done {
    let found = page::files(out)?
        .iter()
        .filter(|p| p.file_name().is_some_and(|n| n != "report.json"))
        .count();
    if found == wanted {
        Ok(())
    } else {
        Err(Failure::Check(format!(
            "{wanted} objects were to be written and {found} were"
        )))
    }
}

/// The command and the peers on the same 580 files.
pub(crate) fn rows(paths: &Paths, binary: &Path, files: &Files, python: bool) -> Done<Vec<Row>> {
    let count = page::files(&files.few)?.len();
    let mut rows = Vec::new();
    let research = paths
        .root
        .join("crates/protocol/ready/research-longitudinal.toml");
    let research = research.to_string_lossy();
    for (name, extra, note) in [
        (
            "cordon clean",
            &[][..],
            "Basic Profile, check of the result, all cores",
        ),
        (
            "cordon clean --threads 1",
            &["--threads", "1"][..],
            "the same on one core",
        ),
        (
            "cordon clean --protocol research-longitudinal.toml",
            &["--protocol", &*research][..],
            "texts cleaned, dates moved, safe private attributes kept, all cores",
        ),
    ] {
        say(name);
        let times = Times::of(|| {
            let out = files.fresh();
            let took = timed(|| ran(&mut cordon(paths, binary, &files.few, &out, extra)))?;
            wrote(&out, count)?;
            Ok(took)
        })?;
        rows.push(Row {
            name: name.to_owned(),
            note,
            times,
        });
    }
    say("dcmodify");
    let times = Times::of(|| {
        let out = files.fresh();
        page::copy(&files.few, &out)?;
        let list = page::files(&out)?;
        timed(|| {
            ran(Command::new("dcmodify")
                .args([
                    "--no-backup",
                    "--modify",
                    "(0010,0010)=X",
                    "--modify",
                    "(0010,0020)=Y",
                ])
                .args(&list))
        })
    })?;
    rows.push(Row {
        name: format!("dcmodify ({})", dcmtk_version()),
        note: "two attributes changed in place, one core",
        times,
    });
    if python {
        let interpreter = tools::python_for_bench(paths)?;
        for (script, name) in [
            ("dicom_anonymizer.py", "dicom-anonymizer 2.1.0"),
            ("dicognito_peer.py", "dicognito 0.19.0"),
            ("deid_peer.py", "pydicom/deid 0.4.13"),
        ] {
            say(name);
            let times = Times::of(|| {
                let out = files.fresh();
                let took = peer(paths, &interpreter, script, &files.few, &out)?;
                wrote(&out, count)?;
                Ok(took)
            })?;
            rows.push(Row {
                name: name.to_owned(),
                note: "one core, without the start of the interpreter",
                times,
            });
        }
    }
    Ok(rows)
}

fn dcmtk_version() -> String {
    output(Command::new("dcmodify").arg("--version"))
        .ok()
        .and_then(|text| {
            text.split_whitespace()
                .find(|w| w.starts_with('v'))
                .map(str::to_owned)
        })
        .unwrap_or_else(|| "dcmtk".to_owned())
}

fn peer(paths: &Paths, python: &Path, script: &str, input: &Path, out: &Path) -> Done<Duration> {
    let text = output(
        Command::new(python)
            .arg(paths.root.join("benches/peers").join(script))
            .arg(input)
            .arg(out),
    )?;
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(line)
        .ok()
        .and_then(|json| json.get("seconds")?.as_f64())
        .map(Duration::from_secs_f64)
        .ok_or_else(|| Failure::Check(format!("{script} did not say how long it took")))
}

/// Most memory of the command on 580 and on 5,800 files.
pub(crate) fn memory(paths: &Paths, binary: &Path, files: &Files) -> Done<Memory> {
    say("memory");
    let mut most = [0; 2];
    for (at, input) in [&files.few, &files.many].into_iter().enumerate() {
        let mut command = cordon(paths, binary, input, &files.fresh(), &[]);
        let mut child = command.spawn().map_err(|error| Failure::Start {
            program: "cordon".to_owned(),
            error,
        })?;
        most[at] = high_water(&mut child)?;
    }
    Ok(Memory {
        few: most[0],
        many: most[1],
    })
}

/// The child's VmHWM in KiB, read until it ends.
fn high_water(child: &mut Child) -> Done<u64> {
    let path = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = 0;
    loop {
        if let Ok(text) = fs::read_to_string(&path) {
            let now = text
                .lines()
                .find_map(|l| l.strip_prefix("VmHWM:"))
                .and_then(|l| l.split_whitespace().next()?.parse().ok());
            most = most.max(now.unwrap_or(0));
        }
        match child.try_wait().at(&path)? {
            Some(status) if status.success() => return Ok(most),
            Some(status) => return Err(Failure::Check(format!("cordon clean failed: {status}"))),
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}
