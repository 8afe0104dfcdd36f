//! Every attribute, before and after, with the rule and the reason.

use std::rc::Rc;

use cordon_contribute::{AttributeRow, FileId};
use cordon_protocol::TagPath;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::passphrase::typed;
use super::protocol::OpenDesk;
use super::scroll::{bring, use_scrolled};
use super::state::Ctx;
use super::words::{self, Did, did, rule};

/// Properties of [`HeaderView`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct HeaderProps {
    /// The file.
    pub(crate) file: FileId,
    /// The attribute to show.
    pub(crate) tag: Option<TagPath>,
    /// Changes when the file was cleaned: asks again.
    pub(crate) cleaned: bool,
}

type Loaded = Option<Result<Rc<Vec<AttributeRow>>, String>>;

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    Only(Did),
    All,
}

const FILTERS: [(Filter, &str); 4] = [
    (Filter::Only(Did::Removed), "header-filter-removed"),
    (Filter::Only(Did::Replaced), "header-filter-replaced"),
    (Filter::Only(Did::Kept), "header-filter-kept"),
    (Filter::All, "header-filter-all"),
];

impl Filter {
    fn takes(self, row: &AttributeRow) -> bool {
        match self {
            Self::Only(kind) => did(row.action).0 == kind,
            Self::All => true,
        }
    }
}

fn fits(row: &AttributeRow, needle: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(needle);
    needle.is_empty()
        || holds(&row.name)
        || holds(&row.path.to_string())
        || row.before.as_deref().is_some_and(holds)
        || row.after.as_deref().is_some_and(holds)
}

/// The view.
#[component]
pub(crate) fn HeaderView(props: &HeaderProps) -> Html {
    let ctx = use_context::<Ctx>();
    let loaded: UseStateHandle<Loaded> = use_state(|| None);
    {
        let (ctx, put) = (ctx.clone(), loaded.setter());
        use_effect_with((props.file, props.cleaned), move |(file, _)| {
            let file = *file;
            let current = Rc::new(std::cell::Cell::new(true));
            put.set(None);
            if let Some(ctx) = ctx {
                let current = current.clone();
                spawn_local(async move {
                    let rows = ctx.engine.header(file).await.map(Rc::new);
                    if current.get() {
                        put.set(Some(rows));
                    }
                });
            }
            move || current.set(false)
        });
    }
    let filter = use_state_eq(|| Filter::All);
    let needle = use_state_eq(String::new);
    {
        // A finding leads here: whatever filter hides its attribute is lifted.
        let (filter, needle) = (filter.setter(), needle.setter());
        use_effect_with(props.tag.clone(), move |tag| {
            if tag.is_some() {
                filter.set(Filter::All);
                needle.set(String::new());
            }
        });
    }
    let all = match &*loaded {
        Some(Ok(rows)) => rows.clone(),
        _ => Rc::default(),
    };
    let shown = use_memo(
        (all.clone(), *filter, (*needle).clone()),
        |(all, filter, needle)| {
            let needle = needle.trim().to_lowercase();
            all.iter()
                .enumerate()
                .filter(|(_, r)| filter.takes(r) && fits(r, &needle))
                .map(|(i, _)| i)
                .collect::<Vec<usize>>()
        },
    );
    let list = use_scrolled(shown.len());
    let at = props.tag.as_ref().and_then(|tag| {
        shown
            .iter()
            .position(|i| all.get(*i).is_some_and(|r| r.path == *tag))
    });
    {
        let node = list.node.clone();
        use_effect_with((props.tag.clone(), at), move |(_, at)| {
            if let Some(at) = at {
                bring(&node, *at);
            }
        });
    }
    let oninput = {
        let needle = needle.setter();
        Callback::from(move |e: InputEvent| needle.set(typed(&e)))
    };
    let visible = shown
        .get(list.slice.first..list.slice.end)
        .unwrap_or_default();
    html! {
        <div class="header-view">
            <div class="header-tools">
                <OpenDesk short=true />
                <div class="segments" role="group" aria-label={words::HEADER}>
                    { for FILTERS.iter().zip(words::FILTERS).map(|((kind, test), word)| {
                        let n = all.iter().filter(|r| kind.takes(r)).count();
                        let (pick, kind) = (filter.setter(), *kind);
                        html! {
                            <button type="button" data-test={*test} aria-pressed={(*filter == kind).to_string()}
                                onclick={move |_| pick.set(kind)}>{word}<span class="muted">{format::count(n as u64)}</span></button>
                        }
                    }) }
                </div>
                <input class="field" type="search" placeholder={words::SEARCH} aria-label={words::SEARCH}
                    data-test="header-search" value={(*needle).clone()} {oninput} />
            </div>
            <div class="header-head" aria-hidden="true">
                { for words::HEADER_COLUMNS.iter().enumerate().map(|(i, word)| html! {
                    <span class={match i { 2 => "cut col-vr", 6 => "cut col-why", _ => "cut" }}>{*word}</span>
                }) }
            </div>
            <div class="scroller" ref={list.node.clone()} onscroll={list.onscroll.clone()} tabindex="0"
                role="table" aria-label={words::HEADER} aria-rowcount={shown.len().to_string()}>
                <div ref={list.above.clone()}></div>
                { for visible.iter().enumerate().filter_map(|(n, i)| {
                    let number = list.slice.first + n;
                    all.get(*i).map(|row| line(row, number, at == Some(number)))
                }) }
                <div ref={list.below.clone()}></div>
                { match &*loaded {
                    None => html! { <p class="nothing">{words::READING_HEADER}</p> },
                    Some(Err(why)) => html! { <p class="nothing" role="alert">{why.clone()}</p> },
                    Some(Ok(_)) if shown.is_empty() => html! { <p class="nothing">{words::NO_ROWS}</p> },
                    _ => html! {},
                } }
            </div>
        </div>
    }
}

fn line(row: &AttributeRow, number: usize, current: bool) -> Html {
    let (kind, word, meaning) = did(row.action);
    let (class, icon) = match kind {
        Did::Removed => ("removed", Icon::Close),
        Did::Replaced => ("replaced", Icon::Arrow),
        Did::Kept => ("kept", Icon::Check),
    };
    let path = row.path.to_string();
    let depth = "↳ ".repeat(row.path.depth().min(4));
    let action = serde_json::to_value(row.action)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned));
    let why = rule(row.rule);
    let changed = kind != Did::Kept && row.before.is_some();
    html! {
        <div key={number} class="row header-grid" role="row" data-test="header-row" data-action={action}
            aria-rowindex={(number + 1).to_string()} aria-selected={current.to_string()} title={format!("{path}  {}", row.name)}>
            <span class="cell path mono" role="cell">{depth}{row.path.tag.to_string()}</span>
            <span class="cell" role="cell">{row.name.clone()}</span>
            <span class="cell col-vr mono" role="cell">{row.vr.clone()}</span>
            <span class={classes!("cell", "before", changed.then_some("changed"), (kind != Did::Kept).then_some("personal"))}
                role="cell" title={row.before.clone()}>{value(row.before.as_deref())}</span>
            <span class="cell after" role="cell" title={row.after.clone()}>{value(row.after.as_deref())}</span>
            <span class={classes!("did", class)} role="cell" title={meaning}><Draw {icon} />{word}</span>
            <span class="cell col-why why" role="cell" title={why}>{why}</span>
        </div>
    }
}

fn value(text: Option<&str>) -> Html {
    match text {
        None => html! { <span class="gone">{words::ABSENT}</span> },
        Some("") => html! { <span class="gone">{words::EMPTY}</span> },
        Some(text) => html! { {text.to_owned()} },
    }
}
