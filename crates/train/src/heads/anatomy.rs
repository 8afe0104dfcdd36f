//! A head as labelled anatomy: what a point of the model is made of.
//!
//! Millimetres; first axis toward the left, second toward the back, third toward the head; the
//! origin lies between the ears, a little behind the middle of the base of the brain, so that
//! eyes are at (±32, -62, -37), the tip of the nose at (0, -110, -62), the chin at (0, -80, -140).
//! Bodies melt into each other; nobody's head was measured.

use cordon_deface::Label;

use super::person::{Lesion, Person};
use super::shape::{Point, carve, ellipsoid, length, melt, rod, sphere, sub};
use super::tissue::{Spot, Tissue};

impl Person {
    fn nose_tip(&self) -> Point {
        [
            0.0,
            -88.0 - 22.0 * self.nose_reach,
            -62.0 - 12.0 * (self.nose_length - 1.0),
        ]
    }

    fn ear_centre(&self, side: f64) -> Point {
        [side * 80.0, 26.0, -44.0]
    }

    /// The inside of the skull: below zero is brain, its fluid and its coverings.
    pub(crate) fn brain(&self, p: Point) -> f64 {
        let x = p[0].abs();
        let q = [x, p[1], p[2]];
        let cerebrum = ellipsoid(
            q,
            [0.0, 17.0 + self.forehead * 0.1, 12.0],
            [68.0, 88.0, 66.0],
        );
        let temporal = ellipsoid(q, [42.0, -4.0, -30.0], [25.0, 34.0, 21.0]);
        let cerebellum = ellipsoid(p, [0.0, 62.0, -42.0], [52.0, 34.0, 25.0]);
        let stem = rod(p, [0.0, 24.0, -20.0], [0.0, 34.0, -72.0], 15.0, 9.0);
        melt(
            melt(melt(cerebrum, temporal, 9.0), cerebellum, 7.0),
            stem,
            5.0,
        )
    }

    /// The outside of head and neck without the ears.
    pub(crate) fn skin(&self, p: Point) -> f64 {
        let x = p[0].abs();
        let q = [x, p[1], p[2]];
        let vault = self.skull + self.scalp;
        let f = self.forehead;
        let cranium = ellipsoid(
            q,
            [0.0, 17.0, 12.0],
            [68.0 + vault, 88.0 + vault, 66.0 + vault],
        );
        let brow_part = ellipsoid(q, [0.0, -38.0 - f * 0.4, 0.0], [58.0, 50.0 + f * 0.2, 40.0]);
        let temporal = ellipsoid(q, [44.0, 0.0, -36.0], [28.0 + vault, 46.0, 34.0]);
        let back = ellipsoid(p, [0.0, 56.0, -48.0], [56.0 + vault, 38.0 + vault, 34.0]);
        let mut d = melt(
            melt(melt(cranium, brow_part, 14.0), temporal, 14.0),
            back,
            14.0,
        );
        let c = self.cheek;
        let mid = ellipsoid(q, [0.0, -36.0, -58.0], [58.0 + c, 51.0, 46.0]);
        let jaw = self.jaw_width;
        let lower = ellipsoid(q, [0.0, -40.0, -100.0], [(48.0 + c) * jaw, 46.0, 44.0]);
        let corner = ellipsoid(q, [42.0 * jaw, -8.0, -92.0], [17.0 + c * 0.6, 28.0, 34.0]);
        d = melt(melt(melt(d, mid, 14.0), lower, 16.0), corner, 16.0);
        let cheek = ellipsoid(q, [38.0, -60.0 - c * 0.4, -66.0], [22.0, 22.0, 20.0]);
        d = melt(d, cheek, 12.0);
        let chin = ellipsoid(
            q,
            [0.0, -64.0 - self.chin, -127.0],
            [22.0 * jaw, 19.0, 17.0],
        );
        d = melt(d, chin, 14.0);
        let brow = rod(
            q,
            [8.0, -82.0 - self.brow, -19.0],
            [44.0, -68.0 - self.brow, -18.0],
            8.0,
            8.0,
        );
        d = melt(d, brow, 8.0);
        // The sockets, then lids over the eyes.
        let e = self.eye_distance;
        d = carve(
            d,
            ellipsoid(q, [e - 1.0, -90.0, -37.0], [15.0, 14.0, 11.0]),
            9.0,
        );
        d = melt(d, sphere(q, [e, -63.0, -37.0], self.eye_radius + 3.0), 4.0);
        d = self.nose(d, q);
        let l = self.lips;
        let open = self.mouth_open / 2.0;
        let upper = ellipsoid(q, [0.0, -84.0, -92.0 + open], [25.0, 8.0 * l, 6.0]);
        let under = ellipsoid(q, [0.0, -82.0, -103.0 - open], [22.0, 8.0 * l, 6.0]);
        d = melt(melt(d, upper, 5.0), under, 5.0);
        if open > 1.0 {
            d = carve(
                d,
                ellipsoid(q, [0.0, -88.0, -97.5], [17.0, 22.0, open]),
                2.0,
            );
        }
        // The neck.
        let n = self.neck;
        let lean = self.neck_lean * 60.0;
        let neck = rod(
            p,
            [0.0, 24.0, -95.0],
            [0.0, 30.0 + lean, -200.0],
            54.0 * n,
            58.0 * n,
        );
        d = melt(d, neck, 14.0);
        let shoulder = ellipsoid(q, [70.0, 40.0 + lean, -255.0], [120.0, 60.0, 60.0]);
        melt(d, shoulder, 30.0)
    }

