//! Every word on the screens, in one place, so that they can be translated.
//!
//! Short sentences in the words of the trade. No exclamation marks, no promise
//! that the code does not keep.

mod actions;
pub(crate) mod doubt;
mod glossary;
pub(crate) mod look;
pub(crate) mod protocol;
pub(crate) mod table;
mod trouble;

pub(crate) use actions::{Did, did, rule, stays};
pub(crate) use glossary::{Term, meaning};
pub(crate) use trouble::trouble;

use super::format;

pub(crate) const NAME: &str = "Cordon";

pub(crate) const COLLECT: &str = "Collect";
pub(crate) const REVIEW: &str = "Review";
pub(crate) const APPROVE: &str = "Approve";
pub(crate) const SEND: &str = "Send";
pub(crate) const RECEIPT: &str = "Receipt";
pub(crate) const STEPS: &str = "Steps of this contribution";

pub(crate) const HELP: &str = "Help and keys";
pub(crate) const LIGHT: &str = "Light theme";
pub(crate) const DARK: &str = "Dark theme";
pub(crate) const TEXT_SIZE: &str = "Text size";
pub(crate) const SIZES: [&str; 3] = ["Small", "Normal", "Large"];
pub(crate) const CLOSE: &str = "Close";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const PRINT: &str = "Print";
pub(crate) const CONNECTING: &str = "Asking the server";
pub(crate) const NO_SERVER: &str = "No server";
pub(crate) const LOAD_AGAIN: &str = "Load the page again";
pub(crate) const APPROVED_ALREADY: &str = "This contribution is approved: take the approval back to change it, as long as nothing was sent.";
pub(crate) const NOTHING_TO_UNDO: &str = "There is no decision to take back.";
pub(crate) const NOTHING_TO_ACCEPT: &str = "Nothing here is held without being accepted already.";
pub(crate) const NOTHING_TO_EXCLUDE: &str =
    "Nothing here would leave: there is nothing to exclude.";

// Collect
pub(crate) const DROP_TITLE: &str = "Drop a folder of DICOM here";
pub(crate) const DROP_SUB: &str = "or files, or a ZIP. Sub-folders are read too.";
pub(crate) const PICK_FOLDER: &str = "Choose a folder";
pub(crate) const PICK_FILES: &str = "Choose files or a ZIP";
pub(crate) const ADD_FOLDER: &str = "Add a folder";
pub(crate) const ADD_FILES: &str = "Add files";
pub(crate) const DROP_MORE: &str = "Drop here: it is read on this computer, and nothing is sent";
pub(crate) const STOP_READING: &str = "Stop reading";
pub(crate) const WHAT_HAPPENS: &str = "What will happen: this browser reads the files, takes out what identifies a person, checks the result, and shows you before and after. Nothing is sent until you approve.";
pub(crate) const WHAT_STAYS: &str = "What never leaves: names, numbers, dates, the original files, the clinic's key, and the list of who is who.";
pub(crate) const RESUMED_LOCAL: &str = "Names and originals are not kept by the browser, so this is listed under pseudonyms. Drop the folder again to see names and the pictures before.";
pub(crate) const DISCARD: &str = "Discard and start empty";
pub(crate) const DISCARD_SURE: &str = "Discard: cleaned files in this browser are deleted";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const RESUME: &str = "Go on";
pub(crate) const NOTHING_READ: &str = "Nothing read yet";

pub(crate) const ANY_MODALITY: &str = "any";
pub(crate) const PROJECT: &str = "Project: ";
pub(crate) const OPERATOR: &str = "Run by";
pub(crate) const PURPOSE: &str = "Purpose";
pub(crate) const RULES: &str = "Rules";
pub(crate) const MODALITIES: &str = "Modalities taken";
pub(crate) const HELD_IMAGES: &str = "Held images";
pub(crate) const HELD_MAY: &str = "May leave when a person has looked at them and accepts them.";
pub(crate) const WAIT_PERSISTENT: &str = "cleaned images are kept until they have arrived,";
pub(crate) const WAIT_BEST_EFFORT: &str =
    "the browser keeps cleaned images as long as the disk has room,";
