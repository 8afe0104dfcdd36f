//! The answers: what must be true of each attribute of a cleaned file, in MIDI-B's ten kinds.

use std::fmt;

use cordon_deid::iod::{IodType, Known};
use cordon_protocol::{DeidOption, Tag};
use serde::{Serialize, Serializer};

use crate::make::class;
use crate::object::{Category, Node, Object, Part, Role, Value, joined};
use crate::rules::{Asked, Rules};
use crate::suite::Item;

/// The kinds of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The attribute is there.
    TagRetained,
    /// The attribute has a value.
    TextNotnull,
    /// The words are there.
    TextRetained,
    /// The words are not there.
    TextRemoved,
    /// The date is not there.
    DateShifted,
    /// The UID is not there.
    UidChanged,
    /// The UID is the one that stands for the old one everywhere.
    UidConsistent,
    /// The Patient ID is the one that stands for the patient everywhere.
    PatidConsistent,
    /// The text in the pixels cannot be read.
    PixelsHidden,
    /// The encoded pixels are the same bytes.
    PixelsRetained,
}

impl Kind {
    /// Whether an absent file or attribute fails the check.
    #[must_use]
    pub const fn is_retention(self) -> bool {
        matches!(
            self,
            Self::TagRetained
                | Self::TextNotnull
                | Self::TextRetained
                | Self::UidConsistent
                | Self::PatidConsistent
                | Self::PixelsRetained
        )
    }

    /// MIDI-B's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TagRetained => "tag_retained",
            Self::TextNotnull => "text_notnull",
            Self::TextRetained => "text_retained",
            Self::TextRemoved => "text_removed",
            Self::DateShifted => "date_shifted",
            Self::UidChanged => "uid_changed",
            Self::UidConsistent => "uid_consistent",
            Self::PatidConsistent => "patid_consistent",
            Self::PixelsHidden => "pixels_hidden",
            Self::PixelsRetained => "pixels_retained",
        }
    }
}

/// In what sort of place the check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// An attribute that holds one thing.
    Structured,
    /// Text that people type.
    Text,
    /// A vendor's attribute.
    Private,
    /// The content of a report.
    Report,
    /// Text over pictures.
    Graphics,
    /// Pixel data.
    Pixels,
    /// File Meta Information.
    Meta,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Group and element; of a private attribute the low byte only.
    pub tag: u32,
    /// The private creator, in capital letters.
    pub creator: Option<String>,
    /// The item that the path goes on in.
    pub item: Option<usize>,
}

/// Where an attribute is, as MIDI-B writes it: item indexes, private creators.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The attribute's name, for reports: keywords without item indexes.
    #[must_use]
    pub fn names(&self) -> String {
        let name = |step: &Step| match &step.creator {
            Some(creator) => format!("{creator} {:04X},xx{:02X}", step.tag >> 16, step.tag & 0xFF),
            None => cordon_dicom::keyword(Tag(step.tag))
                .map_or_else(|| format!("{:08X}", step.tag), str::to_owned),
        };
        self.0.iter().map(name).collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            let (group, element) = (step.tag >> 16, step.tag & 0xFFFF);
            match &step.creator {
                Some(creator) => write!(f, "<({group:04X},\"{creator}\",{element:02X})>")?,
                None => write!(f, "<({group:04X},{element:04X})>")?,
            }
            if let Some(item) = step.item {
                write!(f, "[<{item}>]")?;
            }
        }
        Ok(())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Its kind.
    pub kind: Kind,
    /// The attribute.
    pub path: Path,
    /// The VR that the attribute was written with.
    pub vr: &'static str,
    /// The words, date or UID; empty where the kind needs none.
    pub text: String,
    /// What the words are, where they are identity.
    pub category: Option<Category>,
    /// Where it stands.
    pub place: Place,
    /// Whether the words are clinical vocabulary.
    pub vocabulary: bool,
    /// Whether the date stays as a date that moved, so that its intervals must hold.
    pub interval: bool,
}

/// The answers for one file.
#[must_use]
pub fn answers(item: &Item, rules: &Rules) -> Vec<Answer> {
    let object = &item.made.object;
    let sop_class = object.get_text(0x0008_0016).unwrap_or_default();
    let mut walk = Walk {
        rules,
        class: &sop_class,
        path: Vec::new(),
        out: Vec::new(),
    };
    walk.data_set(&item.study.meta(object), Fate::Meta);
    walk.data_set(object, Fate::Profile);
    let mut out = walk.out;
    if let Some(pixels) = object.0.get(&0x7FE0_0010) {
        let kind = if item.made.pixels.is_some() {
            Kind::PixelsHidden
        } else {
            Kind::PixelsRetained
        };
        out.push(Answer {
            kind,
            path: Path(vec![Step {
                tag: 0x7FE0_0010,
                creator: None,
                item: None,
            }]),
            vr: pixels.vr,
            text: String::new(),
            category: None,
            place: Place::Pixels,
            vocabulary: false,
            interval: false,
        });
    }
    if sop_class == class::PDF {
        // No tool can clean a document it cannot read: holding it back loses nothing.
        out.retain(|a| !a.kind.is_retention());
    }
    out
}