    fn nose(&self, d: f64, q: Point) -> f64 {
        let (reach, w) = (self.nose_reach, self.nose_width);
        let tip = self.nose_tip();
        let root = [0.0, -80.0 - self.nose_bridge * 0.6 * reach, -28.0];
        let bridge = rod(q, root, tip, 6.0 * w, 9.0 * w);
        let wing = ellipsoid(
            q,
            [11.0 * w, -90.0 - 6.0 * reach, tip[2] - 3.0],
            [8.0 * w, 11.0, 8.0],
        );
        let d = melt(melt(d, bridge, 7.0), wing, 4.0);
        let nostril = ellipsoid(
            q,
            [6.5 * w, -90.0 - 10.0 * reach, tip[2] - 9.0],
            [3.5 * w, 6.0, 6.0],
        );
        carve(d, nostril, 2.0)
    }

    /// The outer ear of one side.
    fn ear(&self, p: Point) -> f64 {
        let side = if p[0] < 0.0 { 1 } else { 0 };
        let out = self.ear_out[side];
        let c = self.ear_centre(1.0);
        let mut q = sub([p[0].abs(), p[1], p[2]], c);
        // The rim stands off toward the back and leans with the jaw.
        let (s, k) = self.ear_tilt.sin_cos();
        q = [q[0], q[1] * k - q[2] * s, q[1] * s + q[2] * k];
        q[0] -= out * (q[1] + 10.0).max(0.0) - 2.0;
        let e = self.ear_size;
        let shell = ellipsoid(q, [0.0, 0.0, 0.0], [6.5, 17.0 * e, 31.0 * e]);
        let bowl = ellipsoid(q, [6.0, -2.0, -2.0], [6.5, 9.0 * e, 16.0 * e]);
        carve(shell, bowl, 3.0)
    }

    /// What a point, in patient coordinates, is.
    pub(crate) fn spot(&self, patient: Point) -> Spot {
        let p = self.local(patient);
        let ear = if (p[0].abs() - 84.0).abs() < 36.0
            && (p[1] - 26.0).abs() < 60.0
            && (p[2] + 44.0).abs() < 60.0
        {
            self.ear(p)
        } else {
            100.0
        };
        let skin = self.skin(p);
        if skin > 0.0 && ear > 0.0 {
            return Spot::OUTSIDE;
        }
        if ear < 0.0 && skin > -2.0 {
            let tissue = if ear > -1.8 {
                Tissue::Skin
            } else {
                Tissue::Cartilage
            };
            return Spot {
                tissue,
                label: Label::Ears,
            };
        }
        for (at, radius) in &self.implants {
            if sphere(p, *at, *radius) < 0.0 {
                return Spot {
                    tissue: Tissue::Metal,
                    label: self.part(p, skin),
                };
            }
        }
        let brain = self.brain(p);
        if brain < 0.0 {
            return Spot {
                tissue: self.inside_skull(p, brain),
                label: Label::Brain,
            };
        }
        Spot {
            tissue: self.outside_brain(p, skin, brain),
            label: self.part(p, skin),
        }
    }

