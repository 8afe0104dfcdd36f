//! Text that stays: which attributes hold it, and the cleaning of their values.
//!
//! What a person typed goes through the text cleaner with all that the header knows about
//! the people in it; what a machine or a vocabulary wrote loses only those people. The
//! check of the result asks the same of the finished bytes, the receiver too, who knows
//! nobody: for a text that leaves, neither must have anything left to take out.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock};

use cordon_dicom::{CharacterSet, Vr};
use cordon_protocol::{DeidOption, Rule, Tag};
use cordon_words::{Answer, Kind, KnownIdentity, TextCleaner, Why};

use crate::{Policy, WordDecisions};

/// What stands around an attribute that says who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Around {
    /// The item is a code of a public scheme: its meaning is nobody's own words.
    pub(crate) public_code: bool,
    /// On which ground a private attribute stays.
    pub(crate) private: Option<Rule>,
    /// A content item whose text an option keeps.
    pub(crate) kept: bool,
}

/// Attributes that name or number things in a vocabulary: to change a part is to change all.
const CODES: [u32; 8] = [
    0x0008_0005, // Specific Character Set
    0x0008_0100, // Code Value
    0x0008_0102, // Coding Scheme Designator
    0x0008_0103, // Coding Scheme Version
    0x0008_0112, // Coding Scheme Registry
    0x0008_0119, // Long Code Value
    0x0008_0302, // Private Creator Reference
    0x0042_0012, // MIME Type of Encapsulated Document
];

/// Attributes that a machine or its maker writes.
const TERMS: [u32; 38] = [
    0x0008_0070, // Manufacturer
    0x0008_0114, // Coding Scheme External ID
    0x0008_0115, // Coding Scheme Name
    0x0008_0116, // Coding Scheme Responsible Organization
    0x0008_1090, // Manufacturer's Model Name
    0x0018_0024, // Sequence Name
    0x0018_0031, // Radiopharmaceutical
    0x0018_0034, // Intervention Drug Name
    0x0018_1016, // Secondary Capture Device Manufacturer
    0x0018_1018, // Secondary Capture Device Manufacturer's Model Name
    0x0018_1019, // Secondary Capture Device Software Versions
    0x0018_1020, // Software Versions
    0x0018_1022, // Video Image Format Acquired
    0x0018_1023, // Digital Image Format Acquired
    0x0018_1160, // Filter Type
    0x0018_1180, // Collimator/grid Name
    0x0018_1210, // Convolution Kernel
    0x0018_1250, // Receive Coil Name
    0x0018_1251, // Transmit Coil Name
    0x0018_1261, // Phosphor Type
    0x0018_5010, // Transducer Data
    0x0018_5020, // Processing Function
    0x0018_702A, // Detector Manufacturer Name
    0x0018_702B, // Detector Manufacturer's Model Name
    0x0018_9005, // Pulse Sequence Name
    0x0018_9041, // Receive Coil Manufacturer Name
    0x0018_9050, // Transmit Coil Manufacturer Name
    0x0020_1040, // Position Reference Indicator
    0x0020_9421, // Dimension Description Label
    0x0028_1054, // Rescale Type
    0x0028_3003, // LUT Explanation
    0x0040_E020, // Type of Instances
    0x0048_0106, // Optical Path Identifier
    0x0054_1100, // Randoms Correction Method
    0x0054_1101, // Attenuation Correction Method
    0x0054_1103, // Reconstruction Method
    0x0054_1105, // Scatter Correction Method
    0x0066_0036, // Algorithm Name
];

