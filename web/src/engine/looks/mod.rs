//! Looks: series whose pixels somebody must see go to the networks' worker, one after the other.
//!
//! Its worker is started when the first series needs it. What it finds lives in the memory of
//! this tab: the files are cleaned anew with it, and what was done stands in their records, which
//! the journal keeps. A tab that closes before has staged what was held, and held it stays.

mod queue;
mod said;
mod take;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use cordon_contribute::{FaceEvidence, FileId, LookedBy, PixelWork, TextEvidence};
use cordon_deface::Face;
use cordon_protocol::{Code, Finding};
use cordon_text::TextBox;
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::Engine;
use crate::looks::{
    Choice, FaceLook, FaceWord, FileLook, Lent, Processor, Progress, QualityLook, Wants,
};
use crate::messages::Work;

/// How far the look at a series is.
#[derive(Debug, Clone, PartialEq)]
pub enum LookState {
    /// Other series come first.
    Waiting,
    /// At it.
    Running(Option<Progress>),
    /// Looked at.
    Done,
    /// Nobody could look, and why.
    Failed(String),
    /// A person stopped it.
    Stopped,
}

impl LookState {
    /// Whether something is still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running(_))
    }
}

/// A head from all around, before and after. For the person's own screen: never kept or sent.
#[derive(Clone, PartialEq)]
pub struct Turning {
    /// How many directions there are.
    pub directions: u32,
    /// Columns and rows of each picture.
    pub side: u32,
    /// As it came: grey values, picture after picture.
    pub before: Vec<u8>,
    /// As it leaves; empty when nothing was taken off.
    pub after: Vec<u8>,
}

/// Without the pictures.
impl std::fmt::Debug for Turning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Turning({} directions)", self.directions)
    }
}

/// The look at one series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesLook {
    /// Its files, in the order of its slices.
    pub files: Rc<Vec<FileId>>,
    /// What for.
    pub wants: Wants,
    /// How far it is.
    pub state: LookState,
    /// What the verifier says.
    pub face: Option<FaceLook>,
    /// What a person says, who saw it from all around.
    pub said: Option<FaceWord>,
    /// What it looks like from all around.
    pub turning: Option<Rc<Turning>>,
    /// What the screening says.
    pub quality: Option<Rc<QualityLook>>,
}

/// Everything about looks that a screen shows at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LooksNow {
    /// Series that wait or are being looked at.
    pub open: usize,
    /// All series that need a look.
    pub all: usize,
    /// Series that nobody could look at, or that a person stopped.
    pub failed: usize,
    /// Why the first of them was not looked at.
    pub why: String,
    /// How far the one at hand is.
    pub progress: Option<Progress>,
    /// Where the networks run, once known.
    pub processor: Option<Processor>,
    /// Grows with every change.
    pub revision: u64,
}

/// The boxes of one file, with what a person said about them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boxes {
    /// As found.
    pub found: Vec<TextBox>,
    /// As they are blacked out.
    pub now: Vec<TextBox>,
    /// What stays, because the protocol keeps what it says.
    pub kept: Vec<TextBox>,
}

/// What was found in one file.
#[derive(Default)]
struct Found {
    look: FileLook,
    boxes: Boxes,
}

/// A study and a frame of reference (0020,0052): what is taken off one series of it goes in all of
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    study: String,
    frame: String,
}

/// All that is known of looks.
#[derive(Default)]
pub(crate) struct Looks {
    all: Vec<SeriesLook>,
    of_file: HashMap<FileId, usize>,
    /// Files of which it is known whether they need a look.
    judged: Vec<bool>,
    waiting: VecDeque<usize>,
    /// Where each series lies, when all its slices lie in one place.
    places: HashMap<usize, Place>,
    found: HashMap<FileId, Found>,
    /// The cut of each series, as JSON, with a number that no other cut has.
    cuts: HashMap<usize, (u32, JsValue)>,
    /// How many cuts there were.
    made: u32,
    /// How often what is to be done to a file's pixels has changed, and what it was when the
    /// file was handed out last.
    versions: HashMap<FileId, u32>,
    given: HashMap<FileId, u32>,
    processor: Option<Processor>,
    /// Which processor may be used: the plain one after the networks' worker failed on the other.
    choice: Choice,
    revision: u64,
}