    /// Which part of the head a point between skin and brain belongs to.
    fn part(&self, p: Point, skin: f64) -> Label {
        let q = [p[0].abs(), p[1], p[2]];
        let depth = -skin;
        let e = self.eye_distance;
        let ball = sphere(q, [e, -63.0, -37.0], self.eye_radius + 2.5);
        if ball < 0.0 || (depth < 8.0 && ellipsoid(q, [e, -78.0, -37.0], [17.0, 20.0, 12.0]) < 0.0)
        {
            return Label::Eyes;
        }
        let tip = self.nose_tip();
        let low = tip[2] - 12.0;
        if p[1] < -76.0 && q[0] < 20.0 * self.nose_width.max(0.9) && p[2] > low && p[2] < -24.0 {
            return Label::Nose;
        }
        if depth < 18.0 && p[1] < -58.0 && q[0] < 28.0 && p[2] <= low && p[2] > -150.0 {
            return Label::Mouth;
        }
        // In front of a plane from the jaw's corner over the ear's front to the hair line.
        let front = if p[2] < -20.0 {
            -12.0
        } else {
            -12.0 - (p[2] + 20.0) * 0.95
        };
        if depth < 18.0 && p[1] < front && p[2] < 42.0 && p[2] > -152.0 {
            return Label::Face;
        }
        Label::Head
    }

    fn inside_skull(&self, p: Point, brain: f64) -> Tissue {
        for lesion in &self.lesions {
            let (tissue, at, half) = match lesion {
                Lesion::Tumour { at, half } => (Tissue::Tumour, at, half),
                Lesion::Bleed { at, half } => (Tissue::Bleed, at, half),
                Lesion::Cavity { at, half } => (Tissue::Fluid, at, half),
            };
            if ellipsoid(p, *at, *half) < 0.0 {
                return tissue;
            }
        }
        let [fx, fy, fz] = self.folds;
        let fold =
            ((p[0] * fx).sin() * (p[1] * fy).cos() + (p[2] * fz).sin() * (p[0] * fy).cos()) * 2.6;
        let gap = self.gap + (fold - 1.5).max(0.0);
        if -brain < gap {
            return Tissue::Fluid;
        }
        // The cleft between the hemispheres.
        if p[0].abs() < 1.2 + self.gap * 0.2 && p[2] > 15.0 {
            return Tissue::Fluid;
        }
        let v = self.ventricles;
        let q = [p[0].abs(), p[1], p[2]];
        let body = ellipsoid(q, [10.0, 8.0, 20.0], [6.5 * v, 36.0, 8.0 * v]);
        let horn = ellipsoid(q, [22.0, 42.0, 8.0], [6.0 * v, 20.0, 9.0 * v]);
        let third = ellipsoid(q, [0.0, 8.0, 2.0], [2.2 * v, 13.0, 12.0]);
        let fourth = ellipsoid(q, [0.0, 42.0, -38.0], [7.0, 5.0 * v, 9.0]);
        if body.min(horn).min(third).min(fourth) < 0.0 {
            return Tissue::Fluid;
        }
        let deep = ellipsoid(q, [16.0, 6.0, 4.0], [12.0, 24.0, 13.0]);
        if -brain < gap + 4.0 + fold.abs() || deep < 0.0 {
            return Tissue::Grey;
        }
        Tissue::White
    }

