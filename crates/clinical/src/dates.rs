//! Dates as people and spreadsheets write them, moved and written back the same way.
//!
//! A date moves by the patient's shift, with the same arithmetic as the dates of the
//! images. What comes out is spelled as what went in: `3.10.2021` stays in that form
//! and `12-Mar-2020` keeps its English month. The spelling is taken from the whole
//! column and not from the cell: a single `03` among unpadded days would tell that the
//! day had two digits before it moved.
//!
//! What does not read as a whole date, or could be two dates, is not guessed at.

use std::fmt::Write as _;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::months::{self, Month, Style};

/// Which of day and month comes first in a date of three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 31/12/2020.
    DayFirst,
    /// 12/31/2020.
    MonthFirst,
    /// The number of days since the end of 1899, as spreadsheets count.
    Serial,
}

/// Why a cell is no date that can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is no whole date.
    NoDate,
    /// It could be two dates.
    Ambiguous,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Date {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Date {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        Self {
            year: u16::try_from(year).ok()?,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
        }
        .moved(0)
    }

    /// The date `days` later; `None` when there is no such day. The arithmetic is that of
    /// the images' DA attributes.
    pub(crate) fn moved(self, days: i64) -> Option<Self> {
        let text = format!("{:04}{:02}{:02}", self.year, self.month, self.day);
        let moved = cordon_deid::shift_dates(text.as_bytes(), false, days)?;
        let moved = std::str::from_utf8(&moved).ok()?;
        Some(Self {
            year: moved.get(0..4)?.parse().ok()?,
            month: moved.get(4..6)?.parse().ok()?,
            day: moved.get(6..8)?.parse().ok()?,
        })
    }
}

/// How a column spells its dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// Which of day and month comes first, where it is known.
    pub(crate) order: Option<DateOrder>,
    /// Days and months of one digit have a zero in front.
    padded: bool,
    /// Language and length of the names of months.
    month: Option<Style>,
}

impl Spelling {
    /// The spelling of a column; `order` is what the mapping says about it.
    pub(crate) fn of<'t>(cells: impl Iterator<Item = &'t str>, order: Option<DateOrder>) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        let (mut padded, mut single) = (false, false);
        let mut styles = months::Votes::default();
        for cell in cells {
            let Some((fields, _)) = fields(cell.trim()) else {
                continue;
            };
            for field in &fields {
                match &field.what {
                    What::Number(_) if field.length() <= 2 => {
                        padded |= cell.trim().as_bytes().get(field.at.start) == Some(&b'0');
                        single |= field.length() == 1;
                    }
                    What::Number(_) => {}
                    What::Month(month) => styles.count(month),
                }
            }
            if let [a, b, c] = &fields
                && let (What::Number(x), What::Number(y), What::Number(_)) =
                    (&a.what, &b.what, &c.what)
                && a.length() <= 2
            {
                day_first |= *x > 12 && *y <= 12;
                month_first |= *y > 12 && *x <= 12;
            }
        }
        let seen = match (day_first, month_first) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        };
        Self {
            order: order.or(seen),
            padded: padded || !single,
            month: styles.winner(),
        }
    }
}

#[derive(Debug, Clone)]
enum What {
    Number(u32),
    Month(Month),
}

#[derive(Debug, Clone)]
struct Field {
    at: Range<usize>,
    what: What,
    /// An English ordinal (`1st`) ends the field.
    ordinal: bool,
}

impl Field {
    fn length(&self) -> usize {
        self.at.len()
    }
    fn number(&self) -> Option<u32> {
        match self.what {
            What::Number(n) if !self.ordinal => Some(n),
            _ => None,
        }
    }
    /// A day: a number of at most two digits, with or without an ordinal's ending.
    fn day(&self) -> Option<u32> {
        match self.what {
            What::Number(n) if self.length() <= if self.ordinal { 4 } else { 2 } => Some(n),
            _ => None,
        }
    }
    /// A year of four digits, or of two.
    fn year(&self) -> Option<u32> {
        match (self.number()?, self.length()) {
            (n, 4) => Some(n),
            // As POSIX reads them. The century only decides about 29 February 1900.
            (n, 2) => Some(if n <= 68 { 2000 + n } else { 1900 + n }),
            _ => None,
        }
    }
}

