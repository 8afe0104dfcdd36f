//! CSV by RFC 4180, as far as the files of real life keep to it.
//!
//! The one thing that must not happen is a cell under the wrong name: the comma of
//! `Smith, John` without quotes would move every following cell one column on, and a
//! name into a column that is kept. So a row with another number of cells than the
//! header is left out and reported, and a quote that never closes is an error.

use cordon_protocol::Code;

use crate::TableError;
use crate::findings::Findings;
use crate::table::{Builder, Encoding, ReadOptions, Separator, Source, Table};

/// Reads the text of a CSV file.
pub(crate) fn read(
    text: &str,
    encoding: Encoding,
    options: &ReadOptions,
) -> Result<Table, TableError> {
    let (text, said) = first_line_says(text);
    let separator = options
        .separator
        .or(said)
        .unwrap_or_else(|| guess_separator(text));
    let mut builder = Builder::new(options, Findings::default());
    let mut stray = Vec::new();
    let mut number = u64::from(said.is_some());
    let mut reader = Reader::new(text, separator.character());
    while let Some((cells, odd)) = reader
        .next_row()
        .map_err(|OpenQuote| TableError::OpenQuote(number + 1))?
    {
        number += 1;
        if odd {
            stray.push(number);
        }
        builder.row(number, cells, true)?;
    }
    for row in stray {
        builder.findings.row(Code::TableQuote, row);
    }
    builder.finish(Source::Csv {
        encoding,
        separator,
    })
}

/// Excel's own first line, `sep=;`.
fn first_line_says(text: &str) -> (&str, Option<Separator>) {
    for separator in Separator::ALL {
        let rest = text
            .strip_prefix("sep=")
            .and_then(|t| t.strip_prefix(separator.character()))
            .and_then(|t| t.strip_prefix("\r\n").or_else(|| t.strip_prefix('\n')));
        if let Some(rest) = rest {
            return (rest, Some(separator));
        }
    }
    (text, None)
}

/// How many rows are looked at to find the separator.
const SAMPLE: usize = 50;

/// The separator that gives the most columns in the most even way.
fn guess_separator(text: &str) -> Separator {
    let score = |separator: Separator| {
        let mut reader = Reader::new(text, separator.character());
        let mut widths = Vec::new();
        while let Ok(Some((cells, _))) = reader.next_row() {
            if cells.iter().any(|c| !c.is_empty()) {
                widths.push(cells.len());
            }
            if widths.len() >= SAMPLE {
                break;
            }
        }
        let Some(first) = widths.first().copied().filter(|w| *w > 1) else {
            return (0, 0);
        };
        let even = widths.iter().filter(|w| **w == first).count();
        (even * 100 / widths.len(), first)
    };
    let mut best = (Separator::Comma, (0, 0));
    for separator in Separator::ALL {
        let score = score(separator);
        if score > best.1 {
            best = (separator, score);
        }
    }
    best.0
}

/// A quote that the text ends within.
#[derive(Debug)]
pub(crate) struct OpenQuote;

/// Goes through the rows of a text.
pub(crate) struct Reader<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    separator: char,
}

