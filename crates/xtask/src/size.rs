//! What the browser loads before the first paint, and the budget for it.

use std::path::Path;

use crate::failure::{At as _, Done, Failure};
use crate::page;
use crate::paths::Paths;
use crate::shell::say;

/// The budget of the design: 1.5 MB, compressed.
const BUDGET: u64 = 1_500_000;
/// The budget of the networks' module and all weights together, compressed.
const NETWORKS_BUDGET: u64 = 6_000_000;

/// Prints the sizes; fails above the budget.
pub(crate) fn run(paths: &Paths) -> Done {
    let dir = page::build(paths)?;
    let mut first = [0_u64; 3];
    let mut later = [0_u64; 3];
    let mut networks = [0_u64; 3];
    println!(
        "{:<28} {:>10} {:>10} {:>10}",
        "file", "bytes", "gzip", "brotli"
    );
    for path in page::files(&dir)? {
        if path.extension().is_some_and(|e| e == "br" || e == "gz") {
            continue;
        }
        let plain = size(&path)?;
        let packed = |ending: &str| {
            let mut name = path.clone().into_os_string();
            name.push(ending);
            // What does not shrink is sent as it is.
            std::fs::metadata(Path::new(&name)).map_or(plain, |m| m.len())
        };
        let row = [plain, packed(".gz"), packed(".br")];
        let name = page::plain_name(&path);
        // The workers are fetched by the running application; all else counts, to be strict.
        let (sum, when) = if page::is_networks(&name) {
            (&mut networks, "  (networks)")
        } else if name.starts_with("worker") || name.starts_with("bench") {
            (&mut later, "  (later)")
        } else {
            (&mut first, "")
        };
        for (total, part) in sum.iter_mut().zip(row) {
            *total += part;
        }
        println!(
            "{name:<28} {:>10} {:>10} {:>10}{when}",
            row[0], row[1], row[2]
        );
    }
    for (name, sum) in [
        ("until first paint", first),
        ("later", later),
        ("networks, when needed", networks),
    ] {
        println!("{name:<28} {:>10} {:>10} {:>10}", sum[0], sum[1], sum[2]);
    }
    let largest = first[1].max(first[2]);
    if largest > BUDGET {
        return Err(Failure::Check(format!(
            "the page needs {largest} bytes until the first paint; the budget is {BUDGET}"
        )));
    }
    if networks[2] > NETWORKS_BUDGET {
        return Err(Failure::Check(format!(
            "the networks need {} bytes with brotli; the budget is {NETWORKS_BUDGET}",
            networks[2]
        )));
    }
    say(&format!(
        "Size of the networks: {} bytes with brotli; the budget is {NETWORKS_BUDGET}",
        networks[2]
    ));
    say(&format!(
        "Size: {} bytes with gzip, {} with brotli until the first paint; the budget is {BUDGET}",
        first[1], first[2]
    ));
    Ok(())
}

fn size(path: &Path) -> Done<u64> {
    Ok(std::fs::metadata(path).at(path)?.len())
}
