//! The protocol desk: the project's protocol in plain words, and a variant to try out.

mod attributes;
mod edit;
mod effect;
mod fields;
mod finder;
mod options;
mod require;
mod said;
mod trial;

use std::rc::Rc;

use cordon_protocol::Protocol;
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use self::attributes::Attributes;
use self::edit::Spot;
use self::effect::EffectView;
use self::options::Options;
use self::require::Requirements;
use self::said::Said;
pub(crate) use self::trial::Trial;
use super::dom;
use super::icons::{Draw, Icon};
use super::state::{Ctx, Do};
use super::words::protocol as w;

/// What the sections of the editor need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct EditProps {
    pub(crate) trial: Shared,
    pub(crate) protocol: Rc<Protocol>,
    /// Grows with every change that was taken or refused.
    pub(crate) revision: u32,
}

/// The one model of the view.
#[derive(Clone)]
pub(crate) struct Shared(pub(crate) Rc<Trial>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Shared {
    type Target = Rc<Trial>;
    fn deref(&self) -> &Rc<Trial> {
        &self.0
    }
}

/// Which page of the left side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Change,
    Words,
    File,
}

const TABS: [(Tab, &str); 3] = [
    (Tab::Change, "protocol-tab-change"),
    (Tab::Words, "protocol-tab-words"),
    (Tab::File, "protocol-tab-file"),
];

/// Properties of [`ProtocolDesk`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DeskProps {
    pub(crate) trial: Shared,
}

/// The desk.
#[component]
pub(crate) fn ProtocolDesk(props: &DeskProps) -> Html {
    let ctx = use_context::<Ctx>();
    let update = use_force_update();
    let trial = props.trial.clone();
    {
        let trial = trial.clone();
        use_effect_with((), move |()| {
            trial.listen(Some(Callback::from(move |()| update.force_update())));
            move || trial.listen(None)
        });
    }
    let tab = use_state_eq(|| Tab::Change);
    let scroll = use_node_ref();
    {
        // What became of a script stands at the top.
        let scroll = scroll.clone();
        use_effect_with(trial.state().script.clone(), move |_| {
            if let Some(element) = scroll.cast::<web_sys::Element>() {
                element.set_scroll_top(0);
            }
        });
    }
    let Some(ctx) = ctx else {
        return html! {};
    };
    let Some(project) = ctx.project().map(|p| p.protocol.clone()) else {
        return html! {
            <div class="desk" data-test="desk-protocol">
                <Head trial={trial} project={None::<Rc<Protocol>>} tick={0} />
                <p class="nothing" role="status">{w::WAITING}</p>
            </div>
        };
    };
    let project = Rc::new(project);
    let state = trial.state();
    let variant = state.protocol.clone().map(Rc::new);
    let (revision, tick) = (state.revision, state.tick);
    let toml = state
        .file
        .as_ref()
        .map(|f| f.toml.clone())
        .unwrap_or_default();
    let script = state.script.clone();
    drop(state);
    let undo = {
        let trial = trial.clone();
        Callback::from(move |e: KeyboardEvent| {
            let key = e.key().to_lowercase();
            if !(e.ctrl_key() || e.meta_key()) || fields::in_text(&e) {
                return;
            }
            match key.as_str() {
                "z" => trial.step(!e.shift_key()),
                "y" => trial.step(false),
                _ => return,
            }
            e.prevent_default();
        })
    };
    let body = match &variant {
        None => html! {
            <div class="desk-body single">
                <div class="desk-side"><Said trial={trial.clone()} protocol={project.clone()} revision={0} /></div>
            </div>
        },
        Some(variant) => html! {
            <div class="desk-body">
                <div class="desk-side">
                    <div class="desk-tabs">
                        <div class="segments" role="tablist" aria-label={w::DESK}>
                            { for TABS.iter().zip(w::TABS).map(|((one, test), word)| {
                                let (pick, one) = (tab.setter(), *one);
                                html! {
                                    <button type="button" role="tab" data-test={*test} aria-selected={(*tab == one).to_string()}
                                        onclick={move |_| pick.set(one)}>{word}</button>
                                }
                            }) }
                        </div>
                    </div>
                    <div class="desk-scroll" ref={scroll}>
                        if let Some(script) = &script {
                            {carried(script)}
                        }
                        { match *tab {
                            Tab::Change => html! {
                                <>
                                    <fields::Name trial={trial.clone()} protocol={variant.clone()} {revision} />
                                    <Options trial={trial.clone()} protocol={variant.clone()} {revision} />
                                    <fields::Pseudonym trial={trial.clone()} protocol={variant.clone()} {revision} />
                                    <Attributes trial={trial.clone()} protocol={variant.clone()} {revision} />
                                    <Requirements trial={trial.clone()} protocol={variant.clone()} {revision} />
                                </>
                            },
                            Tab::Words => html! { <Said trial={trial.clone()} protocol={variant.clone()} {revision} /> },
                            Tab::File => html! { <pre class="desk-file mono" tabindex="0" data-test="protocol-toml">{toml}</pre> },
                        } }
                    </div>
                </div>
                <EffectView trial={trial.clone()} project={project.clone()} variant={variant.clone()} {tick} />
            </div>
        },
    };
    html! {
        <div class="desk" data-test="desk-protocol" onkeydown={undo}>
            <Head trial={trial.clone()} project={Some(project.clone())} {tick} />
            <p class={classes!("desk-says", variant.is_some().then_some("trial"))} role="note" data-test="desk-says">
                <Draw icon={if variant.is_some() { Icon::Held } else { Icon::Lock }} />
                <span>{if variant.is_some() { w::trial(&project.title, project.version) } else { w::obeyed(&project.title, project.version) }}</span>
            </p>
            {refusal(&trial, Spot::File)}
            {body}
        </div>
    }
}

