//! Measures finding, cutting and proving on synthetic scans that training has never seen.
//!
//! Whole scans are made, slice by slice, on the scanner's own grid, and go the way of real ones:
//! through the stack, the search, the plan, the cut on full slices, and the proof. The anatomy is
//! known at every voxel, so brain voxels that changed and skin that did not are counted, not
//! estimated. Heads are wilder than in training and poses wider.

use std::fmt::Write as _;
use std::path::PathBuf;

use burn::tensor::Device;
use cordon_deface::{Face, Label, Wishes};
use cordon_inspect::face::{FaceJob, FaceNets, FaceOutcome};
use cordon_nets::device::wait;
use cordon_nets::head::HeadNet;
use cordon_nets::view::ViewNet;
use cordon_nets::weights;
use cordon_pixels::{Frame, Photometric, Samples};
use cordon_volumes::SliceGeometry;
use rayon::prelude::*;

use super::contrast::Modality;
use super::defaced::Defaced;
use super::person::Age;
use super::scan::{Field, Setting};
use super::shape::{Point, length, sub};
use super::thing::Thing;
use super::tissue::Tissue;
use crate::random::Random;

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Measuring {
    /// Seed of the first scan.
    #[arg(long, default_value_t = 900_000_000)]
    seed: u64,
    /// How many scans.
    #[arg(long, default_value_t = 200)]
    count: u64,
    /// Weights of the network that finds heads.
    #[arg(long)]
    head: PathBuf,
    /// Weights of the network that judges pictures.
    #[arg(long)]
    view: PathBuf,
    /// Where the table goes; the screen if not given.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// One scan with its truth.
struct Case {
    modality: Modality,
    age: Option<Age>,
    field: &'static str,
    slice: f64,
    arrived: Arrived,
    outcome: FaceOutcome,
    /// Face that the scan shows before and after the cut, as points of skin.
    face: [f64; 2],
    ears: [f64; 2],
    brain_changed: usize,
    dice: Vec<(Label, f64)>,
    landmarks: Vec<(Label, f64)>,
}

/// How a scan came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrived {
    NoHead,
    Whole,
    Defaced,
    Half,
}

pub(crate) fn measure(options: &Measuring) -> Result<(), String> {
    let device = Device::flex();
    let read = |path: &PathBuf| std::fs::read(path).map_err(|e| e.to_string());
    let head = weights::load_unchecked(HeadNet::new(&device), "head", read(&options.head)?)
        .map_err(|e| e.to_string())?;
    let view = weights::load_unchecked(ViewNet::new(&device), "view", read(&options.view)?)
        .map_err(|e| e.to_string())?;
    let nets = FaceNets { head, view };
    let cases: Vec<Case> = (0..options.count)
        .filter_map(|i| {
            let case = case(options.seed + i, &nets, &device);
            if i % 20 == 19 {
                eprintln!("{} of {}", i + 1, options.count);
            }
            case
        })
        .collect();
    let table = table(&cases);
    match &options.out {
        Some(path) => std::fs::write(path, table).map_err(|e| e.to_string()),
        None => {
            println!("{table}");
            Ok(())
        }
    }
}

fn case(seed: u64, nets: &FaceNets, device: &Device) -> Option<Case> {
    let mut r = Random::new(seed ^ 0x00C0_FFEE_0000_0000);
    let (thing, age) = if r.chance(0.15) {
        (Thing::other(&mut r), None)
    } else {
        let age = [Age::Infant, Age::Child, Age::Adult, Age::Adult, Age::Old][r.below(5)];
        (Thing::head(&mut r, age, 1.15), Some(age))
    };
    let mut setting = Setting::new(&mut r);
    setting.ghost = None;
    setting.defaced = (age.is_some() && r.chance(0.25)).then(|| Defaced::new(&mut r));
    let mut arrived = match (&thing, &setting.defaced) {
        (Thing::Head(_), None) => Arrived::Whole,
        (Thing::Head(_), Some(d)) if d.is_done() => Arrived::Defaced,
        (Thing::Head(_), Some(_)) => Arrived::Half,
        _ => Arrived::NoHead,
    };
    let scan = Scan::new(&setting, &mut r);
    let (frames, truth) = scan.render(&thing, &setting);
    let mut job = FaceJob::new(setting.kind());
    for (k, frame) in frames.iter().enumerate() {
        job.add(&scan.geometry(k), frame, &|v| v);
    }
    let outcome = wait(job.finish(nets, device, Wishes::default(), seed, &mut |_, _| true)).ok()?;
    let mut case = Case {
        modality: setting.modality,
        age,
        field: setting.field.name,
        slice: scan.step[2],
        arrived,
        outcome,
        face: [0.0; 2],
        ears: [0.0; 2],
        brain_changed: 0,
        dice: Vec::new(),
        landmarks: Vec::new(),
    };
    scan.score(&thing, &setting, &truth, &mut case);
    // A scan of a head whose field shows nothing of a face is as one that came without.
    if arrived == Arrived::Whole && case.face[0] + case.ears[0] < 1500.0 {
        arrived = Arrived::Defaced;
    }
    case.arrived = arrived;
    Some(case)
}

