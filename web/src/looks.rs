//! What the page asks the networks' worker: to look at the pixels of a series.
//!
//! The worker reads the files itself, keeps a coarse copy of a volume at most, and gives
//! back what is to be done to the pixels of each file. It stages and sends nothing.

use cordon_contribute::{FaceEvidence, TextEvidence};
use cordon_deface::Air;
use cordon_protocol::{Code, Protocol, Severity};
use cordon_text::TextBox;
use serde::{Deserialize, Serialize};

use crate::messages::Input;

/// The starting script of the networks' worker.
pub const SCRIPT: &str = "nets-boot.js";

/// Which processor may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// The graphics processor where there is one that is not made of software: the plain one does
    /// the same work in a third of the time.
    #[default]
    Any,
    /// The graphics processor where there is one, whatever it is made of.
    Gpu,
    /// The plain one, whatever else there is.
    Cpu,
}

impl Choice {
    /// From a word of the person who embeds or opens the page; what is no such word chooses nothing.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "gpu" => Self::Gpu,
            "cpu" => Self::Cpu,
            _ => Self::Any,
        }
    }
}

/// The processor that networks run on here, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processor {
    /// `GPU` or `CPU`.
    pub name: String,
    /// Why it is not the graphics processor; empty when it is.
    pub why: String,
}

/// A question to the networks' worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Open a processor and load the networks. Answer: [`Told::Opened`].
    Open(Choice),
    /// Files of the series that is looked at next, in the order of its slices. They may come in
    /// several messages. Answer: [`Told::Done`].
    Files(Vec<Input>),
    /// Forget the files that were given. Answer: [`Told::Done`].
    Forget,
    /// Look at the files that were given. Answer: [`Told::Looked`], with the cut as JSON in the
    /// first buffer and pictures of the head in the second and third.
    Look(Box<Job>),
    /// How long each stage takes on the processor that is open, how much memory the module
    /// holds, and how far the result is from the CPU's. Answer: [`Told::Measured`].
    Measure,
}

/// What is to be looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wants {
    /// Text in the pixels.
    pub text: bool,
    /// A face in the volume.
    pub face: bool,
    /// Whether the series is whole and its images are any good.
    pub quality: bool,
}

impl Wants {
    /// Whether anything is.
    #[must_use]
    pub fn any(self) -> bool {
        self.text || self.face || self.quality
    }

    /// What either of the two asks for.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            text: self.text || other.text,
            face: self.face || other.face,
            quality: self.quality || other.quality,
        }
    }
}

/// One series to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What for.
    pub wants: Wants,
    /// The limits that hold.
    pub protocol: Box<Protocol>,
    /// Makes the rough side of a cut: derived from the site key, so that nobody else can make it
    /// again, and every tab of the clinic makes the same.
    pub seed: u64,
    /// Which buffer holds, as JSON, what is taken off another series of the same frame of
    /// reference, and what is known of it; it goes here too.
    pub lent: Option<(u32, Lent)>,
}

/// What is taken off the volumes of a study, for the objects that lie in the same frame of
/// reference without being volumes of the head themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lent {
    /// Frame of Reference UID (0020,0052).
    pub frame: String,
    /// What the verifier said of the volume that the cut was made for.
    pub face: FaceEvidence,
}

/// What a look is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Busy {
    /// Module, processor and weights.
    Loading,
    /// Quality.
    Quality,
    /// Text.
    Text,
    /// Bringing the slices of a head together.
    Reading,
    /// Finding the face, taking it off, proving it.
    Face,
}

/// How far a look is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// With what.
    pub busy: Busy,
    /// Steps that are done.
    pub done: u32,
    /// Of so many.
    pub of: u32,
}

/// What was found in one file. The cut and the quality are of the whole series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileLook {
    /// Boxes with text, frame by frame.
    pub boxes: Vec<TextBox>,
    /// Text that stays, because the protocol keeps what it says.
    pub kept: Vec<TextBox>,
    /// What is known about text; `None` where nobody could look.
    pub text: Option<TextEvidence>,
    /// Whether the cut is to be made in this file.
    pub cut: bool,
    /// How air looks in this file's series, where a face is taken off.
    pub air: Option<Air>,
    /// What is known about a face; `None` where nobody could look.
    pub face: Option<FaceEvidence>,
}

/// What a person says after seeing the turning head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaceWord {
    /// What was taken off is enough: no face can be recognised any more.
    Off,
    /// There was no face that can be recognised: the series leaves as it came.
    Never,
}

/// What the verifier says about a head.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FaceLook {
    /// Whether there is a head.
    pub head: bool,
    /// `present`, `absent` or `unsure`, as it came.
    pub before: String,
    /// The same for what leaves.
    pub after: String,
    /// What the verifier measured: a name for people, a value, a unit.
    pub measures: Vec<Measure>,
    /// Whether there is something to take off.
    pub cut: bool,
    /// How many directions the pictures show, and their edge in pixels; nought without pictures.
    pub directions: u32,
    /// Columns and rows of each picture.
    pub side: u32,
    /// Whether only what was found in another series of the same frame of reference is taken off
    /// here.
    pub lent: bool,
    /// Why nobody could look; empty when somebody did.
    pub why_not: String,
}

/// A number with its name and unit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Its unit; empty for ratios.
    pub unit: String,
    /// The limits of the protocol: least and most.
    pub limits: [Option<f64>; 2],
}

/// One thing that the screening noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Noticed {
    /// A stable code.
    pub code: Code,
    /// How much it weighs in this project.
    pub weight: Severity,
    /// What it means and what to do.
    pub sentence: String,
}

/// What the screening says about a series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QualityLook {
    /// What was noticed.
    pub noticed: Vec<Noticed>,
    /// What was measured.
    pub metrics: Vec<Measure>,
    /// What the learned screen says: kind and probability.
    pub damage: Vec<(String, f64)>,
    /// The report as a file that can travel with the data: no value of a header in it.
    pub json: String,
}

/// What a look at a series gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    /// One for each file.
    pub files: Vec<FileLook>,
    /// The face, where one was looked for.
    pub face: Option<FaceLook>,
    /// The quality, where it was asked for.
    pub quality: Option<QualityLook>,
    /// What could not be done, in sentences for people.
    pub trouble: Vec<String>,
    /// Where the networks ran.
    pub processor: Option<Processor>,
    /// What took how long.
    pub stages: Vec<Stage>,
}

/// One stage that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// What was done.
    pub name: String,
    /// The time it took, in milliseconds.
    pub millis: f64,
}

/// What measuring gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Where it ran.
    pub processor: Processor,
    /// The stages in their order.
    pub stages: Vec<Stage>,
    /// The largest difference from the CPU's probabilities.
    pub difference: f64,
    /// Memory that the module holds, in bytes; graphics memory is not in it.
    pub memory: f64,
}

/// An answer of the networks' worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// The processor that is used.
    Opened(Processor),
    /// Done.
    Done,
    /// What was found.
    Looked(Box<Looked>),
    /// Times and agreement.
    Measured(Measured),
    /// It went wrong; a sentence for people without any value of a file.
    Sentence(String),
}
