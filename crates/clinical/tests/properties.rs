//! Properties over made-up tables and random bytes.
#![allow(clippy::expect_used, clippy::panic)] // a test may stop

use std::io::Cursor;

use cordon_clinical::{Accepted, Action, Mapping, ReadOptions, Table, TableCleaner};
use cordon_deid::SiteKey;
use cordon_protocol::Protocol;
use proptest::prelude::*;

fn out(table: &Table, mapping: &Mapping, key: &SiteKey) -> Option<String> {
    let protocol = Protocol::basic();
    let cleaner = TableCleaner::new(&protocol, key, mapping).expect("mapping");
    let cleaned = cleaner.clean(table, &Accepted::new());
    cleaned
        .output
        .map(|o| String::from_utf8(o.bytes().to_vec()).expect("UTF-8"))
}

fn read(bytes: &[u8]) -> Option<Table> {
    Table::read(bytes, &ReadOptions::default()).ok()
}

/// Everything kept that can be: the hardest case for the search.
fn keep_all(table: &Table) -> Mapping {
    let mut mapping = table.guess().mapping;
    for column in &mut mapping.columns {
        if column.identity.is_none() && !matches!(column.action, Action::Identifier { .. }) {
            column.action = Action::Keep;
        }
    }
    mapping
}

#[derive(Debug, Clone)]
struct Someone {
    id: String,
    name: String,
    note: String,
    day: u32,
}

fn someone() -> impl Strategy<Value = Someone> {
    (
        "[A-Z]{2}[0-9]{6}",
        "[B-DF-HJ-NP-TV-Z][aeiou][kprtzvx]{2}[aeiou][lnmk]{1,2}",
        "[a-z ]{0,12}",
        0_u32..9_000,
    )
        .prop_map(|(id, name, note, day)| Someone {
            id,
            name,
            note,
            day,
        })
}

fn csv(people: &[Someone], mix: usize) -> String {
    let mut text = "MRN,Nachname,Remarks,Result\r\n".to_owned();
    for (i, p) in people.iter().enumerate() {
        let other = &people[(i + mix) % people.len()];
        let note = match mix % 4 {
            0 => format!("{} {}", p.note, other.name),
            1 => format!("{}/{}", other.id.to_lowercase(), p.note),
            2 => format!("({}-{})", &other.id[..4], &other.id[4..]),
            _ => format!("{}: {}", other.name.to_uppercase(), p.note),
        };
        text.push_str(&format!("{},{},{note},{}\r\n", p.id, p.name, p.day % 7));
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Some(table) = read(&bytes) {
            let _ = out(&table, &keep_all(&table), &SiteKey::from_bytes([1; 32]));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-z0-9\",;\\n\\r=+@./\\-|\\t äÖß日]{0,200}") {
        if let Some(table) = read(text.as_bytes()) {
            let _ = out(&table, &keep_all(&table), &SiteKey::from_bytes([1; 32]));
            let _ = out(&table, &table.guess().mapping, &SiteKey::from_bytes([1; 32]));
        }
    }

    #[test]
    fn no_identifier_of_the_input_is_in_the_output(people in prop::collection::vec(someone(), 1..12), mix in 0_usize..16) {
        let table = read(csv(&people, mix).as_bytes()).expect("table");
        let text = out(&table, &keep_all(&table), &SiteKey::from_bytes([1; 32])).expect("output");
        // Pseudonyms are random letters: look at what follows them.
        for line in text.lines().skip(1) {
            let rest = line.split_once(',').map_or("", |(_, rest)| rest).to_lowercase();
            let squeezed: String = rest.chars().filter(|c| c.is_alphanumeric()).collect();
            for p in &people {
                prop_assert!(!squeezed.contains(&p.id.to_lowercase()), "an identifier is left");
                let words: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).collect();
                prop_assert!(!words.contains(&p.name.to_lowercase().as_str()), "a name is left");
            }
        }
    }

    #[test]
    fn the_same_key_gives_the_same_table_and_another_shares_nothing(people in prop::collection::vec(someone(), 1..12)) {
        let table = read(csv(&people, 0).as_bytes()).expect("table");
        let mapping = table.guess().mapping;
        let (a, b) = (SiteKey::from_bytes([1; 32]), SiteKey::from_bytes([2; 32]));
        let first = out(&table, &mapping, &a).expect("output");
        prop_assert_eq!(&first, &out(&table, &mapping, &a).expect("output"));
        let second = out(&table, &mapping, &b).expect("output");
        for ((one, two), p) in first.lines().zip(second.lines()).skip(1).zip(&people) {
            let head = |line: &str| line.split(',').next().map(str::to_owned);
            prop_assert_eq!(head(one), Some(a.pseudonym("", &p.id)));
            prop_assert_ne!(head(one), head(two));
        }
    }

    #[test]
    fn damaged_workbooks_do_not_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), stored in any::<bool>()) {
        let mut bytes = workbook(stored);
        for (at, with) in flips {
            let at = at.index(bytes.len());
            bytes[at] = with;
        }
        if let Some(table) = read(&bytes) {
            let _ = out(&table, &keep_all(&table), &SiteKey::from_bytes([1; 32]));
        }
    }
}

/// A small workbook; `stored` without compression, so that damage reaches the XML.
fn workbook(stored: bool) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "MRN").expect("cell");
    sheet.write_string(0, 1, "PSA").expect("cell");
    sheet.write_string(1, 0, "P00001").expect("cell");
    sheet.write_number(1, 1, 4.5).expect("cell");
    let bytes = book.save_to_buffer().expect("workbook");
    if !stored {
        return bytes;
    }
    let mut from = zip::ZipArchive::new(Cursor::new(&bytes)).expect("archive");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for i in 0..from.len() {
        let mut file = from.by_index(i).expect("part");
        let mut text = Vec::new();
        file.read_to_end(&mut text).expect("part");
        to.start_file(file.name().expect("name").into_owned(), options)
            .expect("part");
        to.write_all(&text).expect("part");
    }
    to.finish().expect("archive").into_inner()
}