pub(crate) const STORAGE_CHECKING: &str = "being tried";
pub(crate) const STORAGE_KEPT: &str = "kept by the browser,";
pub(crate) const STORAGE_BEST: &str = "kept as long as the disk has room,";
pub(crate) const STORAGE_FULL: &str = "full";
pub(crate) const KEY_UNREADABLE: &str = "The file cannot be read.";

// Tree
pub(crate) const TREE: &str = "Patients, studies and series";
pub(crate) const COLUMNS: [&str; 8] = [
    "Patient, study, series",
    "Modality",
    "Body part",
    "Images",
    "Matrix and voxel",
    "Size",
    "Noticed",
    "Verdict",
];
pub(crate) const NO_NAME: &str = "No name";
pub(crate) const NO_DESCRIPTION: &str = "No description";
pub(crate) const WORKING: &str = "Working";
pub(crate) const TO_DECIDE: &str = "to decide";
pub(crate) const ACCEPTED: &str = "Accepted";
pub(crate) const EXCLUDED: &str = "Excluded";
pub(crate) const NAMES_DIFFER: &str = "more than one name";
pub(crate) const OTHERS: &str = "Not images";
pub(crate) const STAYS_WORD: &str = "Stays here";
pub(crate) const FOLD: &str = "Fold up";
pub(crate) const UNFOLD: &str = "Unfold";

// Review
pub(crate) const IMAGE: &str = "Image";
pub(crate) const HEADER: &str = "Header";
pub(crate) const BEFORE: &str = "Before: on this computer only";
pub(crate) const AFTER: &str = "After: as it leaves";
pub(crate) const AFTER_STAYS: &str = "After: nothing, this stays here";
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const EXCLUDE: &str = "Exclude";
pub(crate) const TAKE_BACK: &str = "Clear";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const SCOPE: &str = "Decide on";
pub(crate) const SCOPES: [&str; 5] = ["Image", "Series", "Study", "Patient", "All like this"];
pub(crate) const BLUR: &str = "Blur identifiers";
pub(crate) const FOUND: &str = "Findings";
pub(crate) const NOTHING_FOUND: &str = "No check noticed anything.";
pub(crate) const CHOOSE: &str = "Choose a series in the tree.";
pub(crate) const NO_PIXELS: &str = "This object has no pixels. Its header says what it holds.";
pub(crate) const LOADING: &str = "Decoding";
pub(crate) const STAYS_HERE: &str = "Stays here: there is nothing that leaves.";
pub(crate) const NOT_CLEANED_YET: &str = "Not cleaned yet.";
pub(crate) const RESET: &str = "Reset view";
pub(crate) const TOOL: &str = "Drag changes";
pub(crate) const TOOLS: [&str; 4] = ["Window", "Pan", "Zoom", look::BOX];
pub(crate) const PRESETS: [(&str, f64, f64); 5] = [
    ("Soft tissue", 40.0, 400.0),
    ("Brain", 40.0, 80.0),
    ("Bone", 480.0, 2500.0),
    ("Lung", -600.0, 1500.0),
    ("Skin and air", -400.0, 1200.0),
];
pub(crate) const PRESET: &str = "Window";
pub(crate) const PRESET_OWN: &str = "As stored";
pub(crate) const SLICE: &str = "Slice";
pub(crate) const SEARCH: &str = "Tag, name or text";
pub(crate) const FILTERS: [&str; 4] = ["Removed", "Replaced", "Kept", "All"];
pub(crate) const HEADER_COLUMNS: [&str; 7] = [
    "Tag",
    "Attribute",
    "VR",
    "Before",
    "After",
    "What was done",
    "Why",
];
pub(crate) const NO_ROWS: &str = "No attribute fits.";
pub(crate) const READING_HEADER: &str = "Reading the header";
pub(crate) const ABSENT: &str = "absent";
pub(crate) const EMPTY: &str = "empty";
pub(crate) const PIXELS_STAY: &str =
    "No network has looked at these pixels: what the picture shows is what leaves.";
