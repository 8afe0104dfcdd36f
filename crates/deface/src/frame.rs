//! Where a head's own left, back and up are, and where a face must be on it.
//!
//! The network finds brains well and small parts less well. Where the brain is, how large it is
//! and on which side of it the face lies says where a face has to be on any head, whatever the
//! network thinks of the nose: anatomy as a second opinion, on the side of taking off too much.
//! Distances are those of the model that the training heads are made of (`cordon-train`).

use crate::Label;
use crate::distance::distance;
use crate::parts::Parts;

/// A head's own directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadFrame {
    /// The middle of the brain, in patient coordinates (LPS, mm).
    pub centre: [f64; 3],
    /// Toward its left, back and top.
    axes: [[f64; 3]; 3],
    /// Its size relative to an adult's.
    pub scale: f64,
    /// Whether the brain says so; otherwise eyes and mouth do, and ears lie too far from them.
    by_brain: bool,
}

/// The middle of the model's brain, from the point between its ears.
const BRAIN: [f64; 3] = [0.0, 18.0, 8.0];
/// The point between the model's eyes, and from there to the middle of its mouth.
const EYES: [f64; 3] = [0.0, -63.0, -37.0];
const EYES_TO_MOUTH: [f64; 3] = [0.0, -14.0, -72.0];
/// Eyes and mouth say how a head lies when so much of each was found, in millilitres.
const LEAST_FOUND: f64 = 4.0;
/// The least cosine between the ways from eyes to mouth in the model and in a scan, and the least share
/// of its length.
const LEAST_DOWNWARD: f64 = 0.6;
/// From the middle of the brain to the middle of the model's face.
const TO_FACE: [f64; 2] = [-88.0, -62.0];
/// The volume of the model's brain in millilitres.
const VOLUME: f64 = 1750.0;

/// How much of the brain's surface may lie where the scan ends. On real heads: up to 0.15 where twenty slices
/// cover a brain, from 0.26 on where a scan ends inside of it.
const MOST_CUT_OFF: f64 = 0.2;
/// What is nearer to the end of the scan than this lies there, in millimetres: the network is unsure in
/// the last voxels.
const AT_THE_END: f32 = 8.5;

/// The share of the brain's surface that lies where the scan ends.
fn cut_off(parts: &Parts) -> f64 {
    let grid = &parts.grid;
    let labels = parts.labels();
    let unseen: Vec<bool> = parts.seen().iter().map(|s| !s).collect();
    let to_end = distance(grid, &unseen);
    let strides = [1, grid.size[0], grid.size[0] * grid.size[1]];
    let (mut surface, mut at_the_end) = (0.0, 0.0);
    for (i, label) in labels.iter().enumerate() {
        if *label != Label::Brain {
            continue;
        }
        let v = grid.voxel(i);
        let rim = (0..3).any(|a| v[a] == 0 || v[a] + 1 == grid.size[a]);
        let outer = rim
            || strides
                .iter()
                .any(|s| labels[i - s] != Label::Brain || labels[i + s] != Label::Brain);
        if outer {
            surface += 1.0;
            at_the_end += f64::from(u8::from(rim || to_end[i] <= AT_THE_END));
        }
    }
    if surface > 0.0 {
        at_the_end / surface
    } else {
        0.0
    }
}

