//! Heads and abdomens from ellipsoids, with folded texture, as MR or CT would show them.

use crate::synthetic::Random;
use crate::volume::Volume;

/// The range from which images are drawn. Training and evaluation use different ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Columns and rows, from and to.
    pub side: [usize; 2],
    /// Slices, from and to.
    pub slices: [usize; 2],
    /// σ of the noise of an undamaged magnitude image, as a share of its brightest tissue.
    pub noise: [f64; 2],
    /// σ of the noise of an undamaged CT image, in HU.
    pub noise_hu: [f64; 2],
    /// σ of the point spread in pixels.
    pub spread: [f64; 2],
    /// Wavelength of the texture as a share of the field of view.
    pub texture: [f64; 2],
    /// Depth of the uneven brightness of an undamaged magnitude image.
    pub bias: [f64; 2],
}

impl Settings {
    /// What the model is trained on.
    pub const TRAINING: Self = Self {
        side: [72, 128],
        slices: [10, 18],
        noise: [0.008, 0.03],
        noise_hu: [5.0, 16.0],
        spread: [0.45, 0.8],
        texture: [0.06, 0.2],
        bias: [0.0, 0.12],
    };
    /// What it is judged on: other sizes, textures and scanners.
    pub const HELD_OUT: Self = Self {
        side: [84, 140],
        slices: [12, 22],
        noise: [0.006, 0.033],
        noise_hu: [4.0, 18.0],
        spread: [0.4, 0.85],
        texture: [0.05, 0.25],
        bias: [0.02, 0.14],
    };
}

struct Part {
    centre: [f64; 3],
    radii: [f64; 3],
    /// Value as magnitude (brightest tissue about 1) and in HU.
    value: [f64; 2],
    texture: f64,
}

/// An undamaged image: a head or an abdomen, as `"MR"` or as `"CT"`.
#[must_use]
pub fn body(settings: &Settings, modality: &str, random: &mut Random) -> Volume {
    let among = |range: [usize; 2], r: &mut Random| range[0] + r.below(range[1] - range[0] + 1);
    let ct = modality == "CT";
    let columns = among(settings.side, random);
    let rows = among(settings.side, random);
    let slices = among(settings.slices, random);
    let parts = if random.unit() < 0.5 {
        head(random)
    } else {
        abdomen(random)
    };
    let waves = waves(settings, random);
    let zoom = random.between(1.02, 1.3);
    let shift = [random.between(-0.05, 0.05), random.between(-0.05, 0.05)];
    let reach = random.between(0.5, 0.8);
    let mut values = Vec::with_capacity(columns * rows * slices);
    for k in 0..slices {
        let z = reach * (2.0 * (k as f64 + 0.5) / slices as f64 - 1.0);
        let mut slice = vec![if ct { -1000.0 } else { 0.0 }; columns * rows];
        for (i, v) in slice.iter_mut().enumerate() {
            let x = zoom * (2.0 * ((i % columns) as f64 + 0.5) / columns as f64 - 1.0) + shift[0];
            let y = zoom * (2.0 * ((i / columns) as f64 + 0.5) / rows as f64 - 1.0) + shift[1];
            // A later part overwrites an earlier one.
            let inside = parts.iter().rev().find(|part| {
                let d: f64 = [x, y, z]
                    .iter()
                    .zip(part.centre.iter().zip(part.radii))
                    .map(|(p, (c, r))| ((p - c) / r).powi(2))
                    .sum();
                d < 1.0
            });
            if let Some(part) = inside {
                let fold: f64 = waves.iter().map(|w| w.at([x, y, z])).sum::<f64>().tanh();
                *v = if ct {
                    part.value[1] + 25.0 * part.texture * fold
                } else {
                    part.value[0] * (1.0 + part.texture * fold)
                };
            }
        }
        values.extend(slice);
    }
    let mut volume = Volume::new(
        [columns, rows, slices],
        [
            200.0 * zoom / columns as f64,
            200.0 * zoom / rows as f64,
            4.0,
        ],
        values.into_iter().map(|v: f64| v as f32).collect(),
        modality,
    );
    let sigma = random.between(settings.spread[0], settings.spread[1]);
    super::damage::blur(&mut volume, sigma);
    if ct {
        let noise = random.between(settings.noise_hu[0], settings.noise_hu[1]);
        super::damage::noise(&mut volume, noise, random);
    } else {
        let depth = random.between(settings.bias[0], settings.bias[1]);
        super::damage::bias(&mut volume, depth, random);
        let noise = random.between(settings.noise[0], settings.noise[1]);
        super::damage::noise(&mut volume, noise, random);
        let scale = random.between(200.0, 3000.0) as f32;
        for v in &mut volume.values {
            *v *= scale;
        }
    }
    volume
}

struct Wave {
    direction: [f64; 3],
    phase: f64,
    strength: f64,
}

