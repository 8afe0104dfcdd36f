//! `cordon table`: a clinical table with the pseudonyms and date shifts of the images.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cordon_clinical::{
    Accepted, CleanedTable, Mapping, ReadOptions, Table, TableCleaner, TableRecord, Words,
};
use cordon_protocol::{Severity, Verdict};

use crate::failure::{At as _, Failure};
use crate::{clean, key};

/// Which table, and what to do with it.
#[derive(Args)]
pub(crate) struct Options {
    /// A CSV file or an XLSX workbook.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// Print a guessed mapping as TOML, to be looked over and saved, and clean nothing.
    #[arg(long, conflicts_with_all = ["mapping", "out"])]
    guess: bool,
    /// The mapping: what happens to each column.
    #[arg(long, value_name = "FILE", required_unless_present = "guess")]
    mapping: Option<PathBuf>,
    /// Output folder: the table and its record are written to `clean/` or `held/` below it.
    #[arg(long, value_name = "DIR", required_unless_present = "guess")]
    out: Option<PathBuf>,
    /// The sheet of a workbook; the first visible one where it is not given.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The project's protocol; the Basic Profile where it is not given.
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    /// The site key; the user's own, made on first use, where it is not given.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Print the record as one line of JSON instead of sentences.
    #[arg(long)]
    json: bool,
}

/// Does it; `false` when the table is refused.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let bytes = fs::read(&options.input).at(&options.input)?;
    let how = ReadOptions {
        sheet: options.sheet.clone(),
        ..ReadOptions::default()
    };
    let table = Table::read(&bytes, &how).map_err(|error| Failure::Table {
        path: options.input.clone(),
        error,
    })?;
    let (Some(path), Some(out)) = (&options.mapping, &options.out) else {
        return guess(&table, &options.input).map(|()| true);
    };
    let mapping_failure = |error| Failure::Mapping {
        path: path.clone(),
        error,
    };
    let text = fs::read_to_string(path).at(path)?;
    let mapping = Mapping::from_toml(&text).map_err(mapping_failure)?;
    let protocol = clean::protocol(options.protocol.as_deref())?;
    let site = key::find(options.key.as_deref())?;
    if site.new {
        eprintln!(
            "cordon: made a new site key in {}; keep a copy of it in a safe place",
            site.path.display()
        );
    }
    let cleaned = TableCleaner::new(&protocol, &site.key, &mapping)
        .map_err(mapping_failure)?
        .with_text(&Words)
        .clean(&table, &Accepted::new());
    let place = write(&cleaned, out)?;
    let record = cleaned
        .output
        .as_ref()
        .map(cordon_clinical::CheckedTable::record);
    if options.json {
        println!("{}", json(&cleaned, record));
    } else {
        tell(&cleaned, place.as_deref());
    }
    Ok(cleaned.verdict != Verdict::Refused)
}

/// The guessed mapping, with its reasons as comments.
fn guess(table: &Table, input: &Path) -> Result<(), Failure> {
    let guess = table.guess();
    let toml = guess.mapping.to_toml().map_err(|error| Failure::Mapping {
        path: input.to_owned(),
        error,
    })?;
    println!("# A guess. Look at every column, mark those that together could point to a");
    println!("# person with `quasi = true`, and say how large a crowd you ask for:");
    println!("# [risk]");
    println!("# k = 5");
    for (n, reason) in guess.reasons.iter().enumerate() {
        println!("# column {}: {}", n + 1, reason.sentence());
    }
    print!("{toml}");
    Ok(())
}

/// Writes table and record, named by the digest: the input's own name may name people.
fn write(cleaned: &CleanedTable, out: &Path) -> Result<Option<PathBuf>, Failure> {
    let Some(table) = &cleaned.output else {
        return Ok(None);
    };
    let folder = match cleaned.verdict {
        Verdict::Clean => out.join("clean"),
        _ => out.join("held"),
    };
    fs::create_dir_all(&folder).at(&folder)?;
    let digest = table.record().sha256.get(..16).unwrap_or_default();
    let path = folder.join(format!("table-{digest}.csv"));
    let record = serde_json::to_vec(table.record()).unwrap_or_default();
    for (path, bytes) in [
        (&path, table.bytes()),
        (&path.with_extension("record.json"), record.as_slice()),
    ] {
        let temporary = path.with_extension("part");
        fs::write(&temporary, bytes)
            .and_then(|()| fs::rename(&temporary, path))
            .at(path)?;
    }
    Ok(Some(path))
}

fn json(cleaned: &CleanedTable, record: Option<&TableRecord>) -> String {
    serde_json::json!({
        "verdict": cleaned.verdict,
        "findings": cleaned.findings,
        "record": record,
    })
    .to_string()
}

fn tell(cleaned: &CleanedTable, place: Option<&Path>) {
    println!("{}", cleaned.verdict);
    for finding in &cleaned.findings {
        let mark = match finding.severity() {
            Severity::Note => "note",
            Severity::Held => "held",
            Severity::Refused => "refused",
        };
        println!("  {mark}: {}", finding.sentence());
    }
    if let Some(risk) = &cleaned.risk {
        println!(
            "  {} people in {} classes; the smallest has {} (asked for: {}); {} rows stand in a smaller class",
            risk.people,
            risk.classes,
            risk.smallest,
            risk.k,
            risk.rows_below.len()
        );
        for suggestion in &risk.suggestions {
            println!("  suggestion: {}", suggestion.sentence());
        }
    }
    if let Some(place) = place {
        println!("  {}", place.display());
    }
}
