//! The bar at the bottom: the way back, the way on, and what stands in between.

use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::rail::{Server, Tools};
use super::state::{Ctx, Do, Place};
use super::words;

/// What the way on would lead to, and why it is not open.
fn why(ctx: &Ctx) -> String {
    let p = ctx.snap.progress;
    let waiting = p.found - p.judged.min(p.found);
    match ctx.ui.place {
        Place::Collect | Place::Review if ctx.snap.is_empty() => words::NOTHING_READ.to_owned(),
        Place::Collect | Place::Review if waiting > 0 => {
            format!(
                "{} without a verdict yet",
                format::counted(waiting, "file", "files")
            )
        }
        Place::Collect | Place::Review if ctx.snap.looks.open > 0 => format!(
            "{} to look at",
            format::counted(ctx.snap.looks.open as u64, "series", "series")
        ),
        Place::Collect => {
            let mut parts = Vec::new();
            for (n, word) in [(p.clean, "Clean"), (p.held, "Held"), (p.refused, "Refused")] {
                if n > 0 {
                    parts.push(format!("{} {word}", format::count(n)));
                }
            }
            if p.other > 0 {
                parts.push(format!("{} not images", format::count(p.other)));
            }
            parts.join(", ")
        }
        Place::Review if p.undecided > 0 && !ctx.snap.approved => format!(
            "{} held and not decided: without a decision they stay here",
            format::counted(p.undecided, "image", "images")
        ),
        Place::Review => {
            format!(
                "{} leave as things stand",
                format::counted(p.leaving, "image", "images")
            )
        }
        _ => String::new(),
    }
}

/// The bar.
#[component]
pub(crate) fn Foot() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let at = Place::ALL
        .iter()
        .position(|p| *p == ctx.ui.place)
        .unwrap_or(0);
    let back = at.checked_sub(1).and_then(|i| Place::ALL.get(i).copied());
    let next = Place::ALL.get(at + 1).copied();
    let go = |place: Place| {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Go(place)))
    };
    // Approving has its own button, on the page that is approved.
    let next = next.filter(|n| *n != Place::Send || ctx.snap.approved);
    html! {
        <footer class="foot">
            if !ctx.rail {
                <Server />
                <Tools />
                <span class="muted small">{format!("{} of 5: {}", at + 1, ctx.ui.place.word())}</span>
            }
            if let Some(place) = back {
                <button type="button" class="button quiet" data-test="back" onclick={go(place)}>
                    <Draw icon={Icon::Back} />{place.word()}
                </button>
            }
            <span class="why" aria-live="polite">{why(&ctx)}</span>
            if let Some(place) = next {
                <button type="button" class="button primary push" data-test="next" disabled={!ctx.snap.open(place)} onclick={go(place)}>
                    {place.word()}<Draw icon={Icon::Arrow} />
                </button>
            }
        </footer>
    }
}