/// What was refused at a place, in the words of the protocol crate.
pub(crate) fn refusal(trial: &Trial, spot: Spot) -> Html {
    let state = trial.state();
    match state.refusal(spot) {
        None => html! {},
        Some(fault) => html! {
            <p class="says refused" role="alert" data-test="protocol-refused">
                <Draw icon={Icon::Refused} />
                <span><strong>{w::NOT_TAKEN}{": "}</strong>{fault.sentence.clone()}</span>
            </p>
        },
    }
}

fn carried(script: &crate::desk::Script) -> Html {
    let rest = script.not_carried.len();
    html! {
        <section class="desk-section" data-test="ctp-report">
            <h2>{w::CTP}</h2>
            <p>{w::carried(script.carried, rest, script.disabled)}{" "}{if rest == 0 { w::CTP_ALL } else { w::CTP_REST }}</p>
            if rest > 0 {
                <div class="desk-table-scroll" tabindex="0" role="region" aria-label={w::CTP}>
                    <table class="desk-table">
                        <thead><tr>{ for w::CTP_COLUMNS.iter().map(|c| html! { <th scope="col">{*c}</th> }) }</tr></thead>
                        <tbody>
                            { for script.not_carried.iter().map(|(line, element, reason)| html! {
                                <tr data-test="ctp-not-carried"><td class="num">{*line}</td><td>{element.clone()}</td><td>{reason.clone()}</td></tr>
                            }) }
                        </tbody>
                    </table>
                </div>
            }
        </section>
    }
}

/// Properties of [`Head`].
#[derive(Clone, PartialEq, Properties)]
struct HeadProps {
    trial: Shared,
    project: Option<Rc<Protocol>>,
    /// Grows whenever anything changed.
    tick: u32,
}

