//! Collect: drop a folder, see what is in it.

use yew::prelude::*;

use super::drop::Pickers;
use super::format;
use super::icons::{Draw, Icon};
use super::key_panel::KeyLine;
use super::looks_line::LooksLine;
use super::notices::{reload, say, server_trouble};
use super::protocol::OpenDesk;
use super::state::{Ctx, Place};
use super::table::OpenTable;
use super::term::What;
use super::tree::TreeView;
use super::words::{self, Term};
use crate::engine::StorageState;

/// The place.
#[component]
pub(crate) fn Collect() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    if ctx.snap.is_empty() {
        html! { <Empty /> }
    } else {
        html! { <Full /> }
    }
}

/// Before the first file.
#[component]
fn Empty() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    if let Some(trouble) = server_trouble(&ctx) {
        return html! {
            <div class="collect-empty">
                <section class="broken" data-test="broken" data-code={trouble.code.clone()}>
                    <h1>{words::trouble(&trouble.code).map_or(words::NO_SERVER, |t| t.title)}</h1>
                    { match words::trouble(&trouble.code) {
                        Some(t) => html! { <><p>{t.cause}</p><p><strong>{t.way}</strong></p></> },
                        None => say(&trouble),
                    } }
                    <div class="buttons">
                        <button type="button" class="button primary" onclick={|_| reload()}>{words::LOAD_AGAIN}</button>
                    </div>
                </section>
                <Promise />
            </div>
        };
    }
    html! {
        <div class="collect-empty">
            <div class="drop" data-test="drop-area">
                <svg class="glyph icon" viewBox="0 0 48 48" aria-hidden="true">
                    <path d="M5 13v25a3 3 0 0 0 3 3h32a3 3 0 0 0 3-3V17a3 3 0 0 0-3-3H24l-4-6H8a3 3 0 0 0-3 3zM24 34V22M19 27l5-5 5 5" />
                </svg>
                <div>
                    <h1>{words::DROP_TITLE}</h1>
                    <p class="muted">{words::DROP_SUB}</p>
                </div>
                <div class="buttons"><Pickers first=true /></div>
            </div>
            <Promise />
            <KeyLine />
            <Project />
        </div>
    }
}

/// What will happen, where the data go, what never leaves.
#[component]
fn Promise() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let operator = ctx
        .project()
        .map(|p| p.operator.clone())
        .unwrap_or_default();
    html! {
        <ul class="promise">
            <li><Draw icon={Icon::Shield} /><span>{words::WHAT_HAPPENS}</span></li>
            <li><Draw icon={Icon::Server} /><span>{words::destination(&operator, &ctx.server_name())}</span></li>
            <li><Draw icon={Icon::Lock} /><span>{words::WHAT_STAYS}</span></li>
        </ul>
    }
}

/// The project and what its protocol asks for, folded.
#[component]
fn Project() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let Some(info) = ctx.project() else {
        return html! { <p class="muted" role="status">{words::CONNECTING}</p> };
    };
    let protocol = &info.protocol;
    let modalities = if protocol.accept.modalities.is_empty() {
        words::ANY_MODALITY.to_owned()
    } else {
        protocol.accept.modalities.join(", ")
    };
    html! {
        <details data-test="project">
            <summary>{words::PROJECT}<strong>{info.title.clone()}</strong></summary>
            <dl class="facts inside">
                <dt>{words::OPERATOR}</dt><dd>{info.operator.clone()}</dd>
                if !protocol.purpose.is_empty() {
                    <dt>{words::PURPOSE}</dt><dd>{protocol.purpose.clone()}</dd>
                }
                <dt><What term={Term::Protocol} /></dt>
                <dd>{format!("{}, version {}", protocol.title, protocol.version)}</dd>
                <dt><What term={Term::Profile} text={words::RULES} /></dt>
                <dd>{options(&protocol.deid.options)}</dd>
                <dt>{words::MODALITIES}</dt><dd>{modalities}</dd>
                <dt><What term={Term::Held} text={words::HELD_IMAGES} up=true /></dt>
                <dd>{if protocol.approval.held_may_be_approved { words::HELD_MAY } else { words::MAY_NOT_APPROVE }}</dd>
            </dl>
            <div class="inside desk-line"><OpenDesk /><OpenTable /></div>
        </details>
    }
}

/// The profile and the options in words.
pub(crate) fn options(options: &[cordon_protocol::DeidOption]) -> String {
    let mut all = vec![cordon_protocol::DeidOption::Basic.meaning()];
    for option in options {
        if !all.contains(&option.meaning()) {
            all.push(option.meaning());
        }
    }
    all.join(", ")
}

