//! What goes into a cleaning and what comes out of it, as types.

/// What sort of text is cleaned; it decides how an unknown word is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A short description written by a scanner or an operator: series, study, protocol.
    Descriptor,
    /// A remark typed by a person: image comments, patient comments.
    Comment,
    /// Running text: a report, a structured report's text item.
    Report,
    /// The label of an annotation, a region or an overlay.
    Label,
    /// What a machine or a vocabulary writes: a model, a version, the meaning of a public
    /// code. Only the people and numbers of the study go out of it, or are doubted.
    Term,
}

/// What a person has said about a doubtful word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Nothing yet.
    Open,
    /// It points to nobody: it stays.
    Keep,
    /// It goes.
    Remove,
}

impl Kind {
    /// Whether such a text is a few words, where every word counts.
    pub(crate) const fn is_short(self) -> bool {
        matches!(self, Self::Descriptor | Self::Label | Self::Term)
    }
}

/// Why something was taken out, or is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// A part of the patient's own name.
    PatientName,
    /// A name of somebody else, or a name that the header does not hold.
    PersonName,
    /// A record number, accession number, insurance number or other identifier.
    Identifier,
    /// A date.
    Date,
    /// A telephone or fax number.
    Phone,
    /// An e-mail address.
    Email,
    /// An address in the web.
    Url,
    /// A street address or a town.
    Address,
    /// A postal code.
    PostalCode,
    /// A hospital, practice, department or station.
    Institution,
    /// An age over 89.
    Age,
    /// A word that is not in the vocabulary, where a name could stand.
    UnknownWord,
    /// A long number without a context.
    LongNumber,
}

impl Why {
    /// The word that stands where something was taken out. It has no brackets, so that
    /// it fits every character repertoire, and it is itself in the vocabulary, so that a
    /// second cleaning leaves it alone.
    #[must_use]
    pub const fn token(self) -> &'static str {
        match self {
            Self::PatientName | Self::PersonName | Self::UnknownWord => "PERSON",
            Self::Identifier | Self::LongNumber => "IDENT",
            Self::Date => "DATE",
            Self::Phone => "PHONE",
            Self::Email => "EMAIL",
            Self::Url => "URL",
            Self::Address => "ADDRESS",
            Self::PostalCode => "POSTCODE",
            Self::Institution => "SITE",
            Self::Age => "90+",
        }
    }
}

/// A place in the text that was given, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Why.
    pub why: Why,
}

/// The answer for one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The text as it may go out, once nothing in it is uncertain or a person has accepted it.
    pub text: String,
    /// What was taken out or re-written, as places in the text that was given.
    pub removed: Vec<Span>,
    /// What a person has to look at, as places in the text that was given. A date that
    /// was shifted under a guess of its day and month stands here and in `removed`.
    pub uncertain: Vec<Span>,
    /// `text` with everything uncertain taken out as well: for the answer "take it out",
    /// and for callers where nobody can be asked.
    pub strict: String,
}

impl Outcome {
    /// Whether nothing was touched and nothing is doubted.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.removed.is_empty() && self.uncertain.is_empty()
    }

    /// The uncertain words themselves, to be shown to the person on the screen and nowhere else.
    #[must_use]
    pub fn uncertain_words<'t>(&self, original: &'t str) -> Vec<&'t str> {
        self.uncertain
            .iter()
            .filter_map(|s| original.get(s.start..s.end))
            .collect()
    }
}

/// What the scanners found in one text, before it is put in order.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// To be taken out or re-written.
    pub(crate) gone: Vec<Hit>,
    /// To be shown to a person.
    pub(crate) doubt: Vec<Span>,
    /// One bit for each byte that is to be taken out.
    taken: Vec<u64>,
}

/// One thing to take out.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) why: Why,
    /// What stands there instead; the neutral word when none.
    pub(crate) new: Option<String>,
}

impl Found {
    /// For a text of so many bytes.
    pub(crate) fn new(len: usize) -> Self {
        Self {
            taken: vec![0; len / 64 + 1],
            ..Self::default()
        }
    }

    fn push(&mut self, hit: Hit) {
        for at in hit.start..hit.end {
            if let Some(bits) = self.taken.get_mut(at / 64) {
                *bits |= 1 << (at % 64);
            }
        }
        self.gone.push(hit);
    }

    pub(crate) fn remove(&mut self, start: usize, end: usize, why: Why) {
        self.push(Hit {
            start,
            end,
            why,
            new: None,
        });
    }

    pub(crate) fn rewrite(&mut self, start: usize, end: usize, why: Why, new: String) {
        self.push(Hit {
            start,
            end,
            why,
            new: Some(new),
        });
    }

    pub(crate) fn doubt(&mut self, start: usize, end: usize, why: Why) {
        self.doubt.push(Span { start, end, why });
    }

    /// Whether some part of the range is already to be taken out.
    pub(crate) fn covers(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| {
            self.taken
                .get(at / 64)
                .is_some_and(|bits| bits & (1 << (at % 64)) != 0)
        })
    }
}
