//! What is asked for single attributes: the list, and the form for one of them.

use std::collections::BTreeMap;

use cordon_protocol::{Attribute, AttributeAction, PrivateTag};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::edit::{Edit, Spot};
use super::fields::value;
use super::finder::Finder;
use super::said::{named, use_names};
use super::{EditProps, refusal};
use crate::desk::Known;
use crate::ui::icons::{Draw, Icon};
use crate::ui::words::protocol as w;

/// What stands in the form.
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    /// Which of the list is changed; `None` for a new one.
    at: Option<usize>,
    known: Option<Known>,
    attribute: Attribute,
    /// The table as it is typed.
    table: String,
}

impl Draft {
    fn new() -> Self {
        Self {
            at: None,
            known: None,
            attribute: Attribute {
                tag: None,
                private: None,
                action: AttributeAction::Remove,
                value: None,
                table: BTreeMap::new(),
                pattern: None,
                replacement: None,
                reason: String::new(),
            },
            table: String::new(),
        }
    }

    fn of(at: usize, attribute: &Attribute) -> Self {
        let lines = attribute.table.iter().map(|(k, v)| format!("{k} = {v}"));
        Self {
            at: Some(at),
            known: None,
            table: lines.collect::<Vec<_>>().join("\n"),
            attribute: attribute.clone(),
        }
    }

    /// The attribute with the fields of its action and no other.
    fn whole(&self) -> Attribute {
        let a = &self.attribute;
        let only = |action, text: &Option<String>| {
            (a.action == action).then(|| text.clone().unwrap_or_default())
        };
        let replacement = only(AttributeAction::CleanRegex, &a.replacement);
        Attribute {
            value: only(AttributeAction::Constant, &a.value),
            pattern: only(AttributeAction::CleanRegex, &a.pattern),
            replacement: replacement.filter(|r| !r.is_empty()),
            table: match a.action {
                AttributeAction::Map => rows(&self.table),
                _ => BTreeMap::new(),
            },
            ..a.clone()
        }
    }
}

/// `before = after`, one for each line.
fn rows(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()))
        .filter(|(k, _)| !k.is_empty())
        .collect()
}

const ACTIONS: [AttributeAction; 8] = [
    AttributeAction::Keep,
    AttributeAction::Remove,
    AttributeAction::Empty,
    AttributeAction::Constant,
    AttributeAction::Hash,
    AttributeAction::Shift,
    AttributeAction::Map,
    AttributeAction::CleanRegex,
];

/// The section.
#[component]
pub(super) fn Attributes(props: &EditProps) -> Html {
    let names = use_names(props);
    let draft = use_state_eq(|| None::<Draft>);
    let list = &props.protocol.deid.attributes;
    {
        // What was taken leaves the form; what was refused stays in it.
        let (draft, trial) = (draft.clone(), props.trial.clone());
        use_effect_with(list.clone(), move |_| {
            if trial.state().refusal(Spot::Attributes).is_none() {
                draft.set(None);
            }
        });
    }
    let begin = {
        let draft = draft.setter();
        Callback::from(move |_: MouseEvent| draft.set(Some(Draft::new())))
    };
    html! {
        <section class="desk-section" aria-label={w::ATTRIBUTES}>
            <h2>{w::ATTRIBUTES}</h2>
            <p class="muted">{w::ATTRIBUTES_SUB}</p>
            if list.is_empty() {
                <p>{w::NO_ATTRIBUTES}</p>
            }
            <ul class="asked">
                { for list.iter().enumerate().map(|(n, attribute)| {
                    let (change, one) = (draft.setter(), attribute.clone());
                    let trial = props.trial.clone();
                    let name = named(&names, attribute);
                    html! {
                        <li data-test="asked-attribute">
                            <div class="grow"><strong>{name.clone()}</strong><br />{w::action(attribute.action)}{". "}<span class="muted">{attribute.reason.clone()}</span></div>
                            <button type="button" class="button quiet" aria-label={format!("{} {name}", w::CHANGE)}
                                onclick={move |_| change.set(Some(Draft::of(n, &one)))}>{w::CHANGE}</button>
                            <button type="button" class="button quiet" aria-label={format!("{} {name}", w::REMOVE)} data-test="asked-remove"
                                onclick={move |_| trial.put(Edit::DropAttribute(n))}>{w::REMOVE}</button>
                        </li>
                    }
                }) }
            </ul>
            { match &*draft {
                Some(now) => form(props, now, &draft),
                None => html! {
                    <div><button type="button" class="button" data-test="attribute-add" onclick={begin}>{w::ADD_ATTRIBUTE}</button></div>
                },
            } }
            {refusal(&props.trial, Spot::Attributes)}
        </section>
    }
}

