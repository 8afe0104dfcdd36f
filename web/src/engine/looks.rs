//! Looks: series whose pixels somebody must see go to the networks' worker, one after the other.
//!
//! Its worker is started when the first series needs it. What it finds lives in the memory of
//! this tab: the files are cleaned anew with it, and what was done stands in their records, which
//! the journal keeps. A tab that closes before has staged what was held, and held it stays.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use cordon_contribute::{
    FaceEvidence, FileId, FileState, LookedBy, Phase, PixelWork, SiteKey, TEXT_READY, TextEvidence,
    cut_seed, open_questions,
};
use cordon_deface::Face;
use cordon_protocol::{Code, Finding, Protocol, Severity};
use cordon_text::TextBox;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Engine;
use super::core::Inner;
use super::link::Link;
use super::types::ServerState;
use crate::looks::{
    Ask, Choice, FaceLook, FaceWord, FileLook, Job, Looked, Processor, Progress, QualityLook,
    SCRIPT, Told, Wants,
};
use crate::messages::{Answer, Request, Work};

/// Files that are handed over in one message.
const AT_A_TIME: usize = 64;

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
}

/// What was found in one file.
#[derive(Default)]
struct Found {
    look: FileLook,
    boxes: Boxes,
}

/// All that is known of looks.
#[derive(Default)]
pub(crate) struct Looks {
    all: Vec<SeriesLook>,
    of_file: HashMap<FileId, usize>,
    /// Files of which it is known whether they need a look.
    judged: Vec<bool>,
    waiting: VecDeque<usize>,
    found: HashMap<FileId, Found>,
    /// The cut of each series, as JSON.
    cuts: HashMap<usize, JsValue>,
    /// How often what is to be done to a file's pixels has changed, and what it was when the
    /// file was handed out last.
    versions: HashMap<FileId, u32>,
    given: HashMap<FileId, u32>,
    processor: Option<Processor>,
    /// The networks' worker failed on the graphics processor: it is not tried again.
    no_gpu: bool,
    revision: u64,
}

impl Looks {
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
        let index = index.and_then(|index| u32::try_from(index).ok());
        let number = (epoch << 16) | index.unwrap_or(0xFFFF);
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
            cut: cut.map(|cut| (number, attachments.push(cut) - 1)),
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
        let covered = |b: &&TextBox| self.boxes.now.iter().any(|n| covers(n, b));
        let left = self.boxes.found.iter().filter(|b| !covered(b)).count();
        let kept = self.boxes.now.len();
        let seen = seen.unwrap_or(TextEvidence {
            looked: false,
            found: 0,
            blacked_out: 0,
            still_there: false,
            by: LookedBy::Person,
        });
        Some(TextEvidence {
            found: count(kept + left),
            blacked_out: count(kept),
            by: LookedBy::Person,
            ..seen
        })
    }
}

/// Whether one box lies over most of another.
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
    both * 10 >= u64::from(under.width) * u64::from(under.height) * 9
}

/// What has to be looked for in a file, by what was noticed in its head. The worker looks at
/// each header again and asks what the cleaner will ask.
fn wants(file: &FileState, protocol: &Protocol) -> Wants {
    let Some(entry) = file.entry.as_ref().filter(|e| e.frames > 0 && e.rows > 0) else {
        return Wants::default();
    };
    if file.phase != Phase::Checked {
        return Wants::default();
    }
    let asked = open_questions(file.findings.iter().chain(&entry.findings), protocol);
    let text = asked.text && TEXT_READY;
    Wants {
        text,
        face: asked.face,
        quality: asked.face || text || protocol.quality.is_screened(),
    }
}

impl Inner {
    /// Looks at what needs it, once nothing is read or cleaned any more.
    pub(crate) fn queue_looks(self: &Rc<Self>) {
        if self.queued_looks() {
            self.run_looks();
        }
    }

