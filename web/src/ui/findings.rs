//! Findings as a list with a place, `Held` first.

use std::collections::BTreeMap;
use std::rc::Rc;

use cordon_contribute::{Contribution, FileId};
use cordon_protocol::{Action, Code, Counts, DecisionKind, Severity, TagPath};
use yew::prelude::*;

use super::format;
use super::icons::Draw;
use super::rows::{Row, Tree};
use super::scroll::{bring, use_scrolled};
use super::state::{Ctx, Do, Look};
use super::term::What;
use super::verdict::{leads_to, mark, severity_class};
use super::words::{self, Did, Term, did};
use crate::engine::LookState;

/// The same finding in the images of one series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) code: Code,
    pub(crate) series: Row,
    pub(crate) files: Vec<FileId>,
    /// Where it is in the first of them.
    pub(crate) tag: Option<TagPath>,
    pub(crate) frame: u32,
    /// Accepted, left out.
    pub(crate) accepted: usize,
    pub(crate) excluded: usize,
}

impl Group {
    /// Whether a person still has to look.
    fn waits(&self) -> bool {
        self.code.severity() == Severity::Held && self.accepted + self.excluded < self.files.len()
    }
    fn order(&self) -> u8 {
        match (self.code.severity(), self.waits()) {
            (Severity::Held, true) => 0,
            (Severity::Held, false) => 1,
            (Severity::Refused, _) => 2,
            (Severity::Note, _) => 3,
        }
    }
}

/// Everything that was noticed, gathered by series and code, `Held` and not decided first.
pub(crate) fn groups(contribution: &Contribution, tree: &Tree) -> Vec<Group> {
    let mut all = Vec::new();
    for (row, series) in tree.all_series() {
        let mut here: BTreeMap<Code, Group> = BTreeMap::new();
        for file in series.files.iter().filter_map(|id| contribution.file(*id)) {
            for finding in &file.findings {
                let group = here.entry(finding.code).or_insert_with(|| Group {
                    code: finding.code,
                    series: row,
                    files: Vec::new(),
                    tag: finding.place.tag.clone(),
                    frame: finding.place.frame.unwrap_or(0),
                    accepted: 0,
                    excluded: 0,
                });
                if group.files.last() != Some(&file.id) {
                    group.files.push(file.id);
                    group.accepted += usize::from(file.decision == Some(DecisionKind::Accept));
                    group.excluded += usize::from(file.decision == Some(DecisionKind::Exclude));
                }
            }
        }
        all.extend(here.into_values());
    }
    all.sort_by_key(Group::order);
    all
}

/// The list.
#[component]
pub(crate) fn Findings() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let list = use_memo((ctx.snap.revision, Rc::as_ptr(&ctx.snap)), |_| {
        ctx.engine.with(|c| groups(c, &ctx.snap.tree))
    });
    let chosen = use_state(|| None::<(Code, Row)>);
    let series = ctx.series();
    let scrolled = use_scrolled(list.len());
    // What was chosen here, or the first finding of what is selected elsewhere.
    let at = list
        .iter()
        .position(|g| *chosen == Some((g.code, g.series)) && Some(g.series) == series)
        .or_else(|| list.iter().position(|g| Some(g.series) == series));
    {
        let node = scrolled.node.clone();
        use_effect_with((series, at), move |(_, at)| {
            if let Some(at) = at {
                bring(&node, *at);
            }
        });
    }
    let pick = {
        let (ctx, chosen) = (ctx.clone(), chosen.setter());
        Callback::from(move |group: Group| {
            chosen.set(Some((group.code, group.series)));
            ctx.select(group.series);
            if let Some(file) = group.files.first() {
                // What is in the picture is shown in the picture.
                let tag = group.tag.clone().filter(|_| !in_picture(group.code));
                if tag.is_none() {
                    ctx.act(Do::Look(Look::Image));
                }
                let middle = group.files.get(group.files.len() / 2).unwrap_or(file);
                let file = if in_picture(group.code) { middle } else { file };
                ctx.act(Do::Show(*file, group.frame, tag));
                if group.code == Code::UncertainWords {
                    ctx.act(Do::Look(Look::Words));
                }
                if matches!(group.code, Code::FaceUnsure | Code::FacePresent) {
                    ctx.act(Do::Look(Look::Face));
                }
            }
        })
    };
    let loss = ctx
        .image()
        .map(|id| {
            ctx.engine
                .with(|c| c.file(id).map(|f| loses(&f.counts)).unwrap_or_default())
        })
        .unwrap_or_default();
    let waiting: usize = list.iter().filter(|g| g.waits()).count();
    let visible = list
        .get(scrolled.slice.first..scrolled.slice.end)
        .unwrap_or_default();
    let detail = at.and_then(|i| list.get(i));
    html! {
        <>
            <div class="found-head">
                <h2><What term={Term::Finding} text={words::FOUND} /></h2>
                <span class="loses muted small cut" title={loss.clone()}>{loss}</span>
                if waiting > 0 {
                    <span class="verdict held">{format!("{} {}", format::count(waiting as u64), words::TO_DECIDE)}</span>
                }
            </div>
            <div class="scroller" ref={scrolled.node.clone()} onscroll={scrolled.onscroll.clone()}
                role="listbox" aria-label={words::FOUND}>
                <div ref={scrolled.above.clone()} role="none"></div>
                { for visible.iter().enumerate().map(|(n, group)| {
                    let number = scrolled.slice.first + n;
                    line(&ctx, group, number, at == Some(number), &pick)
                }) }
                <div ref={scrolled.below.clone()} role="none"></div>
                if list.is_empty() {
                    <p class="nothing">{words::NOTHING_FOUND}</p>
                }
            </div>
            if let Some(group) = detail {
                <div class="found-detail" data-test="finding-detail">
                    <p class={classes!("says", severity_class(group.code.severity()))}>
                        <Draw icon={mark(group.code).0} />
                        <span>{sentence(group)}
                            if in_picture(group.code) && !looked_at(&ctx, group) {
                                {" "}<strong>{words::PIXELS_STAY}</strong>
                            }
                        </span>
                    </p>
                </div>
            }
        </>
    }
}