impl Looks {
    /// Nothing looked at yet, and on which processor it will be.
    pub(crate) fn on(choice: Choice) -> Self {
        Self {
            choice,
            ..Self::default()
        }
    }

    /// Where the networks run, for people; the plain processor as long as nobody knows.
    pub(crate) fn device(&self) -> String {
        self.processor
            .as_ref()
            .map_or_else(|| "CPU".to_owned(), |p| p.name.clone())
    }

    /// Series that wait or are being looked at.
    pub(crate) fn open(&self) -> usize {
        self.all.iter().filter(|l| l.state.is_open()).count()
    }

    /// What is taken off another series of the same place, found in that series itself.
    fn lent(&self, index: usize) -> Option<(JsValue, Lent)> {
        let place = self.places.get(&index)?;
        let lends = |look: &SeriesLook| look.face.as_ref().is_some_and(|f| f.cut && !f.lent);
        // A series that was dropped again with more files is another one now.
        let current = |i: usize, look: &SeriesLook| {
            look.files.first().and_then(|id| self.of_file.get(id)) == Some(&i)
        };
        let others = self.all.iter().enumerate().filter(|(i, look)| {
            let same = *i != index && self.places.get(i) == Some(place);
            same && lends(look) && current(*i, look)
        });
        others
            .filter_map(|(i, look)| {
                let mut found = look.files.iter().filter_map(|id| self.found.get(id));
                let lent = Lent {
                    frame: place.frame.clone(),
                    face: found.find_map(|f| f.look.face.clone())?,
                };
                Some((self.cuts.get(&i)?.1.clone(), lent))
            })
            .next()
    }

    /// After a series got a cut of its own: what lies in the same place and was looked at before
    /// it, without finding anything to take off, is looked at once more.
    fn lend(&mut self, index: usize) {
        let own = |look: &SeriesLook| look.face.as_ref().is_some_and(|f| f.cut && !f.lent);
        if !self.all.get(index).is_some_and(own) {
            return;
        }
        let place = self.places.get(&index).cloned();
        for (i, look) in self.all.iter_mut().enumerate() {
            let same = i != index && place.is_some() && self.places.get(&i) == place.as_ref();
            let bare = look.wants.face && look.face.as_ref().is_none_or(|f| !f.cut);
            if same && bare && look.state == LookState::Done {
                look.state = LookState::Waiting;
                self.waiting.push_back(i);
            }
        }
    }

    fn set(&mut self, index: usize, state: LookState) {
        if let Some(look) = self.all.get_mut(index) {
            look.state = state;
            self.revision += 1;
        }
    }

    /// Whether a file was cleaned for what is to be done no more.
    pub(crate) fn is_stale(&self, id: FileId) -> bool {
        self.versions.get(&id) != self.given.get(&id)
    }

    /// What is to be done to the pixels of a file.
    fn work(&self, id: FileId, epoch: u32, attachments: &Array) -> Option<Work> {
        let found = self.found.get(&id)?;
        // A person may draw boxes in a series that needs no look.
        let index = self.of_file.get(&id).copied();
        let look = index.and_then(|index| self.all.get(index));
        let quality = look.and_then(|l| l.quality.as_ref()).map(|q| {
            let codes: BTreeSet<Code> = q.noticed.iter().map(|n| n.code).collect();
            codes.into_iter().map(Finding::new).collect()
        });
        let never = look.is_some_and(|l| l.said == Some(FaceWord::Never));
        let cut = index.and_then(|index| self.cuts.get(&index));
        let cut = cut.filter(|_| found.look.cut && !never);
        Some(Work {
            work: PixelWork {
                boxes: found.boxes.now.clone(),
                cut: None,
                air: found.look.air.filter(|_| !never),
                text: found.evidence(),
                face: found.look.face.clone().map(|seen| match look {
                    Some(look) => look.judged(seen),
                    None => seen,
                }),
                quality: quality.unwrap_or_default(),
            },
            cut: cut.map(|(number, cut)| {
                let number = (epoch << 16) | (number & 0xFFFF);
                (number, attachments.push(cut) - 1)
            }),
        })
    }
}

