//! The table desk: what happens to each column, before and after, doubts, and the crowd.

mod action;
mod columns;
mod crowd;
mod decide;
mod model;
mod noticed;
mod rows;

use std::rc::Rc;

use cordon_protocol::Protocol;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::columns::Columns;
use self::crowd::CrowdView;
use self::decide::DecideView;
pub(crate) use self::model::Model;
use self::model::Stage;
use self::noticed::NoticedView;
use self::rows::RowsView;
use super::dom;
use super::format;
use super::icons::{Draw, Icon};
use super::state::{Ctx, Desk, Do};
use super::verdict::Badge;
use super::words::{protocol as p, table as w};
use crate::desk::{TableInfo, TableView};
use crate::engine::TableSource;

/// The one model of the view.
#[derive(Clone)]
pub(crate) struct Shared(pub(crate) Rc<Model>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Shared {
    type Target = Rc<Model>;
    fn deref(&self) -> &Rc<Model> {
        &self.0
    }
}

/// What the pages of the desk need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PageProps {
    pub(crate) model: Shared,
    pub(crate) protocol: Rc<Protocol>,
    pub(crate) info: Rc<TableInfo>,
    /// Grows whenever anything changed.
    pub(crate) tick: u32,
}

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Columns,
    Rows,
    Decide,
    Crowd,
    Noticed,
}

const TABS: [(Tab, &str); 5] = [
    (Tab::Columns, "table-tab-columns"),
    (Tab::Rows, "table-tab-rows"),
    (Tab::Decide, "table-tab-decide"),
    (Tab::Crowd, "table-tab-crowd"),
    (Tab::Noticed, "table-tab-noticed"),
];

/// Properties of [`TableDesk`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DeskProps {
    pub(crate) model: Shared,
}

/// The desk.
#[component]
pub(crate) fn TableDesk(props: &DeskProps) -> Html {
    let ctx = use_context::<Ctx>();
    let update = use_force_update();
    let model = props.model.clone();
    {
        let model = model.clone();
        use_effect_with((), move |()| {
            model.listen(Some(Callback::from(move |()| update.force_update())));
            move || model.listen(None)
        });
    }
    let tab = use_state_eq(|| Tab::Columns);
    let Some(ctx) = ctx else {
        return html! {};
    };
    let project = ctx.project().map(|p| Rc::new(p.protocol.clone()));
    let state = model.state();
    let (stage, tick, view) = (state.stage.clone(), state.tick, state.view.clone());
    let wrong = state.wrong.clone();
    let working = state.working;
    drop(state);
    let Some(protocol) = project else {
        return html! {
            <div class="desk" data-test="desk-table">
                <Head model={model} protocol={None::<Rc<Protocol>>} {tick} />
                <p class="nothing" role="status">{w::NO_SERVER}</p>
            </div>
        };
    };
    let body = match &stage {
        Stage::Empty => {
            html! { <Start model={model.clone()} protocol={protocol.clone()} broken={None::<String>} /> }
        }
        Stage::Broken(why) => {
            html! { <Start model={model.clone()} protocol={protocol.clone()} broken={Some(why.clone())} /> }
        }
        Stage::Reading => {
            html! { <div class="table-busy" role="status"><progress aria-label={w::READING}></progress><p>{w::READING}</p></div> }
        }
        Stage::Open(info) => {
            let page = PageProps {
                model: model.clone(),
                protocol: protocol.clone(),
                info: info.clone(),
                tick,
            };
            html! {
                <>
                    {sums(&model, &protocol, info, view.as_deref(), working)}
                    if let Some(why) = &wrong {
                        <p class="says refused" role="alert" data-test="table-wrong"><Draw icon={Icon::Refused} /><span>{super::approve::capital(why)}</span></p>
                    }
                    <div class="desk-tabs">
                        <div class="segments" role="tablist" aria-label={w::DESK}>
                            { for TABS.iter().zip(w::TABS).map(|((one, test), word)| {
                                let (pick, one) = (tab.setter(), *one);
                                let n = count(one, view.as_deref(), &model);
                                html! {
                                    <button type="button" role="tab" data-test={*test} aria-selected={(*tab == one).to_string()} onclick={move |_| pick.set(one)}>
                                        {word}
                                        if let Some(n) = n { <span class="muted">{format::count(n)}</span> }
                                    </button>
                                }
                            }) }
                        </div>
                    </div>
                    <div key={*tab as usize} class={classes!("desk-scroll", "table-page", (*tab == Tab::Rows).then_some("rows-page"))}>
                        { match *tab {
                            Tab::Columns => html! { <Columns ..page /> },
                            Tab::Rows => html! { <RowsView ..page /> },
                            Tab::Decide => html! { <DecideView ..page /> },
                            Tab::Crowd => html! { <CrowdView ..page /> },
                            Tab::Noticed => html! { <NoticedView ..page /> },
                        } }
                    </div>
                </>
            }
        }
    };
    let title = ctx
        .project()
        .map(|p| p.protocol.title.clone())
        .unwrap_or_default();
    html! {
        <div class="desk" data-test="desk-table" aria-busy={working.to_string()}>
            <Head model={model.clone()} protocol={Some(protocol.clone())} {tick} />
            {goes_along(&ctx, view.as_deref())}
            if matches!(stage, Stage::Open(_)) {
                <p class="desk-says" role="note"><Draw icon={Icon::Lock} /><span>{w::where_it_goes(&title)}</span></p>
            }
            {body}
        </div>
    }
}

