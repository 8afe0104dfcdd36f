//! A table as it was read: names of columns, rows of text.

use crate::findings::{Findings, TableFinding};
use crate::{TableError, csv, encoding, xlsx};

/// How much a table may hold. A browser tab has to live with it, and no zip bomb gets past it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of a workbook after unpacking, and of all text in the table.
    pub unpacked: u64,
    /// Rows, the header among them.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// Cells.
    pub cells: usize,
    /// Bytes of one cell; what is longer is emptied.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 128 << 20,
            unpacked: 512 << 20,
            rows: 1_048_576,
            columns: 4_096,
            cells: 8_000_000,
            // A spreadsheet's cell takes 32,767 characters.
            cell_bytes: 4 * 32_767,
        }
    }
}

/// What a person may say about how to read a file; by default all of it is found out.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The sheet of a workbook; else the first visible one that holds something.
    pub sheet: Option<String>,
    /// The separator of a CSV file.
    pub separator: Option<Separator>,
    /// The character encoding of a CSV file.
    pub encoding: Option<Encoding>,
    /// The row with the names of columns, counted from 1; else the first that is not empty.
    pub header_row: Option<u64>,
    /// How much the table may hold.
    pub limits: Limits,
}

/// What stands between the cells of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tabulator.
    Tab,
    /// `|`
    Bar,
}

impl Separator {
    /// Every one there is, the likelier first.
    pub(crate) const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];
    /// The character.
    #[must_use]
    pub const fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Bar => '|',
        }
    }
}

/// How the text of a CSV file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark, the least significant byte first.
    Utf16Le,
    /// UTF-16 with a byte order mark, the most significant byte first.
    Utf16Be,
    /// Windows-1252, which Western spreadsheets write and which holds ISO 8859-1.
    Windows1252,
}

/// Where a table came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A text file.
    Csv {
        /// Its encoding.
        encoding: Encoding,
        /// Its separator.
        separator: Separator,
    },
    /// A workbook.
    Xlsx {
        /// The sheet that was read, for the screen.
        sheet: String,
        /// The other visible sheets, for the screen.
        others: Vec<String>,
    },
}

/// One column of the input.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, as the header says.
    pub name: String,
    /// Hidden in the workbook: it is dropped, whatever the mapping says.
    pub hidden: bool,
}

/// One row of the input.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, counted from 1 as a spreadsheet does.
    pub number: u64,
    /// One text for each column.
    pub cells: Vec<String>,
}

/// A table that was read. It holds identities, so it shows none of them in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    pub(crate) source: Source,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<TableFinding>,
    /// Which columns hold numbers that the workbook stores as numbers.
    pub(crate) numeric: Vec<bool>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("columns", &self.columns.len())
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column")
            .field("hidden", &self.hidden)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Table {
    /// Reads a CSV file or an XLSX workbook; the bytes say which it is, not the name.
    ///
    /// # Errors
    /// When it is no table, is protected, broken, or larger than the limits allow.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Self, TableError> {
        if bytes.len() > options.limits.bytes {
            return Err(TableError::TooLarge("file"));
        }
        match bytes {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => xlsx::read(bytes, options),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(TableError::OldWorkbook),
            _ => {
                let (text, encoding) = encoding::decode(bytes, options.encoding)?;
                csv::read(&text, encoding, options)
            }
        }
    }

    /// Where it came from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
    /// The rows, without the header.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
    /// What was noticed while reading.
    #[must_use]
    pub fn notes(&self) -> &[TableFinding] {
        &self.notes
    }
    /// The cells of a column that are not empty.
    pub(crate) fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| {
            row.cells
                .get(column)
                .map(|c| c.trim())
                .filter(|c| !c.is_empty())
        })
    }
}

/// Puts the rows of a file under its header.
pub(crate) struct Builder {
    pub(crate) findings: Findings,
    pub(crate) limits: Limits,
    columns: Vec<Column>,
    rows: Vec<Row>,
    header_row: Option<u64>,
    cells: usize,
    text: u64,
}

impl Builder {
    pub(crate) fn new(options: &ReadOptions, findings: Findings) -> Self {
        Self {
            findings,
            limits: options.limits,
            columns: Vec::new(),
            rows: Vec::new(),
            header_row: options.header_row,
            cells: 0,
            text: 0,
        }
    }

    /// Takes one row. `whole` says that a row of another length than the header is an error of
    /// the file, as in a CSV, and not its thrift, as in a workbook.
    pub(crate) fn row(
        &mut self,
        number: u64,
        mut cells: Vec<String>,
        whole: bool,
    ) -> Result<(), TableError> {
        self.cells += cells.len();
        self.text += cells.iter().map(|c| c.len() as u64).sum::<u64>();
        if number > self.limits.rows {
            return Err(TableError::TooLarge("number of rows"));
        }
        if self.cells > self.limits.cells || cells.len() > self.limits.columns {
            return Err(TableError::TooLarge("number of cells"));
        }
        if self.text > self.limits.unpacked {
            return Err(TableError::TooLarge("text"));
        }
        let empty = cells.iter().all(|c| c.trim().is_empty());
        if self.columns.is_empty() {
            if !empty && self.header_row.is_none_or(|at| number >= at) {
                while cells.last().is_some_and(|c| c.trim().is_empty()) {
                    cells.pop();
                }
                self.columns = cells
                    .into_iter()
                    .map(|name| Column {
                        name: name.trim().to_owned(),
                        hidden: false,
                    })
                    .collect();
            }
            return Ok(());
        }
        if empty {
            return Ok(());
        }
        for (i, cell) in cells.iter_mut().enumerate() {
            if cell.len() > self.limits.cell_bytes {
                cell.clear();
                self.findings
                    .cell(cordon_protocol::Code::TableCellTooLong, i, number);
            }
        }
        while cells.len() > self.columns.len() && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        let width = self.columns.len();
        if cells.len() > width || (whole && cells.len() < width) {
            self.findings
                .row(cordon_protocol::Code::TableRagged, number);
            return Ok(());
        }
        cells.resize(width, String::new());
        self.rows.push(Row { number, cells });
        Ok(())
    }

    pub(crate) fn finish(self, source: Source) -> Result<Table, TableError> {
        if self.columns.is_empty() {
            return Err(TableError::Empty);
        }
        let mut findings = self.findings;
        let mut seen = std::collections::HashSet::new();
        for (i, column) in self.columns.iter().enumerate() {
            if looks_like_data(&column.name) {
                findings.column(cordon_protocol::Code::TableNoHeader, i);
            }
            if !column.name.is_empty() && !seen.insert(column.name.as_str()) {
                findings.column(cordon_protocol::Code::TableSameName, i);
            }
        }
        Ok(Table {
            numeric: vec![false; self.columns.len()],
            source,
            notes: findings.list(),
            columns: self.columns,
            rows: self.rows,
        })
    }

    pub(crate) fn hide(&mut self, column: usize) {
        if let Some(column) = self.columns.get_mut(column) {
            column.hidden = true;
        }
    }
}

/// Whether the name of a column is a value rather than a name: a number, a date, an address, a
/// sentence, nothing.
pub(crate) fn looks_like_data(name: &str) -> bool {
    let name = name.trim();
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.is_empty()
        || name.chars().count() > 80
        || name.contains(['@', '\n', '\r'])
        || digits >= 5
        || crate::fold::number(name).is_some()
        || !crate::dates::dates_in(name).is_empty()
}