/// The cells of a row, and whether a quotation mark stood where none belongs.
type Cells = (Vec<String>, bool);

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, separator: char) -> Self {
        Self {
            rest: text.chars().peekable(),
            separator,
        }
    }

    pub(crate) fn next_row(&mut self) -> Result<Option<Cells>, OpenQuote> {
        if self.rest.peek().is_none() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        let mut odd = false;
        loop {
            let (cell, end) = self.cell(&mut odd)?;
            cells.push(cell);
            if end {
                return Ok(Some((cells, odd)));
            }
        }
    }

    /// One cell, and whether the row ends after it.
    fn cell(&mut self, odd: &mut bool) -> Result<(String, bool), OpenQuote> {
        let mut cell = String::new();
        let mut quoted = false;
        if self.rest.peek() == Some(&'"') {
            self.rest.next();
            quoted = true;
        }
        while quoted {
            match self.rest.next() {
                None => return Err(OpenQuote),
                Some('"') if self.rest.peek() == Some(&'"') => {
                    self.rest.next();
                    cell.push('"');
                }
                Some('"') => quoted = false,
                Some(c) => cell.push(c),
            }
        }
        loop {
            match self.rest.next() {
                None => return Ok((cell, true)),
                Some(c) if c == self.separator => return Ok((cell, false)),
                Some('\n') => return Ok((cell, true)),
                Some('\r') => {
                    if self.rest.peek() == Some(&'\n') {
                        self.rest.next();
                    }
                    return Ok((cell, true));
                }
                Some(c) => {
                    *odd |= c == '"';
                    cell.push(c);
                }
            }
        }
    }
}

/// Writes rows by RFC 4180.
pub(crate) fn write<'r>(rows: impl Iterator<Item = &'r [String]>) -> Vec<u8> {
    let mut out = String::new();
    for row in rows {
        for (i, cell) in row.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            // A row of one empty cell would read back as no row.
            if cell.contains(['"', ',', '\n', '\r']) || (row.len() == 1 && cell.is_empty()) {
                out.push('"');
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(cell);
            }
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::read(text.as_bytes(), &ReadOptions::default()).expect("table")
    }
    fn cells(t: &Table) -> Vec<Vec<&str>> {
        t.rows()
            .iter()
            .map(|r| r.cells.iter().map(String::as_str).collect())
            .collect()
    }

    #[test]
    fn separators_quotes_and_lines() {
        for sep in [",", ";", "\t", "|"] {
            let t = table(&format!("a{sep}b\r\n1{sep}\"x{sep}\"\"y\"\"\nz\"\r\n"));
            assert_eq!(cells(&t), [["1", &format!("x{sep}\"y\"\nz")]]);
        }
        let t = table("a;b\n1,5;2,5\n3,5;4,5\n");
        assert_eq!(cells(&t), [["1,5", "2,5"], ["3,5", "4,5"]]);
        assert_eq!(cells(&table("sep=;\r\na;b\n1;2")), [["1", "2"]]);
        assert_eq!(cells(&table("a\r1\r2\r")), [["1"], ["2"]]);
    }

    #[test]
    fn ragged_rows_are_left_out_and_told() {
        let t = table("id,name,note\n1,Smith, John,x\n2,Lee,y\n3,Kim\n4,Poe,z,,\n");
        assert_eq!(cells(&t), [["2", "Lee", "y"], ["4", "Poe", "z"]]);
        let note = &t.notes()[0];
        assert_eq!((note.code, note.count), (Code::TableRagged, 2));
        assert_eq!(note.rows, [2, 4]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_an_error() {
        let read = |t: &str| Table::read(t.as_bytes(), &ReadOptions::default());
        assert_eq!(read("a,b\n1,\"x\n2,y\n"), Err(TableError::OpenQuote(2)));
        assert_eq!(read("\n , \n"), Err(TableError::Empty));
        let t = table("a,b\n5\" needle,x\n");
        assert_eq!(t.notes()[0].code, Code::TableQuote);
    }

    #[test]
    fn a_first_row_of_data_is_noticed() {
        let t = table("4711234,Anna,1957-03-02\n4711235,Bert,1960-01-01\n");
        assert_eq!(
            t.notes()
                .iter()
                .filter(|n| n.code == Code::TableNoHeader)
                .count(),
            2
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        let rows = [
            vec!["a".to_owned(), "b\"c".to_owned()],
            vec!["x,\r\ny".to_owned(), String::new()],
        ];
        let bytes = write(rows.iter().map(Vec::as_slice));
        assert_eq!(bytes, b"a,\"b\"\"c\"\r\n\"x,\r\ny\",\r\n");
    }
}
