//! Whether a face is off: what pictures of the result say beside those of the scan as it came.
//!
//! The result may be Cordon's own cut, a worse one, or what another program made of the same scan. The
//! proof does not know how it was made: it has the two scans, and no mask.

use cordon_deface::{Altered, Cut, Face, Label, Seen, Stack, View};
use cordon_nets::{Device, NetError};

use crate::face::{FaceJob, FaceNets, FaceOutcome, FaceReport, TRUSTED, pictures};

/// What pictures say of a result.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Pictures afterwards.
    pub after: Vec<View>,
    /// What they showed.
    pub seen: Seen,
    /// What of that was there before.
    pub left: Seen,
    /// How much moved.
    pub altered: Altered,
}

impl Proof {
    /// Writes what was seen into a report.
    pub fn enter(&self, report: &mut FaceReport) {
        report.seen_after = self.seen;
        report.left = self.left;
        report.altered = self.altered;
    }
}

impl FaceJob {
    /// What the pictures say of a cut of this series; nothing where it has no place in space.
    ///
    /// # Errors
    /// When the network gives no answer.
    pub async fn prove(
        &self,
        outcome: &FaceOutcome,
        cut: &Cut,
        nets: &FaceNets,
        device: &Device,
    ) -> Result<Option<Proof>, NetError> {
        let Some(stack) = self.main() else {
            return Ok(None);
        };
        let cleared = stack.after(cut, outcome.air);
        Ok(Some(
            self.prove_stack(outcome, &cleared, nets, device).await?,
        ))
    }

    /// What the pictures say of `result`, which another program made of this series; a report of it, as
    /// if it were Cordon's own. Nothing where they do not show the same place.
    ///
    /// # Errors
    /// When the network gives no answer.
    pub async fn prove_result(
        &self,
        outcome: &FaceOutcome,
        result: &Self,
        nets: &FaceNets,
        device: &Device,
    ) -> Result<Option<(FaceReport, Proof)>, NetError> {
        let (Some(before), Some(after)) = (self.main(), result.main()) else {
            return Ok(None);
        };
        let same = outcome
            .found
            .as_ref()
            .is_some_and(|found| found.is_shown(before, after));
        if !same {
            return Ok(None);
        }
        let proof = self.prove_stack(outcome, after, nets, device).await?;
        let mut report = outcome.report.clone();
        proof.enter(&mut report);
        report.placeless += result.placeless;
        report.brain_voxels_changed = outcome
            .found
            .as_ref()
            .map_or(0, |found| found.brain_changed(before, after));
        report.after = judge(&report);
        Ok(Some((report, proof)))
    }

    async fn prove_stack(
        &self,
        outcome: &FaceOutcome,
        after: &Stack,
        nets: &FaceNets,
        device: &Device,
    ) -> Result<Proof, NetError> {
        let (after, seen, kinds) = pictures(after, self.kind, outcome.hint, nets, device).await?;
        Ok(Proof {
            left: Seen::left(&outcome.before, &outcome.kinds, &after, &kinds),
            altered: Altered::between(&outcome.before, &outcome.kinds, &after),
            seen,
            after,
        })
    }
}

impl crate::face::Found {
    /// Whether `after` shows the place that `before` shows: what lies elsewhere proves nothing.
    fn is_shown(&self, before: &Stack, after: &Stack) -> bool {
        /// A program may leave out a slice at the end.
        const MOST: f64 = 0.95;
        let (Some(before), Some(after)) = (before.sampler(), after.sampler()) else {
            return false;
        };
        let (mut all, mut shown) = (0.0, 0.0);
        for i in 0..self.grid.len() {
            let p = self.grid.centre(self.grid.voxel(i));
            if before.value(p).is_some() {
                all += 1.0;
                shown += f64::from(u8::from(after.value(p).is_some()));
            }
        }
        all > 0.0 && shown >= MOST * all
    }

    /// How many points of the brain, 2 mm apart, have another value in `after`: one that is farther off
    /// than a hundredth of what the brain's values span, or none.
    fn brain_changed(&self, before: &Stack, after: &Stack) -> u64 {
        let (Some(before), Some(after)) = (before.sampler(), after.sampler()) else {
            return 0;
        };
        let brain = |i: &usize| self.labels.get(*i) == Some(&Label::Brain);
        let points = || {
            (0..self.grid.len())
                .filter(brain)
                .flat_map(|i| self.grid.eighths(i))
        };
        let (low, high) = points()
            .filter_map(|p| before.value(p))
            .fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let near = (high - low) / 100.0;
        points()
            .filter(|&p| match (before.value(p), after.value(p)) {
                (Some(b), Some(a)) => (a - b).abs() > near,
                (Some(_), None) => true,
                _ => false,
            })
            .count() as u64
    }
}

/// What the proof comes to, whoever decides: by the pictures afterwards, by what moved, and by the brain.
#[must_use]
pub fn proven(report: &FaceReport) -> Face {
    let nobody_knows = report.unseen.is_some() || report.placeless > 0 || report.lent;
    if nobody_knows || report.brain_voxels_changed > 0 {
        return Face::Unsure;
    }
    // Who did not see the face before, here or with a cut made elsewhere, cannot say that it is gone.
    if report.seen_before.verdict() != Face::Present {
        return Face::Unsure;
    }
    report.left.verdict_after(&report.altered)
}

/// The same, where the networks' word alone is not enough.
pub(crate) fn judge(report: &FaceReport) -> Face {
    match proven(report) {
        Face::Absent if !TRUSTED => Face::Unsure,
        other => other,
    }
}
