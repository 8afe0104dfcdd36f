//! Bodies from ellipsoids, cut into slices, with noise.

use crate::random::Random;

/// One ellipsoid: centre and radii in units of half the field of view, slices from -1 to 1.
/// A later one overwrites an earlier one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ellipsoid {
    pub(crate) centre: [f64; 3],
    pub(crate) radii: [f64; 3],
    pub(crate) value: f64,
}

/// Shorthand for tables of ellipsoids.
pub(crate) const fn e(centre: [f64; 3], radii: [f64; 3], value: f64) -> Ellipsoid {
    Ellipsoid {
        centre,
        radii,
        value,
    }
}

/// How a slice is cut and what the scanner adds to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    /// Position of the slice, -1 to 1.
    pub(crate) z: f64,
    /// Value outside every ellipsoid.
    pub(crate) outside: f64,
    /// Standard deviation of the noise.
    pub(crate) noise: f64,
    /// Magnitude images have no negative values: noise is Rician, not Gaussian.
    pub(crate) magnitude: bool,
}

/// The values of one slice, row by row.
pub(crate) fn slice(body: &[Ellipsoid], cut: &Cut, random: &mut Random) -> Vec<f64> {
    let mut out = Vec::with_capacity(usize::from(cut.columns) * usize::from(cut.rows));
    let half = f64::from(cut.columns.max(cut.rows)) / 2.0;
    // What this slice cuts: the parts, with the share of the distance that z takes.
    let parts: Vec<(&Ellipsoid, f64)> = body
        .iter()
        .map(|part| (part, ((cut.z - part.centre[2]) / part.radii[2]).powi(2)))
        .filter(|(_, dz)| *dz < 1.0)
        .collect();
    for row in 0..cut.rows {
        let y = (f64::from(row) + 0.5 - f64::from(cut.rows) / 2.0) / half;
        for column in 0..cut.columns {
            let x = (f64::from(column) + 0.5 - f64::from(cut.columns) / 2.0) / half;
            let mut value = cut.outside;
            for (part, dz) in &parts {
                let dx = (x - part.centre[0]) / part.radii[0];
                let dy = (y - part.centre[1]) / part.radii[1];
                let d = dx * dx + dy * dy + dz;
                if d < 1.0 {
                    // A soft rim of a pixel or two instead of a staircase.
                    let rim = ((1.0 - d) * half * part.radii[0] / 3.0).min(1.0);
                    value += (part.value - value) * rim;
                }
            }
            out.push(if cut.magnitude {
                (value + cut.noise * random.gauss()).hypot(cut.noise * random.gauss())
            } else {
                value + cut.noise * random.gauss()
            });
        }
    }
    out
}

/// Unsigned 16-bit little-endian pixels, clamped to `0..=max`.
pub(crate) fn to_u16(values: &[f64], scale: f64, offset: f64, max: i32) -> Vec<u8> {
    values
        .iter()
        .flat_map(|v| {
            let [a, b, ..] = ((v * scale + offset).round() as i32)
                .clamp(0, max)
                .to_le_bytes();
            [a, b]
        })
        .collect()
}

