//! A protocol in plain words.

use std::collections::HashMap;

use cordon_protocol::{Attribute, Code, Tag};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::EditProps;
use crate::ui::collect::options;
use crate::ui::icons::{Draw, Icon};
use crate::ui::state::Ctx;
use crate::ui::words::{self, protocol as w};

/// The names of attributes, which the worker knows.
#[hook]
pub(super) fn use_names(props: &EditProps) -> UseStateHandle<HashMap<Tag, String>> {
    let names = use_state_eq(HashMap::new);
    let ctx = use_context::<Ctx>();
    {
        let names = names.setter();
        use_effect_with(props.protocol.clone(), move |protocol| {
            let protocol = protocol.clone();
            if let Some(ctx) = ctx {
                spawn_local(async move {
                    if let Ok(sound) = ctx.engine.check_protocol(&protocol).await {
                        names.set(sound.names.into_iter().collect());
                    }
                });
            }
        });
    }
    names
}

/// An attribute for people.
pub(super) fn named(names: &HashMap<Tag, String>, attribute: &Attribute) -> String {
    match attribute.tag.and_then(|t| names.get(&t)) {
        Some(name) => format!("{name} {}", attribute.place()),
        None => attribute.place(),
    }
}

/// The page of words.
#[component]
pub(super) fn Said(props: &EditProps) -> Html {
    let names = use_names(props);
    let p = &props.protocol;
    let require = &p.require;
    let required = w::required(p);
    html! {
        <article class="desk-said" data-test="protocol-words">
            <header>
                <h2>{p.title.clone()}</h2>
                <p class="muted">{format!("{}, {} {}, PS3.15 {}", p.id, w::VERSION.to_lowercase(), p.version, p.edition)}</p>
                if !p.purpose.is_empty() {
                    <p>{p.purpose.clone()}</p>
                }
            </header>
            <ul class="said">
                { for w::sentences(p).into_iter().map(|s| html! { <li><Draw icon={Icon::Check} /><span>{s}</span></li> }) }
            </ul>
            <p class="muted small">{words::RULES}{": "}{options(&p.deid.options)}</p>
            if !p.deid.attributes.is_empty() {
                <h3>{w::ATTRIBUTES}</h3>
                <dl class="facts">
                    { for p.deid.attributes.iter().map(|a| html! {
                        <><dt>{named(&names, a)}</dt><dd>{w::action(a.action)}{". "}<span class="muted">{a.reason.clone()}</span></dd></>
                    }) }
                </dl>
            }
            if !required.is_empty() || !require.attributes.is_empty() || !require.checks.is_empty() {
                <h3>{w::REQUIRE}</h3>
                <ul class="said">
                    { for required.into_iter().map(|s| html! { <li><Draw icon={Icon::Info} /><span>{s}</span></li> }) }
                </ul>
                <dl class="facts">
                    { for require.attributes.iter().map(|r| html! {
                        <>
                            <dt>{names.get(&r.tag).cloned().unwrap_or_default()}{" "}{r.tag.to_string()}</dt>
                            <dd>{w::OTHERWISE}{" "}{w::weight(r.otherwise)}{". "}<span class="muted">{r.reason.clone()}</span></dd>
                        </>
                    }) }
                    { for require.checks.iter().map(|c| html! {
                        <><dt>{c.code.clone()}</dt><dd>{w::weight(c.otherwise)}{". "}<span class="muted">{check(&c.code)}</span></dd></>
                    }) }
                </dl>
            }
        </article>
    }
}

/// What a check notices.
pub(super) fn check(code: &str) -> &'static str {
    let code = Code::ALL.iter().find(|c| c.as_str() == code);
    code.map_or("", |c| c.sentence())
}
