//! The words of the table desk.

use cordon_clinical::{Action, Change, Identity, RiskReport};

use crate::ui::format;

pub(crate) const DESK: &str = "Clinical table";
pub(crate) const OPEN_DESK: &str = "Bring a clinical table";
pub(crate) const OPEN_SHORT: &str = "Table";
pub(crate) const LOOK: &str = "Look at it";

pub(crate) const EMPTY_TITLE: &str = "Choose a table that belongs to the images";
pub(crate) const EMPTY_SUB: &str = "CSV or XLSX. Or drop it together with the images.";
pub(crate) const CHOOSE: &str = "Choose a table";
pub(crate) const ANOTHER: &str = "Another table";
pub(crate) const PROMISE: [&str; 3] = [
    "The table is read in this browser. Patient IDs become the pseudonyms of the images, dates move by the same days, and every cell that leaves is searched for what in the table tells who somebody is.",
    "You say for each column what happens to it. What nobody speaks of stays behind.",
    "Before anything leaves, the crowd is measured: how many people share each combination of what is left.",
];
pub(crate) const DROPPED: &str = "Dropped beside the images";
pub(crate) const READING: &str = "Reading the table";
pub(crate) const WORKING: &str = "Cleaning the table";
pub(crate) const BROKEN: &str = "This table cannot be read";
pub(crate) const NO_SERVER: &str =
    "The server has not said yet what the project asks for; a table is cleaned under its protocol.";
pub(crate) const SHEET: &str = "Sheet";

pub(crate) const ROWS: &str = "rows";
pub(crate) const COLUMNS_LEAVE: &str = "columns leave";
pub(crate) const PEOPLE: &str = "people";
pub(crate) const SMALLEST: &str = "share each combination at least";
pub(crate) const NOT_MEASURED: &str = "not measured";
pub(crate) const SAVE: &str = "Save as CSV";
pub(crate) const FILE_NAME: &str = "cordon-table.csv";
pub(crate) const CSV: &str = "text/csv;charset=utf-8";
pub(crate) const SAVE_MAPPING: &str = "Save mapping";
pub(crate) const OPEN_MAPPING: &str = "Open mapping";
pub(crate) const MAPPING_TITLE: &str = "Names of columns and what happens to them, without any cell: made once, used for every table of this form";
pub(crate) const MAPPING_FILE: &str = "cordon-mapping.toml";
pub(crate) const TOML: &str = "text/plain;charset=utf-8";
pub(crate) const TAKE_ALONG: &str = "Take it along";
pub(crate) const TAKE_ALONG_TITLE: &str =
    "It is sent with the images of this contribution, once somebody approves";
pub(crate) const LEAVE_HERE: &str = "Leave it here";
pub(crate) const GOES_ALONG: &str = "Goes with the contribution once it is approved:";
pub(crate) const WENT_ALONG: &str = "The server has this table:";
pub(crate) const CHANGED_SINCE: &str = "The mapping was changed since: what goes along is as it was. Take it along again to send it as it is now.";
pub(crate) const IN_MEMORY: &str =
    "It is kept in this tab only, until it is sent: leave the tab open.";
pub(crate) const HELD_ALONG: &str = "The table is held: approving the contribution releases it.";
pub(crate) const ARRIVED: &str = "Clinical tables that arrived";
pub(crate) const AWAY: &str = "Put away";

pub(crate) const TABS: [&str; 5] = [
    "Columns",
    "Before and after",
    "To decide",
    "In the crowd",
    "Noticed",
];

pub(crate) const HEAD: [&str; 6] = [
    "Column and its first cells",
    "What happens to it",
    "Tells who somebody is",
    "Could point to a person",
    "Sensitive",
    "Leaves as",
];
pub(crate) const HEAD_TITLES: [&str; 6] = [
    "As in the file",
    "What nobody speaks of stays behind",
    "All other cells are searched for what stands in such a column",
    "A quasi-identifier: together with others it could point to a person. The crowd is measured over these columns",
    "What nobody should learn about a person; one column at most",
    "The name of the column in the output",
];
pub(crate) const HIDDEN: &str = "hidden in the workbook: stays behind";
pub(crate) const NOBODY: &str = "no";
pub(crate) const ORDER: &str = "Order";
pub(crate) const ORDERS: [&str; 4] = [
    "as the cells say",
    "day first",
    "month first",
    "days since 1899",
];
pub(crate) const BAND: &str = "In bands of";
pub(crate) const WIDTH: &str = "Width";
pub(crate) const DIGITS: &str = "Digits";
pub(crate) const DIGITS_TITLE: &str =
    "How many digits the Patient ID has, where a spreadsheet ate the zeros in front";
pub(crate) const STEP: &str = "Rounded to";
pub(crate) const ALLOWED: &str = "Values that may leave";

pub(crate) const BEFORE: &str = "Before: on this computer only";
pub(crate) const AFTER: &str = "After: as it leaves";
pub(crate) const STAYS: &str = "stays behind";
pub(crate) const ROW: &str = "Row";
pub(crate) const PREVIOUS: &str = "Previous rows";
pub(crate) const NEXT: &str = "Next rows";
pub(crate) const COLUMNS_PREVIOUS: &str = "Previous columns";
pub(crate) const COLUMNS_NEXT: &str = "Next columns";
pub(crate) const NO_OUTPUT: &str = "Nothing leaves as things stand: the findings say why.";
pub(crate) const NOTHING_LEAVES: &str = "No column leaves: say what happens to the columns first.";

