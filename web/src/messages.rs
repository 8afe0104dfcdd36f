//! What the main thread and its workers say to each other.
//!
//! A message is a JavaScript array `[number, json, attachments]`: the number ties an
//! answer to its question, the JSON is a [`Request`] or an [`Answer`], and the
//! attachments are files, blobs and buffers that travel as handles, without a copy.

use cordon_contribute::{
    AttributeRow, CheckRecord, CleanSummary, Excerpt, HeldWord, Inventory, PixelWork, WordDecisions,
};
use cordon_protocol::wire::{CloseRequest, ProjectInfo};
use cordon_protocol::{Approval, Protocol};
use serde::{Deserialize, Serialize};

use crate::{desk, looks};

/// Stands in the place of a question's number when a worker tells how far it is.
pub const PROGRESS: &str = "progress";

/// A file of up to this size is read, listed and cleaned at once.
pub const SMALL_BYTES: u64 = 1 << 20;

/// Where the bytes of an input are; files stand among the attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// A file.
    File {
        /// Its place among the attachments.
        attachment: usize,
    },
    /// An entry of a ZIP.
    Zip {
        /// The ZIP's place among the attachments.
        attachment: usize,
        /// The ZIP's number, under which a worker remembers its directory.
        zip: u32,
        /// The entry's number.
        entry: usize,
        /// The entry's size.
        size: u64,
    },
}

/// Where a staged object is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the origin-private file system.
    Segment {
        /// The segment's file name.
        name: String,
        /// Offset of the object.
        offset: u64,
    },
    /// In memory: a blob among the attachments.
    Blob {
        /// Its place among the attachments.
        attachment: usize,
    },
}

/// A staged object with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// The record of the last check.
    pub record: CheckRecord,
    /// Where the bytes are.
    pub place: Place,
}

/// How to reach the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The server's origin.
    pub server: String,
    /// The project.
    pub project: String,
    /// The bearer token.
    pub token: String,
}

/// What a picture is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// The object as it came.
    Original(Input),
    /// The object as it leaves.
    Staged(Box<Staged>),
}

/// What a person said about doubtful words, and how often it changed. Goes to the workers of
/// this tab and nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordRules {
    /// What was said.
    pub decisions: WordDecisions,
    /// Grows with every change.
    pub round: u32,
}

/// What is to be done to the pixels of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Boxes and evidence; without the cut.
    pub work: PixelWork,
    /// The cut's number, under which a worker remembers it, and its place among the attachments,
    /// as JSON.
    pub cut: Option<(u32, u32)>,
}

/// What a worker is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// The rules, the key and the folder to stage in.
    Configure {
        /// The protocol.
        protocol: Box<Protocol>,
        /// The site key.
        key: [u8; 32],
        /// The folder in the origin-private file system; `None` to stage in memory.
        folder: Option<String>,
        /// What the person said about doubtful words.
        words: WordRules,
    },
    /// The person decided on words: what is cleaned from now on obeys. Answer: [`Answer::Done`].
    Words(WordRules),
    /// The texts in which words stand. Answer: [`Answer::Excerpts`].
    Excerpts {
        /// The file.
        input: Input,
        /// The words and their places.
        words: Vec<HeldWord>,
    },
    /// Read heads, and clean small files at once. Answer: [`Answer::Taken`].
    Read(Vec<Input>),
    /// Read and clean made-up images, so that real ones are read quickly. Answer: [`Answer::Taken`].
    Warm,
    /// List a ZIP. Answer: [`Answer::Entries`].
    List {
        /// The ZIP's number.
        zip: u32,
    },
    /// Clean and stage. Answer: [`Answer::Cleaned`].
    Clean {
        /// The files.
        inputs: Vec<Input>,
        /// What is to be done to the pixels of each, once somebody looked.
        works: Vec<Option<Work>>,
    },
    /// Close the open segment, so that every worker can read it. Answer: [`Answer::Done`].
    CloseSegment,
    /// Reopen, seal and send. Answer: [`Answer::Stored`] or [`Answer::LineFailed`].
    Send {
        /// How to reach the server.
        line: Line,
        /// The contribution's identifier.
        contribution: String,
        /// The approval.
        approval: Approval,
        /// What to send.
        objects: Vec<Staged>,
    },
    /// A small picture. Answer: [`Answer::Done`] with a blob.
    Thumbnail(Picture),
    /// A frame. Answer: [`Answer::Frame`] with a buffer.
    Frame {
        /// Of what.
        picture: Picture,
        /// Which, counted from zero.
        frame: u32,
    },
    /// All attributes before and after. Answer: [`Answer::Header`].
    Header(Input),
    /// What a desk asks. Answer: [`Answer::Desk`].
    Desk(Box<desk::Ask>),
    /// What the networks' worker is asked. Answer: [`Answer::Looks`].
    Looks(Box<looks::Ask>),

    /// Take a free slot and read what an earlier tab left. Answer: [`Answer::Opened`].
    Open {
        /// A digest of server and project.
        scope: String,
    },
    /// Append lines to the journal. Answer: [`Answer::Done`].
    Append {
        /// The lines.
        lines: Vec<String>,
        /// Whether they must be on the disk before the answer.
        flush: bool,
    },
    /// Bring to the disk what is staged, or the journal. Answer: [`Answer::Done`].
    Flush,
    /// Delete what is staged. Answer: [`Answer::Done`].
    DropStaged,
    /// Delete everything of this contribution. Answer: [`Answer::Done`].
    Discard,
    /// Keep the receipt until the contribution is put away. Answer: [`Answer::Done`].
    KeepReceipt(String),
    /// Verify a receipt. Answer: [`Answer::Verified`].
    Verify {
        /// The receipt's JSON.
        json: String,
        /// The key that the server published, base64.
        key: String,
    },
    /// Make a key if there is none. Answer: [`Answer::Key`].
    MakeKey {
        /// The time: RFC 3339.
        now: String,
    },
    /// The key under a passphrase. Answer: [`Answer::Key`] with a buffer.
    ExportKey {
        /// The passphrase.
        passphrase: String,
        /// The time: RFC 3339.
        now: String,
    },
    /// Take a key from the file among the attachments. Answer: [`Answer::Key`].
    ImportKey {
        /// The passphrase.
        passphrase: String,
        /// The time: RFC 3339.
        now: String,
    },
    /// Encrypt a text under a passphrase. Answer: [`Answer::Done`] with a buffer.
    Encrypt {
        /// The text.
        text: String,
        /// The passphrase.
        passphrase: String,
    },
    /// Ask for the project. Answer: [`Answer::Project`] or [`Answer::LineFailed`].
    Project(Line),
    /// Close the contribution. Answer: [`Answer::Receipt`] or [`Answer::LineFailed`].
    Close {
        /// How to reach the server.
        line: Line,
        /// The contribution's identifier.
        contribution: String,
        /// What to close it with.
        request: Box<CloseRequest>,
    },
}

