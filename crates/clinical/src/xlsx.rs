//! XLSX workbooks: values by `calamine`, and around it what it does not look at.
//!
//! A workbook says more than it shows. Hidden sheets, hidden columns and rows, comments
//! and the list of authors are where identities survive a "cleaned" table, so they are
//! found, reported and dropped. And a workbook is an archive from outside: it is
//! unpacked once against a limit before anything is allowed to believe its sizes.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetVisible, Xlsx};
use cordon_protocol::Code;
use zip::ZipArchive;

use crate::TableError;
use crate::findings::Findings;
use crate::parts::{self, Hidden};
use crate::table::{Builder, ReadOptions, Source, Table};

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Reads one sheet of a workbook.
pub(crate) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Table, TableError> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::Damaged("archive"))?;
    let mut findings = Findings::default();
    weigh(&mut archive, options.limits.unpacked, &mut findings)?;
    let sheets = parts::sheets(&mut archive)?;
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|_| TableError::Damaged("list of sheets"))?;
    let visible: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.visible == SheetVisible::Visible)
        .map(|s| s.name.clone())
        .collect();
    let hidden = book.sheets_metadata().len() - visible.len();
    findings.many(Code::TableHiddenSheet, hidden as u64);
    findings.many(Code::TableSheets, visible.len().saturating_sub(1) as u64);
    let wanted: Vec<&String> = match &options.sheet {
        Some(name) => visible.iter().filter(|n| *n == name).collect(),
        None => visible.iter().collect(),
    };
    if wanted.is_empty() {
        return Err(TableError::NoSheet);
    }
    for name in wanted {
        let part = sheets
            .iter()
            .find(|(n, _)| n == name)
            .ok_or(TableError::Damaged("list of sheets"))?;
        // Where parts of the same name exist, nobody can say which one was looked at.
        if sheets.iter().filter(|(n, _)| n == name).count() > 1 {
            return Err(TableError::Damaged("list of sheets"));
        }
        let facts = parts::hidden(&mut archive, &part.1)?;
        let others = visible.iter().filter(|n| *n != name).cloned().collect();
        let source = Source::Xlsx {
            sheet: name.clone(),
            others,
        };
        match sheet(&mut book, name, &facts, findings.clone(), options)?.finish(source, &facts) {
            Err(TableError::Empty) if options.sheet.is_none() => {}
            other => return other,
        }
    }
    Err(TableError::Empty)
}

/// Unpacks every part that will be read into nothing, to know that it can be held, and notes
/// which parts hold comments.
fn weigh(archive: &mut Archive<'_>, limit: u64, findings: &mut Findings) -> Result<(), TableError> {
    const DAMAGED: TableError = TableError::Damaged("archive");
    const MOST_PARTS: usize = 10_000;
    if archive.len() > MOST_PARTS {
        return Err(TableError::TooLarge("number of parts of the workbook"));
    }
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| DAMAGED)?;
        let name = part.name().map_err(|_| DAMAGED)?.to_ascii_lowercase();
        if name.contains("comments") && name.ends_with(".xml") {
            findings.many(Code::TableComments, 1);
        }
        // Pictures and the like are never unpacked.
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let took = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
                .map_err(|_| DAMAGED)?;
            left = left
                .checked_sub(took)
                .ok_or(TableError::TooLarge("unpacked workbook"))?;
        }
    }
    Ok(())
}

/// The rows of a sheet, and which columns hold stored numbers.
struct Sheet {
    builder: Builder,
    numbers: BTreeSet<u32>,
}

impl Sheet {
    fn finish(mut self, source: Source, facts: &Hidden) -> Result<Table, TableError> {
        for column in facts.columns() {
            self.builder.hide(column);
        }
        let mut table = self.builder.finish(source)?;
        for (i, numeric) in table.numeric.iter_mut().enumerate() {
            *numeric = u32::try_from(i).is_ok_and(|i| self.numbers.contains(&i));
        }
        let mut findings = Findings::default();
        findings.extend(&table.notes);
        for (i, column) in table.columns.iter().enumerate() {
            if column.hidden {
                findings.column(Code::TableHiddenColumn, i);
            }
        }
        table.notes = findings.list();
        Ok(table)
    }
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    facts: &Hidden,
    findings: Findings,
    options: &ReadOptions,
) -> Result<Sheet, TableError> {
    const DAMAGED: TableError = TableError::Damaged("sheet");
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| DAMAGED)?;
    let mut builder = Builder::new(options, findings);
    builder
        .findings
        .many(Code::TableFormula, facts.formulas_without_value);
    let mut numbers = BTreeSet::new();
    let mut row: Vec<String> = Vec::new();
    let mut row_number = 0_u32;
    let mut seen = 0_u64;
    loop {
        let cell = cells.next_cell().map_err(|_| DAMAGED)?;
        seen += u64::from(cell.is_some());
        let at = cell.as_ref().map(calamine::Cell::get_position);
        if at.is_none_or(|(r, _)| r != row_number) {
            let number = u64::from(row_number) + 1;
            let whole = std::mem::take(&mut row);
            if facts.is_hidden_row(number) {
                if whole.iter().any(|c| !c.is_empty()) {
                    builder.findings.row(Code::TableHiddenRow, number);
                }
            } else if !whole.is_empty() {
                builder.row(number, whole, false)?;
            }
        }
        let (Some(cell), Some((r, c))) = (cell, at) else {
            break;
        };
        // Rows that go backwards would let one row's cells fall into another's.
        if r < row_number {
            return Err(DAMAGED);
        }
        row_number = r;
        let column = c as usize;
        if column >= options.limits.columns {
            return Err(TableError::TooLarge("number of columns"));
        }
        let number = u64::from(r) + 1;
        let text = text(cell.get_value(), column, number, &mut builder.findings);
        if matches!(cell.get_value(), DataRef::Float(_) | DataRef::Int(_)) && number > 1 {
            numbers.insert(c);
        }
        if text.is_empty() {
            continue;
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    // Both readers must have looked at the same part, or a hidden column would be seen in another.
    if seen != facts.cells {
        return Err(DAMAGED);
    }
    Ok(Sheet { builder, numbers })
}

/// A cell's value as text; dates in ISO 8601.
fn text(value: &DataRef<'_>, column: usize, row: u64, findings: &mut Findings) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => float(*n),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(when) => date_time(when),
        DataRef::Error(_) => {
            findings.cell(Code::TableErrorCell, column, row);
            String::new()
        }
    }
}

/// A number as a spreadsheet shows it: 15 digits, no exponent where it can be helped.
fn float(n: f64) -> String {
    if n.abs() >= 1e15 {
        // Beyond this a spreadsheet has rounded; the form says so.
        return format!("{n:E}");
    }
    let text = format!("{n}");
    if text.len() <= 17 {
        return text;
    }
    let magnitude = if n == 0.0 {
        0.0
    } else {
        n.abs().log10().floor()
    };
    // Between 0 and 330 by construction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let decimals = (14.0 - magnitude).clamp(0.0, 330.0) as usize;
    let text = format!("{n:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn date_time(when: &ExcelDateTime) -> String {
    let serial = when.as_f64();
    // Times without a day, lengths of time, and what is no date of a spreadsheet.
    if when.is_duration() || !(1.0..2_958_466.0).contains(&serial) {
        return float(serial);
    }
    let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}
