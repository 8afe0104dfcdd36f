//! Contours that trace a head are cut with it.

use cordon_contribute::traced_frame;
use cordon_deface::Face;
use cordon_dicom::{DataSet, read};
use cordon_protocol::{Code, Protocol, Tag, Verdict};
use cordon_synth::{Charset, Set};

use crate::help::*;

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
