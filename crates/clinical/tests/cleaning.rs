//! A table of made-up people, from its bytes to the seal.
#![allow(clippy::expect_used, clippy::panic)] // a test may stop

use std::collections::BTreeSet;

use cordon_clinical::{
    Accepted, Action, CheckedTable, CleanText, CleanedTable, CleanedText, ColumnRule, Identity,
    Mapping, Person, RareRows, ReadOptions, RiskRule, Table, TableCleaner, TableSealError,
};
use cordon_deid::SiteKey;
use cordon_protocol::{Approval, Code, Protocol, Verdict};

const PEOPLE: &str = "\
PatientID;Nachname;Vorname;Geburtsdatum;E-Mail;Untersuchungsdatum;Alter;Geschlecht;PSA;Diagnose;Bemerkung;Foo\r\n\
0047110001;Müller;Anna;03.02.1957;anna@example.org;01.03.2021;64;w;4,5;Karzinom;kam mit Frau Müller;1\r\n\
0047110001;Müller;Anna;03.02.1957;anna@example.org;15.04.2021;64;w;-0,2;Karzinom;ohne Befund;2\r\n\
0047110002;Okonkwo;Bert;30.12.1928;;02.03.2021;92;m;7,1;gesund;\"=HYPERLINK(\"\"x\"\")\";3\r\n\
;Niemand;Nora;01.01.1960;;03.03.2021;61;w;1,0;gesund;;4\r\n\
0047110004;Weiß;Carla;05.06.1950;;04.03.2021 ca.;70;w;1,1;gesund;siehe 0047110001;5\r\n";

fn key() -> SiteKey {
    SiteKey::from_bytes([7; 32])
}

fn protocol() -> Protocol {
    let mut protocol = Protocol::basic();
    protocol.deid.pseudonym_prefix = "EU-".to_owned();
    protocol
}

fn table() -> Table {
    Table::read(PEOPLE.as_bytes(), &ReadOptions::default()).expect("table")
}

fn clean(table: &Table, mapping: &Mapping) -> CleanedTable {
    let (protocol, key) = (protocol(), key());
    TableCleaner::new(&protocol, &key, mapping)
        .expect("mapping")
        .clean(table, &Accepted::new())
}

