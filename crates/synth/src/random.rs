//! Seeded numbers: SplitMix64, so that no dependency changes the bytes under us.

/// A stream of numbers that depends on its seed only.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// A stream for a name: the same words give the same stream.
    pub(crate) fn named(seed: u64, words: &[&str]) -> Self {
        let mut state = seed ^ 0x0C0D_0BAD_5EED_F00D;
        for word in words {
            for byte in word.bytes().chain([0xFF]) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
            state = Self(state).next();
        }
        Self(state)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// About normal, mean 0 and standard deviation 1: the sum of eight bytes.
    pub(crate) fn gauss(&mut self) -> f64 {
        let sum: u32 = self
            .next()
            .to_le_bytes()
            .iter()
            .map(|b| u32::from(*b))
            .sum();
        (f64::from(sum) - 1020.0) / 209.0
    }

    /// A UID under 2.25, as PS3.5 Annex B derives them from a UUID.
    pub(crate) fn uid(&mut self) -> String {
        let number = (u128::from(self.next()) << 64) | u128::from(self.next());
        format!("2.25.{}", number | 1 << 127)
    }
}