    /// Puts series that need a look into the queue; says whether there were any.
    fn queued_looks(&self) -> bool {
        if self.pool.iter().any(|l| l.busy.get() > 0) {
            return false;
        }
        let contribution = self.contribution.borrow();
        if contribution.approval().is_some() || contribution.is_paused() {
            return false;
        }
        let files = contribution.files();
        let busy = |f: &FileState| {
            matches!(
                f.phase,
                Phase::Found | Phase::Reading | Phase::Listed | Phase::Cleaning
            )
        };
        if files.iter().any(busy) {
            return false;
        }
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let ServerState::Ready(info) = &state.server else {
            return false;
        };
        // Each file is judged once, when it has its first verdict.
        let looks = &mut state.looks;
        looks.judged.resize(files.len(), false);
        let mut series: BTreeMap<(&str, &str), Wants> = BTreeMap::new();
        for (file, judged) in files.iter().zip(&mut looks.judged) {
            let Some(entry) = file.entry.as_ref().filter(|_| file.phase == Phase::Checked) else {
                continue;
            };
            if std::mem::replace(judged, true) {
                continue;
            }
            let wants = wants(file, &info.protocol);
            if wants.any() {
                let of = (entry.study_uid.as_str(), entry.series_uid.as_str());
                let all = series.entry(of).or_default();
                *all = all.or(wants);
            }
        }
        if series.is_empty() {
            return false;
        }
        let mut members: BTreeMap<(&str, &str), Vec<&FileState>> = BTreeMap::new();
        for file in files {
            let there = matches!(state.sources.get(file.id as usize), Some(Some(_)));
            if let (Some(entry), true) = (&file.entry, there) {
                let of = (entry.study_uid.as_str(), entry.series_uid.as_str());
                if file.phase == Phase::Checked && series.contains_key(&of) {
                    members.entry(of).or_default().push(file);
                }
            }
        }
        for (of, mut files) in members {
            files.sort_by_key(|f| f.entry.as_ref().and_then(|e| e.instance_number));
            let ids: Vec<FileId> = files.iter().map(|f| f.id).collect();
            let index = looks.all.len();
            for id in &ids {
                looks.of_file.insert(*id, index);
            }
            looks.all.push(SeriesLook {
                files: Rc::new(ids),
                wants: series.get(&of).copied().unwrap_or_default(),
                state: LookState::Waiting,
                face: None,
                said: None,
                turning: None,
                quality: None,
            });
            looks.waiting.push_back(index);
        }
        looks.revision += 1;
        true
    }