/// The abdomen: body wall, liver, spleen, kidneys, spine, aorta, bowel gas.
pub(crate) fn abdomen(
    fat: f64,
    muscle: f64,
    organ: f64,
    bone: f64,
    vessel: f64,
    gas: f64,
) -> Vec<Ellipsoid> {
    vec![
        e([0.0, 0.0, 0.0], [0.86, 0.62, 9.0], fat),
        e([0.0, 0.0, 0.0], [0.78, 0.54, 9.0], muscle),
        e([0.0, -0.06, 0.0], [0.66, 0.42, 9.0], fat * 0.98),
        e([-0.34, -0.08, 0.45], [0.34, 0.36, 0.75], organ),
        e([0.46, 0.04, 0.5], [0.17, 0.24, 0.45], organ * 0.92),
        e([0.12, -0.2, 0.4], [0.2, 0.14, 0.4], organ * 0.8),
        e([0.1, -0.26, 0.4], [0.09, 0.06, 0.3], gas),
        e([-0.36, 0.22, -0.1], [0.12, 0.14, 0.5], organ * 1.15),
        e([0.36, 0.22, -0.05], [0.12, 0.14, 0.5], organ * 1.15),
        e([0.0, 0.28, 0.0], [0.13, 0.11, 9.0], bone),
        e([0.0, 0.28, 0.0], [0.09, 0.075, 9.0], bone * 0.6),
        e([0.0, 0.4, 0.0], [0.045, 0.1, 9.0], bone),
        e([0.07, 0.12, 0.0], [0.055, 0.055, 9.0], vessel),
        e([-0.09, 0.11, 0.0], [0.07, 0.05, 9.0], vessel * 0.85),
        e([-0.15, -0.2, -0.6], [0.2, 0.13, 0.4], organ * 0.75),
        e([0.2, -0.16, -0.5], [0.18, 0.15, 0.4], organ * 0.75),
        e([0.2, -0.2, -0.5], [0.08, 0.06, 0.3], gas),
    ]
}

/// A knee seen from the side: femur, tibia, patella, cartilage, fat pad; slices run across.
pub(crate) fn knee() -> Vec<Ellipsoid> {
    vec![
        e([0.0, -0.1, 0.0], [0.58, 1.5, 1.05], 330.0),
        e([0.02, -0.1, 0.0], [0.5, 1.45, 0.95], 150.0),
        e([0.06, -0.75, 0.0], [0.2, 0.62, 0.55], 420.0),
        e([0.04, -0.22, 0.35], [0.31, 0.25, 0.45], 60.0),
        e([0.04, -0.22, 0.35], [0.28, 0.22, 0.42], 430.0),
        e([0.04, -0.22, -0.35], [0.31, 0.25, 0.45], 60.0),
        e([0.04, -0.22, -0.35], [0.28, 0.22, 0.42], 430.0),
        e([0.04, 0.17, 0.0], [0.34, 0.1, 0.8], 60.0),
        e([0.04, 0.18, 0.0], [0.31, 0.085, 0.75], 400.0),
        e([0.06, 0.72, 0.0], [0.2, 0.62, 0.5], 410.0),
        e([-0.4, -0.3, 0.0], [0.08, 0.2, 0.4], 390.0),
        e([-0.3, 0.02, 0.0], [0.1, 0.13, 0.5], 480.0),
        e([0.2, 0.02, 0.0], [0.05, 0.16, 0.12], 30.0),
        e([-0.02, 0.0, 0.0], [0.04, 0.17, 0.12], 40.0),
    ]
}

/// A head from top to chin, with skin, skull, brain, ventricles, eyes and a nose.
pub(crate) fn head() -> Vec<Ellipsoid> {
    vec![
        e([0.0, 0.05, 0.0], [0.66, 0.8, 1.05], 420.0),
        e([0.0, -0.78, -0.45], [0.1, 0.17, 0.24], 380.0),
        e([0.0, 0.05, 0.05], [0.62, 0.75, 0.98], 40.0),
        e([0.0, 0.06, 0.1], [0.57, 0.7, 0.88], 330.0),
        e([0.0, 0.06, 0.12], [0.52, 0.64, 0.8], 470.0),
        e([-0.09, 0.0, 0.18], [0.05, 0.24, 0.22], 110.0),
        e([0.09, 0.0, 0.18], [0.05, 0.24, 0.22], 110.0),
        e([0.0, 0.3, -0.1], [0.03, 0.05, 0.2], 120.0),
        e([-0.26, -0.6, -0.3], [0.12, 0.12, 0.13], 90.0),
        e([0.26, -0.6, -0.3], [0.12, 0.12, 0.13], 90.0),
        e([0.0, -0.4, -0.6], [0.15, 0.25, 0.25], 20.0),
    ]
}
