//! Profile and options as one set, contradictions refused.

use cordon_protocol::{DeidOption, Protocol, Tag};

use crate::overrides::{self, Asked, Overrides};
use crate::table::{OptionAction, Row};

/// The Basic Profile with a set of options, and what is asked for single attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    options: u16,
    overrides: Option<&'static Overrides>,
    trusts_text_detector: bool,
    /// What pseudonyms begin with, padded with zeros; `None` where no protocol says it.
    prefix: Option<[u8; 16]>,
}

/// Why a set of options cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// PS3.15 section E.3.6: the two exclude each other.
    #[error("full dates and modified dates exclude each other")]
    BothDates,
    /// This build cannot do it, so it must not be stamped.
    #[error("the {} cannot be carried out by this version of Cordon", .0.meaning())]
    NotSupported(DeidOption),
}

/// Which attributes of a text row an option keeps, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// No option speaks of the row: the Basic Profile holds.
    Nothing,
    /// K.
    Keep(DeidOption),
    /// C.
    Clean(DeidOption),
}

impl Policy {
    /// The Basic Profile alone.
    #[must_use]
    pub const fn basic() -> Self {
        Self {
            options: 0,
            overrides: None,
            trusts_text_detector: false,
            prefix: None,
        }
    }

    /// The Basic Profile with these options.
    ///
    /// # Errors
    /// When two of them contradict each other, or one cannot be carried out.
    pub fn new(options: &[DeidOption]) -> Result<Self, PolicyError> {
        let mut policy = Self::basic();
        for option in options {
            if !option.is_supported() {
                return Err(PolicyError::NotSupported(*option));
            }
            policy.options |= 1 << *option as u16;
        }
        if policy.has(DeidOption::RetainFullDates) && policy.has(DeidOption::RetainModifiedDates) {
            return Err(PolicyError::BothDates);
        }
        Ok(policy)
    }

    /// All that a protocol asks for.
    ///
    /// A protocol is validated when it is read; one that was not, and whose options cannot be
    /// carried out, gets the profile without options, which takes out more and claims less.
    #[must_use]
    pub fn of(protocol: &Protocol) -> Self {
        let mut policy = Self::new(&protocol.deid.options).unwrap_or_default();
        policy.overrides = overrides::of(&protocol.deid, policy);
        policy.trusts_text_detector = protocol.text.trust_detector;
        let mut prefix = [0; 16];
        for (to, from) in prefix
            .iter_mut()
            .zip(protocol.deid.pseudonym_prefix.bytes())
        {
            *to = from;
        }
        policy.prefix = Some(prefix);
        policy
    }

    /// Whether pictures that usually carry text leave without a person's look when the detector
    /// finds none.
    #[must_use]
    pub const fn trusts_text_detector(self) -> bool {
        self.trusts_text_detector
    }

    /// What pseudonyms begin with; `None` where no protocol says it.
    pub(crate) fn prefix(&self) -> Option<&str> {
        let prefix = self.prefix.as_ref()?;
        let end = prefix.iter().position(|b| *b == 0).unwrap_or(prefix.len());
        // Whatever no protocol may have is no prefix of anything.
        Some(std::str::from_utf8(prefix.get(..end)?).unwrap_or("\0"))
    }

    /// What the protocol asks for a standard attribute itself.
    pub(crate) fn asked(self, tag: Tag) -> Option<&'static Asked> {
        self.overrides?.standard(tag)
    }

    /// What the protocol asks for a private attribute itself.
    pub(crate) fn asked_private(
        self,
        creator: &str,
        group: u16,
        low: u8,
    ) -> Option<&'static Asked> {
        self.overrides?.private(creator, group, low)
    }

    /// Whether any private attribute may stay.
    pub(crate) fn keeps_private(self) -> bool {
        self.has(DeidOption::RetainSafePrivate)
            || self.overrides.is_some_and(Overrides::has_private)
    }

    /// Whether the protocol lets something stay that profile and options take out.
    #[must_use]
    pub fn loosens(self) -> bool {
        self.overrides.is_some_and(|o| o.loosens)
    }

    /// Whether an option is chosen; the Basic Profile always is.
    #[must_use]
    pub const fn has(self, option: DeidOption) -> bool {
        matches!(option, DeidOption::Basic) || self.options & (1 << option as u16) != 0
    }

    /// Profile and options in the order of CID 7050, for the stamp. The Basic Profile is not
    /// claimed where the protocol lets something stay against it.
    #[must_use]
    pub fn options(self) -> Vec<DeidOption> {
        DeidOption::ALL
            .into_iter()
            .filter(|o| self.has(*o) && !(*o == DeidOption::Basic && self.loosens()))
            .collect()
    }

    /// The value of (0028,0303) (PS3.15 section E.1.1).
    #[must_use]
    pub const fn temporal(self) -> &'static str {
        let shifts = match self.overrides {
            Some(overrides) => overrides.shifts,
            None => false,
        };
        if self.has(DeidOption::RetainFullDates) && !shifts {
            "UNMODIFIED"
        } else if self.has(DeidOption::RetainModifiedDates) || shifts {
            "MODIFIED"
        } else {
            "REMOVED"
        }
    }

    /// What the chosen options say about a row: keeping wins over cleaning.
    pub(crate) fn says(self, row: &Row) -> Said {
        if self.options == 0 {
            return Said::Nothing;
        }
        let mut said = Said::Nothing;
        for option in DeidOption::ALL {
            if !self.has(option) {
                continue;
            }
            match row.option(option) {
                OptionAction::Keep => return Said::Keep(option),
                OptionAction::Clean => said = Said::Clean(option),
                OptionAction::None => {}
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_and_impossible_options_are_refused() {
        use DeidOption::{CleanPixelData, RetainFullDates, RetainModifiedDates, RetainUids};
        assert_eq!(
            Policy::new(&[RetainFullDates, RetainModifiedDates]),
            Err(PolicyError::BothDates)
        );
        assert_eq!(
            Policy::new(&[CleanPixelData]),
            Err(PolicyError::NotSupported(CleanPixelData))
        );
        let policy = Policy::new(&[RetainUids]).expect("fine");
        assert_eq!(policy.options(), [DeidOption::Basic, RetainUids]);
        assert_eq!(policy.temporal(), "REMOVED");
    }
}
