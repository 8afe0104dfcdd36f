//! Before and after, side by side: one window, one zoom, one slice for both.

use std::collections::HashSet;
use std::rc::Rc;

use cordon_contribute::FileId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::boxes::Boxes;
use super::dom::SizeWatch;
use super::frames::Frames;
use super::icons::{Draw, Icon};
use super::images_tools::{Tool, Tools};
use super::picture::{Picture, density, stored_window, value_at};
use super::viewport::{Drawn, View, Window, pixel_at};
use super::words;
use crate::engine::{Engine, FrameData, Side};

/// Properties of [`Images`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ImagesProps {
    pub(crate) engine: Engine,
    /// Every frame of the series, in order.
    pub(crate) slices: Rc<Vec<(FileId, u32)>>,
    /// The one on the screen.
    pub(crate) index: usize,
    /// Goes to another.
    pub(crate) onindex: Callback<usize>,
    /// Whether the object has pixels at all.
    pub(crate) pixels: bool,
    /// Whether there is something that leaves; `None` while nobody knows yet.
    pub(crate) leaves: Option<bool>,
    /// Modality, for the presets.
    pub(crate) modality: String,
    /// Grows with every change of what was found in pixels.
    pub(crate) looks: u64,
    /// Whether nothing can be changed any more.
    pub(crate) closed: bool,
    /// Whether boxes may be drawn: somebody asks for text.
    pub(crate) boxed: bool,
}

/// What happens to the pair.
pub(crate) enum Msg {
    Loaded((FileId, u32, Side), Result<FrameData, String>),
    Index(usize),
    Wheel(WheelEvent),
    Down(PointerEvent),
    Move(PointerEvent),
    Up,
    Key(KeyboardEvent),
    Tool(Tool),
    Window(Option<Window>),
    Zoom(f64),
    Reset,
    Resized,
}

struct Drag {
    tool: Tool,
    x: f64,
    y: f64,
}

/// The pair of pictures.
pub(crate) struct Images {
    before: Picture,
    after: Picture,
    frames: Frames,
    waiting: HashSet<(FileId, u32, Side)>,
    view: View,
    window: Option<Window>,
    tool: Tool,
    drag: Option<Drag>,
    hover: Option<(u32, u32)>,
    watch: Option<SizeWatch>,
    /// Where the picture lay when the boxes over it were placed.
    placed: Option<Drawn>,
}

/// How many frames are asked for at a time.
const AT_ONCE: usize = 4;

impl Component for Images {
    type Message = Msg;
    type Properties = ImagesProps;

    fn create(ctx: &Context<Self>) -> Self {
        let mut this = Self {
            before: Picture::default(),
            after: Picture::default(),
            frames: Frames::default(),
            waiting: HashSet::new(),
            view: View::default(),
            window: None,
            tool: Tool::Window,
            drag: None,
            hover: None,
            watch: None,
            placed: None,
        };
        this.ask(ctx);
        this
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &ImagesProps) -> bool {
        let props = ctx.props();
        if props.slices != old.slices {
            self.view = View::default();
            self.window = None;
            self.hover = None;
        }
        if props.leaves != old.leaves {
            self.frames.forget_failures();
            // What leaves is made anew.
            self.frames.forget(Side::After);
        }
        self.ask(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Loaded(key, frame) => {
                self.waiting.remove(&key);
                self.frames.put(key, frame.map(Rc::new));
                self.ask(ctx);
            }
            Msg::Index(index) => self.go(ctx, index),
            Msg::Wheel(e) => {
                e.prevent_default();
                if e.ctrl_key() {
                    self.view = self.view.zoomed((-e.delta_y() / 240.0).exp());
                } else if e.delta_y() != 0.0 {
                    let by = if e.delta_y() > 0.0 { 1 } else { -1 };
                    self.go(ctx, ctx.props().index.saturating_add_signed(by));
                }
            }
            Msg::Down(e) => self.press(&e),
            Msg::Move(e) => return self.moved(ctx, &e),
            Msg::Up => self.drag = None,
            Msg::Key(e) => return self.key(ctx, &e),
            Msg::Tool(tool) => self.tool = tool,
            Msg::Window(window) => self.window = window,
            Msg::Zoom(by) => self.view = self.view.zoomed(by),
            Msg::Reset => {
                self.view = View::default();
                self.window = None;
            }
            Msg::Resized => {}
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            let link = ctx.link().clone();
            self.watch = SizeWatch::new(&self.before.node, move || link.send_message(Msg::Resized));
        }
        let before = self.frame(ctx, Side::Before);
        let after = self.frame(ctx, Side::After);
        // Both in the window that is named below both: black boxes would give the other its own.
        let window = self.window_now(ctx);
        self.before.draw(before.as_ref(), self.view, window);
        self.after.draw(after.as_ref(), self.view, window);
        if ctx.props().boxed && self.before.drawn != self.placed {
            self.placed = self.before.drawn;
            ctx.link().send_message(Msg::Resized);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        if !props.pixels {
            return html! {
                <div class="pair"><div class="eye"><div class="no-picture">
                    <Draw icon={Icon::Document} /><span>{words::NO_PIXELS}</span>
                </div></div></div>
            };
        }
        let link = ctx.link();
        let window = self.window_now(ctx);
        html! {
            <>
                <div class="pair">
                    {self.eye(ctx, Side::Before)}
                    {self.eye(ctx, Side::After)}
                </div>
                <Tools index={props.index} count={props.slices.len()} tool={self.tool} {window}
                    chosen={self.window.is_some()} ct={props.modality == "CT"} boxed={props.boxed && !props.closed}
                    onindex={link.callback(Msg::Index)} ontool={link.callback(Msg::Tool)}
                    onwindow={link.callback(Msg::Window)} onzoom={link.callback(Msg::Zoom)}
                    onreset={link.callback(|()| Msg::Reset)} />
            </>
        }
    }
}

impl Images {
    fn key_of(ctx: &Context<Self>, side: Side) -> Option<(FileId, u32, Side)> {
        let props = ctx.props();
        props.slices.get(props.index).map(|(id, n)| (*id, *n, side))
    }

