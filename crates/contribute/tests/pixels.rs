//! Changed pixels as part of cleaning: what is asked changes and nothing else, evidence answers
//! what the header leaves open, stamps say what was done and not more, the gate agrees.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cordon_contribute::{
    Cleaned, Cleaner, FaceEvidence, LookedBy, PixelWork, Policy, SiteKey, TextEvidence, gate_under,
    questions, traced_frame,
};
use cordon_deface::{Air, Cut, Face, Grid};
use cordon_dicom::{DataSet, File, read};
use cordon_pixels::{Photometric, Samples, frame};
use cordon_protocol::{Code, Finding, Protocol, Severity, Tag, Verdict};
use cordon_synth::{Charset, Set};
use cordon_text::TextBox;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const CR: &str = "1.2.840.10008.5.1.4.1.1.1";
const CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
const IMAGE_TYPE: Tag = Tag(0x0008_0008);
const METHOD_CODES: Tag = Tag(0x0012_0064);
const BURNED_IN: Tag = Tag(0x0028_0301);
const FEATURES: Tag = Tag(0x0028_0302);
const ICON: u32 = 0x0088_0200;

/// An image of 4 by 4 pixels of 16 bits whose values are 100 and up.
fn image(class: &str, modality: &str, part: &str) -> Set {
    let mut set = Set::new();
    let pixels = (100_u16..116).flat_map(u16::to_le_bytes).collect();
    set.text(0x0008_0005, "CS", "ISO_IR 192")
        .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_0016, "UI", class)
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0020, "DA", "20210304")
        .text(0x0008_0060, "CS", modality)
        .text(0x0010_0010, "PN", "Grünbaum^Ottilie")
        .text(0x0010_0020, "LO", "PAT-48151")
        .text(0x0018_0015, "CS", part)
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.2")
        .text(0x0020_0032, "DS", "0\\0\\0")
        .text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
        .us(0x0028_0002, 1)
        .text(0x0028_0004, "CS", "MONOCHROME2")
        .us(0x0028_0010, 4)
        .us(0x0028_0011, 4)
        .text(0x0028_0030, "DS", "1\\1")
        .us(0x0028_0100, 16)
        .us(0x0028_0101, 16)
        .us(0x0028_0102, 15)
        .us(0x0028_0103, 0)
        .us(0x0028_0106, 100)
        .us(0x0028_0107, 115)
        .text(0x0028_1052, "DS", "-50")
        .text(0x0028_1053, "DS", "2")
        .bytes(0x7FE0_0010, "OW", pixels);
    set
}

fn cleaner_of(text: &str) -> Cleaner {
    let protocol = Protocol::from_toml(&format!("id='x'\ntitle='X'\n{text}")).expect("protocol");
    Cleaner::new(protocol, SiteKey::from_bytes([9; 32]))
}

/// Cleans; the gate of the protocol agrees, and doing the same work again changes nothing.
fn clean(cleaner: &Cleaner, input: &[u8], work: &PixelWork) -> Cleaned {
    let cleaned = cleaner.clean_with(input, work);
    let Some(output) = &cleaned.output else {
        return cleaned;
    };
    let judged = gate_under(output.bytes(), Policy::of(cleaner.protocol()));
    assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
    if cleaned.verdict == Verdict::Clean {
        assert_eq!(judged.verdict, Verdict::Clean, "{:?}", judged.findings);
    }
    let again = cleaner.clean_with(output.bytes(), work).output;
    assert_eq!(
        again.expect("cleaned again").record().sealed_sha256,
        output.record().sealed_sha256,
        "cleaning twice changes nothing"
    );
    cleaned
}

fn codes(cleaned: &Cleaned) -> Vec<Code> {
    cleaned.findings.iter().map(|f| f.code).collect()
}