impl Wave {
    fn at(&self, p: [f64; 3]) -> f64 {
        let along: f64 = self.direction.iter().zip(p).map(|(d, p)| d * p).sum();
        self.strength * (along + self.phase).sin()
    }
}

fn waves(settings: &Settings, random: &mut Random) -> Vec<Wave> {
    (0..6)
        .map(|_| {
            let length = 2.0 * random.between(settings.texture[0], settings.texture[1]);
            let k = 2.0 * std::f64::consts::PI / length;
            let turn = random.between(0.0, std::f64::consts::TAU);
            Wave {
                direction: [k * turn.cos(), k * turn.sin(), random.between(-7.0, 7.0)],
                phase: random.between(0.0, std::f64::consts::TAU),
                strength: random.between(0.4, 1.2),
            }
        })
        .collect()
}

/// A part, moved and resized a little.
fn part(
    random: &mut Random,
    centre: [f64; 3],
    radii: [f64; 3],
    value: [f64; 2],
    texture: f64,
) -> Part {
    Part {
        centre: centre.map(|c| c + 0.02 * random.normal()),
        radii: radii.map(|r| r * (1.0 + 0.07 * random.normal()).clamp(0.8, 1.25)),
        value,
        texture,
    }
}

fn head(random: &mut Random) -> Vec<Part> {
    let fat = [random.between(0.6, 1.0), -90.0];
    let brain = [random.between(0.5, 0.95), random.between(28.0, 40.0)];
    let water = [random.between(0.08, 1.0), 5.0];
    let bone = [random.between(0.03, 0.12), random.between(700.0, 1300.0)];
    let air = [0.01, -990.0];
    let fold = random.between(0.12, 0.3);
    let mut r = |c, s, v, t| part(random, c, s, v, t);
    vec![
        r([0.0, 0.05, 0.0], [0.7, 0.84, 1.1], fat, 0.05),
        r([0.0, -0.8, -0.4], [0.1, 0.16, 0.25], fat, 0.05),
        r([0.0, 0.05, 0.03], [0.64, 0.78, 1.02], bone, 0.1),
        r([0.0, 0.06, 0.1], [0.57, 0.71, 0.92], water, 0.0),
        r([0.0, 0.06, 0.1], [0.54, 0.67, 0.87], brain, fold),
        r([-0.09, 0.0, 0.2], [0.06, 0.26, 0.25], water, 0.0),
        r([0.09, 0.0, 0.2], [0.06, 0.26, 0.25], water, 0.0),
        r([0.0, 0.3, -0.1], [0.04, 0.06, 0.2], water, 0.0),
        r([-0.25, -0.58, -0.3], [0.12, 0.12, 0.16], water, 0.0),
        r([0.25, -0.58, -0.3], [0.12, 0.12, 0.16], water, 0.0),
        r([0.0, -0.42, -0.55], [0.14, 0.22, 0.28], air, 0.0),
    ]
}

fn abdomen(random: &mut Random) -> Vec<Part> {
    let fat = [random.between(0.5, 1.0), -100.0];
    let muscle = [random.between(0.25, 0.5), 55.0];
    let organ = [random.between(0.4, 0.8), random.between(60.0, 120.0)];
    let kidney = [random.between(0.5, 1.0), random.between(40.0, 180.0)];
    let bone = [random.between(0.15, 0.4), random.between(300.0, 800.0)];
    let gas = [0.01, -950.0];
    let fold = random.between(0.05, 0.2);
    let mut r = |c, s, v, t| part(random, c, s, v, t);
    vec![
        r([0.0, 0.0, 0.0], [0.92, 0.66, 5.0], fat, 0.05),
        r([0.0, 0.0, 0.0], [0.83, 0.57, 5.0], muscle, 0.15),
        r([0.0, -0.06, 0.0], [0.7, 0.45, 5.0], fat, 0.15),
        r([-0.34, -0.08, 0.45], [0.34, 0.36, 0.85], organ, fold),
        r([0.46, 0.04, 0.5], [0.17, 0.24, 0.5], organ, fold),
        r([0.12, -0.2, 0.4], [0.2, 0.14, 0.45], organ, fold),
        r([0.1, -0.26, 0.4], [0.09, 0.06, 0.3], gas, 0.0),
        r([-0.36, 0.22, -0.1], [0.12, 0.14, 0.5], kidney, 0.1),
        r([0.36, 0.22, -0.05], [0.12, 0.14, 0.5], kidney, 0.1),
        r([0.0, 0.3, 0.0], [0.13, 0.11, 5.0], bone, 0.2),
        r([0.07, 0.12, 0.0], [0.055, 0.055, 5.0], kidney, 0.0),
        r([-0.15, -0.2, -0.6], [0.2, 0.13, 0.45], organ, 0.3),
        r([0.2, -0.16, -0.5], [0.18, 0.15, 0.45], organ, 0.3),
        r([0.2, -0.2, -0.5], [0.08, 0.06, 0.3], gas, 0.0),
    ]
}