/// How the text of an attribute that stays is read; `None` when it is not free text.
pub(crate) fn kind(tag: Tag, vr: Vr, around: Around) -> Option<Kind> {
    let free = match vr {
        Vr::LO | Vr::SH | Vr::UC => Kind::Descriptor,
        Vr::ST | Vr::LT => Kind::Comment,
        Vr::UT => Kind::Report,
        _ => return None,
    };
    if tag.is_private() {
        // Listed as safe is what machines write there; what an object calls safe may be anything.
        let listed = around.private != Some(Rule::DeclaredSafe) || tag.is_private_creator();
        return Some(if listed { Kind::Term } else { free });
    }
    if around.kept && tag == TEXT_VALUE || CODES.contains(&tag.0) {
        return None;
    }
    Some(match tag.0 {
        0x0008_0104 if around.public_code => Kind::Term, // Code Meaning
        0x0070_0006 => Kind::Label,                      // Unformatted Text Value
        t if TERMS.contains(&t) => Kind::Term,
        _ => free,
    })
}

/// The same for an attribute that an option cleans.
pub(crate) fn kind_of_row(tag: Tag, vr: Vr) -> Option<Kind> {
    match vr {
        Vr::AE => Some(Kind::Descriptor),
        Vr::CS => Some(Kind::Term),
        _ => kind(tag, vr, Around::default()),
    }
}

const TEXT_VALUE: Tag = Tag(0x0040_A160);

/// What becomes of the dates in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dates {
    Go,
    Stay,
    Move(i64),
}

/// What cleaning a value gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Done {
    /// The new text of the whole value field; `None` when nothing was touched.
    pub(crate) text: Option<String>,
    /// The value cannot be made clean and has to go.
    pub(crate) lost: bool,
    /// Words that a person has to look at.
    pub(crate) doubts: Vec<String>,
}

/// Cleans the texts of one patient's objects, and remembers those it has met: the slices of a
/// series say the same. Holds identities in memory; nothing of it is ever written.
#[derive(Debug)]
pub struct Texts {
    cleaner: TextCleaner,
    /// The same for finished texts: their dates have moved already.
    finished: TextCleaner,
    dates: Dates,
    decisions: Arc<WordDecisions>,
    met: Mutex<HashMap<Asked, Arc<Done>>>,
}

/// What was asked about a text.
type Asked = (Reading, Kind, Vr, String);

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reading {
    /// To be cleaned; what is doubted waits for a person.
    Clean,
    /// To be cleaned; what is doubted goes.
    Strict,
    /// Finished: is anything left?
    Finished,
}

/// How many texts are remembered.
const MET: usize = 512;
/// Longer texts, in bytes, are not remembered.
const SHORT: usize = 4096;
/// No text of an image is longer, in bytes: such a value goes.
const LONGEST: usize = 1 << 16;
/// A text with so many different words that nobody knows is not one about an image: it goes.
const MOST_DOUBTS: usize = 500;
/// How often a text is read again until nothing more is found.
const ROUNDS: usize = 4;

impl Texts {
    /// For a patient about whom the header knows this, and whose dates move by these days.
    #[must_use]
    pub fn new(
        known: &KnownIdentity,
        policy: Policy,
        shift_days: i64,
        decisions: Arc<WordDecisions>,
    ) -> Self {
        let dates = if policy.has(DeidOption::RetainFullDates) {
            Dates::Stay
        } else if policy.has(DeidOption::RetainModifiedDates) {
            Dates::Move(shift_days)
        } else {
            Dates::Go
        };
        let (now, then) = match dates {
            Dates::Go => (None, None),
            Dates::Stay => (Some(0), Some(0)),
            Dates::Move(days) => (Some(days), Some(0)),
        };
        let cleaner = TextCleaner::new(known, now);
        Self {
            finished: if now == then {
                cleaner.clone()
            } else {
                TextCleaner::new(known, then)
            },
            cleaner,
            dates,
            decisions,
            met: Mutex::default(),
        }
    }

