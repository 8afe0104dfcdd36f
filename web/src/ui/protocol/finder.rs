//! Finding an attribute by tag, keyword or name: a field with a list below it.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use cordon_protocol::DeidOption;

use crate::desk::Known;
use crate::ui::passphrase::typed;
use crate::ui::state::Ctx;
use crate::ui::words::protocol as w;

/// Properties of [`Finder`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct FinderProps {
    /// Under these options.
    pub(super) options: Vec<DeidOption>,
    /// Its data-test name.
    pub(super) test: AttrValue,
    /// The one that was chosen.
    pub(super) chosen: Callback<Known>,
}

/// The field: arrows move in the list, Enter takes.
#[component]
pub(super) fn Finder(props: &FinderProps) -> Html {
    let ctx = use_context::<Ctx>();
    let text = use_state_eq(String::new);
    let found = use_state_eq(|| Rc::new(Vec::<Known>::new()));
    let at = use_state_eq(|| 0_usize);
    let asked = use_mut_ref(|| 0_u32);
    let answered = use_state_eq(|| false);
    let oninput = {
        let (text, found, at, answered) = (
            text.setter(),
            found.setter(),
            at.setter(),
            answered.setter(),
        );
        let options = props.options.clone();
        Callback::from(move |e: InputEvent| {
            let now = typed(&e);
            text.set(now.clone());
            answered.set(false);
            *asked.borrow_mut() += 1;
            let (number, asked) = (*asked.borrow(), asked.clone());
            let Some(ctx) = ctx.clone() else { return };
            let (found, at, options, answered) =
                (found.clone(), at.clone(), options.clone(), answered.clone());
            spawn_local(async move {
                let list = ctx.engine.find_attributes(&now, &options).await;
                if *asked.borrow() == number {
                    found.set(Rc::new(list));
                    at.set(0);
                    answered.set(now.trim().chars().count() >= 2);
                }
            });
        })
    };
    let take = {
        let (text, found, chosen) = (text.setter(), found.clone(), props.chosen.clone());
        let answered = answered.setter();
        move |n: usize| {
            if let Some(known) = found.get(n) {
                chosen.emit(known.clone());
                text.set(String::new());
                found.set(Rc::default());
                answered.set(false);
            }
        }
    };
    let onkeydown = {
        let (take, at, found) = (take.clone(), at.clone(), found.clone());
        let n = found.len();
        Callback::from(move |e: KeyboardEvent| {
            match e.key().as_str() {
                "ArrowDown" if n > 0 => at.set((*at + 1) % n),
                "ArrowUp" if n > 0 => at.set((*at + n - 1) % n),
                "Enter" if n > 0 => take(*at),
                "Escape" if n > 0 => found.set(Rc::default()),
                _ => return,
            }
            e.prevent_default();
            e.stop_propagation();
        })
    };
    let list = format!("{}-list", props.test);
    let active = (!found.is_empty()).then(|| format!("{list}-{}", *at));
    html! {
        <div class="finder">
            <label class="labelled"><span>{w::FIND}</span>
                <input class="field" type="text" role="combobox" aria-expanded={(!found.is_empty()).to_string()} aria-controls={list.clone()}
                    aria-activedescendant={active} aria-autocomplete="list" autocomplete="off" spellcheck="false"
                    placeholder={w::FIND_HINT} data-test={props.test.clone()} value={(*text).clone()} {oninput} {onkeydown} />
            </label>
            <ul class="finder-list" role="listbox" id={list.clone()} aria-label={w::FIND} hidden={found.is_empty()}>
                { for found.iter().enumerate().map(|(n, known)| {
                    let take = take.clone();
                    html! {
                        <li role="option" id={format!("{list}-{n}")} aria-selected={(*at == n).to_string()} data-test="found-attribute"
                            onmousedown={move |e: MouseEvent| { e.prevent_default(); take(n); }}>
                            <span class="mono muted">{known.tag.to_string()}</span><span class="grow cut">{known.name.clone()}</span><span class="mono muted">{known.vr.clone()}</span>
                        </li>
                    }
                }) }
            </ul>
            if *answered && found.is_empty() {
                <p class="muted small" role="status">{w::NONE_FOUND}</p>
            }
        </div>
    }
}