/// The table that goes with the contribution, whatever stands on the desk.
fn goes_along(ctx: &Ctx, view: Option<&TableView>) -> Html {
    let Some(along) = ctx.engine.table_along() else {
        return html! {};
    };
    let r = &along.record;
    let changed = view
        .and_then(|v| v.record.as_ref())
        .is_some_and(|now| now.sha256 != r.sha256);
    let leave = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| {
            let ctx = ctx.clone();
            spawn_local(async move {
                let _ = ctx.engine.take_table_along(false).await;
            });
        })
    };
    html! {
        <div class="desk-says trial" role="status" data-test="table-along">
            <Draw icon={if along.sent { Icon::Check } else { Icon::Server }} />
            <span class="grow"><strong>{if along.sent { w::WENT_ALONG } else { w::GOES_ALONG }}</strong>{" "}{w::along(r.rows, r.columns, r.people)}{". "}
                if changed { {w::CHANGED_SINCE}{" "} }
                if !along.sent { {w::IN_MEMORY} }
            </span>
            if !along.sent {
                <button type="button" class="button" data-test="table-leave" onclick={leave}>{w::LEAVE_HERE}</button>
            }
        </div>
    }
}

/// What waits on a page.
fn count(tab: Tab, view: Option<&TableView>, model: &Model) -> Option<u64> {
    let view = view?;
    match tab {
        Tab::Decide => {
            let state = model.state();
            let open = view
                .doubts
                .iter()
                .filter(|d| !state.rejected.contains(&(d.row, d.column)));
            Some(open.count() as u64)
        }
        Tab::Columns => Some(view.columns.len() as u64),
        Tab::Crowd => view.risk.as_ref().map(|r| r.smallest),
        Tab::Noticed => Some(view.findings.len() as u64),
        Tab::Rows => None,
    }
}

/// The numbers at the top.
fn sums(
    model: &Shared,
    protocol: &Rc<Protocol>,
    info: &TableInfo,
    view: Option<&TableView>,
    working: bool,
) -> Html {
    let figure = |value: String, what: &'static str| {
        html! { <div class="meter"><span class="value">{value}</span><span class="what">{what}</span></div> }
    };
    let record = view.and_then(|v| v.record.as_ref());
    let smallest = view.and_then(|v| v.risk.as_ref()).map(|r| r.smallest);
    html! {
        <div class="meters" role="group" aria-label={w::DESK} data-test="table-sums">
            {figure(format::count(record.map_or(info.rows, |r| r.rows)), w::ROWS)}
            {figure(format!("{} / {}", view.map_or(0, |v| v.columns.len()), info.columns.len()), w::COLUMNS_LEAVE)}
            {figure(record.map_or_else(|| "–".to_owned(), |r| format::count(r.people)), w::PEOPLE)}
            {figure(smallest.map_or_else(|| w::NOT_MEASURED.to_owned(), format::count), w::SMALLEST)}
            <div class="meter" data-test="table-verdict"><span class="value"><Badge verdict={view.map(|v| v.verdict)} /></span>
                <span class="what" role="status">{if working { w::WORKING } else { p::VERDICT }}</span></div>
            if let Some((sheet, others)) = info.sheet.as_ref().filter(|(_, others)| !others.is_empty()) {
                <label class="labelled"><span>{w::SHEET}</span>
                    <select class="field" data-test="table-sheet" onchange={{
                        let (model, protocol) = (model.clone(), protocol.clone());
                        Callback::from(move |e: Event| model.sheet(action::chosen(&e), (*protocol).clone()))
                    }}>
                        <option value={sheet.clone()} selected=true>{sheet.clone()}</option>
                        { for others.iter().map(|o| html! { <option value={o.clone()}>{o.clone()}</option> }) }
                    </select>
                </label>
            }
        </div>
    }
}

