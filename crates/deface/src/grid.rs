//! A regular grid in patient coordinates, and numbers on it.

use serde::{Deserialize, Serialize};

/// Voxels of equal edge, aligned with the patient: first axis toward the left, second toward the
/// back, third toward the head (LPS). The first axis runs fastest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// The centre of the first voxel, in millimetres.
    pub origin: [f64; 3],
    /// The edge of a voxel, in millimetres.
    pub step: f64,
    /// How many voxels there are along each axis.
    pub size: [usize; 3],
}

impl Grid {
    /// How many voxels there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.size.iter().product()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of a voxel in the list of values.
    #[must_use]
    pub fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        (z * self.size[1] + y) * self.size[0] + x
    }

    /// The voxel at a place in the list of values.
    #[must_use]
    pub fn voxel(&self, index: usize) -> [usize; 3] {
        let [nx, ny, _] = self.size;
        [index % nx, index / nx % ny, index / (nx * ny)]
    }

    /// The places in the list of values of the voxels that share a face with one: up to six.
    pub(crate) fn neighbours(&self, index: usize) -> impl Iterator<Item = usize> {
        let voxel = self.voxel(index);
        let size = self.size;
        let strides = [1, size[0], size[0] * size[1]];
        (0..3).flat_map(move |a| {
            let up = (voxel[a] + 1 < size[a]).then(|| index + strides[a]);
            let down = (voxel[a] > 0).then(|| index - strides[a]);
            [up, down].into_iter().flatten()
        })
    }

    /// The centre of a voxel, in millimetres.
    #[must_use]
    pub fn centre(&self, voxel: [usize; 3]) -> [f64; 3] {
        std::array::from_fn(|a| self.origin[a] + voxel[a] as f64 * self.step)
    }

    /// Where a point lies, in voxels from the centre of the first one.
    #[must_use]
    pub fn place(&self, point: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|a| (point[a] - self.origin[a]) / self.step)
    }

    /// The value at a point between the voxels, linear in each axis; `None` outside the grid.
    #[must_use]
    pub fn sample<T: Copy + Into<f64>>(&self, values: &[T], point: [f64; 3]) -> Option<f64> {
        self.sample_at(values, self.place(point))
    }

    /// The middles of the eight parts of a voxel, half as long on each side.
    pub fn eighths(&self, index: usize) -> impl Iterator<Item = [f64; 3]> + use<> {
        let (centre, by) = (self.centre(self.voxel(index)), self.step / 4.0);
        (0..8usize).map(move |corner| {
            std::array::from_fn(|a| centre[a] + if corner >> a & 1 == 1 { by } else { -by })
        })
    }

    /// The voxel whose centre is nearest to a point; `None` outside.
    pub(crate) fn nearest(&self, point: [f64; 3]) -> Option<usize> {
        let place = self.place(point);
        let mut voxel = [0; 3];
        for a in 0..3 {
            let at = place[a].round();
            if !(at >= 0.0 && at < self.size[a] as f64) {
                return None;
            }
            #[expect(clippy::cast_sign_loss, reason = "not below zero")]
            let at = at as usize;
            voxel[a] = at;
        }
        Some(self.index(voxel))
    }

    /// As [`Grid::sample`], for a place in voxels.
    #[must_use]
    pub fn sample_at<T: Copy + Into<f64>>(&self, values: &[T], place: [f64; 3]) -> Option<f64> {
        let mut low = [0usize; 3];
        let mut part = [0f64; 3];
        for a in 0..3 {
            let last = self.size[a].checked_sub(1)? as f64;
            // Half a voxel beyond the centres still belongs to the grid.
            if !(place[a] >= -0.5 && place[a] <= last + 0.5) {
                return None;
            }
            let p = place[a].clamp(0.0, last);
            #[expect(clippy::cast_sign_loss, reason = "clamped above zero")]
            let floor = p.floor() as usize;
            low[a] = floor.min(self.size[a].saturating_sub(2));
            part[a] = p - low[a] as f64;
        }
        let mut sum = 0.0;
        for corner in 0..8usize {
            let mut weight = 1.0;
            let mut at = low;
            for a in 0..3 {
                if corner >> a & 1 == 1 {
                    weight *= part[a];
                    at[a] = (at[a] + 1).min(self.size[a] - 1);
                } else {
                    weight *= 1.0 - part[a];
                }
            }
            if weight > 0.0 {
                sum += weight * (*values.get(self.index(at))?).into();
            }
        }
        Some(sum)
    }
}
