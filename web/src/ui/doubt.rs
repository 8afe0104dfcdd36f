//! Words: every doubtful word once, in what text it stands, and whether it stays or goes.

use std::collections::BTreeSet;
use std::rc::Rc;

use cordon_contribute::{Excerpt, attribute_name};
use cordon_protocol::Tag;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::scroll::{bring, use_scrolled};
use super::state::{Ctx, Do};
use super::words::{self, doubt};
use crate::engine::WordRow;

/// How many words are not decided.
pub(crate) fn open_words(rows: &[WordRow]) -> usize {
    rows.iter().filter(|r| r.said.is_none()).count()
}

/// The word that the keys are about: the chosen one, or the first that waits.
fn current(ctx: &Ctx) -> Option<usize> {
    let rows = &ctx.snap.words;
    let chosen = ctx.ui.word.as_ref();
    chosen
        .and_then(|key| rows.iter().position(|r| r.key == *key))
        .or_else(|| rows.iter().position(|r| r.said.is_none()))
        .or_else(|| (!rows.is_empty()).then_some(0))
}

/// What a decision is about: what is selected, or the current word.
fn reach(ctx: &Ctx) -> Vec<String> {
    let rows = &ctx.snap.words;
    if ctx.ui.picked.is_empty() {
        let row = current(ctx).and_then(|at| rows.get(at));
        return row.map(|r| r.key.clone()).into_iter().collect();
    }
    let picked = rows.iter().filter(|r| ctx.ui.picked.contains(&r.key));
    picked.map(|r| r.key.clone()).collect()
}

/// Decides, and goes on to the next word that waits.
fn decide(ctx: &Ctx, said: Option<bool>) {
    let keys = reach(ctx);
    if keys.is_empty() {
        ctx.act(Do::Say(Some(doubt::NOTHING_CHOSEN.to_owned())));
        return;
    }
    if let Err(why) = ctx.engine.decide_words(&keys, said) {
        ctx.act(Do::Say(Some(why)));
        return;
    }
    ctx.act(Do::Say(None));
    let rows = ctx.engine.words();
    let last = rows.iter().rposition(|r| keys.contains(&r.key));
    let after = last.map_or(0, |at| at + 1);
    let waits = |r: &&WordRow| r.said.is_none();
    let next = rows.iter().skip(after).find(waits);
    let next = next.or_else(|| rows.iter().find(waits));
    if said.is_some()
        && let Some(next) = next
    {
        ctx.act(Do::Word(next.key.clone(), BTreeSet::new()));
    } else if let Some(key) = keys.first() {
        ctx.act(Do::Word(key.clone(), BTreeSet::new()));
    }
}

fn undo(ctx: &Ctx) {
    let said = match ctx.engine.undo_words() {
        Ok(true) => None,
        Ok(false) => Some(words::NOTHING_TO_UNDO.to_owned()),
        Err(why) => Some(why),
    };
    ctx.act(Do::Say(said));
}

fn step(ctx: &Ctx, by: isize, extend: bool) {
    let rows = &ctx.snap.words;
    let Some(at) = current(ctx) else { return };
    let to = at
        .saturating_add_signed(by)
        .min(rows.len().saturating_sub(1));
    let (Some(from), Some(row)) = (rows.get(at), rows.get(to)) else {
        return;
    };
    let mut picked = BTreeSet::new();
    if extend {
        picked.clone_from(&ctx.ui.picked);
        picked.insert(from.key.clone());
        picked.insert(row.key.clone());
    }
    ctx.act(Do::Word(row.key.clone(), picked));
}

fn toggle(ctx: &Ctx, key: &str) {
    let mut picked = ctx.ui.picked.clone();
    if !picked.remove(key) {
        picked.insert(key.to_owned());
    }
    ctx.act(Do::Word(key.to_owned(), picked));
}

/// A key was pressed while the words are on the screen. Says whether it meant something.
pub(crate) fn pressed(ctx: &Ctx, key: &str, shift: bool) -> bool {
    match key {
        "ArrowDown" => step(ctx, 1, shift),
        "ArrowUp" => step(ctx, -1, shift),
        "PageDown" => step(ctx, 10, shift),
        "PageUp" => step(ctx, -10, shift),
        "Home" => step(ctx, isize::MIN / 2, shift),
        "End" => step(ctx, isize::MAX / 2, shift),
        "k" | "K" => decide(ctx, Some(true)),
        "r" | "R" => decide(ctx, Some(false)),
        "z" | "Z" => undo(ctx),
        _ => return false,
    }
    true
}

