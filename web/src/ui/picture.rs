//! A frame onto a canvas.

use std::rc::Rc;

use wasm_bindgen::{Clamped, JsCast as _};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::NodeRef;

use super::viewport::{Drawn, View, Window, colours, greys, pixels, place, seen};
use crate::engine::{FrameData, Pixels};

/// A canvas with the helper canvas that holds the picture's own pixels.
#[derive(Default)]
pub(crate) struct Picture {
    /// The canvas on the screen.
    pub(crate) node: NodeRef,
    own: Option<HtmlCanvasElement>,
    /// Where the picture was drawn last, in canvas pixels.
    pub(crate) drawn: Option<Drawn>,
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Screen pixels for each CSS pixel.
pub(crate) fn density() -> f64 {
    web_sys::window()
        .map_or(1.0, |w| w.device_pixel_ratio())
        .clamp(1.0, 3.0)
}

/// The window that a frame asks for itself; `None` in colour.
pub(crate) fn stored_window(frame: &FrameData) -> Option<Window> {
    match &frame.pixels {
        Pixels::Gray { center, width, .. } => Some(Window {
            center: *center,
            width: *width,
        }),
        Pixels::Rgba(_) => None,
    }
}

impl Picture {
    /// Draws a frame, or clears the canvas.
    pub(crate) fn draw(
        &mut self,
        frame: Option<&Rc<FrameData>>,
        view: View,
        window: Option<Window>,
    ) {
        let Some(canvas) = self.node.cast::<HtmlCanvasElement>() else {
            return;
        };
        let size = self.fit(&canvas);
        let Some(paint) = context(&canvas) else {
            return;
        };
        paint.clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        self.drawn = frame.map(|f| place((f.width, f.height), f.aspect, size, view));
        if let (Some(frame), Some(drawn)) = (frame, self.drawn) {
            self.paint(&paint, frame, &drawn, size, window);
        }
    }

    /// Lays the canvas on whole screen pixels: half a pixel of shift would make one of two equal
    /// pictures look softer than the other. Gives its size in screen pixels.
    fn fit(&self, canvas: &HtmlCanvasElement) -> (u32, u32) {
        let scale = density();
        let Some(room) = canvas
            .parent_element()
            .map(|e| e.get_bounding_client_rect())
        else {
            return (canvas.width(), canvas.height());
        };
        let whole = |from: f64, length: f64| {
            let first = (from * scale - 0.01).ceil();
            let pixels = ((from + length) * scale + 0.01).floor() - first;
            (first / scale - from, pixels.max(1.0))
        };
        let (left, width) = whole(room.left(), room.width());
        let (top, height) = whole(room.top(), room.height());
        let style = canvas.style();
        for (name, value) in [
            ("left", left),
            ("top", top),
            ("width", width / scale),
            ("height", height / scale),
        ] {
            let _ = style.set_property(name, &format!("{value}px"));
        }
        let size = (pixels(width), pixels(height));
        if (canvas.width(), canvas.height()) != size {
            canvas.set_width(size.0);
            canvas.set_height(size.1);
        }
        size
    }

    fn paint(
        &mut self,
        paint: &CanvasRenderingContext2d,
        frame: &FrameData,
        drawn: &Drawn,
        size: (u32, u32),
        window: Option<Window>,
    ) -> Option<()> {
        let whole = (frame.width, frame.height);
        let part = seen(whole, drawn, size)?;
        let pixels = match &frame.pixels {
            Pixels::Gray {
                values,
                center,
                width,
                invert,
                ..
            } => {
                let window = window.unwrap_or(Window {
                    center: *center,
                    width: *width,
                });
                greys(values, frame.width, &part, window, *invert)
            }
            Pixels::Rgba(bytes) => colours(bytes, frame.width, &part),
        };
        let data =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), part.columns, part.rows)
                .ok()?;
        let own = self.own_canvas()?;
        if (own.width(), own.height()) != (part.columns, part.rows) {
            own.set_width(part.columns);
            own.set_height(part.rows);
        }
        context(&own)?.put_image_data(&data, 0.0, 0.0).ok()?;
        let per_x = drawn.width / f64::from(whole.0.max(1));
        let per_y = drawn.height / f64::from(whole.1.max(1));
        // Single pixels are shown as such when somebody looks that close.
        paint.set_image_smoothing_enabled(per_x < 6.0);
        let step = f64::from(part.step);
        paint
            .draw_image_with_html_canvas_element_and_dw_and_dh(
                &own,
                drawn.left + f64::from(part.x) * per_x,
                drawn.top + f64::from(part.y) * per_y,
                f64::from(part.columns) * step * per_x,
                f64::from(part.rows) * step * per_y,
            )
            .ok()
    }

    fn own_canvas(&mut self) -> Option<HtmlCanvasElement> {
        if self.own.is_none() {
            let document = web_sys::window()?.document()?;
            self.own = document.create_element("canvas").ok()?.dyn_into().ok();
        }
        self.own.clone()
    }
}

/// The value under the pointer, with its unit.
pub(crate) fn value_at(frame: &FrameData, (x, y): (u32, u32)) -> Option<String> {
    let i = y as usize * frame.width as usize + x as usize;
    match &frame.pixels {
        Pixels::Gray { values, unit, .. } => {
            let value = values.get(i)?;
            Some(format!("{x}, {y}: {value:.0} {unit}").trim_end().to_owned())
        }
        Pixels::Rgba(bytes) => {
            let rgb = bytes.get(i * 4..i * 4 + 3)?;
            Some(format!("{x}, {y}: {rgb:?}"))
        }
    }
}
