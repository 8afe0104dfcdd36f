//! Dates as few write them: months in Roman figures, days of a year, years of Japanese emperors.
//! They are taken out and not moved: whoever writes "17.IV.53" into a description of an image knows
//! whom it belongs to.

use super::{Dates, separator};
use crate::outcome::{Found, Why};
use crate::token::{Case, Token};

/// Months in Roman figures, from January.
const ROMAN: [&[u8]; 12] = [
    b"i", b"ii", b"iii", b"iv", b"v", b"vi", b"vii", b"viii", b"ix", b"x", b"xi", b"xii",
];
/// The emperors since 1868.
const ERAS: [&str; 5] = ["明治", "大正", "昭和", "平成", "令和"];
/// The same as forms are filled in: S28.4.17.
const ERA_LETTERS: [&[u8]; 5] = [b"m", b"t", b"s", b"h", b"r"];

impl Dates<'_> {
    /// A date whose first token is this one; gives the token after it.
    pub(super) fn rare(&self, i: usize, found: &mut Found) -> Option<usize> {
        let last = self
            .roman(i)
            .or_else(|| self.day_of_year(i))
            .or_else(|| self.emperor(i))?;
        let (first, end) = (self.scan.tokens.get(i)?, self.scan.tokens.get(last)?);
        found.remove(first.start, end.end, Why::Date);
        Some(last + 1)
    }

    /// "17.IV.53", "17 IV 1953", "1953. IV. 17."
    fn roman(&self, i: usize) -> Option<usize> {
        let month = self.scan.token(i + 1)?;
        let is_month =
            month.is_word() && month.case == Case::Upper && ROMAN.contains(&self.scan.fold(i + 1));
        if !is_month {
            return None;
        }
        let year_last = match (self.width(i), self.width(i + 2)) {
            (1 | 2, 2 | 4) => true,
            (4, 1 | 2) => false,
            _ => return None,
        };
        let (year, day) = if year_last { (i + 2, i) } else { (i, i + 2) };
        if !(1..=31).contains(&self.scan.number(day)?) {
            return None;
        }
        self.year(year)?;
        let (before, after) = (self.scan.gap(i), self.scan.gap(i + 1));
        let marked = separator(before).is_some() && separator(before) == separator(after);
        // "5 X 10 cm" is no date.
        let spaced = self.width(year) == 4 && before == " " && after == " ";
        (marked || spaced).then_some(i + 2)
    }

    /// "day 107 of 1953", "Tag 107/1953", "1953-107".
    fn day_of_year(&self, i: usize) -> Option<usize> {
        const DAY: [&[u8]; 6] = [b"day", b"tag", b"jour", b"dia", b"giorno", b"dag"];
        const OF: [&[u8]; 8] = [b"of", b"in", b"des", b"de", b"del", b"von", b"van", b"year"];
        let ordinal = |j: usize| {
            let n = self.scan.number(j)?;
            (matches!(self.width(j), 1..=3) && (1..=366).contains(&n)).then_some(n)
        };
        let is_year = |j: usize| self.width(j) == 4 && self.year(j).is_some();
        if is_year(i) && self.width(i + 1) == 3 {
            let close = separator(self.scan.gap(i)) == Some('-') && self.scan.gap(i).len() == 1;
            return (close && ordinal(i + 1).is_some()).then_some(i + 1);
        }
        if !(self.scan.token(i)?.is_word() && DAY.contains(&self.scan.fold(i))) {
            return None;
        }
        ordinal(i + 1)?;
        let mut j = i + 2;
        while self.scan.token(j).is_some_and(Token::is_word) && OF.contains(&self.scan.fold(j)) {
            j += 1;
        }
        (j <= i + 4 && is_year(j)).then_some(j)
    }

    /// "昭和28年4月17日", "S28.4.17".
    fn emperor(&self, i: usize) -> Option<usize> {
        let number = |j: usize| matches!(self.width(j), 1 | 2);
        if ERAS.iter().any(|era| self.scan.word(i).ends_with(era)) {
            let mut last = None;
            let mut j = i + 1;
            while number(j) && matches!(self.scan.word(j + 1), "年" | "月" | "日") {
                last = Some(j + 1);
                j += 2;
            }
            return last.or_else(|| self.three(i + 1));
        }
        let letter = self.scan.token(i)?;
        let is_era = letter.is_word()
            && letter.case != Case::Lower
            && ERA_LETTERS.contains(&self.scan.fold(i))
            && self.scan.gap(i).is_empty()
            // Vertebrae have a letter and a number: "S1-2-3".
            && self.width(i + 1) == 2;
        if is_era { self.three(i + 1) } else { None }
    }

    /// Three short numbers with the same mark between them, month and day last; gives the last.
    fn three(&self, i: usize) -> Option<usize> {
        let short = |j: usize| matches!(self.width(j), 1 | 2);
        let mark = separator(self.scan.gap(i)).filter(|c| "./-".contains(*c))?;
        let same = separator(self.scan.gap(i + 1)) == Some(mark);
        let month = (1..=12).contains(&self.scan.number(i + 1)?);
        let day = (1..=31).contains(&self.scan.number(i + 2)?);
        (short(i) && short(i + 1) && short(i + 2) && same && month && day).then_some(i + 2)
    }
}
