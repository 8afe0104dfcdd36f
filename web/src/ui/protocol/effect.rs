//! What a variant does to the image that is selected, beside what the project's protocol does.

use std::rc::Rc;

use cordon_contribute::{ComparedRow, Comparison, Fate};
use cordon_protocol::{Action, Protocol};
use yew::prelude::*;

use super::Shared;
use super::trial::Effect;
use crate::ui::drop::Pickers;
use crate::ui::format;
use crate::ui::passphrase::typed;
use crate::ui::rows::Row;
use crate::ui::scroll::use_scrolled;
use crate::ui::state::{Ctx, Do};
use crate::ui::verdict::Badge;
use crate::ui::words::{self, did, protocol as w, rule};

/// Properties of [`EffectView`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct EffectProps {
    pub(super) trial: Shared,
    pub(super) project: Rc<Protocol>,
    pub(super) variant: Rc<Protocol>,
    /// Grows whenever anything changed.
    pub(super) tick: u32,
}

/// The right side of the desk.
#[component]
pub(super) fn EffectView(props: &EffectProps) -> Html {
    let ctx = use_context::<Ctx>();
    {
        // Where nothing is selected, the first series is as good as any.
        let ctx = ctx.clone();
        let none = ctx
            .as_ref()
            .is_some_and(|c| c.selected().is_none() && !c.snap.tree.patients.is_empty());
        use_effect_with(none, move |none| {
            if let Some(ctx) = ctx.filter(|_| *none)
                && let Some(row) = ctx.snap.tree.next_series(None, 1, false)
            {
                ctx.select(row);
            }
        });
    }
    let image = ctx.as_ref().and_then(Ctx::image);
    {
        let (trial, project) = (props.trial.clone(), props.project.clone());
        use_effect_with((image, props.variant.clone()), move |(image, _)| {
            trial.look(*image, &project);
        });
    }
    let state = props.trial.state();
    let (effect, working) = (state.effect.clone(), state.working);
    drop(state);
    let Some(ctx) = ctx else {
        return html! {};
    };
    html! {
        <section class="desk-effect" aria-label={w::EFFECT} aria-busy={working.to_string()} data-test="effect">
            <div class="effect-head">
                <h2>{w::EFFECT}</h2>
                {which(&ctx)}
                <span class="muted small push" role="status">{if working { w::WORKING } else { "" }}</span>
            </div>
            { match (image, effect) {
                (None, _) => html! {
                    <div class="effect-empty">
                        <p>{w::NO_IMAGE}</p>
                        <div class="buttons"><Pickers /></div>
                    </div>
                },
                (_, Effect::Failed(sentence)) => html! { <p class="nothing" role="alert">{sentence}</p> },
                (_, Effect::Ready(comparison)) => html! { <Compared {comparison} /> },
                (_, Effect::None) => html! { <p class="nothing" role="status">{w::WORKING}</p> },
            } }
        </section>
    }
}

