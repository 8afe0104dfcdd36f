//! Send: one bar for the whole, a row for each study, and what was not taken in.

use std::collections::BTreeMap;

use cordon_contribute::{Phase, StudyNode};
use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::rows::{Row, Tree};
use super::scroll::use_scrolled;
use super::state::Ctx;
use super::words;
use crate::engine::StorageState;

/// The place.
#[component]
pub(crate) fn Send() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    if !ctx.snap.approved {
        return html! { <div class="sheet"><p class="muted">{words::NOT_APPROVED}</p></div> };
    }
    let keeps = !matches!(ctx.status.storage, StorageState::Unavailable(_));
    html! {
        <div class="sheet" data-test="send-sheet">
            <Whole />
            <p class="says">
                <Draw icon={if keeps { Icon::Shield } else { Icon::Held }} />
                <span>{if keeps { words::CAN_CLOSE } else { words::MUST_STAY }}</span>
            </p>
            <Failures />
            <Studies />
        </div>
    }
}

/// The bar and its buttons.
#[component]
fn Whole() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let sure = use_state(|| false);
    let (p, rate) = (ctx.snap.progress, ctx.status.rate);
    let all = p.leaving > 0 && p.sent >= p.leaving;
    let title = match (ctx.snap.closed, all, ctx.snap.paused) {
        (true, ..) => words::SENT_TITLE,
        (_, _, true) => words::PAUSED_TITLE,
        (_, true, _) => words::CLOSING_TITLE,
        _ => words::SEND_TITLE,
    };
    let act = |f: fn(&Ctx)| {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| f(&ctx))
    };
    let cancel = {
        let (ctx, sure) = (ctx.clone(), sure.clone());
        Callback::from(move |_: MouseEvent| {
            if *sure {
                ctx.engine.cancel_sending();
            }
            sure.set(!*sure);
        })
    };
    let mut facts = vec![format!(
        "{} of {}",
        format::count(p.sent),
        format::counted(p.leaving, "image", "images")
    )];
    facts.push(format!(
        "{} of {}",
        format::bytes(p.sent_bytes),
        format::bytes(p.leaving_bytes)
    ));
    let going = !all && !ctx.snap.paused && !ctx.snap.closed;
    if going && rate.send_bytes_per_s > 0.0 {
        facts.push(format::rate(rate.send_bytes_per_s));
    }
    if let Some(s) = rate.seconds_left.filter(|_| going) {
        facts.push(format!("{} left", format::time_left(s)));
    }
    if rate.retries > 0 {
        facts.push(format::counted(
            rate.retries,
            "request repeated",
            "requests repeated",
        ));
    }
    html! {
        <section class="send-head">
            <div class="line">
                <h1 class="grow">{title}</h1>
                <span class="big">{format::percent(p.sent_bytes, p.leaving_bytes)}</span>
            </div>
            <progress data-test="send-bar" value={p.sent_bytes.to_string()} max={p.leaving_bytes.max(1).to_string()} aria-label={title}></progress>
            <div class="line">
                { for facts.into_iter().map(|f| html! { <span class="muted">{f}</span> }) }
                <span class="grow"></span>
                if !ctx.snap.closed {
                    if ctx.snap.paused {
                        <button type="button" class="button primary" data-test="resume" onclick={act(|c| c.engine.resume())}><Draw icon={Icon::Play} />{words::RESUME}</button>
                    } else {
                        <button type="button" class="button" data-test="pause" disabled={all} onclick={act(|c| c.engine.pause())}><Draw icon={Icon::Pause} />{words::PAUSE}</button>
                    }
                    if !all {
                        <button type="button" class="button" data-test="cancel" onclick={cancel}><Draw icon={Icon::Stop} />
                            {if *sure { words::CANCEL_SURE } else { words::CANCEL_SENDING }}</button>
                    }
                }
            </div>
        </section>
    }
}

/// A failure's place in the tree, for people.
fn place(tree: &Tree, row: Row) -> String {
    let Row::Series(p, s, e) = row else {
        return String::new();
    };
    let patient = tree.patient(p).map(|n| {
        let name = format::person(&n.name);
        if name.is_empty() {
            n.pseudonym.clone()
        } else {
            name
        }
    });
    let study = tree
        .study(p, s)
        .map(|n| format!("{} {}", format::dicom_date(&n.date), n.description));
    let series = tree.series(p, s, e).map(|n| {
        let number = n.number.map(|n| n.to_string()).unwrap_or_default();
        format!("{number} {} {}", n.modality, n.description)
    });
    [patient, study, series]
        .into_iter()
        .flatten()
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" › ")
}