/// What became of the data set that an attribute stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It stays, under the profile.
    Profile,
    /// It goes, or may go: only what must not be there is asked.
    Gone,
    /// It is File Meta Information.
    Meta,
}

struct Walk<'a> {
    rules: &'a Rules,
    class: &'a str,
    path: Vec<Step>,
    out: Vec<Answer>,
}

const TEXT_VRS: [&str; 7] = ["PN", "LO", "SH", "ST", "LT", "UT", "AE"];

impl Walk<'_> {
    fn data_set(&mut self, object: &Object, fate: Fate) {
        let mut creators: Vec<(u32, String)> = Vec::new();
        let declared = declared_safe(object);
        for (tag, node) in &object.0 {
            let (group, element) = (tag >> 16, tag & 0xFFFF);
            if group % 2 == 1 && element < 0x100 {
                let name = object.get_text(*tag).unwrap_or_default();
                creators.push((group << 16 | element << 8, name));
                continue;
            }
            let creator = creators
                .iter()
                .find(|(block, _)| *block == tag & 0xFFFF_FF00)
                .map(|(_, name)| name.to_uppercase());
            let tag = if creator.is_some() {
                tag & 0xFFFF_00FF
            } else {
                *tag
            };
            self.path.push(Step {
                tag,
                creator: creator.clone(),
                item: None,
            });
            match (fate, creator) {
                (Fate::Meta, _) => self.meta(tag, node),
                (Fate::Profile, Some(creator))
                    if self.rules.is_safe(&creator, group, tag & 0xFF)
                        || (self.rules.has(DeidOption::RetainSafePrivate)
                            && declared.contains(&(group, creator.clone(), tag & 0xFF))) =>
                {
                    self.safe(node);
                }
                (_, Some(_)) => self.gone(node, true),
                (Fate::Gone, None) => self.gone(node, false),
                (Fate::Profile, None) => self.attribute(tag, node),
            }
            self.path.pop();
        }
    }

    fn meta(&mut self, tag: u32, node: &Node) {
        match tag {
            0x0002_0003 => self.uid(node),
            0x0002_0016 => self.gone(node, true),
            _ => {}
        }
    }

    fn attribute(&mut self, tag: u32, node: &Node) {
        match tag {
            // The character set may change with the text.
            0x0008_0005 | 0x7FE0_0010 => return,
            // Says which private attributes are harmless; without them it has nothing to say.
            0x0008_0300 if !self.rules.has(DeidOption::RetainSafePrivate) => return,
            0x0010_0020 if self.path.len() == 1 => {
                self.push(Kind::PatidConsistent, node, String::new(), None);
            }
            _ => {}
        }
        match self.rules.attribute(tag) {
            Asked::Gone("X/Z/U*") => {
                let fate = if self.need(tag) == Some(IodType::One) {
                    Fate::Profile
                } else {
                    Fate::Gone
                };
                self.items(node, fate);
            }
            Asked::Gone(basic) => {
                if basic != "X" {
                    match self.need(tag) {
                        Some(IodType::One) => {
                            self.push(Kind::TagRetained, node, String::new(), None);
                            self.push(Kind::TextNotnull, node, String::new(), None);
                        }
                        Some(IodType::Two) => {
                            self.push(Kind::TagRetained, node, String::new(), None);
                        }
                        _ => {}
                    }
                }
                self.gone(node, true);
            }
            Asked::Uid => self.uid(node),
            Asked::Kept => self.kept(node),
            Asked::Shifted => self.shifted(node),
            Asked::Cleaned => self.cleaned(node),
            Asked::Entered => {
                self.push(Kind::TagRetained, node, String::new(), None);
                self.entered(node);
            }
            Asked::Unlisted => self.unlisted(tag, node),
        }
    }

    /// The type of an attribute in the IOD, from highdicom's tables.
    fn need(&self, tag: u32) -> Option<IodType> {
        let (_, above) = self.path.split_last()?;
        let above: Vec<Tag> = above.iter().map(|s| Tag(s.tag)).collect();
        match cordon_deid::iod::iod_type(self.class, &above, Tag(tag)) {
            Known::Type(kind) => Some(kind),
            _ => None,
        }
    }

    fn place(&self, node: &Node) -> Place {
        let within = |tag| {
            self.path
                .iter()
                .any(|s| s.tag == tag && s.creator.is_none())
        };
        let typed = match &node.value {
            Value::Text(parts) => {
                parts.len() > 1 || parts.iter().any(|p| p.role == Role::Vocabulary)
            }
            _ => false,
        };
        if self.path.iter().any(|s| s.creator.is_some()) {
            Place::Private
        } else if self.path.first().is_some_and(|s| s.tag >> 16 == 2) {
            Place::Meta
        } else if within(0x0040_A730) {
            Place::Report
        } else if within(0x0070_0001) {
            Place::Graphics
        } else if typed {
            Place::Text
        } else {
            Place::Structured
        }
    }

    fn push(&mut self, kind: Kind, node: &Node, text: String, part: Option<&Part>) {
        let (category, vocabulary) = match part.map(|p| p.role) {
            Some(Role::Secret(category)) => (Some(category), false),
            Some(Role::Vocabulary) => (None, true),
            _ => (None, false),
        };
        self.out.push(Answer {
            kind,
            path: Path(self.path.clone()),
            vr: node.vr,
            text,
            category,
            place: self.place(node),
            vocabulary,
            interval: false,
        });
    }

    fn items(&mut self, node: &Node, fate: Fate) {
        if let Value::Items(items) = &node.value {
            for (n, item) in items.iter().enumerate() {
                self.at_item(n, |walk| walk.data_set(item, fate));
            }
        }
    }

    fn at_item(&mut self, n: usize, then: impl FnOnce(&mut Self)) {
        if let Some(step) = self.path.last_mut() {
            step.item = Some(n);
        }
        then(self);
        if let Some(step) = self.path.last_mut() {
            step.item = None;
        }
    }

    /// What must not be there; `direct` where the rule names this attribute itself.
    fn gone(&mut self, node: &Node, direct: bool) {
        match &node.value {
            Value::Uid(uid) => self.push(Kind::UidChanged, node, uid.clone(), None),
            Value::Items(_) => self.items(node, Fate::Gone),
            Value::Text(parts) if matches!(node.vr, "DA" | "DT") => {
                self.push(Kind::DateShifted, node, joined(parts), None);
            }
            Value::Text(parts) => {
                self.secrets(node, parts);
                let has_secret = parts.iter().any(|p| matches!(p.role, Role::Secret(_)));
                let whole = joined(parts);
                if direct && !has_secret && TEXT_VRS.contains(&node.vr) && whole.len() > 2 {
                    self.push(Kind::TextRemoved, node, whole, None);
                }
            }
            _ => {}
        }
    }

    fn secrets(&mut self, node: &Node, parts: &[Part]) {
        for part in parts {
            if let Role::Secret(category) = part.role {
                let kind = if category == Category::Date {
                    Kind::DateShifted
                } else {
                    Kind::TextRemoved
                };
                self.push(kind, node, part.text.clone(), Some(part));
            }
        }
    }

    fn uid(&mut self, node: &Node) {
        if let Value::Uid(uid) = &node.value {
            self.push(Kind::UidChanged, node, uid.clone(), None);
            self.push(Kind::UidConsistent, node, uid.clone(), None);
        }
    }

    fn kept(&mut self, node: &Node) {
        // The table keeps it, and PS3.3 section C.7.1.1 forbids it without Responsible Person,
        // which goes: nobody is judged by it.
        let here = self.path.last();
        if here.is_some_and(|s| s.creator.is_none() && s.tag == RESPONSIBLE_PERSON_ROLE) {
            return;
        }
        self.push(Kind::TagRetained, node, String::new(), None);
        match &node.value {
            Value::Items(_) => self.items(node, Fate::Profile),
            Value::Text(parts) if node.vr == "AS" && is_capped(&joined(parts)) => {
                self.push(Kind::TextRemoved, node, joined(parts), None);
            }
            _ => self.value(node),
        }
    }

    /// A private attribute that is known to be safe: what somebody typed into it is not.
    fn safe(&mut self, node: &Node) {
        match &node.value {
            Value::Text(parts) if parts.iter().any(|p| matches!(p.role, Role::Secret(_))) => {
                self.secrets(node, parts);
            }
            _ => self.kept(node),
        }
    }

    /// The value itself must be there.
    fn value(&mut self, node: &Node) {
        let text = match &node.value {
            Value::Text(parts) => joined(parts),
            Value::Words(n) if node.vr == "SS" => spell(n.iter().map(|n| n.cast_signed())),
            Value::Words(n) if node.vr == "US" => spell(n.iter()),
            Value::Longs(n) if node.vr == "SL" => spell(n.iter().map(|n| n.cast_signed())),
            Value::Longs(n) => spell(n.iter()),
            Value::Floats(n) => spell(n.iter()),
            Value::Doubles(n) => spell(n.iter()),
            _ => return,
        };
        if !text.trim_matches(['\\', ' ']).is_empty() {
            self.push(Kind::TextRetained, node, text, None);
        }
    }

    fn shifted(&mut self, node: &Node) {
        self.push(Kind::TagRetained, node, String::new(), None);
        if let Value::Text(parts) = &node.value
            && matches!(node.vr, "DA" | "DT")
        {
            self.push(Kind::TextNotnull, node, String::new(), None);
            self.push(Kind::DateShifted, node, joined(parts), None);
            if let Some(answer) = self.out.last_mut() {
                answer.interval = true;
            }
        }
    }

    fn cleaned(&mut self, node: &Node) {
        match &node.value {
            Value::Text(parts) => {
                self.secrets(node, parts);
                for part in parts.iter().filter(|p| p.role == Role::Vocabulary) {
                    self.push(Kind::TextRetained, node, part.text.clone(), Some(part));
                }
            }
            Value::Items(_) => self.items(node, Fate::Profile),
            _ => {}
        }
    }

    fn entered(&mut self, node: &Node) {
        let Value::Items(items) = &node.value else {
            return;
        };
        for (n, item) in items.iter().enumerate() {
            self.at_item(n, |walk| walk.content(item));
        }
    }

    /// A content item, by its concept and value type.
    fn content(&mut self, item: &Object) {
        let kind = item.get_text(0x0040_A040).unwrap_or_default();
        let concept = item.get_items(0x0040_A043).first();
        let field = |tag| concept.and_then(|c| c.get_text(tag)).unwrap_or_default();
        let asked = self
            .rules
            .concept(&field(0x0008_0100), &field(0x0008_0102), &kind);
        let fate = match asked {
            Asked::Gone(_) => Fate::Gone,
            _ => Fate::Profile,
        };
        self.data_set(item, fate);
    }

    fn unlisted(&mut self, tag: u32, node: &Node) {
        match &node.value {
            Value::Uid(_) => self.uid(node),
            Value::Items(items) => {
                if !items.is_empty() {
                    self.push(Kind::TagRetained, node, String::new(), None);
                }
                self.items(node, Fate::Profile);
            }
            Value::Text(parts) => {
                let secret = parts.iter().any(|p| matches!(p.role, Role::Secret(_)));
                let typed = tag == 0x0040_A160;
                let clean = self.rules.has(DeidOption::CleanDescriptors);
                match (secret, typed || secret) {
                    (false, false) => self.kept(node),
                    _ if clean => self.cleaned(node),
                    _ => self.secrets(node, parts),
                }
            }
            Value::Bytes(_) => self.push(Kind::TagRetained, node, String::new(), None),
            _ => self.kept(node),
        }
    }
}

