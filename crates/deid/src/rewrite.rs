//! The rewriter: a new object from a parsed one, element by element.
//!
//! Values that stay are copied byte for byte, pixel data among them. The report
//! of what happened is data ([`Change`]) and never holds a value.

use std::borrow::Cow;

use cordon_dicom::{
    CharacterSet, DataSet, Element, File, Syntax, Value, Vr, Writer, file_meta, tag, tags,
};
use cordon_protocol::{Action, Change, Counts, DeidOption, PathStep, Rule, Tag, TagPath};
use cordon_words::Kind;

use crate::content::{self, Fate};
use crate::iod::{self, Node};
use crate::private::Blocks;
use crate::rules::{
    Decision, Enter, How, PATIENT_ID, PATIENT_NAME, Place, decide, taken_out, uids,
};
use crate::text::Done;
use crate::{HeldWord, Policy, Searcher, SiteKey, Texts, dates, dummy};

/// What one object is rewritten under.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The SOP Class UID.
    pub sop_class: &'a str,
    /// The pseudonym of the patient.
    pub pseudonym: &'a str,
    /// The clinic's key.
    pub key: &'a SiteKey,
    /// Profile and options.
    pub policy: Policy,
    /// By how many days the patient's dates move, where the policy moves dates.
    pub shift_days: i64,
    /// What is said about the work in (0012,0063): at most 64 characters, without backslash.
    pub method: &'a str,
    /// Knows the person's identifiers: a text that stays and repeats one of them goes as well.
    pub searcher: &'a Searcher,
    /// Cleans the texts that stay, and knows what a person said about doubtful words.
    pub texts: &'a Texts,
    /// Bytes of the input, to reserve memory once.
    pub size_hint: usize,
}

/// A rewritten object, not checked yet.
#[derive(Debug, Clone)]
pub struct Rewritten {
    /// The new file.
    pub bytes: Vec<u8>,
    /// What happened to each attribute, in the order of the input.
    pub changes: Vec<Change>,
    /// The same, counted.
    pub counts: Counts,
    /// The new SOP Instance UID.
    pub instance: String,
    /// Words that still stand and may point to somebody, in the numbering of the output: for
    /// the person's own screen.
    pub uncertain: Vec<HeldWord>,
    /// Where in `bytes` the four bytes of (0012,0062) stand, `YES ` as written.
    pub identity_removed_at: usize,
}

const IDENTITY_REMOVED: Tag = Tag(0x0012_0062);
const METHOD: Tag = Tag(0x0012_0063);
const METHOD_CODES: Tag = Tag(0x0012_0064);
const TEMPORAL: Tag = Tag(0x0028_0303);
const STAMPS: [Tag; 4] = [IDENTITY_REMOVED, METHOD, METHOD_CODES, TEMPORAL];

struct Rewriter<'k> {
    writer: Writer,
    job: Job<'k>,
    changes: Vec<Change>,
    counts: Counts,
    steps: Vec<PathStep>,
    dummy_depth: usize,
    /// The character sets of the data set and those above it.
    sets: Vec<CharacterSet>,
    /// Whether content items may go.
    may_remove: bool,
    /// What the data set is among content items.
    fate: Fate,
    uncertain: Vec<HeldWord>,
}

/// Rewrites `file` as `job` asks.
#[must_use]
pub fn rewrite(file: &File<'_>, job: &Job<'_>) -> Rewritten {
    let instance = file
        .data
        .ascii(tag(tags::SOP_INSTANCE_UID))
        .map(|uid| {
            if job.policy.has(DeidOption::RetainUids) {
                uid.to_owned()
            } else {
                job.key.uid(uid)
            }
        })
        .unwrap_or_default();
    let mut out = Vec::with_capacity(job.size_hint + 2048);
    out.extend_from_slice(&file_meta(job.sop_class, &instance, &file.syntax.uid));
    let mut rewriter = Rewriter {
        writer: Writer::new(out, &file.syntax),
        job: *job,
        changes: Vec::with_capacity(file.data.elements.len() + 16),
        counts: Counts::default(),
        steps: Vec::new(),
        dummy_depth: 0,
        sets: vec![file.data.character_set(&CharacterSet::default())],
        may_remove: content::may_remove(&file.data),
        fate: Fate::Profile,
        uncertain: Vec::new(),
    };
    for element in &file.meta.elements {
        rewriter.note(element.tag, Action::Rebuild, Rule::FileMeta);
    }
    rewriter.root(&file.data, iod::root(job.sop_class));
    let bytes = rewriter.writer.into_bytes();
    let identity_removed_at = find_identity_removed(&bytes, &file.syntax);
    Rewritten {
        bytes,
        changes: rewriter.changes,
        counts: rewriter.counts,
        instance,
        uncertain: rewriter.uncertain,
        identity_removed_at,
    }
}