/// Properties of [`Start`].
#[derive(Clone, PartialEq, Properties)]
struct StartProps {
    model: Shared,
    protocol: Rc<Protocol>,
    broken: Option<String>,
}

/// Before there is a table, and when it cannot be read.
#[component]
fn Start(props: &StartProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let dropped = ctx.engine.with(|c| {
        let files = ctx.snap.tables.iter().filter_map(|id| c.file(*id));
        files
            .map(|f| (f.id, f.name.clone(), f.size))
            .collect::<Vec<_>>()
    });
    html! {
        <div class="collect-empty">
            if let Some(why) = &props.broken {
                <section class="broken" role="alert" data-test="table-broken">
                    <h1>{w::BROKEN}</h1>
                    <p>{super::approve::capital(why)}</p>
                </section>
            }
            <div class="drop">
                <Draw icon={Icon::Rows} class="glyph" />
                <div><h1>{w::EMPTY_TITLE}</h1><p class="muted">{w::EMPTY_SUB}</p></div>
                <div class="buttons"><Choose model={props.model.clone()} protocol={props.protocol.clone()} first=true /></div>
            </div>
            if !dropped.is_empty() {
                <section class="table-dropped">
                    <h2>{w::DROPPED}</h2>
                    <ul class="asked">
                        { for dropped.into_iter().map(|(id, name, size)| {
                            let (model, protocol) = (props.model.clone(), props.protocol.clone());
                            html! {
                                <li data-test="table-dropped"><Draw icon={Icon::Document} /><span class="grow personal">{name}</span><span class="muted">{format::bytes(size)}</span>
                                    <button type="button" class="button" onclick={move |_| model.open(TableSource::Dropped(id), None, (*protocol).clone())}>{w::LOOK}</button></li>
                            }
                        }) }
                    </ul>
                </section>
            }
            <ul class="promise">
                { for [Icon::Shield, Icon::Check, Icon::Person].into_iter().zip(w::PROMISE).map(|(icon, text)| html! { <li><Draw {icon} /><span>{text}</span></li> }) }
            </ul>
        </div>
    }
}

/// Properties of [`Choose`].
#[derive(Clone, PartialEq, Properties)]
struct ChooseProps {
    model: Shared,
    protocol: Rc<Protocol>,
    #[prop_or_default]
    first: bool,
}

/// Opens the picker.
#[component]
fn Choose(props: &ChooseProps) -> Html {
    let picker = use_node_ref();
    let chosen = {
        let (model, protocol) = (props.model.clone(), props.protocol.clone());
        Callback::from(move |e: Event| {
            if let Some(file) = picked(&e) {
                model.open(TableSource::Chosen(file), None, (*protocol).clone());
            }
        })
    };
    let open = click(&picker);
    let class = classes!("button", props.first.then_some("primary"));
    html! {
        <>
            <input ref={picker} type="file" hidden=true aria-hidden="true" tabindex="-1" accept=".csv,.tsv,.txt,.xlsx" data-test="table-file" onchange={chosen} />
            <button type="button" {class} data-test="table-choose" onclick={open}><Draw icon={Icon::Folder} />{if props.first { w::CHOOSE } else { w::ANOTHER }}</button>
        </>
    }
}

fn click(picker: &NodeRef) -> Callback<MouseEvent> {
    let picker = picker.clone();
    Callback::from(move |_: MouseEvent| {
        if let Some(input) = picker.cast::<web_sys::HtmlInputElement>() {
            input.click();
        }
    })
}

fn picked(event: &Event) -> Option<web_sys::File> {
    let target = event.target()?;
    let input = target.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    let file = input.files().and_then(|l| l.get(0));
    input.set_value("");
    file
}

/// Properties of [`Head`].
#[derive(Clone, PartialEq, Properties)]
struct HeadProps {
    model: Shared,
    protocol: Option<Rc<Protocol>>,
    tick: u32,
}