/// Whether the finding is about what can be seen in the picture.
const fn in_picture(code: Code) -> bool {
    matches!(
        code,
        Code::Head
            | Code::HeadUnknown
            | Code::SecondaryCapture
            | Code::Ultrasound
            | Code::BurnedInYes
            | Code::BurnedInUnstated
            | Code::VisualFeaturesYes
            | Code::Rendering
            | Code::TextLeft
            | Code::TextNotLooked
            | Code::FaceUnsure
            | Code::FacePresent
            | Code::FaceNotPlaced
            | Code::Overlay
            | Code::Photograph
            | Code::UnjudgedPixels
            | Code::SlideLabel
            | Code::Scanned
    )
}

/// Whether somebody has looked at the pixels that the finding is about.
fn looked_at(ctx: &Ctx, group: &Group) -> bool {
    let look = group.files.first().and_then(|id| ctx.engine.look(*id));
    look.is_some_and(|l| l.state == LookState::Done)
}

/// The finding's sentence, beginning like one, with its place.
fn sentence(group: &Group) -> String {
    let mut text = group.code.sentence().to_owned();
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    match &group.tag {
        Some(tag) => format!("{text}. {} {tag}.", words::AT),
        None => format!("{text}."),
    }
}

fn decided(group: &Group) -> String {
    if group.code.severity() != Severity::Held {
        return String::new();
    }
    let left = group.files.len() - group.accepted - group.excluded;
    match (left, group.accepted, group.excluded) {
        (0, _, 0) => words::ACCEPTED.to_owned(),
        (0, 0, _) => words::EXCLUDED.to_owned(),
        (0, a, x) => format!("{a} + / {x} −"),
        _ => format!("{} {}", format::count(left as u64), words::TO_DECIDE),
    }
}

fn line(ctx: &Ctx, group: &Group, number: usize, current: bool, pick: &Callback<Group>) -> Html {
    let severity = group.code.severity();
    let (icon, word) = mark(group.code);
    let place = match group.series {
        Row::Series(p, s, e) => ctx.snap.tree.series(p, s, e).map(|n| {
            let number = n.number.map(|n| format!("{n}  ")).unwrap_or_default();
            format!("{number}{} {}", n.modality, n.description)
        }),
        _ => None,
    };
    let onclick = {
        let (pick, group) = (pick.clone(), group.clone());
        Callback::from(move |_: MouseEvent| pick.emit(group.clone()))
    };
    let onkeydown = {
        let (pick, group) = (pick.clone(), group.clone());
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Enter" || e.key() == " " {
                e.prevent_default();
                e.stop_propagation();
                pick.emit(group.clone());
            }
        })
    };
    let state = leads_to(severity).map_or(words::NOTE, |v| v.word());
    html! {
        <div key={number} class="row found-row" role="option" tabindex="0" aria-selected={current.to_string()}
            data-test="finding" data-code={group.code.as_str()} title={group.code.sentence()} {onclick} {onkeydown}>
            <span class={classes!("verdict", severity_class(severity))}><Draw {icon} />{state}</span>
            <span class="cell what"><strong>{word}</strong><span class="long">{"  "}{group.code.sentence()}</span></span>
            <span class="cell where col-where">{place}</span>
            <span class="cell num">{format::count(group.files.len() as u64)}</span>
            <span class="cell">{decided(group)}</span>
        </div>
    }
}

/// What the image on the screen loses, in one line.
fn loses(counts: &Counts) -> String {
    let parts: Vec<String> = [
        Action::Remove,
        Action::Empty,
        Action::Dummy,
        Action::Uid,
        Action::Pseudonym,
        Action::Clean,
        Action::Keep,
    ]
    .into_iter()
    .filter(|a| counts.of(*a) > 0)
    .map(|a| format!("{} {}", format::count(counts.of(a)), lower(did(a).1)))
    .collect();
    if parts.is_empty() {
        return String::new();
    }
    let gone: u64 = counts
        .0
        .iter()
        .filter(|(a, _)| did(**a).0 != Did::Kept)
        .map(|(_, n)| n)
        .sum();
    format!(
        "{} of this header change: {}",
        format::counted(gone, "attribute", "attributes"),
        parts.join(", ")
    )
}

/// A word as it stands inside a sentence; abbreviations stay.
fn lower(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(chars)
        .collect()
}
