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

    /// Whether values are Hounsfield units.
    #[must_use]
    pub fn is_ct(&self) -> bool {
        self.modality == "CT"
    }
}
