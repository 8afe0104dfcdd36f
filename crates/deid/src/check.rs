//! The check of a finished object, as a stranger would do it: from its bytes alone.
//!
//! It asks of every attribute whether the profile could have left it there, of
//! the File Meta Information whether it is the rebuilt one, and of the stamps
//! whether they say what was done. With the identifiers of the input at hand it
//! also searches the raw bytes for them. The browser runs it before sealing, the
//! server when an object arrives, `cordon check` on a folder.

use cordon_dicom::{CharacterSet, DataSet, Element, File, Value, Vr, entry, file_meta, tag, tags};
use cordon_protocol::{Code, DeidOption, Finding, PathStep, Tag, TagPath};

use crate::codes;
use crate::content::{self, Fate};
use crate::iod::{self, IodType, Known, Node};
use crate::policy::Said;
use crate::private::Blocks;
use crate::rewrite::{contradicted, is_public_code, written_vr};
use crate::rules::{self, PATIENT_ID, PATIENT_NAME, uids};
use crate::table::{self, Basic};
use crate::text::{self, Around};
use crate::{
    HeldWord, Identifiers, Policy, Searcher, Texts, dates, dummy, looks_derived,
    looks_like_pseudonym,
};

mod raw;

use raw::search;

/// What the check read of a finished object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finished {
    /// What is wrong with it; empty when nothing is.
    pub findings: Vec<Finding>,
    /// Study Instance UID.
    pub study: String,
    /// Series Instance UID.
    pub series: String,
    /// SOP Instance UID.
    pub instance: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// Modality.
    pub modality: String,
    /// Patient ID: the pseudonym.
    pub pseudonym: String,
    /// Words of its texts that may point to somebody, and that nobody has decided about: for
    /// the person's own screen. Empty where the person is not known.
    pub uncertain: Vec<HeldWord>,
}

/// What whoever has the original knows about its person.
#[derive(Debug, Clone, Copy)]
pub struct Knows<'a> {
    /// What must not be found.
    pub identifiers: &'a Identifiers,
    /// Finds it.
    pub searcher: &'a Searcher,
    /// Reads texts.
    pub texts: &'a Texts,
}

/// Most findings that one object reports.
const MAX_FINDINGS: usize = 100;

/// Checks a finished object that was read as `file` from `bytes` against profile and options.
#[must_use]
pub fn check(bytes: &[u8], file: &File<'_>, policy: Policy, known: Option<Knows<'_>>) -> Finished {
    let text = |t| file.data.ascii(tag(t)).unwrap_or_default().to_owned();
    let mut out = Finished {
        findings: Vec::new(),
        study: text(tags::STUDY_INSTANCE_UID),
        series: text(tags::SERIES_INSTANCE_UID),
        instance: text(tags::SOP_INSTANCE_UID),
        sop_class: text(tags::SOP_CLASS_UID),
        modality: text(tags::MODALITY),
        pseudonym: text(tags::PATIENT_ID),
        uncertain: Vec::new(),
    };
    if !file.notes.is_empty() {
        out.findings.push(Finding::new(Code::ResidueParse));
    }
    let meta = file_meta(&out.sop_class, &out.instance, &file.syntax.uid);
    // Nothing stands behind what Cordon writes there, whatever the length of the group says.
    let own = if bytes.starts_with(&meta) && file.meta.elements.len() == META_ELEMENTS {
        meta.len()
    } else {
        out.findings.push(Finding::new(Code::ResidueMeta));
        0
    };
    for (t, value, code) in [
        (tags::SOP_CLASS_UID, &out.sop_class, Code::NoSopClass),
        (tags::STUDY_INSTANCE_UID, &out.study, Code::NoStudyUid),
        (tags::SERIES_INSTANCE_UID, &out.series, Code::NoSeriesUid),
        (tags::SOP_INSTANCE_UID, &out.instance, Code::NoInstanceUid),
    ] {
        if value.is_empty() {
            out.findings.push(Finding::at(code, tag(t)));
        }
    }
    let mut walk = Walk {
        policy,
        findings: Vec::new(),
        steps: Vec::new(),
        texts: known.map_or_else(|| Texts::of_strangers(policy), |k| k.texts),
        sets: Vec::new(),
        around: Around::default(),
        uncertain: Vec::new(),
    };
    walk.data_set(&file.data, iod::root(&out.sop_class), Fate::Profile);
    walk.stamps(&file.data);
    out.findings.append(&mut walk.findings);
    if let Some(known) = known {
        out.uncertain = walk.uncertain;
        out.findings.extend(search(bytes, file, known, own));
    }
    out.findings.truncate(MAX_FINDINGS);
    out
}