/// The grid of a scanner: three directions with steps.
struct Scan {
    field: Field,
    axes: [usize; 3],
    step: [f64; 3],
    size: [usize; 3],
    seed: u64,
}

impl Scan {
    fn new(setting: &Setting, r: &mut Random) -> Self {
        let axes = match setting.axis {
            0 => [1, 2, 0],
            1 => [0, 2, 1],
            _ => [0, 1, 2],
        };
        let inplane = r.range(1.2, 2.0);
        let step = [inplane, inplane, setting.slice.max(1.2)];
        let size = std::array::from_fn(|k| {
            ((setting.field.half[axes[k]] * 2.0 / step[k]) as usize).max(3)
        });
        Self {
            field: setting.field.clone(),
            axes,
            step,
            size,
            seed: r.bits(),
        }
    }

    fn own(&self, [u, v, k]: [usize; 3]) -> Point {
        let mut own = [0.0; 3];
        for (i, n) in [u, v, k].into_iter().enumerate() {
            let a = self.axes[i];
            let along = (n as f64 + 0.5) * self.step[i] - self.field.half[a];
            // Rows run down: toward the feet, where the second direction is the long one.
            own[a] = if i == 1 && a == 2 { -along } else { along };
        }
        own
    }

    fn point(&self, voxel: [usize; 3]) -> Point {
        self.field.patient(self.own(voxel))
    }

    fn geometry(&self, k: usize) -> SliceGeometry {
        let here = self.point([0, 0, k]);
        let unit = |to: [usize; 3]| {
            let d = sub(self.point(to), here);
            let l = length(d);
            d.map(|v| v / l)
        };
        SliceGeometry {
            rows: self.size[1] as u32,
            columns: self.size[0] as u32,
            position: Some(here),
            orientation: Some([unit([1, 0, k]), unit([0, 1, k])]),
            spacing: Some([self.step[1], self.step[0]]),
            thickness: Some(self.step[2]),
            ..SliceGeometry::default()
        }
    }

    /// The slices, and the label of each voxel.
    fn render(&self, thing: &Thing, setting: &Setting) -> (Vec<Frame>, Vec<u8>) {
        let area = self.size[0] * self.size[1];
        let slices: Vec<(Frame, Vec<u8>)> = (0..self.size[2])
            .into_par_iter()
            .map(|k| {
                let mut r = Random::new(self.seed ^ k as u64);
                let mut values = Vec::with_capacity(area);
                let mut labels = Vec::with_capacity(area);
                let draws = if self.step[2] > 3.0 { 3 } else { 1 };
                for v in 0..self.size[1] {
                    for u in 0..self.size[0] {
                        let own = self.own([u, v, k]);
                        let mut sum = 0.0;
                        for draw in 0..draws {
                            let mut q = own;
                            if draw > 0 {
                                q[self.axes[2]] += self.step[2] * r.range(-0.5, 0.5);
                            }
                            let p = self.field.patient(q);
                            let spot = setting.spot(thing, p);
                            if draw == 0 {
                                labels.push(spot.label as u8);
                            }
                            sum += setting.value(spot.tissue, p, &mut r);
                        }
                        let value = setting.noisy(sum / f64::from(draws), &mut r);
                        values.push(value as f32);
                    }
                }
                let frame = Frame {
                    rows: self.size[1] as u32,
                    columns: self.size[0] as u32,
                    samples_per_pixel: 1,
                    bits_stored: 32,
                    photometric: Photometric::Monochrome2,
                    samples: Samples::F32(values),
                };
                (frame, labels)
            })
            .collect();
        let mut frames = Vec::new();
        let mut labels = Vec::new();
        for (frame, l) in slices {
            frames.push(frame);
            labels.extend(l);
        }
        (frames, labels)
    }