    /// For texts of people about whom nothing is known: what a receiver can see.
    pub(crate) fn of_strangers(policy: Policy) -> &'static Self {
        static TEXTS: [OnceLock<Texts>; 2] = [const { OnceLock::new() }; 2];
        let full = policy.has(DeidOption::RetainFullDates);
        let dated = full || policy.has(DeidOption::RetainModifiedDates);
        TEXTS[usize::from(dated)].get_or_init(|| {
            let dates = if dated {
                Policy::new(&[DeidOption::RetainFullDates]).unwrap_or_default()
            } else {
                Policy::basic()
            };
            Self::new(&KnownIdentity::default(), dates, 0, Arc::default())
        })
    }

    /// What a person said about doubtful words.
    #[must_use]
    pub fn decisions(&self) -> &WordDecisions {
        &self.decisions
    }

    /// Cleans a value field.
    pub(crate) fn clean(&self, bytes: &[u8], vr: Vr, set: &CharacterSet, kind: Kind) -> Arc<Done> {
        self.remembered(Reading::Clean, &set.decode(bytes), vr, kind)
    }

    /// Cleans a value field of which nothing doubtful may stay, whatever a person said: one of
    /// the doubtful words is all of somebody's name or number.
    pub(crate) fn strict(&self, bytes: &[u8], vr: Vr, set: &CharacterSet, kind: Kind) -> Arc<Done> {
        self.remembered(Reading::Strict, &set.decode(bytes), vr, kind)
    }

    /// Reads a finished value field: what is still to be taken out, or doubted.
    pub(crate) fn read(&self, bytes: &[u8], vr: Vr, set: &CharacterSet, kind: Kind) -> Arc<Done> {
        self.remembered(Reading::Finished, &set.decode(bytes), vr, kind)
    }

    fn remembered(&self, reading: Reading, text: &str, vr: Vr, kind: Kind) -> Arc<Done> {
        // No machine and no vocabulary writes an address.
        let kind = match kind {
            Kind::Term if text.contains("://") || text.contains('@') => Kind::Descriptor,
            kind => kind,
        };
        let key = (reading, kind, vr, text.to_owned());
        if let Ok(met) = self.met.lock()
            && let Some(done) = met.get(&key)
        {
            return Arc::clone(done);
        }
        let done = Arc::new(self.work(reading, text, vr, kind));
        if text.len() > SHORT {
            return done;
        }
        if let Ok(mut met) = self.met.lock() {
            if met.len() >= MET {
                met.clear();
            }
            met.insert(key, Arc::clone(&done));
        }
        done
    }

    fn work(&self, reading: Reading, text: &str, vr: Vr, kind: Kind) -> Done {
        let mut done = Done::default();
        // What does not decode cannot be read, and nobody wrote a book about an image.
        if text.contains('\u{FFFD}') || text.len() > LONGEST {
            done.lost = true;
            return done;
        }
        let body = text.trim_end_matches(['\0', ' ']);
        let single = matches!(vr, Vr::ST | Vr::LT | Vr::UT);
        let values: Vec<&str> = if single {
            vec![body]
        } else {
            body.split('\\').collect()
        };
        let mut changed = false;
        let mut out = Vec::with_capacity(values.len());
        for value in values {
            let new = match reading {
                Reading::Clean => {
                    self.value(value, vr, kind, &mut done, &|w| self.decisions.answer(w))
                }
                Reading::Strict => self.value(value, vr, kind, &mut done, &|_| Answer::Remove),
                Reading::Finished => {
                    let answer = |w: &str| self.decisions.answer(w);
                    self.once(value, &self.finished, kind, &mut done.doubts, &answer)
                }
            };
            changed |= new.is_some();
            out.push(new.unwrap_or_else(|| value.to_owned()));
        }
        if changed {
            done.text = Some(out.join("\\"));
        }
        done.lost |= done.doubts.len() >= MOST_DOUBTS;
        done
    }

    /// One reading; `None` when it changes nothing.
    fn once(
        &self,
        text: &str,
        cleaner: &TextCleaner,
        kind: Kind,
        doubts: &mut Vec<String>,
        answer: &dyn Fn(&str) -> Answer,
    ) -> Option<String> {
        let outcome = cleaner.clean_with(text, kind, answer);
        for span in &outcome.uncertain {
            // A date that stays or has moved is no question of day and month any more.
            let settled = span.why == Why::Date
                && (self.dates == Dates::Stay || std::ptr::eq(cleaner, &raw const self.finished))
                && self.dates != Dates::Go;
            let word = text.get(span.start..span.end).unwrap_or_default();
            if !settled
                && !word.is_empty()
                && doubts.len() < MOST_DOUBTS
                && !doubts.iter().any(|d| d == word)
            {
                doubts.push(word.to_owned());
            }
        }
        (outcome.text != text).then_some(outcome.text)
    }

    fn value(
        &self,
        text: &str,
        vr: Vr,
        kind: Kind,
        done: &mut Done,
        answer: &dyn Fn(&str) -> Answer,
    ) -> Option<String> {
        let most = limit(vr).map_or(usize::MAX, |l| l.max(text.chars().count()));
        let mut new = fit(
            self.once(text, &self.cleaner, kind, &mut done.doubts, answer)?,
            most,
        );
        let strangers = Self::of_strangers(match self.dates {
            Dates::Go => Policy::basic(),
            Dates::Stay | Dates::Move(_) => {
                Policy::new(&[DeidOption::RetainFullDates]).unwrap_or_default()
            }
        });
        for _ in 0..ROUNDS {
            let again = self.once(&new, &self.finished, kind, &mut done.doubts, answer);
            let open = |_: &str| Answer::Open;
            let read = again.as_deref().unwrap_or(&new);
            let seen = strangers.cleaner.clean_with(read, kind, &open).text;
            let next = fit(seen, most);
            if next == new {
                return Some(new);
            }
            new = next;
        }
        done.lost = true;
        None
    }
}

