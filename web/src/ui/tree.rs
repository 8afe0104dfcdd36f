//! The tree on the screen: patients, studies, series, in rows of one height.
//!
//! One element holds the focus and names the current row (`aria-activedescendant`),
//! because rows come and go while the list scrolls.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use cordon_contribute::FileId;
use yew::prelude::*;

use super::dom;
use super::icons::{Draw, Icon};
use super::rows::{OTHERS, Row};
use super::scroll::{bring, use_scrolled};
use super::state::{Ctx, Do, Place};
use super::tree_row::{self, Geometries};
use super::words;

/// Properties of [`TreeView`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct TreeProps {
    /// Without a heading, beside the images.
    #[prop_or_default]
    pub(crate) compact: bool,
}

/// Whether a row shows what is below it.
fn is_open(ctx: &Ctx, row: Row) -> bool {
    match row {
        Row::Others => ctx.ui.folded.contains(OTHERS),
        _ => ctx
            .snap
            .tree
            .key(row)
            .is_none_or(|k| !ctx.ui.folded.contains(&k)),
    }
}

fn fold(ctx: &Ctx, row: Row) {
    if let Some(key) = ctx.snap.tree.key(row).filter(|_| row.folds()) {
        ctx.act(Do::Fold(key));
    }
}

/// The keys of a tree, as WAI-ARIA describes them. Says whether it was one of them.
fn key_down(ctx: &Ctx, rows: &[Row], at: Option<usize>, key: &str) -> bool {
    let go = |i: usize| {
        if let Some(row) = rows.get(i) {
            ctx.select(*row);
        }
    };
    let last = rows.len().saturating_sub(1);
    let here = at.and_then(|i| rows.get(i).copied());
    match (key, at, here) {
        ("ArrowDown", Some(i), _) => go((i + 1).min(last)),
        ("ArrowUp", Some(i), _) => go(i.saturating_sub(1)),
        ("PageDown", Some(i), _) => go((i + 20).min(last)),
        ("PageUp", Some(i), _) => go(i.saturating_sub(20)),
        ("ArrowDown" | "Home", _, _) => go(0),
        ("ArrowUp" | "End", _, _) => go(last),
        ("ArrowLeft", _, Some(row)) if row.folds() && is_open(ctx, row) => fold(ctx, row),
        ("ArrowLeft", _, Some(row)) => {
            if let Some(parent) = row.parent() {
                ctx.select(parent);
            }
        }
        ("ArrowRight", _, Some(row)) if row.folds() && !is_open(ctx, row) => fold(ctx, row),
        ("ArrowRight", Some(i), Some(row)) => {
            if rows.get(i + 1).is_some_and(|r| r.level() > row.level()) {
                go(i + 1);
            }
        }
        ("Enter", _, Some(_)) => ctx.act(Do::Go(Place::Review)),
        (" ", _, Some(row)) => fold(ctx, row),
        _ => return false,
    }
    true
}

