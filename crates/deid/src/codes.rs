//! Code strings that are none: a date or a number of somebody where a word of the standard belongs.
//!
//! Hundreds of attributes of VR CS hold words out of lists, and no list here is complete: what stands
//! there is kept. But no list has dates or long numbers in it, and whoever hides a record number
//! among the values of Image Type finds it gone.

use crate::dummy;

/// So many digits in a row are no word of a list: dates have eight, record numbers six or more.
const LONG: usize = 6;

const MONTHS: [&[u8; 3]; 16] = [
    b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC",
    b"MAI", b"OKT", b"DEZ", b"DIC",
];

/// Whether one of the values of a field holds a date or a long number.
pub(crate) fn holds_number(bytes: &[u8]) -> bool {
    // Most codes have hardly a digit.
    bytes.iter().filter(|b| b.is_ascii_digit()).count() >= 4
        && bytes.split(|b| *b == b'\\').any(is_number)
}

/// The field without them: a word that says so in the place of each, because others count values.
pub(crate) fn cleaned(bytes: &[u8]) -> Vec<u8> {
    let values: Vec<&[u8]> = bytes
        .split(|b| *b == b'\\')
        .map(|value| {
            if is_number(value) {
                dummy::WORD.as_bytes()
            } else {
                value
            }
        })
        .collect();
    values.join(&b'\\')
}

fn is_number(value: &[u8]) -> bool {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < value.len() {
        let digits = value
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if digits > 0 {
            runs.push((at, digits));
        }
        at += digits.max(1);
    }
    runs.iter().any(|run| run.1 >= LONG) || runs.windows(3).any(|r| is_date(value, r)) || {
        runs.windows(2).any(|r| is_named_date(value, r))
    }
}

/// Three numbers with the same sign between them, one of them a year: 17.04.1953, 1953-04-17.
fn is_date(value: &[u8], runs: &[(usize, usize)]) -> bool {
    let [a, b, c] = runs else { return false };
    let between = |x: &(usize, usize), y: &(usize, usize)| value.get(x.0 + x.1..y.0);
    let (first, second) = (between(a, b), between(b, c));
    let sign = matches!(first, Some([b'.' | b'-' | b'/' | b':' | b'_' | b' ']));
    let lengths = [a.1, b.1, c.1];
    sign && first == second
        && lengths.iter().all(|l| *l <= 4)
        && (a.1 == 4 || c.1 == 4 || lengths == [2, 2, 2])
}

/// A day and a year around the name of a month: 17APR1953, 17-Apr-53.
fn is_named_date(value: &[u8], runs: &[(usize, usize)]) -> bool {
    let [day, year] = runs else { return false };
    let between = value.get(day.0 + day.1..year.0).unwrap_or_default();
    let letters: Vec<u8> = between
        .iter()
        .filter(|b| b.is_ascii_alphabetic())
        .map(u8::to_ascii_uppercase)
        .collect();
    day.1 <= 2
        && matches!(year.1, 2 | 4)
        && between.len() <= letters.len() + 2
        && letters.len() >= 3
        && MONTHS.iter().any(|m| letters.starts_with(*m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_long_numbers_are_no_codes() {
        for bad in [
            "17.04.1953",
            "1953-04-17",
            "DOB 17APR1953",
            "17-Apr-53",
            "20210309",
            "MRN-8837261",
            "8837261",
            "ACC-774411",
            "1953:04:17",
            "17/04/1953",
            "17_04_1953",
            "17.04.53",
        ] {
            assert!(holds_number(bad.as_bytes()), "{bad}");
            let many = format!("ORIGINAL\\{bad}\\AXIAL");
            assert_eq!(cleaned(many.as_bytes()), b"ORIGINAL\\REMOVED\\AXIAL");
        }
    }

    #[test]
    fn codes_stay() {
        for good in [
            "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI",
            "M_FFE\\M\\FFE",
            "113100",
            "T2_FL3D",
            "HFS",
            "",
            "DERIVED\\SECONDARY\\MPR\\1.5MM",
            "PHASE_1_2_3",
            "ECHO 1 2",
            "WATER_3D_2024",
        ] {
            let expected = good == "113100";
            assert_eq!(holds_number(good.as_bytes()), expected, "{good}");
        }
    }
}
