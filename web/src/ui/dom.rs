//! The little that the screens need from the browser directly.
//!
//! The page's content security policy forbids style attributes, so sizes that are
//! only known at run time are set through the CSS object model, here.

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, Storage};
use yew::NodeRef;

/// Milliseconds since the page began.
pub(crate) fn now() -> f64 {
    web_sys::window()
        .and_then(|w| w.performance())
        .map_or(0.0, |p| p.now())
}

/// Calls `f` after so many milliseconds.
pub(crate) fn after(ms: i32, f: impl FnOnce() + 'static) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    spawn_local(async move {
        if JsFuture::from(promise).await.is_ok() {
            f();
        }
    });
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A setting of the screens, such as the theme. Nothing of a contribution is ever kept here.
pub(crate) fn setting(name: &str) -> Option<String> {
    storage()?.get_item(&format!("cordon.{name}")).ok()?
}

/// Keeps a setting, where the browser lets us.
pub(crate) fn keep_setting(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("cordon.{name}"), value);
    }
}

/// Whether the system asks for a light screen.
pub(crate) fn prefers_light() -> bool {
    web_sys::window()
        .and_then(|w| w.match_media("(prefers-color-scheme: light)").ok()?)
        .is_some_and(|m| m.matches())
}

/// Calls `f` when the system asks for another theme, as long as this lives.
pub(crate) struct ThemeWatch {
    query: web_sys::MediaQueryList,
    closure: Closure<dyn FnMut()>,
}

impl ThemeWatch {
    /// Watches; `f` gets whether a light screen is asked for.
    pub(crate) fn new(f: impl Fn(bool) + 'static) -> Option<Self> {
        let query = web_sys::window()?
            .match_media("(prefers-color-scheme: light)")
            .ok()??;
        let asked = query.clone();
        let closure = Closure::<dyn FnMut()>::new(move || f(asked.matches()));
        query
            .add_event_listener_with_callback("change", closure.as_ref().unchecked_ref())
            .ok()?;
        Some(Self { query, closure })
    }
}

impl Drop for ThemeWatch {
    fn drop(&mut self) {
        let _ = self
            .query
            .remove_event_listener_with_callback("change", self.closure.as_ref().unchecked_ref());
    }
}

/// Sets a length in pixels on an element.
pub(crate) fn set_height(node: &NodeRef, pixels: usize) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element
            .style()
            .set_property("height", &format!("{pixels}px"));
    }
}

/// Puts the focus on an element without scrolling it about.
pub(crate) fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Hands a file to the person.
pub(crate) fn save_file(name: &str, mime: &str, bytes: &[u8]) -> Option<()> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let link: web_sys::HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser needs the address for a moment after the click.
    after(60_000, move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    });
    Some(())
}

/// Puts a text on the clipboard and says whether it got there.
pub(crate) async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let clipboard = window.navigator().clipboard();
    if JsValue::from(clipboard.clone()).is_undefined() {
        return false; // not a secure context
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Opens the browser's print dialogue.
pub(crate) fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}

/// Calls `f` when an element's size changes, as long as this lives.
pub(crate) struct SizeWatch {
    observer: web_sys::ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Watches an element.
    pub(crate) fn new(node: &NodeRef, f: impl Fn() + 'static) -> Option<Self> {
        let element = node.cast::<web_sys::Element>()?;
        let closure = Closure::<dyn FnMut()>::new(f);
        let observer = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self {
            observer,
            _closure: closure,
        })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
