//! Depth pictures of synthetic heads with what each pixel shows, for the network that judges
//! whether a face is left.
//!
//! Rays meet the anatomy itself, not a scan of it: that network never sees what the other one was
//! trained on. A pixel shows a part when it shows the part's own skin; the cut surface inside a
//! nose is no nose.

use std::f64::consts::TAU;

use cordon_deface::{
    ANGLES, Camera, Cut, Grid, Label, NET_STEP, PIXELS, Parts, REACH, Stack, View, Wishes, plan,
};

use super::defaced::Defaced;
use super::person::Person;
use super::scan::{Setting, any_thing};
use super::shape::Point;
use super::thing::Thing;
use super::tissue::{Spot, Tissue};
use crate::random::Random;

/// A picture, and what each pixel shows.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) view: View,
    /// 0 nothing of a face, then eyes, nose, mouth, ears, other facial skin.
    pub(crate) kinds: Vec<u8>,
}

impl Shown {
    /// Another picture that is as true: mirrored, shifted, nearer or farther.
    pub(crate) fn varied(&self, r: &mut Random) -> Self {
        let mirrored = r.chance(0.5);
        let [right, down] = [0; 2].map(|_| r.below(9) as isize - 4);
        let nearer = r.range(-15.0, 15.0) as f32;
        let mut depth = vec![None; PIXELS * PIXELS];
        let mut kinds = vec![0; PIXELS * PIXELS];
        for y in 0..PIXELS {
            for x in 0..PIXELS {
                let from = if mirrored { PIXELS - 1 - x } else { x };
                let there = |v: usize, by: isize| v.checked_add_signed(by).filter(|v| *v < PIXELS);
                let (Some(from), Some(row)) = (there(from, right), there(y, down)) else {
                    continue;
                };
                let from = row * PIXELS + from;
                depth[y * PIXELS + x] = self.view.depth[from].map(|d| d + nearer);
                kinds[y * PIXELS + x] = self.kinds[from];
            }
        }
        let angle = if mirrored {
            -self.view.angle
        } else {
            self.view.angle
        };
        Self {
            view: View {
                angle,
                depth,
                ends: Vec::new(),
            },
            kinds,
        }
    }
}

/// The pictures of one head or other thing, from all sides. `hard` is 0 for whole heads with clean
/// surfaces and 1 for all that is to be learned: who has not seen faces cannot tell where one is
/// missing.
pub(crate) fn pictures(seed: u64, hard: f64) -> Vec<Shown> {
    let mut r = Random::new(seed);
    let thing = any_thing(&mut r);
    let mut setting = Setting::new(&mut r);
    setting.holder = None;
    setting.defaced = None;
    if r.chance(0.6 * hard) {
        let own = match &thing {
            Thing::Head(person) if r.chance(0.6) => own_cut(person, &thing, &setting, &mut r),
            _ => None,
        };
        let other = || Defaced::new(&mut r);
        setting.defaced = Some(own.map_or_else(other, |cut| Defaced::Cut(Box::new(cut))));
    }
    let jitter = [0; 3].map(|_| r.range(-20.0, 20.0));
    let middle = match &thing {
        Thing::Head(person) if r.chance(0.7) => person.global([0.0, 0.0, -20.0]),
        _ => setting.field.centre,
    };
    let centre: Point = std::array::from_fn(|a| middle[a] + jitter[a]);
    let mut wear = Wear::new(&mut r);
    wear.noise *= hard.max(0.1);
    ANGLES
        .iter()
        .map(|&angle| picture(&thing, &setting, Camera { centre, angle }, &wear, &mut r))
        .collect()
}

/// The cut that Cordon itself makes where it knows the parts of a head, now and then without one
/// of them: what the network will be shown most, and where it has to tell a socket from an eye.
fn own_cut(person: &Person, thing: &Thing, setting: &Setting, r: &mut Random) -> Option<Cut> {
    const EDGE: usize = 64;
    let centre = person.global([0.0, 0.0, -20.0]);
    let half = EDGE as f64 / 2.0 - 0.5;
    let grid = Grid {
        origin: std::array::from_fn(|a| centre[a] - half * NET_STEP),
        step: NET_STEP,
        size: [EDGE; 3],
    };
    let missed = r.chance(0.4).then(|| {
        let parts = [
            Label::Eyes,
            Label::Nose,
            Label::Mouth,
            Label::Ears,
            Label::Face,
        ];
        parts[r.below(parts.len())]
    });
    let n = grid.len();
    let mut shares = vec![0f32; n * Label::ALL.len()];
    let mut seen = vec![false; n];
    let mut values = vec![0f32; n];
    for i in 0..n {
        let p = grid.centre(grid.voxel(i));
        seen[i] = setting.field.holds(p);
        let spot = if seen[i] {
            setting.spot(thing, p)
        } else {
            Spot::OUTSIDE
        };
        let label = if Some(spot.label) == missed {
            Label::Head
        } else {
            spot.label
        };
        shares[label as usize * n + i] = 1.0;
        values[i] = setting.value(spot.tissue, p, r) as f32;
    }
    let parts = Parts::new(grid, shares, seen);
    let stack = Stack::on_grid(&grid, &values).ok()?;
    let wishes = Wishes {
        keep_orbits: r.chance(0.04),
    };
    plan(&parts, &stack, setting.kind(), wishes, r.bits())
}

