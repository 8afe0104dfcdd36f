//! From rules of a script to a protocol.

use std::collections::{BTreeMap, BTreeSet};

use cordon_deid::table::{self, Basic, OptionAction};
use cordon_dicom::{Vr, entry};
use cordon_protocol::{
    Attribute, AttributeAction, DeidOption, PrivateTag, Protocol, Required, Tag, Weight,
};

use crate::function::Call;
use crate::script::{Entry, Script, Target};
use crate::{Converted, NotCarried, named};

/// What a rule comes to.
enum Outcome {
    /// Profile, option or pseudonym do it.
    Done,
    /// Done, but not to the letter.
    Nearly(String),
    /// The protocol asks for it.
    Ask(Box<Ask>),
    /// It is not done.
    Not(String),
}

/// An action with what belongs to it.
struct Ask {
    action: AttributeAction,
    value: Option<String>,
    pattern: Option<String>,
    replacement: Option<String>,
    /// What is not to the letter.
    note: Option<String>,
}

impl Ask {
    fn plain(action: AttributeAction) -> Self {
        Self {
            action,
            value: None,
            pattern: None,
            replacement: None,
            note: None,
        }
    }

    fn noted(action: AttributeAction, note: &str) -> Outcome {
        Outcome::Ask(Box::new(Self {
            note: Some(note.to_owned()),
            ..Self::plain(action)
        }))
    }
}

fn ask(action: AttributeAction) -> Outcome {
    Outcome::Ask(Box::new(Ask::plain(action)))
}

fn not(reason: &str) -> Outcome {
    Outcome::Not(reason.to_owned())
}

fn nearly(reason: &str) -> Outcome {
    Outcome::Nearly(reason.to_owned())
}

struct Translation<'a> {
    script: &'a Script,
    protocol: Protocol,
    carried: usize,
    disabled: usize,
    not_carried: Vec<NotCarried>,
    asked: BTreeSet<String>,
}

pub(crate) fn translate(script: &Script, id: &str, title: &str) -> Converted {
    let mut protocol = Protocol::basic();
    id.clone_into(&mut protocol.id);
    title.clone_into(&mut protocol.title);
    "Translated from a DicomAnonymizer script of RSNA CTP; read what was not carried over."
        .clone_into(&mut protocol.purpose);
    protocol.deid.options = options(script);
    let mut this = Translation {
        script,
        protocol,
        carried: 0,
        disabled: 0,
        not_carried: Vec::new(),
        asked: BTreeSet::new(),
    };
    for entry in &script.elements {
        this.element(entry);
    }
    this.groups();
    this.kinds();
    for (line, name) in &script.strange {
        this.miss(
            *line,
            name.clone(),
            "it is no rule of a DicomAnonymizer script",
        );
    }
    this.not_carried.sort_by_key(|n| n.line);
    Converted {
        protocol: this.protocol,
        carried: this.carried,
        disabled: this.disabled,
        not_carried: this.not_carried,
    }
}

/// Options that the script amounts to: what becomes of dates and UIDs, and of private attributes.
fn options(script: &Script) -> Vec<DeidOption> {
    let mut moved = false;
    let mut kept = false;
    let mut uids = (0, 0);
    for entry in script.elements.iter().filter(|e| e.enabled) {
        let Target::Tag(tag) = entry.target else {
            continue;
        };
        let Call::Function { name, .. } = skip_always(&entry.text) else {
            continue;
        };
        let longitudinal = table::row(tag)
            .is_some_and(|r| r.option(DeidOption::RetainFullDates) == OptionAction::Keep);
        if longitudinal && matches!(vr_of(tag), Some(Vr::DA | Vr::DT)) {
            moved |= matches!(name.as_str(), "incrementdate" | "hashdate" | "modifydate");
            kept |= name == "keep";
        }
        if matches!(tag.0, 0x0020_000D | 0x0020_000E | 0x0008_0018) {
            uids.0 += u32::from(name == "keep");
            uids.1 += 1;
        }
    }
    let mut options = Vec::new();
    if uids.0 == uids.1 && uids.0 > 0 {
        options.push(DeidOption::RetainUids);
    }
    if moved {
        options.push(DeidOption::RetainModifiedDates);
    } else if kept {
        options.push(DeidOption::RetainFullDates);
    }
    let private_goes = script
        .removed
        .iter()
        .any(|r| r.enabled && r.target == "privategroups");
    if !private_goes {
        options.push(DeidOption::RetainSafePrivate);
    }
    options
}

