//! A passphrase, typed twice, with a hint at its strength.

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::dom;
use super::icons::{Draw, Icon};
use super::words;

/// What an input holds.
pub(crate) fn typed(event: &InputEvent) -> String {
    event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
        .map(|i| i.value())
        .unwrap_or_default()
}

/// Properties of [`Passphrase`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct PassphraseProps {
    /// The word on the button.
    pub(crate) button: AttrValue,
    /// Twice and with a hint, for a new one; once, for one that exists.
    #[prop_or(true)]
    pub(crate) new: bool,
    /// Whether something else is still missing.
    #[prop_or_default]
    pub(crate) disabled: bool,
    /// Whether work is going on.
    #[prop_or_default]
    pub(crate) busy: bool,
    /// Its data-test name.
    pub(crate) test: AttrValue,
    /// Takes the passphrase.
    pub(crate) done: Callback<String>,
}

/// The form.
#[component]
pub(crate) fn Passphrase(props: &PassphraseProps) -> Html {
    let first = use_state(String::new);
    let second = use_state(String::new);
    let field = use_node_ref();
    let input = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |e: InputEvent| state.set(typed(&e)))
    };
    let (level, hint) = words::strength(&first);
    let differs = props.new && !second.is_empty() && *first != *second;
    let ready = if props.new {
        level >= 2 && *first == *second
    } else {
        !first.is_empty()
    };
    let onsubmit = {
        let (first, second, done) = (first.clone(), second.clone(), props.done.clone());
        let field = field.clone();
        Callback::from(move |e: SubmitEvent| {
            e.prevent_default();
            if ready {
                done.emit((*first).clone());
                first.set(String::new());
                second.set(String::new());
                // The button is about to be disabled: the focus must not be lost with it.
                dom::focus(&field);
            }
        })
    };
    let autocomplete = if props.new { "new-password" } else { "off" };
    html! {
        <form {onsubmit} autocomplete="off">
            <label class="labelled"><span>{words::PASSPHRASE}</span>
                <input ref={field} class="field" type="password" {autocomplete} value={(*first).clone()}
                    data-test={format!("{}-passphrase", props.test)} oninput={input(&first)} />
            </label>
            if props.new {
                <div class="strength" aria-live="polite">
                    <progress value={level.to_string()} max="3" aria-hidden="true"></progress>
                    <span class="small muted">{hint}</span>
                </div>
                <label class="labelled"><span>{words::PASSPHRASE_AGAIN}</span>
                    <input class="field" type="password" {autocomplete} value={(*second).clone()}
                        aria-invalid={differs.to_string()}
                        data-test={format!("{}-again", props.test)} oninput={input(&second)} />
                </label>
                if differs {
                    <p class="says held"><Draw icon={Icon::Held} />{words::PASSPHRASE_DIFFERS}</p>
                }
            }
            <div class="actions">
                <button type="submit" class="button primary" data-test={props.test.clone()}
                    disabled={!ready || props.disabled || props.busy}>
                    {if props.busy { AttrValue::Static(words::WORKS) } else { props.button.clone() }}
                </button>
            </div>
        </form>
    }
}
