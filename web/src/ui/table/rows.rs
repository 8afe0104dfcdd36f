//! Rows before and after, a page at a time.

use yew::prelude::*;

use super::PageProps;
use crate::desk::RowPair;
use crate::ui::icons::{Draw, Icon};
use crate::ui::words::{self, table as w};

/// Rows of a page; the worker's.
const PAGE: usize = 50;
/// Columns that are drawn.
const COLUMNS: usize = 60;

/// The page.
#[component]
pub(super) fn RowsView(props: &PageProps) -> Html {
    let state = props.model.state();
    let (rows, first, view) = (state.rows.clone(), state.first, state.view.clone());
    drop(state);
    let total = usize::try_from(props.info.rows).unwrap_or(usize::MAX);
    let (left, right) = (use_node_ref(), use_node_ref());
    // Both sides show the same rows.
    let follow = |from: &NodeRef, to: &NodeRef| {
        let (from, to) = (from.clone(), to.clone());
        Callback::from(move |_: Event| {
            if let (Some(from), Some(to)) = (
                from.cast::<web_sys::Element>(),
                to.cast::<web_sys::Element>(),
            ) && from.scroll_top() != to.scroll_top()
            {
                to.set_scroll_top(from.scroll_top());
            }
        })
    };
    let go = |to: usize| {
        let model = props.model.clone();
        Callback::from(move |_: MouseEvent| model.page(to))
    };
    let columns: Vec<usize> = view
        .as_ref()
        .map(|v| {
            v.columns
                .iter()
                .map(|c| (*c as usize).wrapping_sub(1))
                .collect()
        })
        .unwrap_or_default();
    let refused = view.as_ref().is_some_and(|v| v.record.is_none());
    html! {
        <>
            if refused {
                <p class="says refused" role="alert"><Draw icon={Icon::Refused} /><span>{w::NO_OUTPUT}</span></p>
            } else if columns.is_empty() {
                <p class="nothing">{w::NOTHING_LEAVES}</p>
            }
            <div class="table-pair">
                <figure>
                    <figcaption>{w::BEFORE}</figcaption>
                    <div class="desk-wide personal" tabindex="0" role="region" aria-label={w::BEFORE} ref={left.clone()} onscroll={follow(&left, &right)}>
                        <table class="desk-table cells" data-test="rows-before">
                            <thead><tr><th scope="col" class="num">{w::ROW}</th>{ for props.info.columns.iter().take(COLUMNS).enumerate().map(|(n, c)| html! { <th scope="col" class={classes!((!columns.contains(&n)).then_some("stays"))}>{c.name.clone()}</th> }) }</tr></thead>
                            <tbody>{ for rows.iter().map(|row| before(row, &columns)) }</tbody>
                        </table>
                    </div>
                </figure>
                <figure>
                    <figcaption>{w::AFTER}</figcaption>
                    <div class="desk-wide" tabindex="0" role="region" aria-label={w::AFTER} ref={right.clone()} onscroll={follow(&right, &left)}>
                        <table class="desk-table cells" data-test="rows-after">
                            <thead><tr><th scope="col" class="num">{w::ROW}</th>{ for columns.iter().take(COLUMNS).map(|n| html! { <th scope="col">{props.info.columns.get(*n).map(|c| c.name.clone())}</th> }) }</tr></thead>
                            <tbody>{ for rows.iter().map(|row| after(row, &columns)) }</tbody>
                        </table>
                    </div>
                </figure>
            </div>
            <div class="table-pages">
                <button type="button" class="button" disabled={first == 0} onclick={go(first.saturating_sub(PAGE))}>{w::PREVIOUS}</button>
                <span class="muted">{format!("{} – {} / {total}", (first + 1).min(total), (first + rows.len()).min(total))}</span>
                <button type="button" class="button" disabled={first + PAGE >= total} onclick={go(first + PAGE)}>{w::NEXT}</button>
            </div>
        </>
    }
}

fn before(row: &RowPair, columns: &[usize]) -> Html {
    html! {
        <tr><td class="num muted">{row.number}</td>
            { for row.before.iter().take(COLUMNS).enumerate().map(|(n, cell)| html! { <td class={classes!((!columns.contains(&n)).then_some("stays"))} title={cell.clone()}>{cell.clone()}</td> }) }
        </tr>
    }
}

fn after(row: &RowPair, columns: &[usize]) -> Html {
    let Some(cells) = &row.after else {
        return html! { <tr><td class="num muted">{row.number}</td><td class="muted" colspan={columns.len().max(1).to_string()}>{w::STAYS}</td></tr> };
    };
    let same = |n: usize, cell: &str| {
        let old = columns.get(n).and_then(|c| row.before.get(*c));
        old.is_some_and(|o| o.trim() == cell)
    };
    html! {
        <tr><td class="num muted">{row.number}</td>
            { for cells.iter().take(COLUMNS).enumerate().map(|(n, cell)| {
                if cell.is_empty() {
                    html! { <td class="muted">{words::EMPTY}</td> }
                } else {
                    html! { <td class={classes!((!same(n, cell)).then_some("changed"))} title={cell.clone()}>{cell.clone()}</td> }
                }
            }) }
        </tr>
    }
}
