//! Dates in a text: shifted in the spelling they have, or taken out.

mod day;
mod months;
mod rare;
mod written;

pub(crate) use day::Day;

/// Whether a word, in small letters without accents, is the name of a month or its usual short form.
#[must_use]
pub fn is_month(word: &[u8]) -> bool {
    months::month(word).is_some()
}

use crate::find::is_decimal;
use crate::known::Known;
use crate::lexicon::Lex;
use crate::outcome::{Found, Why};
use crate::token::{Scan, Token};

/// What dates are read and written with.
pub(crate) struct Dates<'a> {
    pub(crate) scan: &'a Scan<'a>,
    pub(crate) known: &'a Known,
    pub(crate) shift: Option<i64>,
    /// Whether the text has dates that can only be read with the month first.
    month_first: bool,
    day_first: bool,
}

/// A field of a date: a token, and what stands there afterwards.
type Field = (usize, String);

pub(crate) fn find(scan: &Scan<'_>, known: &Known, shift: Option<i64>, found: &mut Found) {
    if !scan.tokens.iter().any(Token::is_number) {
        return;
    }
    let mut dates = Dates {
        scan,
        known,
        shift,
        month_first: false,
        day_first: false,
    };
    for i in 0..scan.tokens.len() {
        if let Some((a, b, _, true)) = dates.triple(i) {
            dates.month_first |= b > 12 && a <= 12;
            dates.day_first |= a > 12 && b <= 12;
        }
    }
    let mut i = 0;
    while i < scan.tokens.len() {
        i = dates
            .rare(i, found)
            .or_else(|| dates.numeric(i, found))
            .or_else(|| dates.written(i, found))
            .unwrap_or(i + 1);
    }
}

/// What stands between the numbers of a date.
const USUAL: &str = "-/._";
/// What stands there where somebody hides one, or a program knew no better: only with a year of four
/// digits.
const RARE: &str = ";|~*=,:⁄";

/// The separator of a date, when the gap is one.
fn separator(gap: &str) -> Option<char> {
    let mark = gap.trim();
    let mut chars = mark.chars();
    let c = chars.next()?;
    let fits = chars.next().is_none() && gap.len() <= mark.len() + 2;
    let c = match c {
        '‐' | '‑' | '–' | '－' => '-',
        '。' | '．' => '.',
        '／' => '/',
        c => c,
    };
    (fits && (USUAL.contains(c) || RARE.contains(c))).then_some(c)
}