fn with_output<T>(cleaned: &Cleaned, look: impl FnOnce(&File<'_>) -> T) -> T {
    let output = cleaned.output.as_ref().expect("an output");
    look(&read(output.bytes()).expect("readable"))
}

fn options(data: &DataSet<'_>) -> Vec<String> {
    let items = data.get(METHOD_CODES).and_then(|e| e.items());
    let value = |item: &DataSet<'_>| item.ascii(Tag(0x0008_0100)).map(str::to_owned);
    items.unwrap_or_default().iter().filter_map(value).collect()
}

fn says(cleaned: &Cleaned, option: &str) -> bool {
    with_output(cleaned, |f| options(&f.data).iter().any(|o| o == option))
}

fn value(cleaned: &Cleaned, tag: Tag) -> Option<String> {
    with_output(cleaned, |f| f.data.ascii(tag).map(str::to_owned))
}

fn pixels(cleaned: &Cleaned) -> Vec<u16> {
    with_output(cleaned, |f| match frame(f, 0).expect("a frame").samples {
        Samples::U16(values) => values,
        other => panic!("unsigned samples of 16 bits, not {other:?}"),
    })
}

fn text_box(x: u32, y: u32, width: u32, height: u32) -> TextBox {
    TextBox {
        frame: 0,
        x,
        y,
        width,
        height,
    }
}

fn seen(found: u32) -> TextEvidence {
    TextEvidence {
        looked: true,
        found,
        blacked_out: found,
        still_there: false,
        by: LookedBy::Detector,
    }
}

fn blacked_out() -> PixelWork {
    PixelWork {
        boxes: vec![text_box(1, 1, 2, 1)],
        text: Some(seen(1)),
        ..PixelWork::default()
    }
}

fn nothing_found() -> PixelWork {
    PixelWork {
        text: Some(seen(0)),
        ..PixelWork::default()
    }
}

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

/// A cut that takes off every point with x below 2 mm and y below 2 mm.
fn cut() -> Arc<Cut> {
    let grid = Grid {
        origin: [-4.0, -4.0, -4.0],
        step: 1.0,
        size: [9, 9, 9],
    };
    let depth = (0..grid.len())
        .map(|i| {
            let [x, y, _] = grid.centre(grid.voxel(i));
            if x < 1.5 && y < 1.5 { 4 } else { -4 }
        })
        .collect();
    Arc::new(Cut {
        grid,
        depth,
        keep: vec![-4; grid.len()],
    })
}

fn defaced() -> PixelWork {
    PixelWork {
        cut: Some(cut()),
        air: Some(Air {
            level: -30.0,
            noise: 0.0,
        }),
        face: Some(FaceEvidence {
            head: true,
            before: Face::Present,
            after: Face::Absent,
            brain_voxels_changed: 0,
            arrived_defaced: false,
            by: LookedBy::Detector,
        }),
        ..PixelWork::default()
    }
}

fn face(work: &PixelWork, change: impl FnOnce(&mut FaceEvidence)) -> PixelWork {
    let mut work = work.clone();
    if let Some(face) = &mut work.face {
        change(face);
    }
    work
}

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

/// A structure set: a contour that lies in the cut for a half, one that lies in it, one that does not,
/// a point, and one without points.
fn structures() -> Set {
    let mut set = Set::new();
    let contour = |shape: &str, points: &str| {
        let mut item = Set::new();
        item.text(0x3006_0042, "CS", shape)
            .text(
                0x3006_0046,
                "IS",
                (points.split('\\').count() / 3).to_string(),
            )
            .text(0x3006_0050, "DS", points);
        item
    };
    let mut roi = Set::new();
    roi.items(
        0x3006_0040,
        vec![
            contour("CLOSED_PLANAR", "0\\0\\0\\3.50\\0\\0\\3\\3\\0\\0\\3\\0"),
            contour("CLOSED_PLANAR", "0\\0\\0\\1\\0\\0\\1\\1\\0"),
            contour("CLOSED_PLANAR", "3\\0\\1\\3\\1\\1\\3\\1\\2"),
            contour("POINT", "1\\1\\1"),
        ],
    );
    let mut only_gone = Set::new();
    only_gone.items(0x3006_0040, vec![contour("POINT", "0\\1\\0")]);
    set.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
        .text(0x0008_0018, "UI", "1.2.3.4.5.7")
        .text(0x0008_0060, "CS", "RTSTRUCT")
        .text(0x0010_0020, "LO", "PAT-48151")
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.3")
        .text(0x0020_0052, "UI", "1.2.3.4.9")
        .text(0x3006_0002, "SH", "HEAD")
        .items(0x3006_0039, vec![roi, only_gone]);
    set
}

#[test]
fn contours_are_cut_with_the_face() {
    let cleaner = cleaner_of("");
    let input = structures().file(Charset::Utf8);
    let cleaned = clean(&cleaner, &input, &defaced());
    // No stamp could tell the server that somebody judged it: its approval does.
    assert_eq!(cleaned.verdict, Verdict::Held);
    assert_eq!(codes(&cleaned), [Code::ContoursCut, Code::TracesFace]);
    let left = with_output(&cleaned, |file| {
        let rois = file.data.get(Tag(0x3006_0039)).and_then(|e| e.items());
        let mut left = Vec::new();
        for roi in rois.expect("structures") {
            let contours = roi.get(Tag(0x3006_0040)).and_then(|e| e.items());
            let contours = contours.unwrap_or_default().iter();
            let text = |c: &DataSet<'_>, tag| c.ascii(tag).unwrap_or_default().to_owned();
            left.push(
                contours
                    .map(|c| (text(c, Tag(0x3006_0046)), text(c, Tag(0x3006_0050))))
                    .collect::<Vec<_>>(),
            );
        }
        left
    });
    let of = |count: &str, points: &str| (count.to_owned(), points.to_owned());
    assert_eq!(
        left,
        [
            vec![
                of("3", "3.50\\0\\0\\3\\3\\0\\0\\3\\0"),
                of("3", "3\\0\\1\\3\\1\\1\\3\\1\\2")
            ],
            Vec::new()
        ]
    );
    // What nobody has judged is cut all the same, and waits for a person.
    let unsure = face(&defaced(), |f| f.after = Face::Unsure);
    let cleaned = clean(&cleaner, &input, &unsure);
    assert_eq!(codes(&cleaned), [Code::ContoursCut, Code::TracesFace]);
    // Points that cannot be read are not cut.
    let mut item = Set::new();
    item.text(0x3006_0050, "DS", "0\\0\\x");
    let mut roi = Set::new();
    roi.items(0x3006_0040, vec![item]);
    let mut input = structures();
    input.items(0x3006_0039, vec![roi]);
    let cleaned = clean(&cleaner, &input.file(Charset::Utf8), &defaced());
    assert_eq!(codes(&cleaned), [Code::TracesFace]);
}

#[test]
fn only_structures_of_one_frame_of_reference_are_cut() {
    let protocol = Protocol::from_toml("id='x'\ntitle='X'").expect("protocol");
    let of = |set: &Set| {
        let bytes = set.file(Charset::Utf8);
        let file = read(&bytes).expect("DICOM");
        traced_frame(&file.data, &protocol)
    };
    assert_eq!(of(&structures()).as_deref(), Some("1.2.3.4.9"));
    let roi = |frame: &str| {
        let mut item = Set::new();
        item.text(0x3006_0024, "UI", frame);
        item
    };
    let mut same = structures();
    same.items(0x3006_0020, vec![roi("1.2.3.4.9"), roi("1.2.3.4.9")]);
    assert_eq!(of(&same).as_deref(), Some("1.2.3.4.9"));
    let mut two = structures();
    two.items(0x3006_0020, vec![roi("1.2.3.4.9"), roi("1.2.3.4.10")]);
    assert_eq!(of(&two), None);
    assert_eq!(of(&image(CT, "CT", "HEAD")), None, "a volume is no trace");
}

#[test]
fn pixels_that_cannot_be_changed_do_not_leave() {
    let cleaner = cleaner_of("");
    let mut hidden = image(CR, "CR", "CHEST");
    hidden.us(0x0028_0101, 12).us(0x0028_0102, 11);
    let values = (0x1064_u16..0x1074).flat_map(u16::to_le_bytes).collect();
    hidden.bytes(0x7FE0_0010, "OW", values);
    let input = hidden.file(Charset::Utf8);
    let cleaned = clean(&cleaner, &input, &blacked_out());
    assert_eq!(cleaned.verdict, Verdict::Refused);
    assert!(codes(&cleaned).contains(&Code::PixelsNotChanged));
    assert!(codes(&cleaned).contains(&Code::PixelsHidden));
    // Where nothing is to be changed a person may look.
    let looked = clean(&cleaner, &input, &nothing_found());
    assert_eq!(looked.verdict, Verdict::Held);
    assert!(codes(&looked).contains(&Code::PixelsHidden));
    assert!(!says(&looked, "113101"));
}

#[test]
fn an_icon_goes() {
    let mut icon = Set::new();
    icon.us(0x0028_0010, 2).us(0x0028_0011, 2);
    icon.bytes(0x7FE0_0010, "OW", vec![1, 2, 3, 4]);
    let mut set = image(CT, "CT", "HEAD");
    set.items(ICON, vec![icon]);
    let cleaned = clean(&cleaner_of(""), &set.file(Charset::Utf8), &defaced());
    with_output(&cleaned, |f| assert!(f.data.get(Tag(ICON)).is_none()));
}

#[test]
fn earlier_claims_stay_unless_the_object_contradicts_them() {
    let claim = |value: &str| {
        let mut item = Set::new();
        item.text(0x0008_0100, "SH", value)
            .text(0x0008_0102, "SH", "DCM")
            .text(0x0008_0104, "LO", "An option");
        item
    };
    let mut set = image(CT, "CT", "ABDOMEN");
    set.items(METHOD_CODES.0, vec![claim("113101"), claim("113102")])
        .text(0x0028_0301, "CS", "NO")
        .text(0x0028_0302, "CS", "YES");
    let cleaned = clean(
        &cleaner_of(""),
        &set.file(Charset::Utf8),
        &PixelWork::default(),
    );
    assert!(says(&cleaned, "113101") && !says(&cleaned, "113102"));
    // Whoever writes the contradiction into a finished object is found out.
    let output = cleaned.output.expect("an output").bytes().to_vec();
    let at = |needle: &[u8]| {
        let found = output.windows(needle.len()).position(|w| w == needle);
        found.expect("it stands there")
    };
    let place = at(b"\x28\x00\x01\x03CS\x02\x00NO");
    let mut forged = output.clone();
    forged[place + 8..place + 10].copy_from_slice(b"YE");
    let judged = gate_under(&forged, Policy::basic());
    assert_eq!(judged.verdict, Verdict::Refused);
    assert!(judged.findings.iter().any(|f| f.code == Code::ResidueStamp));
}

#[test]
fn quality_weighs_what_the_protocol_says() {
    let input = image(CT, "CT", "ABDOMEN").file(Charset::Utf8);
    let work = PixelWork {
        quality: vec![
            Finding::new(Code::SeriesMissing),
            Finding::new(Code::SeriesTilt),
            Finding::new(Code::Head), // none of quality: it is not taken
        ],
        ..PixelWork::default()
    };
    let usual = clean(&cleaner_of(""), &input, &work);
    assert_eq!(usual.verdict, Verdict::Held);
    assert_eq!(codes(&usual), [Code::SeriesMissing, Code::SeriesTilt]);
    let lenient = cleaner_of("[[quality.codes]]\ncode='series-missing-slices'\nweight='note'");
    assert_eq!(clean(&lenient, &input, &work).verdict, Verdict::Clean);
    let strict = cleaner_of("[[quality.codes]]\ncode='series-gantry-tilt'\nweight='refused'");
    assert_eq!(clean(&strict, &input, &work).verdict, Verdict::Refused);
}

#[test]
fn the_header_says_what_has_to_be_looked_at() {
    let asked = |set: &Set, text: &str| {
        let bytes = set.file(Charset::Utf8);
        let file = read(&bytes).expect("readable");
        let q = questions(&file.data, cleaner_of(text).protocol());
        (q.text, q.face)
    };
    assert_eq!(asked(&image(CT, "CT", "HEAD"), ""), (false, true));
    assert_eq!(
        asked(&image(CT, "CT", "HEAD"), "[face]\nremove=false"),
        (false, false)
    );
    assert_eq!(
        asked(&image(CT, "CT", "ABDOMEN"), "[text]\nlook='all'"),
        (true, false)
    );
    assert_eq!(asked(&image(US, "US", "NECK"), ""), (true, false));
    assert_eq!(
        asked(&image(US, "US", "NECK"), "[text]\nlook='never'"),
        (false, false)
    );
    assert_eq!(asked(&image(CR, "CR", "SKULL"), ""), (true, false));
}

fn testdata(sub: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("CORDON_TESTDATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata"),
        PathBuf::from,
    );
    let found = std::fs::read_dir(root.join(sub));
    let mut all: Vec<PathBuf> = found
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    all.sort();
    assert!(!all.is_empty(), "no test data: set CORDON_TESTDATA");
    all
}

