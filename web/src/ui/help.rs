//! Always at hand: keys, terms, text size, what runs here, a report of a problem.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::dom;
use super::format;
use super::icons::{Draw, Icon};
use super::state::{Ctx, Do};
use super::words::{self, Term};
use crate::engine::StorageState;

/// The panel.
#[component]
pub(crate) fn Help() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let close = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Panel(None)))
    };
    html! {
        <aside class="panel" aria-label={words::HELP} data-test="panel-help">
            <header>
                <h2>{words::HELP}</h2>
                <button type="button" class="button quiet icon-only" title={words::CLOSE} aria-label={words::CLOSE}
                    data-test="panel-close" onclick={close}><Draw icon={Icon::Close} /></button>
            </header>
            <div class="body">
                <section>
                    <h3>{words::KEYS}</h3>
                    <dl class="keys-list">
                        { for words::KEY_LIST.iter().map(|(keys, what)| html! {
                            <>
                                <dt>{ for keys.iter().map(|k| html! { <kbd>{*k}</kbd> }) }</dt>
                                <dd>{*what}</dd>
                            </>
                        }) }
                    </dl>
                    <p class="muted">{words::MOUSE}</p>
                </section>
                <section>
                    <h3>{words::TEXT_SIZE}</h3>
                    <div class="segments" role="group" aria-label={words::TEXT_SIZE}>
                        { for words::SIZES.iter().enumerate().map(|(i, word)| {
                            let ctx = ctx.clone();
                            html! {
                                <button type="button" aria-pressed={(ctx.ui.size == i).to_string()}
                                    onclick={move |_| ctx.act(Do::Size(i))}>{*word}</button>
                            }
                        }) }
                    </div>
                </section>
                <section>
                    <h3>{words::TERMS}</h3>
                    { for Term::ALL.iter().map(|term| {
                        let (word, meaning) = words::meaning(*term);
                        html! { <p><strong>{word}</strong><br /><span class="muted">{meaning}</span></p> }
                    }) }
                </section>
                <About />
                <Report />
            </div>
        </aside>
    }
}

#[component]
fn About() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let status = &ctx.status;
    let storage = match &status.storage {
        StorageState::Checking => words::STORAGE_CHECKING.to_owned(),
        StorageState::Persistent { free_bytes } => {
            format!(
                "{} {} free",
                words::STORAGE_KEPT,
                format::bytes(*free_bytes)
            )
        }
        StorageState::BestEffort { free_bytes } => {
            format!(
                "{} {} free",
                words::STORAGE_BEST,
                format::bytes(*free_bytes)
            )
        }
        StorageState::Unavailable(why) => why.clone(),
        StorageState::Full => words::STORAGE_FULL.to_owned(),
    };
    let server = ctx
        .project()
        .map_or_else(String::new, |p| p.version.clone());
    html! {
        <section>
            <h3>{words::ABOUT}</h3>
            <dl class="facts">
                <dt>{"Version"}</dt><dd>{status.version}</dd>
                <dt>{"Server"}</dt><dd>{format!("{} {server}", ctx.server_name())}</dd>
                <dt>{"Computes on"}</dt><dd>{format!("{}, {}", status.device, format::counted(u64::from(status.workers), "worker", "workers"))}</dd>
                <dt>{"Storage"}</dt><dd>{storage}</dd>
                <dt>{"Licence"}</dt><dd>{words::LICENCE}</dd>
            </dl>
        </section>
    }
}

#[component]
fn Report() -> Html {
    let ctx = use_context::<Ctx>();
    let copied = use_state(|| false);
    let area = use_node_ref();
    let text = use_memo((), |()| {
        ctx.as_ref()
            .map(|c| c.engine.problem_report())
            .unwrap_or_default()
    });
    let copy = {
        let (text, copied, area) = (text.clone(), copied.setter(), area.clone());
        Callback::from(move |_: MouseEvent| {
            // Where the clipboard is out of reach, the text is at least marked.
            if let Some(area) = area.cast::<web_sys::HtmlTextAreaElement>() {
                area.select();
            }
            let (text, copied) = (text.clone(), copied.clone());
            spawn_local(async move { copied.set(dom::copy(&text).await) });
        })
    };
    html! {
        <section>
            <h3>{words::REPORT}</h3>
            <p class="muted">{words::REPORT_SUB}</p>
            <textarea ref={area} class="field mono" readonly=true aria-label={words::REPORT} data-test="problem-report"
                value={(*text).clone()} />
            <div class="actions">
                <button type="button" class="button" onclick={copy}>{if *copied { words::COPIED } else { words::COPY }}</button>
            </div>
        </section>
    }
}