pub(crate) const AT: &str = "At";
pub(crate) const NOTE: &str = "Note";
pub(crate) const THIS_IMAGE: &str = "The image on the screen";
pub(crate) const MAY_NOT_APPROVE: &str =
    "The project's protocol does not let anybody release what is held: it stays here.";

// Approve
pub(crate) const APPROVE_TITLE: &str = "What leaves this building";
pub(crate) const UNDER_RULES: &str = "Under which rules";
pub(crate) const CHANGED: &str = "What was done to the attributes";
pub(crate) const DECIDED: &str = "What a person decided";
pub(crate) const STAYS: &str = "What stays here, and why";
pub(crate) const NOTHING_STAYS: &str = "Nothing stays: every file that was dropped leaves.";
pub(crate) const NOTHING_DECIDED: &str =
    "No check held anything back, and nobody left anything out.";
pub(crate) const KEPT: &str = "Attributes that are kept as they are";
pub(crate) const KEPT_NOTE: &str =
    "In the first image of each series that leaves. Values are shown in Review.";
pub(crate) const KEPT_SHOW: &str = "List them";
pub(crate) const APPROVED_BY: &str = "Your name or role, as it shall stand in the receipt";
pub(crate) const ROLE: &str = "Your role in this project";
pub(crate) const NO_ROLE: &str = "Choose a role";
pub(crate) const APPROVED_HINT: &str =
    "For example: data manager, radiology. Not a patient's name.";
pub(crate) const APPROVE_BUTTON: &str = "Approve and send";
pub(crate) const REOPEN: &str = "Take the approval back";
pub(crate) const ON_PAPER: &str = "Date and signature";

pub(crate) const TO_BE_SENT: &str = "to be sent";
pub(crate) const TAKEN_IN: &str = "taken in";
pub(crate) const CLEANED_BY: &str = "Cleaned by";
pub(crate) const HELD_FOR: &str = "Held because";
pub(crate) const UNDECIDED: &str = "Not decided";
pub(crate) const REASON: &str = "Reason";
pub(crate) const FILES: &str = "Files";
pub(crate) const IMAGES: &str = "Images";
pub(crate) const SERIES: &str = "Series";
pub(crate) const SIZE: &str = "Size";
pub(crate) const WHERE: &str = "Where";
pub(crate) const NOTHING_LEAVES: &str =
    "Nothing leaves as things stand: accept what is held in Review, or add another folder.";

// Send
pub(crate) const STUDIES: &str = "Studies";
pub(crate) const ARRIVED: &str = "Arrived";
pub(crate) const FAILED_WAY: &str = "Try again when the reason is gone. What cannot be taken in can be left out, so that the rest gets its receipt.";
pub(crate) const SEND_TITLE: &str = "Sending";
pub(crate) const SENT_TITLE: &str = "Everything has arrived";
pub(crate) const CLOSING_TITLE: &str = "Asking the server for the receipt";
pub(crate) const PAUSED_TITLE: &str = "Paused";
pub(crate) const CAN_CLOSE: &str = "You can close this tab or let the computer sleep. Cleaned images wait in this browser; open the page again and sending goes on where it stopped. Nothing is sent twice.";
pub(crate) const MUST_STAY: &str =
    "This browser keeps nothing when the tab closes: leave it open until everything has arrived.";
pub(crate) const CANCEL_SENDING: &str = "Stop sending the rest";
pub(crate) const CANCEL_SURE: &str = "Stop: what has not arrived stays here";
pub(crate) const RETRY: &str = "Try these again";
pub(crate) const GIVE_UP: &str = "Leave these out";
pub(crate) const FAILED: &str = "Not taken in";
pub(crate) const NOT_APPROVED: &str = "Nothing is sent before somebody approves.";

// Receipt
pub(crate) const RECEIPT_TITLE: &str = "Receipt";
pub(crate) const NO_RECEIPT: &str = "The receipt comes when everything has arrived.";
pub(crate) const VERIFIED: &str = "The server's signature is genuine";
pub(crate) const VERIFIED_SUB: &str = "Checked here and now, in this browser, against the key that the server showed before anything was sent.";
pub(crate) const FORGED: &str = "The signature does not fit";
pub(crate) const FORGED_SUB: &str =
    "Do not rely on this receipt. Save the problem report and ask the server's operator.";