/// The offset of the value of (0012,0062), which the rewriter wrote as four bytes.
fn find_identity_removed(bytes: &[u8], syntax: &Syntax) -> usize {
    let mut needle = Writer::new(Vec::new(), syntax);
    needle.bytes(IDENTITY_REMOVED, Vr::CS, b"YES ");
    memchr::memmem::find(bytes, &needle.into_bytes()).map_or(usize::MAX, |at| at + 8)
}

impl Rewriter<'_> {
    fn note(&mut self, tag: Tag, action: Action, rule: Rule) {
        self.counts.add(action);
        self.changes.push(Change {
            path: TagPath {
                steps: self.steps.clone(),
                tag,
            },
            action,
            rule,
        });
    }

    /// The root data set, with pseudonym and stamps put in at their places.
    fn root(&mut self, data: &DataSet<'_>, node: Node) {
        let blocks = self.blocks(data);
        let mut added: Vec<Tag> = vec![PATIENT_NAME, PATIENT_ID];
        added.extend(STAMPS);
        added.reverse();
        let mut last = None;
        for element in &data.elements {
            while added.last().is_some_and(|t| *t < element.tag) {
                if let Some(tag) = added.pop() {
                    self.add(tag, data, node);
                }
            }
            if last == Some(element.tag) {
                self.note(element.tag, Action::Remove, Rule::DuplicateAttribute);
                continue;
            }
            last = Some(element.tag);
            if STAMPS.contains(&element.tag) {
                added.retain(|t| *t != element.tag);
                self.add(element.tag, data, node);
                continue;
            }
            if element.tag == PATIENT_NAME || element.tag == PATIENT_ID {
                added.retain(|t| *t != element.tag);
            }
            let place = self.place(node, 0, blocks.as_ref(), false);
            self.element(element, place);
        }
        while let Some(tag) = added.pop() {
            self.add(tag, data, node);
        }
    }

    /// The private blocks of a data set, where the policy lets private attributes stay.
    fn blocks(&self, data: &DataSet<'_>) -> Option<Blocks> {
        self.job
            .policy
            .keeps_private()
            .then(|| Blocks::of(data, self.job.policy))
    }

    fn place<'b>(
        &self,
        node: Node,
        depth: usize,
        blocks: Option<&'b Blocks>,
        public_code: bool,
    ) -> Place<'b> {
        Place {
            node,
            depth,
            policy: self.job.policy,
            blocks,
            fate: self.fate,
            public_code,
        }
    }

    /// Writes one of the attributes that Cordon adds or appends to.
    fn add(&mut self, tag: Tag, data: &DataSet<'_>, node: Node) {
        match tag {
            IDENTITY_REMOVED => self.writer.bytes(tag, Vr::CS, b"YES "),
            TEMPORAL => {
                let value = self.job.policy.temporal();
                self.writer.bytes(tag, Vr::CS, value.as_bytes());
            }
            METHOD => self.add_method(data),
            METHOD_CODES => self.add_codes(data, node),
            _ => {
                let vr = if tag == PATIENT_NAME { Vr::PN } else { Vr::LO };
                self.writer.bytes(tag, vr, self.job.pseudonym.as_bytes());
                self.note(tag, Action::Pseudonym, Rule::TableE11);
                return;
            }
        }
        self.note(tag, Action::Stamp, Rule::Stamp);
    }

    fn add_method(&mut self, data: &DataSet<'_>) {
        let method = self.job.method.as_bytes();
        let before = data
            .get(METHOD)
            .and_then(Element::bytes)
            .unwrap_or_default();
        let before = dummy::trim(before);
        let already = before
            .split(|b| *b == b'\\')
            .any(|v| v.trim_ascii() == method);
        let mut value = before.to_vec();
        if !already {
            if !value.is_empty() {
                value.push(b'\\');
            }
            value.extend_from_slice(method);
        }
        self.writer.bytes(METHOD, Vr::LO, &value);
    }

    fn add_codes(&mut self, data: &DataSet<'_>, node: Node) {
        self.writer.begin_sequence(METHOD_CODES);
        let before = data
            .get(METHOD_CODES)
            .and_then(Element::items)
            .unwrap_or_default();
        let code = |item: &DataSet<'_>| {
            let scheme = item.ascii(tag(tags::CODING_SCHEME_DESIGNATOR));
            (scheme == Some("DCM"))
                .then(|| item.ascii(tag(tags::CODE_VALUE)))
                .flatten()
                .map(str::to_owned)
        };
        let present: Vec<String> = before.iter().filter_map(code).collect();
        let inner = node.child(METHOD_CODES);
        for (i, item) in before.iter().enumerate() {
            self.item(METHOD_CODES, i, item, inner, 1);
        }
        for option in self.job.policy.options() {
            if present.iter().any(|c| c == option.code()) {
                continue;
            }
            self.writer.begin_item();
            self.writer
                .bytes(tag(tags::CODE_VALUE), Vr::SH, option.code().as_bytes());
            self.writer
                .bytes(tag(tags::CODING_SCHEME_DESIGNATOR), Vr::SH, b"DCM");
            self.writer
                .bytes(tag(tags::CODE_MEANING), Vr::LO, option.meaning().as_bytes());
            self.writer.end_item();
        }
        self.writer.end_sequence();
    }

    fn item(&mut self, sequence: Tag, number: usize, item: &DataSet<'_>, node: Node, depth: usize) {
        self.step(sequence, number);
        self.writer.begin_item();
        let set = self.sets.last().map(|above| item.character_set(above));
        self.sets.push(set.unwrap_or_default());
        let blocks = self.blocks(item);
        let public_code = is_public_code(item);
        let mut last = None;
        for element in &item.elements {
            if last == Some(element.tag) {
                self.note(element.tag, Action::Remove, Rule::DuplicateAttribute);
                continue;
            }
            last = Some(element.tag);
            let place = self.place(node, depth, blocks.as_ref(), public_code);
            self.element(element, place);
        }
        self.sets.pop();
        self.writer.end_item();
        self.steps.pop();
    }

    fn element(&mut self, element: &Element<'_>, place: Place<'_>) {
        let (node, depth) = (place.node, place.depth);
        let mut decision = decide(element, &place);
        if self.dummy_depth > 0 {
            decision = in_dummy(element, decision);
        }
        let vr = written_vr(element);
        let mut cleaned = None;
        let mut doubts = Vec::new();
        if let How::Text(kind) = decision.how {
            (cleaned, doubts) = self.text(element, vr, kind, &mut decision, node);
        } else if decision.action == Action::Clean {
            cleaned = self.clean_value(element, vr, decision.how);
            if cleaned.is_none() {
                decision = taken_out(element.tag, node, Rule::BadValue);
            }
        }
        let stays = matches!(decision.action, Action::Keep | Action::Clean);
        let value = cleaned.as_deref().or(element.bytes());
        let checked = decision.action == Action::Keep || matches!(decision.how, How::Text(_));
        if stays && checked && self.echoes(value, vr) {
            decision = taken_out(element.tag, node, Rule::Echo);
            doubts.clear();
        }
        self.note(element.tag, decision.action, decision.rule);
        self.doubt(element.tag, doubts);
        match decision.action {
            Action::Remove => {}
            Action::Empty if vr == Vr::SQ => self.writer.empty_sequence(element.tag),
            Action::Empty => self.writer.bytes(element.tag, vr, b""),
            Action::Pseudonym => {
                let value = self.job.pseudonym.as_bytes();
                self.writer.bytes(element.tag, vr, value);
            }
            Action::Clean => match cleaned {
                Some(value) => self.writer.bytes(element.tag, vr, &value),
                None => self.copy(element, vr),
            },
            Action::Uid => self.uid(element),
            _ if decision.enter != Enter::No => self.sequence(element, decision, node, depth),
            Action::Dummy if vr == Vr::SQ => self.writer.empty_sequence(element.tag),
            Action::Dummy if vr == Vr::UI => self.uid(element),
            Action::Dummy => {
                let old = element.bytes().unwrap_or_default();
                let new = dummy::instead_of(vr, old, self.writer.big_endian());
                self.writer.bytes(element.tag, vr, &new);
            }
            _ => self.copy(element, vr),
        }
    }

    /// The cleaned text, when something was taken out of it, and what is doubted in it. What
    /// cannot be read, made clean or written goes.
    fn text(
        &self,
        element: &Element<'_>,
        vr: Vr,
        kind: Kind,
        decision: &mut Decision,
        node: Node,
    ) -> (Option<Vec<u8>>, Vec<String>) {
        let bytes = element.bytes().unwrap_or_default();
        if dummy::is_nothing(vr, bytes) {
            return (None, Vec::new());
        }
        let set = self.sets.last().cloned().unwrap_or_default();
        let mut done = self.job.texts.clean(bytes, vr, &set, kind);
        let mut written = write(&done, bytes, &set, vr);
        if written.as_deref().is_some_and(|w| self.echoes(Some(w), vr)) {
            done = self.job.texts.strict(bytes, vr, &set, kind);
            written = write(&done, bytes, &set, vr);
        }
        match written {
            Some(same) if same == bytes => (None, done.doubts.clone()),
            Some(new) => {
                if decision.action == Action::Keep {
                    decision.action = Action::Clean;
                    decision.rule = Rule::FreeText;
                }
                (Some(new.into_owned()), done.doubts.clone())
            }
            None => {
                *decision = taken_out(element.tag, node, Rule::BadValue);
                (None, Vec::new())
            }
        }
    }

    /// Notes the doubtful words of an attribute.
    fn doubt(&mut self, tag: Tag, words: Vec<String>) {
        for word in words {
            let path = TagPath {
                steps: self.steps.clone(),
                tag,
            };
            self.uncertain.push(HeldWord { path, word });
        }
    }

    /// Whether a text repeats one of the person's identifiers.
    fn echoes(&self, value: Option<&[u8]>, vr: Vr) -> bool {
        value.is_some_and(|b| {
            vr.is_text() && vr != Vr::UI && self.job.searcher.is_repeated_in(b, vr)
        })
    }

    /// The cleaned value; `None` when it cannot be cleaned and has to go.
    fn clean_value(&self, element: &Element<'_>, vr: Vr, how: How) -> Option<Vec<u8>> {
        let bytes = element.bytes()?;
        match how {
            How::Not | How::Text(_) => None,
            How::Shift => dates::shift(bytes, vr == Vr::DT, self.job.shift_days),
            How::CapAge => dates::cap_age(bytes),
            How::Asked(asked) => asked.value(bytes, vr, &self.job),
        }
    }

    fn uid(&mut self, element: &Element<'_>) {
        let new: Vec<String> = uids(element.bytes().unwrap_or_default())
            .map(|uid| {
                if iod::is_well_known_uid(&uid) {
                    uid
                } else {
                    self.job.key.uid(&uid)
                }
            })
            .collect();
        self.writer
            .bytes(element.tag, Vr::UI, new.join("\\").as_bytes());
    }

    fn sequence(&mut self, element: &Element<'_>, decision: Decision, node: Node, depth: usize) {
        let items = element.items().unwrap_or_default();
        if items.is_empty() {
            self.writer.empty_sequence(element.tag);
            return;
        }
        let fates: Vec<Fate> = items.iter().map(|item| self.fate_of(item)).collect();
        if fates.iter().all(|f| *f == Fate::Remove) {
            // A sequence without items says nothing.
            self.note(element.tag, Action::Remove, Rule::TableE341);
            return;
        }
        let outer = (self.dummy_depth, self.fate);
        self.writer.begin_sequence(element.tag);
        let inner = node.child(element.tag);
        for (i, (item, fate)) in items.iter().zip(fates).enumerate() {
            if fate == Fate::Remove {
                self.step(element.tag, i);
                self.removed(item);
                self.steps.pop();
                continue;
            }
            let dummies = usize::from(decision.enter == Enter::Dummy || fate == Fate::Dummy);
            let standard = outer.0 > 0 && dummies == 0;
            self.dummy_depth = if standard { 0 } else { outer.0 + dummies };
            self.fate = fate;
            self.item(element.tag, i, item, inner, depth + 1);
        }
        self.writer.end_sequence();
        (self.dummy_depth, self.fate) = outer;
    }

    /// Notes that a content item goes.
    fn removed(&mut self, item: &DataSet<'_>) {
        for element in &item.elements {
            self.note(element.tag, Action::Remove, Rule::TableE341);
        }
    }

    fn step(&mut self, sequence: Tag, number: usize) {
        self.steps.push(PathStep {
            sequence,
            item: u32::try_from(number).unwrap_or(u32::MAX),
        });
    }

    /// What happens to an item of a sequence as a content item.
    fn fate_of(&self, item: &DataSet<'_>) -> Fate {
        match content::fate(item, self.job.policy) {
            // Inside a dummy everything is one.
            _ if self.dummy_depth > 0 => Fate::Profile,
            Some(Fate::Remove) if !self.may_remove => Fate::Dummy,
            Some(fate) => fate,
            None => Fate::Profile,
        }
    }

    fn copy(&mut self, element: &Element<'_>, vr: Vr) {
        match &element.value {
            Value::Bytes(bytes) if vr == Vr::SQ && bytes.is_empty() => {
                self.writer.empty_sequence(element.tag);
            }
            Value::Bytes(bytes) => self.writer.bytes(element.tag, vr, bytes),
            Value::Fragments { raw, .. } => self.writer.fragments(element.tag, vr, raw),
            Value::Items(_) => self.writer.empty_sequence(element.tag),
        }
    }
}

