//! What the desks ask their worker: protocols that are tried out, and clinical tables.
//!
//! A desk stands beside the way of a contribution. Nothing that is asked here changes
//! what leaves: images go on under the project's protocol.

use cordon_clinical::{Mapping, RiskReport, TableFinding, TableRecord};
use cordon_contribute::Comparison;
use cordon_protocol::{Approval, AttributeAction, DeidOption, Protocol, Tag, Verdict};
use serde::{Deserialize, Serialize};

use crate::messages::{Input, Line, LineFault};

/// A question of a desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Whether this version can obey the protocol. Answer: [`Told::Checked`].
    Check(Box<Protocol>),
    /// What becomes of an image under two protocols. Answer: [`Told::Compared`].
    Compare {
        /// The project's.
        project: Box<Protocol>,
        /// The one that is tried out.
        trial: Box<Protocol>,
        /// The site key: pseudonyms and dates on the screen are those that would leave.
        key: [u8; 32],
        /// The image.
        input: Input,
    },
    /// A protocol in TOML, or a script of RSNA CTP, from the first attachment.
    /// Answer: [`Told::Read`].
    Read,
    /// One of those that come with Cordon. Answer: [`Told::Read`].
    Ready(String),
    /// Attributes by tag, keyword or name. Answer: [`Told::Found`].
    Find {
        /// What was typed.
        text: String,
        /// Under these options.
        options: Vec<DeidOption>,
    },

    /// Read a table. Answer: [`Told::Table`].
    Table {
        /// The file.
        input: Input,
        /// The sheet of a workbook; else the first visible one that holds something.
        sheet: Option<String>,
    },
    /// Clean the table that was read. Answer: [`Told::Cleaned`].
    Clean(Box<CleanTable>),
    /// Rows before and after. Answer: [`Told::Rows`].
    Rows {
        /// The first, counted from zero.
        first: usize,
    },
    /// The cleaned table as CSV. Answer: [`Told::Done`] with a buffer.
    TableFile,
    /// The mapping as TOML. Answer: [`Told::Text`].
    WriteMapping(Box<Mapping>),
    /// The mapping from the first attachment. Answer: [`Told::Mapping`].
    ReadMapping,
    /// Forget the table. Answer: [`Told::Done`].
    CloseTable,
    /// Set the cleaned table aside to go with the contribution, or take it back from there.
    /// Answer: [`Told::Along`].
    TakeAlong(bool),
    /// Seal what was set aside and send it. Answer: [`Told::Sent`].
    SendTable {
        /// How to reach the server.
        line: Line,
        /// The contribution's identifier.
        contribution: String,
        /// The approval.
        approval: Approval,
    },
}

/// How a table is to be cleaned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CleanTable {
    /// What happens to each column.
    pub mapping: Mapping,
    /// The project's protocol.
    pub protocol: Protocol,
    /// The site key: the pseudonyms and dates are those of the images.
    pub key: [u8; 32],
    /// Cells that a person accepted: row and column.
    pub accepted: Vec<(u64, u32)>,
}

/// A desk's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// The protocol as a file, or why it is none.
    Checked(Result<Box<Sound>, Fault>),
    /// What becomes of the image.
    Compared(Box<Comparison>),
    /// What was read, or why nothing was.
    Read(Result<Box<Opened>, Fault>),
    /// Attributes, the likeliest first.
    Found(Vec<Known>),
    /// The table that was read, or why not.
    Table(Result<Box<TableInfo>, String>),
    /// What became of it, or why nothing did.
    Cleaned(Result<Box<TableView>, String>),
    /// Rows before and after.
    Rows(Vec<RowPair>),
    /// A text.
    Text(String),
    /// A mapping, or why it is none.
    Mapping(Result<Box<Mapping>, String>),
    /// The record of the table that goes along.
    Along(Option<Box<TableRecord>>),
    /// The server has the table, or why not.
    Sent(Result<(), (LineFault, String)>),
    /// Done.
    Done,
    /// It went wrong; a sentence without any value of a file.
    Sentence(String),
}

/// A protocol that this version can obey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sound {
    /// Its file.
    pub toml: String,
    /// Its digest.
    pub sha256: String,
    /// The names of the attributes that it speaks of.
    pub names: Vec<(Tag, String)>,
}

/// Why a protocol is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The field, such as `deid.options`; empty where it is the whole.
    pub field: String,
    /// Why, in the words of `crates/protocol`.
    pub sentence: String,
}

/// A protocol that was read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The protocol.
    pub protocol: Protocol,
    /// Where it was translated from a script: what became of that.
    pub script: Option<Script>,
}

/// What became of a script of RSNA CTP.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// How many rules the protocol carries out.
    pub carried: usize,
    /// How many were switched off in the script.
    pub disabled: usize,
    /// What is not as in the script: line, element, reason.
    pub not_carried: Vec<(u32, String, String)>,
}

/// An attribute of PS3.6 and what a protocol may ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The tag.
    pub tag: Tag,
    /// The name for people.
    pub name: String,
    /// The VR.
    pub vr: String,
    /// Every action, and why not where it may not be asked.
    pub actions: Vec<(AttributeAction, Option<String>)>,
}

/// A table as it was read. Holds cells: for the screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableInfo {
    /// The columns.
    pub columns: Vec<ColumnInfo>,
    /// Rows without the header.
    pub rows: u64,
    /// A first mapping, guessed.
    pub mapping: Mapping,
    /// The sheet of a workbook, and the others.
    pub sheet: Option<(String, Vec<String>)>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Hidden in the workbook: it stays behind.
    pub hidden: bool,
    /// Why it was guessed so.
    pub reason: String,
    /// The first cells that hold something.
    pub samples: Vec<String>,
    /// Its values and how often each stands there, where there are few.
    pub values: Vec<(String, usize)>,
}

/// A cleaned table for the screen. Holds cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableView {
    /// The verdict.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: Vec<TableFinding>,
    /// The risk of re-identification, where it was asked for.
    pub risk: Option<RiskReport>,
    /// How many rows belong to people who are alone in their class.
    pub alone: u64,
    /// Classes that are too small.
    pub rare: Vec<RareClass>,
    /// Cells that a person may accept.
    pub doubts: Vec<DoubtCell>,
    /// The columns of the input that leave, counted from 1.
    pub columns: Vec<u32>,
    /// The record of the check, without its lists of rows; none exactly when refused.
    pub record: Option<TableRecord>,
}

/// People who share a combination of values that too few have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RareClass {
    /// The values, in the order of the quasi-identifiers.
    pub values: Vec<String>,
    /// How many people.
    pub people: u64,
    /// Their rows in the input.
    pub rows: Vec<u64>,
}

/// A cell in which something was found that could be chance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtCell {
    /// The row in the input, counted from 1.
    pub row: u64,
    /// The column in the input, counted from 1.
    pub column: u32,
    /// Why, in words.
    pub why: String,
    /// The words, or the whole cell.
    pub words: Vec<String>,
    /// The cell as it came.
    pub cell: String,
}

/// One row before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPair {
    /// Its number in the input.
    pub number: u64,
    /// Its cells.
    pub before: Vec<String>,
    /// Its cells as they leave; `None` when it stays behind.
    pub after: Option<Vec<String>>,
}