pub(crate) const FINGERPRINT: &str = "Key fingerprint";
pub(crate) const SAVE_RECEIPT: &str = "Save the receipt";
pub(crate) const RECEIPT_FILE: &str = "cordon-receipt";
pub(crate) const MAPPING: &str = "The list of who is who";
pub(crate) const MAPPING_SUB: &str = "Patient ID, name, birth date and pseudonym, encrypted with your passphrase. It is made in this browser, for the clinic, and is never sent. Open it with age and the passphrase.";
pub(crate) const SAVE_MAPPING: &str = "Save the encrypted list";
pub(crate) const MAPPING_FILE: &str = "cordon-pseudonyms.csv.age";
pub(crate) const WITHDRAW: &str = "If a patient withdraws";
pub(crate) const WITHDRAW_STEPS: [&str; 4] = [
    "Find the patient's pseudonym: open the encrypted list, or drop one of the patient's images on this page again. The same key gives the same pseudonym.",
    "Send the pseudonym and the contribution's number from this receipt to the server's operator. Do not send a name.",
    "The operator deletes what stands under that pseudonym and confirms it in writing.",
    "Keep the confirmation with this receipt.",
];
pub(crate) const ANOTHER: &str = "Start another contribution";

pub(crate) const ARRIVED_STUDIES: &str = "What arrived";
pub(crate) const STAYED: &str = "What stayed here, and why";
pub(crate) const TAKEN_BY: &str = "Taken in by";
pub(crate) const APPROVED: &str = "Approved by";
pub(crate) const NEW_STUDY_UID: &str = "Study Instance UID, as it left";
pub(crate) const MAPPING_SAVED: &str =
    "Saved. Keep the file and the passphrase in different places, at the clinic.";

// Key
pub(crate) const KEY_TITLE: &str = "The clinic's key";
pub(crate) const KEY_WHY: &str = "Pseudonyms and new UIDs are derived from it. With the same key, the same patient has the same pseudonym in every contribution of this clinic. Without it, nobody can make the connection again.";
pub(crate) const KEY_BACKUP: &str = "Back the key up";
pub(crate) const KEY_BACKUP_SUB: &str = "Saves a file encrypted with a passphrase. Keep the file and the passphrase in different places, at the clinic.";
pub(crate) const KEY_IMPORT: &str = "Use a key from a file";
pub(crate) const KEY_IMPORT_SUB: &str = "For a second computer of the same clinic, or after this browser lost its data. It replaces the key that this browser holds.";
pub(crate) const KEY_IMPORT_WARN: &str =
    "The key that this browser holds now has no back-up. Replacing it loses it for good.";
pub(crate) const KEY_FILE: &str = "cordon-site-key.age";
pub(crate) const KEY_SAVED: &str =
    "Saved. Open the file once with its passphrase before you rely on it.";
pub(crate) const KEY_TAKEN: &str = "This browser now holds that key.";
pub(crate) const KEY_MAKE: &str = "Make a new key";
pub(crate) const KEY_LOADING: &str = "Looking for the clinic's key";
pub(crate) const KEY_MISSING: &str =
    "This browser holds no key yet. One is made when the first folder is read.";
pub(crate) const PASSPHRASE: &str = "Passphrase";
pub(crate) const PASSPHRASE_AGAIN: &str = "Passphrase again";
pub(crate) const PASSPHRASE_DIFFERS: &str = "The two do not match.";
pub(crate) const KEY_CHOOSE_FILE: &str = "Key file";
pub(crate) const WORKS: &str = "Encrypting";

