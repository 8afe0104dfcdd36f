//! The rewriter: a new object from a parsed one, element by element.
//!
//! Values that stay are copied byte for byte, pixel data among them. The report
//! of what happened is data ([`Change`]) and never holds a value.

use std::borrow::Cow;

use cordon_dicom::{CharacterSet, DataSet, Element, File, Value, Vr, Writer, file_meta, tag, tags};
use cordon_protocol::{Action, Change, Counts, DeidOption, PathStep, Rule, Tag, TagPath};

use crate::codes;
use crate::content::{self, Fate};
use crate::fragments::Shape;
use crate::iod::{self, Node};
use crate::private::Blocks;
use crate::rules::{
    Decision, Enter, How, PATIENT_ID, PATIENT_NAME, Place, decide, leaf, taken_out, uids,
};
use crate::{HeldWord, Policy, Searcher, SiteKey, Texts, dates, dummy};

mod dummies;
mod stages;
mod stamps;
mod texts;

use dummies::in_dummy;
pub(crate) use dummies::is_public_code;
use stages::Changed;
pub(crate) use stages::contradicted;
pub use stages::{FaceStamp, Stages};
use stamps::STAMPS;

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
    /// What was done to the pixels.
    pub stages: Stages<'a>,
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
    /// Whether bytes of the pixel data that belong to no frame were blanked or cut off.
    pub pixels_trimmed: bool,
}

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
    /// Where the value of (0012,0062) of the root stands.
    identity_removed_at: usize,
    /// What the header says of the pixel data.
    shape: Shape,
    pixels_trimmed: bool,
}

/// Rewrites `file` as `job` asks.
#[must_use]
pub fn rewrite(file: &File<'_>, job: &Job<'_>) -> Rewritten {
    let instance = file
        .data
        .ascii(tag(tags::SOP_INSTANCE_UID))
        .map(|uid| {
            if job.policy.has(DeidOption::RetainUids) && iod::is_uid(uid) {
                uid.to_owned()
            } else {
                job.key.uid(uid)
            }
        })
        .unwrap_or_default();
    let mut out = Vec::with_capacity(job.size_hint + 2048);
    let syntax = job.stages.syntax.unwrap_or(&file.syntax);
    out.extend_from_slice(&file_meta(job.sop_class, &instance, &syntax.uid));
    let mut rewriter = Rewriter {
        writer: Writer::new(out, syntax),
        job: *job,
        changes: Vec::with_capacity(file.data.elements.len() + 16),
        counts: Counts::default(),
        steps: Vec::new(),
        dummy_depth: 0,
        sets: vec![file.data.character_set(&CharacterSet::default())],
        may_remove: content::may_remove(&file.data),
        fate: Fate::Profile,
        uncertain: Vec::new(),
        identity_removed_at: usize::MAX,
        shape: Shape::of(file),
        pixels_trimmed: false,
    };
    for element in &file.meta.elements {
        rewriter.note(element.tag, Action::Rebuild, Rule::FileMeta);
    }
    rewriter.root(&file.data, iod::root(job.sop_class));
    Rewritten {
        bytes: rewriter.writer.into_bytes(),
        changes: rewriter.changes,
        counts: rewriter.counts,
        instance,
        uncertain: rewriter.uncertain,
        identity_removed_at: rewriter.identity_removed_at,
        pixels_trimmed: rewriter.pixels_trimmed,
    }
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
        added.extend(self.job.stages.written());
        added.sort_unstable();
        let own = added.clone();
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
            if own.contains(&element.tag) {
                added.retain(|t| *t != element.tag);
                if element.tag != PATIENT_NAME && element.tag != PATIENT_ID {
                    self.add(element.tag, data, node);
                    continue;
                }
            }
            if self.goes_by_stages(element) {
                self.note(element.tag, Action::Remove, Rule::Pixels);
                continue;
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
        // Items of unknown VR are little endian whatever is around them (PS3.5 section 6.2.2), and their
        // numbers would be read the other way round.
        if self.writer.big_endian() && element.vr == Vr::UN && element.items().is_some() {
            decision = taken_out(element.tag, node, Rule::BadValue);
        }
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
        match self.by_changed_pixels(element.tag, value, depth == 0) {
            Changed::Not => {}
            Changed::Gone => decision = leaf(Action::Remove, Rule::Pixels),
            Changed::To(value) => {
                if matches!(decision.action, Action::Keep | Action::Clean) {
                    decision = leaf(Action::Clean, Rule::Pixels);
                    cleaned = Some(value);
                }
            }
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

    /// The cleaned value; `None` when it cannot be cleaned and has to go.
    fn clean_value(&self, element: &Element<'_>, vr: Vr, how: How) -> Option<Vec<u8>> {
        let bytes = element.bytes()?;
        match how {
            How::Not | How::Text(_) => None,
            How::Codes => Some(codes::cleaned(bytes)),
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
            Value::Bytes(bytes) => {
                let own = self.shape.native(element.tag, bytes);
                self.pixels_trimmed |= own.len() < bytes.len();
                self.writer.bytes(element.tag, vr, own);
            }
            Value::Fragments { items, raw } => {
                let own = self.shape.fragments(items, raw);
                self.pixels_trimmed |= matches!(own, Cow::Owned(_));
                self.writer.fragments(element.tag, vr, &own);
            }
            Value::Items(_) => self.writer.empty_sequence(element.tag),
        }
    }
}

/// The VR to write: what was read, unless PS3.6 knows better.
pub(crate) fn written_vr(element: &Element<'_>) -> Vr {
    match cordon_dicom::entry(element.tag) {
        Some(known) if !known.vr_varies && known.vr != Vr::UN => known.vr,
        Some(known) if element.vr == Vr::UN => known.vr,
        _ => element.vr,
    }
}
