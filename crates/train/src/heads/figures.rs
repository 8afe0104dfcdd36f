//! What a measurement of faces says, as tables.

use std::fmt::Write as _;

use cordon_deface::{Face, Label};
use cordon_inspect::proof::proven;

use super::contrast::Modality;
use super::measure::{Arrived, Case};
use super::person::Age;
use super::spoil::{Spoil, Spoiled};

/// One line for each scan, as CSV.
pub(super) fn lines(cases: &[Case]) -> String {
    let mut out = String::from("seed,modality,age,field,slice_mm,arrived,head,face,after,moved");
    for name in ["brain", "eyes", "nose", "mouth", "ears", "face"] {
        let _ = write!(out, ",{name}_ml");
    }
    for when in ["before", "after", "left"] {
        for name in ["eyes", "nose", "mouth", "ears", "face"] {
            let _ = write!(out, ",{name}_{when}");
        }
    }
    out.push_str(
        ",face_mm2,face_left_mm2,ears_mm2,ears_left_mm2,brain_cut_ml,skull_cut_ml,deepest_mm,cut_x,cut_y,cut_z,dice_brain,brain_doubt,guarded_mm2,proven,ears_moved,shape,spoiled\n",
    );
    for c in cases {
        let r = &c.outcome.report;
        let age = c
            .age
            .map_or_else(|| "none".to_owned(), |a| format!("{a:?}"));
        let _ = write!(
            out,
            "{},{:?},{age},{},{:.1},{:?},{},{:?},{:?},{:.3}",
            c.seed,
            c.modality,
            c.field,
            c.slice,
            c.arrived,
            r.head,
            r.face,
            r.after,
            r.altered.face,
        );
        let v = r.volumes;
        for value in [v.brain, v.eyes, v.nose, v.mouth, v.ears, v.face] {
            let _ = write!(out, ",{value:.1}");
        }
        for s in [r.seen_before, r.seen_after, r.left] {
            for value in [s.eyes, s.nose, s.mouth, s.ears, s.face] {
                let _ = write!(out, ",{value:.0}");
            }
        }
        let brain = c.dice.iter().find(|(l, _)| *l == Label::Brain);
        let _ = writeln!(
            out,
            ",{:.0},{:.0},{:.0},{:.0},{:.2},{:.2},{:.1},{:.0},{:.0},{:.0},{:.3},{:.2},{:.0},{:?},{:.3},{:.3},{}",
            c.face[0],
            c.face[1],
            c.ears[0],
            c.ears[1],
            c.brain_changed[0],
            c.brain_changed[1],
            c.deepest,
            c.cut_at[0],
            c.cut_at[1],
            c.cut_at[2],
            brain.map_or(f64::NAN, |(_, d)| *d),
            r.brain_doubt,
            c.guarded,
            proven(r),
            r.altered.ears,
            r.altered.shape,
            c.spoiled
                .iter()
                .map(|s| format!("{:?}:{:.3}:{:?}", s.how, s.left, s.face))
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    out
}

/// More than this share of the skin left is a face left.
const LEFT: f64 = 0.02;

/// A share with its Wilson interval at 95 %.
fn share(part: usize, all: usize) -> String {
    if all == 0 {
        return "none".to_owned();
    }
    let (n, p, z) = (all as f64, part as f64 / all as f64, 1.96f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    format!(
        "{part} of {all} = {:.1} % ({:.1} to {:.1})",
        100.0 * p,
        100.0 * (middle - half).max(0.0),
        100.0 * (middle + half).min(1.0)
    )
}

/// Median and 5th or 95th percentile of numbers.
fn spread(mut values: Vec<f64>, low: bool) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    values.sort_by(f64::total_cmp);
    let at = |s: f64| values[((values.len() - 1) as f64 * s) as usize];
    format!(
        "{:.3} ({:.3}), n = {}",
        at(0.5),
        at(if low { 0.05 } else { 0.95 }),
        values.len()
    )
}

/// The figures of a measurement as Markdown.
pub(super) fn table(cases: &[Case]) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    let count = |f: &dyn Fn(&Case) -> bool| cases.iter().filter(|c| f(c)).count();
    let came = |a: Arrived| count(&|c| c.arrived == a);
    line(format!(
        "Scans: {} (no head {}, with a face {}, without {}, half defaced {}).\n",
        cases.len(),
        came(Arrived::NoHead),
        came(Arrived::Whole),
        came(Arrived::Defaced),
        came(Arrived::Half)
    ));
    line("| what | result |\n| --- | --- |".to_owned());
    let heads = came(Arrived::Whole) + came(Arrived::Defaced) + came(Arrived::Half);
    line(format!(
        "| heads found | {} |",
        share(
            count(&|c| c.arrived != Arrived::NoHead && c.outcome.report.head),
            heads
        )
    ));
    line(format!(
        "| other things taken for heads | {} |",
        share(
            count(&|c| c.arrived == Arrived::NoHead && c.outcome.report.head),
            came(Arrived::NoHead)
        )
    ));
    line(format!(
        "| other things cut | {} |",
        share(
            count(&|c| c.arrived == Arrived::NoHead && c.outcome.cut.is_some()),
            came(Arrived::NoHead)
        )
    ));
    line(format!(
        "| scans with changed voxels of the brain | {} |",
        share(count(&|c| c.brain_changed[0] > 0.0), cases.len())
    ));
    line(format!(
        "| scans with changed voxels inside the skull, fluid too | {} |",
        share(count(&|c| c.brain_changed[1] > 0.0), cases.len())
    ));
    let whole = |c: &Case| c.arrived == Arrived::Whole;
    let passed = |c: &Case| c.outcome.report.after == Face::Absent;
    let left = |c: &Case| c.face[1] > 0.02 * c.face[0].max(1.0) && c.face[1] > 900.0;
    line(format!(
        "| faces off and passed | {} |",
        share(count(&|c| whole(c) && passed(c)), count(&whole))
    ));
    line(format!(
        "| of these, with face skin left | {} |",
        share(
            count(&|c| whole(c) && passed(c) && left(c)),
            count(&|c| whole(c) && passed(c))
        )
    ));
    line(format!(
        "| half defaced, as they came: called absent | {} |",
        share(
            count(&|c| c.arrived == Arrived::Half
                && c.outcome.report.face == Face::Absent
                && c.face[0] > 900.0),
            count(&|c| c.arrived == Arrived::Half && c.face[0] > 900.0)
        )
    ));
    line(format!(
        "| came without a face: held | {} |",
        share(
            count(&|c| c.arrived == Arrived::Defaced && !passed(c)),
            came(Arrived::Defaced)
        )
    ));
    line(format!(
        "| came without a face: changed | {} |",
        share(
            count(&|c| c.arrived == Arrived::Defaced && c.outcome.cut.is_some()),
            came(Arrived::Defaced)
        )
    ));
    // What the verifier would let pass if its word were enough.
    let trusted = |c: &Case| c.outcome.cut.is_some() && proven(&c.outcome.report) == Face::Absent;
    let judged = |c: &Case| whole(c) && c.outcome.cut.is_some() && c.face[0] > 500.0;
    let good = |c: &Case| judged(c) && c.face[1] <= LEFT * c.face[0] && c.brain_changed[0] <= 0.0;
    let bad = |c: &Case| judged(c) && c.face[1] > LEFT * c.face[0];
    line(format!(
        "| verifier, if it were trusted: good results passed | {} |",
        share(count(&|c| good(c) && trusted(c)), count(&good))
    ));
    line(format!(
        "| verifier, if it were trusted: results with more than 2 % of the skin left, passed | {} |",
        share(count(&|c| bad(c) && trusted(c)), count(&bad))
    ));
    let spoiled = |f: &dyn Fn(&Spoiled) -> bool| {
        let all: Vec<&Spoiled> = cases
            .iter()
            .flat_map(|c| &c.spoiled)
            .filter(|s| s.left > LEFT && f(s))
            .collect();
        let passed = all.iter().filter(|s| s.face == Face::Absent).count();
        share(passed, all.len())
    };
    line(format!(
        "| results spoiled on purpose, passed | {} |",
        spoiled(&|_| true)
    ));
    for how in Spoil::ALL {
        line(format!(
            "| of these: {} | {} |",
            how.name(),
            spoiled(&|s| s.how == how)
        ));
    }
    let altered = |get: &dyn Fn(&Case) -> [f64; 2]| -> Vec<f64> {
        cases
            .iter()
            .filter(|c| whole(c) && get(c)[0] > 500.0)
            .map(|c| 1.0 - get(c)[1] / get(c)[0])
            .collect()
    };
    line(format!(
        "| face skin altered, median (5th percentile) | {} |",
        spread(altered(&|c| c.face), true)
    ));
    line(format!(
        "| ear skin altered, median (5th percentile) | {} |",
        spread(altered(&|c| c.ears), true)
    ));
    for label in Label::ALL.into_iter().skip(2) {
        let values: Vec<f64> = cases
            .iter()
            .filter(|c| c.arrived == Arrived::Whole)
            .flat_map(|c| &c.dice)
            .filter(|(l, _)| *l == label)
            .map(|(_, d)| *d)
            .collect();
        line(format!(
            "| overlap (Dice), {label:?}, median (5th percentile) | {} |",
            spread(values, true)
        ));
        let far: Vec<f64> = cases
            .iter()
            .flat_map(|c| &c.landmarks)
            .filter(|(l, _)| *l == label)
            .map(|(_, d)| *d)
            .collect();
        if !far.is_empty() {
            line(format!(
                "| middle of {label:?}, error in mm, median (95th percentile) | {} |",
                spread(far, false)
            ));
        }
    }
    line(String::new());
    line("| group | faces off and passed | face skin altered | ear skin altered |\n| --- | --- | --- | --- |".to_owned());
    let mut group = |name: String, f: &dyn Fn(&Case) -> bool| {
        let chosen: Vec<&Case> = cases.iter().filter(|c| whole(c) && f(c)).collect();
        let part = |get: &dyn Fn(&Case) -> [f64; 2]| {
            chosen
                .iter()
                .filter(|c| get(c)[0] > 500.0)
                .map(|c| 1.0 - get(c)[1] / get(c)[0])
                .collect()
        };
        line(format!(
            "| {name} | {} | {} | {} |",
            share(chosen.iter().filter(|c| passed(c)).count(), chosen.len()),
            spread(part(&|c: &Case| c.face), true),
            spread(part(&|c: &Case| c.ears), true)
        ));
    };
    for m in [Modality::Mr, Modality::Ct, Modality::Pet] {
        group(format!("{m:?}"), &|c| c.modality == m);
    }
    for age in [Age::Infant, Age::Child, Age::Adult, Age::Old] {
        group(format!("{age:?}"), &|c| c.age == Some(age));
    }
    for (name, low, high) in [
        ("slices up to 1.5 mm", 0.0, 1.5),
        ("1.5 to 4 mm", 1.5, 4.0),
        ("4 to 7 mm", 4.0, 9.0),
    ] {
        group(name.to_owned(), &|c| c.slice > low && c.slice <= high);
    }
    for field in ["whole", "brain", "sagittal", "face", "neck", "cut"] {
        group(format!("field: {field}"), &|c| c.field == field);
    }
    out
}
