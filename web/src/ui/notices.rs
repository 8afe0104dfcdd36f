//! Broken states: each with its sentence, its cause and its way on.

use yew::prelude::*;

use super::approve::capital;
use super::decide::mixed_up;
use super::icons::{Draw, Icon};
use super::rows::Tree;
use super::state::{Ctx, Desk, Do, Panel, Place};
use super::words;
use crate::engine::{KeyState, ServerState, StorageState};

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its stable code.
    pub(crate) code: String,
    /// What is wrong, where the engine says it better than the list of words.
    pub(crate) sentence: String,
    /// `held`, `refused` or `note`.
    pub(crate) weight: &'static str,
}

fn line(code: &str, sentence: &str, weight: &'static str) -> Line {
    Line {
        code: code.to_owned(),
        sentence: sentence.to_owned(),
        weight,
    }
}

/// The server's broken state, if it is broken.
pub(crate) fn server_trouble(ctx: &Ctx) -> Option<Line> {
    match &ctx.status.server {
        ServerState::Failed { code, sentence } => Some(line(code, sentence, "refused")),
        _ => None,
    }
}

/// Everything that the person should know now, worst first.
fn lines(ctx: &Ctx) -> Vec<Line> {
    let mut all = Vec::new();
    let empty_collect = ctx.ui.place == Place::Collect && ctx.snap.is_empty();
    // On the empty first page, a broken server has the whole place to itself.
    all.extend(server_trouble(ctx).filter(|_| !empty_collect));
    if let KeyState::Unavailable(why) = &ctx.status.key {
        all.push(line("key-unavailable", why, "refused"));
    }
    match &ctx.status.storage {
        StorageState::Unavailable(why) => all.push(line("no-opfs", why, "held")),
        StorageState::Full => all.push(line("disk-full", "", "held")),
        _ => {}
    }
    if !ctx.status.online {
        all.push(line("offline", "", "held"));
    }
    // The key stands on the first page, and a mark on the rail all the way; a line of its own
    // only where the person has a quiet moment.
    let quiet = match ctx.ui.place {
        _ if ctx.ui.desk.is_some() => true,
        Place::Collect => empty_collect,
        Place::Receipt => false,
        _ => true,
    };
    for notice in &ctx.status.notices {
        let quiet = quiet && notice.code == "key-not-backed-up";
        // The states of server and storage stand here already, with their cause and way on.
        let told = match notice.code {
            "storage-unavailable" => matches!(ctx.status.storage, StorageState::Unavailable(_)),
            "storage-full" => ctx.status.storage == StorageState::Full,
            code => server_trouble(ctx).is_some_and(|l| l.code == code),
        };
        if quiet || told {
            continue;
        }
        if all.iter().all(|l| l.code != notice.code) {
            all.push(line(notice.code, &notice.sentence, "note"));
        }
    }
    if ctx.ui.place == Place::Collect && ctx.ui.desk.is_none() && !ctx.snap.tables.is_empty() {
        all.push(line("table-dropped", "", "note"));
    }
    let p = ctx.snap.progress;
    let settled = p.found > 0 && p.judged == p.found;
    if ctx.ui.place <= Place::Approve && !ctx.snap.approved {
        all.extend(about_files(&ctx.snap.tree));
        if settled && p.other >= 10 && p.other * 2 > p.found {
            all.push(line("not-dicom", "", "held"));
        }
        if settled && p.leaving == 0 && ctx.ui.place == Place::Approve {
            all.push(line("nothing-leaves", "", "held"));
        }
    }
    all
}

/// What is odd about patients and their numbers.
fn about_files(tree: &Tree) -> Vec<Line> {
    let mut lines = Vec::new();
    if mixed_up(&tree.patients) > 0 {
        lines.push(line("names-differ", "", "held"));
    }
    let mut people: Vec<(&str, &str)> = tree
        .patients
        .iter()
        .filter(|p| !p.id.is_empty() && !p.name.is_empty() && !p.birth_date.is_empty())
        .map(|p| (p.name.as_str(), p.birth_date.as_str()))
        .collect();
    people.sort_unstable();
    if people.windows(2).any(|w| w.first() == w.last()) {
        lines.push(line("id-differs", "", "held"));
    }
    lines
}

/// The words of a notice: sentence, cause, way on.
pub(crate) fn say(line: &Line) -> Html {
    match words::trouble(&line.code) {
        Some(t) => html! {
            <>
                <strong>{t.title}</strong>{" "}
                <span class="cause">{t.cause}</span>{" "}
                <span>{t.way}</span>
            </>
        },
        None => html! { <span>{line.sentence.clone()}</span> },
    }
}

/// The strip of notices under the rail.
#[component]
pub(crate) fn Notices() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let lines = lines(&ctx);
    let said = ctx.ui.said.clone();
    let hide = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Say(None)))
    };
    html! {
        <div class="notices" role="status">
            { for lines.iter().map(|l| html! {
                <div key={l.code.clone()} class={classes!("notice", l.weight)} data-test="notice" data-code={l.code.clone()}>
                    <Draw icon={icon(l.weight)} />
                    <div class="grow">{say(l)}</div>
                    {way_on(&ctx, l)}
                </div>
            }) }
            if let Some(said) = said {
                <div class="notice held" data-test="notice" data-code="said">
                    <Draw icon={Icon::Info} />
                    <div class="grow">{capital(&said)}</div>
                    <button type="button" class="button quiet" onclick={hide}>{words::CLOSE}</button>
                </div>
            }
        </div>
    }
}

const fn icon(weight: &str) -> Icon {
    match weight.as_bytes() {
        b"refused" => Icon::Refused,
        b"held" => Icon::Held,
        _ => Icon::Info,
    }
}

fn way_on(ctx: &Ctx, line: &Line) -> Html {
    let ctx = ctx.clone();
    match line.code.as_str() {
        "key-missing" | "key-unavailable" | "key-not-backed-up" => html! {
            <button type="button" class="button" onclick={move |_| ctx.act(Do::Panel(Some(Panel::Key)))}>{words::KEY_TITLE}</button>
        },
        "unknown-server" | "version" | "clock-wrong" => html! {
            <button type="button" class="button" onclick={|_| reload()}>{words::LOAD_AGAIN}</button>
        },
        "protocol-changed" => html! {
            <button type="button" class="button" onclick={move |_| ctx.engine.new_contribution()}>{words::DISCARD}</button>
        },
        "table-dropped" | "table-not-taken" => html! {
            <button type="button" class="button" data-test="table-look" onclick={move |_| ctx.act(Do::Desk(Some(Desk::Table)))}>{words::table::LOOK}</button>
        },
        "nothing-leaves" => html! {
            <button type="button" class="button" onclick={move |_| ctx.act(Do::Go(Place::Review))}>{words::REVIEW}</button>
        },
        _ => html! {},
    }
}

/// Loads the page again.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}
