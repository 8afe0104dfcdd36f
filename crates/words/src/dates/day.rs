//! Days of the calendar as numbers, so that a shift by whole days is a sum.

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

impl Day {
    /// The day, when the calendar has it.
    pub(crate) fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return None,
        };
        let fits = (1..=last).contains(&day) && (1850..=2150).contains(&year);
        fits.then_some(Self { year, month, day })
    }

    /// A DICOM DA value, or the date of a DT value.
    pub(crate) fn from_dicom(value: &str) -> Option<Self> {
        let digits: String = value.chars().filter(char::is_ascii_digit).take(8).collect();
        Self::from_digits(&digits)
    }

    /// "20210304"
    pub(crate) fn from_digits(digits: &str) -> Option<Self> {
        let year = digits.get(..4)?.parse().ok()?;
        let month = digits.get(4..6)?.parse().ok()?;
        Self::new(year, month, digits.get(6..8)?.parse().ok()?)
    }

    fn number(self) -> i64 {
        let y = i64::from(self.year) - i64::from(self.month <= 2);
        let era = y.div_euclid(400);
        let of_era = y.rem_euclid(400);
        let month = i64::from((self.month + 9) % 12);
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
    }

    /// The day so many days later.
    pub(crate) fn shifted(self, days: i64) -> Option<Self> {
        let z = self.number().checked_add(days)?;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = u32::try_from(doy - (153 * mp + 2) / 5 + 1).ok()?;
        let month = u32::try_from(if mp < 10 { mp + 3 } else { mp - 9 }).ok()?;
        let year = i32::try_from(yoe + era * 400 + i64::from(month <= 2)).ok()?;
        Some(Self { year, month, day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifting_is_exact_and_comes_back() {
        let day = Day::new(2020, 2, 28).unwrap();
        assert_eq!(day.shifted(1), Day::new(2020, 2, 29));
        assert_eq!(day.shifted(2), Day::new(2020, 3, 1));
        assert_eq!(day.shifted(-59), Day::new(2019, 12, 31));
        for n in [-40_000, -1, 0, 1, 366, 20_000] {
            assert_eq!(day.shifted(n).unwrap().shifted(-n), Some(day));
        }
        assert_eq!(Day::new(2021, 2, 29), None);
    }
}
