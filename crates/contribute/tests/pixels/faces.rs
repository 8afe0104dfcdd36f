//! Cuts, and what verdict a face has.

use cordon_contribute::{FaceEvidence, LookedBy, PixelWork, Policy, gate_under};
use cordon_deface::{Air, Face};
use cordon_protocol::{Code, Verdict};
use cordon_synth::Charset;

use crate::help::*;

#[test]
fn a_face_that_came_off_and_was_verified_is_clean() {
    let cleaner = cleaner_of("");
    for part in ["HEAD", ""] {
        let input = image(CT, "CT", part).file(Charset::Utf8);
        let cleaned = clean(&cleaner, &input, &defaced());
        assert_eq!(cleaned.verdict, Verdict::Clean, "{:?}", cleaned.findings);
        assert_eq!(codes(&cleaned), [Code::FaceRemoved]);
        let judged = face(&defaced(), |face| face.by = LookedBy::Person);
        let judged = clean(&cleaner, &input, &judged);
        assert_eq!(
            codes(&judged),
            [Code::FaceJudged],
            "a person's word is told as such"
        );
        assert_eq!(judged.verdict, Verdict::Clean);
        // -30 is stored as 10 with slope 2 and intercept -50.
        let mut expected: Vec<u16> = (100..116).collect();
        for at in [0, 1, 4, 5] {
            expected[at] = 10;
        }
        assert_eq!(pixels(&cleaned), expected);
        assert!(says(&cleaned, "113102") && !says(&cleaned, "113101"));
        assert_eq!(value(&cleaned, FEATURES).as_deref(), Some("NO"));
        assert_eq!(value(&cleaned, BURNED_IN), None);
        assert_eq!(
            value(&cleaned, IMAGE_TYPE).as_deref(),
            Some("DERIVED\\PRIMARY\\AXIAL")
        );
    }
}

#[test]
fn a_face_that_may_be_there_is_held() {
    let cleaner = cleaner_of("");
    let mut input = image(CT, "CT", "HEAD");
    input.text(0x0028_0302, "CS", "NO");
    let input = input.file(Charset::Utf8);
    let no_cut = PixelWork {
        cut: None,
        ..defaced()
    };
    let no_air = PixelWork {
        air: None,
        ..defaced()
    };
    let no_evidence = PixelWork {
        face: None,
        ..defaced()
    };
    for (work, code) in [
        (PixelWork::default(), Code::Head),
        (no_evidence, Code::Head),
        (
            face(&defaced(), |f| f.after = Face::Present),
            Code::FacePresent,
        ),
        (
            face(&defaced(), |f| f.after = Face::Unsure),
            Code::FaceUnsure,
        ),
        (
            face(&defaced(), |f| f.brain_voxels_changed = 1),
            Code::BrainChanged,
        ),
        (no_cut, Code::FacePresent),
        (no_air, Code::FaceNotPlaced),
    ] {
        let cleaned = clean(&cleaner, &input, &work);
        assert_eq!(cleaned.verdict, Verdict::Held);
        assert_eq!(codes(&cleaned), [code]);
        assert!(!says(&cleaned, "113102"));
        assert_eq!(
            value(&cleaned, FEATURES),
            None,
            "nobody has proven the NO that came"
        );
        let output = cleaned.output.expect("an output");
        let judged = gate_under(output.bytes(), Policy::basic());
        assert!(judged.findings.iter().any(|f| f.code == Code::Head));
    }
    // A volume that is said to be a chest and in which there is a face.
    let chest = image(CT, "CT", "CHEST").file(Charset::Utf8);
    let left = face(&defaced(), |f| f.after = Face::Unsure);
    assert_eq!(codes(&clean(&cleaner, &chest, &left)), [Code::FaceUnsure]);
}

#[test]
fn what_holds_no_face_is_not_touched() {
    let cleaner = cleaner_of("");
    let none = |arrived, head| PixelWork {
        face: Some(FaceEvidence {
            head,
            before: Face::Absent,
            after: Face::Absent,
            brain_voxels_changed: 0,
            arrived_defaced: arrived,
            by: LookedBy::Detector,
        }),
        ..PixelWork::default()
    };
    let input = image(CT, "CT", "HEAD").file(Charset::Utf8);
    for (work, code) in [
        (none(false, true), Code::FaceNone),
        (none(false, false), Code::FaceNone),
        (none(true, true), Code::FaceEarlier),
    ] {
        let cleaned = clean(&cleaner, &input, &work);
        assert_eq!(codes(&cleaned), [code]);
        assert_eq!(cleaned.verdict, Verdict::Clean);
        assert_eq!(value(&cleaned, FEATURES).as_deref(), Some("NO"));
        assert!(!says(&cleaned, "113102"), "nothing was taken off");
        assert_eq!(pixels(&cleaned), (100..116).collect::<Vec<_>>());
    }
}

#[test]
fn a_slice_that_lies_nowhere_is_held() {
    let cleaner = cleaner_of("");
    let mut set = image(CT, "CT", "HEAD");
    set.text(0x0020_0032, "DS", "");
    let mut table = image(CT, "CT", "HEAD");
    table.text(0x0028_0008, "IS", "2");
    let pixels = (100_u16..132).flat_map(u16::to_le_bytes).collect();
    table.bytes(0x7FE0_0010, "OW", pixels);
    for set in [set, table] {
        let cleaned = clean(&cleaner, &set.file(Charset::Utf8), &defaced());
        assert_eq!(codes(&cleaned), [Code::FaceNotPlaced]);
        assert_eq!(cleaned.verdict, Verdict::Held);
        assert_eq!(value(&cleaned, FEATURES), None);
    }
}

#[test]
fn what_follows_the_skin_is_held_unless_there_was_none() {
    let cleaner = cleaner_of("");
    let dose = image("1.2.840.10008.5.1.4.1.1.481.2", "RTDOSE", "HEAD").file(Charset::Utf8);
    let uncut = PixelWork {
        cut: None,
        ..defaced()
    };
    assert_eq!(codes(&clean(&cleaner, &dose, &uncut)), [Code::TracesFace]);
    let contours = structures().file(Charset::Utf8);
    let cleaned = clean(&cleaner, &contours, &uncut);
    assert_eq!(cleaned.verdict, Verdict::Held);
    assert_eq!(codes(&cleaned), [Code::TracesFace]);
    let none = face(&uncut, |f| f.before = Face::Absent);
    assert_eq!(codes(&clean(&cleaner, &dose, &none)), [Code::FaceNone]);
    let with_it = PixelWork {
        air: Some(Air {
            level: 0.0,
            noise: 0.0,
        }),
        ..defaced()
    };
    let cleaned = clean(&cleaner, &dose, &with_it);
    assert_eq!(codes(&cleaned), [Code::FaceRemoved]);
    assert_eq!(
        pixels(&cleaned)[0],
        25,
        "no dose, as slope and intercept store it"
    );
}