fn text(cleaned: &CleanedTable) -> String {
    let bytes = cleaned.output.as_ref().expect("output").bytes();
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn count(cleaned: &CleanedTable, code: Code) -> u64 {
    let all = cleaned.findings.iter().filter(|f| f.code == code);
    all.map(|f| f.count).sum()
}

fn set(mapping: &mut Mapping, name: &str, action: Action) {
    let rule = mapping.columns.iter_mut().find(|c| c.name == name);
    rule.expect("column").action = action;
}

#[test]
fn the_guess_keeps_what_is_known_and_no_more() {
    let guess = table().guess().mapping;
    let action = |name: &str| {
        let rule = guess
            .columns
            .iter()
            .find(|c| c.name == name)
            .expect("column");
        (&rule.action, rule.identity)
    };
    assert!(matches!(action("PatientID").0, Action::Identifier { .. }));
    assert_eq!(action("Nachname"), (&Action::Drop, Some(Identity::Name)));
    assert_eq!(action("Vorname"), (&Action::Drop, Some(Identity::Name)));
    assert_eq!(
        action("Geburtsdatum"),
        (&Action::Drop, Some(Identity::Birth))
    );
    assert_eq!(action("E-Mail"), (&Action::Drop, Some(Identity::Contact)));
    assert!(matches!(
        action("Untersuchungsdatum").0,
        Action::Date { .. }
    ));
    assert!(matches!(action("Alter").0, Action::Age { .. }));
    assert_eq!(action("PSA").0, &Action::Keep);
    assert_eq!(action("Bemerkung").0, &Action::FreeText);
    assert_eq!(action("Foo").0, &Action::Drop, "unknown");
}

/// The golden table: guessed mapping, all categories allowed.
#[test]
fn a_table_comes_out_as_expected() {
    let table = table();
    let mut mapping = table.guess().mapping;
    set(
        &mut mapping,
        "Diagnose",
        Action::Category {
            allow: vec!["karzinom".to_owned(), "gesund".to_owned()],
        },
    );
    let cleaned = clean(&table, &mapping);
    let key = key();
    let (one, two, four) = ("0047110001", "0047110002", "0047110004");
    let p = |id| key.pseudonym("EU-", id);
    // The same arithmetic as for the images' DA attributes.
    let d = |date: &str, id| {
        let da = date.split('.').rev().collect::<String>();
        let moved = cordon_deid::shift_dates(da.as_bytes(), false, key.shift_days(id));
        let moved = String::from_utf8(moved.expect("date")).expect("ASCII");
        format!("{}.{}.{}", &moved[6..8], &moved[4..6], &moved[0..4])
    };
    let expected = format!(
        "PatientID,Untersuchungsdatum,Alter,Geschlecht,PSA,Diagnose,Bemerkung\r\n\
         {},{},64,w,\"4,5\",Karzinom,\r\n\
         {},{},64,w,\"-0,2\",Karzinom,\r\n\
         {},{},90,m,\"7,1\",gesund,\r\n\
         ,,61,w,\"1,0\",gesund,\r\n\
         {},,70,w,\"1,1\",gesund,\r\n",
        p(one),
        d("01.03.2021", one),
        p(one),
        d("15.04.2021", one),
        p(two),
        d("02.03.2021", two),
        p(four),
    );
    assert_eq!(text(&cleaned), expected);
    assert_eq!(cleaned.verdict, Verdict::Held);
    assert_eq!(cleaned.rows, [2, 3, 4, 5, 6]);
    assert_eq!(count(&cleaned, Code::TableNoSubject), 1);
    assert_eq!(count(&cleaned, Code::TableDateUnread), 1);
    assert_eq!(count(&cleaned, Code::TableCapped), 1);
    assert_eq!(count(&cleaned, Code::TableFreeText), 4);
    assert_eq!(count(&cleaned, Code::TableNoQuasi), 1);
    for sentence in cleaned
        .findings
        .iter()
        .map(cordon_clinical::TableFinding::sentence)
    {
        for secret in ["Müller", "0047110001", "Okonkwo", "ca."] {
            assert!(!sentence.contains(secret), "{sentence}");
        }
    }
}

#[test]
fn identifiers_are_found_in_kept_cells_of_any_row() {
    let table = table();
    let mut mapping = table.guess().mapping;
    set(&mut mapping, "Bemerkung", Action::Keep);
    let cleaned = clean(&table, &mapping);
    let text = text(&cleaned);
    assert!(!text.contains("Müller") && !text.contains("0047110001"));
    assert!(text.contains("ohne Befund"));
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{text}");
    assert_eq!(count(&cleaned, Code::TableFound), 2);
    assert_eq!(count(&cleaned, Code::TableGuard), 1);
    // A word may be chance, and a person may say so; a number of somebody may not.
    let doubts: Vec<_> = cleaned.doubts.iter().map(|d| (d.row, d.column)).collect();
    assert_eq!(doubts, [(2, 11)]);
    let (protocol, key) = (protocol(), key());
    let again = TableCleaner::new(&protocol, &key, &mapping)
        .expect("mapping")
        .clean(&table, &BTreeSet::from([(2, 11), (6, 11)]));
    let text = self::text(&again);
    assert!(text.contains("kam mit Frau Müller") && !text.contains("siehe"));
    assert_eq!(again.output.expect("output").record().accepted_cells, 1);
}

#[test]
fn kept_dates_and_contacts_do_not_pass_unseen() {
    let csv = "id,when,call,note\nA-12345,2021-03-04,+49 711 1234567,fine\nA-12346,2021-03-05,none,fine\n";
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let rule = |name: &str, action| ColumnRule {
        name: name.to_owned(),
        action,
        rename: None,
        identity: None,
        quasi: false,
        sensitive: false,
    };
    let mapping = Mapping {
        format: 1,
        risk: None,
        columns: vec![
            rule("id", Action::Identifier { digits: None }),
            rule("when", Action::Keep),
            rule("call", Action::Keep),
            rule("gone", Action::Keep),
        ],
    };
    let cleaned = clean(&table, &mapping);
    assert!(text(&cleaned).ends_with(",,none\r\n"), "{}", text(&cleaned));
    assert_eq!(count(&cleaned, Code::TableDateKept), 2);
    assert_eq!(count(&cleaned, Code::TableContact), 1);
    assert_eq!(count(&cleaned, Code::TableNotMapped), 1);
    assert_eq!(count(&cleaned, Code::TableColumnMissing), 1);
}

/// What the words crate will do, in small: takes capitals for names and is unsure of "Alp".
struct Capitals;
impl CleanText for Capitals {
    fn clean(&self, texts: &[&str], person: &Person<'_>) -> Vec<CleanedText> {
        assert!(person.identities.iter().any(|(i, _)| *i == Identity::Name));
        texts
            .iter()
            .map(|t| {
                let text = t.replace("Müller", "PERSON");
                CleanedText {
                    strict: text.replace("ohne", "…"),
                    doubts: if t.contains("ohne") {
                        vec!["ohne".to_owned()]
                    } else {
                        vec![]
                    },
                    text,
                }
            })
            .collect()
    }
}

#[test]
fn free_text_goes_through_the_cleaner_and_is_searched_after_it() {
    let table = table();
    let mapping = table.guess().mapping;
    let (protocol, key) = (protocol(), key());
    let cleaner = TableCleaner::new(&protocol, &key, &mapping)
        .expect("mapping")
        .with_text(&Capitals);
    let first = cleaner.clean(&table, &Accepted::new());
    let out = text(&first);
    assert!(out.contains("kam mit Frau PERSON") && out.contains("… Befund"));
    assert!(
        !out.contains("siehe"),
        "the cleaner missed a number, the search did not"
    );
    assert_eq!(count(&first, Code::TableFound), 1);
    assert_eq!(
        first.doubts.iter().map(|d| d.code).collect::<Vec<_>>(),
        [Code::TableDoubt]
    );
    let again = cleaner.clean(&table, &BTreeSet::from([(3, 11)]));
    assert!(text(&again).contains("ohne Befund"));
}

#[test]
fn the_text_cleaner_of_the_images_does_the_tables_too() {
    let table = table();
    let mapping = table.guess().mapping;
    let (protocol, key) = (protocol(), key());
    let cleaner = TableCleaner::new(&protocol, &key, &mapping)
        .expect("mapping")
        .with_text(&cordon_clinical::Words);
    let out = text(&cleaner.clean(&table, &Accepted::new()));
    assert!(out.contains("ohne Befund"), "{out}");
    assert!(
        !out.contains("Müller") && !out.contains("0047110001"),
        "{out}"
    );
}

#[test]
fn small_classes_are_held_or_left_out() {
    let mut csv = "MRN,age,sex,diagnosis\n".to_owned();
    for i in 0..10 {
        csv.push_str(&format!(
            "P{i:05},6{},{},{}\n",
            i % 2,
            "f",
            if i < 8 { "a" } else { "b" }
        ));
    }
    csv.push_str("P99999,23,m,a\n");
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let mut mapping = table.guess().mapping;
    set(&mut mapping, "diagnosis", Action::Keep);
    mapping.columns[3].sensitive = true;
    mapping.risk = Some(RiskRule {
        k: 5,
        l: 2,
        rare_rows: RareRows::Hold,
    });
    let held = clean(&table, &mapping);
    let risk = held.risk.as_ref().expect("risk");
    assert_eq!(
        (risk.smallest, &*risk.unique_rows, &*risk.rows_below),
        (1, &[12_u64][..], &[12_u64][..])
    );
    assert_eq!(held.verdict, Verdict::Held);
    assert_eq!(held.rare[0].values, ["23", "m"]);
    let json = serde_json::to_string(held.output.as_ref().expect("output").record()).expect("JSON");
    assert!(
        !json.contains("23") || !json.contains("\"m\""),
        "no values in the record"
    );

    mapping.risk = Some(RiskRule {
        k: 5,
        l: 2,
        rare_rows: RareRows::LeaveOut,
    });
    let out = clean(&table, &mapping);
    assert_eq!(out.rows.len(), 10);
    assert_eq!(out.risk.as_ref().map(|r| r.smallest), Some(5));
    assert_eq!(count(&out, Code::TableLeftOut), 1);
    assert_eq!(out.verdict, Verdict::Clean, "{:?}", out.findings);
}

#[test]
fn only_the_check_makes_what_may_leave() {
    let csv = "MRN,PSA\nP00001,4.5\nP00002,4.6\n";
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let mut mapping = table.guess().mapping;
    let held = clean(&table, &mapping).output.expect("output");
    assert_eq!(held.clone().seal(None), Err(TableSealError::NotApproved));
    let approval = |by: &str| Approval {
        by: by.to_owned(),
        ..approval_template()
    };
    assert_eq!(
        held.clone().seal(Some(&approval(" "))),
        Err(TableSealError::NotApproved)
    );
    let sealed = held
        .clone()
        .seal(Some(&approval("Data manager")))
        .expect("sealed");
    assert_eq!(sealed.bytes(), held.bytes());

    mapping.risk = Some(RiskRule {
        k: 2,
        l: 1,
        rare_rows: RareRows::Hold,
    });
    let clean = clean(&table, &mapping);
    assert_eq!(clean.verdict, Verdict::Clean, "{:?}", clean.findings);
    let checked = clean.output.expect("output");
    let (bytes, record) = (checked.bytes().to_vec(), checked.record().clone());
    let json = serde_json::to_string(&record).expect("JSON");
    let record: cordon_clinical::TableRecord = serde_json::from_str(&json).expect("record");
    assert_eq!(
        CheckedTable::reopen(bytes.clone(), record.clone(), &key()),
        Ok(checked)
    );
    let mut other = bytes.clone();
    other[20] ^= 1;
    assert_eq!(
        CheckedTable::reopen(other, record.clone(), &key()),
        Err(TableSealError::Changed)
    );
    let stranger = SiteKey::from_bytes([8; 32]);
    assert_eq!(
        CheckedTable::reopen(bytes.clone(), record.clone(), &stranger),
        Err(TableSealError::Foreign)
    );
    let mut forged = record;
    forged.rows += 1;
    assert_eq!(
        CheckedTable::reopen(bytes, forged, &key()),
        Err(TableSealError::Foreign)
    );
}

fn approval_template() -> Approval {
    serde_json::from_str("{\"by\":\"x\",\"at\":\"2026-11-22T00:00:00Z\"}").expect("approval")
}

#[test]
fn a_mapping_is_data() {
    let text = "
        [risk]
        k = 5
        rare_rows = \"leave-out\"
        [[columns]]
        name = \"PatientID\"
        action = { kind = \"identifier\", digits = 10 }
        [[columns]]
        name = \"OP\"
        action = { kind = \"date\", order = \"day-first\" }
        [[columns]]
        name = \"Sex\"
        quasi = true
        action = { kind = \"category\", allow = [\"m\", \"f\"] }
        [[columns]]
        name = \"Name\"
        identity = \"name\"
        action = { kind = \"drop\" }
    ";
    let mapping = Mapping::from_toml(text).expect("mapping");
    let again = Mapping::from_toml(&mapping.to_toml().expect("TOML")).expect("again");
    assert_eq!(mapping, again);
    let json = serde_json::to_string(&mapping).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Mapping>(&json).expect("JSON"),
        mapping
    );
    assert_eq!(mapping.digest(), again.digest());
    for wrong in [
        text.replace("k = 5", "k = 1"),
        text.replace("format", "x").replace("k = 5", "k = 5\nl = 3"),
        text.replace("kind = \"drop\"", "kind = \"identifier\""),
        text.replace("quasi", "quesi"),
    ] {
        assert!(Mapping::from_toml(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn zeros_that_a_spreadsheet_ate_are_given_back() {
    let csv = "MRN,PSA\n4711,1\n1.23457E+15,2\n";
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let mut mapping = table.guess().mapping;
    set(&mut mapping, "MRN", Action::Identifier { digits: Some(10) });
    let cleaned = clean(&table, &mapping);
    let expected = key().pseudonym("EU-", "0000004711");
    assert_eq!(text(&cleaned), format!("MRN,PSA\r\n{expected},1\r\n,2\r\n"));
    assert_eq!(count(&cleaned, Code::TableRounded), 1);
}

#[test]
fn cleaning_its_own_output_changes_no_pseudonym() {
    let csv = "MRN,PSA\nP00001,4.5\nP00002,4.6\n";
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let mapping = table.guess().mapping;
    let once = text(&clean(&table, &mapping));
    let table = Table::read(once.as_bytes(), &ReadOptions::default()).expect("table");
    assert_eq!(text(&clean(&table, &mapping)), once);
}

#[test]
fn names_of_columns_that_are_values_stay_behind() {
    let csv = "MRN,PSA,Anna Weber,2021-03-04\nP00001,4.5,1,2\n";
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let mut mapping = table.guess().mapping;
    for name in ["Anna Weber", "2021-03-04"] {
        set(&mut mapping, name, Action::Keep);
    }
    mapping.columns.push(ColumnRule {
        name: "x".to_owned(),
        action: Action::Drop,
        rename: None,
        identity: None,
        quasi: false,
        sensitive: false,
    });
    let out = text(&clean(&table, &mapping));
    assert!(
        out.starts_with("MRN,PSA,Anna Weber,column_4\r\n"),
        "nothing says that this is a name: {out}"
    );
    let csv = "MRN,PSA,Anna Weber,Name\nP00001,4.5,1,\"Weber, Anna\"\n";
    let table = Table::read(csv.as_bytes(), &ReadOptions::default()).expect("table");
    let mut mapping = table.guess().mapping;
    set(&mut mapping, "Anna Weber", Action::Keep);
    let out = text(&clean(&table, &mapping));
    assert!(out.starts_with("MRN,PSA,column_3\r\n"), "{out}");
}
