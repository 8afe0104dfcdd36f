//! What lies in the scanner: a head, or something that is none and must be left alone.

use cordon_deface::Label;

use super::person::{Age, Person};
use super::shape::{Point, Turn, cuboid, dot, ellipsoid, length, rod, sub};
use super::tissue::{Spot, Tissue};
use crate::random::Random;

/// What lies in the scanner.
#[derive(Debug, Clone)]
pub(crate) enum Thing {
    Head(Box<Person>),
    /// Bones of a head without flesh: a teaching skull, a phantom.
    Skull {
        person: Box<Person>,
        filled: bool,
    },
    Fruit(Fruit),
    Torso(Torso),
    Limb(Limb),
    Phantom(Phantom),
    Nothing,
}

#[derive(Debug, Clone)]
pub(crate) struct Fruit {
    bodies: Vec<(Point, Point, Turn)>,
    rind: f64,
    parts: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Torso {
    half: Point,
    lung: f64,
    spine: f64,
    turn: Turn,
    seed: f64,
    arms: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Limb {
    bones: Vec<(Point, Point, f64)>,
    flesh: Vec<(Point, Point, f64, f64)>,
    turn: Turn,
}

#[derive(Debug, Clone)]
pub(crate) struct Phantom {
    half: Point,
    boxy: bool,
    wall: f64,
    rods: Vec<(Point, f64)>,
    turn: Turn,
}

impl Thing {
    /// A head of this age group.
    pub(crate) fn head(r: &mut Random, age: Age, wild: f64) -> Self {
        Self::Head(Box::new(Person::new(r, age, wild)))
    }

    /// Something else.
    pub(crate) fn other(r: &mut Random) -> Self {
        let turn = Turn::new(r.range(-0.6, 0.6), r.range(-0.6, 0.6), r.range(-3.1, 3.1));
        match r.below(10) {
            0 | 1 => {
                let mut person = Person::new(r, Age::Adult, 1.0);
                person.lesions.clear();
                Self::Skull {
                    person: Box::new(person),
                    filled: r.chance(0.3),
                }
            }
            2 | 3 => {
                let n = 1 + r.below(6);
                let bodies = (0..n)
                    .map(|_| {
                        let size = r.range(18.0, 75.0);
                        let half = [0; 3].map(|_| size * r.range(0.7, 1.3));
                        let spread = if n == 1 { 15.0 } else { 75.0 };
                        let at = [0; 3].map(|_| r.range(-spread, spread));
                        (
                            at,
                            half,
                            Turn::new(r.range(-1.0, 1.0), r.range(-1.0, 1.0), 0.0),
                        )
                    })
                    .collect();
                Self::Fruit(Fruit {
                    bodies,
                    rind: r.range(1.0, 9.0),
                    parts: r.range(0.0, 0.3),
                })
            }
            4 | 5 => Self::Torso(Torso {
                half: [
                    r.range(110.0, 190.0),
                    r.range(75.0, 130.0),
                    r.range(150.0, 320.0),
                ],
                lung: r.range(0.0, 1.1),
                spine: r.range(0.7, 1.3),
                turn: Turn::new(r.range(-0.2, 0.2), r.range(-0.2, 0.2), r.range(-0.2, 0.2)),
                seed: r.range(0.0, 50.0),
                arms: r.chance(0.4),
            }),
            6 | 7 => {
                let n = 1 + r.below(3);
                let (mut bones, mut flesh) = (Vec::new(), Vec::new());
                for i in 0..n {
                    let x = (i as f64 - (n as f64 - 1.0) / 2.0) * r.range(70.0, 150.0);
                    let bend = [x + r.range(-20.0, 20.0), r.range(-60.0, 60.0), 0.0];
                    let top = [x, r.range(-50.0, 50.0), 220.0];
                    let low = [x, r.range(-50.0, 50.0), -220.0];
                    let (a, b) = (r.range(25.0, 75.0), r.range(25.0, 65.0));
                    flesh.push((top, bend, a, b));
                    flesh.push((bend, low, b, a * 0.7));
                    bones.push((top, bend, r.range(6.0, 16.0)));
                    bones.push((bend, low, r.range(6.0, 14.0)));
                }
                Self::Limb(Limb { bones, flesh, turn })
            }
            8 => Self::Phantom(Phantom {
                half: [
                    r.range(40.0, 110.0),
                    r.range(40.0, 110.0),
                    r.range(30.0, 140.0),
                ],
                boxy: r.chance(0.3),
                wall: r.range(1.0, 12.0),
                rods: (0..r.below(14))
                    .map(|_| {
                        (
                            [r.range(-70.0, 70.0), r.range(-70.0, 70.0), 0.0],
                            r.range(2.0, 20.0),
                        )
                    })
                    .collect(),
                turn,
            }),
            _ => Self::Nothing,
        }
    }

    /// What a point, in patient coordinates, is.
    pub(crate) fn spot(&self, p: Point) -> Spot {
        let tissue = match self {
            Self::Head(person) => return person.spot(p),
            Self::Skull { person, filled } => {
                let spot = person.spot(p);
                match spot.tissue {
                    Tissue::Bone | Tissue::Marrow | Tissue::Tooth => Tissue::Stuff,
                    _ if spot.label == Label::Brain && *filled => Tissue::StuffInner,
                    _ => Tissue::Outside,
                }
            }
            Self::Fruit(fruit) => fruit.tissue(p),
            Self::Torso(torso) => torso.tissue(p),
            Self::Limb(limb) => limb.tissue(p),
            Self::Phantom(phantom) => phantom.tissue(p),
            Self::Nothing => Tissue::Outside,
        };
        Spot {
            tissue,
            label: Label::Outside,
        }
    }
}

impl Fruit {
    fn tissue(&self, p: Point) -> Tissue {
        for (at, half, turn) in &self.bodies {
            let q = turn.back(sub(p, *at));
            let d = ellipsoid(q, [0.0; 3], *half);
            if d < 0.0 {
                let angle = q[1].atan2(q[0]);
                return if d > -self.rind {
                    Tissue::Stuff
                } else if ellipsoid(q, [0.0; 3], half.map(|h| h * 0.18)) < 0.0 {
                    Tissue::Fat
                } else if (angle * 5.0).sin().abs() < self.parts {
                    Tissue::Stuff
                } else {
                    Tissue::StuffInner
                };
            }
        }
        Tissue::Outside
    }
}

impl Torso {
    fn tissue(&self, patient: Point) -> Tissue {
        let p = self.turn.back(patient);
        let [hx, hy, hz] = self.half;
        let body = ellipsoid(p, [0.0; 3], [hx, hy, hz * 3.0]);
        let arm = rod(
            [p[0].abs(), p[1], p[2]],
            [hx + 45.0, 10.0, 250.0],
            [hx + 50.0, 0.0, -250.0],
            38.0,
            32.0,
        );
        if self.arms && arm < 0.0 {
            return if arm < -26.0 {
                Tissue::Bone
            } else {
                Tissue::Muscle
            };
        }
        if body > 0.0 {
            return Tissue::Outside;
        }
        if body > -2.0 {
            return Tissue::Skin;
        }
        if body > -16.0 {
            return Tissue::Fat;
        }
        let q = [p[0].abs(), p[1], p[2]];
        let spine = [0.0, hy * 0.55, p[2]];
        let s = length(sub(p, spine));
        if s < 9.0 * self.spine {
            return Tissue::Fluid;
        }
        if length(sub(p, [0.0, hy * 0.3, p[2]])) < 20.0 * self.spine || s < 16.0 * self.spine {
            return if (p[2] * 0.2).sin() > 0.85 {
                Tissue::Cartilage
            } else {
                Tissue::Marrow
            };
        }
        let lung = ellipsoid(q, [hx * 0.48, -5.0, 60.0], [hx * 0.4, hy * 0.65, 130.0]);
        if self.lung > 0.2 && lung < 0.0 {
            return Tissue::Airway;
        }
        let rib = (body + 20.0).abs() < 4.0 && ((p[2] + p[1] * 0.4) * 0.2).sin() > 0.5;
        if rib {
            return Tissue::Bone;
        }
        let k = self.seed;
        let organ =
            ((p[0] * 0.03 + k).sin() + (p[1] * 0.04 + 2.0 * k).sin() + (p[2] * 0.03).sin()) / 3.0;
        if organ > 0.35 {
            Tissue::Gland
        } else if organ > 0.1 {
            Tissue::Muscle
        } else if organ < -0.45 {
            Tissue::Airway
        } else {
            Tissue::Fat
        }
    }
}

impl Limb {
    fn tissue(&self, patient: Point) -> Tissue {
        let p = self.turn.back(patient);
        let mut d = f64::MAX;
        for (a, b, ra, rb) in &self.flesh {
            d = d.min(rod(p, *a, *b, *ra, *rb));
        }
        if d > 0.0 {
            return Tissue::Outside;
        }
        for (a, b, radius) in &self.bones {
            let bone = rod(p, *a, *b, *radius, *radius);
            if bone < 0.0 {
                return if bone < -4.0 {
                    Tissue::Marrow
                } else {
                    Tissue::Bone
                };
            }
        }
        match d {
            d if d > -2.0 => Tissue::Skin,
            d if d > -10.0 => Tissue::Fat,
            _ => Tissue::Muscle,
        }
    }
}

impl Phantom {
    fn tissue(&self, patient: Point) -> Tissue {
        let p = self.turn.back(patient);
        let d = if self.boxy {
            cuboid(p, [0.0; 3], self.half)
        } else {
            let across = (dot([p[0], p[1], 0.0], [p[0], p[1], 0.0])).sqrt() - self.half[0];
            across.max(p[2].abs() - self.half[2])
        };
        if d > 0.0 {
            return Tissue::Outside;
        }
        if d > -self.wall {
            return Tissue::Stuff;
        }
        for (at, radius) in &self.rods {
            if length([p[0] - at[0], p[1] - at[1], 0.0]) < *radius {
                return if *radius > 9.0 {
                    Tissue::Airway
                } else {
                    Tissue::Stuff
                };
            }
        }
        Tissue::StuffInner
    }
}
