//! XLSX workbooks, made here by `rust_xlsxwriter`.
#![allow(clippy::expect_used, clippy::panic)] // a test may stop

use std::io::{Cursor, Read as _, Write as _};

use cordon_clinical::{CellKind, Limits, ReadOptions, Source, Table, TableError};
use cordon_protocol::Code;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Note, Workbook};

fn count(table: &Table, code: Code) -> u64 {
    table
        .notes()
        .iter()
        .filter(|n| n.code == code)
        .map(|n| n.count)
        .sum()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let hidden = book.add_worksheet().set_name("Key").expect("name");
    hidden.write_string(0, 0, "Anna Müller").expect("cell");
    hidden.set_hidden(true);
    let sheet = book.add_worksheet().set_name("Patients").expect("name");
    sheet.set_active(true);
    sheet.set_first_tab(true);
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (i, name) in ["PatientID", "Name", "Scan", "Seen", "PSA", "Double", "OK"]
        .iter()
        .enumerate()
    {
        sheet
            .write_string(0, u16::try_from(i).expect("column"), *name)
            .expect("cell");
    }
    for (row, id) in [(1_u32, 4711.0), (2, 4712.0), (3, 4713.0)] {
        sheet.write_number(row, 0, id).expect("cell");
        sheet.write_string(row, 1, "Müller").expect("cell");
        let day = ExcelDateTime::from_ymd(2021, 3, u8::try_from(row).expect("day")).expect("date");
        sheet
            .write_datetime_with_format(row, 2, &day, &date)
            .expect("cell");
        let seen = ExcelDateTime::from_ymd(2021, 3, 9)
            .expect("date")
            .and_hms(7, 5, 0)
            .expect("time");
        sheet
            .write_datetime_with_format(row, 3, &seen, &time)
            .expect("cell");
        sheet.write_number(row, 4, 0.1 + 0.2).expect("cell");
        sheet
            .write_formula(row, 5, Formula::new("=E2*2").set_result("0.6"))
            .expect("cell");
        sheet.write_boolean(row, 6, true).expect("cell");
    }
    sheet
        .insert_note(1, 4, &Note::new("asked Anna Müller"))
        .expect("note");
    sheet.set_column_hidden(1).expect("hidden");
    sheet.set_row_hidden(3).expect("hidden");
    book.add_worksheet().set_name("Other").expect("name");
    book.save_to_buffer().expect("workbook")
}

#[test]
fn values_dates_and_what_is_hidden() {
    let table = Table::read(&workbook(), &ReadOptions::default()).expect("table");
    let Source::Xlsx { sheet, others } = table.source() else {
        panic!("a workbook");
    };
    assert_eq!(
        (sheet.as_str(), others.as_slice()),
        ("Patients", &["Other".to_owned()][..])
    );
    let rows: Vec<&[String]> = table.rows().iter().map(|r| r.cells.as_slice()).collect();
    assert_eq!(rows.len(), 2, "the hidden row is dropped");
    assert_eq!(
        rows[0],
        [
            "4711",
            "Müller",
            "2021-03-01",
            "2021-03-09 07:05:00",
            "0.3",
            "0.6",
            "TRUE"
        ]
    );
    assert!(table.columns()[1].hidden && !table.columns()[0].hidden);
    for code in [
        Code::TableHiddenSheet,
        Code::TableHiddenColumn,
        Code::TableHiddenRow,
        Code::TableSheets,
    ] {
        assert_eq!(count(&table, code), 1, "{code}");
    }
    assert!(count(&table, Code::TableComments) >= 1);
    assert_eq!(table.kind(2), CellKind::Date);
    assert!(!format!("{table:?}").contains("Müller"));
}

#[test]
fn a_sheet_is_chosen_by_name_and_hidden_ones_are_not_offered() {
    let read = |name: &str| {
        let sheet = Some(name.to_owned());
        Table::read(
            &workbook(),
            &ReadOptions {
                sheet,
                ..ReadOptions::default()
            },
        )
    };
    assert!(read("Patients").is_ok());
    assert_eq!(read("Key"), Err(TableError::NoSheet));
    assert_eq!(read("Other"), Err(TableError::Empty));
}