/// What the server or the line refused, by place and reason.
#[component]
fn Failures() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    if ctx.snap.progress.failed == 0 {
        return html! {};
    }
    let tree = &ctx.snap.tree;
    let mut groups: BTreeMap<(String, String), u64> = BTreeMap::new();
    ctx.engine.with(|c| {
        for (row, series) in tree.all_series().filter(|(_, s)| s.failed > 0) {
            let place = place(tree, row);
            for file in series.files.iter().filter_map(|id| c.file(*id)) {
                if file.phase == Phase::Failed {
                    let reason = file.failure.clone().unwrap_or_default();
                    *groups.entry((place.clone(), reason)).or_insert(0) += 1;
                }
            }
        }
    });
    let (retry, leave) = (ctx.clone(), ctx.clone());
    html! {
        <section data-test="failures">
            <h2>{format!("{}: {}", words::FAILED, format::counted(ctx.snap.progress.failed, "image", "images"))}</h2>
            <div class="card">
                <table class="list">
                    <thead><tr><th>{words::WHERE}</th><th>{words::REASON}</th><th class="num">{words::IMAGES}</th></tr></thead>
                    <tbody>
                        { for groups.iter().map(|((place, reason), n)| html! {
                            <tr><td class="personal">{place.clone()}</td><td>{reason.clone()}</td><td class="num">{format::count(*n)}</td></tr>
                        }) }
                    </tbody>
                </table>
            </div>
            <p class="muted">{words::FAILED_WAY}</p>
            <div class="actions">
                <button type="button" class="button" data-test="retry" onclick={move |_| retry.engine.retry_failed()}><Draw icon={Icon::Undo} />{words::RETRY}</button>
                <button type="button" class="button" data-test="give-up" onclick={move |_| leave.engine.give_up_failed()}>{words::GIVE_UP}</button>
            </div>
        </section>
    }
}

/// A row for each study of which something leaves.
#[component]
fn Studies() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let tree = &ctx.snap.tree;
    let rows: Vec<(usize, &StudyNode)> = tree
        .patients
        .iter()
        .enumerate()
        .flat_map(|(p, patient)| patient.studies.iter().map(move |s| (p, s)))
        .filter(|(_, s)| s.sums().leaving > 0)
        .collect();
    let list = use_scrolled(rows.len());
    let tall = rows.len() > 12;
    let shown = rows
        .get(list.slice.first..list.slice.end)
        .unwrap_or_default();
    html! {
        <section>
            <h2>{words::STUDIES}</h2>
            <div class={classes!("study-rows", tall.then_some("tall"))} ref={list.node.clone()} onscroll={list.onscroll.clone()}>
                <div ref={list.above.clone()}></div>
                { for shown.iter().enumerate().map(|(n, (p, study))| {
                    let sums = study.sums();
                    let patient = tree.patient(*p).map(|n| format::person(&n.name)).filter(|n| !n.is_empty());
                    let pseudonym = tree.patient(*p).map(|n| n.pseudonym.clone()).unwrap_or_default();
                    let title = [format::dicom_date(&study.date), study.description.clone()].join(" ");
                    html! {
                        <div key={list.slice.first + n} class="row" data-test="send-study">
                            <span class="cut"><span class="personal">{patient.unwrap_or(pseudonym)}</span>{"  "}<span class="muted personal">{title}</span></span>
                            <span class="num muted">{format::counted(sums.leaving, "image", "images")}</span>
                            <progress value={sums.sent.to_string()} max={sums.leaving.to_string()} aria-label={study.description.clone()}></progress>
                            {study_state(sums.sent, sums.leaving, sums.failed)}
                        </div>
                    }
                }) }
                <div ref={list.below.clone()}></div>
            </div>
        </section>
    }
}

fn study_state(sent: u64, leaving: u64, failed: u64) -> Html {
    if failed > 0 {
        html! { <span class="verdict refused"><Draw icon={Icon::Refused} />{format!("{} failed", format::count(failed))}</span> }
    } else if sent >= leaving {
        html! { <span class="verdict clean"><Draw icon={Icon::Check} />{words::ARRIVED}</span> }
    } else {
        html! { <span class="muted">{format!("{} of {}", format::count(sent), format::count(leaving))}</span> }
    }
}
