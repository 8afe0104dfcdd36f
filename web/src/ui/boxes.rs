//! Boxes over text on the picture before: seen, moved, sized, drawn, rejected.
//!
//! A box that was found is blacked out at once; what a person changes has the image cleaned anew.

use cordon_contribute::FileId;
use cordon_text::TextBox;
use yew::prelude::*;

use super::viewport::Drawn;
use super::words::look as words;
use crate::engine::Engine;

/// Properties of [`Boxes`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BoxesProps {
    pub(crate) engine: Engine,
    pub(crate) file: FileId,
    pub(crate) frame: u32,
    /// Where the picture lies, in CSS pixels of its frame on the screen.
    pub(crate) drawn: Drawn,
    /// Columns and rows of the picture.
    pub(crate) size: (u32, u32),
    /// Whether a drag draws a new box.
    pub(crate) drawing: bool,
    /// Grows with every change of what was found.
    pub(crate) revision: u64,
    /// Whether nothing can be changed any more.
    pub(crate) closed: bool,
}

/// What happens to the boxes.
pub(crate) enum Msg {
    Down(PointerEvent, Grip),
    Move(PointerEvent),
    Up,
    Key(KeyboardEvent, usize),
    Select(usize),
    Drop(usize),
    Take(TextBox),
}

/// What a drag holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grip {
    /// Nothing: a new box begins.
    New,
    /// A box as a whole.
    Whole(usize),
    /// The lower right corner of a box.
    Corner(usize),
}

struct Drag {
    grip: Grip,
    from: (f64, f64),
    first: TextBox,
    now: TextBox,
}

/// The layer.
pub(crate) struct Boxes {
    drag: Option<Drag>,
    selected: Option<usize>,
    said: Option<String>,
}

/// A box is never smaller than this.
const LEAST: i64 = 2;

/// A box moved and sized within the picture.
fn fitted(of: TextBox, [x, y, width, height]: [i64; 4], size: (u32, u32)) -> TextBox {
    let (columns, rows) = (i64::from(size.0), i64::from(size.1));
    let width = width.clamp(LEAST.min(columns), columns);
    let height = height.clamp(LEAST.min(rows), rows);
    let whole = |v: i64| u32::try_from(v).unwrap_or(0);
    TextBox {
        x: whole(x.clamp(0, columns - width)),
        y: whole(y.clamp(0, rows - height)),
        width: whole(width),
        height: whole(height),
        ..of
    }
}

fn sides(b: &TextBox) -> [i64; 4] {
    [b.x, b.y, b.width, b.height].map(i64::from)
}

impl Component for Boxes {
    type Message = Msg;
    type Properties = BoxesProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            drag: None,
            selected: None,
            said: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &BoxesProps) -> bool {
        let new = ctx.props();
        if (new.file, new.frame) != (old.file, old.frame) {
            self.drag = None;
            self.selected = None;
            self.said = None;
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Down(e, grip) => return self.down(ctx, &e, grip),
            Msg::Move(e) => return self.moved(ctx, &e),
            Msg::Up => self.up(ctx),
            Msg::Key(e, at) => return self.key(ctx, &e, at),
            Msg::Select(at) => self.selected = Some(at),
            Msg::Drop(at) => self.change(ctx, |all| {
                if at < all.len() {
                    all.remove(at);
                }
            }),
            Msg::Take(again) => self.change(ctx, |all| all.push(again)),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let link = ctx.link();
        let known = props.engine.boxes(props.file).unwrap_or_default();
        let here = |b: &&TextBox| b.frame == props.frame;
        let now: Vec<TextBox> = known.now.iter().filter(here).copied().collect();
        let open = |all: &[TextBox], class, test, label| -> Vec<_> {
            let open = all.iter().filter(here).filter(|b| !now.contains(b));
            open.map(|b| (*b, class, test, label)).collect()
        };
        let mut left = open(&known.found, "left", "box-left", words::BLACK_AGAIN);
        left.extend(open(&known.kept, "kept", "box-kept", words::STAYS));
        let new = self
            .drag
            .as_ref()
            .filter(|d| d.grip == Grip::New)
            .map(|d| d.now);
        let again = |b: TextBox| link.callback(move |_: MouseEvent| Msg::Take(b));
        let again_key = |b: TextBox| {
            link.batch_callback(move |e: KeyboardEvent| {
                let chosen = matches!(e.key().as_str(), "Enter" | " ");
                chosen.then(|| {
                    e.prevent_default();
                    e.stop_propagation();
                    Msg::Take(b)
                })
            })
        };
        html! {
            <>
            <svg class={classes!("boxes", (props.drawing && !props.closed).then_some("drawing"))} data-test="boxes"
                onpointerdown={link.callback(|e| Msg::Down(e, Grip::New))} onpointermove={link.callback(Msg::Move)}
                onpointerup={link.callback(|_| Msg::Up)} onpointercancel={link.callback(|_| Msg::Up)}>
                { for left.into_iter().map(|(b, class, test, label)| {
                    let [x, y, width, height] = Self::on_screen(ctx, &b);
                    html! {
                        <rect class={classes!("text-box", class)} {x} {y} {width} {height} tabindex="0" role="button" data-test={test}
                            aria-label={label} onclick={again(b)} onkeydown={again_key(b)}>
                            <title>{label}</title>
                        </rect>
                    }
                }) }
                { for now.iter().enumerate().map(|(at, b)| self.one(ctx, at, b)) }
                if let Some(b) = new {
                    { {
                        let [x, y, width, height] = Self::on_screen(ctx, &b);
                        html! { <rect class="text-box new" {x} {y} {width} {height} /> }
                    } }
                }
            </svg>
            if let Some(said) = &self.said {
                <span class="boxes-said" role="alert">{said.clone()}</span>
            }
            </>
        }
    }
}

