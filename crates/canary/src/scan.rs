//! Looks for canaries in bytes.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, BuildError};

use crate::mint::Canary;

/// A canary that came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Where it had been planted.
    pub place: String,
    /// Where it was found, in the bytes as searched (inflated, if the file is deflated).
    pub offset: usize,
    /// Which of its forms.
    pub form: usize,
}

/// A search for all canaries of one file.
#[derive(Debug)]
pub struct Scanner<'a> {
    canaries: &'a [Canary],
    owners: Vec<(usize, usize)>,
    automaton: AhoCorasick,
}

impl<'a> Scanner<'a> {
    /// A search for these canaries.
    ///
    /// # Errors
    /// When the needles are too many for the automaton.
    pub fn new(canaries: &'a [Canary]) -> Result<Self, BuildError> {
        let mut owners = Vec::new();
        let mut needles: Vec<&[u8]> = Vec::new();
        for (i, canary) in canaries.iter().enumerate() {
            for (form, needle) in canary.needles.iter().enumerate() {
                owners.push((i, form));
                needles.push(needle);
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .build(needles)?;
        Ok(Self {
            canaries,
            owners,
            automaton,
        })
    }

    /// Every canary that is in the bytes of a DICOM file, each once.
    #[must_use]
    pub fn leaks(&self, file: &[u8]) -> Vec<Leak> {
        let mut leaks = self.leaks_in(file);
        if let Some(inflated) = inflated(file) {
            leaks.extend(self.leaks_in(&inflated));
        }
        leaks.sort_by(|a, b| (&a.place, a.offset).cmp(&(&b.place, b.offset)));
        leaks.dedup_by(|a, b| a.place == b.place);
        leaks
    }

    fn leaks_in(&self, bytes: &[u8]) -> Vec<Leak> {
        let mut out = Vec::new();
        for found in self.automaton.find_overlapping_iter(bytes) {
            let (i, form) = self.owners[found.pattern().as_usize()];
            let canary = &self.canaries[i];
            if canary.digits && in_derived_uid(bytes, found.start()) {
                continue;
            }
            out.push(Leak {
                place: canary.place.clone(),
                offset: found.start(),
                form,
            });
        }
        out
    }
}

/// Whether a place lies inside a `2.25.` UID, whose 39 digits may hold a date by chance.
#[must_use]
pub fn in_derived_uid(bytes: &[u8], at: usize) -> bool {
    let start = bytes[..at]
        .iter()
        .rposition(|b| !(b.is_ascii_digit() || *b == b'.'))
        .map_or(0, |i| i + 1);
    bytes[start..].starts_with(b"2.25.") && at >= start + 5
}

/// The data set of a deflated file, inflated; `None` when the file is not deflated.
#[must_use]
pub fn inflated(file: &[u8]) -> Option<Vec<u8>> {
    const DEFLATED: &[u8] = b"1.2.840.10008.1.2.1.99";
    if file.get(128..132) != Some(b"DICM") {
        return None;
    }
    // (0002,0000) UL 4: the length of the rest of File Meta.
    let length: [u8; 4] = file.get(140..144)?.try_into().ok()?;
    let end = 144 + usize::try_from(u32::from_le_bytes(length)).ok()?;
    let meta = file.get(144..end)?;
    if !meta.windows(DEFLATED.len()).any(|w| w == DEFLATED) {
        return None;
    }
    miniz_oxide::inflate::decompress_to_vec(file.get(end..)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canary(needle: &[u8], digits: bool) -> Canary {
        Canary {
            place: "x".to_owned(),
            digits,
            needles: vec![needle.to_vec()],
        }
    }

    #[test]
    fn finds_a_canary_in_any_case() {
        let list = [canary(b"Zqabc", false)];
        let scanner = Scanner::new(&list).unwrap();
        assert_eq!(scanner.leaks(b"..zQABc..").len(), 1);
        assert!(scanner.leaks(b"..zQAB..").is_empty());
    }

    #[test]
    fn digits_inside_a_derived_uid_are_chance() {
        let list = [canary(b"19020304", true)];
        let scanner = Scanner::new(&list).unwrap();
        assert!(scanner.leaks(b"UI\x142.25.1190203041").is_empty());
        assert_eq!(scanner.leaks(b"DA\x0819020304").len(), 1);
        assert_eq!(scanner.leaks(b"UI\x141.2.3.19020304").len(), 1);
    }
}
