//! Files come in: dropped anywhere on the view, or picked.

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::icons::{Draw, Icon};
use super::state::{Ctx, Do, Place};
use super::words;

/// What the root element listens to.
pub(crate) struct Dropping {
    /// Whether something is held over the view.
    pub(crate) over: bool,
    pub(crate) enter: Callback<DragEvent>,
    pub(crate) leave: Callback<DragEvent>,
    pub(crate) over_it: Callback<DragEvent>,
    pub(crate) dropped: Callback<DragEvent>,
}

/// Lets the whole view take what is dropped on it, and keeps the browser from opening it.
#[hook]
pub(crate) fn use_dropping(ctx: &Ctx) -> Dropping {
    // Entering a child comes before leaving its parent: what counts is how many were entered.
    let depth = use_mut_ref(|| 0_i32);
    let over = use_state_eq(|| false);
    let step = {
        let (depth, over) = (depth.clone(), over.setter());
        move |by: i32| {
            let now = (*depth.borrow() + by).max(0);
            *depth.borrow_mut() = now;
            over.set(now > 0);
        }
    };
    let enter = {
        let step = step.clone();
        Callback::from(move |e: DragEvent| {
            e.prevent_default();
            step(1);
        })
    };
    let leave = Callback::from(move |_: DragEvent| step(-1));
    let over_it = Callback::from(|e: DragEvent| e.prevent_default());
    let dropped = {
        let (ctx, over) = (ctx.clone(), over.setter());
        Callback::from(move |e: DragEvent| {
            e.prevent_default();
            *depth.borrow_mut() = 0;
            over.set(false);
            if ctx.snap.approved {
                ctx.act(Do::Say(Some(words::APPROVED_ALREADY.to_owned())));
            } else if let Some(data) = e.data_transfer() {
                ctx.act(Do::Go(Place::Collect));
                ctx.engine.add_drop(data);
            }
        })
    };
    Dropping {
        over: *over,
        enter,
        leave,
        over_it,
        dropped,
    }
}

/// Properties of [`Pickers`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct PickersProps {
    /// On the empty first page.
    #[prop_or_default]
    pub(crate) first: bool,
}

/// The buttons that open the folder and file pickers.
#[component]
pub(crate) fn Pickers(props: &PickersProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let folder = use_node_ref();
    let files = use_node_ref();
    let open = |node: &NodeRef| {
        let node = node.clone();
        Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            if let Some(input) = node.cast::<web_sys::HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let ctx = ctx.clone();
        Callback::from(move |e: Event| {
            let Some(input) = e
                .target()
                .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
            else {
                return;
            };
            let list = input.files();
            let picked: Vec<web_sys::File> = list
                .into_iter()
                .flat_map(|l| (0..l.length()).filter_map(move |i| l.get(i)))
                .collect();
            if !picked.is_empty() {
                ctx.engine.add_files(picked);
            }
            // So that the same folder can be picked again.
            input.set_value("");
        })
    };
    let (to_folder, to_files) = if props.first {
        (words::PICK_FOLDER, words::PICK_FILES)
    } else {
        (words::ADD_FOLDER, words::ADD_FILES)
    };
    let disabled = ctx.snap.approved;
    html! {
        <>
            <input ref={folder.clone()} type="file" hidden=true webkitdirectory=true multiple=true
                aria-hidden="true" tabindex="-1" data-test="pick-folder" onchange={onchange.clone()} />
            <input ref={files.clone()} type="file" hidden=true multiple=true
                aria-hidden="true" tabindex="-1" data-test="pick-files" {onchange} />
            <button type="button" class={classes!("button", props.first.then_some("primary"))} {disabled}
                data-test="pick-folder-button" onclick={open(&folder)}><Draw icon={Icon::Folder} />{to_folder}</button>
            <button type="button" class="button" {disabled}
                data-test="pick-files-button" onclick={open(&files)}><Draw icon={Icon::File} />{to_files}</button>
        </>
    }
}
