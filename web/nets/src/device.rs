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
    /// What was asked for.
    choice: Choice,
}

impl Open {
    /// Whether it is the graphics processor.
    pub(crate) fn is_gpu(&self) -> bool {
        self.processor.why.is_empty()
    }

    /// Whether this is what `choice` would open.
    pub(crate) fn serves(&self, choice: Choice) -> bool {
        match choice {
            Choice::Any => true,
            Choice::Gpu => self.is_gpu() || self.choice == choice,
            Choice::Cpu => !self.is_gpu(),
        }
    }
}

fn cpu(choice: Choice, why: &str) -> Open {
    Open {
        device: Device::flex(),
        processor: Processor {
            name: Kind::Cpu.name().to_owned(),
            why: why.to_owned(),
        },
        choice,
    }
}

/// Opens the graphics processor where there is one that may be used, and the plain one otherwise.
pub(crate) async fn open(choice: Choice) -> Open {
    if choice == Choice::Cpu {
        return cpu(choice, "the graphics processor is not to be used");
    }
    match adapter().await {
        Ok(Made::OfSoftware) if choice == Choice::Any => {
            return cpu(
                choice,
                "the graphics processor offered is made of software, and slower",
            );
        }
        Ok(_) => {}
        Err(why) => return cpu(choice, why),
    }
    match open_kind(Kind::Gpu).await {
        Ok(device) => Open {
            device,
            processor: Processor {
                name: Kind::Gpu.name().to_owned(),
                why: String::new(),
            },
            choice,
        },
        Err(_) => cpu(choice, "the graphics processor could not be opened"),
    }
}

/// What a graphics processor is made of.
enum Made {
    OfSoftware,
    OfHardware,
}

/// Names of graphics processors made of software, as browsers give them in `GPUAdapterInfo`.
const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

/// Which adapter the browser would give. Asked by hand, because the library beneath takes
/// a missing one for an error of the program.
async fn adapter() -> Result<Made, &'static str> {
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
    let adapter = match JsFuture::from(asked).await {
        Ok(adapter) if !adapter.is_null() && !adapter.is_undefined() => adapter,
        _ => return Err("WebGPU is there, but no graphics processor is offered"),
    };
    let info = get(&adapter, "info");
    let says = |name: &str| info.as_ref().and_then(|info| get(info, name));
    // Where the flag stands has changed between versions of browsers.
    let flagged = says("isFallbackAdapter").or_else(|| get(&adapter, "isFallbackAdapter"));
    let named = ["architecture", "device", "description"]
        .iter()
        .filter_map(|name| says(name)?.as_string())
        .any(|text| {
            let text = text.to_lowercase();
            SOFTWARE.iter().any(|name| text.contains(name))
        });
    if named || flagged.is_some_and(|f| f.is_truthy()) {
        Ok(Made::OfSoftware)
    } else {
        Ok(Made::OfHardware)
    }
}