    fn frame(&self, ctx: &Context<Self>, side: Side) -> Option<Rc<FrameData>> {
        match self.frames.get(&Self::key_of(ctx, side)?) {
            Some(Ok(frame)) => Some(frame.clone()),
            _ => None,
        }
    }

    fn window_now(&self, ctx: &Context<Self>) -> Option<Window> {
        self.window.or_else(|| {
            let frame = self
                .frame(ctx, Side::Before)
                .or_else(|| self.frame(ctx, Side::After))?;
            stored_window(&frame)
        })
    }

    /// Asks for what is on the screen first, then for its neighbours.
    fn ask(&mut self, ctx: &Context<Self>) {
        let props = ctx.props();
        if !props.pixels {
            return;
        }
        let at = props.index;
        let near = [
            at,
            at + 1,
            at.wrapping_sub(1),
            at + 2,
            at.wrapping_sub(2),
            at + 3,
        ];
        for index in near {
            let Some((id, n)) = props.slices.get(index).copied() else {
                continue;
            };
            for side in [Side::Before, Side::After] {
                let key = (id, n, side);
                if side == Side::After && props.leaves != Some(true) {
                    continue;
                }
                if self.waiting.len() >= AT_ONCE {
                    return;
                }
                if self.frames.get(&key).is_some() || !self.waiting.insert(key) {
                    continue;
                }
                let (engine, link) = (props.engine.clone(), ctx.link().clone());
                spawn_local(async move {
                    let frame = engine.frame(id, n, side).await;
                    link.send_message(Msg::Loaded(key, frame));
                });
            }
        }
    }

    fn go(&mut self, ctx: &Context<Self>, index: usize) {
        let props = ctx.props();
        let index = index.min(props.slices.len().saturating_sub(1));
        if index != props.index {
            props.onindex.emit(index);
        }
    }

    fn press(&mut self, e: &PointerEvent) {
        let tool = match (e.button(), e.shift_key()) {
            (0, false) => self.tool,
            (0, true) | (1, _) => Tool::Pan,
            _ => Tool::Zoom,
        };
        if let Some(target) = e.target_dyn_into::<web_sys::Element>() {
            let _ = target.set_pointer_capture(e.pointer_id());
        }
        self.drag = Some(Drag {
            tool,
            x: f64::from(e.client_x()),
            y: f64::from(e.client_y()),
        });
    }

    fn moved(&mut self, ctx: &Context<Self>, e: &PointerEvent) -> bool {
        let (x, y) = (f64::from(e.client_x()), f64::from(e.client_y()));
        let Some(drag) = &mut self.drag else {
            let hover = self.under(ctx, e);
            let changed = hover != self.hover;
            self.hover = hover;
            return changed;
        };
        let (dx, dy) = (x - drag.x, y - drag.y);
        (drag.x, drag.y) = (x, y);
        match drag.tool {
            Tool::Pan => {
                if let Some(drawn) = self.before.drawn.or(self.after.drawn) {
                    self.view = self.view.moved(dx * density(), dy * density(), &drawn);
                }
            }
            Tool::Zoom => self.view = self.view.zoomed((-dy / 120.0).exp()),
            // The layer of boxes takes these drags.
            Tool::Box => {}
            Tool::Window => {
                let first = self
                    .frame(ctx, Side::Before)
                    .or_else(|| self.frame(ctx, Side::After));
                if let (Some(now), Some(first)) =
                    (self.window_now(ctx), first.and_then(|f| stored_window(&f)))
                {
                    self.window = Some(now.dragged(dx, dy, first));
                }
            }
        }
        true
    }