/// The view.
#[component]
pub(crate) fn WordsView() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let rows = ctx.snap.words.clone();
    let at = current(&ctx);
    let list = use_scrolled(rows.len());
    {
        let node = list.node.clone();
        use_effect_with(at, move |at| {
            if let Some(at) = at {
                bring(&node, *at);
            }
        });
    }
    let onkeydown = {
        let ctx = ctx.clone();
        let key = at.and_then(|at| rows.get(at)).map(|r| r.key.clone());
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == " "
                && let Some(key) = &key
            {
                toggle(&ctx, key);
                e.prevent_default();
                e.stop_propagation();
            }
        })
    };
    let visible = rows
        .get(list.slice.first..list.slice.end)
        .unwrap_or_default();
    let p = ctx.snap.progress;
    let busy = p.found - p.judged.min(p.found);
    let unread = ctx.snap.words_unread;
    html! {
        <div class="words-view" data-test="words">
            {tools(&ctx, &rows)}
            if unread > 0 {
                <p class="says held words-says" data-test="words-unread"><Draw icon={Icon::Held} /><span>{doubt::unread(unread)}</span></p>
            }
            <div class="header-head words-grid" aria-hidden="true">
                <span></span>
                { for doubt::COLUMNS.iter().enumerate().map(|(i, word)| html! {
                    <span class={classes!("cut", (i == 1).then_some("num"))}>{*word}</span>
                }) }
            </div>
            <div class="scroller" ref={list.node.clone()} onscroll={list.onscroll.clone()} tabindex="0" role="listbox"
                aria-label={doubt::TITLE} aria-multiselectable="true" data-test="words-list"
                aria-activedescendant={at.map(|i| format!("cordon-word-{i}"))} {onkeydown}>
                <div ref={list.above.clone()} role="none"></div>
                { for visible.iter().enumerate().map(|(n, row)| {
                    let number = list.slice.first + n;
                    line(&ctx, row, number, at == Some(number))
                }) }
                <div ref={list.below.clone()} role="none"></div>
                if rows.is_empty() && unread == 0 {
                    <p class="nothing">{ if busy > 0 { doubt::NONE_YET } else { doubt::NONE } }</p>
                }
            </div>
            if let Some(row) = at.and_then(|at| rows.get(at)) {
                <Texts word={row.key.clone()} />
            }
            <p class="words-note muted small">
                if busy > 0 { <strong data-test="words-busy">{doubt::again(busy)}{". "}</strong> }
                {doubt::NOTE}
            </p>
        </div>
    }
}

/// How many wait, the selection, and the decisions.
fn tools(ctx: &Ctx, rows: &Rc<Vec<WordRow>>) -> Html {
    let open = open_words(rows);
    let picked = ctx.ui.picked.len();
    let closed = ctx.snap.approved || rows.is_empty();
    let act = |said: Option<bool>| {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| decide(&ctx, said))
    };
    let select = {
        let (ctx, rows) = (ctx.clone(), rows.clone());
        Callback::from(move |_: MouseEvent| {
            let waits = rows.iter().filter(|r| r.said.is_none());
            let all = waits.map(|r| r.key.clone()).collect();
            let picked = if ctx.ui.picked.is_empty() {
                all
            } else {
                BTreeSet::new()
            };
            let at = current(&ctx).and_then(|at| rows.get(at));
            if let Some(row) = at {
                ctx.act(Do::Word(row.key.clone(), picked));
            }
        })
    };
    let back = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| undo(&ctx))
    };
    html! {
        <div class="words-tools">
            <span class="grow cut" data-test="words-open">
                { match picked {
                    0 if rows.is_empty() => doubt::TITLE.to_owned(),
                    0 => doubt::waiting(open, rows.len()),
                    n => doubt::chosen(n),
                } }
            </span>
            <button type="button" class="button quiet" data-test="words-select" disabled={closed || (picked == 0 && open == 0)} onclick={select}>
                { if picked > 0 { doubt::SELECT_NONE } else { doubt::SELECT_OPEN } }</button>
            <div class="actions">
                <button type="button" class="button" data-test="word-keep" disabled={closed} title={doubt::KEEP_TITLE}
                    onclick={act(Some(true))}><Draw icon={Icon::Check} />{doubt::KEEP}<kbd>{"K"}</kbd></button>
                <button type="button" class="button" data-test="word-off" disabled={closed} title={doubt::TAKE_OFF_TITLE}
                    onclick={act(Some(false))}><Draw icon={Icon::Close} />{doubt::TAKE_OFF}<kbd>{"R"}</kbd></button>
                <button type="button" class="button quiet" data-test="word-clear" disabled={closed}
                    onclick={act(None)}>{doubt::OPEN_AGAIN}</button>
                <button type="button" class="button quiet" data-test="word-undo" disabled={closed}
                    onclick={back}><Draw icon={Icon::Undo} />{words::UNDO}<kbd>{"Z"}</kbd></button>
            </div>
        </div>
    }
}