fn form(props: &EditProps, now: &Draft, draft: &UseStateHandle<Option<Draft>>) -> Html {
    let change = |f: fn(&mut Draft, String)| {
        let (put, now) = (draft.setter(), now.clone());
        Callback::from(move |text: String| {
            let mut next = now.clone();
            f(&mut next, text);
            put.set(Some(next));
        })
    };
    let chosen = {
        let (put, now) = (draft.setter(), now.clone());
        Callback::from(move |known: Known| {
            let mut next = now.clone();
            next.attribute.tag = Some(known.tag);
            next.attribute.private = None;
            let may = |a| {
                known
                    .actions
                    .iter()
                    .any(|(b, why)| *b == a && why.is_none())
            };
            if !may(next.attribute.action) {
                let first = known.actions.iter().find(|(_, why)| why.is_none());
                next.attribute.action = first.map_or(AttributeAction::Remove, |(a, _)| *a);
            }
            next.known = Some(known);
            put.set(Some(next));
        })
    };
    let private = {
        let (put, now) = (draft.setter(), now.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = now.clone();
            next.known = None;
            next.attribute.tag = None;
            next.attribute.private = match next.attribute.private {
                Some(_) => None,
                None => Some(PrivateTag {
                    creator: String::new(),
                    group: String::new(),
                    element: String::new(),
                }),
            };
            put.set(Some(next));
        })
    };
    let action = {
        let (put, now) = (draft.setter(), now.clone());
        Callback::from(move |e: Event| {
            let select = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
            let word = select.map(|s| s.value()).unwrap_or_default();
            if let Some(action) = ACTIONS.into_iter().find(|a| a.word() == word) {
                let mut next = now.clone();
                next.attribute.action = action;
                put.set(Some(next));
            }
        })
    };
    let submit = {
        let (trial, now) = (props.trial.clone(), now.clone());
        Callback::from(move |e: SubmitEvent| {
            e.prevent_default();
            trial.put(Edit::Attribute(now.at, Box::new(now.whole())));
        })
    };
    let leave = {
        let put = draft.setter();
        Callback::from(move |_: MouseEvent| put.set(None))
    };
    let a = &now.attribute;
    let refused = |action: AttributeAction| {
        let known = now.known.as_ref()?;
        let (_, why) = known.actions.iter().find(|(b, _)| *b == action)?;
        why.clone()
    };
    let about = match (&now.known, a.tag) {
        (Some(known), _) => format!("{} {} {}", known.name, known.tag, known.vr),
        (None, Some(tag)) => tag.to_string(),
        _ => String::new(),
    };
    let ready = a.tag.is_some() || a.private.is_some();
    html! {
        <form class="desk-form" onsubmit={submit} data-test="attribute-form">
            if now.at.is_none() {
                if a.private.is_none() {
                    <Finder options={props.protocol.deid.options.clone()} test="attribute-find" {chosen} />
                }
                <button type="button" class="button start" aria-pressed={a.private.is_some().to_string()} data-test="attribute-private" onclick={private}>{w::PRIVATE}</button>
            }
            if !about.is_empty() {
                <p data-test="attribute-chosen"><strong>{about}</strong></p>
            }
            if let Some(p) = &a.private {
                <div class="desk-fields three">
                    {line(w::CREATOR, &p.creator, "private-creator", &change(|d, t| if let Some(p) = &mut d.attribute.private { p.creator = t; }))}
                    {line(w::GROUP, &p.group, "private-group", &change(|d, t| if let Some(p) = &mut d.attribute.private { p.group = t; }))}
                    {line(w::ELEMENT, &p.element, "private-element", &change(|d, t| if let Some(p) = &mut d.attribute.private { p.element = t; }))}
                </div>
            }
            if ready {
                <label class="labelled"><span>{w::ACTION}</span>
                    <select class="field" data-test="attribute-action" onchange={action}>
                        { for ACTIONS.into_iter().map(|one| {
                            let why = refused(one);
                            html! {
                                <option value={one.word()} selected={a.action == one} disabled={why.is_some()}>
                                    {w::action(one)}{why.map(|why| format!(": {why}"))}
                                </option>
                            }
                        }) }
                    </select>
                </label>
                { match a.action {
                    AttributeAction::Constant => line(w::VALUE, a.value.as_deref().unwrap_or_default(), "attribute-value", &change(|d, t| d.attribute.value = Some(t))),
                    AttributeAction::Map => area(w::TABLE, &now.table, &change(|d, t| d.table = t)),
                    AttributeAction::CleanRegex => html! {
                        <div class="desk-fields">
                            {line(w::PATTERN, a.pattern.as_deref().unwrap_or_default(), "attribute-pattern", &change(|d, t| d.attribute.pattern = Some(t)))}
                            {line(w::REPLACEMENT, a.replacement.as_deref().unwrap_or_default(), "attribute-replacement", &change(|d, t| d.attribute.replacement = Some(t)))}
                        </div>
                    },
                    _ => html! {},
                } }
                {line(w::WHY, &a.reason, "attribute-why", &change(|d, t| d.attribute.reason = t))}
            }
            <div class="actions">
                <button type="submit" class="button primary" disabled={!ready} data-test="attribute-put"><Draw icon={Icon::Check} />{if now.at.is_some() { w::PUT_BACK } else { w::PUT }}</button>
                <button type="button" class="button quiet" onclick={leave}>{w::LEAVE}</button>
            </div>
        </form>
    }
}

fn line(label: &'static str, text: &str, test: &'static str, put: &Callback<String>) -> Html {
    let put = put.clone();
    let oninput = Callback::from(move |e: InputEvent| put.emit(value(&e)));
    html! {
        <label class="labelled"><span>{label}</span>
            <input class="field" type="text" autocomplete="off" spellcheck="false" data-test={test} value={text.to_owned()} {oninput} />
        </label>
    }
}

fn area(label: &'static str, text: &str, put: &Callback<String>) -> Html {
    let put = put.clone();
    let oninput = Callback::from(move |e: InputEvent| {
        let target = e.target();
        let area = target.and_then(|t| t.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
        put.emit(area.map(|a| a.value()).unwrap_or_default());
    });
    html! {
        <label class="labelled"><span>{label}</span>
            <textarea class="field mono" data-test="attribute-table" spellcheck="false" value={text.to_owned()} {oninput} />
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_gives_the_fields_of_its_action_only() {
        let mut draft = Draft::new();
        draft.attribute.value = Some("left over".to_owned());
        assert_eq!(draft.whole().value, None);
        draft.attribute.action = AttributeAction::Map;
        draft.table = "A = 1\n\nnothing\n B=2 ".to_owned();
        assert_eq!(draft.whole().table.len(), 2);
        assert_eq!(draft.whole().table.get("B").map(String::as_str), Some("2"));
    }
}