/// What may stand between day, month and year.
fn is_separator(text: &str) -> bool {
    text.chars().count() <= 5
        && matches!(
            text.to_lowercase().trim(),
            "" | "." | "/" | "-" | "," | "de" | "of" | "del" | ".," | "'"
        )
        && !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphabetic() || " ./-,'".contains(c))
}

/// The first three fields of a text, and where the rest begins.
fn fields(text: &str) -> Option<([Field; 3], usize)> {
    if text.len() > 64 {
        return None;
    }
    let mut found: Vec<Field> = Vec::with_capacity(3);
    let mut at = 0;
    let run = |from: usize, is: fn(char) -> bool| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.find(|c: char| !is(c)).unwrap_or(rest.len())
    };
    let digit = |c: char| c.is_ascii_digit();
    while found.len() < 3 {
        let end = run(at, digit);
        if end > at {
            let number: u32 = text.get(at..end)?.parse().ok()?;
            let after = run(end, char::is_alphabetic);
            let suffix = text.get(end..after)?.to_ascii_lowercase();
            let ordinal = end - at <= 2 && matches!(&*suffix, "st" | "nd" | "rd" | "th");
            let end = if ordinal { after } else { end };
            found.push(Field {
                at: at..end,
                what: What::Number(number),
                ordinal,
            });
            at = end;
        } else {
            let end = run(at, char::is_alphabetic);
            let month = months::read(text.get(at..end)?)?;
            found.push(Field {
                at: at..end,
                what: What::Month(month),
                ordinal: false,
            });
            at = end;
        }
        if found.len() == 3 {
            break;
        }
        // The separator runs up to the next digit or the next name of a month.
        let mut end = at;
        loop {
            let rest = text.get(end..)?;
            let next = rest.chars().next()?;
            if next.is_ascii_digit() {
                break;
            }
            let word = run(end, char::is_alphabetic);
            if word > end {
                if months::read(text.get(end..word)?).is_some() {
                    break;
                }
                end = word;
            } else {
                end += next.len_utf8();
            }
            if end - at > 6 {
                return None;
            }
        }
        if !is_separator(text.get(at..end)?) {
            return None;
        }
        at = end;
    }
    let found: [Field; 3] = found.try_into().ok()?;
    Some((found, at))
}

/// A date in a text, with what is needed to write another one in its place.
#[derive(Debug, Clone)]
pub(crate) struct Written<'t> {
    text: &'t str,
    pub(crate) date: Date,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    /// `YYYYMMDD`, and what follows.
    Compact,
    /// Three fields: where year, month and day stand.
    Fields(Box<[Field; 3]>, [usize; 3]),
    /// A spreadsheet's number of days: where its whole part ends.
    Serial(usize),
}

/// Day 0 of a spreadsheet, so that serials after its 29 February 1900 come out right.
const SERIAL_ZERO: Date = Date {
    year: 1899,
    month: 12,
    day: 30,
};
/// The last serial: 9999-12-31.
const SERIAL_LAST: i64 = 2_958_465;

/// Reads a whole cell as a date, with or without a time of day.
pub(crate) fn read<'t>(text: &'t str, spelling: &Spelling) -> Result<Written<'t>, Unread> {
    let text = text.trim();
    if spelling.order == Some(DateOrder::Serial) {
        return serial(text).ok_or(Unread::NoDate);
    }
    if let Some(written) = compact(text) {
        return Ok(written);
    }
    let (fields, end) = fields(text).ok_or(Unread::NoDate)?;
    if !is_time(text.get(end..).unwrap_or_default()) {
        return Err(Unread::NoDate);
    }
    let (date, places) = place(text, &fields, spelling.order)?;
    Ok(Written {
        text,
        date,
        form: Form::Fields(Box::new(fields), places),
    })
}