/// The private attributes that the object itself declares harmless (PS3.3 section C.12.1.1.7).
fn declared_safe(object: &Object) -> Vec<(u32, String, u32)> {
    let mut out = Vec::new();
    for item in object.get_items(0x0008_0300) {
        let numbers = |tag| match item.0.get(&tag).map(|n| &n.value) {
            Some(Value::Words(words)) => words.clone(),
            _ => Vec::new(),
        };
        let creator = item
            .get_text(0x0008_0302)
            .unwrap_or_default()
            .to_uppercase();
        for group in numbers(0x0008_0301) {
            for element in numbers(0x0008_0304) {
                out.push((u32::from(group), creator.clone(), u32::from(element) & 0xFF));
            }
        }
    }
    out
}

const RESPONSIBLE_PERSON_ROLE: u32 = 0x0010_2298;

/// An age that has to become "090Y", the single category of 45 CFR 164.514(b)(2)(i)(C) for
/// 90 and older. Who is 90 has that value already.
fn is_capped(age: &str) -> bool {
    age.strip_suffix('Y')
        .and_then(|years| years.parse::<u32>().ok())
        .is_some_and(|years| years > 90)
}

fn spell(values: impl Iterator<Item = impl fmt::Display>) -> String {
    values.map(|v| v.to_string()).collect::<Vec<_>>().join("\\")
}