    /// Looks at what waits, one series after the other.
    fn run_looks(self: &Rc<Self>) {
        if self.looking.replace(true) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            let epoch = this.state.borrow().epoch;
            loop {
                let next = this.state.borrow_mut().looks.waiting.pop_front();
                let Some(index) = next else { break };
                this.look_at(index, epoch).await;
                if this.is_stopped() || this.state.borrow().epoch != epoch {
                    break;
                }
            }
            this.looking.set(false);
            let more = !this.state.borrow().looks.waiting.is_empty();
            if more && !this.is_stopped() {
                this.run_looks();
            }
            this.after_change();
        });
    }

    async fn look_at(self: &Rc<Self>, index: usize, epoch: u32) {
        self.state
            .borrow_mut()
            .looks
            .set(index, LookState::Running(None));
        self.changed();
        let mut told = self.look_once(index).await;
        let current = || self.state.borrow().epoch == epoch && !self.is_stopped();
        if !current() {
            return;
        }
        let running = |state: &super::core::State| {
            let look = state.looks.all.get(index);
            look.is_some_and(|l| matches!(l.state, LookState::Running(_)))
        };
        // A lost graphics processor or too little memory ends the worker: once more without it.
        if told.is_err() && running(&self.state.borrow()) && !self.state.borrow().looks.no_gpu {
            self.state.borrow_mut().looks.no_gpu = true;
            super::clock::sleep(400).await;
            told = self.look_once(index).await;
        }
        if !current() || !running(&self.state.borrow()) {
            return;
        }
        match told {
            Ok(Ok((looked, attachments))) => self.take_look(index, looked, &attachments),
            Ok(Err(sentence)) => {
                self.state.borrow_mut().looks.set(index, LookState::Failed(sentence));
            }
            Err(()) => self.state.borrow_mut().looks.set(
                index,
                LookState::Failed(
                    "the networks stopped twice, perhaps for want of memory: close other tabs and look again".to_owned(),
                ),
            ),
        }
        self.after_change();
    }

    fn nets(self: &Rc<Self>) -> Rc<Link> {
        let link = {
            let mut nets = self.nets.borrow_mut();
            nets.get_or_insert_with(|| Link::begin(SCRIPT)).clone()
        };
        let this = Rc::downgrade(self);
        link.on_progress(move |json| {
            let (Some(this), Ok(progress)) = (this.upgrade(), serde_json::from_str(json)) else {
                return;
            };
            let mut state = this.state.borrow_mut();
            let running = |l: &SeriesLook| matches!(l.state, LookState::Running(_));
            if let Some(index) = state.looks.all.iter().position(running) {
                state.looks.set(index, LookState::Running(Some(progress)));
            }
            drop(state);
            this.changed();
        });
        link
    }

    /// Asks the worker; the outer error says that it died.
    async fn look_once(
        self: &Rc<Self>,
        index: usize,
    ) -> Result<Result<(Looked, Array), String>, ()> {
        const STRANGE: &str = "page and worker are of different versions; reload the page";
        let link = self.nets();
        let ask = async |ask: Ask, attachments: &Array| {
            let request = Request::Looks(Box::new(ask));
            match link.ask(&request, attachments).await {
                Ok((Answer::Looks(told), attachments)) => Ok((*told, attachments)),
                Ok((Answer::Sentence(sentence), _)) => Ok((Told::Sentence(sentence), Array::new())),
                Ok(_) => Ok((Told::Sentence(STRANGE.to_owned()), Array::new())),
                Err(_) => Err(()),
            }
        };
        let choice = if self.state.borrow().looks.no_gpu {
            Choice::Cpu
        } else {
            Choice::Any
        };
        match ask(Ask::Open(choice), &Array::new()).await? {
            (Told::Opened(processor), _) => {
                let mut state = self.state.borrow_mut();
                state.looks.processor = Some(processor);
                state.looks.revision += 1;
            }
            (Told::Sentence(sentence), _) => return Ok(Err(sentence)),
            _ => return Ok(Err(STRANGE.to_owned())),
        }
        self.changed();
        ask(Ask::Forget, &Array::new()).await?;
        let (files, wants) = match self.state.borrow().looks.all.get(index) {
            Some(look) => (look.files.clone(), look.wants),
            None => return Ok(Err(String::new())),
        };
        for some in files.chunks(AT_A_TIME) {
            let (inputs, attachments) = self.inputs(some);
            if inputs.len() != some.len() {
                return Ok(Err(
                    "the files are not open any more: drop the folder again".to_owned(),
                ));
            }
            ask(Ask::Files(inputs), &attachments).await?;
        }
        let protocol = match &self.state.borrow().server {
            ServerState::Ready(info) => info.protocol.clone(),
            _ => return Ok(Err("the server's protocol is not known".to_owned())),
        };
        let job = Job {
            wants,
            protocol: Box::new(protocol),
            seed: self.seed(files.first().copied()),
        };
        Ok(match ask(Ask::Look(Box::new(job)), &Array::new()).await? {
            (Told::Looked(looked), attachments) if looked.files.len() == files.len() => {
                Ok((*looked, attachments))
            }
            (Told::Sentence(sentence), _) => Err(sentence),
            _ => Err(STRANGE.to_owned()),
        })
    }

    /// What makes the rough side of a cut, the same for a study and a key.
    fn seed(&self, id: Option<FileId>) -> u64 {
        let contribution = self.contribution.borrow();
        let study = id
            .and_then(|id| contribution.file(id))
            .and_then(|f| f.entry.as_ref())
            .map_or("", |e| e.study_uid.as_str());
        let Some(key) = self.state.borrow().key_bytes else {
            return 0;
        };
        cut_seed(&SiteKey::from_bytes(key), study)
    }

    /// Takes in what was found, and has the files cleaned anew with it.
    fn take_look(self: &Rc<Self>, index: usize, looked: Looked, attachments: &Array) {
        let bytes = |n: u32| {
            let buffer = attachments.get(n);
            buffer.is_object().then(|| Uint8Array::new(&buffer))
        };
        let mut state = self.state.borrow_mut();
        let looks = &mut state.looks;
        let Some(look) = looks.all.get_mut(index) else {
            return;
        };
        look.state = if looked.trouble.is_empty() {
            LookState::Done
        } else {
            LookState::Failed(looked.trouble.join(" "))
        };
        look.quality = looked.quality.map(Rc::new);
        // What was said was said about another look.
        look.said = None;
        if let Some(face) = looked.face {
            if face.directions > 0 {
                look.turning = Some(Rc::new(Turning {
                    directions: face.directions,
                    side: face.side,
                    before: bytes(1).map(|b| b.to_vec()).unwrap_or_default(),
                    after: bytes(2).map(|b| b.to_vec()).unwrap_or_default(),
                }));
            }
            if face.cut
                && let Some(cut) = bytes(0)
            {
                looks.cuts.insert(index, cut.into());
            }
            look.face = Some(face);
        }
        let ids = look.files.clone();
        let weighty = look
            .quality
            .as_ref()
            .is_some_and(|q| q.noticed.iter().any(|n| n.weight > Severity::Note));
        let mut again = Vec::new();
        for (id, found) in ids.iter().zip(looked.files) {
            if weighty || found.text.is_some() || found.face.is_some() {
                again.push(*id);
            }
            let boxes = Boxes {
                found: found.boxes.clone(),
                now: found.boxes.clone(),
            };
            looks.found.insert(*id, Found { look: found, boxes });
        }
        looks.revision += 1;
        drop(state);
        let _ = self.clean_anew(&again);
    }

    /// Has files cleaned anew: what is to be done to their pixels has changed.
    fn clean_anew(self: &Rc<Self>, ids: &[FileId]) -> Result<(), String> {
        {
            let looks = &mut self.state.borrow_mut().looks;
            for id in ids {
                *looks.versions.entry(*id).or_default() += 1;
            }
        }
        let mut contribution = self.contribution.borrow_mut();
        let instances: Vec<String> = ids
            .iter()
            .filter_map(|id| contribution.file(*id)?.record.as_ref())
            .map(|r| r.instance.clone())
            .collect();
        contribution.reclean(ids).map_err(|e| e.to_string())?;
        drop(contribution);
        let mut state = self.state.borrow_mut();
        for instance in &instances {
            state.held.remove(instance);
            state.unkept.remove(instance);
        }
        drop(state);
        self.pictures
            .forget_after(&ids.iter().copied().collect::<HashSet<_>>());
        self.after_change();
        Ok(())
    }

    /// What is to be done to the pixels of files.
    pub(crate) fn works(&self, ids: &[FileId], attachments: &Array) -> Vec<Option<Work>> {
        let mut state = self.state.borrow_mut();
        let epoch = state.epoch;
        let looks = &mut state.looks;
        for id in ids {
            if let Some(version) = looks.versions.get(id).copied() {
                looks.given.insert(*id, version);
            }
        }
        let of = |id: &FileId| looks.work(*id, epoch, attachments);
        ids.iter().map(of).collect()
    }

    /// Series that wait or are being looked at.
    pub(crate) fn looks_open(&self) -> usize {
        self.state.borrow().looks.open()
    }

    /// Stops looking: what has not been looked at stays held.
    fn stop_looks(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        state.looks.waiting.clear();
        let mut running = false;
        for look in &mut state.looks.all {
            running |= matches!(look.state, LookState::Running(_));
            if look.state.is_open() {
                look.state = LookState::Stopped;
            }
        }
        state.looks.revision += 1;
        drop(state);
        if running {
            self.end_nets();
        }
        self.after_change();
    }

    /// Ends the networks' worker with its memory.
    pub(crate) fn end_nets(&self) {
        if let Some(link) = self.nets.take() {
            link.end();
        }
    }

    /// Looks once more at everything that nobody could look at.
    fn look_again_at_all(self: &Rc<Self>) {
        let ids: Vec<FileId> = {
            let state = self.state.borrow();
            let failed =
                |l: &&SeriesLook| matches!(l.state, LookState::Failed(_) | LookState::Stopped);
            let all = state.looks.all.iter().filter(failed);
            all.filter_map(|l| l.files.first().copied()).collect()
        };
        for id in ids {
            self.look_again(id);
        }
    }

    /// Looks at a series once more.
    fn look_again(self: &Rc<Self>, id: FileId) {
        let mut state = self.state.borrow_mut();
        let looks = &mut state.looks;
        let Some(index) = looks.of_file.get(&id).copied() else {
            return;
        };
        let open = looks.all.get(index).is_none_or(|l| l.state.is_open());
        if open {
            return;
        }
        looks.set(index, LookState::Waiting);
        looks.waiting.push_back(index);
        drop(state);
        self.run_looks();
        self.changed();
    }
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

    /// A person says which boxes are blacked out in a file; it is cleaned anew.
    ///
    /// # Errors
    /// After approval, or when the file is not open any more.
    pub fn set_boxes(&self, id: FileId, now: Vec<TextBox>) -> Result<(), String> {
        {
            let mut state = self.inner.state.borrow_mut();
            let there = matches!(state.sources.get(id as usize), Some(Some(_)));
            if !there {
                return Err("the original is not open any more: drop the folder again".to_owned());
            }
            if self.inner.contribution.borrow().approval().is_some() {
                return Err(
                    "this contribution is approved: take the approval back first".to_owned(),
                );
            }
            let boxes = &mut state.looks.found.entry(id).or_default().boxes;
            if boxes.now == now {
                return Ok(());
            }
            boxes.now = now;
            state.looks.revision += 1;
        }
        self.inner.clean_anew(&[id])
    }

    /// A person who saw the turning head says whether a face can be recognised; `None` takes that
    /// back. The series is cleaned anew.
    ///
    /// # Errors
    /// After approval, or when the files are not open any more.
    pub fn say_face(&self, id: FileId, said: Option<FaceWord>) -> Result<(), String> {
        if self.inner.contribution.borrow().approval().is_some() {
            return Err("this contribution is approved: take the approval back first".to_owned());
        }
        let files = {
            let mut state = self.inner.state.borrow_mut();
            let there = matches!(state.sources.get(id as usize), Some(Some(_)));
            if !there {
                return Err("the original is not open any more: drop the folder again".to_owned());
            }
            let looks = &mut state.looks;
            let index = looks.of_file.get(&id).copied();
            let Some(look) = index.and_then(|index| looks.all.get_mut(index)) else {
                return Ok(());
            };
            if look.said == said {
                return Ok(());
            }
            look.said = said;
            let files = look.files.clone();
            looks.revision += 1;
            files
        };
        self.inner.clean_anew(&files)
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
