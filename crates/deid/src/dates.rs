//! Longitudinal dates: one shift in whole days for each patient (PS3.15 section E.3.6).
//!
//! All dates of a patient move by the same number of days under the site key, so
//! intervals stay exact; times of day stay. What does not read as a whole date
//! cannot be moved and is taken out: nothing falls back to the date that was there.

/// Days from 1970-01-01 of a proleptic Gregorian date.
/// After H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let doe = days - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// Moves `YYYYMMDD` by `shift` days. `None` when it is no date.
fn shift_eight(text: &str, shift: i64) -> Option<String> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let days = days_from_civil(year, month, day);
    // 31 February would read back as another day.
    if !(1..=12).contains(&month) || civil_from_days(days) != (year, month, day) {
        return None;
    }
    let (year, month, day) = civil_from_days(days + shift);
    (1..=9999)
        .contains(&year)
        .then(|| format!("{year:04}{month:02}{day:02}"))
}

/// Moves one DA value: `YYYYMMDD`, or `YYYY.MM.DD` of ACR-NEMA, which comes out in DICOM's form.
fn shift_date(text: &str, shift: i64) -> Option<String> {
    if text.len() == 10 && text.bytes().filter(|b| *b == b'.').count() == 2 {
        return shift_eight(&text.replace('.', ""), shift);
    }
    shift_eight(text, shift)
}

/// Moves one DT value; time, fraction and zone stay as written. A date without a day cannot move.
fn shift_date_time(text: &str, shift: i64) -> Option<String> {
    let moved = shift_eight(text.get(..8)?, shift)?;
    let rest = text.get(8..)?;
    rest.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'))
        .then(|| format!("{moved}{rest}"))
}

/// Moves every value of a DA or DT attribute. `None` when one of them is no whole date.
/// Clinical tables move their dates with it too, so that they stay in step with the images.
#[must_use]
pub fn shift(bytes: &[u8], date_time: bool, days: i64) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let moved: Option<Vec<String>> = text
        .split('\\')
        .map(|value| {
            let value = value.trim_matches(['\0', ' ']);
            if value.is_empty() {
                return Some(String::new());
            }
            if date_time {
                shift_date_time(value, days)
            } else {
                shift_date(value, days)
            }
        })
        .collect();
    Some(moved?.join("\\").into_bytes())
}

/// An AS value with ages over 89 years capped, as HIPAA's Safe Harbor asks
/// (45 CFR 164.514(b)(2)(i)(C)): `093Y` becomes `090Y`. `None` when it is no age.
pub(crate) fn cap_age(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(['\0', ' ']);
    if text.is_empty() {
        return Some(Vec::new());
    }
    let (number, unit) = text.split_at_checked(text.len() - 1)?;
    let number: u32 = number.parse().ok()?;
    let years = match unit {
        "Y" => number,
        "M" => number / 12,
        "W" => number / 52,
        "D" => number / 365,
        _ => return None,
    };
    Some(if years > 89 {
        b"090Y".to_vec()
    } else {
        text.as_bytes().to_vec()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_move_and_what_is_no_date_does_not_stay() {
        let da = |s: &str, n| {
            shift(s.as_bytes(), false, n).map(|v| String::from_utf8(v).expect("ASCII"))
        };
        let dt =
            |s: &str, n| shift(s.as_bytes(), true, n).map(|v| String::from_utf8(v).expect("ASCII"));
        assert_eq!(da("20240228", 2).as_deref(), Some("20240301"));
        assert_eq!(
            da("20230101\\20230102 ", -1).as_deref(),
            Some("20221231\\20230101")
        );
        assert_eq!(da("2023.01.01", -1).as_deref(), Some("20221231"));
        assert_eq!(da("20230231", 1), None, "no such day");
        assert_eq!(da("2023", 1), None);
        assert_eq!(da("20230101-20230105", 1), None, "a range is no value");
        assert_eq!(
            dt("20240301123456.789+0100", -1).as_deref(),
            Some("20240229123456.789+0100")
        );
        assert_eq!(dt("202403", 1), None, "no day");
        assert_eq!(dt("20240301 John", 1), None);
        assert_eq!(da("", 5).as_deref(), Some(""));
    }

    #[test]
    fn ages_over_89_are_capped() {
        assert_eq!(cap_age(b"093Y"), Some(b"090Y".to_vec()));
        assert_eq!(cap_age(b"089Y"), Some(b"089Y".to_vec()));
        assert_eq!(cap_age(b"005M"), Some(b"005M".to_vec()));
        assert_eq!(cap_age(b"John"), None);
    }

    proptest! {
        #[test]
        fn intervals_are_exact(a in -100_000_i64..40_000, gap in 0_i64..20_000, by in -4000_i64..0) {
            let write = |days| {
                let (y, m, d) = civil_from_days(days);
                format!("{y:04}{m:02}{d:02}")
            };
            let read = |s: &str| {
                days_from_civil(
                    s[0..4].parse().expect("year"),
                    s[4..6].parse().expect("month"),
                    s[6..8].parse().expect("day"),
                )
            };
            let first = shift_eight(&write(a), by).expect("date");
            let second = shift_eight(&write(a + gap), by).expect("date");
            prop_assert_eq!(read(&second) - read(&first), gap);
            prop_assert_eq!(read(&first), a + by);
        }
    }
}
