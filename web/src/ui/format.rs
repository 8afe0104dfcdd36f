//! Numbers, sizes, times and dates as people at a clinic read them.
//!
//! Every number on the screen has its unit, digits are grouped with thin spaces,
//! and a time left is rounded to what can honestly be said about it.

/// A thin, unbreakable space between groups of three digits.
const GROUP: char = '\u{202F}';

/// `40 000`: digits in groups of three from ten thousand on.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + 4);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(GROUP);
        }
        text.push(digit);
    }
    text
}

/// `1 image`, `40 000 images`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{}\u{A0}{}", count(n), if n == 1 { one } else { many })
}

/// `174 MB`: decimal units, three figures.
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n}\u{A0}B");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or("PB");
    format!("{}\u{A0}{name}", three_figures(value))
}

fn three_figures(value: f64) -> String {
    if value < 9.995 {
        format!("{value:.2}")
    } else if value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// `36.0 MB/s`.
pub(crate) fn rate(bytes_per_s: f64) -> String {
    format!("{}/s", bytes(whole(bytes_per_s)))
}

/// `212 files/s`; one digit after the point where it is slow.
pub(crate) fn files_rate(per_s: f64) -> String {
    if per_s < 10.0 {
        format!("{per_s:.1}\u{A0}files/s")
    } else {
        format!("{}\u{A0}files/s", count(whole(per_s)))
    }
}

/// A positive number without its fraction; nothing that is not a number.
pub(crate) fn whole(value: f64) -> u64 {
    if value.is_finite() && value > 0.0 {
        cut(value.round())
    } else {
        0
    }
}

#[expect(clippy::cast_sign_loss, reason = "never called with less than nothing")]
fn cut(value: f64) -> u64 {
    value.clamp(0.0, 1e18) as u64
}

/// `under 5 s`, `40 s`, `12 min`, `3 h 20 min`: no more digits than an estimate has.
pub(crate) fn time_left(seconds: f64) -> String {
    let s = whole(seconds);
    match s {
        0..5 => "under 5\u{A0}s".to_owned(),
        5..60 => format!("{}\u{A0}s", s.div_ceil(5) * 5),
        60..3570 => format!("{}\u{A0}min", (s + 30) / 60),
        3570..86_400 => {
            let minutes = (s + 150) / 300 * 5;
            match (minutes / 60, minutes % 60) {
                (h, 0) => format!("{h}\u{A0}h"),
                (h, m) => format!("{h}\u{A0}h {m}\u{A0}min"),
            }
        }
        _ => "more than a day".to_owned(),
    }
}

/// `62 %`, and never 100 before it is done.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let n = match (part, whole) {
        (_, 0) => 0,
        (p, w) if p >= w => 100,
        (p, w) => cut(p as f64 / w as f64 * 100.0),
    };
    format!("{n}\u{A0}%")
}

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

/// `3 March 2026` from an RFC 3339 time; the text itself where it is none.
pub(crate) fn day(rfc3339: &str) -> String {
    let date = rfc3339.get(..10).unwrap_or(rfc3339);
    let mut parts = date.split('-');
    let (Some(y), Some(m), Some(d), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return rfc3339.to_owned();
    };
    let month = m
        .parse::<usize>()
        .ok()
        .and_then(|m| MONTHS.get(m.wrapping_sub(1)));
    match (month, d.parse::<u8>()) {
        (Some(month), Ok(d)) => format!("{d}\u{A0}{month} {y}"),
        _ => rfc3339.to_owned(),
    }
}

/// `3 March 2026, 14:05 UTC` from an RFC 3339 time in UTC.
pub(crate) fn moment(rfc3339: &str) -> String {
    match rfc3339.get(11..16) {
        Some(time) if rfc3339.ends_with('Z') => format!("{}, {time} UTC", day(rfc3339)),
        _ => day(rfc3339),
    }
}