pub(crate) const NO_DOUBTS: &str = "No cell is in doubt: what was taken out was certain, and the rest holds nothing that was found.";
pub(crate) const DOUBTS: &str = "In these cells something was found that could be chance. Without a decision it is taken out. Accept only what names nobody.";
pub(crate) const DOUBT_HEAD: [&str; 5] =
    ["Row", "Column", "What was found", "The cell", "Decision"];
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const REJECT: &str = "Take out";
pub(crate) const ACCEPTED: &str = "Accepted cells";
pub(crate) const TAKE_BACK: &str = "Take back";
pub(crate) const ACCEPT_ALL: &str = "Accept all with these words";

pub(crate) const NO_FINDINGS: &str = "No check noticed anything.";

pub(crate) const CROWD: &str = "How large a crowd everybody must stand in";
pub(crate) const MEASURE: &str = "Measure it";
pub(crate) const K: &str = "People who share a combination, at least (k)";
pub(crate) const L: &str = "Different sensitive values among them, at least (l)";
pub(crate) const RARE: &str = "Rows in too small a crowd";
pub(crate) const TOO_SMALL: &str = "too small";
pub(crate) const RARES: [&str; 2] = ["Hold the table", "Leave the rows out"];
pub(crate) const NO_QUASI: &str = "No column is marked: mark in “Columns” what together could point to a person, such as age, sex and postal code.";
pub(crate) const UNMEASURED: &str =
    "Nothing was measured yet. Without a measure the table is held.";
pub(crate) const UNIQUE: &str = "Rows of people who are alone";
pub(crate) const SMALL: &str = "Combinations that too few people share";
pub(crate) const NO_SMALL: &str = "None: everybody stands in a large enough crowd.";
pub(crate) const SUGGESTIONS: &str = "What would make the crowd larger";
pub(crate) const APPLY: &str = "Do it";
pub(crate) const SIZES: &str = "Sizes of the crowds";
pub(crate) const CROWDS: &str = "Crowds";
pub(crate) const CROWD_OF: &str = "People in it";
pub(crate) const DIVERSITY: &str = "Sensitive values in a crowd";

pub(crate) const ACTIONS: [&str; 10] = [
    "Drop it",
    "Patient ID: the pseudonym of the images",
    "UID: that of the images",
    "Date: moves as those of the images",
    "Year only",
    "Age: 90 and more as 90",
    "Number in bands",
    "Keep, once nothing was found in it",
    "Keep listed values only",
    "Free text: cleaned",
];

/// Which of [`ACTIONS`] it is.
pub(crate) const fn number(action: &Action) -> usize {
    match action {
        Action::Drop => 0,
        Action::Identifier { .. } => 1,
        Action::Uid => 2,
        Action::Date { .. } => 3,
        Action::Year { .. } => 4,
        Action::Age { .. } => 5,
        Action::Band { .. } => 6,
        Action::Keep => 7,
        Action::Category { .. } => 8,
        Action::FreeText => 9,
    }
}

/// What a column can tell about who somebody is.
pub(crate) const IDENTITIES: [(Identity, &str); 6] = [
    (Identity::Name, "a name"),
    (Identity::Number, "a number"),
    (Identity::Birth, "the date of birth"),
    (Identity::Contact, "telephone, mail"),
    (Identity::Address, "an address"),
    (Identity::Place, "a place"),
];

/// Where the table goes.
pub(crate) fn where_it_goes(title: &str) -> String {
    format!(
        "The table is cleaned under the project's protocol, “{title}”, and the clinic's key. It stays in this browser until you save it or take it along with the contribution."
    )
}

/// What goes along, or did.
pub(crate) fn along(rows: u64, columns: u32, people: u64) -> String {
    format!(
        "{}, {}, {}",
        format::counted(rows, "row", "rows"),
        format::counted(u64::from(columns), "column", "columns"),
        format::counted(people, "person", "people")
    )
}

/// A table that arrived.
pub(crate) fn shape(rows: u64, columns: u32) -> String {
    format!(
        "{}, {}",
        format::counted(rows, "row", "rows"),
        format::counted(u64::from(columns), "column", "columns")
    )
}

/// Its crowd, for who signs.
pub(crate) fn along_crowd(risk: Option<&RiskReport>) -> String {
    match risk {
        Some(r) => format!(
            "each combination of what could point to a person is shared by at least {} (asked for: {})",
            format::counted(r.smallest, "person", "people"),
            r.k
        ),
        None => "how many people share a combination was not measured".to_owned(),
    }
}

/// The state of the crowd in a sentence.
pub(crate) fn crowd(risk: &RiskReport) -> String {
    format!(
        "{} in {}; the smallest has {}. Asked for: {}.",
        format::counted(risk.people, "person", "people"),
        format::counted(risk.classes, "combination", "combinations"),
        format::counted(risk.smallest, "person", "people"),
        risk.k
    )
}

/// How diverse the sensitive values are.
pub(crate) fn diversity(distinct: u64, l: u32, below: u64) -> String {
    format!(
        "The least diverse crowd has {}; asked for: {l}. {} below that.",
        format::counted(distinct, "different value", "different values"),
        format::counted(below, "crowd is", "crowds are")
    )
}

/// A change of one column.
pub(crate) const fn change(change: Change) -> &'static str {
    match change {
        Change::BandsOfFive => "in bands of 5",
        Change::BandsOfTen => "in bands of 10",
        Change::YearOnly => "only the year",
        Change::DropRareValues => "without its rare values",
        Change::DropColumn => "without the column",
    }
}

/// How many rows would still be in too small a crowd.
pub(crate) fn would_leave(rows: u64) -> String {
    match rows {
        0 => "then everybody stands in a large enough crowd".to_owned(),
        n => format!(
            "then {} in too small a crowd",
            format::counted(n, "row is still", "rows are still")
        ),
    }
}