/// The tree.
#[component]
pub(crate) fn TreeView(props: &TreeProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let rows = use_memo(
        (
            ctx.snap.revision,
            Rc::as_ptr(&ctx.snap),
            ctx.ui.folded.clone(),
        ),
        |(_, _, folded)| ctx.snap.tree.rows(folded),
    );
    let list = use_scrolled(rows.len());
    let geometries = use_memo((), |()| RefCell::new(Geometries::default()));
    let selected = ctx.selected();
    let at = selected.and_then(|row| rows.iter().position(|r| *r == row));
    let tree_node = use_node_ref();
    {
        let node = list.node.clone();
        let key = ctx.ui.selected.as_ref().map(|(_, k)| k.clone());
        use_effect_with((key, at.is_some()), move |_| {
            if let Some(i) = at {
                bring(&node, i);
            }
        });
    }
    let onkeydown = {
        let (ctx, rows) = (ctx.clone(), rows.clone());
        Callback::from(move |e: KeyboardEvent| {
            if !(e.ctrl_key() || e.meta_key() || e.alt_key()) && key_down(&ctx, &rows, at, &e.key())
            {
                e.prevent_default();
                e.stop_propagation();
            }
        })
    };
    let pick = {
        let (ctx, tree_node) = (ctx.clone(), tree_node.clone());
        Callback::from(move |row: Row| {
            ctx.select(row);
            dom::focus(&tree_node);
        })
    };
    let twist = {
        let ctx = ctx.clone();
        Callback::from(move |row: Row| fold(&ctx, row))
    };
    let open = {
        let ctx = ctx.clone();
        Callback::from(move |row: Row| {
            if matches!(row, Row::Series(..)) {
                ctx.select(row);
                ctx.act(Do::Go(Place::Review));
            } else {
                fold(&ctx, row);
            }
        })
    };
    let active = at.map(|i| format!("cordon-row-{i}"));
    let shown = rows
        .get(list.slice.first..list.slice.end)
        .unwrap_or_default();
    html! {
        <div class="tree" data-test="tree">
            if !props.compact {
                <div class="tree-head" aria-hidden="true">
                    { head(0, "") }{ head(1, "col-modality") }{ head(2, "col-part") }
                    { head(3, "num") }{ head(4, "col-geometry") }{ head(5, "num col-bytes") }
                    { head(6, "col-marks") }{ head(7, "col-verdict") }
                </div>
            }
            <div class="scroller" ref={list.node.clone()} onscroll={list.onscroll.clone()}>
                <div class="tree-list" role="tree" tabindex="0" aria-label={words::TREE} ref={tree_node}
                    aria-activedescendant={active} {onkeydown}>
                    <div ref={list.above.clone()} role="none"></div>
                    { for shown.iter().enumerate().map(|(n, row)| {
                        let i = list.slice.first + n;
                        tree_row::draw(&tree_row::RowView {
                            ctx: &ctx,
                            row: *row,
                            id: i,
                            current: at == Some(i),
                            open: row.folds().then(|| is_open(&ctx, *row)),
                            geometries: &geometries,
                            pick: &pick,
                            twist: &twist,
                            enter: &open,
                        })
                    }) }
                    <div ref={list.below.clone()} role="none"></div>
                </div>
            </div>
        </div>
    }
}

fn head(column: usize, class: &'static str) -> Html {
    let word = words::COLUMNS.get(column).copied().unwrap_or_default();
    html! { <span class={classes!("cut", class)}>{word}</span> }
}

/// Properties of [`Thumb`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ThumbProps {
    /// The file whose picture it is.
    pub(crate) file: FileId,
    /// Whether it can have been made; a change asks again.
    pub(crate) ready: bool,
}

/// How long a row must stay before its picture is asked for.
const REST_MS: i32 = 80;

thread_local! {
    /// Addresses of thumbnails that were made already, so that scrolling does not flicker.
    static MADE: RefCell<HashMap<FileId, AttrValue>> = RefCell::new(HashMap::new());
}

/// Forgets the addresses, when a new contribution begins and file numbers start again.
pub(crate) fn forget_thumbs() {
    MADE.with_borrow_mut(HashMap::clear);
}

/// A small picture of a series.
#[component]
pub(crate) fn Thumb(props: &ThumbProps) -> Html {
    let ctx = use_context::<Ctx>();
    let made = |file: FileId| MADE.with_borrow(|m| m.get(&file).cloned());
    let url = use_state_eq(|| made(props.file));
    {
        let url = url.setter();
        use_effect_with((props.file, props.ready), move |(file, ready)| {
            let file = *file;
            let here = Rc::new(Cell::new(true));
            url.set(made(file));
            if let Some(ctx) = ctx.filter(|_| *ready && made(file).is_none()) {
                let here = here.clone();
                // A row that only flies past while somebody scrolls needs no picture.
                dom::after(REST_MS, move || {
                    if here.get() {
                        wasm_bindgen_futures::spawn_local(async move {
                            if let Some(address) = ctx.engine.thumbnail(file).await {
                                let address = AttrValue::from(address);
                                MADE.with_borrow_mut(|m| m.insert(file, address.clone()));
                                url.set(Some(address));
                            }
                        });
                    }
                });
            }
            move || here.set(false)
        });
    }
    html! {
        <span class="thumb personal">
            if let Some(src) = (*url).clone() {
                <img {src} alt="" loading="lazy" draggable="false" />
            } else {
                <Draw icon={Icon::Picture} />
            }
        </span>
    }
}
