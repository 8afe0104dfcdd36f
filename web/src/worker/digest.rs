//! SHA-256 by the browser, which hashes several times as fast as a module in it.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, SubtleCrypto};

/// A digest that has been asked for; the bytes are not needed any more.
pub(crate) enum Digest {
    /// The browser is computing it.
    Asked(Promise),
    /// It is there, in hexadecimal.
    Ready(String),
}

/// The browser's cryptography; absent on pages that are not in a secure context.
fn subtle() -> Option<SubtleCrypto> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into().ok()?;
    let subtle = scope.crypto().ok()?.subtle();
    (!subtle.is_undefined()).then_some(subtle)
}

/// Asks for the SHA-256 of bytes. The browser takes its copy before this returns.
pub(crate) fn ask(bytes: &[u8]) -> Digest {
    subtle()
        .and_then(|s| s.digest_with_str_and_u8_array("SHA-256", bytes).ok())
        .map_or_else(
            || Digest::Ready(cordon_protocol::sha256_hex(bytes)),
            |promise| Digest::Asked(promise.unchecked_into()),
        )
}

impl Digest {
    /// The digest in hexadecimal; `None` when the browser failed.
    pub(crate) async fn hex(self) -> Option<String> {
        match self {
            Self::Ready(hex) => Some(hex),
            Self::Asked(promise) => {
                let buffer = JsFuture::from(promise).await.ok()?;
                Some(hex::encode(Uint8Array::new(&buffer).to_vec()))
            }
        }
    }
}