fn line(ctx: &Ctx, row: &WordRow, number: usize, current: bool) -> Html {
    let picked = ctx.ui.picked.contains(&row.key);
    let choose = {
        let (ctx, key) = (ctx.clone(), row.key.clone());
        Callback::from(move |e: MouseEvent| {
            if e.ctrl_key() || e.meta_key() || e.shift_key() {
                toggle(&ctx, &key);
            } else {
                ctx.act(Do::Word(key.clone(), ctx.ui.picked.clone()));
            }
        })
    };
    let tick = {
        let (ctx, key) = (ctx.clone(), row.key.clone());
        Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            toggle(&ctx, &key);
        })
    };
    let places: Vec<String> = row.tags.iter().map(|tag| place(*tag)).collect();
    let places = places.join(", ");
    let decision = match row.said {
        None => {
            html! { <span class="verdict held"><Draw icon={Icon::Held} />{doubt::NOT_DECIDED}</span> }
        }
        Some(true) => {
            html! { <span class="did kept"><Draw icon={Icon::Check} />{doubt::KEPT}</span> }
        }
        Some(false) => {
            html! { <span class="did removed"><Draw icon={Icon::Close} />{doubt::TAKEN_OFF}</span> }
        }
    };
    html! {
        <div key={row.key.clone()} id={format!("cordon-word-{number}")} class={classes!("row", "words-grid", current.then_some("current"))}
            role="option" data-test="word" data-said={row.said.map_or("open", |s| if s { "keep" } else { "off" })}
            aria-selected={(picked || current).to_string()} onclick={choose}>
            <span class="tick" data-on={picked.to_string()} title={doubt::SELECT_THIS} onclick={tick}>
                if picked { <Draw icon={Icon::Check} /> }
            </span>
            <span class="cell word"><strong class="personal">{row.word.clone()}</strong></span>
            <span class="cell num">{format::count(row.images as u64)}</span>
            <span class="cell where" title={places.clone()}>{places}</span>
            <span class="cell">{decision}</span>
        </div>
    }
}

/// An attribute by its name and tag.
fn place(tag: Tag) -> String {
    format!("{} {tag}", attribute_name(tag))
}

/// Properties of [`Texts`].
#[derive(Clone, PartialEq, Properties)]
struct TextsProps {
    word: String,
}

type Loaded = Option<Result<Vec<Excerpt>, String>>;

/// The texts in which a word stands, asked for when it is chosen.
#[component]
fn Texts(props: &TextsProps) -> Html {
    let ctx = use_context::<Ctx>();
    let loaded: UseStateHandle<Loaded> = use_state(|| None);
    {
        let put = loaded.setter();
        use_effect_with(props.word.clone(), move |word| {
            let word = word.clone();
            let current = Rc::new(std::cell::Cell::new(true));
            put.set(None);
            if let Some(ctx) = ctx {
                let current = current.clone();
                spawn_local(async move {
                    let found = ctx.engine.word_texts(&word).await;
                    if current.get() {
                        put.set(Some(found));
                    }
                });
            }
            move || current.set(false)
        });
    }
    html! {
        <div class="words-texts" data-test="word-texts" aria-live="polite">
            { match &*loaded {
                None => html! { <p class="muted">{doubt::READING}</p> },
                Some(Err(why)) => html! { <p class="says held" role="alert"><Draw icon={Icon::Info} /><span>{super::approve::capital(why)}</span></p> },
                Some(Ok(found)) if found.is_empty() => html! { <p class="muted">{doubt::CHOOSE_WORD}</p> },
                Some(Ok(found)) => html! { <>{ for found.iter().map(text) }</> },
            } }
        </div>
    }
}

fn text(found: &Excerpt) -> Html {
    html! {
        <div class="words-text">
            <span class="muted small">{place(found.path.tag)}</span>
            if found.word.is_empty() {
                <p class="muted">{doubt::NO_TEXT}</p>
            } else {
                <p class="personal" data-test="word-text">{found.before.clone()}<mark>{found.word.clone()}</mark>{found.after.clone()}</p>
            }
        </div>
    }
}
