use proptest::prelude::*;

use super::*;

fn moved(text: &str, order: Option<DateOrder>, days: i64) -> Result<String, Unread> {
    let spelling = Spelling::of([text].into_iter(), order);
    let written = read(text, &spelling)?;
    Ok(written.respell(written.date.moved(days).expect("in range"), &spelling))
}

#[test]
fn what_goes_in_spelled_so_comes_out_spelled_so() {
    for (text, is) in [
        ("2024-02-28", "2024-03-01"),
        ("2024/02/28", "2024/03/01"),
        ("20240228", "20240301"),
        ("20240228123456", "20240301123456"),
        (
            "2024-02-28T12:34:56.789+01:00",
            "2024-03-01T12:34:56.789+01:00",
        ),
        ("2024-02-28 07:05", "2024-03-01 07:05"),
        ("28.02.2024", "01.03.2024"),
        ("28.2.2024", "1.3.2024"),
        ("28. Februar 2024", "01. März 2024"),
        ("28 février 2024", "01 mars 2024"),
        ("28 de febrero de 2024", "01 de marzo de 2024"),
        ("28 febbraio 2024", "01 marzo 2024"),
        ("28-Feb-2024", "01-Mar-2024"),
        ("28-FEB-24", "01-MAR-24"),
        ("February 28, 2024", "March 01, 2024"),
        ("Feb 28th, 2024", "Mar 1st, 2024"),
        ("02/28/2024", "03/01/2024"),
        ("28/02/24 3:15 pm", "01/03/24 3:15 pm"),
    ] {
        assert_eq!(moved(text, None, 2).as_deref(), Ok(is), "{text}");
    }
    assert_eq!(
        moved("45350", Some(DateOrder::Serial), -350).as_deref(),
        Ok("45000")
    );
    assert_eq!(
        moved("45350.5", Some(DateOrder::Serial), 1).as_deref(),
        Ok("45351.5")
    );
}

#[test]
fn what_is_no_whole_date_or_two_is_not_guessed() {
    for text in [
        "",
        "2024",
        "2024-02",
        "Feb 2024",
        "31.02.2024",
        "2024-13-01",
        "unknown",
        "12:30",
        "28.02.2024 John",
        "2024-02-28 Anna 12",
        "1.2",
        "28.02.2024-29.02.2024",
        "45350",
        "Mon 28 Feb 2024",
    ] {
        assert_eq!(moved(text, None, 1), Err(Unread::NoDate), "{text}");
    }
    for text in ["03/04/2021", "3-4-2021", "01-02-03"] {
        assert_eq!(moved(text, None, 1), Err(Unread::Ambiguous), "{text}");
    }
    assert_eq!(
        moved("03/04/2021", Some(DateOrder::DayFirst), 1).as_deref(),
        Ok("04/04/2021")
    );
    assert_eq!(
        moved("03/04/2021", Some(DateOrder::MonthFirst), 1).as_deref(),
        Ok("03/05/2021")
    );
    assert_eq!(
        moved("05/05/2021", None, 1).as_deref(),
        Ok("06/05/2021"),
        "either way the same day"
    );
}

#[test]
fn the_column_says_which_comes_first() {
    let column = ["03/04/2021", "25/12/2020"];
    let spelling = Spelling::of(column.into_iter(), None);
    assert_eq!(spelling.order, Some(DateOrder::DayFirst));
    let torn = Spelling::of(["12/25/2020", "25/12/2020"].into_iter(), None);
    assert_eq!(torn.order, None);
}

/// A cell's own padding would tell how many digits its day had before it moved.
#[test]
fn padding_and_names_follow_the_column() {
    let column = ["2/3/2021", "25/12/2020"];
    let spelling = Spelling::of(column.into_iter(), None);
    let written = read("25/12/2020", &spelling).expect("date");
    let moved = written.date.moved(-20).expect("date");
    assert_eq!(written.respell(moved, &spelling), "5/12/2020");
    let names = Spelling::of(["3 May 2021", "4 January 2021"].into_iter(), None);
    let written = read("3 May 2021", &names).expect("date");
    let moved = written.date.moved(-60).expect("date");
    assert_eq!(written.respell(moved, &names), "4 March 2021");
}

#[test]
fn dates_are_found_inside_texts() {
    let found = |t: &str| dates_in(t).len();
    assert_eq!(found("seen on 3.4.2021 and 2020-01-05, again 20210203"), 4);
    assert_eq!(found("OP am 12. Mai 1990."), 1);
    assert_eq!(found("12 x 15 x 20 mm, T2 3.0, 1.2.840.10008"), 0);
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in ".{0,40}") {
        for order in [None, Some(DateOrder::DayFirst), Some(DateOrder::Serial)] {
            let spelling = Spelling::of([text.as_str()].into_iter(), order);
            if let Ok(written) = read(&text, &spelling) {
                let _ = written.respell(written.date, &spelling);
            }
        }
        let _ = dates_in(&text);
    }

    #[test]
    fn intervals_are_exact_in_every_spelling(a in 0_i64..40_000, gap in 0_i64..9_000, by in -3_650_i64..-30, form in 0_usize..6) {
        let write = |days: i64| {
            let d = SERIAL_ZERO.moved(days + 8_000).expect("date");
            match form {
                0 => format!("{:04}-{:02}-{:02}", d.year, d.month, d.day),
                1 => format!("{:02}.{:02}.{:04}", d.day, d.month, d.year),
                2 => format!("{}/{}/{:04}", d.month, d.day, d.year),
                3 => format!("{:04}{:02}{:02}", d.year, d.month, d.day),
                4 => format!("{} {} {:04}", d.day, months::write(d.month, &months::read("June").expect("June"), None), d.year),
                _ => serial_of(d).to_string(),
            }
        };
        let order = match form { 2 => Some(DateOrder::MonthFirst), 5 => Some(DateOrder::Serial), _ => None };
        let cells = [write(a), write(a + gap)];
        let spelling = Spelling::of(cells.iter().map(String::as_str), order);
        let days: Vec<i64> = cells
            .iter()
            .map(|c| {
                let written = read(c, &spelling).expect("date");
                let out = written.respell(written.date.moved(by).expect("date"), &spelling);
                serial_of(read(&out, &spelling).expect("date again").date)
            })
            .collect();
        prop_assert_eq!(days[1] - days[0], gap);
        prop_assert_eq!(days[0], a + 8_000 + by);
    }
}
