//! Long lists: only the rows on the screen exist in the document.

use yew::prelude::*;

use super::dom::{self, SizeWatch};
use super::rows::{Slice, visible};

/// The height of every row, in pixels; the style sheet holds to it.
pub(crate) const ROW: usize = 32;

/// A scrolled list of rows of one height.
pub(crate) struct Scrolled {
    /// The scrolling element.
    pub(crate) node: NodeRef,
    /// An empty element above the rows.
    pub(crate) above: NodeRef,
    /// An empty element below the rows.
    pub(crate) below: NodeRef,
    /// For the scrolling element's `onscroll`.
    pub(crate) onscroll: Callback<Event>,
    /// What to draw.
    pub(crate) slice: Slice,
}

/// Scrolls just enough to bring a row into view.
pub(crate) fn bring(node: &NodeRef, row: usize) {
    let Some(element) = node.cast::<web_sys::Element>() else {
        return;
    };
    let px = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let (top, view) = (element.scroll_top(), element.client_height());
    let (from, to) = (px(row * ROW), px((row + 1) * ROW));
    if from < top {
        element.set_scroll_top(from);
    } else if to > top + view {
        element.set_scroll_top(to - view);
    }
}

/// Keeps track of a list of `rows` rows.
#[hook]
pub(crate) fn use_scrolled(rows: usize) -> Scrolled {
    let node = use_node_ref();
    let above = use_node_ref();
    let below = use_node_ref();
    let at = use_state_eq(|| (0_i32, 0_i32));
    let measure = {
        let (node, at) = (node.clone(), at.setter());
        Callback::from(move |()| {
            if let Some(element) = node.cast::<web_sys::Element>() {
                at.set((element.scroll_top(), element.client_height()));
            }
        })
    };
    let onscroll = {
        let measure = measure.clone();
        Callback::from(move |_: Event| measure.emit(()))
    };
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            measure.emit(());
            let watch = SizeWatch::new(&node, move || measure.emit(()));
            move || drop(watch)
        });
    }
    let slice = visible(rows, ROW, at.0, at.1);
    {
        let (above, below) = (above.clone(), below.clone());
        use_effect_with((slice.above, slice.below), move |(up, down)| {
            dom::set_height(&above, *up);
            dom::set_height(&below, *down);
        });
    }
    Scrolled {
        node,
        above,
        below,
        onscroll,
        slice,
    }
}
