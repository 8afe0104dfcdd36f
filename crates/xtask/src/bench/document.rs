//! The benchmark as a page of documentation.

use std::fmt::Write as _;

use super::{MANY, Measured, Memory, REPEATS, Row, SLICES};

/// docs/benchmarks.md.
pub(crate) fn markdown(m: &Measured) -> String {
    let mut text = String::new();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "# Benchmarks\n\nWritten by `cargo xtask bench` in one run on {cores} cores; do not edit. \
         {SLICES} MR slices that the benchmark makes, {:.1} MB in all, with a warm page cache. \
         Median of {REPEATS} with the spread; compare the ratios, not the seconds. \
         Processor seconds are those of the programs started, on all cores together.\n",
        m.bytes as f64 / 1e6
    );
    if let Some(first) = m.native.first() {
        let _ = writeln!(
            text,
            "## On the command line\n\nThe ratio says how many times as long the other takes as `{}`.\n",
            first.name
        );
        table(
            &mut text,
            &m.native,
            first.times.median(),
            m.bytes as f64,
            SLICES,
        );
        limits(&mut text, m, first);
    }
    if let Some(memory) = m.native_memory {
        text.push_str("\n### Peak memory of `cordon clean`\n\n");
        memory_table(&mut text, memory, "VmHWM");
    }
    if let Some(first) = m.browser.first() {
        let version = m.browser_version.as_deref().unwrap_or("Chromium");
        let _ = writeln!(
            text,
            "\n## In the browser\n\nHeadless {version}, the same files, two seconds after the page was there.\n"
        );
        table(
            &mut text,
            &m.browser,
            first.times.median(),
            m.bytes as f64,
            SLICES,
        );
    }
    if let Some(first) = m.browser_many.first() {
        let _ = writeln!(text, "\n### {MANY} slices, once\n");
        let bytes = m.bytes as f64 * f64::from(MANY) / f64::from(SLICES);
        table(
            &mut text,
            &m.browser_many,
            first.times.median(),
            bytes,
            MANY,
        );
    }
    if let Some(memory) = m.browser_memory {
        text.push_str("\n### Peak memory of the tab\n\n");
        memory_table(
            &mut text,
            memory,
            "VmHWM of the tab's renderer process, which holds the workers too",
        );
    }
    text
}

fn table(text: &mut String, rows: &[Row], base: f64, bytes: f64, files: u32) {
    text.push_str(
        "| | seconds | processor s | files/s | MB/s | ratio | |\n|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let median = row.times.median();
        let cpu = row
            .times
            .cpu
            .map_or_else(String::new, |s| format!("{s:.2}"));
        let _ = writeln!(
            text,
            "| {} | {median:.2} ({:.2} to {:.2}) | {cpu} | {:.0} | {:.0} | {:.2} | {} |",
            row.name,
            row.times.least(),
            row.times.most(),
            f64::from(files) / median,
            bytes / 1e6 / median,
            median / base,
            row.note,
        );
    }
}

fn limits(text: &mut String, m: &Measured, cordon: &Row) {
    text.push_str("\n### How far from the limit\n\n");
    text.push_str(
        "No cleaner that reads every byte, hashes the result for its receipt and writes it can be quicker than these:\n\n",
    );
    table(
        text,
        &m.limits,
        cordon.times.median(),
        m.bytes as f64,
        SLICES,
    );
    if let Some(copy) = m.limits.first() {
        let _ = writeln!(
            text,
            "\n`{}` takes {:.1} times as long as copying the files.",
            cordon.name,
            cordon.times.median() / copy.times.median()
        );
    }
}

fn memory_table(text: &mut String, memory: Memory, how: &str) {
    let mib = |kib: u64| kib as f64 / 1024.0;
    let _ = writeln!(
        text,
        "| files | MiB ({how}) |\n|---|---|\n| {SLICES} | {:.0} |\n| {MANY} | {:.0} |",
        mib(memory.few),
        mib(memory.many)
    );
}
