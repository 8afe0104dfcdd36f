//! From what the network found to what is taken off.
//!
//! The network says roughly what is face, at 4 mm. The plan makes a body of it on a 2 mm grid: the
//! face with the skin, eyes and ears, a rim of what lies outside them, and every piece that would
//! float alone. It reaches as deep under the skin as a face goes, less over the brain; the inner surface
//! is rough on purpose, so that it does not follow the bone. Nothing within [`MARGIN`] of the brain
//! can be taken: the cut carries that field of its own, and it wins.

use serde::{Deserialize, Serialize};

use crate::around::{beside_ears, exterior, tissue};
use crate::cut::{Air, Cut};
use crate::distance::distance;
use crate::frame::HeadFrame;
use crate::missing::{Missing, missing};
use crate::normal::Kind;
use crate::parts::Parts;
use crate::search::resample;
use crate::stack::Stack;
use crate::{Grid, Label};

/// The edge of the plan's voxels, in millimetres.
const STEP: f64 = 2.0;
/// What is nearer to the brain than this stays, in millimetres.
pub const MARGIN: f64 = 4.0;
/// The thickness of scalp that any head has over its skull, in millimetres.
const SCALP: f32 = 4.0;
/// What is nearer to the brain than this stays even in the outermost skin.
const GUARD: f32 = 2.0;
/// How much of the outermost layer is skin on any head, in millimetres: no skull is so thin.
const SKIN: f32 = 2.5;
/// The share from which a voxel is brain even there: a head that came without its skin.
const BARE: f64 = 0.4;
/// The share from which a voxel lies outside: the network learned that a face weighs five times as much,
/// and sees it a voxel too large.
const OUTSIDE: f64 = 0.2;
/// The share from which a voxel counts as brain: rather too much of it than too little.
const BRAIN: f64 = 0.25;
/// The share from which it does where only one of several looks gave it.
const BRAIN_ONCE: f64 = 0.5;
/// How far outside the skin the cut reaches, in millimetres.
const OUTWARD: f32 = 14.0;
/// By how much the found parts grow, in millimetres.
const GROW: f32 = 5.0;
/// By how much the skin around the found parts goes with them, in millimetres: where a face ends is
/// nowhere to be seen, and skin alone is no loss.
const SPREAD: f32 = 18.0;
/// By how much the ears grow: they are thin, and the network sees 4 mm.
const GROW_EARS: f32 = 6.0;
/// How deep under the skin a cut reaches where nobody knows how the head lies, in millimetres: not
/// deep, but in what stands out, and in the sockets.
const DEEPEST: [f32; 2] = [11.0, 30.0];
/// The same where neither eyes nor nose are in the scan: a piece of a head's upper half has no sockets,
/// and what was taken for a mouth there is brain.
const SHALLOW: f32 = 8.0;
/// Eyes or nose are in the scan when so much of them was found, in millilitres.
const LEAST_DEEP: f64 = 4.0;
/// How deep under the skin the face goes by anatomy alone, in millimetres.
const UNDER: f32 = 14.0;
/// The same for ears.
const UNDER_EAR: f32 = 6.0;
/// A face that is less bright than this share of the brain is hardly seen.
const LEAST_BRIGHT: f64 = 0.32;
/// Over the brain a cut then goes only so far as this share of its usual depth.
const DIM: f64 = 0.7;
/// Longest side of the plan's grid.
const LONGEST: usize = 200;

/// What the protocol leaves to choose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// Eyes and what surrounds them stay: eye research. The face is then still in part there.
    pub keep_orbits: bool,
}

