//! Many needles in many bytes: the skipping search of Wu and Manber.
//!
//! Every byte that leaves is searched, pixel data included, so this loop decides
//! how fast a contribution can be. It looks at two bytes and skips as far as no
//! needle can end (S. Wu, U. Manber: A fast algorithm for multi-pattern searching,
//! TR-94-17, 1994): about one step for five bytes, in a browser as well, where an
//! automaton has to look at each. A byte that stands in no needle is seen first, in a
//! table that fits into the nearest cache: in pixel data that is nearly every step.
//! ASCII letters match in either case.

use std::collections::HashMap;

/// A compiled set of needles, each at least [`Scanner::SHORTEST`] bytes long.
#[derive(Debug)]
pub(crate) struct Scanner {
    /// For each byte: whether it stands in the window of any needle.
    occurs: [bool; 256],
    /// For each pair of bytes: how far the end of the window may move on.
    shift: Vec<u8>,
    /// Needles by the pair that ends the window, both bytes in lower case.
    ends: HashMap<u16, Vec<usize>>,
    needles: Vec<Vec<u8>>,
    window: usize,
}

const fn pair(a: u8, b: u8) -> u16 {
    ((a as u16) << 8) | b as u16
}

fn both_cases(b: u8) -> [u8; 2] {
    [b.to_ascii_lowercase(), b.to_ascii_uppercase()]
}

impl Scanner {
    /// The shortest needle that is worth a skipping search.
    pub(crate) const SHORTEST: usize = 6;

    /// Compiles the needles; shorter ones than [`Scanner::SHORTEST`] never match.
    pub(crate) fn new(needles: &[Vec<u8>]) -> Self {
        let needles: Vec<Vec<u8>> = needles.iter().map(|n| n.to_ascii_lowercase()).collect();
        let window = needles
            .iter()
            .map(Vec::len)
            .filter(|n| *n >= Self::SHORTEST)
            .min()
            .unwrap_or(0)
            .min(200);
        let mut occurs = [false; 256];
        let mut shift = vec![u8::try_from(window.saturating_sub(1)).unwrap_or(1); 1 << 16];
        let mut ends: HashMap<u16, Vec<usize>> = HashMap::new();
        for (number, needle) in needles.iter().enumerate() {
            let Some(start) = needle
                .get(..window)
                .filter(|_| needle.len() >= Self::SHORTEST)
            else {
                continue;
            };
            for b in start.iter().copied().flat_map(both_cases) {
                if let Some(o) = occurs.get_mut(usize::from(b)) {
                    *o = true;
                }
            }
            for (at, two) in start.windows(2).enumerate() {
                let [a, b] = *two else { continue };
                let room = u8::try_from(window - 2 - at).unwrap_or(0);
                for a in both_cases(a) {
                    for b in both_cases(b) {
                        if let Some(s) = shift.get_mut(usize::from(pair(a, b))) {
                            *s = (*s).min(room);
                        }
                    }
                }
            }
            if let [.., a, b] = start {
                ends.entry(pair(*a, *b)).or_default().push(number);
            }
        }
        Self {
            occurs,
            shift,
            ends,
            needles,
            window,
        }
    }

    /// Calls `found` with the number of the needle and its place, for every occurrence,
    /// until it says `false`.
    pub(crate) fn each(&self, bytes: &[u8], mut found: impl FnMut(usize, usize) -> bool) {
        if self.window == 0 {
            return;
        }
        let mut end = self.window - 1;
        while let Some(&b) = bytes.get(end) {
            if !self.occurs.get(usize::from(b)).copied().unwrap_or(true) {
                end += self.window;
                continue;
            }
            let Some(&a) = bytes.get(end - 1) else { return };
            let skip = self
                .shift
                .get(usize::from(pair(a, b)))
                .copied()
                .unwrap_or(0);
            if skip > 0 {
                end += usize::from(skip);
                continue;
            }
            let start = end + 1 - self.window;
            let key = pair(a.to_ascii_lowercase(), b.to_ascii_lowercase());
            for number in self.ends.get(&key).into_iter().flatten() {
                let Some(needle) = self.needles.get(*number) else {
                    continue;
                };
                let here = bytes
                    .get(start..start + needle.len())
                    .is_some_and(|h| h.eq_ignore_ascii_case(needle));
                if here && !found(*number, start) {
                    return;
                }
            }
            end += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(needles: &[Vec<u8>], bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        Scanner::new(needles).each(bytes, |n, at| {
            out.push((at, n));
            true
        });
        out.sort_unstable();
        out
    }

    fn naive(needles: &[Vec<u8>], bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for at in 0..bytes.len() {
            for (n, needle) in needles.iter().enumerate() {
                if bytes
                    .get(at..at + needle.len())
                    .is_some_and(|h| h.eq_ignore_ascii_case(needle))
                {
                    out.push((at, n));
                }
            }
        }
        out
    }

    proptest! {
        /// A small alphabet makes overlaps, repeats and near misses frequent.
        #[test]
        fn finds_what_a_plain_search_finds(
            needles in prop::collection::vec(prop::collection::vec(prop::sample::select(b"abAB\x00".to_vec()), 6..9), 0..5),
            bytes in prop::collection::vec(prop::sample::select(b"abAB\x00".to_vec()), 0..400),
        ) {
            prop_assert_eq!(all(&needles, &bytes), naive(&needles, &bytes));
        }
    }
}