/// What cleaning a text gave, as a value field; `None` when there is none.
fn write<'b>(done: &Done, before: &'b [u8], set: &CharacterSet, vr: Vr) -> Option<Cow<'b, [u8]>> {
    match &done.text {
        _ if done.lost => None,
        None => Some(Cow::Borrowed(before)),
        Some(text) => encode(set, text, vr).map(Cow::Owned),
    }
}

/// A text as a value field; `None` when its character set cannot hold it.
fn encode(set: &CharacterSet, text: &str, vr: Vr) -> Option<Vec<u8>> {
    if !vr.uses_character_set() || matches!(vr, Vr::ST | Vr::LT | Vr::UT) {
        return set
            .encode(text)
            .filter(|b| vr.uses_character_set() || b.is_ascii());
    }
    // Each value by itself: a delimiter ends what an escape began (PS3.5 section 6.1.2.5.3).
    let values: Option<Vec<Vec<u8>>> = text.split('\\').map(|v| set.encode(v)).collect();
    Some(values?.join(&b'\\'))
}

/// The VR to write: what was read, unless PS3.6 knows better.
pub(crate) fn written_vr(element: &Element<'_>) -> Vr {
    match cordon_dicom::entry(element.tag) {
        Some(known) if !known.vr_varies && known.vr != Vr::UN => known.vr,
        Some(known) if element.vr == Vr::UN => known.vr,
        _ => element.vr,
    }
}