/// The way back, and what can be done with the whole.
#[component]
fn Head(props: &HeadProps) -> Html {
    let ctx = use_context::<Ctx>();
    let picker = use_node_ref();
    let sure = use_state_eq(|| false);
    let Some(ctx) = ctx else {
        return html! {};
    };
    let trial = props.trial.clone();
    let back = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Desk(None)))
    };
    let state = trial.state();
    let editing = state.protocol.is_some();
    let (can_undo, can_redo) = (state.can_undo(), state.can_redo());
    let toml = state.file.as_ref().map(|f| f.toml.clone());
    drop(state);
    let pick = {
        let picker = picker.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = picker.cast::<web_sys::HtmlInputElement>() {
                input.click();
            }
        })
    };
    let chosen = {
        let trial = trial.clone();
        Callback::from(move |e: Event| {
            let input = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
            let Some(input) = input else { return };
            if let Some(file) = input.files().and_then(|l| l.get(0)) {
                trial.open(file);
            }
            input.set_value("");
        })
    };
    let step = |back: bool| {
        let trial = trial.clone();
        Callback::from(move |_: MouseEvent| trial.step(back))
    };
    let save = Callback::from(move |_: MouseEvent| {
        if let Some(toml) = &toml {
            dom::save_file(w::FILE_NAME, w::TOML, toml.as_bytes());
        }
    });
    let start = {
        let (trial, project) = (trial.clone(), props.project.clone());
        Callback::from(move |e: Event| {
            let select = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
            let Some(select) = select else { return };
            match (select.value().as_str(), &project) {
                ("project", Some(project)) => trial.begin(project),
                ("" | "project", _) => {}
                (id, _) => trial.ready(id.to_owned()),
            }
            select.set_value("");
        })
    };
    let begin = {
        let (trial, project) = (trial.clone(), props.project.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(project) = &project {
                trial.begin(project);
            }
        })
    };
    let away = {
        let (trial, sure) = (trial.clone(), sure.clone());
        Callback::from(move |_: MouseEvent| {
            if *sure {
                trial.put_away();
            }
            sure.set(!*sure);
        })
    };
    html! {
        <header class="desk-head">
            <button type="button" class="button quiet" data-test="desk-back" onclick={back}>
                <Draw icon={Icon::Back} />{format!("{} {}", w::BACK, ctx.ui.place.word())}
            </button>
            <h1>{if editing { w::DESK } else { w::READING }}</h1>
            <input ref={picker} type="file" hidden=true aria-hidden="true" tabindex="-1" accept=".toml,.xml,.script,.txt"
                data-test="protocol-file" onchange={chosen} />
            <div class="desk-actions">
                if editing {
                    <button type="button" class="button quiet" data-test="protocol-undo" disabled={!can_undo} onclick={step(true)}><Draw icon={Icon::Undo} />{w::UNDO}</button>
                    <button type="button" class="button quiet" data-test="protocol-redo" disabled={!can_redo} onclick={step(false)}><Draw icon={Icon::Undo} class="flip" />{w::REDO}</button>
                }
                if props.project.is_some() {
                    <select class="field" aria-label={w::START} data-test="protocol-start" onchange={start}>
                        <option value="" selected=true>{w::START}{" …"}</option>
                        <option value="project">{w::START_PROJECT}</option>
                        { for cordon_protocol::READY.iter().map(|r| html! { <option value={r.id}>{r.id}</option> }) }
                    </select>
                    <button type="button" class="button" title={w::OPEN_TITLE} data-test="protocol-open" onclick={pick}><Draw icon={Icon::Folder} />{w::OPEN}</button>
                }
                if editing {
                    <button type="button" class="button" data-test="protocol-away" onclick={away}>{if *sure { w::END_SURE } else { w::END }}</button>
                    <button type="button" class="button primary" data-test="protocol-save" onclick={save}><Draw icon={Icon::Save} />{w::SAVE}</button>
                } else if props.project.is_some() {
                    <button type="button" class="button primary" title={w::BEGIN_SUB} data-test="protocol-begin" onclick={begin}>{w::BEGIN}</button>
                }
            </div>
        </header>
    }
}

/// Properties of [`OpenDesk`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct OpenProps {
    /// Where there is little room.
    #[prop_or_default]
    pub(crate) short: bool,
}

/// The button that leads here.
#[component]
pub(crate) fn OpenDesk(props: &OpenProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    html! {
        <button type="button" class="button" data-test="open-protocol" title={w::OPEN_DESK}
            onclick={move |_| ctx.act(Do::Desk(Some(super::state::Desk::Protocol)))}>
            <Draw icon={Icon::Document} />{if props.short { w::OPEN_SHORT } else { w::OPEN_DESK }}
        </button>
    }
}
