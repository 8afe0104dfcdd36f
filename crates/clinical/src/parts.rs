//! The parts of a workbook that say what is hidden: the list of sheets, and in each
//! sheet the widths of columns, the rows, and formulas without a stored value.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Cursor};
use std::ops::RangeInclusive;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::TableError;

/// The last row of a spreadsheet, counted from 1.
const LAST_ROW: u64 = 1_048_576;
/// The last column of a spreadsheet, counted from 1.
const LAST_COLUMN: u64 = 16_384;

/// What a sheet hides.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    columns: Vec<RangeInclusive<u64>>,
    rows: BTreeSet<u64>,
    /// How many formulas have no stored value.
    pub(crate) formulas_without_value: u64,
    /// How many cells there are.
    pub(crate) cells: u64,
}

impl Hidden {
    /// The hidden columns, counted from 0.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> {
        self.columns
            .iter()
            .flat_map(Clone::clone)
            .filter_map(|n| usize::try_from(n).ok()?.checked_sub(1))
    }
    /// Whether a row is hidden, counted from 1.
    pub(crate) fn is_hidden_row(&self, number: u64) -> bool {
        self.rows.contains(&number)
    }
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Goes through the elements of a part: starts, ends, and how deep they stand.
fn walk(
    archive: &mut Archive<'_>,
    part: &str,
    what: &'static str,
    mut each: impl FnMut(Step<'_>) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let damaged = TableError::Damaged(what);
    let name = archive
        .file_names()
        .flatten()
        .find(|n| n.eq_ignore_ascii_case(part))
        .map(std::borrow::Cow::into_owned)
        .ok_or(damaged)?;
    let file = archive.by_name(&name).map_err(|_| damaged)?;
    let mut reader = Reader::from_reader(BufReader::new(file));
    reader.config_mut().expand_empty_elements = true;
    elements(&mut reader, damaged, &mut each)
}

fn elements(
    reader: &mut Reader<impl BufRead>,
    damaged: TableError,
    each: &mut impl FnMut(Step<'_>) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| damaged)? {
            Event::Start(e) => each(Step::Start(&e))?,
            Event::End(e) => each(Step::End(e.local_name().as_ref()))?,
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => each(Step::Text)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

enum Step<'e> {
    Start(&'e BytesStart<'e>),
    End(&'e str),
    Text,
}

/// An attribute by its name without a prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name)
        .and_then(|a| {
            a.normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .ok()
                .map(std::borrow::Cow::into_owned)
        })
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(element, name)?.trim().parse().ok()
}

fn is_true(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|v| matches!(v.trim(), "1" | "true" | "on"))
}

/// Names of sheets and the parts that hold them.
pub(crate) fn sheets(archive: &mut Archive<'_>) -> Result<Vec<(String, String)>, TableError> {
    const WHAT: &str = "list of sheets";
    let book = relations(archive, "_rels/.rels", "")
        .ok()
        .and_then(|all| {
            all.into_iter()
                .find(|r| r.kind.ends_with("/officeDocument"))
                .map(|r| r.target)
        })
        .unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
    let relations = relations(
        archive,
        &join(folder, &format!("_rels/{file}.rels")),
        folder,
    )?;
    let mut out = Vec::new();
    walk(archive, &book, WHAT, |step| {
        let Step::Start(e) = step else {
            return Ok(());
        };
        if e.local_name().as_ref() == "sheet" {
            let name = attribute(e, "name").ok_or(TableError::Damaged(WHAT))?;
            let id = attribute(e, "id").ok_or(TableError::Damaged(WHAT))?;
            if let Some(relation) = relations.iter().find(|r| r.id == id) {
                out.push((name, relation.target.clone()));
            }
        }
        Ok(())
    })?;
    Ok(out)
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn join(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

fn relations(
    archive: &mut Archive<'_>,
    part: &str,
    folder: &str,
) -> Result<Vec<Relation>, TableError> {
    let mut out = Vec::new();
    walk(archive, part, "list of relations", |step| {
        if let Step::Start(e) = step
            && e.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(kind), Some(target)) = (
                attribute(e, "Id"),
                attribute(e, "Type"),
                attribute(e, "Target"),
            )
        {
            out.push(Relation {
                id,
                kind,
                target: join(folder, &target),
            });
        }
        Ok(())
    })?;
    Ok(out)
}

/// Looks through a sheet for what it hides. Every place is checked here, so that no number out
/// of bounds reaches the reader of values.
pub(crate) fn hidden(archive: &mut Archive<'_>, part: &str) -> Result<Hidden, TableError> {
    const WHAT: TableError = TableError::Damaged("sheet");
    let mut out = Hidden::default();
    let mut row = 0_u64;
    let mut formula = false;
    let mut value = false;
    let mut in_value = false;
    walk(archive, part, "sheet", |step| {
        match step {
            Step::Start(e) => match e.local_name().as_ref() {
                "col" => {
                    let (min, max) = (number(e, "min"), number(e, "max"));
                    let (Some(min), Some(max)) = (min, max) else {
                        return Err(WHAT);
                    };
                    if min == 0 || min > max || max > LAST_COLUMN || out.columns.len() > 20_000 {
                        return Err(WHAT);
                    }
                    // A column of no width is as good as hidden.
                    let flat = attribute(e, "width")
                        .and_then(|w| w.parse::<f64>().ok())
                        .is_some_and(|w| w <= 0.0);
                    if is_true(e, "hidden") || flat {
                        out.columns.push(min..=max);
                    }
                }
                "row" => {
                    row = match attribute(e, "r") {
                        Some(r) => r.trim().parse().map_err(|_| WHAT)?,
                        None => row + 1,
                    };
                    if row == 0 || row > LAST_ROW {
                        return Err(WHAT);
                    }
                    if is_true(e, "hidden") {
                        out.rows.insert(row);
                    }
                }
                "c" => {
                    out.cells += 1;
                    if attribute(e, "r").is_some_and(|r| !is_place(&r)) {
                        return Err(WHAT);
                    }
                    (formula, value) = (false, false);
                }
                "f" => formula = true,
                "v" | "is" => in_value = true,
                _ => {}
            },
            Step::Text => value |= in_value,
            Step::End("v" | "is") => in_value = false,
            Step::End("c") => {
                out.formulas_without_value += u64::from(formula && !value);
            }
            Step::End(_) => {}
        }
        Ok(())
    })?;
    Ok(out)
}

/// Whether this is the place of a cell that a spreadsheet can have, such as `AB12`.
fn is_place(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (column, row) = text.split_at(letters);
    let column = column.bytes().fold(0_u64, |n, b| {
        n.saturating_mul(26) + u64::from(b.to_ascii_uppercase() - b'A' + 1)
    });
    (1..=LAST_COLUMN).contains(&column)
        && row.bytes().all(|b| b.is_ascii_digit())
        && row
            .parse::<u64>()
            .is_ok_and(|r| (1..=LAST_ROW).contains(&r))
}