/// Most characters of one value (PS3.5 table 6.2-1).
const fn limit(vr: Vr) -> Option<usize> {
    Some(match vr {
        Vr::AE | Vr::CS | Vr::SH => 16,
        Vr::LO => 64,
        Vr::ST => 1024,
        Vr::LT => 10_240,
        _ => return None,
    })
}

/// A text with at most so many characters: the neutral words go first, then the end.
fn fit(text: String, most: usize) -> String {
    const NEUTRAL: [&str; 9] = [
        "PERSON", "IDENT", "DATE", "PHONE", "EMAIL", "URL", "ADDRESS", "POSTCODE", "SITE",
    ];
    if text.chars().count() <= most {
        return text;
    }
    let words: Vec<&str> = text
        .split(' ')
        .filter(|w| !NEUTRAL.contains(w) && !w.is_empty())
        .collect();
    let short: String = words.join(" ").chars().take(most).collect();
    short.trim_end().to_owned()
}

/// The text cleaners of the last few patients.
#[derive(Debug, Default)]
pub struct TextCleaners {
    recent: Mutex<VecDeque<Entry>>,
}

#[derive(Debug)]
struct Entry {
    known: KnownIdentity,
    policy: Policy,
    shift_days: i64,
    texts: Arc<Texts>,
}

/// How many are kept.
const KEPT: usize = 16;

