//! Warming up: while nobody asks for anything, made-up images are cleaned and thrown away.
//!
//! A browser runs a new module slowly and translates what is used much into quick code beside
//! it, on the cores that should be working. A person takes a few seconds to find a folder: what
//! is translated then is ready when the folder comes. The first question ends it.

use std::rc::Rc;

use cordon_contribute::{PixelWork, inventory};

use super::{Rules, Worker, digest, keeper};

/// Whose identity is made up. Nothing of these images is kept, listed or sent.
const SEED: u64 = 1;
/// How often each image is cleaned: what ran so often has been translated.
const ROUNDS: usize = 16;

/// Begins, and ends by itself.
pub(crate) async fn up(worker: Rc<Worker>, rules: Rc<Rules>) {
    let begun = worker.asked.get();
    let images: Vec<Vec<u8>> = cordon_synth::one_of_each(SEED).map(|f| f.bytes).collect();
    for _ in 0..ROUNDS {
        for image in &images {
            keeper::pause(0).await;
            if worker.asked.get() != begun {
                return;
            }
            let _ = inventory(image, image.len() as u64);
            let cleaned = rules
                .cleaner
                .clean_unhashed_with(image, &PixelWork::default());
            if let Some(object) = cleaned.output {
                let (bytes, _) = object.into_parts();
                let _ = digest::ask(&bytes).hex().await;
            }
        }
    }
}
