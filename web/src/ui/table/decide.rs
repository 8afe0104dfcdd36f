//! Cells in which something was found that could be chance: a person looks and decides.

use yew::prelude::*;

use super::PageProps;
use crate::ui::icons::{Draw, Icon};
use crate::ui::words::table as w;

/// The page.
#[component]
pub(super) fn DecideView(props: &PageProps) -> Html {
    let state = props.model.state();
    let view = state.view.clone();
    let (accepted, rejected) = (state.accepted.clone(), state.rejected.clone());
    drop(state);
    let Some(view) = view else {
        return html! { <p class="nothing" role="status">{w::WORKING}</p> };
    };
    let decide = |cells: Vec<(u64, u32)>, accept: Option<bool>| {
        let (model, protocol) = (props.model.clone(), props.protocol.clone());
        Callback::from(move |_: MouseEvent| model.decide(&protocol, &cells, accept))
    };
    let name = |column: u32| {
        let column = props.info.columns.get((column as usize).wrapping_sub(1));
        column.map(|c| c.name.clone()).unwrap_or_default()
    };
    html! {
        <div class="desk-section">
            if view.doubts.is_empty() {
                <p class="says clean"><Draw icon={Icon::Clean} /><span>{w::NO_DOUBTS}</span></p>
            } else {
                <p>{w::DOUBTS}</p>
                <div class="desk-wide" tabindex="0" role="region" aria-label={w::TABS[2]}>
                    <table class="desk-table doubts" data-test="table-doubts">
                        <thead><tr>{ for w::DOUBT_HEAD.iter().map(|word| html! { <th scope="col">{*word}</th> }) }</tr></thead>
                        <tbody>
                            { for view.doubts.iter().map(|doubt| {
                                let cell = (doubt.row, doubt.column);
                                let alike: Vec<(u64, u32)> = view.doubts.iter()
                                    .filter(|d| d.column == doubt.column && d.words == doubt.words)
                                    .map(|d| (d.row, d.column)).collect();
                                let out = rejected.contains(&cell);
                                html! {
                                    <tr key={format!("{} {}", doubt.row, doubt.column)} data-test="table-doubt">
                                        <td class="num">{doubt.row}</td>
                                        <td>{name(doubt.column)}</td>
                                        <td><strong class="personal">{doubt.words.join(", ")}</strong><br /><span class="muted small">{doubt.why.clone()}</span></td>
                                        <td class="personal">{doubt.cell.clone()}</td>
                                        <td class="acts-line">
                                            <button type="button" class="button" data-test="doubt-accept" onclick={decide(vec![cell], Some(true))}><Draw icon={Icon::Check} />{w::ACCEPT}</button>
                                            <button type="button" class="button" data-test="doubt-reject" aria-pressed={out.to_string()} onclick={decide(vec![cell], (!out).then_some(false))}><Draw icon={Icon::Close} />{w::REJECT}</button>
                                            if alike.len() > 1 {
                                                <button type="button" class="button quiet" onclick={decide(alike.clone(), Some(true))}>{format!("{} ({})", w::ACCEPT_ALL, alike.len())}</button>
                                            }
                                        </td>
                                    </tr>
                                }
                            }) }
                        </tbody>
                    </table>
                </div>
            }
            if !accepted.is_empty() {
                <h2>{w::ACCEPTED}</h2>
                <ul class="asked">
                    { for accepted.iter().map(|(row, column)| html! {
                        <li data-test="table-accepted"><span class="grow">{format!("{} {row}, {}", w::ROW, name(*column))}</span>
                            <button type="button" class="button quiet" onclick={decide(vec![(*row, *column)], None)}>{w::TAKE_BACK}</button></li>
                    }) }
                </ul>
            }
        </div>
    }
}
