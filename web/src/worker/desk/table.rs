//! A clinical table: read, cleaned under the key and protocol of the images, and kept here.
//!
//! The main thread sees a page of rows at a time. What is saved or sent comes from the
//! [`CheckedTable`] that the last cleaning made, and only from that.

use std::cell::RefCell;
use std::collections::HashMap;

use cordon_clinical::{
    Accepted, CheckedTable, Mapping, ReadOptions, RiskReport, Separator, Source, Table,
    TableCleaner, TableRecord, TableUpload, Words,
};
use cordon_contribute::SiteKey;
use cordon_protocol::Approval;
use js_sys::{Array, Uint8Array};

use crate::desk::{
    CleanTable, ColumnInfo, DoubtCell, RareClass, RowPair, TableInfo, TableView, Told,
};
use crate::messages::{Answer, Input, Line, LineFault};
use crate::worker::{Pool, Reply, files, net};

/// Rows that are shown at a time.
const PAGE: usize = 50;
/// Cells that show what a column holds.
const SAMPLES: usize = 3;
/// More values than this are no list to choose from.
const MOST_VALUES: usize = 40;
/// Doubts and small classes that are shown.
const MOST_SHOWN: usize = 200;
/// Rows of a class that are named, and sizes of classes.
const ROWS_SHOWN: usize = 10;
const SIZES_SHOWN: usize = 20;
/// No table is larger; see `cordon_clinical::Limits`.
const MAX_BYTES: u64 = 128 << 20;
/// No mapping is larger.
const MAX_MAPPING: usize = 4 << 20;

/// The table that is worked on, and what became of it.
#[derive(Default)]
pub(super) struct Held {
    table: RefCell<Option<Table>>,
    checked: RefCell<Option<CheckedTable>>,
    /// The rows that leave, by their number in the input.
    after: RefCell<HashMap<u64, Vec<String>>>,
    /// What goes with the contribution: set aside, so that later changes do not change it.
    along: RefCell<Option<CheckedTable>>,
}

impl Held {
    pub(super) fn clear(&self) {
        self.table.take();
        self.checked.take();
        self.after.take();
    }

    /// Sets the cleaned table aside for the contribution, or forgets it.
    pub(super) fn take_along(&self, yes: bool) -> Option<TableRecord> {
        let along = self.checked.borrow().clone().filter(|_| yes);
        let record = along.as_ref().map(|c| short(c.record()));
        self.along.replace(along);
        record
    }

    /// A page of rows.
    pub(super) fn rows(&self, first: usize) -> Vec<RowPair> {
        let after = self.after.borrow();
        let table = self.table.borrow();
        let rows = table.as_ref().map(Table::rows).unwrap_or_default();
        let page = rows.iter().skip(first).take(PAGE);
        page.map(|row| RowPair {
            number: row.number,
            before: row.cells.clone(),
            after: after.get(&row.number).cloned(),
        })
        .collect()
    }
}

/// Reads a file.
pub(super) async fn read(
    held: &Held,
    pool: &Pool,
    input: Input,
    sheet: Option<String>,
    attachments: &Array,
) -> Result<TableInfo, String> {
    held.clear();
    if files::size(input, attachments) > MAX_BYTES {
        return Err("the file is larger than this table reader allows".to_owned());
    }
    let bytes = files::all(input, attachments, &pool.zips)
        .await
        .ok_or_else(|| {
            "the file cannot be read any more; was it moved or the disk taken out?".to_owned()
        })?;
    let options = ReadOptions {
        sheet,
        ..ReadOptions::default()
    };
    let table = Table::read(&bytes, &options).map_err(|e| e.to_string())?;
    drop(bytes);
    let guess = table.guess();
    let columns = table
        .columns()
        .iter()
        .zip(guess.reasons)
        .enumerate()
        .map(|(n, (column, reason))| {
            let values = table.values(n);
            ColumnInfo {
                name: column.name.clone(),
                hidden: column.hidden,
                reason: reason.sentence().to_owned(),
                samples: samples(&table, n),
                values: if values.len() <= MOST_VALUES {
                    values
                } else {
                    Vec::new()
                },
            }
        })
        .collect();
    let info = TableInfo {
        columns,
        rows: table.rows().len() as u64,
        mapping: guess.mapping,
        sheet: match table.source() {
            Source::Csv { .. } => None,
            Source::Xlsx { sheet, others } => Some((sheet.clone(), others.clone())),
        },
    };
    held.table.replace(Some(table));
    Ok(info)
}

fn samples(table: &Table, column: usize) -> Vec<String> {
    let cells = table.rows().iter().filter_map(|row| row.cells.get(column));
    let filled = cells.map(|c| c.trim()).filter(|c| !c.is_empty());
    let shown = filled.take(SAMPLES);
    shown.map(|c| c.chars().take(60).collect()).collect()
}

