//! Ages, bands and the guard against formulas: what becomes of single values.

use crate::fold::{fold, number};

/// An age as it may leave: 90 and more is written as 90, and never more exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aged {
    pub(crate) text: String,
    pub(crate) capped: bool,
}

/// The age from which nobody's is told (45 CFR 164.514(b)(2)(i)(C)).
const CAP: f64 = 90.0;

/// Reads an age in years, months, weeks or days. `None` when it is none.
pub(crate) fn age(cell: &str, band: Option<u32>) -> Option<Aged> {
    let cell = cell.trim();
    let end = cell
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(cell.len());
    let (digits, unit) = cell.split_at_checked(end)?;
    let n = number(digits)?;
    let folded = fold(unit);
    let in_years = match folded.trim().trim_end_matches('.') {
        "" | "y" | "yr" | "yrs" | "year" | "years" | "yo" | "y.o" | "years old" | "j" | "jahr"
        | "jahre" | "a" | "an" | "ans" | "ano" | "anos" | "anni" | "anno" => 1.0,
        "m" | "mo" | "mon" | "month" | "months" | "monat" | "monate" | "mois" | "mes" | "meses"
        | "mese" | "mesi" => 12.0,
        "w" | "wk" | "week" | "weeks" | "woche" | "wochen" | "semaine" | "semaines" | "semana"
        | "semanas" | "settimana" | "settimane" => 52.0,
        "d" | "day" | "days" | "tag" | "tage" | "jour" | "jours" | "dia" | "dias" | "giorno"
        | "giorni" => 365.0,
        _ => return None,
    };
    let years = n / in_years;
    let capped = years >= CAP;
    let text = match band {
        Some(_) if capped => "90+".to_owned(),
        Some(width) => band_of(years, width, 89),
        None if capped && cell.len() == 4 && folded.len() == 1 => "090Y".to_owned(),
        None if capped => "90".to_owned(),
        None => cell.to_owned(),
    };
    Some(Aged { text, capped })
}

/// The band of a number: `60 to 64`.
pub(crate) fn band(cell: &str, width: u32) -> Option<String> {
    let n = number(cell).filter(|n| n.abs() < 1e12)?;
    Some(band_of(n, width, i64::MAX))
}

fn band_of(n: f64, width: u32, last: i64) -> String {
    let width = i64::from(width.max(1));
    // The callers keep it far below 2^53.
    #[allow(clippy::cast_possible_truncation)]
    let low = (n.floor() as i64).div_euclid(width) * width;
    let high = (low + width - 1).min(last);
    if low == high {
        low.to_string()
    } else {
        format!("{low} to {high}")
    }
}

/// Whether a spreadsheet would run the cell as a formula.
pub(crate) fn runs(cell: &str) -> bool {
    let first = cell.trim_start_matches([' ', '\n']).chars().next();
    first.is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c)) && number(cell).is_none()
}

/// Whether an identifier came through a spreadsheet as a rounded number: `1.23457E+15`, or
/// more digits than a spreadsheet keeps, ending in zeros.
pub(crate) fn is_rounded(cell: &str) -> bool {
    let folded = cell.to_ascii_lowercase();
    let exponent = folded.split_once('e').is_some_and(|(mantissa, power)| {
        mantissa.contains(['.', ','])
            && number(mantissa).is_some()
            && power.trim_start_matches('+').parse::<u8>().is_ok()
    });
    exponent || (folded.contains('e') && folded.contains('+') && number(cell).is_some())
}

/// Whether a cell is a DICOM UID.
pub(crate) fn is_uid(cell: &str) -> bool {
    cell.len() <= 64
        && cell.contains('.')
        && cell
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        let text = |cell, band| age(cell, band).map(|a| a.text);
        assert_eq!(text("54 years", None).as_deref(), Some("54 years"));
        assert_eq!(text("093Y", None).as_deref(), Some("090Y"));
        assert_eq!(text("93 Jahre", None).as_deref(), Some("90"));
        assert_eq!(text("1100 months", None).as_deref(), Some("90"));
        assert_eq!(text("89.9", None).as_deref(), Some("89.9"));
        assert_eq!(text("63", Some(5)).as_deref(), Some("60 to 64"));
        assert_eq!(text("89", Some(20)).as_deref(), Some("80 to 89"));
        assert_eq!(text("104", Some(5)).as_deref(), Some("90+"));
        for no in ["Anna", "-5", "54 Anna", "", "5 4"] {
            assert_eq!(age(no, None), None, "{no}");
        }
    }

    #[test]
    fn bands_and_guards() {
        assert_eq!(band("-3", 5).as_deref(), Some("-5 to -1"));
        assert_eq!(band("12,7", 1).as_deref(), Some("12"));
        assert!(runs("=HYPERLINK(A1)") && runs("@SUM") && runs(" +x") && runs("\t=1"));
        assert!(!runs("-5.2") && !runs("+3") && !runs("a=b"));
        assert!(is_rounded("1.23457E+15") && is_rounded("1E+15") && !is_rounded("12E4"));
    }
}
