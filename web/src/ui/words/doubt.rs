//! The words about doubtful words.

use crate::ui::format;

pub(crate) const WORDS: &str = "Words";
pub(crate) const TITLE: &str = "Words that may name somebody";
pub(crate) const COLUMNS: [&str; 4] = ["Word", "Images", "Where it stands", "Decision"];
pub(crate) const KEEP: &str = "Keep";
pub(crate) const TAKE_OFF: &str = "Take off";
pub(crate) const OPEN_AGAIN: &str = "Clear";
pub(crate) const KEEP_TITLE: &str = "It names nobody: it stays wherever it stands";
pub(crate) const TAKE_OFF_TITLE: &str = "It may name somebody: it goes wherever it stands";
pub(crate) const KEPT: &str = "Kept";
pub(crate) const TAKEN_OFF: &str = "Taken off";
pub(crate) const NOT_DECIDED: &str = "Not decided";
pub(crate) const SELECT_OPEN: &str = "Select all not decided";
pub(crate) const SELECT_NONE: &str = "Select none";
pub(crate) const SELECT_THIS: &str = "Select";
pub(crate) const NOTE: &str = "These words stay in this tab: they are not sent, not written down, and gone when the page is loaded again. Images that were cleaned stay as they were decided; drop the folder again to decide anew.";
pub(crate) const NONE: &str = "No word of a text is in doubt.";
pub(crate) const NONE_YET: &str = "No word is in doubt so far; files are still being cleaned.";
pub(crate) const READING: &str = "Reading the text";
pub(crate) const NO_TEXT: &str = "The text cannot be shown here; see the header.";
pub(crate) const CHOOSE_WORD: &str = "Choose a word to read the text in which it stands.";
pub(crate) const NOTHING_CHOSEN: &str = "Choose a word first.";

/// How many wait.
pub(crate) fn waiting(open: usize, all: usize) -> String {
    let all = format::counted(all as u64, "word", "words");
    match open {
        0 => format!("{all}, all decided"),
        n => format!("{} of {all} not decided", format::count(n as u64)),
    }
}

/// How many are chosen.
pub(crate) fn chosen(n: usize) -> String {
    format!("{} selected", format::counted(n as u64, "word", "words"))
}

/// Work that a decision caused.
pub(crate) fn again(files: u64) -> String {
    format!(
        "{} without a verdict: being cleaned",
        format::counted(files, "file", "files")
    )
}

/// Images that are held for words that nobody can show any more.
pub(crate) fn unread(images: usize) -> String {
    let images = format::counted(images as u64, "image is", "images are");
    format!(
        "{images} held for words that were read before this page was loaded again. Drop the folder again to decide on them."
    )
}

/// For the page that is signed.
pub(crate) fn at_approve(open: usize, images: u64) -> String {
    let words = match open {
        1 => "1 doubtful word is".to_owned(),
        n => format!("{} doubtful words are", format::count(n as u64)),
    };
    match images {
        0 => format!("{words} not decided, and no image stays here for it."),
        n => format!(
            "{words} not decided. {} for words stay here unless somebody accepts them.",
            format::counted(n, "image held", "images held")
        ),
    }
}