/// The cut for a scan; `None` when nothing recognisable was found, or when the face was gone before. `seed` makes its rough side.
#[must_use]
pub fn plan(parts: &Parts, stack: &Stack, kind: Kind, wishes: Wishes, seed: u64) -> Option<Cut> {
    let coarse = &parts.grid;
    let labels = parts.labels();
    let wanted = |l: Label| l.is_recognisable() && !(wishes.keep_orbits && l == Label::Eyes);
    let frame = HeadFrame::of(parts);
    let grid = fine_grid(coarse, &labels, &wanted, frame.as_ref())?;
    let n = grid.len();
    let share = |label: Label, i: usize| {
        coarse
            .sample(parts.shares(label), grid.centre(grid.voxel(i)))
            .unwrap_or(0.0)
    };
    let volumes = parts.volumes();
    let has_sockets = volumes.eyes >= LEAST_DEEP || volumes.nose >= LEAST_DEEP;
    let mut body = vec![false; n];
    let mut ears = vec![false; n];
    let mut deepest = vec![0.0; n];
    let mut brain = vec![false; n];
    let mut bare = vec![false; n];
    let mut outside = vec![true; n];
    for i in 0..n {
        let of = Label::ALL.map(|l| share(l, i));
        let recognisable: f64 = Label::ALL
            .iter()
            .filter(|l| wanted(**l))
            .map(|l| of[*l as usize])
            .sum();
        body[i] = recognisable > 0.3;
        ears[i] = of[Label::Ears as usize] > 0.3;
        let middle =
            of[Label::Eyes as usize] + of[Label::Nose as usize] + of[Label::Mouth as usize];
        deepest[i] = if has_sockets {
            DEEPEST[usize::from(middle > 0.3)]
        } else {
            SHALLOW
        };
        let once = coarse.sample(parts.brain_at_most(), grid.centre(grid.voxel(i)));
        brain[i] = of[Label::Brain as usize] > BRAIN || once.is_some_and(|b| b > BRAIN_ONCE);
        bare[i] = of[Label::Brain as usize] > BARE;
        outside[i] = of[Label::Outside as usize] > OUTSIDE;
    }
    let sampler = stack.sampler()?;
    let (values, seen) = resample(&sampler, &grid);
    let tissue = tissue(&values, &seen, kind);
    let to_brain = distance(&grid, &brain);
    // Dim skin is skin where the network says so: what is under it lies deeper than it looks.
    let solid: Vec<bool> = (0..n).map(|i| tissue[i] || !outside[i]).collect();
    let mut air = exterior(&grid, &solid, &seen);
    if let Some(frame) = &frame {
        beside_ears(&grid, &seen, frame, &mut air);
    }
    let gone = frame
        .as_ref()
        .map_or(Missing::Nothing, |f| missing(&grid, &seen, &air, f));
    // How much of its usual depth the cut has over the brain.
    let thin = match gone {
        Missing::Face => return None,
        Missing::Brow => 0.0,
        Missing::Nothing if kind == Kind::Relative && is_dim(&values, &seen, &bare, &body) => DIM,
        Missing::Nothing => 1.0,
    };
    let under = distance(&grid, &air);
    if let Some(frame) = &frame {
        for i in 0..n {
            let p = grid.centre(grid.voxel(i));
            let skin = under[i] <= UNDER && !brain[i];
            let eye = frame.is_eye(p) && !wishes.keep_orbits;
            body[i] |= tissue[i] && (skin && frame.is_front(p) || eye);
            ears[i] |= tissue[i] && under[i] <= UNDER_EAR && frame.is_ear(p);
        }
    }
    let to_body = distance(&grid, &body);
    let to_ears = distance(&grid, &ears);
    let mut taken: Vec<bool> = (0..n)
        .map(|i| {
            to_body[i] <= GROW
                || to_ears[i] <= GROW_EARS
                || to_body[i] <= OUTWARD && (!tissue[i] || outside[i])
                || to_body[i] <= SPREAD && under[i] <= SCALP
        })
        .collect();
    if wishes.keep_orbits {
        let eyes: Vec<bool> = (0..n).map(|i| share(Label::Eyes, i) > 0.3).collect();
        let to_eyes = distance(&grid, &eyes);
        for i in 0..n {
            taken[i] &= to_eyes[i] > 2.0;
        }
    }
    islands(&grid, &tissue, &brain, &to_body, &mut taken);
    let inside: Vec<bool> = taken.iter().map(|t| !t).collect();
    let to_taken = distance(&grid, &taken);
    let to_rest = distance(&grid, &inside);
    let quarters = |v: f32| (v * 4.0).round().clamp(-127.0, 127.0) as i8;
    let depth = (0..n)
        .map(|i| {
            let signed = if taken[i] {
                to_rest[i] - STEP as f32 / 2.0
            } else {
                STEP as f32 / 2.0 - to_taken[i]
            };
            let p = grid.centre(grid.voxel(i));
            let rough = roughness(p, seed);
            let deepest = frame.as_ref().map_or(deepest[i], |f| {
                // An ear is no brow: it goes whatever is missing.
                let share = if gone == Missing::Brow && f.is_ear(p) {
                    1.0
                } else {
                    thin
                };
                f.deepest(p, share) as f32
            });
            quarters((signed + rough).min(deepest - under[i]))
        })
        .collect();
    let to_bare = distance(&grid, &bare);
    let keep = (0..n)
        .map(|i| {
            // The outermost skin is never brain, however thin a child's skull: it goes, but for
            // what lies close to what may be brain. Of the very first layer only what is itself
            // rather likely to be brain stays: that of a head which came without its skin.
            let (d, under) = (to_brain[i].min(1e3), under[i]);
            let near = MARGIN as f32 - d;
            let scalp = (under - SCALP).max(GUARD - d);
            let skin = (under - SKIN).max(1.0 - to_bare[i].min(1e3));
            quarters(near.min(scalp).min(skin))
        })
        .collect();
    Some(Cut { grid, depth, keep })
}

