//! What the words mean, for help in place.

/// A word that can be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    Contribution,
    Protocol,
    SiteKey,
    Pseudonym,
    Finding,
    Verdict,
    Clean,
    Held,
    Refused,
    Receipt,
    Profile,
    Edition,
    Option,
    Instance,
    Series,
    Study,
    Action,
    Fingerprint,
    Staged,
}

impl Term {
    /// In the order of the list in the help panel.
    pub(crate) const ALL: [Self; 19] = [
        Self::Contribution,
        Self::Protocol,
        Self::SiteKey,
        Self::Pseudonym,
        Self::Finding,
        Self::Verdict,
        Self::Clean,
        Self::Held,
        Self::Refused,
        Self::Receipt,
        Self::Profile,
        Self::Edition,
        Self::Option,
        Self::Instance,
        Self::Series,
        Self::Study,
        Self::Action,
        Self::Fingerprint,
        Self::Staged,
    ];
}

/// The word and its meaning.
pub(crate) const fn meaning(term: Term) -> (&'static str, &'static str) {
    match term {
        Term::Contribution => (
            "Contribution",
            "Everything that you drop, approve and send together. It ends with one receipt.",
        ),
        Term::Protocol => (
            "Protocol",
            "What the project asks of every contribution: how to de-identify, what to check, who must approve. The server publishes it; this page obeys it.",
        ),
        Term::SiteKey => (
            "Clinic's key",
            "A secret that this browser made and keeps. Pseudonyms and new UIDs are derived from it. It never leaves the clinic.",
        ),
        Term::Pseudonym => (
            "Pseudonym",
            "The Patient ID that leaves. It is derived from the clinic's key: always the same for the same patient here, and without meaning elsewhere.",
        ),
        Term::Finding => (
            "Finding",
            "One thing that a check noticed in an image, with its place.",
        ),
        Term::Verdict => (
            "Verdict",
            "Clean, Held or Refused. Every image gets one; without a verdict nothing leaves.",
        ),
        Term::Clean => (
            "Clean",
            "Every check passed. It leaves when you approve the contribution, unless you exclude it.",
        ),
        Term::Held => (
            "Held",
            "The header is clean, but the picture may show who it is. A person must look at it: accept it or exclude it.",
        ),
        Term::Refused => (
            "Refused",
            "It cannot be made clean, or is not what it claims to be. It stays here, whatever anybody decides.",
        ),
        Term::Receipt => (
            "Receipt",
            "The list of what arrived, under which rules, who approved it, signed by the server. It holds no identifier of a patient.",
        ),
        Term::Profile => (
            "Basic Profile",
            "The Basic Application Level Confidentiality Profile of DICOM PS3.15: the rules for each attribute that can identify a person.",
        ),
        Term::Edition => (
            "Edition",
            "DICOM is published several times a year. The edition says which table of rules was used.",
        ),
        Term::Option => (
            "Option",
            "DICOM's options relax or tighten the Basic Profile, for example to keep dates. The protocol names those that it wants.",
        ),
        Term::Instance => (
            "Image",
            "One DICOM object (SOP instance), usually one file: a slice, a picture, a report.",
        ),
        Term::Series => (
            "Series",
            "Images that were acquired together, such as the slices of one scan.",
        ),
        Term::Study => ("Study", "All series of one examination."),
        Term::Action => (
            "What was done",
            "What happened to an attribute: removed, emptied, replaced, or kept.",
        ),
        Term::Fingerprint => (
            "Fingerprint",
            "A short form of a long key. Two keys are the same if their fingerprints are; compare it with the one that the operator publishes.",
        ),
        Term::Staged => (
            "Waiting in this browser",
            "Cleaned images lie in the browser's own file system until they have arrived. No other page can read them.",
        ),
    }
}
