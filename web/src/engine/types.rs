//! What the engine tells the screens: plain values, cheap to copy.

use cordon_protocol::{CountersignedReceipt, wire::ProjectInfo};

use crate::looks::Choice;

/// Where to send, and with which invitation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The server's origin; empty for the page's own.
    pub server: String,
    /// The project's short name.
    pub project: String,
    /// The invitation: a bearer token. Only ever put into an `Authorization` header.
    pub token: String,
    /// Which processor the networks may use.
    pub processor: Choice,
}

/// One decoded frame for the canvas.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameData {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// How many frames the object has.
    pub frames: u32,
    /// The pixels.
    pub pixels: Pixels,
    /// Height of a pixel over its width.
    pub aspect: f64,
}

/// A frame's pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Pixels {
    /// One value per pixel: window and level are up to the screen.
    Gray {
        /// Modality units, row by row.
        values: Vec<f32>,
        /// Window centre to begin with.
        center: f64,
        /// Window width to begin with.
        width: f64,
        /// Whether low values are bright (MONOCHROME1).
        invert: bool,
        /// The unit, for people; empty where unknown.
        unit: String,
    },
    /// Red, green, blue, opacity.
    Rgba(Vec<u8>),
}

/// Which of the two pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Side {
    /// As it came.
    Before,
    /// As it leaves.
    After,
}

/// Everything around the contribution that a screen shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// The server.
    pub server: ServerState,
    /// The site key.
    pub key: KeyState,
    /// The browser's own file system.
    pub storage: StorageState,
    /// How fast it goes.
    pub rate: Rate,
    /// How many workers clean.
    pub workers: u32,
    /// What computes, for people.
    pub device: String,
    /// The version of Cordon.
    pub version: &'static str,
    /// What a person should know now.
    pub notices: Vec<Notice>,
    /// Whether the browser has a line.
    pub online: bool,
}

/// The server as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub enum ServerState {
    /// Asked, no answer yet.
    Connecting,
    /// The project and its protocol.
    Ready(Box<ProjectInfo>),
    /// Nothing can be sent.
    Failed {
        /// A stable code: `unknown-server`, `no-token`, `token-expired`, `protocol-changed`,
        /// `protocol-not-supported`, `clock-wrong`, `version`.
        code: String,
        /// What it means and what to do.
        sentence: String,
    },
}

/// The site key as far as the screens may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Being looked for.
    Loading,
    /// There is none.
    Missing,
    /// There is one.
    Ready {
        /// When it was made: RFC 3339.
        made_at: String,
        /// When it was last backed up: RFC 3339.
        backed_up_at: Option<String>,
        /// A short name that says nothing about the key.
        fingerprint: String,
    },
    /// It cannot be kept, and why.
    Unavailable(String),
}

/// The browser's own file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageState {
    /// Being tried.
    Checking,
    /// The browser promised to keep it.
    Persistent {
        /// Bytes left.
        free_bytes: u64,
    },
    /// The browser may clear it when space runs out.
    BestEffort {
        /// Bytes left.
        free_bytes: u64,
    },
    /// There is none: the work is kept in memory and ends with the tab.
    Unavailable(String),
    /// No space is left.
    Full,
}

/// How fast it goes, over the last seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rate {
    /// Files judged per second.
    pub files_per_s: f64,
    /// Bytes judged per second.
    pub bytes_per_s: f64,
    /// Bytes taken in by the server per second.
    pub send_bytes_per_s: f64,
    /// Time left for what is going on now.
    pub seconds_left: Option<f64>,
    /// How often a request was repeated.
    pub retries: u64,
}

/// Something that a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A stable code.
    pub code: &'static str,
    /// What it means and what to do.
    pub sentence: String,
}

/// The receipt, verified here.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptView {
    /// What the server signed.
    pub receipt: CountersignedReceipt,
    /// The file to save.
    pub json: String,
    /// Whether the signature verifies under the project's key.
    pub verified: bool,
    /// The server's key in its short form.
    pub fingerprint: String,
}

/// A contribution that an earlier tab began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resumable {
    /// Objects that were cleaned and staged.
    pub staged: u64,
    /// Objects that the server has.
    pub sent: u64,
    /// Whether a person had approved it.
    pub approved: bool,
}