fn compact(text: &str) -> Option<Written<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..)?;
    let date = Date::new(
        text.get(0..4)?.parse().ok()?,
        text.get(4..6)?.parse().ok()?,
        text.get(6..8)?.parse().ok()?,
    )?;
    let whole = match digits {
        8 => is_time(rest),
        // A DT value of DICOM: the time follows at once.
        12 | 14 => rest
            .bytes()
            .all(|b| b.is_ascii_digit() || b".+-".contains(&b)),
        _ => false,
    };
    whole.then_some(Written {
        text,
        date,
        form: Form::Compact,
    })
}

fn serial(text: &str) -> Option<Written<'_>> {
    let end = text.find(['.', ',']).unwrap_or(text.len());
    let (whole, fraction) = text.split_at_checked(end)?;
    let fraction = fraction.get(1..).unwrap_or_default();
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let days: i64 = whole.parse().ok()?;
    let date = (61..=SERIAL_LAST)
        .contains(&days)
        .then(|| SERIAL_ZERO.moved(days))??;
    Some(Written {
        text,
        date,
        form: Form::Serial(end),
    })
}

/// Which field is year, month and day.
fn place(
    text: &str,
    fields: &[Field; 3],
    order: Option<DateOrder>,
) -> Result<(Date, [usize; 3]), Unread> {
    let try_order = |places: [usize; 3]| -> Option<(Date, [usize; 3])> {
        let [y, m, d] = places.map(|i| fields.get(i));
        let month = match &m?.what {
            What::Month(month) => u32::from(month.number),
            What::Number(n) if m?.length() <= 2 => *n,
            What::Number(_) => return None,
        };
        Some((Date::new(y?.year()?, month, d?.day()?)?, places))
    };
    let [a, b, c] = fields;
    let year_first = a.length() == 4 && a.number().is_some();
    let found = match (&a.what, &b.what, &c.what) {
        _ if year_first => try_order([0, 1, 2]),
        (What::Number(_), What::Month(_), What::Number(_)) => try_order([2, 1, 0]),
        (What::Month(_), What::Number(_), What::Number(_)) => try_order([2, 0, 1]),
        (What::Number(_), What::Number(_), What::Number(_)) if !a.ordinal && !b.ordinal => {
            let day_first = try_order([2, 1, 0]);
            let month_first = try_order([2, 0, 1]);
            // `20-03-01` may begin with the year.
            let year_of_two = c.length() == 2 && try_order([0, 1, 2]).is_some();
            let dotted = text
                .get(a.at.end..b.at.start)
                .is_some_and(|s| s.starts_with('.'));
            match (order, day_first, month_first) {
                (Some(DateOrder::DayFirst), day_first, _) => day_first,
                (Some(DateOrder::MonthFirst), _, month_first) => month_first,
                (_, Some(d), None) if !year_of_two || dotted => Some(d),
                (_, None, Some(m)) if !year_of_two => Some(m),
                (_, Some(d), Some(_)) if dotted => Some(d),
                (_, Some(d), Some(m)) if d.0 == m.0 && !year_of_two => Some(d),
                (_, None, None) => None,
                _ => return Err(Unread::Ambiguous),
            }
        }
        _ => None,
    };
    found.ok_or(Unread::NoDate)
}

/// Whether what follows a date is nothing or a time of day.
fn is_time(rest: &str) -> bool {
    if rest.is_empty() {
        return true;
    }
    let Some(time) = rest
        .strip_prefix(['T', 't', ' ', ','])
        .map(|t| t.trim_start().to_ascii_lowercase())
    else {
        return false;
    };
    let digits = time.bytes().take_while(u8::is_ascii_digit).count();
    let then = time.as_bytes().get(digits).copied();
    let compact = matches!(digits, 4 | 6) && matches!(then, None | Some(b'.'));
    let parted = matches!(digits, 1 | 2) && matches!(then, Some(b':' | b'.' | b'h'));
    if !compact && !parted {
        return false;
    }
    let mut numbers = 0_usize;
    time.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .all(|part| {
            let letters = part.trim_start_matches(|c: char| c.is_ascii_digit());
            let length = part.len() - letters.len();
            numbers += usize::from(length > 0);
            length <= 9
                && numbers <= 6
                && matches!(
                    letters,
                    "" | "am" | "pm" | "a" | "p" | "m" | "z" | "utc" | "h" | "uhr"
                )
        })
        && time
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ":.,+- ".contains(c))
}