/// `@always()` before a call asks for the attribute where it is absent; the call behind it counts.
fn skip_always(text: &str) -> Call {
    let mut call = Call::parse(text);
    for _ in 0..4 {
        match &call {
            Call::Function { name, rest, .. } if name == "always" => call = Call::parse(rest),
            _ => break,
        }
    }
    call
}

fn vr_of(tag: Tag) -> Option<Vr> {
    entry(tag).map(|e| e.vr)
}

impl Translation<'_> {
    fn miss(&mut self, line: u32, element: String, reason: &str) {
        self.not_carried.push(NotCarried {
            line,
            element,
            reason: reason.to_owned(),
        });
    }

    fn element(&mut self, rule: &Entry<Target>) {
        if !rule.enabled {
            self.disabled += 1;
            return;
        }
        let element = match &rule.target {
            Target::Tag(tag) => named(*tag),
            Target::Private {
                group,
                creator,
                element,
            } => format!("({group},xx{element}) {creator}"),
            Target::Unknown(text) => text.clone(),
        };
        let outcome = match &rule.target {
            Target::Tag(tag) if tag.is_private() => not(
                "a private attribute without its creator is not the same in every file; it goes unless the standard lists it as safe",
            ),
            Target::Tag(tag) => self.standard(*tag, &rule.text, rule.line),
            Target::Private { .. } => self.private(&rule.text),
            Target::Unknown(_) => not("it names no attribute"),
        };
        match outcome {
            Outcome::Done => self.carried += 1,
            Outcome::Nearly(why) => {
                self.carried += 1;
                self.miss(rule.line, element, &why);
            }
            Outcome::Not(why) => self.miss(rule.line, element, &why),
            Outcome::Ask(asked) => self.ask(rule, element, *asked),
        }
    }

    fn ask(&mut self, rule: &Entry<Target>, element: String, asked: Ask) {
        let (tag, private) = match &rule.target {
            Target::Tag(tag) => (Some(*tag), None),
            Target::Private {
                group,
                creator,
                element,
            } => {
                let private = PrivateTag {
                    creator: creator.clone(),
                    group: group.clone(),
                    element: element.clone(),
                };
                (None, Some(private))
            }
            Target::Unknown(_) => (None, None),
        };
        let attribute = Attribute {
            tag,
            private,
            action: asked.action,
            value: asked.value,
            table: BTreeMap::new(),
            pattern: asked.pattern,
            replacement: asked.replacement,
            reason: format!("Line {} of the CTP script.", rule.line),
        };
        if let Err((_, why)) = attribute.check(&self.protocol.deid.options) {
            self.miss(rule.line, element, &format!("{why}; the profile decides"));
            return;
        }
        if !self.asked.insert(attribute.place().to_ascii_lowercase()) {
            self.miss(
                rule.line,
                element,
                "a second rule for the same attribute; the first one counts",
            );
            return;
        }
        self.protocol.deid.attributes.push(attribute);
        self.carried += 1;
        if let Some(note) = asked.note {
            self.miss(rule.line, element, &note);
        }
    }

    fn private(&self, text: &str) -> Outcome {
        match skip_always(text) {
            Call::Function { name, .. } => match name.as_str() {
                "keep" => ask(AttributeAction::Keep),
                "remove" => ask(AttributeAction::Remove),
                "empty" | "blank" => ask(AttributeAction::Empty),
                "hash" => ask(AttributeAction::Hash),
                _ => Outcome::Not(format!(
                    "@{name} is not done on private attributes; it goes unless the standard lists it as safe"
                )),
            },
            Call::Nothing => ask(AttributeAction::Empty),
            Call::Literal(_) | Call::Parameter(_) => {
                not("a value is not written into private attributes")
            }
        }
    }

    fn standard(&mut self, tag: Tag, text: &str, line: u32) -> Outcome {
        match tag.0 {
            0x0012_0062..=0x0012_0064 | 0x0028_0303 => {
                return nearly("Cordon writes it itself, from what was done");
            }
            0x0010_0010 | 0x0010_0020 => {
                return match skip_always(text) {
                    Call::Function { name, .. } if matches!(name.as_str(), "keep" | "require") => {
                        not("it takes the pseudonym; a patient's name or number is never kept")
                    }
                    _ => nearly(
                        "it takes the pseudonym, which derives from the site key and not from a table, a number or a hash",
                    ),
                };
            }
            _ => {}
        }
        match skip_always(text) {
            Call::Nothing => self.emptied(tag),
            Call::Literal(value) => constant(value),
            Call::Parameter(name) => self.parameter(&name),
            Call::Function {
                name,
                arguments,
                rest,
            } => {
                if name != "if" && !rest.is_empty() {
                    return not(
                        "several functions one after another are not carried over; the profile decides",
                    );
                }
                self.function(tag, &name, &arguments, line)
            }
        }
    }

    fn parameter(&self, name: &str) -> Outcome {
        match self.script.parameters.get(name) {
            Some(value) => constant(value.clone()),
            None => not("the script has no such parameter"),
        }
    }

    fn emptied(&self, tag: Tag) -> Outcome {
        if removes(&self.protocol, tag) {
            Outcome::Done
        } else {
            ask(AttributeAction::Empty)
        }
    }

    fn function(&mut self, tag: Tag, name: &str, arguments: &[String], line: u32) -> Outcome {
        let vr = vr_of(tag).unwrap_or(Vr::UN);
        let own = |n: usize| {
            arguments
                .get(n)
                .is_none_or(|a| a.eq_ignore_ascii_case("this") || names(a, tag))
        };
        match name {
            "keep" => self.keep(tag, vr),
            "remove" if removes(&self.protocol, tag) => Outcome::Done,
            "remove" => ask(AttributeAction::Remove),
            "empty" | "blank" => self.emptied(tag),
            "require" => {
                self.require(tag, line);
                match self.keep(tag, vr) {
                    Outcome::Done => nearly(
                        "an object without it is held; CTP would have added the attribute",
                    ),
                    other => other,
                }
            }
            "process" => {
                if vr == Vr::SQ && !removes(&self.protocol, tag) {
                    Outcome::Done
                } else {
                    not("the profile decides about the sequence; its items meet the profile where it stays")
                }
            }
            "hashuid" if vr == Vr::UI => nearly("UIDs derive from the site key, not from a root and a hash"),
            "hash" | "hashptid" | "hashname" | "integer" if !own(arguments_of_hash(name)) => {
                not("the value of another attribute is not written here; the profile decides")
            }
            "hash" | "hashptid" | "hashname" => Ask::noted(
                AttributeAction::Hash,
                "the hash is keyed by the site key and has 16 characters",
            ),
            "integer" => Ask::noted(
                AttributeAction::Hash,
                "numbers counted up would differ from computer to computer; a code derived from the value and the site key stands there instead",
            ),
            "incrementdate" | "hashdate" => self.moved(
                tag,
                vr, "the number of days comes from the site key, not from the script"),
            "modifydate" => self.moved(
                tag,
                vr,
                "a date is not made coarser, it moves: by the number of days of the patient under the site key",
            ),
            "param" => match arguments.first().map(|a| a.trim_start_matches('@')) {
                Some(parameter) => self.parameter(parameter),
                None => not("the function names no parameter"),
            },
            "value" if own(0) => self.keep(tag, vr),
            "contents" => contents(arguments, own(0)),
            "round" if tag == Tag(0x0010_1010) => {
                not("ages are not rounded; over 89 years they are capped where they stay")
            }
            "lookup" => not(
                "the table of the lookup is in another file; write it into the protocol as an action map, or let the profile decide",
            ),
            "date" | "time" => not(
                "Cordon has no clock when it cleans: the same input gives the same output; the profile decides",
            ),
            "if" => not("a condition is not carried over; the profile decides"),
            "skip" => not("an object is not passed through because of a value; the profile decides"),
            "quarantine" => not(
                "an object is not set aside by a value; give the project a requirement or a check instead",
            ),
            _ => Outcome::Not(format!("@{name} has no counterpart in a protocol; the profile decides")),
        }
    }

    fn moved(&self, tag: Tag, vr: Vr, note: &str) -> Outcome {
        let option = DeidOption::RetainModifiedDates;
        let by_option = self.protocol.deid.options.contains(&option)
            && table::row(tag).is_some_and(|r| r.option(option) != OptionAction::None);
        match vr {
            Vr::DA | Vr::DT if by_option => nearly(note),
            Vr::DA | Vr::DT => Ask::noted(AttributeAction::Shift, note),
            _ => not("it is no date; the profile decides"),
        }
    }

    fn keep(&self, tag: Tag, vr: Vr) -> Outcome {
        let has = |o| self.protocol.deid.options.contains(&o);
        if entry(tag).is_none() {
            return not(
                "PS3.6 does not know the attribute, so nobody can say what it holds; it goes",
            );
        }
        let row = table::row(tag);
        let by_option = row.is_some_and(|r| {
            self.protocol
                .deid
                .options
                .iter()
                .any(|o| r.option(*o) == OptionAction::Keep)
        });
        if by_option {
            return Outcome::Done;
        }
        match vr {
            Vr::UI if row.is_none() || row.is_some_and(|r| r.basic == Basic::U) => nearly(
                "class UIDs stay; a UID that names one thing is replaced by its successor under the site key",
            ),
            Vr::DA | Vr::DT | Vr::TM if has(DeidOption::RetainModifiedDates) => nearly(
                "the script moves other dates, so this one moves as well and intervals stay exact",
            ),
            _ if row.is_none() && vr != Vr::PN => Outcome::Done,
            _ => ask(AttributeAction::Keep),
        }
    }

    fn require(&mut self, tag: Tag, line: u32) {
        let there = self
            .protocol
            .require
            .attributes
            .iter()
            .any(|r| r.tag == tag);
        if !there && entry(tag).is_some() {
            self.protocol.require.attributes.push(Required {
                tag,
                otherwise: Weight::Held,
                reason: format!("Line {line} of the CTP script."),
            });
        }
    }

    fn groups(&mut self) {
        for rule in &self.script.kept_groups {
            if !rule.enabled {
                self.disabled += 1;
                continue;
            }
            let element = match rule.target {
                Some(group) => format!("group {group:04X}"),
                None => "a group".to_owned(),
            };
            self.carried += 1;
            self.miss(
                rule.line,
                element,
                "attributes of the group that the standard's table lists still meet the profile; the others stay",
            );
        }
    }

    fn kinds(&mut self) {
        for rule in &self.script.removed {
            if !rule.enabled {
                self.disabled += 1;
            }
            let reason = match (rule.target.as_str(), rule.enabled) {
                ("curves" | "overlays" | "privategroups", true) => {
                    self.carried += 1;
                    continue;
                }
                ("curves" | "overlays", false) => "curves and overlays are always removed",
                ("privategroups", false) => {
                    "only the private attributes that the standard or the object lists as safe are kept"
                }
                ("unspecifiedelements", true) => {
                    "attributes that the script does not name are not removed wholesale: each meets the standard's table, and names, dates, UIDs and unknown attributes outside it are taken out"
                }
                ("unspecifiedelements", false) => continue,
                _ => "it is no kind of attributes that a script removes",
            };
            self.miss(rule.line, format!("<r t=\"{}\">", rule.target), reason);
        }
    }
}

