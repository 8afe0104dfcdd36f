//! Work crosses the border of a worker as JSON and comes back as it went.

use proptest::prelude::*;

use std::sync::Arc;

use cordon_contribute::{FaceEvidence, LookedBy, PixelWork, TextEvidence};
use cordon_deface::{Air, Cut, Face, Grid};
use cordon_protocol::{Code, Finding, Severity, Verdict};
use cordon_synth::Charset;
use cordon_text::TextBox;

use crate::help::*;

fn faces() -> impl Strategy<Value = Face> {
    prop_oneof![Just(Face::Present), Just(Face::Absent), Just(Face::Unsure)]
}

fn number() -> impl Strategy<Value = f64> {
    prop::num::f64::NORMAL | prop::num::f64::ZERO
}

prop_compose! {
    fn boxes()(frame: u32, x: u32, y: u32, width: u32, height: u32) -> TextBox {
        TextBox { frame, x, y, width, height }
    }
}

prop_compose! {
    fn cuts()(
        origin in [number(), number(), number()],
        step in number(),
        size in [0_usize..4, 0_usize..4, 0_usize..4],
        values in prop::collection::vec(any::<(i8, i8)>(), 27),
    ) -> Arc<Cut> {
        let n = size.iter().product();
        let (depth, keep) = values.into_iter().take(n).unzip();
        Arc::new(Cut { grid: Grid { origin, step, size }, depth, keep })
    }
}

prop_compose! {
    fn texts()(
        looked: bool, found: u32, blacked_out: u32, still_there: bool, kept: u32, person: bool
    )
        -> TextEvidence
    {
        let by = if person { LookedBy::Person } else { LookedBy::Detector };
        TextEvidence { looked, found, blacked_out, still_there, kept, by }
    }
}

prop_compose! {
    fn evidence()(
        head: bool,
        before in faces(),
        after in faces(),
        brain_voxels_changed: u64,
        arrived_defaced: bool,
        person: bool,
    ) -> FaceEvidence {
        let by = if person { LookedBy::Person } else { LookedBy::Detector };
        FaceEvidence { head, before, after, brain_voxels_changed, arrived_defaced, by }
    }
}

prop_compose! {
    fn works()(
        boxes in prop::collection::vec(boxes(), 0..4),
        cut in prop::option::of(cuts()),
        air in prop::option::of((number(), number())),
        text in prop::option::of(texts()),
        face in prop::option::of(evidence()),
        quality in prop::collection::vec(prop::sample::select(Code::ALL), 0..3),
    ) -> PixelWork {
        PixelWork {
            boxes,
            cut,
            air: air.map(|(level, noise)| Air { level, noise }),
            text,
            face,
            quality: quality.into_iter().map(Finding::new).collect(),
        }
    }
}

proptest! {
    #[test]
    fn work_comes_back_as_it_went(work in works()) {
        let json = serde_json::to_string(&work).expect("JSON");
        let back: PixelWork = serde_json::from_str(&json).expect("the same");
        prop_assert_eq!(back, work);
    }

    #[test]
    fn no_work_makes_the_cleaner_panic_or_an_unproven_face_clean(work in works()) {
        let cleaner = cleaner_of("");
        let input = image(CT, "CT", "HEAD").file(Charset::Utf8);
        let cleaned = cleaner.clean_with(&input, &work);
        if cleaned.verdict == Verdict::Clean {
            let face = work.face.expect("evidence");
            prop_assert_eq!(face.after, Face::Absent);
            prop_assert!(face.before == Face::Absent || work.cut.is_some());
            prop_assert!(cleaned.findings.iter().all(|f| f.severity() == Severity::Note));
        }
    }
}

#[test]
fn what_is_unknown_is_refused() {
    assert!(serde_json::from_str::<PixelWork>("{\"mask\":[]}").is_err());
    let empty: PixelWork = serde_json::from_str("{}").expect("nothing to do");
    assert_eq!(empty, PixelWork::default());
}
