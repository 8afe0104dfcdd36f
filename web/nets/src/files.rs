//! The files of the series at hand: handles, read one at a time.

use std::cell::RefCell;

use cordon_web::messages::Input;
use cordon_web::worker::{Zips, bytes_now};
use js_sys::Array;

/// Handles of files in the order of their slices.
#[derive(Default)]
pub(crate) struct Files {
    inputs: RefCell<Vec<(Input, Array)>>,
    zips: Zips,
}

impl Files {
    /// Takes more files.
    pub(crate) fn add(&self, inputs: Vec<Input>, attachments: &Array) {
        let mut kept = self.inputs.borrow_mut();
        kept.extend(inputs.into_iter().map(|input| (input, attachments.clone())));
    }

    /// Lets go of all files.
    pub(crate) fn forget(&self) {
        self.inputs.borrow_mut().clear();
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.inputs.borrow().len()
    }

    /// The bytes of a file; `None` when it cannot be read.
    pub(crate) fn read(&self, n: usize) -> Option<Vec<u8>> {
        let inputs = self.inputs.borrow();
        let (input, attachments) = inputs.get(n)?;
        bytes_now(*input, attachments, &self.zips)
    }
}