    fn under(&self, ctx: &Context<Self>, e: &PointerEvent) -> Option<(u32, u32)> {
        let frame = self
            .frame(ctx, Side::Before)
            .or_else(|| self.frame(ctx, Side::After))?;
        let drawn = self.before.drawn.or(self.after.drawn)?;
        let (x, y) = (
            f64::from(e.offset_x()) * density(),
            f64::from(e.offset_y()) * density(),
        );
        pixel_at((frame.width, frame.height), &drawn, x, y)
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        let at = ctx.props().index;
        let to = match e.key().as_str() {
            "ArrowDown" | "ArrowRight" => at + 1,
            "ArrowUp" | "ArrowLeft" => at.saturating_sub(1),
            "PageDown" => at + 10,
            "PageUp" => at.saturating_sub(10),
            "Home" => 0,
            "End" => usize::MAX,
            "b" | "B" if ctx.props().boxed => {
                self.tool = if self.tool == Tool::Box {
                    Tool::Window
                } else {
                    Tool::Box
                };
                at
            }
            "+" | "=" => {
                self.view = self.view.zoomed(1.25);
                at
            }
            "-" => {
                self.view = self.view.zoomed(0.8);
                at
            }
            "0" => {
                self.view = View::default();
                self.window = None;
                at
            }
            _ => return false,
        };
        e.prevent_default();
        e.stop_propagation();
        self.go(ctx, to);
        true
    }

    /// The boxes over the picture before.
    fn boxes(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let key = Self::key_of(ctx, Side::Before).filter(|_| props.boxed);
        let (Some((file, frame, _)), Some(drawn), Some(picture)) =
            (key, self.placed, self.frame(ctx, Side::Before))
        else {
            return html! {};
        };
        let scale = density();
        let drawn = Drawn {
            left: drawn.left / scale,
            top: drawn.top / scale,
            width: drawn.width / scale,
            height: drawn.height / scale,
        };
        html! {
            <Boxes engine={props.engine.clone()} {file} {frame} {drawn} size={(picture.width, picture.height)}
                drawing={self.tool == Tool::Box} revision={props.looks} closed={props.closed} />
        }
    }

    fn eye(&self, ctx: &Context<Self>, side: Side) -> Html {
        let link = ctx.link();
        let props = ctx.props();
        let (picture, test, title) = match side {
            Side::Before => (&self.before, "canvas-before", words::BEFORE),
            Side::After if props.leaves == Some(false) => {
                (&self.after, "canvas-after", words::AFTER_STAYS)
            }
            Side::After => (&self.after, "canvas-after", words::AFTER),
        };
        let state = Self::key_of(ctx, side).and_then(|k| self.frames.get(&k).cloned());
        let message = match (side, props.leaves, &state) {
            (Side::After, Some(false), _) => Some((Icon::Refused, words::STAYS_HERE.to_owned())),
            (Side::After, None, _) => Some((Icon::Pending, words::NOT_CLEANED_YET.to_owned())),
            (_, _, Some(Err(why))) => Some((Icon::Info, why.clone())),
            (_, _, None) => Some((Icon::Pending, words::LOADING.to_owned())),
            _ => None,
        };
        let slice = format!(
            "{} {} / {}",
            words::SLICE,
            props.index + 1,
            props.slices.len()
        );
        let label = format!("{title}. {slice}");
        let window = self
            .window_now(ctx)
            .map(|w| format!("C {:.0}  W {:.0}", w.center, w.width));
        let value = match &state {
            Some(Ok(frame)) => self.hover.and_then(|at| value_at(frame, at)),
            _ => None,
        };
        html! {
            <div class={classes!("eye", (side == Side::Before).then_some("personal"))}>
                <canvas ref={picture.node.clone()} tabindex="0" role="img" aria-label={label} data-test={test}
                    data-tool={self.tool.name()} data-ready={matches!(state, Some(Ok(_))).to_string()}
                    onwheel={link.callback(Msg::Wheel)} onpointerdown={link.callback(Msg::Down)}
                    onpointermove={link.callback(Msg::Move)} onpointerup={link.callback(|_| Msg::Up)}
                    onpointercancel={link.callback(|_| Msg::Up)} onkeydown={link.callback(Msg::Key)}
                    ondblclick={link.callback(|_| Msg::Reset)} oncontextmenu={|e: MouseEvent| e.prevent_default()} />
                if side == Side::Before {
                    {self.boxes(ctx)}
                }
                <span class="corner tl">{title}</span>
                <span class="corner bl">{slice}</span>
                <span class="corner br">{window}</span>
                <span class="corner tr">{value}</span>
                if let Some((icon, text)) = message {
                    <div class="no-picture"><Draw {icon} /><span>{text}</span></div>
                }
            </div>
        }
    }
}
