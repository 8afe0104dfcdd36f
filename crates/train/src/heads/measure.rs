//! Measures finding, cutting and proving on synthetic scans that training has never seen.
//!
//! Whole scans are made, slice by slice, on the scanner's own grid, and go the way of real ones:
//! through the stack, the search, the plan, the cut on full slices, and the proof. The anatomy is
//! known at every voxel, so brain voxels that changed and skin that did not are counted, not
//! estimated. Heads are wilder than in training and poses wider.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::tensor::Device;
use cordon_deface::{Cut, Label, Wishes};
use cordon_inspect::face::{FaceJob, FaceNets, FaceOutcome, Found};
use cordon_nets::device::wait;
use cordon_nets::head::HeadNet;
use cordon_nets::view::ViewNet;
use cordon_nets::weights;
use cordon_pixels::{Frame, Photometric, Samples};
use cordon_volumes::SliceGeometry;
use rayon::prelude::*;

use super::contrast::Modality;
use super::defaced::Defaced;
use super::figures::{lines, table};
use super::person::Age;
use super::scan::{Field, Setting};
use super::shape::{Point, length, sub};
use super::spoil::{Spoiled, spoiled};
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
    /// Only these scans.
    #[arg(long, value_delimiter = ',')]
    only: Vec<u64>,
    /// Weights of the network that finds heads.
    #[arg(long)]
    head: PathBuf,
    /// Weights of the network that judges pictures.
    #[arg(long)]
    view: PathBuf,
    /// Where the table goes; the screen if not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where a line for each scan goes, as CSV.
    #[arg(long)]
    cases: Option<PathBuf>,
}

/// One scan with its truth.
pub(super) struct Case {
    pub(super) seed: u64,
    pub(super) modality: Modality,
    pub(super) age: Option<Age>,
    pub(super) field: &'static str,
    pub(super) slice: f64,
    pub(super) arrived: Arrived,
    pub(super) outcome: FaceOutcome,
    /// Face that the scan shows before and after the cut, as points of skin.
    pub(super) face: [f64; 2],
    pub(super) ears: [f64; 2],
    /// Of the face that is left, what lies within reach and is kept because the brain may be near.
    pub(super) guarded: f64,
    /// What the cut takes of the brain itself, and of all that lies inside the skull with its
    /// fluid, in millilitres.
    pub(super) brain_changed: [f64; 2],
    /// Its middle in the model's own coordinates, the first without its sign.
    pub(super) cut_at: Point,
    /// How far inside the skull the deepest of it lies, in millimetres.
    pub(super) deepest: f64,
    pub(super) dice: Vec<(Label, f64)>,
    pub(super) landmarks: Vec<(Label, f64)>,
    /// What the verifier says of worse cuts.
    pub(super) spoiled: Vec<Spoiled>,
}

/// How a scan came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrived {
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
    let done = AtomicU64::new(0);
    let seeds: Vec<u64> = if options.only.is_empty() {
        (options.seed..options.seed + options.count).collect()
    } else {
        options.only.clone()
    };
    let cases: Vec<Case> = seeds
        .par_iter()
        .filter_map(|&seed| {
            let case = case(seed, &nets, &device);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(20) {
                eprintln!("{done} of {}", seeds.len());
            }
            case
        })
        .collect();
    if let Some(path) = &options.cases {
        std::fs::write(path, lines(&cases)).map_err(|e| e.to_string())?;
    }
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
    let wishes = Wishes::default();
    let outcome = wait(job.finish(nets, device, wishes, seed, None, &mut |_, _| true)).ok()?;
    let mut case = Case {
        seed,
        modality: setting.modality,
        age,
        field: setting.field.name,
        slice: scan.step[2],
        arrived,
        outcome,
        face: [0.0; 2],
        ears: [0.0; 2],
        guarded: 0.0,
        brain_changed: [0.0; 2],
        cut_at: [0.0; 3],
        deepest: 0.0,
        dice: Vec::new(),
        landmarks: Vec::new(),
        spoiled: Vec::new(),
    };
    scan.score(&thing, &setting, &truth, &mut case);
    // A scan of a head whose field shows nothing of a face is as one that came without.
    if arrived == Arrived::Whole && case.face[0] + case.ears[0] < 1500.0 {
        arrived = Arrived::Defaced;
    }
    case.arrived = arrived;
    if let (Thing::Head(person), Arrived::Whole) = (&thing, arrived) {
        case.spoiled = spoiled(person, &job, &case.outcome, nets, device);
    }
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
        let mut sums = [[0f64; 3]; 8];
        let voxel = self.step.iter().product::<f64>() / 1000.0;
        for k in 0..self.size[2] {
            for v in 0..self.size[1] {
                for u in 0..self.size[0] {
                    let i = (k * self.size[1] + v) * self.size[0] + u;
                    let label = Label::ALL[usize::from(truth[i])];
                    size[label as usize] += voxel;
                    if matters(label) {
                        let p = self.point([u, v, k]);
                        for (sum, p) in sums[label as usize].iter_mut().zip(p) {
                            *sum += p * voxel;
                        }
                    }
                    if label == Label::Brain {
                        let p = self.point([u, v, k]);
                        if cut.is_some_and(|c| c.inside(p)) {
                            let fluid = person.spot(p).tissue == Tissue::Fluid;
                            case.brain_changed[0] += if fluid { 0.0 } else { voxel };
                            case.brain_changed[1] += voxel;
                            let q = person.local(p);
                            for (sum, v) in case.cut_at.iter_mut().zip([q[0].abs(), q[1], q[2]]) {
                                *sum += v * voxel;
                            }
                            let deep = -person.brain(q);
                            case.deepest = case.deepest.max(deep);
                        }
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
                    let reached = |c: &Cut| c.grid.sample(&c.depth, p).is_some_and(|d| d > 0.0);
                    if !gone && cut.is_some_and(reached) {
                        case.guarded += area;
                    }
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
        case.cut_at = case.cut_at.map(|v| v / case.brain_changed[1].max(1e-9));
        let found = case.outcome.found.as_ref();
        let got = found.map_or([0.0; 8], |f| overlap(f, person, setting));
        for label in Label::ALL.into_iter().skip(2) {
            if size[label as usize] > 2.0 {
                case.dice.push((label, got[label as usize]));
            }
        }
        for label in Label::ALL.into_iter().filter(|l| matters(*l)) {
            let whole = size[label as usize] > 2.0;
            let at = sums[label as usize].map(|sum| sum / size[label as usize]);
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

/// Parts whose middle is a landmark: of what the scan shows of them, both eyes and both ears as one.
fn matters(label: Label) -> bool {
    !matches!(label, Label::Outside | Label::Head | Label::Face)
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

/// The Dice overlap of each label with the truth, on the network's own grid within the scan.
fn overlap(found: &Found, person: &super::person::Person, setting: &Setting) -> [f64; 8] {
    let mut both = [0f64; 8];
    let mut sizes = [0f64; 8];
    for (i, got) in found.labels.iter().enumerate() {
        let p = found.grid.centre(found.grid.voxel(i));
        if !setting.field.holds(p) {
            continue;
        }
        let truth = person.spot(p).label;
        sizes[truth as usize] += 1.0;
        sizes[*got as usize] += 1.0;
        both[truth as usize] += if truth == *got { 1.0 } else { 0.0 };
    }
    std::array::from_fn(|l| 2.0 * both[l] / sizes[l].max(1.0))
}
