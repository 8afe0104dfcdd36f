//! What the screens know: the model as last seen, and where the person is in it.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use cordon_contribute::{FileId, Progress};
use cordon_protocol::{TagPath, wire::ProjectInfo};
use yew::{Reducible, UseReducerHandle};

use super::decide::Scope;
use super::dom;
use super::rows::{Row, Tree};
use crate::engine::{Engine, LooksNow, ServerState, Status, WordRow};

/// The five places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Collect,
    Review,
    Approve,
    Send,
    Receipt,
}

impl Place {
    /// In their order.
    pub(crate) const ALL: [Self; 5] = [
        Self::Collect,
        Self::Review,
        Self::Approve,
        Self::Send,
        Self::Receipt,
    ];

    /// The word on the rail.
    pub(crate) const fn word(self) -> &'static str {
        use super::words;
        match self {
            Self::Collect => words::COLLECT,
            Self::Review => words::REVIEW,
            Self::Approve => words::APPROVE,
            Self::Send => words::SEND,
            Self::Receipt => words::RECEIPT,
        }
    }
}

/// What lies at the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    Help,
    Key,
}

/// What stands beside the way of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    /// The project's protocol, and a variant to try out.
    Protocol,
    /// A clinical table.
    Table,
}

impl Desk {
    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        use super::words;
        match self {
            Self::Protocol => words::protocol::DESK,
            Self::Table => words::table::DESK,
        }
    }
}

/// The view of what is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Image,
    Header,
    /// The doubtful words of the whole contribution.
    Words,
    /// The turning head.
    Face,
    /// What the screening measured.
    Quality,
}

/// The model as it was last looked at.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// The contribution's revision.
    pub(crate) revision: u64,
    /// The tree.
    pub(crate) tree: Tree,
    /// The numbers.
    pub(crate) progress: Progress,
    /// Whether a person approved.
    pub(crate) approved: bool,
    /// Whether the server signed.
    pub(crate) closed: bool,
    /// Whether work is paused.
    pub(crate) paused: bool,
    /// Clinical tables that were dropped beside the images.
    pub(crate) tables: Vec<FileId>,
    /// Doubtful words.
    pub(crate) words: Rc<Vec<WordRow>>,
    /// Images held for words that this tab has not read.
    pub(crate) words_unread: usize,
    /// Looks at pixels: what is going on.
    pub(crate) looks: LooksNow,
}

impl Snapshot {
    /// Looks at the contribution.
    pub(crate) fn take(engine: &Engine) -> Self {
        let (words, words_unread) = (engine.words(), engine.words_unread());
        engine.with(|c| Self {
            words,
            words_unread,
            looks: engine.looks(),
            revision: c.revision(),
            tree: Tree::of(c),
            progress: c.progress(),
            approved: c.approval().is_some(),
            closed: c.is_closed(),
            paused: c.is_paused(),
            tables: c
                .files()
                .iter()
                .filter(|f| is_table(&f.name))
                .map(|f| f.id)
                .collect(),
        })
    }

    /// Whether anything was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.progress.found == 0
    }

    /// Whether a person may go there now.
    pub(crate) fn open(&self, place: Place) -> bool {
        match place {
            Place::Collect => true,
            Place::Review | Place::Approve => self.progress.objects > 0,
            Place::Send => self.approved,
            Place::Receipt => self.closed,
        }
    }
}

/// Whether a file's name is that of a table.
fn is_table(name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    ["csv", "tsv", "xlsx"]
        .iter()
        .any(|e| end.eq_ignore_ascii_case(e))
}

