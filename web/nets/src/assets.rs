//! The weights: files beside the page, named by their digest, fetched when they are needed.

use cordon_nets::weights::WeightsFile;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, Response};

/// The bytes of a file of weights. Nobody has looked at them: `weights::load` does.
pub(crate) async fn fetch(file: WeightsFile) -> Result<Vec<u8>, String> {
    let failed = || {
        format!(
            "the weights of the network {} could not be fetched: try again when the server answers",
            file.name
        )
    };
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into().map_err(|_| failed())?;
    let base = Reflect::get(&scope, &"cordonBase".into())
        .ok()
        .and_then(|b| b.as_string())
        .unwrap_or_default();
    let digest = file.sha256.get(..16).unwrap_or_default();
    let address = format!("{base}{}-{digest}.safetensors", file.name);
    let asked = scope.fetch_with_str(&address);
    let response: Response = JsFuture::from(asked)
        .await
        .ok()
        .and_then(|r| r.dyn_into().ok())
        .filter(Response::ok)
        .ok_or_else(failed)?;
    let buffer = response.array_buffer().map_err(|_| failed())?;
    let buffer = JsFuture::from(buffer).await.map_err(|_| failed())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
