//! The keyboard: every thing that a person does in Review and on the way has a key.

use cordon_protocol::DecisionKind;
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::decide::{changes, in_scope};
use super::rows::Tree;
use super::state::{Ctx, Do, Look, Panel, Place};
use super::words;

/// Whether the person is typing into something.
fn typing(event: &KeyboardEvent) -> bool {
    // The composed path sees through a shadow root; the target does not.
    let target = event.composed_path().get(0);
    target.dyn_ref::<web_sys::Element>().is_some_and(|e| {
        let name = e.tag_name();
        let range = e.get_attribute("type").as_deref() == Some("range");
        (name.eq_ignore_ascii_case("input") && !range)
            || name.eq_ignore_ascii_case("textarea")
            || name.eq_ignore_ascii_case("select")
    })
}

/// A key was pressed somewhere in the view.
pub(crate) fn pressed(ctx: &Ctx, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    if key == "Escape" && ctx.ui.panel.is_none() && ctx.ui.desk.is_some() && !typing(event) {
        ctx.act(Do::Desk(None));
        event.prevent_default();
        return;
    }
    if key == "Escape" && ctx.ui.panel.is_some() {
        ctx.act(Do::Panel(None));
        event.prevent_default();
        return;
    }
    if typing(event) {
        return;
    }
    let in_words = ctx.ui.place == Place::Review
        && ctx.ui.desk.is_none()
        && ctx.ui.look == Look::Words
        && super::doubt::pressed(ctx, &key, event.shift_key());
    let at_review = ctx.ui.place == Place::Review && ctx.ui.desk.is_none();
    if in_words || anywhere(ctx, &key) || (at_review && in_review(ctx, &key)) {
        event.prevent_default();
    }
}

fn anywhere(ctx: &Ctx, key: &str) -> bool {
    match key {
        "?" => {
            let open = ctx.ui.panel == Some(Panel::Help);
            ctx.act(Do::Panel((!open).then_some(Panel::Help)));
        }
        "v" | "V" => ctx.act(Do::Blur),
        "1" | "2" | "3" | "4" | "5" => {
            let n: usize = key.parse().unwrap_or(1);
            match Place::ALL.get(n - 1) {
                Some(place) if ctx.snap.open(*place) => ctx.act(Do::Go(*place)),
                _ => return false,
            }
        }
        _ => return false,
    }
    true
}

fn in_review(ctx: &Ctx, key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    // What is not on the screen is not decided on.
    if ctx.ui.look == Look::Words && !matches!(key.as_str(), "i" | "h") {
        return false;
    }
    match key.as_str() {
        "w" => ctx.act(Do::Look(Look::Words)),
        "j" => step(ctx, 1, false),
        "k" => step(ctx, -1, false),
        "n" => step(ctx, 1, true),
        "a" => decide(ctx, DecisionKind::Accept),
        "x" => decide(ctx, DecisionKind::Exclude),
        "z" => undo(ctx),
        "i" => ctx.act(Do::Look(Look::Image)),
        "h" => ctx.act(Do::Look(Look::Header)),
        "f" => ctx.act(Do::Look(Look::Face)),
        "q" => ctx.act(Do::Look(Look::Quality)),
        _ => return false,
    }
    true
}

/// Goes to the next or previous series.
pub(crate) fn step(ctx: &Ctx, by: isize, undecided: bool) {
    if let Some(row) = ctx.snap.tree.next_series(ctx.selected(), by, undecided) {
        ctx.select(row);
    }
}

/// Takes the last decision back.
pub(crate) fn undo(ctx: &Ctx) {
    let said = if ctx.snap.approved {
        Some(words::APPROVED_ALREADY)
    } else {
        None
    };
    if said.is_some() || !ctx.engine.undo() {
        ctx.act(Do::Say(Some(
            said.unwrap_or(words::NOTHING_TO_UNDO).to_owned(),
        )));
    } else {
        ctx.act(Do::Say(None));
    }
}

/// Decides on what is in scope, and goes on to the next series that waits.
pub(crate) fn decide(ctx: &Ctx, kind: DecisionKind) {
    let Some(series) = ctx.series() else {
        return;
    };
    if kind == DecisionKind::Accept && !ctx.may_approve_held() {
        ctx.act(Do::Say(Some(words::MAY_NOT_APPROVE.to_owned())));
        return;
    }
    let image = ctx.image();
    let scope = ctx.ui.scope;
    let ids = ctx.engine.with(|c| {
        let reach = in_scope(c, &ctx.snap.tree, series, image, scope);
        changes(c, &reach, Some(kind))
    });
    if ids.is_empty() {
        let said = match kind {
            _ if ctx.snap.approved => words::APPROVED_ALREADY,
            DecisionKind::Accept => words::NOTHING_TO_ACCEPT,
            DecisionKind::Exclude => words::NOTHING_TO_EXCLUDE,
        };
        ctx.act(Do::Say(Some(said.to_owned())));
        return;
    }
    if let Err(why) = ctx.engine.decide(&ids, Some(kind)) {
        ctx.act(Do::Say(Some(why)));
        return;
    }
    ctx.act(Do::Say(None));
    let tree = ctx.engine.with(Tree::of);
    let here_done = match series {
        super::rows::Row::Series(p, s, e) => tree.series(p, s, e).is_none_or(|n| n.undecided == 0),
        _ => false,
    };
    if here_done && let Some(row) = tree.next_series(Some(series), 1, true) {
        ctx.select(row);
    }
}

/// Takes the decisions in scope back.
pub(crate) fn clear(ctx: &Ctx) {
    let Some(series) = ctx.series() else {
        return;
    };
    let image = ctx.image();
    let ids = ctx.engine.with(|c| {
        let reach = in_scope(c, &ctx.snap.tree, series, image, ctx.ui.scope);
        changes(c, &reach, None)
    });
    if let Err(why) = ctx.engine.decide(&ids, None) {
        ctx.act(Do::Say(Some(why)));
    }
}
