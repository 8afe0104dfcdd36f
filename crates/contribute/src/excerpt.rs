//! The text in which a doubtful word stands, for the person's own screen.

use cordon_dicom::{File, Value, read, read_inflating};
use cordon_protocol::{Finding, TagPath};
use serde::{Deserialize, Serialize};

use crate::explain::find;
use crate::{Cleaner, HeldWord, attribute_name};

/// A word in its text. Holds real values: for the screen, never for a file or a line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// Where.
    pub path: TagPath,
    /// The attribute's name.
    pub name: String,
    /// What stands in front of the word.
    pub before: String,
    /// The word as it stands there; empty when the text could not be shown.
    pub word: String,
    /// What follows it.
    pub after: String,
}

/// Without the text: it must not get into a log.
impl std::fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Excerpt({})", self.path)
    }
}

/// So much of the text is shown on either side of the word.
const AROUND: usize = 160;

/// The texts of a file in which these words stand, as they came. A word of which only the
/// cleaned object knows the place is shown as it would leave.
///
/// # Errors
/// When the file cannot be read: the finding that says why.
pub fn excerpts(
    cleaner: &Cleaner,
    input: &[u8],
    words: &[HeldWord],
) -> Result<Vec<Excerpt>, Finding> {
    let bytes = read_inflating(input).map_err(|e| e.finding())?;
    let file = read(&bytes).map_err(|e| e.finding())?;
    let mut cleaned = None;
    let found = words.iter().map(|held| {
        let cut = text(&file, &held.path).and_then(|t| cut(&t, &held.word));
        let (before, word, after) = cut
            .or_else(|| {
                let cleaned = cleaned.get_or_insert_with(|| cleaner.clean(input));
                let output = cleaned.output.as_ref()?.bytes();
                let text = text(&read(output).ok()?, &held.path)?;
                self::cut(&text, &held.word)
            })
            .unwrap_or_default();
        Excerpt {
            path: held.path.clone(),
            name: attribute_name(held.path.tag),
            before,
            word,
            after,
        }
    });
    Ok(found.collect())
}

fn text(file: &File<'_>, path: &TagPath) -> Option<String> {
    let (element, set) = find(file, path)?;
    let Value::Bytes(bytes) = &element.value else {
        return None;
    };
    Some(set.decode(bytes).trim_matches(['\0', ' ']).to_owned())
}

/// The text in front of the word, the word, and the text behind it.
fn cut(text: &str, word: &str) -> Option<(String, String, String)> {
    let (start, end) = place(text, word)?;
    let (front, rest) = text.split_at_checked(start)?;
    let (word, back) = rest.split_at_checked(end - start)?;
    let skip = front.chars().count().saturating_sub(AROUND);
    let mut before: String = front.chars().skip(skip).collect();
    if skip > 0 {
        before.insert(0, '…');
    }
    let mut after: String = back.chars().take(AROUND).collect();
    if after.len() < back.len() {
        after.push('…');
    }
    Some((before, word.to_owned(), after))
}

/// Where the word stands, on its own if it does, whatever its case.
fn place(text: &str, word: &str) -> Option<(usize, usize)> {
    let own = |(start, end): &(usize, usize)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let front = text.get(..*start).and_then(|t| t.chars().next_back());
        let back = text.get(*end..).and_then(|t| t.chars().next());
        !letter(front) && !letter(back)
    };
    let exact = text.match_indices(word).map(|(at, m)| (at, at + m.len()));
    let lower = word.to_lowercase();
    let folded = text.char_indices().filter_map(|(at, _)| {
        let end = at + word.len();
        let part = text.get(at..end)?;
        (part.to_lowercase() == lower).then_some((at, end))
    });
    let all: Vec<(usize, usize)> = exact.chain(folded).collect();
    all.iter().find(|p| own(p)).or(all.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_on_its_own_first_and_whatever_its_case() {
        let (before, word, after) = cut("Maryland knee of MARY, left", "Mary").expect("found");
        assert_eq!(
            (&*before, &*word, &*after),
            ("Maryland knee of ", "MARY", ", left")
        );
        let long = format!("{} Zork {}", "ä".repeat(300), "ö".repeat(300));
        let (before, _, after) = cut(&long, "Zork").expect("found");
        assert!(before.starts_with('…') && after.ends_with('…'));
        assert_eq!(before.chars().count(), AROUND + 1);
        assert_eq!(cut("MRI knee", "Zork"), None);
    }
}
