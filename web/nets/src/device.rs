//! The processor that networks run on in this tab.

use cordon_nets::Device;
use cordon_nets::device::{Processor as Kind, open as open_kind};
use cordon_web::looks::{Choice, Processor};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// An open processor.
pub(crate) struct Open {
    /// Where tensors live.
    pub(crate) device: Device,
    /// What the person is told.
    pub(crate) processor: Processor,
}

impl Open {
    /// Whether it is the graphics processor.
    pub(crate) fn is_gpu(&self) -> bool {
        self.processor.why.is_empty()
    }
}

fn cpu(why: &str) -> Open {
    Open {
        device: Device::flex(),
        processor: Processor {
            name: Kind::Cpu.name().to_owned(),
            why: why.to_owned(),
        },
    }
}

/// Opens the graphics processor where there is one, and the plain one otherwise.
pub(crate) async fn open(choice: Choice) -> Open {
    if choice == Choice::Cpu {
        return cpu("the graphics processor is not to be used");
    }
    if let Err(why) = adapter().await {
        return cpu(why);
    }
    match open_kind(Kind::Gpu).await {
        Ok(device) => Open {
            device,
            processor: Processor {
                name: Kind::Gpu.name().to_owned(),
                why: String::new(),
            },
        },
        Err(_) => cpu("the graphics processor could not be opened"),
    }
}

/// Whether the browser would give an adapter. Asked by hand, because the library beneath takes
/// a missing one for an error of the program.
async fn adapter() -> Result<(), &'static str> {
    const NONE: &str = "this browser has no WebGPU, or it is switched off";
    let get = |from: &JsValue, name: &str| {
        let value = Reflect::get(from, &name.into()).unwrap_or(JsValue::UNDEFINED);
        (!value.is_undefined() && !value.is_null()).then_some(value)
    };
    let gpu = get(&js_sys::global(), "navigator")
        .and_then(|n| get(&n, "gpu"))
        .ok_or(NONE)?;
    let ask: Function = get(&gpu, "requestAdapter")
        .and_then(|f| f.dyn_into().ok())
        .ok_or(NONE)?;
    let asked: Promise = ask
        .call0(&gpu)
        .ok()
        .and_then(|p| p.dyn_into().ok())
        .ok_or(NONE)?;
    match JsFuture::from(asked).await {
        Ok(adapter) if !adapter.is_null() && !adapter.is_undefined() => Ok(()),
        _ => Err("WebGPU is there, but no graphics processor is offered"),
    }
}
