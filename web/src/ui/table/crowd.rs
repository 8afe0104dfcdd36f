//! How well people hide in the crowd: k-anonymity, l-diversity, and who stands alone.

use cordon_clinical::{RareRows, RiskReport, RiskRule};
use yew::prelude::*;

use super::PageProps;
use super::action::filled;
use super::model::{FIRST_RISK, coarser};
use crate::desk::TableView;
use crate::ui::format;
use crate::ui::icons::{Draw, Icon};
use crate::ui::words::table as w;

/// The page.
#[component]
pub(super) fn CrowdView(props: &PageProps) -> Html {
    let state = props.model.state();
    let rule = state.mapping.as_ref().and_then(|m| m.risk);
    let marked = state
        .mapping
        .as_ref()
        .is_some_and(|m| m.columns.iter().any(|c| c.quasi));
    let view = state.view.clone();
    drop(state);
    let put = |f: fn(&mut RiskRule, u32)| {
        let (model, protocol) = (props.model.clone(), props.protocol.clone());
        Callback::from(move |n: u32| {
            model.change(&protocol, |mapping| {
                let mut rule = mapping.risk.unwrap_or(FIRST_RISK);
                f(&mut rule, n);
                mapping.risk = Some(rule);
            });
        })
    };
    let measure = {
        let (model, protocol) = (props.model.clone(), props.protocol.clone());
        let on = rule.is_some();
        Callback::from(move |_: MouseEvent| {
            model.change(&protocol, |mapping| {
                mapping.risk = (!on).then_some(FIRST_RISK);
            });
        })
    };
    html! {
        <div class="crowd">
            <section class="desk-section" aria-label={w::CROWD}>
                <h2>{w::CROWD}</h2>
                if !marked {
                    <p class="says held"><Draw icon={Icon::Held} /><span>{w::NO_QUASI}</span></p>
                }
                <ul class="switches"><li>
                    <button type="button" role="switch" class="switch" aria-checked={rule.is_some().to_string()} data-test="crowd-measure" onclick={measure}>
                        <span class="knob" aria-hidden="true"></span><span class="grow">{w::MEASURE}</span></button>
                </li></ul>
                if let Some(rule) = rule {
                    <div class="desk-fields">
                        {number(w::K, rule.k, "crowd-k", put(|r, n| r.k = n))}
                        {number(w::L, rule.l, "crowd-l", put(|r, n| r.l = n))}
                    </div>
                    <div class="labelled"><span>{w::RARE}</span>
                        <div class="segments" role="group" aria-label={w::RARE}>
                            { for [RareRows::Hold, RareRows::LeaveOut].into_iter().zip(w::RARES).enumerate().map(|(n, (one, word))| {
                                let put = put(|r, n| r.rare_rows = if n == 0 { RareRows::Hold } else { RareRows::LeaveOut });
                                html! {
                                    <button type="button" aria-pressed={(rule.rare_rows == one).to_string()} data-test={format!("crowd-rare-{n}")}
                                        onclick={move |_| put.emit(u32::try_from(n).unwrap_or(0))}>{word}</button>
                                }
                            }) }
                        </div>
                    </div>
                }
            </section>
            { match view.as_ref().and_then(|v| v.risk.as_ref().map(|r| (v, r))) {
                None => html! { <p class="nothing">{w::UNMEASURED}</p> },
                Some((view, risk)) => report(props, view, risk),
            } }
        </div>
    }
}

fn number(label: &'static str, value: u32, test: &'static str, put: Callback<u32>) -> Html {
    let onchange = Callback::from(move |e: Event| put.emit(filled(&e).trim().parse().unwrap_or(0)));
    html! {
        <label class="labelled"><span>{label}</span>
            <input class="field" type="number" min="1" max="1000" data-test={test} value={value.to_string()} {onchange} /></label>
    }
}