impl TextCleaners {
    /// The cleaner for this patient, built when it is not there yet.
    #[must_use]
    pub fn get(
        &self,
        known: KnownIdentity,
        policy: Policy,
        shift_days: i64,
        decisions: &Arc<WordDecisions>,
    ) -> Arc<Texts> {
        let fits = |e: &Entry| {
            e.shift_days == shift_days
                && e.policy == policy
                && e.texts.decisions == *decisions
                && e.known == known
        };
        if let Ok(recent) = self.recent.lock()
            && let Some(there) = recent.iter().find(|e| fits(e))
        {
            return Arc::clone(&there.texts);
        }
        let made = Arc::new(Texts::new(
            &known,
            policy,
            shift_days,
            Arc::clone(decisions),
        ));
        if let Ok(mut recent) = self.recent.lock() {
            recent.push_front(Entry {
                known,
                policy,
                shift_days,
                texts: Arc::clone(&made),
            });
            recent.truncate(KEPT);
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(options: &[DeidOption], decisions: WordDecisions) -> Texts {
        let known = KnownIdentity {
            patient_name: vec!["Li^Wei".to_owned(), "Grünbaum^Anna".to_owned()],
            ids: vec!["PAT-48151".to_owned()],
            ..KnownIdentity::default()
        };
        let policy = Policy::new(options).expect("policy");
        Texts::new(&known, policy, -40, Arc::new(decisions))
    }

    fn cleaned(texts: &Texts, text: &str, vr: Vr, kind: Kind) -> Done {
        let set = CharacterSet::parse(b"ISO_IR 192");
        let done = texts.clean(text.as_bytes(), vr, &set, kind);
        if let Some(new) = &done.text {
            let again = texts.read(new.as_bytes(), vr, &set, kind);
            assert_eq!(again.text, None, "a finished text stays");
        }
        Done::clone(&done)
    }

    #[test]
    fn values_keep_their_number_and_fit_their_vr() {
        let t = texts(&[], WordDecisions::default());
        let done = cleaned(
            &t,
            "MRI brain\\Grünbaum\\T2 axial",
            Vr::LO,
            Kind::Descriptor,
        );
        assert_eq!(done.text.as_deref(), Some("MRI brain\\PERSON\\T2 axial"));
        let done = cleaned(&t, "ax Anna 2d Anna", Vr::SH, Kind::Descriptor);
        assert!(done.text.expect("changed").chars().count() <= 16);
        let done = cleaned(&t, "MRI brain ", Vr::LO, Kind::Descriptor);
        assert_eq!(done, Done::default(), "nothing to do");
    }

    #[test]
    fn dates_go_stay_or_move_with_the_patient() {
        let text = "control on 2021-04-12, no focal lesion";
        let of = |options: &[DeidOption]| {
            let t = texts(options, WordDecisions::default());
            cleaned(&t, text, Vr::LT, Kind::Comment).text
        };
        assert_eq!(of(&[]).as_deref(), Some("control on DATE, no focal lesion"));
        assert_eq!(of(&[DeidOption::RetainFullDates]), None);
        assert_eq!(
            of(&[DeidOption::RetainModifiedDates]).as_deref(),
            Some("control on 2021-03-03, no focal lesion")
        );
    }

    #[test]
    fn a_decided_word_is_asked_about_no_more() {
        let text = "MRI brain Xyvolant";
        let t = texts(&[], WordDecisions::default());
        let done = cleaned(&t, text, Vr::LO, Kind::Descriptor);
        assert_eq!(done.doubts, ["Xyvolant"]);
        let mut decisions = WordDecisions::default();
        decisions.accept("XYVOLANT");
        let t = texts(&[], decisions.clone());
        assert_eq!(cleaned(&t, text, Vr::LO, Kind::Descriptor), Done::default());
        decisions.reject("Xyvolant");
        let t = texts(&[], decisions);
        let done = cleaned(&t, text, Vr::LO, Kind::Descriptor);
        assert_eq!(done.text.as_deref(), Some("MRI brain PERSON"));
        assert!(done.doubts.is_empty());
    }

    #[test]
    fn what_a_machine_wrote_loses_the_patient_only() {
        let t = texts(&[], WordDecisions::default());
        let done = cleaned(&t, "syngo MR Q12 Fnord 2019-01-01", Vr::LO, Kind::Term);
        assert_eq!(done, Done::default());
        let done = cleaned(&t, "EPI2 Grünbaum", Vr::LO, Kind::Term);
        assert_eq!(done.text.as_deref(), Some("EPI2 PERSON"));
    }

    #[test]
    fn what_does_not_decode_is_lost() {
        let t = texts(&[], WordDecisions::default());
        let set = CharacterSet::parse(b"ISO_IR 192");
        assert!(t.clean(b"MRI \xFF\xFE", Vr::LO, &set, Kind::Comment).lost);
    }
}