impl Boxes {
    fn of_frame(ctx: &Context<Self>) -> Vec<TextBox> {
        let props = ctx.props();
        let known = props.engine.boxes(props.file).unwrap_or_default();
        let here = |b: &TextBox| b.frame == props.frame;
        known.now.into_iter().filter(here).collect()
    }

    /// Changes the boxes of the frame on the screen.
    fn change(&mut self, ctx: &Context<Self>, f: impl FnOnce(&mut Vec<TextBox>)) {
        let props = ctx.props();
        if props.closed {
            return;
        }
        let known = props.engine.boxes(props.file).unwrap_or_default();
        let (mut here, mut all): (Vec<_>, Vec<_>) =
            known.now.into_iter().partition(|b| b.frame == props.frame);
        f(&mut here);
        all.extend(here);
        all.sort_by_key(|b| b.frame);
        self.said = props.engine.set_boxes(props.file, all).err();
    }

    /// A place on the screen in pixels of the picture.
    fn place(ctx: &Context<Self>, e: &PointerEvent) -> (f64, f64) {
        let props = ctx.props();
        let per = |length: f64, n: u32| f64::from(n) / length.max(1.0);
        // The layer's own edges: the event comes from it, or from a box inside of it. (Yew listens
        // at the root, so that the current target is no help.)
        let (x, y) = e
            .target()
            .and_then(|t| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(t).ok())
            .and_then(|t| t.closest(".boxes").ok().flatten())
            .map_or((0.0, 0.0), |layer| {
                let edge = layer.get_bounding_client_rect();
                (
                    f64::from(e.client_x()) - edge.left(),
                    f64::from(e.client_y()) - edge.top(),
                )
            });
        (
            (x - props.drawn.left) * per(props.drawn.width, props.size.0),
            (y - props.drawn.top) * per(props.drawn.height, props.size.1),
        )
    }

    fn down(&mut self, ctx: &Context<Self>, e: &PointerEvent, grip: Grip) -> bool {
        let props = ctx.props();
        if props.closed || e.button() != 0 || (grip == Grip::New && !props.drawing) {
            return false;
        }
        e.stop_propagation();
        let from = Self::place(ctx, e);
        let empty = TextBox {
            frame: props.frame,
            x: 0,
            y: 0,
            width: 0,
            height: 0,
        };
        let first = match grip {
            Grip::New => fitted(
                empty,
                [from.0 as i64, from.1 as i64, LEAST, LEAST],
                props.size,
            ),
            Grip::Whole(at) | Grip::Corner(at) => {
                let Some(b) = Self::of_frame(ctx).get(at).copied() else {
                    return false;
                };
                self.selected = Some(at);
                b
            }
        };
        if let Some(target) = e.target_dyn_into::<web_sys::Element>() {
            let _ = target.set_pointer_capture(e.pointer_id());
        }
        self.drag = Some(Drag {
            grip,
            from,
            first,
            now: first,
        });
        true
    }

    fn moved(&mut self, ctx: &Context<Self>, e: &PointerEvent) -> bool {
        let size = ctx.props().size;
        let Some(drag) = &mut self.drag else {
            return false;
        };
        let at = Self::place(ctx, e);
        let (dx, dy) = (at.0 - drag.from.0, at.1 - drag.from.1);
        let [x, y, width, height] = sides(&drag.first);
        let (dx, dy) = (dx.round() as i64, dy.round() as i64);
        let new = match drag.grip {
            Grip::Whole(_) => [x + dx, y + dy, width, height],
            Grip::Corner(_) => [x, y, width + dx, height + dy],
            Grip::New => [x + dx.min(0), y + dy.min(0), dx.abs(), dy.abs()],
        };
        drag.now = fitted(drag.first, new, size);
        true
    }

    fn up(&mut self, ctx: &Context<Self>) {
        let Some(drag) = self.drag.take() else {
            return;
        };
        match drag.grip {
            Grip::New => {
                let [.., width, height] = sides(&drag.now);
                if width > LEAST && height > LEAST {
                    self.change(ctx, |all| all.push(drag.now));
                }
            }
            Grip::Whole(at) | Grip::Corner(at) if drag.now != drag.first => {
                self.put(ctx, at, drag.now);
            }
            _ => {}
        }
    }

