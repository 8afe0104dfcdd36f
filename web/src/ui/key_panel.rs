//! The clinic's key: its state in words, its back-up, its return.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::approve::capital;
use super::dom;
use super::icons::{Draw, Icon};
use super::passphrase::Passphrase;
use super::state::{Ctx, Do, Panel};
use super::term::What;
use super::words::{self, Term};
use crate::engine::KeyState;

/// The state in one sentence, and whether something is to be done.
fn sentence(key: &KeyState) -> (String, bool) {
    match key {
        KeyState::Loading => (words::KEY_LOADING.to_owned(), false),
        KeyState::Missing => (words::KEY_MISSING.to_owned(), false),
        KeyState::Ready {
            made_at,
            backed_up_at,
            ..
        } => (
            words::key_sentence(made_at, backed_up_at.as_deref()),
            backed_up_at.is_none(),
        ),
        KeyState::Unavailable(why) => (why.clone(), true),
    }
}

/// One line for the first page.
#[component]
pub(crate) fn KeyLine() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let (text, todo) = sentence(&ctx.status.key);
    let open = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Panel(Some(Panel::Key))))
    };
    let ready = matches!(ctx.status.key, KeyState::Ready { .. });
    html! {
        <div class={classes!("key-line", todo.then_some("todo"))} data-test="key-state"
            data-backed-up={(ready && !todo).to_string()}>
            <Draw icon={Icon::Key} />
            <span class="grow">{text}</span>
            <button type="button" class="button" onclick={open}>
                {if todo && ready { words::KEY_BACKUP } else { words::KEY_TITLE }}
            </button>
        </div>
    }
}

/// What came of the last thing that was asked for.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Nothing,
    Working,
    Good(&'static str),
    Bad(String),
}

fn outcome(what: &Outcome) -> Html {
    match what {
        Outcome::Nothing | Outcome::Working => html! {},
        Outcome::Good(text) => html! {
            <p class="says clean" role="status"><Draw icon={Icon::Clean} /><span>{*text}</span></p>
        },
        Outcome::Bad(text) => html! {
            <p class="says refused" role="alert"><Draw icon={Icon::Refused} /><span>{capital(text)}</span></p>
        },
    }
}

/// The panel.
#[component]
pub(crate) fn KeyPanel() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let close = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.act(Do::Panel(None)))
    };
    let (text, todo) = sentence(&ctx.status.key);
    let ready = matches!(ctx.status.key, KeyState::Ready { .. });
    html! {
        <aside class="panel" aria-label={words::KEY_TITLE} data-test="panel-key">
            <header>
                <h2>{words::KEY_TITLE}</h2>
                <button type="button" class="button quiet icon-only" title={words::CLOSE} aria-label={words::CLOSE}
                    data-test="panel-close" onclick={close}><Draw icon={Icon::Close} /></button>
            </header>
            <div class="body">
                <section>
                    <p class={classes!("says", todo.then_some("held"))}>
                        <Draw icon={if todo { Icon::Held } else { Icon::Key }} /><span>{text}</span>
                    </p>
                    <p class="muted">{words::KEY_WHY}</p>
                    if let KeyState::Ready { fingerprint, .. } = &ctx.status.key {
                        <dl class="facts">
                            <dt><What term={Term::Fingerprint} /></dt>
                            <dd class="mono fingerprint">{fingerprint.clone()}</dd>
                        </dl>
                    }
                    if ctx.status.key == KeyState::Missing {
                        <MakeKey />
                    }
                </section>
                if ready {
                    <Backup />
                }
                <Import unsaved={ready && todo} />
            </div>
        </aside>
    }
}

#[component]
fn MakeKey() -> Html {
    let ctx = use_context::<Ctx>();
    let state = use_state(|| Outcome::Nothing);
    let make = {
        let state = state.setter();
        Callback::from(move |_: MouseEvent| {
            let (Some(ctx), state) = (ctx.clone(), state.clone()) else {
                return;
            };
            spawn_local(async move {
                if let Err(why) = ctx.engine.make_key().await {
                    state.set(Outcome::Bad(why));
                }
            });
        })
    };
    html! {
        <div class="actions">
            <button type="button" class="button" data-test="key-make" onclick={make}>{words::KEY_MAKE}</button>
            {outcome(&state)}
        </div>
    }
}

#[component]
fn Backup() -> Html {
    let ctx = use_context::<Ctx>();
    let state = use_state(|| Outcome::Nothing);
    let done = {
        let state = state.setter();
        Callback::from(move |passphrase: String| {
            let (Some(ctx), state) = (ctx.clone(), state.clone()) else {
                return;
            };
            state.set(Outcome::Working);
            spawn_local(async move {
                state.set(match ctx.engine.export_key(passphrase).await {
                    Ok(bytes) => {
                        dom::save_file(words::KEY_FILE, "application/octet-stream", &bytes);
                        Outcome::Good(words::KEY_SAVED)
                    }
                    Err(why) => Outcome::Bad(why),
                });
            });
        })
    };
    html! {
        <section>
            <h3>{words::KEY_BACKUP}</h3>
            <p class="muted">{words::KEY_BACKUP_SUB}</p>
            <Passphrase button={words::KEY_BACKUP} busy={*state == Outcome::Working} test="key-export" {done} />
            {outcome(&state)}
        </section>
    }
}

/// Properties of [`Import`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct ImportProps {
    /// Whether the key that would be replaced has no back-up.
    unsaved: bool,
}

#[component]
fn Import(props: &ImportProps) -> Html {
    let ctx = use_context::<Ctx>();
    let state = use_state(|| Outcome::Nothing);
    let file = use_state(|| None::<web_sys::File>);
    let onchange = {
        let file = file.setter();
        Callback::from(move |e: Event| {
            let input = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
            file.set(input.and_then(|i| i.files()).and_then(|l| l.get(0)));
        })
    };
    let done = {
        let (state, file) = (state.setter(), file.clone());
        Callback::from(move |passphrase: String| {
            let (Some(ctx), Some(file), state) = (ctx.clone(), (*file).clone(), state.clone())
            else {
                return;
            };
            state.set(Outcome::Working);
            spawn_local(async move {
                let read = JsFuture::from(file.array_buffer()).await;
                let result = match read {
                    Ok(buffer) => {
                        let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                        ctx.engine.import_key(bytes, passphrase).await
                    }
                    Err(_) => Err(words::KEY_UNREADABLE.to_owned()),
                };
                state.set(match result {
                    Ok(()) => Outcome::Good(words::KEY_TAKEN),
                    Err(why) => Outcome::Bad(why),
                });
            });
        })
    };
    html! {
        <section>
            <h3>{words::KEY_IMPORT}</h3>
            <p class="muted">{words::KEY_IMPORT_SUB}</p>
            if props.unsaved {
                <p class="says held"><Draw icon={Icon::Held} /><span>{words::KEY_IMPORT_WARN}</span></p>
            }
            <label class="labelled"><span>{words::KEY_CHOOSE_FILE}</span>
                <input class="field" type="file" data-test="key-file" {onchange} />
            </label>
            <Passphrase button={words::KEY_IMPORT} new=false disabled={file.is_none()}
                busy={*state == Outcome::Working} test="key-import" {done} />
            {outcome(&state)}
        </section>
    }
}