// Help
pub(crate) const KEYS: &str = "Keys";
pub(crate) const TERMS: &str = "What is this?";
pub(crate) const ABOUT: &str = "This installation";
pub(crate) const REPORT: &str = "Problem report";
pub(crate) const REPORT_SUB: &str = "Versions, states and counts. It holds no name, number, date, description, file name or UID. Read it before you send it.";
pub(crate) const LICENCE: &str = "MIT or Apache-2.0";
pub(crate) const KEY_LIST: [(&[&str], &str); 18] = [
    (&["J", "K"], "Next, previous series"),
    (&["N"], "Next series that waits for a decision"),
    (
        &["↑", "↓"],
        "Move in the tree; in the images: slice by slice",
    ),
    (&["←", "→"], "Fold up, unfold"),
    (&["A"], "Accept"),
    (&["X"], "Exclude"),
    (&["Z"], "Undo"),
    (&["I", "H", "W"], "Image view, header view, words"),
    (&["F", "Q"], "Face, quality, where a series has them"),
    (
        &["B"],
        "In the images: draw boxes over text; arrows move one, Shift sizes, Delete rejects",
    ),
    (&["K", "R"], "In the words: keep, take off"),
    (&["Space", "Shift+↓"], "In the words: select, select more"),
    (&["+", "−", "0"], "Zoom in, out, reset"),
    (&["V"], "Blur identifiers"),
    (&["1", "…", "5"], "Collect, Review, Approve, Send, Receipt"),
    (
        &["Ctrl+Z", "Ctrl+Y"],
        "On the protocol desk: take a change back, do it again",
    ),
    (&["Esc"], "Leave a panel or a desk"),
    (&["?"], "This list"),
];
pub(crate) const MOUSE: &str = "In the images: drag for window and level, Shift and drag to move, Ctrl and wheel to zoom, wheel for slices, double click to reset.";

/// "The data go to …"
pub(crate) fn destination(operator: &str, server: &str) -> String {
    if operator.is_empty() {
        format!("Where the data go: to {server}, and nowhere else.")
    } else {
        format!("Where the data go: to {operator} ({server}), and nowhere else.")
    }
}

/// The state of the key, in words.
pub(crate) fn key_sentence(made_at: &str, backed_up_at: Option<&str>) -> String {
    let made = format::day(made_at);
    match backed_up_at {
        Some(at) => format!(
            "This browser holds your clinic's key, made {made}, backed up {}.",
            format::day(at)
        ),
        None => format!(
            "This browser holds your clinic's key, made {made}. It has no back-up: if the browser's data are cleared, pseudonyms can never be made the same again."
        ),
    }
}

/// What was taken up from an earlier tab.
pub(crate) fn resumed(staged: u64, sent: u64, approved: bool) -> String {
    let images = format::counted(staged, "image", "images");
    match (approved, sent) {
        (false, _) => {
            format!("Taken up where it stopped: {images} cleaned and waiting for approval.")
        }
        (true, sent) => format!(
            "Taken up where it stopped: {} of {images} had arrived.",
            format::count(sent)
        ),
    }
}

/// A hint, not a verdict, on a passphrase: its length counts most.
pub(crate) fn strength(passphrase: &str) -> (u32, &'static str) {
    let n = passphrase.chars().count();
    let kinds = [
        passphrase.chars().any(char::is_lowercase),
        passphrase.chars().any(char::is_uppercase),
        passphrase.chars().any(|c| c.is_ascii_digit()),
        passphrase.chars().any(|c| !c.is_alphanumeric()),
    ]
    .into_iter()
    .filter(|b| *b)
    .count();
    let distinct = passphrase
        .chars()
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    match (n, kinds, distinct) {
        (0, ..) => (
            0,
            "Four or five words that do not belong together make a good one.",
        ),
        (..12, ..) => (1, "Too short: use at least 12 characters."),
        (_, _, ..6) => (1, "Too few different characters."),
        (12..20, ..3, _) => (2, "Fair. Longer is better than stranger."),
        (20.., ..) | (_, 3.., _) => (3, "Good."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passphrases_are_good_and_repeated_letters_are_not() {
        assert_eq!(strength("").0, 0);
        assert_eq!(strength("Tr0ub4dor&3").0, 1);
        assert_eq!(strength("aaaaaaaaaaaaaaaaaaaaaaaaaa").0, 1);
        assert_eq!(strength("winter kitchen").0, 2);
        assert_eq!(strength("correct horse battery staple").0, 3);
    }
}
