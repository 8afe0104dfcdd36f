//! The grey values of one stack.

/// Slices of one stack in modality units (Hounsfield units for CT, the scanner's own elsewhere).
///
/// Values that only fill up the matrix, or are not a number, are NaN: no metric counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Columns, rows, slices.
    pub size: [usize; 3],
    /// Distance between columns, rows and slices in millimetres; 1 where it is unknown.
    pub spacing: [f64; 3],
    /// The values: columns run fastest, then rows, then slices along the normal.
    pub values: Vec<f32>,
    /// Modality (0008,0060).
    pub modality: String,
}

impl Volume {
    /// A volume of `values`; filled up with NaN or cut to fit `size`.
    #[must_use]
    pub fn new(size: [usize; 3], spacing: [f64; 3], mut values: Vec<f32>, modality: &str) -> Self {
        values.resize(
            size.iter().fold(1, |n, &s| usize::saturating_mul(n, s)),
            f32::NAN,
        );
        Self {
            size,
            spacing: spacing.map(|s| if s.is_finite() && s > 0.0 { s } else { 1.0 }),
            values,
            modality: modality.to_owned(),
        }
    }

    /// Pixels of one slice.
    #[must_use]
    pub fn area(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// The pixels of slice `z`; empty past the end.
    #[must_use]
    pub fn slice(&self, z: usize) -> &[f32] {
        let n = self.area();
        self.values.get(z * n..(z + 1) * n).unwrap_or_default()
    }

    /// The means of blocks of `factor` × `factor` pixels; what is left over at the far edges is
    /// cut off.
    #[must_use]
    pub fn shrunk(&self, factor: usize) -> Self {
        let factor = factor.max(1);
        let [columns, rows, slices] = self.size;
        let size = [columns / factor, rows / factor, slices];
        let mut values = Vec::with_capacity(size.iter().product());
        for z in 0..slices {
            let slice = self.slice(z);
            for y in 0..size[1] {
                for x in 0..size[0] {
                    let mut sum = 0.0;
                    for line in y * factor..(y + 1) * factor {
                        let from = line * columns + x * factor;
                        let part = slice.get(from..from + factor).unwrap_or_default();
                        sum += part.iter().sum::<f32>();
                    }
                    values.push(sum / (factor * factor) as f32);
                }
            }
        }
        let far = factor as f64;
        let spacing = [
            self.spacing[0] * far,
            self.spacing[1] * far,
            self.spacing[2],
        ];
        Self::new(size, spacing, values, &self.modality)
    }

    /// Whether values are Hounsfield units.
    #[must_use]
    pub fn is_ct(&self) -> bool {
        self.modality == "CT"
    }
}