    fn outside_brain(&self, p: Point, skin: f64, brain: f64) -> Tissue {
        let q = [p[0].abs(), p[1], p[2]];
        let depth = -skin;
        let e = self.eye_distance;
        let eye = [e, -63.0, -37.0];
        let ball = sphere(q, eye, self.eye_radius);
        if ball < 0.0 {
            let lens = [e + self.gaze, -63.0 - self.eye_radius * 0.72, -37.0];
            return if ellipsoid(q, lens, [4.6, 2.2, 4.6]) < 0.0 {
                Tissue::Lens
            } else {
                Tissue::Vitreous
            };
        }
        if depth < self.skin {
            return Tissue::Skin;
        }
        if rod(q, [e - 2.0, -52.0, -37.0], [8.0, -14.0, -30.0], 2.6, 2.6) < 0.0 {
            return Tissue::Nerve;
        }
        if let Some((at, radius)) = self.craniotomy
            && brain < self.skull
            && length(sub(p, at)) < radius
        {
            return Tissue::Muscle;
        }
        if let Some(tissue) = self.hollow(q, p) {
            return tissue;
        }
        // The vault: two tables of bone and marrow between them.
        if brain < self.skull && p[2] > -62.0 {
            let t = brain / self.skull;
            return if self.skull > 4.0 && t > 0.3 && t < 0.7 {
                Tissue::Marrow
            } else {
                Tissue::Bone
            };
        }
        if let Some(tissue) = self.facial_bone(q, p) {
            return tissue;
        }
        // The socket's fat and muscles round the eyeball.
        let socket = ellipsoid(q, [e - 4.0, -48.0, -36.0], [17.0, 27.0, 16.0]);
        if socket < 0.0 {
            let strap = (ball - 4.0).abs() < 1.4 && p[1] > -62.0;
            return if strap { Tissue::Muscle } else { Tissue::Fat };
        }
        if depth < self.skin + self.fat && p[2] < 95.0 {
            return Tissue::Fat;
        }
        if ellipsoid(q, [58.0, 8.0, -72.0], [11.0, 15.0, 24.0]) < 0.0 {
            return Tissue::Gland;
        }
        if rod(q, [30.0, 16.0, -200.0], [26.0, 10.0, -80.0], 4.5, 3.5) < 0.0 {
            return Tissue::Vessel;
        }
        if ellipsoid(q, [48.0, -44.0, -80.0], [8.0, 14.0, 18.0]) < 0.0 {
            return Tissue::Fat;
        }
        Tissue::Muscle
    }

    /// Air inside, and what lines it.
    fn hollow(&self, q: Point, p: Point) -> Option<Tissue> {
        let s = self.sinus;
        let maxillary = ellipsoid(q, [28.0, -52.0, -66.0], [12.0 * s, 15.0 * s, 15.0 * s]);
        let frontal = ellipsoid(q, [12.0, -74.0, -10.0], [12.0 * s, 5.0 * s, 9.0 * s]);
        let sphenoid = ellipsoid(q, [7.0, -10.0, -42.0], [8.0 * s, 11.0 * s, 9.0 * s]);
        let ethmoid = ellipsoid(q, [10.0, -46.0, -40.0], [7.0, 22.0, 12.0]);
        let cells = ((p[0] * 0.9).sin() * (p[1] * 0.8).sin() * (p[2] * 0.9).sin()).abs();
        let mastoid = ellipsoid(q, [54.0, 34.0, -54.0], [10.0 * s, 12.0 * s, 14.0 * s]);
        let nasal = ellipsoid(q, [5.0, -58.0, -60.0], [9.0, 32.0, 20.0]);
        let turbinate = (q[0] - 6.0).abs() < 2.5 && (p[2] * 0.35).sin() > 0.0;
        let throat = rod(q, [0.0, -12.0, -66.0], [0.0, 2.0, -210.0], 9.0, 7.5);
        let canal = rod(q, [76.0, 24.0, -46.0], [54.0, 22.0, -46.0], 3.0, 3.0);
        let mouth = ellipsoid(q, [0.0, -56.0, -96.0], [20.0, 22.0, 2.0 + self.mouth_open]);
        let air = maxillary.min(frontal).min(sphenoid).min(throat).min(canal);
        if air < 0.0 || mouth < 0.0 && self.mouth_open > 1.0 {
            return Some(if air > -1.2 {
                Tissue::Mucosa
            } else {
                Tissue::Airway
            });
        }
        if nasal < 0.0 {
            let wall = q[0] < 1.2 || turbinate;
            return Some(if wall { Tissue::Mucosa } else { Tissue::Airway });
        }
        if ethmoid < 0.0 || mastoid < 0.0 {
            return Some(if cells > 0.25 {
                Tissue::Airway
            } else {
                Tissue::Bone
            });
        }
        None
    }