    /// Counts what the cut did, and how well parts were found.
    fn score(&self, thing: &Thing, setting: &Setting, truth: &[u8], case: &mut Case) {
        let Thing::Head(person) = thing else { return };
        let cut = case.outcome.cut.as_ref();
        let mut size = [0f64; 8];
        let voxel = self.step.iter().product::<f64>() / 1000.0;
        for k in 0..self.size[2] {
            for v in 0..self.size[1] {
                for u in 0..self.size[0] {
                    let i = (k * self.size[1] + v) * self.size[0] + u;
                    let label = Label::ALL[usize::from(truth[i])];
                    size[label as usize] += voxel;
                    if label == Label::Brain {
                        let p = self.point([u, v, k]);
                        case.brain_changed += usize::from(cut.is_some_and(|c| c.inside(p)));
                        continue;
                    }
                    if !label.is_recognisable() || (u + v + k) % 2 == 1 {
                        continue;
                    }
                    // Skin: part of the face, with nothing of the head a little farther out.
                    let p = self.point([u, v, k]);
                    if !on_skin(person, setting, p) {
                        continue;
                    }
                    let gone = cut.is_some_and(|c| c.inside(p));
                    let area = self.step[0] * self.step[2].max(self.step[1]);
                    let sum = if label == Label::Ears {
                        &mut case.ears
                    } else {
                        &mut case.face
                    };
                    sum[0] += area;
                    sum[1] += if gone { 0.0 } else { area };
                }
            }
        }
        let found = case.outcome.report.volumes;
        let got = [
            0.0,
            0.0,
            found.brain,
            found.eyes,
            found.nose,
            found.mouth,
            found.ears,
            found.face,
        ];
        for label in Label::ALL.into_iter().skip(2) {
            let (truth, got) = (size[label as usize], got[label as usize]);
            if truth > 2.0 {
                // Agreement of volumes; the overlap itself is measured on the network's own grid.
                case.dice
                    .push((label, 1.0 - (truth - got).abs() / (truth + got)));
            }
        }
        let marks = person.landmarks();
        let truth = [
            (Label::Brain, marks.brain),
            (Label::Nose, marks.nose),
            (Label::Mouth, marks.mouth),
            (
                Label::Eyes,
                std::array::from_fn(|a| f64::midpoint(marks.eyes[0][a], marks.eyes[1][a])),
            ),
            (
                Label::Ears,
                std::array::from_fn(|a| f64::midpoint(marks.ears[0][a], marks.ears[1][a])),
            ),
        ];
        for (label, at) in truth {
            let whole = size[label as usize] > 2.0 && self.field.holds(at);
            let got = case
                .outcome
                .report
                .centres
                .iter()
                .find(|(l, _)| *l == label);
            if let (true, Some((_, got))) = (whole && setting.defaced.is_none(), got) {
                case.landmarks.push((label, length(sub(*got, at))));
            }
        }
    }
}

/// Whether the outer skin is near: some direction leads out of the head within three millimetres.
fn on_skin(person: &super::person::Person, setting: &Setting, p: Point) -> bool {
    let directions = [
        [0.0, -3.0, 0.0],
        [3.0, 0.0, 0.0],
        [-3.0, 0.0, 0.0],
        [0.0, -2.0, -2.0],
    ];
    setting.field.holds(p)
        && directions.iter().any(|d| {
            let q = std::array::from_fn(|a| p[a] + d[a]);
            person.spot(q).tissue == Tissue::Outside
        })
}

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

fn table(cases: &[Case]) -> String {
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
        "| scans with changed brain voxels | {} |",
        share(count(&|c| c.brain_changed > 0), cases.len())
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
            "| agreement of volume, {label:?}, median (5th percentile) | {} |",
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
