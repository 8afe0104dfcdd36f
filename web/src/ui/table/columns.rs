//! What happens to each column.

use cordon_clinical::{ColumnRule, Identity};
use yew::prelude::*;

use super::PageProps;
use super::action::{self, Put};
use crate::desk::ColumnInfo;
use crate::ui::words::table as w;

/// Columns that are drawn at a time.
const AT_A_TIME: usize = 60;

/// The page.
#[component]
pub(super) fn Columns(props: &PageProps) -> Html {
    let state = props.model.state();
    let rules = state
        .mapping
        .as_ref()
        .map(|m| m.columns.clone())
        .unwrap_or_default();
    let leaving = state
        .view
        .as_ref()
        .map(|v| v.columns.clone())
        .unwrap_or_default();
    drop(state);
    let page = use_state_eq(|| 0_usize);
    let total = props.info.columns.len();
    let first = (*page * AT_A_TIME).min(total);
    let go = |to: usize| {
        let page = page.setter();
        Callback::from(move |_: MouseEvent| page.set(to))
    };
    html! {
        <>
            <div class="desk-wide" tabindex="0" role="region" aria-label={w::TABS[0]}>
                <table class="desk-table columns" data-test="table-columns">
                    <thead><tr>{ for w::HEAD.iter().zip(w::HEAD_TITLES).map(|(word, title)| html! { <th scope="col" title={title}>{*word}</th> }) }</tr></thead>
                    <tbody>
                        { for props.info.columns.iter().zip(&rules).enumerate().skip(first).take(AT_A_TIME).map(|(at, (column, rule))| {
                            let leaves = u32::try_from(at + 1).is_ok_and(|n| leaving.contains(&n));
                            line(props, at, column, rule, leaves)
                        }) }
                    </tbody>
                </table>
            </div>
            if total > AT_A_TIME {
                <div class="table-pages">
                    <button type="button" class="button" disabled={*page == 0} onclick={go(page.saturating_sub(1))}>{w::COLUMNS_PREVIOUS}</button>
                    <span class="muted">{format!("{} – {} / {total}", first + 1, (first + AT_A_TIME).min(total))}</span>
                    <button type="button" class="button" disabled={first + AT_A_TIME >= total} onclick={go(*page + 1)}>{w::COLUMNS_NEXT}</button>
                </div>
            }
        </>
    }
}

fn line(
    props: &PageProps,
    at: usize,
    column: &ColumnInfo,
    rule: &ColumnRule,
    leaves: bool,
) -> Html {
    let put = Put {
        model: props.model.clone(),
        protocol: props.protocol.clone(),
        at,
    };
    let identity = {
        let put = put.clone();
        Callback::from(move |e: Event| {
            let n: usize = action::chosen(&e).parse().unwrap_or(0);
            let identity = n
                .checked_sub(1)
                .and_then(|n| w::IDENTITIES.get(n))
                .map(|(i, _)| *i);
            put.model
                .column(&put.protocol, put.at, |rule| rule.identity = identity);
        })
    };
    let quasi = {
        let put = put.clone();
        Callback::from(move |_: Event| {
            put.model
                .column(&put.protocol, put.at, |rule| rule.quasi = !rule.quasi);
        })
    };
    let sensitive = {
        let put = put.clone();
        Callback::from(move |_: Event| {
            put.model.change(&put.protocol, |mapping| {
                for (n, rule) in mapping.columns.iter_mut().enumerate() {
                    rule.sensitive = n == put.at && !rule.sensitive;
                }
            });
        })
    };
    let rename = {
        let put = put.clone();
        Callback::from(move |e: Event| {
            let name = action::filled(&e).trim().to_owned();
            put.model.column(&put.protocol, put.at, |rule| {
                rule.rename = (!name.is_empty()).then_some(name);
            });
        })
    };
    let named = |word: &str| format!("{word}: {}", column.name);
    html! {
        <tr data-test="table-column" data-name={column.name.clone()} class={classes!((!leaves).then_some("stays"))}>
            <th scope="row">
                <strong>{column.name.clone()}</strong>
                <span class="muted small personal">{column.samples.join(" · ")}</span>
                <span class="muted small">{if column.hidden { w::HIDDEN.to_owned() } else { column.reason.clone() }}</span>
            </th>
            <td class="acts" data-label={w::HEAD[1]}>
                {action::list(&put, &rule.action, column)}
                {action::details(&put, &rule.action, column)}
            </td>
            <td data-label={w::HEAD[2]}>
                <select class="field" aria-label={named(w::HEAD[2])} data-test="column-identity" onchange={identity}>
                    <option value="0" selected={rule.identity.is_none()}>{w::NOBODY}</option>
                    { for w::IDENTITIES.iter().enumerate().map(|(n, (one, word))| html! {
                        <option value={(n + 1).to_string()} selected={is(rule.identity, *one)}>{*word}</option>
                    }) }
                </select>
            </td>
            <td class="tick" data-label={w::HEAD[3]}><input type="checkbox" aria-label={named(w::HEAD[3])} data-test="column-quasi" checked={rule.quasi} onchange={quasi} /></td>
            <td class="tick" data-label={w::HEAD[4]}><input type="checkbox" aria-label={named(w::HEAD[4])} data-test="column-sensitive" checked={rule.sensitive} onchange={sensitive} /></td>
            <td data-label={w::HEAD[5]}>
                if leaves {
                    <input class="field" type="text" aria-label={named(w::HEAD[5])} placeholder={column.name.clone()} autocomplete="off" spellcheck="false"
                        value={rule.rename.clone().unwrap_or_default()} onchange={rename} />
                } else {
                    <span class="muted">{w::STAYS}</span>
                }
            </td>
        </tr>
    }
}

fn is(identity: Option<Identity>, one: Identity) -> bool {
    identity == Some(one)
}