/// Whether what covers the brain is hardly seen beside it, as in PET with FDG: the surface that is seen
/// may then lie inside of the scalp.
fn is_dim(values: &[f32], seen: &[bool], brain: &[bool], body: &[bool]) -> bool {
    let mean = |of: &[bool]| {
        let (mut sum, mut n) = (0.0, 0.0);
        for (value, _) in values
            .iter()
            .zip(seen.iter().zip(of))
            .filter(|(_, (s, o))| **s && **o)
        {
            sum += f64::from(*value);
            n += 1.0;
        }
        (n > 500.0).then_some(sum / n)
    };
    match (mean(brain), mean(body)) {
        (Some(brain), Some(body)) => body < LEAST_BRIGHT * brain,
        _ => false,
    }
}

/// How air looks where nothing better is known.
const fn usual(kind: Kind) -> Air {
    match kind {
        Kind::Hounsfield => Air {
            level: -1000.0,
            noise: 8.0,
        },
        Kind::Relative => Air::NOTHING,
    }
}

/// How air looks in the scan: what lies far from any tissue. Where there is none, the darkest.
#[must_use]
pub fn air(parts: &Parts, stack: &Stack, kind: Kind) -> Air {
    let usual = usual(kind);
    let Some(sampler) = stack.sampler() else {
        return usual;
    };
    let (values, seen) = resample(&sampler, &parts.grid);
    let outside = parts.shares(Label::Outside);
    let mut found: Vec<f32> = (0..values.len())
        .filter(|&i| seen[i] && outside.get(i).is_some_and(|o| *o > 0.95))
        .map(|i| values[i])
        .collect();
    if kind == Kind::Hounsfield {
        found.retain(|v| *v < -850.0 && *v > -1100.0);
    }
    if found.len() < 200 {
        let mut known: Vec<f32> = (0..values.len())
            .filter(|&i| seen[i])
            .map(|i| values[i])
            .collect();
        if kind == Kind::Hounsfield || known.is_empty() {
            return usual;
        }
        let at = known.len() / 100;
        let level = f64::from(*known.select_nth_unstable_by(at, f32::total_cmp).1);
        return Air { level, noise: 0.0 };
    }
    found.sort_unstable_by(f32::total_cmp);
    #[expect(clippy::cast_sign_loss, reason = "a share of a length")]
    let at = |share: f64| f64::from(found[((found.len() - 1) as f64 * share) as usize]);
    // Holders and ghosts are not air: the lower half says what is usual.
    let level = at(0.3);
    let noise = (level - at(0.08)).max(0.0);
    Air { level, noise }
}