/// Which argument of a hashing function names the attribute.
const fn arguments_of_hash(name: &str) -> usize {
    // @hashptid(site, element), the others start with the element.
    if name.len() == 8 && name.as_bytes()[4] == b'p' {
        1
    } else {
        0
    }
}

/// Whether an argument names an attribute, by keyword or number.
fn names(argument: &str, tag: Tag) -> bool {
    let plain = argument.replace(['[', ']'], "");
    entry(tag).is_some_and(|e| e.keyword.eq_ignore_ascii_case(&plain))
        || plain.parse::<Tag>().is_ok_and(|t| t == tag)
}

/// Whether profile and options take the attribute's value out in every object.
fn removes(protocol: &Protocol, tag: Tag) -> bool {
    table::row(tag).is_some_and(|row| {
        let spoken = protocol
            .deid
            .options
            .iter()
            .any(|o| row.option(*o) != OptionAction::None);
        !spoken && !matches!(row.basic, Basic::U | Basic::Xzu)
    })
}

fn constant(value: String) -> Outcome {
    Outcome::Ask(Box::new(Ask {
        value: Some(value),
        note: Some(
            "the value is written where the attribute is present; it is not added where it is absent"
                .to_owned(),
        ),
        ..Ask::plain(AttributeAction::Constant)
    }))
}

/// `@contents(element, "pattern", "replacement")`.
fn contents(arguments: &[String], own: bool) -> Outcome {
    match arguments {
        [_, pattern, more @ ..] if own => Outcome::Ask(Box::new(Ask {
            pattern: Some(pattern.clone()),
            replacement: more.first().filter(|r| !r.is_empty()).cloned(),
            ..Ask::plain(AttributeAction::CleanRegex)
        })),
        _ if own => not("the contents of the attribute itself are what keep means; ask for keep"),
        _ => not("the value of another attribute is not written here; the profile decides"),
    }
}