/// The site key with its story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    /// The key's 32 bytes in hexadecimal.
    pub key: String,
    /// When it was made: RFC 3339.
    pub made_at: String,
    /// When it was last backed up: RFC 3339.
    pub backed_up_at: Option<String>,
    /// Its short name.
    pub fingerprint: String,
}

/// What an earlier tab left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The folder to stage in; `None` when there is no origin-private file system.
    pub folder: Option<String>,
    /// Why there is none.
    pub why_not: String,
    /// Whether another tab works for the same project.
    pub other_tab: bool,
    /// The journal, line by line.
    pub journal: Vec<String>,
    /// Segments and their sizes.
    pub segments: Vec<(String, u64)>,
    /// The receipt, if one was kept.
    pub receipt: Option<String>,
    /// The site key, if there is one.
    pub key: Option<KeyFile>,
}

/// A ZIP's entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZipEntry {
    /// Its number.
    pub entry: usize,
    /// Its path; local.
    pub name: String,
    /// Its size when unpacked, as the ZIP says.
    pub size: u64,
}

/// What became of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// The server has it.
    Stored,
    /// It was not taken in.
    Failed {
        /// Why, for people.
        reason: String,
        /// Whether to try again without asking a person.
        again: bool,
    },
}

/// Why a whole request came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineFault {
    /// No answer, or the server cannot at the moment: worth trying again.
    Later,
    /// The token is missing, unknown, expired or for something else.
    Token,
    /// The request is too large.
    TooLarge,
    /// The project's protocol is another one now.
    ProtocolChanged,
    /// What was sent before is not there any more.
    Missing,
    /// This build cannot do what the server asks.
    NotSupported,
    /// Anything else.
    Refused,
}

/// What happened to one file that was to be cleaned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CleanedFile {
    /// The verdict and everything else that the contribution wants.
    pub summary: CleanSummary,
    /// Where the result was staged.
    pub place: Option<Place>,
    /// Its doubtful words. They stay in this tab: no record, journal or request takes them.
    pub words: Vec<HeldWord>,
    /// The round of [`WordRules`] under which it was cleaned.
    pub round: u32,
}

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenFile {
    /// Its length in bytes.
    pub size: u64,
    /// Its line in the inventory.
    pub inventory: Inventory,
    /// A small file is cleaned in the same breath.
    pub cleaned: Option<CleanedFile>,
}

/// A frame without its pixels, which are in the buffer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameMeta {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Frames in the object.
    pub frames: u32,
    /// Height of a pixel over its width.
    pub aspect: f64,
    /// Window centre, window width, inverted, unit; `None` when the buffer is RGBA.
    pub gray: Option<(f64, f64, bool, String)>,
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Done.
    Done,
    /// It went wrong; a sentence for people without any value of a file.
    Sentence(String),
    /// One for each file, and whether the disk was full.
    Taken {
        /// The files.
        files: Vec<TakenFile>,
        /// The browser gave no more space: what is missing there is in memory.
        full: bool,
    },
    /// The files of a ZIP.
    Entries(Vec<ZipEntry>),
    /// One for each file, and whether the disk was full.
    Cleaned {
        /// The files.
        files: Vec<CleanedFile>,
        /// The browser gave no more space: what is missing there is in memory.
        full: bool,
    },
    /// One for each object.
    Stored(Vec<Fate>),
    /// The request as a whole failed.
    LineFailed {
        /// What kind of failure.
        fault: LineFault,
        /// The server's code, if it gave one.
        code: String,
        /// For people.
        sentence: String,
    },
    /// A frame; its pixels are attached.
    Frame(FrameMeta),
    /// Words in their texts.
    Excerpts(Vec<Excerpt>),
    /// All attributes.
    Header(Vec<AttributeRow>),
    /// What a desk is told.
    Desk(Box<desk::Told>),
    /// What the networks' worker says.
    Looks(Box<looks::Told>),
    /// What an earlier tab left.
    Opened(Box<Opened>),
    /// The key.
    Key(KeyFile),
    /// The project.
    Project(Box<ProjectInfo>),
    /// The receipt's JSON.
    Receipt(String),
    /// Whether the receipt is good, and why not.
    Verified(Result<(), String>),
}
