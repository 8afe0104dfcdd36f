//! Review: what is in it, what it loses, and what a person says to what is held.

use std::rc::Rc;

use cordon_contribute::FileId;
use cordon_protocol::{DecisionKind, Verdict};
use yew::prelude::*;

use super::decide::Scope;
use super::doubt::{WordsView, open_words};
use super::face::FaceView;
use super::findings::Findings;
use super::format;
use super::header::HeaderView;
use super::icons::{Draw, Icon};
use super::images::Images;
use super::keys;
use super::looks_line::LooksLine;
use super::quality::QualityView;
use super::rows::Row;
use super::state::{Ctx, Do, Look};
use super::tree::TreeView;
use super::verdict::Badge;
use super::words;
use crate::looks::Wants;

/// The place.
#[component]
pub(crate) fn Review() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    {
        // Begin where a person is needed.
        let ctx = ctx.clone();
        let needed = ctx.selected().is_none() && !ctx.snap.tree.patients.is_empty();
        use_effect_with(needed, move |needed| {
            let tree = &ctx.snap.tree;
            if let Some(row) = needed
                .then(|| {
                    tree.next_series(None, 1, true)
                        .or_else(|| tree.next_series(None, 1, false))
                })
                .flatten()
            {
                ctx.select(row);
            }
        });
    }
    let series = ctx.series();
    html! {
        <div class="review">
            <TreeView compact=true />
            { match series {
                Some(row) => html! { <Selected {row} /> },
                None => html! { <div class="review-view"><p class="nothing">{words::CHOOSE}</p></div> },
            } }
            <section class="review-found" aria-label={words::FOUND}><Findings /></section>
        </div>
    }
}

/// Properties of [`Selected`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct SelectedProps {
    row: Row,
}

/// What the screen needs to know about the image on it.
#[derive(Default)]
struct Now {
    verdict: Option<Verdict>,
    decision: Option<DecisionKind>,
    leaves: Option<bool>,
    pixels: bool,
}

fn look(ctx: &Ctx, file: Option<FileId>) -> Now {
    ctx.engine.with(|c| {
        file.and_then(|id| c.file(id))
            .map_or_else(Now::default, |f| Now {
                verdict: f.verdict,
                decision: f.decision,
                leaves: f.verdict.map(|_| f.record.is_some()),
                pixels: f.entry.as_ref().is_none_or(|e| e.frames > 0),
            })
    })
}

/// The selected series: bar, view, decisions.
#[component]
fn Selected(props: &SelectedProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let Row::Series(p, s, e) = props.row else {
        return html! {};
    };
    let tree = &ctx.snap.tree;
    let key = tree.key(props.row);
    let files = tree.series(p, s, e).map_or(0, |n| n.files.len());
    let slices = use_memo((key, files), |_| Rc::new(ctx.slices(props.row)));
    let Some(series) = tree.series(p, s, e) else {
        return html! {};
    };
    let index = ctx.image_in(&slices).unwrap_or(0);
    let file = slices.get(index).map(|(id, _)| *id);
    let now = look(&ctx, file);
    let onindex = {
        let (ctx, slices) = (ctx.clone(), slices.clone());
        Callback::from(move |index: usize| {
            if let Some((id, frame)) = slices.get(index) {
                ctx.act(Do::Show(*id, *frame, None));
            }
        })
    };
    let title = if series.description.is_empty() {
        words::NO_DESCRIPTION
    } else {
        &series.description
    };
    let number = series.number.map(|n| format!("{n}  ")).unwrap_or_default();
    let about = [
        series.modality.clone(),
        series.body_part.clone(),
        format::counted(files as u64, "image", "images"),
    ]
    .into_iter()
    .filter(|t| !t.is_empty())
    .collect::<Vec<_>>()
    .join(" · ");
    let patient = tree.patient(p).map(|n| {
        let name = format::person(&n.name);
        if name.is_empty() {
            n.pseudonym.clone()
        } else {
            name
        }
    });
    let ctx_look = ctx.clone();
    let looks = [
        (Look::Image, words::IMAGE, "view-image", Icon::Picture),
        (Look::Header, words::HEADER, "view-header", Icon::Document),
        (
            Look::Words,
            words::doubt::WORDS,
            "view-words",
            Icon::Letters,
        ),
        (Look::Face, words::look::FACE, "view-face", Icon::Head),
        (
            Look::Quality,
            words::look::QUALITY,
            "view-quality",
            Icon::Rows,
        ),
    ];
    let open = open_words(&ctx.snap.words);
    let wanted = file
        .and_then(|file| ctx.engine.look(file))
        .map_or_else(Wants::default, |l| l.wants);
    html! {
        <>
            <div class="review-bar">
                <div class="title">
                    <strong class="cut">{number}{title}</strong>
                    <span class="muted small cut"><span class="personal">{patient}</span>{" · "}{about}</span>
                </div>
                <div class="segments" role="tablist" aria-label={words::REVIEW}>
                    { for looks.into_iter().filter(|(look, ..)| shows(*look, ctx.ui.look, &wanted)).map(|(look, word, test, icon)| {
                        let ctx = ctx_look.clone();
                        html! {
                            <button type="button" role="tab" data-test={test} aria-selected={(ctx.ui.look == look).to_string()}
                                onclick={move |_| ctx.act(Do::Look(look))}><Draw {icon} />{word}
                                if look == Look::Words && open > 0 { <span class="todo">{format::count(open as u64)}</span> }</button>
                        }
                    }) }
                </div>
            </div>
            <div class="review-view">
                { match (ctx.ui.look, file) {
                    (Look::Words, _) => html! { <WordsView /> },
                    (Look::Header, Some(file)) => html! {
                        <HeaderView {file} tag={ctx.ui.tag.clone()} cleaned={now.verdict.is_some()} />
                    },
                    (Look::Face, Some(file)) => html! { <FaceView {file} /> },
                    (Look::Quality, Some(file)) => html! { <QualityView {file} /> },
                    _ => html! {
                        <Images engine={ctx.engine.clone()} slices={(*slices).clone()} {index} {onindex}
                            pixels={now.pixels} leaves={now.leaves} modality={series.modality.clone()}
                            looks={ctx.snap.looks.revision} closed={ctx.snap.approved} boxed={now.pixels} />
                    },
                } }
                <LooksLine />
                if ctx.ui.look != Look::Words {
                    <Decide verdict={now.verdict} decision={now.decision} />
                }
            </div>
        </>
    }
}