/// De-identification Method.
const METHOD: Tag = Tag(0x0012_0063);

/// How many elements File Meta Information has as Cordon writes it.
const META_ELEMENTS: usize = 7;

/// Whether (0012,0063) says what Cordon says there: its version, the edition, the protocol, cut off
/// after 64 characters.
fn is_own_method(value: &str) -> bool {
    let parts: Vec<&str> = value.split("; ").collect();
    let [version, edition, protocol] = parts.as_slice() else {
        return false;
    };
    let made_of = |text: &str, fits: fn(u8) -> bool| !text.is_empty() && text.bytes().all(fits);
    let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let digits = |b: u8| b.is_ascii_digit() || b == b'.';
    let (id, number) = protocol.split_once(" v").unwrap_or((protocol, ""));
    version
        .strip_prefix("cordon ")
        .is_some_and(|v| made_of(v, digits))
        && edition
            .strip_prefix("PS3.15 ")
            .is_some_and(|e| made_of(e, small) && e.len() == 5)
        && made_of(id, small)
        && number.bytes().all(|b| b.is_ascii_digit())
}

struct Walk<'k> {
    policy: Policy,
    findings: Vec<Finding>,
    steps: Vec<PathStep>,
    texts: &'k Texts,
    /// The character sets of the data set and those above it.
    sets: Vec<CharacterSet>,
    /// What says who wrote the texts of the data set.
    around: Around,
    uncertain: Vec<HeldWord>,
}

