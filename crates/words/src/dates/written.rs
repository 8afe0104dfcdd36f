//! Dates with the name of the month.

use super::{Dates, Day, months};
use crate::outcome::{Found, Why};
use crate::token::{Case, Token};

impl Dates<'_> {
    /// A date whose first token is this one; gives the token after it.
    pub(super) fn written(&self, i: usize, found: &mut Found) -> Option<usize> {
        self.year_month_day(i, found)
            .or_else(|| self.day_month_year(i, found))
            .or_else(|| self.month_day_year(i, found))
    }

    fn is_any(&self, i: usize, list: &[&[u8]]) -> bool {
        self.scan.token(i).is_some_and(Token::is_word) && list.contains(&self.scan.fold(i))
    }

    fn near(&self, i: usize) -> bool {
        let gap = self.scan.gap(i);
        gap.chars().count() <= 3
            && gap
                .chars()
                .all(|c| c.is_whitespace() || ".,-_/'’º".contains(c))
    }

    /// The token after this one, with small words between left out.
    fn after(&self, i: usize) -> Option<usize> {
        const SMALL: [&[u8]; 8] = [b"st", b"nd", b"rd", b"th", b"er", b"de", b"del", b"of"];
        let mut j = i;
        for _ in 0..3 {
            if !self.near(j) {
                return None;
            }
            j += 1;
            if !self.is_any(j, &SMALL) {
                return (j < self.scan.tokens.len()).then_some(j);
            }
        }
        None
    }

    fn day_of(&self, i: usize) -> Option<u32> {
        (matches!(self.width(i), 1 | 2))
            .then(|| self.scan.number(i))
            .flatten()
            .filter(|d| (1..=31).contains(d))
    }

    /// A year after the token; two digits only right behind a separator of their own.
    fn year_after(&self, i: usize) -> Option<(usize, i32)> {
        let j = self.after(i)?;
        let year = self.year(j)?;
        let gap = self.scan.gap(j.checked_sub(1)?);
        let unit = self
            .scan
            .token(j + 1)
            .is_some_and(|t| t.has(crate::lexicon::Lex::UNIT))
            && self.width(j) == 2;
        (self.width(j) == 4
            || !unit
                && (gap.contains(['-', '\'', '’', '/', '.', '_']) || gap.is_empty() || gap == " "))
            .then_some((j, year))
    }

    /// "3. März 2021", "03-MAR-21", "3 de marzo de 2021", "3rd of March"
    fn day_month_year(&self, i: usize, found: &mut Found) -> Option<usize> {
        let day = self.day_of(i)?;
        let m = self.after(i)?;
        let (language, month) = months::month(self.scan.fold(m))?;
        if let Some((y, year)) = self.year_after(m) {
            self.place(
                Day::new(year, month, day),
                (Some(y), (m, language), Some(i)),
                (i, y),
                found,
            );
            return Some(y + 1);
        }
        let token = self.scan.tokens[m];
        if !self.is_certain(m, token.case) || super::is_decimal(self.scan, i) {
            return None;
        }
        let year = self.known.days.last().map_or(2021, |d| d.year);
        self.place(
            Day::new(year, month, day),
            (None, (m, language), Some(i)),
            (i, m),
            found,
        );
        Some(m + 1)
    }

    /// "1953. április 17.", "2021 March 3"
    fn year_month_day(&self, i: usize, found: &mut Found) -> Option<usize> {
        let year = (self.width(i) == 4).then(|| self.year(i)).flatten()?;
        let m = self.after(i)?;
        let (language, month) = months::month(self.scan.fold(m))?;
        let d = self.after(m)?;
        let day = self.day_of(d)?;
        self.place(
            Day::new(year, month, day),
            (Some(i), (m, language), Some(d)),
            (i, d),
            found,
        );
        Some(d + 1)
    }

    /// "March 3, 2021", "März 2021", "Mar-21", "March 3rd"
    fn month_day_year(&self, i: usize, found: &mut Found) -> Option<usize> {
        if !self.scan.token(i)?.is_word() {
            return None;
        }
        let next = self.after(i)?;
        self.scan.token(next).filter(|t| t.is_number())?;
        let (language, month) = months::month(self.scan.fold(i))?;
        if self.width(next) == 4 {
            let year = self.year(next)?;
            self.place(
                Day::new(year, month, 15),
                (Some(next), (i, language), None),
                (i, next),
                found,
            );
            return Some(next + 1);
        }
        if let Some(day) = self.day_of(next)
            && let Some((y, year)) = self.year_after(next).filter(|(y, _)| self.width(*y) == 4)
        {
            self.place(
                Day::new(year, month, day),
                (Some(y), (i, language), Some(next)),
                (i, y),
                found,
            );
            return Some(y + 1);
        }
        if !self.is_certain(i, self.scan.tokens[i].case) {
            return None;
        }
        let gap = self.scan.gap(i);
        if self.width(next) == 2 && gap.contains(['-', '\'', '’', '/']) {
            let year = self.year(next)?;
            self.place(
                Day::new(year, month, 15),
                (Some(next), (i, language), None),
                (i, next),
                found,
            );
            return Some(next + 1);
        }
        let day = self.day_of(next)?;
        let unit = self
            .scan
            .token(next + 1)
            .is_some_and(|t| t.has(crate::lexicon::Lex::UNIT));
        if unit || gap != " " {
            return None;
        }
        let year = self.known.days.last().map_or(2021, |d| d.year);
        self.place(
            Day::new(year, month, day),
            (None, (i, language), Some(next)),
            (i, next),
            found,
        );
        Some(next + 1)
    }

    /// Whether the word is surely a month without a year beside it.
    fn is_certain(&self, i: usize, case: Case) -> bool {
        let word = self.scan.fold(i);
        let other = [
            &b"may"[..],
            b"mar",
            b"mars",
            b"gen",
            b"dec",
            b"sept",
            b"jan",
            b"dic",
            b"mag",
            b"ott",
            b"avr",
        ];
        let sure = case != Case::Lower || word.len() > 4;
        sure && !(other.contains(&word) && case != Case::Title)
    }

    fn place(
        &self,
        day: Option<Day>,
        (y, (m, language), d): (Option<usize>, (usize, usize), Option<usize>),
        (first, last): (usize, usize),
        found: &mut Found,
    ) {
        let Some(new) = day.and_then(|day| self.moved(day)) else {
            let start = self.scan.tokens[first].start;
            found.remove(
                self.weekday(first).unwrap_or(start),
                self.scan.tokens[last].end,
                Why::Date,
            );
            return;
        };
        let mut fields = vec![(
            m,
            months::spelled(language, new.month, self.scan.tokens[m].case),
        )];
        if let Some(y) = y {
            let year = u32::try_from(new.year).unwrap_or(0);
            let year = if self.width(y) == 2 { year % 100 } else { year };
            fields.push((y, self.padded(y, year)));
        }
        if let Some(d) = d {
            fields.push((d, self.padded(d, new.day)));
        }
        self.write(&fields, (first, last), found);
    }
}
