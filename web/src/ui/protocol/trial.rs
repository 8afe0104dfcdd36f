//! A protocol that is tried out: its changes, the way back, and what it does to an image.
//!
//! It lives as long as the view, so that leaving the desk loses nothing. Nothing here
//! reaches the engine's own protocol: images go on under the project's.

use std::cell::{Ref, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use cordon_contribute::{Comparison, FileId};
use cordon_protocol::Protocol;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::edit::{Edit, Spot, variant};
use crate::desk::{Fault, Opened, Script, Sound};
use crate::engine::Engine;

/// What becomes of the image, as far as it is known.
#[derive(Debug, Clone, Default)]
pub(crate) enum Effect {
    #[default]
    None,
    Ready(Rc<Comparison>),
    Failed(String),
}

/// What the desk shows.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The variant; `None` while the project's protocol is only read.
    pub(crate) protocol: Option<Protocol>,
    /// Its file.
    pub(crate) file: Option<Sound>,
    /// Grows with every change that was taken, so that fields show what is true.
    pub(crate) revision: u32,
    past: Vec<Protocol>,
    future: Vec<Protocol>,
    /// Grows when a variant is put away: answers about it are dropped.
    epoch: u32,
    queue: VecDeque<Edit>,
    checking: bool,
    /// Grows whenever anything changed, the effect included.
    pub(crate) tick: u32,
    /// What was not taken, and why.
    pub(crate) refused: Option<(Spot, Fault)>,
    /// What became of the script that it began with.
    pub(crate) script: Option<Script>,
    pub(crate) effect: Effect,
    /// Whether an effect is being computed.
    pub(crate) working: bool,
    /// What the effect is about.
    wanted: Option<(FileId, Protocol)>,
    shown: Option<(FileId, Protocol)>,
}

impl State {
    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }
    pub(crate) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
    /// The sentence about a place, if a change was refused there.
    pub(crate) fn refusal(&self, spot: Spot) -> Option<&Fault> {
        let (at, fault) = self.refused.as_ref()?;
        (*at == spot).then_some(fault)
    }
}

/// The model of the desk.
pub(crate) struct Trial {
    engine: Engine,
    state: RefCell<State>,
    told: RefCell<Option<Callback<()>>>,
}

impl std::fmt::Debug for Trial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trial(…)")
    }
}

impl Trial {
    pub(crate) fn new(engine: Engine) -> Rc<Self> {
        Rc::new(Self {
            engine,
            state: RefCell::default(),
            told: RefCell::default(),
        })
    }