/// A box in the middle of an image, where there is something to see.
fn middle(file: &File<'_>) -> TextBox {
    let info = cordon_pixels::describe(&file.data).expect("an image");
    text_box(
        info.columns / 3,
        info.rows / 3,
        info.columns / 3,
        info.rows / 3,
    )
}

#[test]
fn in_every_syntax_the_box_changes_and_nothing_else() {
    let cleaner = cleaner_of("[text]\ntrust_detector=true");
    for path in testdata("syntaxes") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let input = std::fs::read(&path).expect("readable");
        let before = read(&input).expect("readable");
        let b = middle(&before);
        let work = PixelWork {
            boxes: vec![b],
            text: Some(seen(1)),
            ..PixelWork::default()
        };
        let cleaned = clean(&cleaner, &input, &work);
        assert!(cleaned.output.is_some(), "{name}: {:?}", cleaned.findings);
        assert!(codes(&cleaned).contains(&Code::TextRemoved), "{name}");
        assert!(says(&cleaned, "113101"), "{name}");
        let kind = value(&cleaned, IMAGE_TYPE);
        assert!(kind.is_none_or(|k| k.starts_with("DERIVED")), "{name}");
        with_output(&cleaned, |after| {
            assert!(!after.syntax.encapsulated, "{name}");
            let lossy = |f: &File<'_>| f.data.ascii(Tag(0x0028_2110)).map(str::to_owned);
            assert_eq!(lossy(&before), lossy(after), "{name}: history stays");
            let frames = cordon_pixels::describe(&before.data)
                .expect("an image")
                .frames;
            for n in 0..frames {
                let mut old = frame(&before, n).expect("decodes");
                let new = frame(after, n).expect("decodes");
                if new.photometric == Photometric::Rgb {
                    old = old.into_rgb();
                }
                assert_eq!(old.photometric, new.photometric, "{name}");
                let channels = old.samples_per_pixel as usize;
                for i in 0..old.samples.len() {
                    let pixel = (i / channels) as u32;
                    let (x, y) = (pixel % old.columns, pixel / old.columns);
                    let inside = n == 0
                        && (b.x..b.x + b.width).contains(&x)
                        && (b.y..b.y + b.height).contains(&y);
                    let same = (old.samples.value(i) - new.samples.value(i)).abs() < 1e-9;
                    assert!(inside || same, "{name}: frame {n}, sample {i}");
                }
            }
        });
    }
}