impl SeriesLook {
    /// What is known about a face after a person's say.
    fn judged(&self, seen: FaceEvidence) -> FaceEvidence {
        let Some(said) = self.said else { return seen };
        FaceEvidence {
            before: match said {
                FaceWord::Off => Face::Present,
                FaceWord::Never => Face::Absent,
            },
            after: Face::Absent,
            by: LookedBy::Person,
            ..seen
        }
    }
}

impl Found {
    /// What is known about text after a person's say: what was found and is blacked out no more
    /// is left, and the file is held for it.
    fn evidence(&self) -> Option<TextEvidence> {
        let seen = self.look.text.clone();
        if self.boxes.now == self.boxes.found {
            return seen;
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        // Who changes a box says something about that box, not about the whole object.
        let covered = |b: &&TextBox| self.boxes.now.iter().any(|n| covers(n, b));
        let left = self.boxes.found.iter().filter(|b| !covered(b)).count();
        let black = self.boxes.now.len();
        let stay = self.boxes.kept.iter().filter(|b| !covered(b)).count();
        let seen = seen.unwrap_or(TextEvidence {
            looked: false,
            found: 0,
            blacked_out: 0,
            still_there: false,
            kept: 0,
            by: LookedBy::Person,
        });
        Some(TextEvidence {
            found: count(black + left),
            blacked_out: count(black),
            kept: count(stay),
            ..seen
        })
    }
}

/// Whether one box lies over all of another.
fn covers(over: &TextBox, under: &TextBox) -> bool {
    if over.frame != under.frame {
        return false;
    }
    let shared = |a: u32, la: u32, b: u32, lb: u32| {
        let end = (u64::from(a) + u64::from(la)).min(u64::from(b) + u64::from(lb));
        end.saturating_sub(u64::from(a.max(b)))
    };
    let both = shared(over.x, over.width, under.x, under.width)
        * shared(over.y, over.height, under.y, under.height);
    both >= u64::from(under.width) * u64::from(under.height)
}

impl Engine {
    /// Everything about looks at once.
    #[must_use]
    pub fn looks(&self) -> LooksNow {
        let state = self.inner.state.borrow();
        let looks = &state.looks;
        let progress = looks.all.iter().find_map(|l| match &l.state {
            LookState::Running(progress) => *progress,
            _ => None,
        });
        let why = looks.all.iter().filter_map(|l| match &l.state {
            LookState::Failed(why) => Some(why.as_str()),
            LookState::Stopped => Some(""),
            _ => None,
        });
        LooksNow {
            failed: why.clone().count(),
            why: why.clone().next().unwrap_or_default().to_owned(),
            open: looks.open(),
            all: looks.all.len(),
            progress,
            processor: looks.processor.clone(),
            revision: looks.revision,
        }
    }

    /// The look at the series of a file, if it needs one.
    #[must_use]
    pub fn look(&self, id: FileId) -> Option<SeriesLook> {
        let state = self.inner.state.borrow();
        let index = *state.looks.of_file.get(&id)?;
        state.looks.all.get(index).cloned()
    }

    /// The boxes of a file.
    #[must_use]
    pub fn boxes(&self, id: FileId) -> Option<Boxes> {
        let state = self.inner.state.borrow();
        state.looks.found.get(&id).map(|f| f.boxes.clone())
    }

    /// Stops looking: what has not been looked at stays held.
    pub fn stop_looks(&self) {
        self.inner.stop_looks();
    }

    /// Looks once more at everything that nobody could look at.
    pub fn look_again_at_all(&self) {
        self.inner.look_again_at_all();
    }

    /// Looks at the series of a file once more.
    pub fn look_again(&self, id: FileId) {
        self.inner.look_again(id);
    }
}
