//! The face: a turning head before and after, and what the verifier says.
//!
//! The pictures are shaded surfaces of a coarse copy. They live in this tab's memory.

use std::rc::Rc;

use cordon_contribute::FileId;
use wasm_bindgen::{Clamped, JsCast as _};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::prelude::*;

use super::icons::{Draw, Icon};
use super::look_state::State;
use super::state::{Ctx, Do};
use super::words::look as words;
use crate::engine::{LookState, Turning};
use crate::looks::{FaceLook, FaceWord};

/// Properties of [`FaceView`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct FaceProps {
    /// A file of the series.
    pub(crate) file: FileId,
}

/// Pixels of a drag that turn the head by one direction.
const PER_DIRECTION: f64 = 12.0;

/// The view.
#[component]
pub(crate) fn FaceView(props: &FaceProps) -> Html {
    let direction = use_state(|| 0_i32);
    let drag = use_mut_ref(|| None::<(f64, i32)>);
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let Some(look) = ctx.engine.look(props.file) else {
        return html! { <State file={props.file} state={None::<LookState>} /> };
    };
    let Some(face) = look.face.clone().filter(|_| look.state == LookState::Done) else {
        return html! { <State file={props.file} state={Some(look.state.clone())} /> };
    };
    let Some(turning) = look.turning.clone() else {
        let changed = face.cut;
        return html! {
            <div class="face-view" data-test="face-view">
                <Says {face} />
                if changed {
                    <Judge file={props.file} said={look.said} {changed} held=true />
                }
            </div>
        };
    };
    let all = i32::try_from(turning.directions).unwrap_or(1).max(1);
    let at = direction.rem_euclid(all);
    let degrees = at * 360 / all;
    let label = format!("{degrees}°");
    let down = {
        let (drag, direction) = (drag.clone(), direction.clone());
        Callback::from(move |e: PointerEvent| {
            if let Some(target) = e.target_dyn_into::<web_sys::Element>() {
                let _ = target.set_pointer_capture(e.pointer_id());
            }
            drag.replace(Some((f64::from(e.client_x()), *direction)));
        })
    };
    let moved = {
        let (drag, direction) = (drag.clone(), direction.clone());
        Callback::from(move |e: PointerEvent| {
            if let Some((from, first)) = *drag.borrow() {
                let by = (f64::from(e.client_x()) - from) / PER_DIRECTION;
                direction.set(first - by.round() as i32);
            }
        })
    };
    let up = Callback::from(move |_: PointerEvent| {
        drag.take();
    });
    let key = {
        let direction = direction.clone();
        Callback::from(move |e: KeyboardEvent| {
            let by = match e.key().as_str() {
                "ArrowLeft" | "ArrowDown" => -1,
                "ArrowRight" | "ArrowUp" => 1,
                "Home" => -*direction,
                _ => return,
            };
            e.prevent_default();
            e.stop_propagation();
            direction.set(*direction + by);
        })
    };
    let slide = {
        let direction = direction.clone();
        Callback::from(move |e: InputEvent| {
            let input = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
            if let Some(n) = input.and_then(|i| i.value().parse().ok()) {
                direction.set(n);
            }
        })
    };
    let changed = !turning.after.is_empty();
    let held = face.after != "absent";
    let after = if changed {
        words::FACE_AFTER
    } else {
        words::FACE_SAME
    };
    html! {
        <div class="face-view" data-test="face-view">
            <div class="pair" onpointerdown={down} onpointermove={moved} onpointerup={up.clone()} onpointercancel={up} onkeydown={key}>
                <Head turning={Rc::clone(&turning)} {at} after=false title={words::FACE_BEFORE} />
                <Head turning={Rc::clone(&turning)} {at} after={changed} title={after} />
            </div>
            <div class="view-tools">
                <span class="slice-number muted">{label.clone()}</span>
                <input type="range" min="0" max={(all - 1).to_string()} step="1" value={at.to_string()} data-test="face-turn"
                    aria-label={words::TURN} aria-valuetext={label} oninput={slide} />
                <span class="muted small">{words::TURN_HOW}</span>
            </div>
            <Says {face} />
            <Judge file={props.file} said={look.said} {changed} held={held} />
        </div>
    }
}