#[test]
fn dciodvfy_finds_nothing_new_in_changed_objects() {
    let cleaner = cleaner_of("");
    let dir = std::env::temp_dir().join(format!("cordon-pixels-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    let errors = |bytes: &[u8]| -> Option<Vec<String>> {
        let path = dir.join("object.dcm");
        std::fs::write(&path, bytes).expect("written");
        let run = std::process::Command::new("dciodvfy")
            .arg("-new")
            .arg(&path)
            .output()
            .ok()?;
        let text = [run.stderr, run.stdout].concat();
        let lines = String::from_utf8_lossy(&text).into_owned();
        Some(
            lines
                .lines()
                .filter(|l| l.starts_with("Error"))
                .map(str::to_owned)
                .collect(),
        )
    };
    let work = |file: &File<'_>| PixelWork {
        boxes: vec![middle(file)],
        text: Some(seen(1)),
        face: Some(FaceEvidence {
            head: true,
            before: Face::Absent,
            after: Face::Absent,
            brain_voxels_changed: 0,
            arrived_defaced: false,
            by: LookedBy::Detector,
        }),
        ..PixelWork::default()
    };
    let mut new = Vec::new();
    for path in testdata("syntaxes") {
        let input = std::fs::read(&path).expect("readable");
        let plain = cleaner.clean(&input).output.expect("an output");
        let changed = cleaner
            .clean_with(&input, &work(&read(&input).expect("readable")))
            .output
            .expect("an output");
        let Some(before) = errors(plain.bytes()) else {
            println!("dciodvfy is not installed: not tested");
            return;
        };
        for line in errors(changed.bytes()).unwrap_or_default() {
            if !before.contains(&line) {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                new.push(format!("{name}: {line}"));
            }
        }
    }
    std::fs::remove_dir_all(&dir).expect("removed");
    assert_eq!(new, Vec::<String>::new());
}

mod crossing {
    //! Work crosses the border of a worker as JSON and comes back as it went.

    use proptest::prelude::*;

    use super::*;

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
        fn texts()(looked: bool, found: u32, blacked_out: u32, still_there: bool, person: bool)
            -> TextEvidence
        {
            let by = if person { LookedBy::Person } else { LookedBy::Detector };
            TextEvidence { looked, found, blacked_out, still_there, by }
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
}
