//! Boxes, and what a look that found nothing is worth.

use cordon_contribute::{LookedBy, PixelWork, TextEvidence};
use cordon_protocol::{Code, Tag, Verdict};
use cordon_synth::Charset;
use cordon_text::TextBox;

use crate::help::*;

#[test]
fn a_box_is_black_and_the_rest_is_as_it_was() {
    let cleaner = cleaner_of("[text]\ntrust_detector=true");
    let cleaned = clean(
        &cleaner,
        &image(CR, "CR", "CHEST").file(Charset::Utf8),
        &blacked_out(),
    );
    assert_eq!(cleaned.verdict, Verdict::Clean, "{:?}", cleaned.findings);
    assert_eq!(codes(&cleaned), [Code::TextRemoved]);
    let mut expected: Vec<u16> = (100..116).collect();
    expected[5..7].copy_from_slice(&[0, 0]);
    assert_eq!(pixels(&cleaned), expected);
    assert_eq!(
        value(&cleaned, IMAGE_TYPE).as_deref(),
        Some("DERIVED\\PRIMARY\\AXIAL")
    );
    assert_eq!(value(&cleaned, BURNED_IN).as_deref(), Some("NO"));
    assert!(says(&cleaned, "113101") && !says(&cleaned, "113102"));
    assert_eq!(value(&cleaned, FEATURES), None, "nobody looked for a face");
    with_output(&cleaned, |f| {
        for gone in [0x0028_0106, 0x0028_0107] {
            assert!(f.data.get(Tag(gone)).is_none());
        }
    });
}

#[test]
fn without_evidence_nothing_is_said() {
    let cleaner = cleaner_of("");
    let input = image(CR, "CR", "CHEST").file(Charset::Utf8);
    let plain = clean(&cleaner, &input, &PixelWork::default());
    assert_eq!(codes(&plain), [Code::BurnedInUnstated]);
    assert_eq!(
        value(&plain, IMAGE_TYPE).as_deref(),
        Some("ORIGINAL\\PRIMARY\\AXIAL")
    );
    let only_boxes = PixelWork {
        text: None,
        ..blacked_out()
    };
    let boxed = clean(&cleaner, &input, &only_boxes);
    assert_eq!(boxed.verdict, Verdict::Held);
    assert_eq!(pixels(&boxed)[5], 0, "it is blacked out all the same");
    let not_looked = PixelWork {
        text: Some(TextEvidence {
            looked: false,
            ..seen(0)
        }),
        ..PixelWork::default()
    };
    for cleaned in [plain, boxed, clean(&cleaner, &input, &not_looked)] {
        assert!(!says(&cleaned, "113101"));
        assert_eq!(value(&cleaned, BURNED_IN), None);
    }
}

#[test]
fn a_look_that_found_nothing_leaves_the_pixels_as_they_came() {
    let input = image(CR, "CR", "CHEST").file(Charset::Utf8);
    // Its silence alone lets nothing go; a person's word does.
    let careful = cleaner_of("");
    let cleaned = clean(&careful, &input, &nothing_found());
    assert_eq!(codes(&cleaned), [Code::BurnedInUnstated, Code::TextNone]);
    assert_eq!(cleaned.verdict, Verdict::Held);
    // Nor does it become proof when what is held is cleaned once more.
    assert!(!says(&cleaned, "113101"));
    assert_eq!(value(&cleaned, BURNED_IN), None);
    let held = cleaned.output.as_ref().expect("output").bytes().to_vec();
    let again = clean(&careful, &held, &PixelWork::default());
    assert_eq!(again.verdict, Verdict::Held);
    let judged = PixelWork {
        text: Some(TextEvidence {
            by: LookedBy::Person,
            ..seen(0)
        }),
        ..PixelWork::default()
    };
    assert_eq!(clean(&careful, &input, &judged).verdict, Verdict::Clean);
    let cleaner = cleaner_of("[text]\ntrust_detector=true");
    let cleaned = clean(&cleaner, &input, &nothing_found());
    assert_eq!(codes(&cleaned), [Code::TextNone]);
    assert_eq!(cleaned.verdict, Verdict::Clean);
    assert!(says(&cleaned, "113101"));
    assert_eq!(value(&cleaned, BURNED_IN).as_deref(), Some("NO"));
    assert_eq!(pixels(&cleaned), (100..116).collect::<Vec<_>>());
    assert_eq!(
        value(&cleaned, IMAGE_TYPE).as_deref(),
        Some("ORIGINAL\\PRIMARY\\AXIAL")
    );
}

