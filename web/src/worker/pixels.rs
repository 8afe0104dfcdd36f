//! What is to be done to pixels, put together from the message and the cuts that are known.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use cordon_contribute::PixelWork;
use cordon_deface::Cut;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;

use super::Pool;
use crate::messages::Work;

/// So many cuts are remembered: one for each head that is being cleaned.
const MOST: usize = 4;

/// The cuts that were seen lately, by their numbers.
#[derive(Default)]
pub(crate) struct Cuts {
    known: RefCell<HashMap<u32, Arc<Cut>>>,
}

impl Cuts {
    fn get(&self, number: u32, at: u32, attachments: &Array) -> Option<Arc<Cut>> {
        if let Some(cut) = self.known.borrow().get(&number) {
            return Some(cut.clone());
        }
        let bytes: Uint8Array = attachments.get(at).dyn_into().ok()?;
        let cut: Arc<Cut> = Arc::new(serde_json::from_slice(&bytes.to_vec()).ok()?);
        let mut known = self.known.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(number, cut.clone());
        Some(cut)
    }
}

/// What is to be done to the pixels of a file. A cut that cannot be read is missing, and the
/// evidence alone proves nothing: the file stays held.
pub(crate) fn work(pool: &Pool, work: Option<&Work>, attachments: &Array) -> PixelWork {
    let Some(work) = work else {
        return PixelWork::default();
    };
    let cut = work
        .cut
        .and_then(|(number, at)| pool.cuts.get(number, at, attachments));
    PixelWork {
        cut,
        ..work.work.clone()
    }
}
