//! What a contribution must bring.

use cordon_protocol::{Code, Limit, Required, Weight};
use yew::prelude::*;

use super::edit::{Edit, Spot, list};
use super::fields::{Field, chosen, value};
use super::finder::Finder;
use super::said::{check, use_names};
use super::{EditProps, refusal};
use crate::desk::Known;
use crate::ui::words::protocol as w;

/// The section.
#[component]
pub(super) fn Requirements(props: &EditProps) -> Html {
    let names = use_names(props);
    let wanted = use_state_eq(|| None::<(Known, String, Weight)>);
    let limit = use_state_eq(String::new);
    let put_list = |make: fn(Vec<String>) -> Edit| {
        let trial = props.trial.clone();
        Callback::from(move |text: String| trial.put(make(list(&text))))
    };
    let slices = {
        let trial = props.trial.clone();
        Callback::from(move |text: String| {
            trial.put(Edit::MinSlices(text.trim().parse().unwrap_or(0)));
        })
    };
    let held = {
        let trial = props.trial.clone();
        let may = props.protocol.approval.held_may_be_approved;
        Callback::from(move |_: MouseEvent| trial.put(Edit::HeldMay(!may)))
    };
    let p = &props.protocol;
    let r = &p.require;
    let revision = props.revision;
    html! {
        <section class="desk-section" aria-label={w::REQUIRE}>
            <h2>{w::REQUIRE}</h2>
            <div class="desk-fields">
                <Field label={w::ACCEPT} hint={w::ACCEPT_HINT} value={p.accept.modalities.join(", ")} test="require-accept" {revision} done={put_list(Edit::Accept)} />
                <Field label={w::EVERY_STUDY} hint={w::NONE_HINT} value={r.modalities.join(", ")} test="require-modalities" {revision} done={put_list(Edit::Modalities)} />
                <Field label={w::BODY_PARTS} hint={w::BODY_HINT} value={r.body_parts.join(", ")} test="require-body" {revision} done={put_list(Edit::BodyParts)} />
                <Field label={w::MIN_SLICES} value={r.min_slices.to_string()} test="require-slices" kind="number" {revision} done={slices} />
            </div>
            <h3>{w::MUST}</h3>
            <ul class="asked">
                { for r.attributes.iter().enumerate().map(|(n, one)| {
                    let trial = props.trial.clone();
                    let name = format!("{} {}", names.get(&one.tag).cloned().unwrap_or_default(), one.tag);
                    html! {
                        <li data-test="required-attribute">
                            <div class="grow"><strong>{name.clone()}</strong><br />{w::OTHERWISE}{" "}{w::weight(one.otherwise)}{". "}<span class="muted">{one.reason.clone()}</span></div>
                            <button type="button" class="button quiet" aria-label={format!("{} {name}", w::REMOVE)} onclick={move |_| trial.put(Edit::DropRequired(n))}>{w::REMOVE}</button>
                        </li>
                    }
                }) }
            </ul>
            <Finder options={p.deid.options.clone()} test="require-find" chosen={{
                let wanted = wanted.setter();
                Callback::from(move |known: Known| wanted.set(Some((known, String::new(), Weight::Held))))
            }} />
            if let Some((known, why, weight)) = &*wanted {
                {must(props, known, why, *weight, &wanted)}
            }
            <h3>{w::CHECKS}</h3>
            <ul class="asked">
                { for r.checks.iter().enumerate().map(|(n, one)| {
                    let trial = props.trial.clone();
                    html! {
                        <li data-test="required-check">
                            <div class="grow"><strong class="mono">{one.code.clone()}</strong>{" "}{w::weight(one.otherwise)}<br /><span class="muted">{check(&one.code)}</span></div>
                            <button type="button" class="button quiet" aria-label={format!("{} {}", w::REMOVE, one.code)} onclick={move |_| trial.put(Edit::DropLimit(n))}>{w::REMOVE}</button>
                        </li>
                    }
                }) }
            </ul>
            <div class="desk-line">
                <label class="labelled grow"><span>{w::CHECK}</span>
                    <select class="field" data-test="require-check" onchange={{
                        let limit = limit.setter();
                        Callback::from(move |e: Event| limit.set(chosen(&e)))
                    }}>
                        <option value="" selected={limit.is_empty()}>{"…"}</option>
                        { for Code::ALL.iter().map(|c| html! { <option value={c.as_str()} selected={*limit == c.as_str()}>{format!("{}: {}", c.as_str(), c.sentence())}</option> }) }
                    </select>
                </label>
                { for [Weight::Held, Weight::Refused].into_iter().map(|weight| {
                    let (trial, limit) = (props.trial.clone(), limit.clone());
                    html! {
                        <button type="button" class="button" disabled={limit.is_empty()} onclick={move |_| {
                            trial.put(Edit::Limit(Box::new(Limit { code: (*limit).clone(), limit: 0, otherwise: weight })));
                            limit.set(String::new());
                        }}>{w::weight(weight)}</button>
                    }
                }) }
            </div>
            <ul class="switches">
                <li><button type="button" role="switch" class="switch" aria-checked={p.approval.held_may_be_approved.to_string()} data-test="held-may" onclick={held}>
                    <span class="knob" aria-hidden="true"></span><span class="grow">{w::HELD}</span>
                </button></li>
            </ul>
            {refusal(&props.trial, Spot::Require)}
        </section>
    }
}

type Wanted = Option<(Known, String, Weight)>;

/// The form for an attribute that must be there.
fn must(
    props: &EditProps,
    known: &Known,
    why: &str,
    weight: Weight,
    wanted: &UseStateHandle<Wanted>,
) -> Html {
    let submit = {
        let (trial, wanted) = (props.trial.clone(), wanted.clone());
        Callback::from(move |e: SubmitEvent| {
            e.prevent_default();
            if let Some((known, why, otherwise)) = &*wanted {
                trial.put(Edit::Required(Box::new(Required {
                    tag: known.tag,
                    otherwise: *otherwise,
                    reason: why.clone(),
                })));
            }
            wanted.set(None);
        })
    };
    let oninput = {
        let (put, known) = (wanted.setter(), known.clone());
        Callback::from(move |e: InputEvent| put.set(Some((known.clone(), value(&e), weight))))
    };
    html! {
        <form class="desk-form" onsubmit={submit}>
            <p><strong>{format!("{} {}", known.name, known.tag)}</strong></p>
            <label class="labelled"><span>{w::WHY}</span>
                <input class="field" type="text" data-test="require-why" placeholder={w::WHY_HINT} value={why.to_owned()} {oninput} />
            </label>
            <div class="desk-line">
                <span>{w::OTHERWISE}</span>
                <div class="segments" role="group" aria-label={w::OTHERWISE}>
                    { for [Weight::Held, Weight::Refused].into_iter().map(|one| {
                        let (put, known, why) = (wanted.setter(), known.clone(), why.to_owned());
                        html! {
                            <button type="button" aria-pressed={(one == weight).to_string()}
                                onclick={move |_| put.set(Some((known.clone(), why.clone(), one)))}>{w::weight(one)}</button>
                        }
                    }) }
                </div>
                <button type="submit" class="button primary" data-test="require-put">{w::ADD}</button>
            </div>
        </form>
    }
}
