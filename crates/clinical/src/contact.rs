//! Mail, web addresses and telephone numbers in a cell.

/// Whether a cell holds one.
pub(crate) fn is_contact(cell: &str) -> bool {
    cell.split_whitespace()
        .any(|word| is_mail(word) || is_web(word))
        || has_phone(cell)
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        user.ends_with(char::is_alphanumeric)
            && host
                .split_once('.')
                .is_some_and(|(name, end)| !name.is_empty() && end.starts_with(char::is_alphabetic))
    })
}

fn is_web(word: &str) -> bool {
    let word = word
        .trim_start_matches(['(', '<', '"'])
        .to_ascii_lowercase();
    word.starts_with("www.") || word.starts_with("http://") || word.starts_with("https://")
}

/// Groups of digits that make a telephone number: at least eight digits, in groups, with the
/// signs of a telephone number. Numbers, dates and dimensions are none.
fn has_phone(cell: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || " +-/().".contains(c);
    cell.split(|c| !is_part(c)).any(|run| {
        let run = run.trim_matches(|c: char| " .-/".contains(c));
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let international = run.starts_with('+') || run.starts_with("00");
        let area = run.starts_with('(') || (run.starts_with('0') && run.contains(['/', '-', ' ']));
        let american = run.split(['-', '.', ' ']).map(str::len).eq([3, 3, 4]);
        let date = !crate::dates::dates_in(run).is_empty();
        let times = run.matches('.').count() > 1 && !american;
        (7..=15).contains(&digits) && (international || area || american) && !date && !times
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_and_what_is_none() {
        for yes in [
            "a.b@clinic.example",
            "see www.example.org",
            "+49 711 1234567",
            "Tel. 0711/123456-7",
            "(555) 010-2345",
            "555-010-2345",
        ] {
            assert!(is_contact(yes), "{yes}");
        }
        for no in [
            "12 x 15 mm",
            "2021-03-04 10:00",
            "0.000123",
            "T2@3T",
            "1234567",
            "-12.5",
        ] {
            assert!(!is_contact(no), "{no}");
        }
    }
}