/// While files come in, and after.
#[component]
fn Full() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let p = ctx.snap.progress;
    let rate = ctx.status.rate;
    let busy = p.judged < p.found || ctx.snap.looks.open > 0;
    let paused = ctx.snap.paused;
    let sure = use_state(|| false);
    let act = |f: fn(&Ctx)| {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| f(&ctx))
    };
    let discard = {
        let (ctx, sure) = (ctx.clone(), sure.clone());
        Callback::from(move |_: MouseEvent| {
            if *sure {
                ctx.engine.new_contribution();
            }
            sure.set(!*sure);
        })
    };
    let resumed = ctx.engine.resumable();
    let images = p.objects;
    html! {
        <div class="collect-full">
            if let Some(r) = resumed.filter(|_| ctx.ui.place == Place::Collect) {
                <div class="notices"><div class="notice" data-test="notice" data-code="resumed">
                    <Draw icon={Icon::Info} />
                    <div class="grow">
                        <strong>{words::resumed(r.staged, r.sent, r.approved)}</strong>{" "}
                        <span class="cause">{words::RESUMED_LOCAL}</span>
                    </div>
                </div></div>
            }
            <div class="meters" role="group" aria-label={words::COLLECT} data-test="meters">
                {meter(&format::count(p.found), if p.found == 1 { "file" } else { "files" })}
                {meter(&format::bytes(p.found_bytes), if p.unmeasured == 0 { "on this computer" } else { "measured so far" })}
                {meter(&format::count(images), if images == 1 { "image" } else { "images" })}
                if busy {
                    {meter(&format::percent(p.judged, p.found), "cleaned and checked")}
                    if !paused {
                        {meter(&format::files_rate(rate.files_per_s), &format::rate(rate.bytes_per_s))}
                        if let Some(s) = rate.seconds_left {
                            {meter(&format::time_left(s), "left")}
                        }
                    } else {
                        {meter(words::PAUSED_TITLE, "nothing is read")}
                    }
                } else {
                    {meter(&format::count(p.leaving), "leave as things stand")}
                }
                <div class="buttons">
                    if busy {
                        if paused {
                            <button type="button" class="button" data-test="resume" onclick={act(|c| c.engine.resume())}><Draw icon={Icon::Play} />{words::RESUME}</button>
                        } else {
                            <button type="button" class="button" data-test="pause" onclick={act(|c| c.engine.pause())}><Draw icon={Icon::Pause} />{words::PAUSE}</button>
                        }
                        <button type="button" class="button" data-test="cancel" onclick={act(stop)}><Draw icon={Icon::Stop} />{words::STOP_READING}</button>
                    } else {
                        <Pickers />
                        <OpenTable short=true />
                        <OpenDesk short=true />
                        <button type="button" class="button quiet" data-test="discard" onclick={discard} disabled={ctx.snap.approved}>
                            {if *sure { words::DISCARD_SURE } else { words::DISCARD }}
                        </button>
                    }
                </div>
            </div>
            <div class="meters-bar">
                if busy {
                    <progress value={p.judged.to_string()} max={p.found.to_string()} aria-label={words::COLLECT}></progress>
                }
            </div>
            <LooksLine />
            <TreeView />
            <StorageLine />
        </div>
    }
}

/// Reads no more and looks at no more.
fn stop(ctx: &Ctx) {
    ctx.engine.cancel_reading();
    if ctx.snap.looks.open > 0 {
        ctx.engine.stop_looks();
    }
}

fn meter(value: &str, what: &str) -> Html {
    html! {
        <div class="meter"><span class="value">{value.to_owned()}</span><span class="what">{what.to_owned()}</span></div>
    }
}

/// Where the cleaned images wait.
#[component]
fn StorageLine() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let (text, free) = match &ctx.status.storage {
        StorageState::Persistent { free_bytes } => (words::WAIT_PERSISTENT, *free_bytes),
        StorageState::BestEffort { free_bytes } => (words::WAIT_BEST_EFFORT, *free_bytes),
        _ => return html! {},
    };
    html! {
        <p class="status-line muted small">
            <span><What term={Term::Staged} up=true />{format!(": {text} {} free.", format::bytes(free))}</span>
            <span class="grow"></span>
            <span class="extra">{format!("{}, {}", format::counted(u64::from(ctx.status.workers), "worker", "workers"), ctx.status.device)}</span>
        </p>
    }
}