/// The image, and the way to another one.
fn which(ctx: &Ctx) -> Html {
    let tree = &ctx.snap.tree;
    let Some(row) = ctx.series() else {
        return html! {};
    };
    let Row::Series(p, s, e) = row else {
        return html! {};
    };
    let Some(series) = tree.series(p, s, e) else {
        return html! {};
    };
    let slices = ctx.slices(row);
    let at = ctx.image_in(&slices).unwrap_or(0);
    let go = |to: Option<usize>| {
        let ctx = ctx.clone();
        let to = to.and_then(|n| slices.get(n).copied());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some((id, frame)) = to {
                ctx.act(Do::Show(id, frame, None));
            }
        });
        (onclick, to.is_none())
    };
    let (back, no_back) = go(at.checked_sub(1));
    let (next, no_next) = go(Some(at + 1));
    let options = tree.all_series().map(|(one, n)| {
        let Row::Series(p, s, e) = one else {
            return html! {};
        };
        let words = if n.description.is_empty() {
            words::NO_DESCRIPTION
        } else {
            &n.description
        };
        let value = format!("{p} {s} {e}");
        html! { <option {value} selected={one == row}>{format!("{} {words}", n.modality)}</option> }
    });
    let pick = {
        let ctx = ctx.clone();
        Callback::from(move |event: Event| {
            let text = super::fields::chosen(&event);
            let numbers: Vec<usize> = text.split(' ').filter_map(|n| n.parse().ok()).collect();
            if let [p, s, e] = numbers.as_slice() {
                ctx.select(Row::Series(*p, *s, *e));
            }
        })
    };
    html! {
        <>
            <select class="field series" aria-label={words::SERIES} data-test="effect-series" onchange={pick}>{ for options }</select>
            <span class="muted small">{format!("{} {} / {}; {}", words::IMAGE, at + 1, slices.len(), series.modality)}</span>
            <button type="button" class="button quiet icon-only" aria-label={w::PREVIOUS} title={w::PREVIOUS} disabled={no_back} onclick={back}>{"‹"}</button>
            <button type="button" class="button quiet icon-only" aria-label={w::NEXT} title={w::NEXT} disabled={no_next} onclick={next}>{"›"}</button>
        </>
    }
}

/// Properties of [`Compared`].
#[derive(Clone, PartialEq, Properties)]
struct ComparedProps {
    comparison: Rc<Comparison>,
}

#[component]
fn Compared(props: &ComparedProps) -> Html {
    let c = &props.comparison;
    let all = use_state_eq(|| false);
    let needle = use_state_eq(String::new);
    let shown = use_memo((c.clone(), *all, (*needle).clone()), |(c, all, needle)| {
        let needle = needle.trim().to_lowercase();
        let rows = c.rows.iter().enumerate();
        rows.filter(|(_, r)| (*all || r.differs()) && fits(r, &needle))
            .map(|(i, _)| i)
            .collect::<Vec<usize>>()
    });
    let different = use_memo(c.clone(), |c| c.rows.iter().filter(|r| r.differs()).count());
    let list = use_scrolled(shown.len());
    let oninput = {
        let needle = needle.setter();
        Callback::from(move |e: InputEvent| needle.set(typed(&e)))
    };
    let visible = shown
        .get(list.slice.first..list.slice.end)
        .unwrap_or_default();
    html! {
        <>
            <div class="effect-sums">
                <p class={classes!("effect-count", (*different > 0).then_some("some"))} role="status" data-test="effect-count" data-count={different.to_string()}>{w::different(*different)}</p>
                {sums(c)}
                {findings(c)}
            </div>
            <div class="header-tools">
                <div class="segments" role="group" aria-label={w::EFFECT}>
                    { for [(false, w::FILTERS[0], *different, "effect-different"), (true, w::FILTERS[1], c.rows.len(), "effect-all")].into_iter().map(|(kind, word, n, test)| {
                        let pick = all.setter();
                        html! {
                            <button type="button" data-test={test} aria-pressed={(*all == kind).to_string()} onclick={move |_| pick.set(kind)}>
                                {word}<span class="muted">{format::count(n as u64)}</span>
                            </button>
                        }
                    }) }
                </div>
                <input class="field" type="search" placeholder={words::SEARCH} aria-label={words::SEARCH} value={(*needle).clone()} {oninput} />
            </div>
            <div class="effect-grid effect-columns" aria-hidden="true">
                { for w::COLUMNS.iter().map(|word| html! { <span class="cut">{*word}</span> }) }
            </div>
            <div class="scroller" ref={list.node.clone()} onscroll={list.onscroll.clone()} tabindex="0" role="table" aria-label={w::EFFECT}
                aria-rowcount={shown.len().to_string()}>
                <div ref={list.above.clone()}></div>
                { for visible.iter().enumerate().filter_map(|(n, i)| c.rows.get(*i).map(|row| line(row, list.slice.first + n))) }
                <div ref={list.below.clone()}></div>
                if shown.is_empty() {
                    <p class="nothing">{if *different == 0 && !*all { w::NOTHING_CHANGED } else { words::NO_ROWS }}</p>
                }
            </div>
        </>
    }
}

