//! The quick look for stray bits finds what the plain one finds.

use proptest::prelude::*;

use super::*;

fn info(
    bits_allocated: u32,
    bits_stored: u32,
    high_bit: u32,
    signed: bool,
    count: u32,
) -> ImageInfo {
    ImageInfo {
        rows: 1,
        columns: count,
        frames: 1,
        samples: 1,
        bits_allocated,
        bits_stored,
        high_bit,
        signed,
        photometric: Photometric::Monochrome2,
        planar: false,
        kind: SampleKind::Integer,
    }
}

/// Widths, a place for the stored bits among them, and values that mostly keep to it.
fn cases() -> impl Strategy<Value = (u32, u32, u32, bool, bool, Vec<u32>)> {
    let width = prop::sample::select(vec![8_u32, 16, 32]);
    width
        .prop_flat_map(|width| (Just(width), 1..width))
        .prop_flat_map(|(width, stored)| (Just(width), Just(stored), stored - 1..width))
        .prop_flat_map(|(width, stored, high)| {
            let all = u32::MAX >> (32 - width);
            let value = (any::<u32>(), 0..8_u32).prop_map(move |(v, kind)| {
                let low = high + 1 - stored;
                let v = v & (u32::MAX >> (32 - stored)) << low;
                let negative = v >> high & 1 == 1;
                match kind {
                    0 => v ^ 1 << (high + 1).min(width - 1),
                    1 => v ^ 1,
                    2..=4 if negative => (v | !(u32::MAX >> (31 - high))) & all,
                    _ => v & all,
                }
            });
            (
                Just(width),
                Just(stored),
                Just(high),
                any::<bool>(),
                any::<bool>(),
                prop::collection::vec(value, 1..4),
            )
        })
}

proptest! {
    #[test]
    fn the_quick_look_is_the_plain_one((width, stored, high, signed, big_endian, values) in cases()) {
        let info = info(width, stored, high, signed, values.len() as u32);
        let n = width as usize / 8;
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|v| {
                let mut bytes = v.to_le_bytes()[..n].to_vec();
                if big_endian {
                    bytes.reverse();
                }
                bytes
            })
            .collect();
        let raw = Raw { bytes: &bytes, big_endian, swapped_pairs: false };
        let plain = outside(values.iter().copied(), &info, high, width);
        prop_assert_eq!(hides_anywhere(raw, &info), plain);
        prop_assert_eq!(hides(raw, &info, 0), plain);
    }
}

#[test]
fn the_last_sample_of_many_is_looked_at_and_what_follows_is_not() {
    let count = 100_001;
    let mut bytes: Vec<u8> = (0..count).flat_map(|_| 0x0FFF_u16.to_le_bytes()).collect();
    bytes.extend_from_slice(&[0xFF, 0xFF]);
    for signed in [false, true] {
        let info = info(16, 12, 11, signed, count);
        let looks = |bytes: &[u8]| {
            hides_anywhere(
                Raw {
                    bytes,
                    big_endian: false,
                    swapped_pairs: false,
                },
                &info,
            )
        };
        assert!(!looks(&bytes));
        let last = 2 * count as usize - 1;
        bytes[last] = 0x1F;
        assert!(looks(&bytes));
        bytes[last] = 0x0F;
    }
}

#[test]
fn sixty_four_bits_are_looked_at_too() {
    let info = info(64, 60, 59, false, 1);
    let looks = |value: u64| {
        let bytes = value.to_le_bytes();
        hides_anywhere(
            Raw {
                bytes: &bytes,
                big_endian: false,
                swapped_pairs: false,
            },
            &info,
        )
    };
    assert!(!looks(u64::MAX >> 4));
    assert!(looks(1 << 60));
}
