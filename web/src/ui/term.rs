//! Help in place: a word that answers "what is this?".

use yew::prelude::*;

use super::words::{self, Term};

/// Properties of [`What`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct WhatProps {
    /// The word.
    pub(crate) term: Term,
    /// The text to press, where it is not the word itself.
    #[prop_or_default]
    pub(crate) text: Option<AttrValue>,
    /// Opens to the left, for words at the right edge.
    #[prop_or_default]
    pub(crate) end: bool,
    /// Opens upwards, for words at the lower edge.
    #[prop_or_default]
    pub(crate) up: bool,
}

/// A word with its meaning behind it: press, or Enter; Escape or leaving closes it.
#[component]
pub(crate) fn What(props: &WhatProps) -> Html {
    let open = use_state(|| false);
    let (word, meaning) = words::meaning(props.term);
    let text = props.text.clone().unwrap_or(AttrValue::Static(word));
    let toggle = {
        let open = open.clone();
        Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            e.prevent_default();
            open.set(!*open);
        })
    };
    let close = {
        let open = open.clone();
        Callback::from(move |_: FocusEvent| open.set(false))
    };
    let escape = {
        let open = open.clone();
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Escape" && *open {
                e.stop_propagation();
                open.set(false);
            }
        })
    };
    html! {
        <span class={classes!("term", props.end.then_some("end"), props.up.then_some("up"))} onkeydown={escape}>
            <button type="button" aria-expanded={open.to_string()} onclick={toggle} onblur={close}
                title={words::TERMS}>{text}</button>
            if *open {
                <span class="meaning" role="note">{meaning}</span>
            }
        </span>
    }
}