impl Walk<'_> {
    fn report(&mut self, code: Code, tag: Tag) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding::at(
                code,
                TagPath {
                    steps: self.steps.clone(),
                    tag,
                },
            ));
        }
    }

    fn data_set(&mut self, data: &DataSet<'_>, node: Node, fate: Fate) {
        let above = self.sets.last().cloned().unwrap_or_default();
        self.sets.push(data.character_set(&above));
        let around = Around {
            public_code: is_public_code(data),
            private: None,
            kept: fate == Fate::Keep,
        };
        let mut last = None;
        let blocks = self
            .policy
            .keeps_private()
            .then(|| Blocks::of(data, self.policy));
        for element in &data.elements {
            if last == Some(element.tag) {
                self.report(Code::ResidueTable, element.tag);
            }
            last = Some(element.tag);
            self.around = around;
            self.element(element, node, blocks.as_ref());
            if let Some(items) = element.items() {
                let inner = node.child(element.tag);
                for (i, item) in items.iter().enumerate() {
                    self.steps.push(PathStep {
                        sequence: element.tag,
                        item: u32::try_from(i).unwrap_or(u32::MAX),
                    });
                    let fate = content::fate(item, self.policy).unwrap_or(Fate::Profile);
                    if matches!(fate, Fate::Remove | Fate::Dummy) {
                        self.without_value(item);
                    }
                    self.data_set(item, inner, fate);
                    self.steps.pop();
                }
            }
        }
        self.sets.pop();
    }

    /// A content item that the table takes out, or whose value it takes out.
    fn without_value(&mut self, item: &DataSet<'_>) {
        self.only_dummies(item);
        for element in item.elements.iter().filter(|e| content::is_value(e.tag)) {
            if !element
                .bytes()
                .is_some_and(|b| dummy::is_nothing(written_vr(element), b))
            {
                self.report(Code::ResidueTable, element.tag);
            }
        }
    }

    /// A text that stays: nothing in it that points to somebody, whoever reads it.
    fn text(&mut self, element: &Element<'_>, kind: Option<cordon_words::Kind>) {
        let (Some(kind), Value::Bytes(bytes)) = (kind, &element.value) else {
            return;
        };
        let vr = written_vr(element);
        if dummy::is_nothing(vr, bytes) {
            return;
        }
        let set = self.sets.last().cloned().unwrap_or_default();
        let done = self.texts.read(bytes, vr, &set, kind);
        if done.lost || done.text.is_some() {
            self.report(Code::ResidueText, element.tag);
        }
        for word in &done.doubts {
            let path = TagPath {
                steps: self.steps.clone(),
                tag: element.tag,
            };
            let word = word.clone();
            self.uncertain.push(HeldWord { path, word });
        }
    }

    fn element(&mut self, element: &Element<'_>, node: Node, blocks: Option<&Blocks>) {
        let tag = element.tag;
        if tag.is_private() {
            match blocks.and_then(|b| b.basis(tag)) {
                None => self.report(Code::ResiduePrivate, tag),
                Some(basis) => {
                    let vr = basis.vr.unwrap_or(element.vr);
                    match basis.asked.and_then(|asked| asked.judge(element, vr)) {
                        Some(true) => {}
                        Some(false) => self.report(Code::ResiduePrivate, tag),
                        None => {
                            self.around.private = Some(basis.rule);
                            self.sweep(element, vr);
                        }
                    }
                }
            }
            return;
        }
        let foreign = tag == rules::ENCRYPTED
            || matches!(tag.group(), 0x0000 | 0x0002 | 0x0004 | 0xFFFC)
            || tag.group() & 0xFF00 == 0x6000;
        if tag.is_group_length() || foreign {
            return self.report(Code::ResidueTable, tag);
        }
        let Some(known) = entry(tag) else {
            return self.report(Code::ResidueTable, tag);
        };
        if self.steps.is_empty() && (tag == PATIENT_ID || tag == PATIENT_NAME) {
            let ok = element
                .bytes()
                .and_then(|b| std::str::from_utf8(b).ok())
                .map(|v| v.trim_matches(['\0', ' ']))
                .is_some_and(|v| looks_like_pseudonym(v, self.policy.prefix()));
            if !ok {
                self.report(Code::ResidueTable, tag);
            }
            return;
        }
        // Cordon's own, in the root only: judged with the stamps.
        if self.steps.is_empty() && tag == METHOD {
            return;
        }
        let asked = self.policy.asked(tag);
        if let Some(fine) = asked.and_then(|asked| asked.judge(element, known.vr)) {
            if !fine {
                self.report(Code::ResidueTable, tag);
            }
            return;
        }
        if rules::is_forgotten(tag) {
            let nothing = |b| dummy::is_nothing(written_vr(element), b);
            if !element.bytes().is_some_and(nothing) {
                self.report(Code::ResidueTable, tag);
            }
            return;
        }
        if let Some(row) = table::row(tag) {
            match self.policy.says(row) {
                _ if rules::tells_the_shift(tag, self.policy) => {
                    self.row(element, known.vr, row.basic, node);
                }
                Said::Nothing => self.row(element, known.vr, row.basic, node),
                Said::Clean(DeidOption::CleanGraphics) if known.vr != Vr::SQ => {
                    self.row(element, known.vr, row.basic, node);
                }
                Said::Keep(_) => self.kept(element, known.vr),
                Said::Clean(option) => {
                    self.kept(element, known.vr);
                    if option != DeidOption::RetainModifiedDates {
                        self.text(element, text::kind_of_row(tag, known.vr));
                    }
                }
            }
        } else {
            self.sweep(element, known.vr);
        }
    }

    /// An attribute of the table: gone, empty, a dummy or a derived UID.
    fn row(&mut self, element: &Element<'_>, vr: Vr, basic: Basic, node: Node) {
        let tag = element.tag;
        let needed = !matches!(
            node.type_of(tag),
            Known::NotInIod | Known::Type(IodType::Three)
        );
        if basic == Basic::X && (!needed || node.type_of(tag) == Known::UnknownClass) {
            return self.report(Code::ResidueTable, tag);
        }
        match &element.value {
            Value::Bytes(bytes) if vr == Vr::UI || element.vr == Vr::UI => {
                self.uid(bytes, tag);
            }
            Value::Bytes(bytes) => {
                if !dummy::is_nothing(vr, bytes) && !dummy::is_nothing(element.vr, bytes) {
                    self.report(Code::ResidueTable, tag);
                }
            }
            Value::Items(items) => {
                let may_have_items = matches!(basic, Basic::D | Basic::Xzu) || needed;
                if !items.is_empty() && !may_have_items {
                    self.report(Code::ResidueTable, tag);
                }
                if basic != Basic::Xzu {
                    for item in items {
                        self.only_dummies(item);
                    }
                }
            }
            Value::Fragments { .. } => self.report(Code::ResidueTable, tag),
        }
    }

    /// An attribute that an option lets stay: what stays of it must have its form.
    fn kept(&mut self, element: &Element<'_>, vr: Vr) {
        let Value::Bytes(bytes) = &element.value else {
            return;
        };
        if vr.is_text() && rules::hides_behind_nul(bytes) {
            return self.report(Code::ResidueTable, element.tag);
        }
        let fits = match vr {
            Vr::DA => dates::shift(bytes, false, 0).is_some(),
            Vr::DT => dates::shift(bytes, true, 0).is_some() || self.keeps_dates(),
            Vr::UI => return self.uid(bytes, element.tag),
            Vr::AS => dates::cap_age(bytes).is_some_and(|capped| dummy::trim(bytes) == capped),
            _ => !entry(element.tag).is_some_and(|e| rules::is_no_value(element, e, bytes)),
        };
        if !fits && !dummy::is_nothing(vr, bytes) {
            self.report(Code::ResidueDate, element.tag);
        }
    }

    const fn keeps_dates(&self) -> bool {
        self.policy.has(DeidOption::RetainFullDates)
    }

    /// Free text inside a sequence that the profile replaces by a dummy.
    fn only_dummies(&mut self, item: &DataSet<'_>) {
        for element in &item.elements {
            match &element.value {
                Value::Items(items)
                    if element.tag != Tag(0x0040_A043) && element.tag != Tag(0x0040_A504) =>
                {
                    for item in items {
                        self.only_dummies(item);
                    }
                }
                Value::Bytes(bytes)
                    if matches!(
                        element.vr,
                        Vr::LO | Vr::SH | Vr::ST | Vr::LT | Vr::UT | Vr::UC | Vr::PN | Vr::AE
                    ) && !dummy::is_nothing(element.vr, bytes)
                        && self
                            .policy
                            .asked(element.tag)
                            .and_then(|asked| asked.judge(element, element.vr))
                            != Some(true) =>
                {
                    self.report(Code::ResidueTable, element.tag);
                }
                _ => {}
            }
        }
    }

    /// An attribute outside the table: no name, no date, no foreign UID.
    fn sweep(&mut self, element: &Element<'_>, known: Vr) {
        let Value::Bytes(bytes) = &element.value else {
            if matches!(element.value, Value::Items(_)) && known != Vr::SQ {
                self.report(Code::ResidueTable, element.tag);
            }
            return;
        };
        let is = |vr| known == vr || element.vr == vr;
        let nothing = dummy::is_nothing(known, bytes) || dummy::is_nothing(element.vr, bytes);
        if is(Vr::PN) && !nothing {
            self.report(Code::ResidueName, element.tag);
        } else if (is(Vr::DA) || is(Vr::DT)) && !nothing {
            if rules::tells_the_shift(element.tag, self.policy) {
                self.report(Code::ResidueDate, element.tag);
            } else if self.keeps_dates() || self.policy.has(DeidOption::RetainModifiedDates) {
                self.kept(element, if is(Vr::DA) { Vr::DA } else { Vr::DT });
            } else {
                self.report(Code::ResidueDate, element.tag);
            }
        } else if is(Vr::UI) {
            self.uid(bytes, element.tag);
        } else if known == Vr::SQ && !bytes.is_empty()
            || entry(element.tag).is_some_and(|e| rules::is_no_value(element, e, bytes))
            || known.is_text() && rules::hides_behind_nul(bytes)
        {
            self.report(Code::ResidueTable, element.tag);
        } else if (is(Vr::UR) && !nothing) || (known == Vr::CS && codes::holds_number(bytes)) {
            self.report(Code::ResidueText, element.tag);
        } else {
            self.text(element, text::kind(element.tag, known, self.around));
        }
    }

    fn uid(&mut self, bytes: &[u8], tag: Tag) {
        let retained = self.policy.has(DeidOption::RetainUids);
        let fits = |uid: &str| {
            iod::is_well_known_uid(uid) || looks_derived(uid) || retained && iod::is_uid(uid)
        };
        if !uids(bytes).all(|uid| fits(&uid)) {
            self.report(Code::ResidueUid, tag);
        }
    }

    fn stamps(&mut self, data: &DataSet<'_>) {
        let removed = data.ascii(tag(tags::PATIENT_IDENTITY_REMOVED));
        if !matches!(removed, Some("YES" | "NO")) {
            self.report(Code::ResidueStamp, tag(tags::PATIENT_IDENTITY_REMOVED));
        }
        // Cordon writes it alone: what anybody else wrote may name somebody.
        if !data.ascii(METHOD).is_some_and(is_own_method) {
            self.report(Code::ResidueStamp, METHOD);
        }
        let temporal = tag(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED);
        if data.ascii(temporal) != Some(self.policy.temporal()) {
            self.report(Code::ResidueStamp, temporal);
        }
        let codes = tag(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE);
        let items = data.get(codes).and_then(Element::items).unwrap_or_default();
        let said = |code: &str| {
            items
                .iter()
                .any(|item| item.ascii(tag(tags::CODE_VALUE)) == Some(code))
        };
        let contradicted = [
            DeidOption::CleanPixelData,
            DeidOption::CleanRecognizableVisualFeatures,
        ]
        .iter()
        .any(|o| said(o.code()) && contradicted(o.code(), data));
        if contradicted || !self.policy.options().iter().all(|o| said(o.code())) {
            self.report(Code::ResidueStamp, codes);
        }
    }
}
