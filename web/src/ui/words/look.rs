//! Words about looks: quality, text and faces in pixels.

use crate::looks::{Busy, Processor};

pub(crate) const FACE: &str = "Face";
pub(crate) const QUALITY: &str = "Quality";
pub(crate) const STOP: &str = "Stop looking";
pub(crate) const AGAIN: &str = "Look again";
pub(crate) const ONLY_HELD: &str = "What nobody looked at stays held.";
pub(crate) const STOPPED: &str = "Looking was stopped. What nobody looked at stays held.";
pub(crate) const WAITS: &str = "This series waits for its look.";
pub(crate) const NO_LOOK: &str = "Nothing in this series asks for this look.";
pub(crate) const EARLIER: &str =
    "This series was looked at in an earlier tab. Drop the folder again to see what was found.";
pub(crate) const TURN: &str = "Turn the head";
pub(crate) const TURN_HOW: &str = "Drag, or use the arrow keys. The picture is coarse on purpose, stays in this tab and is never kept or sent.";
pub(crate) const FACE_BEFORE: &str = "Before: on this computer only";
pub(crate) const FACE_AFTER: &str = "After: as it leaves";
pub(crate) const FACE_SAME: &str = "After: nothing was taken off";
pub(crate) const FACE_LENT: &str = "Another series of this study shows the same head. What is taken off there is taken off here too, and nobody has judged it here: look at the images, as they came and as they leave.";
pub(crate) const FACE_JUDGE: &str = "Turn the head, then decide";
pub(crate) const FACE_OPEN: &str = "Not decided: the series stays held";
pub(crate) const FACE_OFF: &str =
    "After the cut nobody can be recognised: it leaves without its face";
pub(crate) const FACE_NEVER: &str = "There was no face to recognise: it leaves as it came";
pub(crate) const VERIFIER: &str = "What the verifier says";
pub(crate) const NO_HEAD: &str = "There is no head in this series.";
pub(crate) const METRIC: &str = "Measure";
pub(crate) const VALUE: &str = "Value";
pub(crate) const LIMITS: &str = "Limits of the protocol";
pub(crate) const NO_LIMIT: &str = "none";
pub(crate) const MEASURES: &str = "Measures";
pub(crate) const DAMAGE: &str = "Damage, as the learned screen sees it";
pub(crate) const SURE: &str = "sure";
pub(crate) const SAVE_QUALITY: &str = "Save as a file";
pub(crate) const NOTHING_NOTICED: &str = "The screening noticed nothing.";
pub(crate) const BOX: &str = "Box";
pub(crate) const BLACKED: &str = "blacked out";
pub(crate) const REJECT: &str = "No text: let it stay";
pub(crate) const REJECT_KEY: &str = "Delete";
pub(crate) const BLACK_AGAIN: &str = "Black out again";
pub(crate) const STAYS: &str = "Stays: it was read as a side marker, a ruler or a window, and this project keeps those. Press to black it out";
pub(crate) const DRAW_HOW: &str = "Drag on the left image to draw a box; drag a box to move it, its corner to size it. Arrow keys move it, with Shift they size it, Delete lets it stay.";

/// What a look is busy with.
pub(crate) const fn busy(busy: Busy) -> &'static str {
    match busy {
        Busy::Loading => "loading the networks",
        Busy::Quality => "measuring quality",
        Busy::Text => "looking for text",
        Busy::Reading => "bringing the slices together",
        Busy::Face => "finding the face and proving it gone",
    }
}

/// Where networks run, and why there.
pub(crate) fn processor(processor: &Processor) -> String {
    if processor.why.is_empty() {
        format!("on the {}", processor.name)
    } else {
        format!("on the {}: {}", processor.name, processor.why)
    }
}

/// What the verifier says about a face, before and after.
pub(crate) fn face(before: &str, after: &str) -> &'static str {
    match (before, after) {
        ("absent", _) => "This head came without a face. Nothing was changed.",
        (_, "absent") => "The face was taken off, and nothing of it can be recognised any more.",
        ("unsure", "unsure") => {
            "The verifier cannot tell whether there is a face. A person must look."
        }
        (_, "unsure") => {
            "The face was taken off, but the verifier is not sure that nothing is left. A person must look."
        }
        _ => "A face can still be recognised. It does not leave without a person's word.",
    }
}
