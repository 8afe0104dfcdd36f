//! The screens: one page, five places, always in the same order.
//!
//! Collect, Review, Approve, Send, Receipt. The screens hold no state of a
//! contribution: they look at the engine's model, draw it, and hand what the person
//! does back. Everything is drawn below one element of class `cordon`, so that the
//! same view works in the full page, in a shadow root and inside a foreign page.

mod app;
mod approve;
mod boxes;
mod collect;
#[cfg(test)]
mod contrast;
mod decide;
mod dom;
mod doubt;
mod drop;
mod face;
mod findings;
mod foot;
mod format;
mod frames;
mod header;
mod help;
mod icons;
mod images;
mod images_tools;
mod kept;
mod key_panel;
mod keys;
mod look_state;
mod looks_line;
mod notices;
mod passphrase;
mod picture;
mod protocol;
mod quality;
mod rail;
mod receipt;
mod review;
mod rows;
mod scroll;
mod send;
mod state;
mod summary;
mod table;
mod term;
mod tree;
mod tree_row;
mod verdict;
mod viewport;
mod words;

pub use app::{App, AppProps};

use crate::engine::Engine;

/// Draws the view into an element. With `rail`, the page is Cordon's own: the rail stands at the
/// top and the view fills the window. An attribute `data-theme` of the element, `light` or
/// `dark`, overrides what the system and the person chose.
pub fn mount(root: web_sys::Element, engine: Engine, rail: bool) -> yew::AppHandle<App> {
    let theme = root.get_attribute("data-theme").map(yew::AttrValue::from);
    let props = AppProps {
        engine,
        rail,
        theme,
    };
    yew::Renderer::<App>::with_root_and_props(root, props).render()
}
