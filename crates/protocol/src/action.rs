//! What was done to an attribute, as data: never a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::TagPath;

/// What happened to one attribute (PS3.15 Table E.1-1a, resolved).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// X: the attribute, with all its items, is gone.
    Remove,
    /// Z: the attribute is there with zero length or no items.
    Empty,
    /// D: the value is replaced by a dummy that fits the VR.
    Dummy,
    /// U: a UID is replaced by its keyed successor.
    Uid,
    /// The value is replaced by the pseudonym derived from the site key.
    Pseudonym,
    /// K: the value stays, on the ground that the rule names.
    Keep,
    /// C: identifying parts were taken out of the value.
    Clean,
    /// The attribute was added by Cordon to say what was done.
    Stamp,
    /// The encoding was rebuilt (File Meta, preamble, padding): same meaning, no old bytes.
    Rebuild,
}

/// Which rule asked for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A row of PS3.15 Table E.1-1, Basic Profile column.
    TableE11,
    /// A private attribute (PS3.15 Table E.1-1, the odd-group row).
    Private,
    /// Curve data 50xx or overlay 60xx (the repeating-group rows).
    RepeatingGroup,
    /// A person name that the table does not list.
    SweepPersonName,
    /// A date or date-time that the table does not list.
    SweepDate,
    /// A UID that the table does not list and that is neither a class nor a well-known UID.
    SweepUid,
    /// An address (UR) that the table does not list: it names a server, and often a person's images on it.
    SweepAddress,
    /// An attribute that the data dictionary of PS3.6 does not know.
    UnknownAttribute,
    /// A value that cannot be read as the VR that PS3.6 gives the attribute.
    BadValue,
    /// Group 0002 and the preamble: rebuilt, never copied.
    FileMeta,
    /// Group 0000, which belongs in network messages only.
    CommandGroup,
    /// Group 0004, which belongs in a DICOMDIR only.
    DirectoryGroup,
    /// (FFFC,FFFC) and whatever follows the data set.
    TrailingPadding,
    /// An option of the protocol asked for it.
    Option(crate::DeidOption),
    /// The protocol asks it for this very attribute.
    Override,
    /// PS3.15 Table E.3.10-1 lists the private attribute as safe.
    SafePrivate,
    /// The object's own (0008,0300) declares the private attribute safe.
    DeclaredSafe,
    /// One of the person's identifiers repeated in an attribute that the profile keeps.
    Echo,
    /// Group lengths, retired and wrong after a rewrite.
    GroupLength,
    /// A second attribute with the same tag in one data set.
    DuplicateAttribute,
    /// A text that stays, from which what points to somebody was taken out.
    FreeText,
    /// The pixels were changed, and the attribute with them.
    Pixels,
    /// PS3.15 Table E.3.4-1 takes the content item out.
    TableE341,
    /// Not in the table and not swept: kept as it came.
    NotListed,
    /// PS3.15 section E.1.1: the attributes that say what was done.
    Stamp,
}

/// One attribute's fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where, in the input's numbering of items.
    pub path: TagPath,
    /// What was done.
    pub action: Action,
    /// Why.
    pub rule: Rule,
}

/// How many attributes met each action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(pub BTreeMap<Action, u64>);

impl Counts {
    /// Counts one more of `action`.
    pub fn add(&mut self, action: Action) {
        *self.0.entry(action).or_insert(0) += 1;
    }
    /// Adds the counts of another report.
    pub fn merge(&mut self, other: &Self) {
        for (action, n) in &other.0 {
            *self.0.entry(*action).or_insert(0) += n;
        }
    }
    /// How many of one action.
    #[must_use]
    pub fn of(&self, action: Action) -> u64 {
        self.0.get(&action).copied().unwrap_or(0)
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 9] = [
        Self::Remove,
        Self::Empty,
        Self::Dummy,
        Self::Uid,
        Self::Pseudonym,
        Self::Keep,
        Self::Clean,
        Self::Stamp,
        Self::Rebuild,
    ];

    /// What it does, for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Remove => "removed",
            Self::Empty => "emptied",
            Self::Dummy => "replaced by a dummy value",
            Self::Uid => "UID replaced by its successor under the site key",
            Self::Pseudonym => "replaced by the pseudonym",
            Self::Keep => "kept as it came",
            Self::Clean => "cleaned: shifted, capped, replaced or identifying parts taken out",
            Self::Stamp => "written by Cordon to say what was done",
            Self::Rebuild => "encoding rebuilt without old bytes",
        }
    }
}

impl Rule {
    /// The ground, for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TableE11 => "PS3.15 Table E.1-1 lists it",
            Self::Private => "a private attribute, and nothing says that it is safe",
            Self::RepeatingGroup => "curve or overlay data, PS3.15 Table E.1-1",
            Self::SweepPersonName => "a person's name that the table does not list",
            Self::SweepDate => "a date that the table does not list",
            Self::SweepAddress => "an address, which names a server and often a person's images",
            Self::SweepUid => "a UID that names one thing and not a class",
            Self::UnknownAttribute => "PS3.6 does not know it",
            Self::BadValue => "its value does not fit its VR",
            Self::FileMeta => "File Meta Information is always rebuilt",
            Self::CommandGroup => "belongs in network messages only",
            Self::DirectoryGroup => "belongs in a DICOMDIR only",
            Self::TrailingPadding => "padding after the data set",
            Self::Option(option) => option.meaning(),
            Self::Override => "the protocol asks it for this very attribute",
            Self::SafePrivate => "listed as safe in PS3.15 Table E.3.10-1",
            Self::DeclaredSafe => "declared safe by the object itself, (0008,0300)",
            Self::Echo => "repeats one of the person's own identifiers",
            Self::GroupLength => "a group length, wrong after any change",
            Self::DuplicateAttribute => "the second of two with the same tag",
            Self::FreeText => "a text that stays, without what points to somebody",
            Self::Pixels => "the pixels were changed, and it speaks of them",
            Self::TableE341 => "PS3.15 Table E.3.4-1 lists the content item",
            Self::NotListed => "no rule asks for a change",
            Self::Stamp => "PS3.15 section E.1.1 asks to say what was done",
        }
    }
}