impl Dates<'_> {
    fn width(&self, i: usize) -> usize {
        self.scan
            .token(i)
            .filter(|t| t.is_number())
            .map_or(0, Token::len)
    }

    /// Two numbers and a year with the same separator: the numbers, the year, whether
    /// the separator leaves the order of day and month open.
    fn triple(&self, i: usize) -> Option<(u32, u32, i32, bool)> {
        let (w0, w1, w2) = (self.width(i), self.width(i + 1), self.width(i + 2));
        if !(matches!((w0, w1), (1..=2, 1..=2)) && matches!(w2, 2 | 4)) {
            return None;
        }
        let sep = separator(self.scan.gap(i))?;
        if separator(self.scan.gap(i + 1)) != Some(sep)
            || (sep == '_' || RARE.contains(sep)) && w2 == 2
            || self.is_chained(i, i + 2, sep)
        {
            return None;
        }
        let year = self.year(i + 2)?;
        if w2 == 2 {
            let unit = self.scan.token(i + 3).is_some_and(|t| t.has(Lex::UNIT));
            let x = self.scan.fold(i + 3) == b"x";
            if unit || x || sep == '-' && w0 + w1 < 3 {
                return None;
            }
        }
        Some((
            self.scan.number(i)?,
            self.scan.number(i + 1)?,
            year,
            sep != '.',
        ))
    }

    /// Whether the numbers are part of a longer chain: a UID, a version.
    fn is_chained(&self, first: usize, last: usize, sep: char) -> bool {
        let number = |j: usize| self.scan.token(j).is_some_and(Token::is_number);
        let before =
            first > 0 && number(first - 1) && separator(self.scan.before(first)) == Some(sep);
        let after = number(last + 1) && separator(self.scan.gap(last)) == Some(sep);
        (before || after) && sep == '.'
    }

    /// The year of a number of two or four digits.
    fn year(&self, i: usize) -> Option<i32> {
        let n = i32::try_from(self.scan.number(i)?).ok()?;
        match self.width(i) {
            4 if (1880..=2100).contains(&n) => Some(n),
            2 if n <= 40 => Some(2000 + n),
            2 => Some(1900 + n),
            _ => None,
        }
    }

    fn numeric(&self, i: usize, found: &mut Found) -> Option<usize> {
        self.iso(i, found)
            .or_else(|| self.three_fields(i, found))
            .or_else(|| self.compact(i, found))
            .or_else(|| self.month_and_year(i, found))
            .or_else(|| self.day_and_month(i, found))
    }

    fn iso(&self, i: usize, found: &mut Found) -> Option<usize> {
        if self.width(i) != 4 {
            return None;
        }
        let year = self.year(i)?;
        // 2021年3月4日, 2021년 3월 4일
        let signed = |j: usize, signs: [&str; 2]| signs.contains(&self.scan.word(j));
        if signed(i + 1, ["年", "년"]) && signed(i + 3, ["月", "월"]) {
            let (month, day) = (self.scan.number(i + 2)?, self.scan.number(i + 4)?);
            let last = i + 4 + usize::from(signed(i + 5, ["日", "일"]));
            self.put(
                Day::new(year, month, day),
                [i, i + 2, i + 4],
                (i, last),
                found,
            );
            return Some(last + 1);
        }
        let (w1, w2) = (self.width(i + 1), self.width(i + 2));
        if !(matches!(w1, 1 | 2) && matches!(w2, 1 | 2)) {
            return None;
        }
        let (g1, g2) = (self.scan.gap(i), self.scan.gap(i + 1));
        let sep = separator(g1);
        // As cameras write it: 1953:04:17.
        let camera = g1 == ":" && g2 == ":";
        let spaced = (camera || g1 == " " && g2 == " ") && w1 == 2 && w2 == 2;
        if !(sep.is_some() && separator(g2) == sep || spaced)
            || self.is_chained(i, i + 2, sep.unwrap_or(' '))
        {
            return None;
        }
        let day = Day::new(year, self.scan.number(i + 1)?, self.scan.number(i + 2)?);
        if day.is_none() && (spaced || sep == Some('.')) {
            return None;
        }
        self.put(day, [i, i + 1, i + 2], (i, i + 2), found);
        Some(i + 3)
    }

    fn three_fields(&self, i: usize, found: &mut Found) -> Option<usize> {
        let (a, b, year, open) = self.triple(i)?;
        let day_first = Day::new(year, b, a);
        let month_first = Day::new(year, a, b);
        let weak = self.width(i + 2) == 2 && self.width(i) + self.width(i + 1) < 4;
        let (day, order, sure) = match (day_first, month_first) {
            (Some(d), None) => (d, true, true),
            (None, Some(m)) => (m, false, open),
            (Some(d), Some(m)) if d == m || !open => (d, true, true),
            (Some(d), Some(m)) => {
                match (self.known.days.contains(&d), self.known.days.contains(&m)) {
                    (true, false) => (d, true, true),
                    (false, true) => (m, false, true),
                    _ if self.month_first && !self.day_first => (m, false, true),
                    _ if self.day_first && !self.month_first => (d, true, true),
                    _ => (d, true, self.shift.is_none()),
                }
            }
            // "10/15/21 mm" was excluded before; the rest is no date of the calendar.
            (None, None) if weak || a > 31 || b > 31 => return None,
            (None, None) => {
                self.put(None, [i, i, i], (i, i + 2), found);
                return Some(i + 3);
            }
        };
        let fields = if order {
            [i + 2, i + 1, i]
        } else {
            [i + 2, i, i + 1]
        };
        let span = (self.scan.tokens[i].start, self.scan.tokens[i + 2].end);
        if weak && !open {
            // "1.2.13" may be a version or a section.
            let cue = self.is_dated(i);
            if !cue {
                found.doubt(span.0, span.1, Why::Date);
                return Some(i + 3);
            }
        }
        self.put(Some(day), fields, (i, i + 2), found);
        if !sure {
            found.doubt(span.0, span.1, Why::Date);
        }
        Some(i + 3)
    }

    /// Whether a word before says that a date follows.
    fn is_dated(&self, i: usize) -> bool {
        const CUES: [&str; 22] = [
            "vom", "am", "seit", "bis", "ab", "geb", "geboren", "dob", "born", "date", "dated",
            "on", "since", "until", "du", "le", "del", "op", "datum", "fecha", "nato", "from",
        ];
        i > 0 && {
            let word = self.scan.fold(i - 1);
            self.scan.before(i).chars().count() <= 3 && CUES.iter().any(|c| c.as_bytes() == word)
        }
    }

    /// Eight digits, a DICOM date and time, and the known dates in their other short forms.
    fn compact(&self, i: usize, found: &mut Found) -> Option<usize> {
        let width = self.width(i);
        if !matches!(width, 6 | 8 | 10 | 12 | 14) || is_decimal(self.scan, i) && width < 14 {
            return None;
        }
        let digits = std::str::from_utf8(self.scan.fold(i)).ok()?;
        let token = self.scan.tokens[i];
        let plain = |day: &Day| (1900..=2099).contains(&day.year);
        if width >= 8
            && let Some(day) = Day::from_digits(digits).filter(plain)
        {
            match self.moved(day) {
                Some(new) => {
                    let text = format!(
                        "{:04}{:02}{:02}{}",
                        new.year,
                        new.month,
                        new.day,
                        &digits[8..]
                    );
                    found.rewrite(token.start, token.end, Why::Date, text);
                }
                None if self.scan.text.is_char_boundary(token.start + 8)
                    && width > 8
                    && token.end - token.start == width =>
                {
                    found.remove(token.start, token.start + 8, Why::Date);
                }
                None => found.remove(token.start, token.end, Why::Date),
            }
            return Some(i + 1);
        }
        let day = self.known.days.iter().find_map(|day| {
            let (y, m, d) = (day.year, day.month, day.day);
            let yy = y.rem_euclid(100);
            let forms: [(String, u8); 5] = [
                (format!("{yy:02}{m:02}{d:02}"), 0),
                (format!("{d:02}{m:02}{yy:02}"), 1),
                (format!("{m:02}{d:02}{yy:02}"), 2),
                (format!("{d:02}{m:02}{y:04}"), 3),
                (format!("{m:02}{d:02}{y:04}"), 4),
            ];
            forms.iter().find(|f| f.0 == digits).map(|f| (*day, f.1))
        });
        if let Some((day, form)) = day {
            let Some(new) = self.moved(day) else {
                found.remove(token.start, token.end, Why::Date);
                return Some(i + 1);
            };
            let (y, m, d) = (new.year, new.month, new.day);
            let yy = y.rem_euclid(100);
            let text = match form {
                0 => format!("{yy:02}{m:02}{d:02}"),
                1 => format!("{d:02}{m:02}{yy:02}"),
                2 => format!("{m:02}{d:02}{yy:02}"),
                3 => format!("{d:02}{m:02}{y:04}"),
                _ => format!("{m:02}{d:02}{y:04}"),
            };
            found.rewrite(token.start, token.end, Why::Date, text);
            return Some(i + 1);
        }
        if width == 8 {
            // Day, month and year without separators.
            let n = |r: std::ops::Range<usize>| digits.get(r).and_then(|s| s.parse::<u32>().ok());
            let year = i32::try_from(n(4..8)?)
                .ok()
                .filter(|y| (1900..=2099).contains(y))?;
            Day::new(year, n(2..4)?, n(0..2)?)
                .or_else(|| Day::new(year, n(0..2).unwrap_or(0), n(2..4).unwrap_or(0)))?;
            found.remove(token.start, token.end, Why::Date);
            return Some(i + 1);
        }
        None
    }

    /// "03/2021": the middle of the month is shifted.
    fn month_and_year(&self, i: usize, found: &mut Found) -> Option<usize> {
        if !matches!(self.width(i), 1 | 2) || self.width(i + 1) != 4 {
            return None;
        }
        let sep = separator(self.scan.gap(i))?;
        if RARE.contains(sep)
            || sep == '_'
            || self.is_chained(i, i + 1, sep)
            || sep == '.' && is_decimal(self.scan, i) && self.width(i) == 1
        {
            return None;
        }
        let unit = self.scan.token(i + 2).is_some_and(|t| t.has(Lex::UNIT))
            && self.scan.gap(i + 1).len() <= 1;
        if unit
            || i > 0
                && self.scan.token(i - 1).is_some_and(Token::is_number)
                && self.scan.before(i) == "/"
        {
            return None;
        }
        let day = Day::new(self.year(i + 1)?, self.scan.number(i)?, 15)?;
        self.put(Some(day), [i + 1, i, usize::MAX], (i, i + 1), found);
        Some(i + 2)
    }

    /// "vom 3.4.": a day without a year.
    fn day_and_month(&self, i: usize, found: &mut Found) -> Option<usize> {
        if !self.is_dated(i) || !matches!((self.width(i), self.width(i + 1)), (1..=2, 1..=2)) {
            return None;
        }
        let open = separator(self.scan.gap(i))? == '.' && self.scan.gap(i + 1).starts_with('.');
        if !open
            || is_decimal(self.scan, i + 1) && self.scan.gap(i + 1) == "." && self.width(i + 2) > 0
        {
            return None;
        }
        let year = self.known.days.last().map_or(2021, |d| d.year);
        let day = Day::new(year, self.scan.number(i + 1)?, self.scan.number(i)?)?;
        self.put(Some(day), [usize::MAX, i + 1, i], (i, i + 1), found);
        Some(i + 2)
    }

    pub(crate) fn moved(&self, day: Day) -> Option<Day> {
        self.shift.and_then(|days| day.shifted(days))
    }

    /// Writes the new date into the places of year, month and day, or takes the whole out.
    fn put(
        &self,
        day: Option<Day>,
        [y, m, d]: [usize; 3],
        (first, last): (usize, usize),
        found: &mut Found,
    ) {
        let (a, b) = (self.scan.tokens[first], self.scan.tokens[last]);
        let start = self.weekday(first).unwrap_or(a.start);
        let Some(new) = day.and_then(|day| self.moved(day)) else {
            found.remove(start, b.end, Why::Date);
            return;
        };
        let number = |i: usize, value: u32| (i, self.padded(i, value));
        let year = u32::try_from(new.year).unwrap_or(0);
        let year = if self.width(y) == 2 { year % 100 } else { year };
        let fields = [number(y, year), number(m, new.month), number(d, new.day)];
        self.write(&fields, (first, last), found);
    }

    /// The number in as many digits as the one it stands for.
    pub(crate) fn padded(&self, i: usize, value: u32) -> String {
        match self.width(i) {
            1 => value.to_string(),
            w => format!("{value:0w$}"),
        }
    }

    pub(crate) fn write(&self, fields: &[Field], (first, last): (usize, usize), found: &mut Found) {
        let mut text = String::new();
        for i in first..=last {
            match fields.iter().find(|f| f.0 == i) {
                Some((_, new)) => text.push_str(new),
                None => text.push_str(self.scan.word(i)),
            }
            if i < last {
                text.push_str(self.scan.gap(i));
            }
        }
        let start = self.weekday(first).unwrap_or(self.scan.tokens[first].start);
        found.rewrite(start, self.scan.tokens[last].end, Why::Date, text);
    }

    /// Where the name of a weekday before the date starts: it would tell the shift modulo seven.
    fn weekday(&self, first: usize) -> Option<usize> {
        const DAYS: [&str; 35] = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "montag",
            "dienstag",
            "mittwoch",
            "donnerstag",
            "freitag",
            "samstag",
            "sonntag",
            "lundi",
            "mardi",
            "mercredi",
            "jeudi",
            "vendredi",
            "samedi",
            "dimanche",
            "lunes",
            "martes",
            "miercoles",
            "jueves",
            "viernes",
            "sabado",
            "domingo",
            "maandag",
            "dinsdag",
            "woensdag",
            "donderdag",
            "vrijdag",
            "zaterdag",
            "zondag",
        ];
        let i = first.checked_sub(1)?;
        let gap = self.scan.gap(i);
        let word = self.scan.fold(i);
        let fits = gap.len() <= 3 && gap.chars().all(|c| c == ' ' || c == ',' || c == '.');
        (fits && DAYS.iter().any(|d| d.as_bytes() == word)).then(|| self.scan.tokens[i].start)
    }
}
