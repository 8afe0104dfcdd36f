//! The main thread's module: what `boot.js`, `cordon-embed.js` and portals call.

use cordon_web::engine::{Engine, Options, set_base};
use cordon_web::looks::Choice;
use cordon_web::ui;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

fn main() {}

/// Where the invitation is kept while the tab lives, so that a reload still has it.
const KEPT: &str = "cordon-invitation";

/// A mounted view.
#[wasm_bindgen]
pub struct Mounted {
    engine: Engine,
    view: Option<yew::AppHandle<ui::App>>,
}

impl std::fmt::Debug for Mounted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mounted(…)")
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the view off the page and ends its workers. What is staged stays.
    pub fn destroy(&mut self) {
        if let Some(view) = self.view.take() {
            view.destroy();
        }
        self.engine.stop();
    }
}

/// Says where the page's files are: the address of the folder, with a slash at its end.
#[wasm_bindgen]
pub fn base(url: &str) {
    set_base(url);
}

/// Mounts the contribution view into an element.
///
/// `options` holds `server` (an origin; the page's own if absent), `project`, `token`,
/// `rail` (whether the order of steps is shown), `theme` (`dark` or `light`) and `processor` (`gpu`: also one
/// made of software; `cpu`: never the graphics processor).
#[wasm_bindgen]
#[must_use]
pub fn mount(element: web_sys::Element, options: &JsValue) -> Mounted {
    let text = |name: &str| {
        Reflect::get(options, &name.into())
            .ok()
            .and_then(|v| v.as_string())
            .unwrap_or_default()
    };
    let rail = Reflect::get(options, &"rail".into()).is_ok_and(|r| r.is_truthy());
    let theme = text("theme");
    if !theme.is_empty() {
        let _ = element.set_attribute("data-theme", &theme);
    }
    let engine = Engine::start(Options {
        server: text("server"),
        project: text("project"),
        token: text("token"),
        processor: Choice::of(&text("processor")),
    });
    let view = ui::mount(element, engine.clone(), rail);
    Mounted {
        engine,
        view: Some(view),
    }
}

/// Starts the full page: project and token come from the address's fragment, which browsers
/// never send, and the token does not stay in the address bar.
#[wasm_bindgen]
pub fn start_page() -> Option<Mounted> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let root = document.get_element_by_id("cordon")?;
    let storage = window.session_storage().ok().flatten();
    let hash = window.location().hash().unwrap_or_default();
    let fragment = web_sys::UrlSearchParams::new_with_str(hash.trim_start_matches('#')).ok()?;
    let given = fragment.get("project").zip(fragment.get("token"));
    let processor = fragment.get("processor").unwrap_or_default();
    let kept = || {
        let text = storage.as_ref()?.get_item(KEPT).ok()??;
        let (project, token) = text.split_once('\n')?;
        Some((project.to_owned(), token.to_owned()))
    };
    let (project, token) = match given {
        Some((project, token)) => {
            if let Some(storage) = &storage {
                let _ = storage.set_item(KEPT, &format!("{project}\n{token}"));
            }
            let path = window.location().pathname().unwrap_or_default();
            if let Ok(history) = window.history() {
                let chosen = match Choice::of(&processor) {
                    Choice::Any => "",
                    Choice::Gpu => "&processor=gpu",
                    Choice::Cpu => "&processor=cpu",
                };
                let clean = format!("{path}#project={project}{chosen}");
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&clean));
            }
            (project, token)
        }
        None => kept().unwrap_or_default(),
    };
    root.set_inner_html("");
    let options = js_sys::Object::new();
    for (name, value) in [
        ("project", project),
        ("token", token),
        ("processor", processor),
    ] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let _ = Reflect::set(&options, &"rail".into(), &JsValue::TRUE);
    Some(mount(root, &options))
}
