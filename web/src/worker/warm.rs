//! Warming up: while nobody asks for anything, made-up images are read, cleaned and thrown away.
//!
//! A browser runs a new module slowly and translates what is used much into quick code beside
//! it, on the cores that should be working. A person takes a few seconds to find a folder: what
//! is translated then is ready when the folder comes. One worker is enough, because all of a tab
//! share what was translated.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use super::{Pool, Reply, Rules, read};
use crate::messages::Input;

/// Whose identity is made up. Nothing of these images is kept, listed or sent.
const SEED: u64 = 1;
/// How many of a scanner's usual slices are among them.
const SLICES: u32 = 3;

/// Made-up images, as files would come.
#[derive(Default)]
pub(crate) struct Images(std::cell::OnceCell<Array>);

impl Images {
    fn blobs(&self) -> &Array {
        self.0.get_or_init(|| {
            let images = cordon_synth::one_of_each(SEED);
            images
                .chain(cordon_synth::mr_slices(SEED, SLICES))
                .filter_map(|file| {
                    let parts = Array::of1(&Uint8Array::from(file.bytes.as_slice()));
                    Blob::new_with_u8_array_sequence(&parts).ok()
                })
                .collect()
        })
    }
}

/// Reads and cleans the images once, by the rules of this worker, staged nowhere but in memory.
pub(crate) async fn up(images: &Images, rules: Option<Rc<Rules>>) -> Reply {
    let apart = Pool::default();
    apart.cleaner.replace(rules);
    let blobs = images.blobs();
    let inputs: Vec<Input> = (0..blobs.length() as usize)
        .map(|attachment| Input::File { attachment })
        .collect();
    read::batch(&apart, &inputs, blobs).await.alone()
}