fn report(props: &PageProps, view: &TableView, risk: &RiskReport) -> Html {
    let good = risk.rows_below.is_empty();
    // A column of the output, counted from 1, as one of the input.
    let input = |column: u32| {
        let at = view.columns.get((column as usize).wrapping_sub(1))?;
        Some((*at as usize).wrapping_sub(1))
    };
    let name = |column: u32| {
        let column = input(column).and_then(|at| props.info.columns.get(at));
        column.map(|c| c.name.clone()).unwrap_or_default()
    };
    let (class, icon) = if good {
        ("clean", Icon::Clean)
    } else {
        ("held", Icon::Held)
    };
    html! {
        <>
            <section class="desk-section" data-test="crowd-report" data-smallest={risk.smallest.to_string()}>
                <p class={classes!("says", class)}><Draw {icon} /><span><strong>{w::crowd(risk)}</strong></span></p>
                if let Some(d) = &risk.diversity {
                    <p>{format!("{} ({}): ", w::DIVERSITY, name(d.column))}{w::diversity(d.distinct, risk.l, d.classes_below)}</p>
                }
                <h3>{w::SIZES}</h3>
                <div class="desk-wide"><table class="desk-table sums">
                    <thead><tr><th scope="col" class="num">{w::CROWD_OF}</th><th scope="col" class="num">{w::CROWDS}</th><th scope="col"></th></tr></thead>
                    <tbody>{ for risk.sizes.iter().take(12).map(|(size, n)| html! {
                        <tr><td class="num">{format::count(*size)}</td><td class="num">{format::count(*n)}</td>
                            <td>if *size < u64::from(risk.k) { <span class="says held"><Draw icon={Icon::Held} />{w::TOO_SMALL}</span> }</td></tr>
                    }) }</tbody>
                </table></div>
            </section>
            <section class="desk-section">
                <h3>{w::SUGGESTIONS}</h3>
                <ul class="asked">
                    { for risk.suggestions.iter().take(8).filter_map(|s| {
                        let at = input(s.column)?;
                        let state = props.model.state();
                        let rule = state.mapping.as_ref()?.columns.get(at)?;
                        let can = coarser(&rule.action, s.change).is_some();
                        drop(state);
                        let (model, protocol, change) = (props.model.clone(), props.protocol.clone(), s.change);
                        Some(html! {
                            <li data-test="crowd-suggestion"><span class="grow"><strong>{name(s.column)}</strong>{" "}{w::change(s.change)}{": "}<span class="muted">{w::would_leave(s.rows_below)}</span></span>
                                if can { <button type="button" class="button" onclick={move |_| model.suggest(&protocol, at, change)}>{w::APPLY}</button> }
                            </li>
                        })
                    }) }
                </ul>
            </section>
            <section class="desk-section wide">
                <h3>{w::SMALL}{" "}<span class="muted">{format::count(view.rare.len() as u64)}</span></h3>
                if view.rare.is_empty() {
                    <p class="muted">{w::NO_SMALL}</p>
                } else {
                    <p>{format!("{}: {}", w::UNIQUE, format::count(view.alone))}</p>
                    <div class="desk-wide" tabindex="0" role="region" aria-label={w::SMALL}>
                        <table class="desk-table" data-test="crowd-rare">
                            <thead><tr><th scope="col" class="num">{w::PEOPLE}</th>
                                { for risk.quasi.iter().map(|c| html! { <th scope="col">{name(*c)}</th> }) }
                                <th scope="col">{w::ROW}</th></tr></thead>
                            <tbody>{ for view.rare.iter().take(100).map(|class| html! {
                                <tr data-test="crowd-class"><td class="num">{class.people}</td>
                                    { for class.values.iter().map(|v| html! { <td class="personal">{v.clone()}</td> }) }
                                    <td class="muted">{numbers(&class.rows)}</td></tr>
                            }) }</tbody>
                        </table>
                    </div>
                }
            </section>
        </>
    }
}

fn numbers(rows: &[u64]) -> String {
    let shown: Vec<String> = rows.iter().take(8).map(u64::to_string).collect();
    let more = if rows.len() > shown.len() {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", shown.join(", "))
}
