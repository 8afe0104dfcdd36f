//! Actions, rules and reasons in words.

use cordon_protocol::{Action, Rule};

use crate::ui::summary::code_of;

/// What was done to an attribute, in the three kinds that a person filters by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Did {
    /// The value is gone.
    Removed,
    /// Another value stands there.
    Replaced,
    /// The value is as it came.
    Kept,
}

/// The kind of an action, its word on a row, and what it means.
pub(crate) const fn did(action: Action) -> (Did, &'static str, &'static str) {
    match action {
        Action::Remove => (
            Did::Removed,
            "Removed",
            "attributes removed with all they held",
        ),
        Action::Empty => (
            Did::Removed,
            "Emptied",
            "values removed, the attribute stays empty",
        ),
        Action::Dummy => (
            Did::Replaced,
            "Dummy",
            "values replaced by a dummy that fits",
        ),
        Action::Uid => (
            Did::Replaced,
            "New UID",
            "UIDs replaced by new ones under the clinic's key",
        ),
        Action::Pseudonym => (
            Did::Replaced,
            "Pseudonym",
            "values replaced by the pseudonym",
        ),
        Action::Keep => (Did::Kept, "Kept", "attributes kept as they are"),
        Action::Clean => (
            Did::Replaced,
            "Cleaned",
            "values with identifying parts taken out",
        ),
        Action::Stamp => (
            Did::Replaced,
            "Stamped",
            "attributes added to say what was done",
        ),
        Action::Rebuild => (
            Did::Replaced,
            "Rebuilt",
            "encodings rebuilt without old bytes",
        ),
    }
}

/// Why, in words.
pub(crate) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::TableE11 => "PS3.15 Table E.1-1 lists it",
        Rule::Private => "Private attribute: only its maker knows what it holds",
        Rule::RepeatingGroup => "Curve or overlay data, PS3.15 Table E.1-1",
        Rule::SweepPersonName => "A person's name that the table does not list",
        Rule::SweepDate => "A date that the table does not list",
        Rule::SweepAddress => "An address, which names a server and often a person's images on it",
        Rule::SweepUid => "A UID that names one thing, not a class",
        Rule::UnknownAttribute => "PS3.6 does not know it",
        Rule::BadValue => "Its value does not fit its VR",
        Rule::FileMeta => "File Meta Information is always rebuilt",
        Rule::Option(option) => option.meaning(),
        Rule::Override => "The protocol asks it for this attribute",
        Rule::SafePrivate => "Listed as safe in PS3.15 Table E.3.10-1",
        Rule::DeclaredSafe => "Declared safe by the object itself",
        Rule::CommandGroup => "Belongs in network messages only",
        Rule::Echo => "Repeats one of the person's own identifiers",
        Rule::DirectoryGroup => "Belongs in a DICOMDIR only",
        Rule::TrailingPadding => "Padding after the data set",
        Rule::GroupLength => "Group length, wrong after any change",
        Rule::DuplicateAttribute => "The second of two with the same tag",
        Rule::FreeText => "A text that stays, without what points to somebody",
        Rule::Pixels => "The pixels were changed, and it speaks of them",
        Rule::TableE341 => "PS3.15 Table E.3.4-1 lists the content item",
        Rule::NotListed => "No rule asks for a change",
        Rule::Stamp => "PS3.15 E.1.1 asks to say what was done",
    }
}

/// Why a file stays, from the reason's code.
pub(crate) fn stays(code: &str) -> &'static str {
    match code {
        "excluded" => "left out by a person",
        "not-decided" => "held, and nobody has decided",
        "refused" => "refused",
        other => code_of(other).map_or("stays for a reason without a name", |c| c.sentence()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_have_sentences() {
        assert_eq!(stays("excluded"), "left out by a person");
        assert!(stays("truncated").contains("ends in the middle"));
    }
}
