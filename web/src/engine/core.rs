//! The engine's state, and who is told when it changes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::{Rc, Weak};

use cordon_contribute::{Contribution, FileId, Phase, Task};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::clock::{self, Ears};
use super::link::Link;
use super::looks::Looks;
use super::pictures::Cache;
use super::rate::Meter;
use super::table::Along;
use super::types::{
    KeyState, Notice, Options, ReceiptView, Resumable, ServerState, Status, StorageState,
};
use super::words::Words;

/// Where a file's bytes come from.
#[derive(Clone)]
pub(crate) enum Source {
    /// A file of the person's disk.
    File {
        /// The file.
        file: web_sys::File,
    },
    /// An entry of a ZIP.
    Zip {
        /// The ZIP.
        file: web_sys::File,
        /// Its number.
        zip: u32,
        /// The entry.
        entry: usize,
        /// Its size.
        size: u64,
    },
}

/// Where a staged object is.
#[derive(Clone)]
pub(crate) enum Held {
    /// In a segment.
    Segment {
        /// Its name.
        name: String,
        /// Offset in it.
        offset: u64,
    },
    /// In memory.
    Blob(web_sys::Blob),
}

/// A file that waits to be added.
pub(crate) struct Waiting {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) source: Source,
}

/// The length of a file in bytes, as the browser knows it or asks the disk.
pub(crate) fn size_of(file: &web_sys::File) -> u64 {
    #[allow(clippy::cast_sign_loss, reason = "sizes are never negative")]
    let size = file.size() as u64;
    size
}

impl Waiting {
    /// A file whose size the browser knows.
    pub(crate) fn dropped(name: String, file: web_sys::File) -> Self {
        Self {
            name,
            size: size_of(&file),
            source: Source::File { file },
        }
    }

    /// A file that was picked: to learn its size the browser stops everything and asks the disk. It
    /// does when the file is handed to a worker, whose answer tells; here it would be once more.
    pub(crate) fn picked(name: String, file: web_sys::File) -> Self {
        Self {
            name,
            size: 0,
            source: Source::File { file },
        }
    }
}

pub(crate) struct State {
    /// Grows when a contribution is put away: answers about an older one are dropped.
    pub(crate) epoch: u32,
    pub(crate) sources: Vec<Option<Source>>,
    pub(crate) held: HashMap<String, Held>,
    pub(crate) first: HashMap<String, FileId>,
    /// Open segments and the worker that writes each.
    pub(crate) owners: HashMap<String, usize>,
    pub(crate) waiting: VecDeque<Waiting>,
    pub(crate) carry: VecDeque<Task>,
    pub(crate) sends: u32,
    /// Batches of files that were handed out to be read.
    pub(crate) reads: u32,
    /// The mean size of the files that were read last, for those that nobody has measured.
    pub(crate) typical: u64,
    pub(crate) zips: u32,
    pub(crate) walk: u32,
    /// Everything needed for work is there.
    pub(crate) ready: bool,
    pub(crate) server: ServerState,
    pub(crate) asked_at: f64,
    pub(crate) key: KeyState,
    pub(crate) key_bytes: Option<[u8; 32]>,
    pub(crate) storage: StorageState,
    pub(crate) folder: Option<String>,
    pub(crate) opened: bool,
    pub(crate) notices: BTreeMap<&'static str, String>,
    pub(crate) online: bool,
    pub(crate) receipt: Option<ReceiptView>,
    pub(crate) resumable: Option<Resumable>,
    /// The clinical table that goes with the contribution.
    pub(crate) along: Option<Along>,
    pub(crate) meter: Meter,
    /// Journal entries of a contribution that has nothing worth keeping yet.
    pub(crate) unwritten: Vec<String>,
    /// Lines that wait until the keeper has written those before them.
    pub(crate) to_write: Vec<String>,
    pub(crate) writing: bool,
    /// Whether the lines that wait must be on the disk before work goes on.
    pub(crate) flush_lines: bool,
    /// Since when something is written and not brought to the disk.
    pub(crate) unflushed_since: Option<f64>,
    /// Staged objects that only memory holds, by instance.
    pub(crate) unkept: HashSet<String>,
    /// Doubtful words, and what the person said about them.
    pub(crate) words: Words,
    /// What was found in pixels.
    pub(crate) looks: Looks,
}