/// What holds a content tree together and says nothing: kept inside dummied sequences.
const STRUCTURE: [u32; 14] = [
    0x0040_A010, // Relationship Type
    0x0040_A040, // Value Type
    0x0040_A050, // Continuity Of Content
    0x0040_A130, // Temporal Range Type
    0x0070_0023, // Graphic Type
    0x0070_0005, // Graphic Annotation Units
    0x0070_0003, // Bounding Box Annotation Units
    0x0070_0004, // Anchor Point Annotation Units
    0x0070_0024, // Graphic Filled
    0x0070_0020, // Graphic Dimensions
    0x0070_0021, // Number of Graphic Points
    0x0040_DB73, // Referenced Content Item Identifier
    0x0008_1150, // Referenced SOP Class UID
    0x0040_A504, // Content Template Sequence
];

/// Inside a sequence that the profile replaces by a dummy, everything that stays becomes one,
/// but for what the structure needs and for concept names of standard coding schemes.
fn in_dummy(element: &Element<'_>, decision: Decision) -> Decision {
    match decision.action {
        Action::Clean if matches!(decision.how, How::Text(_)) => {}
        Action::Remove | Action::Empty | Action::Uid | Action::Dummy | Action::Clean => {
            if decision.enter == Enter::Profile {
                return Decision {
                    enter: Enter::Dummy,
                    ..decision
                };
            }
            return decision;
        }
        _ => {}
    }
    if STRUCTURE.contains(&element.tag.0) {
        return decision;
    }
    if let Some(items) = element.items() {
        let standard = element.tag == Tag(0x0040_A043) && items.iter().all(is_standard_code);
        return if standard {
            decision
        } else {
            Decision {
                action: Action::Dummy,
                enter: Enter::Dummy,
                ..decision
            }
        };
    }
    Decision {
        action: Action::Dummy,
        rule: Rule::TableE11,
        enter: Enter::No,
        how: How::Not,
    }
}

/// Whether an item is a code of a public scheme, whose meanings are not a clinic's own words.
fn is_standard_code(item: &DataSet<'_>) -> bool {
    is_public_code(item)
        && item
            .elements
            .iter()
            .all(|e| e.items().is_none_or(<[DataSet<'_>]>::is_empty))
}

/// Whether an item names a public coding scheme (PS3.16 section 8).
pub(crate) fn is_public_code(item: &DataSet<'_>) -> bool {
    item.ascii(tag(tags::CODING_SCHEME_DESIGNATOR))
        .is_some_and(|s| {
            matches!(
                s,
                "DCM"
                    | "SCT"
                    | "SRT"
                    | "SNM3"
                    | "LN"
                    | "UCUM"
                    | "FMA"
                    | "RADLEX"
                    | "NCIt"
                    | "ACR"
                    | "I10"
                    | "I10P"
            )
        })
}