/// Where the person is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ui {
    pub(crate) place: Place,
    pub(crate) panel: Option<Panel>,
    /// The desk that is open, over the place.
    pub(crate) desk: Option<Desk>,
    pub(crate) light: bool,
    /// Whether the theme is the system's: nobody chose another.
    pub(crate) follows: bool,
    pub(crate) size: usize,
    pub(crate) blur: bool,
    /// The selected row with its key, because rows may move.
    pub(crate) selected: Option<(Row, String)>,
    /// The image on the screen and its frame.
    pub(crate) image: Option<(FileId, u32)>,
    /// The attribute to show.
    pub(crate) tag: Option<TagPath>,
    pub(crate) look: Look,
    pub(crate) scope: Scope,
    pub(crate) folded: HashSet<String>,
    /// The doubtful word that is read, by its key.
    pub(crate) word: Option<String>,
    /// Doubtful words that are selected for a decision.
    pub(crate) picked: BTreeSet<String>,
    /// Why the last step was not taken.
    pub(crate) said: Option<String>,
}

impl Ui {
    /// As it is at the beginning. `theme` overrides what was kept.
    pub(crate) fn new(place: Place, theme: Option<&str>) -> Self {
        let chosen = theme.map(str::to_owned).or_else(|| dom::setting("theme"));
        let (light, follows) = match chosen.as_deref() {
            Some("light") => (true, false),
            Some("dark") => (false, false),
            _ => (dom::prefers_light(), true),
        };
        Self {
            place,
            panel: None,
            desk: None,
            light,
            follows,
            size: dom::setting("size")
                .and_then(|s| s.parse().ok())
                .unwrap_or(1)
                .min(2),
            blur: dom::setting("blur").as_deref() == Some("true"),
            selected: None,
            image: None,
            tag: None,
            look: Look::Image,
            scope: Scope::Series,
            folded: HashSet::new(),
            word: None,
            picked: BTreeSet::new(),
            said: None,
        }
    }
}

/// What a person does with the screens themselves.
#[derive(Debug, Clone)]
pub(crate) enum Do {
    Go(Place),
    Panel(Option<Panel>),
    Desk(Option<Desk>),
    Theme,
    /// The system asks for a light screen, or a dark one.
    Prefers(bool),
    Size(usize),
    Blur,
    /// Select a row; the image follows.
    Select(Row, String),
    /// Show an image, and perhaps an attribute of it.
    Show(FileId, u32, Option<TagPath>),
    Look(Look),
    Scope(Scope),
    Fold(String),
    /// Choose a doubtful word, and select some.
    Word(String, BTreeSet<String>),
    Say(Option<String>),
    /// A new contribution begins.
    Reset,
}

impl Reducible for Ui {
    type Action = Do;

    fn reduce(self: Rc<Self>, action: Do) -> Rc<Self> {
        let mut ui = (*self).clone();
        match action {
            Do::Go(place) => {
                ui.place = place;
                ui.desk = None;
                ui.said = None;
            }
            Do::Desk(desk) => {
                ui.desk = desk;
                ui.said = None;
            }
            Do::Panel(panel) => ui.panel = panel,
            Do::Theme => {
                ui.light = !ui.light;
                ui.follows = false;
                dom::keep_setting("theme", if ui.light { "light" } else { "dark" });
            }
            Do::Prefers(light) => {
                if ui.follows {
                    ui.light = light;
                }
            }
            Do::Word(key, picked) => {
                ui.word = Some(key);
                ui.picked = picked;
                ui.said = None;
            }
            Do::Size(size) => {
                ui.size = size.min(2);
                dom::keep_setting("size", &ui.size.to_string());
            }
            Do::Blur => {
                ui.blur = !ui.blur;
                dom::keep_setting("blur", if ui.blur { "true" } else { "false" });
            }
            Do::Select(row, key) => {
                if ui.selected.as_ref().is_none_or(|(_, k)| *k != key) {
                    ui.image = None;
                    ui.tag = None;
                    ui.scope = match row {
                        Row::Patient(_) => Scope::Patient,
                        Row::Study(..) => Scope::Study,
                        _ => Scope::Series,
                    };
                }
                ui.selected = Some((row, key));
                ui.said = None;
            }
            Do::Show(file, frame, tag) => {
                ui.image = Some((file, frame));
                if tag.is_some() {
                    ui.look = Look::Header;
                }
                ui.tag = tag;
            }
            Do::Look(look) => {
                ui.look = look;
                ui.said = None;
            }
            Do::Scope(scope) => ui.scope = scope,
            Do::Fold(key) => {
                if !ui.folded.remove(&key) {
                    ui.folded.insert(key);
                }
            }
            Do::Say(said) => ui.said = said,
            Do::Reset => {
                ui.place = Place::Collect;
                ui.selected = None;
                ui.image = None;
                ui.tag = None;
                ui.said = None;
                ui.word = None;
                ui.picked.clear();
                ui.look = Look::Image;
                ui.folded.clear();
            }
        }
        Rc::new(ui)
    }
}

