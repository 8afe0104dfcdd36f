//! Decoded frames that were seen lately, within a bound on memory.

use std::collections::VecDeque;
use std::rc::Rc;

use cordon_contribute::FileId;

use crate::engine::{FrameData, Pixels, Side};

type Key = (FileId, u32, Side);
type Held = Result<Rc<FrameData>, String>;

/// The frames, oldest first.
#[derive(Default)]
pub(crate) struct Frames {
    held: VecDeque<(Key, Held)>,
}

/// Most bytes of pixels that are kept.
const BYTES: usize = 96 << 20;

fn size(frame: &Held) -> usize {
    match frame.as_ref().map(|f| &f.pixels) {
        Ok(Pixels::Gray { values, .. }) => values.len() * 4,
        Ok(Pixels::Rgba(bytes)) => bytes.len(),
        Err(_) => 64,
    }
}

impl Frames {
    /// A frame, or why there is none.
    pub(crate) fn get(&self, key: &Key) -> Option<&Held> {
        self.held.iter().find(|(k, _)| k == key).map(|(_, f)| f)
    }
    /// Keeps a frame and lets the oldest go. The newest two stay whatever their size.
    pub(crate) fn put(&mut self, key: Key, frame: Held) {
        self.held.retain(|(k, _)| *k != key);
        self.held.push_back((key, frame));
        let mut total: usize = self.held.iter().map(|(_, f)| size(f)).sum();
        while total > BYTES && self.held.len() > 2 {
            if let Some((_, old)) = self.held.pop_front() {
                total -= size(&old);
            }
        }
    }
    /// Forgets one of the two pictures of everything.
    pub(crate) fn forget(&mut self, of: Side) {
        self.held.retain(|((_, _, side), _)| *side != of);
    }
    /// Forgets what failed, so that it is tried again.
    pub(crate) fn forget_failures(&mut self) {
        self.held.retain(|(_, f)| f.is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(pixels: usize) -> Held {
        Ok(Rc::new(FrameData {
            width: 1,
            height: 1,
            frames: 1,
            pixels: Pixels::Rgba(vec![0; pixels]),
            aspect: 1.0,
        }))
    }

    #[test]
    fn old_frames_go_and_the_newest_two_stay() {
        let mut frames = Frames::default();
        for n in 0..4 {
            frames.put((n, 0, Side::Before), frame(BYTES / 3));
        }
        assert!(frames.get(&(0, 0, Side::Before)).is_none());
        assert!(frames.get(&(3, 0, Side::Before)).is_some());
        frames.put((4, 0, Side::Before), frame(BYTES * 2));
        frames.put((5, 0, Side::Before), frame(BYTES * 2));
        assert!(
            frames.get(&(4, 0, Side::Before)).is_some(),
            "both sides of one slice"
        );
        frames.put((6, 0, Side::Before), Err("no".to_owned()));
        frames.forget_failures();
        assert!(frames.get(&(6, 0, Side::Before)).is_none());
    }
}