    /// The bones of the face, the teeth, and the spine.
    fn facial_bone(&self, q: Point, p: Point) -> Option<Tissue> {
        let jaw = self.jaw_width;
        if self.teeth {
            for (z, radius) in [(-92.0, 26.0), (-101.0, 25.0)] {
                let arc = ((q[0] / jaw).powi(2) + (p[1] + 48.0).powi(2)).sqrt();
                let near = (arc - radius).abs() < 4.2 && (p[2] - z).abs() < 4.4 && p[1] < -42.0;
                if near {
                    return Some(Tissue::Tooth);
                }
            }
        }
        let ramus = rod(q, [52.0, 4.0, -54.0], [46.0 * jaw, -6.0, -104.0], 5.0, 6.0);
        let body = rod(
            q,
            [46.0 * jaw, -6.0, -104.0],
            [14.0, -64.0 - self.chin * 0.7, -122.0],
            6.0,
            7.5,
        );
        let front = rod(
            q,
            [14.0, -64.0 - self.chin * 0.7, -122.0],
            [0.0, -68.0 - self.chin * 0.8, -124.0],
            7.5,
            8.0,
        );
        let arch = rod(q, [44.0, -56.0, -56.0], [62.0, -12.0, -52.0], 4.5, 3.5);
        let cheek = ellipsoid(q, [38.0, -58.0, -56.0], [12.0, 7.0, 9.0]);
        let upper = ellipsoid(q, [18.0, -56.0, -80.0], [24.0, 24.0, 8.0]);
        let rim = (sphere(q, [self.eye_distance, -64.0, -37.0], 19.0)).abs() < 3.0
            && p[1] > -80.0
            && p[1] < -40.0;
        let nasal = rod(q, [2.0, -80.0, -26.0], [3.0, -90.0, -46.0], 3.0, 2.0);
        let base = ellipsoid(q, [20.0, 10.0, -50.0], [36.0, 44.0, 9.0]);
        let hyoid = rod(q, [0.0, -38.0, -140.0], [18.0, -20.0, -140.0], 2.5, 2.0);
        let bone = ramus
            .min(body)
            .min(front)
            .min(arch)
            .min(cheek)
            .min(upper)
            .min(nasal)
            .min(base)
            .min(hyoid);
        if bone < 0.0 || rim {
            return Some(if bone < -3.5 {
                Tissue::Marrow
            } else {
                Tissue::Bone
            });
        }
        // The spine and what is in it.
        let lean = self.neck_lean * 60.0;
        let along = ((-80.0 - p[2]) / 120.0).clamp(0.0, 1.0);
        let y = 38.0 + lean * along;
        if p[2] < -76.0 {
            let cord = (q[0].powi(2) + (p[1] - y - 8.0).powi(2)).sqrt();
            if cord < 5.0 {
                return Some(Tissue::White);
            }
            if cord < 8.5 {
                return Some(Tissue::Fluid);
            }
            let body = (q[0].powi(2) + (p[1] - y + 10.0).powi(2)).sqrt();
            let disc = (p[2] * 0.38).sin() > 0.8;
            if body < 11.0 {
                return Some(if disc {
                    Tissue::Cartilage
                } else {
                    Tissue::Marrow
                });
            }
            if cord < 13.0 {
                return Some(Tissue::Bone);
            }
            if q[0] < 3.0 && p[1] > y && p[1] < y + 38.0 && (p[2] * 0.38).sin() < 0.3 {
                return Some(Tissue::Bone);
            }
        }
        None
    }
}