/// What every component can reach.
#[derive(Clone)]
pub(crate) struct Ctx {
    pub(crate) engine: Engine,
    pub(crate) snap: Rc<Snapshot>,
    pub(crate) status: Rc<Status>,
    pub(crate) ui: UseReducerHandle<Ui>,
    /// Whether the page is Cordon's own.
    pub(crate) rail: bool,
}

impl PartialEq for Ctx {
    fn eq(&self, other: &Self) -> bool {
        self.engine == other.engine
            && Rc::ptr_eq(&self.snap, &other.snap)
            && Rc::ptr_eq(&self.status, &other.status)
            && self.ui == other.ui
    }
}

impl Ctx {
    /// Does something with the screens.
    pub(crate) fn act(&self, what: Do) {
        self.ui.dispatch(what);
    }
    /// The project, once the server said what it is.
    pub(crate) fn project(&self) -> Option<&ProjectInfo> {
        match &self.status.server {
            ServerState::Ready(info) => Some(info),
            _ => None,
        }
    }
    /// Whether the protocol lets a person release what is held.
    pub(crate) fn may_approve_held(&self) -> bool {
        self.project()
            .is_none_or(|p| p.protocol.approval.held_may_be_approved)
    }
    /// The server by its host's name.
    pub(crate) fn server_name(&self) -> String {
        let server = self.engine.server();
        match server.split_once("://") {
            Some((_, host)) => host.trim_end_matches('/').to_owned(),
            None => web_sys::window()
                .and_then(|w| w.location().host().ok())
                .unwrap_or_default(),
        }
    }
    /// The selected row, found again if rows moved.
    pub(crate) fn selected(&self) -> Option<Row> {
        let (row, key) = self.ui.selected.as_ref()?;
        let tree = &self.snap.tree;
        if tree.key(*row).as_ref() == Some(key) {
            return Some(*row);
        }
        tree.rows(&HashSet::new())
            .into_iter()
            .find(|r| tree.key(*r).as_ref() == Some(key))
    }
    /// The series that the selection leads to.
    pub(crate) fn series(&self) -> Option<Row> {
        self.snap.tree.first_series(self.selected()?)
    }
    /// Selects a row.
    pub(crate) fn select(&self, row: Row) {
        if let Some(key) = self.snap.tree.key(row) {
            self.act(Do::Select(row, key));
        }
    }
    /// Every frame of a series in the order of its slices. An object without pixels counts once.
    pub(crate) fn slices(&self, series: Row) -> Vec<(FileId, u32)> {
        let files = self.snap.tree.files(series);
        self.engine.with(|c| {
            files
                .iter()
                .filter_map(|id| c.file(*id))
                .flat_map(|f| {
                    let frames = f.entry.as_ref().map_or(1, |e| e.frames).max(1);
                    (0..frames).map(|n| (f.id, n))
                })
                .collect()
        })
    }
    /// The image on the screen: the chosen one, or the middle of the series, which says most.
    pub(crate) fn image_in(&self, slices: &[(FileId, u32)]) -> Option<usize> {
        let chosen = self.ui.image.and_then(|at| {
            let exact = slices.iter().position(|s| *s == at);
            exact.or_else(|| slices.iter().position(|(id, _)| *id == at.0))
        });
        chosen.or_else(|| (!slices.is_empty()).then_some(slices.len() / 2))
    }
    /// The file of the image on the screen.
    pub(crate) fn image(&self) -> Option<FileId> {
        let slices = self.slices(self.series()?);
        let at = self.image_in(&slices)?;
        slices.get(at).map(|(id, _)| *id)
    }
}
