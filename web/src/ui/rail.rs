//! The quiet rail at the top: the five places with their counts, the server, what is at hand.

use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::state::{Ctx, Do, Panel, Place};
use super::words;
use crate::engine::{KeyState, ServerState};

/// The rail.
#[component]
pub(crate) fn Rail() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    html! {
        <header class="rail">
            <div class="mark"><Draw icon={Icon::Mark} /><span class="name">{words::NAME}</span></div>
            <nav class="grow" aria-label={words::STEPS}>
                <ol class="steps">
                    { for Place::ALL.iter().map(|place| html! { <li key={place.word()}>{step(&ctx, *place)}</li> }) }
                </ol>
            </nav>
            <div class="rail-side">
                <Server />
                <Tools />
            </div>
        </header>
    }
}

fn step(ctx: &Ctx, place: Place) -> Html {
    let snap = &ctx.snap;
    let p = snap.progress;
    let open = snap.open(place);
    let current = ctx.ui.place == place && ctx.ui.desk.is_none();
    let onclick = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Go(place)))
    };
    let (count, todo) = match place {
        Place::Collect if p.found > 0 => (format::counted(p.found, "file", "files"), false),
        Place::Review if p.undecided > 0 && !snap.approved => (
            format!("{} {}", format::count(p.undecided), words::TO_DECIDE),
            true,
        ),
        Place::Approve if snap.approved => (String::new(), false),
        Place::Approve if p.leaving > 0 => (format!("{} leave", format::count(p.leaving)), false),
        Place::Send if snap.approved && p.failed > 0 => {
            (format!("{} failed", format::count(p.failed)), true)
        }
        Place::Send if snap.approved && p.sent < p.leaving => {
            (format::percent(p.sent_bytes, p.leaving_bytes), false)
        }
        _ => (String::new(), false),
    };
    let done = match place {
        Place::Approve => snap.approved,
        Place::Send => snap.approved && p.leaving > 0 && p.sent >= p.leaving,
        Place::Receipt => snap.closed,
        _ => false,
    };
    html! {
        <button type="button" data-test={format!("rail-{}", place.word().to_lowercase())} disabled={!open}
            aria-current={current.then_some("step")} {onclick}>
            <span class="step-word">{place.word()}</span>
            if !count.is_empty() {
                <span class={classes!("count", todo.then_some("todo"))}>{count}</span>
            }
            if done {
                <span class="done"><Draw icon={Icon::Check} /><span class="sr">{"done"}</span></span>
            }
        </button>
    }
}

/// The server by its name, with its state as a shape and a word.
#[component]
pub(crate) fn Server() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let (dot, text) = match &ctx.status.server {
        ServerState::Connecting => ("", words::CONNECTING.to_owned()),
        ServerState::Ready(info) => ("ready", info.title.clone()),
        ServerState::Failed { .. } => ("failed", words::NO_SERVER.to_owned()),
    };
    let title = format!("{text}: {}", ctx.server_name());
    html! {
        <span class="server" {title} data-test="server">
            <span class={classes!("dot", dot)}></span>
            <span class="cut">{text}</span>
        </span>
    }
}

/// What is always at hand: key, blur, theme, help.
#[component]
pub(crate) fn Tools() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let act = |what: Do| {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(what.clone()))
    };
    let panel = |panel: Panel| Do::Panel((ctx.ui.panel != Some(panel)).then_some(panel));
    let unsafe_key = !matches!(
        &ctx.status.key,
        KeyState::Ready {
            backed_up_at: Some(_),
            ..
        } | KeyState::Loading
    );
    let theme = if ctx.ui.light {
        (Icon::Moon, words::DARK)
    } else {
        (Icon::Sun, words::LIGHT)
    };
    let blur = if ctx.ui.blur { Icon::EyeOff } else { Icon::Eye };
    html! {
        <>
            <button type="button" class={classes!("button", "quiet", "icon-only", (unsafe_key && !ctx.snap.is_empty()).then_some("todo"))}
                title={words::KEY_TITLE} aria-label={words::KEY_TITLE}
                aria-expanded={(ctx.ui.panel == Some(Panel::Key)).to_string()}
                data-test="key-panel" onclick={act(panel(Panel::Key))}><Draw icon={Icon::Key} /></button>
            <button type="button" class="button quiet icon-only" title={words::BLUR} aria-label={words::BLUR}
                aria-pressed={ctx.ui.blur.to_string()} data-test="blur" onclick={act(Do::Blur)}><Draw icon={blur} /></button>
            <button type="button" class="button quiet icon-only" title={theme.1} aria-label={theme.1}
                data-test="theme-toggle" onclick={act(Do::Theme)}><Draw icon={theme.0} /></button>
            <button type="button" class="button quiet icon-only" title={words::HELP} aria-label={words::HELP}
                aria-expanded={(ctx.ui.panel == Some(Panel::Help)).to_string()}
                data-test="help" onclick={act(panel(Panel::Help))}><Draw icon={Icon::Help} /></button>
        </>
    }
}
