//! A look that has nothing to show yet: it waits, runs, failed, was stopped.

use cordon_contribute::FileId;
use yew::prelude::*;

use super::icons::{Draw, Icon};
use super::state::Ctx;
use super::words::look as words;
use crate::engine::LookState;

/// Properties of [`State`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct StateProps {
    /// A file of the series.
    pub(crate) file: FileId,
    /// How far its look is; `None` when it needs none.
    pub(crate) state: Option<LookState>,
}

/// What stands in the place of a result.
#[component]
pub(crate) fn State(props: &StateProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let earlier = ctx
        .engine
        .with(|c| c.file(props.file).is_some_and(|f| f.entry.is_none()));
    let (icon, text, again) = match &props.state {
        None if earlier => (Icon::Info, words::EARLIER.to_owned(), false),
        None | Some(LookState::Done) => (Icon::Info, words::NO_LOOK.to_owned(), false),
        Some(LookState::Waiting) => (Icon::Pending, words::WAITS.to_owned(), false),
        Some(LookState::Running(progress)) => {
            let busy = progress.map_or(crate::looks::Busy::Loading, |p| p.busy);
            (
                Icon::Pending,
                super::approve::capital(words::busy(busy)),
                false,
            )
        }
        Some(LookState::Failed(why)) => (
            Icon::Held,
            format!("{} {}", super::approve::capital(why), words::ONLY_HELD),
            true,
        ),
        Some(LookState::Stopped) => (Icon::Held, words::STOPPED.to_owned(), true),
    };
    let look = {
        let (ctx, file) = (ctx.clone(), props.file);
        Callback::from(move |_: MouseEvent| ctx.engine.look_again(file))
    };
    html! {
        <div class="look-state" role="status" data-test="look-state">
            <Draw {icon} /><p>{text}</p>
            if again && !ctx.snap.approved {
                <button type="button" class="button" data-test="look-again" onclick={look}>{words::AGAIN}</button>
            }
        </div>
    }
}
