//! The shell: looks at the engine, keeps where the person is, puts the places together.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast as _, closure::Closure};
use yew::prelude::*;

use super::approve::Approve;
use super::collect::Collect;
use super::dom;
use super::drop::use_dropping;
use super::foot::Foot;
use super::help::Help;
use super::key_panel::KeyPanel;
use super::keys;
use super::notices::Notices;
use super::protocol::{ProtocolDesk, Shared, Trial};
use super::rail::Rail;
use super::receipt::ReceiptPlace;
use super::review::Review;
use super::send::Send;
use super::state::{Ctx, Desk, Do, Panel, Place, Snapshot, Ui};
use super::table::{Model, Shared as SharedTable, TableDesk};
use super::tree::forget_thumbs;
use super::words;
use crate::engine::{Engine, Status};

/// Properties of [`App`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AppProps {
    /// What drives the contribution.
    pub engine: Engine,
    /// Whether the page is Cordon's own.
    pub rail: bool,
    /// `light` or `dark`, to override what the system and the person chose.
    #[prop_or_default]
    pub theme: Option<AttrValue>,
}

/// Looking costs time on a large contribution: never more than a sixth of it.
const SHARE: f64 = 6.0;
/// Numbers that change faster than this cannot be read.
const SHORTEST_MS: f64 = 80.0;

/// Looks at the engine again when it says that something changed, at once after a quiet time
/// and seldom enough while a lot happens.
#[derive(Default)]
struct Looker {
    last: Cell<f64>,
    cost: Cell<f64>,
    waiting: Cell<bool>,
    gone: Cell<bool>,
}

type Looked = (Rc<Snapshot>, Rc<Status>);

fn look(engine: &Engine) -> Looked {
    (Rc::new(Snapshot::take(engine)), Rc::new(engine.status()))
}

impl Looker {
    fn changed(self: &Rc<Self>, engine: &Engine, put: &Callback<Looked>) {
        if self.waiting.get() || self.gone.get() {
            return;
        }
        let pause = (self.cost.get() * SHARE).max(SHORTEST_MS);
        let wait = self.last.get() + pause - dom::now();
        if wait <= 0.0 {
            self.now(engine, put);
            return;
        }
        self.waiting.set(true);
        let (this, engine, put) = (self.clone(), engine.clone(), put.clone());
        dom::after(wait.ceil() as i32, move || {
            this.waiting.set(false);
            if !this.gone.get() {
                this.now(&engine, &put);
            }
        });
    }

    fn now(&self, engine: &Engine, put: &Callback<Looked>) {
        let begun = dom::now();
        put.emit(look(engine));
        self.last.set(dom::now());
        self.cost.set(self.last.get() - begun);
    }
}

/// Where to begin: an unfinished contribution is taken up where it stopped.
fn first_place(engine: &Engine) -> Place {
    engine.with(|c| match (c.is_closed(), c.approval().is_some()) {
        (true, _) => Place::Receipt,
        (false, true) => Place::Send,
        _ => Place::Collect,
    })
}