#[test]
fn numbers_as_identifiers_are_told() {
    use cordon_clinical::{Accepted, TableCleaner};
    let table = Table::read(&workbook(), &ReadOptions::default()).expect("table");
    let mapping = table.guess().mapping;
    let key = cordon_deid::SiteKey::from_bytes([7; 32]);
    let protocol = cordon_protocol::Protocol::basic();
    let cleaned = TableCleaner::new(&protocol, &key, &mapping)
        .expect("mapping")
        .clean(&table, &Accepted::new());
    assert!(
        cleaned
            .findings
            .iter()
            .any(|f| f.code == Code::TableNumericId)
    );
    assert!(
        !cleaned.columns.contains(&2),
        "the hidden column is dropped"
    );
    let bytes = cleaned.output.expect("output").bytes().to_vec();
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(
        text.contains(&key.pseudonym("", "4711")) && !text.contains("4711,"),
        "{text}"
    );
}

#[test]
fn limits_hold_against_bombs() {
    let bytes = workbook();
    let read = |limits| {
        Table::read(
            &bytes,
            &ReadOptions {
                limits,
                ..ReadOptions::default()
            },
        )
    };
    let tight = Limits {
        unpacked: 2_000,
        ..Limits::default()
    };
    assert!(matches!(read(tight), Err(TableError::TooLarge(_))));
    let narrow = Limits {
        columns: 3,
        ..Limits::default()
    };
    assert!(matches!(read(narrow), Err(TableError::TooLarge(_))));

    // A hundred megabytes of one letter in an archive of a hundred kilobytes.
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive
        .start_file("xl/workbook.xml", options)
        .expect("part");
    archive.write_all(&vec![b'a'; 100 << 20]).expect("part");
    let bomb = archive.finish().expect("archive").into_inner();
    assert!(bomb.len() < 1 << 20);
    let limits = Limits {
        unpacked: 10 << 20,
        ..Limits::default()
    };
    let read = Table::read(
        &bomb,
        &ReadOptions {
            limits,
            ..ReadOptions::default()
        },
    );
    assert_eq!(read, Err(TableError::TooLarge("unpacked workbook")));
    assert_eq!(
        Table::read(&[0xD0, 0xCF, 0x11, 0xE0, 0], &ReadOptions::default()),
        Err(TableError::OldWorkbook)
    );
}

/// Rewrites one part of the workbook.
fn patched(part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let bytes = workbook();
    let mut from = zip::ZipArchive::new(Cursor::new(&bytes)).expect("archive");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..from.len() {
        let mut file = from.by_index(i).expect("part");
        let name = file.name().expect("name").into_owned();
        let mut text = Vec::new();
        file.read_to_end(&mut text).expect("part");
        if name == part {
            text = change(String::from_utf8(text).expect("XML")).into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("part");
        to.write_all(&text).expect("part");
    }
    to.finish().expect("archive").into_inner()
}

#[test]
fn damaged_and_wild_workbooks_are_errors() {
    let sheet = "xl/worksheets/sheet2.xml";
    let read = |bytes: &[u8]| Table::read(bytes, &ReadOptions::default());
    let far = patched(sheet, |s| s.replace("r=\"C2\"", "r=\"ZZZZZZ2\""));
    assert_eq!(read(&far), Err(TableError::Damaged("sheet")));
    let deep = patched(sheet, |s| {
        s.replace("<row r=\"2\"", "<row r=\"4294967295\"")
    });
    assert_eq!(read(&deep), Err(TableError::Damaged("sheet")));
    let back = patched(sheet, |s| s.replace("r=\"A3\"", "r=\"A1\""));
    assert_eq!(read(&back), Err(TableError::Damaged("sheet")));
    let cut = patched(sheet, |s| s[..s.len() / 2].to_owned());
    assert!(matches!(read(&cut), Err(TableError::Damaged(_))));
    let empty = patched(sheet, |s| s.replace("<v>0.6</v>", ""));
    assert_eq!(count(&read(&empty).expect("table"), Code::TableFormula), 3);
}