type Listener = (u32, Rc<dyn Fn()>);

/// The engine behind all its handles.
pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) contribution: RefCell<Contribution>,
    pub(crate) state: RefCell<State>,
    pub(crate) pool: Vec<Rc<Link>>,
    pub(crate) keeper: Rc<Link>,
    /// The worker of the desks, once one was opened.
    pub(crate) desk: RefCell<Option<Rc<Link>>>,
    /// The networks' worker, once a series needed it. It owns the graphics processor.
    pub(crate) nets: RefCell<Option<Rc<Link>>>,
    /// Series are being looked at, one after the other.
    pub(crate) looking: Cell<bool>,
    pub(crate) pictures: Cache,
    listeners: RefCell<Vec<Listener>>,
    next_listener: Cell<u32>,
    frame_asked: Cell<bool>,
    told_at: Cell<f64>,
    /// The next batch is handed out in a moment.
    pub(crate) pumping: Cell<bool>,
    ears: RefCell<Option<Ears>>,
    stopped: Cell<bool>,
}

/// Keeps a listener listening; dropping it ends that.
pub struct Subscription {
    inner: Weak<Inner>,
    number: u32,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription(…)")
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.upgrade() {
            let mut listeners = inner.listeners.borrow_mut();
            listeners.retain(|(number, _)| *number != self.number);
        }
    }
}

fn workers() -> usize {
    let cores = web_sys::window().map_or(2.0, |w| w.navigator().hardware_concurrency());
    #[allow(clippy::cast_sign_loss, reason = "clamped")]
    let cores = cores.clamp(1.0, 8.0) as usize;
    cores
}

impl Inner {
    pub(crate) fn new(options: Options) -> Rc<Self> {
        let contribution = Contribution::new(String::new(), &options.project, "");
        let inner = Rc::new(Self {
            contribution: RefCell::new(contribution),
            state: RefCell::new(State {
                epoch: 0,
                sources: Vec::new(),
                held: HashMap::new(),
                first: HashMap::new(),
                owners: HashMap::new(),
                waiting: VecDeque::new(),
                carry: VecDeque::new(),
                sends: 0,
                reads: 0,
                typical: 0,
                zips: 0,
                walk: 0,
                ready: false,
                server: ServerState::Connecting,
                asked_at: f64::NEG_INFINITY,
                key: KeyState::Loading,
                key_bytes: None,
                storage: StorageState::Checking,
                folder: None,
                opened: false,
                notices: BTreeMap::new(),
                online: web_sys::window().is_none_or(|w| w.navigator().on_line()),
                receipt: None,
                resumable: None,
                along: None,
                meter: Meter::default(),
                unwritten: Vec::new(),
                to_write: Vec::new(),
                writing: false,
                flush_lines: false,
                unflushed_since: None,
                unkept: HashSet::new(),
                words: Words::default(),
                looks: Looks::on(options.processor),
            }),
            pool: (0..workers()).map(|_| Link::start()).collect(),
            keeper: Link::start(),
            desk: RefCell::new(None),
            nets: RefCell::new(None),
            looking: Cell::new(false),
            pictures: Cache::default(),
            listeners: RefCell::default(),
            next_listener: Cell::new(0),
            frame_asked: Cell::new(false),
            told_at: Cell::new(f64::NEG_INFINITY),
            pumping: Cell::new(false),
            ears: RefCell::new(None),
            stopped: Cell::new(false),
            options,
        });
        let ears = Ears::new(&Rc::downgrade(&inner));
        inner.ears.replace(Some(ears));
        inner
    }

    pub(crate) fn subscribe(self: &Rc<Self>, f: Rc<dyn Fn()>) -> Subscription {
        let number = self.next_listener.get();
        self.next_listener.set(number + 1);
        self.listeners.borrow_mut().push((number, f));
        Subscription {
            inner: Rc::downgrade(self),
            number,
        }
    }

