//! What the network found, voxel by voxel, and what that says about the scan.

use crate::{Face, Grid, Label};

/// The share of each label at each voxel of a grid.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where the voxels lie.
    pub grid: Grid,
    shares: Vec<f32>,
    seen: Vec<bool>,
    /// The greatest share of brain that anybody who looked gave each voxel.
    brain_at_most: Vec<f32>,
}

/// Volumes in millilitres.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Volumes {
    /// Everything that is head.
    pub head: f64,
    /// The inside of the skull.
    pub brain: f64,
    /// Eyes with lids.
    pub eyes: f64,
    /// The outer nose.
    pub nose: f64,
    /// Lips and chin.
    pub mouth: f64,
    /// The outer ears.
    pub ears: f64,
    /// The rest of the face.
    pub face: f64,
}

impl Parts {
    /// What is known of a grid: the share of each label at each voxel, label by label, and which
    /// voxels the scan has. Shares that are missing count as none.
    #[must_use]
    pub fn new(grid: Grid, mut shares: Vec<f32>, mut seen: Vec<bool>) -> Self {
        shares.resize(grid.len() * Label::ALL.len(), 0.0);
        seen.resize(grid.len(), false);
        let mut parts = Self {
            grid,
            shares,
            seen,
            brain_at_most: Vec::new(),
        };
        parts.brain_at_most = parts.shares(Label::Brain).to_vec();
        parts
    }

    /// The same where somebody who looked gave the brain other shares: the greatest ones of all.
    pub(crate) fn with_brain_at_most(mut self, brain: &[f32]) -> Self {
        for (most, share) in self.brain_at_most.iter_mut().zip(brain) {
            *most = most.max(*share);
        }
        self
    }

    /// The greatest share of brain that anybody who looked gave each voxel.
    pub(crate) fn brain_at_most(&self) -> &[f32] {
        &self.brain_at_most
    }

    /// The shares of one label.
    #[must_use]
    pub fn shares(&self, label: Label) -> &[f32] {
        let n = self.grid.len();
        let at = label as usize * n;
        self.shares.get(at..at + n).unwrap_or_default()
    }

    /// Which voxels the scan has.
    #[must_use]
    pub fn seen(&self) -> &[bool] {
        &self.seen
    }

    /// The likeliest label of each voxel.
    #[must_use]
    pub fn labels(&self) -> Vec<Label> {
        let n = self.grid.len();
        (0..n)
            .map(|i| {
                let mut best = Label::Outside;
                let mut most = f32::MIN;
                for label in Label::ALL {
                    let share = self.shares[label as usize * n + i];
                    if share > most {
                        (best, most) = (label, share);
                    }
                }
                best
            })
            .collect()
    }

    /// The volume of each part: expected, so that half a doubt is half a voxel.
    #[must_use]
    pub fn volumes(&self) -> Volumes {
        let voxel = self.grid.step.powi(3) / 1000.0;
        let labels = self.labels();
        let count = |label: Label| labels.iter().filter(|l| **l == label).count() as f64 * voxel;
        let outside = count(Label::Outside);
        Volumes {
            head: labels.len() as f64 * voxel - outside,
            brain: count(Label::Brain),
            eyes: count(Label::Eyes),
            nose: count(Label::Nose),
            mouth: count(Label::Mouth),
            ears: count(Label::Ears),
            face: count(Label::Face),
        }
    }

    /// How unsure the network is about the brain: the volume that is neither nearly surely brain
    /// nor nearly surely something else, as a share of what is more likely brain than not. A sharp
    /// edge costs a third.
    #[must_use]
    pub fn brain_doubt(&self) -> f64 {
        let shares = self.shares(Label::Brain);
        let count = |f: &dyn Fn(f32) -> bool| shares.iter().filter(|s| f(**s)).count() as f64;
        count(&|s| s > 0.15 && s < 0.85) / count(&|s| s > 0.5).max(1.0)
    }

    /// The middle of a part in patient coordinates, in millimetres; `None` where there is less
    /// than half a millilitre of it.
    #[must_use]
    pub fn centre(&self, label: Label) -> Option<[f64; 3]> {
        let labels = self.labels();
        let mut sum = [0.0; 3];
        let mut n = 0.0;
        for (i, l) in labels.iter().enumerate() {
            if *l == label {
                let p = self.grid.centre(self.grid.voxel(i));
                for a in 0..3 {
                    sum[a] += p[a];
                }
                n += 1.0;
            }
        }
        (n * self.grid.step.powi(3) >= 500.0).then(|| sum.map(|v| v / n))
    }
}

impl Volumes {
    /// All that a person can be recognised by.
    #[must_use]
    pub fn recognisable(&self) -> f64 {
        self.eyes + self.nose + self.mouth + self.ears + self.face
    }

    /// Whether there is a head: enough of it, with at least one part that other things do not have
    /// (eyes, a nose, ears), not too small for its brain, and one more. Fruit and phantoms have a
    /// brain and a mouth, if they are asked.
    #[must_use]
    pub fn is_head(&self) -> bool {
        let own = [self.eyes > 1.0, self.nose > 1.0, self.ears > 2.0];
        let any = [self.mouth > 3.0, self.brain > 400.0, self.face > 25.0];
        let count = |of: &[bool]| of.iter().filter(|there| **there).count();
        let enough = self.head > 150.0 && (self.brain > 60.0 || self.recognisable() > 40.0);
        let fits = self.eyes + self.nose + self.ears > 0.004 * self.brain;
        enough && fits && count(&own) > 0 && count(&own) + count(&any) > 1
    }

    /// Whether there is a face, as far as the network can tell.
    #[must_use]
    pub fn face(&self) -> Face {
        let middle = self.eyes + self.nose + self.mouth;
        if !self.is_head() || self.recognisable() < 8.0 && middle < 1.5 {
            Face::Absent
        } else if middle > 6.0 || self.face > 60.0 {
            Face::Present
        } else {
            Face::Unsure
        }
    }
}