/// Toward the left, the back and the top of a head that nods and turns, in radians.
fn axes(nod: f64, turn: f64) -> [[f64; 3]; 3] {
    let (sn, cn) = nod.sin_cos();
    let (st, ct) = turn.sin_cos();
    let left = [ct, st, 0.0];
    let back = [-st * cn, ct * cn, -sn];
    let up = [
        left[1] * back[2] - left[2] * back[1],
        left[2] * back[0] - left[0] * back[2],
        left[0] * back[1] - left[1] * back[0],
    ];
    [left, back, up]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

impl HeadFrame {
    /// A head as large as the model, upright, in the middle of nothing.
    #[cfg(test)]
    pub(crate) fn upright() -> Self {
        Self {
            centre: [0.0; 3],
            axes: axes(0.0, 0.0),
            scale: 1.0,
            by_brain: true,
        }
    }

    /// The frame of the head that was found: by its brain, or by eyes and mouth where the scan ends
    /// so far inside the brain that its middle says nothing. `None` without either.
    #[must_use]
    pub fn of(parts: &Parts) -> Option<Self> {
        let volumes = parts.volumes();
        if volumes.brain < 200.0 || cut_off(parts) > MOST_CUT_OFF {
            return Self::of_face(parts);
        }
        let centre = parts.centre(Label::Brain)?;
        let scale = (volumes.brain / VOLUME).cbrt().clamp(0.72, 1.15);
        // Toward the face, from all that is face: how the head nods and turns.
        let mut sum = [0.0; 3];
        let mut weight = 0.0;
        for label in Label::ALL {
            if !label.is_recognisable() || label == Label::Ears {
                continue;
            }
            for (i, share) in parts.shares(label).iter().enumerate() {
                if *share > 0.25 {
                    let p = parts.grid.centre(parts.grid.voxel(i));
                    let w = f64::from(*share);
                    for a in 0..3 {
                        sum[a] += w * (p[a] - centre[a]);
                    }
                    weight += w;
                }
            }
        }
        let (mut nod, mut turn) = (0.0, 0.0);
        if weight * parts.grid.step.powi(3) > 15_000.0 {
            let to = sum.map(|v| v / weight);
            let usual = (TO_FACE[1]).atan2(-TO_FACE[0]);
            let found = to[2].atan2(-to[1]);
            // A scan that ends above the mouth shows the upper half: believe half of it.
            nod = ((found - usual) * 0.5).clamp(-0.35, 0.35);
            turn = to[0].atan2(-to[1]).clamp(-0.5, 0.5);
        }
        Some(Self {
            centre,
            axes: axes(nod, turn),
            scale,
            by_brain: true,
        })
    }

    /// The frame by eyes and mouth.
    fn of_face(parts: &Parts) -> Option<Self> {
        let volumes = parts.volumes();
        if volumes.eyes < LEAST_FOUND || volumes.mouth < LEAST_FOUND {
            return None;
        }
        let eyes = parts.centre(Label::Eyes)?;
        let mouth = parts.centre(Label::Mouth)?;
        let to: [f64; 3] = std::array::from_fn(|a| mouth[a] - eyes[a]);
        let long = dot(to, to).sqrt();
        let usual = dot(EYES_TO_MOUTH, EYES_TO_MOUTH).sqrt();
        // A mouth beside or above the eyes is none.
        if dot(to, EYES_TO_MOUTH) < long * usual * LEAST_DOWNWARD || long < usual * LEAST_DOWNWARD {
            return None;
        }
        let scale = (long / usual).clamp(0.72, 1.15);
        let found = to[2].atan2(-to[1]);
        let nod = (found - EYES_TO_MOUTH[2].atan2(-EYES_TO_MOUTH[1])).clamp(-0.35, 0.35);
        let axes = axes(nod, 0.0);
        let back: [f64; 3] = std::array::from_fn(|a| BRAIN[a] - EYES[a]);
        let centre = std::array::from_fn(|a| {
            let along: f64 = axes.iter().zip(back).map(|(axis, v)| axis[a] * v).sum();
            eyes[a] + along * scale
        });
        Some(Self {
            centre,
            axes,
            scale,
            by_brain: false,
        })
    }

    /// A point in the model's millimetres, from between the ears.
    #[must_use]
    pub fn model(&self, point: [f64; 3]) -> [f64; 3] {
        let d = std::array::from_fn(|a| point[a] - self.centre[a]);
        std::array::from_fn(|a| dot(d, self.axes[a]) / self.scale + BRAIN[a])
    }

    /// A point of the model, in patient coordinates (LPS, mm): the inverse of [`Self::model`].
    #[must_use]
    pub fn patient(&self, model: [f64; 3]) -> [f64; 3] {
        let d: [f64; 3] = std::array::from_fn(|a| (model[a] - BRAIN[a]) * self.scale);
        std::array::from_fn(|a| {
            let along: f64 = self.axes.iter().zip(d).map(|(axis, v)| axis[a] * v).sum();
            self.centre[a] + along
        })
    }

    /// Whether a face must be here: in front of a plane from the corner of the jaw over the front
    /// of the ear to the hair line.
    #[must_use]
    pub fn is_front(&self, point: [f64; 3]) -> bool {
        let [_, y, z] = self.model(point);
        let front = if z < -20.0 {
            -6.0
        } else {
            -6.0 - (z + 20.0) * 0.9
        };
        y < front && z < 46.0 && z > -168.0
    }

    /// How far under the skin a cut may reach here, in millimetres. Forehead and temples lie over
    /// the brain with little between: there the skin and a part of the bone are enough, and `share` of
    /// that where the skin is hardly seen.
    #[must_use]
    pub fn deepest(&self, point: [f64; 3], share: f64) -> f64 {
        if self.is_eye(point) {
            return 50.0;
        }
        let [_, y, z] = self.model(point);
        // Over the brow, and behind the eyes, where the poles of the temporal lobes are.
        let thin = z > -24.0 || y > -50.0 && z > -60.0;
        if thin { 7.0 * self.scale * share } else { 30.0 }
    }

    /// Whether an eye must be here.
    #[must_use]
    pub fn is_eye(&self, point: [f64; 3]) -> bool {
        let [x, y, z] = self.model(point);
        let d = [
            (x.abs() - 32.0) / 20.0,
            (y + 64.0) / 24.0,
            (z + 37.0) / 19.0,
        ];
        dot(d, d) < 1.0
    }

    /// Whether an ear must be here, or what is between an ear and the skull.
    #[must_use]
    pub fn is_ear(&self, point: [f64; 3]) -> bool {
        let [x, y, z] = self.model(point);
        self.by_brain && x.abs() > 64.0 && (y - 26.0).abs() < 42.0 && (z + 44.0).abs() < 52.0
    }

    /// Whether this is beside an ear and beside the widest skull.
    #[must_use]
    pub fn is_beside(&self, point: [f64; 3]) -> bool {
        self.is_ear(point) && self.model(point)[0].abs() > 75.0
    }
}
