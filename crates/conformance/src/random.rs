//! Seeded choices: the same seed gives the same suite on every machine.

/// A stream of numbers that depends on its seed and name only (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of a name: the same words give the same numbers.
    #[must_use]
    pub fn named(seed: u64, words: &[&str]) -> Self {
        let mut state = seed ^ 0x005E_ED0F_C04F_0A3A;
        for word in words {
            for byte in word.bytes().chain([0xFF]) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
            state = Self(state).number();
        }
        Self(state)
    }

    /// The next number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.number() % span).unwrap_or(0)
    }

    /// One of `list`; the default where the list is empty.
    pub fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.between(0, u32::try_from(list.len().saturating_sub(1)).unwrap_or(0));
        list.get(at as usize).copied().unwrap_or_default()
    }

    /// Whether something that happens `percent` times in a hundred happens.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// `count` figures, the first not zero.
    pub fn figures(&mut self, count: usize) -> String {
        (0..count)
            .map(|n| {
                let low = u32::from(n == 0);
                char::from_digit(self.between(low, 9), 10).unwrap_or('0')
            })
            .collect()
    }

    /// A UID under 2.25, as PS3.5 Annex B derives them from a UUID.
    pub fn uid(&mut self) -> String {
        let number = (u128::from(self.number()) << 64) | u128::from(self.number());
        format!("2.25.{}", number | 1 << 127)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fixes_its_stream_and_a_range_holds() {
        let mut a = Random::named(1, &["x"]);
        let mut b = Random::named(1, &["x"]);
        let mut c = Random::named(1, &["y"]);
        assert_eq!(a.number(), b.number());
        assert_ne!(a.number(), c.number());
        assert!((0..1000).all(|_| (3..=5).contains(&a.between(3, 5))));
        assert_eq!(a.figures(7).len(), 7);
    }
}
