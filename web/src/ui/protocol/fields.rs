//! Fields that are taken when they are left, and the two sections that are fields only.

use cordon_protocol::PseudonymForm;
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::EditProps;
use super::edit::{Edit, Spot};
use super::refusal;
use crate::ui::words::protocol as w;

/// Whether a key goes into a text, whose own undo it is.
pub(super) fn in_text(event: &KeyboardEvent) -> bool {
    let target = event.composed_path().get(0);
    target.dyn_ref::<web_sys::Element>().is_some_and(|e| {
        let name = e.tag_name();
        let kind = e.get_attribute("type").unwrap_or_default();
        name.eq_ignore_ascii_case("textarea")
            || (name.eq_ignore_ascii_case("input")
                && !matches!(kind.as_str(), "checkbox" | "radio"))
    })
}

/// What a field holds.
pub(super) fn value(event: &Event) -> String {
    let target = event.target();
    let input = target.and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|i| i.value()).unwrap_or_default()
}

/// Properties of [`Field`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct FieldProps {
    pub(super) label: AttrValue,
    pub(super) value: AttrValue,
    pub(super) test: AttrValue,
    #[prop_or_default]
    pub(super) hint: AttrValue,
    /// Changes when something was taken or refused: then the field shows what is true.
    pub(super) revision: u32,
    #[prop_or(AttrValue::Static("text"))]
    pub(super) kind: AttrValue,
    pub(super) done: Callback<String>,
}

/// A field that is taken with Enter or when it is left.
#[component]
pub(super) fn Field(props: &FieldProps) -> Html {
    let draft = use_state_eq(|| None::<String>);
    {
        let draft = draft.setter();
        use_effect_with((props.revision, props.value.clone()), move |_| {
            draft.set(None);
        });
    }
    let shown = (*draft)
        .clone()
        .map_or_else(|| props.value.clone(), AttrValue::from);
    let oninput = {
        let draft = draft.setter();
        Callback::from(move |e: InputEvent| draft.set(Some(value(&e))))
    };
    let onchange = {
        let done = props.done.clone();
        Callback::from(move |e: Event| done.emit(value(&e)))
    };
    html! {
        <label class="labelled"><span>{props.label.clone()}</span>
            <input class="field" type={props.kind.clone()} min="0" placeholder={props.hint.clone()} data-test={props.test.clone()}
                value={shown} autocomplete="off" spellcheck="false" {oninput} {onchange} />
        </label>
    }
}

/// What the protocol is called.
#[component]
pub(super) fn Name(props: &EditProps) -> Html {
    let put = |make: fn(String) -> Edit| {
        let trial = props.trial.clone();
        Callback::from(move |text: String| trial.put(make(text)))
    };
    let version = {
        let trial = props.trial.clone();
        Callback::from(move |text: String| {
            trial.put(Edit::Version(text.trim().parse().unwrap_or(1).max(1)));
        })
    };
    let p = &props.protocol;
    let revision = props.revision;
    html! {
        <section class="desk-section" aria-label={w::NAME}>
            <h2>{w::NAME}</h2>
            <div class="desk-fields">
                <Field label={w::TITLE} value={p.title.clone()} test="protocol-title" {revision} done={put(Edit::Title)} />
                <Field label={w::ID} value={p.id.clone()} test="protocol-id" {revision} done={put(Edit::Id)} />
                <Field label={w::VERSION} value={p.version.to_string()} test="protocol-version" kind="number" {revision} done={version} />
                <Field label={w::PURPOSE} value={p.purpose.clone()} test="protocol-purpose" {revision} done={put(Edit::Purpose)} />
            </div>
            {refusal(&props.trial, Spot::Name)}
        </section>
    }
}

/// What a pseudonym looks like.
#[component]
pub(super) fn Pseudonym(props: &EditProps) -> Html {
    let prefix = {
        let trial = props.trial.clone();
        Callback::from(move |text: String| trial.put(Edit::Prefix(text.trim().to_owned())))
    };
    let form = props.protocol.deid.pseudonym_form;
    let forms = [
        (PseudonymForm::Letters, "pseudonym-letters"),
        (PseudonymForm::Digits, "pseudonym-digits"),
    ];
    html! {
        <section class="desk-section" aria-label={w::PSEUDONYM}>
            <h2>{w::PSEUDONYM}</h2>
            <div class="desk-fields beside">
                <Field label={w::PREFIX} value={props.protocol.deid.pseudonym_prefix.clone()} test="protocol-prefix"
                    revision={props.revision} done={prefix} />
                <div class="labelled"><span>{w::FORM}</span>
                    <div class="segments" role="group" aria-label={w::FORM}>
                        { for forms.into_iter().zip(w::FORMS).map(|((one, test), word)| {
                            let trial = props.trial.clone();
                            html! {
                                <button type="button" data-test={test} aria-pressed={(form == one).to_string()}
                                    onclick={move |_| trial.put(Edit::Form(one))}>{word}</button>
                            }
                        }) }
                    </div>
                </div>
            </div>
            <p class="muted">{w::LOOKS_LIKE}{" "}<span class="mono" data-test="pseudonym-example">{w::example(&props.protocol)}</span></p>
            {refusal(&props.trial, Spot::Pseudonym)}
        </section>
    }
}

/// What was chosen in a list.
pub(super) fn chosen(event: &Event) -> String {
    let target = event.target();
    let select = target.and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
    select.map(|s| s.value()).unwrap_or_default()
}