/// The whole view.
#[component]
pub fn App(props: &AppProps) -> Html {
    let engine = props.engine.clone();
    let looked = {
        let engine = engine.clone();
        use_state(move || look(&engine))
    };
    let ui = {
        let (engine, theme) = (engine.clone(), props.theme.clone());
        use_reducer(move || Ui::new(first_place(&engine), theme.as_deref()))
    };
    let trial = {
        let engine = engine.clone();
        use_memo((), move |()| Shared(Trial::new(engine)))
    };
    let table = {
        let engine = engine.clone();
        use_memo((), move |()| SharedTable(Model::new(engine)))
    };
    {
        let put = looked.setter();
        use_effect_with(engine.clone(), move |engine| {
            let put = Callback::from(move |l: Looked| put.set(l));
            let looker = Rc::new(Looker::default());
            put.emit(look(engine));
            let subscription = {
                let (looker, engine, put) = (looker.clone(), engine.clone(), put);
                let inner = engine.clone();
                engine.subscribe(move || looker.changed(&inner, &put))
            };
            move || {
                looker.gone.set(true);
                drop(subscription);
            }
        });
    }
    let ctx = Ctx {
        engine,
        snap: looked.0.clone(),
        status: looked.1.clone(),
        ui: ui.clone(),
        rail: props.rail,
    };
    use_places(&ctx);
    use_stray_keys(&ctx);
    {
        let ui = ui.dispatcher();
        use_effect_with((), move |()| {
            let watch = dom::ThemeWatch::new(move |light| ui.dispatch(Do::Prefers(light)));
            move || drop(watch)
        });
    }
    let dropping = use_dropping(&ctx);
    let root = use_node_ref();
    {
        let root = root.clone();
        let rail = props.rail;
        use_effect_with((ui.place, ui.desk), move |_| {
            // Keys work at once on a page of our own; a foreign page keeps its focus.
            if rail {
                dom::focus(&root);
            }
        });
    }
    let onkeydown = {
        let ctx = ctx.clone();
        Callback::from(move |e: KeyboardEvent| keys::pressed(&ctx, &e))
    };
    let here = ui.desk.map_or(ui.place.word(), Desk::word);
    let theme = if ui.light { "light" } else { "dark" };
    let size = ["small", "normal", "large"].get(ui.size).copied();
    html! {
        <ContextProvider<Ctx> context={ctx.clone()}>
            <div ref={root} class={classes!("cordon", props.rail.then_some("page"))} data-theme={theme}
                data-size={size} data-blur={ui.blur.to_string()} lang="en" tabindex="-1" {onkeydown}
                data-over={dropping.over.to_string()} ondragenter={dropping.enter} ondragleave={dropping.leave}
                ondragover={dropping.over_it} ondrop={dropping.dropped}>
                if props.rail {
                    <Rail />
                }
                <Notices />
                <div class="place" role={if props.rail { "main" } else { "region" }} aria-label={here}
                    data-test={format!("place-{}", here.to_lowercase())}>
                    { match (ui.desk, ui.place) {
                        (Some(Desk::Protocol), _) => html! { <ProtocolDesk trial={(*trial).clone()} /> },
                        (Some(Desk::Table), _) => html! { <TableDesk model={(*table).clone()} /> },
                        (None, Place::Collect) => html! { <Collect /> },
                        (None, Place::Review) => html! { <Review /> },
                        (None, Place::Approve) => html! { <Approve /> },
                        (None, Place::Send) => html! { <Send /> },
                        (None, Place::Receipt) => html! { <ReceiptPlace /> },
                    } }
                </div>
                if ui.desk.is_none() {
                    <Foot />
                }
                if dropping.over {
                    <div class="over-all">{words::DROP_MORE}</div>
                }
                { match ui.panel {
                    Some(Panel::Help) => html! { <Help /> },
                    Some(Panel::Key) => html! { <KeyPanel /> },
                    None => html! {},
                } }
            </div>
        </ContextProvider<Ctx>>
    }
}

/// On a page of our own, keys work even when nothing has the focus, as after a button that had
/// it was disabled.
#[hook]
fn use_stray_keys(ctx: &Ctx) {
    let latest = use_mut_ref(|| None::<Ctx>);
    *latest.borrow_mut() = Some(ctx.clone());
    use_effect_with(ctx.rail, move |rail| {
        let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |e: KeyboardEvent| {
            let target = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            if target.is_none_or(|t| matches!(t.tag_name().as_str(), "BODY" | "HTML"))
                && let Some(ctx) = latest.borrow().as_ref()
            {
                keys::pressed(ctx, &e);
            }
        });
        let window = web_sys::window().filter(|_| *rail);
        let call = listener
            .as_ref()
            .unchecked_ref::<js_sys::Function>()
            .clone();
        if let Some(window) = &window {
            let _ = window.add_event_listener_with_callback("keydown", &call);
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback("keydown", &call);
            }
            drop(listener);
        }
    });
}

/// Goes on by itself where there is only one way: to the receipt when it came, to the beginning
/// when a new contribution began.
#[hook]
fn use_places(ctx: &Ctx) {
    let ctx_closed = ctx.clone();
    use_effect_with(ctx.snap.closed, move |closed| {
        if *closed && ctx_closed.ui.place == Place::Send {
            ctx_closed.act(Do::Go(Place::Receipt));
        }
    });
    let id = ctx.engine.with(|c| c.id().to_owned());
    let ctx_new = ctx.clone();
    let before = use_mut_ref(String::new);
    use_effect_with(id, move |id| {
        let first = before.borrow().is_empty();
        before.borrow_mut().clone_from(id);
        forget_thumbs();
        if !first {
            let place = first_place(&ctx_new.engine);
            ctx_new.act(Do::Reset);
            ctx_new.act(Do::Go(place));
        }
    });
}
