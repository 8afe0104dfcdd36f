//! Time, chance and small things that only the browser can give.

use std::rc::Weak;

use js_sys::{Date, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use super::core::Inner;

/// Milliseconds on a clock that never goes back.
pub(crate) fn millis() -> f64 {
    web_sys::window()
        .and_then(|w| w.performance())
        .map_or_else(Date::now, |p| p.now())
}

/// The time: RFC 3339, UTC.
pub(crate) fn now() -> String {
    String::from(Date::new_0().to_iso_string())
}

/// Seconds between this clock and a time in RFC 3339.
pub(crate) fn seconds_off(time: &str) -> f64 {
    (Date::now() - Date::parse(time)) / 1000.0
}

/// 32 random hexadecimal digits; `None` when the browser gives no random bytes.
pub(crate) fn random_id() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(hex::encode(bytes))
}

/// Waits; zero lets the browser draw and take input.
pub(crate) async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let set = web_sys::window().map(|w| {
            w.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
        });
        if !matches!(set, Some(Ok(_))) {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Lets the browser draw and take input, and goes on at once: a timer waits for four
/// milliseconds at least.
pub(crate) async fn turn() {
    let Ok(channel) = MessageChannel::new() else {
        return sleep(0).await;
    };
    let promise = Promise::new(&mut |resolve, _| {
        channel.port1().set_onmessage(Some(&resolve));
        if channel.port2().post_message(&JsValue::NULL).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
    channel.port1().close();
}

type Heard = Closure<dyn FnMut(web_sys::Event)>;

/// What listens to the window, for as long as the engine runs.
pub(crate) struct Ears {
    events: Vec<(&'static str, Heard)>,
    timer: Option<(i32, Closure<dyn FnMut()>)>,
}

impl Ears {
    /// Listens for the line, for the end of the tab, and to the passing of seconds.
    pub(crate) fn new(inner: &Weak<Inner>) -> Self {
        let mut events = Vec::new();
        let window = web_sys::window();
        for name in ["online", "offline", "beforeunload"] {
            let inner = inner.clone();
            let heard = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
                let Some(inner) = inner.upgrade() else { return };
                match name {
                    "beforeunload" if inner.would_lose_work() => event.prevent_default(),
                    "beforeunload" => {}
                    _ => inner.line_changed(name == "online"),
                }
            });
            if let Some(window) = &window {
                let function = heard.as_ref().unchecked_ref();
                let _ = window.add_event_listener_with_callback(name, function);
            }
            events.push((name, heard));
        }
        let inner = inner.clone();
        let tick = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = inner.upgrade() {
                inner.tick();
            }
        });
        let timer = window
            .and_then(|w| {
                let function = tick.as_ref().unchecked_ref();
                w.set_interval_with_callback_and_timeout_and_arguments_0(function, 1000)
                    .ok()
            })
            .map(|number| (number, tick));
        Self { events, timer }
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        let Some(window) = web_sys::window() else {
            return;
        };
        for (name, heard) in &self.events {
            let function = heard.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback(name, function);
        }
        if let Some((number, _)) = &self.timer {
            window.clear_interval_with_handle(*number);
        }
    }
}