/// `1961-03-04` from a DICOM date; the text itself where it is none.
pub(crate) fn dicom_date(da: &str) -> String {
    let digits = da.len() >= 8 && da.bytes().take(8).all(|b| b.is_ascii_digit());
    match (digits, da.get(..4), da.get(4..6), da.get(6..8)) {
        (true, Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
        _ => da.to_owned(),
    }
}

/// `Doe, Jane` from the first group of a DICOM person name; other groups follow in brackets.
pub(crate) fn person(pn: &str) -> String {
    let mut groups = pn.split('=').filter(|g| !g.is_empty());
    let Some(first) = groups.next() else {
        return String::new();
    };
    let name = |group: &str| {
        let parts: Vec<&str> = group.split('^').map(str::trim).collect();
        let part = |i: usize| parts.get(i).copied().unwrap_or_default();
        let given = [part(3), part(1), part(2)]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        match (part(0).is_empty(), given.is_empty()) {
            (false, false) => format!("{}, {given}", part(0)),
            (false, true) => part(0).to_owned(),
            _ => given,
        }
    };
    let mut text = name(first);
    for group in groups {
        text.push_str(&format!(" ({})", name(group)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        text.replace(['\u{202F}', '\u{A0}'], " ")
    }

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(plain(&count(0)), "0");
        assert_eq!(plain(&count(5800)), "5800");
        assert_eq!(plain(&count(40_000)), "40 000");
        assert_eq!(plain(&count(1_234_567)), "1 234 567");
        assert_eq!(plain(&counted(1, "image", "images")), "1 image");
        assert_eq!(plain(&counted(0, "image", "images")), "0 images");
    }

    #[test]
    fn sizes_keep_three_figures() {
        for (n, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (999_600, "1.00 MB"),
            (174_300_000, "174 MB"),
            (12_340_000_000, "12.3 GB"),
        ] {
            assert_eq!(plain(&bytes(n)), text);
        }
        assert_eq!(plain(&rate(36_000_000.0)), "36.0 MB/s");
        assert_eq!(plain(&rate(f64::NAN)), "0 B/s");
        assert_eq!(plain(&files_rate(2.34)), "2.3 files/s");
    }

    #[test]
    fn a_time_left_claims_no_more_than_it_knows() {
        for (s, text) in [
            (0.2, "under 5 s"),
            (7.0, "10 s"),
            (59.0, "60 s"),
            (61.0, "1 min"),
            (754.0, "13 min"),
            (3600.0, "1 h"),
            (12_100.0, "3 h 20 min"),
            (200_000.0, "more than a day"),
        ] {
            assert_eq!(plain(&time_left(s)), text);
        }
    }

    #[test]
    fn a_hundred_per_cent_is_done() {
        assert_eq!(plain(&percent(999, 1000)), "99 %");
        assert_eq!(plain(&percent(1000, 1000)), "100 %");
        assert_eq!(plain(&percent(0, 0)), "0 %");
    }

    #[test]
    fn dates_are_unambiguous_and_nonsense_stays_as_it_is() {
        assert_eq!(plain(&day("2026-03-03T14:05:09Z")), "3 March 2026");
        assert_eq!(
            plain(&moment("2026-03-03T14:05:09Z")),
            "3 March 2026, 14:05 UTC"
        );
        assert_eq!(day("soon"), "soon");
        assert_eq!(dicom_date("19610304"), "1961-03-04");
        assert_eq!(dicom_date("1961.03.04"), "1961.03.04");
        assert_eq!(dicom_date("ééééé"), "ééééé");
    }

    #[test]
    fn names_read_as_names() {
        assert_eq!(person("DOE^JANE^M^Dr"), "DOE, Dr JANE M");
        assert_eq!(person("DOE"), "DOE");
        assert_eq!(
            person("Yamada^Tarou=山田^太郎=やまだ^たろう"),
            "Yamada, Tarou (山田, 太郎) (やまだ, たろう)"
        );
        assert_eq!(person(""), "");
    }
}
