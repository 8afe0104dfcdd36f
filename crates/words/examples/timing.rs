//! How long a typical instance's texts and a long report take.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use cordon_words::{Kind, KnownIdentity, TextCleaner};

const TEXTS: [&str; 20] = [
    "MRT Kopf nativ und mit KM",
    "t1_mprage_sag_p2_iso",
    "T2 FLAIR axial",
    "ep2d_diff_b0_b1000_ADC",
    "Head^Routine",
    "Siemens",
    "Skyra",
    "HEAD",
    "MAGNETOM Skyra fit",
    "AXIAL T2 TSE 3 mm",
    "Gadovist 7.5 ml",
    "SAG T1 SE post KM",
    "localizer",
    "Schädel",
    "PERFUSION CBF map",
    "3D TOF MRA head",
    "Brain w/wo contrast",
    "Patient moved during scan",
    "SWI mIP images",
    "TE 90 TR 4000",
];

fn main() {
    let known = KnownIdentity {
        patient_name: vec!["Müller^Hans Peter".into()],
        person_names: vec![
            "Featherstone^Alice^^Dr.".into(),
            "Kowalczyk^Jan".into(),
            "Brandt^Jutta".into(),
        ],
        ids: vec!["PAT-123.456".into(), "0004711815".into()],
        dates: vec!["20210304".into()],
        places: vec![
            "Waldklinik Sonnenberg".into(),
            "Birkenweg 12, Sonnenberg".into(),
        ],
        phones: vec![],
    };
    let start = Instant::now();
    let cleaner = TextCleaner::new(&known, Some(-100));
    println!("first cleaner, with the vocabulary: {:?}", start.elapsed());
    let start = Instant::now();
    black_box(TextCleaner::new(&known, Some(-100)));
    println!("a cleaner per patient: {:?}", start.elapsed());
    for kind in [Kind::Descriptor, Kind::Comment] {
        let start = Instant::now();
        for _ in 0..2_000 {
            for text in TEXTS {
                black_box(cleaner.clean(black_box(text), kind));
            }
        }
        println!("{kind:?}: twenty short texts {:?}", start.elapsed() / 2_000);
    }
    let sentence = "The liver is normal. Compared with 03/15/2020, Dr. Featherstone noted a 5 mm nodule in segment VII.\n";
    for n in [10, 100, 1_000, 4_000] {
        let report = sentence.repeat(n);
        let start = Instant::now();
        black_box(cleaner.clean(&report, Kind::Report));
        println!("report of {} bytes: {:?}", report.len(), start.elapsed());
    }
}