/// Properties of [`Judge`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct JudgeProps {
    file: FileId,
    said: Option<FaceWord>,
    /// Whether something was taken off.
    changed: bool,
    /// Whether the verifier leaves it to a person.
    held: bool,
}

/// Where the verifier is not sure, the person who saw the head decides; nobody has to.
#[component]
fn Judge(props: &JudgeProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! { <div hidden=true></div> };
    };
    if !props.held && props.said.is_none() {
        return html! { <div hidden=true></div> };
    }
    let choices = [
        (None, words::FACE_OPEN, "face-open", true),
        (
            Some(FaceWord::Off),
            words::FACE_OFF,
            "face-off",
            props.changed,
        ),
        (Some(FaceWord::Never), words::FACE_NEVER, "face-never", true),
    ];
    html! {
        <fieldset class="face-judge" data-test="face-judge" disabled={ctx.snap.approved}>
            <legend>{words::FACE_JUDGE}</legend>
            { for choices.into_iter().map(|(said, text, test, there)| {
                let (ctx, file) = (ctx.clone(), props.file);
                let onchange = move |_: Event| {
                    let told = ctx.engine.say_face(file, said);
                    ctx.act(Do::Say(told.err()));
                };
                html! {
                    <label>
                        <input type="radio" name="face-judge" data-test={test} disabled={!there} checked={props.said == said} {onchange} />
                        <span>{text}</span>
                    </label>
                }
            }) }
        </fieldset>
    }
}

/// Properties of [`Head`].
#[derive(Clone, PartialEq, Properties)]
struct HeadProps {
    turning: Rc<Turning>,
    at: i32,
    after: bool,
    title: &'static str,
}

/// One of the two heads.
#[component]
fn Head(props: &HeadProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.clone(), move |props| {
            if let Some(canvas) = node.cast::<HtmlCanvasElement>() {
                draw(&canvas, props);
            }
        });
    }
    let test = if props.title == words::FACE_BEFORE {
        "face-before"
    } else {
        "face-after"
    };
    html! {
        <div class={classes!("eye", "head", (!props.after).then_some("personal"))}>
            <canvas ref={node} tabindex="0" role="img" aria-label={props.title} data-test={test} />
            <span class="corner tl">{props.title}</span>
        </div>
    }
}

fn draw(canvas: &HtmlCanvasElement, props: &HeadProps) -> Option<()> {
    let side = props.turning.side;
    let whole = (side as usize).pow(2);
    let pictures = if props.after {
        &props.turning.after
    } else {
        &props.turning.before
    };
    let first = usize::try_from(props.at).ok()? * whole;
    let grey = pictures.get(first..first + whole)?;
    let rgba: Vec<u8> = grey.iter().flat_map(|g| [*g, *g, *g, 255]).collect();
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), side, side).ok()?;
    if canvas.width() != side {
        canvas.set_width(side);
        canvas.set_height(side);
    }
    let paint: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    paint.put_image_data(&data, 0.0, 0.0).ok()
}

/// Properties of [`Says`].
#[derive(Clone, PartialEq, Properties)]
struct SaysProps {
    face: FaceLook,
}

/// The verifier in plain words, with its numbers.
#[component]
fn Says(props: &SaysProps) -> Html {
    let face = &props.face;
    let (icon, class, text) = if face.lent {
        (Icon::Held, "held", words::FACE_LENT)
    } else if !face.why_not.is_empty() {
        (Icon::Held, "held", face.why_not.as_str())
    } else if !face.head {
        (Icon::Clean, "clean", words::NO_HEAD)
    } else {
        let text = words::face(&face.before, &face.after);
        if face.after == "absent" || face.before == "absent" {
            (Icon::Clean, "clean", text)
        } else {
            (Icon::Held, "held", text)
        }
    };
    html! {
        <section class="face-says" aria-label={words::VERIFIER}>
            <p class={classes!("says", class)} data-test="face-says" data-before={face.before.clone()} data-after={face.after.clone()}
                data-head={face.head.to_string()}><Draw {icon} /><span>{text.to_owned()}</span></p>
            if !face.measures.is_empty() {
                <dl class="facts">
                    { for face.measures.iter().map(|m| html! {
                        <><dt>{m.name.clone()}</dt><dd>{super::quality::number(m.value, &m.unit)}</dd></>
                    }) }
                </dl>
            }
        </section>
    }
}
