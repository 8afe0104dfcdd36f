//! Real files in every syntax, and an independent validator.

use cordon_contribute::{FaceEvidence, LookedBy, PixelWork};
use cordon_deface::Face;
use cordon_dicom::{File, read};
use cordon_pixels::{Photometric, frame};
use cordon_protocol::{Code, Tag};

use crate::help::*;

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