/// Cleans the table that is held.
pub(super) fn clean(held: &Held, how: &CleanTable) -> Result<TableView, String> {
    held.checked.take();
    held.after.take();
    let table = held.table.borrow();
    let table = table.as_ref().ok_or("there is no table")?;
    let key = SiteKey::from_bytes(how.key);
    let accepted: Accepted = how.accepted.iter().copied().collect();
    let cleaned = TableCleaner::new(&how.protocol, &key, &how.mapping)
        .map_err(|e| e.to_string())?
        .with_text(&Words)
        .clean(table, &accepted);
    let cells: HashMap<u64, &[String]> = table
        .rows()
        .iter()
        .map(|row| (row.number, row.cells.as_slice()))
        .collect();
    let doubts = cleaned.doubts.iter().take(MOST_SHOWN).map(|doubt| {
        let row = cells.get(&doubt.row).copied().unwrap_or_default();
        let cell = row.get((doubt.column as usize).wrapping_sub(1));
        DoubtCell {
            row: doubt.row,
            column: doubt.column,
            why: doubt.code.sentence().to_owned(),
            words: doubt.words.clone(),
            cell: cell.cloned().unwrap_or_default(),
        }
    });
    let alone = cleaned.risk.as_ref().map_or(0, |r| r.unique_rows.len()) as u64;
    let rare = cleaned.rare.iter().take(MOST_SHOWN).map(|class| RareClass {
        values: class.values.clone(),
        people: class.people,
        rows: class.rows.iter().take(ROWS_SHOWN).copied().collect(),
    });
    let view = TableView {
        verdict: cleaned.verdict,
        risk: cleaned.risk.clone().map(slim),
        alone,
        rare: rare.collect(),
        doubts: doubts.collect(),
        columns: cleaned.columns.clone(),
        record: cleaned.output.as_ref().map(|o| short(o.record())),
        findings: cleaned.findings,
    };
    if let Some(checked) = cleaned.output {
        held.after.replace(after(&checked, &cleaned.rows));
        held.checked.replace(Some(checked));
    }
    Ok(view)
}

/// The risk without its lists of rows: a million numbers are nothing to draw.
fn slim(mut risk: RiskReport) -> RiskReport {
    risk.rows_below.truncate(ROWS_SHOWN);
    risk.unique_rows.clear();
    if let Some(diversity) = &mut risk.diversity {
        diversity.rows_below.clear();
    }
    let sizes = std::mem::take(&mut risk.sizes);
    risk.sizes = sizes.into_iter().take(SIZES_SHOWN).collect();
    risk
}

/// A record for the screen. What is sent keeps its own.
fn short(record: &TableRecord) -> TableRecord {
    TableRecord {
        risk: record.risk.clone().map(slim),
        ..record.clone()
    }
}

/// The rows that leave, read from the finished bytes: what is shown is what is saved.
fn after(checked: &CheckedTable, numbers: &[u64]) -> HashMap<u64, Vec<String>> {
    let options = ReadOptions {
        separator: Some(Separator::Comma),
        header_row: Some(1),
        ..ReadOptions::default()
    };
    let Ok(table) = Table::read(checked.bytes(), &options) else {
        return HashMap::new();
    };
    let empty = vec![String::new(); table.columns().len()];
    // A row without any value is not read back, but it leaves.
    let mut out: HashMap<u64, Vec<String>> = numbers.iter().map(|n| (*n, empty.clone())).collect();
    for row in table.rows() {
        let at = usize::try_from(row.number)
            .ok()
            .and_then(|n| n.checked_sub(2));
        if let Some(number) = at.and_then(|at| numbers.get(at)) {
            out.insert(*number, row.cells.clone());
        }
    }
    out
}

/// The cleaned table as it was checked.
pub(super) fn file(held: &Held) -> Reply {
    match &*held.checked.borrow() {
        Some(checked) => {
            let buffer = Uint8Array::from(checked.bytes()).buffer();
            Reply::buffer(Answer::Desk(Box::new(Told::Done)), &buffer)
        }
        None => {
            let sentence = "there is no cleaned table".to_owned();
            Answer::Desk(Box::new(Told::Sentence(sentence))).into()
        }
    }
}

/// Seals what was set aside under a person's approval, and sends it.
pub(super) async fn send(
    held: &Held,
    line: &Line,
    contribution: &str,
    approval: Approval,
) -> Result<(), (LineFault, String)> {
    let refused = |e: &dyn std::fmt::Display| (LineFault::Refused, e.to_string());
    let along = held.along.borrow().clone();
    let checked = along.ok_or_else(|| refused(&"the table is gone from this browser's memory"))?;
    let sealed = checked.seal(Some(&approval)).map_err(|e| refused(&e))?;
    let upload = TableUpload::new(sealed, approval).map_err(|e| refused(&e))?;
    net::table(line, contribution, &upload).await
}

/// A mapping that was saved before.
pub(super) async fn mapping(attachments: &Array) -> Result<Mapping, String> {
    let bytes = files::bytes(&attachments.get(0))
        .await
        .ok_or("the file cannot be read")?;
    if bytes.len() > MAX_MAPPING {
        return Err("the file is larger than any mapping".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|_| "the file is no text in UTF-8".to_owned())?;
    Mapping::from_toml(&text).map_err(|e| e.to_string())
}