fn fits(row: &ComparedRow, needle: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(needle);
    needle.is_empty()
        || holds(&row.name)
        || holds(&row.path.to_string())
        || row.before.as_deref().is_some_and(holds)
}

/// How many attributes met which action, under both.
fn sums(c: &Comparison) -> Html {
    let [one, two] = &c.counts;
    let actions = Action::ALL
        .into_iter()
        .filter(|a| one.of(*a) + two.of(*a) > 0);
    html! {
        <table class="desk-table sums" data-test="effect-sums">
            <thead><tr>
                <th scope="col">{w::ACTIONS}</th><th scope="col" class="num">{w::PROJECT}</th>
                <th scope="col" class="num">{w::VARIANT}</th><th scope="col" class="num">{w::DIFFERENCE}</th>
            </tr></thead>
            <tbody>
                { for actions.map(|action| {
                    let (a, b) = (one.of(action), two.of(action));
                    let by = match b.cmp(&a) {
                        std::cmp::Ordering::Equal => String::new(),
                        std::cmp::Ordering::Greater => format!("+{}", b - a),
                        std::cmp::Ordering::Less => format!("−{}", a - b),
                    };
                    html! {
                        <tr><th scope="row">{did(action).1}</th><td class="num">{format::count(a)}</td><td class="num">{format::count(b)}</td><td class="num"><strong>{by}</strong></td></tr>
                    }
                }) }
                <tr><th scope="row">{w::VERDICT}</th><td class="num"><Badge verdict={Some(c.verdicts[0])} /></td><td class="num"><Badge verdict={Some(c.verdicts[1])} /></td><td></td></tr>
            </tbody>
        </table>
    }
}

fn findings(c: &Comparison) -> Html {
    let lists = [
        (w::NEW_FINDING, &c.only_second),
        (w::OLD_FINDING, &c.only_first),
    ];
    html! {
        <>
            { for lists.into_iter().flat_map(|(word, list)| list.iter().take(4).map(move |f| html! {
                <p class="says"><span>{word}{" "}{f.sentence()}</span></p>
            })) }
        </>
    }
}

fn line(row: &ComparedRow, number: usize) -> Html {
    let path = row.path.to_string();
    let depth = "↳ ".repeat(row.path.depth().min(4));
    html! {
        <div key={number} class={classes!("row", "effect-grid", row.differs().then_some("differs"))} role="row" data-test="effect-row"
            aria-rowindex={(number + 1).to_string()} title={format!("{path}  {}", row.name)}>
            <span class="cell path mono" role="cell">{depth}{row.path.tag.to_string()}</span>
            <span class="cell" role="cell">{row.name.clone()}</span>
            <span class="cell personal" role="cell" title={row.before.clone()}>{value(row.before.as_deref())}</span>
            {fate(row.first.as_ref())}
            {fate(row.second.as_ref())}
        </div>
    }
}

fn fate(fate: Option<&Fate>) -> Html {
    let Some(fate) = fate else {
        return html! { <span class="cell" role="cell"><span class="gone">{w::NOT_THERE}</span></span> };
    };
    let (_, word, meaning) = did(fate.action);
    html! {
        <span class="cell fate" role="cell" title={format!("{meaning}. {}", rule(fate.rule))}>
            <span class="fate-word">{word}</span>{value(fate.after.as_deref())}
        </span>
    }
}

fn value(text: Option<&str>) -> Html {
    match text {
        None => html! { <span class="gone">{words::ABSENT}</span> },
        Some("") => html! { <span class="gone">{words::EMPTY}</span> },
        Some(text) => html! { {text.to_owned()} },
    }
}