    pub(crate) fn state(&self) -> Ref<'_, State> {
        self.state.borrow()
    }

    /// Who is told of changes.
    pub(crate) fn listen(&self, told: Option<Callback<()>>) {
        self.told.replace(told);
    }

    fn tell(&self) {
        {
            let mut state = self.state.borrow_mut();
            state.tick = state.tick.wrapping_add(1);
        }
        let told = self.told.borrow().clone();
        if let Some(told) = told {
            told.emit(());
        }
    }

    /// Begins a variant of the project's protocol.
    pub(crate) fn begin(self: &Rc<Self>, project: &Protocol) {
        self.put(Edit::Start(Box::new(variant(project))));
    }

    /// Back to reading the project's protocol.
    pub(crate) fn put_away(&self) {
        {
            let mut state = self.state.borrow_mut();
            let (tick, revision, epoch) = (state.tick, state.revision, state.epoch);
            *state = State {
                tick,
                revision: revision.wrapping_add(1),
                epoch: epoch.wrapping_add(1),
                ..State::default()
            };
        }
        self.tell();
    }

    /// Changes something; it is taken when the protocol can still be obeyed after it.
    pub(crate) fn put(self: &Rc<Self>, edit: Edit) {
        self.state.borrow_mut().queue.push_back(edit);
        self.go_on();
    }

    fn go_on(self: &Rc<Self>) {
        let next = {
            let mut state = self.state.borrow_mut();
            if state.checking {
                return;
            }
            let Some(edit) = state.queue.pop_front() else {
                return;
            };
            let old = state.protocol.clone().unwrap_or_else(Protocol::basic);
            let candidate = edit.apply(&old);
            if state.protocol.as_ref() == Some(&candidate) {
                state.refused = None;
                None
            } else {
                state.checking = true;
                Some((edit, candidate, state.epoch))
            }
        };
        let Some((edit, candidate, epoch)) = next else {
            self.tell();
            self.go_on();
            return;
        };
        let this = self.clone();
        spawn_local(async move {
            let result = this.engine.check_protocol(&candidate).await;
            {
                let mut state = this.state.borrow_mut();
                if state.epoch != epoch {
                    return;
                }
                state.checking = false;
                match result {
                    Ok(file) => {
                        let old = state.protocol.replace(candidate);
                        state.past.extend(old);
                        state.future.clear();
                        state.file = Some(file);
                        state.refused = None;
                    }
                    Err(fault) => state.refused = Some((edit.spot(), fault)),
                }
                // A refused switch goes back to what is true.
                state.revision = state.revision.wrapping_add(1);
            }
            this.tell();
            this.go_on();
        });
    }

    /// Takes the last change back, or does it again.
    pub(crate) fn step(self: &Rc<Self>, back: bool) {
        let to = {
            let mut state = self.state.borrow_mut();
            if state.checking {
                return;
            }
            let other = if back {
                state.past.pop()
            } else {
                state.future.pop()
            };
            let Some(other) = other else { return };
            let now = state.protocol.replace(other.clone());
            if back {
                state.future.extend(now);
            } else {
                state.past.extend(now);
            }
            state.refused = None;
            state.revision = state.revision.wrapping_add(1);
            other
        };
        let this = self.clone();
        spawn_local(async move {
            let file = this.engine.check_protocol(&to).await.ok();
            let mut state = this.state.borrow_mut();
            if state.protocol.as_ref() == Some(&to) {
                state.file = file;
            }
            drop(state);
            this.tell();
        });
        self.tell();
    }

    /// Goes on from a file: a protocol, or a script of RSNA CTP.
    pub(crate) fn open(self: &Rc<Self>, file: web_sys::File) {
        let this = self.clone();
        spawn_local(async move {
            let result = this.engine.read_protocol(&file).await;
            this.opened(result);
        });
    }

    /// Goes on from a protocol that comes with Cordon.
    pub(crate) fn ready(self: &Rc<Self>, id: String) {
        let this = self.clone();
        spawn_local(async move {
            let result = this.engine.ready_protocol(&id).await;
            this.opened(result);
        });
    }

    fn opened(self: &Rc<Self>, result: Result<Opened, Fault>) {
        match result {
            Ok(opened) => {
                self.state.borrow_mut().script = opened.script;
                self.put(Edit::Start(Box::new(opened.protocol)));
            }
            Err(fault) => {
                self.state.borrow_mut().refused = Some((Spot::File, fault));
                self.tell();
            }
        }
    }

    /// Wants to see what the variant does to an image.
    pub(crate) fn look(self: &Rc<Self>, image: Option<FileId>, project: &Protocol) {
        let wanted = {
            let state = self.state.borrow();
            image.zip(state.protocol.clone())
        };
        let mut state = self.state.borrow_mut();
        if state.wanted == wanted {
            return;
        }
        state.wanted.clone_from(&wanted);
        if wanted.is_none() {
            state.effect = Effect::None;
            state.shown = None;
            return;
        }
        if !state.working {
            drop(state);
            self.compute(project.clone());
        }
    }

    /// One at a time, and what was wanted last: a switch that is turned twice costs one run.
    fn compute(self: &Rc<Self>, project: Protocol) {
        let this = self.clone();
        self.state.borrow_mut().working = true;
        spawn_local(async move {
            loop {
                let next = {
                    let state = this.state.borrow();
                    state
                        .wanted
                        .clone()
                        .filter(|w| state.shown.as_ref() != Some(w))
                };
                let Some((image, trial)) = next else { break };
                this.tell();
                let result = this.engine.compare_protocols(image, &project, &trial).await;
                let mut state = this.state.borrow_mut();
                state.shown = Some((image, trial));
                if state.wanted.is_some() {
                    state.effect = match result {
                        Ok(comparison) => Effect::Ready(Rc::new(comparison)),
                        Err(sentence) => Effect::Failed(sentence),
                    };
                }
            }
            this.state.borrow_mut().working = false;
            this.tell();
        });
    }
}
