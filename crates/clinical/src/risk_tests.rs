use super::*;
use crate::mapping::RareRows;

fn rows(text: &[[&str; 4]]) -> Vec<Vec<String>> {
    text.iter()
        .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
        .collect()
}

fn rule(k: u32, l: u32) -> RiskRule {
    RiskRule {
        k,
        l,
        rare_rows: RareRows::Hold,
    }
}

/// Pseudonym, age, sex, diagnosis.
fn small() -> Vec<Vec<String>> {
    rows(&[
        ["A", "61", "F", "x"],
        ["B", "61", "F", "x"],
        ["C", "61", "F", "y"],
        ["D", "63", "M", "x"],
        ["E", "64", "M", "x"],
        ["E", "64", "M", "x"],
    ])
}

fn crowd(rows: &[Vec<String>]) -> Crowd<'_> {
    Crowd {
        rows,
        numbers: &[2, 3, 4, 5, 6, 7],
        subject: Some(0),
        quasi: vec![1, 2],
        sensitive: Some(3),
    }
}

#[test]
fn people_are_counted_not_rows() {
    let rows = small();
    let report = crowd(&rows).assess(rule(2, 2));
    assert_eq!((report.people, report.classes, report.smallest), (5, 3, 1));
    assert_eq!(report.sizes, BTreeMap::from([(1, 2), (3, 1)]));
    assert_eq!(report.rows_below, [5, 6, 7]);
    assert_eq!(report.unique_rows, [5, 6, 7]);
    assert_eq!(crowd(&rows).rare(2), BTreeSet::from([3, 4, 5]));
}

#[test]
fn diversity_by_hand() {
    let rows = small();
    let diversity = crowd(&rows)
        .assess(rule(2, 2))
        .diversity
        .expect("diversity");
    assert_eq!((diversity.distinct, diversity.classes_below), (1, 2));
    assert_eq!(diversity.rows_below, [5, 6, 7]);
    assert_eq!(diversity.entropy_thousandths, 1000);
    // Two x and one y: exp(-(2/3 ln 2/3 + 1/3 ln 1/3)) = 1.8899.
    assert_eq!(entropy_l(&[2, 1]), 1890);
    assert_eq!(entropy_l(&[1, 1, 1, 1]), 4000);
}

#[test]
fn suggestions_say_what_they_do() {
    let rows = small();
    let report = crowd(&rows).assess(rule(2, 1));
    let age: Vec<_> = report
        .suggestions
        .iter()
        .filter(|s| s.column == 2)
        .map(|s| (s.change, s.rows_below))
        .collect();
    assert_eq!(
        age,
        [
            (Change::BandsOfFive, 0),
            (Change::BandsOfTen, 0),
            (Change::DropColumn, 0)
        ]
    );
    assert!(
        report.suggestions.iter().all(|s| s.rows_below < 3),
        "nothing is suggested that does not help"
    );
    let wide = crowd(&rows).classes_below(2);
    assert_eq!(wide.len(), 2);
    assert_eq!(wide[0].values, ["63", "M"]);
}

#[test]
fn without_quasi_identifiers_all_are_one_crowd() {
    let rows = small();
    let mut crowd = crowd(&rows);
    crowd.quasi.clear();
    let report = crowd.assess(rule(5, 1));
    assert_eq!((report.classes, report.smallest), (1, 5));
    assert!(report.rows_below.is_empty());
}
