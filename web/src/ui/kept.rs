//! The exact list of attributes that are kept, on demand.

use std::collections::BTreeMap;

use cordon_contribute::FileId;
use cordon_protocol::{Action, Tag};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::format;
use super::state::Ctx;
use super::words;

/// A kept attribute: its name, and in how many series it stands.
type List = BTreeMap<Tag, (String, u64)>;

#[derive(Debug, Clone, PartialEq)]
enum State {
    Closed,
    Reading,
    Read(List, usize),
    Failed(String),
}

async fn read(ctx: &Ctx, files: &[FileId]) -> State {
    let mut list = List::new();
    for file in files {
        match ctx.engine.header(*file).await {
            Ok(rows) => {
                let mut here: Vec<(Tag, String)> = rows
                    .into_iter()
                    .filter(|r| r.action == Action::Keep)
                    .map(|r| (r.path.tag, r.name))
                    .collect();
                here.sort_unstable();
                here.dedup_by_key(|(tag, _)| *tag);
                for (tag, name) in here {
                    list.entry(tag).or_insert((name, 0)).1 += 1;
                }
            }
            Err(why) => return State::Failed(why),
        }
    }
    State::Read(list, files.len())
}

/// The list, behind a button, because reading it takes a moment.
#[component]
pub(crate) fn Kept() -> Html {
    let ctx = use_context::<Ctx>();
    let state = use_state(|| State::Closed);
    let open = {
        let state = state.setter();
        Callback::from(move |_: MouseEvent| {
            let (Some(ctx), state) = (ctx.clone(), state.clone()) else {
                return;
            };
            let files: Vec<FileId> = ctx
                .snap
                .tree
                .all_series()
                .filter(|(_, s)| s.leaving > 0)
                .filter_map(|(_, s)| s.files.first().copied())
                .collect();
            state.set(State::Reading);
            spawn_local(async move { state.set(read(&ctx, &files).await) });
        })
    };
    html! {
        <div class="card" data-test="kept">
            <div class="kept-head">
                <div class="grow"><h3>{words::KEPT}</h3><p class="muted small">{words::KEPT_NOTE}</p></div>
                if !matches!(*state, State::Read(..)) {
                    <button type="button" class="button no-print" data-test="kept-show" disabled={*state == State::Reading} onclick={open}>{words::KEPT_SHOW}</button>
                }
            </div>
            { match &*state {
                State::Closed => html! {},
                State::Reading => html! { <p class="muted">{words::READING_HEADER}</p> },
                State::Failed(why) => html! { <p role="alert">{why.clone()}</p> },
                State::Read(list, series) => html! {
                    <table class="list">
                        <thead><tr><th>{"Tag"}</th><th>{"Attribute"}</th><th class="num">{format!("of {} series", format::count(*series as u64))}</th></tr></thead>
                        <tbody>
                            { for list.iter().map(|(tag, (name, n))| html! {
                                <tr key={tag.0.to_string()}><td class="mono muted">{tag.to_string()}</td><td>{name.clone()}</td><td class="num">{format::count(*n)}</td></tr>
                            }) }
                        </tbody>
                    </table>
                },
            } }
        </div>
    }
}