    /// Something changed: the screens are told with the next frame, but not more often than
    /// a person can follow, because what draws does not clean.
    pub(crate) fn changed(self: &Rc<Self>) {
        if self.frame_asked.replace(true) {
            return;
        }
        let wait = self.told_at.get() + TELL_EVERY_MS - clock::millis();
        if wait <= 0.0 {
            self.tell_with_frame();
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            #[allow(clippy::cast_possible_truncation, reason = "at most TELL_EVERY_MS")]
            clock::sleep(wait as i32).await;
            this.tell_with_frame();
        });
    }

    fn tell_with_frame(self: &Rc<Self>) {
        let this = self.clone();
        let tell = Closure::once_into_js(move || {
            this.frame_asked.set(false);
            this.told_at.set(clock::millis());
            let listeners = this.listeners.borrow().clone();
            for (_, listener) in listeners {
                listener();
            }
        });
        let asked =
            web_sys::window().map(|w| w.request_animation_frame(tell.unchecked_ref()).is_ok());
        if asked != Some(true) {
            self.frame_asked.set(false);
        }
    }

    /// Shows a notice, or takes it away.
    pub(crate) fn notice(self: &Rc<Self>, code: &'static str, sentence: Option<&str>) {
        let sentence = sentence.map(begun_large);
        let mut state = self.state.borrow_mut();
        let same = state.notices.get(code) == sentence.as_ref();
        match sentence {
            _ if same => return,
            Some(sentence) => state.notices.insert(code, sentence),
            None => state.notices.remove(code),
        };
        drop(state);
        self.changed();
    }

    pub(crate) fn status(&self) -> Status {
        let state = self.state.borrow();
        let notices = state.notices.iter().map(|(code, sentence)| Notice {
            code,
            sentence: sentence.clone(),
        });
        let workers = u32::try_from(self.pool.len()).unwrap_or(0);
        Status {
            server: state.server.clone(),
            key: state.key.clone(),
            storage: state.storage.clone(),
            rate: state.meter.rate(),
            workers,
            device: state.looks.device(),
            version: cordon_contribute::VERSION,
            notices: notices.collect(),
            online: state.online,
        }
    }

    /// Whether closing the tab now would cost a person work.
    pub(crate) fn would_lose_work(&self) -> bool {
        let state = self.state.borrow();
        let contribution = self.contribution.borrow();
        if contribution.is_closed() {
            return false;
        }
        // What is staged on the disk survives; what is only dropped, or in memory, does not.
        !state.waiting.is_empty()
            || state.along.as_ref().is_some_and(|a| !a.sent)
            || !state.unkept.is_empty()
            || state.looks.open() > 0
            || contribution.files().iter().any(|f| {
                matches!(
                    f.phase,
                    Phase::Found | Phase::Reading | Phase::Listed | Phase::Cleaning
                )
            })
    }

    pub(crate) fn line_changed(self: &Rc<Self>, online: bool) {
        self.state.borrow_mut().online = online;
        self.notice(
            "offline",
            (!online).then_some(
                "this computer is offline: cleaning goes on, and sending goes on by itself when the line is back",
            ),
        );
        if online {
            self.reconnect();
        }
        self.changed();
    }

    /// Once a second.
    pub(crate) fn tick(self: &Rc<Self>) {
        for link in self.pool.iter().chain(&*self.desk.borrow()) {
            link.stop_if_stuck(STUCK_AFTER);
        }
        if let Some(nets) = &*self.nets.borrow() {
            nets.stop_if_stuck(NETS_STUCK_AFTER);
        }
        let moved = {
            let progress = self.contribution.borrow().progress();
            self.state.borrow_mut().meter.sample(&progress)
        };
        if moved {
            self.changed();
        }
        self.flush_if_due();
    }

    /// Ends the workers and stops listening.
    pub(crate) fn stop(&self) {
        self.stopped.set(true);
        self.state.borrow_mut().ready = false;
        self.ears.take();
        self.pictures.clear();
        for link in &self.pool {
            link.end();
        }
        self.keeper.end();
        self.close_desk();
        self.end_nets();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.get()
    }
}

/// A sentence of its own begins with a capital letter.
fn begun_large(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

/// The screens are told of changes at most this often.
const TELL_EVERY_MS: f64 = 100.0;

/// A batch that takes longer than this hangs: no file of a batch takes seconds.
const STUCK_AFTER: f64 = 120_000.0;
/// One network on one volume, on a graphics processor made of software.
const NETS_STUCK_AFTER: f64 = 900_000.0;
