//! Signed distances of simple bodies, and how they melt into each other.
//!
//! Distances are in millimetres, below zero inside. After Quilez, "distance functions" and
//! "ellipsoids"; those of ellipsoids are first-order, good near the surface.

pub(crate) type Point = [f64; 3];

pub(crate) fn sub(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(crate) fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn length(a: Point) -> f64 {
    dot(a, a).sqrt()
}

pub(crate) fn ellipsoid(p: Point, centre: Point, half: Point) -> f64 {
    let q = sub(p, centre);
    let a = [q[0] / half[0], q[1] / half[1], q[2] / half[2]];
    let b = [a[0] / half[0], a[1] / half[1], a[2] / half[2]];
    let (k0, k1) = (length(a), length(b));
    if k1 < 1e-9 {
        return -half[0].min(half[1]).min(half[2]);
    }
    k0 * (k0 - 1.0) / k1
}

pub(crate) fn sphere(p: Point, centre: Point, radius: f64) -> f64 {
    length(sub(p, centre)) - radius
}

/// A rod with round ends whose radius goes from `ra` to `rb`.
pub(crate) fn rod(p: Point, a: Point, b: Point, ra: f64, rb: f64) -> f64 {
    let (pa, ba) = (sub(p, a), sub(b, a));
    let h = (dot(pa, ba) / dot(ba, ba)).clamp(0.0, 1.0);
    let q = [pa[0] - ba[0] * h, pa[1] - ba[1] * h, pa[2] - ba[2] * h];
    length(q) - (ra + (rb - ra) * h)
}

pub(crate) fn cuboid(p: Point, centre: Point, half: Point) -> f64 {
    let q = sub(p, centre);
    let d: Point = std::array::from_fn(|a| q[a].abs() - half[a]);
    let outside = length(d.map(|v| v.max(0.0)));
    outside + d[0].max(d[1]).max(d[2]).min(0.0)
}

/// Union with a fillet of about `k` millimetres.
pub(crate) fn melt(a: f64, b: f64, k: f64) -> f64 {
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

/// What is in `a` but not in `b`, with a fillet of about `k` millimetres.
pub(crate) fn carve(a: f64, b: f64, k: f64) -> f64 {
    -melt(-a, b, k)
}

/// A rotation by angles about the axes, in radians, first about x.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn([Point; 3]);

impl Turn {
    pub(crate) fn new(x: f64, y: f64, z: f64) -> Self {
        let (sx, cx) = x.sin_cos();
        let (sy, cy) = y.sin_cos();
        let (sz, cz) = z.sin_cos();
        Self([
            [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
            [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
            [-sy, cy * sx, cy * cx],
        ])
    }

    pub(crate) fn apply(&self, p: Point) -> Point {
        std::array::from_fn(|r| dot(self.0[r], p))
    }

    pub(crate) fn back(&self, p: Point) -> Point {
        std::array::from_fn(|c| self.0[0][c] * p[0] + self.0[1][c] * p[1] + self.0[2][c] * p[2])
    }
}