    fn put(&mut self, ctx: &Context<Self>, at: usize, new: TextBox) {
        self.change(ctx, |all| {
            if let Some(b) = all.get_mut(at) {
                *b = new;
            }
        });
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent, at: usize) -> bool {
        let Some(b) = Self::of_frame(ctx).get(at).copied() else {
            return false;
        };
        let by = match e.key().as_str() {
            "ArrowLeft" => (-1, 0),
            "ArrowRight" => (1, 0),
            "ArrowUp" => (0, -1),
            "ArrowDown" => (0, 1),
            "Delete" | "Backspace" => {
                e.prevent_default();
                e.stop_propagation();
                self.selected = None;
                self.change(ctx, |all| {
                    all.remove(at);
                });
                return true;
            }
            _ => return false,
        };
        e.prevent_default();
        e.stop_propagation();
        let [x, y, width, height] = sides(&b);
        let new = if e.shift_key() {
            [x, y, width + by.0, height + by.1]
        } else {
            [x + by.0, y + by.1, width, height]
        };
        self.put(ctx, at, fitted(b, new, ctx.props().size));
        true
    }

    /// Left, top, width and height on the screen.
    fn on_screen(ctx: &Context<Self>, b: &TextBox) -> [String; 4] {
        let props = ctx.props();
        let x = props.drawn.width / f64::from(props.size.0.max(1));
        let y = props.drawn.height / f64::from(props.size.1.max(1));
        [
            props.drawn.left + f64::from(b.x) * x,
            props.drawn.top + f64::from(b.y) * y,
            f64::from(b.width) * x,
            f64::from(b.height) * y,
        ]
        .map(|v| format!("{v:.2}"))
    }

    fn one(&self, ctx: &Context<Self>, at: usize, b: &TextBox) -> Html {
        let link = ctx.link();
        let props = ctx.props();
        let mine = |d: &&Drag| matches!(d.grip, Grip::Whole(n) | Grip::Corner(n) if n == at);
        let shown = self.drag.as_ref().filter(mine).map_or(*b, |d| d.now);
        let selected = self.selected == Some(at);
        let label = format!(
            "{} {}, {}: {} × {}",
            words::BLACKED,
            shown.x,
            shown.y,
            shown.width,
            shown.height
        );
        let place = Self::on_screen(ctx, &shown);
        let right = |by: f64| at_end(&place[0], &place[2], by);
        let below = |by: f64| at_end(&place[1], &place[3], by);
        let (cx, cy) = (right(0.0), at_end(&place[1], "0", 0.0));
        let cross = format!("translate({cx} {cy})");
        let [x, y, width, height] = place.clone();
        html! {
            <g class={classes!("text-mark", selected.then_some("selected"))}>
                <rect class="text-box" {x} {y} {width} {height} tabindex="0" role="group" aria-label={label.clone()} data-test="box"
                    onfocus={link.callback(move |_: FocusEvent| Msg::Select(at))}
                    onpointerdown={link.callback(move |e| Msg::Down(e, Grip::Whole(at)))}
                    onkeydown={link.callback(move |e| Msg::Key(e, at))}><title>{label}</title></rect>
                if selected && !props.closed {
                    <rect class="grip" x={right(-5.0)} y={below(-5.0)} width="10" height="10"
                        onpointerdown={link.callback(move |e| Msg::Down(e, Grip::Corner(at)))} />
                    <g class="drop" transform={cross} role="button" aria-label={words::REJECT} data-test="box-reject"
                        onpointerdown={|e: PointerEvent| e.stop_propagation()}
                        onclick={link.callback(move |_: MouseEvent| Msg::Drop(at))}>
                        <title>{format!("{} ({})", words::REJECT, words::REJECT_KEY)}</title>
                        <circle r="10" /><path d="M-4 -4 4 4M4 -4 -4 4" />
                    </g>
                }
            </g>
        }
    }
}

/// The far end of a side, and a little more.
fn at_end(from: &str, length: &str, by: f64) -> String {
    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
    format!("{:.2}", number(from) + number(length) + by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_stays_on_the_picture_and_is_never_nothing() {
        let b = TextBox {
            frame: 3,
            x: 10,
            y: 10,
            width: 20,
            height: 8,
        };
        let size = (64, 32);
        let moved = fitted(b, [-5, 40, 20, 8], size);
        assert_eq!(
            (moved.x, moved.y, moved.width, moved.height),
            (0, 24, 20, 8)
        );
        assert_eq!(moved.frame, 3);
        let small = fitted(b, [10, 10, -4, 0], size);
        assert_eq!((small.width, small.height), (2, 2));
        let large = fitted(b, [0, 0, 900, 900], size);
        assert_eq!((large.width, large.height), (64, 32));
    }
}
