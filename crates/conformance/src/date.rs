//! Days: dates written in the ways in which people and devices write them.

/// A day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Day {
    /// The day of a calendar date.
    #[must_use]
    pub fn of(year: i64, month: i64, day: i64) -> Self {
        let y = year - i64::from(month <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Self(era * 146_097 + doe - 719_468)
    }

    /// Year, month, day.
    #[must_use]
    pub fn calendar(self) -> (i64, i64, i64) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year, month, doy - (153 * mp + 2) / 5 + 1)
    }

    /// Some days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// `YYYYMMDD`, as in DA and in front of DT.
    #[must_use]
    pub fn da(self) -> String {
        let (y, m, d) = self.calendar();
        format!("{y:04}{m:02}{d:02}")
    }

    /// `14.03.1958`
    #[must_use]
    pub fn dotted(self) -> String {
        let (y, m, d) = self.calendar();
        format!("{d:02}.{m:02}.{y:04}")
    }

    /// `1958-03-14`
    #[must_use]
    pub fn iso(self) -> String {
        let (y, m, d) = self.calendar();
        format!("{y:04}-{m:02}-{d:02}")
    }

    /// `03/14/1958`
    #[must_use]
    pub fn american(self) -> String {
        let (y, m, d) = self.calendar();
        format!("{m:02}/{d:02}/{y:04}")
    }

    /// `14 March 1958`
    #[must_use]
    pub fn words(self) -> String {
        let (y, m, d) = self.calendar();
        let name = usize::try_from(m - 1)
            .ok()
            .and_then(|at| MONTHS.get(at))
            .copied()
            .unwrap_or_default();
        format!("{d} {name} {y}")
    }

    /// The day that a DA value, or the start of a DT value, names.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let digits = value.trim().get(..8)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok();
        let (y, m, d) = (number(0..4)?, number(4..6)?, number(6..8)?);
        let day = Self::of(y, m, d);
        (day.calendar() == (y, m, d)).then_some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_calendar_agree() {
        assert_eq!(Day::of(1970, 1, 1), Day(0));
        assert_eq!(Day::of(2024, 2, 29).plus(1).da(), "20240301");
        assert_eq!(
            Day::parse("19580314").map(Day::words).as_deref(),
            Some("14 March 1958")
        );
        assert_eq!(Day::parse("20230229"), None);
        assert_eq!(Day::parse("2023"), None);
        for n in -40_000..40_000 {
            let (y, m, d) = Day(n).calendar();
            assert_eq!(Day::of(y, m, d), Day(n));
        }
    }
}