/// How air looks in a scan of which nobody knows what it shows: near its darkest values.
#[must_use]
pub fn dark(stack: &Stack, kind: Kind) -> Air {
    let mut values = stack.values();
    if kind == Kind::Hounsfield || values.is_empty() {
        return usual(kind);
    }
    values.sort_unstable_by(f32::total_cmp);
    let at = |percent: usize| f64::from(values[(values.len() - 1) * percent / 100]);
    let level = at(8);
    Air {
        level,
        noise: (level - at(2)).max(0.0),
    }
}

/// The grid of the plan: around all that is wanted.
fn fine_grid(
    coarse: &Grid,
    labels: &[Label],
    wanted: &dyn Fn(Label) -> bool,
    frame: Option<&HeadFrame>,
) -> Option<Grid> {
    let mut low = [f64::MAX; 3];
    let mut high = [f64::MIN; 3];
    for (i, label) in labels.iter().enumerate() {
        let p = coarse.centre(coarse.voxel(i));
        let by_anatomy =
            *label != Label::Outside && frame.is_some_and(|f| f.is_front(p) || f.is_ear(p));
        if wanted(*label) || by_anatomy {
            for a in 0..3 {
                low[a] = low[a].min(p[a]);
                high[a] = high[a].max(p[a]);
            }
        }
    }
    if low[0] > high[0] {
        return None;
    }
    let rim = 28.0;
    #[expect(clippy::cast_sign_loss, reason = "positive")]
    let size =
        std::array::from_fn(|a| ((((high[a] - low[a]) + 2.0 * rim) / STEP) as usize).min(LONGEST));
    Some(Grid {
        origin: low.map(|v| v - rim),
        step: STEP,
        size,
    })
}

/// Pieces of tissue that would float alone in front of the head go too.
fn islands(grid: &Grid, tissue: &[bool], brain: &[bool], near: &[f32], taken: &mut [bool]) {
    let n = grid.len();
    let mut piece = vec![0u32; n];
    let mut sizes = vec![0usize; 1];
    let mut holds_brain = vec![false; 1];
    let mut queue = Vec::new();
    for start in 0..n {
        if piece[start] != 0 || !tissue[start] || taken[start] {
            continue;
        }
        let id = sizes.len() as u32;
        sizes.push(0);
        holds_brain.push(false);
        piece[start] = id;
        queue.push(start);
        while let Some(i) = queue.pop() {
            sizes[id as usize] += 1;
            holds_brain[id as usize] |= brain[i];
            for j in grid.neighbours(i) {
                if piece[j] == 0 && tissue[j] && !taken[j] {
                    piece[j] = id;
                    queue.push(j);
                }
            }
        }
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    for i in 0..n {
        let id = piece[i] as usize;
        if id != 0 && !holds_brain[id] && sizes[id] * 5 < largest && near[i] < 40.0 {
            taken[i] = true;
        }
    }
}

/// A slow random field between -1 and 3 mm: lattice noise with a period of 11 mm.
fn roughness(p: [f64; 3], seed: u64) -> f32 {
    const PERIOD: f64 = 11.0;
    let cell = p.map(|v| (v / PERIOD).floor());
    let part: [f64; 3] = std::array::from_fn(|a| {
        let t = p[a] / PERIOD - cell[a];
        t * t * (3.0 - 2.0 * t)
    });
    let mut sum = 0.0;
    for corner in 0..8usize {
        let mut weight = 1.0;
        let mut hash = seed;
        for a in 0..3 {
            let up = corner >> a & 1;
            weight *= if up == 1 { part[a] } else { 1.0 - part[a] };
            #[expect(clippy::cast_sign_loss, reason = "only the bits matter")]
            let at = (cell[a] as i64 + up as i64) as u64;
            hash =
                (hash ^ at.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            hash ^= hash >> 29;
        }
        sum += weight * ((hash >> 11) as f64 / (1u64 << 53) as f64);
    }
    (sum * 4.0 - 1.0) as f32
}