impl Written<'_> {
    /// The text with another date in it.
    pub(crate) fn respell(&self, date: Date, spelling: &Spelling) -> String {
        match &self.form {
            Form::Compact => {
                let rest = self.text.get(8..).unwrap_or_default();
                format!("{:04}{:02}{:02}{rest}", date.year, date.month, date.day)
            }
            Form::Serial(end) => {
                let rest = self.text.get(*end..).unwrap_or_default();
                format!("{}{rest}", serial_of(date))
            }
            Form::Fields(fields, places) => self.fields(fields, *places, date, spelling),
        }
    }

    fn fields(
        &self,
        fields: &[Field; 3],
        [year, month, day]: [usize; 3],
        date: Date,
        spelling: &Spelling,
    ) -> String {
        let mut out = String::with_capacity(self.text.len() + 8);
        let mut at = 0;
        let two = |n: u8| {
            if spelling.padded {
                format!("{n:02}")
            } else {
                n.to_string()
            }
        };
        for (i, field) in fields.iter().enumerate() {
            out.push_str(self.text.get(at..field.at.start).unwrap_or_default());
            at = field.at.end;
            if i == year && field.length() == 2 {
                let _ = write!(out, "{:02}", date.year % 100);
            } else if i == year {
                let _ = write!(out, "{:04}", date.year);
            } else if i == day && field.ordinal {
                let _ = write!(out, "{}{}", date.day, ordinal(date.day));
            } else if i == day {
                out.push_str(&two(date.day));
            } else if let (true, What::Month(name)) = (i == month, &field.what) {
                out.push_str(&months::write(date.month, name, spelling.month));
            } else {
                out.push_str(&two(date.month));
            }
        }
        out.push_str(self.text.get(at..).unwrap_or_default());
        out
    }
}

const fn ordinal(day: u8) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

/// Days since day 0 of a spreadsheet.
fn serial_of(date: Date) -> i64 {
    let (mut low, mut high) = (0_i64, SERIAL_LAST);
    while low < high {
        let middle = (low + high + 1) / 2;
        match SERIAL_ZERO.moved(middle) {
            Some(d) if d <= date => low = middle,
            _ => high = middle - 1,
        }
    }
    low
}

/// The dates with a year of four digits that stand anywhere in a text, read in every order.
pub(crate) fn dates_in(text: &str) -> Vec<Date> {
    let mut out = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let starts = c.is_alphanumeric() && !before.is_alphanumeric();
        before = c;
        let Some(rest) = text.get(at..).filter(|_| starts) else {
            continue;
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if matches!(digits, 8 | 12 | 14)
            && let Some(written) = rest.get(..digits).and_then(compact)
            && (1880..2100).contains(&written.date.year)
        {
            out.push(written.date);
        }
        let near = rest.char_indices().nth(40).map_or(rest.len(), |(i, _)| i);
        let near = rest.get(..near).unwrap_or_default();
        let Some((fields, end)) = fields(near) else {
            continue;
        };
        let long_year = fields
            .iter()
            .any(|f| f.length() == 4 && f.number().is_some());
        let cut = near
            .get(end..)
            .and_then(|r| r.chars().next())
            .is_some_and(|c| c.is_ascii_digit());
        if !long_year || cut {
            continue;
        }
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
            if let Ok((date, _)) = place(near, &fields, Some(order))
                && !out.contains(&date)
            {
                out.push(date);
            }
        }
    }
    out
}

/// The year of a cell that holds a date, or nothing but a year.
pub(crate) fn year_of(text: &str, spelling: &Spelling) -> Option<u16> {
    let text = text.trim();
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|y| (1850..2150).contains(y));
    }
    let read_as = |order| read(text, &Spelling { order, ..*spelling });
    let date = match read_as(spelling.order) {
        // Whichever comes first, the year is the same.
        Err(Unread::Ambiguous) => read_as(Some(DateOrder::DayFirst)),
        other => other,
    };
    date.ok().map(|written| written.date.year)
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
