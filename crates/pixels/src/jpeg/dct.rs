//! The inverse discrete cosine transform, the accurate integer one of Loeffler, Ligtenberg
//! and Moschytz, with the constants that everybody uses (results equal to libjpeg's `islow`).

const CONST_BITS: u32 = 13;

/// Natural order of the coefficients of a zig-zag sequence.
pub(crate) const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

#[inline]
fn mul(a: i32, b: i32) -> i32 {
    a.wrapping_mul(b)
}

#[inline]
fn round(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

/// One dimension over eight values; the result is scaled by 2^13 and not yet rounded.
#[inline]
fn pass(v: [i32; 8]) -> [i32; 8] {
    let z1 = mul(v[2].wrapping_add(v[6]), 4433);
    let even2 = z1.wrapping_add(mul(v[6], -15137));
    let even3 = z1.wrapping_add(mul(v[2], 6270));
    let even0 = v[0].wrapping_add(v[4]).wrapping_shl(CONST_BITS);
    let even1 = v[0].wrapping_sub(v[4]).wrapping_shl(CONST_BITS);
    let t10 = even0.wrapping_add(even3);
    let t13 = even0.wrapping_sub(even3);
    let t11 = even1.wrapping_add(even2);
    let t12 = even1.wrapping_sub(even2);

    let (o0, o1, o2, o3) = (v[7], v[5], v[3], v[1]);
    let z1 = mul(o0.wrapping_add(o3), -7373);
    let z2 = mul(o1.wrapping_add(o2), -20995);
    let z3 = o0.wrapping_add(o2);
    let z4 = o1.wrapping_add(o3);
    let z5 = mul(z3.wrapping_add(z4), 9633);
    let z3 = mul(z3, -16069).wrapping_add(z5);
    let z4 = mul(z4, -3196).wrapping_add(z5);
    let o0 = mul(o0, 2446).wrapping_add(z1).wrapping_add(z3);
    let o1 = mul(o1, 16819).wrapping_add(z2).wrapping_add(z4);
    let o2 = mul(o2, 25172).wrapping_add(z2).wrapping_add(z3);
    let o3 = mul(o3, 12299).wrapping_add(z1).wrapping_add(z4);
    [
        t10.wrapping_add(o3),
        t11.wrapping_add(o2),
        t12.wrapping_add(o1),
        t13.wrapping_add(o0),
        t13.wrapping_sub(o0),
        t12.wrapping_sub(o1),
        t11.wrapping_sub(o2),
        t10.wrapping_sub(o3),
    ]
}

/// Turns dequantised coefficients in natural order into samples of `precision` bits.
pub(crate) fn inverse(block: &[i32; 64], precision: u32, out: &mut [u16; 64]) {
    let top = (1_i32 << precision) - 1;
    let middle = 1_i32 << (precision - 1);
    if block[1..].iter().all(|&c| c == 0) {
        let flat = (round(block[0], 3).wrapping_add(middle))
            .clamp(0, top)
            .unsigned_abs() as u16;
        out.fill(flat);
        return;
    }
    let keep: u32 = if precision > 8 { 1 } else { 2 };
    let mut work = [0_i32; 64];
    for x in 0..8 {
        let column = pass([
            block[x],
            block[x + 8],
            block[x + 16],
            block[x + 24],
            block[x + 32],
            block[x + 40],
            block[x + 48],
            block[x + 56],
        ]);
        for (y, value) in column.into_iter().enumerate() {
            work[y * 8 + x] = round(value, CONST_BITS - keep);
        }
    }
    for (row, out) in work.chunks_exact(8).zip(out.chunks_exact_mut(8)) {
        let values = pass([
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7],
        ]);
        for (value, out) in values.into_iter().zip(out) {
            *out = round(value, CONST_BITS + keep + 3)
                .wrapping_add(middle)
                .clamp(0, top)
                .unsigned_abs() as u16;
        }
    }
}