#[component]
fn Head(props: &HeadProps) -> Html {
    let ctx = use_context::<Ctx>();
    let picker = use_node_ref();
    let Some(ctx) = ctx else {
        return html! {};
    };
    let model = props.model.clone();
    let state = model.state();
    let open = matches!(state.stage, Stage::Open(_));
    let can_save = state.view.as_ref().is_some_and(|v| v.record.is_some()) && !state.working;
    drop(state);
    let back = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Desk(None)))
    };
    let save = {
        let (ctx, model) = (ctx.clone(), model.clone());
        Callback::from(move |_: MouseEvent| {
            let (ctx, model) = (ctx.clone(), model.clone());
            spawn_local(async move {
                match ctx.engine.table_file().await {
                    Ok(bytes) => {
                        dom::save_file(w::FILE_NAME, w::CSV, &bytes);
                    }
                    Err(why) => model.say(why),
                }
            });
        })
    };
    let save_mapping = {
        let (ctx, model) = (ctx.clone(), model.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(mapping) = model.state().mapping.clone() else {
                return;
            };
            let (ctx, model) = (ctx.clone(), model.clone());
            spawn_local(async move {
                match ctx.engine.write_mapping(&mapping).await {
                    Ok(text) => {
                        dom::save_file(w::MAPPING_FILE, w::TOML, text.as_bytes());
                    }
                    Err(why) => model.say(why),
                }
            });
        })
    };
    let take_mapping = {
        let (model, protocol) = (model.clone(), props.protocol.clone());
        Callback::from(move |e: Event| {
            if let (Some(file), Some(protocol)) = (picked(&e), &protocol) {
                model.open_mapping(file, (**protocol).clone());
            }
        })
    };
    let take = {
        let (ctx, model) = (ctx.clone(), model.clone());
        Callback::from(move |_: MouseEvent| {
            let (ctx, model) = (ctx.clone(), model.clone());
            spawn_local(async move {
                match ctx.engine.take_table_along(true).await {
                    Ok(()) => model.refresh(),
                    Err(why) => model.say(why),
                }
            });
        })
    };
    let away = {
        let model = model.clone();
        Callback::from(move |_: MouseEvent| model.put_away())
    };
    html! {
        <header class="desk-head">
            <button type="button" class="button quiet" data-test="desk-back" onclick={back}>
                <Draw icon={Icon::Back} />{format!("{} {}", p::BACK, ctx.ui.place.word())}
            </button>
            <h1>{w::DESK}</h1>
            if let (true, Some(protocol)) = (open, &props.protocol) {
                <div class="desk-actions">
                    <Choose model={model.clone()} protocol={protocol.clone()} />
                    <input ref={picker.clone()} type="file" hidden=true aria-hidden="true" tabindex="-1" accept=".toml" data-test="mapping-file" onchange={take_mapping} />
                    <button type="button" class="button" title={w::MAPPING_TITLE} data-test="mapping-open" onclick={click(&picker)}>{w::OPEN_MAPPING}</button>
                    <button type="button" class="button" title={w::MAPPING_TITLE} data-test="mapping-save" onclick={save_mapping}>{w::SAVE_MAPPING}</button>
                    <button type="button" class="button" data-test="table-away" onclick={away}>{w::AWAY}</button>
                    <button type="button" class="button" disabled={!can_save} data-test="table-save" onclick={save}><Draw icon={Icon::Save} />{w::SAVE}</button>
                    <button type="button" class="button primary" disabled={!can_save || ctx.snap.approved} title={w::TAKE_ALONG_TITLE} data-test="table-take" onclick={take}><Draw icon={Icon::Server} />{w::TAKE_ALONG}</button>
                </div>
            }
        </header>
    }
}

/// Properties of [`OpenTable`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct OpenProps {
    /// Where there is little room.
    #[prop_or_default]
    pub(crate) short: bool,
}

/// The button that leads here.
#[component]
pub(crate) fn OpenTable(props: &OpenProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    html! {
        <button type="button" class="button" data-test="open-table" title={w::OPEN_DESK} onclick={move |_| ctx.act(Do::Desk(Some(Desk::Table)))}>
            <Draw icon={Icon::Rows} />{if props.short { w::OPEN_SHORT } else { w::OPEN_DESK }}
        </button>
    }
}