/// What scanners and thresholds do to a surface.
struct Wear {
    noise: f64,
    waves: Vec<(Point, f64, f64)>,
    holes: f64,
    stairs: bool,
}

impl Wear {
    fn new(r: &mut Random) -> Self {
        let sunk = if r.chance(0.3) {
            r.range(0.5, 4.0)
        } else {
            r.range(0.0, 1.0)
        };
        Self {
            noise: r.range(0.1, 1.6),
            waves: (0..4)
                .map(|_| {
                    let k = [r.normal(), r.normal(), r.normal()].map(|v| v * 0.09);
                    (k, r.range(0.0, TAU), sunk)
                })
                .collect(),
            holes: if r.chance(0.3) {
                r.range(0.0, 0.03)
            } else {
                0.0
            },
            stairs: r.chance(0.7),
        }
    }

    fn sink(&self, p: Point) -> f64 {
        self.waves
            .iter()
            .map(|(k, phase, by)| by * (super::shape::dot(*k, p) + phase).sin().max(0.0))
            .sum()
    }
}

fn picture(thing: &Thing, setting: &Setting, camera: Camera, wear: &Wear, r: &mut Random) -> Shown {
    let forward = camera.forward();
    let mut depth = Vec::with_capacity(PIXELS * PIXELS);
    let mut kinds = Vec::with_capacity(PIXELS * PIXELS);
    for i in 0..PIXELS * PIXELS {
        let start = camera.pixel(i % PIXELS, i / PIXELS);
        let along = |t: f64| -> Point { std::array::from_fn(|a| start[a] + forward[a] * t) };
        let hit = march(thing, setting, wear, &along);
        let Some(t) = hit.filter(|_| !r.chance(wear.holes)) else {
            depth.push(None);
            kinds.push(0);
            continue;
        };
        let p = along(t + 1.0);
        kinds.push(kind(thing, p, forward));
        let seen = t + wear.sink(p) + wear.noise * r.normal();
        depth.push(Some(seen as f32));
    }
    Shown {
        view: View {
            angle: camera.angle,
            depth,
            ends: Vec::new(),
        },
        kinds,
    }
}

/// How far along a ray the first tissue lies.
fn march(
    thing: &Thing,
    setting: &Setting,
    wear: &Wear,
    along: &dyn Fn(f64) -> Point,
) -> Option<f64> {
    let solid = |t: f64| {
        let mut p = along(t);
        if wear.stairs && setting.slice > 1.5 {
            // Within a slice everything lies where the slice lies.
            let mut own = setting.field.own(p);
            own[setting.axis] = (own[setting.axis] / setting.slice).round() * setting.slice;
            p = setting.field.patient(own);
        }
        setting.field.holds(p) && setting.spot(thing, p).tissue != Tissue::Outside
    };
    let step = 4.0;
    let mut t = -REACH;
    while t < REACH {
        if solid(t) {
            let (mut a, mut b) = (t - step, t);
            for _ in 0..3 {
                let m = f64::midpoint(a, b);
                if solid(m) { b = m } else { a = m }
            }
            return Some(b);
        }
        t += step;
    }
    None
}

/// What part of a face a point on the surface shows.
fn kind(thing: &Thing, p: Point, forward: Point) -> u8 {
    // Inside the tip of a thin part the anatomy may end again within the step.
    let spot = thing.spot(p);
    let kind = match spot.label {
        Label::Eyes => 1,
        Label::Nose => 2,
        Label::Mouth => 3,
        Label::Ears => 4,
        Label::Face => 5,
        _ => return 0,
    };
    // Its own skin: a little before it there was nothing, before anything was taken off.
    let before: Point = std::array::from_fn(|a| p[a] - forward[a] * 6.0);
    if thing.spot(before).tissue == Tissue::Outside {
        kind
    } else {
        0
    }
}
