//! The bar under the images: slice, window, what a drag does.

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::icons::{Draw, Icon};
use super::viewport::Window;
use super::words;

/// What a drag with the first button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Window,
    Pan,
    Zoom,
    /// Draws a box over text.
    Box,
}

impl Tool {
    /// In the order of their words.
    pub(crate) const ALL: [Self; 4] = [Self::Window, Self::Pan, Self::Zoom, Self::Box];
    /// Its name in the style sheet.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Pan => "pan",
            Self::Zoom => "zoom",
            Self::Box => "box",
        }
    }
}

/// Properties of [`Tools`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ToolsProps {
    pub(crate) index: usize,
    pub(crate) count: usize,
    pub(crate) tool: Tool,
    /// The window as it is; `None` in colour.
    pub(crate) window: Option<Window>,
    /// Whether the person chose it.
    pub(crate) chosen: bool,
    /// Whether the presets in Hounsfield units make sense.
    pub(crate) ct: bool,
    /// Whether boxes may be drawn.
    pub(crate) boxed: bool,
    pub(crate) onindex: Callback<usize>,
    pub(crate) ontool: Callback<Tool>,
    pub(crate) onwindow: Callback<Option<Window>>,
    pub(crate) onzoom: Callback<f64>,
    pub(crate) onreset: Callback<()>,
}

/// The bar.
#[component]
pub(crate) fn Tools(props: &ToolsProps) -> Html {
    let onslide = props.onindex.reform(|e: InputEvent| {
        let input = e
            .target()
            .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        input.and_then(|i| i.value().parse().ok()).unwrap_or(0)
    });
    let onpreset = props.onwindow.reform(|e: Event| {
        let select = e
            .target()
            .and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
        let chosen = select.and_then(|s| s.value().parse::<usize>().ok());
        let (_, center, width) = words::PRESETS.get(chosen?)?;
        Some(Window {
            center: *center,
            width: *width,
        })
    });
    let preset = |n: usize| {
        let (_, center, width) = words::PRESETS.get(n).copied().unwrap_or_default();
        props.chosen && props.window == Some(Window { center, width })
    };
    let number = format!("{} {} / {}", words::SLICE, props.index + 1, props.count);
    let (zoom_in, zoom_out) = (props.onzoom.clone(), props.onzoom.clone());
    let onreset = props.onreset.clone();
    html! {
        <div class="view-tools">
            <span class="slice-number muted">{number.clone()}</span>
            <input type="range" min="0" max={props.count.saturating_sub(1).to_string()} step="1"
                value={props.index.to_string()} aria-label={words::SLICE} aria-valuetext={number}
                disabled={props.count < 2} oninput={onslide} data-test="slice" />
            if props.ct {
                <select aria-label={words::PRESET} onchange={onpreset} data-test="preset">
                    <option value="" selected={!props.chosen}>{words::PRESET_OWN}</option>
                    { for words::PRESETS.iter().enumerate().map(|(n, (name, ..))| html! {
                        <option value={n.to_string()} selected={preset(n)}>{*name}</option>
                    }) }
                </select>
            }
            <div class="segments" role="group" aria-label={words::TOOL} title={words::TOOL}>
                { for Tool::ALL.iter().zip(words::TOOLS).filter(|(tool, _)| **tool != Tool::Box || props.boxed).map(|(tool, word)| {
                    let (pick, tool) = (props.ontool.clone(), *tool);
                    html! {
                        <button type="button" aria-pressed={(props.tool == tool).to_string()} data-test={format!("tool-{}", tool.name())}
                            onclick={move |_| pick.emit(tool)}>{word}</button>
                    }
                }) }
            </div>
            if props.tool == Tool::Box && props.boxed {
                <span class="muted small">{words::look::DRAW_HOW}</span>
            }
            <button type="button" class="button quiet icon-only" title="Zoom out" aria-label="Zoom out" onclick={move |_| zoom_out.emit(0.8)}>{"−"}</button>
            <button type="button" class="button quiet icon-only" title="Zoom in" aria-label="Zoom in" onclick={move |_| zoom_in.emit(1.25)}>{"+"}</button>
            <button type="button" class="button quiet" onclick={move |_| onreset.emit(())}><Draw icon={Icon::Undo} />{words::RESET}</button>
        </div>
    }
}
