//! Code strings that are none: a date or a number of somebody where a word of the standard belongs.
//!
//! Hundreds of attributes of VR CS hold words out of lists, and no list here is complete: what stands
//! there is kept. But no list has dates or long numbers in it, and whoever hides a record number
//! among the values of Image Type finds it gone.

use crate::dummy;

/// So many digits in a row are no word of a list: dates have eight, record numbers six or more.
const LONG: usize = 6;

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
    let digits: usize = runs.iter().map(|run| run.1).sum();
    // A record number in parts: nothing but a letter or two beside its digits.
    let parted = digits > LONG && value.iter().filter(|b| b.is_ascii_alphabetic()).count() <= 3;
    parted
        || runs.iter().any(|run| run.1 >= LONG)
        || runs.windows(3).any(|r| is_date(value, r))
        || has_month(value, &runs)
}

/// Three numbers with a sign between them that could be day, month and year: 17.04.1953, 4/17/53.
fn is_date(value: &[u8], runs: &[(usize, usize)]) -> bool {
    let [a, b, c] = runs else { return false };
    let between = |x: &(usize, usize), y: &(usize, usize)| {
        let gap = value.get(x.0 + x.1..y.0).unwrap_or_default();
        gap.len() == 1 && !gap.iter().any(u8::is_ascii_alphabetic)
    };
    let short = |run: &(usize, usize)| run.1 <= 2;
    between(a, b)
        && between(b, c)
        && short(b)
        && (short(a) && matches!(c.1, 2 | 4) || a.1 == 4 && short(c))
        // "PHASE_1_2_3" and "1_2_03" count something.
        && (a.1 == 4 || c.1 == 4 || value.get(a.0 + a.1) != Some(&b'_'))
}

/// Whether the name of a month stands in it, in one of the languages of the reports, and a year or a
/// day and a year around it: 17AVR1953, APR 17 1953, 17-Apr-53.
fn has_month(value: &[u8], runs: &[(usize, usize)]) -> bool {
    let number = |run: &(usize, usize)| {
        let digits = value.get(run.0..run.0 + run.1).unwrap_or_default();
        digits
            .iter()
            .fold(0_u32, |n, d| n * 10 + u32::from(d - b'0'))
    };
    let year = |run: &(usize, usize)| run.1 == 4 && (1880..=2100).contains(&number(run));
    let named = |part: &[u8]| {
        part.split(|b| !b.is_ascii_alphabetic()).any(|word| {
            let word = word.to_ascii_lowercase();
            // Also words for how an image was made.
            let other = matches!(word.as_slice(), b"mag" | b"set" | b"out");
            !other && cordon_words::is_month(&word)
        })
    };
    let around = runs.windows(2).any(|pair| {
        let [day, year] = pair else { return false };
        let between = value.get(day.0 + day.1..year.0).unwrap_or_default();
        let letters = between.iter().filter(|b| b.is_ascii_alphabetic()).count();
        day.1 <= 2 && year.1 == 2 && between.len() <= letters + 2 && named(between)
    });
    around || runs.iter().any(year) && named(value)
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
