//! How far the looks are, on what they run, and how to stop them.

use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::state::Ctx;
use super::words::look as words;

/// The line; nothing to be seen while no series needs a look.
#[component]
pub(crate) fn LooksLine() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let looks = &ctx.snap.looks;
    if looks.open == 0 && (looks.failed == 0 || ctx.snap.approved) {
        // Not nothing at all: Yew 0.23 loses its place before a component without a node when the
        // views beside it change.
        return html! { <div hidden=true></div> };
    }
    if looks.open == 0 {
        return failed(&ctx);
    }
    let at = looks.all - looks.open + 1;
    let what = looks.progress.map_or_else(
        || words::busy(crate::looks::Busy::Loading).to_owned(),
        |p| {
            if p.of > 1 {
                format!(
                    "{}, {} of {}",
                    words::busy(p.busy),
                    format::count(u64::from(p.done)),
                    format::count(u64::from(p.of))
                )
            } else {
                words::busy(p.busy).to_owned()
            }
        },
    );
    let device = looks.processor.as_ref().map(words::processor);
    let stop = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.engine.stop_looks())
    };
    let (done, of) = looks.progress.map_or((0, 0), |p| (p.done, p.of));
    html! {
        <div class="looks-line" role="status" data-test="looks">
            <Draw icon={Icon::Eye} />
            <span class="cut"><strong>{format!("Looking at series {at} of {}", looks.all)}</strong>{format!(": {what}")}</span>
            if of > 1 {
                <progress value={done.to_string()} max={of.to_string()} aria-label={what.clone()}></progress>
            } else {
                <progress aria-label={what.clone()}></progress>
            }
            <span class="muted small cut" data-test="looks-device">{device}</span>
            <button type="button" class="button quiet" data-test="looks-stop" title={words::ONLY_HELD} onclick={stop}>
                <Draw icon={Icon::Stop} />{words::STOP}
            </button>
        </div>
    }
}

/// What nobody could look at, why, and the way on.
fn failed(ctx: &Ctx) -> Html {
    let looks = &ctx.snap.looks;
    let n = format::counted(looks.failed as u64, "series was", "series were");
    let why = if looks.why.is_empty() {
        words::ONLY_HELD.to_owned()
    } else {
        super::approve::capital(&looks.why)
    };
    let again = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.engine.look_again_at_all())
    };
    html! {
        <div class="looks-line" role="status" data-test="looks-failed" title={words::ONLY_HELD}>
            <Draw icon={Icon::Held} />
            <span class="why"><strong>{format!("{n} not looked at")}</strong>{". "}{why}</span>
            <button type="button" class="button quiet" data-test="looks-again" onclick={again}>{words::AGAIN}</button>
        </div>
    }
}
