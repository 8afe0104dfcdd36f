//! The suite: who was seen when, and what was made of it.

use std::io;
use std::path::Path;

use crate::date::Day;
use crate::make::{self, Made, Series, Study, Vendor, class};
use crate::people::Person;
use crate::random::Random;

/// The seed to look at while working.
pub const TUNING_SEED: u64 = 3;
/// The seed whose failures nobody looks at while working.
pub const HELD_OUT_SEED: u64 = 20_261_122;

/// One file with all that is known about it.
#[derive(Debug)]
pub struct Item {
    /// What it is made of.
    pub made: Made,
    /// The study that it belongs to.
    pub study: Study,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files.
#[derive(Debug)]
pub struct Suite {
    /// The seed.
    pub seed: u64,
    /// The files, in the order of their paths.
    pub items: Vec<Item>,
}

const fn series(
    number: u32,
    modality: &'static str,
    class: &'static str,
    description: &'static str,
    body: &'static str,
    image: bool,
) -> Series {
    Series {
        number,
        modality,
        class,
        description,
        body,
        image,
    }
}

const CT: Series = series(
    2,
    "CT",
    class::CT,
    "[Abdomen venous 5.0] {initial}",
    "ABDOMEN",
    true,
);
const SEG: Series = series(3, "SEG", class::SEG, "[Segmentation]", "", false);
const STRUCT: Series = series(
    4,
    "RTSTRUCT",
    class::RTSTRUCT,
    "[Contours] {folded}",
    "",
    false,
);
const PLAN: Series = series(5, "RTPLAN", class::RTPLAN, "[Plan]", "", false);
const PR: Series = series(6, "PR", class::PR, "[Measurements] {reader}", "", false);
const KOS: Series = series(7, "KO", class::KOS, "[Key images]", "", false);
const SR: Series = series(8, "SR", class::SR, "[Report] {name}", "", false);
const SIEMENS: Series = series(
    11,
    "MR",
    class::MR,
    "[DWI b1000 axial] {family}",
    "BRAIN",
    true,
);
const GE: Series = series(12, "MR", class::MR, "[DWI axial]", "BRAIN", true);
const PHILIPS: Series = series(13, "MR", class::MR, "[T2 FLAIR axial] {id}", "BRAIN", true);
const ENHANCED: Series = series(
    14,
    "MR",
    class::ENHANCED_MR,
    "[DWI whole brain]",
    "BRAIN",
    true,
);
const US: Series = series(21, "US", class::US, "[Liver] {FAMILY}", "ABDOMEN", true);
const DX: Series = series(22, "DX", class::DX, "[Chest pa]", "CHEST", true);
const MG: Series = series(23, "MG", class::MG, "[Screening] {given}", "BREAST", true);
const PT: Series = series(24, "PT", class::PT, "[Whole body FDG]", "WHOLEBODY", true);
const NM: Series = series(
    25,
    "NM",
    class::NM,
    "[Bone scan] Dr. {physician}",
    "SKELETON",
    true,
);
const XA: Series = series(26, "XA", class::XA, "[Left coronary artery]", "HEART", true);
const SM: Series = series(27, "SM", class::SM, "[Colon biopsy HE]", "COLON", true);
const PDF: Series = series(28, "DOC", class::PDF, "[Letter]", "", false);

fn oncology(study: &Study) -> Vec<Made> {
    let slices = [0, 1, 2];
    let keys = [(class::CT, CT.number, 0), (class::CT, CT.number, 2)];
    let mut all: Vec<Made> = slices.iter().map(|n| make::ct(study, &CT, *n)).collect();
    all.push(make::segmentation(study, &SEG, 0, (&CT, &slices)));
    all.push(make::rt_structure_set(study, &STRUCT, 0, (&CT, &slices)));
    all.push(make::rt_plan(study, &PLAN, 0, (&STRUCT, 0)));
    all.push(make::presentation_state(
        study,
        &PR,
        0,
        (CT.class, CT.number, &slices),
    ));
    all.push(make::key_object(study, &KOS, 0, &keys));
    all.push(make::structured_report(study, &SR, 0, &keys));
    all
}

fn neurology(study: &Study) -> Vec<Made> {
    let mut all = Vec::new();
    for (series, vendor) in [
        (&SIEMENS, Vendor::Siemens),
        (&GE, Vendor::Ge),
        (&PHILIPS, Vendor::Philips),
    ] {
        all.extend((0..3).map(|n| make::mr(study, series, n, vendor)));
    }
    let source = study.instance_uid(SIEMENS.number, 0);
    all.push(make::enhanced_mr(
        study,
        &ENHANCED,
        0,
        (SIEMENS.number, (class::MR, &source)),
    ));
    all.push(make::structured_report(
        study,
        &SR,
        0,
        &[(class::MR, SIEMENS.number, 0)],
    ));
    all
}

fn diagnostics(study: &Study) -> Vec<Made> {
    let mut all = vec![
        make::ultrasound(study, &US, 0),
        make::radiograph(study, &DX, 0),
        make::angiography(study, &XA, 0),
        make::slide(study, &SM, 0),
        make::pdf(study, &PDF, 0),
        make::nm(study, &NM, 0),
    ];
    all.extend((0..2).map(|n| make::mammogram(study, &MG, n)));
    all.extend((0..2).map(|n| make::pet(study, &PT, n)));
    all
}

impl Suite {
    /// The suite of a seed with this many people, three or four studies each.
    #[must_use]
    pub fn new(seed: u64, people: u32) -> Self {
        let mut items = Vec::new();
        for index in 0..people {
            let person = Person::new(seed, index);
            let mut r = Random::named(seed, &["visits", &person.id]);
            let mut before = Day::of(2016, 1, 1).plus(i64::from(r.between(0, 900)));
            for number in 0..4 {
                let day = before.plus(i64::from(r.between(3, 420)));
                let study = Study::new(seed, &person, number, day, before);
                let made = match number {
                    0 | 3 => oncology(&study),
                    1 => neurology(&study),
                    _ => diagnostics(&study),
                };
                before = day;
                items.extend(made.into_iter().map(|made| Item::new(made, &study)));
            }
        }
        items.sort_by(|a, b| a.made.path.cmp(&b.made.path));
        Self { seed, items }
    }

    /// Writes the files below a folder.
    ///
    /// # Errors
    /// When a folder or file cannot be written.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        for item in &self.items {
            let path = dir.join(&item.made.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, &item.bytes)?;
        }
        Ok(())
    }
}

impl Item {
    fn new(made: Made, study: &Study) -> Self {
        let meta = study.meta(&made.object);
        let bytes = made.object.file(
            study.person.charset,
            study.syntax(),
            &study.preamble(),
            &meta,
        );
        Self {
            made,
            study: study.clone(),
            bytes,
        }
    }
}