/// Whether a view is offered: what no series asks for is not in the way.
fn shows(look: Look, now: Look, wanted: &Wants) -> bool {
    match look {
        Look::Face => wanted.face || now == look,
        Look::Quality => wanted.quality || now == look,
        _ => true,
    }
}

/// Properties of [`Decide`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct DecideProps {
    verdict: Option<Verdict>,
    decision: Option<DecisionKind>,
}

/// Accept, exclude, take back: on an image, a series, a study, a patient, or all alike.
#[component]
fn Decide(props: &DecideProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let act = |f: fn(&Ctx)| {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| f(&ctx))
    };
    let closed = ctx.snap.approved;
    let word = match props.decision {
        Some(DecisionKind::Accept) => words::ACCEPTED,
        Some(DecisionKind::Exclude) => words::EXCLUDED,
        None => "",
    };
    html! {
        <div class="decide-bar">
            <span class="state" title={words::THIS_IMAGE}><Badge verdict={props.verdict} /><span class={classes!("sub", "muted", (!word.is_empty()).then_some("decided"))}>{word}</span></span>
            <div class="segments" role="group" aria-label={words::SCOPE} title={words::SCOPE}>
                { for Scope::ALL.iter().zip(words::SCOPES).map(|(scope, word)| {
                    let (ctx, scope) = (ctx.clone(), *scope);
                    html! {
                        <button type="button" aria-pressed={(ctx.ui.scope == scope).to_string()}
                            data-test={format!("scope-{}", word.to_lowercase().replace(' ', "-"))}
                            onclick={move |_| ctx.act(Do::Scope(scope))}>{word}</button>
                    }
                }) }
            </div>
            <div class="actions">
            <button type="button" class="button accept" data-test="accept" disabled={closed || !ctx.may_approve_held()}
                onclick={act(|c| keys::decide(c, DecisionKind::Accept))}><Draw icon={Icon::Check} />{words::ACCEPT}<kbd>{"A"}</kbd></button>
            <button type="button" class="button exclude" data-test="exclude" disabled={closed}
                onclick={act(|c| keys::decide(c, DecisionKind::Exclude))}><Draw icon={Icon::Close} />{words::EXCLUDE}<kbd>{"X"}</kbd></button>
            <button type="button" class="button quiet" data-test="clear" disabled={closed}
                onclick={act(keys::clear)}>{words::TAKE_BACK}</button>
            <button type="button" class="button quiet" data-test="undo" disabled={closed}
                onclick={act(keys::undo)}><Draw icon={Icon::Undo} />{words::UNDO}<kbd>{"Z"}</kbd></button>
            </div>
        </div>
    }
}