#[test]
fn text_that_the_project_keeps_stays_and_is_said_to() {
    let input = image(CR, "CR", "CHEST").file(Charset::Utf8);
    let kept = |text: TextEvidence| TextEvidence { kept: 1, ..text };
    let only = PixelWork {
        text: Some(kept(seen(0))),
        ..PixelWork::default()
    };
    let beside = PixelWork {
        text: Some(kept(seen(1))),
        ..blacked_out()
    };
    let cleaner = cleaner_of("[text]\ntrust_detector=true\nkeep=['side-marker']");
    let stays = clean(&cleaner, &input, &only);
    assert_eq!(codes(&stays), [Code::TextKept]);
    assert_eq!(stays.verdict, Verdict::Clean);
    assert_eq!(pixels(&stays), (100..116).collect::<Vec<_>>());
    let both = clean(&cleaner, &input, &beside);
    assert_eq!(codes(&both), [Code::TextRemoved, Code::TextKept]);
    // Nobody keeps what the project does not.
    let other = cleaner_of("[text]\ntrust_detector=true");
    for work in [&only, &beside] {
        let held = clean(&other, &input, work);
        assert_eq!(held.verdict, Verdict::Held);
        assert!(codes(&held).contains(&Code::TextLeft));
    }
    // Nor does the detector's word suffice where it is not trusted.
    let careful = cleaner_of("[text]\nkeep=['side-marker']");
    assert_eq!(clean(&careful, &input, &only).verdict, Verdict::Held);
}

#[test]
fn text_that_may_still_stand_there_is_held() {
    let cleaner = cleaner_of("[text]\ntrust_detector=true");
    let input = image(CR, "CR", "CHEST").file(Charset::Utf8);
    let left = [
        TextEvidence {
            still_there: true,
            ..seen(1)
        },
        TextEvidence {
            found: 2,
            ..seen(1)
        },
    ]
    .map(|text| PixelWork {
        text: Some(text),
        ..blacked_out()
    });
    let claimed = PixelWork {
        boxes: Vec::new(),
        ..blacked_out()
    };
    let beside = PixelWork {
        boxes: vec![text_box(1, 1, 1, 1), text_box(4, 0, 3, 3)],
        ..blacked_out()
    };
    let frame = PixelWork {
        boxes: vec![TextBox {
            frame: 1,
            ..text_box(0, 0, 1, 1)
        }],
        ..blacked_out()
    };
    for work in left.into_iter().chain([claimed, beside, frame]) {
        let cleaned = clean(&cleaner, &input, &work);
        assert_eq!(cleaned.verdict, Verdict::Held);
        assert_eq!(
            codes(&cleaned),
            [Code::BurnedInUnstated, Code::TextLeft],
            "{work:?}"
        );
        assert!(!says(&cleaned, "113101"));
        assert_eq!(value(&cleaned, BURNED_IN), None);
    }
}

#[test]
fn risky_pictures_wait_for_a_person_unless_the_protocol_trusts_the_detector() {
    let careful = cleaner_of("");
    let trusting = cleaner_of("[text]\ntrust_detector=true");
    let mut stated = image(CR, "CR", "CHEST");
    stated.text(0x0028_0301, "CS", "YES");
    let mut screen = image(CT, "CT", "ABDOMEN");
    screen.text(0x0008_0008, "CS", "DERIVED\\SECONDARY\\SCREEN SAVE");
    for (set, code) in [
        (image(CAPTURE, "OT", "CHEST"), Code::SecondaryCapture),
        (image(US, "US", "ABDOMEN"), Code::Ultrasound),
        (stated, Code::BurnedInYes),
        (screen, Code::Scanned),
    ] {
        let input = set.file(Charset::Utf8);
        let held = clean(&careful, &input, &blacked_out());
        assert_eq!(held.verdict, Verdict::Held, "{code}");
        assert_eq!(codes(&held), [code, Code::TextRemoved]);
        let clean = clean(&trusting, &input, &blacked_out());
        assert_eq!(
            clean.verdict,
            Verdict::Clean,
            "{code}: {:?}",
            clean.findings
        );
        assert!(says(&clean, "113101"));
        assert_eq!(value(&clean, BURNED_IN).as_deref(), Some("NO"));
        assert!(!says(&held, "113101"), "nobody vouches for it yet");
        assert_ne!(value(&held, BURNED_IN).as_deref(), Some("NO"));
    }
    // Nobody's word is enough for these.
    let mut rendering = image(CT, "CT", "ABDOMEN");
    rendering.text(0x0008_0008, "CS", "DERIVED\\SECONDARY\\3D");
    let photograph = image("1.2.840.10008.5.1.4.1.1.77.1.4", "XC", "CHEST");
    for (set, code) in [(rendering, Code::Rendering), (photograph, Code::Photograph)] {
        let cleaned = clean(&trusting, &set.file(Charset::Utf8), &nothing_found());
        assert_eq!(cleaned.verdict, Verdict::Held);
        assert!(codes(&cleaned).contains(&code));
    }
}

#[test]
fn a_project_that_asks_for_every_picture_holds_what_nobody_looked_at() {
    let all = cleaner_of("[text]\nlook='all'");
    let input = image(CT, "CT", "ABDOMEN").file(Charset::Utf8);
    let cleaned = clean(&all, &input, &PixelWork::default());
    assert_eq!(codes(&cleaned), [Code::TextNotLooked]);
    let looked = clean(&all, &input, &nothing_found());
    assert_eq!(looked.verdict, Verdict::Clean);
}
